/* decoders/tlsinside.h - a TLS session that may be opened: its protected records made whole, its keys, and
 * the stack that reads what they carried.
 *
 * tls.c makes one when the run has keys, and drops it once nothing of the session can be opened; a session
 * without costs it a pointer.
 */
#ifndef DECODERS_TLSINSIDE_H
#define DECODERS_TLSINSIDE_H

#include "decoders/tlsinner.h"
#include "decoders/tlsopen.h"
#include "decoders/tlsrec.h"

struct tlsinside_half {
	struct buf fragment;            /* of the record that is being gathered; released with it */
	bool gathering;
	uint8_t type;
	uint16_t version;
	size_t length;
	struct mark begun;
};

struct tlsinside {
	struct tlsopen *open;
	struct tlsinner inner;
	struct tlsinside_half half[2];
	bool carried;                   /* something was opened */
};

/* NULL: there are no keys, or no memory. */
struct tlsinside *tlsinside_new(const struct layer_env *env, struct tls_session *fact);
void tlsinside_free(struct tlsinside *t);               /* NULL is fine */

/* A record begins.  True: it is protected, and its fragment wanted by tlsinside_piece. */
bool tlsinside_begin(struct tlsinside *t, enum side from, const struct tlsrec_event *header,
                     struct mark mark);

/* The record's next piece; it is whole, when all have come: opened, or shut for good. */
enum tlsinside_got { TLSINSIDE_MORE, TLSINSIDE_OPENED, TLSINSIDE_SHUT };
enum tlsinside_got tlsinside_piece(struct tlsinside *t, enum side from, struct span bytes,
                                   struct tlscrypt_record *content);    /* lent until tlsinside_done */
void tlsinside_done(struct tlsinside *t, enum side from);

/* The rest of the record that is gathered never comes.  True: there was one, to be told as a shut one. */
bool tlsinside_cut(struct tlsinside *t, enum side from);

/* What a record held that opened. */
void tlsinside_data(struct tlsinside *t, enum side from, struct span data, struct mark mark);
void tlsinside_message(struct tlsinside *t, enum side from, const struct tlsmsg_event *m);

/* Application data stayed shut, in a record of that length; or nobody knows how many records were lost. */
void tlsinside_shut(struct tlsinside *t, enum side from, size_t length, struct mark mark);
void tlsinside_lost(struct tlsinside *t, enum side from, struct mark mark);

/* The session is over: states the facts inside that were still open. */
void tlsinside_end(struct tlsinside *t, enum stack_end how, struct mark mark);

/* Nothing was opened and nothing will be. */
bool tlsinside_useless(const struct tlsinside *t);

#endif
