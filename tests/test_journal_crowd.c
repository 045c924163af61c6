/* tests/test_journal_crowd.c - many findings at once, told as one story and kept within bounds; and clocks
 * that are set. */
#include "live/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/tale.h"

static void raise_clients(struct tale *t, unsigned from, unsigned to)
{
	char client[32];

	for (unsigned i = from; i < to; i++) {
		snprintf(client, sizeof client, "10.%u.%u.%u", 1 + i / 62500, i / 250 % 250, i % 250);
		tale_add(t, FINDING_CONNECTION_REFUSED, client, SUP);
	}
}

static void an_outage_is_one_story(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	for (unsigned i = 0; i < 20; i++) {
		raise_clients(&t, i * 100, i * 100 + 100);
		tale_pass(&t, 20);
	}
	tale_pass(&t, 20);
	journal_end(t.journal, t.view.now);
	assert_int_equal(journal_told(t.journal, FINDING_CONNECTION_REFUSED, JOURNAL_RAISED), 3);
	assert_int_equal(t.raised, 1997);
	assert_int_equal(t.clients, 1997);
	assert_true(journal_told(t.journal, FINDING_CONNECTION_REFUSED, JOURNAL_MORE) <= 5);
	assert_int_equal(journal_open(t.journal), 2000);
	tale_pass(&t, 8000);            /* and silence ends all of them */
	journal_end(t.journal, t.view.now);
	assert_int_equal(t.over, 1997);
	assert_int_equal(journal_told(t.journal, FINDING_CONNECTION_REFUSED, JOURNAL_CEASED), 3);
	assert_true(t.told < 20);
	tale_end(&t);
}

/* After an hour of it sums are far apart; that it ends is told soon. */
static void the_end_of_an_outage_is_told_soon(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_WARNING);
	for (unsigned i = 0; i < 60; i++) {
		raise_clients(&t, i * 10, i * 10 + 10);
		tale_pass(&t, 60);
	}
	raise_clients(&t, 600, 610);
	tale_pass(&t, 20);
	for (size_t i = 0; i < t.view.finding_count; i++)
		t.findings[i].severity = SEVERITY_INFO;
	tale_pass(&t, 40);
	assert_int_equal(t.over, 607);
	tale_end(&t);
}

/* A view holds the gravest two thousand: those are not all, and the sum does not say so. */
static void what_no_view_holds_is_not_denied(void **unused)
{
	struct tale t;

	(void)unused;
	for (unsigned beyond = 0; beyond <= 8000; beyond += 8000) {
		tale_begin(&t, SEVERITY_INFO);
		raise_clients(&t, 0, 2000);
		tale_view(&t);
		t.view.finding_total += beyond;
		journal_take(t.journal, &t.view);
		journal_end(t.journal, t.view.now);
		assert_int_equal(t.last.word, JOURNAL_MORE);
		assert_int_equal(t.last.raised, 1997);
		assert_int_equal(t.last.at_least, beyond != 0);
		tale_end(&t);
	}
}

/* Ten thousand clients: those without a finding of their own stand in one with their number, which grows. */
static void sums_hold_those_without_a_name(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	raise_clients(&t, 0, 100);
	n = tale_add(&t, FINDING_CONNECTION_REFUSED, "", SUP);
	n->clients = n->count = 3000;
	tale_pass(&t, 20);
	n->clients = n->count = 9010;
	n->last = t.view.now;
	tale_pass(&t, 200);
	assert_int_equal(journal_told(t.journal, FINDING_CONNECTION_REFUSED, JOURNAL_RAISED), 3);
	assert_int_equal(t.raised, 9107);
	assert_int_equal(t.clients, 9107);
	assert_true(t.told <= 6);
	tale_pass(&t, 8000);
	journal_end(t.journal, t.view.now);
	assert_int_equal(journal_told(t.journal, FINDING_CONNECTION_REFUSED, JOURNAL_CEASED), 3);
	assert_int_equal(t.over, 9107);
	assert_int_equal(t.raised, 9107);
	tale_end(&t);
}

/* Who got through is in a milder sum from then on: that is no news of its own, and the story goes on. */
static void members_of_sums_get_through(void **unused)
{
	struct finding *n, *mild;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	raise_clients(&t, 0, 100);
	n = tale_add(&t, FINDING_CONNECTION_REFUSED, "", SUP);
	n->clients = n->count = 3000;
	tale_pass(&t, 200);
	n->clients = n->count = 1000;
	mild = tale_add(&t, FINDING_CONNECTION_REFUSED, "", SUP);
	mild->severity = SEVERITY_WARNING;
	mild->clients = mild->count = 2000;
	tale_pass(&t, 400);
	assert_int_equal(t.raised, 3097);
	assert_int_equal(t.over, 0);
	*n = *mild;                             /* and now all of them */
	n->clients = n->count = 3000;
	t.view.finding_count = t.view.finding_total = 101;
	tale_pass(&t, 8000);
	journal_end(t.journal, t.view.now);
	assert_int_equal(t.raised, 3097);
	assert_int_equal(t.over, 3097);
	tale_end(&t);
}

