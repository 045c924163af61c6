/* capture/pretrigger.c - a ring of copies, oldest first, and the connections that are followed. */
#include "capture/pretrigger.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "capture/numbers.h"

enum {
	RING_MIN = 64 * 1024,
	ASKED_MAX = 1 << 17,            /* frames by number that were asked for, and will be again */
	PENDING_MAX = 1 << 16,          /* of them between two takes */
	ALIGNMENT = 8,
};

/* A packet in the ring; its bytes and its comment follow. */
struct held {
	uint64_t number, stream, packet_id;
	int64_t time;
	uint32_t len, comment_len, wire_len, interface;
	uint16_t link_type, file;
	uint8_t direction;
	bool taken;                     /* recorded: of one that was so at once, only this is held */
	bool named;                     /* wanted by its number */
};

struct pretrigger {
	struct recording *to;
	uint8_t *ring;
	size_t size, held;
	size_t head, tail;              /* of the oldest; where the next goes */
	size_t end;                     /* wrapped: behind the last before the ring's beginning */
	bool wrapped;
	size_t count;
	struct numbers streams, asked;
	uint64_t *pending;
	size_t pending_count;
	bool owes;                      /* something wanted may be in the ring */
	uint64_t late;
};

struct pretrigger *pretrigger_new(struct recording *to, size_t bytes, size_t wanted)
{
	struct pretrigger *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->to = to;
	p->size = (bytes < RING_MIN ? RING_MIN : bytes) & ~(size_t)(ALIGNMENT - 1);
	p->ring = mmap(NULL, p->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
		       0);
	if (p->ring == MAP_FAILED)
		p->ring = NULL;
	/* Children that judge have no use for it, and each would cost a copy of what changes meanwhile. */
	if (p->ring)
		madvise(p->ring, p->size, MADV_DONTFORK);
	p->pending = malloc(PENDING_MAX * sizeof *p->pending);
	if (p->ring && p->pending && numbers_init(&p->streams, wanted ? wanted : 1) &&
	    numbers_init(&p->asked, ASKED_MAX))
		return p;
	pretrigger_free(p);
	return NULL;
}

void pretrigger_free(struct pretrigger *p)
{
	if (!p)
		return;
	if (p->ring)
		munmap(p->ring, p->size);
	free(p->pending);
	numbers_release(&p->streams);
	numbers_release(&p->asked);
	free(p);
}

/* ---- the ring ---- */

