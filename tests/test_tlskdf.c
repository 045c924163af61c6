/* tests/test_tlskdf.c - keys beside published vectors, and beside the RFCs' formulas once more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "decoders/tlskdf.h"
#include "tests/frame_text.h"

enum { OUT_MAX = 192 };

static struct tlslib *lib;

static void check(const char *what, const uint8_t *got, const uint8_t *want, size_t len)
{
	if (memcmp(got, want, len))
		fail_msg("%s differs", what);
}

static void check_hex(const char *what, const uint8_t *got, const char *want)
{
	uint8_t bytes[OUT_MAX];

	check(what, got, bytes, frame_bytes(want, bytes));
}

/* -- The formulas ------------------------------------------------------------------------------- */

/* P_hash(secret, seed), laid over what is in `out` already (RFC 2246 section 5). */
static void p_hash(const EVP_MD *md, struct span secret, struct span seed, uint8_t *out, size_t len)
{
	uint8_t a[EVP_MAX_MD_SIZE + 512], block[EVP_MAX_MD_SIZE];
	unsigned a_len, block_len;

	HMAC(md, secret.at, (int)secret.len, seed.at, seed.len, a, &a_len);
	for (size_t done = 0; done < len; done += block_len) {
		memcpy(a + a_len, seed.at, seed.len);
		HMAC(md, secret.at, (int)secret.len, a, a_len + seed.len, block, &block_len);
		for (size_t i = 0; i < block_len && done + i < len; i++)
			out[done + i] ^= block[i];
		HMAC(md, secret.at, (int)secret.len, a, a_len, block, &a_len);
		memcpy(a, block, a_len);
	}
}

/* `md` NULL: MD5 over one half of the secret and SHA-1 over the other. */
static void prf(const EVP_MD *md, struct span secret, const char *label, struct span seed,
                uint8_t *out, size_t len)
{
	uint8_t all[512];
	struct span labelled = { all, strlen(label) + seed.len };
	size_t half = (secret.len + 1) / 2;

	memcpy(all, label, strlen(label));
	memcpy(all + strlen(label), seed.at, seed.len);
	memset(out, 0, len);
	if (md) {
		p_hash(md, secret, labelled, out, len);
		return;
	}
	p_hash(EVP_md5(), span_of(secret.at, half), labelled, out, len);
	p_hash(EVP_sha1(), span_of(secret.at + secret.len - half, half), labelled, out, len);
}

/* RFC 6101 section 6.2.2, block by block. */
static void ssl3(struct span secret, struct span seed, uint8_t *out, size_t len)
{
	for (size_t block = 0; block * 16 < len; block++) {
		uint8_t all[512], outer[256], sum[20], end[16];
		size_t room = len - block * 16;

		memset(all, "ABCDEFGHIJKLMNOP"[block], block + 1);
		memcpy(all + block + 1, secret.at, secret.len);
		memcpy(all + block + 1 + secret.len, seed.at, seed.len);
		EVP_Digest(all, block + 1 + secret.len + seed.len, sum, NULL, EVP_sha1(), NULL);
		memcpy(outer, secret.at, secret.len);
		memcpy(outer + secret.len, sum, 20);
		EVP_Digest(outer, secret.len + 20, end, NULL, EVP_md5(), NULL);
		memcpy(out + block * 16, end, room < 16 ? room : 16);
	}
}

/* Vectors of the IETF TLS list for P_SHA256: they hold the formulas to what others read in the RFC. */
static void formulas_are_those_of_the_vectors(void **state)
{
	uint8_t secret[64], seed[64], out[100];
	size_t secret_len = frame_bytes("9bbe436ba940f017b17652849a71db35", secret);
	size_t seed_len = frame_bytes("a0ba9f936cda311827a6f796ffd5198c", seed);

	(void)state;
	prf(EVP_sha256(), span_of(secret, secret_len), "test label", span_of(seed, seed_len), out, 100);
	check_hex("PRF with SHA-256", out, "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"
	                                   "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab"
	                                   "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
	                                   "87347b66");
}

