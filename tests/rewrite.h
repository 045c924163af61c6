/* tests/rewrite.h - a capture told again in other frames, its streams and their story unchanged.
 *
 * A reel holds the frames of a capture; a rewrite makes another reel of it: cut anew, in another
 * order, with copies and retransmissions, under tags, in a tunnel, over IPv6. Chance comes from a
 * seed, so the same capture is always rewritten the same way. What a rewrite does not understand
 * it passes on as it is.
 */
#ifndef TESTS_REWRITE_H
#define TESTS_REWRITE_H

#include "base/addr.h"
#include "base/arena.h"
#include "base/frame.h"
#include "capture/source.h"

enum { REEL_BYTES_MAX = 512 << 20, REWRITE_FRAMES_MAX = 60000 };

struct reeled {
	struct frame frame;             /* bytes lie in the reel's arena, or in another reel's */
	size_t place;                   /* where it stands among the others, after reel_settle */
};

struct reel {
	struct reeled *all;
	size_t count, room;
	struct arena bytes;
};

void reel_init(struct reel *t);
void reel_release(struct reel *t);

/* Reads a capture to its end.  False: the fault tells; what came before is there. */
bool reel_read(struct reel *t, const char *path, struct fault *f);

/* A frame like that one, with these bytes, which must outlive the reel: see reel_bytes. */
struct frame *reel_add(struct reel *t, const struct frame *like, struct span bytes, size_t place);

/* Room for a frame's bytes, as long as the reel lives. */
uint8_t *reel_bytes(struct reel *t, size_t len);

/* Orders by place, then as they were added, and numbers anew. */
void reel_settle(struct reel *t);

/* X(symbol, what it does) */
#define REWRITES(X)                                                                             \
	X(CUT_BYTES,    "cut into single bytes")                                                \
	X(CUT_SMALL,    "cut into pieces of up to 7 bytes")                                     \
	X(CUT_HUNDRED,  "cut into pieces of 100 bytes")                                         \
	X(CUT_LEAST,    "cut into pieces of 536 bytes")         /* RFC 9293 section 3.7.1 */    \
	X(CUT_USUAL,    "cut into pieces of 1460 bytes")                                        \
	X(JOINED,       "neighbours joined, as large receive offload does")                     \
	X(REORDERED,    "out of order")                                                         \
	X(MIRRORED,     "every frame twice, as a mirror port shows them")                       \
	X(RETRANSMITTED, "some segments sent again")                                            \
	X(VLAN,         "in a VLAN")                                                            \
	X(HALF_VLAN,    "one direction in a VLAN")                                              \
	X(QINQ,         "under two tags")                                                       \
	X(VXLAN,        "in a VXLAN tunnel")                                                    \
	X(IPV6,         "over IPv6")                                                            \
	X(IPV6_CUT,     "over IPv6, cut, out of order, in a VXLAN tunnel")

#define X(symbol, text) REWRITE_##symbol,
enum rewrite { REWRITES(X) REWRITE_COUNT };
#undef X

const char *rewrite_text(enum rewrite how);

/* Makes `to`, empty so far, of `from`, whose bytes it may go on lending.  NULL, or why it cannot
 * be done. */
const char *rewrite(enum rewrite how, const struct reel *from, struct reel *to);

/* The address before REWRITE_IPV6; any other stays as it is. */
struct addr rewrite_address_before(const struct addr *a);

#endif
