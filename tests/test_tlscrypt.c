/* tests/test_tlscrypt.c - records that another hand sealed, bent in every way, lost and found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decoders/tlscrypt.h"
#include "tests/tls_seal.h"

/* One suite for every cipher and MAC that are read together. */
static const unsigned samples[] = {
	0x0001, 0x0002, 0x003b, 0xc03b,                 /* NULL */
	0x0004, 0x0005,                                 /* RC4 */
	0x000a, 0x0023,                                 /* 3DES */
	0x002f, 0x0035, 0x003c, 0x003d, 0xc024,         /* AES-CBC */
	0xc02f, 0xc030, 0xc09c, 0xc09d, 0xc0a0, 0xc0a1, 0xcca8,
	0x1301, 0x1302, 0x1303, 0x1304, 0x1305,
};

static const unsigned versions[] = { 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x7f17, 0x7f1c };

struct pair {
	struct tls_seal seal;
	struct tlscrypt *open;
	uint16_t wire;                  /* version in the headers */
	char name[64];
};

typedef void visit_fn(struct pair *p);

static struct tlslib *lib;

static void make_keys(struct tls_keys *keys, uint8_t salt)
{
	uint8_t *at = (uint8_t *)keys;

	for (size_t i = 0; i < sizeof *keys; i++)
		at[i] = (uint8_t)(i * 7 + salt + 1);
}

static bool pair_make(struct pair *p, unsigned id, unsigned version, bool encrypt_then_mac)
{
	const struct tls_suite *suite = tls_suite(id);
	struct tlscrypt_spec spec = { lib, version, suite, encrypt_then_mac, &p->seal.keys };

	memset(p, 0, sizeof *p);
	make_keys(&p->seal.keys, (uint8_t)id);
	p->seal.version = version;
	p->seal.suite = suite;
	p->seal.encrypt_then_mac = encrypt_then_mac;
	p->wire = version > 0x0303 ? 0x0303 : (uint16_t)version;
	snprintf(p->name, sizeof p->name, "%04x %04x%s", id, version, encrypt_then_mac ? " EtM" : "");
	p->open = tlscrypt_new(&spec);
	return p->open;
}

static bool is_block(const struct tls_suite *suite)
{
	return tls_cipher_shape(suite->cipher)->block;
}

static void every_pair(visit_fn *visit)
{
	for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
		for (size_t i = 0; i < 2 * sizeof samples / sizeof *samples; i++) {
			const struct tls_suite *suite = tls_suite(samples[i / 2]);
			struct pair p;

			if ((i % 2 && (!is_block(suite) || versions[v] == 0x0300)) || !tls_seal_can(suite))
				continue;
			if (!pair_make(&p, suite->id, versions[v], i % 2))
				continue;
			visit(&p);
			tlscrypt_free(p.open);
		}
	}
}

static void fail_for(const struct pair *p, const char *what)
{
	fail_msg("%s: %s", p->name, what);
}

/* Opens a copy, so that what was sealed can be used again. */
static bool opens(struct pair *p, uint8_t type, const uint8_t *sealed, size_t len, struct span want)
{
	uint8_t *copy = malloc(len + 1);
	struct tlscrypt_record r;
	bool fine;

	assert_non_null(copy);
	memcpy(copy, sealed, len);
	fine = tlscrypt_open(p->open, type, p->wire, copy, len, &r);
	if (fine && !span_eq(r.content, want))
		fail_for(p, "other content");
	if (fine && want.len && (r.content.at < copy || r.content.at + want.len > copy + len))
		fail_for(p, "content is elsewhere");
	free(copy);
	return fine;
}

static uint8_t outer(const struct pair *p, uint8_t type)
{
	return tls_is_13(p->seal.version) ? 23 : type;
}

static uint8_t text[16384];

static void fill_text(void)
{
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (uint8_t)(i * i / 3 + i);
}

static void trip(struct pair *p)
{
	static const size_t sizes[] = { 0, 1, 7, 8, 15, 16, 17, 31, 32, 100, 1400, 16384 };
	static const uint8_t types[] = { 22, 23, 21 };
	uint8_t sealed[TLS_SEALED_MAX + 512];

	for (size_t i = 0; i < 3 * sizeof sizes / sizeof *sizes; i++) {
		struct span content = { text, sizes[i / 3] };
		uint8_t type = types[i % 3];
		struct tlscrypt_record r;
		size_t len, told = tls_record_length(p->seal.suite, p->seal.version,
		                                     p->seal.encrypt_then_mac, content.len);

		p->seal.padding = content.len < 2000 && p->seal.version != 0x0300 ? i % 3 : 0;
		len = tls_seal(&p->seal, type, p->wire, content, sealed);
		if (!p->seal.padding && len != told)
			fail_for(p, "another length than tls_record_length tells");
		if (!tlscrypt_open(p->open, outer(p, type), p->wire, sealed, len, &r))
			fail_for(p, "does not open");
		if (r.type != type || !span_eq(r.content, content))
			fail_for(p, "opens as something else");
	}
}

