/* capture/live_batch.h - frames out of a ring of the kernel, some hundreds at a time.
 *
 * libpcap lends a frame for the time of a callback and hands its block back to the kernel behind
 * the last one, so frames are copied, once: pcap_next_ex(3) does that, too, one call a frame.
 * Inside capture/live* only.
 */
#ifndef CAPTURE_LIVE_BATCH_H
#define CAPTURE_LIVE_BATCH_H

#include "capture/live_device.h"

enum {
	BATCH_FRAMES = 512,
	BATCH_BYTES = 256 * 1024,       /* stays in a processor's cache; one frame more has room */
};

struct batch_frame {
	int64_t time;
	uint32_t at, len, wire_len;
};

struct batch {
	const struct live_device *device;
	struct live_ring *ring;
	size_t count, next;             /* frames in it; the first that was not lent yet */
	uint64_t lost;                  /* frames that found no room */
	size_t used, room;
	uint8_t *bytes;
	struct batch_frame frames[BATCH_FRAMES];
};

bool batch_init(struct batch *b, struct live_device *d, unsigned ring);   /* false: out of memory */
void batch_release(struct batch *b);

/* Takes what the ring has, at once.  False: libpcap has an error.  The batch is empty when nothing came. */
bool batch_fill(struct batch *b);

#endif
