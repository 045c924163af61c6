/* tests/authority.h - keys and certificates that really sign each other, for servers of a test. */
#ifndef TESTS_AUTHORITY_H
#define TESTS_AUTHORITY_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct identity {
	X509 *certificate;
	EVP_PKEY *key;
};

struct identity_wish {
	const char *name;               /* its common name */
	const char *names;              /* "DNS:a,IP:192.0.2.1"; NULL: none */
	const struct identity *issuer;  /* NULL: itself */
	bool authority;
	const char *usage;              /* "clientAuth"; NULL: none told */
	int from, until;                /* days from now; both 0: a year around it */
	unsigned rsa_bits;              /* 0: EC P-256 */
};

struct identity identity_make(const struct identity_wish *wish);
void identity_free(struct identity *i);

/* PEM of certificate and key to a new file of /tmp, named in `path`; the caller unlinks it. */
void identity_write(const struct identity *i, char path[static 32]);

/* An extension whose value is told as configuration files do; NULL: none. */
void authority_extend(X509 *x, int nid, const char *value);

/* Its DER in `to`; its length. */
size_t identity_der(const struct identity *i, uint8_t *to, size_t room);

#endif
