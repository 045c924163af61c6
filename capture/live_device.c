/* capture/live_device.c - opening an interface: ring buffers, filter, the group of rings, drop counts. */
#include "capture/live_device.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "capture/linktype.h"
#include "capture/live_presence.h"

enum {
	SNAPLEN = 262144,
	BLOCK_MS = 100,                 /* after so long the kernel hands on a block that is not full; */
	SHORT_BLOCK_MS = 25,            /* when other rings have to wait for it */
	TIMERS_MS = 50,                 /* by which that may be late */
	BUFFER_KIB = 32 * 1024,         /* libpcap's 2 MiB overflow while a content download starts */
};

int64_t live_now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * MOMENT_S + t.tv_nsec;
}

bool live_tell(const char *device, pcap_t *pcap, int status, struct fault *f)
{
	const char *why = *pcap_geterr(pcap) ? pcap_geterr(pcap) : pcap_statustostr(status);

	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		return fault_set(f, FAULT_INPUT,
		                 "%s: no permission to capture; run as root, or once: "
		                 "setcap cap_net_raw+ep wsuscope", device);
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return fault_set(f, FAULT_INPUT,
		                 "%s: there is no such interface; list them: wsuscope capture -D", device);
	case PCAP_ERROR_IFACE_NOT_UP:
		return fault_set(f, FAULT_INPUT, "%s: the interface is down; set it up: ip link set %s up",
		                 device, device);
	}
	return fault_set(f, FAULT_INPUT, "%s: cannot capture: %s", device, why);
}

/* ---- one ring ---- */

static bool knows_vlans(pcap_t *pcap)
{
	return pcap_datalink(pcap) == DLT_EN10MB;
}

static bool set_filter(pcap_t *pcap, const char *device, const struct source_live_options *o, struct fault *f)
{
	const char *text = o->untagged && !knows_vlans(pcap) ? o->untagged : o->filter;
	struct bpf_program code;
	int status;

	if (!text || !*text)
		return true;
	if (pcap_compile(pcap, &code, text, 1, PCAP_NETMASK_UNKNOWN) < 0)
		return fault_set(f, FAULT_USAGE, "%s: filter '%.200s%s': %s; see man pcap-filter", device,
		                 text, strlen(text) > 200 ? "..." : "", pcap_geterr(pcap));
	status = pcap_setfilter(pcap, &code);
	pcap_freecode(&code);
	return !status || live_tell(device, pcap, status, f);
}

/* Of cooked headers the second kind tells the interface, too. */
static void prefer_sll2(pcap_t *pcap)
{
	if (pcap_datalink(pcap) == DLT_LINUX_SLL)
		pcap_set_datalink(pcap, DLT_LINUX_SLL2);
}

static int block_ms(const struct source_live_options *o)
{
	return o->device_count > 1 || o->rings > 1 ? SHORT_BLOCK_MS : BLOCK_MS;
}

static bool activate(pcap_t *pcap, const char *device, const struct source_live_options *o, struct fault *f)
{
	char why[PCAP_ERRBUF_SIZE];
	int status, kib = o->buffer_kib;

	if (kib <= 0 || kib > INT_MAX / 1024)
		kib = BUFFER_KIB;
	pcap_set_snaplen(pcap, o->snaplen > 0 ? o->snaplen : SNAPLEN);
	pcap_set_promisc(pcap, o->promiscuous);
	pcap_set_timeout(pcap, block_ms(o));
	pcap_set_buffer_size(pcap, kib * 1024);
	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(pcap);
	if (status < 0)
		return live_tell(device, pcap, status, f);
	prefer_sll2(pcap);
	if (!set_filter(pcap, device, o, f))
		return false;
	if (pcap_setnonblock(pcap, 1, why) < 0)
		return fault_set(f, FAULT_INPUT, "%s: %s", device, why);
	return true;
}

static bool open_ring(struct live_device *d, const char *name, const struct source_live_options *o,
                      struct fault *f)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_create(name, why);

	if (!pcap)
		return fault_set(f, FAULT_INPUT, "%s: %s", name, why);
	d->rings[d->ring_count++].pcap = pcap;
	return activate(pcap, name, o, f);
}

/* ---- a group of rings ---- */

/* By a hash of addresses and ports that both directions share; fragments are put together first, as they
 * have no ports.  The kernel numbers the group. */
static bool join(struct live_device *d, unsigned count, const char *name, struct fault *f)
{
	unsigned way = PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_DEFRAG | PACKET_FANOUT_FLAG_UNIQUEID;
	unsigned group = way << 16;

	for (unsigned i = 0; i < count; i++) {
		int fd = pcap_fileno(d->rings[i].pcap);
		socklen_t len = sizeof group;

		if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &group, sizeof group) < 0 ||
		    getsockopt(fd, SOL_PACKET, PACKET_FANOUT, &group, &len) < 0)
			return fault_set(f, FAULT_INPUT, "%s: several threads (-j) cannot capture here: %s; "
			                 "leave -j out", name, strerror(errno));
	}
	d->since = live_now(CLOCK_REALTIME);
	return true;
}

/* One ring more, outside the group, which hears nothing yet. */
static bool keep_reserve(struct live_device *d, const char *name, const struct source_live_options *o,
                         struct fault *f)
{
	if (!live_presence_may_end(d))
		return true;
	d->has_reserve = true;
	return open_ring(d, name, o, f) &&
	       (live_presence_hush(d) || fault_set(f, FAULT_INPUT, "%s: %s", name, strerror(errno)));
}

/* ---- what the interface drops ---- */

