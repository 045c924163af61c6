/* live/tally.c - counting; servers are found by a hash and kept by how lately they were used. */
#include "live/tally.h"

#include <stdlib.h>

#include "analyzers/rungs.h"
#include "base/hash.h"
#include "facts/wsus.h"

/* A second that lies further ahead than that was stamped by a clock that has jumped back since. */
#define JUMP INT64_C(3600)

/* Servers of updates are kept apart from all others, so that a scan of ports, or a day's web, does not push
 * them out; of these, at least so many are kept. */
enum { KEPT_OTHERS = 32, CHAINS = 512, NO_SERVER = UINT16_MAX, KNOCKS = 8 };

enum rank { RANK_OTHER, RANK_UPDATES, RANK_COUNT };

struct neighbours {
	uint16_t older, newer, chained;
	uint16_t chain;
	uint8_t rank;                   /* enum rank */
};

struct ranked {
	uint16_t oldest, newest;
	size_t count;
};

struct store {
	struct tally tally;             /* first: what others see */
	struct neighbours of[TALLY_SERVERS];
	struct ranked ranked[RANK_COUNT];
	uint16_t chains[CHAINS];
	uint16_t latest;                /* asked for last: mostly it is the next, too */
};

const int64_t tally_bounds[TALLY_BUCKETS - 1] = {
	1 * MOMENT_MS,   2500000,         5 * MOMENT_MS,   10 * MOMENT_MS, 25 * MOMENT_MS,
	50 * MOMENT_MS,  100 * MOMENT_MS, 250 * MOMENT_MS, 500 * MOMENT_MS, 1 * MOMENT_S,
	5 * MOMENT_S,    15 * MOMENT_S,   60 * MOMENT_S,
};

/* ---- times ---- */

/* Clocks that were set, and captures that were made up, wait for centuries at a time. */
static int64_t sum_of(int64_t sum, int64_t ns)
{
	return ns < INT64_MAX - sum ? sum + ns : INT64_MAX;
}

static void time_add(struct tally_times *t, int64_t ns)
{
	size_t i = 0;

	if (ns < 0)
		return;
	while (i < TALLY_BUCKETS - 1 && ns > tally_bounds[i])
		i++;
	t->in[i]++;
	t->count++;
	t->sum = sum_of(t->sum, ns);
}

static void times_merge(struct tally_times *to, const struct tally_times *from)
{
	for (size_t i = 0; i < TALLY_BUCKETS; i++)
		to->in[i] += from->in[i];
	to->count += from->count;
	to->sum = sum_of(to->sum, from->sum);
}

/* Within its bucket a time may lie anywhere; of the last nobody knows how far it goes. */
int64_t tally_share(const struct tally_times *t, double share)
{
	double wanted = share * (double)t->count, before = 0;

	if (!t->count)
		return -1;
	for (size_t i = 0; i < TALLY_BUCKETS - 1; i++) {
		double from = i ? (double)tally_bounds[i - 1] : 0, in = (double)t->in[i];

		if (in > 0 && before + in >= wanted)
			return (int64_t)(from + ((double)tally_bounds[i] - from) * (wanted - before) / in);
		before += in;
	}
	return tally_bounds[TALLY_BUCKETS - 2];
}

static void second_add(struct tally_server *s, int64_t time)
{
	int64_t second = time / MOMENT_S;
	size_t at = (size_t)((uint64_t)second % TALLY_SECONDS);

	if (s->second_of[at] > second && s->second_of[at] - second < JUMP)
		return;                 /* older than a minute: in no rate */
	if (s->second_of[at] != second) {
		s->second_of[at] = second;
		s->second[at] = 0;
	}
	s->second[at]++;
}

/* The second that `now` is in is not over, and does not count. */
double tally_rate(const struct tally_server *s, int64_t now, unsigned seconds)
{
	int64_t second = now / MOMENT_S;
	uint64_t sum = 0;

	if (!seconds || seconds > TALLY_SECONDS - 1)
		seconds = TALLY_SECONDS - 1;
	for (size_t i = 0; i < TALLY_SECONDS; i++)
		if (s->second_of[i] < second && s->second_of[i] >= second - (int64_t)seconds)
			sum += s->second[i];
	return (double)sum / seconds;
}

/* ---- servers ---- */

