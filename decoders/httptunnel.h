/* decoders/httptunnel.h - what follows CONNECT (RFC 9110 section 9.3.6) or Upgrade: another
 * stack inside.
 *
 * Between CONNECT and its answer a client may already send: those bytes wait, 64 KiB at most.  So they do
 * while the answer's side of the capture waits for a hole; then they take turns with the server's, by time.
 */
#ifndef DECODERS_HTTPTUNNEL_H
#define DECODERS_HTTPTUNNEL_H

#include "base/arena.h"
#include "base/buf.h"
#include "decoders/layer.h"

struct httptunnel {
	enum httptunnel_state { TUNNEL_NONE, TUNNEL_ASKED, TUNNEL_OPEN } state;
	struct exchange outside;        /* the CONNECT, for the facts inside: method, target, host */
	struct arena arena;
	struct buf held;                /* pieces: httptunnel_piece */
	size_t handed, last;            /* of held: bytes that were handed on, where the last piece begins */
	struct stack *inner;            /* NULL though open: too deep, or out of memory; bytes are ignored */
};

void httptunnel_init(struct httptunnel *t, struct budget *budget);
void httptunnel_release(struct httptunnel *t);

/* CONNECT was asked, the client's next bytes wait.  False from httptunnel_hold: too many. */
void httptunnel_ask(struct httptunnel *t);
bool httptunnel_hold(struct httptunnel *t, struct span bytes, struct mark mark);

/* It stands.  `connect`: the CONNECT; NULL: an Upgrade, which is no tunnel to elsewhere. */
void httptunnel_open(struct httptunnel *t, const struct layer_env *env,
                     const struct exchange *connect);

/* Takes from the front of held pieces the next, if it is not later than that; false: none. */
bool httptunnel_piece(struct span *held, int64_t until, struct span *bytes, struct mark *mark);

/* As in stack.h, for one that is open. */
void httptunnel_bytes(struct httptunnel *t, enum side from, struct span bytes, struct mark mark);
void httptunnel_hole(struct httptunnel *t, enum side from, uint64_t len, struct mark mark);
uint64_t httptunnel_skippable(const struct httptunnel *t, enum side from);
void httptunnel_skip(struct httptunnel *t, enum side from, uint64_t len, struct mark mark);
void httptunnel_close(struct httptunnel *t, enum side from, struct mark mark);
void httptunnel_end(struct httptunnel *t, enum stack_end how, struct mark mark);

#endif
