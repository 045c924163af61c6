/* decoders/ending.c - a reset is evidence before it is an end. */
#include "decoders/ending.h"

#include "decoders/feed.h"
#include "decoders/reset.h"
#include "facts/icmp.h"

/* Packets after a reset until it is believed; and how far from the stream its number may be: a
 * reset that is guessed aims at the window (RFC 5961 section 3), and windows are rarely larger. */
enum { BELIEVED_AFTER = 10, RESET_REACH = 4 << 20 };

/* Two resets so close together have one cause. */
static const int64_t SAME_MOMENT = 20 * MOMENT_MS;

static void record(struct life *life, enum side from, const struct packet *p, int64_t quiet)
{
	struct connection *conn = &life->conn;
	const struct half *h = &life->half[from], *other = &life->half[side_other(from)];

	conn->reset_frame = p->frame;
	conn->reset_time = p->time;
	conn->reset_from = from;
	conn->reset_ttl = p->ttl;
	conn->reset_acks = p->tcp.flags & TCP_ACK && other->known &&
	                   half_offset(other, p->tcp.ack, other->high) <= other->high;
	life->reset = (struct life_reset){
		.seen = true,
		.from = from,
		.offset = h->known ? half_offset(h, p->tcp.seq, h->high) : LIFE_ORIGIN,
		.expected = h->high + h->fin,
		.complete = h->anchored && h->queue.front == h->high && h->acked <= h->high,
		.quiet = quiet,
		.left = BELIEVED_AFTER,
	};
}

/* The answer to a SYN acknowledges it.  Without that a client ignores it (RFC 9293 section 3.10.7.3): it is
 * what an older connection left behind, or ends one whose opening was lost; careless boxes say 0 so. */
static enum life_step reset_of_syn(struct life *life, enum side from, const struct packet *p)
{
	const struct half *client = &life->half[CLIENT];
	int64_t quiet;

	if (from == SERVER && p->tcp.flags & TCP_ACK ? p->tcp.ack - client->start > client->high - LIFE_ORIGIN
	                                             : from == SERVER && p->tcp.seq)
		return LIFE_GOES_ON;
	if (from == CLIENT && p->tcp.seq != client->start && p->tcp.seq + 1 != client->start)
		return LIFE_GOES_ON;
	quiet = life_note(life, from, p);
	if (!life->reset.seen)
		record(life, from, p, quiet);
	life->reset.answers_syn = true;
	life->reset.offset = LIFE_ORIGIN - 1;
	life->reset.complete = false;
	if (from == SERVER) {
		life->syn_resets++;
		life->phase = LIFE_REFUSED;
	} else {
		life->phase = LIFE_CLOSING;
	}
	return LIFE_GOES_ON;
}

static void another_reset(struct life *life, enum side from, const struct packet *p)
{
	struct life_reset *r = &life->reset;

	if (from != r->from) {
		r->both_ways |= life_since(life->conn.reset_time, p->time) < SAME_MOMENT;
		return;
	}
	if (life->half[from].anchored) {
		uint64_t at = half_offset(&life->half[from], p->tcp.seq, r->expected);

		r->guesses |= at != r->offset && (at > r->expected || r->offset > r->expected);
	}
}

static bool in_flight(const struct half *h)
{
	return h->high > h->acked;
}

enum life_step ending_reset(const struct life_env *env, struct life *life, enum side from,
                            const struct packet *p)
{
	struct half *h = &life->half[from];
	uint64_t at;

	(void)env;
	if (life->phase <= LIFE_REFUSED)
		return reset_of_syn(life, from, p);
	at = half_offset(h, p->tcp.seq, h->high);
	if (h->known && at + RESET_REACH - h->high > 2 * (uint64_t)RESET_REACH) {
		limit_add(env->context->limits, LIMIT_MALFORMED, 1);
		return LIFE_GOES_ON;
	}
	if (life->reset.seen) {
		life_note(life, from, p);
		another_reset(life, from, p);
		life->phase = LIFE_CLOSING;
		return --life->reset.left ? LIFE_GOES_ON : LIFE_IS_OVER;
	}
	/* After a FIN a reset only hurries what was decided: Windows closes that way. */
	if ((h->closed && !in_flight(h)) || life->half[side_other(from)].closed) {
		life_note(life, from, p);
		if (p->tcp.flags & TCP_ACK)
			life_acknowledge(life, from, &p->tcp);
	} else {
		record(life, from, p, life_note(life, from, p));
	}
	life->phase = LIFE_CLOSING;
	life->calm = false;
	return LIFE_GOES_ON;
}

/* Both sides go on: the reset reached nobody who believed it. */
static void disproved(const struct life_env *env, struct life *life, struct mark mark)
{
	enum side const from = life->reset.from;

	life->reset = (struct life_reset){ 0 };
	life->conn.reset_frame = 0;
	life->conn.reset_time = MOMENT_NONE;
	life->phase = LIFE_OPEN;
	feed_pump(env, life, from, mark);
}

enum life_step ending_after(const struct life_env *env, struct life *life, enum side from,
                            const struct packet *p)
{
	struct life_reset *r = &life->reset;
	const struct half *h = &life->half[r->from];

	if (!r->seen || life->phase <= LIFE_REFUSED)
		return LIFE_GOES_ON;
	if (from == r->from) {
		uint64_t const end = half_offset(h, p->tcp.seq, h->high) + p->tcp.len;

		r->data_after |= p->tcp.len && end > r->offset;
	} else if (r->data_after && p->tcp.flags & TCP_ACK &&
	           half_offset(h, p->tcp.ack, h->acked) > r->offset) {
		disproved(env, life, packet_mark(p));
		return LIFE_GOES_ON;
	}
	return --r->left ? LIFE_GOES_ON : LIFE_IS_OVER;
}

