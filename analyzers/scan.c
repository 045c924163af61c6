/* analyzers/scan.c - the scans that go on: whose a call is, and when one is over. */
#include "analyzers/scan.h"

#include <stdlib.h>

#include "analyzers/relevance.h"
#include "analyzers/scanlive.h"
#include "analyzers/way.h"
#include "base/map.h"
#include "facts/wsus.h"

enum {
	WAYS_MAX = 200000,
	LIVE_MAX = 100000,              /* that go on at a time */
	BESIDE_MAX = 4,                 /* of one way: clients behind one address */
	WORDS_MAX = 200000,
};

struct scans {
	const struct relevance *relevance;
	struct limits *limits;
	struct budget *budget;          /* borrowed */
	void (*over)(void *self, const struct scan *scan);
	void *self;
	struct map ways;                /* struct way -> struct live *: its list */
	struct words words;
	struct live *oldest, *newest;   /* by their last call */
	size_t live;
	int64_t begun;                  /* the first fact's time */
	const struct exchange *asked;   /* the last exchange, and its scan */
	const struct live *answer;
};

const char *climber_name(enum climber c)
{
#define X(symbol, name) [CLIMBER_##symbol] = name,
	static const char *const names[] = { CLIMBERS(X) };
#undef X
	return names[c];
}

const char *scan_kind_name(enum scan_kind k)
{
#define X(symbol, name) [SCAN_##symbol] = name,
	static const char *const names[] = { SCAN_KINDS(X) };
#undef X
	return names[k];
}

unsigned scan_faults_kept(const struct scan *scan)
{
	return scan->fault_count < SCAN_FAULTS_KEPT ? scan->fault_count : SCAN_FAULTS_KEPT;
}

enum climber climber_of(const struct exchange *x)
{
	switch (wsus_exchange_place(x)) {
	case WSUS_SERVER_SYNC:
	case WSUS_DSS_AUTH:
		return CLIMBER_DOWNSTREAM;
	case WSUS_API:
		return CLIMBER_CONSOLE;
	default:
		break;
	}
	switch (wsus_exchange_method(x)) {
	case METHOD_GET_ROLLUP_CONFIGURATION:
	case METHOD_ROLLUP_DOWNSTREAM_SERVERS:
	case METHOD_ROLLUP_COMPUTERS:
	case METHOD_GET_OUT_OF_SYNC_COMPUTERS:
	case METHOD_ROLLUP_COMPUTER_STATUS:
		return CLIMBER_DOWNSTREAM;
	default:
		return CLIMBER_CLIENT;
	}
}

struct scans *scans_new(const struct relevance *relevance, struct limits *limits, struct budget *budget,
                        void (*over)(void *self, const struct scan *scan), void *self)
{
	struct scans *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->relevance = relevance;
	s->limits = limits;
	s->budget = budget;
	s->over = over;
	s->self = self;
	s->begun = MOMENT_NONE;
	map_init_on(&s->ways, WAYS_MAX, budget);
	words_init(&s->words, WORDS_MAX, budget);
	return s;
}

static void free_live(struct scans *s, struct live *l)
{
	free(l->scan.faults);
	budget_free(s->budget, l, sizeof *l);
}

void scans_free(struct scans *s)
{
	if (!s)
		return;
	for (struct live *l = s->oldest, *next; l; l = next) {
		next = l->after;
		free_live(s, l);
	}
	/* Each way's list hangs on a pointer of its own. */
	map_release_values(&s->ways);
	words_release(&s->words);
	free(s);
}

/* ---- the order by last calls ---- */

static void unchain(struct scans *s, struct live *l)
{
	*(l->before ? &l->before->after : &s->oldest) = l->after;
	*(l->after ? &l->after->before : &s->newest) = l->before;
	l->before = l->after = NULL;
}

static void chain(struct scans *s, struct live *l)
{
	l->before = s->newest;
	*(s->newest ? &s->newest->after : &s->oldest) = l;
	s->newest = l;
}

/* ---- ending ---- */

static void end_scan(struct scans *s, struct live *l)
{
	struct live **at = l->of;

	while (*at != l)
		at = &(*at)->beside;
	*at = l->beside;
	unchain(s, l);
	s->live--;
	scan_close(l);
	if (s->over)
		s->over(s->self, &l->scan);
	if (s->answer == l)
		s->answer = NULL;
	free_live(s, l);
}

static void end_quiet(struct scans *s, int64_t now)
{
	while (s->oldest && now - s->oldest->scan.last > SCAN_QUIET)
		end_scan(s, s->oldest);
}

/* ---- whose a call is ---- */

static struct live **list_of(struct scans *s, const struct exchange *x, uint16_t port, enum climber climber,
                             bool make)
{
	struct span host = x->via_proxy ? way_host(x) : span_of(NULL, 0);
	struct endpoint server = { x->conn->server.addr, port };
	struct way way = way_of(&x->conn->client.addr, &server, host, climber);
	const struct map_entry *e;

	if (make)
		return map_value(&s->ways, WAY_SPAN(way), sizeof(struct live *));
	e = map_find(&s->ways, WAY_SPAN(way));
	return e ? e->value : NULL;
}

