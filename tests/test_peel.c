/* tests/test_peel.c - what spans frames: the names of wires, copies set aside, limits,
	       direction. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/moment.h"
#include "tests/frame_text.h"

static struct frame frame_of(const char *hex, uint8_t *bytes)
{
	size_t len = frame_bytes(hex, bytes);

	return (struct frame){ .number = 1, .bytes = { bytes, len }, .wire_len = (uint32_t)len,
	       .link_type = 1 };
}

static void wires_keep_their_numbers(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct limits limits = { { 0 } };
	struct peel *p = peel_new(&limits);
	struct packet k;
	uint32_t ten;

	(void)state;
	struct frame frame = frame_of(FRAME_MACS "8100 000a 0800" FRAME_IP4, bytes);

	assert_true(peel_frame(p, &frame, &k));
	ten = k.wire;
	assert_string_equal(peel_wire_text(p, ten), "vlan 10");
	bytes[15] = 11;
	assert_true(peel_frame(p, &frame, &k));
	assert_int_not_equal(k.wire, ten);
	assert_string_equal(peel_wire_text(p, k.wire), "vlan 11");
	bytes[15] = 10;
	frame.time = MOMENT_S;
	assert_true(peel_frame(p, &frame, &k));
	assert_int_equal(k.wire, ten);
	assert_string_equal(peel_wire_text(p, 0), "");
	peel_free(p);
}

/* Every pair of tags is a wire of its own until there are too many: then they share one,
	       and it is told. */
static void too_many_wires(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct limits limits = { { 0 } };
	struct peel *p = peel_new(&limits);
	struct frame frame = frame_of(FRAME_MACS "88a8 0001 8100 0001 0800" FRAME_IP4, bytes);
	struct packet k;

	(void)state;
	for (unsigned i = 0; i < 66000; i++) {
		bytes[15] = (uint8_t)(i / 4000 + 1);
		bytes[18] = (uint8_t)((i % 4000 + 1) >> 8);
		bytes[19] = (uint8_t)(i % 4000 + 1);
		frame.time += MOMENT_S;
		assert_true(peel_frame(p, &frame, &k));
		assert_int_not_equal(k.wire, 0);
	}
	assert_int_equal(limits.count[LIMIT_WIRE_CEILING], 66000 - 65536);
	assert_string_equal(peel_wire_text(p, k.wire), "one of many wires");
	peel_free(p);
}

static void copies_are_set_aside(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct limits limits = { { 0 } };
	struct peel *p = peel_new(&limits);
	struct frame frame = frame_of(FRAME_ETH4, bytes);
	char text[FRAME_TEXT];

	(void)state;
	assert_string_equal(frame_told(p, &limits, &frame, text), FRAME_TOLD4);
	frame.time += 10000;
	frame.interface = 1;
	assert_string_equal(frame_told(p, &limits, &frame, text), "- duplicate-frames");
	frame.time += 300 * MOMENT_MS;
	assert_string_equal(frame_told(p, &limits, &frame, text), FRAME_TOLD4);
	peel_free(p);
}

/* Inside a mirror's tunnel as outside: the inner packet decides. */
static void copies_in_tunnels(void **state)
{
#define OUTER "0800 45000000 00010000 402f0000 c0a80001 c0a80002"
	static const char *const erspan = FRAME_MACS OUTER "1000 88be 00000001 10640001 00000000" FRAME_ETH4;
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct limits limits = { { 0 } };
	struct peel *p = peel_new(&limits);
	struct frame frame = frame_of(erspan, bytes);
	char text[FRAME_TEXT];

	(void)state;
	assert_string_equal(frame_told(p, &limits, &frame, text), FRAME_TOLD4);
	bytes[19] = 2;          /* the outer identification */
	assert_string_equal(frame_told(p, &limits, &frame, text), "- duplicate-frames");
	peel_free(p);
}

static void who_sent_it(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct limits limits = { { 0 } };
	struct peel *p = peel_new(&limits);
	struct frame frame = frame_of(FRAME_ETH4, bytes);
	char text[FRAME_TEXT];

	(void)state;
	frame.direction = FRAME_OUTBOUND;
	assert_string_equal(frame_told(p, &limits, &frame, text), FRAME_TOLD4 " outbound");
	frame.direction = FRAME_INBOUND;
	frame.time = MOMENT_S;
	assert_string_equal(frame_told(p, &limits, &frame, text), FRAME_TOLD4);
	peel_free(p);
}

/* An offloading sender's frame of 200 kB: total length 0, all of it is payload. */
static void larger_than_ip_can_say(void **state)
{
	static uint8_t bytes[200054];
	uint8_t head[FRAME_TEXT_BYTES];
	struct limits limits = { { 0 } };
	struct peel *p = peel_new(&limits);
	struct frame frame = { .number = 1, .bytes = { bytes, sizeof bytes },
	       .wire_len = sizeof bytes,
			       .link_type = 1 };
	struct packet k;

	(void)state;
	frame_bytes(FRAME_ETH4, head);
	memcpy(bytes, head, 54);
	bytes[16] = bytes[17] = 0;
	assert_true(peel_frame(p, &frame, &k));
	assert_int_equal(k.tcp.len, 200000);
	assert_int_equal(k.tcp.payload.len, 200000);
	peel_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wires_keep_their_numbers),
		cmocka_unit_test(too_many_wires),
		cmocka_unit_test(copies_are_set_aside),
		cmocka_unit_test(copies_in_tunnels),
		cmocka_unit_test(who_sent_it),
		cmocka_unit_test(larger_than_ip_can_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