static void judge_reset(struct life *life)
{
	const struct life_reset *r = &life->reset;
	const struct half *h = &life->half[r->from], *other = &life->half[side_other(r->from)];
	struct connection *conn = &life->conn;
	struct reset_evidence const e = {
		.ttl = conn->reset_ttl,
		.ttl_min = h->ttl_min,
		.ttl_max = h->ttl_max,
		.delay = in_flight(other) ? life_since(other->burst_time, conn->reset_time) : -1,
		.leg = life->leg[r->from],
		.sequence_known = r->complete,
		.sequence_off = r->offset != r->expected,
		.data_after = r->data_after,
		.guesses = r->guesses,
		.both_ways = r->both_ways,
	};

	conn->reset_fits = r->complete && r->offset == r->expected;
	conn->reset_reasons = reset_judge(&e);
	conn->reset_score = reset_points(conn->reset_reasons);
}

static enum connection_closed closed_by(const struct life *life)
{
	const struct half *client = &life->half[CLIENT], *server = &life->half[SERVER];

	if (life->reset.seen && reset_by_box(life->conn.reset_reasons))
		return CONNECTION_RESET_BY_MIDDLEBOX;
	if (life->reset.seen && life->reset.from == CLIENT)
		return CONNECTION_RESET_BY_CLIENT;
	if (life->reset.seen)
		return CONNECTION_RESET_BY_SERVER;
	if (life->phase == LIFE_CLOSING || (client->fin && server->fin))
		return CONNECTION_FIN;
	if (life->conn.one_sided && (client->fin || server->fin))
		return CONNECTION_FIN;
	return CONNECTION_OPEN;
}

static enum connection_outcome outcome_of(const struct life *life)
{
	const struct connection *conn = &life->conn;
	bool const v6 = !addr_is_v4(&conn->client.addr);

	if (conn->synack_frame || life->phase == LIFE_OPEN)
		return conn->client_by_syn ? CONNECTION_ESTABLISHED : CONNECTION_MIDSTREAM;
	if (!conn->client_by_syn)
		return CONNECTION_MIDSTREAM;
	if (life->half[SERVER].known)
		return CONNECTION_ESTABLISHED;
	if (life->syn_resets)
		return CONNECTION_REFUSED;
	if (conn->icmp_frame && icmp_rejects(v6, conn->icmp_type, conn->icmp_code))
		return CONNECTION_REJECTED;
	return CONNECTION_UNANSWERED;
}

/* The silence before the first packet of the phase in which it died; see facts/connection.h. */
static int64_t idle_before_end(const struct life *life, enum ending how)
{
	if (life->conn.one_sided || life->conn.closed == CONNECTION_FIN)
		return 0;
	for (enum side s = CLIENT; s <= SERVER; s++) {
		const struct half *h = &life->half[s];

		if (in_flight(h) && (life->reset.seen || how == ENDING_SILENCE || h->tries > 1))
			return h->burst_gap;
		if (h->probe_gap)
			return h->probe_gap;
	}
	return life->reset.seen ? life->reset.quiet : 0;
}

static uint16_t within(uint32_t len)
{
	return (uint16_t)(len < UINT16_MAX ? len : UINT16_MAX);
}

/* Of one side alone nobody can say what the other did not acknowledge. */
static void tell_sizes(struct connection_side *side, const struct half *h, bool one_sided)
{
	side->largest_acked = within(h->sizes.acked);
	if (one_sided || !in_flight(h))
		return;
	side->largest_unacked = within(sizes_unacked(&h->sizes));
	side->unacked_tries = h->tries;
}

static void verdict(const struct life_env *env, struct life *life, enum ending how)
{
	struct connection *conn = &life->conn;

	for (enum side s = CLIENT; s <= SERVER; s++)
		conn->one_sided |= life->half[s].spoke && !conn->side[s].packets;
	for (enum side s = CLIENT; s <= SERVER; s++)
		tell_sizes(&conn->side[s], &life->half[s], conn->one_sided);
	if (conn->rtt < 0 && conn->syn_count == 1)
		conn->rtt = life->leg[SERVER];
	if (life->reset.seen)
		judge_reset(life);
	conn->outcome = outcome_of(life);
	conn->closed = closed_by(life);
	conn->idle_before_end = idle_before_end(life, how);
	limit_add(env->context->limits, LIMIT_JOINED, conn->joined);
	limit_add(env->context->limits, LIMIT_ONE_SIDED, conn->one_sided);
}

static enum stack_end stack_end_of(const struct life *life, enum ending how)
{
	if (life->reset.seen)
		return STACK_END_RESET;
	if (life->conn.closed == CONNECTION_FIN)
		return STACK_END_FIN;
	return how == ENDING_CAPTURE ? STACK_END_CAPTURE : STACK_END_SILENCE;
}

void ending_conclude(const struct life_env *env, struct life *life, enum ending how)
{
	struct connection *conn = &life->conn;
	struct mark const mark = { conn->last_frame, conn->last_time };
	struct fact const fact = {
		.kind = FACT_CONNECTION,
		.time = mark.time,
		.frame = mark.frame,
		.connection = conn,
	};

	verdict(env, life, how);
	if (life->reset.seen)
		reorder_cut(&life->half[life->reset.from].queue, env->waiting, life->reset.offset);
	for (enum side s = CLIENT; s <= SERVER; s++)
		feed_flush(env, life, s, mark);
	if (life->stack) {
		stack_end(life->stack, stack_end_of(life, how), mark);
		stack_free(life->stack);
	}
	fact_state(env->context->sink, &fact);
	for (enum side s = CLIENT; s <= SERVER; s++)
		reorder_release(&life->half[s].queue, env->waiting);
}
