/* decoders/lookups.c - a table of questions that wait, in the order of their last news.
 *
 * Each stays for LOOKUP_PATIENCE after that: WAITING, then GIVEN_UP or ANSWERED, so that what comes late or
 * twice finds what it belongs to. */
#include "decoders/lookups.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/moment.h"
#include "decoders/dns.h"
#include "decoders/nbns.h"

enum {
	PORT_DNS = 53, PORT_NBNS = 137, PORT_LLMNR = 5355,
	BUCKETS = 4096,                 /* a power of two */
	QUESTIONS_MAX = 20000,
};

enum state { WAITING, GIVEN_UP, ANSWERED };

struct key {                            /* what is compared; no padding */
	struct addr client, server;     /* server: zeros for a group */
	uint16_t type;
	uint8_t protocol, over_tcp;
};

struct question {
	struct question *chain;         /* of its bucket */
	struct question *older, *newer; /* by last news */
	uint64_t hash;
	struct key key;
	struct endpoint server;
	enum state state;
	bool failed;                    /* the answer that was stated */
	unsigned tries;
	int64_t news;                   /* as time passes, see struct passage */
	int64_t ask_time;
	uint64_t ask_frame;
	size_t size;                    /* allocated */
	char name[];
};

struct lookups {
	const struct fact_sink *sink;
	struct limits *limits;
	struct budget *budget;
	struct question *buckets[BUCKETS];
	struct question *oldest, *newest;
	size_t waiting;
	uint64_t count;
	struct passage passage;
};

struct message {                        /* with where it came from */
	const struct dns_message *dns;
	enum lookup_protocol protocol;
	bool over_tcp;
	struct endpoint client, server;
	uint64_t frame;
	int64_t time;
};

struct lookups *lookups_new(const struct fact_sink *sink, struct limits *limits, struct budget *budget)
{
	struct lookups *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->sink = sink;
	l->limits = limits;
	l->budget = budget;
	return l;
}

/* ---- the table ---- */

static void unlink_question(struct lookups *l, struct question *q)
{
	*(q->older ? &q->older->newer : &l->oldest) = q->newer;
	*(q->newer ? &q->newer->older : &l->newest) = q->older;
}

static void link_newest(struct lookups *l, struct question *q)
{
	q->newer = NULL;
	q->older = l->newest;
	*(l->newest ? &l->newest->newer : &l->oldest) = q;
	l->newest = q;
	q->news = l->passage.elapsed;
}

static void move_newest(struct lookups *l, struct question *q)
{
	unlink_question(l, q);
	link_newest(l, q);
}

static void drop(struct lookups *l, struct question *q)
{
	struct question **at = &l->buckets[q->hash % BUCKETS];

	while (*at != q)
		at = &(*at)->chain;
	*at = q->chain;
	unlink_question(l, q);
	l->waiting--;
	budget_free(l->budget, q, q->size);
}

void lookups_free(struct lookups *l)
{
	if (!l)
		return;
	while (l->oldest)
		drop(l, l->oldest);
	free(l);
}

/* An LLMNR or NetBIOS question goes to all; the answer comes from one. */
static struct key key_of(const struct message *m)
{
	struct key k = { .client = m->client.addr, .type = m->dns->type, .protocol = (uint8_t)m->protocol,
		         .over_tcp = m->over_tcp };

	if (m->protocol == LOOKUP_DNS)
		k.server = m->server.addr;
	return k;
}

static uint64_t hash_of(const struct key *k, struct span name)
{
	return hash_mix(hash_bytes(hash_key(), span_of(k, sizeof *k)), hash_bytes(hash_key(), name));
}

static struct question *find(const struct lookups *l, const struct key *k, struct span name, uint64_t hash)
{
	struct question *q = l->buckets[hash % BUCKETS];

	while (q && (q->hash != hash || memcmp(&q->key, k, sizeof *k) != 0 ||
	             !span_eq(span_text(q->name), name)))
		q = q->chain;
	return q;
}

/* ---- facts ---- */

static void state_lookup(struct lookups *l, const struct lookup *x, uint64_t frame, int64_t time)
{
	struct fact fact = { .kind = FACT_LOOKUP, .time = time, .frame = frame, .lookup = x };

	fact_state(l->sink, &fact);
}

static struct lookup lookup_of(const struct question *q)
{
	struct lookup x = {
		.protocol = (enum lookup_protocol)q->key.protocol,
		.client = q->key.client,
		.server = q->server,
		.over_tcp = q->key.over_tcp,
		.type = q->key.type,
		.tries = q->tries,
		.asked_seen = true,
		.ask_time = q->ask_time,
		.answer_time = MOMENT_NONE,
		.ask_frame = q->ask_frame,
	};

	memcpy(x.name, q->name, strlen(q->name) + 1);
	return x;
}

static void give_up(struct lookups *l, struct question *q)
{
	struct lookup x = lookup_of(q);

	q->state = GIVEN_UP;
	state_lookup(l, &x, q->ask_frame, l->passage.time);
}

static void expire(struct lookups *l)
{
	while (l->oldest && l->passage.elapsed - l->oldest->news >= LOOKUP_PATIENCE) {
		struct question *q = l->oldest;

		if (q->state == WAITING) {
			give_up(l, q);
			move_newest(l, q);
		} else {
			drop(l, q);
		}
	}
}

