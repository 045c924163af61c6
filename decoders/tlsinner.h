/* decoders/tlsinner.h - the stack that reads what a TLS session carried, once it is decrypted.
 *
 * It gets bytes as a carrier would give them: a whole record's at once, marked by the frame of the record's
 * last byte, for before that no receiver could read any of them.
 */
#ifndef DECODERS_TLSINNER_H
#define DECODERS_TLSINNER_H

#include "base/buf.h"
#include "decoders/layer.h"

enum { TLSINNER_EARLY_PIECES = 16 };

struct tlsinner {
	struct layer_env env;           /* whose `place` is inside the session */
	struct stack *stack;            /* NULL: nothing came yet, or none is to be had */
	bool refused;                   /* too deep, or out of memory */
	bool closed[2];
	struct buf early;               /* the client's early data, until the server has taken it */
	struct tlsinner_piece {
		size_t len;
		struct mark mark;
	} pieces[TLSINNER_EARLY_PIECES];
	size_t piece_count;
	bool lost[2];                   /* bytes were, before there was a stack */
};

/* `session` is borrowed, for the exchanges that are read. */
void tlsinner_init(struct tlsinner *t, const struct layer_env *env, const struct tls_session *session);
void tlsinner_release(struct tlsinner *t);

void tlsinner_bytes(struct tlsinner *t, enum side from, struct span bytes, struct mark mark);

/* A record stayed shut; SIZE_MAX: nobody knows how much it held. */
void tlsinner_hole(struct tlsinner *t, enum side from, size_t len, struct mark mark);

/* Early data wait (64 KiB at most) until they are taken; refused, they come again, and what waited is
 * forgotten. */
void tlsinner_hold(struct tlsinner *t, struct span bytes, struct mark mark);
void tlsinner_take(struct tlsinner *t);
void tlsinner_refuse(struct tlsinner *t);

void tlsinner_close(struct tlsinner *t, enum side from, struct mark mark);
void tlsinner_end(struct tlsinner *t, enum stack_end how, struct mark mark);

#endif
