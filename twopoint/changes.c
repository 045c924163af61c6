/* twopoint/changes.c - what is other in a packet that passed both points, beyond what a router does. */
#include "twopoint/tally.h"

enum { HOPS_MAX = 30 };                 /* more routers are on no way: the TTL was set */
enum { ECN_BITS = 3, ECN_CONGESTED = 3, DSCP_SHIFT = 2 };

struct compared {
	struct tally *y;
	unsigned way;
	uint64_t frames[2];             /* by enum place */
	bool back;                      /* it left FAR, so NEAR's value is the later one */
};

static void compare(const struct compared *c, enum change which, uint32_t near, uint32_t far)
{
	struct changed *h = &c->y->changes[c->way][which];

	h->of++;
	if (near == far)
		return;
	if (!h->count++) {
		h->before = c->back ? far : near;
		h->after = c->back ? near : far;
	}
	frames_add(&h->frames[NEAR], c->frames[NEAR]);
	frames_add(&h->frames[FAR], c->frames[FAR]);
}

/* A way takes as many off each; a value of its own is set by somebody. */
static void compare_ttl(const struct compared *c, uint8_t near, uint8_t far)
{
	int hops = c->back ? far - near : near - far;
	bool set = hops < 0 || hops > HOPS_MAX;

	compare(c, CHANGE_TTL, near, set ? far : near);
}

/* Congestion may be marked on the way (RFC 3168 section 5); nothing else may change these bits. */
static void compare_ecn(const struct compared *c, uint8_t near, uint8_t far)
{
	uint8_t before = (c->back ? far : near) & ECN_BITS, after = (c->back ? near : far) & ECN_BITS;
	bool marked = before && after == ECN_CONGESTED;

	if (before)
		compare(c, CHANGE_ECN, near & ECN_BITS, marked ? near & ECN_BITS : far & ECN_BITS);
}

static struct compared compared(struct tally *y, const struct flow *near, enum side from, uint64_t a,
                                uint64_t b)
{
	bool back = twopoint_origin(near, from) == FAR;

	return (struct compared){ y, back, { a, b }, back };
}

void tally_changes(struct tally *y, const struct twopoint *t, const struct flow *near, const struct sight *g)
{
	const struct sight *h = point_sight(&t->at[FAR], g->mate);
	struct compared c = compared(y, near, g->from, g->frame, h->frame);

	compare_ttl(&c, g->ttl, h->ttl);
	compare(&c, CHANGE_DSCP, g->traffic_class >> DSCP_SHIFT, h->traffic_class >> DSCP_SHIFT);
	compare_ecn(&c, g->traffic_class, h->traffic_class);
	compare(&c, CHANGE_IP_ID, g->ip_id, h->ip_id);
	if (near->kind == PACKET_TCP && !(g->flags & (TCP_SYN | TCP_RST)))
		compare(&c, CHANGE_WINDOW, g->window, h->window);
	if (g->whole && h->whole && g->len == h->len)
		compare(&c, CHANGE_PAYLOAD, g->whole, h->whole);
	if (g->flags & TCP_SYN && g->flags & SIGHT_ECE)
		compare(&c, CHANGE_ECN_ASKED, 1, h->flags & SIGHT_ECE ? 1 : 0);
}

static void compare_syn(const struct compared *c, const struct syn_options *a, const struct syn_options *b)
{
	compare(c, CHANGE_ISN, a->isn, b->isn);
	compare(c, CHANGE_MSS, a->mss, b->mss);
	compare(c, CHANGE_SCALE, a->scale, b->scale);
	compare(c, CHANGE_SACK, a->sack, b->sack);
	compare(c, CHANGE_STAMPS, a->stamps, b->stamps);
	compare(c, CHANGE_OTHERS, a->others, b->others);
}

void tally_syns(struct tally *y, const struct flow *near, const struct flow *far)
{
	for (enum side from = CLIENT; from <= SERVER; from++) {
		const struct syn_options *a = &near->syn[from], *b = &far->syn[from];
		struct compared c = compared(y, near, from, a->frame, b->frame);

		if (a->seen && b->seen)
			compare_syn(&c, a, b);
	}
}
