/* veil/tlstwin.h - the secrets of a TLS session under pseudonyms: what seals its records anew.
 *
 * Every secret that opened something has a twin, drawn from it, under which the copy of the record is sealed;
 * key log lines with the copy's random and the twins open the copy, and nothing else.
 */
#ifndef VEIL_TLSTWIN_H
#define VEIL_TLSTWIN_H

#include "decoders/tlsopen.h"
#include "veil/streams.h"
#include "veil/tlsseal.h"

struct tlstwin_key {                    /* of one direction and one stage; counted */
	unsigned uses;
	struct tlsseal *seal;
	struct budget *budget;
};

void tlstwin_release(struct tlstwin_key *k);    /* NULL is fine */

struct tlstwin_side {
	struct tlstwin_key *key;        /* NULL: none yet */
	unsigned stage;
	uint8_t secret[TLS_SECRET_MAX], twin[TLS_SECRET_MAX];   /* of TLS 1.3: what key is made of */
	size_t secret_len;
};

struct tlstwin {                        /* zeroed at first, but for `shared` */
	struct stream_shared *shared;
	struct tlstwin_side side[2];
	bool logged_master;             /* of the handshake that is under way */
};

void tlstwin_end(struct tlstwin *t);            /* wipes it */

/* A client's hello has come: what the run's keys know of it is logged for the copy, right or wrong. */
void tlstwin_hello(struct tlstwin *t, const uint8_t random[static TLS_RANDOM]);

/* The side changes its cipher (up to TLS 1.2). */
void tlstwin_change_cipher(struct tlstwin *t, enum side from);

/* A record of that side has opened, and nothing has been told of its content yet: the key that seals its
 * copy, to be released.  NULL: there is none, and it has to be blanked. */
struct tlstwin_key *tlstwin_key(struct tlstwin *t, const struct tlsopen *o, enum side from);

#endif
