/* live/journal.c - from view to view: what is new, what goes on, what is over. */
#include "live/journal.h"

#include <stdlib.h>

#include "live/passed.h"
#include "live/stories.h"
#include "live/sums.h"

enum { PAST_MAX = 300, GAPS = 5 /* as long as so many usual gaps between failures */ };
enum { GAP_GROWTH = 4, VIEWS_MISSED = 2, VIEWS_HEARD = 5 };

static const int64_t QUIET_DEFAULT = 900 * MOMENT_S;
static const int64_t SETTLED = 8 * MOMENT_S;    /* by then a login, another try, another name has begun */
static const int64_t HOLD = 30 * MOMENT_S;              /* without a failure, after somebody got past */
static const int64_t UPDATE_FIRST = 60 * MOMENT_S, UPDATE_MAX = 6 * 3600 * MOMENT_S;
/* A standing fact is seen when somebody comes by: not at night, and not on the day after. */
static const int64_t STANDING_QUIET = 50 * 3600 * MOMENT_S;

struct past {
	struct journal_entry entry;
	struct finding finding;
};

struct journal {
	struct journal_options options;
	struct stories stories;
	struct sums *sums;
	struct past *past;              /* a ring */
	size_t past_count, past_at;     /* where the next one goes */
	int64_t now, before;            /* by the latest view, and the one before */
	struct passage passage;
	int64_t clock;                  /* that has elapsed: goes on with `now`, but never back */
	bool complete;                  /* the latest view shows all findings */
	uint64_t told[FINDING_KIND_COUNT][JOURNAL_WORD_COUNT];
};

const char *journal_word_name(enum journal_word w)
{
#define X(symbol, name) [JOURNAL_##symbol] = name,
	static const char *const names[] = { JOURNAL_WORDS(X) };
#undef X

	return names[w];
}

struct journal *journal_new(const struct journal_options *o)
{
	struct journal *j = calloc(1, sizeof *j);

	if (!j)
		return NULL;
	j->options = *o;
	if (!j->options.quiet)
		j->options.quiet = QUIET_DEFAULT;
	stories_init(&j->stories);
	j->sums = sums_new(o->at_once);
	j->past = calloc(PAST_MAX, sizeof *j->past);
	if (j->sums && j->past)
		return j;
	journal_free(j);
	return NULL;
}

void journal_free(struct journal *j)
{
	if (!j)
		return;
	stories_release(&j->stories);
	sums_free(j->sums);
	free(j->past);
	free(j);
}

/* ---- telling ---- */

/* Failures of this episode. */
static uint64_t count_of(const struct story *s)
{
	const struct finding *n = &s->finding;

	return s->carried + (n->count > s->base ? n->count - s->base : 1);
}

static void say(struct journal *j, const struct journal_entry *e)
{
	j->told[e->finding->kind][e->word]++;
	j->options.tell(j->options.self, e);
}

static void tell(struct journal *j, struct story *s, enum journal_word word, int64_t until)
{
	struct journal_entry e = { .word = word, .finding = &s->finding, .when = j->now, .since = s->since,
		                   .until = until, .count = count_of(s) };

	s->told = s->finding.severity;
	s->told_count = s->finding.count;
	s->told_at = j->clock;
	if (s->alone)
		say(j, &e);
}

static void remember(struct journal *j, const struct story *s, enum journal_word word, int64_t until)
{
	struct past *p = &j->past[j->past_at];

	*p = (struct past){ { .word = word, .when = j->now, .since = s->since, .until = until,
		              .count = count_of(s) }, s->finding };
	p->entry.finding = &p->finding;
	j->past_at = (j->past_at + 1) % PAST_MAX;
	j->past_count += j->past_count < PAST_MAX;
}

static bool is_standing(const struct story *s)
{
	return !s->rung && s->finding.severity < SEVERITY_ERROR;
}

/* Of a finding that stands for many clients no more than have failed in this episode. */
static void count_clients(struct journal *j, struct story *s)
{
	uint64_t most = count_of(s), now = s->finding.clients < most ? s->finding.clients : most;

	if (now > s->clients)
		sums_grow(j->sums, &s->finding, now - s->clients, j->clock);
	else if (now < s->clients)
		sums_over(j->sums, &s->finding, s->clients - now, false, j->clock);
	s->clients = now;
}

