/* decoders/spnego.h - login tokens of Negotiate, opened down to NTLM or Kerberos (RFC 4178, RFC 2743 section
 * 3.1, MS-SPNG).
 */
#ifndef DECODERS_SPNEGO_H
#define DECODERS_SPNEGO_H

#include "base/arena.h"
#include "facts/credentials.h"

/* Opens a token: NTLM or Kerberos, bare, in the shell of GSS-API, in SPNEGO, or wrapped several times.
 * Texts are put into `arena`.  What cannot be read is told by token->unreadable. */
void spnego_open(struct span bytes, struct auth_token *token, struct arena *arena);

#endif
