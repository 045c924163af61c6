/* tests/tls_seal.c - RFC 5246 section 6.2.3, RFC 6101 section 5.2.3, RFC 7366, RFC 8446 section 5.2. */
#include "tests/tls_seal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>
#include <stdlib.h>

static void need(bool fine)
{
	if (!fine)
		abort();
}

static void put(uint8_t **to, uint64_t number, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		*(*to)++ = (uint8_t)(number >> (8 * i));
}

static size_t digest_len(enum tls_digest d)
{
	return d == TLS_MD5 ? 16 : d == TLS_SHA1 ? 20 : d == TLS_SHA256 ? 32 : d == TLS_SHA384 ? 48 : 0;
}

static const EVP_MD *digest_of(enum tls_digest d)
{
	if (d == TLS_MD5 || d == TLS_SHA1)
		return d == TLS_MD5 ? EVP_md5() : EVP_sha1();
	return d == TLS_SHA256 ? EVP_sha256() : EVP_sha384();
}

static const EVP_CIPHER *cipher_of(enum tls_cipher c)
{
	switch (c) {
	case TLS_CIPHER_DES_EDE3_CBC: return EVP_des_ede3_cbc();
	case TLS_CIPHER_AES_128_CBC: return EVP_aes_128_cbc();
	case TLS_CIPHER_AES_256_CBC: return EVP_aes_256_cbc();
	case TLS_CIPHER_AES_128_GCM: return EVP_aes_128_gcm();
	case TLS_CIPHER_AES_256_GCM: return EVP_aes_256_gcm();
	case TLS_CIPHER_AES_128_CCM:
	case TLS_CIPHER_AES_128_CCM_8: return EVP_aes_128_ccm();
	case TLS_CIPHER_AES_256_CCM:
	case TLS_CIPHER_AES_256_CCM_8: return EVP_aes_256_ccm();
	case TLS_CIPHER_CHACHA20_POLY1305: return EVP_chacha20_poly1305();
	case TLS_CIPHER_NULL:
	case TLS_CIPHER_RC4_128:
	case TLS_CIPHER_UNKNOWN: break;
	}
	abort();
}

/* The provider in a context of its own: the program's keeps to what it had. */
struct legacy {
	OSSL_LIB_CTX *context;
	OSSL_PROVIDER *provider;
	EVP_CIPHER *rc4;
};

static bool legacy_open(struct legacy *l)
{
	l->context = OSSL_LIB_CTX_new();
	l->provider = l->context ? OSSL_PROVIDER_load(l->context, "legacy") : NULL;
	l->rc4 = l->provider ? EVP_CIPHER_fetch(l->context, "RC4", NULL) : NULL;
	return l->rc4;
}

static void legacy_close(struct legacy *l)
{
	EVP_CIPHER_free(l->rc4);
	if (l->provider)
		OSSL_PROVIDER_unload(l->provider);
	OSSL_LIB_CTX_free(l->context);
}

bool tls_seal_can(const struct tls_suite *suite)
{
	struct legacy legacy;
	bool can = suite->cipher != TLS_CIPHER_RC4_128 || legacy_open(&legacy);

	if (suite->cipher == TLS_CIPHER_RC4_128)
		legacy_close(&legacy);
	return can;
}

/* secret + pad + middle, hashed: either half of SSL 3.0's MAC. */
static void ssl3_half(const struct tls_seal *s, int pad, struct span middle, uint8_t *out)
{
	size_t len = digest_len(s->suite->mac), pads = s->suite->mac == TLS_MD5 ? 48 : 40;
	uint8_t *all = calloc(1, len + pads + middle.len);

	need(all);
	memcpy(all, s->keys.mac, len);
	memset(all + len, pad, pads);
	memcpy(all + len + pads, middle.at, middle.len);
	need(EVP_Digest(all, len + pads + middle.len, out, NULL, digest_of(s->suite->mac), NULL));
	free(all);
}

