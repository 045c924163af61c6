/* tests/test_pretrigger.c - of all packets, those of findings alone are recorded, each once and in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "capture/pretrigger.h"
#include "capture/source.h"
#include "tests/drawer.h"

static const struct recording_limits no_limits;

enum { SMALL = 64 * 1024, NAMED = 16 };

struct trial {
	struct drawer d;
	struct pretrigger *p;
};

static void begin(struct trial *t, size_t bytes, size_t wanted)
{
	drawer_open(&t->d);
	drawer_begin(&t->d, no_limits, no_limits);
	t->p = pretrigger_new(t->d.recording, bytes, wanted);
	assert_non_null(t->p);
}

static void end(struct trial *t)
{
	pretrigger_free(t->p);
	if (t->d.recording)
		drawer_end(&t->d);
	drawer_close(&t->d);
}

/* A frame whose bytes begin with its number. */
static bool feed_sized(struct trial *t, uint64_t number, uint64_t stream, size_t len, struct fault *f)
{
	static uint8_t bytes[SMALL * 2];
	struct frame frame = { .number = number, .time = DRAWER_START + (int64_t)number, .link_type = 1,
	                       .bytes = span_of(bytes, len), .wire_len = (uint32_t)len + 1,
	                       .direction = FRAME_OUTBOUND, .packet_id = number, .comment = SPAN("remark") };

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(number + i);
	memcpy(bytes, &number, sizeof number);
	return pretrigger_frame(t->p, &frame, stream, f);
}

static void feed(struct trial *t, uint64_t number, uint64_t stream)
{
	struct fault f;

	assert_true(feed_sized(t, number, stream, 100, &f));
}

static void want(struct trial *t, const uint64_t *streams, const uint64_t *frames)
{
	size_t stream_count = 0, frame_count = 0;

	while (streams && streams[stream_count])
		stream_count++;
	while (frames && frames[frame_count])
		frame_count++;
	pretrigger_want(t->p, streams, stream_count, frames, frame_count);
}

#define LIST(...) ((const uint64_t[]){ __VA_ARGS__, 0 })

static void take(struct trial *t)
{
	struct fault f;

	assert_true(pretrigger_take(t->p, &f));
}

/* Closes the recording and reads the numbers of its frames, whose bytes must be theirs. */
static size_t recorded(struct trial *t, uint64_t *numbers, size_t room)
{
	char path[DRAWER_PATH];
	const char *name = path;
	struct source *s;
	struct frame frame;
	struct fault f;
	size_t count = 0;

	drawer_end(&t->d);
	drawer_path(&t->d, "", path);
	s = source_open(&name, 1, NULL, &f);
	assert_non_null(s);
	for (enum source_next next; (next = source_next(s, &frame, &f)) != SOURCE_END; count++) {
		uint64_t number = frame.packet_id;

		assert_int_equal(next, SOURCE_FRAME);
		assert_memory_equal(frame.bytes.at, &number, sizeof number);
		for (size_t i = sizeof number; i < frame.bytes.len; i++)
			assert_int_equal(frame.bytes.at[i], (uint8_t)(number + i));
		assert_int_equal(frame.wire_len, frame.bytes.len + 1);
		assert_int_equal(frame.time, DRAWER_START + (int64_t)number);
		assert_int_equal(frame.direction, FRAME_OUTBOUND);
		assert_true(span_eq(frame.comment, SPAN("remark")));
		assert_true(count < room);
		numbers[count] = number;
	}
	source_close(s);
	return count;
}

static void expect(struct trial *t, const uint64_t *numbers)
{
	uint64_t got[64];
	size_t count = recorded(t, got, 64);

	for (size_t i = 0; i < count; i++)
		assert_int_equal(got[i], numbers[i]);
	assert_int_equal(numbers[count], 0);
}

/* ---- what is recorded ---- */

static void a_connection_is_recorded_from_its_beginning_on(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, SMALL, 4);
	for (uint64_t i = 1; i <= 9; i++)
		feed(&t, i, i % 3);             /* stream 0 is none */
	want(&t, LIST(2), NULL);
	take(&t);
	take(&t);
	for (uint64_t i = 10; i <= 15; i++)
		feed(&t, i, i % 3);
	want(&t, LIST(2), LIST(8, 14));
	take(&t);
	assert_int_equal(pretrigger_late(t.p), 0);
	expect(&t, LIST(2, 5, 8, 11, 14));
	end(&t);
}

