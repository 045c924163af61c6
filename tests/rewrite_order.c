/* tests/rewrite_order.c - the same segments in another order, twice, or sent again. */
#include "tests/rewrite_frame.h"

#include "base/moment.h"

enum {
	WINDOW = 4,       /* segments that change places among themselves */
	RESENT_OF = 6,    /* one segment of so many is sent again, ... */
	RESENT_AFTER = 5, /* ... after up to so many packets of its connection */
};

/* A host does not send what answers the other side before it hears it, so no bytes pass the other
 * side's, nor an acknowledgment of them; beginnings and ends of connections stay where they are. */
static bool movable(const struct frame *f, struct shape *s)
{
	return shape_of(f, s) && s->protocol == PROTOCOL_TCP &&
	       !(s->flags & (TCP_SYN | TCP_FIN | TCP_RST));
}

/* Nothing but a SYN of that direction came shortly before: this ends the handshake; or the capture
 * joins the connection here, and what comes before is no part of the story. */
static bool is_first(const struct reel *t, size_t i, const struct shape *s)
{
	for (size_t j = i; j-- > 0 && i - j <= LOOK_AHEAD;) {
		struct shape before;

		if (shape_of(&t->all[j].frame, &before) &&
		    same_way(&t->all[i].frame, s, &t->all[j].frame, &before))
			return before.flags & TCP_SYN;
	}
	return true;
}

/* Up to WINDOW places of segments that may change them, from `i` on; how many. */
static size_t window_from(const struct reel *t, size_t i, const bool *moved,
                          size_t places[static WINDOW])
{
	const struct frame *first = &t->all[i].frame, *f;
	struct shape s, fs;
	size_t count = 1, bytes;

	places[0] = i;
	if (moved[i] || !movable(first, &s) || is_first(t, i, &s))
		return 0;
	bytes = shape_len(&s);
	for (size_t j = i + 1; j < t->count && j <= i + LOOK_AHEAD && count < WINDOW; j++) {
		f = &t->all[j].frame;
		if (!shape_of(f, &fs))
			continue;
		if (same_way_reversed(first, &s, f, &fs) && (shape_len(&fs) || !movable(f, &fs)))
			break;
		if (!same_way(first, &s, f, &fs))
			continue;
		if (moved[j] || !movable(f, &fs) || f->time - first->time > MOMENT_MS)
			break;
		bytes += shape_len(&fs);
		if (bytes && fs.ack != s.ack)
			break;
		places[count++] = j;
	}
	return count;
}

/* Times stay with the places; what moves is the rest. */
static void add_at(struct reel *to, const struct reel *from, size_t what, size_t place)
{
	const struct frame *f = &from->all[what].frame;

	reel_add(to, f, f->bytes, place)->time = from->all[place].frame.time;
}

void rewrite_reorder(const struct reel *from, struct reel *to)
{
	bool *moved = (bool *)reel_bytes(to, from->count + 1);
	uint64_t seed = 1;

	for (size_t i = 0; i < from->count; i++) {
		size_t places[WINDOW] = { 0 }, who[WINDOW],
		       count = window_from(from, i, moved, places);

		if (!moved[i] && !count)
			add_at(to, from, i, i);
		memcpy(who, places, sizeof who);
		for (size_t left = count; left; left--) {
			size_t drawn = (size_t)chance(&seed, left);

			add_at(to, from, who[drawn], places[left - 1]);
			who[drawn] = who[left - 1];
			moved[places[left - 1]] = true;
		}
	}
}

/* Places where frames stay, and between one and the next. */
static size_t at(size_t i)
{
	return 2 * i;
}

static size_t behind(size_t i)
{
	return 2 * i + 1;
}

/* Without an identification only silence tells a copy from a retransmission. */
static bool has_identification(const struct frame *f)
{
	struct shape s;

	return shape_of(f, &s) && !s.v6 && (f->bytes.at[s.network + 4] || f->bytes.at[s.network + 5]);
}

/* The second sighting comes up to 100 us later, among what follows. */
void rewrite_mirror(const struct reel *from, struct reel *to)
{
	uint64_t seed = 2;

	for (size_t i = 0; i < from->count; i++) {
		const struct frame *f = &from->all[i].frame;
		int64_t time = f->time + (int64_t)chance(&seed, 100000);
		size_t place = i;

		while (place + 1 < from->count && from->all[place + 1].frame.time <= time &&
		       has_identification(f))
			place++;
		if (place + 1 < from->count && from->all[place + 1].frame.time < time)
			time = f->time;
		reel_add(to, f, f->bytes, at(i));
		reel_add(to, f, f->bytes, behind(place))->time = time;
	}
}

/* Where the segment's copy goes: behind some later packets of its connection, before its
 * end. 0: nowhere. */
static size_t place_later(const struct reel *t, size_t i, const struct shape *s, uint64_t packets)
{
	const struct frame *first = &t->all[i].frame;
	size_t place = 0;

	for (size_t j = i + 1; j < t->count && j <= i + LOOK_AHEAD && packets; j++) {
		const struct frame *f = &t->all[j].frame;
		struct shape fs;

		if (!shape_of(f, &fs) ||
		    (!same_way(first, s, f, &fs) && !same_way_reversed(first, s, f, &fs)))
			continue;
		if (!movable(f, &fs))
			break;
		place = j;
		packets--;
	}
	return place;
}

static void resend(const struct reel *from, struct reel *to, const struct frame *f,
                   const struct shape *s, size_t place)
{
	uint8_t *bytes = memcpy(reel_bytes(to, f->bytes.len), f->bytes.at, f->bytes.len),
		*ip = bytes + s->network;
	struct frame *again = reel_add(to, f, span_of(bytes, f->bytes.len), behind(place));

	again->time = from->all[place].frame.time;
	again->packet_id = 0;
	if (s->v6 || (!ip[4] && !ip[5]))
		return;
	ip[4] ^= 0x80; /* far from what it sends next */
	seal(ip, s->end - s->network);
}

void rewrite_retransmit(const struct reel *from, struct reel *to)
{
	uint64_t seed = 3;

	for (size_t i = 0; i < from->count; i++) {
		const struct frame *f = &from->all[i].frame;
		struct shape s;
		size_t place;

		reel_add(to, f, f->bytes, at(i));
		if (!movable(f, &s) || !shape_len(&s) || chance(&seed, RESENT_OF))
			continue;
		place = place_later(from, i, &s, 1 + chance(&seed, RESENT_AFTER));
		if (place)
			resend(from, to, f, &s, place);
	}
}
