/* tests/test_judge.c - judgements by a child: what it brings, what it must not disturb, how it may fail. */
#include "live/judge.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "tests/case.h"

enum { ROOM = 4 << 20 };

struct ended {                          /* what the child ends */
	struct report_case r;
	enum { GOOD, DIES, IS_KILLED } how;
	int frames;
};

static void end(void *self, struct report *r)
{
	struct ended *e = self;

	if (e->how == DIES)
		_exit(3);
	if (e->how == IS_KILLED)
		raise(SIGKILL);
	e->r.report.counts.frames = (uint64_t)++e->frames;
	e->r.report.now = 42;
	findings_settle(e->r.findings, false);
	ladders_settle(e->r.ladders, e->r.findings, 0);
	*r = e->r.report;
}

static struct judge *begin(struct ended *e, int64_t every, size_t room)
{
	static const struct report_style style = { .width = 80 };
	struct judge *j;

	case_begin(&e->r);
	case_client(&e->r, "192.0.2.50", 0);
	case_raise(&e->r, FINDING_CONNECTION_REFUSED, "192.0.2.50", "198.51.100.10:8530", "Refused.");
	j = judge_new(&(struct judge_options){ end, e, style, every, room });
	assert_non_null(j);
	return j;
}

static void stop(struct judge *j, struct ended *e)
{
	judge_free(j);
	case_end(&e->r);
}

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 500000 }, NULL);
}

/* Until a view comes, or a failure; at most ten seconds. */
static bool turn_until(struct judge *j, int64_t now)
{
	uint64_t failures = judge_counts(j).failures;

	for (int i = 0; i < 20000 && judge_counts(j).failures == failures; i++) {
		if (judge_turn(j, now))
			return true;
		nap();
	}
	return false;
}

static void a_child_brings_what_it_settles(void **unused)
{
	struct ended e = { .how = GOOD };
	struct judge *j = begin(&e, 0, ROOM);
	const struct view *v;

	(void)unused;
	assert_null(judge_view(j));
	for (int i = 0; i < 20; i++) {  /* of rooms two are alive at most, so none is short */
		assert_true(turn_until(j, i * MOMENT_S));
		v = judge_view(j);
		assert_int_equal(v->counts.frames, 1);
		assert_int_equal(v->now, 42);
		assert_int_equal(v->finding_count, 1);
		assert_string_equal(v->findings[0].cause, "Refused.");
		assert_string_equal(v->findings[0].title, finding_row(FINDING_CONNECTION_REFUSED)->title);
		assert_int_equal(v->client_count, 1);
		assert_null(v->report);
	}
	assert_int_equal(e.frames, 0);  /* the run itself is what it was */
	assert_int_equal(judge_counts(j).made, 20);
	assert_int_equal(judge_counts(j).failures, 0);
	stop(j, &e);
}

static void a_view_stays_until_the_next(void **unused)
{
	struct ended e = { .how = GOOD };
	struct judge *j = begin(&e, 0, ROOM);
	const struct view *v;

	(void)unused;
	assert_true(turn_until(j, 0));
	v = judge_view(j);
	judge_turn(j, MOMENT_S);        /* the next one is at work */
	assert_ptr_equal(judge_view(j), v);
	assert_int_equal(v->finding_count, 1);
	stop(j, &e);
}

static void a_report_comes_when_asked_for(void **unused)
{
	struct ended e = { .how = GOOD };
	struct judge *j = begin(&e, 3600 * MOMENT_S, ROOM);

	(void)unused;
	assert_true(turn_until(j, 0));
	assert_null(judge_view(j)->report);
	judge_ask_report(j);            /* although none is due for an hour */
	assert_true(turn_until(j, MOMENT_S));
	assert_non_null(judge_view(j)->report);
	assert_non_null(strstr(judge_view(j)->report, "connection-refused"));
	assert_false(turn_until(j, 2 * MOMENT_S) && judge_view(j)->report);
	stop(j, &e);
}

/* Whoever asked hears of it; of rooms that are too small for a view, too, there is nothing to be had. */
static void a_report_too_long_is_told(void **unused)
{
	unsigned whole = 0, excused = 0;

	(void)unused;
	for (size_t room = 8 << 10; room <= ROOM; room += room / 4) {
		struct ended e = { .how = GOOD };
		struct judge *j = begin(&e, 0, room & ~(size_t)15);

		for (int kind = 0; kind < FINDING_KIND_COUNT; kind++)
			case_raise(&e.r, (enum finding_kind)kind, "192.0.2.51", "198.51.100.10:8530", "So.");
		judge_ask_report(j);
		if (turn_until(j, 0)) {
			assert_non_null(judge_view(j)->report);
			whole += strstr(judge_view(j)->report, "connection-refused") != NULL;
			excused += strstr(judge_view(j)->report, "--severity error") != NULL;
		}
		stop(j, &e);
	}
	assert_true(whole && excused);
}

static void none_begins_before_it_is_due(void **unused)
{
	struct ended e = { .how = GOOD };
	struct judge *j = begin(&e, 2 * MOMENT_S, ROOM);

	(void)unused;
	assert_true(turn_until(j, 10 * MOMENT_S));
	for (int i = 0; i < 40; i++) {
		assert_false(judge_turn(j, 10 * MOMENT_S + i * 45 * MOMENT_MS));
		nap();
	}
	assert_true(turn_until(j, 12 * MOMENT_S));
	stop(j, &e);
}

