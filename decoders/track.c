/* decoders/track.c - the table, what is due, and what has to go when memory is short. */
#include "decoders/track.h"

#include <stdlib.h>

#include "decoders/ending.h"
#include "decoders/flow.h"
#include "decoders/handshake.h"
#include "decoders/mate.h"
#include "facts/missed.h"

/* Of the budget, one part in so many ... */
enum {
	WAITING_SHARE = 4,              /* is for segments that wait, at most */
	RECORDS_SHARE = 2,              /* is for records, at most: their memory is never given back */
	RESERVE_SHARE = 8,              /* is left free for what a packet may need */
};

/* A connection that was quiet so long when the capture ended has gone silent; TCP would have tried
 * again. HTTP.sys closes idle connections after 120 s. */
static const int64_t SILENT_AFTER = 120 * MOMENT_S;

struct track {
	const struct stack_context *context;
	struct flow_table flows;
	struct budget *budget;
	struct budget waiting;          /* its share */
	struct life_env env;
	size_t records;                 /* bytes of the table that are drawn */
	uint64_t connections;
	uint64_t stream;                /* id of the last packet's */
	bool placed;                    /* of the last packet, `place` holds */
	struct track_place place;
};

struct track *track_new(const struct stack_context *context)
{
	struct track *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->context = context;
	t->budget = context->budget;
	t->waiting = (struct budget){
		.ceiling = t->budget->ceiling / WAITING_SHARE, .whole = t->budget,
	};
	t->env = (struct life_env){ context, &t->waiting };
	flow_init(&t->flows);
	return t;
}

static void forget(struct track *t, struct life *life)
{
	stack_free(life->stack);
	for (enum side s = CLIENT; s <= SERVER; s++)
		reorder_release(&life->half[s].queue, &t->waiting);
	budget_free(t->budget, life, sizeof *life);
}

void track_free(struct track *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < FLOW_QUEUE_COUNT; i++) {
		const struct flow *f;

		for (uint32_t ref = t->flows.lines[i].front; ref; ref = f->newer) {
			f = flow_at(&t->flows, ref);
			if (f->live)
				forget(t, f->life);
		}
	}
	flow_release(&t->flows);
	budget_give(t->budget, t->records);
	free(t);
}

uint64_t track_connections(const struct track *t)
{
	return t->connections;
}

/* States what the record holds, and leaves it holding nothing. */
static void conclude(struct track *t, struct flow *f, enum ending how)
{
	struct life still;

	if (!f->live) {
		handshake_from_attempt(&still, f);
		ending_conclude(&t->env, &still, how);
		f->isn_known = true;
		return;
	}
	ending_conclude(&t->env, f->life, how);
	still = *f->life;
	budget_free(t->budget, f->life, sizeof *f->life);
	f->live = false;
	f->client_low = still.client_low;
	f->isn_known = still.conn.client_by_syn;
	f->attempt = (struct attempt){ .isn = still.half[CLIENT].start - 1 };
}

static enum ending ending_of(const struct flow *f)
{
	bool const decided = f->queue == FLOW_CLOSING || f->queue == FLOW_REFUSED;

	return decided ? ENDING_DECIDED : ENDING_SILENCE;
}

/* A closed connection keeps its record for a while; an attempt leaves none. */
static void retire(struct track *t, uint32_t ref, enum ending how)
{
	struct flow *f = flow_at(&t->flows, ref);
	bool const lived = f->live;

	if (f->queue != FLOW_CLOSED)
		conclude(t, f, how);
	if (lived)
		flow_move(&t->flows, ref, FLOW_CLOSED);
	else
		flow_remove(&t->flows, ref);
}

static void expire(struct track *t)
{
	uint32_t ref;

	while ((ref = flow_due(&t->flows)))
		retire(t, ref, ending_of(flow_at(&t->flows, ref)));
}

static bool is_crowded(const struct track *t)
{
	return flow_memory(&t->flows) > t->budget->ceiling / RECORDS_SHARE;
}

static bool is_short(const struct track *t)
{
	return t->budget->used > t->budget->ceiling - t->budget->ceiling / RESERVE_SHARE;
}