static void a_scan_of_a_network_is_one_story(void **unused)
{
	struct tale t;
	char server[32];

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(server, sizeof server, "10.9.%u.%u:8530", i / 250, i % 250);
		tale_add(&t, FINDING_CONNECTION_REFUSED, "192.0.2.50", server);
	}
	tale_view(&t);
	tale_pass(&t, 60);
	assert_int_equal(journal_told(t.journal, FINDING_CONNECTION_REFUSED, JOURNAL_RAISED), 12);
	assert_int_equal(t.raised, 988);
	assert_true(t.told <= 16);
	tale_end(&t);
}

static void sums_owed_at_the_end_are_told(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	raise_clients(&t, 0, 50);
	tale_view(&t);
	journal_end(t.journal, t.view.now);
	assert_int_equal(journal_told(t.journal, FINDING_CONNECTION_REFUSED, JOURNAL_RAISED), 3);
	assert_int_equal(t.raised, 47);
	tale_end(&t);
}

/* Far more than are kept, each for a while: nothing is told twice, and nothing grows without end. */
static void stories_are_forgotten(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	for (unsigned i = 0; i < 10; i++) {
		t.view.finding_count = 0;
		raise_clients(&t, i * 1500, i * 1500 + 1500);
		tale_pass(&t, 12);
		tale_pass(&t, 1000);
	}
	journal_end(t.journal, t.view.now);
	t.raised += journal_told(t.journal, FINDING_CONNECTION_REFUSED, JOURNAL_RAISED);
	assert_int_equal(t.raised, 15000);
	assert_true(journal_past_count(t.journal) <= 300);
	tale_end(&t);
}

/* Judges that began yesterday do not know what was last seen the day before: it stands, and is no news. */
static void judges_may_not_have_heard_it(void **unused)
{
	struct finding *n;
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	tale_told(&t, FINDING_CERTIFICATE_WEAK, "");
	tale_pass(&t, 7200);
	t.view.finding_count = t.view.finding_total = 0;
	tale_pass(&t, 7200);
	n = tale_add(&t, FINDING_CERTIFICATE_WEAK, "", SUP);
	tale_fails(&t, n, 3);
	tale_pass(&t, 100);
	tale_expect(&t, "");
	tale_end(&t);
}

/* A clock that is set neither ends what goes on, nor keeps its end from being told. */
static void clocks_may_be_set(void **unused)
{
	static const int64_t steps[] = { 365 * 86400 * MOMENT_S, -365 * 86400 * MOMENT_S, -3600 * MOMENT_S };

	(void)unused;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct finding *n;
		struct tale t;

		tale_begin(&t, SEVERITY_INFO);
		n = tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
		t.view.now += steps[i];
		tale_view(&t);
		for (int k = 0; k < 20; k++) {
			n->count++;
			n->last = t.view.now > n->last ? t.view.now : n->last;
			tale_pass(&t, 2);
		}
		tale_expect(&t, "");
		tale_pass(&t, 4000);
		assert_int_equal(journal_told(t.journal, FINDING_FORBIDDEN, JOURNAL_CEASED), 1);
		tale_end(&t);
	}
}

/* Stories of a year that never was are forgotten; those of the right one are told none the less. */
static void a_clock_that_was_ahead_hides_nothing(void **unused)
{
	struct tale t;

	(void)unused;
	tale_begin(&t, SEVERITY_INFO);
	t.view.now += 365 * 86400 * MOMENT_S;
	for (unsigned i = 0; i < 4; i++) {
		t.view.finding_count = 0;
		raise_clients(&t, i * 1500, i * 1500 + 1500);
		tale_pass(&t, 12);
		tale_pass(&t, 1000);
	}
	t.view.now -= 365 * 86400 * MOMENT_S;
	t.view.finding_count = 0;
	tale_told(&t, FINDING_FORBIDDEN, "192.0.2.50");
	assert_int_equal(journal_told(t.journal, FINDING_FORBIDDEN, JOURNAL_RAISED), 1);
	tale_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_outage_is_one_story),
		cmocka_unit_test(the_end_of_an_outage_is_told_soon),
		cmocka_unit_test(what_no_view_holds_is_not_denied),
		cmocka_unit_test(sums_hold_those_without_a_name),
		cmocka_unit_test(members_of_sums_get_through),
		cmocka_unit_test(a_scan_of_a_network_is_one_story),
		cmocka_unit_test(sums_owed_at_the_end_are_told),
		cmocka_unit_test(stories_are_forgotten),
		cmocka_unit_test(judges_may_not_have_heard_it),
		cmocka_unit_test(clocks_may_be_set),
		cmocka_unit_test(a_clock_that_was_ahead_hides_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
