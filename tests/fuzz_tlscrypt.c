/* tests/fuzz_tlscrypt.c - records of every suite and version: junk, sealed ones, bent ones, lost ones.
 *
 * A sealed record in its turn must open to what was sealed, whatever came before; junk never opens
 * as anything but content inside its fragment.
 */
#include <stdlib.h>

#include "base/reader.h"
#include "decoders/tlscrypt.h"
#include "tests/tls_seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint16_t numbers[] = {
#define SUITE(id, ...) id,
#include "facts/suites.def"
#undef SUITE
};

static const uint16_t versions[] = { 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x7f18, 0x7f1c };

enum { STEPS = 32 };     /* searches of so many records are within the credit for them */

struct scene {
	struct tls_seal seal;
	struct tlscrypt *open;
	uint8_t room[TLS_SEALED_MAX];
};

static bool attempt(struct scene *s, uint8_t type, size_t len, struct tlscrypt_record *r)
{
	uint8_t *exact = malloc(len);   /* on its own, so that a byte beyond it is noticed */
	bool opened;

	if (!exact)
		return false;
	memcpy(exact, s->room, len);
	opened = tlscrypt_open(s->open, type, 0x0303, exact, len, r);
	if (opened && (r->content.at < exact || r->content.at + r->content.len > exact + len))
		__builtin_trap();
	if (opened) {
		memcpy(s->room, exact, len);
		r->content.at = s->room + (r->content.at - exact);
	}
	free(exact);
	return opened;
}

/* True: it opened.  A fuzzer that watches comparisons learns a MAC whose key is always the same. */
static bool junk(struct scene *s, struct reader *in, uint8_t type)
{
	struct span bytes = span_take(&in->left, reader_u8(in));
	struct tlscrypt_record r;

	if (!bytes.len)
		return false;
	memcpy(s->room, bytes.at, bytes.len);
	return attempt(s, type, bytes.len, &r);
}

static void sealed(struct scene *s, struct reader *in, uint8_t type, bool bent)
{
	struct span content = span_take(&in->left, reader_u8(in));
	uint64_t sequence = s->seal.sequence;
	struct tls_keys keys = s->seal.keys;
	bool lax = s->seal.version == 0x0300 && tls_cipher_shape(s->seal.suite->cipher)->block;
	size_t len = tls_seal(&s->seal, type, 0x0303, content, s->room);
	uint8_t outer = s->seal.suite->exchange == KX_ANY ? 23 : type;
	struct tlscrypt_record r;

	if (!bent) {
		if (!attempt(s, outer, len, &r) || r.type != type || !span_eq(r.content, content))
			__builtin_trap();
		return;
	}
	s->room[reader_u8(in) % len] ^= 1;
	if (attempt(s, outer, len, &r) && !lax)
		__builtin_trap();
	if (lax)                /* SSL 3.0 checks no padding, and may have gone on */
		return;
	s->seal.sequence = sequence;
	s->seal.keys = keys;
}

/* One step: its first byte tells what. */
static bool step(struct scene *s, struct reader *in)
{
	unsigned order = reader_u8(in);
	uint8_t type = (uint8_t)(20 + (order >> 2 & 3));
	bool can_seal = s->seal.suite->cipher != TLS_CIPHER_RC4_128;
	bool lax = s->seal.version == 0x0300;

	switch (order & 3) {
	case 0:
		return !junk(s, in, type);      /* what opens was in its turn: nothing is in step now */
	case 1:
		if (tlscrypt_lost(s->open))
			s->seal.sequence += order >> 4;
		return true;
	case 2:
		if (can_seal)
			sealed(s, in, type, false);
		return true;
	}
	if (can_seal)
		sealed(s, in, type, true);
	return !lax;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tlslib *lib;      /* of the whole run */
	static struct scene s;
	struct reader in = reader_on(span_of(data, size));
	unsigned which = reader_be16(&in) % (sizeof numbers / sizeof *numbers);
	const struct tls_suite *suite = tls_suite(numbers[which]);
	unsigned shape = reader_u8(&in);
	unsigned version = versions[shape % (sizeof versions / sizeof *versions)];
	struct tlscrypt_spec spec = { .version = version, .suite = suite, .encrypt_then_mac = shape & 0x80,
		                      .keys = &s.seal.keys };

	if (!lib)
		lib = tlslib_new();
	spec.lib = lib;
	memset(&s.seal, 0, sizeof s.seal);
	memset(&s.seal.keys, 0x5c, sizeof s.seal.keys);
	s.seal.version = version;
	s.seal.suite = suite;
	s.seal.encrypt_then_mac = shape & 0x80 && version > 0x0300;
	s.open = tlscrypt_new(&spec);
	for (unsigned steps = 0; s.open && in.left.len && steps < STEPS; steps++)
		if (!step(&s, &in))
			break;
	tlscrypt_free(s.open);
	return 0;
}
