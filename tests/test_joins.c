/* tests/test_joins.c - checks find what was found on their connections, at their servers, of their names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "cli/joins.h"
#include "tests/trial.h"

#define US "192.0.2.50"
#define SERVER "198.51.100.10:8530"

enum { CHECKS = 3 };

struct bench {
	struct joins joins;
	struct limits limits;
	struct findings *findings;
	struct check checks[CHECKS];
	struct report_check results[CHECKS];
};

/* Three checks of one server, by ports 50001 to 50003; streams 0 to 2, frames 1 to 5, 11 to 15, 21 to 25. */
static void begin(struct bench *b)
{
	*b = (struct bench){ .findings = findings_new(&b->limits) };
	joins_init(&b->joins);
	for (unsigned i = 0; i < CHECKS; i++) {
		struct connection c = connection_at(US, SERVER, i);
		struct check *check = &b->checks[i];

		c.client.port = (uint16_t)(50001 + i);
		c.id = i;
		c.first_frame = 10 * i + 1;
		c.last_frame = 10 * i + 5;
		joins_fact(&b->joins, &(struct fact){ .kind = FACT_CONNECTION, .connection = &c });
		*check = (struct check){ .number = i, .rung = CHECK_HTTP, .talk_count = 1,
			                 .target = "http://wsus01.corp.example:8530" };
		check->talks[0] = (struct check_talk){ .local = c.client, .remote = c.server };
		b->results[i].check = check;
		for (unsigned k = 1; k <= 5; k++)
			joins_frame(&b->joins, 10 * i + k, i);
	}
}

static void raise_at(struct bench *b, enum finding_kind kind, enum severity severity, uint64_t stream,
                     uint64_t frame)
{
	struct evidence evidence = evidence_at(frame, "seen");
	struct connection c = connection_at(US, SERVER, 1);

	c.id = stream;
	finding_raise(b->findings, &(struct raise){ .kind = kind, .severity = severity, .conn = &c,
	                                            .cause = "Because.", .evidence = &evidence,
	                                            .evidence_count = frame != 0 });
}

static void make(struct bench *b, bool frames)
{
	findings_settle(b->findings, false);
	assert_true(joins_make(&b->joins, b->findings, frames, b->results, CHECKS));
}

static void end(struct bench *b)
{
	joins_release(&b->joins);
	findings_free(b->findings);
}

static void assert_result(const struct report_check *r, enum check_state state, int kind)
{
	assert_int_equal(r->state, state);
	if (kind < 0)
		assert_null(r->finding);
	else
		assert_int_equal(r->finding->kind, kind);
}

static void a_connection_joins(void **unused)
{
	struct bench b;

	(void)unused;
	begin(&b);
	b.checks[1].state = CHECK_FAILED;
	raise_at(&b, FINDING_FORBIDDEN, SEVERITY_OF_KIND, 1, 0);
	make(&b, false);
	assert_result(&b.results[0], CHECK_OK, -1);
	assert_result(&b.results[1], CHECK_FAILED, FINDING_FORBIDDEN);
	assert_result(&b.results[2], CHECK_OK, -1);
	assert_int_equal(b.results[1].frame_count, 0);
	end(&b);
}

/* A finding of several occurrences may name the first connection alone, and frames of all. */
static void a_frame_joins(void **unused)
{
	struct bench b;

	(void)unused;
	begin(&b);
	b.checks[0].state = b.checks[2].state = CHECK_FAILED;
	raise_at(&b, FINDING_FORBIDDEN, SEVERITY_OF_KIND, 0, 3);
	raise_at(&b, FINDING_FORBIDDEN, SEVERITY_OF_KIND, 0, 24);
	make(&b, false);
	assert_result(&b.results[0], CHECK_FAILED, FINDING_FORBIDDEN);
	assert_result(&b.results[1], CHECK_OK, -1);
	assert_result(&b.results[2], CHECK_FAILED, FINDING_FORBIDDEN);
	end(&b);
}

static void the_gravest_counts(void **unused)
{
	struct bench b;

	(void)unused;
	begin(&b);
	b.checks[0].state = CHECK_FAILED;
	raise_at(&b, FINDING_SLOW_ANSWER, SEVERITY_OF_KIND, 0, 0);
	raise_at(&b, FINDING_SERVER_ERROR, SEVERITY_OF_KIND, 0, 0);
	raise_at(&b, FINDING_CLEAR_TEXT_UPDATE, SEVERITY_OF_KIND, 0, 0);
	make(&b, false);
	assert_result(&b.results[0], CHECK_FAILED, FINDING_SERVER_ERROR);
	end(&b);
}

