/* cli/engine.c - one engine: no global state, so two can run side by side. */
#include "cli/engine.h"

#include <stdlib.h>

#include "decoders/certs.h"
#include "decoders/coding.h"
#include "decoders/contenthash.h"
#include "decoders/http.h"
#include "decoders/icmp.h"
#include "decoders/leases.h"
#include "decoders/lookups.h"
#include "decoders/peel.h"
#include "decoders/soap.h"
#include "decoders/track.h"

static const size_t MEMORY_DEFAULT = (size_t)512 << 20;
/* The parts do not lend each other: connections would never give back what a crowd of clients needs. */
enum {
	JUDGES_EIGHTHS = 5,             /* of the memory */
	/* One part in so many is what judges give up at most for what draws on no budget.  Connections give
	 * up nothing: their records are never given back, so what is cut is what carries bytes. */
	GIVE = 4,
	RELAX = 64,                     /* one part in so many of it is given back, a look */
};
static const int64_t SET_BACK_FAR = 3600 * MOMENT_S;

struct engine {
	struct limits limits;
	struct missed missed;
	struct budget budget;
	struct budget keys_budget;      /* a share, so that a key log leaves room for connections */
	struct budget judges_budget;    /* of its own, for what they keep of each client */
	size_t judges_share;            /* their ceiling, unless memory is short */
	size_t cut;                     /* bytes that they go without, as far as they can */
	struct report_counts counts;
	struct fact_sink sink, listener;
	struct stack_context context;
	struct coding_pool *codings;
	struct http_pool *exchanges;
	struct soap_pool *soaps;
	struct contenthash *hashes;
	struct certs *certs;
	struct tlskeys *keys, *own_keys;
	uint64_t sessions[TLS_READING_COUNT];
	struct peel *peel;
	struct track *track;
	struct lookups *lookups;
	struct leases *leases;
	struct relevance_options relevance;
	struct panel *panel;
	struct panel *heir;             /* hears all, and takes its place; NULL: not yet */
	struct passage clock;
	int64_t renew, begun;           /* when, by what has elapsed, the panel or its heir began to hear */
	uint64_t turned_away;           /* so far, when the panel took over */
	uint64_t stream;
};

/* At least one of its envelopes was seen. */
static bool is_call(const struct exchange *x)
{
	const struct soap_call *call = x->soap;

	return call && (call->side[CLIENT].version || call->side[SERVER].version);
}

static void count(struct engine *e, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_CONNECTION:
	case FACT_ICMP:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	case FACT_EXCHANGE:
		e->counts.exchanges += fact->exchange->request.present;
		e->counts.soap_calls += is_call(fact->exchange);
		break;
	case FACT_TLS:
		e->counts.tls_sessions++;
		e->sessions[fact->tls->reading]++;
		break;
	}
}

static void take_fact(void *self, const struct fact *fact)
{
	struct engine *e = self;

	count(e, fact);
	/* An ICMP error goes with the connection it rejects. */
	if (fact->kind == FACT_ICMP && fact->icmp->conn)
		e->stream = fact->icmp->conn->id;
	if (fact->kind == FACT_EXCHANGE)
		contenthash_exchange(e->hashes, fact->exchange);
	panel_fact(e->panel, fact);
	if (e->heir)
		panel_fact(e->heir, fact);
	if (e->listener.take)
		fact_state(&e->listener, fact);
}

struct engine *engine_new(const struct engine_options *options)
{
	struct engine *e = calloc(1, sizeof *e);
	size_t memory = options->memory ? options->memory : MEMORY_DEFAULT;

	if (!e)
		return NULL;
	e->listener = options->listener;
	e->relevance = options->relevance;
	e->renew = options->renew;
	if (options->missed)
		e->missed = *options->missed;
	e->sink = (struct fact_sink){ e, take_fact };
	e->judges_budget.ceiling = e->judges_share = memory / 8 * JUDGES_EIGHTHS;
	e->budget.ceiling = memory - e->judges_share;
	e->keys_budget = (struct budget){ .ceiling = e->budget.ceiling / 2, .whole = &e->budget };
	e->certs = certs_new(&e->budget);
	e->own_keys = options->keys ? NULL : tlskeys_new(&e->keys_budget);
	e->keys = options->keys ? options->keys : e->own_keys;
	e->codings = coding_pool_new(&e->limits, &e->budget);
	e->exchanges = http_pool_new();
	e->hashes = contenthash_new(&e->limits, &e->budget);
	e->soaps = soap_pool_new(&e->limits, &e->budget);
	e->lookups = lookups_new(&e->sink, &e->limits, &e->budget);
	e->leases = leases_new(&e->sink);
	e->context = (struct stack_context){
		.sink = &e->sink, .limits = &e->limits, .missed = &e->missed, .budget = &e->budget,
		.all = options->relevance.all, .codings = e->codings, .exchanges = e->exchanges,
		.soaps = e->soaps, .hashes = e->hashes, .certs = e->certs, .keys = e->keys,
		.lookups = e->lookups,
	};
	e->peel = peel_new(&e->limits);
	e->track = track_new(&e->context);
	e->panel = panel_new(&options->relevance, &e->limits, &e->judges_budget);
	if (e->certs && e->keys && e->codings && e->exchanges && e->hashes && e->soaps && e->lookups &&
	    e->leases && e->peel && e->track && e->panel)
		return e;
	engine_free(e);
	return NULL;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	track_free(e->track);
	lookups_free(e->lookups);
	leases_free(e->leases);
	peel_free(e->peel);
	http_pool_free(e->exchanges);
	soap_pool_free(e->soaps);
	contenthash_free(e->hashes);
	coding_pool_free(e->codings);
	certs_free(e->certs);
	tlskeys_free(e->own_keys);
	panel_free(e->panel);
	panel_free(e->heir);
	free(e);
}

