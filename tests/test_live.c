/* tests/test_live.c - capturing on loopback and on cables of the test's own, where that is allowed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/source.h"
#include "tests/cables.h"

enum { DATAGRAMS = 50, SECONDS_MAX = 20 };

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * MOMENT_S + t.tv_nsec;
}

static struct source *open_or_skip(const struct source_live_options *o)
{
	struct fault f = { .kind = FAULT_NONE };
	struct source *s = source_live(o, &f);

	if (!s) {
		print_message("skipped, cannot capture here: %s\n", f.text);
		skip();
	}
	return s;
}

/* The next frame; false: the source has ended. */
static bool next_frame(struct source *s, struct frame *frame)
{
	int64_t deadline = now() + SECONDS_MAX * MOMENT_S;
	enum source_next next;
	struct fault f;

	while ((next = source_next(s, frame, &f)) == SOURCE_IDLE)
		assert_true(now() < deadline);
	assert_int_not_equal(next, SOURCE_FAULT);
	return next == SOURCE_FRAME;
}

/* All datagrams arrive although the source is stopped before the last is read. */
static void check(const char *device, uint16_t link_type, unsigned rings)
{
	const struct source_live_options o = { .devices = &device, .device_count = 1,
	                                       .filter = "udp dst port 9", .rings = rings };
	struct source *s = open_or_skip(&o);
	struct frame frame;
	struct fault f;
	unsigned count = 0;

	assert_int_equal(source_next(s, &frame, &f), SOURCE_IDLE);
	cables_datagrams(DATAGRAMS / 5, 5, 9, "wsuscope");
	while (next_frame(s, &frame)) {
		count++;
		assert_int_equal(frame.number, count);
		assert_int_equal(frame.link_type, link_type);
		assert_true(frame.time > INT64_C(1700000000) * MOMENT_S);
		assert_int_equal(frame.wire_len, frame.bytes.len);
		assert_int_not_equal(span_find(frame.bytes, SPAN("wsuscope")), SIZE_MAX);
		if (count == 1)
			source_stop(s);
	}
	assert_int_equal(count, DATAGRAMS);
	assert_string_equal(source_info(s, 0)->format, "live");
	assert_int_equal(source_info(s, 0)->frames, count);
	assert_int_equal(source_info(s, 0)->dropped, 0);
	source_close(s);
}

static void loopback_is_captured(void **state)
{
	(void)state;
	check("lo", 1, 1);
}

static void any_is_captured(void **state)
{
	(void)state;
	check("any", 276, 1);
}

/* Each datagram comes once, from whichever ring. */
static void threads_share_the_frames(void **state)
{
	(void)state;
	check("lo", 1, 2);
	check("lo", 1, 5);
	check("any", 276, 2);
}

