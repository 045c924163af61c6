/* analyzers/interrupted.c - a server that answered refuses everyone for a while, then answers again. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "base/map.h"

enum { SERVERS_MAX = 2000, MOMENTS_MAX = 4096 };

struct moments {                        /* when something happened, in order of time once sorted */
	int64_t *at;
	size_t count, room;
};

struct timeline {                       /* of one server */
	struct endpoint server;
	struct moments good, bad;
	uint64_t first_bad_frame;
};

struct interrupted {
	struct analyzer_env env;
	struct map servers;             /* endpoint -> struct timeline */
};

static void *create(const struct analyzer_env *env)
{
	struct interrupted *s = calloc(1, sizeof *s);

	if (s) {
		s->env = *env;
		map_init(&s->servers, SERVERS_MAX);
	}
	return s;
}

static void destroy(void *self)
{
	struct interrupted *s = self;

	for (size_t i = 0; i < s->servers.count; i++) {
		struct timeline *t = s->servers.entries[i].value;

		if (t) {
			free(t->good.at);
			free(t->bad.at);
		}
	}
	map_release_values(&s->servers);
	free(s);
}

static void note(struct interrupted *s, struct moments *m, int64_t at)
{
	if (m->count == m->room && m->room < MOMENTS_MAX) {
		size_t room = m->room ? m->room * 2 : 16;
		int64_t *grown = realloc(m->at, room * sizeof *grown);

		if (grown) {
			m->at = grown;
			m->room = room;
		}
	}
	if (m->count < m->room)
		m->at[m->count++] = at;
	else
		limit_add(s->env.limits, LIMIT_FINDING_CEILING, 1);
}

static struct timeline *timeline_of(struct interrupted *s, const struct endpoint *server)
{
	struct endpoint_key key = endpoint_key(server);
	struct timeline *t = map_value(&s->servers, ENDPOINT_SPAN(key), sizeof *t);

	if (t)
		t->server = *server;
	return t;
}

static bool was_reset(const struct connection *c)
{
	return c->closed == CONNECTION_RESET_BY_SERVER || c->closed == CONNECTION_RESET_BY_MIDDLEBOX;
}

static void take_connection(struct interrupted *s, const struct connection *c)
{
	struct timeline *t;
	bool refused = c->outcome == CONNECTION_REFUSED;
	bool shot = c->outcome == CONNECTION_ESTABLISHED && was_reset(c) && !c->side[SERVER].bytes;

	if (!relevance_connection(s->env.relevance, c) || c->outcome == CONNECTION_UNANSWERED ||
	    c->outcome == CONNECTION_REJECTED)
		return;
	t = timeline_of(s, &c->server);
	if (!t)
		return;
	if (!refused && !shot) {
		note(s, &t->good, c->first_time);
		return;
	}
	note(s, &t->bad, c->first_time);
	if (!t->first_bad_frame || c->first_frame < t->first_bad_frame)
		t->first_bad_frame = c->first_frame;
}

static void fact(void *self, const struct fact *f)
{
	struct interrupted *s = self;
	const struct exchange *x = f->exchange;
	struct timeline *t;

	if (f->kind == FACT_CONNECTION)
		take_connection(s, f->connection);
	if (f->kind != FACT_EXCHANGE || !x->response.present || !relevance_exchange(s->env.relevance, x))
		return;
	t = timeline_of(s, &x->conn->server);
	if (t)
		note(s, &t->good, x->response.first_time);
}

/* ---- the gap ---- */

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The last moment before, and the first after, a point in time; MOMENT_NONE where there is none. */
static void neighbours(const struct moments *m, int64_t at, int64_t *before, int64_t *after)
{
	*before = *after = MOMENT_NONE;
	for (size_t i = 0; i < m->count; i++) {
		if (m->at[i] <= at)
			*before = m->at[i];
		else if (*after == MOMENT_NONE)
			*after = m->at[i];
	}
}

static void raise_gap(struct interrupted *s, const struct timeline *t, int64_t first, int64_t last,
                      size_t count)
{
	char cause[CAUSE_TEXT];
	struct evidence evidence = evidence_at(t->first_bad_frame, "first refused attempt");

	snprintf(
		cause, sizeof cause,
		"The server answered, refused or reset everyone for %.1f s, and then answered again: "
		"its service was restarted or stopped for a while.",
		(double)(last - first) / (double)MOMENT_S);
	finding_raise(s->env.findings, &(struct raise){
		.kind = FINDING_SERVICE_INTERRUPTED,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_PROBABLE,
		.server = &t->server,
		.cause = cause,
		.time = first,
		.until = last,
		.count = count,
		.evidence = &evidence,
		.evidence_count = 1,
	});
}

static void judge(struct interrupted *s, struct timeline *t)
{
	size_t i = 0;

	if (t->good.count < 2 || t->bad.count < 2)
		return;
	qsort(t->good.at, t->good.count, sizeof(int64_t), by_time);
	qsort(t->bad.at, t->bad.count, sizeof(int64_t), by_time);
	while (i < t->bad.count) {
		size_t first = i;
		int64_t before, after;

		neighbours(&t->good, t->bad.at[first], &before, &after);
		while (i < t->bad.count && (after == MOMENT_NONE || t->bad.at[i] < after))
			i++;
		if (before != MOMENT_NONE && after != MOMENT_NONE && i - first >= 2)
			raise_gap(s, t, t->bad.at[first], t->bad.at[i - 1], i - first);
	}
}

static void end(void *self, int64_t now)
{
	struct interrupted *s = self;

	(void)now;
	for (size_t i = 0; i < s->servers.count; i++)
		if (s->servers.entries[i].value)
			judge(s, s->servers.entries[i].value);
}

const struct analyzer analyzer_interrupted = { "interrupted", create, destroy, fact, end };
