/* tests/test_journal.c - what is told of findings as they come, go on, end and come again. */
#include "live/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/tale.h"

/* ---- being told ---- */

static void what_has_stood_for_seconds_is_told_once(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	tale_add(&t, FINDING_FORBIDDEN, "192.0.2.50", SUP);
	tale_view(&t);
	tale_pass(&t, 6);
	tale_expect(&t, "");
	tale_pass(&t, 2);
	tale_expect(&t, "forbidden raised 1");
	assert_int_equal(t.last.since, BEGIN);
	assert_int_equal(t.last.when, BEGIN + 8 * MOMENT_S);
	tale_pass(&t, 100);
	tale_expect(&t, "");
	assert_int_equal(journal_open(t.journal), 1);
	assert_int_equal(journal_told(t.journal, FINDING_FORBIDDEN, JOURNAL_RAISED), 1);
	tale_end(&t);
}

static void what_the_next_packets_explain_is_no_news(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	for (int i = 0; i < 20; i++) {
		tale_add(&t, FINDING_ANONYMOUS_REFUSED, "192.0.2.50", SUP);
		tale_view(&t);
		tale_pass(&t, 6);
		t.view.finding_count = t.view.finding_total = 0;
		tale_pass(&t, 2);
	}
	tale_expect(&t, "");
	assert_int_equal(journal_open(t.journal), 0);
	tale_end(&t);
}

/* Where no frame comes, the clock stands; views tell that time passes. */
static void a_silent_network_keeps_nothing_back(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	tale_add(&t, FINDING_FORBIDDEN, "192.0.2.50", SUP);
	for (int i = 0; i < 10; i++)
		tale_view(&t);
	tale_expect(&t, "forbidden raised 1");
	tale_end(&t);
}

static void what_was_certain_before_anybody_looked_is_told_at_once(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	n = tale_add(&t, FINDING_FORBIDDEN, "192.0.2.50", SUP);
	n->first = n->last = BEGIN - 60 * MOMENT_S;
	n = tale_add(&t, FINDING_NOT_FOUND, "192.0.2.50", SUP);
	n->first = n->last = BEGIN - 60 * MOMENT_S;
	n->confidence = CONFIDENCE_PROBABLE;
	tale_view(&t);
	tale_expect(&t, "forbidden raised 1");
	tale_end(&t);
}

static void milder_ones_are_not_told(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_ERROR);
	tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
	tale_add(&t, FINDING_CERTIFICATE_WEAK, "", SUP);
	tale_pass(&t, 100);
	tale_expect(&t, "");
	t.findings[0].severity = SEVERITY_WARNING;      /* it got through later */
	tale_pass(&t, 10);
	tale_expect(&t, "forbidden resolved 1");
	tale_end(&t);
}

static void the_end_tells_what_only_the_report_has(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	tale_view(&t);
	tale_add(&t, FINDING_FORBIDDEN, "192.0.2.50", SUP);
	tale_view(&t);
	tale_expect(&t, "");
	journal_end(t.journal, t.view.now);
	tale_expect(&t, "forbidden raised 1");
	tale_end(&t);
}

/* ---- going on ---- */

static void more_failures_are_told_at_growing_distances(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	n = tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
	for (int second = 0; second < 3600; second += 2) {
		tale_fails(&t, n, 1);
		tale_pass(&t, 2);
	}
	/* After 1, 5, 21 minutes of the hour. */
	assert_int_equal(journal_told(t.journal, FINDING_FORBIDDEN, JOURNAL_UPDATED), 3);
	assert_int_equal(t.told, 4);
	tale_end(&t);
}

static void a_change_of_severity_is_told_when_it_lasts(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	n = tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
	n->severity = SEVERITY_WARNING;
	tale_pass(&t, 2);
	n->severity = SEVERITY_ERROR;
	tale_pass(&t, 2);
	tale_expect(&t, "");
	n->severity = SEVERITY_CRITICAL;
	tale_pass(&t, 4);
	tale_expect(&t, "forbidden updated 1");
	assert_int_equal(t.last.finding->severity, SEVERITY_CRITICAL);
	tale_pass(&t, 10);
	tale_expect(&t, "");
	tale_end(&t);
}

