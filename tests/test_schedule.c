/* tests/test_schedule.c - steps made up: what runs when, what is skipped and why, and how runs end early. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probes/schedule.h"

enum { SITES = 3, ORDER_MAX = 8192 };

struct world {
	struct plan plan;               /* first: a step leads to its world */
	struct probe_options options;
	struct site sites[SITES];
	unsigned order[ORDER_MAX];      /* numbers of steps as they began */
	size_t begun, at_once, most_at_once, stopped, heard;
	volatile sig_atomic_t stop;
	struct step *waiter;            /* rests until the step that wakes it has begun */
};

struct work {
	struct loop_timer timer;
	struct step *step;
};

static struct world *world_of(const struct step *s)
{
	return (struct world *)s->plan;
}

static void note(struct step *s)
{
	struct world *w = world_of(s);

	w->order[w->begun++] = s->told.number;
	if (++w->at_once > w->most_at_once)
		w->most_at_once = w->at_once;
}

static void finish(struct step *s, enum check_state state, const char *detail)
{
	world_of(s)->at_once--;
	step_end(s, state, "%s", detail);
}

static void start_good(struct step *s)
{
	note(s);
	finish(s, CHECK_OK, "good");
}

static void start_bad(struct step *s)
{
	note(s);
	finish(s, CHECK_FAILED, "refused");
}

static void start_odd(struct step *s)
{
	note(s);
	finish(s, CHECK_WARNING, "odd");
}

static void late(void *self)
{
	struct work *work = self;
	struct step *s = work->step;

	s->work = NULL;
	free(work);
	finish(s, CHECK_OK, "late");
}

/* Ends after as many milliseconds as its variant says. */
static void start_late(struct step *s)
{
	struct work *work = calloc(1, sizeof *work);

	note(s);
	assert_non_null(work);
	*work = (struct work){ { .fired = late, .self = work }, s };
	s->work = work;
	loop_set(s->plan->loop, &work->timer, loop_now(s->plan->loop) + s->variant * MOMENT_MS);
}

static void stop_late(struct step *s)
{
	struct work *work = s->work;

	loop_clear(s->plan->loop, &work->timer);
	free(work);
	s->work = NULL;
	world_of(s)->at_once--;
	world_of(s)->stopped++;
}

static void start_resting(struct step *s)
{
	note(s);
	world_of(s)->at_once--;
	world_of(s)->waiter = s;
	step_rests(s);
}

static void start_waking(struct step *s)
{
	note(s);
	step_end(world_of(s)->waiter, CHECK_OK, "woken");
	finish(s, CHECK_OK, "good");
}

static void start_signal(struct step *s)
{
	note(s);
	finish(s, CHECK_OK, "good");
	raise(SIGUSR1);
}

static const struct step_kind good = { CHECK_NAME, start_good, NULL, 0, false };
static const struct step_kind bad = { CHECK_PORT, start_bad, NULL, 0, false };
static const struct step_kind odd = { CHECK_PORT, start_odd, NULL, 0, false };
static const struct step_kind slow = { CHECK_HTTP, start_late, stop_late, 0, false };
static const struct step_kind patient = { CHECK_PORT, start_late, stop_late, 8, true };
static const struct step_kind resting = { CHECK_PORT, start_resting, NULL, 0, false };
static const struct step_kind waking = { CHECK_PORT, start_waking, NULL, 0, false };
static const struct step_kind signalling = { CHECK_PORT, start_signal, NULL, 0, false };

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	w->plan.options = &w->options;
	w->plan.loop = loop_new();
	assert_non_null(w->plan.loop);
	for (size_t i = 0; i < SITES; i++)
		snprintf(w->sites[i].target.host, sizeof w->sites[i].target.host, "wsus0%zu", i);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	plan_release(&w->plan);
	loop_free(w->plan.loop);
	free(w);
	return 0;
}

static struct step *add(struct world *w, const struct step_kind *kind, size_t site, struct step *need)
{
	char name[16];
	struct step *s;