static void open_story(struct journal *j, struct story *s)
{
	enum journal_word word = s->state == STORY_RETURNS ? JOURNAL_AGAIN : JOURNAL_RAISED;

	s->state = STORY_OPEN;
	s->changed = false;
	s->gap = is_standing(s) ? UPDATE_MAX : UPDATE_FIRST;
	s->clients = 0;
	s->alone = !s->finding.clients && sums_raise(j->sums, &s->finding, j->clock);
	if (s->finding.clients)
		count_clients(j, s);
	tell(j, s, word, MOMENT_NONE);
}

static void close_story(struct journal *j, struct story *s, enum journal_word word, int64_t until)
{
	if (!s->alone)
		sums_over(j->sums, &s->finding, s->finding.clients ? s->clients : 1,
		          word == JOURNAL_WITHDRAWN, j->clock);
	tell(j, s, word, until);
	if (word != JOURNAL_WITHDRAWN)
		remember(j, s, word, until);
	s->state = word == JOURNAL_WITHDRAWN ? STORY_GONE : STORY_OVER;
	s->over = j->clock;
	s->last_failure = s->finding.last;
	s->base = s->finding.count;
	s->carried = 0;
}

/* ---- one story ---- */

/* Ns between two failures of this episode. */
static int64_t usual_gap(const struct story *s)
{
	uint64_t count = count_of(s);

	return count > 1 ? (s->stirred - s->began) / (int64_t)(count - 1) : 0;
}

static int64_t patience(const struct journal *j, const struct story *s)
{
	int64_t gaps = usual_gap(s) < INT64_MAX / GAPS ? usual_gap(s) * GAPS : INT64_MAX;
	int64_t least = is_standing(s) ? STANDING_QUIET : j->options.quiet;

	return gaps > least ? gaps : least;
}

/* Getting past once may be luck where every second request fails. */
static bool is_held(const struct journal *j, const struct story *s)
{
	int64_t gap = usual_gap(s) * 3, hold = gap > j->options.quiet ? j->options.quiet : gap;

	return j->clock - s->stirred < (hold > HOLD ? hold : HOLD);
}

/* When somebody got past what it stopped; MOMENT_NONE: not yet. */
static int64_t when_passed(struct story *s, const struct passed *rows)
{
	if (!s->rung) {
		enum rung_name rung = passed_rung(rows, &s->finding);

		s->rung = rung == RUNG_COUNT ? 0 : (uint8_t)(rung + 1);
	}
	return s->rung ? passed_when(rows, &s->finding, (enum rung_name)(s->rung - 1)) : MOMENT_NONE;
}

/* Notes and standing facts are told once: nothing of them ends by somebody getting past. */
static void look_for_end(struct journal *j, struct story *s, const struct passed *rows)
{
	int64_t passed;

	if (s->finding.severity == SEVERITY_INFO)
		return;
	passed = when_passed(s, rows);
	if (passed != MOMENT_NONE && !is_held(j, s))
		close_story(j, s, JOURNAL_RESOLVED, passed);
	else if (j->clock - s->stirred >= patience(j, s))
		close_story(j, s, JOURNAL_CEASED, s->finding.last);
}

/* A change of severity counts when it lasts; more failures are told at growing distances. */
static void look_for_news(struct journal *j, struct story *s)
{
	bool other = s->finding.severity != s->told, lasts = other && s->changed;

	s->changed = other;
	if (s->finding.severity == SEVERITY_INFO && !other)
		return;
	if (!lasts && (s->finding.count <= s->told_count || j->clock - s->told_at < s->gap))
		return;
	if (!lasts)
		s->gap = s->gap < UPDATE_MAX / GAP_GROWTH ? s->gap * GAP_GROWTH : UPDATE_MAX;
	tell(j, s, JOURNAL_UPDATED, MOMENT_NONE);
	s->changed = false;
}

/* Failures since then: its last one is later; of clocks that were set back only the count tells. */
static bool failed_again(const struct journal *j, const struct story *s)
{
	const struct finding *n = &s->finding;

	return n->last > s->last_failure || (s->last_failure > j->now && n->count > s->base);
}

