/* tests/test_packets.c - heads and checksums; what is expected was built by Scapy 2.5. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "probes/packets.h"

enum { ROOM = PACKETS_ERROR + 64 };

static struct packets_way way_of(const char *from, const char *to, uint16_t port, uint8_t hops, uint16_t id)
{
	struct packets_way w = { .from.port = 50000, .to.port = port, .hops = hops, .id = id };

	assert_true(addr_parse(span_text(from), &w.from.addr));
	assert_true(addr_parse(span_text(to), &w.to.addr));
	return w;
}

static void is_hex(const uint8_t *head, size_t len, struct span payload, const char *want)
{
	char text[2 * ROOM + 1] = "";
	size_t at = 0;

	for (size_t i = 0; i < len; i++, at += 2)
		snprintf(text + at, 3, "%02x", head[i]);
	for (size_t i = 0; i < payload.len; i++, at += 2)
		snprintf(text + at, 3, "%02x", payload.at[i]);
	assert_string_equal(text, want);
}

static void datagrams(void **state)
{
	struct packets_way const v4 = way_of("192.0.2.1", "198.51.100.7", 53, 64, 0x1234);
	struct packets_way const v6 = way_of("2001:db8::1", "2001:db8:1::7", 53, 64, 0);
	struct packets_way const nil = way_of("192.0.2.1", "198.51.100.7", 53, 64, 1);
	uint8_t head[PACKETS_HEAD];

	(void)state;
	is_hex(head, packets_udp(head, &v4, SPAN("odd")), SPAN("odd"),
	       "4500001f1234400040113c5ec0000201c6336407c3500035000b7cb16f6464");
	is_hex(head, packets_udp(head, &v6, SPAN("odd")), SPAN("odd"),
	       "60000000000b114020010db800000000000000000000000120010db8000100000000000000000007"
	       "c3500035000b0d736f6464");
	/* A sum of zero is sent as ones (RFC 768). */
	is_hex(head, packets_udp(head, &nil, SPAN("\x50\x18")), SPAN("\x50\x18"),
	       "4500001e0001400040114e92c0000201c6336407c3500035000affff5018");
}

static void segments(void **state)
{
	struct packets_way const v4 = way_of("192.0.2.1", "198.51.100.7", 8530, 64, 0x1234);
	struct packets_way const v6 = way_of("2001:db8::1", "2001:db8:1::7", 8530, 3, 0);
	struct packets_tcp const data = {
		.seq = 0x01020304, .ack = 0xf1f2f3f4, .flags = PACKETS_PSH | PACKETS_ACK, .window = 65535,
	};
	struct packets_tcp const syn = {
		.seq = 0xfffffffe, .flags = PACKETS_SYN, .window = 65535, .mss = 1440,
	};
	uint8_t head[PACKETS_HEAD];

	(void)state;
	is_hex(head, packets_tcp(head, &v4, &data, SPAN("odd")), SPAN("odd"),
	       "4500002b1234400040063c5dc0000201c6336407"
	       "c350215201020304f1f2f3f45018ffff219800006f6464");
	is_hex(head, packets_tcp(head, &v6, &syn, SPAN("")), SPAN(""),
	       "600000000018060320010db800000000000000000000000120010db8000100000000000000000007"
	       "c3502152fffffffe000000006002ffff581e0000020405a0");
}

/* What a router says about a SYN. */
static void errors(void **state)
{
	static const struct {
		const char *us, *them, *router, *want;
		uint16_t id;
		uint8_t type, code;
	} rows[] = {
		{ "192.0.2.1", "198.51.100.7", "203.0.113.9",
		  "450000480001400000017ca9cb007109c0000201030de94d00000000"
		  "4500002c1234400040063c5cc0000201c6336407c350215200000007000000006002ffffc7400000020405b4",
		  0x1234, 3, 13 },
		{ "2001:db8::1", "2001:db8:1::7", "2001:db8:2::9",
		  "6000000000483a0020010db800020000000000000000000920010db800000000000000000000000101013cc4"
		  "00000000600000000018064020010db800000000000000000000000120010db8000100000000000000000007"
		  "c350215200000007000000006002ffff58020000020405b4",
		  0, 1, 1 },
	};
	struct packets_tcp const syn = { .seq = 7, .flags = PACKETS_SYN, .window = 65535, .mss = 1460 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct packets_way const ours = way_of(rows[i].us, rows[i].them, 8530, 64, rows[i].id);
		struct packets_way const back = way_of(rows[i].router, rows[i].us, 0, 0, 1);
		uint8_t quoted[PACKETS_HEAD], bytes[PACKETS_ERROR];
		size_t const len = packets_tcp(quoted, &ours, &syn, SPAN(""));
		size_t const all = packets_error(bytes, &back, rows[i].type, rows[i].code,
		                                 span_of(quoted, len));

		is_hex(bytes, all, SPAN(""), rows[i].want);
	}
}

/* IPv4 counts its header among the 65535 bytes, IPv6 does not (RFC 791, RFC 8200 section 3). */
static void there_is_room_for_so_much(void **state)
{
	struct packets_way const v4 = way_of("192.0.2.1", "198.51.100.7", 53, 64, 1);
	struct packets_way const v6 = way_of("2001:db8::1", "2001:db8:1::7", 53, 64, 0);

	(void)state;
	assert_int_equal(packets_udp_room(&v4), 65535 - 20 - 8);
	assert_int_equal(packets_udp_room(&v6), 65535 - 8);
	assert_int_equal(packets_tcp_room(&v4), 65535 - 20 - 24);
	assert_int_equal(packets_tcp_room(&v6), 65535 - 24);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(datagrams),
		cmocka_unit_test(segments),
		cmocka_unit_test(errors),
		cmocka_unit_test(there_is_room_for_so_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
