/* capture/source.c - several inputs, one stream of frames in the order of time. */
#include "capture/source.h"

#include "capture/filter.h"
#include "capture/input.h"

#include <stdlib.h>

enum {
	FILES_MAX = UINT16_MAX,         /* what struct frame can name */
	OPEN_MAX = 128,                 /* of more files, those whose time has not come are closed */
};

struct source {
	struct input *inputs;
	size_t count;
	size_t primed;                  /* inputs whose first frame was asked for */
	uint16_t *heap;                 /* inputs with a frame: the earliest on top */
	size_t waiting;                 /* in the heap */
	bool lent;                      /* the top's frame was: it must go on before the next call's frame */
	uint64_t number;
	struct filter *filter;          /* NULL: all frames pass */
	struct feed feed;               /* of live inputs, which need no heap; else none */
	volatile sig_atomic_t stopping;
	struct source_veil veil;        /* none: frames are lent as they are */
};

/* The heap ---------------------------------------------------------------- */

static bool before(const struct source *s, uint16_t a, uint16_t b)
{
	int64_t time_a = s->inputs[a].frame.time, time_b = s->inputs[b].frame.time;

	return time_a != time_b ? time_a < time_b : a < b;
}

static void swap(struct source *s, size_t i, size_t k)
{
	uint16_t held = s->heap[i];

	s->heap[i] = s->heap[k];
	s->heap[k] = held;
}

