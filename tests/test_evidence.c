/* tests/test_evidence.c - what is recorded of a live run, by two clocks. */
#include "cli/evidence.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/capture_file.h"

/* 2026-11-23T10:48:00Z */
#define MINUTE (INT64_C(1795430880) * MOMENT_S)

struct scene {
	char *folder, *path;
	struct keeper *keeper;
	struct source *source;
	struct options options;
	struct evidence_file *evidence;
};

static void scene_begin(struct scene *s)
{
	const char *capture = "pcaps/squid-407.pcapng";
	struct fault f;

	s->folder = folder_new();
	assert_true(asprintf(&s->path, "%s/out.pcapng", s->folder) > 0);
	s->options.write = s->path;
	s->keeper = keeper_new();
	s->source = source_open(&capture, 1, NULL, &f);
	assert_non_null(s->source);
	s->evidence = evidence_open(&s->options, s->keeper, s->source, "", 1 << 20, &f);
	assert_non_null(s->evidence);
}

static void scene_end(struct scene *s)
{
	struct fault f;

	assert_true(evidence_close(s->evidence, &f));
	source_close(s->source);
	keeper_free(s->keeper);
	free(s->path);
	folder_remove(s->folder);
}

static size_t files(const struct scene *s)
{
	char *pattern;
	glob_t found;
	size_t count;

	assert_true(asprintf(&pattern, "%s/out_*.pcapng", s->folder) > 0);
	count = glob(pattern, 0, NULL, &found) ? 0 : found.gl_pathc;
	globfree(&found);
	free(pattern);
	return count;
}

/* The kernel hands frames on in blocks, a tenth of a second late: at the turn of a minute those of the old
 * one are still to come, and there is one file for each. */
static void late_frames_begin_no_file(void **state)
{
	enum { A_TURN = 1500 };
	const int64_t turn = 100 * MOMENT_MS, late = 150 * MOMENT_MS;
	struct scene s = { .options = { .each = { .interval = 60 * MOMENT_S } } };
	uint64_t number = 0;
	struct fault f;

	(void)state;
	scene_begin(&s);
	for (int64_t now = MINUTE - 2 * MOMENT_S; now < MINUTE + 3 * MOMENT_S; now += turn) {
		for (int i = 0; i < A_TURN; i++) {
			const struct frame frame = {
				.number = ++number, .time = now - late + i * (turn / A_TURN),
				.bytes = SPAN("some bytes"), .wire_len = 10, .link_type = 1,
			};

			assert_true(evidence_frame(s.evidence, &frame, 0, &f));
		}
		assert_true(evidence_turn(s.evidence, now - late, &f));
	}
	assert_int_equal(evidence_counts(s.evidence).frames, number);
	assert_int_equal(files(&s), 2);
	scene_end(&s);
}

/* Metrics tell how much may wait, also where nobody said how much. */
static void what_may_wait_is_told(void **state)
{
	struct scene all = { 0 }, some = { .options = { .only_findings = true } };

	(void)state;
	scene_begin(&all);
	assert_int_equal(evidence_counts(all.evidence).room, 0);
	scene_end(&all);
	scene_begin(&some);
	assert_int_equal(evidence_counts(some.evidence).room, 1 << 20);
	scene_end(&some);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_frames_begin_no_file),
		cmocka_unit_test(what_may_wait_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