	snprintf(name, sizeof name, "%zu", w->plan.step_count);
	s = plan_add(&w->plan, kind, NULL, &w->sites[site], NULL, name);
	assert_non_null(s);
	step_needs(s, need);
	return s;
}

static void hear(void *self, const struct check *check)
{
	struct world *w = self;

	assert_ptr_equal(&w->plan.steps[check->number]->told, check);
	w->heard++;
}

/* Runs it, and holds it to what is always so.  Returns how long it took, in ns. */
static int64_t run(struct world *w)
{
	int64_t began = loop_clock(w->plan.loop);

	schedule_run(&w->plan, &w->stop, hear, w);
	assert_int_equal(w->heard, w->plan.step_count);
	assert_int_equal(w->plan.done, w->plan.step_count);
	assert_int_equal(w->plan.running, 0);
	assert_int_equal(w->at_once, 0);
	for (size_t i = 0; i < w->plan.step_count; i++) {
		const struct step *s = w->plan.steps[i];

		assert_true(s->ended && !s->running && !s->work);
		assert_true((s->told.began == MOMENT_NONE) == (s->told.ended == MOMENT_NONE));
		assert_true(s->told.ended >= s->told.began);
	}
	return loop_clock(w->plan.loop) - began;
}

static void assert_told(const struct step *s, enum check_state state, const char *detail)
{
	assert_string_equal(s->told.detail, detail);
	assert_int_equal(s->told.state, state);
}

static void needs_hold_back(void **state)
{
	struct world *w = *state;
	struct step *first = add(w, &slow, 0, NULL), *second = add(w, &odd, 0, first);
	struct step *third = add(w, &good, 0, second), *free_one = add(w, &good, 0, NULL);

	first->variant = 20;
	step_needs(third, first);
	step_needs(third, NULL);
	run(w);
	assert_told(third, CHECK_OK, "good");
	assert_int_equal(w->order[0], first->told.number);
	assert_int_equal(w->order[1], free_one->told.number);
	assert_int_equal(w->order[2], second->told.number);
	assert_int_equal(w->order[3], third->told.number);
	assert_true(second->told.began >= first->told.ended);
}

static void failures_take_others_with_them(void **state)
{
	struct world *w = *state;
	struct step *port = add(w, &bad, 0, NULL), *tls = add(w, &good, 0, port);
	struct step *http = add(w, &good, 0, tls);
	struct step *path = add(w, &good, 0, port), *after = add(w, &good, 0, tls);

	path->lenient = after->lenient = true;
	run(w);
	assert_told(tls, CHECK_SKIPPED, "needs port 0: refused");
	assert_told(http, CHECK_SKIPPED, "needs port 0: refused");      /* the root of it, not the chain */
	assert_true(http->told.began == MOMENT_NONE);
	assert_told(path, CHECK_OK, "good");
	assert_told(after, CHECK_OK, "good");
}

/* One need that failed is enough: nobody waits for the other. */
static void skips_at_once(void **state)
{
	struct world *w = *state;
	struct step *quick = add(w, &bad, 0, NULL), *long_one = add(w, &slow, 0, NULL);
	struct step *both = add(w, &good, 0, quick);

	long_one->variant = 50;
	step_needs(both, long_one);
	run(w);
	assert_told(both, CHECK_SKIPPED, "needs port 0: refused");
	assert_told(long_one, CHECK_OK, "late");
}

static void ended_before_the_run(void **state)
{
	struct world *w = *state;
	struct step *name = add(w, &good, 0, NULL), *port = add(w, &good, 0, name);

	step_end(name, CHECK_OK, "an address needs no lookup");
	run(w);
	assert_int_equal(w->begun, 1);
	assert_told(port, CHECK_OK, "good");
	assert_told(name, CHECK_OK, "an address needs no lookup");
}