static void words_may_change(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	n = tale_told(&t, FINDING_SERVER_CHANGED, "192.0.2.50");
	for (int i = 0; i < 10; i++) {
		snprintf(n->cause, sizeof n->cause, "%d of 20 scans", i);
		tale_pass(&t, 2);
	}
	tale_expect(&t, "");
	tale_end(&t);
}

/* Several of the same parties are told apart by their words. */
static void several_of_the_same_parties_are_several(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	n = tale_told(&t, FINDING_REPORTED_ERROR, "192.0.2.50");
	snprintf(n->cause, sizeof n->cause, "0x80240017");
	n = tale_add(&t, FINDING_REPORTED_ERROR, "192.0.2.50", SUP);
	snprintf(n->cause, sizeof n->cause, "0x80070005");
	tale_pass(&t, 12);
	tale_expect(&t, "reported-error raised 1");
	assert_string_equal(t.last.finding->cause, "0x80070005");
	assert_int_equal(journal_open(t.journal), 2);
	tale_end(&t);
}

static void judges_may_be_followed_by_others(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	n = tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
	tale_fails(&t, n, 499);
	tale_pass(&t, 2);
	n->first = t.view.now - 100 * MOMENT_S;         /* the heirs heard the last hundred seconds */
	n->first = n->first > BEGIN ? n->first : BEGIN + MOMENT_S;
	n->count = 20;
	tale_pass(&t, 2);
	tale_fails(&t, n, 1);
	tale_pass(&t, 120);
	tale_expect(&t, "forbidden updated 501");
	tale_end(&t);
}

/* ---- its end ---- */

static void who_gets_past_resolves_it(void **unused)
{
	struct ladder *l;
	struct finding *n;
	struct tale t;
	int64_t passed;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	l = tale_row(&t, "192.0.2.50", SUP);
	tale_climb(l, RUNG_CONFIG, RUNG_FAILED, BEGIN);
	n = tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
	n->stops = RUNG_CONFIG + 1;
	tale_fails(&t, n, 229);
	n->last = BEGIN + 840 * MOMENT_S;
	tale_climb(l, RUNG_CONFIG, RUNG_FAILED, n->last);
	t.view.now = n->last;
	tale_pass(&t, 10);
	t.log[0] = '\0';
	passed = t.view.now;
	tale_climb(l, RUNG_CONFIG, RUNG_OK, passed);
	tale_pass(&t, 40);
	tale_expect(&t, "forbidden resolved 230");
	assert_int_equal(t.last.since, BEGIN);
	assert_int_equal(t.last.until, passed);
	assert_int_equal(journal_open(t.journal), 0);
	assert_int_equal(journal_past_count(t.journal), 1);
	assert_int_equal(journal_past_at(t.journal, 0)->count, 230);
	tale_pass(&t, 4000);
	tale_expect(&t, "");
	tale_end(&t);
}

