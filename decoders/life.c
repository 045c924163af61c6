/* decoders/life.c - a packet of a connection: the common one short, all others told apart. */
#include "decoders/life.h"

#include "decoders/ending.h"
#include "decoders/feed.h"
#include "decoders/handshake.h"

/* The largest window is 2^30 (RFC 7323 section 2.3): farther away is no part of the stream, unless
 * many segments in a row say so.  Acknowledgments of a side that is seen run no farther ahead than
 * losses do. */
enum { WINDOW_MAX = 1 << 30, ACK_AHEAD_MAX = 16 << 20, STRAYS_MAX = 16 };

/* What fills a gap sooner was overtaken; later, it was lost before the capture and sent again.
 * Wireshark's bound for the same question. */
static const int64_t DISORDER = 3 * MOMENT_MS;

void life_init(struct life *life)
{
	*life = (struct life){ .leg = { -1, -1 } };
	life->conn.rtt = -1;
	life->conn.syn_time = life->conn.synack_time = life->conn.reset_time = MOMENT_NONE;
	for (enum side s = CLIENT; s <= SERVER; s++) {
		struct half *h = &life->half[s];

		h->queue.front = h->acked = h->high = LIFE_ORIGIN;
		life->conn.side[s].last_data = MOMENT_NONE;
	}
}

int64_t life_note(struct life *life, enum side from, const struct packet *p)
{
	struct connection *conn = &life->conn;
	struct half *h = &life->half[from];
	int64_t quiet = life_since(conn->last_time, p->time);

	conn->last_time = p->time;
	conn->last_frame = p->frame;
	conn->side[from].packets++;
	h->window = p->tcp.window;
	if (p->ttl != h->ttl && !(p->tcp.flags & TCP_RST)) {
		h->ttl = p->ttl;
		if (!h->ttl_min || p->ttl < h->ttl_min)
			h->ttl_min = p->ttl;
		if (p->ttl > h->ttl_max)
			h->ttl_max = p->ttl;
		if (!conn->side[from].ttl)
			conn->side[from].ttl = p->ttl;
	}
	return quiet;
}

void life_acknowledge(struct life *life, enum side from, const struct tcp_segment *s)
{
	enum side const other = side_other(from);
	struct half *h = &life->half[other];
	uint64_t at, ahead;

	if (!h->known) {
		h->known = true;
		h->start = s->ack;
		return;
	}
	at = half_offset(h, s->ack, h->acked);
	if (h->fin && at > h->fin_offset)
		at = h->fin_offset;
	if (at <= h->acked)
		return;
	ahead = life->conn.side[other].packets ? ACK_AHEAD_MAX : WINDOW_MAX;
	if (at > (h->high > h->acked ? h->high : h->acked) + ahead)
		return;
	h->spoke |= at > h->high + 1;
	h->acked = at;
	h->burst_gap = 0;
	h->tries = h->high > at;
	if (!sizes_idle(&h->sizes))
		sizes_acked(&h->sizes, at);
}

/* Bytes up to `end` that were not seen before. */
static inline void sent(struct half *h, uint64_t end, uint32_t len, int64_t time, int64_t quiet)
{
	if (h->high <= h->acked) {
		h->burst_time = time;
		h->burst_gap = quiet;
		h->tries = 1;
	}
	h->high = end;
	sizes_sent(&h->sizes, end, len);
}

/* One byte or none just below the next, and nothing in flight (RFC 9293 section 3.8.4). */
static bool is_keep_alive(const struct half *h, uint64_t offset, uint64_t len)
{
	return len <= 1 && offset + 1 == h->high && h->acked >= h->high;
}

static void note_loss(struct connection_side *side, struct mark mark)
{
	if (!side->loss_frame)
		side->loss_frame = mark.frame;
}

/* Bytes that were sent before, all of them.  A byte against a closed window is a probe (RFC 9293
 * section 3.8.6.1), no retransmission. */
static void sent_again(struct life *life, enum side from, const struct segment *s, int64_t quiet)
{
	struct half *h = &life->half[from];

	if (is_keep_alive(h, s->offset, s->len)) {
		if (!h->probe_gap)
			h->probe_gap = quiet;
		return;
	}
	if (s->len <= 1 && !life->half[side_other(from)].window)
		return;
	note_loss(&life->conn.side[from], s->mark);
	life->conn.side[from].retransmissions++;
	if (s->offset <= h->acked && s->offset + s->len > h->acked)
		h->tries++;
	sizes_resent(&h->sizes, s->offset + s->len, (uint32_t)s->len);
}

/* A segment of which something is new, and which is not simply the next. */
static void place(const struct life_env *env, struct life *life, enum side from, struct segment *s)
{
	struct connection_side *side = &life->conn.side[from];
	struct half *h = &life->half[from];
	struct reorder *queue = &h->queue;
	uint64_t const ahead = queue->front > s->offset ? queue->front - s->offset : 0;
	bool const disorder = s->offset < h->high && s->offset >= queue->front &&
	                      life_since(h->disorder_time, s->mark.time) < DISORDER;
	bool const below = s->offset < h->high;
	uint64_t fresh;

	span_take(&s->bytes, (size_t)ahead);
	s->offset += ahead;
	s->len -= ahead;
	if (s->offset > queue->front && !queue->count)
		h->disorder_time = s->mark.time;
	if (s->offset == queue->front && (!queue->count || reorder_gap(queue) >= s->len)) {
		fresh = s->len;
		feed_here(env, life, from, s->bytes, s->len, s->mark);
	} else {
		fresh = feed_later(env, life, from, s);
	}
	if (disorder && fresh)
		side->out_of_order++;
	else if (below && ahead != 1) {
		note_loss(side, s->mark);
		side->retransmissions++;
	}
}

