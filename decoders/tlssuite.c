/* decoders/tlssuite.c - the table of suites, and the lengths that they give to records. */
#include "decoders/tlssuite.h"

enum { EXPLICIT_NONCE = 8 };

static const struct tls_suite suites[] = {
#define SUITE(id, name, exchange, cipher, mac, prf) \
	{ id, KX_##exchange, TLS_CIPHER_##cipher, TLS_##mac, TLS_##prf },
#include "facts/suites.def"
#undef SUITE
};

static const struct tls_cipher_shape shapes[] = {
#define X(symbol, ...) [TLS_CIPHER_##symbol] = { __VA_ARGS__ },
	TLS_CIPHERS(X)
#undef X
};

static const struct {
	const char *name;
	size_t length;
} digests[] = {
	[TLS_MD5] = { "MD5", 16 },
	[TLS_SHA1] = { "SHA1", 20 },
	[TLS_SHA256] = { "SHA256", 32 },
	[TLS_SHA384] = { "SHA384", 48 },
	[TLS_AEAD] = { NULL, 0 },
};

const struct tls_suite *tls_suite(unsigned id)
{
	size_t from = 0, to = sizeof suites / sizeof *suites;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (suites[middle].id == id)
			return &suites[middle];
		if (suites[middle].id < id)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

const struct tls_cipher_shape *tls_cipher_shape(enum tls_cipher cipher)
{
	return cipher == TLS_CIPHER_UNKNOWN ? NULL : &shapes[cipher];
}

size_t tls_digest_length(enum tls_digest digest)
{
	return digests[digest].length;
}

const char *tls_digest_name(enum tls_digest digest)
{
	return digests[digest].name;
}

/* RFC 5246 section 6.2.3.2, RFC 7366 section 3. */
static size_t block_length(const struct tls_cipher_shape *shape, size_t mac, unsigned version,
                           bool encrypt_then_mac, size_t content)
{
	size_t iv = version >= TLS_1_1 ? shape->block : 0;
	size_t inside = content + 1 + (encrypt_then_mac ? 0 : mac);
	size_t blocks = (inside + shape->block - 1) / shape->block * shape->block;

	return iv + blocks + (encrypt_then_mac ? mac : 0);
}

size_t tls_record_length(const struct tls_suite *suite, unsigned version, bool encrypt_then_mac,
                         size_t content)
{
	const struct tls_cipher_shape *shape = suite ? tls_cipher_shape(suite->cipher) : NULL;

	if (!shape || version < SSL_3_0 || tls_is_13(version) != (suite->exchange == KX_ANY))
		return 0;
	if (tls_is_13(version))         /* the type of the content is inside: RFC 8446 section 5.2 */
		return content + 1 + shape->tag;
	if (shape->block)
		return block_length(shape, tls_digest_length(suite->mac), version,
		                    encrypt_then_mac && version >= TLS_1_0, content);
	if (suite->cipher == TLS_CIPHER_CHACHA20_POLY1305)      /* no explicit nonce: RFC 7905 section 2 */
		return content + shape->tag;
	if (shape->tag)
		return EXPLICIT_NONCE + content + shape->tag;
	return content + tls_digest_length(suite->mac);
}
