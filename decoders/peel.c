/* decoders/peel.c - turns the wheel of layers, then asks whether the packet was seen just before. */
#include "decoders/peel.h"

#include <stdlib.h>

#include "decoders/copies.h"
#include "decoders/peel_walk.h"

struct peel {
	struct limits *limits;
	struct ipfrag *fragments;
	struct copies *copies;
	struct wires wires;
	bool reassembled;               /* the last packet came in fragments */
};

struct peel *peel_new(struct limits *limits)
{
	struct peel *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->limits = limits;
	wires_init(&p->wires);
	p->fragments = ipfrag_new(limits);
	p->copies = copies_new();
	if (p->fragments && p->copies)
		return p;
	peel_free(p);
	return NULL;
}

void peel_free(struct peel *p)
{
	if (!p)
		return;
	ipfrag_free(p->fragments);
	copies_free(p->copies);
	wires_release(&p->wires);
	free(p);
}

const char *peel_wire_text(const struct peel *p, uint32_t wire)
{
	return wires_text(&p->wires, wire);
}

size_t peel_fragments(const struct peel *p, const uint64_t **frames)
{
	return p->reassembled ? ipfrag_frames(p->fragments, frames) : 0;
}

static enum walk_step walk(struct walk *w, enum walk_step next)
{
	static enum walk_step (*const steps[WALK_STEP_COUNT])(struct walk *) = {
#define X(symbol, step) [WALK_##symbol] = step,
		WALK_LAYERS(X)
#undef X
	};

	for (unsigned depth = 0; steps[next]; depth++) {
		if (depth == WALK_STEPS)
			return WALK_MALFORMED;
		next = steps[next](w);
	}
	return next;
}

static void count_end(struct limits *limits, enum walk_step end)
{
	static const enum limit counted[WALK_STEP_COUNT] = {
#define X(symbol, limit) [WALK_##symbol] = limit,
		WALK_ENDS(X)
#undef X
	};

	if (counted[end] != LIMIT_COUNT)
		limit_add(limits, counted[end], 1);
}

bool peel_frame(struct peel *p, const struct frame *frame, struct packet *packet)
{
	struct walk w;
	enum walk_step end;

	w.left = frame->bytes;
	w.len = frame->wire_len;
	if (w.len < w.left.len)
		w.len = (uint32_t)w.left.len;
	else if (w.len > w.left.len)
		limit_add(p->limits, LIMIT_TRUNCATED, 1);
	w.frame = frame;
	w.packet = packet;
	w.fragments = p->fragments;
	w.wires = &p->wires;
	w.limits = p->limits;
	w.check = 0;
	w.protocol = 0;
	w.reassembled = false;
	w.sequenced = false;
	w.tag_count = 0;
	packet->kind = PACKET_NONE;
	packet->frame = frame->number;
	packet->time = frame->time;
	packet->outbound = frame->direction == FRAME_OUTBOUND;

	end = walk(&w, link_first(frame->link_type));
	p->reassembled = w.reassembled;
	if (end == WALK_FOUND) {
		packet->wire = walk_wire(&w);
		if (!copies_seen(p->copies, packet, w.check, frame->packet_id))
			return true;
		end = WALK_COPY;
	}
	packet->kind = PACKET_NONE;
	count_end(p->limits, end);
	return false;
}
