/* tests/test_recording_stops.c - files that cannot be written, full disks, and files begun anew. */
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>

#include <cmocka.h>

#include "tests/capture_file.h"
#include "tests/drawer.h"

static const struct recording_limits no_limits;

/* ---- failures ---- */

static void what_stops_it_is_told_once(void **state)
{
	struct frame frame = drawer_frame(1, DRAWER_START);
	struct drawer d;
	struct fault f;

	(void)state;
	drawer_open(&d);
	d.fail_from = 2;
	drawer_begin(&d, (struct recording_limits){ .frames = 2 }, no_limits);
	drawer_put(&d, 4, DRAWER_START, MOMENT_S);
	assert_false(recording_frame(d.recording, &frame, SPAN(""), &f));
	assert_int_equal(f.kind, FAULT_OUTPUT);
	assert_non_null(strstr(f.text, "out_00003_20261123104728.pcapng: Too many open files; recording has "
	                               "stopped"));
	drawer_put(&d, 5, DRAWER_START, MOMENT_S);
	assert_true(recording_turn(d.recording, DRAWER_START, &f));
	assert_true(recording_switch(d.recording, &f));
	assert_int_equal(recording_frames(d.recording), 4);
	assert_int_equal(recording_missed(d.recording), 6);
	assert_false(recording_is_over(d.recording));
	drawer_end(&d);
	assert_int_equal(drawer_frames(&d, "_00001_20261123104728"), 2);
	assert_int_equal(drawer_frames(&d, "_00002_20261123104730"), 2);
	drawer_close(&d);
}

