/* tests/test_flow.c - the table of flows: found, queued, due, gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/moment.h"
#include "decoders/flow.h"

static struct flow_key key_of(uint32_t which)
{
	struct endpoint client = { .port = (uint16_t)which }, server = { .port = 8530 };
	bool low;

	client.addr.bytes[15] = (uint8_t)(which >> 16);
	server.addr.bytes[0] = 1;
	return flow_key_of(&client, &server, 0, &low);
}

static void both_directions_have_one_key(void **state)
{
	struct endpoint a = { .port = 1 }, b = { .port = 2 }, back;
	bool a_low, b_low;
	struct flow_key x, y;

	(void)state;
	for (size_t i = 0; i < 17; i++) {
		a.addr.bytes[i % 16] = i < 16;
		x = flow_key_of(&a, &b, 7, &a_low);
		y = flow_key_of(&b, &a, 7, &b_low);
		assert_memory_equal(&x, &y, sizeof x);
		assert_int_not_equal(a_low, b_low);
		back = a_low ? flow_low(&x) : flow_high(&x);
		assert_true(endpoint_eq(&a, &back));
	}
}

static void many_are_found_and_removed(void **state)
{
	enum { MANY = 100000 };
	struct flow_table t;

	(void)state;
	flow_init(&t);
	for (uint32_t i = 0; i < MANY; i++) {
		struct flow_key key = key_of(i);
		uint32_t ref = flow_add(&t, &key);

		assert_int_not_equal(ref, 0);
		flow_at(&t, ref)->id_low = i;
	}
	for (uint32_t i = 0; i < MANY; i += 2) {
		struct flow_key key = key_of(i);

		flow_remove(&t, flow_find(&t, &key));
	}
	for (uint32_t i = 0; i < MANY; i++) {
		struct flow_key key = key_of(i);
		uint32_t ref = flow_find(&t, &key);

		assert_int_equal(ref != 0, i & 1);
		if (ref)
			assert_int_equal(flow_id(flow_at(&t, ref)), i);
	}
	assert_int_equal(t.count, MANY / 2);
	flow_release(&t);
}

static struct flow_key on_wire(uint32_t wire)
{
	struct flow_key key = key_of(7);

	key.wire = wire;
	return key;
}

/* The same endpoints on many wires: some near each other, all found, in any order of removal. */
static void each_wire_has_its_record(void **state)
{
	enum { WIRES = 100, STEP = 37 };
	struct flow_key key = on_wire(0);
	uint32_t place = 0, near = 0;
	struct flow_table t;

	(void)state;
	flow_init(&t);
	for (uint32_t i = 0; i < WIRES; i++) {
		key = on_wire(i);
		flow_at(&t, flow_add(&t, &key))->id_low = i;
	}
	while (flow_near(&t, &key, &place))
		near++;
	assert_int_equal(near, FLOW_NEAR_MAX);
	for (uint32_t gone = 0; gone < WIRES; gone++) {
		for (uint32_t i = gone; i < WIRES; i++) {
			key = on_wire(i * STEP % WIRES);
			assert_int_equal(flow_at(&t, flow_find(&t, &key))->id_low, key.wire);
		}
		key = on_wire(gone * STEP % WIRES);
		flow_remove(&t, flow_find(&t, &key));
		assert_int_equal(flow_find(&t, &key), 0);
	}
	assert_int_equal(t.aside, 0);
	flow_release(&t);
}

static void a_record_may_stand_for_two_wires(void **state)
{
	struct flow_key key = on_wire(1), other = on_wire(2), third = on_wire(3);
	struct flow_table t;
	uint32_t ref;

	(void)state;
	flow_init(&t);
	ref = flow_add(&t, &key);
	assert_int_equal(flow_find(&t, &other), 0);
	flow_at(&t, ref)->two_wires = true;
	flow_at(&t, ref)->other_wire = 2;
	assert_int_equal(flow_find(&t, &other), ref);
	assert_int_equal(flow_find(&t, &key), ref);
	assert_int_equal(flow_find(&t, &third), 0);
	flow_remove(&t, ref);
	assert_int_equal(flow_find(&t, &other), 0);
	flow_release(&t);
}

/* What the issue of millions of unanswered SYNs hangs on. */
static void a_record_stays_small(void **state)
{
	struct flow_table t;

	(void)state;
	flow_init(&t);
	for (uint32_t i = 0; i < 70000; i++) {
		struct flow_key key = key_of(i);

		flow_add(&t, &key);
	}
	/* A record, and between one slot and a third and two slots and two thirds. */
	assert_true(flow_memory(&t) / t.count <= 96 + 8 * 8 / 3);
	flow_release(&t);
}

static uint32_t add(struct flow_table *t, uint32_t which)
{
	struct flow_key key = key_of(which);

	return flow_add(t, &key);
}

static void the_longest_untouched_is_due_first(void **state)
{
	struct flow_table t;
	uint32_t first, second;

	(void)state;
	flow_init(&t);
	flow_clock(&t, 0);
	first = add(&t, 1);
	second = add(&t, 2);
	assert_false(flow_clock(&t, MOMENT_MS));
	assert_true(flow_clock(&t, 100 * MOMENT_S));
	assert_int_equal(flow_due(&t), 0);
	flow_move(&t, first, FLOW_ATTEMPTS);
	flow_clock(&t, 135 * MOMENT_S);
	assert_int_equal(flow_due(&t), second);
	flow_remove(&t, second);
	assert_int_equal(flow_due(&t), 0);
	assert_int_equal(flow_front(&t, FLOW_ATTEMPTS), first);
	flow_move(&t, first, FLOW_CLOSED);
	flow_clock(&t, 146 * MOMENT_S);
	assert_int_equal(flow_due(&t), first);
	flow_release(&t);
}

static void time_that_jumps_back_ages_nobody(void **state)
{
	struct flow_table t;
	uint32_t ref;

	(void)state;
	flow_init(&t);
	flow_clock(&t, 1000 * MOMENT_S);
	ref = add(&t, 1);
	assert_false(flow_clock(&t, 10 * MOMENT_S));
	flow_clock(&t, 100 * MOMENT_S);
	assert_int_equal(flow_due(&t), 0);
	flow_clock(&t, 142 * MOMENT_S);
	assert_int_equal(flow_due(&t), ref);
	flow_release(&t);
}

static void extreme_times_are_times(void **state)
{
	static const int64_t times[] = { INT64_MIN, INT64_MAX, 0, INT64_MAX, INT64_MIN, -1, 1 };
	struct flow_table t;

	(void)state;
	flow_init(&t);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		flow_clock(&t, times[i]);
	flow_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_directions_have_one_key),
		cmocka_unit_test(many_are_found_and_removed),
		cmocka_unit_test(each_wire_has_its_record),
		cmocka_unit_test(a_record_may_stand_for_two_wires),
		cmocka_unit_test(a_record_stays_small),
		cmocka_unit_test(the_longest_untouched_is_due_first),
		cmocka_unit_test(time_that_jumps_back_ages_nobody),
		cmocka_unit_test(extreme_times_are_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