static void mac_of(const struct tls_seal *s, uint8_t type, uint16_t version, struct span content,
                   uint8_t *mac)
{
	size_t len = digest_len(s->suite->mac);
	uint8_t *all = malloc(13 + content.len), *to = all;

	need(all);
	put(&to, s->sequence, 8);
	put(&to, type, 1);
	if (s->version != 0x300)
		put(&to, version, 2);
	put(&to, content.len, 2);
	memcpy(to, content.at, content.len);
	to += content.len;
	if (s->version == 0x300) {
		uint8_t inner[EVP_MAX_MD_SIZE];

		ssl3_half(s, 0x36, span_of(all, (size_t)(to - all)), inner);
		ssl3_half(s, 0x5c, span_of(inner, len), mac);
	} else {
		need(HMAC(digest_of(s->suite->mac), s->keys.mac, (int)len, all, (size_t)(to - all), mac,
		          NULL));
	}
	free(all);
}

static void encrypt(const struct tls_seal *s, const EVP_CIPHER *cipher, const uint8_t *iv,
                    uint8_t *at, size_t len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int out;

	need(ctx && EVP_EncryptInit_ex(ctx, cipher, NULL, s->keys.key, iv));
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	need(EVP_EncryptUpdate(ctx, at, &out, at, (int)len) && out == (int)len);
	EVP_CIPHER_CTX_free(ctx);
}

/* The key stream anew from its beginning, up to and over these bytes. */
static void encrypt_rc4(const struct tls_seal *s, uint8_t *at, size_t len)
{
	uint8_t *all = calloc(1, s->stream + len + 1);
	struct legacy legacy;

	need(all && legacy_open(&legacy));
	memcpy(all + s->stream, at, len);
	encrypt(s, legacy.rc4, NULL, all, s->stream + len);
	memcpy(at, all + s->stream, len);
	legacy_close(&legacy);
	free(all);
}

static size_t stream(struct tls_seal *s, uint8_t type, uint16_t version, struct span content, uint8_t *out)
{
	size_t mac = digest_len(s->suite->mac);

	memcpy(out, content.at, content.len);
	mac_of(s, type, version, content, out + content.len);
	if (s->suite->cipher == TLS_CIPHER_RC4_128)
		encrypt_rc4(s, out, content.len + mac);
	s->stream += content.len + mac;
	return content.len + mac;
}

static size_t block(struct tls_seal *s, uint8_t type, uint16_t version, struct span content, uint8_t *out)
{
	size_t wide = s->suite->cipher == TLS_CIPHER_DES_EDE3_CBC ? 8 : 16;
	size_t mac = digest_len(s->suite->mac);
	size_t explicit = s->version >= 0x302 ? wide : 0, len = content.len, pad;
	uint8_t *at = out + explicit;

	for (size_t i = 0; i < explicit; i++)   /* any bytes do: those of a line through the sequence */
		out[i] = (uint8_t)(s->sequence * 37 + i * 101 + 9);
	memcpy(at, content.at, len);
	if (!s->encrypt_then_mac) {
		mac_of(s, type, version, content, at + len);
		len += mac;
	}
	pad = wide - len % wide + s->padding * wide;
	memset(at + len, s->version == 0x300 ? 0x5a : (int)pad - 1, pad);
	at[len + pad - 1] = (uint8_t)(pad - 1);
	len += pad;
	encrypt(s, cipher_of(s->suite->cipher), explicit ? out : s->keys.iv, at, len);
	if (!explicit)
		memcpy(s->keys.iv, at + len - wide, wide);
	if (!s->encrypt_then_mac)
		return explicit + len;
	mac_of(s, type, version, span_of(out, explicit + len), at + len);
	return explicit + len + mac;
}

