/* bench/talk.c - planning the packets of a conversation. */
#include "bench/talk.h"

#include <stdlib.h>

enum { BURST = 16, BURST_ROOM = 3 * BURST, OWN_CEILING = 4 << 20 };
enum { SEGMENT_US = 12, ACK_US = 20, HALF_TRIP_US = 150 };

struct piece {
	size_t at;
	size_t len;
};

/* Some segments in the order in which the capture sees them. */
struct burst {
	struct piece piece[BURST_ROOM];
	size_t count;
};

static void *must(void *memory)
{
	if (!memory) {
		fputs("bench: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

void talk_init(struct talk *t, uint64_t seed, uint64_t id, struct truth *truth)
{
	*t = (struct talk){ .id = id, .rng = rng_of(seed, id), .truth = truth };
	t->next[CLIENT] = (uint32_t)rng_next(&t->rng);
	t->next[SERVER] = (uint32_t)rng_next(&t->rng);
	buf_init(&t->bytes, OWN_CEILING);
}

void talk_release(struct talk *t)
{
	buf_release(&t->bytes);
	free(t->plan);
	free(t->own);
}

void talk_pause(struct talk *t, uint32_t us)
{
	t->pause += us;
}

static struct planned *plan(struct talk *t, unsigned from, unsigned flags, uint32_t wait)
{
	struct planned *p;

	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 8;
		t->plan = must(realloc(t->plan, t->room * sizeof *t->plan));
	}
	p = &t->plan[t->count++];
	*p = (struct planned){
		.wait = wait + t->pause,
		.seq = t->next[from],
		.ack = flags & TCP_ACK ? t->next[!from] : 0,
		.from = (uint8_t)from,
		.flags = (uint8_t)flags,
	};
	t->pause = 0;
	return p;
}

void talk_syn(struct talk *t)
{
	plan(t, CLIENT, TCP_SYN, 0);
}

void talk_open(struct talk *t)
{
	talk_syn(t);
	t->next[CLIENT]++;
	plan(t, SERVER, TCP_SYN | TCP_ACK, HALF_TRIP_US);
	t->next[SERVER]++;
	plan(t, CLIENT, TCP_ACK, HALF_TRIP_US);
}

void talk_fin(struct talk *t, unsigned first)
{
	plan(t, first, TCP_FIN | TCP_ACK, HALF_TRIP_US);
	t->next[first]++;
	plan(t, !first, TCP_FIN | TCP_ACK, HALF_TRIP_US);
	t->next[!first]++;
	plan(t, first, TCP_ACK, HALF_TRIP_US);
}

void talk_reset(struct talk *t, unsigned from)
{
	plan(t, from, TCP_RST | TCP_ACK, HALF_TRIP_US);
}

static void insert(struct burst *b, size_t at, struct piece piece)
{
	if (b->count == BURST_ROOM)
		return;
	memmove(&b->piece[at + 1], &b->piece[at], (b->count - at) * sizeof piece);
	b->piece[at] = piece;
	b->count++;
}

static struct piece take_out(struct burst *b, size_t at)
{
	struct piece piece = b->piece[at];

	b->count--;
	memmove(&b->piece[at], &b->piece[at + 1], (b->count - at) * sizeof piece);
	return piece;
}

/* Each of a burst's segments may be late by some places, come twice, or come
 * again cut differently, so that it overlaps its neighbour.  The capture may
 * miss one, but never a message's head, which the first segment carries. */
static void disturb(struct talk *t, struct burst *b, bool holes)
{
	for (size_t i = 0, n = b->count; i < n; i++) {
		uint32_t dice = rng_below(&t->rng, 10000);
		struct piece piece = b->piece[i];
		size_t back = piece.at < 700 ? piece.at : 700;

		if (dice < 300 && i + 1 < b->count) {
			size_t by = 1 + rng_below(&t->rng, 3);
			size_t to = i + by < b->count ? i + by : b->count - 1;

			insert(b, to, take_out(b, i));
			t->truth->late_segments++;
		} else if (dice < 500) {
			insert(b, b->count, piece);
			t->truth->repeated_segments++;
		} else if (dice < 600 && back) {
			insert(b, b->count, (struct piece){ piece.at - back, piece.len });
			t->truth->overlapping_segments++;
		} else if (dice < 610 && holes && piece.at && piece.len == MSS) {
			take_out(b, i);
			n--;
			t->truth->missed_segments++;
		}
	}
}

/* How far the receiver has everything once `seen` pieces are in.  What only
 * the capture missed is in no piece: the receiver got it. */
static size_t received(const struct burst *b, size_t seen, size_t len)
{
	size_t upto = len;

	for (size_t i = seen; i < b->count; i++) {
		bool before = false;

		for (size_t j = 0; j < seen; j++)
			before |= b->piece[j].at <= b->piece[i].at &&
			          b->piece[j].at + b->piece[j].len >= b->piece[i].at + b->piece[i].len;
		if (!before && b->piece[i].at < upto)
			upto = b->piece[i].at;
	}
	return upto;
}

/* One burst: its segments, an acknowledgement for every second and for the last. */
static void plan_burst(struct talk *t, unsigned from, struct span bytes, size_t own, bool holes)
{
	struct burst b = { .count = 0 };
	uint32_t start = t->next[from];

	for (size_t at = 0; at < bytes.len; at += MSS)
		b.piece[b.count++] = (struct piece){ at, bytes.len - at < MSS ? bytes.len - at : MSS };
	if (t->mess)
		disturb(t, &b, holes);
	for (size_t i = 0; i < b.count; i++) {
		struct piece piece = b.piece[i];
		bool last = i + 1 == b.count;
		struct planned *p = plan(t, from, last ? TCP_PSH | TCP_ACK : TCP_ACK, SEGMENT_US);

		p->seq = start + (uint32_t)piece.at;
		p->payload = span_of(bytes.at ? bytes.at + piece.at : NULL, piece.len);
		p->own = own + piece.at;
		if (last || i % 2 == 1) {
			p = plan(t, !from, TCP_ACK, ACK_US);
			p->ack = start + (uint32_t)received(&b, i + 1, bytes.len);
		}
	}
	t->next[from] = start + (uint32_t)bytes.len;
}

/* bytes.at is NULL: they are the talk's own, from `own`. */
static void plan_bytes(struct talk *t, unsigned from, struct span bytes, size_t own, bool holes)
{
	talk_pause(t, HALF_TRIP_US);
	for (size_t at = 0; at < bytes.len; at += BURST * MSS) {
		size_t len = bytes.len - at < BURST * MSS ? bytes.len - at : BURST * MSS;

		plan_burst(t, from, span_of(bytes.at ? bytes.at + at : NULL, len), own + at, holes);
	}
}

void talk_say(struct talk *t, unsigned from, struct span bytes, bool holes)
{
	size_t own = t->bytes.len;

	if (!buf_add(&t->bytes, bytes))
		must(NULL);
	plan_bytes(t, from, span_of(NULL, bytes.len), own, holes);
}

void talk_pour(struct talk *t, unsigned from, struct span bytes)
{
	plan_bytes(t, from, bytes, 0, false);
}

bool talk_ready(struct talk *t)
{
	if (t->at == t->count) {
		t->at = t->count = 0;
		buf_clear(&t->bytes);
		return false;
	}
	t->due = t->clock + t->plan[t->at].wait;
	return true;
}

void talk_packet(struct talk *t, struct pcapout *out)
{
	const struct planned *p = &t->plan[t->at++];
	struct tcp_packet packet = { t->due, p->seq, p->ack, p->flags, p->payload };

	if (!packet.payload.at && packet.payload.len)
		packet.payload.at = t->bytes.at + p->own;
	pcapout_tcp(out, &t->host[p->from], &t->host[!p->from], &packet);
	t->clock = t->due;
}
