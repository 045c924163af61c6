/* facts/certificate.h - one X.509 certificate, as far as anybody judges it (RFC 5280).
 *
 * Texts are printable UTF-8 and live as long as the certificate; decoders lend certificates with the
 * session that showed them.
 */
#ifndef FACTS_CERTIFICATE_H
#define FACTS_CERTIFICATE_H

#include "base/addr.h"
#include "base/moment.h"
#include "base/span.h"

enum { CERTIFICATE_NAMES_MAX = 256, THUMBPRINT_LEN = 20 };

/* X(symbol, name in outputs) */
#define KEY_TYPES(X) X(OTHER, "another kind") X(RSA, "RSA") X(EC, "EC") X(ED25519, "Ed25519") X(DSA, "DSA")
#define SIGNATURE_DIGESTS(X) \
	X(OTHER, "another digest") X(MD2, "MD2") X(MD5, "MD5") X(SHA1, "SHA-1") X(SHA256, "SHA-256") \
	X(SHA384, "SHA-384") X(SHA512, "SHA-512")

#define X(symbol, name) KEY_##symbol,
enum key_type { KEY_TYPES(X) };
#undef X
#define X(symbol, name) SIGNATURE_##symbol,
enum signature_digest { SIGNATURE_DIGESTS(X) };
#undef X

/* Whether it may serve TLS, by its extended key usage (RFC 5280 section 4.2.1.12). */
enum certificate_usage { USAGE_NOT_TOLD, USAGE_SERVER, USAGE_OTHER };

struct certificate_name {               /* of the subjectAltName; an address when text.len is 0 */
	struct span text;               /* dNSName, as it stands there */
	struct addr addr;               /* iPAddress */
};

struct certificate {
	struct span der;                /* the whole, as it was sent */
	uint8_t thumbprint[THUMBPRINT_LEN];     /* SHA-1 of that: what Windows shows */
	bool readable;                  /* false: libcrypto could not parse it, and nothing below is told */
	struct span subject, issuer;    /* "CN=wsus01.corp.example, O=Corp": most specific first */
	struct span common_name, issuer_name;   /* the last CN of each; empty: none */
	struct span subject_der, issuer_der;    /* whole names, to compare */
	struct span serial;             /* hexadecimal */
	struct span organization, issuer_organization;  /* empty: none */
	const struct certificate_name *names;
	size_t name_count;              /* may be fewer than there are: names_cut */
	bool names_cut;
	int64_t not_before, not_after;  /* MOMENT_NONE: unreadable */
	enum key_type key;
	unsigned key_bits;
	enum signature_digest digest;
	enum certificate_usage usage;
	bool authority;                 /* basicConstraints says CA */
	bool self_issued;               /* issuer and subject are the same */
};

/* How a name that was asked for stands to a certificate: RFC 9525 section 6, and where there is no dNSName at
 * all the common name, which Windows still takes.  A text that is an address is covered by iPAddress alone.
 * NAME_UNKNOWN: unreadable, not all of its names are kept, or no name was asked for. */
enum name_cover { NAME_COVERED, NAME_COVERED_BY_CN, NAME_NOT_COVERED, NAME_UNKNOWN };
enum name_cover certificate_covers(const struct certificate *c, struct span name);
enum name_cover certificate_covers_addr(const struct certificate *c, const struct addr *addr);

const char *key_type_name(enum key_type k);
const char *signature_digest_name(enum signature_digest d);

#endif
