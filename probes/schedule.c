/* probes/schedule.c - which step runs when.
 *
 * Steps are numbers into arrays of the run.  A step counts what it still waits for; whoever ends goes through
 * those that wait for it.  Starting and skipping happens in turns of the loop, never within step_end, so that
 * no chain of steps nests.
 */
#include "probes/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/map.h"
#include "base/tongue.h"

enum {
	AT_ONCE = 256,          /* steps that work ... */
	LIGHT_AT_ONCE = 1024,   /* ... and that only wait */
	SPARE_SOCKETS = 32,     /* files, name servers, curl's own */
};

#define TIMEOUT (120 * MOMENT_S)
#define SLACK   (2 * MOMENT_S)          /* a step's own limits end it before this */
#define ROUND   (MOMENT_S / 4)

#define NONE UINT32_MAX

enum lane_name { WORKS, WAITS, LANES };

struct seat {
	uint32_t group;
	uint32_t waits_for;     /* steps that have not ended */
	uint32_t dependents;    /* the first in `edges`; the next seat's is behind the last */
	uint32_t next;          /* that is ready in the same group */
	uint32_t place;         /* in `under_way` */
	bool rests;
};

/* Ready steps of one site, in their order, for one lane. */
struct queue {
	uint32_t first, last;
	uint32_t next;          /* group that has its turn after this one */
};

struct lane {
	uint32_t first, last;   /* groups with something ready */
	size_t running, most;
};

struct schedule {
	struct plan *plan;
	void (*ended)(void *self, const struct check *check);
	void *self;
	struct seat *seats;     /* one more than steps */
	uint32_t *edges;
	struct queue *groups[LANES];
	struct lane lanes[LANES];
	uint32_t *under_way;    /* started and not ended, resting ones too */
	size_t under_way_count, resting;
	uint32_t *over;         /* ended, in that order; up to `heard` their dependents know */
	size_t over_count, heard;
	size_t sockets, most_sockets, most;
	struct loop_timer turn, guard, end;
	bool refusing;          /* nothing starts any more */
};

static enum lane_name lane_of(const struct step *s)
{
	return s->kind->light ? WAITS : WORKS;
}

static size_t sockets_of(const struct step *s)
{
	return s->kind->sockets ? s->kind->sockets : FETCH_SOCKETS;
}

static void turn_soon(struct schedule *c)
{
	loop_set(c->plan->loop, &c->turn, loop_now(c->plan->loop));
}

/* ---- ready steps ---- */

static void join_ring(struct schedule *c, enum lane_name l, uint32_t group)
{
	struct lane *lane = &c->lanes[l];

	c->groups[l][group].next = NONE;
	if (lane->first == NONE)
		lane->first = group;
	else
		c->groups[l][lane->last].next = group;
	lane->last = group;
}

/* Behind those of the same site that stand before it in the plan. */
static void make_ready(struct schedule *c, uint32_t n)
{
	enum lane_name l = lane_of(c->plan->steps[n]);
	uint32_t group = c->seats[n].group;
	struct queue *q = &c->groups[l][group];
	uint32_t before = q->last;

	if (q->first == NONE)
		join_ring(c, l, group);
	if (before == NONE || before > n) {
		before = NONE;
		for (uint32_t at = q->first; at != NONE && at < n; at = c->seats[at].next)
			before = at;
	}
	c->seats[n].next = before == NONE ? q->first : c->seats[before].next;
	if (before == NONE)
		q->first = n;
	else
		c->seats[before].next = n;
	if (c->seats[n].next == NONE)
		q->last = n;
}

/* The group goes to the end of the ring: the others come first. */
static uint32_t take_ready(struct schedule *c, enum lane_name l)
{
	struct lane *lane = &c->lanes[l];
	uint32_t group = lane->first;
	struct queue *q = &c->groups[l][group];
	uint32_t n = q->first;

	lane->first = q->next;
	if (lane->first == NONE)
		lane->last = NONE;
	q->first = c->seats[n].next;
	if (q->first == NONE)
		q->last = NONE;
	else
		join_ring(c, l, group);
	return n;
}

/* ---- how steps end ---- */

static void leave(struct schedule *c, uint32_t n)
{
	struct step *s = c->plan->steps[n];
	uint32_t moved = c->under_way[--c->under_way_count];

	c->under_way[c->seats[n].place] = moved;
	c->seats[moved].place = c->seats[n].place;
	c->sockets -= sockets_of(s);
	if (c->seats[n].rests)
		c->resting--;
	else
		c->lanes[lane_of(s)].running--;
	s->running = false;
	c->plan->running--;
}

void schedule_step_ended(struct schedule *c, struct step *s)
{
	if (s->running)
		leave(c, s->told.number);
	c->over[c->over_count++] = s->told.number;
	if (c->ended)
		c->ended(c->self, &s->told);
	turn_soon(c);
}

void schedule_step_rests(struct schedule *c, struct step *s)
{
	struct seat *seat = &c->seats[s->told.number];

	if (!s->running || seat->rests)
		return;
	seat->rests = true;
	c->resting++;
	c->lanes[lane_of(s)].running--;
	turn_soon(c);
}