/* -- Against them ------------------------------------------------------------------------------- */

struct scene {
	unsigned version, suite;
};

static const struct scene scenes[] = {
	{ 0x0300, 0x0004 }, { 0x0300, 0x000a }, { 0x0300, 0x0035 }, { 0x0301, 0x0005 }, { 0x0301, 0x002f },
	{ 0x0302, 0xc014 }, { 0x0303, 0xc013 }, { 0x0303, 0x003d }, { 0x0303, 0xc028 }, { 0x0303, 0xc02f },
	{ 0x0303, 0xc030 }, { 0x0303, 0xcca8 }, { 0x0303, 0xc09c }, { 0x0303, 0xc0a3 }, { 0x0303, 0x0002 },
};

static void fill(uint8_t *at, size_t len, unsigned salt)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)(i * 11 + salt * 57 + i * i / 5);
}

static void expand(const struct scene *s, struct span secret, const char *label, struct span seed,
                   uint8_t *out, size_t len)
{
	const EVP_MD *md = tls_suite(s->suite)->prf == TLS_SHA384 ? EVP_sha384() : EVP_sha256();

	if (s->version == 0x0300)
		ssl3(secret, seed, out, len);
	else
		prf(s->version < 0x0303 ? NULL : md, secret, label, seed, out, len);
}

static void masters_are_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
		uint8_t premaster[130], hash[48], master[TLS_MASTER], want[TLS_MASTER];
		struct tls_randoms randoms;
		const struct tls_suite *suite = tls_suite(scenes[i].suite);
		/* those of RSA, of P-256, of finite fields: an odd length shares a byte between the halves */
		struct span secret = { premaster, (const size_t[]){ 48, 32, 130, 33 }[i % 4] };

		fill(premaster, sizeof premaster, 1);
		fill(hash, sizeof hash, 2);
		fill(randoms.client, sizeof randoms.client, 3);
		fill(randoms.server, sizeof randoms.server, 4);
		assert_true(tlskdf_master(lib, scenes[i].version, suite, secret, &randoms, SPAN(""), master));
		expand(&scenes[i], secret, "master secret", span_of(&randoms, sizeof randoms), want,
		       TLS_MASTER);
		check("master secret", master, want, TLS_MASTER);

		assert_true(tlskdf_master(lib, scenes[i].version, suite, secret, &randoms,
		                          span_of(hash, sizeof hash), master));
		if (scenes[i].version != 0x0300)        /* without extensions nothing extends */
			expand(&scenes[i], secret, "extended master secret", span_of(hash, sizeof hash),
			       want, TLS_MASTER);
		check("extended master secret", master, want, TLS_MASTER);
	}
}

static void keys_are_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
		const struct tls_suite *suite = tls_suite(scenes[i].suite);
		const struct tls_cipher_shape *shape = tls_cipher_shape(suite->cipher);
		size_t mac = tls_digest_length(suite->mac);
		uint8_t master[TLS_MASTER], seed[64], block[OUT_MAX], *at = block;
		struct tls_randoms randoms;
		struct tls_keys keys[2];

		fill(master, sizeof master, 5);
		fill(randoms.client, 32, 6);
		fill(randoms.server, 32, 7);
		memcpy(seed, randoms.server, 32);
		memcpy(seed + 32, randoms.client, 32);
		assert_true(tlskdf_keys(lib, scenes[i].version, suite, master, &randoms, keys));
		expand(&scenes[i], span_of(master, TLS_MASTER), "key expansion", span_of(seed, 64), block,
		       OUT_MAX);
		for (int side = 0; side < 2; side++, at += mac)
			check("MAC key", keys[side].mac, at, mac);
		for (int side = 0; side < 2; side++, at += shape->key)
			check("key", keys[side].key, at, shape->key);
		for (int side = 0; side < 2; side++, at += shape->iv)
			check("IV", keys[side].iv, at, shape->iv);
	}
}