static uint32_t stamp_of(const struct track *t, uint32_t ref)
{
	return flow_at(&t->flows, ref)->stamp;
}

/* What is over goes first, then what was quiet longest.  Those that are a mere record go only when
 * there are too many of these: their place is all that they hold. */
static uint32_t least_missed(const struct track *t)
{
	static const enum flow_queue open[] = { FLOW_TRYING, FLOW_REFUSED, FLOW_ACTIVE, FLOW_ATTEMPTS };
	size_t const count = sizeof open / sizeof *open - !is_crowded(t);
	uint32_t oldest = is_crowded(t) ? flow_front(&t->flows, FLOW_CLOSED) : 0;
	bool over;

	if (!oldest)
		oldest = flow_front(&t->flows, FLOW_CLOSING);
	over = oldest;
	for (size_t i = 0; i < count && !over; i++) {
		uint32_t ref = flow_front(&t->flows, open[i]);

		if (ref && (!oldest || stamp_of(t, ref) < stamp_of(t, oldest)))
			oldest = ref;
	}
	return oldest;
}

/* What still comes of a connection that is forgotten is of none that is known, for as long as it takes. */
static void note_forgotten(struct track *t, const struct flow *f)
{
	static const int64_t GOES_ON = 60 * MOMENT_S;

	if (t->context->missed && f->live && f->queue == FLOW_ACTIVE)
		missed_note(t->context->missed, &(struct missed_span){
			.from = f->life->conn.last_time,
			.until = t->flows.passage.time + GOES_ON,
			.packets = 1,
		});
}

static void make_room(struct track *t)
{
	while (is_crowded(t) || is_short(t)) {
		uint32_t ref = least_missed(t);
		enum ending how = ENDING_CAPTURE;

		if (!ref)
			return;
		if (flow_at(&t->flows, ref)->queue == FLOW_CLOSING)
			how = ENDING_DECIDED;
		else if (flow_at(&t->flows, ref)->queue != FLOW_CLOSED)
			limit_add(t->context->limits, LIMIT_FLOW_CEILING, 1);
		note_forgotten(t, flow_at(&t->flows, ref));
		retire(t, ref, how);
	}
}