static void sites_take_turns(void **state)
{
	static const unsigned turns[] = { 0, 4, 6, 1, 5, 7, 2, 3 };
	static const size_t of_site[] = { 0, 0, 0, 0, 1, 1, 2, 2 };
	struct world *w = *state;

	w->options.parallel = 1;
	for (size_t i = 0; i < sizeof of_site / sizeof *of_site; i++)
		add(w, &slow, of_site[i], NULL)->variant = 1;
	run(w);
	assert_memory_equal(w->order, turns, sizeof turns);
}

/* Whatever becomes ready late still comes before what is higher on the ladder. */
static void ladder_goes_up(void **state)
{
	struct world *w = *state;
	struct step *first = add(w, &slow, 0, NULL), *low = add(w, &slow, 0, first);

	for (unsigned i = 0; i < 4; i++)
		add(w, &slow, 0, NULL)->variant = 5;
	first->variant = low->variant = 5;
	w->options.parallel = 1;
	run(w);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(w->order[i], i);
}

static void keeps_to_what_runs_at_once(void **state)
{
	struct world *w = *state;

	w->options.parallel = 7;
	for (size_t i = 0; i < 100; i++)
		add(w, i % 2 ? &slow : &patient, i % SITES, NULL)->variant = 2;
	run(w);
	assert_int_equal(w->most_at_once, 7);
}

/* Half of 200 hosts are dead at four ports each: all wait side by side, and hold up nobody. */
static void what_waits_holds_up_nobody(void **state)
{
	struct world *w = *state;
	int64_t took;

	for (size_t i = 0; i < 400; i++)
		add(w, &patient, i % 2, NULL)->variant = 300;
	for (size_t i = 0; i < 400; i++)
		add(w, &slow, 2, NULL)->variant = 1;
	took = run(w);
	assert_true(w->most_at_once > 400);
	assert_true(took < 600 * MOMENT_MS);
}

/* In a child, as what is given away does not come back: 72 descriptors, of which a quarter is spared, are
 * enough for six of eight each. */
static int with_few(struct world *w, rlim_t soft, rlim_t hard)
{
	struct rlimit few = { soft, hard };

	for (size_t i = 0; i < 30; i++)
		add(w, &patient, 0, NULL)->variant = 2;
	if (setrlimit(RLIMIT_NOFILE, &few))
		return 1;
	run(w);
	if (getrlimit(RLIMIT_NOFILE, &few) || few.rlim_cur != hard)
		return 2;
	return w->most_at_once == 6 ? 0 : 3;
}

