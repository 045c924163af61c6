/* tests/test_tlscert.c - messages by hand, from RFC 5246 section 7.4 and RFC 8446 section 4.4.2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "decoders/tlscert.h"

static const struct chain_row {
	const char *name;
	bool tls13;
	struct span body;
	unsigned count;
	bool cut;
	struct span last;       /* of those kept */
} chains[] = {
	{ "two", false, SPAN_LIT("\0\0\x0b" "\0\0\3one" "\0\0\2tw"), 2, false, SPAN_LIT("tw") },
	{ "none", false, SPAN_LIT("\0\0\0"), 0, false, { NULL, 0 } },
	{ "nothing at all", false, SPAN_LIT(""), 0, true, { NULL, 0 } },
	{ "half a length", false, SPAN_LIT("\0\0"), 0, true, { NULL, 0 } },
	{ "the list is cut", false,
	  SPAN_LIT("\0\0\x0b" "\0\0\3one" "\0\0\2t"), 1, true, SPAN_LIT("one") },
	{ "the list is said to be shorter", false,
	  SPAN_LIT("\0\0\6" "\0\0\3one" "\0\0\2tw"), 1, true,
	  SPAN_LIT("one") },
	{ "a certificate is longer than the list", false,
	  SPAN_LIT("\0\0\x06" "\0\0\4one"), 0, true, { NULL, 0 } },
	{ "a certificate is longer than anything", false,
	  SPAN_LIT("\xff\xff\xff" "\xff\xff\xff" "one"), 0, true,
	  { NULL, 0 } },
	{ "an empty certificate", false,
	  SPAN_LIT("\0\0\x09" "\0\0\3one" "\0\0\0"), 1, true, SPAN_LIT("one") },
	{ "half a certificate's length", false, SPAN_LIT("\0\0\x08" "\0\0\3one" "\0\0"), 1, true,
	  SPAN_LIT("one") },
	{ "more than are kept", false,
	  SPAN_LIT("\0\0\x24" "\0\0\1a" "\0\0\1b" "\0\0\1c" "\0\0\1d" "\0\0\1e" "\0\0\1f" "\0\0\1g" "\0\0\1h"
	           "\0\0\1i"), 9, false, SPAN_LIT("h") },
	{ "1.3: two, the first with extensions", true,
	  SPAN_LIT("\2cc" "\0\0\x12" "\0\0\3one\0\3eee" "\0\0\2tw\0\0"), 2, false, SPAN_LIT("tw") },
	{ "1.3: none", true, SPAN_LIT("\0" "\0\0\0"), 0, false, { NULL, 0 } },
	{ "1.3: cut within extensions", true, SPAN_LIT("\0" "\0\0\x0b" "\0\0\3one\0\3e"), 1, true,
	  SPAN_LIT("one") },
	{ "1.3: the context is longer than all", true,
	  SPAN_LIT("\xff" "\0\0\0"), 0, true, { NULL, 0 } },
	{ "1.3: extensions are longer than the list", true,
	  SPAN_LIT("\0" "\0\0\x09" "\0\0\3one\0\xff" "e"), 1,
	  true, SPAN_LIT("one") },
};

static void chains_are_read(void **state)
{
	struct budget budget = { .ceiling = SIZE_MAX };
	struct certs *certs = certs_new(&budget);

	(void)state;
	for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
		const struct chain_row *r = &chains[i];
		unsigned kept = r->count < TLS_CHAIN_KEPT ? r->count : TLS_CHAIN_KEPT;
		struct tls_chain chain = { .decrypted = true };

		print_message("  %s\n", r->name);
		tls_certificate_read(r->body, r->tls13, certs, &chain);
		assert_int_equal(chain.count, r->count);
		assert_int_equal(chain.cut, r->cut);
		assert_true(chain.decrypted);
		if (kept)
			assert_true(span_eq(chain.list[kept - 1]->der, r->last));
		tls_chain_drop(certs, &chain);
		assert_int_equal(chain.count, 0);
	}
	certs_free(certs);
	assert_int_equal(budget.used, 0);
}

/* Wherever the capture cuts it, the certificates before the cut are told, and that it was cut. */
static void chains_cut_anywhere(void **state)
{
	struct certs *certs = certs_new(NULL);
	struct tls_chain chain = { 0 };

	(void)state;
	for (unsigned tls13 = 0; tls13 < 2; tls13++) {
		struct span whole = chains[tls13 ? 11 : 0].body;
		size_t first = tls13 ? 12 : 9;  /* where its first certificate ends */

		for (size_t len = 0; len < whole.len; len++) {
			tls_certificate_read(span_of(whole.at, len), tls13, certs, &chain);
			assert_int_equal(chain.count, (len >= first) + (tls13 && len >= whole.len - 2));
			assert_true(chain.cut);
		}
	}
	tls_chain_drop(certs, &chain);
	certs_free(certs);
}

/* A second message takes the place of the first, whose certificates are given back. */
static void a_chain_read_anew(void **state)
{
	struct certs *certs = certs_new(NULL);
	struct tls_chain chain = { 0 };
	const struct certificate *first;

	(void)state;
	tls_certificate_read(chains[0].body, false, certs, &chain);
	first = chain.list[0];
	tls_certificate_read(chains[0].body, false, certs, &chain);
	assert_int_equal(chain.count, 2);
	assert_ptr_equal(chain.list[0], first);
	tls_chain_drop(certs, &chain);
	tls_chain_drop(certs, &chain);
	assert_null(chain.list[0]);
	certs_free(certs);
}

