/* tests/test_recording.c - which file a frame goes to, when files go, and what they tell of themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/capture_file.h"
#include "tests/drawer.h"

static const struct recording_limits no_limits;

/* ---- one file ---- */

static void one_file_takes_all(void **state)
{
	struct drawer d;

	(void)state;
	drawer_open(&d);
	drawer_begin(&d, (struct recording_limits){ .files = 3 }, no_limits);
	drawer_put(&d, 500, DRAWER_START, MOMENT_S);
	assert_int_equal(recording_frames(d.recording), 500);
	assert_false(recording_is_over(d.recording));
	drawer_end(&d);
	assert_string_equal(d.calls, "+\n");
	assert_int_equal(drawer_frames(&d, ""), 500);
	drawer_close(&d);
}

/* What comes once a condition of all is reached is not recorded, and not missed. */
static void all_of_it_ends(void **state)
{
	static const struct row {
		struct recording_limits all;
		size_t frames;
	} rows[] = {
		{ { .frames = 7 }, 7 },
		{ { .duration = 7 * MOMENT_S }, 7 },
		{ { .bytes = 500 }, 9 },        /* head at least 44, interface 32, packets of 44 */
		{ { .files = 1 }, 20 },         /* of a series only */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drawer d;

		drawer_open(&d);
		drawer_begin(&d, no_limits, rows[i].all);
		drawer_put(&d, 20, DRAWER_START, MOMENT_S);
		assert_int_equal(recording_is_over(d.recording), rows[i].frames < 20);
		if (rows[i].all.bytes)
			assert_in_range(recording_bytes(d.recording), 500, 544);
		else
			assert_int_equal(recording_frames(d.recording), rows[i].frames);
		assert_int_equal(recording_missed(d.recording), 0);
		drawer_end(&d);
		drawer_close(&d);
	}
}

/* ---- series ---- */

