/* capture/live_device.h - one interface that is captured on: its rings in the kernel, what they lost,
 * and whether it is there.  Inside capture/ only.
 */
#ifndef CAPTURE_LIVE_DEVICE_H
#define CAPTURE_LIVE_DEVICE_H

#include <pcap.h>

#include "capture/input.h"

enum {
	LIVE_MAC = 6,
};

struct live_ring {
	pcap_t *pcap;
	bool begun;                     /* what came while not all rings were open has been left out */
	uint32_t told;                  /* where libpcap counts: what it told last */
};

struct live_device {
	struct input *in;
	struct live_ring rings[SOURCE_RINGS_MAX + 1];
	unsigned ring_count;
	bool has_reserve;               /* the last ring is one: for when the group of all others is lost */
	bool relieved;                  /* it was, and the last one reads alone */
	uint16_t link_type;
	int64_t unit;                   /* nanoseconds of what libpcap calls tv_usec */
	int64_t late;                   /* ns: a frame is at most so old when its block is handed on */
	int64_t since;                  /* earlier frames came into several rings, as not all were open */
	bool packets;                   /* its rings are packet sockets (packet(7)) */
	bool promiscuous;
	unsigned short hardware;        /* ARPHRD_... */
	bool has_mac, refused;          /* refused: it is back, but the kernel does not let us have it */
	uint8_t mac[LIVE_MAC];
	int counters[2];                /* files of what the interface itself dropped; -1: none */
	uint64_t counted[2];
	int64_t looked;                 /* CLOCK_REALTIME, as frames' times; MOMENT_NONE: not yet */
	uint64_t looked_frames;         /* of the input until then */
};

/* Opens all rings, which begin to fill.  False: the fault tells, and nothing is open. */
bool live_device_open(struct live_device *d, struct input *in, const char *name,
                      const struct source_live_options *o, struct fault *f);
void live_device_close(struct live_device *d);

/* Nothing more comes from that ring, for now or for good. */
static inline bool live_device_is_idle(const struct live_device *d, unsigned ring)
{
	return d->has_reserve && (ring == d->ring_count - 1) != d->relieved;
}

/* What was lost since, into in->info. */
void live_device_count(struct live_device *d);

/* Looks whether the interface is there, and takes it up again once it is back: the rings and their filters
 * stay, and no right is needed.  False: the fault tells what has just happened to it (FAULT_CUT). */
bool live_device_look(struct live_device *d, struct fault *f);

/* Who sent a frame of this link type, as the header says. */
enum frame_direction live_device_direction(const struct live_device *d, struct span bytes);

int64_t live_now(clockid_t clock);      /* ns */

/* What libpcap's status means, and what to do about it. */
bool live_tell(const char *device, pcap_t *pcap, int status, struct fault *f);

#endif
