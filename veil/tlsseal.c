/* veil/tlsseal.c - records sealed by stream, block and AEAD ciphers. */
#include "veil/tlsseal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "decoders/tlsaead.h"
#include "decoders/tlsmac.h"
#include "decoders/tlsrec.h"

struct tlsseal {
	const struct tls_suite *suite;
	const struct tls_cipher_shape *shape;
	unsigned version;
	bool encrypt_then_mac;
	EVP_CIPHER_CTX *cipher;
	struct tlsmac *mac;             /* NULL: AEAD */
	uint8_t iv[TLS_IV_MAX];         /* implicit: of the next record */
	uint8_t plain[TLSREC_LENGTH_MAX];
};

static bool is_ccm(const struct tlsseal *s)
{
	return s->shape->tag && EVP_CIPHER_CTX_get_mode(s->cipher) == EVP_CIPH_CCM_MODE;
}

static bool fill(struct tlsseal *s, const struct tlscrypt_spec *spec)
{
	const EVP_CIPHER *cipher = spec->lib->ciphers[spec->suite->cipher];
	bool ccm = EVP_CIPHER_get_mode(cipher) == EVP_CIPH_CCM_MODE;

	s->suite = spec->suite;
	s->shape = tls_cipher_shape(spec->suite->cipher);
	s->version = spec->version;
	s->encrypt_then_mac = spec->encrypt_then_mac && s->shape->block && s->version >= TLS_1_0;
	memcpy(s->iv, spec->keys->iv, sizeof s->iv);
	if (!s->shape->tag &&
	    !(s->mac = tlsmac_new(spec->lib, s->version, s->suite->mac, spec->keys->mac)))
		return false;
	s->cipher = EVP_CIPHER_CTX_new();
	if (!s->cipher || !EVP_EncryptInit_ex2(s->cipher, cipher, NULL, NULL, NULL))
		return false;
	/* CCM must know the lengths of nonce and tag before the key. */
	if (ccm && (EVP_CIPHER_CTX_ctrl(s->cipher, EVP_CTRL_AEAD_SET_IVLEN, TLSAEAD_NONCE, NULL) <= 0 ||
	            EVP_CIPHER_CTX_ctrl(s->cipher, EVP_CTRL_AEAD_SET_TAG, (int)s->shape->tag, NULL) <= 0))
		return false;
	return EVP_EncryptInit_ex2(s->cipher, NULL, spec->keys->key, NULL, NULL) &&
	       (!s->shape->block || EVP_CIPHER_CTX_set_padding(s->cipher, 0));
}

struct tlsseal *tlsseal_new(const struct tlscrypt_spec *spec)
{
	struct tlsseal *s = tlscrypt_reads(spec) ? calloc(1, sizeof *s) : NULL;

	if (!s || fill(s, spec))
		return s;
	tlsseal_free(s);
	return NULL;
}

void tlsseal_free(struct tlsseal *s)
{
	if (!s)
		return;
	EVP_CIPHER_CTX_free(s->cipher);
	tlsmac_free(s->mac);
	OPENSSL_cleanse(s, sizeof *s);
	free(s);
}

size_t tlsseal_front(const struct tlsseal *s)
{
	if (s->shape->tag)
		return tlsaead_explicit(s->version, s->suite);
	return s->version >= TLS_1_1 ? s->shape->block : 0;
}

static void put_content(struct tlsseal *s, const struct tlsseal_record *r)
{
	if (r->content.len)
		memcpy(s->plain, r->content.at, r->content.len);
}

static bool put_mac(struct tlsseal *s, const struct tlsseal_record *r, struct span covered, uint8_t *to)
{
	uint8_t mac[TLSMAC_MAX];
	struct tlsmac_record m = { r->sequence, r->type, r->version, covered };

	if (!tlsmac_make(s->mac, &m, mac))
		return false;
	memcpy(to, mac, tls_digest_length(s->suite->mac));
	return true;
}

static bool encrypt(struct tlsseal *s, size_t len, uint8_t *to)
{
	int out = 0;

	return EVP_EncryptUpdate(s->cipher, to, &out, s->plain, (int)len) && out == (int)len;
}

