/* bench/seal.c - keys by HMAC, records by EVP. */
#include "bench/seal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>

enum { TAG = 16, BLOCK = 16, SHA1_LEN = 20, EXPLICIT = 8, SALT = 4, NONCE = 12, CONTENT_MAX = 16384 };

enum shape { AEAD13, GCM12, CBC12 };

struct seal_suite {
	unsigned id;
	enum shape shape;
	const EVP_CIPHER *(*cipher)(void);
	const EVP_MD *(*digest)(void);
	size_t key_len;
};

static void must(bool good)
{
	if (good)
		return;
	fputs("bench: libcrypto refused\n", stderr);
	exit(1);
}

const struct seal_suite *seal_suite(unsigned id)
{
	static const struct seal_suite suites[] = {
		{ 0x1301, AEAD13, EVP_aes_128_gcm, EVP_sha256, 16 },
		{ 0x1302, AEAD13, EVP_aes_256_gcm, EVP_sha384, 32 },
		{ 0x1303, AEAD13, EVP_chacha20_poly1305, EVP_sha256, 32 },
		{ 0xc02f, GCM12, EVP_aes_128_gcm, EVP_sha256, 16 },
		{ 0xc013, CBC12, EVP_aes_128_cbc, EVP_sha256, 16 },
	};

	for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
		if (suites[i].id == id)
			return &suites[i];
	must(false);
	return NULL;
}

bool seal_is13(const struct seal_suite *s)
{
	return s->shape == AEAD13;
}

size_t seal_secret_len(const struct seal_suite *s)
{
	return seal_is13(s) ? (size_t)EVP_MD_get_size(s->digest()) : SEAL_SECRET_MAX;
}

/* ---- keys ---- */

static size_t hmac(const EVP_MD *digest, struct span key, struct span text,
                   uint8_t out[static EVP_MAX_MD_SIZE])
{
	unsigned len = 0;

	must(HMAC(digest, key.at, (int)key.len, text.at, text.len, out, &len) != NULL);
	return len;
}

/* HKDF-Expand-Label with no context, of no more than one hash (RFC 8446 section 7.1). */
static void expand(const struct seal_suite *s, const uint8_t *secret, const char *label, uint8_t *out,
                   size_t len)
{
	uint8_t info[32], made[EVP_MAX_MD_SIZE];
	int named = snprintf((char *)info + 3, sizeof info - 5, "tls13 %s", label);

	info[0] = 0;
	info[1] = (uint8_t)len;
	info[2] = (uint8_t)named;
	info[3 + named] = 0;
	info[4 + named] = 1;            /* T(1) of RFC 5869 */
	hmac(s->digest(), span_of(secret, seal_secret_len(s)), span_of(info, 5 + (size_t)named), made);
	memcpy(out, made, len);
}

void seal_keys13(struct sealer *s, const struct seal_suite *suite, const uint8_t *secret)
{
	*s = (struct sealer){ .suite = suite };
	expand(suite, secret, "key", s->key, suite->key_len);
	expand(suite, secret, "iv", s->iv, NONCE);
}

/* P_hash of RFC 5246 section 5. */
static void prf(const EVP_MD *digest, struct span secret, struct span seed, uint8_t *out, size_t len)
{
	uint8_t text[EVP_MAX_MD_SIZE + 128], made[EVP_MAX_MD_SIZE];
	size_t size = hmac(digest, secret, seed, text);

	for (size_t done = 0; done < len; done += size) {
		memcpy(text + size, seed.at, seed.len);
		hmac(digest, secret, span_of(text, size + seed.len), made);
		memcpy(out + done, made, len - done < size ? len - done : size);
		hmac(digest, secret, span_of(text, size), made);
		memcpy(text, made, size);
	}
}

void seal_keys12(struct sealer both[static 2], const struct seal_suite *suite,
                 const uint8_t master[static 48], const uint8_t client_random[static 32],
                 const uint8_t server_random[static 32])
{
	static const struct span label = SPAN_LIT("key expansion");
	uint8_t seed[13 + 64], block[128], *at = block;
	size_t mac_len = suite->shape == CBC12 ? SHA1_LEN : 0, iv_len = suite->shape == GCM12 ? SALT : 0;

	memcpy(seed, label.at, label.len);
	memcpy(seed + label.len, server_random, 32);
	memcpy(seed + label.len + 32, client_random, 32);
	prf(suite->digest(), span_of(master, 48), span_of(seed, sizeof seed), block, sizeof block);
	both[0] = both[1] = (struct sealer){ .suite = suite };
	for (int i = 0; i < 2; i++, at += mac_len)
		memcpy(both[i].mac_key, at, mac_len);
	for (int i = 0; i < 2; i++, at += suite->key_len)
		memcpy(both[i].key, at, suite->key_len);
	for (int i = 0; i < 2; i++, at += iv_len)
		memcpy(both[i].iv, at, iv_len);
}