static void opens_what_was_sealed(void **state)
{
	(void)state;
	every_pair(trip);
}

/* SSL 3.0 does not check its padding (that is POODLE): the content must be the same then. */
static void bend(struct pair *p)
{
	struct span content = { text, 21 };
	uint8_t sealed[512];
	size_t len = tls_seal(&p->seal, 23, p->wire, content, sealed);
	bool lax = p->seal.version == 0x0300 && is_block(p->seal.suite);

	for (size_t bit = 0; bit < 8 * len; bit++) {
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (!lax && opens(p, 23, sealed, len, content))
			fail_for(p, "a bent bit opens");
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t cut = 0; cut < len; cut++)
		if (opens(p, 23, sealed, cut, content))
			fail_for(p, "a cut record opens");
	if (opens(p, 22, sealed, len, content))
		fail_for(p, "another type opens");
	if (!opens(p, 23, sealed, len, content))
		fail_for(p, "what failed before changed the state");
	if (opens(p, 23, sealed, len, content))
		fail_for(p, "a repeated record opens");
	len = tls_seal(&p->seal, 23, p->wire, content, sealed);
	if (!opens(p, 23, sealed, len, content))
		fail_for(p, "the record after it does not open");
}

static void refuses_what_is_bent(void **state)
{
	(void)state;
	every_pair(bend);
}

/* Each of key, MAC key and IV.  Not that of TLS 1.0 with encrypt-then-MAC: no MAC covers it. */
static void mistake(struct pair *p)
{
	const struct tls_cipher_shape *shape = tls_cipher_shape(p->seal.suite->cipher);
	struct span content = { text, 100 };
	struct tls_keys right = p->seal.keys;
	uint8_t sealed[512];
	size_t len = tls_seal(&p->seal, 23, p->wire, content, sealed);
	bool mac = p->seal.suite->mac != TLS_AEAD;
	bool implicit = shape->block && p->seal.version < 0x0302;
	bool wrong[] = { shape->key, mac, shape->tag || implicit };

	for (size_t i = 0; i < (implicit && p->seal.encrypt_then_mac ? 2 : 3); i++) {
		struct tls_keys keys = right;
		struct tlscrypt_spec spec = { lib, p->seal.version, p->seal.suite,
			                      p->seal.encrypt_then_mac, &keys };
		struct pair other = *p;
		uint8_t *at[] = { keys.key, keys.mac, keys.iv };

		at[i][2] ^= 4;          /* not the lowest bit, which DES does not look at */
		other.open = tlscrypt_new(&spec);
		assert_non_null(other.open);
		if (opens(&other, 23, sealed, len, content) == wrong[i])
			fail_for(p, wrong[i] ? "a wrong key opens it" : "a key of no use keeps it shut");
		tlscrypt_free(other.open);
	}
}

static void refuses_wrong_keys(void **state)
{
	(void)state;
	every_pair(mistake);
}

static bool can_be_found(const struct pair *p)
{
	return p->seal.suite->cipher != TLS_CIPHER_RC4_128 &&
	       (!is_block(p->seal.suite) || p->seal.version >= 0x0302);
}

static void lose(struct pair *p)
{
	static const uint64_t gaps[] = { 0, 1, 2, 100, 4095 };
	struct span content = { text, 300 };
	uint8_t sealed[1024];
	bool found = can_be_found(p);

	p->seal.nonce_from = 0x1122334455667788;        /* as OpenSSL, which starts anywhere */
	for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
		size_t len = tls_seal(&p->seal, 23, p->wire, content, sealed);

		if (!opens(p, 23, sealed, len, content))
			fail_for(p, "does not open in step");
		if (tlscrypt_lost(p->open) != found)
			fail_for(p, "a loss is judged otherwise");
		if (!found)
			return;
		p->seal.sequence += gaps[i];
		len = tls_seal(&p->seal, 23, p->wire, content, sealed);
		sealed[len - 1] ^= 1;
		if (i < 3 && opens(p, 23, sealed, len, content))
			fail_for(p, "a bent record is found");
		sealed[len - 1] ^= 1;
		if (!opens(p, 23, sealed, len, content))
			fail_for(p, "is not found after a loss");
	}
	p->seal.sequence++;
	if (opens(p, 23, sealed, tls_seal(&p->seal, 23, p->wire, content, sealed), content))
		fail_for(p, "goes on searching once it is found");
}

static void finds_its_place_after_a_loss(void **state)
{
	(void)state;
	every_pair(lose);
}