static void several_findings_are_recorded_in_order(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, SMALL, 4);
	for (uint64_t i = 1; i <= 9; i++)
		feed(&t, i, i % 3);
	want(&t, LIST(2), LIST(9, 3, 5));
	want(&t, LIST(1), LIST(6, 3));
	/* Between wanting and taking, what comes waits with the others. */
	feed(&t, 10, 1);
	feed(&t, 11, 5);
	assert_int_equal(recording_frames(t.d.recording), 0);
	take(&t);
	feed(&t, 12, 2);
	expect(&t, LIST(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12));
	end(&t);
}

/* One frame says little: a judge that has the file before it needs the question to an answer. */
static void a_frame_brings_its_connection(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, SMALL, 4);
	for (uint64_t i = 1; i <= 9; i++)
		feed(&t, i, i % 4);
	want(&t, NULL, LIST(4, 6));             /* of none, and of 2 */
	take(&t);
	feed(&t, 10, 2);
	feed(&t, 11, 3);
	expect(&t, LIST(2, 4, 6, 10));
	end(&t);
}

static void what_was_not_wanted_is_left(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, SMALL, 4);
	for (uint64_t i = 1; i <= 9; i++)
		feed(&t, i, i);
	take(&t);
	want(&t, LIST(77), NULL);
	want(&t, (const uint64_t[]){ 0 }, NULL);
	take(&t);
	assert_int_equal(recording_frames(t.d.recording), 0);
	assert_int_equal(recording_missed(t.d.recording), 0);
	end(&t);
}

/* ---- what had left ---- */

static void frames_that_left_are_counted_once(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, SMALL, 4);
	for (uint64_t i = 1; i <= 1000; i++)
		feed(&t, i, i == 999 ? 3 : 1);
	assert_in_range(pretrigger_bytes(t.p), SMALL / 2, SMALL);
	/* Findings are told again and again. */
	for (size_t i = 0; i < 3; i++) {
		want(&t, NULL, LIST(1, 2, 999, 1000000));
		take(&t);
	}
	assert_int_equal(pretrigger_late(t.p), 3);
	/* Recorded at once, and asked for by number later: that is not late. */
	want(&t, LIST(7), NULL);
	take(&t);
	feed(&t, 1001, 7);
	want(&t, NULL, LIST(1001));
	take(&t);
	assert_int_equal(pretrigger_late(t.p), 3);
	expect(&t, LIST(999, 1001));
	end(&t);
}

static void what_is_owed_is_recorded_before_it_leaves(void **state)
{
	uint64_t numbers[1200];
	struct trial t;
	size_t count;

	(void)state;
	begin(&t, SMALL, 4);
	feed(&t, 1, 7);
	want(&t, LIST(7), NULL);
	for (uint64_t i = 2; i <= 1000; i++)
		feed(&t, i, i % 2 ? 7 : 8);
	take(&t);
	count = recorded(&t, numbers, 1200);
	assert_int_equal(count, 500);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(numbers[i], 2 * i + 1);
	end(&t);
}

static void the_longest_silent_are_followed_no_more(void **state)
{
	struct trial t;

	(void)state;
	begin(&t, SMALL, 2);
	want(&t, LIST(1, 2), NULL);
	take(&t);
	feed(&t, 1, 1);
	want(&t, LIST(3), NULL);                /* in the place of 2 */
	take(&t);
	feed(&t, 2, 2);
	feed(&t, 3, 3);
	feed(&t, 4, 1);
	want(&t, LIST(2), NULL);                /* in the place of 3; its frame is still there */
	take(&t);
	feed(&t, 5, 3);
	expect(&t, LIST(1, 3, 4, 2));
	end(&t);
}

static void frames_larger_than_the_ring_are_recorded_if_they_can(void **state)
{
	struct trial t;
	struct fault f;

	(void)state;
	begin(&t, 1, 2);
	feed(&t, 1, 1);
	assert_true(feed_sized(&t, 2, 1, SMALL + 1, &f));
	want(&t, LIST(1), NULL);
	assert_true(feed_sized(&t, 3, 1, SMALL + 1, &f));
	assert_true(feed_sized(&t, 4, 1, SMALL + 1, &f));
	want(&t, NULL, LIST(2));
	take(&t);
	assert_int_equal(pretrigger_late(t.p), 1);
	expect(&t, LIST(1, 3, 4));
	end(&t);
}

