/* analyzers/interrupted.c - a server that answered refuses everyone for a while, then answers again. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "analyzers/kept.h"
#include "base/tongue.h"

enum {
	SERVERS_MAX = 1000,
	MARKS_MAX = 4096,               /* of a server; then neighbours of one sort become one */
	GRAINS_A_GAP = 10,              /* a gap is so much longer than what thinning may blur */
};

#define GRAIN_FIRST (10 * MOMENT_MS)
#define GRAIN_LAST (60 * MOMENT_S)

struct mark {                           /* the server answered, or turned somebody away */
	int64_t at;
	uint64_t frame, count;
	bool good;
};

struct timeline {                       /* of one server; facts come when they are over, so out of order */
	struct endpoint server;
	struct mark *marks;
	size_t count, room;
	int64_t grain;                  /* marks of one sort closer than this are one */
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

		if (t)
			free(t->marks);
	}
	map_release_values(&s->servers);
	free(s);
}

/* ---- the line of time ---- */

static int by_time(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->frame > y->frame) - (x->frame < y->frame);
}

static bool blurs_into(const struct timeline *t, const struct mark *first, const struct mark *next)
{
	return first->good == next->good && next->at >= first->at && next->at - first->at < t->grain;
}

/* Neighbours become one, ever coarser, until half of the room is free again.  Of a server that flips
 * at every turn the older half is forgotten: no attempt after another would make a gap there. */
static void thin(struct timeline *t)
{
	qsort(t->marks, t->count, sizeof *t->marks, by_time);
	while (t->count > MARKS_MAX / 2 && t->grain < GRAIN_LAST) {
		size_t kept = 0;

		for (size_t i = 0; i < t->count; i++)
			if (kept && blurs_into(t, &t->marks[kept - 1], &t->marks[i]))
				t->marks[kept - 1].count += t->marks[i].count;
			else
				t->marks[kept++] = t->marks[i];
		t->count = kept;
		t->grain *= 2;
	}
	if (t->count > MARKS_MAX / 2) {
		t->count -= MARKS_MAX / 2;
		memmove(t->marks, t->marks + MARKS_MAX / 2, t->count * sizeof *t->marks);
	}
}

static bool make_room(struct timeline *t)
{
	size_t room = t->room ? t->room * 2 : 16;
	struct mark *grown;

	if (t->count < t->room)
		return true;
	if (t->room == MARKS_MAX) {
		thin(t);
		return true;
	}
	grown = realloc(t->marks, room * sizeof *grown);
	if (!grown)
		return false;
	t->marks = grown;
	t->room = room;
	return true;
}

static void note(struct interrupted *s, const struct endpoint *server, struct mark mark)
{
	struct endpoint_key key = endpoint_key(server);
	struct timeline *t = kept_value(&s->servers, ENDPOINT_SPAN(key), sizeof *t, s->env.limits);

	if (!t)
		return;
	if (!t->count) {
		t->server = *server;
		t->grain = GRAIN_FIRST;
	}
	if (t->count && blurs_into(t, &t->marks[t->count - 1], &mark))
		t->marks[t->count - 1].count++;
	else if (make_room(t))
		t->marks[t->count++] = mark;
}

/* ---- what happened ---- */

static bool turned_away(const struct connection *c)
{
	bool reset = c->closed == CONNECTION_RESET_BY_SERVER || c->closed == CONNECTION_RESET_BY_MIDDLEBOX;

	return c->outcome == CONNECTION_REFUSED ||
	       (c->outcome == CONNECTION_ESTABLISHED && reset && !c->side[SERVER].bytes);
}

/* Silence and ICMP tell of the way rather than of the service. */
static void take_connection(struct interrupted *s, const struct connection *c)
{
	if (relevance_connection(s->env.relevance, c) && c->outcome != CONNECTION_UNANSWERED &&
	    c->outcome != CONNECTION_REJECTED)
		note(s, &c->server, (struct mark){ c->first_time, c->first_frame, 1, !turned_away(c) });
}

static void fact(void *self, const struct fact *f)
{
	struct interrupted *s = self;
	const struct exchange *x = f->exchange;

	if (f->kind == FACT_CONNECTION)
		take_connection(s, f->connection);
	else if (f->kind == FACT_EXCHANGE && x->response.present && relevance_exchange(s->env.relevance, x))
		note(s, &x->conn->server,
		     (struct mark){ x->response.first_time, x->response.first_frame, 1, true });
}

/* ---- the gap ---- */

static void raise_gap(struct interrupted *s, const struct timeline *t, const struct mark *first,
                      const struct mark *again, uint64_t count)
{
	char cause[CAUSE_TEXT];
	struct evidence evidence[2];

	tongue_say(cause, sizeof cause,
	         "The server answered, refused or reset everyone for %.1f s, and then answered again: "
	         "its service was restarted or stopped for a while.",
	         (double)(again->at - first->at) / (double)MOMENT_S);
	evidence[0] = evidence_at(first->frame, "first attempt that is turned away, of %llu",
	                          (unsigned long long)count);
	evidence[1] = evidence_at(again->frame, "the server answers again");
	finding_raise(s->env.findings, &(struct raise){
		.kind = FINDING_SERVICE_INTERRUPTED,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_PROBABLE,
		.server = &t->server,
		.cause = cause,
		.time = first->at,
		.until = again->at,
		.count = count,
		.evidence = evidence,
		.evidence_count = 2,
	});
}

/* Two attempts at least: a single one may have met anything. */
static void judge(struct interrupted *s, struct timeline *t)
{
	size_t i = 0;

	qsort(t->marks, t->count, sizeof *t->marks, by_time);
	while (i < t->count) {
		size_t first = i;
		uint64_t count = 0;

		if (t->marks[i].good) {
			i++;
			continue;
		}
		for (; i < t->count && !t->marks[i].good; i++)
			count += t->marks[i].count;
		if (first && i < t->count && count >= 2 &&
		    t->marks[i].at - t->marks[first].at >= GRAINS_A_GAP * t->grain)
			raise_gap(s, t, &t->marks[first], &t->marks[i], count);
	}
}

static void end(void *self, int64_t now)
{
	struct interrupted *s = self;

	(void)now;
	for (size_t i = 0; i < s->servers.count; i++) {
		struct timeline *t = s->servers.entries[i].value;

		if (t && t->count)
			judge(s, t);
	}
}

const struct analyzer analyzer_interrupted = {
	.name = "interrupted",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