static void hear(struct schedule *c, const struct step *ended)
{
	struct seat *seats = c->seats;
	uint32_t n = ended->told.number;

	for (uint32_t e = seats[n].dependents; e < seats[n + 1].dependents; e++) {
		struct step *s = c->plan->steps[c->edges[e]];

		if (s->ended || s->running)
			continue;
		seats[c->edges[e]].waits_for--;
		if (!s->lenient && !step_well(ended))
			step_skip(s, ended);
		else if (!seats[c->edges[e]].waits_for)
			make_ready(c, c->edges[e]);
	}
}

/* ---- starting ---- */

static bool room_for(const struct schedule *c, const struct step *s)
{
	const struct lane *lane = &c->lanes[lane_of(s)];
	size_t running = c->under_way_count - c->resting;

	if (!running)
		return true;
	return running < c->most && lane->running < lane->most &&
	       c->sockets + sockets_of(s) <= c->most_sockets;
}

static void begin(struct schedule *c, uint32_t n)
{
	struct step *s = c->plan->steps[n];

	if (s->proxy && s->proxy->script && s->proxy->script != s && s->proxy->direct) {
		step_end(s, CHECK_SKIPPED, "%s: no proxy for this", s->proxy->origin);
		return;
	}
	s->told.began = loop_clock(c->plan->loop);
	s->running = true;
	c->plan->running++;
	c->seats[n].place = (uint32_t)c->under_way_count;
	c->under_way[c->under_way_count++] = n;
	c->sockets += sockets_of(s);
	c->lanes[lane_of(s)].running++;
	s->kind->start(s);
}

static void fill_lane(struct schedule *c, enum lane_name l)
{
	while (c->lanes[l].first != NONE) {
		uint32_t n = c->groups[l][c->lanes[l].first].first;

		if (!c->plan->steps[n]->ended && !room_for(c, c->plan->steps[n]))
			break;
		take_ready(c, l);
		if (!c->plan->steps[n]->ended)
			begin(c, n);
	}
}

static void cut_short(struct step *s, const char *reason)
{
	if (s->ended)
		return;
	s->told.cut = true;
	step_end(s, CHECK_SKIPPED, "%s", reason);
}

/* Ends all that has not ended: what runs is stopped where it stands. */
static void refuse_rest(struct schedule *c, const char *reason)
{
	struct plan *p = c->plan;

	c->refusing = p->stopping = true;
	while (c->under_way_count) {
		struct step *s = p->steps[c->under_way[0]];

		if (s->kind->stop)
			s->kind->stop(s);
		s->told.unjudged = true;        /* half a talk proves nothing */
		cut_short(s, reason);
	}
	for (size_t i = 0; i < p->step_count; i++)
		cut_short(p->steps[i], reason);
}

static void take_turn(void *self)
{
	struct schedule *c = self;
	struct plan *p = c->plan;

	while (!c->refusing && c->heard < c->over_count)
		hear(c, p->steps[c->over[c->heard++]]);
	for (enum lane_name l = WORKS; l < LANES && !c->refusing; l++)
		fill_lane(c, l);
	if (!c->under_way_count && c->heard == c->over_count && p->done < p->step_count)
		refuse_rest(c, _("what it needs never ends"));
	if (p->done == p->step_count)
		loop_end(p->loop);
}

/* Steps keep to their time by themselves; whichever does not must not keep the others waiting. */
static void look_after(void *self)
{
	struct schedule *c = self;
	struct plan *p = c->plan;
	int64_t now = loop_now(p->loop);

	for (size_t i = c->under_way_count; i-- > 0;) {
		struct step *s = i < c->under_way_count ? p->steps[c->under_way[i]] : NULL;
		int64_t limit;

		if (!s || c->seats[s->told.number].rests)
			continue;
		limit = step_timeout(s);
		if (now - s->told.began < limit + SLACK)
			continue;
		if (s->kind->stop)
			s->kind->stop(s);
		step_end(s, CHECK_FAILED, "took longer than %.3g s", (double)limit / MOMENT_S);
	}
	loop_set(p->loop, &c->guard, now + ROUND);
}

static int64_t whole_time(const struct plan *p)
{
	return p->options->timeout ? p->options->timeout : TIMEOUT;
}

static void time_over(void *self)
{
	struct schedule *c = self;
	char reason[80];

	tongue_say(reason, sizeof reason, "stopped: the time for all checks, %.4g s, is over",
	         (double)whole_time(c->plan) / MOMENT_S);
	refuse_rest(c, reason);
}

/* ---- the run ---- */

/* As many descriptors as the system lets us have: each connection takes one. */
static size_t raise_descriptors(void)
{
	struct rlimit limit;
	size_t spare;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return AT_ONCE;
	if (limit.rlim_cur < limit.rlim_max) {
		struct rlimit more = { limit.rlim_max, limit.rlim_max };

		if (!setrlimit(RLIMIT_NOFILE, &more))
			limit = more;
	}
	spare = limit.rlim_cur / 4 < SPARE_SOCKETS ? (size_t)limit.rlim_cur / 4 : SPARE_SOCKETS;
	return (size_t)limit.rlim_cur - spare;
}