static bool seal_stream(struct tlsseal *s, const struct tlsseal_record *r, uint8_t *fragment, size_t len)
{
	if (len != r->content.len + tls_digest_length(s->suite->mac))
		return false;
	put_content(s, r);
	return put_mac(s, r, r->content, s->plain + r->content.len) && encrypt(s, len, fragment);
}

/* RFC 5246 section 6.2.3.2: content, MAC, padding, whose bytes tell how many more there are. */
static bool seal_block(struct tlsseal *s, const struct tlsseal_record *r, uint8_t *fragment, size_t len)
{
	size_t mac = tls_digest_length(s->suite->mac), outside = s->encrypt_then_mac ? mac : 0;
	size_t front = tlsseal_front(s), used = r->content.len + mac - outside, padding;
	const uint8_t *iv = front ? fragment : s->iv;

	if (len < front + outside + used + 1)
		return false;
	len -= front + outside;
	padding = len - used;
	if (padding > 256 || len % s->shape->block)
		return false;
	put_content(s, r);
	if (!outside && !put_mac(s, r, r->content, s->plain + r->content.len))
		return false;
	memset(s->plain + used, (int)padding - 1, padding);
	if (!EVP_EncryptInit_ex2(s->cipher, NULL, NULL, iv, NULL) || !encrypt(s, len, fragment + front))
		return false;
	memcpy(s->iv, fragment + front + len - s->shape->block, s->shape->block);
	return !outside || put_mac(s, r, span_of(fragment, front + len), fragment + front + len);
}

static bool seal_aead(struct tlsseal *s, const struct tlsseal_record *r, uint8_t *fragment, size_t len)
{
	size_t front = tlsseal_front(s), content = len - front - s->shape->tag;
	struct tlsaead_record a = { r->sequence, r->type, r->version, fragment, len, content };
	uint8_t nonce[TLSAEAD_NONCE], aad[TLSAEAD_AAD_MAX], *to = fragment + front;
	int aad_len = (int)tlsaead_aad(s->version, &a, aad), out;

	if (len < front + s->shape->tag || content != r->content.len)
		return false;
	tlsaead_nonce(s->version, s->suite, s->iv, &a, nonce);
	if (!EVP_EncryptInit_ex2(s->cipher, NULL, NULL, nonce, NULL) ||
	    (is_ccm(s) && !EVP_EncryptUpdate(s->cipher, NULL, &out, NULL, (int)content)) ||
	    (aad_len && !EVP_EncryptUpdate(s->cipher, NULL, &out, aad, aad_len)) ||
	    ((content || is_ccm(s)) && !EVP_EncryptUpdate(s->cipher, to, &out, s->plain, (int)content)))
		return false;
	return EVP_EncryptFinal_ex(s->cipher, to + content, &out) &&
	       EVP_CIPHER_CTX_ctrl(s->cipher, EVP_CTRL_AEAD_GET_TAG, (int)s->shape->tag, to + content) > 0;
}

/* RFC 8446 section 5.2: content, its type, zeros. */
static bool seal_13(struct tlsseal *s, const struct tlsseal_record *r, uint8_t *fragment, size_t len)
{
	struct tlsseal_record inner = *r;

	if (len < r->content.len + 1 + s->shape->tag)
		return false;
	inner.content = span_of(s->plain, len - s->shape->tag);
	memset(s->plain, 0, inner.content.len);
	put_content(s, r);
	s->plain[r->content.len] = r->inner;
	return seal_aead(s, &inner, fragment, len);
}

bool tlsseal_put(struct tlsseal *s, const struct tlsseal_record *r, uint8_t *fragment, size_t len)
{
	if (len > TLSREC_LENGTH_MAX || r->content.len > len)
		return false;
	if (tls_is_13(s->version))
		return seal_13(s, r, fragment, len);
	if (s->shape->tag) {
		put_content(s, r);
		return seal_aead(s, r, fragment, len);
	}
	return s->shape->block ? seal_block(s, r, fragment, len) : seal_stream(s, r, fragment, len);
}
