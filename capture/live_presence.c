/* capture/live_presence.c - asking the kernel about an interface, and binding to it anew. */
#include "capture/live_presence.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum presence {
	PRESENT,
	DOWN,
	GONE,
	REFUSED,                /* there, but not to be bound to */
	OTHER,                  /* there is one of that name, but of another kind */
};

enum { NOWHERE = -1, ANY = 0 }; /* indexes */
enum { NO_PROTOCOL = 0xffff };  /* reserved (RFC 1701): of no frame */

static unsigned last_ring(const struct live_device *d)
{
	return d->ring_count - 1;
}

static int socket_of(const struct live_device *d)
{
	return pcap_fileno(d->rings[d->has_reserve ? last_ring(d) : 0].pcap);
}

/* The index that a ring is bound to; NOWHERE: its interface was removed. */
static int bound_to(int ring, bool *packets)
{
	struct sockaddr_ll at = { 0 };
	socklen_t len = sizeof at;

	*packets = ring >= 0 && !getsockname(ring, (struct sockaddr *)&at, &len) &&
	           at.sll_family == AF_PACKET;
	return at.sll_ifindex;
}

static bool ask(const struct live_device *d, unsigned long what, struct ifreq *r)
{
	return ioctl(socket_of(d), what, r) == 0;
}

static struct ifreq by_name(const struct live_device *d)
{
	struct ifreq r = { 0 };

	snprintf(r.ifr_name, sizeof r.ifr_name, "%s", d->in->info.name);
	return r;
}

static void note_mac(struct live_device *d, struct ifreq r)
{
	static const uint8_t none[LIVE_MAC];

	d->has_mac = ask(d, SIOCGIFHWADDR, &r) && r.ifr_hwaddr.sa_family == ARPHRD_ETHER &&
	             memcmp(r.ifr_hwaddr.sa_data, none, LIVE_MAC) != 0;
	if (d->has_mac)
		memcpy(d->mac, r.ifr_hwaddr.sa_data, LIVE_MAC);
	d->hardware = r.ifr_hwaddr.sa_family;
}

void live_presence_begin(struct live_device *d)
{
	if (bound_to(socket_of(d), &d->packets) > ANY && d->packets)
		note_mac(d, by_name(d));
}

static bool bind_to(int ring, int index, uint16_t protocol)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(protocol),
	                          .sll_ifindex = index };

	return bind(ring, (struct sockaddr *)&to, sizeof to) == 0;
}

bool live_presence_may_end(const struct live_device *d)
{
	bool packets;

	return bound_to(pcap_fileno(d->rings[0].pcap), &packets) > ANY && packets;
}

bool live_presence_hush(const struct live_device *d)
{
	int ring = pcap_fileno(d->rings[last_ring(d)].pcap);

	return bind_to(ring, bound_to(ring, &(bool){ false }), NO_PROTOCOL);
}

/* Other hosts' frames are asked for first: what is bound is taken for done, what is not is tried again. */
static bool bind_ring(const struct live_device *d, int ring, int index)
{
	struct packet_mreq membership = { .mr_ifindex = index, .mr_type = PACKET_MR_PROMISC };
	int why;

	if (d->promiscuous &&
	    setsockopt(ring, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof membership) < 0)
		return false;
	if (bind_to(ring, index, ETH_P_ALL))
		return true;
	why = errno;
	if (d->promiscuous)
		setsockopt(ring, SOL_PACKET, PACKET_DROP_MEMBERSHIP, &membership, sizeof membership);
	errno = why;
	return false;
}

/* There is an interface of that name again. */
static enum presence take_up(struct live_device *d, struct ifreq r)
{
	struct ifreq kind = by_name(d);
	int index = r.ifr_ifindex;

	if (!ask(d, SIOCGIFHWADDR, &kind))
		return GONE;
	if (kind.ifr_hwaddr.sa_family != d->hardware)
		return OTHER;
	if (!bind_ring(d, socket_of(d), index))
		return errno == ENODEV ? GONE : REFUSED;
	d->relieved = d->has_reserve;
	note_mac(d, kind);
	return PRESENT;
}

/* Errors of the socket are told once; poll(2) would otherwise find them for ever. */
static void take_error(const struct live_device *d)
{
	int error;

	for (unsigned i = 0; i < d->ring_count; i++)
		getsockopt(pcap_fileno(d->rings[i].pcap), SOL_SOCKET, SO_ERROR, &error,
		           &(socklen_t){ sizeof error });
}

/* *anew: the ring was bound again. */
static enum presence find(struct live_device *d, bool *anew)
{
	struct ifreq r = by_name(d);
	int index = bound_to(socket_of(d), &(bool){ false });
	enum presence found;

	*anew = false;
	if (index == ANY)
		return PRESENT;
	if (index == NOWHERE) {
		if (!ask(d, SIOCGIFINDEX, &r))
			return GONE;
		found = take_up(d, r);
		if (found != PRESENT)
			return found;
		*anew = true;
		index = bound_to(socket_of(d), &(bool){ false });
	}
	/* By its index, as it may have got another name. */
	r = (struct ifreq){ .ifr_ifindex = index };
	if (!ask(d, SIOCGIFNAME, &r) || !ask(d, SIOCGIFFLAGS, &r))
		return GONE;
	return r.ifr_flags & IFF_UP ? PRESENT : DOWN;
}

static bool tell_absence(struct live_device *d, enum presence p, struct fault *f)
{
	const char *name = d->in->info.name, *why = strerror(errno);

	switch (p) {
	case PRESENT:
		return fault_set(f, FAULT_CUT, "%s: the interface was gone for a moment; its packets of that "
		                 "time are missing, and capturing goes on", name);
	case DOWN:
		return fault_set(f, FAULT_CUT, "%s: the interface is down; capturing goes on once it is up: "
		                 "ip link set %s up", name, name);
	case GONE:
		return fault_set(f, FAULT_CUT, "%s: the interface is gone; capturing goes on once it is "
		                 "back: ip link", name);
	case OTHER:
		return fault_set(f, FAULT_CUT, "%s: the interface is gone, and one of another kind has its "
		                 "name; to capture on that, start again", name);
	case REFUSED:
		break;
	}
	return fault_set(f, FAULT_CUT, "%s: the interface is back, but cannot be taken up again: %s; start "
	                 "again if that lasts", name, why);
}

static bool tell_relief(const struct live_device *d, struct fault *f)
{
	return fault_set(f, FAULT_CUT, "%s: the interface was made anew; its packets of that time are "
	                 "missing, and one thread goes on alone, as no group of them (-j) can: start again "
	                 "to have all", d->in->info.name);
}

bool live_device_look(struct live_device *d, struct fault *f)
{
	struct source_info *info = &d->in->info;
	bool was_away = info->away, was_refused = d->refused, was_relieved = d->relieved, anew;
	enum presence p;

	if (!d->packets)
		return true;
	take_error(d);
	p = find(d, &anew);
	d->refused = p == REFUSED || p == OTHER;
	info->away = p != PRESENT;
	info->absences += !was_away && (anew || p != PRESENT);
	if (d->relieved && !was_relieved)
		return tell_relief(d, f);
	if (was_away ? !d->refused || was_refused : p == PRESENT && !anew)
		return true;
	return tell_absence(d, p, f);
}