static void make_room(struct lookups *l)
{
	if (l->waiting < QUESTIONS_MAX)
		return;
	if (l->oldest->state == WAITING) {
		limit_add(l->limits, LIMIT_LOOKUP_CEILING, 1);
		give_up(l, l->oldest);
	}
	drop(l, l->oldest);
}

/* ---- what comes ---- */

static struct question *add(struct lookups *l, const struct message *m, const struct key *k, uint64_t hash)
{
	size_t len = strlen(m->dns->name), size = sizeof(struct question) + len + 1;
	struct question *q;

	make_room(l);
	q = budget_alloc(l->budget, size);
	if (!q) {
		limit_add(l->limits, LIMIT_LOOKUP_CEILING, 1);
		return NULL;
	}
	q->size = size;
	q->key = *k;
	q->hash = hash;
	memcpy(q->name, m->dns->name, len);
	q->chain = l->buckets[hash % BUCKETS];
	l->buckets[hash % BUCKETS] = q;
	l->waiting++;
	link_newest(l, q);
	return q;
}

static void begin(struct question *q, const struct message *m)
{
	q->state = WAITING;
	q->server = m->server;
	q->tries = 0;
	q->ask_time = m->time;
	q->ask_frame = m->frame;
}

static void take_question(struct lookups *l, const struct message *m)
{
	struct key k = key_of(m);
	struct span name = span_text(m->dns->name);
	uint64_t hash = hash_of(&k, name);
	struct question *q = find(l, &k, name, hash);

	if (!q || q->state != WAITING) {
		q = q ? q : add(l, m, &k, hash);
		if (!q)
			return;
		begin(q, m);
		l->count++;
	}
	q->tries++;
	move_newest(l, q);
}

static void take_answer(struct lookups *l, const struct message *m)
{
	struct key k = key_of(m);
	struct span name = span_text(m->dns->name);
	struct question *q = find(l, &k, name, hash_of(&k, name));
	struct lookup x = { .protocol = m->protocol, .client = m->client.addr, .over_tcp = m->over_tcp,
		            .type = m->dns->type, .ask_time = MOMENT_NONE };

	if (q)
		x = lookup_of(q);
	memcpy(x.name, m->dns->name, sizeof x.name);
	x.server = m->server;
	x.answered = true;
	x.answer_time = m->time;
	x.answer_frame = m->frame;
	x.truncated = m->dns->truncated;
	x.malformed = m->dns->malformed;
	x.rcode = m->dns->rcode;
	memcpy(x.canonical, m->dns->canonical, sizeof x.canonical);
	memcpy(x.answers, m->dns->answers, sizeof x.answers);
	x.answer_count = m->dns->answer_count;
	/* The answers to each retry say the same, unless one knows better. */
	if (q && q->state == ANSWERED && (lookup_failed(&x) || !q->failed))
		return;
	if (q) {
		q->state = ANSWERED;
		q->failed = lookup_failed(&x);
		move_newest(l, q);
	} else {
		l->count++;
	}
	state_lookup(l, &x, m->frame, m->time);
}

void lookups_pass(struct lookups *l, int64_t time)
{
	moment_pass(&l->passage, time);
	expire(l);
}

static void take(struct lookups *l, const struct message *m)
{
	lookups_pass(l, m->time);
	if (m->dns->opcode || !m->dns->name[0])
		return;
	if (m->dns->response)
		take_answer(l, m);
	else
		take_question(l, m);
}

/* ---- where it comes from ---- */

static bool has_port(const struct packet *p, uint16_t port)
{
	return p->source.port == port || p->target.port == port;
}

/* By who answers: clients of NetBIOS use its port, too. */
static void take_message(struct lookups *l, struct message *m, const struct endpoint *source,
                         const struct endpoint *target)
{
	m->client = m->dns->response ? *target : *source;
	m->server = m->dns->response ? *source : *target;
	take(l, m);
}

void lookups_packet(struct lookups *l, const struct packet *packet)
{
	struct dns_message dns;
	struct message m = { .dns = &dns, .frame = packet->frame, .time = packet->time };
	bool read = false;

	if (has_port(packet, PORT_DNS)) {
		read = dns_read(packet->udp, &dns);
	} else if (has_port(packet, PORT_LLMNR)) {
		m.protocol = LOOKUP_LLMNR;
		read = dns_read(packet->udp, &dns);
	} else if (has_port(packet, PORT_NBNS)) {
		m.protocol = LOOKUP_NBNS;
		read = nbns_read(packet->udp, &dns);
	}
	if (read)
		take_message(l, &m, &packet->source, &packet->target);
}

void lookups_stream(struct lookups *l, const struct endpoint *source, const struct endpoint *target,
                    struct span message, uint64_t frame, int64_t time)
{
	struct dns_message dns;
	struct message m = { .dns = &dns, .over_tcp = true, .frame = frame, .time = time };

	if (dns_read(message, &dns))
		take_message(l, &m, source, target);
}

void lookups_end(struct lookups *l)
{
	for (struct question *q = l->oldest; q; q = q->newer)
		if (q->state == WAITING)
			give_up(l, q);
}

uint64_t lookups_count(const struct lookups *l)
{
	return l->count;
}