/* True: the segment is nowhere near the stream.  Many in a row are the stream, after a loss too
 * long to measure. */
static bool stray(const struct life_env *env, struct life *life, enum side from,
                  const struct segment *s)
{
	struct half *h = &life->half[from];
	int64_t const distance = (int64_t)(s->offset - h->queue.front);

	if (distance <= WINDOW_MAX && distance >= -WINDOW_MAX) {
		h->strays = 0;
		return false;
	}
	if (++h->strays < STRAYS_MAX || life->reset.seen || h->fin)
		return true;
	h->strays = 0;
	feed_jump(env, life, from, h->queue.front + (uint32_t)distance, s->mark);
	return true;
}

static void uncommon(const struct life_env *env, struct life *life, enum side from,
                     struct segment *s,
                     int64_t quiet)
{
	struct half *h = &life->half[from];
	uint64_t const end = s->offset + s->len;
	uint32_t const len = (uint32_t)s->len;

	if (stray(env, life, from, s))
		return;
	if (end <= h->queue.front) {
		sent_again(life, from, s, quiet);
		return;
	}
	if (h->fin && end > h->fin_offset)
		return;
	if (s->offset <= h->acked && h->acked < h->high)
		h->tries++;
	if (ending_holds(life, from, end)) {
		reorder_push(&h->queue, env->waiting, s);
	} else {
		place(env, life, from, s);
		feed_pump(env, life, from, s->mark);
	}
	if (end > h->high)
		sent(h, end, len, s->mark.time, quiet);
}

/* The segment's last byte is its side's last (RFC 9293 section 3.6).  The first FIN counts. */
static void finish(const struct life_env *env, struct life *life, enum side from, uint64_t end,
                   const struct packet *p)
{
	struct half *h = &life->half[from];
	const struct half *other = &life->half[side_other(from)];

	if (h->fin || end < h->high || end > h->high + WINDOW_MAX ||
	    ending_holds(life, from, end + 1))
		return;
	h->fin = true;
	h->fin_offset = end;
	if (h->acked > end)
		h->acked = end;
	life->conn.side[from].fin_frame = p->frame;
	/* One number more than bytes, as in feed_patience: the other's FIN came first. */
	life->conn.side[side_other(from)].fin_unseen =
		!other->fin && !other->queue.count && other->acked == other->queue.front + 1;
	feed_pump(env, life, from, packet_mark(p));
}

void life_payload(const struct life_env *env, struct life *life, enum side from,
                  const struct packet *p,
                  int64_t quiet)
{
	const struct tcp_segment *t = &p->tcp;
	struct connection_side *side = &life->conn.side[from];
	struct half *h = &life->half[from];
	uint64_t const offset = half_offset(h, t->seq + !!(t->flags & TCP_SYN), h->queue.front);

	side->cut_packets += t->payload.len < t->len;
	if (!t->len) {
		if (!h->probe_gap && !(t->flags & (TCP_FIN | TCP_SYN)) && is_keep_alive(h, offset, 0))
			h->probe_gap = quiet;
	} else if (offset == h->queue.front && life->calm && !h->queue.count && !h->fin) {
		side->last_data = p->time;
		h->strays = 0;
		sent(h, offset + t->len, t->len, p->time, quiet);
		feed_here(env, life, from, t->payload, t->len, packet_mark(p));
	} else {
		struct segment s = { offset, t->len, t->payload, false, packet_mark(p) };

		if (t->len > 1 || offset + 1 != h->high)
			side->last_data = p->time;
		uncommon(env, life, from, &s, quiet);
	}
	if (t->flags & TCP_FIN)
		finish(env, life, from, offset + t->len, p);
}

static bool is_calm(const struct life *life)
{
	return life->phase == LIFE_OPEN && !life->shaking && !life->reset.seen &&
	       life->half[CLIENT].anchored && life->half[SERVER].anchored &&
	       (life->stack || life->conn.client_by_syn);
}

enum life_step life_packet(const struct life_env *env, struct life *life, bool from_low,
                           const struct packet *p)
{
	enum side from = from_low == life->client_low ? CLIENT : SERVER;
	int64_t quiet;

	if (p->tcp.flags & TCP_RST)
		return ending_reset(env, life, from, p);
	if (p->tcp.flags & TCP_SYN)
		return handshake_syn(env, life, from, p);
	if (!life->calm) {
		enum life_step step = ending_after(env, life, from, p);

		if (step != LIFE_GOES_ON || !handshake_settle(life, &from, p))
			return step;
		life->calm = is_calm(life);
	}
	quiet = life_note(life, from, p);
	life->half[side_other(from)].probe_gap = 0;
	if (p->tcp.flags & TCP_ACK)
		life_acknowledge(life, from, &p->tcp);
	for (enum side s = CLIENT; s <= SERVER; s++)
		if (life->half[s].acked > life->half[s].queue.front)
			feed_patience(env, life, s, packet_mark(p));
	life_payload(env, life, from, p, quiet);
	if (life->half[CLIENT].closed && life->half[SERVER].closed && life->phase == LIFE_OPEN) {
		life->phase = LIFE_CLOSING;
		life->calm = false;
	}
	return LIFE_GOES_ON;
}
