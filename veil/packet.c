/* veil/packet.c - turns the wheel of layers over a frame and a copy of it. */
#include "veil/packet.h"

#include <stdlib.h>

#include "base/buf.h"
#include "veil/datagrams.h"
#include "veil/layers.h"
#include "veil/udp.h"

enum { FRAME_MAX = 1 << 24 };           /* of what a source lends, more than any */

struct packets {
	struct names *names;
	struct packets_payload payload;
	struct ipfrag *fragments;
	struct wires wires;
	struct limits limits;           /* counted, and read by nobody */
	struct datagrams *datagrams;
	struct buf out;
	unsigned readings;              /* before this one */
};

struct packets *packets_new(struct names *names, const struct packets_payload *payload, struct budget *budget)
{
	struct packets *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->names = names;
	p->payload = *payload;
	wires_init(&p->wires);
	buf_init(&p->out, FRAME_MAX);
	p->fragments = ipfrag_new(&p->limits);
	p->datagrams = datagrams_new(budget);
	if (p->fragments && p->datagrams)
		return p;
	packets_free(p);
	return NULL;
}

void packets_free(struct packets *p)
{
	if (!p)
		return;
	ipfrag_free(p->fragments);
	datagrams_free(p->datagrams);
	wires_release(&p->wires);
	buf_release(&p->out);
	free(p);
}

bool packets_again(struct packets *p)
{
	struct ipfrag *fresh = ipfrag_new(&p->limits);

	if (!fresh)
		return false;
	ipfrag_free(p->fragments);
	wires_release(&p->wires);
	wires_init(&p->wires);
	p->fragments = fresh;
	p->readings++;
	return true;
}

/* ---- what the wheel comes to ---- */

/* Behind what was found there is padding, or what a card left there. */
static void blank_rest(struct pass *x)
{
	layer_blank(x, x->w.left.at + x->w.left.len);
}

static void found_udp(struct packets *p, struct pass *x)
{
	struct span payload = x->packet.udp;

	udp_rewrite(p->names, &x->packet, payload, surface_to(x, payload.at));
}

/* A datagram that came in fragments is walked twice: to show it when it is whole, and to rewrite it. */
static bool locate(struct packets *p, struct pass *x, struct datagram *d, bool again,
                   struct track_place *place)
{
	bool placed;

	if (again) {
		*place = d->place;
		return d->placed;
	}
	x->packet.wire = walk_wire(&x->w);
	placed = p->payload.locate(p->payload.self, &x->packet, place);
	if (d) {
		d->place = *place;
		d->placed = placed;
	}
	return placed;
}

static void found_tcp(struct packets *p, struct pass *x, struct datagram *d, bool again)
{
	struct span payload = x->packet.tcp.payload;
	struct track_place place = { 0 };
	bool placed = locate(p, x, d, again, &place);

	layer_tcp(x, x->w.left);
	if (!payload.len)
		return;
	if (placed)
		p->payload.rewrite(p->payload.self, &place, surface_to(x, payload.at), payload.len);
	else
		memset(surface_to(x, payload.at), 0, payload.len);
}

static void found(struct packets *p, struct pass *x, struct datagram *d, bool again)
{
	blank_rest(x);
	switch (x->packet.kind) {
	case PACKET_TCP:  found_tcp(p, x, d, again); break;
	case PACKET_UDP:  found_udp(p, x); break;
	case PACKET_ICMP: layer_icmp(x, x->packet.icmp); break;
	case PACKET_NONE: break;
	}
}

/* Something else than IP, or beyond it: of ARP somebody knows the form. */
static void other(struct pass *x, enum walk_step last, const uint8_t *header)
{
	enum { ARP = 0x0806 };
	const uint8_t *at = x->w.left.at;
	bool typed = last == WALK_ETHERNET || last == WALK_VLAN || last == WALK_SLL || last == WALK_LLC;

	if ((typed && at - header >= 2 && be16(at - 2) == ARP) || (last == WALK_SLL2 && be16(header) == ARP))
		layer_arp(x, x->w.left);
	else
		layer_blank(x, at);
}

/* ---- fragments ---- */

struct piece {
	size_t head, len;               /* bytes of the header, and of what follows it */
	size_t offset;                  /* in the datagram */
};

static bool is_piece(enum walk_step layer, struct span left, struct piece *piece)
{
	if (layer == WALK_IP4 && left.len >= 20 && be16(left.at + 6) & 0x3fff) {
		size_t offset = (be16(left.at + 6) & 0x1fff) * 8u;

		*piece = (struct piece){ (left.at[0] & 15) * 4u, be16(left.at + 2), offset };
		piece->len = piece->len > piece->head ? piece->len - piece->head : left.len;
		return true;
	}
	if (layer == WALK_FRAGMENT && left.len >= 8 && be16(left.at + 2) & ~6u) {
		*piece = (struct piece){ 8, left.len - 8, be16(left.at + 2) & ~7u };
		return true;
	}
	return false;
}