/* Farther than is tried, but the nonce tells. */
static void explicit_nonces_reach_far(void **state)
{
	static const struct {
		unsigned id;
		bool found;
	} rows[] = { { 0xc02f, true }, { 0xc09c, true }, { 0xcca8, false }, { 0xc027, false } };
	struct span content = { text, 300 };
	uint8_t sealed[1024];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pair p;
		size_t len;

		assert_true(pair_make(&p, rows[i].id, 0x0303, false));
		len = tls_seal(&p.seal, 23, p.wire, content, sealed);
		assert_true(opens(&p, 23, sealed, len, content));
		assert_true(tlscrypt_lost(p.open));
		p.seal.sequence += 1000000;
		len = tls_seal(&p.seal, 23, p.wire, content, sealed);
		assert_int_equal(opens(&p, 23, sealed, len, content), rows[i].found);
		tlscrypt_free(p.open);
	}
}

/* Who sends what never opens buys so much work and no more. */
static void trying_has_an_end(void **state)
{
	static const unsigned ids[] = { 0xc02f, 0xcca8, 0x002f, 0x1301 };
	uint8_t junk[16384];

	(void)state;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		struct tlscrypt_record r;
		struct pair p;
		unsigned rounds = 0;

		assert_true(pair_make(&p, ids[i], ids[i] == 0x1301 ? 0x0304 : 0x0303, false));
		memset(junk, 0x41, sizeof junk);
		while (rounds < 40 && tlscrypt_lost(p.open)) {
			for (unsigned record = 0; record < 10; record++)
				assert_false(tlscrypt_open(p.open, 23, p.wire, junk, sizeof junk, &r));
			rounds++;
		}
		/* CBC finds most junk ill padded before it tries any number */
		assert_true(rounds < 40 || ids[i] == 0x002f);
		tlscrypt_free(p.open);
	}
}

/* RFC 8448 section 3: what client and server write after the handshake. */
static void opens_the_records_of_rfc_8448(void **state)
{
	static const uint8_t key[] = "\x17\x42\x2d\xda\x59\x6e\xd5\xd9\xac\xd8\x90\xe3\xc6\x3f\x50\x51";
	static const uint8_t iv[] = "\x5b\x78\x92\x3d\xee\x08\x57\x90\x33\xe5\x23\xd9";
	uint8_t data[] = "\xa2\x3f\x70\x54\xb6\x2c\x94\xd0\xaf\xfa\xfe\x82\x28\xba\x55\xcb\xef\xac\xea\x42"
	                 "\xf9\x14\xaa\x66\xbc\xab\x3f\x2b\x98\x19\xa8\xa5\xb4\x6b\x39\x5b\xd5\x4a\x9a\x20"
	                 "\x44\x1e\x2b\x62\x97\x4e\x1f\x5a\x62\x92\xa2\x97\x70\x14\xbd\x1e\x3d\xea\xe6\x3a"
	                 "\xee\xbb\x21\x69\x49\x15\xe4";
	uint8_t alert[] = "\xc9\x87\x27\x60\x65\x56\x66\xb7\x4d\x7f\xf1\x15\x3e\xfd\x6d\xb6\xd0\xb0\xe3";
	struct tls_keys keys = { 0 };
	struct tlscrypt_spec spec = { lib, 0x0304, tls_suite(0x1301), false, &keys };
	struct tlscrypt_record r;
	struct tlscrypt *c;

	(void)state;
	memcpy(keys.key, key, 16);
	memcpy(keys.iv, iv, 12);
	c = tlscrypt_new(&spec);
	assert_non_null(c);
	assert_true(tlscrypt_open(c, 23, 0x0303, data, sizeof data - 1, &r));
	assert_int_equal(r.type, 23);
	assert_int_equal(r.content.len, 50);
	for (size_t i = 0; i < r.content.len; i++)
		assert_int_equal(r.content.at[i], i);
	assert_true(tlscrypt_open(c, 23, 0x0303, alert, sizeof alert - 1, &r));
	assert_int_equal(r.type, 21);
	assert_true(span_eq(r.content, SPAN("\1\0")));
	tlscrypt_free(c);
}

/* A record of zeros only holds no type (RFC 8446 section 5.4). */
static void content_of_1_3_has_a_type(void **state)
{
	struct pair p;
	uint8_t sealed[128];
	size_t len;

	(void)state;
	assert_true(pair_make(&p, 0x1301, 0x0304, false));
	len = tls_seal(&p.seal, 0, p.wire, SPAN("\0\0\0"), sealed);
	assert_false(opens(&p, 23, sealed, len, SPAN("")));
	p.seal.sequence = 0;
	len = tls_seal(&p.seal, 22, p.wire, SPAN("\0\0\0"), sealed);
	assert_false(opens(&p, 22, sealed, len, SPAN("\0\0\0")));
	assert_true(opens(&p, 23, sealed, len, SPAN("\0\0\0")));
	tlscrypt_free(p.open);
}