/* RFC 8448 section 3. */
static void traffic_keys_of_rfc_8448(void **state)
{
	static const struct {
		const char *secret, *key, *iv;
	} rows[] = {
		{ "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21",
		  "dbfaa693d1762c5b666af5d950258d01", "5bd3c71b836e0b76bb73265f" },
		{ "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38",
		  "3fce516009c21727d0f2e4e86ee403bc", "5d313eb2671276ee13000b30" },
		{ "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5",
		  "17422dda596ed5d9acd890e3c63f5051", "5b78923dee08579033e523d9" },
		{ "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643",
		  "9f02283b6c9c07efc26bb9f2ac92e356", "cf782b88dd83549aadf1e984" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t secret[48];
		size_t len = frame_bytes(rows[i].secret, secret);
		struct tls_keys keys;

		assert_true(tlskdf_keys13(lib, tls_suite(0x1301), span_of(secret, len), &keys));
		check_hex("key", keys.key, rows[i].key);
		check_hex("IV", keys.iv, rows[i].iv);
	}
}

/* HKDF-Expand of one block is HMAC(secret, info + 1): RFC 5869 section 2.3. */
static void updates_are_right(void **state)
{
	static const unsigned suites[] = { 0x1301, 0x1302, 0x1303 };

	(void)state;
	for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
		const struct tls_suite *suite = tls_suite(suites[i]);
		size_t len = tls_digest_length(suite->prf);
		uint8_t secret[48], want[64], info[] = "\0\0\x11tls13 traffic upd\0\1";

		fill(secret, sizeof secret, 8);
		info[1] = (uint8_t)len;
		HMAC(len == 48 ? EVP_sha384() : EVP_sha256(), secret, (int)len, info, sizeof info - 1, want,
		     NULL);
		assert_true(tlskdf_update13(lib, suite, secret, len));
		check("next secret", secret, want, len);
		assert_false(tlskdf_update13(lib, suite, secret, len - 1));
	}
}

static void refuses_what_does_not_belong(void **state)
{
	struct tls_randoms randoms = { 0 };
	uint8_t master[TLS_MASTER] = { 0 };
	struct tls_keys keys[2];

	(void)state;
	assert_false(tlskdf_keys(lib, 0x0304, tls_suite(0x1301), master, &randoms, keys));
	assert_false(tlskdf_keys(lib, 0x0002, tls_suite(0x0005), master, &randoms, keys));
	assert_false(tlskdf_keys(lib, 0x0303, tls_suite(0x0041), master, &randoms, keys));
	assert_false(tlskdf_keys13(lib, tls_suite(0xc02f), span_of(master, 32), keys));
	assert_false(tlskdf_keys13(lib, tls_suite(0x1302), span_of(master, 32), keys));
	assert_false(tlskdf_keys13(lib, tls_suite(0x1301), span_of(master, 48), keys));
	assert_false(tlskdf_keys13(lib, tls_suite(0x00c6), span_of(master, 32), keys));
}

/* printf abc | openssl dgst -md5, -sha1, -sha256, -sha384 */
static void hashes_are_right(void **state)
{
	static const struct {
		unsigned version, suite;
		const char *want;
	} rows[] = {
		{ 0x0301, 0xc013, "900150983cd24fb0d6963f7d28e17f72"
		                  "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ 0x0302, 0xc030, "900150983cd24fb0d6963f7d28e17f72"
		                  "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ 0x0303, 0xc013, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ 0x0303, 0xc030, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
		                  "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t hash[64];
		size_t len;

		assert_true(tlskdf_hash(lib, rows[i].version, tls_suite(rows[i].suite), SPAN("abc"), hash,
		                        &len));
		assert_int_equal(len, strlen(rows[i].want) / 2);
		check_hex("hash", hash, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formulas_are_those_of_the_vectors),
		cmocka_unit_test(masters_are_right),
		cmocka_unit_test(keys_are_right),
		cmocka_unit_test(traffic_keys_of_rfc_8448),
		cmocka_unit_test(updates_are_right),
		cmocka_unit_test(refuses_what_does_not_belong),
		cmocka_unit_test(hashes_are_right),
	};
	int failed;

	lib = tlslib_new();
	failed = lib ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
	tlslib_free(lib);
	return failed;
}