static void wheel(struct packets *p, struct pass *x, enum walk_step layer, struct datagram *d, bool again);

static void walk_datagram(struct packets *p, const struct pass *outer, struct datagram *d, bool again)
{
	struct pass x = *outer;

	x.s = (struct surface){ d->from, d->to, d->len };
	x.w.left = span_of(d->from, d->len);
	x.w.len = d->wire_len;
	x.w.packet = &x.packet;
	x.sum_count = 0;
	memcpy(d->to, d->from, d->len);
	wheel(p, &x, ip_follow(&x.w, d->protocol), d, again);
	layer_sums(&x);
}

/* Of what was just made whole. */
static struct datagram *whole(struct packets *p, const struct pass *x)
{
	struct datagram *d = datagrams_of(p->datagrams, x->w.frame->number);
	const uint64_t *frames;
	size_t count;

	if (!d && !p->readings) {
		count = ipfrag_frames(p->fragments, &frames);
		d = datagrams_keep(p->datagrams, x->w.left, frames, count);
		if (d) {
			d->wire_len = x->w.len;
			d->protocol = x->w.protocol;
		}
	}
	return d;
}

/* The step has taken the piece in; the header is `header`, what belongs to the packet ends at `end`. */
static void piece_taken(struct packets *p, struct pass *x, struct span header, const struct piece *piece)
{
	bool made_whole = x->w.left.at < x->s.from || x->w.left.at > x->s.from + x->s.len;
	struct datagram *d;
	struct span rest = span_skip(header, piece->head), data = span_take(&rest, piece->len);

	if (made_whole) {
		d = whole(p, x);
		if (d)
			walk_datagram(p, x, d, false);
	}
	layer_blank(x, data.at);
	d = datagrams_of(p->datagrams, x->w.frame->number);
	if (!d || p->readings < 2 || piece->offset >= d->len)
		return;
	if (!d->done)
		walk_datagram(p, x, d, true);
	d->done = true;
	data.len = data.len < d->len - piece->offset ? data.len : d->len - piece->offset;
	memcpy(surface_to(x, data.at), d->to + piece->offset, data.len);
}

/* ---- the wheel ---- */

static enum walk_step step(struct walk *w, enum walk_step layer)
{
	static enum walk_step (*const steps[WALK_STEP_COUNT])(struct walk *) = {
#define X(symbol, function) [WALK_##symbol] = function,
		WALK_LAYERS(X)
#undef X
	};

	return steps[layer](w);
}

static bool is_layer(enum walk_step s)
{
	return s >= WALK_ETHERNET;
}

/* Nothing of a header that contradicts itself, or is cut, is known. */
static void end_wheel(struct packets *p, struct pass *x, enum walk_step end, enum walk_step last,
                      struct span header, struct datagram *d, bool again)
{
	if (end == WALK_FOUND)
		found(p, x, d, again);
	else if (end == WALK_OTHER)
		other(x, last, header.at);
	else if (end == WALK_PROTECTED)
		layer_blank(x, x->w.left.at);
	else
		layer_blank(x, header.at);
}

static void wheel(struct packets *p, struct pass *x, enum walk_step layer, struct datagram *d, bool again)
{
	struct span header = x->w.left;
	enum walk_step last = layer;

	for (unsigned depth = 0; is_layer(layer) && depth < WALK_STEPS; depth++) {
		struct piece piece;
		bool fragment;

		header = x->w.left;
		last = layer;
		fragment = is_piece(layer, header, &piece);
		x->protocol = x->w.protocol;
		/* A fragment inside of fragments is not followed. */
		layer = fragment && d ? WALK_CUT : step(&x->w, layer);
		if (layer == WALK_MALFORMED || layer == WALK_CUT)
			break;
		if (fragment) {
			layer_rewrite(x, last, header.at, piece.head);
			piece_taken(p, x, header, &piece);
			return;
		}
		layer_rewrite(x, last, header.at, (size_t)(x->w.left.at - header.at));
	}
	end_wheel(p, x, is_layer(layer) ? WALK_MALFORMED : layer, last, header, d, again);
}

struct span packets_frame(struct packets *p, const struct frame *frame)
{
	struct pass x = {
		.names = p->names,
		.packet = {
			.frame = frame->number, .time = frame->time,
			.outbound = frame->direction == FRAME_OUTBOUND,
		},
	};

	buf_clear(&p->out);
	if (!buf_add(&p->out, frame->bytes))
		return (struct span){ NULL, 0 };
	x.s = (struct surface){ frame->bytes.at, p->out.at, frame->bytes.len };
	x.w = (struct walk){
		.left = frame->bytes,
		.len = frame->wire_len < frame->bytes.len ? (uint32_t)frame->bytes.len : frame->wire_len,
		.frame = frame, .packet = &x.packet, .fragments = p->fragments, .wires = &p->wires,
		.limits = &p->limits,
	};
	wheel(p, &x, link_first(frame->link_type), NULL, false);
	layer_sums(&x);
	return buf_span(&p->out);
}
