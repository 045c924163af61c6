/* decoders/tlscrypt.c - records opened by stream, block and AEAD ciphers. */
#include "decoders/tlscrypt.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/reader.h"
#include "decoders/tlsaead.h"
#include "decoders/tlsmac.h"
#include "decoders/tlsrec.h"

enum { APPLICATION_DATA = 23 };

/* After a loss the number of the next record is searched for: so many are tried one after the other,
 * and a number that the record's own nonce suggests may be so far away. */
enum { SEARCH = 4096, SUGGESTED_MAX = 1 << 24 };

/* What trying may cost a direction, in bytes decrypted or hashed: records that never fit must not
 * buy hours.  Bytes that opened earn it again. */
enum { CREDIT = 128 << 20, EARN = 64, TRY_COST = 512 };

struct tlscrypt {
	enum { BY_STREAM, BY_BLOCK, BY_AEAD } kind;
	const struct tls_suite *suite;
	const struct tls_cipher_shape *shape;
	unsigned version;
	bool encrypt_then_mac;
	bool searching;                 /* `sequence` is the least that the next record can have */
	uint64_t sequence;
	uint64_t nonce;                 /* explicit one of the last record that opened */
	size_t credit;
	EVP_CIPHER_CTX *cipher;
	EVP_CIPHER_CTX *ahead;          /* BY_STREAM: what it will be, if the record fits */
	struct tlsmac *mac;             /* NULL: BY_AEAD */
	uint8_t iv[TLS_IV_MAX];         /* implicit: of the next record */
	uint8_t *scratch;               /* TLSREC_LENGTH_MAX bytes, from the first loss on */
};

/* A record as it is being opened. */
struct sealed {
	uint8_t type;
	uint16_t version;
	uint8_t *at;                    /* the fragment */
	size_t len;
	struct span checked;            /* by the MAC: content, or IV and ciphertext; AEAD: ciphertext */
	const uint8_t *tag;             /* or MAC */
	uint8_t *to;                    /* AEAD: where the content goes */
	uint64_t suggested;             /* how far its nonce lies ahead */
};

typedef bool check_fn(struct tlscrypt *c, const struct sealed *s, uint64_t sequence);

static bool is_ccm(const struct tlscrypt *c)
{
	return c->kind == BY_AEAD && EVP_CIPHER_CTX_get_mode(c->cipher) == EVP_CIPH_CCM_MODE;
}

/* -- A direction ------------------------------------------------------------------------------- */

/* CCM must know the lengths of nonce and tag before the key; the others' nonces are as long anyway. */
static bool ccm_make(struct tlscrypt *c, const EVP_CIPHER *cipher)
{
	return EVP_DecryptInit_ex2(c->cipher, cipher, NULL, NULL, NULL) &&
	       EVP_CIPHER_CTX_ctrl(c->cipher, EVP_CTRL_AEAD_SET_IVLEN, TLSAEAD_NONCE, NULL) > 0 &&
	       EVP_CIPHER_CTX_ctrl(c->cipher, EVP_CTRL_AEAD_SET_TAG, (int)c->shape->tag, NULL) > 0;
}

static bool cipher_make(struct tlscrypt *c, const EVP_CIPHER *cipher, const struct tls_keys *keys)
{
	bool ccm = EVP_CIPHER_get_mode(cipher) == EVP_CIPH_CCM_MODE;

	c->cipher = EVP_CIPHER_CTX_new();
	if (!c->cipher || (ccm && !ccm_make(c, cipher)))
		return false;
	return EVP_DecryptInit_ex2(c->cipher, ccm ? NULL : cipher, keys->key, NULL, NULL) &&
	       (c->kind != BY_BLOCK || EVP_CIPHER_CTX_set_padding(c->cipher, 0));
}

bool tlscrypt_reads(const struct tlscrypt_spec *spec)
{
	const struct tls_cipher_shape *shape = tls_cipher_shape(spec->suite->cipher);

	return tlslib_reads(spec->lib, spec->suite) && spec->version >= SSL_3_0 &&
	       (!shape->tag || spec->version >= TLS_1_2) &&
	       tls_is_13(spec->version) == (spec->suite->exchange == KX_ANY);
}

static bool fill(struct tlscrypt *c, const struct tlscrypt_spec *spec)
{
	const struct tlslib *lib = spec->lib;

	c->suite = spec->suite;
	c->shape = tls_cipher_shape(c->suite->cipher);
	c->version = spec->version;
	c->kind = c->shape->tag ? BY_AEAD : c->shape->block ? BY_BLOCK : BY_STREAM;
	c->encrypt_then_mac = spec->encrypt_then_mac && c->version >= TLS_1_0;  /* blocks ask for it only */
	c->credit = CREDIT;
	memcpy(c->iv, spec->keys->iv, sizeof c->iv);
	if (c->kind != BY_AEAD && !(c->mac = tlsmac_new(lib, c->version, c->suite->mac, spec->keys->mac)))
		return false;
	if (c->kind == BY_STREAM && !(c->ahead = EVP_CIPHER_CTX_new()))
		return false;
	return cipher_make(c, lib->ciphers[c->suite->cipher], spec->keys);
}