/* ---- records ---- */

static void put_be(uint8_t *at, uint64_t number, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		at[width - 1 - i] = (uint8_t)(number >> 8 * i);
}

static uint8_t *head(uint8_t *at, unsigned type, size_t len)
{
	put_be(at, (uint64_t)type << 32 | 0x0303 << 16 | len, 5);
	return at + 5;
}

/* Sequence number, type, version, length: what is authenticated besides (RFC 5246 section 6.2.3.3). */
static void about12(const struct sealer *s, unsigned type, size_t len, uint8_t about[static 13])
{
	put_be(about, s->number, 8);
	head(about + 8, type, len);
}

static EVP_CIPHER_CTX *begin(const struct sealer *s, const uint8_t *iv)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();

	must(c && EVP_EncryptInit_ex(c, s->suite->cipher(), NULL, s->key, iv));
	return c;
}

/* Content, then `more` bytes behind it, then the tag. */
static void aead(const struct sealer *s, const uint8_t *nonce, struct span about, struct span content,
                 struct span more, uint8_t *out)
{
	EVP_CIPHER_CTX *c = begin(s, nonce);
	int len;

	must(EVP_EncryptUpdate(c, NULL, &len, about.at, (int)about.len) &&
	     EVP_EncryptUpdate(c, out, &len, content.at, (int)content.len));
	out += len;
	must(EVP_EncryptUpdate(c, out, &len, more.at, (int)more.len));
	out += len;
	must(EVP_EncryptFinal_ex(c, out, &len) && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, out));
	EVP_CIPHER_CTX_free(c);
}

static size_t seal13(const struct sealer *s, uint8_t *at, unsigned type, struct span content)
{
	uint8_t nonce[NONCE], number[8], inner = (uint8_t)type;
	size_t len = content.len + 1 + TAG;
	uint8_t *body = head(at, 23, len);

	put_be(number, s->number, 8);
	memcpy(nonce, s->iv, NONCE);
	for (int i = 0; i < 8; i++)
		nonce[4 + i] ^= number[i];
	aead(s, nonce, span_of(at, 5), content, span_of(&inner, 1), body);
	return 5 + len;
}

static size_t seal_gcm12(const struct sealer *s, uint8_t *at, unsigned type, struct span content)
{
	uint8_t nonce[NONCE], about[13];
	size_t len = EXPLICIT + content.len + TAG;
	uint8_t *body = head(at, type, len);

	memcpy(nonce, s->iv, SALT);
	put_be(nonce + SALT, s->number, EXPLICIT);
	memcpy(body, nonce + SALT, EXPLICIT);
	about12(s, type, content.len, about);
	aead(s, nonce, span_of(about, sizeof about), content, span_of(about, 0), body + EXPLICIT);
	return 5 + len;
}

/* MAC, then pad, then encrypt (RFC 5246 section 6.2.3.2). */
static size_t seal_cbc12(const struct sealer *s, uint8_t *at, unsigned type, struct span content)
{
	uint8_t plain[13 + CONTENT_MAX + EVP_MAX_MD_SIZE + BLOCK], iv[BLOCK] = { 0 };
	size_t with_mac = content.len + SHA1_LEN, pad = BLOCK - with_mac % BLOCK;
	size_t len = BLOCK + with_mac + pad;
	uint8_t *body = head(at, type, len);
	EVP_CIPHER_CTX *c;
	int made;

	about12(s, type, content.len, plain);
	memcpy(plain + 13, content.at, content.len);
	hmac(EVP_sha1(), span_of(s->mac_key, SHA1_LEN), span_of(plain, 13 + content.len),
	     plain + 13 + content.len);
	memset(plain + 13 + with_mac, (int)pad - 1, pad);
	put_be(iv + BLOCK / 2, s->number + 1, BLOCK / 2);
	memcpy(body, iv, BLOCK);
	c = begin(s, iv);
	must(EVP_CIPHER_CTX_set_padding(c, 0) &&
	     EVP_EncryptUpdate(c, body + BLOCK, &made, plain + 13, (int)(with_mac + pad)));
	EVP_CIPHER_CTX_free(c);
	return 5 + len;
}

void seal(struct sealer *s, struct buf *b, unsigned type, struct span content)
{
	uint8_t *at = buf_reserve(b, 5 + content.len + SEAL_RECORD_ROOM);

	must(at && content.len <= CONTENT_MAX);
	switch (s->suite->shape) {
	case AEAD13:
		b->len += seal13(s, at, type, content);
		break;
	case GCM12:
		b->len += seal_gcm12(s, at, type, content);
		break;
	case CBC12:
		b->len += seal_cbc12(s, at, type, content);
		break;
	}
	s->number++;
}
