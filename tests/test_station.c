/* tests/test_station.c - where on the way trouble lies: the gravest finding's place is the broken one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/station.h"
#include "tests/case.h"

#define SUP "198.51.100.10:8530"

static struct station_seen seen[STATION_COUNT];

static bool read_stations(FILE *out, const struct report *r, const struct report_style *style)
{
	(void)out;
	(void)style;
	stations_read(seen, r);
	return true;
}

static unsigned count_of(enum station_state state)
{
	unsigned count = 0;

	for (int i = 0; i < STATION_COUNT; i++)
		count += seen[i].state == state;
	return count;
}

static void settle(struct report_case *r)
{
	static const struct report_style plain = { .width = 80 };

	free(case_write(r, read_stations, &plain));
}

static void assert_states(const enum station_state wanted[static STATION_COUNT])
{
	for (int i = 0; i < STATION_COUNT; i++)
		if (seen[i].state != wanted[i])
			fail_msg("%s: %d instead of %d", station_name((enum station)i), seen[i].state,
			         wanted[i]);
}

/* Families whose place their names tell, so that none is left at the table's zero by oversight. */
static void kinds_lie_where_their_names_say(void **unused)
{
	static const struct row {
		const char *begins;
		enum station station;
	} rows[] = {
		{ "name-", STATION_NAMES }, { "proxy-", STATION_PROXY }, { "tls-", STATION_TLS },
		{ "certificate-", STATION_TLS }, { "connection-unanswered", STATION_FIREWALL },
		{ "connection-rejected", STATION_FIREWALL }, { "connection-reset", STATION_FIREWALL },
		{ "soap-", STATION_WSUS }, { "sync-", STATION_WSUS }, { "ssl-required", STATION_IIS },
		{ "forbidden", STATION_IIS }, { "not-found", STATION_IIS },
	};

	(void)unused;
	for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		struct finding n = { .kind = (enum finding_kind)kind };
		const char *name = finding_row(n.kind)->kind;

		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
			if (!strncmp(name, rows[i].begins, strlen(rows[i].begins)) &&
			    station_of(&n) != rows[i].station)
				fail_msg("%s lies at %s", name, station_name(station_of(&n)));
	}
}

/* Only what a client is, or is told, lies at it. */
static void few_kinds_lie_at_the_client(void **unused)
{
	static const char *const at_client[] = {
		"port-mismatch", "scheme-mismatch", "connection-missing", "client-silent", "wrong-server",
		"no-update-point", "duplicate-client-id", "clock-skew", "reported-error",
	};

	(void)unused;
	for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		struct finding n = { .kind = (enum finding_kind)kind };
		bool listed = false;

		for (size_t i = 0; i < sizeof at_client / sizeof *at_client; i++)
			listed |= !strcmp(finding_row(n.kind)->kind, at_client[i]);
		if (listed != (station_of(&n) == STATION_CLIENT))
			fail_msg("%s", finding_row(n.kind)->kind);
	}
}

static void behind_a_proxy_the_network_is_its(void **unused)
{
	struct finding n = { .kind = FINDING_CONNECTION_RESET, .has_via = true };

	(void)unused;
	assert_int_equal(station_of(&n), STATION_PROXY);
	n.kind = FINDING_SERVER_ERROR;
	assert_int_equal(station_of(&n), STATION_WSUS);
}

static void one_place_is_broken(void **unused)
{
	struct report_case r;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 500);
	case_raise(&r, FINDING_SLOW_ANSWER, "192.0.2.51", SUP, "Slow.");
	case_raise(&r, FINDING_SERVER_ERROR, "192.0.2.50", SUP, "500.");
	case_raise(&r, FINDING_NAME_UNANSWERED, "192.0.2.52", SUP, "No answer.");
	settle(&r);
	assert_int_equal(seen[STATION_WSUS].troubles, 2);
	assert_int_equal(count_of(STATION_BROKEN), 1);
	assert_int_equal(count_of(STATION_TROUBLED), 1);
	case_end(&r);
}

static void warnings_break_nothing(void **unused)
{
	struct report_case r;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 200);
	case_raise(&r, FINDING_SLOW_ANSWER, "192.0.2.50", SUP, "Slow.");
	settle(&r);
	assert_int_equal(seen[STATION_WSUS].state, STATION_TROUBLED);
	for (int i = 0; i < STATION_COUNT; i++)
		assert_int_not_equal(seen[i].state, STATION_BROKEN);
	case_end(&r);
}

static void health_was_passed(void **unused)
{
	static const enum station_state wanted[STATION_COUNT] = {
		[STATION_CLIENT] = STATION_PASSED, [STATION_FIREWALL] = STATION_PASSED,
		[STATION_IIS] = STATION_PASSED,
	};
	struct report_case r;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 200);
	settle(&r);
	assert_states(wanted);
	case_end(&r);
}

static void a_stop_without_a_finding_has_its_rungs_place(void **unused)
{
	struct report_case r;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 0);
	settle(&r);
	assert_int_equal(findings_count(r.findings), 0);
	assert_int_equal(seen[STATION_FIREWALL].state, STATION_BROKEN);
	case_end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_lie_where_their_names_say),
		cmocka_unit_test(few_kinds_lie_at_the_client),
		cmocka_unit_test(behind_a_proxy_the_network_is_its),
		cmocka_unit_test(one_place_is_broken),
		cmocka_unit_test(warnings_break_nothing),
		cmocka_unit_test(health_was_passed),
		cmocka_unit_test(a_stop_without_a_finding_has_its_rungs_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
