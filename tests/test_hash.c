/* tests/test_hash.c - every byte and every length counts, and sums spread over their low and high bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/hash.h"

enum { LONGEST = 300 };

static void every_byte_counts(void **state)
{
	uint8_t bytes[LONGEST] = { 0 };

	(void)state;
	for (size_t len = 1; len <= LONGEST; len++) {
		uint64_t plain = hash_bytes(7, span_of(bytes, len));

		for (size_t at = 0; at < len; at++) {
			bytes[at] = 1;
			assert_true(hash_bytes(7, span_of(bytes, len)) != plain);
			bytes[at] = 0;
		}
	}
}

static void every_length_counts(void **state)
{
	static const uint8_t bytes[LONGEST];

	(void)state;
	for (size_t a = 0; a < LONGEST; a++)
		for (size_t b = 0; b < a; b++)
			assert_true(hash_bytes(7, span_of(bytes, a)) != hash_bytes(7, span_of(bytes, b)));
}

/* Words that change places are another text, in one strand and from strand to strand. */
static void order_counts(void **state)
{
	uint8_t bytes[128];
	uint64_t plain;

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)i;
	plain = hash_bytes(7, span_of(bytes, sizeof bytes));
	for (size_t a = 0; a + 8 <= sizeof bytes; a += 8)
		for (size_t b = 0; b < a; b += 8) {
			uint8_t other[sizeof bytes];

			memcpy(other, bytes, sizeof other);
			memcpy(other + a, bytes + b, 8);
			memcpy(other + b, bytes + a, 8);
			assert_true(hash_bytes(7, span_of(other, sizeof other)) != plain);
		}
}

/* Of 4096 texts in 4096 places, as many places are taken as chance takes: 1 - 1/e of them, give or take. */
static void sums_spread(void **state)
{
	static const unsigned shifts[] = { 0, 20, 52 };

	(void)state;
	for (size_t s = 0; s < sizeof shifts / sizeof *shifts; s++) {
		bool taken[4096] = { false };
		unsigned count = 0;

		for (uint32_t i = 0; i < 4096; i++) {
			uint8_t text[100] = { 0 };
			size_t place;

			memcpy(text + 40, &i, sizeof i);
			place = hash_bytes(7, span_of(text, sizeof text)) >> shifts[s] & 4095;
			count += !taken[place];
			taken[place] = true;
		}
		assert_in_range(count, 2480, 2700);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_counts),
		cmocka_unit_test(every_length_counts),
		cmocka_unit_test(order_counts),
		cmocka_unit_test(sums_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
