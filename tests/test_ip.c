/* tests/test_ip.c - IP headers with options and odd lengths, TCP headers, UDP, ICMP's place. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/frame_text.h"

/* Rows of hex, wrapped by hand. */
/* clang-format off */
#define ADDRS4 "0a000001 0a000002"
#define IP4_START "45000028 12340000 4006 0000" ADDRS4

static const struct frame_row v4[] = {
	{ "options", 101, "46000031 12340000 40060000" ADDRS4 "01010100" FRAME_TCP, FRAME_TOLD4 },
	{ "total length 0: offloaded", 101, "45000000 12340000 40060000" ADDRS4 FRAME_TCP,
	  FRAME_TOLD4 },
	{ "total length beyond the frame: cut unsaid", 101,
	  "4500002f 12340000 40060000" ADDRS4 FRAME_TCP,
	  "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 2 flags 24 ttl 64 5 of 7: hello" },
	{ "total length below the header", 101, "45000010 12340000 40060000" ADDRS4 FRAME_TCP,
	  "- malformed" },
	{ "header of 16 bytes", 101, "4400002d 12340000 40060000" ADDRS4 FRAME_TCP, "- malformed" },
	{ "version 5 behind type 0x0800", 1,
	  FRAME_MACS "0800 5500002d 12340000 40060000" ADDRS4 FRAME_TCP,
	  "- malformed" },
	{ "authentication header", 101, "45000045 12340000 40330000" ADDRS4
	  "0604 0000 00000001 00000001 000102030405060708090a0b" FRAME_TCP, FRAME_TOLD4 },
	{ "encrypted payload", 101, "4500001c 12340000 40320000" ADDRS4 "0000000100000001", "-" },
	{ "SCTP", 101, "45000020 12340000 40840000" ADDRS4 "000000010000000100000001", "-" },
	{ "UDP", 101, "45000021 12340000 40110000" ADDRS4 "c000 0035 000d 0000 68656c6c6f",
	  "udp 10.0.0.1:49152 > 10.0.0.2:53 ttl 64 hello" },
	{ "UDP whose length is below its header", 101, "45000021 12340000 40110000" ADDRS4
	  "c000 0035 0007 0000 68656c6c6f", "- malformed" },
	{ "UDP shorter than its packet", 101,
	  "45000021 12340000 40110000" ADDRS4 "c000 0035 000c 0000 68656c6c6f",
	  "udp 10.0.0.1:49152 > 10.0.0.2:53 ttl 64 hell" },
	{ "ICMP", 101, "4500001c 12340000 40010000" ADDRS4 "030d 0000 00000000",
	  "icmp 10.0.0.1:0 > 10.0.0.2:0 ttl 64 type 3 code 13" },
	{ "ICMP of six bytes", 101, "4500001a 12340000 40010000" ADDRS4 "030d 0000 0000",
	  "- malformed" },
	{ "ICMPv6 in IPv4", 101, "4500001c 12340000 403a0000" ADDRS4 "0101 0000 00000000", "-" },
};

#define IP6(len, next) "60000000" len next "40" FRAME_IP6_ADDRS

