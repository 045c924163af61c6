/* capture/live.c - frames of interfaces, merged by time.
 *
 * The kernel hands on blocks of frames: one that is not full after some time.  A frame may go when
 * every other ring has a later one, or was found empty long enough after the frame's time.  Rings are read
 * without blocking, and poll(2) waits in between, so that a signal handler needs only to set a flag.
 */
#include "capture/live_reader.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
	WAIT_MS = 100,                  /* of one source_next in which nothing comes */
	NAP_MS = 10,                    /* of one look whether a frame may go */
	LOOK_MS = 1000,                 /* between two looks at drops and interfaces */
	GIVE_UP_MS = 5000,              /* after a stop, whatever the clock does meanwhile */
	FAILING_MS = 2000,              /* for so long, and a ring is given up */
};

struct live {
	struct live_device *devices;
	size_t device_count;
	struct reader *readers;
	size_t reader_count;
	struct pollfd *polled;          /* a place for each reader, and the bell's */
	int bell;                       /* eventfd of the threads; -1: there are none */
	bool started;
	const volatile sig_atomic_t *stopping;

	struct reader *from;            /* frames up to `bound` come from there */
	int64_t bound;
	int64_t until;                  /* stopped: later frames are left; INT64_MAX: not stopped */
	int64_t give_up, look_at;       /* CLOCK_MONOTONIC */
	size_t looked;                  /* devices that this look is done with */
};

/* ---- looking after devices ---- */

/* A ring that cannot be read though its interface is there. */
static bool look_at_reader(struct reader *r, int64_t now, struct fault *f)
{
	struct source_info *info = &r->device->in->info;

	if (!r->failing || info->away || r->ended || live_device_is_idle(r->device, r->ring))
		r->failing_since = 0;
	else if (!r->failing_since)
		r->failing_since = now;
	if (!r->failing_since || now - r->failing_since < FAILING_MS * MOMENT_MS)
		return true;
	r->ended = info->cut = true;
	return fault_set(f, FAULT_CUT, "%s: capturing broke off: %s", info->name,
	                 r->running ? "its ring cannot be read" : pcap_geterr(r->batches->ring->pcap));
}

static bool look_at_device(struct live *l, struct live_device *d, int64_t now, struct fault *f)
{
	live_device_count(d);
	if (!live_device_look(d, f))
		return false;
	for (size_t i = 0; i < l->reader_count; i++)
		if (l->readers[i].device == d && !look_at_reader(&l->readers[i], now, f))
			return false;
	return true;
}

static bool look(struct live *l, int64_t now, struct fault *f)
{
	while (l->looked < l->device_count)
		if (!look_at_device(l, &l->devices[l->looked++], now, f))
			return false;
	l->looked = 0;
	l->look_at = now + LOOK_MS * MOMENT_MS;
	return true;
}

/* ---- which frame is next ---- */

static bool has_head(const struct reader *r)
{
	return r->batch && r->batch->next < r->batch->count;
}

static int64_t head_time(const struct reader *r)
{
	return r->batch->frames[r->batch->next].time;
}

/* Frames before that time will not come from there any more. */
static int64_t reader_floor(const struct reader *r)
{
	if (r->ended)
		return INT64_MAX;
	if (has_head(r))
		return head_time(r);
	return r->device->in->info.away || live_device_is_idle(r->device, r->ring) ? INT64_MAX : r->floor;
}

static void refill(struct live *l)
{
	for (size_t i = 0; i < l->reader_count; i++) {
		struct reader *r = &l->readers[i];
		bool failed = r->failing;

		if (r->ended || has_head(r))
			continue;
		reader_refill(r);
		if (r->failing && !failed)
			l->look_at = 0;         /* most likely the interface went away */
	}
}

static struct reader *earliest(struct live *l)
{
	struct reader *first = NULL;

	for (size_t i = 0; i < l->reader_count; i++) {
		struct reader *r = &l->readers[i];

		if (!r->ended && has_head(r) && head_time(r) <= l->until &&
		    (!first || head_time(r) < head_time(first)))
			first = r;
	}
	return first;
}

/* Up to which time frames of `from` may go; of equal times the first reader's. */
static int64_t bound_of(const struct live *l, const struct reader *from)
{
	int64_t bound = l->until;

	for (size_t i = 0; i < l->reader_count; i++) {
		const struct reader *r = &l->readers[i];
		int64_t other = reader_floor(r) - (r < from && reader_floor(r) > INT64_MIN);

		if (r != from && other < bound)
			bound = other;
	}
	return bound;
}

/* False: no frame may go yet. */
static bool choose(struct live *l)
{
	l->from = earliest(l);
	if (!l->from)
		return false;
	l->bound = bound_of(l, l->from);
	if (head_time(l->from) <= l->bound)
		return true;
	/* A clock that was set back: nobody waits for that time to come again. */
	if (head_time(l->from) <= live_now(CLOCK_REALTIME))
		return false;
	l->bound = head_time(l->from);
	return true;
}

static bool lend(struct live *l, struct input **from)
{
	struct reader *r = l->from;
	const struct batch_frame *b;
	struct frame *frame;

	if (!r || !has_head(r) || head_time(r) > l->bound)
		return false;
	b = &r->batch->frames[r->batch->next++];
	*from = r->device->in;
	frame = &(*from)->frame;
	frame->time = b->time;
	frame->bytes = span_of(r->batch->bytes + b->at, b->len);
	frame->wire_len = b->wire_len;
	frame->link_type = r->device->link_type;
	frame->direction = live_device_direction(r->device, frame->bytes);
	input_count(*from);
	return true;
}

/* ---- waiting, and the end ---- */

