/* tests/test_link.c - link layers and tags, each around the same packet. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/frame_text.h"

static const struct frame_row ethernet[] = {
	{ "Ethernet, IPv4", 1, FRAME_ETH4, FRAME_TOLD4 },
	{ "Ethernet, IPv6", 1, FRAME_MACS "86dd" FRAME_IP6, FRAME_TOLD6 },
	{ "padding to 60 bytes is no payload", 1, FRAME_ETH4 "0000000000", FRAME_TOLD4 },
	{ "padding that looks like more", 1, FRAME_ETH4 "776f726c64", FRAME_TOLD4 },
	{ "802.3 with LLC/SNAP", 1, FRAME_MACS "0035 aaaa03 000000 0800" FRAME_IP4 "0000",
	  FRAME_TOLD4 },
	{ "802.3 with LLC of IP itself", 1, FRAME_MACS "0030 060603" FRAME_IP4, FRAME_TOLD4 },
	{ "spanning tree", 1, "0180c2000000 020000000001 0026 424203 0000000000", "-" },
	{ "ARP", 1, FRAME_MACS "0806 0001080006040001", "-" },
	{ "802.1Q", 1, FRAME_MACS "8100 000a 0800" FRAME_IP4, FRAME_TOLD4 " on vlan 10" },
	{ "802.1Q with a priority", 1, FRAME_MACS "8100 e00a 0800" FRAME_IP4,
	  FRAME_TOLD4 " on vlan 10" },
	{ "a priority alone is no VLAN", 1, FRAME_MACS "8100 a000 0800" FRAME_IP4, FRAME_TOLD4 },
	{ "802.1ad", 1, FRAME_MACS "88a8 0064 8100 0014 0800" FRAME_IP4,
	  FRAME_TOLD4 " on vlan 100, vlan 20" },
	{ "QinQ of old", 1, FRAME_MACS "9100 0064 8100 0014 86dd" FRAME_IP6,
	  FRAME_TOLD6 " on vlan 100, vlan 20" },
	{ "tag around a length", 1, FRAME_MACS "8100 000a 0035 aaaa03 000000 0800" FRAME_IP4,
	  FRAME_TOLD4 " on vlan 10" },
	{ "eight tags", 1,
	  FRAME_MACS
	  "8100 0001 8100 0002 8100 0003 8100 0004 8100 0005 8100 0006 8100 0007 8100 0008 0800"
	  FRAME_IP4,
	  FRAME_TOLD4 " on vlan 1, vlan 2, vlan 3, vlan 4, vlan 5, vlan 6, vlan 7, vlan 8" },
	{ "nine tags", 1,
	  FRAME_MACS
	  "8100 0001 8100 0002 8100 0003 8100 0004 8100 0005 8100 0006 8100 0007 8100 0008 8100 0009"
		     "0800" FRAME_IP4,
	  "- malformed" },
	{ "VN-Tag", 1, FRAME_MACS "8926 00001234 0800" FRAME_IP4, FRAME_TOLD4 },
	{ "802.1ah", 1, FRAME_MACS "88a8 0005 88e7 00001092" FRAME_ETH4,
	  FRAME_TOLD4 " on vlan 5, isid 4242" },
	{ "cut inside the header", 1, FRAME_MACS, "- malformed" },
	{ "no bytes at all", 1, "", "- malformed" },
};

static const struct frame_row cooked[] = {
	{ "SLL, received", 113, "0000 0001 0006 020000000001 0000 0800" FRAME_IP4, FRAME_TOLD4 },
	{ "SLL, sent", 113, "0004 0001 0006 020000000001 0000 0800" FRAME_IP4,
	  FRAME_TOLD4 " outbound" },
	{ "SLL with a tag", 113, "0000 0001 0006 020000000001 0000 8100 000a 86dd" FRAME_IP6,
	  FRAME_TOLD6 " on vlan 10" },
	{ "SLL2, received", 276, "86dd 0000 00000002 0001 00 06 0200000000010000" FRAME_IP6,
	  FRAME_TOLD6 },
	{ "SLL2, sent", 276, "0800 0000 00000002 0001 04 06 0200000000010000" FRAME_IP4,
	  FRAME_TOLD4 " outbound" },
	{ "NULL, little-endian", 0, "02000000" FRAME_IP4, FRAME_TOLD4 },
	{ "NULL, big-endian", 0, "00000002" FRAME_IP4, FRAME_TOLD4 },
	{ "NULL, Windows' IPv6", 0, "17000000" FRAME_IP6, FRAME_TOLD6 },
	{ "NULL, Linux' IPv6", 0, "0a000000" FRAME_IP6, FRAME_TOLD6 },
	{ "NULL, NetBSD's IPv6", 0, "18000000" FRAME_IP6, FRAME_TOLD6 },
	{ "NULL, FreeBSD's IPv6", 0, "1c000000" FRAME_IP6, FRAME_TOLD6 },
	{ "NULL, macOS' IPv6, big-endian", 0, "0000001e" FRAME_IP6, FRAME_TOLD6 },
	{ "NULL, another family", 0, "07000000" FRAME_IP4, "-" },
	{ "LOOP", 108, "00000002" FRAME_IP4, FRAME_TOLD4 },
	{ "RAW, IPv4", 101, FRAME_IP4, FRAME_TOLD4 },
	{ "RAW, IPv6", 101, FRAME_IP6, FRAME_TOLD6 },
	{ "RAW of BSD", 12, FRAME_IP4, FRAME_TOLD4 },
	{ "RAW of OpenBSD", 14, FRAME_IP6, FRAME_TOLD6 },
	{ "IPV4", 228, FRAME_IP4, FRAME_TOLD4 },
	{ "IPV6", 229, FRAME_IP6, FRAME_TOLD6 },
	{ "IPV6 that is not", 229, FRAME_IP4, "- malformed" },
	{ "a link type of another world", 147, FRAME_IP4, "- unknown-link" },
};

static const struct frame_row ppp[] = {
	{ "PPP", 9, "0021" FRAME_IP4, FRAME_TOLD4 },
	{ "PPP with address and control", 9, "ff03 0057" FRAME_IP6, FRAME_TOLD6 },
	{ "PPP, protocol in one byte", 9, "21" FRAME_IP4, FRAME_TOLD4 },
	{ "PPP's own negotiation", 9, "ff03 c021 01010004", "-" },
	{ "PPP in HDLC", 50, "ff03 0021" FRAME_IP4, FRAME_TOLD4 },
	{ "Cisco's HDLC under PPP", 50, "0f00 0800" FRAME_IP4, FRAME_TOLD4 },
	{ "Cisco's HDLC", 104, "0f00 86dd" FRAME_IP6, FRAME_TOLD6 },
	{ "PPP with a direction", 204, "01 ff03 0021" FRAME_IP4, FRAME_TOLD4 },
	{ "PPPoE", 1, FRAME_MACS "8864 1100 1234 002f 0021" FRAME_IP4 "00000000", FRAME_TOLD4 },
	{ "PPPoE in a VLAN", 1, FRAME_MACS "8100 0007 8864 1100 1234 0043 0057" FRAME_IP6,
	  FRAME_TOLD6 " on vlan 7" },
	{ "PPPoE discovery", 1, FRAME_MACS "8864 1109 0000 0000", "-" },
};

static const struct frame_row mpls[] = {
	{ "one label", 1, FRAME_MACS "8847 00010140" FRAME_IP4, FRAME_TOLD4 },
	{ "two labels, IPv6", 1, FRAME_MACS "8847 00010040 00011140" FRAME_IP6, FRAME_TOLD6 },
	{ "explicit null", 1, FRAME_MACS "8847 00000140" FRAME_IP4, FRAME_TOLD4 },
	{ "explicit null, IPv6", 1, FRAME_MACS "8847 00002140" FRAME_IP6, FRAME_TOLD6 },
	{ "pseudowire with a control word", 1, FRAME_MACS "8847 00010140 00000000" FRAME_ETH4,
	  FRAME_TOLD4 },
	{ "pseudowire without", 1, FRAME_MACS "8847 00010140" FRAME_ETH4, FRAME_TOLD4 },
	{ "pseudowire whose first address begins as IPv4", 1,
	  FRAME_MACS "8847 00010140 450000000002 020000000001 0800" FRAME_IP4, FRAME_TOLD4 },
	{ "an associated channel", 1, FRAME_MACS "8847 00010140 10000021" FRAME_IP4, "-" },
};

#define WIFI_TO_DS "020000000002 020000000001 020000000003 1000"
#define SNAP4 "aaaa03 000000 0800" FRAME_IP4

static const struct frame_row wifi[] = {
	{ "data to the access point", 105, "0801 0000" WIFI_TO_DS SNAP4, FRAME_TOLD4 },
	{ "QoS data", 105, "8801 0000" WIFI_TO_DS "0000" SNAP4, FRAME_TOLD4 },
	{ "QoS data with HT control", 105, "8881 0000" WIFI_TO_DS "0000 00000000" SNAP4,
	  FRAME_TOLD4 },
	{ "four addresses", 105, "0803 0000" WIFI_TO_DS "020000000004" SNAP4, FRAME_TOLD4 },
	{ "A-MSDU: its first", 105,
	  "8801 0000" WIFI_TO_DS "8000 020000000002 020000000001 0035" SNAP4 "0000 020000000002",
	  FRAME_TOLD4 },
	{ "a beacon", 105, "8000 0000" WIFI_TO_DS "00000000", "-" },
	{ "no data", 105, "4801 0000" WIFI_TO_DS, "-" },
	{ "a later fragment", 105, "0801 0000 020000000002 020000000001 020000000003 1100" SNAP4,
	  "-" },
	{ "protected", 105, "0841 0000" WIFI_TO_DS "0102030405060708 5f6e7d8c9bab",
	  "- protected-wifi" },
	{ "protected, it says, but decrypted", 105, "0841 0000" WIFI_TO_DS SNAP4, FRAME_TOLD4 },
	{ "radiotap without fields", 127, "0000 0800 00000000 0801 0000" WIFI_TO_DS SNAP4,
	  FRAME_TOLD4 },
	{ "radiotap, header padded to four bytes", 127,
	  "0000 0900 02000000 20 8801 0000" WIFI_TO_DS "0000 0000" SNAP4, FRAME_TOLD4 },
	{ "radiotap with a clock, header padded", 127,
	  "0000 1100 03000000 0102030405060708 20 8801 0000" WIFI_TO_DS "0000 0000" SNAP4,
	  FRAME_TOLD4 },
	{ "radiotap with more presence words, frame check behind", 127,
	  "0000 1500 030000a0 00000080 00000000 10 000000 00 0801 0000" WIFI_TO_DS SNAP4 "deadbeef",
	  FRAME_TOLD4 },
	{ "radiotap shorter than itself", 127, "0000 0400 00000000 0801 0000" WIFI_TO_DS SNAP4,
	  "- malformed" },
	{ "PRISM, little-endian", 119, "44000000 0c000000 00000000 0801 0000" WIFI_TO_DS SNAP4,
	  FRAME_TOLD4 },
	{ "AVS under PRISM", 119, "80211001 0000000c 00000000 0801 0000" WIFI_TO_DS SNAP4,
	  FRAME_TOLD4 },
	{ "AVS", 163, "80211001 0000000c 00000000 0801 0000" WIFI_TO_DS SNAP4, FRAME_TOLD4 },
	{ "PPI around 802.11", 192, "00 00 0800 69000000 0801 0000" WIFI_TO_DS SNAP4, FRAME_TOLD4 },
	{ "PPI around nothing known", 192, "00 00 0800 93000000 0801", "- unknown-link" },
};

#define ROWS(table) frame_rows(table, sizeof table / sizeof *table)

static void ethernet_and_its_tags(void **state)
{
	(void)state;
	ROWS(ethernet);
}

static void captures_without_ethernet(void **state)
{
	(void)state;
	ROWS(cooked);
}

static void point_to_point(void **state)
{
	(void)state;
	ROWS(ppp);
}

static void labels(void **state)
{
	(void)state;
	ROWS(mpls);
}

static void wireless(void **state)
{
	(void)state;
	ROWS(wifi);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ethernet_and_its_tags),
	       cmocka_unit_test(captures_without_ethernet),
		cmocka_unit_test(point_to_point),        cmocka_unit_test(labels),
		cmocka_unit_test(wireless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
