/* tests/certificates.h - certificates as a test wishes them, made and signed by libcrypto's X509 objects. */
#ifndef TESTS_CERTIFICATES_H
#define TESTS_CERTIFICATES_H

#include "base/span.h"

enum { WISH_PARTS = 4 };

struct wish_part {              /* of a name; kind NULL ends it */
	const char *kind;       /* "CN", or an OID that dots tell */
	int type;               /* V_ASN1_..., 0: UTF8String */
	struct span value;      /* as the type encodes it */
};

struct certificate_wish {
	struct wish_part subject[WISH_PARTS], issuer[WISH_PARTS];       /* in the order of the DER */
	const char *names;              /* "DNS:a, IP:192.0.2.1"; NULL: none */
	struct span names_der;          /* the same extension's value as it stands; empty: none */
	const char *usage;              /* "serverAuth"; NULL: none */
	const char *constraints;        /* "CA:TRUE"; NULL: none */
	const char *not_before, *not_after;     /* "20260310091500Z"; NULL: 2026 */
	const char *key;                /* "RSA" of 1024 bits, "P-256", "ED25519"; NULL: the last */
	const char *digest;             /* "SHA1"; NULL: the key's own */
	bool pss;                       /* RSASSA-PSS */
	uint64_t serial;
};

/* The certificate's DER in `to`; its length.  Fails the test that cannot be. */
size_t certificate_make(const struct certificate_wish *wish, uint8_t *to, size_t room);

#endif
