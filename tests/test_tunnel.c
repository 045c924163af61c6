/* tests/test_tunnel.c - tunnels, each around the same packet, and what only looks like one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/frame_text.h"

/* Rows of hex, wrapped by hand. */
/* clang-format off */
/* Outer headers; the lengths are 0 as an offloading sender leaves them,
	       so that rows need no arithmetic. */
#define OUTER(protocol) "45000000 00010000 40" protocol "0000 c0a80001 c0a80002"
#define TURTLES OUTER("04") OUTER("04") OUTER("04") OUTER("04") OUTER("04") \
		OUTER("04") OUTER("04") OUTER("04") OUTER("04") OUTER("04")
#define OUTER_UDP(port) OUTER("11") "c000" port "0000 0000"

static const struct frame_row ip[] = {
	{ "IPv4 in IPv4", 101, OUTER("04") FRAME_IP4, FRAME_TOLD4 },
	{ "IPv6 in IPv4", 101, OUTER("29") FRAME_IP6, FRAME_TOLD6 },
	{ "IPv4 in IPv6", 101, "60000000 0000 04 40" FRAME_IP6_ADDRS FRAME_IP4, FRAME_TOLD4 },
	{ "EtherIP", 101, OUTER("61") "3000" FRAME_ETH4, FRAME_TOLD4 },
	{ "MPLS in IP", 101, OUTER("89") "00010140" FRAME_IP4, FRAME_TOLD4 },
	{ "turtles", 101, TURTLES TURTLES TURTLES TURTLES TURTLES FRAME_IP4, "- malformed" },
};

static const struct frame_row gre[] = {
	{ "plain", 101, OUTER("2f") "0000 0800" FRAME_IP4, FRAME_TOLD4 },
	{ "IPv6 inside", 101, OUTER("2f") "0000 86dd" FRAME_IP6, FRAME_TOLD6 },
	{ "key", 101, OUTER("2f") "2000 0800 00001092" FRAME_IP4, FRAME_TOLD4 " on gre 4242" },
	{ "checksum, key, sequence", 101,
	  OUTER("2f") "b000 0800 12340000 00000007 00000001" FRAME_IP4,
	  FRAME_TOLD4 " on gre 7" },
	{ "Ethernet", 101, OUTER("2f") "0000 6558" FRAME_ETH4, FRAME_TOLD4 },
	{ "NVGRE", 101, OUTER("2f") "2000 6558 00138a01" FRAME_ETH4,
	  FRAME_TOLD4 " on gre 1280513" },
	{ "Aruba's 802.11", 101, OUTER("2f")
	  "0000 8200 0801 0000 020000000002 020000000001 020000000003 1000"
	  "aaaa03 000000 0800" FRAME_IP4, FRAME_TOLD4 },
	{ "routing, which nobody sends", 101, OUTER("2f") "4000 0800 00000000" FRAME_IP4, "-" },
	{ "keepalive", 101, OUTER("2f") "0000 0000", "-" },
	{ "WCCP, version 2", 101, OUTER("2f") "0000 883e 00000000" FRAME_IP4, FRAME_TOLD4 },
	{ "WCCP, version 1", 101, OUTER("2f") "0000 883e" FRAME_IP4, FRAME_TOLD4 },
	{ "PPTP", 101, OUTER("2f") "3001 880b 00310001 00000001 ff03 0021" FRAME_IP4, FRAME_TOLD4 },
	{ "PPTP with an acknowledgment", 101,
	  OUTER("2f") "3081 880b 00310001 00000001 00000001 21" FRAME_IP4,
	  FRAME_TOLD4 },
	{ "PPTP, acknowledgment alone", 101, OUTER("2f") "2081 880b 00000001 00000001", "-" },
	{ "EoIP", 101, OUTER("2f") "2001 6400 003b1900" FRAME_ETH4, FRAME_TOLD4 " on eoip 25" },
	{ "ERSPAN I", 101, OUTER("2f") "0000 88be" FRAME_ETH4, FRAME_TOLD4 },
	{ "ERSPAN II", 101, OUTER("2f") "1000 88be 00000001 10640001 00000000" FRAME_ETH4,
	  FRAME_TOLD4 },
	{ "ERSPAN II with a key", 101,
	  OUTER("2f") "3000 88be 00000005 00000001 10640001 00000000" FRAME_ETH4,
	  FRAME_TOLD4 },
	{ "ERSPAN III", 101, OUTER("2f") "1000 22eb 00000001 20640001 00000000 0000 0000"
	  FRAME_ETH4, FRAME_TOLD4 },
	{ "ERSPAN III with a subheader", 101,
	  OUTER("2f") "1000 22eb 00000001 20640001 00000000 0000 0001 0000000000000000" FRAME_ETH4,
	  FRAME_TOLD4 },
	{ "ERSPAN III around IP", 101,
	  OUTER("2f") "1000 22eb 00000001 20640001 00000000 0000 0800" FRAME_IP4,
	  FRAME_TOLD4 },
};

