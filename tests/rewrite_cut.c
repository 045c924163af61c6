/* tests/rewrite_cut.c - the same bytes in other segments: smaller, or joined. */
#include "tests/rewrite_frame.h"

#include "base/moment.h"

enum { JOINED_MAX = 32768 };

/* Bytes offset .. offset + len of the payload, as a frame of their own. */
static void add_piece(struct reel *to, const struct frame *f, const struct shape *s, size_t offset,
                      size_t len, size_t turn)
{
	bool last = offset + len == shape_len(s);
	uint8_t *bytes = reel_bytes(to, s->payload + len), *ip = bytes + s->network;
	struct frame *piece;

	memcpy(bytes, f->bytes.at, s->payload);
	memcpy(bytes + s->payload, f->bytes.at + s->payload + offset, len);
	set_32(bytes + s->transport + 4, s->seq + (uint32_t)offset);
	if (!last)
		bytes[s->transport + 13] &= 0xff ^ (TCP_FIN | TCP_PSH);
	/* The sender counts its packets; 0 stays 0 (RFC 6864 section 4.1). */
	if (!s->v6 && (ip[4] || ip[5]))
		set_16(ip + 4, ((size_t)(ip[4] << 8 | ip[5]) + turn) & 0xffff);
	seal(ip, s->payload + len - s->network);
	piece = reel_add(to, f, span_of(bytes, s->payload + len), to->count);
	piece->wire_len = (uint32_t)piece->bytes.len;
	piece->packet_id = 0;
}

static bool divisible(const struct frame *f, struct shape *s)
{
	return shape_of(f, s) && s->protocol == PROTOCOL_TCP && shape_len(s) &&
	       !(s->flags & (TCP_SYN | TCP_RST));
}

void rewrite_cut(const struct reel *from, struct reel *to, size_t size, bool vary)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct frame *f = &from->all[i].frame;
		size_t done = 0, turn = 0;
		uint64_t seed;
		struct shape s;

		if (!divisible(f, &s)) {
			reel_add(to, f, f->bytes, to->count);
			continue;
		}
		seed = s.seq; /* so that copies of a frame are cut alike */
		while (done < shape_len(&s)) {
			size_t len = vary ? 1 + (size_t)chance(&seed, size) : size;

			/* Of a large capture only the beginning: it must not grow without end. */
			if (len > shape_len(&s) - done || to->count > REWRITE_FRAMES_MAX)
				len = shape_len(&s) - done;
			add_piece(to, f, &s, done, len, turn++);
			done += len;
		}
	}
}

/* The next frame that continues f's bytes, with nothing of its connection in between; 0: none. */
static size_t neighbour(const struct reel *t, size_t i, const struct frame *f,
                        const struct shape *s)
{
	for (size_t j = i + 1; j < t->count && j <= i + LOOK_AHEAD; j++) {
		const struct frame *next = &t->all[j].frame;
		struct shape ns;

		if (!shape_of(next, &ns) || ns.protocol != PROTOCOL_TCP)
			continue;
		if (same_way_reversed(f, s, next, &ns))
			return 0;
		if (same_way(f, s, next, &ns))
			return divisible(next, &ns) && ns.ack == s->ack &&
			                       ns.seq == s->seq + shape_len(s) &&
			                       !(s->flags & TCP_FIN) &&
			                       next->time - f->time < MOMENT_MS
			               ? j
			               : 0;
	}
	return 0;
}

/* `f` and what follows it, in one frame; marks what is used up. */
static void add_joined(const struct reel *from, struct reel *to, size_t i, bool *used)
{
	const struct frame *f = &from->all[i].frame;
	uint8_t bytes[JOINED_MAX];
	struct shape s, last;
	size_t len;

	shape_of(f, &s);
	len = s.end;
	memcpy(bytes, f->bytes.at, len);
	last = s;
	for (size_t j = i; (j = neighbour(from, j, &from->all[j].frame, &last));) {
		const struct frame *next = &from->all[j].frame;

		shape_of(next, &last);
		if (len + shape_len(&last) > JOINED_MAX)
			break;
		memcpy(bytes + len, next->bytes.at + last.payload, shape_len(&last));
		len += shape_len(&last);
		bytes[s.transport + 13] |= last.flags & (TCP_FIN | TCP_PSH);
		used[j] = true;
	}
	seal(bytes + s.network, len - s.network);
	reel_add(to, f, span_of(memcpy(reel_bytes(to, len), bytes, len), len), to->count)
		->wire_len = (uint32_t)len;
}

void rewrite_join(const struct reel *from, struct reel *to)
{
	bool *used = (bool *)reel_bytes(to, from->count + 1);

	for (size_t i = 0; i < from->count; i++) {
		const struct frame *f = &from->all[i].frame;
		struct shape s;

		if (used[i])
			continue;
		if (divisible(f, &s) && s.end <= JOINED_MAX)
			add_joined(from, to, i, used);
		else
			reel_add(to, f, f->bytes, to->count);
	}
}
