/* veil/tlsseal.h - protects records of one direction, SSL 3.0 to TLS 1.3: what decoders/tlscrypt.h opens.
 *
 * A record is sealed into exactly the bytes that another one had: so much padding, such a nonce.
 */
#ifndef VEIL_TLSSEAL_H
#define VEIL_TLSSEAL_H

#include "decoders/tlscrypt.h"

struct tlsseal;

struct tlsseal_record {
	uint8_t type;                   /* as in its header */
	uint16_t version;
	uint64_t sequence;
	uint8_t inner;                  /* TLS 1.3: type of its content */
	struct span content;
};

/* NULL: a suite that is not read, or out of memory. */
struct tlsseal *tlsseal_new(const struct tlscrypt_spec *spec);
void tlsseal_free(struct tlsseal *s);           /* wipes the keys; NULL is fine */

/* Bytes that a record of its own begins with, nonce or IV: they are to stand in the fragment already. */
enum { TLSSEAL_FRONT_MAX = TLS_IV_MAX };
size_t tlsseal_front(const struct tlsseal *s);

/* Writes the fragment.  Stream ciphers, and block ciphers before TLS 1.1, take records in order.  False: the
 * content does not fit into `len` bytes as it has to, or libcrypto refuses. */
bool tlsseal_put(struct tlsseal *s, const struct tlsseal_record *r, uint8_t *fragment, size_t len);

#endif