static const struct frame_row udp[] = {
	{ "VXLAN", 101, OUTER_UDP("12b5") "08000000 00109200" FRAME_ETH4,
	  FRAME_TOLD4 " on vxlan 4242" },
	{ "VXLAN, Linux' old port, VLANs on both sides", 1,
	  FRAME_MACS "8100 0014 0800" OUTER_UDP("2118")
	  "08000000 00109200" FRAME_MACS "8100 001e 0800" FRAME_IP4,
	  FRAME_TOLD4 " on vlan 20, vxlan 4242, vlan 30" },
	{ "VXLAN's port without its flag", 101,
	  OUTER_UDP("12b5") "00000000 00109200 68656c6c6f 68656c6c6f 68656c6c6f",
	  "udp 192.168.0.1:49152 > 192.168.0.2:4789 ttl 64 ........hellohellohello" },
	{ "VXLAN-GPE", 101, OUTER_UDP("12b6") "0c000001 00109200" FRAME_IP4,
	  FRAME_TOLD4 " on vxlan 4242" },
	{ "GENEVE", 101, OUTER_UDP("17c1") "0000 6558 00109200" FRAME_ETH4,
	  FRAME_TOLD4 " on geneve 4242" },
	{ "GENEVE with options", 101, OUTER_UDP("17c1") "0200 6558 00109200 0102030400000000"
	  FRAME_ETH4,
	  FRAME_TOLD4 " on geneve 4242" },
	{ "GENEVE around IPv6", 101, OUTER_UDP("17c1") "0000 86dd 00109200" FRAME_IP6,
	  FRAME_TOLD6 " on geneve 4242" },
	{ "Teredo", 101, OUTER_UDP("0dd8") FRAME_IP6, FRAME_TOLD6 },
	{ "Teredo with authentication and origin", 101,
	  OUTER_UDP("0dd8") "0001 00 00 0102030405060708 00 0000 ffff ffffffff" FRAME_IP6,
	  FRAME_TOLD6 },
	{ "GTP-U", 101, OUTER_UDP("0868") "30ff 0031 00000001" FRAME_IP4, FRAME_TOLD4 },
	{ "GTP-U with an extension header", 101,
	  OUTER_UDP("0868") "34ff 0039 00000001 0000 00 85 01 10 00 00" FRAME_IP4, FRAME_TOLD4 },
	{ "TZSP", 101, OUTER_UDP("9090") "01 00 0001 0a01b0 00 01" FRAME_ETH4, FRAME_TOLD4 },
	{ "TZSP without an end", 101, OUTER_UDP("9090") "01 00 0001 0a01",
	  "udp 192.168.0.1:49152 > 192.168.0.2:37008 ttl 64 ......" },
};

/* clang-format on */

#define ROWS(table) frame_rows(table, sizeof table / sizeof *table)

static void above_ip(void **state)
{
	(void)state;
	ROWS(ip);
}

static void generic_routing_encapsulation(void **state)
{
	(void)state;
	ROWS(gre);
}

static void above_udp(void **state)
{
	(void)state;
	ROWS(udp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(above_ip),
		cmocka_unit_test(generic_routing_encapsulation),
		cmocka_unit_test(above_udp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
