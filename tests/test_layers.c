/* tests/test_layers.c - whatever tells of somebody in a frame goes, in every layer: each row hides one
 * value where a protocol has room for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/frame_text.h"
#include "veil/veil.h"

/* An address, a part of a key, a name: four bytes that may be nowhere in what goes on. */
#define SECRET "5ec2e75e"
#define ETHER FRAME_MACS

/* IPv4 of so many bytes, with a protocol; its addresses are a client's. */
#define IP4(len, protocol) "4500" len "12340000 40" protocol "0000 0a000001 0a000002"
#define UDP(from, to, len) from to len "0000"

/* clang-format off */
static const struct row {
	const char *name, *hex;
	const char *stays;              /* bytes that are in it still; NULL: nothing in particular */
} rows[] = {
	{ "card of a balancer's group", "03bf" SECRET "020000000001 0800" FRAME_IP4, NULL },
	{ "group of bridges", "0180c200000e 020000000001 88cc" SECRET, "0180c200000e" },
	{ "neighbours' announcements", ETHER "88cc 0207 04" SECRET "0000", NULL },
	{ "login to a switch", ETHER "888e 0100000a 0201000a01 " SECRET "00", NULL },
	{ "announcement of a switch",
	  "01000ccccccc 020000000001 0010 aaaa03 00000c 2000 02b4" SECRET, NULL },
	{ "discovery of a dial-up", ETHER "8863 11090000 0010 0103 0004" SECRET "0102 0000", NULL },
	{ "nobody's type", ETHER "9999" SECRET, NULL },
	{ "padding", ETHER "0800" FRAME_IP4 SECRET, NULL },
	{ "route in IPv4", ETHER "0800 4700 0030 12340000 40110000 0a000001 0a000002 8307 04" SECRET "00"
	  UDP("0400", "0401", "0010") "0000000000000000", NULL },
	{ "proxies between sites", ETHER "0800" IP4("0038", "06")
	  "04d2 2152 00000001 00000000 9002 2000 abcd 0000 020405b4 4c0a 0101" SECRET "0005",
	  "020405b4 4c0a" },
	{ "several paths", ETHER "0800" IP4("0034", "06")
	  "04d2 2152 00000001 00000000 8002 2000 abcd 0000 1e0c 0081" SECRET SECRET, "1e0c" },
	{ "cookie of a fast opening", ETHER "0800" IP4("0030", "06")
	  "04d2 2152 00000001 00000000 7002 2000 abcd 0000 2206" SECRET "0101", "2206" },
	{ "options in a quote", ETHER "0800" IP4("0050", "01") "0301 0000 00000000" IP4("0034", "06")
	  "04d2 2152 00000001 00000000 8002 2000 abcd 0000 1e0c 0081" SECRET SECRET, "1e0c" },
	{ "payload in a quote", ETHER "0800" IP4("0040", "01") "0303 0000 00000000" IP4("0024", "11")
	  UDP("0400", "0401", "0010") SECRET SECRET, NULL },
	{ "payload of a ping", ETHER "0800" IP4("0024", "01") "0800 0000 00010001" SECRET SECRET, NULL },
	{ "home of a mobile", ETHER "86dd 60000000 0020 3c 40" FRAME_IP6_ADDRS
	  "1102 c910" SECRET SECRET SECRET SECRET "0000" "0102 0000" UDP("0400", "0401", "0008"), "c910" },
	{ "segments of a route", ETHER "86dd 60000000 0020 2b 40" FRAME_IP6_ADDRS
	  "1102 0400 00000000" SECRET SECRET SECRET SECRET UDP("0400", "0401", "0008"), NULL },
	{ "sealed IP", ETHER "0800" IP4("0020", "32") "00000001 00000001" SECRET, NULL },
	{ "nobody's protocol", ETHER "0800" IP4("0018", "fd") SECRET, NULL },
	{ "owner's words in Geneve", ETHER "0800" IP4("0053", "11") UDP("c000", "17c1", "003f")
	  "0200 6558 00000100 0102 8001" SECRET FRAME_ETH4, "01028001" },
	{ "station in TZSP", ETHER "0800" IP4("0060", "11") UDP("c000", "9090", "004c")
	  "0100 0001 3c06" SECRET "0000 01" FRAME_ETH4, "3c06" },
	{ "behind VXLAN", ETHER "0800" IP4("004f", "11") UDP("c000", "12b5", "003b")
	  "08000000 00000100 020000000002 020000000001 9999" SECRET, NULL },
	{ "behind GRE", ETHER "0800" IP4("001c", "2f") "0000 9999" SECRET, NULL },
	{ "NetBIOS datagram",
	  ETHER "0800" IP4("0024", "11") UDP("008a", "008a", "0010") SECRET SECRET, NULL },
	{ "search for devices",
	  ETHER "0800" IP4("0024", "11") UDP("c000", "076c", "0010") SECRET SECRET, NULL },
	{ "QUIC", ETHER "0800" IP4("0024", "11") UDP("c000", "01bb", "0010") SECRET SECRET, NULL },
	{ "text of a service", ETHER "0800" IP4("003a", "11") UDP("14e9", "14e9", "0026")
	  "0000 8400 0000 0001 0000 0000 0161 00 0010 0001 00000078 0005 04" SECRET, "0010 0001" },
	{ "later fragment alone", ETHER "0800 4500 0018 12340010 40110000 0a000001 0a000002" SECRET, NULL },
};
/* clang-format on */

static struct frame frame_of(const struct row *row, uint8_t bytes[static FRAME_TEXT_BYTES])
{
	size_t len = frame_bytes(row->hex, bytes);

	return (struct frame){
		.number = 1, .time = 1000000, .link_type = 1,
		.bytes = span_of(bytes, len), .wire_len = (uint32_t)len,
	};
}

static bool has(struct span in, const char *hex)
{
	uint8_t bytes[FRAME_TEXT_BYTES];

	return span_find(in, span_of(bytes, frame_bytes(hex, bytes))) != SIZE_MAX;
}

/* The third reading's; lent by the veil. */
static struct span veiled(struct veil *v, const struct row *row, uint8_t bytes[static FRAME_TEXT_BYTES])
{
	struct frame frame;

	for (unsigned reading = 0; reading < 3; reading++) {
		frame = frame_of(row, bytes);
		veil_pass(v, &frame);
		assert_true(reading == 2 || veil_turn(v));
	}
	return frame.bytes;
}

static void no_layer_tells(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct veil *v = veil_new(&(struct veil_options){ .key = { 7 }, .memory = 8 << 20 });
		struct span is;

		assert_non_null(v);
		is = veiled(v, &rows[i], bytes);
		assert_int_equal(is.len, frame_of(&rows[i], bytes).bytes.len);
		assert_true(has(span_of(bytes, is.len), SECRET));
		if (has(is, SECRET))
			fail_msg("%s: it is there still", rows[i].name);
		if (rows[i].stays && !has(is, rows[i].stays))
			fail_msg("%s: %s is gone", rows[i].name, rows[i].stays);
		veil_free(v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_layer_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