static bool is_syn(const struct packet *p)
{
	return (p->tcp.flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

static bool is_bare_syn(const struct packet *p)
{
	return is_syn(p) && !p->tcp.len;
}

/* Hangs a life on the record; false: out of memory, and the record is gone. */
static bool enliven(struct track *t, uint32_t ref)
{
	struct flow *f = flow_at(&t->flows, ref);
	struct life *life = budget_room(t->budget, sizeof *life);

	if (!life) {
		limit_add(t->context->limits, LIMIT_MEMORY, 1);
		flow_remove(&t->flows, ref);
		return false;
	}
	handshake_from_attempt(life, f);
	f->life = life;
	f->live = true;
	return true;
}

static enum flow_queue queue_of(const struct life *life)
{
	switch (life->phase) {
	case LIFE_TRYING:  return FLOW_TRYING;
	case LIFE_REFUSED: return FLOW_REFUSED;
	case LIFE_OPEN:    break;
	case LIFE_CLOSING: return FLOW_CLOSING;
	}
	return FLOW_ACTIVE;
}

static void settle_queue(struct track *t, uint32_t ref)
{
	const struct flow *f = flow_at(&t->flows, ref);
	enum flow_queue const queue = queue_of(f->life);

	if (f->queue != queue || (f->stamp != t->flows.stamp && queue != FLOW_CLOSING))
		flow_move(&t->flows, ref, queue);
}

/* Once the packet has been taken, the number of its side's first byte is known. */
static void note_place(struct track *t, const struct flow *f, bool source_low, const struct packet *p)
{
	enum side from = source_low == f->life->client_low ? CLIENT : SERVER;
	const struct half *h = &f->life->half[from];
	uint32_t seq = p->tcp.seq + (p->tcp.flags & TCP_SYN ? 1 : 0);

	t->placed = h->known;
	t->place = (struct track_place){ flow_id(f), from, half_offset(h, seq, h->high) };
}

/* A record that holds nothing begins a connection at this packet. */
static void begin(struct track *t, uint32_t ref, bool source_low, const struct packet *p)
{
	struct flow *f = flow_at(&t->flows, ref);
	uint64_t const id = t->connections++;

	t->stream = id;
	f->id_low = (uint32_t)id;
	f->id_high = (uint8_t)(id >> 32);
	f->client_low = source_low;
	f->ttl = p->ttl;
	f->attempt = (struct attempt){
		.first_time = p->time,
		.first_frame = p->frame,
		.isn = p->tcp.seq,
		.syn_count = 1,
		.mss = p->tcp.mss,
	};
	flow_move(&t->flows, ref, FLOW_ATTEMPTS);
	if (is_bare_syn(p) || !enliven(t, ref))
		return;
	if (is_syn(p)) {
		life_payload(&t->env, f->life, CLIENT, p, 0);
	} else {
		handshake_begin(f->life, f, source_low, p);
		(void)life_packet(&t->env, f->life, source_low, p);
	}
	note_place(t, f, source_low, p);
	settle_queue(t, ref);
}

static void live_packet(struct track *t, uint32_t ref, bool source_low, const struct packet *p)
{
	struct flow *f = flow_at(&t->flows, ref);

	switch (life_packet(&t->env, f->life, source_low, p)) {
	case LIFE_GOES_ON:
		if (!f->life->calm || f->stamp != t->flows.stamp || f->queue != FLOW_ACTIVE)
			settle_queue(t, ref);
		note_place(t, f, source_low, p);
		break;
	case LIFE_IS_OVER:
		retire(t, ref, ENDING_DECIDED);
		break;
	case LIFE_IS_REPLACED:
		conclude(t, f, f->queue == FLOW_CLOSING ? ENDING_DECIDED : ENDING_SILENCE);
		begin(t, ref, source_low, p);
		break;
	}
	if (is_short(t))
		make_room(t);
}

static uint32_t within(uint64_t value)
{
	return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static void syn_again(struct track *t, uint32_t ref, const struct packet *p)
{
	struct attempt *a = &flow_at(&t->flows, ref)->attempt;

	if (a->syn_count < UINT16_MAX)
		a->syn_count++;
	a->later_frames = within(p->frame - a->first_frame);
	a->later_us = within((uint64_t)life_since(a->first_time, p->time) / 1000);
	flow_move(&t->flows, ref, FLOW_ATTEMPTS);
}

static void attempt_packet(struct track *t, uint32_t ref, bool source_low, const struct packet *p)
{
	struct flow *f = flow_at(&t->flows, ref);

	if (!is_bare_syn(p) || source_low != f->client_low) {
		if (enliven(t, ref))
			live_packet(t, ref, source_low, p);
	} else if (p->tcp.seq == f->attempt.isn) {
		syn_again(t, ref, p);
	} else {
		conclude(t, f, ENDING_SILENCE);
		begin(t, ref, source_low, p);
	}
	make_room(t);
}

/* Late packets belong to what is over; only a SYN that it did not send begins another. */
static void closed_packet(struct track *t, uint32_t ref, bool source_low, const struct packet *p)
{
	const struct flow *f = flow_at(&t->flows, ref);
	bool const its_own = f->isn_known && f->client_low == source_low &&
	                     f->attempt.isn == p->tcp.seq;

	if (!is_syn(p) || its_own)
		return;
	begin(t, ref, source_low, p);
	make_room(t);
}

static void new_packet(struct track *t, const struct flow_key *key, bool source_low,
                       const struct packet *p)
{
	uint32_t const ref = flow_add(&t->flows, key);
	size_t const held = flow_held(&t->flows);

	budget_add(t->budget, held - t->records);
	t->records = held;
	if (ref)
		begin(t, ref, source_low, p);
	else
		limit_add(t->context->limits, LIMIT_MEMORY, 1);
	make_room(t);
}

/* A conversation whose directions travel on two wires; see decoders/mate.h. */
static uint32_t find(struct track *t, const struct flow_key *key, bool source_low,
                     const struct packet *p)
{
	uint32_t const ref = flow_find(&t->flows, key);

	if (!ref)
		return mate_find(&t->flows, key, source_low, p);
	if (!flow_at(&t->flows, ref)->two_wires ||
	    mate_goes_on(flow_at(&t->flows, ref), key->wire, source_low, p))
		return ref;
	return flow_at(&t->flows, ref)->key.wire == key->wire ? ref : 0;
}

void track_packet(struct track *t, const struct packet *p)
{
	bool source_low;
	struct flow_key const key = flow_key_of(&p->source, &p->target, p->wire, &source_low);
	uint32_t ref;

	if (flow_clock(&t->flows, p->time))
		expire(t);
	t->placed = false;
	ref = find(t, &key, source_low, p);
	t->stream = ref ? flow_id(flow_at(&t->flows, ref)) : TRACK_NO_STREAM;
	if (!ref)
		new_packet(t, &key, source_low, p);
	else if (flow_at(&t->flows, ref)->live)
		live_packet(t, ref, source_low, p);
	else if (flow_at(&t->flows, ref)->queue == FLOW_CLOSED)
		closed_packet(t, ref, source_low, p);
	else
		attempt_packet(t, ref, source_low, p);
}

void track_pass(struct track *t, int64_t time)
{
	if (flow_clock(&t->flows, time))
		expire(t);
}

uint64_t track_stream(const struct track *t)
{
	return t->stream;
}

bool track_place(const struct track *t, struct track_place *place)
{
	*place = t->place;
	return t->placed;
}

/* The first that rejects counts, else the first; a path MTU is never forgotten. */
static void note_icmp(struct connection *conn, const struct icmp_error *error)
{
	bool const rejects = icmp_rejects(error->v6, error->type, error->code);
	bool const v6 = !addr_is_v4(&conn->client.addr);

	if (error->mtu && (!conn->icmp_mtu || error->mtu < conn->icmp_mtu))
		conn->icmp_mtu = error->mtu;
	if (conn->icmp_frame && (!rejects || icmp_rejects(v6, conn->icmp_type, conn->icmp_code)))
		return;
	conn->icmp_frame = error->frame;
	conn->icmp_from = error->from;
	conn->icmp_type = error->type;
	conn->icmp_code = error->code;
}

static struct connection *quoted(struct track *t, const struct icmp_error *error)
{
	bool source_low;
	struct flow_key key;
	struct flow *f;
	uint32_t ref;

	if (!error->quotes_tcp)
		return NULL;
	key = flow_key_of(&error->source, &error->target, error->wire, &source_low);
	ref = flow_find(&t->flows, &key);
	if (!ref)
		ref = mate_quoted(&t->flows, &key, source_low, error->seq);
	if (!ref)
		return NULL;
	f = flow_at(&t->flows, ref);
	if (f->queue == FLOW_CLOSED || (!f->live && !enliven(t, ref)))
		return NULL;
	settle_queue(t, ref);
	return &f->life->conn;
}

void track_icmp(struct track *t, struct icmp_error *error)
{
	struct connection *conn;
	struct fact const fact = {
		.kind = FACT_ICMP,
		.time = error->time,
		.frame = error->frame,
		.icmp = error,
	};

	if (flow_clock(&t->flows, error->time))
		expire(t);
	conn = quoted(t, error);
	error->conn = conn;
	if (conn)
		note_icmp(conn, error);
	fact_state(t->context->sink, &fact);
	make_room(t);                   /* an attempt may have come to life; the fact named it until now */
}

void track_end(struct track *t)
{
	static const enum flow_queue order[] = {
		FLOW_CLOSING, FLOW_REFUSED, FLOW_ACTIVE, FLOW_TRYING, FLOW_ATTEMPTS,
	};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		uint32_t ref;

		while ((ref = flow_front(&t->flows, order[i]))) {
			const struct flow *f = flow_at(&t->flows, ref);
			enum ending how = ending_of(f);

			if (f->live && how == ENDING_SILENCE &&
			    life_since(f->life->conn.last_time, t->flows.passage.time) < SILENT_AFTER)
				how = ENDING_CAPTURE;
			retire(t, ref, how);
		}
	}
}