static void begin_again(const struct journal *j, struct story *s)
{
	const struct finding *n = &s->finding;
	bool once = n->count == s->base + 1;

	s->state = STORY_RETURNS;
	s->heard = 0;
	s->began = j->clock;
	s->since = once || j->before > n->last ? n->last : j->before;
	if (n->first > s->last_failure) {       /* judges that have not heard the former episode */
		s->since = n->first;
		s->base = 0;
	}
}

/* Judges were followed by others, which count from where they began. */
static void carry_over(struct story *s, const struct finding *n)
{
	if (n->first <= s->finding.first || n->count >= s->finding.count || s->state != STORY_OPEN)
		return;
	s->carried = count_of(s);
	s->base = n->count;
	s->told_count = n->count;
}

/* When it failed last, by the journal's clock. */
static void stir(const struct journal *j, struct story *s, const struct finding *n)
{
	int64_t ago = j->now - n->last;

	if (s->heard && n->last == s->finding.last && n->count == s->finding.count)
		return;
	s->stirred = j->clock - (ago > 0 ? ago : 0);
}

/* It stood in several views, for some seconds of the capture's clock or, where that stands still, in many; or
 * it is certain, and was there before anybody looked. */
static bool is_settled(const struct journal *j, struct story *s)
{
	if (!s->heard++)
		s->heard_at = j->clock;
	if (s->heard == 1)
		return s->finding.confidence == CONFIDENCE_CERTAIN && j->clock - s->stirred >= SETTLED;
	return s->heard >= VIEWS_HEARD || j->clock - s->heard_at >= SETTLED;
}

/* Waits until it is settled. */
static void hear(struct journal *j, struct story *s)
{
	if (is_settled(j, s))
		open_story(j, s);
}

/* Its client got through later, or so: it is no longer of those that are told. */
static void turn_mild(struct journal *j, struct story *s)
{
	if (s->state == STORY_OPEN && s->changed)
		close_story(j, s, JOURNAL_RESOLVED, s->finding.last);
	else if (s->state == STORY_HEARD)
		s->state = STORY_GONE;
	else if (s->state == STORY_RETURNS)
		s->state = STORY_OVER;
	s->changed = true;
}

static void go_on(struct journal *j, struct story *s, const struct finding *n, const struct passed *rows)
{
	carry_over(s, n);
	stir(j, s, n);
	s->finding = *n;
	s->missed = 0;
	if (n->severity < j->options.from) {
		turn_mild(j, s);
		return;
	}
	switch (s->state) {
	case STORY_HEARD:
		hear(j, s);
		break;
	case STORY_RETURNS:
		if (failed_again(j, s))
			hear(j, s);
		else
			s->state = STORY_OVER;
		break;
	case STORY_OPEN:
		if (n->clients)
			count_clients(j, s);
		look_for_news(j, s);
		look_for_end(j, s, rows);
		break;
	case STORY_OVER:
		if (failed_again(j, s)) {
			begin_again(j, s);
			hear(j, s);
		}
		break;
	case STORY_GONE:
		break;
	}
}

static void begin(struct journal *j, const struct finding *n)
{
	struct story *s = n->severity < j->options.from ? NULL : stories_make(&j->stories, n);

	if (!s)
		return;
	stir(j, s, n);
	s->began = s->stirred - (n->last - n->first);
	hear(j, s);
}

/* What the view lacks although it shows all: it is over, and judged otherwise since; or what came later
 * explains it.  What failed last long ago the judges of today may not have heard: that says nothing. */
static void miss(struct journal *j, struct story *s, const struct passed *rows)
{
	bool old = j->clock - s->stirred >= patience(j, s), fresh = j->clock - s->stirred < j->options.quiet;
	int64_t passed;

	if (s->state == STORY_RETURNS)
		s->state = STORY_OVER;
	if (j->complete && s->missed < VIEWS_MISSED)
		s->missed++;
	if (s->state == STORY_HEARD && s->missed)
		s->state = STORY_GONE;
	if (s->state != STORY_OPEN || !(old || (fresh && s->missed >= VIEWS_MISSED)))
		return;
	passed = when_passed(s, rows);
	if (s->finding.severity == SEVERITY_INFO)
		s->state = STORY_GONE;
	else if (passed != MOMENT_NONE)
		close_story(j, s, JOURNAL_RESOLVED, passed);
	else
		close_story(j, s, old ? JOURNAL_CEASED : JOURNAL_WITHDRAWN, s->finding.last);
}