static void a_certificate_too_long_ends_the_chain(void **state)
{
	static uint8_t body[3 + 4 + 3 + CERTIFICATE_DER_MAX + 1] = "\1\0\x08" "\0\0\1a" "\1\0\1";
	struct certs *certs = certs_new(NULL);
	struct tls_chain chain = { 0 };

	(void)state;
	tls_certificate_read(span_of(body, sizeof body), false, certs, &chain);
	assert_int_equal(chain.count, 1);
	assert_true(chain.cut);
	tls_chain_drop(certs, &chain);
	certs_free(certs);
}

/* Name ::= SEQUENCE { SET { SEQUENCE { commonName, PrintableString } } } */
#define NAME(letter) "\x30\x0c\x31\x0a\x30\x08\6\3\x55\4\3\x13\1" letter
#define LISTED(letter) "\0\x0e" NAME(letter)

#define NINE                                                                            \
	LISTED("A") LISTED("B") LISTED("C") LISTED("D") LISTED("E") LISTED("F")         \
	LISTED("G") LISTED("H") LISTED("I")

static const struct request_row {
	const char *name;
	unsigned version;
	struct span body;
	unsigned count;
	const char *first, *last;       /* of those kept; NULL: no text */
} requests[] = {
	{ "TLS 1.0", 0x0301,
	  SPAN_LIT("\2\1\x40" "\0\x20" LISTED("A") LISTED("B")), 2, "CN=A", "CN=B" },
	{ "TLS 1.2", 0x0303,
	  SPAN_LIT("\1\1" "\0\4\4\1\5\1" "\0\x20" LISTED("A") LISTED("B")), 2, "CN=A", "CN=B" },
	{ "TLS 1.2 without names", 0x0303, SPAN_LIT("\1\1" "\0\2\4\1" "\0\0"), 0, NULL, NULL },
	{ "TLS 1.3", 0x0304,
	  SPAN_LIT("\1c" "\0\x1e" "\0\x0d\0\4\0\2\4\3" "\0\x2f\0\x12" "\0\x10" LISTED("A")), 1,
	  "CN=A", "CN=A" },
	{ "TLS 1.3 without names", 0x0304,
	  SPAN_LIT("\0" "\0\x08" "\0\x0d\0\4\0\2\4\3"), 0, NULL, NULL },
	{ "nothing", 0x0303, SPAN_LIT(""), 0, NULL, NULL },
	{ "cut before the names", 0x0303, SPAN_LIT("\1\1" "\0\4\4\1"), 0, NULL, NULL },
	{ "cut within the second", 0x0303,
	  SPAN_LIT("\1\1" "\0\2\4\1" "\0\x20" LISTED("A") "\0\x0e" "\x30\x0c"), 1, "CN=A", "CN=A" },
	{ "a name beyond the list", 0x0301, SPAN_LIT("\1\1" "\0\2" LISTED("A")), 0, NULL, NULL },
	{ "no name", 0x0301, SPAN_LIT("\1\1" "\0\x15" "\0\3abc" LISTED("B")), 2, NULL, "CN=B" },
	{ "an empty one", 0x0301, SPAN_LIT("\1\1" "\0\x12" "\0\0" LISTED("B")), 2, NULL, "CN=B" },
	{ "more than are kept", 0x0301,
	  SPAN_LIT("\1\1" "\0\x90" NINE), 9, "CN=A", "CN=H" },
	{ "1.3: lengths that lie", 0x0304,
	  SPAN_LIT("\0" "\xff\xff" "\0\x2f\xff\xff" "\xff\xff" LISTED("A")), 1,
	  "CN=A", "CN=A" },
};

static void is_text(struct span got, const char *want)
{
	assert_true(want ? span_eq(got, span_text(want)) : !got.len);
}

static void requests_are_read(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 64 * 1024);
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		const struct request_row *r = &requests[i];
		struct span names[TLS_AUTHORITIES_KEPT] = { { NULL, 0 } };
		unsigned kept = r->count < TLS_AUTHORITIES_KEPT ? r->count : TLS_AUTHORITIES_KEPT;

		print_message("  %s\n", r->name);
		assert_int_equal(tls_certificate_request_read(r->body, r->version, &arena, names), r->count);
		is_text(names[0], r->first);
		if (kept)
			is_text(names[kept - 1], r->last);
	}
	arena_release(&arena);
}

/* Each cut of each is read without a byte beyond it: the copies end where their memory does. */
static void requests_cut_anywhere(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1024 * 1024);
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		for (size_t len = 0; len < requests[i].body.len; len++) {
			struct span names[TLS_AUTHORITIES_KEPT], body = { requests[i].body.at, len };
			uint8_t *copy = test_malloc(len + 1);
			unsigned count;

			memcpy(copy + 1, body.at, len);
			body.at = copy + 1;
			count = tls_certificate_request_read(body, requests[i].version, &arena, names);
			assert_true(count <= requests[i].count);
			test_free(copy);
		}
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_are_read),   cmocka_unit_test(chains_cut_anywhere),
		cmocka_unit_test(a_chain_read_anew), cmocka_unit_test(requests_are_read),
		cmocka_unit_test(a_certificate_too_long_ends_the_chain),
		cmocka_unit_test(requests_cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
