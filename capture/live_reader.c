/* capture/live_reader.c - batches from a ring, and the thread that fills them. */
#include "capture/live_reader.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NAP_MS = 25 };                   /* of a thread whose ring is empty: so late it says so */

/* Of a ring that was empty at that time. */
static int64_t floor_at(const struct reader *r, int64_t time)
{
	return time - r->device->late;
}

/* ---- the thread ---- */

/* The batch to fill next; NULL: the thread is to end. */
static struct batch *wait_for_free(struct reader *r)
{
	struct batch *free_one = NULL;

	pthread_mutex_lock(&r->lock);
	while (!r->ending && r->filled == r->batch_count)
		pthread_cond_wait(&r->free, &r->lock);
	if (!r->ending)
		free_one = &r->batches[(r->first + r->filled) % r->batch_count];
	pthread_mutex_unlock(&r->lock);
	return free_one;
}

static void hand_over(struct reader *r, const struct batch *b, bool good, int64_t before)
{
	uint64_t one = 1;
	bool ring = false;

	pthread_mutex_lock(&r->lock);
	r->thread_failing = !good;
	if (b->count)
		ring = !r->filled++;
	else
		r->thread_floor = floor_at(r, before);
	pthread_mutex_unlock(&r->lock);
	if (ring && write(r->bell, &one, sizeof one) < 0)
		return;         /* it has been rung, and nobody came yet */
}

static void nap(const struct reader *r, bool good)
{
	int fd = pcap_get_selectable_fd(r->device->rings[r->ring].pcap);
	struct pollfd ready = { .fd = good ? fd : -1, .events = POLLIN };

	/* What is wrong with the interface would end the wait at once; it is looked after elsewhere. */
	if (poll(&ready, 1, NAP_MS) > 0 && ready.revents != POLLIN)
		poll(NULL, 0, NAP_MS);
}

static void *run(void *self)
{
	struct reader *r = self;
	struct batch *b;

	while ((b = wait_for_free(r))) {
		int64_t before = live_now(CLOCK_REALTIME);
		bool good = batch_fill(b);
		bool came = b->count;

		hand_over(r, b, good, before);
		if (!came)
			nap(r, good);
	}
	return NULL;
}

/* Signals are for the thread that called; this one inherits the mask. */
static bool begin_thread(struct reader *r)
{
	sigset_t all, before;
	bool good;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	good = pthread_create(&r->thread, NULL, run, r) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return good;
}

/* ---- whoever reads ---- */

bool reader_start(struct reader *r, bool threaded, int bell, struct fault *f)
{
	const char *name = r->device->in->info.name;
	size_t count = threaded ? READER_BATCHES : 1;

	r->batches = calloc(count, sizeof *r->batches);
	if (!r->batches)
		return fault_set(f, FAULT_MEMORY, "%s: no memory to capture", name);
	for (; r->batch_count < count; r->batch_count++)
		if (!batch_init(&r->batches[r->batch_count], r->device, r->ring))
			return fault_set(f, FAULT_MEMORY, "%s: no memory to capture", name);
	r->floor = r->thread_floor = INT64_MIN;
	if (!threaded)
		return true;
	r->bell = bell;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->free, NULL);
	r->running = begin_thread(r);
	return r->running || fault_set(f, FAULT_MEMORY, "%s: no thread to capture with", name);
}

void reader_stop(struct reader *r)
{
	if (r->running) {
		pthread_mutex_lock(&r->lock);
		r->ending = true;
		pthread_cond_signal(&r->free);
		pthread_mutex_unlock(&r->lock);
		pthread_join(r->thread, NULL);
		pthread_cond_destroy(&r->free);
		pthread_mutex_destroy(&r->lock);
		r->running = false;
	}
	for (size_t i = 0; i < r->batch_count; i++)
		batch_release(&r->batches[i]);
	free(r->batches);
	r->batches = NULL;
	r->batch_count = 0;
	r->batch = NULL;
}

static void refill_from_thread(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	if (r->taken) {
		r->first = (r->first + 1) % (unsigned)r->batch_count;
		r->filled--;
		pthread_cond_signal(&r->free);
	}
	r->taken = r->filled;
	r->batch = r->taken ? &r->batches[r->first] : NULL;
	r->floor = r->thread_floor;
	r->failing = r->thread_failing;
	pthread_mutex_unlock(&r->lock);
}

static void refill_here(struct reader *r)
{
	int64_t before = live_now(CLOCK_REALTIME);

	r->failing = !batch_fill(r->batches);
	r->batch = r->batches->count ? r->batches : NULL;
	r->floor = floor_at(r, before);
}

static void count_lost(struct reader *r)
{
	r->device->in->info.dropped_ours += r->batch->lost;
	r->batch->lost = 0;
}

void reader_refill(struct reader *r)
{
	if (r->running)
		refill_from_thread(r);
	else
		refill_here(r);
	if (r->batch)
		count_lost(r);
}
