/* tests/test_engine.c - one engine over months: judges, heirs, clocks that are set, whose packet it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "capture/source.h"
#include "cli/engine.h"

#define HOUR (3600 * MOMENT_S)
#define DAY (24 * HOUR)

/* A firewall drops what one client sends to port 8530: nothing else is found in it. */
static const char *const failing = "pcaps/syn-dropped.pcapng";
static const char *const healthy = "pcaps/healthy-scan.pcapng";

static struct engine *engine_of(int64_t renew)
{
	struct engine *e = engine_new(&(struct engine_options){ .renew = renew });

	assert_non_null(e);
	return e;
}

/* The capture once more, so much later than it was recorded; the time of its last frame. */
static int64_t feed(struct engine *e, const char *file, int64_t later)
{
	struct fault f = { 0 };
	struct source *s = source_open(&file, 1, NULL, &f);
	struct frame frame;
	int64_t last = 0;

	if (!s)
		fail_msg("%s", f.text);
	while (source_next(s, &frame, &f) == SOURCE_FRAME) {
		frame.time += later;
		last = frame.time;
		engine_frame(e, &frame);
	}
	source_close(s);
	return last;
}

static uint64_t times_found(struct engine *e, enum finding_kind kind)
{
	const struct findings *found = engine_findings(e);
	uint64_t count = 0;

	for (size_t i = 0; i < findings_count(found); i++)
		if (findings_at(found, i)->kind == kind)
			count += findings_at(found, i)->count;
	return count;
}

/* What failed in one playing of the capture. */
static uint64_t once(void)
{
	struct engine *e = engine_of(0);
	uint64_t count;

	feed(e, failing, 0);
	engine_end(e);
	count = times_found(e, FINDING_CONNECTION_UNANSWERED);
	assert_true(count > 0);
	engine_free(e);
	return count;
}

static void all_is_judged_together_without_renewal(void **unused)
{
	struct engine *e = engine_of(0);

	(void)unused;
	for (int hour = 0; hour < 3; hour++)
		feed(e, failing, hour * HOUR);
	engine_end(e);
	assert_int_equal(times_found(e, FINDING_CONNECTION_UNANSWERED), 3 * once());
	engine_free(e);
}

/* Every hour for three days: judges of one day know of one day at least, and of the hours of their heirs'
 * youth. */
static void judges_know_of_their_own_time_alone(void **unused)
{
	struct engine *e = engine_of(DAY);
	uint64_t most = (24 + 24 / ENGINE_OVERLAP + 1) * once(), count;

	(void)unused;
	for (int hour = 0; hour < 72; hour++)
		feed(e, failing, hour * HOUR);
	engine_end(e);
	count = times_found(e, FINDING_CONNECTION_UNANSWERED);
	assert_in_range(count, once(), most);
	engine_free(e);
}

/* What fails once, while heirs hear along, is found by them when they have taken over. */
static void heirs_have_heard_along(void **unused)
{
	struct engine *e = engine_of(DAY);

	(void)unused;
	for (int hour = 0; hour <= 24; hour++)
		feed(e, healthy, hour * HOUR);
	feed(e, failing, 24 * HOUR + HOUR / 2);
	feed(e, healthy, 26 * HOUR);
	feed(e, healthy, 27 * HOUR);
	engine_end(e);
	assert_int_equal(times_found(e, FINDING_CONNECTION_UNANSWERED), once());
	engine_free(e);
}

/* What failed before they were born is none of theirs. */
static void heirs_know_nothing_of_the_past(void **unused)
{
	struct engine *e = engine_of(DAY);

	(void)unused;
	feed(e, failing, 0);
	for (int hour = 1; hour <= 27; hour++)
		feed(e, healthy, hour * HOUR);
	engine_end(e);
	assert_int_equal(times_found(e, FINDING_CONNECTION_UNANSWERED), 0);
	engine_free(e);
}

static void a_clock_that_is_set_back_is_believed(void **unused)
{
	struct engine *e = engine_of(0);
	int64_t last, future;

	(void)unused;
	future = feed(e, failing, 365 * DAY);
	assert_true(engine_now(e) == future);
	last = feed(e, failing, 0);
	assert_true(engine_now(e) == last);
	engine_free(e);
}

/* Whose tables are full sees nobody new: such judges go after the time that heirs need, not after theirs. */
static void judges_that_turn_others_away_go_sooner(void **unused)
{
	(void)unused;
	for (int full = 0; full <= 1; full++) {
		struct engine *e = engine_of(DAY);

		/* It was recorded six hours and a half before the other; its attempts are to end at once. */
		feed(e, failing, 6 * HOUR - HOUR / 2);
		engine_limit(e, LIMIT_CLIENT_CEILING, (uint64_t)full);
		for (int hour = 0; hour <= 4; hour++)
			feed(e, healthy, hour * HOUR);
		engine_end(e);
		assert_int_equal(times_found(e, FINDING_CONNECTION_UNANSWERED), full ? 0 : once());
		engine_free(e);
	}
}