static bool is_over(const struct live *l, int64_t now)
{
	bool stopped = l->until != INT64_MAX;

	if (stopped && now >= l->give_up)
		return true;
	for (size_t i = 0; i < l->reader_count; i++) {
		const struct reader *r = &l->readers[i];

		if (!r->ended && (!stopped || reader_floor(r) < l->until))
			return false;
	}
	return true;
}

static void note_stop(struct live *l, int64_t now)
{
	if (!*l->stopping || l->until != INT64_MAX)
		return;
	l->until = live_now(CLOCK_REALTIME);
	l->give_up = now + GIVE_UP_MS * MOMENT_MS;
}

/* Rings that have nothing; the interfaces of others may have ended, and would end the wait at once. */
static nfds_t choose_polled(struct live *l)
{
	nfds_t count = 0;

	if (l->bell >= 0)
		l->polled[count++] = (struct pollfd){ .fd = l->bell, .events = POLLIN };
	for (size_t i = 0; i < l->reader_count && l->bell < 0; i++) {
		const struct reader *r = &l->readers[i];

		if (r->ended || r->failing || has_head(r) || r->device->in->info.away)
			continue;
		l->polled[count].fd = pcap_get_selectable_fd(r->batches->ring->pcap);
		l->polled[count++].events = POLLIN;
	}
	return count;
}

/* False: a signal came. */
static bool wait_for_frames(struct live *l, int64_t now, int64_t deadline)
{
	bool pressing = l->from || l->until != INT64_MAX;
	int ms = pressing ? NAP_MS : (int)((deadline - now) / MOMENT_MS) + 1;
	nfds_t count = choose_polled(l);
	uint64_t rung;

	if (poll(l->polled, count, ms) < 0)
		return false;
	if (l->bell >= 0)
		return !(l->polled[0].revents & POLLIN) || read(l->bell, &rung, sizeof rung) > 0;
	for (nfds_t i = 0; i < count; i++)
		if (l->polled[i].revents & ~POLLIN) {
			l->look_at = 0;
			return poll(NULL, 0, NAP_MS) == 0;
		}
	return true;
}

static bool start(struct live *l, struct fault *f)
{
	l->started = true;
	for (size_t i = 0; i < l->reader_count; i++)
		if (!reader_start(&l->readers[i], l->bell >= 0, l->bell, f)) {
			for (size_t k = 0; k < l->reader_count; k++)
				l->readers[k].ended = true;
			return false;
		}
	return true;
}

static enum source_next search(struct live *l, struct input **from, struct fault *f)
{
	int64_t now = live_now(CLOCK_MONOTONIC), deadline = now + WAIT_MS * MOMENT_MS;

	for (;; now = live_now(CLOCK_MONOTONIC)) {
		note_stop(l, now);
		if (now >= l->look_at && !look(l, now, f))
			return SOURCE_FAULT;
		refill(l);
		if (choose(l) && lend(l, from))
			return SOURCE_FRAME;
		if (is_over(l, now))
			break;
		if (now >= deadline || !wait_for_frames(l, now, deadline))
			return SOURCE_IDLE;
	}
	for (size_t i = 0; i < l->device_count; i++)
		live_device_count(&l->devices[i]);
	return SOURCE_END;
}

static enum source_next live_next(void *self, struct input **from, struct fault *f)
{
	struct live *l = self;

	if (!l->started && !start(l, f))
		return SOURCE_FAULT;
	if ((!*l->stopping || l->until != INT64_MAX) && lend(l, from))
		return SOURCE_FRAME;
	return search(l, from, f);
}

/* ---- opening ---- */

static void live_close(void *self)
{
	struct live *l = self;

	for (size_t i = 0; i < l->reader_count; i++)
		reader_stop(&l->readers[i]);
	for (size_t i = 0; i < l->device_count; i++)
		live_device_close(&l->devices[i]);
	if (l->bell >= 0)
		close(l->bell);
	free(l->devices);
	free(l->readers);
	free(l->polled);
	free(l);
}

static struct live *live_new(const struct source_live_options *o, struct fault *f)
{
	struct live *l = calloc(1, sizeof *l);
	size_t readers = o->device_count * (o->rings > 1 ? o->rings + 1 : 1);   /* and one in reserve */

	if (l) {
		l->bell = o->rings > 1 ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1;
		l->until = INT64_MAX;
		l->devices = calloc(o->device_count, sizeof *l->devices);
		l->readers = calloc(readers, sizeof *l->readers);
		l->polled = calloc(readers + 1, sizeof *l->polled);
	}
	if (l && l->devices && l->readers && l->polled && (o->rings <= 1 || l->bell >= 0))
		return l;
	if (l)
		live_close(l);
	fault_set(f, FAULT_MEMORY, "no memory to capture");
	return NULL;
}

static bool open_devices(struct live *l, struct input *inputs, const struct source_live_options *o,
                         struct fault *f)
{
	for (size_t i = 0; i < o->device_count; i++) {
		struct live_device *d = &l->devices[i];

		input_begin(&inputs[i], o->devices[i]);
		inputs[i].info.format = "live";
		if (!live_device_open(d, &inputs[i], o->devices[i], o, f))
			return false;
		l->device_count++;
		for (unsigned ring = 0; ring < d->ring_count; ring++)
			l->readers[l->reader_count++] = (struct reader){ .device = d, .ring = ring };
	}
	return true;
}

static bool live_open(struct feed *feed, struct input *inputs, const struct source_live_options *o,
                      struct fault *f)
{
	struct live *l = live_new(o, f);

	if (!l)
		return false;
	l->stopping = inputs->stopping;
	if (!open_devices(l, inputs, o, f)) {
		live_close(l);
		return false;
	}
	*feed = (struct feed){ l, live_next, live_close };
	return true;
}

struct source *source_live(const struct source_live_options *o, struct fault *f)
{
	return source_open_feed(live_open, o, f);
}