static void says_what_it_does_not_read(void **state)
{
	static const struct {
		unsigned id, version;
	} rows[] = {
		{ 0x0041, 0x0303 }, { 0x0000, 0x0303 }, { 0x1301, 0x0303 }, { 0xc02f, 0x0304 },
		{ 0xc02f, 0x0302 }, { 0x002f, 0x0304 }, { 0x002f, 0x0200 }, { 0xc0b4, 0x0304 },
	};
	struct pair p;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_false(pair_make(&p, rows[i].id, rows[i].version, false));
	tlscrypt_free(NULL);
}

/* A record that never fits costs all numbers; those that open make good for it. */
static void good_records_earn_tries(void **state)
{
	static uint8_t sealed[TLS_SEALED_MAX];
	struct tlscrypt_record r;
	struct pair p;

	(void)state;
	assert_true(pair_make(&p, 0xcca8, 0x0303, false));
	for (unsigned round = 0; round < 4; round++) {
		assert_true(tlscrypt_lost(p.open));
		memset(sealed, 0x41, 16384);
		assert_false(tlscrypt_open(p.open, 23, p.wire, sealed, 16384, &r));
		for (unsigned i = 0; i < 70; i++) {
			size_t len = tls_seal(&p.seal, 23, p.wire, span_of(text, sizeof text), sealed);

			assert_true(tlscrypt_open(p.open, 23, p.wire, sealed, len, &r));
		}
	}
	tlscrypt_free(p.open);
}

static void too_long_is_refused(void **state)
{
	static uint8_t content[20000], sealed[sizeof content + 512];
	struct span whole = { content, sizeof content };
	struct pair p;

	(void)state;
	assert_true(pair_make(&p, 0x003b, 0x0303, false));
	assert_false(opens(&p, 23, sealed, tls_seal(&p.seal, 23, p.wire, whole, sealed), whole));
	tlscrypt_free(p.open);
}

/* SSL 3.0 pads up to a block, though no MAC would tell (RFC 6101 section 5.2.3.2). */
static void ssl3_pads_a_block_at_most(void **state)
{
	struct span content = { text, 30 };
	uint8_t sealed[512];
	struct pair p;

	(void)state;
	assert_true(pair_make(&p, 0x002f, 0x0300, false));
	p.seal.padding = 1;
	assert_false(opens(&p, 23, sealed, tls_seal(&p.seal, 23, p.wire, content, sealed), content));
	tlscrypt_free(p.open);
}

/* SSL 3.0 has no extension to agree on it. */
static void ssl3_never_encrypts_then_macs(void **state)
{
	struct span content = { text, 30 };
	uint8_t sealed[512];
	struct pair p;

	(void)state;
	assert_true(pair_make(&p, 0x002f, 0x0300, true));
	p.seal.encrypt_then_mac = false;
	assert_true(opens(&p, 23, sealed, tls_seal(&p.seal, 23, p.wire, content, sealed), content));
	tlscrypt_free(p.open);
}

/* A block that is good padding from end to end: what another hand sealed with its MAC outside. */
static void padding_leaves_no_room_for_a_mac(void **state)
{
	uint8_t content[16], sealed[512];
	struct pair outside, inside;

	(void)state;
	memset(content, 15, sizeof content);
	assert_true(pair_make(&outside, 0x002f, 0x0303, true));
	assert_true(pair_make(&inside, 0x002f, 0x0303, false));
	tls_seal(&outside.seal, 23, outside.wire, span_of(content, sizeof content), sealed);
	assert_false(opens(&inside, 23, sealed, 16 + 16, SPAN("")));
	tlscrypt_free(outside.open);
	tlscrypt_free(inside.open);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_what_was_sealed),
		cmocka_unit_test(refuses_what_is_bent),
		cmocka_unit_test(refuses_wrong_keys),
		cmocka_unit_test(finds_its_place_after_a_loss),
		cmocka_unit_test(explicit_nonces_reach_far),
		cmocka_unit_test(trying_has_an_end),
		cmocka_unit_test(opens_the_records_of_rfc_8448),
		cmocka_unit_test(content_of_1_3_has_a_type),
		cmocka_unit_test(says_what_it_does_not_read),
		cmocka_unit_test(good_records_earn_tries),
		cmocka_unit_test(too_long_is_refused),
		cmocka_unit_test(ssl3_pads_a_block_at_most),
		cmocka_unit_test(ssl3_never_encrypts_then_macs),
		cmocka_unit_test(padding_leaves_no_room_for_a_mac),
	};
	int failed;

	fill_text();
	lib = tlslib_new();
	failed = lib ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
	tlslib_free(lib);
	return failed;
}
