/* decoders/certname.h - X.500 names and ASN.1 strings as printable UTF-8, read by libcrypto.
 *
 * Texts live in the arena; {NULL, 0}: it has no room.  What is longer than CERTNAME_MAX is cut.  What is no
 * character, or would harm whoever prints it, becomes U+FFFD.
 */
#ifndef DECODERS_CERTNAME_H
#define DECODERS_CERTNAME_H

#include <openssl/asn1.h>

#include "base/arena.h"

enum { CERTNAME_MAX = 2048 };

/* A name as it was parsed: a stack of sets of attributes. */
struct certname {
	OPENSSL_STACK *sets;
};

/* False: it is no name, and nothing is to be released. */
bool certname_read(struct certname *name, struct span der);
void certname_release(struct certname *name);

/* "CN=wsus01.corp.example, O=Corp": most specific first, escaped as RFC 4514 section 2.4 says. */
struct span certname_text(const struct certname *name, struct arena *arena);

/* The value of the last (most specific) attribute of that kind, NID_commonName; empty: none. */
struct span certname_last(const struct certname *name, int nid, struct arena *arena);

/* A string of any of ASN.1's types, IA5String as well. */
struct span certname_string(const ASN1_STRING *string, struct arena *arena);

#endif
