/* tests/test_hellos.c - which lines of a key log are of sessions that there are packets of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/hellos.h"

#define RANDOM "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10" \
	       "\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\xff"
#define REST   "02030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fFF"
#define HEX    "01" REST

/* A TLS 1.2 record with a client hello of TLS 1.2 (RFC 5246 sections 6.2.1 and 7.4.1.2), behind headers. */
static const struct span hello =
	SPAN_LIT("headers" "\x16\x03\x01\x00\x50" "\x01\x00\x00\x4c" "\x03\x03" RANDOM "\x00");
static const struct span server_hello =
	SPAN_LIT("\x16\x03\x03\x00\x50" "\x02\x00\x00\x4c" "\x03\x03" RANDOM "\x00");

static void lines(void **state)
{
	static const struct row {
		struct span line;
		bool have;
	} rows[] = {
		{ SPAN_LIT("CLIENT_RANDOM " HEX " aabb\n"), true },
		{ SPAN_LIT("CLIENT_TRAFFIC_SECRET_0 " HEX " aabb"), true },
		{ SPAN_LIT("CLIENT_RANDOM 00" HEX " aabb\n"), false },
		{ SPAN_LIT("CLIENT_RANDOM ff" REST " aabb\n"), false },
		{ SPAN_LIT("CLIENT_RANDOM xx" REST " aabb\n"), false },
		{ SPAN_LIT("# " HEX), true },
		{ SPAN_LIT("# a remark"), false },
		{ SPAN_LIT(""), false },
	};
	struct hellos h;

	(void)state;
	hellos_init(&h);
	assert_false(hellos_have(&h, rows[0].line));
	hellos_take(&h, server_hello);
	assert_false(hellos_have(&h, rows[0].line));
	hellos_take(&h, span_of(hello.at, hello.len - 2));
	assert_false(hellos_have(&h, rows[0].line));
	hellos_take(&h, hello);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(hellos_have(&h, rows[i].line), rows[i].have);
	hellos_release(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lines) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
