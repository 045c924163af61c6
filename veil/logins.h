/* veil/logins.h - what HTTP's authentication headers carry (RFC 9110 section 11).
 *
 * Names become their pseudonyms; passwords, proofs, hashes, nonces, tickets and keys become keyed bytes, so
 * nothing is left to be cracked or replayed.  Schemes, legs, lengths, times and flags stay: what was wrong
 * with a login can still be seen.
 */
#ifndef VEIL_LOGINS_H
#define VEIL_LOGINS_H

#include "veil/streams.h"

/* The value of one such header; `to` holds as many bytes, and may be the same memory. */
void logins_put(const struct stream_shared *shared, struct span value, uint8_t *to);

/* What base64 in them decodes to, in place: NTLM (MS-NLMP), or DER: SPNEGO (RFC 4178), Kerberos (RFC 4120).
 * */
void token_put(struct names *n, uint8_t *token, size_t len);

/* One NTLM message. */
void ntlm_put(struct names *n, uint8_t *message, size_t len);

#endif