static void wrong_devices_and_filters(void **state)
{
	const char *none = "nosuchdevice0", *lo = "lo";
	struct source_live_options nowhere = { .devices = &none, .device_count = 1 };
	struct source_live_options wrong = { .devices = &lo, .device_count = 1, .filter = "porrt 1" };
	struct source_live_options right = { .devices = &lo, .device_count = 1 };
	struct source_live_options many = { .devices = &lo, .device_count = 1,
	                                    .rings = SOURCE_RINGS_MAX + 1 };
	struct fault f;

	(void)state;
	assert_null(source_live(&nowhere, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "nosuchdevice0"));
	source_close(open_or_skip(&right));
	assert_null(source_live(&wrong, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_null(source_live(&many, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
}

/* A link type that knows no VLANs gets the other filter. */
static void each_link_type_has_its_filter(void **state)
{
	const char *both[] = { "lo", "any" };
	struct source_live_options o = { .devices = both, .device_count = 2,
	                                 .filter = "vlan 7 and udp port 9", .untagged = "udp port 9" };
	struct fault f;

	(void)state;
	source_close(open_or_skip(&o));
	o.untagged = NULL;
	assert_null(source_live(&o, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_non_null(strstr(f.text, "any"));
}

static struct source *open_cables(const char *const *ends, size_t count, int buffer_kib, unsigned rings)
{
	struct source_live_options o = { .devices = ends, .device_count = count, .filter = CABLES_FILTER,
	                                 .promiscuous = true, .buffer_kib = buffer_kib, .rings = rings };

	if (!cables_begin())
		skip();
	for (size_t i = 0; i < count; i++) {
		char other[32];

		snprintf(other, sizeof other, "%s-peer", ends[i]);
		cables_add(ends[i], other);
	}
	return open_or_skip(&o);
}

static void two_interfaces(unsigned rings)
{
	enum { FRAMES = 400 };
	static const char *const ends[] = { "cable0", "cable1" };
	struct source *s = open_cables(ends, 2, 0, rings);
	int cables[] = { cables_open("cable0-peer"), cables_open("cable1-peer") };
	struct frame frame;
	int64_t last = 0;

	for (unsigned i = 0; i < FRAMES; i++) {
		cables_send(cables[i * 2654435761u >> 31], i);
		usleep(200);
	}
	for (unsigned i = 0; i < FRAMES; i++) {
		assert_true(next_frame(s, &frame));
		assert_int_equal(cables_number(&frame), i);
		assert_int_equal(frame.number, i + 1);
		assert_true(frame.time >= last);
		assert_int_equal(frame.direction, FRAME_INBOUND);
		last = frame.time;
	}
	assert_int_equal(source_info(s, 0)->frames + source_info(s, 1)->frames, FRAMES);
	assert_true(source_info(s, 0)->frames > FRAMES / 4 && source_info(s, 1)->frames > FRAMES / 4);
	source_stop(s);
	assert_false(next_frame(s, &frame));
	source_close(s);
	close(cables[0]);
	close(cables[1]);
}

static void interfaces_are_merged_by_time(void **state)
{
	(void)state;
	two_interfaces(1);
	two_interfaces(2);
}

/* Nobody waits long for an interface on which nothing comes, nor for a ring. */
static void one_silent_interface(unsigned rings)
{
	enum { FRAMES = 20 };
	static const char *const ends[] = { "cable0", "cable1" };
	struct source *s = open_cables(ends, 2, 0, rings);
	int cable = cables_open("cable0-peer");
	struct frame frame;

	for (unsigned i = 0; i < FRAMES; i++) {
		int64_t sent = now();

		cables_send(cable, i);
		assert_true(next_frame(s, &frame));
		assert_int_equal(cables_number(&frame), i);
		assert_true(now() - sent < 500 * MOMENT_MS);
	}
	source_close(s);
	close(cable);
}

static void silence_holds_nobody_up(void **state)
{
	(void)state;
	one_silent_interface(1);
	one_silent_interface(3);
}

static void idle_for_a_while(unsigned rings)
{
	static const char *const ends[] = { "cable0", "cable1" };
	struct source *s = open_cables(ends, 2, 0, rings);
	int64_t began = now();
	struct frame frame;
	struct fault f;

	for (int i = 0; i < 10; i++)
		assert_int_equal(source_next(s, &frame, &f), SOURCE_IDLE);
	assert_true(now() - began > 500 * MOMENT_MS);
	assert_true(now() - began < 2000 * MOMENT_MS);
	source_close(s);
}

static void idle_comes_soon_but_not_at_once(void **state)
{
	(void)state;
	idle_for_a_while(1);
	idle_for_a_while(2);
}

/* What came and what was lost is what was sent. */
static void drops_are_counted(void **state)
{
	enum { FRAMES = 3000 };         /* three times the ring */
	static const char *const ends[] = { "cable0" };
	struct source *s = open_cables(ends, 1, 1024, 1);
	int cable = cables_open("cable0-peer");
	const struct source_info *info = source_info(s, 0);
	struct frame frame;
	uint64_t came = 0;

	(void)state;
	for (unsigned i = 0; i < FRAMES; i++) {
		cables_send(cable, i);
		if (!(i % 100))
			usleep(1000);           /* or the cable itself would lose some */
	}
	usleep(300 * 1000);
	source_stop(s);
	while (next_frame(s, &frame))
		came++;
	assert_true(info->dropped_kernel > 0);
	assert_int_equal(info->dropped, info->dropped_kernel);
	assert_int_equal(came, info->frames);
	assert_int_equal(came + info->dropped, FRAMES);
	source_close(s);
	close(cable);
}

/* Away from what others do on loopback meanwhile, where that can be had. */
static int begin(void **state)
{
	(void)state;
	cables_begin();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loopback_is_captured),
		cmocka_unit_test(any_is_captured),
		cmocka_unit_test(threads_share_the_frames),
		cmocka_unit_test(wrong_devices_and_filters),
		cmocka_unit_test(each_link_type_has_its_filter),
		cmocka_unit_test(interfaces_are_merged_by_time),
		cmocka_unit_test(silence_holds_nobody_up),
		cmocka_unit_test(idle_comes_soon_but_not_at_once),
		cmocka_unit_test(drops_are_counted),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
