/* tests/test_icmp.c - ICMP errors, what they quote, and their words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "decoders/icmp.h"
#include "tests/frame_text.h"

#define QUOTE4 "45000034 12340000 40060000 0a000001 0a000002 04d2 2152 00000001"
#define QUOTE6 "60000000 0020 06 40" FRAME_IP6_ADDRS "04d2 2152 00000001"
#define SAYS4 "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1"
#define SAYS6 "tcp [2001:db8::1]:1234 > [2001:db8::2]:8530 seq 1"

static const struct row {
	const char *name;
	bool v6;
	const char *hex;        /* from the ICMP type on */
	const char *want;       /* "-": not decoded */
} rows[] = {
	{ "prohibited", false, "030d 0000 00000000" QUOTE4, "3/13 mtu 0 " SAYS4 },
	{ "fragmentation needed", false, "0304 0000 0000 0578" QUOTE4, "3/4 mtu 1400 " SAYS4 },
	{ "fragmentation needed, old router", false, "0304 0000 0000 0000" QUOTE4,
	  "3/4 mtu 0 " SAYS4 },
	{ "time exceeded", false, "0b00 0000 00000578" QUOTE4, "11/0 mtu 0 " SAYS4 },
	{ "quote with IP options", false,
	  "0301 0000 00000000 46000034 12340000 40060000 0a000001 0a000002 01010100 04d2 2152 00000001",
	  "3/1 mtu 0 " SAYS4 },
	{ "quoted UDP", false,
	  "0303 0000 00000000 45000034 12340000 40110000 0a000001 0a000002 c000 0035 0008 0000",
	  "3/3 mtu 0 other 10.0.0.1:49152 > 10.0.0.2:53 seq 0" },
	{ "quoted ICMP", false,
	  "0301 0000 00000000 45000034 12340000 40010000 0a000001 0a000002 0800 0000 00000000",
	  "3/1 mtu 0 other 10.0.0.1:0 > 10.0.0.2:0 seq 0" },
	{ "quoted later fragment", false,
	  "0b01 0000 00000000 45000034 12340005 40060000 0a000001 0a000002 04d22152",
	  "11/1 mtu 0 other 10.0.0.1:0 > 10.0.0.2:0 seq 0" },
	{ "echo", false, "0800 0000 00000000" QUOTE4, "-" },
	{ "no quote", false, "030d 0000 00000000", "-" },
	{ "quote without ports", false,
	  "030d 0000 00000000 45000034 12340000 40060000 0a000001 0a000002", "-" },
	{ "quote of something else", false,
	  "030d 0000 00000000 65000034 12340000 40060000 0a000001 0a000002 04d22152", "-" },
	{ "prohibited, version 6", true, "0101 0000 00000000" QUOTE6, "1/1 mtu 0 " SAYS6 },
	{ "packet too big", true, "0200 0000 00000500" QUOTE6, "2/0 mtu 1280 " SAYS6 },
	{ "packet too big, beyond all fields", true, "0200 0000 00100000" QUOTE6,
	  "2/0 mtu 65535 " SAYS6 },
	{ "hop limit", true, "0300 0000 00000000" QUOTE6, "3/0 mtu 0 " SAYS6 },
	{ "quote with extension headers", true,
	  "0104 0000 00000000 60000000 0030 00 40" FRAME_IP6_ADDRS
	  "3c00 0104 00000000 2c00 0104 00000000 0600 0001 00000009 04d2 2152 00000001",
	  "1/4 mtu 0 " SAYS6 },
	{ "quote of a later fragment", true,
	  "0104 0000 00000000 60000000 0030 2c 40" FRAME_IP6_ADDRS
	  "0600 0018 00000009 04d2 2152 00000001",
	  "1/4 mtu 0 other [2001:db8::1]:0 > [2001:db8::2]:0 seq 0" },
	{ "neighbour solicitation", true, "8700 0000 00000000" FRAME_IP6_ADDRS, "-" },
};

static const char *told(bool v6, struct span icmp, char text[static FRAME_TEXT])
{
	static const struct packet v4_packet = { .source.addr = { { [10] = 0xff, 0xff, 192, 0, 2,
	       1 } } };
	static const struct packet v6_packet = { .source.addr = { { 0x20, 0x01, 0x0d, 0xb8,
	       [15] = 9 } } };
	struct packet packet = v6 ? v6_packet : v4_packet;
	char source[ENDPOINT_TEXT], target[ENDPOINT_TEXT];
	struct icmp_error e;

	packet.kind = PACKET_ICMP;
	packet.icmp = icmp;
	packet.frame = 5;
	packet.wire = 3;
	if (!icmp_decode(&packet, &e))
		return "-";
	assert_int_equal(e.frame, 5);
	assert_int_equal(e.wire, 3);
	assert_int_equal(e.v6, v6);
	assert_true(addr_eq(&e.from, &packet.source.addr));
	snprintf(text, FRAME_TEXT, "%u/%u mtu %u %s %s > %s seq %u", e.type, e.code, e.mtu,
		 e.quotes_tcp ? "tcp" : "other", endpoint_text(&e.source, source),
		 endpoint_text(&e.target, target), e.seq);
	return text;
}

static void quotes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t bytes[FRAME_TEXT_BYTES];
		size_t len = frame_bytes(rows[i].hex, bytes);
		char text[FRAME_TEXT];

		print_message("%s\n", rows[i].name);
		assert_string_equal(told(rows[i].v6, span_of(bytes, len), text), rows[i].want);
		for (size_t cut = 0; cut < len; cut++) {
			uint8_t *copy = malloc(cut ? cut : 1);

			memcpy(copy, bytes, cut);
			told(rows[i].v6, span_of(copy, cut), text);
			free(copy);
		}
	}
}

static void words(void **state)
{
	(void)state;
	assert_string_equal(icmp_text(false, 3, 1), "host unreachable");
	assert_string_equal(icmp_text(false, 3, 13), "communication administratively prohibited");
	assert_string_equal(icmp_text(false, 5, 200), "redirect");
	assert_string_equal(icmp_text(false, 3, 16), "unknown");
	assert_string_equal(icmp_text(true, 1, 1), "communication administratively prohibited");
	assert_string_equal(icmp_text(true, 2, 0), "packet too big");
	assert_string_equal(icmp_text(true, 11, 0), "unknown");
}

static void rejections(void **state)
{
	(void)state;
	for (unsigned code = 0; code < 16; code++)
		assert_int_equal(icmp_rejects(false, 3, code), code != 4);
	assert_true(icmp_rejects(false, 11, 0));
	assert_false(icmp_rejects(false, 11, 1));
	assert_false(icmp_rejects(false, 5, 1));
	assert_false(icmp_rejects(false, 3, 16));
	assert_true(icmp_rejects(true, 1, 6));
	assert_false(icmp_rejects(true, 2, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes),
		cmocka_unit_test(words),
		cmocka_unit_test(rejections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