static void series_go_on_by_each_condition(void **state)
{
	static const struct row {
		struct recording_limits each, all;
		const char *calls;
	} rows[] = {
		{ { .frames = 4 }, { 0 },
		  "+_00001_20261123104728\n+_00002_20261123104732\n+_00003_20261123104736\n" },
		{ { .duration = 5 * MOMENT_S }, { 0 },
		  "+_00001_20261123104728\n+_00002_20261123104733\n" },
		{ { .interval = 10 * MOMENT_S }, { 0 },
		  "+_00001_20261123104728\n+_00002_20261123104730\n" },
		{ { .interval = 4 * MOMENT_S, .frames = 3 }, { 0 },
		  "+_00001_20261123104728\n+_00002_20261123104731\n+_00003_20261123104732\n"
		  "+_00004_20261123104735\n+_00005_20261123104736\n" },
		{ { .frames = 4 }, { .files = 2 }, "+_00001_20261123104728\n+_00002_20261123104732\n" },
		{ { .frames = 4 }, { .frames = 5 }, "+_00001_20261123104728\n+_00002_20261123104732\n" },
		/* As dumpcap's manual says of -a filesize beside -b. */
		{ { .frames = 9 }, { .bytes = 1 }, "+_00001_20261123104728\n+_00002_20261123104729\n"
		  "+_00003_20261123104730\n+_00004_20261123104731\n+_00005_20261123104732\n"
		  "+_00006_20261123104733\n+_00007_20261123104734\n+_00008_20261123104735\n"
		  "+_00009_20261123104736\n+_00010_20261123104737\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drawer d;

		drawer_open(&d);
		drawer_begin(&d, rows[i].each, rows[i].all);
		drawer_put(&d, 10, DRAWER_START, MOMENT_S);
		assert_string_equal(d.calls, rows[i].calls);
		assert_int_equal(recording_is_over(d.recording), rows[i].all.files || rows[i].all.frames);
		drawer_end(&d);
		drawer_close(&d);
	}
}

static void files_reach_their_bytes(void **state)
{
	enum { LIMIT = 2000, PACKET = 44 };
	struct drawer d;
	struct stat about;
	size_t files;

	(void)state;
	drawer_open(&d);
	drawer_begin(&d, (struct recording_limits){ .bytes = LIMIT }, no_limits);
	drawer_put(&d, 1000, DRAWER_START, MOMENT_MS);
	drawer_end(&d);
	files = d.opened;
	assert_in_range(files, 1000 * PACKET / LIMIT, 1000 * PACKET / (LIMIT - 200) + 1);
	for (size_t i = 1; i < files; i++) {
		char part[RECORDING_PART], path[DRAWER_PATH];

		snprintf(part, sizeof part, "_%05zu_20261123104728", i);
		drawer_path(&d, part, path);
		assert_int_equal(stat(path, &about), 0);
		/* The frame that reaches it, and the statistics of its end. */
		assert_in_range(about.st_size, LIMIT, LIMIT + PACKET + 64);
	}
	drawer_close(&d);
}

static void the_oldest_goes_last(void **state)
{
	struct drawer d;

	(void)state;
	drawer_open(&d);
	drawer_begin(&d, (struct recording_limits){ .frames = 1, .files = 2 }, no_limits);
	drawer_put(&d, 5, DRAWER_START, MOMENT_S);
	drawer_end(&d);
	assert_string_equal(d.calls, "+_00001_20261123104728\n"
	                             "+_00002_20261123104729\n"
	                             "+_00003_20261123104730\n-_00001_20261123104728\n"
	                             "+_00004_20261123104731\n-_00002_20261123104729\n"
	                             "+_00005_20261123104732\n-_00003_20261123104730\n");
	assert_int_equal(drawer_frames(&d, "_00004_20261123104731"), 1);
	assert_int_equal(drawer_frames(&d, "_00005_20261123104732"), 1);
	drawer_close(&d);
	/* Of one file, too. */
	drawer_open(&d);
	drawer_begin(&d, (struct recording_limits){ .frames = 1, .files = 1 }, no_limits);
	drawer_put(&d, 2, DRAWER_START, MOMENT_S);
	drawer_end(&d);
	assert_string_equal(d.calls, "+_00001_20261123104728\n"
	                             "+_00002_20261123104729\n-_00001_20261123104728\n");
	drawer_close(&d);
}

/* Up to a second after DRAWER_START. */
static void be_quiet(struct drawer *d, int64_t seconds)
{
	struct fault f;

	for (int64_t second = 0; second < seconds; second++)
		assert_true(recording_turn(d->recording, DRAWER_START + second * MOMENT_S, &f));
}

/* As dumpcap: by the clock, and not by the packet. */
static void quiet_moments_close_files(void **state)
{
	static const struct row {
		struct recording_limits each;
		unsigned opened;
	} rows[] = {
		{ { .duration = 60 * MOMENT_S }, 17 },  /* in the seconds 0, 60, 120 ... 960 */
		{ { .interval = 60 * MOMENT_S }, 18 },  /* at 10:47:28, 10:48:00 ... 11:04:00 */
		{ { .frames = 1 }, 1 },
		{ { .bytes = 1 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drawer d;

		drawer_open(&d);
		drawer_begin(&d, rows[i].each, no_limits);
		be_quiet(&d, 1000);
		assert_int_equal(d.opened, rows[i].opened);
		assert_false(recording_is_over(d.recording));
		drawer_end(&d);
		drawer_close(&d);
	}
}

/* What is to end after some files does where nothing comes, and old ones go from a ring. */
static void a_silent_segment_ends_as_well(void **state)
{
	static const struct recording_limits each = { .duration = 60 * MOMENT_S, .files = 2 },
	                                     all = { .files = 3 };
	struct drawer d;

	(void)state;
	drawer_open(&d);
	drawer_begin(&d, each, all);
	be_quiet(&d, 180);
	assert_false(recording_is_over(d.recording));
	be_quiet(&d, 181);
	assert_true(recording_is_over(d.recording));
	assert_string_equal(d.calls, "+_00001_20261123104728\n+_00002_20261123104828\n"
	                             "+_00003_20261123104928\n-_00001_20261123104728\n");
	drawer_end(&d);
	assert_int_equal(drawer_frames(&d, "_00003_20261123104928"), 0);
	drawer_close(&d);
}

/* ---- clocks ---- */

static uint32_t drawn(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void a_clock_that_jumps_makes_few_files(void **state)
{
	static const struct recording_limits limits[] = { { .duration = 60 * MOMENT_S },
	                                                  { .interval = 60 * MOMENT_S } };
	const int64_t year = 365 * 86400 * MOMENT_S;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct drawer d;
		uint32_t seed = 1;

		drawer_open(&d);
		drawer_begin(&d, limits[i], no_limits);
		drawer_put(&d, 10, DRAWER_START, MOMENT_MS);
		/* Forward: one, not one for each minute. */
		drawer_put(&d, 10, DRAWER_START + 5 * year, MOMENT_MS);
		assert_int_equal(d.opened, 2);
		/* Out of order, for all that is known. */
		drawer_put(&d, 500, DRAWER_START, MOMENT_MS);
		assert_int_equal(d.opened, 2);
		/* Set back: minutes count again. */
		drawer_put(&d, 5000, DRAWER_START, MOMENT_MS);
		drawer_put(&d, 10, DRAWER_START + 90 * MOMENT_S, MOMENT_MS);
		assert_int_equal(d.opened, 3);
		/* Two clocks, an hour apart. */
		for (size_t k = 0; k < 5000; k++)
			drawer_put(&d, 2, DRAWER_START + 3600 * MOMENT_S + (int64_t)k, -3600 * MOMENT_S);
		assert_in_range(d.opened, 4, 5);
		/* None at all. */
		for (size_t k = 0; k < 20000; k++)
			drawer_put(&d, 1, (int64_t)drawn(&seed) * 256 * MOMENT_S / 2, 0);
		assert_in_range(d.opened, 4, 80);
		drawer_end(&d);
		drawer_close(&d);
	}
}

/* ---- what it tells of itself ---- */

static uint64_t dropped_in(const struct drawer *d, const char *part)
{
	struct fault f;
	struct source *s;
	struct frame frame;
	char path[DRAWER_PATH];
	const char *name = path;
	uint64_t dropped;

	drawer_path(d, part, path);
	s = source_open(&name, 1, NULL, &f);
	assert_non_null(s);
	while (source_next(s, &frame, &f) == SOURCE_FRAME)
		;
	dropped = source_info(s, 0)->dropped;
	source_close(s);
	return dropped;
}

static void each_file_tells_its_own_losses(void **state)
{
	struct drawer d;

	(void)state;
	drawer_open(&d);
	drawer_begin(&d, (struct recording_limits){ .frames = 2 }, no_limits);
	recording_interface(d.recording, 0, "eth0", "tcp");
	recording_interface(d.recording, UINT16_MAX, "eth9", "tcp");
	drawer_put(&d, 2, DRAWER_START, 0);
	recording_lost(d.recording, 0, &(struct recording_losses){ 3, 4, 0 });
	recording_lost(d.recording, UINT16_MAX, &(struct recording_losses){ 3, 4, 0 });
	drawer_put(&d, 2, DRAWER_START, 0);
	recording_lost(d.recording, 0, &(struct recording_losses){ 5, 4, 9 });
	recording_received(d.recording, 0, 100);
	drawer_put(&d, 2, DRAWER_START, 0);
	drawer_end(&d);
	assert_int_equal(dropped_in(&d, "_00001_20261123104728"), 7);
	assert_int_equal(dropped_in(&d, "_00002_20261123104728"), 2);
	assert_int_equal(dropped_in(&d, "_00003_20261123104728"), 0);
	drawer_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_file_takes_all),
		cmocka_unit_test(all_of_it_ends),
		cmocka_unit_test(series_go_on_by_each_condition),
		cmocka_unit_test(files_reach_their_bytes),
		cmocka_unit_test(the_oldest_goes_last),
		cmocka_unit_test(quiet_moments_close_files),
		cmocka_unit_test(a_silent_segment_ends_as_well),
		cmocka_unit_test(a_clock_that_jumps_makes_few_files),
		cmocka_unit_test(each_file_tells_its_own_losses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