static void nothing_is_begun_where_nothing_can_be(void **state)
{
	struct recording_options o = { .path = "out.pcapng", .each = { .frames = 1, .files = 100001 } };
	struct drawer d;
	struct fault f;

	(void)state;
	assert_null(recording_open(&o, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	drawer_open(&d);
	d.fail_from = 1;
	d.opened = 1;
	o = (struct recording_options){ .path = d.path, .files = drawer_files(&d) };
	assert_null(recording_open(&o, &f));
	assert_non_null(strstr(f.text, "Too many open files"));
	drawer_close(&d);
}

/* All frames are in the files or counted, and the files are whole. */
static void a_full_disk_stops_it_loudly(void **state)
{
	(void)state;
	for (uint64_t limit = 150; limit < 700; limit += 11) {
		struct drawer d;
		struct fault f;
		unsigned loud = 0;

		drawer_open(&d);
		drawer_begin(&d, no_limits, no_limits);
		drawer_limit(limit);
		for (uint64_t i = 0; i < 50; i++) {
			struct frame frame = drawer_frame(i + 1, DRAWER_START + (int64_t)i * MOMENT_S / 4);

			loud += !recording_frame(d.recording, &frame, SPAN(""), &f);
		}
		drawer_limit(UINT64_MAX);
		assert_int_equal(loud, 1);
		assert_non_null(strstr(f.text, "out.pcapng: writing failed: File too large"));
		assert_non_null(strstr(f.text, "recording has stopped"));
		assert_int_equal(recording_frames(d.recording) + recording_missed(d.recording), 50);
		assert_int_equal(recording_frames(d.recording), drawer_frames(&d, ""));
		drawer_end(&d);
		drawer_close(&d);
	}
}

/* A file system of 64 KiB of its own on the drawer's folder; false: this process may not have one. */
static bool mount_small(const struct drawer *d)
{
	return !unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount("none", d->folder, "tmpfs", 0, "size=64k");
}

static void a_real_disk_may_be_full(void **state)
{
	static const uint8_t bytes[700];
	struct frame frame = drawer_frame(1, DRAWER_START);
	struct drawer d;
	struct fault f;
	unsigned loud = 0;

	(void)state;
	drawer_open(&d);
	if (!mount_small(&d)) {
		print_message("no right to mount a small file system\n");
		drawer_close(&d);
		skip();
	}
	frame.bytes = span_of(bytes, sizeof bytes);
	/* A ring that fits goes on for ever. */
	drawer_begin(&d, (struct recording_limits){ .bytes = 15000, .files = 2 }, no_limits);
	for (size_t i = 0; i < 1000; i++)
		assert_true(recording_frame(d.recording, &frame, SPAN(""), &f));
	assert_int_equal(recording_frames(d.recording), 1000);
	drawer_end(&d);
	drawer_begin(&d, no_limits, no_limits);
	for (size_t i = 0; i < 1000; i++, frame.time += MOMENT_S / 8)
		loud += !recording_frame(d.recording, &frame, SPAN(""), &f);
	assert_int_equal(loud, 1);
	assert_non_null(strstr(f.text, "out.pcapng: writing failed: No space left on device: the disk is "
	                               "full; make room there; recording has stopped"));
	assert_int_equal(recording_frames(d.recording), drawer_frames(&d, ""));
	assert_int_equal(recording_frames(d.recording) + recording_missed(d.recording), 1000);
	drawer_end(&d);
	assert_int_equal(umount(d.folder), 0);
	drawer_close(&d);
}

/* A file of a ring whose head has no room is not left behind. */
static void a_file_without_a_head_goes(void **state)
{
	struct frame frame = drawer_frame(2, DRAWER_START);
	struct drawer d;
	struct fault f;

	(void)state;
	drawer_open(&d);
	drawer_begin(&d, (struct recording_limits){ .frames = 1, .files = 1 }, no_limits);
	drawer_put(&d, 1, DRAWER_START, 0);
	drawer_limit(20);
	assert_false(recording_frame(d.recording, &frame, SPAN(""), &f));
	drawer_limit(UINT64_MAX);
	assert_string_equal(d.calls, "+_00001_20261123104728\n"
	                             "+_00002_20261123104728\n-_00002_20261123104728\n");
	assert_int_equal(drawer_frames(&d, "_00001_20261123104728"), 1);
	drawer_end(&d);
	drawer_close(&d);
}

static void a_second_link_type_ends_a_classic_file(void **state)
{
	struct frame frame = drawer_frame(1, DRAWER_START);
	struct drawer d;
	struct fault f;

	(void)state;
	drawer_open(&d);
	d.recording = recording_open(&(struct recording_options){
		.path = d.path, .format = WRITER_PCAP, .files = drawer_files(&d) }, &f);
	drawer_put(&d, 3, DRAWER_START, 0);
	frame.link_type = 276;
	assert_false(recording_frame(d.recording, &frame, SPAN(""), &f));
	assert_non_null(strstr(f.text, "write pcapng; recording has stopped"));
	drawer_put(&d, 3, DRAWER_START, 0);
	assert_int_equal(recording_missed(d.recording), 4);
	assert_int_equal(drawer_frames(&d, ""), 3);
	drawer_end(&d);
	drawer_close(&d);
}

/* ---- begun anew ---- */

static void a_series_goes_on_in_its_next_file(void **state)
{
	struct drawer d;
	struct fault f;

	(void)state;
	drawer_open(&d);
	drawer_begin(&d, (struct recording_limits){ .frames = 100 }, no_limits);
	drawer_put(&d, 3, DRAWER_START, MOMENT_S);
	assert_true(recording_switch(d.recording, &f));
	drawer_put(&d, 3, DRAWER_START, MOMENT_S);
	drawer_end(&d);
	assert_int_equal(drawer_frames(&d, "_00001_20261123104728"), 3);
	assert_int_equal(drawer_frames(&d, "_00002_20261123104730"), 3);
	drawer_close(&d);
}

static void a_single_file_goes_on_in_a_new_one(void **state)
{
	struct drawer d;
	struct fault f;
	char moved[DRAWER_PATH];

	(void)state;
	drawer_open(&d);
	drawer_begin(&d, no_limits, no_limits);
	drawer_put(&d, 3, DRAWER_START, MOMENT_S);
	drawer_path(&d, "moved", moved);
	assert_int_equal(rename(d.path, moved), 0);
	assert_true(recording_switch(d.recording, &f));
	drawer_put(&d, 2, DRAWER_START, MOMENT_S);
	/* Nobody moved it: it goes on, whether its opener emptied it or not. */
	d.flags = O_APPEND;
	assert_true(recording_switch(d.recording, &f));
	drawer_put(&d, 2, DRAWER_START, MOMENT_S);
	assert_true(recording_turn(d.recording, DRAWER_START + 2 * MOMENT_S, &f));
	assert_int_equal(drawer_frames(&d, "moved"), 3);
	assert_int_equal(drawer_frames(&d, ""), 4);
	d.flags = O_TRUNC;
	assert_true(recording_switch(d.recording, &f));
	drawer_put(&d, 1, DRAWER_START, MOMENT_S);
	drawer_end(&d);
	assert_int_equal(drawer_frames(&d, ""), 1);
	drawer_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stops_it_is_told_once),
		cmocka_unit_test(nothing_is_begun_where_nothing_can_be),
		cmocka_unit_test(a_full_disk_stops_it_loudly),
		cmocka_unit_test(a_real_disk_may_be_full),
		cmocka_unit_test(a_file_without_a_head_goes),
		cmocka_unit_test(a_second_link_type_ends_a_classic_file),
		cmocka_unit_test(a_series_goes_on_in_its_next_file),
		cmocka_unit_test(a_single_file_goes_on_in_a_new_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