static const struct frame_row v6[] = {
	{ "hop by hop", 101, IP6("0021", "00") "0600 0104 00000000" FRAME_TCP, FRAME_TOLD6 },
	{ "destination options of 16 bytes", 101, IP6("0029",
	  "3c") "0601 010c 00000000 0000000000000000" FRAME_TCP,
	  FRAME_TOLD6 },
	{ "routing, destination options", 101, IP6("0029",
	  "2b") "3c00 0000 00000000 0600 0104 00000000" FRAME_TCP,
	  FRAME_TOLD6 },
	{ "atomic fragment", 101, IP6("0021", "2c") "0600 0000 deadbeef" FRAME_TCP, FRAME_TOLD6 },
	{ "payload length 0: offloaded", 101, IP6("0000", "06") FRAME_TCP, FRAME_TOLD6 },
	{ "an extension header longer than the packet", 101, IP6("0021",
	  "00") "06ff 0104 00000000" FRAME_TCP,
	  "- malformed" },
	{ "no next header", 101, IP6("0000", "3b"), "-" },
	{ "ICMPv6", 101, IP6("0008", "3a") "0104 0000 00000000",
	  "icmp [2001:db8::1]:0 > [2001:db8::2]:0 ttl 64 type 1 code 4" },
	{ "ICMP in IPv6", 101, IP6("0008", "01") "0301 0000 00000000", "-" },
	{ "fifty extension headers", 101,
	  IP6("0190", "3c")
#define FIVE "3c00010400000000 3c00010400000000 3c00010400000000 3c00010400000000 3c00010400000000"
	  FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE, "- malformed" },
};

#define TCP_START "04d2 2152 00000001 00000000"

static const struct frame_row tcp[] = {
	{ "SYN with its options", 101, "4500003c 12340000 40060000" ADDRS4 TCP_START
	  "a002 fa f0 0000 0000 020405b4 0402 080a 00000001 00000000 01 030307",
	  "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 0 flags 2 mss 1460 timestamp ttl 64 " },
	{ "timestamp as most stacks lay it out", 101, "45000035 12340000 40060000" ADDRS4 TCP_START
	  "8010 2000 0000 0000 0101 080a 00000001 00000002 61",
	  "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 0 flags 16 timestamp ttl 64 a" },
	{ "a segment size outside a SYN is none", 101, "4500002c 12340000 40060000" ADDRS4 TCP_START
	  "6010 2000 0000 0000 020405b4",
	  "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 0 flags 16 ttl 64 " },
	{ "option of length 0", 101, "4500002c 12340000 40060000" ADDRS4 TCP_START
	  "6002 2000 0000 0000 03000000",
	  "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 0 flags 2 ttl 64 " },
	{ "option longer than the header", 101, "4500002c 12340000 40060000" ADDRS4 TCP_START
	  "6002 2000 0000 0000 0101 080a",
	  "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 0 flags 2 ttl 64 " },
	{ "options after their end", 101, "45000030 12340000 40060000" ADDRS4 TCP_START
	  "7002 2000 0000 0000 00000000 020405b4",
	  "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 0 flags 2 ttl 64 " },
	{ "flags beyond the five are let go", 101, IP4_START TCP_START "50f8 2000 0000 0000",
	  "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 0 flags 24 ttl 64 " },
	{ "header of 16 bytes", 101, IP4_START TCP_START "4010 2000 0000 0000", "- malformed" },
	{ "header longer than the packet", 101, IP4_START TCP_START "6010 2000 0000 0000",
	  "- malformed" },
};

/* clang-format on */

#define ROWS(table) frame_rows(table, sizeof table / sizeof *table)

static void ipv4(void **state)
{
	(void)state;
	ROWS(v4);
}

static void ipv6(void **state)
{
	(void)state;
	ROWS(v6);
}

static void tcp_headers(void **state)
{
	(void)state;
	ROWS(tcp);
}

static void truncation_keeps_the_length(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct limits limits = { { 0 } };
	struct peel *p = peel_new(&limits);
	struct frame frame = { .number = 1, .link_type = 1, .bytes = { bytes, 57 },
	       .wire_len = 59 };
	char text[FRAME_TEXT];

	(void)state;
	frame_bytes(FRAME_ETH4, bytes);
	assert_string_equal(frame_told(p, &limits, &frame, text),
			    "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 2 flags 24 ttl 64 3 of 5: hel"
			    " truncated-frames");
	frame.bytes.len = 40;
	assert_string_equal(frame_told(p, &limits, &frame, text), "- truncated-frames");
	peel_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4),
		cmocka_unit_test(ipv6),
		cmocka_unit_test(tcp_headers),
		cmocka_unit_test(truncation_keeps_the_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
