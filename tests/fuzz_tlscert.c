/* tests/fuzz_tlscert.c - any bytes as Certificate and CertificateRequest, with little memory to hold them in.
 *
 * The first byte tells how little, which message and which version.
 */
#include "decoders/tlscert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void chain_is_sound(const struct tls_chain *chain)
{
	for (unsigned i = 0; i < chain->count && i < TLS_CHAIN_KEPT; i++) {
		const struct certificate *c = chain->list[i];

		if (!c || c->name_count > CERTIFICATE_NAMES_MAX || (c->readable && !c->serial.len))
			__builtin_trap();
		if (certificate_covers(c, c->common_name) == NAME_COVERED_BY_CN && !c->readable)
			__builtin_trap();
	}
}

/* The same twice, so that the second finds what the first left. */
static void read_chains(struct span body, bool tls13, struct budget *budget)
{
	struct certs *certs = certs_new(budget);
	struct tls_chain chains[2] = { { .count = 0 } };

	if (!certs)
		return;
	for (unsigned i = 0; i < 2; i++) {
		tls_certificate_read(body, tls13, certs, &chains[i]);
		chain_is_sound(&chains[i]);
	}
	tls_chain_drop(certs, &chains[0]);
	tls_certificate_read(body, tls13, certs, &chains[0]);
	tls_chain_drop(certs, &chains[0]);
	tls_chain_drop(certs, &chains[1]);
	certs_free(certs);
}

static void read_request(struct span body, unsigned version, struct budget *budget)
{
	struct span names[TLS_AUTHORITIES_KEPT];
	struct arena arena;

	arena_init_on(&arena, 64 * 1024, budget);
	tls_certificate_request_read(body, version, &arena, names);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct budget budget = { .ceiling = 4 * 1024 * 1024 };
	struct span body = span_of(data, size);
	unsigned how = size ? data[0] : 0;

	span_take(&body, 1);
	if (how & 4)
		budget.ceiling = 68 * 1024 + (how >> 3) * 1024;
	if (how & 1)
		read_request(body, 0x0302 + (how >> 3) % 3, &budget);
	else
		read_chains(body, how & 2, &budget);
	if (budget.used)
		__builtin_trap();
	return 0;
}