/* Steps of one site take turns with those of the others; so do a proxy's own, and all that are of neither. */
static bool group_steps(struct schedule *c, size_t *groups)
{
	struct plan *p = c->plan;
	struct map known;
	bool good = true;

	map_init(&known, p->step_count + 1);
	for (size_t i = 0; i < p->step_count && good; i++) {
		const struct step *s = p->steps[i];
		const void *of = s->site ? (const void *)s->site : (const void *)s->proxy;
		struct map_entry *e = map_put(&known, span_of(&of, sizeof of));

		good = e;
		if (e && !e->value)
			e->value = c->seats + known.count - 1;
		if (e)
			c->seats[i].group = (uint32_t)((struct seat *)e->value - c->seats);
	}
	*groups = known.count;
	map_release(&known);
	return good;
}

static bool link_needs(struct schedule *c)
{
	struct plan *p = c->plan;
	struct seat *seats = c->seats;
	uint32_t total = 0;

	for (size_t i = 0; i < p->step_count; i++)
		for (unsigned k = 0; k < p->steps[i]->need_count; k++)
			seats[p->steps[i]->needs[k]->told.number].dependents++;
	for (size_t i = 0; i <= p->step_count; i++) {
		total += seats[i].dependents;
		seats[i].dependents = total;
	}
	c->edges = calloc(total + 1u, sizeof *c->edges);
	for (size_t i = p->step_count; c->edges && i-- > 0;)
		for (unsigned k = 0; k < p->steps[i]->need_count; k++)
			c->edges[--seats[p->steps[i]->needs[k]->told.number].dependents] = (uint32_t)i;
	return c->edges;
}

static bool make_lanes(struct schedule *c, size_t groups)
{
	unsigned given = c->plan->options->parallel;

	for (size_t l = 0; l < LANES; l++) {
		c->groups[l] = calloc(groups + 1, sizeof **c->groups);
		if (!c->groups[l])
			return false;
		for (size_t g = 0; g < groups; g++)
			c->groups[l][g] = (struct queue){ NONE, NONE, NONE };
		c->lanes[l] = (struct lane){ .first = NONE, .last = NONE, .most = SIZE_MAX };
	}
	if (!given)
		c->lanes[WORKS].most = AT_ONCE;
	c->most = given ? given : AT_ONCE + LIGHT_AT_ONCE;
	c->most_sockets = raise_descriptors();
	return true;
}

static bool prepare(struct schedule *c)
{
	struct plan *p = c->plan;
	size_t groups = 0;

	c->seats = calloc(p->step_count + 1, sizeof *c->seats);
	c->under_way = calloc(p->step_count + 1, sizeof *c->under_way);
	c->over = calloc(p->step_count + 1, sizeof *c->over);
	return c->seats && c->under_way && c->over && group_steps(c, &groups) && link_needs(c) &&
	       make_lanes(c, groups);
}

/* Some have ended while the plan was made. */
static void line_up(struct schedule *c)
{
	struct plan *p = c->plan;

	for (size_t i = 0; i < p->step_count; i++)
		c->seats[i].waits_for = p->steps[i]->need_count;
	for (size_t i = 0; i < p->step_count; i++) {
		if (p->steps[i]->ended)
			schedule_step_ended(c, p->steps[i]);
		else if (!c->seats[i].waits_for)
			make_ready(c, (uint32_t)i);
	}
}

static void run(struct schedule *c, const volatile sig_atomic_t *stopped)
{
	struct plan *p = c->plan;
	int64_t now = loop_clock(p->loop);

	line_up(c);
	turn_soon(c);
	loop_set(p->loop, &c->guard, now + ROUND);
	loop_set(p->loop, &c->end, now + whole_time(p));
	while (!*stopped && p->done < p->step_count)
		loop_run(p->loop);
	if (p->done < p->step_count)
		refuse_rest(c, "interrupted");
	loop_clear(p->loop, &c->turn);
	loop_clear(p->loop, &c->guard);
	loop_clear(p->loop, &c->end);
}

void schedule_run(struct plan *p, const volatile sig_atomic_t *stopped,
                  void (*ended)(void *self, const struct check *check), void *self)
{
	struct schedule c = {
		.plan = p,
		.ended = ended,
		.self = self,
		.turn = { .fired = take_turn, .self = &c },
		.guard = { .fired = look_after, .self = &c },
		.end = { .fired = time_over, .self = &c },
	};

	if (prepare(&c)) {
		p->schedule = &c;
		run(&c, stopped);
		p->schedule = NULL;
	} else {
		for (size_t i = 0; i < p->step_count; i++)
			step_end(p->steps[i], CHECK_SKIPPED, "out of memory");
	}
	for (size_t l = 0; l < LANES; l++)
		free(c.groups[l]);
	free(c.seats);
	free(c.edges);
	free(c.under_way);
	free(c.over);
}
