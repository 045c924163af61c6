/* decoders/tlsmac.c - MACs by libcrypto; contexts are kept, so that a record costs no key schedule. */
#include "decoders/tlsmac.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>

enum { HEADER_MAX = 13 };

struct tlsmac {
	enum { MAC_HMAC, MAC_SSL3 } form;
	size_t len;
	EVP_MAC_CTX *hmac;              /* HMAC: keyed */
	EVP_MD_CTX *ctx;                /* SSL 3.0 */
	const EVP_MD *md;
	uint8_t key[TLSMAC_MAX];
};

static bool hmac_make(struct tlsmac *m, const struct tlslib *lib, enum tls_digest digest)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)tls_digest_name(digest), 0),
		OSSL_PARAM_construct_end(),
	};

	m->hmac = EVP_MAC_CTX_new(lib->hmac);
	return m->hmac && EVP_MAC_init(m->hmac, m->key, m->len, params);
}

static bool ssl3_make(struct tlsmac *m, const struct tlslib *lib, enum tls_digest digest)
{
	m->md = lib->digests[digest];
	m->ctx = EVP_MD_CTX_new();
	return m->md && m->ctx;
}

struct tlsmac *tlsmac_new(const struct tlslib *lib, unsigned version, enum tls_digest digest,
                          const uint8_t *key)
{
	struct tlsmac *m = tls_digest_length(digest) ? calloc(1, sizeof *m) : NULL;

	if (!m)
		return NULL;
	m->form = version == SSL_3_0 ? MAC_SSL3 : MAC_HMAC;
	m->len = tls_digest_length(digest);
	memcpy(m->key, key, m->len);
	if (m->form == MAC_SSL3 ? ssl3_make(m, lib, digest) : hmac_make(m, lib, digest))
		return m;
	tlsmac_free(m);
	return NULL;
}

void tlsmac_free(struct tlsmac *m)
{
	if (!m)
		return;
	EVP_MAC_CTX_free(m->hmac);
	EVP_MD_CTX_free(m->ctx);
	OPENSSL_cleanse(m, sizeof *m);
	free(m);
}

/* Sequence number, type, version (not in SSL 3.0), length.  Returns how long that is. */
static size_t header_of(const struct tlsmac *m, const struct tlsmac_record *r,
                        uint8_t header[static HEADER_MAX])
{
	uint8_t *to = header;

	for (int shift = 56; shift >= 0; shift -= 8)
		*to++ = (uint8_t)(r->sequence >> shift);
	*to++ = r->type;
	if (m->form == MAC_HMAC) {
		*to++ = (uint8_t)(r->version >> 8);
		*to++ = (uint8_t)r->version;
	}
	*to++ = (uint8_t)(r->content.len >> 8);
	*to++ = (uint8_t)r->content.len;
	return (size_t)(to - header);
}

static bool hmac_of(struct tlsmac *m, struct span header, struct span content, uint8_t *mac)
{
	size_t len;

	return EVP_MAC_init(m->hmac, NULL, 0, NULL) &&  /* once more with the key that it has */
	       EVP_MAC_update(m->hmac, header.at, header.len) &&
	       EVP_MAC_update(m->hmac, content.at, content.len) &&
	       EVP_MAC_final(m->hmac, mac, &len, TLSMAC_MAX);
}

/* hash(secret + pad2 + hash(secret + pad1 + header + content)) */
static bool ssl3_of(struct tlsmac *m, struct span header, struct span content, uint8_t *mac)
{
	uint8_t pad[48];
	size_t pad_len = m->len == 16 ? 48 : 40;        /* MD5, SHA-1 */

	memset(pad, 0x36, sizeof pad);
	if (!EVP_DigestInit_ex(m->ctx, m->md, NULL) || !EVP_DigestUpdate(m->ctx, m->key, m->len) ||
	    !EVP_DigestUpdate(m->ctx, pad, pad_len) || !EVP_DigestUpdate(m->ctx, header.at, header.len) ||
	    !EVP_DigestUpdate(m->ctx, content.at, content.len) || !EVP_DigestFinal_ex(m->ctx, mac, NULL))
		return false;
	memset(pad, 0x5c, sizeof pad);
	return EVP_DigestInit_ex(m->ctx, m->md, NULL) && EVP_DigestUpdate(m->ctx, m->key, m->len) &&
	       EVP_DigestUpdate(m->ctx, pad, pad_len) && EVP_DigestUpdate(m->ctx, mac, m->len) &&
	       EVP_DigestFinal_ex(m->ctx, mac, NULL);
}

bool tlsmac_make(struct tlsmac *m, const struct tlsmac_record *r, uint8_t mac[static TLSMAC_MAX])
{
	uint8_t header[HEADER_MAX];
	struct span head = { header, header_of(m, r, header) };

	return m->form == MAC_SSL3 ? ssl3_of(m, head, r->content, mac) : hmac_of(m, head, r->content, mac);
}

bool tlsmac_fits(struct tlsmac *m, const struct tlsmac_record *r, const uint8_t *mac)
{
	uint8_t want[TLSMAC_MAX];

	return tlsmac_make(m, r, want) && !memcmp(want, mac, m->len);
}
