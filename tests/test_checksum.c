/* tests/test_checksum.c - right stays right and wrong stays wrong, by a sum computed anew (RFC 1071). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "veil/checksum.h"

enum { LEN = 41 };

static unsigned sum_of(const uint8_t *at, size_t len)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (unsigned)at[i] << 8 | (i + 1 < len ? at[i + 1] : 0u);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (unsigned)sum;
}

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

/* The checksum stands in the first two bytes. */
static void seal(uint8_t *packet, size_t len)
{
	unsigned sum;

	packet[0] = packet[1] = 0;
	sum = ~sum_of(packet, len) & 0xffff;
	packet[0] = (uint8_t)(sum >> 8);
	packet[1] = (uint8_t)sum;
}

static void it_says_what_it_said(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		size_t len = LEN - round % 4;
		uint8_t old[LEN], new[LEN];
		struct change c = { 0 };
		unsigned error = round % 3 ? 0 : 1 + (unsigned)next(&seed) % 0xfffe;

		for (size_t i = 0; i < len; i++)
			old[i] = round % 5 ? (uint8_t)next(&seed) : 0;
		seal(old, len);
		old[0] ^= (uint8_t)(error >> 8);
		old[1] ^= (uint8_t)error;
		memcpy(new, old, len);
		for (unsigned k = 0; k < round % 7; k++)
			new[2 + next(&seed) % (len - 2)] = (uint8_t)next(&seed);
		change_add(&c, old + 2, new + 2, len - 2);
		change_apply(&c, new, false);
		assert_int_equal(sum_of(old, len) == 0xffff, sum_of(new, len) == 0xffff);
	}
}

static void none_stays_none(void **state)
{
	uint8_t old[6] = { 0, 0, 1, 2, 3, 4 }, new[6] = { 0, 0, 9, 9, 9, 9 };
	struct change c = { 0 };

	(void)state;
	change_add(&c, old + 2, new + 2, 4);
	change_apply(&c, new, true);
	assert_int_equal(new[0] | new[1], 0);
}

/* RFC 768: one that is computed as zero is sent as ones. */
static void udp_never_gets_zero(void **state)
{
	(void)state;
	for (unsigned value = 0; value <= 0xffff; value++) {
		uint8_t old[4] = { 0, 0, 0, 0 }, new[4] = { 0, 0, (uint8_t)(value >> 8), (uint8_t)value };
		struct change c = { 0 };

		old[0] = old[1] = new[0] = new[1] = 0xff;
		change_add(&c, old + 2, new + 2, 2);
		change_apply(&c, new, true);
		assert_true(new[0] | new[1]);
		assert_int_equal(sum_of(new, 4), 0xffff);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_what_it_said),
		cmocka_unit_test(none_stays_none),
		cmocka_unit_test(udp_never_gets_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
