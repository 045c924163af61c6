/* decoders/httpqueue.c - pairing, also where the capture has holes.
 *
 * A half that has begun is being read, and only its reader ends it: until then its exchange stays.  The queue
 * ends those that have not begun: it stops waiting for them (see dismiss).
 *
 * A hole is known only once the bytes behind it have waited for it: meanwhile the other side went on.  So
 * what is told now may be older than what was told before, and after a hole times say who answers whom.
 */
#include "decoders/httpqueue.h"

/* Mirrored ports may show an answer before its request, by this much. */
static const int64_t EARLY_MAX = 50 * MOMENT_MS;

static void limit(const struct httpqueue *q, enum limit which)
{
	limit_add(q->env->context->limits, which, 1);
}

static struct pending *pop(struct httpqueue *q)
{
	struct pending *p = q->first;

	q->first = p->next;
	if (!q->first)
		q->last = NULL;
	q->count--;
	return p;
}

void httpqueue_release(struct httpqueue *q)
{
	while (q->first)
		pending_free(q->env->context->exchanges, pop(q));
}

static bool is_full(const struct httpqueue *q)
{
	return q->first && q->count >= pending_share(q->env->context->exchanges);
}

static struct pending *append(struct httpqueue *q)
{
	struct pending *p = pending_new(q->env->context->exchanges, q->env);

	if (!p) {
		limit(q, LIMIT_MEMORY);
		return NULL;
	}
	p->next = NULL;
	if (q->last)
		q->last->next = p;
	else
		q->first = p;
	q->last = p;
	q->count++;
	p->x.number = q->numbered++;
	return p;
}

static void state(const struct httpqueue *q, struct pending *p, struct mark mark)
{
	struct fact fact = { .kind = FACT_EXCHANGE, .time = mark.time, .frame = mark.frame };

	if (!p->x.request.present && !p->x.response.present)
		return;
	for (enum side from = CLIENT; from <= SERVER; from++)
		if (p->body[from].message)
			pending_end(p, from, false, q->env->context);
	if (p->x.response.present)
		p->x.answered_by = answerer_of(&p->x);
	fact.exchange = &p->x;
	fact_state(q->env->context->sink, &fact);
}

void httpqueue_settle(struct httpqueue *q, struct mark mark)
{
	while (q->first && q->first->done[CLIENT] && q->first->done[SERVER]) {
		struct pending *p = pop(q);

		state(q, p, mark);
		pending_free(q->env->context->exchanges, p);
	}
}

/* It waits for that half, which may still begin. */
static bool waits_for(struct pending *p, enum side from)
{
	return !pending_message(p, from)->present && !p->done[from];
}

struct pending *httpqueue_waiting(const struct httpqueue *q)
{
	struct pending *p = q->first;

	while (p && !waits_for(p, SERVER))
		p = p->next;
	return p;
}

/* That half will not begin any more. */
static void dismiss(struct pending *p, enum side from)
{
	if (waits_for(p, from))
		p->done[from] = true;
}

void httpqueue_forget(struct pending *p)
{
	p->x.request.present = false;
	dismiss(p, CLIENT);
	dismiss(p, SERVER);
}

/* Its answer is in a hole, or will not be told from others'. */
static void give_up(struct pending *p)
{
	if (waits_for(p, SERVER))
		p->x.end = EXCHANGE_LOST;
	dismiss(p, CLIENT);
	dismiss(p, SERVER);
}

void httpqueue_lost(struct httpqueue *q, enum side from)
{
	if (from == SERVER) {
		q->answers_lost = true;
		return;
	}
	q->requests_lost = true;
	q->asked_before = q->numbered;
}

/* True: the request that begins now is the one that this answer, which came first, is for. */
static bool belongs_to_early(const struct httpqueue *q, const struct pending *p, int64_t time)
{
	int64_t late = q->requests_lost ? 0 : EARLY_MAX;

	return p->x.status != 408 && time - p->x.response.first_time <= late;
}