static void no_check_is_better_than_what_was_found(void **unused)
{
	struct bench b;

	(void)unused;
	begin(&b);
	raise_at(&b, FINDING_SERVER_ERROR, SEVERITY_OF_KIND, 0, 0);
	raise_at(&b, FINDING_SLOW_ANSWER, SEVERITY_OF_KIND, 1, 0);
	raise_at(&b, FINDING_SERVER_ERROR, SEVERITY_OF_KIND, 2, 0);
	b.checks[2].unjudged = true;
	make(&b, false);
	assert_result(&b.results[0], CHECK_WARNING, FINDING_SERVER_ERROR);
	/* What only will bite is told, and is nothing against the check. */
	assert_result(&b.results[1], CHECK_OK, -1);
	assert_result(&b.results[2], CHECK_OK, -1);
	end(&b);
}

static void what_a_lower_rung_tells_is_told(void **unused)
{
	struct bench b;

	(void)unused;
	begin(&b);
	b.checks[0].rung = CHECK_TLS;
	b.checks[0].state = CHECK_WARNING;
	for (uint64_t stream = 0; stream < 2; stream++)
		raise_at(&b, FINDING_CERTIFICATE_NAME_MISMATCH, SEVERITY_OF_KIND, stream, 0);
	make(&b, false);
	assert_result(&b.results[0], CHECK_WARNING, FINDING_CERTIFICATE_NAME_MISMATCH);
	assert_result(&b.results[1], CHECK_OK, FINDING_CERTIFICATE_NAME_MISMATCH);
	end(&b);
}

static void names_join_by_words(void **unused)
{
	struct bench b;
	struct addr us = addr_at(US);

	(void)unused;
	begin(&b);
	for (unsigned i = 0; i < 2; i++)
		b.checks[i] = (struct check){ .number = i, .rung = CHECK_NAME, .state = CHECK_FAILED,
			                      .target = "http://wsus01.corp.example:8530" };
	snprintf(b.checks[1].target, sizeof b.checks[1].target, "http://elsewhere.example");
	finding_raise(b.findings, &(struct raise){ .kind = FINDING_NAME_NOT_RESOLVED,
	                                           .severity = SEVERITY_OF_KIND, .client = &us,
	                                           .cause = "WSUS01.corp.example is not known." });
	make(&b, false);
	assert_result(&b.results[0], CHECK_FAILED, FINDING_NAME_NOT_RESOLVED);
	assert_result(&b.results[1], CHECK_FAILED, -1);
	end(&b);
}

static void troubles_join_by_kind(void **unused)
{
	struct endpoint server = endpoint_at(SERVER);
	struct addr us = addr_at(US);
	struct bench b;

	(void)unused;
	begin(&b);
	b.checks[0].state = CHECK_FAILED;
	b.checks[0].trouble = CHECK_SIZE_BLOCKED;
	b.checks[1].state = CHECK_FAILED;
	finding_raise(b.findings, &(struct raise){ .kind = FINDING_MTU_BLACK_HOLE, .client = &us,
	                                           .severity = SEVERITY_OF_KIND, .server = &server,
	                                           .cause = "Lost." });
	make(&b, false);
	assert_result(&b.results[0], CHECK_FAILED, FINDING_MTU_BLACK_HOLE);
	assert_result(&b.results[1], CHECK_FAILED, -1);
	end(&b);
}

static void frames_are_of_its_connections(void **unused)
{
	struct bench b;

	(void)unused;
	begin(&b);
	b.checks[2].state = CHECK_FAILED;
	make(&b, true);
	assert_int_equal(b.results[2].frame_count, 2);
	assert_int_equal(b.results[2].frames[0], 21);
	assert_int_equal(b.results[2].frames[1], 25);
	end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_joins),
		cmocka_unit_test(a_frame_joins),
		cmocka_unit_test(the_gravest_counts),
		cmocka_unit_test(no_check_is_better_than_what_was_found),
		cmocka_unit_test(what_a_lower_rung_tells_is_told),
		cmocka_unit_test(names_join_by_words),
		cmocka_unit_test(troubles_join_by_kind),
		cmocka_unit_test(frames_are_of_its_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