struct tlscrypt *tlscrypt_new(const struct tlscrypt_spec *spec)
{
	struct tlscrypt *c = tlscrypt_reads(spec) ? calloc(1, sizeof *c) : NULL;

	if (!c || fill(c, spec))
		return c;
	tlscrypt_free(c);
	return NULL;
}

void tlscrypt_free(struct tlscrypt *c)
{
	if (!c)
		return;
	EVP_CIPHER_CTX_free(c->cipher);
	EVP_CIPHER_CTX_free(c->ahead);
	tlsmac_free(c->mac);
	if (c->scratch)
		OPENSSL_cleanse(c->scratch, TLSREC_LENGTH_MAX);
	free(c->scratch);
	OPENSSL_cleanse(c, sizeof *c);
	free(c);
}

/* -- Its place in the sequence ------------------------------------------------------------------ */

static bool spend(struct tlscrypt *c, size_t len)
{
	size_t cost = len + TRY_COST;

	if (c->credit < cost)
		return false;
	c->credit -= cost;
	return true;
}

static void earn(struct tlscrypt *c, size_t len)
{
	c->credit = len >= (CREDIT - c->credit) / EARN ? CREDIT : c->credit + len * EARN;
}

/* Finds the number that fits, and goes on behind it.  In step there is one to try. */
static bool in_sequence(struct tlscrypt *c, check_fn *check, const struct sealed *s)
{
	uint64_t tries = c->searching ? 1 + SEARCH : 1;

	for (uint64_t i = 0; i < tries; i++) {
		uint64_t ahead = i ? i - 1 : s->suggested;

		if (c->searching && !spend(c, s->len))
			return false;
		if (!check(c, s, c->sequence + ahead))
			continue;
		c->sequence += ahead + 1;
		c->searching = false;
		return true;
	}
	return false;
}

static bool mac_fits(struct tlscrypt *c, const struct sealed *s, uint64_t sequence)
{
	struct tlsmac_record r = { sequence, s->type, s->version, s->checked };

	return tlsmac_fits(c->mac, &r, s->tag);
}

/* -- Stream ciphers ----------------------------------------------------------------------------- */

/* A key stream does not go back, so a copy goes ahead, and is taken once the record has proved right. */
static bool stream_open(struct tlscrypt *c, struct sealed *s)
{
	size_t mac = tls_digest_length(c->suite->mac);
	EVP_CIPHER_CTX *ahead = c->ahead;
	int out;

	if (s->len < mac || !EVP_CIPHER_CTX_copy(ahead, c->cipher) ||
	    !EVP_DecryptUpdate(ahead, s->at, &out, s->at, (int)s->len))
		return false;
	s->checked = span_of(s->at, s->len - mac);
	s->tag = s->at + s->checked.len;
	if (!in_sequence(c, mac_fits, s))
		return false;
	c->ahead = c->cipher;
	c->cipher = ahead;
	return true;
}

/* -- Block ciphers ------------------------------------------------------------------------------ */

static bool explicit_iv(const struct tlscrypt *c)
{
	return c->version >= TLS_1_1;
}

/* Decrypts in place.  `next` is the last block of the ciphertext: the implicit IV of the next record. */
static bool cbc(struct tlscrypt *c, const uint8_t *iv, uint8_t *at, size_t len,
                uint8_t next[static TLS_IV_MAX])
{
	size_t block = c->shape->block;
	int out;

	if (!len || len & (block - 1))  /* blocks are of 8 or 16 bytes */
		return false;
	memcpy(next, at + len - block, block);
	return EVP_DecryptInit_ex2(c->cipher, NULL, NULL, iv, NULL) &&
	       EVP_DecryptUpdate(c->cipher, at, &out, at, (int)len) && out == (int)len;
}

/* How long the plaintext is without its padding.  False: it is not padded as it must be (RFC 5246
 * section 6.2.3.2; RFC 6101 section 5.2.3.2: bytes of any value, but a block at most). */
static bool unpad(const struct tlscrypt *c, const uint8_t *at, size_t len, size_t *left)
{
	size_t padding = at[len - 1] + (size_t)1;

	if (padding > len || (c->version == SSL_3_0 && padding > c->shape->block))
		return false;
	for (size_t i = len - padding; c->version != SSL_3_0 && i < len - 1; i++)
		if (at[i] != padding - 1)
			return false;
	*left = len - padding;
	return true;
}

static bool block_open(struct tlscrypt *c, struct sealed *s)
{
	size_t mac = tls_digest_length(c->suite->mac), outside = c->encrypt_then_mac ? mac : 0;
	size_t iv = explicit_iv(c) ? c->shape->block : 0;
	uint8_t *at = s->at + iv, next[TLS_IV_MAX];
	size_t len, left;

	if (s->len < iv + outside)
		return false;
	len = s->len - iv - outside;
	s->checked = span_of(s->at, s->len - outside);  /* RFC 7366 section 3 */
	s->tag = s->at + s->checked.len;
	if (c->encrypt_then_mac && !in_sequence(c, mac_fits, s))
		return false;
	if (!cbc(c, iv ? s->at : c->iv, at, len, next) || !unpad(c, at, len, &left))
		return false;
	if (!c->encrypt_then_mac && left < mac)
		return false;
	s->checked = span_of(at, left - (mac - outside));
	s->tag = at + s->checked.len;
	if (!c->encrypt_then_mac && !in_sequence(c, mac_fits, s))
		return false;
	if (!iv)
		memcpy(c->iv, next, sizeof next);
	return true;
}

