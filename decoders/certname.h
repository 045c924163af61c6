/* decoders/certname.h - X.500 names and ASN.1 strings as printable UTF-8, by libcrypto's types.
 *
 * Texts live in the arena; {NULL, 0}: it has no room.  What is longer than CERTNAME_MAX is cut.  What is no
 * character, or would harm whoever prints it, becomes U+FFFD.
 */
#ifndef DECODERS_CERTNAME_H
#define DECODERS_CERTNAME_H

#include <openssl/x509.h>

#include "base/arena.h"

enum { CERTNAME_MAX = 2048 };

/* "CN=wsus01.corp.example, O=Corp": most specific first, escaped as RFC 4514 section 2.4 says. */
struct span certname_text(const X509_NAME *name, struct arena *arena);

/* The same of a name as DER.  Empty: it is none. */
struct span certname_text_of(struct span der, struct arena *arena);

/* The value of the last (most specific) attribute of that kind, NID_commonName; empty: none. */
struct span certname_last(const X509_NAME *name, int nid, struct arena *arena);

/* A string of any of ASN.1's types, IA5String as well. */
struct span certname_string(const ASN1_STRING *string, struct arena *arena);

#endif