static void unlink_rank(struct store *s, uint16_t at)
{
	struct neighbours *n = &s->of[at];
	struct ranked *r = &s->ranked[n->rank];

	if (n->older == NO_SERVER)
		r->oldest = n->newer;
	else
		s->of[n->older].newer = n->newer;
	if (n->newer == NO_SERVER)
		r->newest = n->older;
	else
		s->of[n->newer].older = n->older;
	r->count--;
}

static void link_rank(struct store *s, uint16_t at, enum rank rank)
{
	struct neighbours *n = &s->of[at];
	struct ranked *r = &s->ranked[rank];

	n->rank = (uint8_t)rank;
	n->newer = NO_SERVER;
	n->older = r->newest;
	if (r->newest == NO_SERVER)
		r->oldest = at;
	else
		s->of[r->newest].newer = at;
	r->newest = at;
	r->count++;
}

static void unchain(struct store *s, uint16_t at)
{
	uint16_t *link = &s->chains[s->of[at].chain];

	while (*link != at)
		link = &s->of[*link].chained;
	*link = s->of[at].chained;
}

static void add_to_rest(struct tally_server *rest, const struct tally_server *s)
{
	rest->connections += s->connections;
	rest->failed_connections += s->failed_connections;
	rest->exchanges += s->exchanges;
	rest->bytes += s->bytes;
	for (size_t i = 0; i < STATUS_CLASSES; i++)
		rest->status[i] += s->status[i];
	times_merge(&rest->first_byte, &s->first_byte);
	rest->last = s->last > rest->last ? s->last : rest->last;
}

/* A place that is free, or that of who has been unused longest. */
static uint16_t make_room(struct store *s)
{
	const struct ranked *others = &s->ranked[RANK_OTHER];
	bool other = others->count > KEPT_OTHERS || s->ranked[RANK_UPDATES].oldest == NO_SERVER;
	uint16_t at;

	if (s->tally.server_count < TALLY_SERVERS)
		return (uint16_t)s->tally.server_count++;
	at = other ? others->oldest : s->ranked[RANK_UPDATES].oldest;
	add_to_rest(&s->tally.rest, &s->tally.servers[at]);
	s->tally.named_count -= s->tally.servers[at].named;
	unlink_rank(s, at);
	unchain(s, at);
	return at;
}

static uint16_t find(const struct store *s, const struct endpoint *server, uint16_t chain)
{
	uint16_t at = s->chains[chain];

	while (at != NO_SERVER && !endpoint_eq(&s->tally.servers[at].at, server))
		at = s->of[at].chained;
	return at;
}

/* Used now; its place moves to the front of its rank, or of a better one. */
static struct tally_server *server_of(struct store *s, const struct endpoint *server, enum rank rank)
{
	struct endpoint_key key;
	uint16_t chain, at = s->latest;

	if (at != NO_SERVER && s->of[at].rank >= rank && endpoint_eq(&s->tally.servers[at].at, server))
		return &s->tally.servers[at];
	key = endpoint_key(server);
	chain = (uint16_t)(hash_bytes(hash_key(), ENDPOINT_SPAN(key)) % CHAINS);
	at = find(s, server, chain);
	if (at == NO_SERVER) {
		at = make_room(s);
		s->tally.servers[at] = (struct tally_server){ .at = *server };
		s->of[at] = (struct neighbours){ .chained = s->chains[chain], .chain = chain };
		s->chains[chain] = at;
	} else {
		unlink_rank(s, at);
		rank = s->of[at].rank > rank ? s->of[at].rank : rank;
	}
	link_rank(s, at, rank);
	s->latest = at;
	return &s->tally.servers[at];
}

/* ---- names ---- */

static struct tally_server *least_busy(struct tally *t)
{
	struct tally_server *least = NULL;

	for (size_t i = 0; i < t->server_count; i++)
		if (t->servers[i].named && (!least || t->servers[i].exchanges < least->exchanges))
			least = &t->servers[i];
	return least;
}

/* A name that comes and goes is worth nothing, so who takes it from another is twice as busy; looked for at
 * each doubling. */
static void consider_name(struct tally *t, struct tally_server *server)
{
	uint64_t uses = server->exchanges ? server->exchanges : server->connections;
	struct tally_server *least;

	if (server->named || uses & (uses - 1))
		return;
	if (t->named_count < TALLY_NAMED) {
		t->named_count++;
		server->named = true;
		return;
	}
	least = least_busy(t);
	if (server->exchanges <= 2 * least->exchanges)
		return;
	least->named = false;
	server->named = true;
}

/* ---- facts ---- */