/* A client that was served in a future that never was, and fails now: its success is no later one. */
static void a_run_that_goes_on_forgets_the_future(void **unused)
{
	struct engine *e = engine_of(DAY);

	(void)unused;
	feed(e, healthy, 365 * DAY);
	feed(e, failing, 0);
	engine_end(e);
	assert_int_equal(times_found(e, FINDING_CONNECTION_UNANSWERED), once());
	engine_free(e);
}

/* How sure the finding of a dead port is, when nothing more came for so long behind its last frame. */
static enum confidence sure_after(int64_t quiet)
{
	struct engine *e = engine_of(0);
	int64_t last = feed(e, failing, 0);
	enum confidence sure = CONFIDENCE_POSSIBLE;

	engine_pass(e, last + quiet);
	engine_end(e);
	assert_int_equal(times_found(e, FINDING_CONNECTION_UNANSWERED), once());
	for (size_t i = 0; i < findings_count(engine_findings(e)); i++)
		if (findings_at(engine_findings(e), i)->kind == FINDING_CONNECTION_UNANSWERED)
			sure = findings_at(engine_findings(e), i)->confidence;
	engine_free(e);
	return sure;
}

/* Judges go without what is held too much, up to a quarter of what they have, and get it back
 * little by little. */
static void who_holds_too_much_gives_some_up(void **unused)
{
	struct engine *e = engine_of(0);
	size_t all = engine_memory(e).judges_ceiling;

	(void)unused;
	engine_hold(e, 100, 100);
	assert_int_equal(engine_memory(e).judges_ceiling, all);
	engine_hold(e, 100 + 4096, 100);
	assert_int_equal(engine_memory(e).judges_ceiling, all - 4096);
	engine_hold(e, SIZE_MAX, 100);
	assert_int_equal(engine_memory(e).judges_ceiling, all - all / 4);
	for (int look = 0; look < 10000; look++)
		engine_hold(e, 100, 100);
	assert_int_equal(engine_memory(e).judges_ceiling, all);
	engine_free(e);
}

/* Where a capture goes on, silence says something. */
static void silence_makes_sure(void **unused)
{
	(void)unused;
	assert_int_equal(sure_after(60 * MOMENT_S), CONFIDENCE_CERTAIN);
	assert_int_equal(sure_after(-DAY), sure_after(0));
}

static void a_frame_has_the_number_of_its_connection(void **unused)
{
	const char *file = failing;
	struct fault f = { 0 };
	struct source *s = source_open(&file, 1, NULL, &f);
	struct engine *e = engine_of(0);
	uint64_t streams[FINDING_STREAMS] = { 0 };
	struct frame frame;
	bool seen = false;

	(void)unused;
	assert_non_null(s);
	while (source_next(s, &frame, &f) == SOURCE_FRAME) {
		engine_frame(e, &frame);
		if (engine_stream(e) < FINDING_STREAMS)
			streams[engine_stream(e)] = frame.number;
		else
			assert_true(engine_stream(e) == ENGINE_NO_STREAM);
	}
	engine_end(e);
	for (size_t i = 0; i < findings_count(engine_findings(e)); i++) {
		const struct finding *n = findings_at(engine_findings(e), i);

		for (unsigned k = 0; k < n->stream_count; k++) {
			assert_true(streams[n->streams[k]] >= n->frames[0]);
			seen = true;
		}
	}
	assert_true(seen);
	engine_free(e);
	source_close(s);
}

/* Behind Ethernet and a plain IPv4 header (RFC 791 section 3.1), protocol 1. */
static bool is_icmp(const struct frame *frame)
{
	return frame->bytes.len > 23 && frame->bytes.at[12] == 8 && frame->bytes.at[23] == 1;
}

static void an_icmp_error_has_that_of_the_one_it_rejects(void **unused)
{
	const char *file = "pcaps/icmp-prohibited.pcapng";
	struct fault f = { 0 };
	struct source *s = source_open(&file, 1, NULL, &f);
	struct engine *e = engine_of(0);
	uint64_t latest = ENGINE_NO_STREAM;
	struct frame frame;
	bool seen = false;

	(void)unused;
	assert_non_null(s);
	while (source_next(s, &frame, &f) == SOURCE_FRAME) {
		engine_frame(e, &frame);
		if (is_icmp(&frame)) {
			assert_true(engine_stream(e) == latest);
			seen = true;
		}
		latest = engine_stream(e);
	}
	assert_true(seen);
	engine_free(e);
	source_close(s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_judged_together_without_renewal),
		cmocka_unit_test(judges_know_of_their_own_time_alone),
		cmocka_unit_test(heirs_have_heard_along),
		cmocka_unit_test(heirs_know_nothing_of_the_past),
		cmocka_unit_test(a_clock_that_is_set_back_is_believed),
		cmocka_unit_test(judges_that_turn_others_away_go_sooner),
		cmocka_unit_test(a_run_that_goes_on_forgets_the_future),
		cmocka_unit_test(who_holds_too_much_gives_some_up),
		cmocka_unit_test(silence_makes_sure),
		cmocka_unit_test(a_frame_has_the_number_of_its_connection),
		cmocka_unit_test(an_icmp_error_has_that_of_the_one_it_rejects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