/* A rung above is past it; one below is not, nor is what failed since, nor another server's. */
static void only_getting_past_counts(void **unused)
{
	static const struct {
		const char *server;
		enum rung_name rung;
		int64_t after;          /* s */
		bool resolved;
	} rows[] = {
		{ SUP, RUNG_CONFIG, 2, true },        { SUP, RUNG_SYNC, 2, true },
		{ SUP, RUNG_CONNECTION, 2, false },   { SUP, RUNG_SYNC, -2, false },
		{ "198.51.100.11:8530", RUNG_SYNC, 2, false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tale t;

		tale_begin(&t, SEVERITY_INFO);
		tale_climb(tale_row(&t, "192.0.2.50", rows[i].server), rows[i].rung, RUNG_OK,
		      BEGIN + rows[i].after * MOMENT_S);
		tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50")->stops = RUNG_CONFIG + 1;
		tale_pass(&t, 100);
		tale_expect(&t, rows[i].resolved ? "forbidden resolved 1" : "");
		tale_end(&t);
	}
}

static void what_concerns_all_is_resolved_by_anybody(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	tale_told(&t, FINDING_SERVICE_UNAVAILABLE, "")->stops = RUNG_CONFIG + 1;
	tale_climb(tale_row(&t, "192.0.2.77", SUP), RUNG_COOKIE, RUNG_OK, BEGIN + 5 * MOMENT_S);
	tale_pass(&t, 60);
	tale_expect(&t, "service-unavailable resolved 1");
	tale_end(&t);
}

/* Every second request fails: that is one story. */
static void luck_resolves_nothing(void **unused)
{
	struct ladder *l;
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	l = tale_row(&t, "192.0.2.50", SUP);
	n = tale_told(&t, FINDING_SERVER_ERROR, "192.0.2.50");
	n->stops = RUNG_SYNC + 1;
	for (int i = 0; i < 200; i++) {
		tale_fails(&t, n, 1);
		tale_pass(&t, 4);
		tale_climb(l, RUNG_SYNC, RUNG_OK, t.view.now);
		tale_pass(&t, 6);
	}
	assert_int_equal(journal_told(t.journal, FINDING_SERVER_ERROR, JOURNAL_RESOLVED), 0);
	assert_int_equal(journal_told(t.journal, FINDING_SERVER_ERROR, JOURNAL_AGAIN), 0);
	tale_end(&t);
}

static void silence_ends_it(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	n = tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
	tale_fails(&t, n, 9);
	tale_pass(&t, 898);
	t.log[0] = '\0';
	tale_pass(&t, 2);
	tale_expect(&t, "forbidden not seen again 10");
	assert_int_equal(t.last.until, n->last);
	tale_end(&t);
}

/* What comes every ten minutes is not over after fifteen. */
static void silence_is_measured_by_its_rhythm(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	n = tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
	for (int i = 0; i < 6; i++) {
		tale_pass(&t, 600);
		tale_fails(&t, n, 1);
	}
	tale_pass(&t, 2400);
	assert_int_equal(journal_told(t.journal, FINDING_FORBIDDEN, JOURNAL_CEASED), 0);
	tale_pass(&t, 1000);
	assert_int_equal(journal_told(t.journal, FINDING_FORBIDDEN, JOURNAL_CEASED), 1);
	tale_end(&t);
}

static void it_may_come_again(void **unused)
{
	struct finding *n;
	struct tale t;
	int64_t again;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	n = tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
	tale_pass(&t, 1000);
	tale_expect(&t, "forbidden not seen again 1");
	tale_fails(&t, n, 1);
	again = n->last;
	tale_pass(&t, 4);
	tale_expect(&t, "");
	tale_pass(&t, 10);
	tale_expect(&t, "forbidden raised again 1");
	assert_int_equal(t.last.since, again);
	tale_pass(&t, 1000);
	tale_expect(&t, "forbidden not seen again 1");
	assert_int_equal(journal_past_count(t.journal), 2);
	tale_end(&t);
}

static void what_is_explained_is_withdrawn(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	tale_told(&t, FINDING_CONNECTION_REFUSED, "192.0.2.50");
	t.view.finding_count = t.view.finding_total = 0;
	tale_pass(&t, 2);
	tale_expect(&t, "");
	tale_pass(&t, 4);
	tale_expect(&t, "connection-refused withdrawn 1");
	assert_int_equal(journal_past_count(t.journal), 0);
	tale_add(&t, FINDING_CONNECTION_REFUSED, "192.0.2.50", SUP);
	tale_pass(&t, 12);
	tale_expect(&t, "connection-refused raised 1");
	tale_end(&t);
}

/* Who is back is told as a service that was interrupted: what had been told is over, not untrue. */
static void what_is_judged_otherwise_afterwards_is_resolved(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	tale_told(&t, FINDING_CONNECTION_REFUSED, "192.0.2.50");
	tale_climb(tale_row(&t, "192.0.2.50", SUP), RUNG_CONNECTION, RUNG_OK, t.view.now);
	t.view.finding_count = t.view.finding_total = 0;
	tale_pass(&t, 10);
	tale_expect(&t, "connection-refused resolved 1");
	tale_end(&t);
}

/* A view that holds not all, and judges that are younger than the finding, withdraw nothing. */
static void what_a_view_cannot_tell_is_not_withdrawn(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
	t.view.finding_count = 0;
	tale_pass(&t, 60);
	tale_expect(&t, "");
	tale_pass(&t, 1000);
	tale_expect(&t, "forbidden not seen again 1");
	t.view.finding_total = 0;
	tale_pass(&t, 100);
	tale_expect(&t, "");
	tale_end(&t);
}

static void standing_facts_stand(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	n = tale_told(&t, FINDING_CERTIFICATE_WEAK, "");
	for (int day = 0; day < 3; day++) {
		tale_climb(tale_row(&t, "192.0.2.50", SUP), RUNG_TLS, RUNG_OK, t.view.now);
		t.view.client_count = t.view.client_total = 0;
		for (int hour = 0; hour < 24; hour++) {
			t.view.now += 3600 * MOMENT_S;
			tale_pass(&t, 4);
		}
		tale_fails(&t, n, 1);
	}
	assert_int_equal(journal_told(t.journal, FINDING_CERTIFICATE_WEAK, JOURNAL_RESOLVED), 0);
	assert_int_equal(journal_told(t.journal, FINDING_CERTIFICATE_WEAK, JOURNAL_CEASED), 0);
	assert_true(journal_told(t.journal, FINDING_CERTIFICATE_WEAK, JOURNAL_UPDATED) <= 3);
	tale_end(&t);
	tale_begin(&t, SEVERITY_INFO);  /* and notes are told once */
	n = tale_told(&t, FINDING_LOSS, "192.0.2.50");
	tale_fails(&t, n, 10);
	tale_pass(&t, 1000);
	t.view.finding_count = t.view.finding_total = 0;
	tale_pass(&t, 1000);
	tale_expect(&t, "");
	tale_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_stood_for_seconds_is_told_once),
		cmocka_unit_test(what_the_next_packets_explain_is_no_news),
		cmocka_unit_test(a_silent_network_keeps_nothing_back),
		cmocka_unit_test(what_was_certain_before_anybody_looked_is_told_at_once),
		cmocka_unit_test(milder_ones_are_not_told),
		cmocka_unit_test(the_end_tells_what_only_the_report_has),
		cmocka_unit_test(more_failures_are_told_at_growing_distances),
		cmocka_unit_test(a_change_of_severity_is_told_when_it_lasts),
		cmocka_unit_test(words_may_change),
		cmocka_unit_test(several_of_the_same_parties_are_several),
		cmocka_unit_test(judges_may_be_followed_by_others),
		cmocka_unit_test(who_gets_past_resolves_it),
		cmocka_unit_test(only_getting_past_counts),
		cmocka_unit_test(what_concerns_all_is_resolved_by_anybody),
		cmocka_unit_test(luck_resolves_nothing),
		cmocka_unit_test(silence_ends_it),
		cmocka_unit_test(silence_is_measured_by_its_rhythm),
		cmocka_unit_test(it_may_come_again),
		cmocka_unit_test(what_is_explained_is_withdrawn),
		cmocka_unit_test(what_is_judged_otherwise_afterwards_is_resolved),
		cmocka_unit_test(what_a_view_cannot_tell_is_not_withdrawn),
		cmocka_unit_test(standing_facts_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