static void descriptors_delay(void **state)
{
	static const rlim_t soft[] = { 72, 40 };

	for (size_t i = 0; i < sizeof soft / sizeof *soft; i++) {
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (!child)
			_exit(with_few(*state, soft[i], 72));
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
}

static void resting_takes_no_place(void **state)
{
	struct world *w = *state;
	struct step *rests = add(w, &resting, 0, NULL), *after = add(w, &good, 0, rests);

	add(w, &slow, 0, NULL)->variant = 10;
	add(w, &waking, 0, NULL);
	w->options.parallel = 1;
	run(w);
	assert_told(rests, CHECK_OK, "woken");
	assert_told(after, CHECK_OK, "good");
}

static void one_that_never_ends_is_ended(void **state)
{
	struct world *w = *state;
	struct step *stuck = add(w, &slow, 0, NULL), *after = add(w, &good, 0, stuck);

	stuck->variant = 60000;
	w->options.check_timeout = 100 * MOMENT_MS;
	assert_true(run(w) < 4 * MOMENT_S);
	assert_told(stuck, CHECK_FAILED, "took longer than 0.1 s");
	assert_told(after, CHECK_SKIPPED, "needs http 0: took longer than 0.1 s");
	assert_int_equal(w->stopped, 1);
}

static void time_is_over(void **state)
{
	struct world *w = *state;
	struct step *done = add(w, &good, 1, NULL), *stuck = add(w, &slow, 0, NULL);
	struct step *after = add(w, &good, 0, stuck);

	stuck->variant = 60000;
	w->options.timeout = 200 * MOMENT_MS;
	run(w);
	assert_told(done, CHECK_OK, "good");
	assert_told(stuck, CHECK_SKIPPED, "stopped: the time for all checks, 0.2 s, is over");
	assert_told(after, CHECK_SKIPPED, "stopped: the time for all checks, 0.2 s, is over");
	assert_true(stuck->told.unjudged && !done->told.unjudged);
	assert_true(stuck->told.cut && after->told.cut && !done->told.cut);
	assert_true(w->plan.stopping);
	assert_int_equal(w->stopped, 1);
}

static struct world *interrupted_world;

static void interrupt(int number)
{
	(void)number;
	interrupted_world->stop = 1;
	loop_end(interrupted_world->plan.loop);
}

static void interrupted_in_the_middle(void **state)
{
	struct world *w = *state;
	struct step *done = add(w, &good, 0, NULL), *stuck = add(w, &slow, 1, NULL);
	struct step *signals, *after;

	stuck->variant = 60000;
	signals = add(w, &signalling, 0, done);
	after = add(w, &good, 0, stuck);
	interrupted_world = w;
	signal(SIGUSR1, interrupt);
	run(w);
	signal(SIGUSR1, SIG_DFL);
	assert_told(done, CHECK_OK, "good");
	assert_told(signals, CHECK_OK, "good");
	assert_told(stuck, CHECK_SKIPPED, "interrupted");
	assert_told(after, CHECK_SKIPPED, "interrupted");
	assert_int_equal(w->stopped, 1);
}

static void interrupted_before_the_run(void **state)
{
	struct world *w = *state;
	struct step *s = add(w, &good, 0, NULL);

	w->stop = 1;
	run(w);
	assert_told(s, CHECK_SKIPPED, "interrupted");
	assert_int_equal(w->begun, 0);
}

static void rings_of_needs_end(void **state)
{
	struct world *w = *state;
	struct step *a = add(w, &good, 0, NULL), *b = add(w, &good, 0, a), *other = add(w, &good, 0, NULL);

	step_needs(a, b);
	run(w);
	assert_told(a, CHECK_SKIPPED, "what it needs never ends");
	assert_told(b, CHECK_SKIPPED, "what it needs never ends");
	assert_told(other, CHECK_OK, "good");
}

/* A chain of 5000 nests nowhere, whether its steps run or are skipped. */
static void thousands_of_steps(void **state)
{
	struct world *w = *state;
	struct step *last = NULL;

	for (size_t i = 0; i < 2500; i++)
		last = add(w, &good, i % SITES, last);
	last = add(w, &bad, 0, last);
	for (size_t i = 0; i < 2500; i++)
		last = add(w, &good, i % SITES, last);
	assert_true(run(w) < 20 * MOMENT_S);
	assert_int_equal(w->begun, 2501);
	assert_told(last, CHECK_SKIPPED, "needs port 2500: refused");
}

static void thousands_side_by_side(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < 5000; i++)
		add(w, &slow, i % SITES, NULL)->variant = 1;
	assert_true(run(w) < 20 * MOMENT_S);
	assert_int_equal(w->begun, 5000);
	assert_int_equal(w->most_at_once, 256);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(needs_hold_back),
		IN_WORLD(failures_take_others_with_them),
		IN_WORLD(skips_at_once),
		IN_WORLD(ended_before_the_run),
		IN_WORLD(sites_take_turns),
		IN_WORLD(ladder_goes_up),
		IN_WORLD(keeps_to_what_runs_at_once),
		IN_WORLD(what_waits_holds_up_nobody),
		IN_WORLD(descriptors_delay),
		IN_WORLD(resting_takes_no_place),
		IN_WORLD(one_that_never_ends_is_ended),
		IN_WORLD(time_is_over),
		IN_WORLD(interrupted_in_the_middle),
		IN_WORLD(interrupted_before_the_run),
		IN_WORLD(rings_of_needs_end),
		IN_WORLD(thousands_of_steps),
		IN_WORLD(thousands_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
