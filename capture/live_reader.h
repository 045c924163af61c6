/* capture/live_reader.h - one ring's frames, read by the caller or by a thread of its own.
 *
 * A thread fills batches as long as there are free ones; then frames wait in the kernel's ring, which
 * counts those that find no room.  Inside capture/live* only.
 */
#ifndef CAPTURE_LIVE_READER_H
#define CAPTURE_LIVE_READER_H

#include <pthread.h>

#include "capture/live_batch.h"

enum { READER_BATCHES = 8 };

struct reader {
	struct live_device *device;
	unsigned ring;
	struct batch *batch;            /* with frames that were not lent yet; NULL: none known */
	int64_t floor;                  /* with no batch: all frames of earlier times have gone */
	bool failing;                   /* libpcap has an error */
	bool ended;                     /* given up */
	int64_t failing_since;          /* CLOCK_MONOTONIC: though the interface is there; 0: not */

	struct batch *batches;          /* one, or READER_BATCHES with a thread; since reading began */
	size_t batch_count;
	/* of the thread */
	bool running, taken;            /* taken: the first filled batch is `batch` */
	pthread_t thread;
	pthread_mutex_t lock;           /* all below */
	pthread_cond_t free;            /* a batch is, or the thread is to end */
	unsigned first, filled;
	int64_t thread_floor;
	bool thread_failing, ending;
	int bell;                       /* eventfd: rung when there is a batch again */
};

/* False: the fault tells why no memory or no thread could be had. */
bool reader_start(struct reader *r, bool threaded, int bell, struct fault *f);
void reader_stop(struct reader *r);

/* Looks for more, when the last batch has been lent: sets `batch`, or `floor`. */
void reader_refill(struct reader *r);

#endif