static void count_connection(struct tally_server *server, const struct connection *c)
{
	server->connections++;
	server->failed_connections += connection_failed(c);
}

static void take_connection(struct store *s, const struct connection *c, int64_t time)
{
	bool answers = c->outcome == CONNECTION_ESTABLISHED || c->outcome == CONNECTION_MIDSTREAM;
	enum rank rank = answers && wsus_port(c->server.port) ? RANK_UPDATES : RANK_OTHER;
	struct tally_server *server = server_of(s, &c->server, rank);
	int64_t took = c->rtt;

	s->tally.connections[c->outcome]++;
	count_connection(server, c);
	/* A scan of ports knocks at each door once. */
	if (answers || server->connections >= KNOCKS)
		consider_name(&s->tally, server);
	if (!server->named)
		count_connection(&s->tally.unnamed, c);
	server->last = time;
	if (c->outcome != CONNECTION_ESTABLISHED)
		return;
	/* Near the server the round trip is the longer one; where a SYN was repeated, the wait is. */
	if (c->syn_time != MOMENT_NONE && c->synack_time != MOMENT_NONE &&
	    c->synack_time - c->syn_time > took)
		took = c->synack_time - c->syn_time;
	time_add(&s->tally.connect, took);
}

_Static_assert(STATUS_1XX == 1 && STATUS_5XX == 5, "a class is its hundreds");

/* What is no status counts as what a client takes it for: 5xx (RFC 9110 section 15). */
static unsigned status_class(const struct exchange *x)
{
	if (!x->response.present || !x->status)
		return STATUS_NONE;
	return x->status >= 100 && x->status < 600 ? x->status / 100U : STATUS_5XX;
}

static void count_exchange(struct tally_server *server, const struct exchange *x, unsigned status)
{
	server->exchanges++;
	server->bytes += x->request.body.wire_bytes + x->response.body.wire_bytes;
	server->status[status]++;
	time_add(&server->first_byte, x->ttfb);
}

static void take_exchange(struct store *s, const struct exchange *x, int64_t time)
{
	enum rung_name rung = rung_of_exchange(x);
	struct tally_server *server;
	unsigned status = status_class(x);

	if (!x->request.present)
		return;
	server = server_of(s, &x->conn->server, rung == RUNG_COUNT ? RANK_OTHER : RANK_UPDATES);
	if (rung == RUNG_COUNT)
		s->tally.other_exchanges[status]++;
	else
		s->tally.exchanges[rung][status]++;
	count_exchange(server, x, status);
	consider_name(&s->tally, server);
	if (!server->named)
		count_exchange(&s->tally.unnamed, x, status);
	server->last = time;
	second_add(server, time);
	time_add(&s->tally.first_byte, x->ttfb);
}

/* Whoever left at once wanted nothing, and of one direction alone nobody knows. */
static void take_tls(struct tally *t, const struct tls_session *tls)
{
	t->tls_sessions++;
	t->tls_failed += tls->client_hello && !tls->established && !tls_left_early(tls) &&
	                 !tls->conn->one_sided;
}

static void take_lookup(struct tally *t, const struct lookup *l)
{
	t->lookups++;
	t->lookups_unanswered += !l->answered;
	if (l->answered && l->asked_seen && l->ask_time != MOMENT_NONE && l->answer_time != MOMENT_NONE)
		time_add(&t->lookup, l->answer_time - l->ask_time);
}

void tally_fact(struct tally *t, const struct fact *fact)
{
	struct store *s = (struct store *)t;

	switch (fact->kind) {
	case FACT_CONNECTION:
		take_connection(s, fact->connection, fact->time);
		break;
	case FACT_EXCHANGE:
		take_exchange(s, fact->exchange, fact->time);
		break;
	case FACT_TLS:
		take_tls(t, fact->tls);
		break;
	case FACT_ICMP:
		t->icmp++;
		break;
	case FACT_LOOKUP:
		take_lookup(t, fact->lookup);
		break;
	case FACT_LEASE:
		t->leases++;
		break;
	}
}

struct tally *tally_new(void)
{
	struct store *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	for (size_t i = 0; i < RANK_COUNT; i++)
		s->ranked[i] = (struct ranked){ NO_SERVER, NO_SERVER, 0 };
	for (size_t i = 0; i < CHAINS; i++)
		s->chains[i] = NO_SERVER;
	s->latest = NO_SERVER;
	return &s->tally;
}

void tally_free(struct tally *t)
{
	free(t);
}