static void aead_run(const struct tls_seal *s, const uint8_t nonce[12], struct span aad, uint8_t *at,
                     size_t len, size_t tag)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool ccm = EVP_CIPHER_get_mode(cipher_of(s->suite->cipher)) == EVP_CIPH_CCM_MODE;
	uint8_t end[16];
	int out;

	need(ctx && EVP_EncryptInit_ex(ctx, cipher_of(s->suite->cipher), NULL, NULL, NULL));
	need(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL) > 0);
	if (ccm)
		need(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)tag, NULL) > 0);
	need(EVP_EncryptInit_ex(ctx, NULL, NULL, s->keys.key, nonce));
	if (ccm)
		need(EVP_EncryptUpdate(ctx, NULL, &out, NULL, (int)len));
	if (aad.len)
		need(EVP_EncryptUpdate(ctx, NULL, &out, aad.at, (int)aad.len));
	need(EVP_EncryptUpdate(ctx, at, &out, at, (int)len) && EVP_EncryptFinal_ex(ctx, end, &out));
	need(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, (int)tag, at + len) > 0);
	EVP_CIPHER_CTX_free(ctx);
}

static size_t tag_len(enum tls_cipher c)
{
	return c == TLS_CIPHER_AES_128_CCM_8 || c == TLS_CIPHER_AES_256_CCM_8 ? 8 : 16;
}

/* The IV with the sequence number over its end. */
static void over(const struct tls_seal *s, uint8_t nonce[12])
{
	memcpy(nonce, s->keys.iv, 12);
	for (int i = 0; i < 8; i++)
		nonce[4 + i] ^= (uint8_t)(s->sequence >> (8 * (7 - i)));
}

static size_t aead(struct tls_seal *s, uint8_t type, uint16_t version, struct span content, uint8_t *out)
{
	bool chacha = s->suite->cipher == TLS_CIPHER_CHACHA20_POLY1305;
	size_t explicit = chacha ? 0 : 8;
	uint8_t nonce[12], aad[13], *to = out;

	over(s, nonce);
	if (explicit) {
		put(&to, s->nonce_from + s->sequence, 8);
		memcpy(nonce + 4, out, 8);
	}
	memcpy(to, content.at, content.len);
	to = aad;
	put(&to, s->sequence, 8);
	put(&to, type, 1);
	put(&to, version, 2);
	put(&to, content.len, 2);
	aead_run(s, nonce, span_of(aad, 13), out + explicit, content.len, tag_len(s->suite->cipher));
	return explicit + content.len + tag_len(s->suite->cipher);
}

static size_t aead_13(struct tls_seal *s, uint8_t type, uint16_t version, struct span content, uint8_t *out)
{
	size_t len = content.len + 1 + s->padding, all = len + tag_len(s->suite->cipher);
	uint8_t nonce[12], aad[5], *to = aad;
	bool header = s->version == 0x304 || s->version > 0x7f18;       /* not before draft 25 */

	over(s, nonce);
	memcpy(out, content.at, content.len);
	out[content.len] = type;
	memset(out + content.len + 1, 0, s->padding);
	put(&to, 23, 1);
	put(&to, version, 2);
	put(&to, all, 2);
	aead_run(s, nonce, span_of(aad, header ? 5 : 0), out, len, all - len);
	return all;
}

size_t tls_seal(struct tls_seal *s, uint8_t type, uint16_t record_version, struct span content, uint8_t *out)
{
	static const uint8_t nothing[1];
	struct span text = content.len ? content : span_of(nothing, 0);
	size_t len;

	if (s->suite->exchange == KX_ANY)
		len = aead_13(s, type, record_version, text, out);
	else if (s->suite->mac == TLS_AEAD)
		len = aead(s, type, record_version, text, out);
	else if (s->suite->cipher == TLS_CIPHER_NULL || s->suite->cipher == TLS_CIPHER_RC4_128)
		len = stream(s, type, record_version, text, out);
	else
		len = block(s, type, record_version, text, out);
	s->sequence++;
	return len;
}
