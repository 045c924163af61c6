/* capture/live.c - frames of an interface, through libpcap.
 *
 * The ring is read without blocking, and poll(2) waits in between, so that a
 * signal handler needs to do no more than set a flag.
 */
#include "capture/input.h"
#include "capture/linktype.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

enum {
	SNAPLEN = 262144,
	TIMEOUT_MS = 100,               /* of the kernel's blocks, and of one wait */
	COUNT_EVERY = 4096,             /* frames between two looks at the drop counts */
	BUFFER_KIB = 32 * 1024,         /* libpcap's 2 MiB overflow while a content download starts */
};

struct live {
	pcap_t *pcap;
	uint16_t link_type;
	int64_t unit;                   /* nanoseconds of what libpcap calls tv_usec */
	int64_t until;                  /* stopped: later frames are left; MOMENT_NONE: not stopped */
	unsigned uncounted;
	uint32_t dropped, ifdropped;    /* as libpcap told last: they wrap */
};

static bool tell(const char *device, pcap_t *pcap, int status, struct fault *f)
{
	const char *why = *pcap_geterr(pcap) ? pcap_geterr(pcap) : pcap_statustostr(status);

	if (status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED)
		return fault_set(f, FAULT_INPUT,
				 "%s: no permission to capture; run as root, or once: "
				 "setcap cap_net_raw,cap_net_admin+ep wsuscope", device);
	if (status == PCAP_ERROR_NO_SUCH_DEVICE)
		return fault_set(f, FAULT_INPUT, "%s: there is no such interface; list them: ip -br link",
				 device);
	return fault_set(f, FAULT_INPUT, "%s: cannot capture: %s", device, why);
}

static bool set_filter(pcap_t *pcap, const struct source_live_options *o, struct fault *f)
{
	struct bpf_program code;
	int status;

	if (!o->filter || !*o->filter)
		return true;
	if (pcap_compile(pcap, &code, o->filter, 1, PCAP_NETMASK_UNKNOWN) < 0)
		return fault_set(f, FAULT_USAGE, "filter '%s': %s; see man pcap-filter", o->filter,
				 pcap_geterr(pcap));
	status = pcap_setfilter(pcap, &code);
	pcap_freecode(&code);
	return !status || tell(o->device, pcap, status, f);
}

static bool activate(pcap_t *pcap, const struct source_live_options *o, struct fault *f)
{
	char why[PCAP_ERRBUF_SIZE];
	int status;

	pcap_set_snaplen(pcap, o->snaplen > 0 ? o->snaplen : SNAPLEN);
	pcap_set_promisc(pcap, o->promiscuous);
	pcap_set_timeout(pcap, TIMEOUT_MS);
	if (o->buffer_kib > 0 && o->buffer_kib <= INT_MAX / 1024)
		pcap_set_buffer_size(pcap, o->buffer_kib * 1024);
	else
		pcap_set_buffer_size(pcap, BUFFER_KIB * 1024);
	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(pcap);
	if (status < 0)
		return tell(o->device, pcap, status, f);
	if (!set_filter(pcap, o, f))
		return false;
	if (pcap_setnonblock(pcap, 1, why) < 0)
		return fault_set(f, FAULT_INPUT, "%s: %s", o->device, why);
	return true;
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * MOMENT_S + t.tv_nsec;
}

static void count_drops(struct input *in)
{
	struct live *live = in->state;
	struct pcap_stat stat;

	live->uncounted = 0;
	if (pcap_stats(live->pcap, &stat) < 0)
		return;
	in->info.dropped += (uint32_t)(stat.ps_drop - live->dropped);
	in->info.dropped += (uint32_t)(stat.ps_ifdrop - live->ifdropped);
	live->dropped = stat.ps_drop;
	live->ifdropped = stat.ps_ifdrop;
}

static void lend(struct input *in, const struct pcap_pkthdr *head, const uint8_t *bytes)
{
	struct live *live = in->state;

	in->frame.time = head->ts.tv_sec * MOMENT_S + head->ts.tv_usec * live->unit;
	in->frame.bytes = span_of(bytes, head->caplen);
	in->frame.wire_len = head->len;
	in->frame.link_type = live->link_type;
	if (++live->uncounted == COUNT_EVERY)
		count_drops(in);
}

/* Nothing is there: waits a little.  A signal ends the wait, too. */
static enum source_next wait_for(struct input *in, struct fault *f)
{
	const struct live *live = in->state;
	struct pollfd ready = { .fd = pcap_get_selectable_fd(live->pcap), .events = POLLIN };

	count_drops(in);
	if (poll(&ready, 1, TIMEOUT_MS) < 0 && errno != EINTR) {
		fault_set(f, FAULT_CUT, "%s: waiting failed: %s", in->info.name, strerror(errno));
		return SOURCE_FAULT;
	}
	return SOURCE_IDLE;
}

static enum source_next live_next(struct input *in, struct fault *f)
{
	struct live *live = in->state;
	struct pcap_pkthdr *head;
	const uint8_t *bytes;
	int status;

	if (*in->stopping && live->until == MOMENT_NONE)
		live->until = now();
	status = pcap_next_ex(live->pcap, &head, &bytes);
	if (status < 0) {
		count_drops(in);
		fault_set(f, FAULT_CUT, "%s: capturing broke off: %s", in->info.name,
			  pcap_geterr(live->pcap));
		return SOURCE_FAULT;
	}
	if (status)
		lend(in, head, bytes);
	if (live->until == MOMENT_NONE)
		return status ? SOURCE_FRAME : wait_for(in, f);
	if (status && in->frame.time <= live->until)
		return SOURCE_FRAME;
	count_drops(in);
	return SOURCE_END;
}

static void live_close(struct input *in)
{
	struct live *live = in->state;

	pcap_close(live->pcap);
	free(live);
}

static const struct format format_live = {
	.name = "live",
	.next = live_next,
	.close = live_close,
};

static bool open_device(struct input *in, const struct source_live_options *o, struct fault *f)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct live *live = calloc(1, sizeof *live);

	if (!live)
		return fault_set(f, FAULT_MEMORY, "%s: no memory to capture", o->device);
	input_begin(in, o->device);
	in->info.format = format_live.name;
	in->state = live;
	live->pcap = pcap_create(o->device, why);
	if (!live->pcap) {
		free(live);
		return fault_set(f, FAULT_INPUT, "%s: %s", o->device, why);
	}
	in->format = &format_live;
	live->until = MOMENT_NONE;
	if (!activate(live->pcap, o, f))
		return false;
	live->unit = pcap_get_tstamp_precision(live->pcap) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
	return linktype_of(live->pcap, &live->link_type) ||
	       fault_set(f, FAULT_INPUT, "%s: link type %s is unknown in capture files", o->device,
			 pcap_datalink_val_to_name(pcap_datalink(live->pcap)));
}

struct source *source_live(const struct source_live_options *o, struct fault *f)
{
	return source_open_device(open_device, o, f);
}