/* ---- views ---- */

static void tell_sums(struct journal *j, bool all)
{
	const struct sum *sum;

	while ((sum = sums_next(j->sums, j->clock, all))) {
		struct journal_entry e = { .word = JOURNAL_MORE, .finding = &sum->newest, .when = j->now,
			                   .since = j->now - (j->clock - sum->since), .until = MOMENT_NONE,
			                   .count = sum->raised, .raised = sum->raised,
			                   .over = sum->over, .clients = sum->clients,
			                   .at_least = !j->complete || sum->newest.more_clients };

		say(j, &e);
	}
}

static void take_findings(struct journal *j, const struct view *v, bool *taken, const struct passed *rows)
{
	struct finding sum;

	for (int exactly = 1; exactly >= 0; exactly--)
		for (size_t i = 0; i < v->finding_count; i++) {
			const struct finding *n = taken[i] ? NULL : stories_whole(v, i, taken, &sum);
			struct story *s = n ? stories_find(&j->stories, n, exactly) : NULL;

			if (s)
				go_on(j, s, n, rows);
			taken[i] |= s != NULL;
		}
	for (size_t i = 0; i < v->finding_count; i++)
		if (!taken[i])
			begin(j, stories_whole(v, i, taken, &sum));
}

void journal_take(struct journal *j, const struct view *v)
{
	bool *taken = calloc(v->finding_count + 1, sizeof *taken);
	struct passed rows;

	if (!taken)
		return;
	passed_init(&rows, v);
	j->before = j->now ? j->now : v->now;
	moment_pass(&j->passage, v->now);
	j->clock = j->passage.elapsed;
	j->now = v->now;
	j->complete = v->finding_count == v->finding_total;
	/* What a clock that was ahead stamped does not hide what has failed since it was set. */
	if (j->stories.forgotten > j->now)
		j->stories.forgotten = j->now - HOLD;
	stories_begin(&j->stories);
	take_findings(j, v, taken, &rows);
	for (size_t i = 0; i < j->stories.count; i++)
		if (!j->stories.all[i].found)
			miss(j, &j->stories.all[i], &rows);
	stories_sweep(&j->stories);
	tell_sums(j, false);
	passed_release(&rows);
	free(taken);
}

void journal_end(struct journal *j, int64_t now)
{
	j->now = now;
	for (size_t i = 0; i < j->stories.count; i++) {
		struct story *s = &j->stories.all[i];

		if (s->found && (s->state == STORY_HEARD || s->state == STORY_RETURNS))
			open_story(j, s);
	}
	tell_sums(j, true);
}

size_t journal_past_count(const struct journal *j)
{
	return j->past_count;
}

const struct journal_entry *journal_past_at(const struct journal *j, size_t i)
{
	size_t oldest = j->past_count < PAST_MAX ? 0 : j->past_at;

	return &j->past[(oldest + i) % PAST_MAX].entry;
}

size_t journal_open(const struct journal *j)
{
	size_t open = 0;

	for (size_t i = 0; i < j->stories.count; i++)
		open += j->stories.all[i].state == STORY_OPEN &&
		        j->stories.all[i].finding.severity > SEVERITY_INFO;
	return open;
}

const struct finding *journal_open_next(const struct journal *j, size_t *at, enum rung_name *stopped)
{
	while (*at < j->stories.count) {
		const struct story *s = &j->stories.all[(*at)++];

		if (s->state != STORY_OPEN)
			continue;
		*stopped = s->rung ? (enum rung_name)(s->rung - 1) : RUNG_COUNT;
		return &s->finding;
	}
	return NULL;
}

uint64_t journal_told(const struct journal *j, enum finding_kind kind, enum journal_word w)
{
	return j->told[kind][w];
}