/* pcap_stats(3) opens these files each time, which is refused once rights are given up. */
static void open_counters(struct live_device *d, const char *name)
{
	static const char *const files[] = { "rx_missed_errors", "rx_fifo_errors" };
	char path[300];

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "/sys/class/net/%s/statistics/%s", name, files[i]);
		d->counters[i] = strchr(name, '/') ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	}
}

/* What the counter rose by.  A file of an interface that is gone gives nothing any more. */
static uint64_t rise(int file, uint64_t *counted)
{
	char text[32];
	ssize_t len = file < 0 ? -1 : pread(file, text, sizeof text - 1, 0);
	uint64_t before = *counted;

	if (len <= 0)
		return 0;
	text[len] = '\0';
	*counted = strtoull(text, NULL, 10);
	return *counted > before ? *counted - before : 0;
}

/* The kernel begins at 0 with each look; libpcap, where it counts itself, adds up in 32 bits. */
static uint64_t ring_drops(struct live_device *d, unsigned i)
{
	struct tpacket_stats_v3 kernel = { 0 };
	socklen_t len = sizeof kernel;
	struct live_ring *ring = &d->rings[i];
	struct pcap_stat stat;
	uint32_t before = ring->told;

	if (d->packets)
		return getsockopt(pcap_fileno(ring->pcap), SOL_PACKET, PACKET_STATISTICS, &kernel, &len) < 0
		               ? 0 : kernel.tp_drops;
	if (pcap_stats(ring->pcap, &stat) < 0)
		return 0;
	ring->told = stat.ps_drop;
	return (uint32_t)(stat.ps_drop - before);
}

void live_device_count(struct live_device *d)
{
	struct source_info *info = &d->in->info;
	struct source_loss loss = { .from = d->looked, .until = live_now(CLOCK_REALTIME),
		                    .frames = info->frames - d->looked_frames };
	uint64_t before = info->dropped;

	for (unsigned i = 0; i < d->ring_count; i++)
		info->dropped_kernel += ring_drops(d, i);
	for (size_t i = 0; i < sizeof d->counters / sizeof *d->counters; i++)
		info->dropped_interface += rise(d->counters[i], &d->counted[i]);
	info->dropped = info->dropped_kernel + info->dropped_interface + info->dropped_ours;
	loss.packets = info->dropped - before;
	if (loss.packets)
		input_lost(d->in, &loss);
	d->looked = loss.until;
	d->looked_frames = info->frames;
}

/* ---- all of it ---- */

static bool open_rings(struct live_device *d, const char *name, const struct source_live_options *o,
                       struct fault *f)
{
	unsigned wanted = o->rings < 1 ? 1 : o->rings;

	if (wanted > SOURCE_RINGS_MAX)
		return fault_set(f, FAULT_USAGE, "more than %d capture threads (-j)", SOURCE_RINGS_MAX);
	while (d->ring_count < wanted)
		if (!open_ring(d, name, o, f))
			return false;
	if (!linktype_of(d->rings[0].pcap, &d->link_type))
		return fault_set(f, FAULT_INPUT, "%s: link type %s is unknown in capture files", name,
		                 pcap_datalink_val_to_name(pcap_datalink(d->rings[0].pcap)));
	return wanted == 1 || (keep_reserve(d, name, o, f) && join(d, wanted, name, f));
}

bool live_device_open(struct live_device *d, struct input *in, const char *name,
                      const struct source_live_options *o, struct fault *f)
{
	*d = (struct live_device){ .in = in, .since = INT64_MIN, .promiscuous = o->promiscuous,
	                           .late = (block_ms(o) + TIMERS_MS) * MOMENT_MS, .counters = { -1, -1 } };
	if (!open_rings(d, name, o, f)) {
		live_device_close(d);
		return false;
	}
	d->unit = pcap_get_tstamp_precision(d->rings[0].pcap) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
	live_presence_begin(d);
	open_counters(d, name);
	live_device_count(d);
	/* What was lost before is nobody's loss. */
	in->info.dropped = in->info.dropped_kernel = in->info.dropped_interface = 0;
	in->loss = (struct source_loss){ 0 };
	return true;
}

void live_device_close(struct live_device *d)
{
	for (unsigned i = 0; i < d->ring_count; i++)
		pcap_close(d->rings[i].pcap);
	d->ring_count = 0;
	for (size_t i = 0; i < sizeof d->counters / sizeof *d->counters; i++) {
		if (d->counters[i] >= 0)
			close(d->counters[i]);
		d->counters[i] = -1;
	}
}

enum frame_direction live_device_direction(const struct live_device *d, struct span bytes)
{
	enum { ETHERNET = 1, SLL = 113, SLL2 = 276, SLL2_TYPE_AT = 10 };
	unsigned type;

	switch (d->link_type) {
	case ETHERNET:
		if (!d->has_mac || bytes.len < 2 * LIVE_MAC)
			return FRAME_UNKNOWN;
		return memcmp(bytes.at + LIVE_MAC, d->mac, LIVE_MAC) ? FRAME_INBOUND : FRAME_OUTBOUND;
	case SLL:
		type = bytes.len > 1 ? bytes.at[1] : PACKET_FASTROUTE;
		break;
	case SLL2:
		type = bytes.len > SLL2_TYPE_AT ? bytes.at[SLL2_TYPE_AT] : PACKET_FASTROUTE;
		break;
	default:
		return FRAME_UNKNOWN;
	}
	if (type == PACKET_FASTROUTE)
		return FRAME_UNKNOWN;
	return type == PACKET_OUTGOING ? FRAME_OUTBOUND : FRAME_INBOUND;
}
