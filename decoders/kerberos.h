/* decoders/kerberos.h - Kerberos as it travels in HTTP logins (RFC 4120 section 5, RFC 4121 section 4.1).
 *
 * Of a ticket and an authenticator all but names and numbers is ciphertext: that is all there is to read.
 */
#ifndef DECODERS_KERBEROS_H
#define DECODERS_KERBEROS_H

#include "base/arena.h"
#include "facts/credentials.h"

enum { KERBEROS_NAME_MAX = 512 };       /* bytes of UTF-8 that are kept of a name */

/* Reads AP-REQ, AP-REP or KRB-ERROR at the front of the token, without what RFC 4121 puts before it.
 * Texts are put into `arena`.  False: it is none of them, and *message says NONE. */
bool kerberos_read(struct span token, struct kerberos_message *message, struct arena *arena);

#endif
