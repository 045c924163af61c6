/* decoders/tlskdf.c - derivations of TLS, each by the function of libcrypto that its RFC names. */
#include "decoders/tlskdf.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

enum { MD5_LEN = 16, SHA1_LEN = 20, NONCE_13 = 12, LABEL_ROOM = 32 };

/* Two directions' MAC key, key and IV. */
enum { BLOCK_MAX = 2 * (TLS_MAC_MAX + TLS_KEY_MAX + TLS_IV_MAX) };

struct expansion {
	const struct tlslib *lib;
	unsigned version;
	const struct tls_suite *suite;
	struct span secret;
	const char *label;
	struct span first, second;      /* the seed */
};

/* Below TLS 1.2 the PRF and the hash of the handshake take MD5 and SHA-1 together, whatever the suite. */
static const EVP_MD *prf_digest(const struct tlslib *lib, unsigned version, const struct tls_suite *suite)
{
	return version < TLS_1_2 ? lib->md5_sha1 : lib->digests[suite->prf];
}

static OSSL_PARAM octets(const char *key, struct span bytes)
{
	return OSSL_PARAM_construct_octet_string(key, (void *)bytes.at, bytes.len);
}

static bool derive(EVP_KDF *kdf, const OSSL_PARAM *params, uint8_t *out, size_t len)
{
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	bool done = ctx && EVP_KDF_derive(ctx, out, len, params) > 0;

	EVP_KDF_CTX_free(ctx);
	return done;
}

/* PRF(secret, label, seed): RFC 2246 section 5, RFC 5246 section 5. */
static bool prf(const struct expansion *e, uint8_t *out, size_t len)
{
	const EVP_MD *md = prf_digest(e->lib, e->version, e->suite);
	char *digest = md ? (char *)EVP_MD_get0_name(md) : "";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		octets(OSSL_KDF_PARAM_SECRET, e->secret),
		octets(OSSL_KDF_PARAM_SEED, span_of(e->label, strlen(e->label))),
		octets(OSSL_KDF_PARAM_SEED, e->first),
		octets(OSSL_KDF_PARAM_SEED, e->second),
		OSSL_PARAM_construct_end(),
	};

	return derive(e->lib->prf, params, out, len);
}

static bool digest_all(EVP_MD_CTX *ctx, const EVP_MD *md, const struct span parts[static 4], uint8_t *out)
{
	bool fine = md && EVP_DigestInit_ex(ctx, md, NULL);

	for (size_t i = 0; fine && i < 4; i++)
		fine = EVP_DigestUpdate(ctx, parts[i].at, parts[i].len);
	return fine && EVP_DigestFinal_ex(ctx, out, NULL);
}

/* MD5(secret + SHA('A' + secret + seed)), then 'BB', 'CCC' ...: RFC 6101 sections 6.1 and 6.2.2. */
static bool expand_ssl3(const struct expansion *e, uint8_t *out, size_t len)
{
	const EVP_MD *md5 = e->lib->digests[TLS_MD5], *sha1 = e->lib->digests[TLS_SHA1];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t letters[BLOCK_MAX / MD5_LEN + 1], inner[SHA1_LEN], outer[MD5_LEN];
	bool fine = ctx && len <= BLOCK_MAX;

	for (size_t i = 0; fine && i * MD5_LEN < len; i++) {
		const struct span in[4] = { { letters, i + 1 }, e->secret, e->first, e->second };
		const struct span around[4] = { e->secret, { inner, sizeof inner } };
		size_t room = len - i * MD5_LEN;

		memset(letters, 'A' + (int)i, i + 1);
		fine = digest_all(ctx, sha1, in, inner) && digest_all(ctx, md5, around, outer);
		if (fine)
			memcpy(out + i * MD5_LEN, outer, room < MD5_LEN ? room : MD5_LEN);
	}
	EVP_MD_CTX_free(ctx);
	OPENSSL_cleanse(inner, sizeof inner);
	OPENSSL_cleanse(outer, sizeof outer);
	return fine;
}

static bool expand(const struct expansion *e, uint8_t *out, size_t len)
{
	if (e->version < SSL_3_0 || tls_is_13(e->version))
		return false;
	return e->version == SSL_3_0 ? expand_ssl3(e, out, len) : prf(e, out, len);
}