/* What took a second is done again after twenty, whatever was asked. */
static void long_ones_are_spared(void **unused)
{
	struct ended e = { .how = GOOD };
	struct judge *j = begin(&e, 2 * MOMENT_S, ROOM);

	(void)unused;
	assert_false(judge_turn(j, 0));
	for (int i = 0; i < 400; i++)
		nap();
	assert_true(judge_turn(j, MOMENT_S));
	for (int i = 2; i < 20; i++) {
		assert_false(judge_turn(j, i * MOMENT_S));
		nap();
	}
	assert_true(turn_until(j, 20 * MOMENT_S));
	stop(j, &e);
}

/* One that hung half a minute is tried again soon, and what goes on hanging ever more rarely. */
static void what_hangs_is_put_off_ever_longer(void **unused)
{
	static const int64_t pauses[] = { 10, 20, 40, 80, 160, 320, 570, 570 };  /* 20 times 30 s in all */
	struct ended e = { .how = DIES };
	struct judge *j = begin(&e, 2 * MOMENT_S, ROOM);
	int64_t now = 0;

	(void)unused;
	for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
		assert_false(judge_turn(j, now));       /* it begins */
		now += 30 * MOMENT_S;
		assert_false(turn_until(j, now));
		assert_int_equal(judge_counts(j).failures, i + 1);
		now += pauses[i] * MOMENT_S;
		for (int k = 0; k < 40; k++) {
			assert_false(judge_turn(j, now - MOMENT_S));
			nap();
		}
		assert_int_equal(judge_counts(j).failures, i + 1);
	}
	e.how = GOOD;
	assert_true(turn_until(j, now));
	e.how = DIES;                   /* and one alone is one alone again */
	now += 2 * MOMENT_S;
	assert_false(judge_turn(j, now));
	assert_false(turn_until(j, now + 30 * MOMENT_S));
	e.how = GOOD;
	assert_true(turn_until(j, now + 40 * MOMENT_S));
	stop(j, &e);
}

static void a_child_that_dies_costs_a_judgement(void **unused)
{
	struct ended e = { .how = DIES };
	struct judge *j = begin(&e, MOMENT_S, ROOM);

	(void)unused;
	assert_false(turn_until(j, 0));
	assert_int_equal(judge_counts(j).failures, 1);
	e.how = IS_KILLED;
	assert_false(turn_until(j, MOMENT_S));
	assert_int_equal(judge_counts(j).failures, 2);
	e.how = GOOD;
	assert_true(turn_until(j, 2 * MOMENT_S));
	stop(j, &e);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);       /* no child is left */
}

/* One that failed is made up for by the next; of several in a row somebody has to hear. */
static void who_judges_no_more_is_blind(void **unused)
{
	struct ended e = { .how = DIES };
	struct judge *j = begin(&e, MOMENT_S, ROOM);

	(void)unused;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(judge_is_blind(j), i >= 3);
		assert_false(turn_until(j, i * MOMENT_S));
	}
	e.how = GOOD;
	assert_true(turn_until(j, 5 * MOMENT_S));
	assert_false(judge_is_blind(j));
	stop(j, &e);
}

static void a_room_too_small_is_a_failure(void **unused)
{
	struct ended e = { .how = GOOD };
	struct judge *j = begin(&e, MOMENT_S, 64);

	(void)unused;
	assert_false(turn_until(j, 0));
	assert_int_equal(judge_counts(j).failures, 1);
	assert_null(judge_view(j));
	stop(j, &e);
}

static volatile sig_atomic_t heard;

static void hear(int number)
{
	heard = number;
}

/* Signals to the whole group end no judgement, and reach the run's own handler. */
static void signals_are_for_the_run(void **unused)
{
	struct sigaction action = { .sa_handler = hear }, before;
	struct ended e = { .how = GOOD };
	struct judge *j = begin(&e, 0, ROOM);

	(void)unused;
	sigaction(SIGUSR1, &action, &before);
	judge_turn(j, 0);
	kill(0, SIGUSR1);
	assert_int_equal(heard, SIGUSR1);
	assert_true(turn_until(j, 0));
	assert_int_equal(judge_counts(j).failures, 0);
	sigaction(SIGUSR1, &before, NULL);
	stop(j, &e);
}

/* Threads that hold locks of streams all the time: a child that waited for one would hang.  They allocate
 * nothing: glibc's allocator is safe to fork, the sanitizer's is not. */
static void *be_busy(void *over)
{
	FILE *out = fopen("/dev/null", "w");

	while (!atomic_load((atomic_bool *)over))
		fprintf(out, "%p\n", over);
	fclose(out);
	return NULL;
}

static void threads_do_no_harm(void **unused)
{
	struct ended e = { .how = GOOD };
	struct judge *j = begin(&e, 0, ROOM);
	atomic_bool over = false;
	pthread_t threads[2];

	(void)unused;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, be_busy, &over), 0);
	for (int i = 0; i < 30; i++) {
		judge_ask_report(j);
		assert_true(turn_until(j, i));
		assert_non_null(judge_view(j)->report);
	}
	atomic_store(&over, true);
	for (size_t i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	stop(j, &e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_brings_what_it_settles),
		cmocka_unit_test(a_view_stays_until_the_next),
		cmocka_unit_test(a_report_comes_when_asked_for),
		cmocka_unit_test(a_report_too_long_is_told),
		cmocka_unit_test(none_begins_before_it_is_due),
		cmocka_unit_test(long_ones_are_spared),
		cmocka_unit_test(what_hangs_is_put_off_ever_longer),
		cmocka_unit_test(a_child_that_dies_costs_a_judgement),
		cmocka_unit_test(who_judges_no_more_is_blind),
		cmocka_unit_test(a_room_too_small_is_a_failure),
		cmocka_unit_test(signals_are_for_the_run),
		cmocka_unit_test(threads_do_no_harm),
	};

	/* kill(0) is for this program alone. */
	setpgid(0, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
