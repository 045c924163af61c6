/* tests/test_verdict.c - the headline's reasons: what stops clients now, told of as many as it stops. */
#include "report/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/case.h"

#define SUP "198.51.100.10:8530"
#define OTHER "198.51.100.11:8530"
#define CLIENT_AT "192.0.2.50"

static void read_verdict(struct verdict *v, struct report_case *r)
{
	findings_settle(r->findings, false);
	ladders_settle(r->ladders, r->findings, r->input.last);
	verdict_read(v, &r->report, false);
}

static void expect_reason(const struct verdict *v, unsigned i, const char *begins)
{
	if (i >= v->reason_count || strncmp(v->reasons[i], begins, strlen(begins)) != 0)
		fail_msg("\"%s\" is no reason: %s", begins, v->reason_count ? v->reasons[0] : "none");
}

/* At one update point it was forbidden, and served later; at the other it is refused now. */
static void what_is_over_is_no_reason(void **unused)
{
	struct addr client = addr_at(CLIENT_AT);
	struct endpoint other = endpoint_at(OTHER);
	struct verdict v;

	(void)unused;
	for (int64_t served_later = 0; served_later < 2; served_later++) {
		struct report_case r;
		struct raise before = { .kind = FINDING_FORBIDDEN, .severity = SEVERITY_OF_KIND,
			                .confidence = CONFIDENCE_CERTAIN, .client = &client,
			                .server = &other };

		case_begin(&r);
		before.time = r.input.first + (served_later ? -10 : 10) * MOMENT_S;
		case_host(&r, CLIENT_AT, OTHER, SPAN("wsus02:8530"), 200);
		case_client(&r, CLIENT_AT, 0);
		finding_raise(r.findings, &before);
		case_raise(&r, FINDING_CONNECTION_REFUSED, CLIENT_AT, SUP, "It answers by resets.");
		read_verdict(&v, &r);
		assert_string_equal(v.headline, "The one client cannot update from its servers.");
		assert_int_equal(v.reason_count, served_later ? 1 : 2);
		expect_reason(&v, v.reason_count - 1, served_later
		              ? CLIENT_AT " to " SUP ": connection refused"
		              : CLIENT_AT " to " OTHER ": ");
		case_end(&r);
	}
}

/* Trouble that stops nobody has its reasons, though everybody got past it. */
static void unease_has_reasons(void **unused)
{
	struct report_case r;
	struct verdict v;

	(void)unused;
	case_begin(&r);
	case_client(&r, CLIENT_AT, 200);
	case_raise(&r, FINDING_SLOW_ANSWER, CLIENT_AT, SUP, "It takes long.");
	read_verdict(&v, &r);
	assert_int_equal(v.mood, MOOD_UNEASY);
	assert_int_equal(v.reason_count, 1);
	case_end(&r);
}

/* Far more than have findings of their own, and more than have rows. */
static void all_clients_are_counted(void **unused)
{
	struct report_case r;
	struct verdict v;
	char client[20];

	(void)unused;
	for (unsigned beyond = 0; beyond < 2; beyond++) {
		case_begin(&r);
		for (unsigned i = 0; i < 4000; i++) {
			snprintf(client, sizeof client, "10.1.%u.%u", i >> 8, i & 255);
			case_client(&r, client, 0);
			case_raise(&r, FINDING_CONNECTION_REFUSED, client, SUP, "It answers by resets.");
		}
		limit_add(&r.limits, LIMIT_CLIENT_CEILING, beyond);
		read_verdict(&v, &r);
		assert_string_equal(v.headline,
		                    beyond ? "At least 4 000 of more than 4 000 clients cannot update "
		                             "from " SUP "."
		                           : "4 000 of 4 000 clients cannot update from " SUP ".");
		assert_int_equal(v.reason_count, 1);
		expect_reason(&v, 0, "10.1.0.0 and others to " SUP ": connection refused");
		case_end(&r);
	}
}

/* Whatever is grave stands in the headline, where no client's ladder tells that it failed. */
static void no_headline_glosses_over(void **unused)
{
	(void)unused;
	for (unsigned served = 0; served < 2; served++)
		for (int kind = 0; kind < FINDING_KIND_COUNT; kind++)
			for (unsigned named = 0; named < 3; named++) {
				struct report_case r;
				struct verdict v;

				case_begin(&r);
				if (served)
					case_client(&r, CLIENT_AT, 200);
				case_raise(&r, (enum finding_kind)kind, named ? CLIENT_AT : NULL,
				           named > 1 ? SUP : NULL, "It is so.");
				read_verdict(&v, &r);
				assert_true(findings_count(r.findings) > 0);
				if (findings_at(r.findings, 0)->severity >= SEVERITY_ERROR) {
					assert_null(strstr(v.headline, "Nobody is stopped"));
					assert_null(strstr(v.headline, "othing failed"));
				}
				if (findings_at(r.findings, 0)->severity == SEVERITY_CRITICAL)
					assert_int_equal(v.mood, MOOD_STOPPED);
				case_end(&r);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_over_is_no_reason),
		cmocka_unit_test(unease_has_reasons),
		cmocka_unit_test(all_clients_are_counted),
		cmocka_unit_test(no_headline_glosses_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