bool tlskdf_master(const struct tlslib *lib, unsigned version, const struct tls_suite *suite,
                   struct span premaster, const struct tls_randoms *randoms, struct span session_hash,
                   uint8_t master[static TLS_MASTER])
{
	struct expansion e = { lib, version, suite, premaster, "master secret",
		               { randoms->client, TLS_RANDOM }, { randoms->server, TLS_RANDOM } };

	if (session_hash.len && version > SSL_3_0) {    /* RFC 7627 section 4 */
		e.label = "extended master secret";
		e.first = session_hash;
		e.second = (struct span){ session_hash.at, 0 };
	}
	return expand(&e, master, TLS_MASTER);
}

static void deal(const uint8_t **block, uint8_t *client, uint8_t *server, size_t len)
{
	memcpy(client, *block, len);
	memcpy(server, *block + len, len);
	*block += 2 * len;
}

bool tlskdf_keys(const struct tlslib *lib, unsigned version, const struct tls_suite *suite,
                 const uint8_t master[static TLS_MASTER], const struct tls_randoms *randoms,
                 struct tls_keys keys[static 2])
{
	const struct tls_cipher_shape *shape = tls_cipher_shape(suite->cipher);
	struct expansion e = { lib, version, suite, { master, TLS_MASTER }, "key expansion",
		               { randoms->server, TLS_RANDOM }, { randoms->client, TLS_RANDOM } };
	size_t mac = tls_digest_length(suite->mac);
	uint8_t block[BLOCK_MAX];
	const uint8_t *next = block;

	memset(keys, 0, 2 * sizeof *keys);
	if (!shape || !expand(&e, block, 2 * (mac + shape->key + shape->iv)))
		return false;
	deal(&next, keys[CLIENT].mac, keys[SERVER].mac, mac);
	deal(&next, keys[CLIENT].key, keys[SERVER].key, shape->key);
	deal(&next, keys[CLIENT].iv, keys[SERVER].iv, shape->iv);
	OPENSSL_cleanse(block, sizeof block);
	return true;
}

/* HKDF-Expand-Label(secret, label, "", len): RFC 8446 section 7.1; the label's prefix is in it. */
static bool expand_label(const struct tlslib *lib, const struct tls_suite *suite, struct span secret,
                         struct span label, uint8_t *out, size_t len)
{
	char *digest = (char *)tls_digest_name(suite->prf);
	int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
	uint8_t info[LABEL_ROOM] = { (uint8_t)(len >> 8), (uint8_t)len, (uint8_t)label.len };
	struct span all = { info, 3 + label.len + 1 };  /* and a context of length 0 */
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
		octets(OSSL_KDF_PARAM_KEY, secret),
		octets(OSSL_KDF_PARAM_INFO, all),
		OSSL_PARAM_construct_end(),
	};

	memcpy(info + 3, label.at, label.len);
	return derive(lib->hkdf, params, out, len);
}

bool tlskdf_keys13(const struct tlslib *lib, const struct tls_suite *suite, struct span secret,
                   struct tls_keys *keys)
{
	const struct tls_cipher_shape *shape = tls_cipher_shape(suite->cipher);

	memset(keys, 0, sizeof *keys);
	return shape && suite->exchange == KX_ANY && secret.len == tls_digest_length(suite->prf) &&
	       expand_label(lib, suite, secret, SPAN("tls13 key"), keys->key, shape->key) &&
	       expand_label(lib, suite, secret, SPAN("tls13 iv"), keys->iv, NONCE_13);
}

bool tlskdf_update13(const struct tlslib *lib, const struct tls_suite *suite, uint8_t *secret, size_t len)
{
	uint8_t next[TLS_SECRET_MAX];
	bool fine = suite->exchange == KX_ANY && len == tls_digest_length(suite->prf) &&
	            expand_label(lib, suite, span_of(secret, len), SPAN("tls13 traffic upd"), next, len);

	if (fine)
		memcpy(secret, next, len);
	OPENSSL_cleanse(next, sizeof next);
	return fine;
}

bool tlskdf_hash(const struct tlslib *lib, unsigned version, const struct tls_suite *suite,
                 struct span messages, uint8_t hash[static 64], size_t *len)
{
	const EVP_MD *md = prf_digest(lib, version, suite);
	unsigned written = 0;
	bool fine = md && EVP_Digest(messages.at, messages.len, hash, &written, md, NULL);

	*len = written;
	return fine;
}