/* Of those that go on there: the one of the call's base, else of its cookie, its connection, else the one
 * that was asked last. */
static struct live *find_scan(struct live *list, const struct call_marks *m)
{
	for (struct live *l = list; m->vector && l; l = l->beside)
		if (l->vector == m->vector)
			return l;
	for (struct live *l = list; m->cookie && l; l = l->beside)
		if (l->cookie == m->cookie)
			return l;
	for (struct live *l = list; l; l = l->beside)
		if (l->scan.stream == m->stream)
			return l;
	return list;
}

/* Files are asked for on a port of their own (WUSP 2.1: 80 beside 443, else the port below). */
static struct live *find_by_other_port(struct scans *s, const struct exchange *x, const struct call_marks *m)
{
	uint16_t port = x->conn->server.port;
	const uint16_t others[] = { (uint16_t)(port + 1), (uint16_t)(port - 1), 443, 80 };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct live **list = list_of(s, x, others[i], CLIMBER_CLIENT, false);

		if (list && *list)
			return find_scan(*list, m);
	}
	return NULL;
}

static size_t count_beside(const struct live *l)
{
	size_t count = 0;

	for (; l; l = l->beside)
		count++;
	return count;
}

static struct live *last_beside(struct live *l)
{
	while (l->beside)
		l = l->beside;
	return l;
}

static struct live *begin(struct scans *s, const struct exchange *x, const struct call_marks *m)
{
	/* Who has been seen to scan there has not begun before the capture. */
	bool known = list_of(s, x, x->conn->server.port, climber_of(x), false) != NULL;
	struct live **list = list_of(s, x, x->conn->server.port, climber_of(x), true);
	struct live *l;

	/* Those that have been quiet longest make room; this one's way is no part of them. */
	while (list && s->oldest && !budget_has(s->budget, sizeof *l))
		end_scan(s, s->oldest);
	l = list ? budget_alloc(s->budget, sizeof *l) : NULL;
	if (!l) {
		limit_add(s->limits, LIMIT_CLIENT_CEILING, 1);
		return NULL;
	}
	if (count_beside(*list) >= BESIDE_MAX) {
		last_beside(*list)->scan.replaced = true;
		end_scan(s, last_beside(*list));
	}
	if (s->live >= LIVE_MAX)
		end_scan(s, s->oldest);
	scan_begin(l, x, m, known || m->time - s->begun > scan_gap(climber_of(x)));
	l->of = list;
	l->beside = *list;
	*list = l;
	s->live++;
	chain(s, l);
	return l;
}

static void come_first(struct live *l)
{
	struct live **at = l->of;

	while (*at != l)
		at = &(*at)->beside;
	*at = l->beside;
	l->beside = *l->of;
	*l->of = l;
}

static struct live *scan_for(struct scans *s, const struct exchange *x, const struct call_marks *m)
{
	struct live **list = list_of(s, x, x->conn->server.port, climber_of(x), false);
	struct live *l = list ? find_scan(*list, m) : NULL;

	if (scan_is_followed_by(m))
		return l || m->rung != RUNG_CONTENT ? l : find_by_other_port(s, x, m);
	if (!l)
		return begin(s, x, m);
	if (!scan_begins_anew(l, m))
		return l;
	/* Unless it does go on after all. */
	l->scan.replaced = m->time - l->scan.last <= scan_gap(l->scan.climber);
	if (!scan_goes_on_beside(l, m))
		end_scan(s, l);
	return begin(s, x, m);
}

static bool is_of_a_scan(const struct scans *s, const struct exchange *x, const struct call_marks *m)
{
	if (!x->request.present || !relevance_exchange(s->relevance, x) || m->method == METHOD_PING)
		return false;
	return m->method != METHOD_UNKNOWN || m->rung == RUNG_SELFUPDATE || m->rung == RUNG_CONTENT;
}

void scans_fact(struct scans *s, const struct fact *fact)
{
	const struct exchange *x = fact->kind == FACT_EXCHANGE ? fact->exchange : NULL;
	struct call_marks m;
	struct live *l;

	s->asked = x;
	s->answer = NULL;
	if (s->begun == MOMENT_NONE)
		s->begun = fact->time;
	end_quiet(s, fact->time);
	if (!x)
		return;
	m = call_marks_of(x);
	l = is_of_a_scan(s, x, &m) ? scan_for(s, x, &m) : NULL;
	if (!l)
		return;
	scan_take(l, x, &m, &s->words);
	if (!l->scan.host[0])
		l->scan.host = words_keep(&s->words, way_host(x));
	unchain(s, l);
	chain(s, l);
	come_first(l);
	s->answer = l;
}

void scans_end(struct scans *s, int64_t now)
{
	for (struct live *l = s->oldest, *next; l; l = next) {
		next = l->after;
		l->scan.cut = now - l->scan.last < scan_gap(l->scan.climber);
		end_scan(s, l);
	}
}

const struct scan *scans_of(const struct scans *s, const struct exchange *x)
{
	return s->asked == x && s->answer ? &s->answer->scan : NULL;
}
