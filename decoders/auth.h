/* decoders/auth.h - HTTP authentication headers, read to scheme, leg and names (RFC 9110 section 11,
 * RFC 4559, RFC 7616, RFC 7617).
 *
 * Passwords, responses and tickets are never kept; all texts and tokens live in the arena.
 */
#ifndef DECODERS_AUTH_H
#define DECODERS_AUTH_H

#include "base/arena.h"
#include "facts/exchange.h"

/* Fills what the request tells into auth->sent, scheme, sent_step, sent_token and the names, from
 * Authorization or Proxy-Authorization (`header`). */
void auth_read_request(struct auth *auth, const struct http_message *request, struct span header,
                       struct arena *arena);

/* Fills auth->offered, answer_step and answer_token, from every WWW-Authenticate or Proxy-Authenticate
 * (`header`). */
void auth_read_response(struct auth *auth, const struct http_message *response, struct span header,
                        struct arena *arena);

#endif