static void take_icmp(struct engine *e, const struct packet *packet)
{
	struct icmp_error error;

	if (icmp_decode(packet, &error))
		track_icmp(e->track, &error);
}

static bool is_far_back(const struct passage *clock, int64_t time)
{
	return (int64_t)((uint64_t)clock->time - (uint64_t)time) > SET_BACK_FAR;
}

/* Judges go by times, so after a clock that was set back by more than a little all that is new looks older
 * than what they know.  Of a run that goes on they begin anew. */
static void begin_anew(struct engine *e)
{
	struct panel *fresh = panel_new(&e->relevance, &e->limits, &e->judges_budget);

	if (!fresh)
		return;
	panel_free(e->heir);
	panel_free(e->panel);
	e->heir = NULL;
	e->panel = fresh;
	e->begun = e->clock.elapsed;
}

static uint64_t turned_away(const struct engine *e)
{
	return e->limits.count[LIMIT_CLIENT_CEILING] + e->limits.count[LIMIT_FINDING_CEILING];
}

/* Judges that have served their time go, once their heirs know the network; sooner, when their tables are
 * full, as whoever comes then is not seen. */
static void renew(struct engine *e)
{
	int64_t since = e->clock.elapsed - e->begun;
	bool full = turned_away(e) > e->turned_away;

	if (!e->heir && since >= (full ? e->renew / ENGINE_OVERLAP : e->renew)) {
		e->heir = panel_new(&e->relevance, &e->limits, &e->judges_budget);
		e->begun = e->clock.elapsed;
	} else if (e->heir && since >= e->renew / ENGINE_OVERLAP) {
		panel_free(e->panel);
		e->panel = e->heir;
		e->heir = NULL;
		e->turned_away = turned_away(e);
	}
}

void engine_frame(struct engine *e, const struct frame *frame)
{
	struct packet packet;

	e->counts.frames++;
	e->stream = ENGINE_NO_STREAM;
	if (e->renew && e->clock.started && is_far_back(&e->clock, frame->time))
		begin_anew(e);
	moment_pass(&e->clock, frame->time);
	if (e->renew)
		renew(e);
	if (!peel_frame(e->peel, frame, &packet))
		return;
	switch (packet.kind) {
	case PACKET_TCP:
		track_packet(e->track, &packet);
		e->stream = track_stream(e->track);
		break;
	case PACKET_ICMP:
		take_icmp(e, &packet);
		break;
	case PACKET_UDP:
		lookups_packet(e->lookups, &packet);
		leases_packet(e->leases, &packet);
		break;
	case PACKET_NONE:
		break;
	}
}

void engine_pass(struct engine *e, int64_t time)
{
	if (time <= e->clock.time)
		return;
	moment_pass(&e->clock, time);
	track_pass(e->track, time);
	lookups_pass(e->lookups, time);
}

uint64_t engine_stream(const struct engine *e)
{
	return e->stream;
}

int64_t engine_now(const struct engine *e)
{
	return e->clock.time;
}

struct engine_memory engine_memory(const struct engine *e)
{
	return (struct engine_memory){ e->budget.used, e->keys_budget.used, e->budget.ceiling,
		                        e->judges_budget.used, e->judges_budget.ceiling };
}

/* What the heap has lost to gaps comes back late, if ever: so what was too much once is gone without until
 * there is room again, and no more than that. */
void engine_hold(struct engine *e, size_t held, size_t most)
{
	size_t over = held > most ? held - most : 0;

	if (!over)
		e->cut -= (e->cut + RELAX - 1) / RELAX;
	else if (over > e->cut)
		e->cut = over;
	e->judges_budget.ceiling =
		e->judges_share - (e->cut < e->judges_share / GIVE ? e->cut : e->judges_share / GIVE);
}

void engine_check(struct engine *e, const struct check *check)
{
	panel_check(e->panel, check);
}

struct tlskeys *engine_keys(struct engine *e)
{
	return e->keys;
}

uint64_t engine_sessions(const struct engine *e, enum tls_reading reading)
{
	return e->sessions[reading];
}

void engine_limit(struct engine *e, enum limit which, uint64_t count)
{
	limit_add(&e->limits, which, count);
}

void engine_missed(struct engine *e, const struct missed_span *span)
{
	missed_note(&e->missed, span);
}

const struct missed *engine_misses(const struct engine *e)
{
	return &e->missed;
}

/* What found no room in the budget is among what was given up. */
static void count_refused(struct engine *e)
{
	limit_add(&e->limits, LIMIT_MEMORY, e->budget.refused + e->keys_budget.refused);
	e->budget.refused = e->keys_budget.refused = 0;
}

void engine_end(struct engine *e)
{
	panel_free(e->heir);
	e->heir = NULL;
	track_end(e->track);
	lookups_end(e->lookups);
	count_refused(e);
	e->counts.connections = track_connections(e->track);
	e->counts.lookups = lookups_count(e->lookups);
	panel_end(e->panel, e->clock.time, limits_quality(&e->limits, e->counts.frames) == QUALITY_POOR,
	          &e->missed);
}

struct findings *engine_findings(struct engine *e)
{
	return panel_findings(e->panel);
}

void engine_report(struct engine *e, struct report *r)
{
	count_refused(e);
	r->now = e->clock.time;
	r->counts = e->counts;
	r->limits = &e->limits;
	r->findings = panel_findings(e->panel);
	r->ladders = panel_ladders(e->panel);
	r->updates = panel_updates(e->panel);
}
