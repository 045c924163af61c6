/* bench/talk.h - one TCP conversation, planned ahead in small parts and written packet by packet.
 *
 * A kind of capture fills the plan with the functions below; whoever merges
 * the conversations by time takes one packet after the other.  Where `mess`
 * is set, segments are disturbed on their way in: late, twice, overlapping,
 * or missed by the capture.
 */
#ifndef BENCH_TALK_H
#define BENCH_TALK_H

#include "base/buf.h"
#include "bench/pcapout.h"
#include "bench/random.h"

enum { CLIENT, SERVER };
enum { MSS = 1460 };

/* What the capture holds, told beside it.  X(name of the counter) */
#define TRUTH_COUNTERS(X)       \
	X(connections)          \
	X(unanswered)           \
	X(requests)             \
	X(responses)            \
	X(tls_sessions)         \
	X(late_segments)        \
	X(repeated_segments)    \
	X(overlapping_segments) \
	X(missed_segments)

struct truth {
#define X(name) uint64_t name;
	TRUTH_COUNTERS(X)
#undef X
};

struct planned {
	uint32_t wait;          /* us after the packet before */
	uint32_t seq, ack;
	uint8_t from, flags;
	struct span payload;    /* .at is NULL: the talk's own bytes, from `own` */
	size_t own;
};

struct talk {
	uint64_t id;
	int64_t clock;          /* us since 1970: of the last packet */
	int64_t due;            /* of the next one, after talk_ready() */
	struct rng rng;
	struct host host[2];
	uint32_t next[2];       /* sequence numbers */
	bool mess;
	struct truth *truth;

	struct planned *plan;
	size_t count, at, room;
	uint32_t pause;         /* us to wait before the next packet that is planned */
	struct buf bytes;       /* what planned packets carry */

	/* For the kind's own script. */
	unsigned step, steps, style;
	uint64_t left;
	void *own;              /* whatever else it keeps; freed with the talk */
};

void talk_init(struct talk *t, uint64_t seed, uint64_t id, struct truth *truth);
void talk_release(struct talk *t);

void talk_pause(struct talk *t, uint32_t us);
void talk_syn(struct talk *t);          /* once more, if called again */
void talk_open(struct talk *t);         /* the three-way handshake */
void talk_fin(struct talk *t, unsigned first);
void talk_reset(struct talk *t, unsigned from);

/* Sends bytes, with the peer's acknowledgements.  `say` copies them, `pour`
 * wants them to live on.  `holes`: the capture may miss some of it. */
void talk_say(struct talk *t, unsigned from, struct span bytes, bool holes);
void talk_pour(struct talk *t, unsigned from, struct span bytes);

/* True: a packet is planned, for `due`.  False: plan more, or the talk is over. */
bool talk_ready(struct talk *t);

/* Writes the packet that is due. */
void talk_packet(struct talk *t, struct pcapout *out);

#endif