/* The oldest answer without a request that this one may have asked for.  Those before it stay alone. */
static struct pending *early_answer(struct httpqueue *q, int64_t time)
{
	for (struct pending *p = q->first; p; p = p->next) {
		if (!waits_for(p, CLIENT))
			continue;
		if (belongs_to_early(q, p, time)) {
			q->requests_lost = false;
			return p;
		}
		dismiss(p, CLIENT);
	}
	return NULL;
}

struct pending *httpqueue_ask(struct httpqueue *q, bool answering, struct mark mark)
{
	struct pending *last = q->last, *early = early_answer(q, mark.time);

	q->asked = true;
	if (early)
		return early;
	/* Whoever does not pipeline has the answers to all that it asked before. */
	if (q->answers_lost && !q->pipelines && !answering) {
		for (struct pending *p = q->first; p; p = p->next)
			give_up(p);
		q->answers_lost = false;
	}
	if (last && last->done[CLIENT] && !last->x.response.present &&
	    last->x.request.last_frame == mark.frame)
		q->pipelines = true;
	if (is_full(q)) {
		limit(q, LIMIT_PIPELINE_CEILING);
		if (q->first->x.response.present)
			return NULL;
		give_up(q->first);
	}
	httpqueue_settle(q, mark);
	return append(q);
}

/* After a hole among the answers: the request that this one answers.  Of one that pipelines nobody knows,
 * nor how many answers will be missing in the end. */
static struct pending *after_hole(struct httpqueue *q, struct pending *oldest, int64_t time)
{
	struct pending *found = oldest;

	if (q->pipelines)
		return oldest;
	q->answers_lost = false;
	for (struct pending *p = oldest->next; p; p = p->next)
		if (waits_for(p, SERVER) && p->x.request.first_time <= time)
			found = p;
	for (struct pending *p = oldest; p && p != found; p = p->next)
		give_up(p);
	return found;
}

/* An answer to nobody: its request was not captured, or will be shown late. */
static struct pending *alone(struct httpqueue *q, bool early, struct mark mark)
{
	struct pending *p;

	if (is_full(q) && q->first->x.response.present)
		dismiss(q->first, CLIENT);
	httpqueue_settle(q, mark);
	if (is_full(q)) {
		limit(q, LIMIT_PIPELINE_CEILING);
		return NULL;
	}
	p = append(q);
	if (!p)
		return NULL;
	p->done[CLIENT] = !early;
	return p;
}

/* A request was lost, or its exchange given up for lost, and this is its answer: it began before what waits
 * was asked. */
static bool is_older(const struct httpqueue *q, const struct pending *waiting, int64_t time)
{
	bool lost = q->answers_lost || (q->requests_lost && waiting->x.number >= q->asked_before);

	return lost && !q->pipelines && time < waiting->x.request.first_time;
}

struct pending *httpqueue_answer(struct httpqueue *q, struct mark mark)
{
	struct pending *p = httpqueue_waiting(q);

	if (!p)
		return alone(q, (q->asked || !q->env->joined) && !q->env->place.conn->one_sided, mark);
	if (is_older(q, p, mark.time))
		return alone(q, false, mark);
	if (p->x.number >= q->asked_before)
		q->requests_lost = false;
	if (q->answers_lost)
		return after_hole(q, p, mark.time);
	if (p->next && p->done[CLIENT] && p->next->x.request.first_time < mark.time)
		q->pipelines = true;
	return p;
}

/* Why an exchange that has no whole answer will never have one. */
static enum exchange_end end_of(const struct httpqueue *q, const struct pending *p, enum exchange_end cause)
{
	bool answered = p->x.response.present;

	if (p->replaced && !answered)
		return EXCHANGE_REPLACED;
	if (p->lost || (!answered && (q->answers_lost || q->env->place.conn->one_sided)))
		return EXCHANGE_LOST;
	return cause;
}

void httpqueue_end(struct httpqueue *q, enum exchange_end cause, struct mark mark)
{
	for (struct pending *p = q->first; p; p = p->next) {
		if (!p->x.method.len)
			p->x.request.present = false;
		if (!p->done[SERVER])
			p->x.end = end_of(q, p, cause);
		p->done[CLIENT] = p->done[SERVER] = true;
	}
	httpqueue_settle(q, mark);
}