static void sift_up(struct source *s, size_t i)
{
	while (i && before(s, s->heap[i], s->heap[(i - 1) / 2])) {
		swap(s, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

static void sift_down(struct source *s)
{
	for (size_t i = 0, child = 1; child < s->waiting; child = 2 * i + 1) {
		if (child + 1 < s->waiting && before(s, s->heap[child + 1], s->heap[child]))
			child++;
		if (!before(s, s->heap[child], s->heap[i]))
			return;
		swap(s, i, child);
		i = child;
	}
}

static void drop_top(struct source *s)
{
	input_close(&s->inputs[s->heap[0]]);
	s->heap[0] = s->heap[--s->waiting];
	sift_down(s);
}

/* Opening ----------------------------------------------------------------- */

static struct source *source_new(size_t count, const char *filter, struct fault *f)
{
	struct source *s;

	if (!count || count > FILES_MAX) {
		fault_set(f, FAULT_USAGE, count ? "more than %d files" : "no file to read", FILES_MAX);
		return NULL;
	}
	s = calloc(1, sizeof *s);
	if (s) {
		s->inputs = calloc(count, sizeof *s->inputs);
		s->heap = calloc(count, sizeof *s->heap);
	}
	if (!s || !s->inputs || !s->heap) {
		source_close(s);
		fault_set(f, FAULT_MEMORY, "no memory for %zu files", count);
		return NULL;
	}
	for (; s->count < count; s->count++) {
		s->inputs[s->count].frame.file = (uint16_t)s->count;
		s->inputs[s->count].stopping = &s->stopping;
	}
	if (!filter || !*filter)
		return s;
	s->filter = filter_new(filter, f);
	if (s->filter)
		return s;
	source_close(s);
	return NULL;
}

/* Many files need not all be open: those of a ring come one after the other. */
static bool may_park(const struct source *s, const struct input *in)
{
	return s->count > OPEN_MAX && in->size;
}

static bool open_all(struct source *s, const char *const *files, struct fault *f)
{
	bool standard = false;

	for (size_t i = 0; i < s->count; i++) {
		struct input *in = &s->inputs[i];

		if (!strcmp(files[i], "-") && standard)
			return fault_set(f, FAULT_USAGE, "'-' (standard input) can be read only once");
		standard |= !strcmp(files[i], "-");
		if (!input_open(in, files[i], f))
			return false;
		if (may_park(s, in))
			input_park(in);
	}
	return true;
}

struct source *source_open(const char *const *files, size_t count, const char *filter,
			   struct fault *f)
{
	struct source *s = source_new(count, filter, f);

	if (s && open_all(s, files, f))
		return s;
	source_close(s);
	return NULL;
}

struct source *source_open_originals(struct original *originals, const char *const *files, size_t count,
                                     const char *filter, struct fault *f)
{
	struct source *s = source_new(count, filter, f);

	for (size_t i = 0; s && i < count; i++)
		s->inputs[i].original = &originals[i];
	if (s && open_all(s, files, f))
		return s;
	source_close(s);
	return NULL;
}

struct source *source_open_memory(const char *name, struct span bytes, const char *filter,
				  struct fault *f)
{
	struct source *s = source_new(1, filter, f);

	if (s && input_open_memory(s->inputs, name, bytes, f))
		return s;
	source_close(s);
	return NULL;
}

struct source *source_open_feed(feed_open *open, const struct source_live_options *o, struct fault *f)
{
	struct source *s = source_new(o->device_count, NULL, f);

	if (s && open(&s->feed, s->inputs, o, f))
		return s;
	source_close(s);
	return NULL;
}

void source_listen(struct source *s, struct source_listener listener)
{
	for (size_t i = 0; i < s->count; i++)
		s->inputs[i].listener = listener;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	if (s->feed.close)
		s->feed.close(s->feed.self);
	for (size_t i = 0; i < s->count; i++)
		input_release(&s->inputs[i]);
	filter_free(s->filter);
	free(s->inputs);
	free(s->heap);
	free(s);
}

/* Reading ----------------------------------------------------------------- */

static enum source_next advance(struct input *in, struct fault *f)
{
	if (in->parked && !input_open(in, in->info.name, f))
		return SOURCE_FAULT;
	return input_next(in, f);
}

/* The first frame of one more input. */
static enum source_next prime(struct source *s, struct fault *f)
{
	struct input *in = &s->inputs[s->primed];
	enum source_next next = advance(in, f);

	if (next == SOURCE_IDLE)
		return next;
	if (next == SOURCE_FRAME) {
		s->heap[s->waiting] = (uint16_t)s->primed;
		sift_up(s, s->waiting++);
	}
	s->primed++;
	if (next != SOURCE_FRAME)
		input_close(in);
	else if (may_park(s, in))
		input_park(in);
	return next;
}

/* The top's next frame, or its first one again if it was parked. */
static enum source_next advance_top(struct source *s, struct fault *f)
{
	enum source_next next = advance(&s->inputs[s->heap[0]], f);

	if (next == SOURCE_IDLE)
		return next;
	s->lent = false;
	if (next == SOURCE_FRAME)
		sift_down(s);
	else
		drop_top(s);
	return next;
}

/* Until the earliest frame of all inputs is on top; SOURCE_END: there is none. */
static enum source_next settle(struct source *s, struct fault *f)
{
	for (;;) {
		enum source_next next;

		if (s->primed < s->count)
			next = prime(s, f);
		else if (!s->waiting)
			return SOURCE_END;
		else if (s->lent || s->inputs[s->heap[0]].parked)
			next = advance_top(s, f);
		else
			return SOURCE_FRAME;
		if (next == SOURCE_IDLE || next == SOURCE_FAULT)
			return next;
	}
}

static enum source_next next_live(struct source *s, struct frame *frame, struct fault *f)
{
	struct input *in;
	enum source_next next = s->feed.next(s->feed.self, &in, f);

	if (next != SOURCE_FRAME)
		return next;
	in->frame.number = ++s->number;
	*frame = in->frame;
	return SOURCE_FRAME;
}

static enum source_next next_stored(struct source *s, struct frame *frame, struct fault *f)
{
	for (;;) {
		enum source_next next = s->stopping ? SOURCE_END : settle(s, f);
		struct input *in;

		if (next != SOURCE_FRAME)
			return next;
		in = &s->inputs[s->heap[0]];
		in->frame.number = ++s->number;
		s->lent = true;
		switch (s->filter ? filter_judge(s->filter, &in->frame, f) : FILTER_PASS) {
		case FILTER_PASS:
			*frame = in->frame;
			return SOURCE_FRAME;
		case FILTER_REFUSE:
			in->info.filtered++;
			break;
		case FILTER_UNFIT:
			in->info.filtered++;
			return SOURCE_FAULT;
		}
	}
}

enum source_next source_next(struct source *s, struct frame *frame, struct fault *f)
{
	enum source_next next = s->feed.next ? next_live(s, frame, f) : next_stored(s, frame, f);

	if (next == SOURCE_FRAME && s->veil.pass)
		s->veil.pass(s->veil.self, frame);
	return next;
}

void source_through(struct source *s, struct source_veil veil)
{
	s->veil = veil;
}

void source_stop(struct source *s)
{
	s->stopping = 1;
}

bool source_reopens(const struct source *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->inputs[i].parked)
			return true;
	return false;
}

size_t source_count(const struct source *s)
{
	return s->count;
}

const struct source_info *source_info(const struct source *s, size_t i)
{
	return &s->inputs[i].info;
}

bool source_lost(struct source *s, size_t i, struct source_loss *loss)
{
	*loss = s->inputs[i].loss;
	s->inputs[i].loss = (struct source_loss){ 0 };
	return loss->packets;
}

struct span source_secrets(const struct source *s, size_t i)
{
	return buf_span(&s->inputs[i].secrets);
}

uint64_t source_position(const struct source *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->count; i++)
		sum += input_position(&s->inputs[i]);
	return sum;
}

uint64_t source_size(const struct source *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->count; i++) {
		if (!s->inputs[i].size)
			return 0;
		sum += s->inputs[i].size;
	}
	return sum;
}
