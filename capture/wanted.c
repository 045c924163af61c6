/* capture/wanted.c - BPF that is put together from a few lists.
 *
 * The kernel takes the outermost VLAN tag off before a filter sees the frame, so ports are found behind it
 * as without one.  Frames that have a tag then go whole: behind `vlan`, libpcap would add all tests
 * once more, five times as long, and before Linux 6.8 a program had to fit into 20 KiB (net.core.optmem_max).
 */
#include "capture/wanted.h"

#include "capture/filter.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* Update points; servers and proxies as decoders/handshake.c knows them; DNS. */
#define TCP_PORTS "53 or 80 or 443 or 3128 or 8000 or 8080 or 8081 or 8443 or 8530 or 8531 or 8888 or 9090"

/* DNS, DHCP, NetBIOS names, DHCPv6, mDNS, LLMNR; then the tunnels of decoders/tunnel_udp.c. */
#define UDP_PORTS \
	"53 or 67 or 68 or 137 or 546 or 547 or 5353 or 5355 or " \
	"2152 or 3544 or 4789 or 4790 or 6081 or 8472 or 37008"

/* Later fragments have no ports.  Of IPv6, BPF sees the first header only: what has another before TCP,
 * UDP or ICMP goes whole, as tunnels do (numbers of decoders/ip.c). */
#define WHOLE_IP \
	"ip[6:2] & 0x1fff != 0 or ip proto (4 or 41 or 47 or 51 or 97 or 137) or " \
	"ip6 proto (0 or 4 or 41 or 43 or 44 or 47 or 51 or 60 or 97 or 135 or 137 or 139 or 140)"

/* MPLS, PPPoE sessions, VN-Tag, 802.1ah, an old tag that libpcap does not take for one, bridging, PPP
 * (decoders/link.c). */
#define WHOLE_LINKS \
	"ether proto (0x8847 or 0x8848 or 0x8864 or 0x8926 or 0x88e7 or 0x9200 or 0x6558 or 0x880b)"

/* IP behind LLC, of Ethernet: a length in place of a type, then SNAP's or IP's own service access points. */
#define LLC "(ether[12:2] < 1536 and (ether[14:2] = 0xaaaa or ether[14:2] = 0x0606))"

/* A second tag, or the one of a frame that this machine sends itself. */
#define TAGGED "ether proto (0x8100 or 0x88a8 or 0x9100)"

struct text {
	char *at;
	size_t len;
	bool full;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *format, ...)
{
	va_list args;
	int len;

	if (t->full)
		return;
	va_start(args, format);
	len = vsnprintf(t->at + t->len, WANTED_TEXT - t->len, format, args);
	va_end(args);
	t->full = len < 0 || (size_t)len >= WANTED_TEXT - t->len;
	if (!t->full)
		t->len += (size_t)len;
}

/* Told of its own words, not of all that it is put among. */
static bool is_filter(const char *also, struct fault *f)
{
	struct filter *alone = filter_new(also, f);

	filter_free(alone);
	return alone != NULL;
}

bool wanted_filter(char text[static WANTED_TEXT], const uint16_t *ports, size_t port_count, const char *also,
                   bool vlans, struct fault *f)
{
	struct text t = { .at = text };

	if (also && *also && !is_filter(also, f))
		return false;
	add(&t, "tcp port (" TCP_PORTS);
	for (size_t i = 0; i < port_count; i++)
		add(&t, " or %u", ports[i]);
	add(&t, ") or udp port (" UDP_PORTS ") or icmp or icmp6");
	add(&t, " or " WHOLE_IP " or " WHOLE_LINKS " or " TAGGED);
	if (vlans)
		add(&t, " or " LLC);
	/* Last: words like `vlan` move the place where all that stands behind them looks (pcap-filter(7)). */
	if (also && *also)
		add(&t, " or (%s)", also);
	return !t.full || fault_set(f, FAULT_USAGE, "the filter is too long: -f may have %d characters",
	                            WANTED_TEXT / 2);
}