/* -- AEAD ciphers ------------------------------------------------------------------------------- */

static bool aead_fits(struct tlscrypt *c, const struct sealed *s, uint64_t sequence)
{
	struct tlsaead_record r = { sequence, s->type, s->version, s->at, s->len, s->checked.len };
	uint8_t nonce[TLSAEAD_NONCE], aad[TLSAEAD_AAD_MAX], last[TLS_IV_MAX];
	int len, aad_len = (int)tlsaead_aad(c->version, &r, aad), content = (int)s->checked.len;
	bool ccm = is_ccm(c);

	tlsaead_nonce(c->version, c->suite, c->iv, &r, nonce);
	if (!EVP_DecryptInit_ex2(c->cipher, NULL, NULL, nonce, NULL) ||
	    EVP_CIPHER_CTX_ctrl(c->cipher, EVP_CTRL_AEAD_SET_TAG, (int)c->shape->tag, (void *)s->tag) <= 0)
		return false;
	if (ccm && !EVP_DecryptUpdate(c->cipher, NULL, &len, NULL, content))    /* its length comes first */
		return false;
	if (aad_len && !EVP_DecryptUpdate(c->cipher, NULL, &len, aad, aad_len))
		return false;
	if ((content || ccm) && !EVP_DecryptUpdate(c->cipher, s->to, &len, s->checked.at, content))
		return false;
	return ccm || EVP_DecryptFinal_ex(c->cipher, last, &len);
}

static bool aead_open(struct tlscrypt *c, struct sealed *s)
{
	size_t before = tlsaead_explicit(c->version, c->suite);
	struct reader head = reader_on(span_of(s->at, s->len));
	uint64_t nonce = reader_be(&head, before);

	if (s->len < before + c->shape->tag)
		return false;
	s->checked = span_of(s->at + before, s->len - before - c->shape->tag);
	s->tag = s->checked.at + s->checked.len;
	s->to = c->searching ? c->scratch : s->at + before;     /* a search needs the ciphertext again */
	if (c->searching && before && nonce - c->nonce - 1 <= SUGGESTED_MAX)
		s->suggested = nonce - c->nonce - 1;    /* who counts records in it counts up by one */
	if (!in_sequence(c, aead_fits, s))
		return false;
	if (s->to == c->scratch)
		memcpy(s->at + before, c->scratch, s->checked.len);
	c->nonce = nonce;
	return true;
}

/* -- Any ---------------------------------------------------------------------------------------- */

/* RFC 8446 section 5.2: content, its type, zeros. */
static bool unwrap_13(struct sealed *s)
{
	while (s->checked.len && !s->checked.at[s->checked.len - 1])
		s->checked.len--;
	if (!s->checked.len)
		return false;
	s->type = s->checked.at[--s->checked.len];
	return true;
}

static bool open_any(struct tlscrypt *c, struct sealed *s)
{
	switch (c->kind) {
	case BY_STREAM:
		return stream_open(c, s);
	case BY_BLOCK:
		return block_open(c, s);
	case BY_AEAD:
		return aead_open(c, s) && (!tls_is_13(c->version) || unwrap_13(s));
	}
	return false;
}

bool tlscrypt_open(struct tlscrypt *c, uint8_t type, uint16_t record_version,
                   uint8_t *fragment, size_t len, struct tlscrypt_record *record)
{
	struct sealed s = { .type = type, .version = record_version, .at = fragment, .len = len };
	uint64_t sequence = c->sequence;
	bool searching = c->searching;

	if (len > TLSREC_LENGTH_MAX || (tls_is_13(c->version) && type != APPLICATION_DATA))
		return false;
	if (!open_any(c, &s)) {
		c->sequence = sequence;
		c->searching = searching;
		return false;
	}
	earn(c, len);
	record->type = s.type;
	record->content = s.checked;
	record->sequence = c->sequence - 1;
	return true;
}

const struct tls_suite *tlscrypt_suite(const struct tlscrypt *c)
{
	return c->suite;
}

/* RC4 cannot skip what it did not see, nor is the last block before the next known that is an implicit IV. */
bool tlscrypt_lost(struct tlscrypt *c)
{
	if (c->suite->cipher == TLS_CIPHER_RC4_128 || (c->kind == BY_BLOCK && !explicit_iv(c)))
		return false;
	if (c->kind == BY_AEAD && !c->scratch)
		c->scratch = malloc(TLSREC_LENGTH_MAX);
	if (c->kind == BY_AEAD && !c->scratch)
		return false;
	c->searching = true;
	return c->credit >= TLSREC_LENGTH_MAX + TRY_COST;
}
