/* decoders/tlsaead.c - RFC 5246 section 6.2.3.3, RFC 5288, RFC 7905, RFC 8446 sections 5.2 and 5.3. */
#include "decoders/tlsaead.h"

enum { DRAFT_13_NO_HEADER = 0x7f18 };   /* up to this draft of TLS 1.3 a header is not authenticated */
enum { EXPLICIT = 8 };

size_t tlsaead_explicit(unsigned version, const struct tls_suite *suite)
{
	return tls_is_13(version) || suite->cipher == TLS_CIPHER_CHACHA20_POLY1305 ? 0 : EXPLICIT;
}

static void put_number(uint8_t *to, uint64_t number, size_t width)
{
	for (size_t i = width; i > 0; i--, number >>= 8)
		to[i - 1] = (uint8_t)number;
}

/* RFC 5288 section 3: a salt, and what the record says; RFC 8446 section 5.3 and RFC 7905 section 2:
 * the sequence number over the IV. */
void tlsaead_nonce(unsigned version, const struct tls_suite *suite, const uint8_t iv[static TLSAEAD_NONCE],
                   const struct tlsaead_record *r, uint8_t nonce[static TLSAEAD_NONCE])
{
	size_t told = tlsaead_explicit(version, suite);
	uint64_t sequence = r->sequence;

	memcpy(nonce, iv, TLSAEAD_NONCE);
	if (told)
		memcpy(nonce + TLSAEAD_NONCE - told, r->fragment, told);
	for (size_t i = TLSAEAD_NONCE; !told && i > TLSAEAD_NONCE - 8; i--, sequence >>= 8)
		nonce[i - 1] ^= (uint8_t)sequence;
}

/* RFC 5246 section 6.2.3.3; RFC 8446 section 5.2. */
size_t tlsaead_aad(unsigned version, const struct tlsaead_record *r, uint8_t aad[static TLSAEAD_AAD_MAX])
{
	bool is_13 = tls_is_13(version);
	size_t before = is_13 ? 0 : 8;

	if (is_13 && version != TLS_1_3 && version <= DRAFT_13_NO_HEADER)
		return 0;
	put_number(aad, r->sequence, before);
	aad[before] = r->type;
	put_number(aad + before + 1, r->version, 2);
	put_number(aad + before + 3, is_13 ? r->len : r->content, 2);
	return before + 5;
}
