/* tests/sealer.c - a nonce, a header, and EVP. */
#include "tests/sealer.h"

#include <openssl/evp.h>
#include <stdlib.h>

enum { HEADER = 5, NONCE = 12, TAG = 16, EXPLICIT = 8, APPLICATION_DATA = 23, CONTENT_MAX = 1 << 14 };

static void need(bool fine)
{
	if (!fine)
		abort();
}

static void put(struct buf *out, uint64_t value, size_t width)
{
	for (size_t i = width; i > 0; i--)
		need(buf_add_byte(out, (uint8_t)(value >> (8 * (i - 1)))));
}

static void header(uint8_t type, size_t len, struct buf *out)
{
	put(out, type, 1);
	put(out, 0x0303, 2);
	put(out, len, 2);
}

void sealer_clear(uint8_t type, struct span content, struct buf *out)
{
	header(type, content.len, out);
	need(buf_add(out, content));
}

void sealer_message(uint8_t type, struct span body, struct buf *out)
{
	put(out, type, 1);
	put(out, body.len, 3);
	need(buf_add(out, body));
}

static void encrypt(const struct sealer *s, const uint8_t nonce[static NONCE], struct span aad,
                    struct span plain, struct buf *out)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	uint8_t *at = buf_reserve(out, plain.len + TAG);
	int len;

	need(c && at && EVP_EncryptInit_ex2(c, EVP_aes_128_gcm(), s->keys.key, nonce, NULL) &&
	     EVP_EncryptUpdate(c, NULL, &len, aad.at, (int)aad.len) &&
	     EVP_EncryptUpdate(c, at, &len, plain.at, (int)plain.len) &&
	     EVP_EncryptFinal_ex(c, at + plain.len, &len) &&
	     EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, at + plain.len) > 0);
	out->len += plain.len + TAG;
	EVP_CIPHER_CTX_free(c);
}

static void seal13(struct sealer *s, uint8_t type, struct span content, struct buf *out)
{
	uint8_t plain[CONTENT_MAX + 1], nonce[NONCE];
	size_t start = out->len;

	need(content.len <= CONTENT_MAX);
	if (content.len)
		memcpy(plain, content.at, content.len);
	plain[content.len] = type;
	memcpy(nonce, s->keys.iv, NONCE);
	for (size_t i = 0; i < 8; i++)
		nonce[NONCE - 1 - i] ^= (uint8_t)(s->sequence >> (8 * i));
	header(APPLICATION_DATA, content.len + 1 + TAG, out);
	encrypt(s, nonce, span_of(out->at + start, HEADER), span_of(plain, content.len + 1), out);
}

static void seal12(struct sealer *s, uint8_t type, struct span content, struct buf *out)
{
	uint8_t nonce[NONCE], aad[EXPLICIT + HEADER];

	memcpy(nonce, s->keys.iv, NONCE - EXPLICIT);
	for (size_t i = 0; i < EXPLICIT; i++)
		aad[i] = nonce[NONCE - EXPLICIT + i] = (uint8_t)(s->sequence >> (8 * (EXPLICIT - 1 - i)));
	memcpy(aad + EXPLICIT, (uint8_t[]){ type, 3, 3, (uint8_t)(content.len >> 8), (uint8_t)content.len },
	       HEADER);
	header(type, EXPLICIT + content.len + TAG, out);
	need(buf_add(out, span_of(nonce + NONCE - EXPLICIT, EXPLICIT)));
	encrypt(s, nonce, span_of(aad, sizeof aad), content, out);
}

void sealer_seal(struct sealer *s, uint8_t type, struct span content, struct buf *out)
{
	if (s->tls13)
		seal13(s, type, content, out);
	else
		seal12(s, type, content, out);
	s->sequence++;
}