static size_t room_of(size_t len, size_t comment_len)
{
	return (sizeof(struct held) + len + comment_len + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static struct held *held_at(const struct pretrigger *p, size_t at)
{
	return (struct held *)(void *)(p->ring + at);
}

/* Where the one behind that at *at lies. */
static size_t next_of(const struct pretrigger *p, size_t at)
{
	const struct held *h = held_at(p, at);

	at += room_of(h->len, h->comment_len);
	return p->wrapped && at == p->end ? 0 : at;
}

static void drop_oldest(struct pretrigger *p)
{
	const struct held *h = held_at(p, p->head);
	size_t next = next_of(p, p->head);

	p->held -= room_of(h->len, h->comment_len);
	p->wrapped = p->wrapped && next;
	p->head = next;
	p->count--;
	if (p->count)
		return;
	p->head = p->tail = 0;
	p->wrapped = false;
}

/* A place for `need` bytes, no more than the ring has.  What is owed is recorded before anything goes. */
static struct held *place(struct pretrigger *p, size_t need, bool *good, struct fault *f)
{
	for (;;) {
		size_t free_here = (p->wrapped ? p->head : p->size) - p->tail;

		if (need <= free_here)
			break;
		if (!p->wrapped && p->count) {
			p->end = p->tail;
			p->wrapped = true;
			p->tail = 0;
			continue;
		}
		if (p->owes)
			*good = pretrigger_take(p, f) && *good;
		drop_oldest(p);
	}
	p->held += need;
	p->count++;
	p->tail += need;
	return held_at(p, p->tail - need);
}

static bool hold(struct pretrigger *p, const struct frame *frame, uint64_t stream, bool taken,
                 struct fault *f)
{
	struct span bytes = taken ? span_of(NULL, 0) : frame->bytes;
	struct span comment = taken ? span_of(NULL, 0) : frame->comment;
	bool good = true;
	struct held *h = place(p, room_of(bytes.len, comment.len), &good, f);
	uint8_t *to = (uint8_t *)(h + 1);

	*h = (struct held){
		.number = frame->number, .stream = stream, .packet_id = frame->packet_id, .time = frame->time,
		.len = (uint32_t)bytes.len, .comment_len = (uint32_t)comment.len, .wire_len = frame->wire_len,
		.interface = frame->interface, .link_type = frame->link_type, .file = frame->file,
		.direction = (uint8_t)frame->direction, .taken = taken,
	};
	if (bytes.len)
		memcpy(to, bytes.at, bytes.len);
	if (comment.len)
		memcpy(to + bytes.len, comment.at, comment.len);
	return good;
}

static struct frame lend(const struct held *h)
{
	const uint8_t *bytes = (const uint8_t *)(h + 1);

	return (struct frame){
		.number = h->number, .time = h->time, .bytes = span_of(bytes, h->len),
		.wire_len = h->wire_len, .link_type = h->link_type, .file = h->file,
		.interface = h->interface, .direction = (enum frame_direction)h->direction,
		.packet_id = h->packet_id,
		.comment = span_of(bytes + h->len, h->comment_len),
	};
}

/* ---- frames ---- */

bool pretrigger_frame(struct pretrigger *p, const struct frame *frame, uint64_t stream, struct fault *f)
{
	bool wanted = stream && numbers_use(&p->streams, stream);
	bool fits = room_of(frame->bytes.len, frame->comment.len) <= p->size;
	bool good = true;

	if (!wanted)
		return !fits || hold(p, frame, stream, false, f);
	/* What came before it is recorded first: it waits with them, if it can. */
	if (p->owes && fits) {
		good = hold(p, frame, stream, false, f);
		p->owes = true;
		return good;
	}
	good = pretrigger_take(p, f);
	hold(p, frame, stream, true, f);
	return recording_frame(p->to, frame, SPAN(""), f) && good;
}

/* ---- evidence ---- */

void pretrigger_want(struct pretrigger *p, const uint64_t *streams, size_t stream_count,
                     const uint64_t *frames, size_t frame_count)
{
	for (size_t i = 0; i < stream_count; i++)
		if (streams[i] && numbers_add(&p->streams, streams[i]))
			p->owes = true;
	for (size_t i = 0; i < frame_count; i++) {
		if (!numbers_add(&p->asked, frames[i]))
			continue;
		if (p->pending_count == PENDING_MAX) {
			p->late++;
			continue;
		}
		p->pending[p->pending_count++] = frames[i];
		p->owes = true;
	}
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Finds the frames that are wanted by number; of those in a connection, all of it is wanted. */
static void name_frames(struct pretrigger *p)
{
	size_t at = p->head, next = 0;

	qsort(p->pending, p->pending_count, sizeof *p->pending, by_number);
	for (size_t i = 0; i < p->count && next < p->pending_count; i++, at = next_of(p, at)) {
		struct held *h = held_at(p, at);

		for (; next < p->pending_count && p->pending[next] <= h->number; next++) {
			h->named |= p->pending[next] == h->number;
			p->late += p->pending[next] < h->number;
		}
		if (h->named && h->stream)
			numbers_add(&p->streams, h->stream);
	}
	p->late += p->pending_count - next;
	p->pending_count = 0;
}

static bool is_wanted(const struct pretrigger *p, const struct held *h)
{
	return !h->taken && (h->named || (h->stream && numbers_has(&p->streams, h->stream)));
}

bool pretrigger_take(struct pretrigger *p, struct fault *f)
{
	size_t at = p->head;
	bool good = true;

	if (!p->owes)
		return true;
	p->owes = false;
	name_frames(p);
	for (size_t i = 0; i < p->count; i++, at = next_of(p, at)) {
		struct held *h = held_at(p, at);
		struct frame frame;

		if (!is_wanted(p, h))
			continue;
		frame = lend(h);
		h->taken = true;
		good = recording_frame(p->to, &frame, SPAN(""), f) && good;
	}
	return good;
}

uint64_t pretrigger_late(const struct pretrigger *p)
{
	return p->late;
}

size_t pretrigger_bytes(const struct pretrigger *p)
{
	return p->held;
}
