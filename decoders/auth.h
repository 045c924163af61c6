/* decoders/auth.h - HTTP authentication headers, read to scheme and leg (RFC 9110 section 11,
 * RFC 4559).
 *
 * Tokens are opened only as far as their kind: what NTLM and Kerberos say inside is another
 * decoder's. Passwords are never kept.
 */
#ifndef DECODERS_AUTH_H
#define DECODERS_AUTH_H

#include "base/arena.h"
#include "facts/exchange.h"

/* Fills what the request tells into auth->sent, scheme, sent_step and user, from Authorization or
 * Proxy-Authorization (`header`).  A user name is put into `arena`. */
void auth_read_request(struct auth *auth, const struct http_message *request, struct span header,
                       struct arena *arena);

/* Fills auth->offered and answer_step, from every WWW-Authenticate or Proxy-Authenticate
 * (`header`). */
void auth_read_response(struct auth *auth, const struct http_message *response, struct span header);

#endif