static void a_recording_that_stops_is_told_once(void **state)
{
	struct trial t;
	struct fault f = { 0 };
	unsigned told = 0;

	(void)state;
	begin(&t, SMALL, 2);
	for (uint64_t i = 1; i <= 20; i++)
		feed(&t, i, 1);
	want(&t, LIST(1), NULL);
	drawer_limit(300);
	told += !pretrigger_take(t.p, &f);
	/* A second later, what waits is handed over. */
	for (uint64_t i = 21; i <= 30; i++)
		told += !feed_sized(&t, i + MOMENT_S, 1, 100, &f);
	drawer_limit(UINT64_MAX);
	assert_int_equal(told, 1);
	assert_non_null(strstr(f.text, "recording has stopped"));
	assert_int_equal(recording_frames(t.d.recording) + recording_missed(t.d.recording), 30);
	end(&t);
}

/* ---- against a model ---- */

enum { FRAMES = 20000, STREAMS = 50 };

struct model {
	uint64_t stream[FRAMES + 1];
	size_t room[FRAMES + 1];
	bool wanted[STREAMS + 1], named[FRAMES + 1], recorded[FRAMES + 1];
};

static uint32_t drawn(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Each frame at most once; of a stream, none is left out behind the first; none that nobody wanted. */
static void check(struct trial *t, struct model *m)
{
	static uint64_t numbers[FRAMES];
	size_t count = recorded(t, numbers, FRAMES);
	bool begun[STREAMS + 1] = { false };

	assert_true(count > FRAMES / 20);
	for (size_t i = 0; i < count; i++) {
		uint64_t stream = m->stream[numbers[i]];

		assert_false(m->recorded[numbers[i]]);
		m->recorded[numbers[i]] = true;
		assert_true(m->wanted[stream] || m->named[numbers[i]]);
	}
	for (uint64_t number = 1; number <= FRAMES; number++) {
		uint64_t stream = m->stream[number];

		if (!stream || !m->wanted[stream])
			continue;
		if (m->recorded[number] && !m->named[number])
			begun[stream] = true;
		assert_true(!begun[stream] || m->recorded[number]);
	}
}

static void any_traffic_is_recorded_as_wanted(void **state)
{
	static struct model m;
	uint64_t late = 0;
	uint32_t seed = 1;
	struct trial t;
	struct fault f;

	(void)state;
	begin(&t, 3 * SMALL, STREAMS);
	for (uint64_t number = 1; number <= FRAMES; number++) {
		size_t len = sizeof number + drawn(&seed) % (number % 100 ? 1500 : SMALL);

		m.stream[number] = drawn(&seed) % (STREAMS + 1);
		assert_true(feed_sized(&t, number, m.stream[number], len, &f));
		assert_true(pretrigger_bytes(t.p) <= 3 * SMALL);
		if (drawn(&seed) % 1000 == 0) {
			uint64_t stream = 1 + drawn(&seed) % STREAMS;

			m.wanted[stream] = true;
			want(&t, LIST(stream), NULL);
		}
		if (drawn(&seed) % 500 == 0) {
			uint64_t named = number - drawn(&seed) % 5 % number;

			m.named[named] = true;
			m.wanted[m.stream[named]] = m.stream[named] != 0;
			want(&t, NULL, LIST(named));
		}
		if (drawn(&seed) % 300 == 0)
			take(&t);
	}
	take(&t);
	late = pretrigger_late(t.p);
	assert_int_equal(late, 0);              /* five frames ago, all are there */
	check(&t, &m);
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_is_recorded_from_its_beginning_on),
		cmocka_unit_test(several_findings_are_recorded_in_order),
		cmocka_unit_test(a_frame_brings_its_connection),
		cmocka_unit_test(what_was_not_wanted_is_left),
		cmocka_unit_test(frames_that_left_are_counted_once),
		cmocka_unit_test(what_is_owed_is_recorded_before_it_leaves),
		cmocka_unit_test(the_longest_silent_are_followed_no_more),
		cmocka_unit_test(frames_larger_than_the_ring_are_recorded_if_they_can),
		cmocka_unit_test(a_recording_that_stops_is_told_once),
		cmocka_unit_test(any_traffic_is_recorded_as_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
