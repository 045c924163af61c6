/* veil/layers.c - link layers, IP and tunnels: a row for each that has something to hide. */
#include "veil/layers.h"

#include "veil/checksum.h"

/* ---- checksums ---- */

void layer_sum(struct pass *x, size_t field, size_t from, size_t to, enum sum_kind kind)
{
	struct sum *s = &x->sums[x->sum_count];

	if (x->sum_count == SUMS_MAX || field + 2 > to || to > x->s.len)
		return;
	*s = (struct sum){
		.field = field, .from = from, .to = to, .kind = kind, .address_len = x->address_len,
	};
	memcpy(s->old, x->old, sizeof s->old);
	memcpy(s->new, x->new, sizeof s->new);
	x->sum_count++;
}

void layer_sums(struct pass *x)
{
	while (x->sum_count) {
		const struct sum *s = &x->sums[--x->sum_count];
		size_t behind = s->field + 2;
		struct change c = { 0 };

		/* Its own field is not covered; it stands at an even place. */
		change_add(&c, x->s.from + s->from, x->s.to + s->from, s->field - s->from);
		change_add(&c, x->s.from + behind, x->s.to + behind, s->to - behind);
		if (s->kind != SUM_PLAIN)
			change_add(&c, s->old, s->new, s->address_len);
		change_apply(&c, x->s.to + s->field, s->kind == SUM_UDP);
	}
}

void layer_blank(struct pass *x, const uint8_t *at)
{
	memset(surface_to(x, at), 0, x->s.len - (size_t)(at - x->s.from));
}

/* From a place to where the layer that is being walked ends. */
static size_t place(const struct pass *x, const uint8_t *at)
{
	return (size_t)(at - x->s.from);
}

static size_t end_of(const struct pass *x)
{
	return place(x, x->w.left.at) + x->w.left.len;
}

/* ---- link layers ---- */

static void mac(struct pass *x, const uint8_t *at)
{
	names_mac(x->names, at, surface_to(x, at));
}

static void ethernet(struct pass *x, const uint8_t *at, size_t len)
{
	if (len < 14)
		return;
	mac(x, at);
	mac(x, at + 6);
}

/* An address field of eight bytes, of which some are used. */
static void cooked_address(struct pass *x, const uint8_t *at, unsigned used)
{
	memset(surface_to(x, at), 0, 8);
	if (used == 6)
		mac(x, at);
}

static void sll(struct pass *x, const uint8_t *at, size_t len)
{
	if (len == 16)
		cooked_address(x, at + 6, be16(at + 4));
}

static void sll2(struct pass *x, const uint8_t *at, size_t len)
{
	if (len == 20)
		cooked_address(x, at + 12, at[11]);
}

/* Three addresses, a fourth between access points, two more before the first part of an A-MSDU. */
static void wifi(struct pass *x, const uint8_t *at, size_t len)
{
	enum { ADDRESSES_AT = 4, FOURTH_AT = 24, BOTH = 3, QOS = 0x80, PART = 14, ALIGNED = 4 };
	size_t head = 24;

	if (len < head)
		return;
	for (size_t i = 0; i < 3; i++)
		mac(x, at + ADDRESSES_AT + 6 * i);
	if ((at[1] & BOTH) == BOTH && len >= FOURTH_AT + 6) {
		mac(x, at + FOURTH_AT);
		head += 6;
	}
	head += at[0] & QOS ? 2 : 0;
	if (len >= head + PART && len <= head + PART + ALIGNED) {
		mac(x, at + len - PART);
		mac(x, at + len - PART + 6);
	}
}

static void radiotap(struct pass *x, const uint8_t *at, size_t len)
{
	size_t head = len >= 4 ? (size_t)at[3] << 8 | at[2] : 0;

	if (head >= 8 && head < len)
		wifi(x, at + head, len - head);
}

/* Fields of a header that may tell where the card is: their types and all become padding. */
static void ppi(struct pass *x, const uint8_t *at, size_t len)
{
	if (len > 8)
		memset(surface_to(x, at + 8), 0, len - 8);
}

/* ---- IP ---- */

/* Options but the alert of routers, fillers and the end tell of addresses, or nobody knows what. */
static void v4_options(uint8_t *to, size_t len)
{
	enum { END, NOP, ALERT = 148 };
	size_t at = 0;

	while (at < len && to[at] != END) {
		size_t own = to[at] == NOP ? 1 : at + 1 < len ? to[at + 1] : 0;

		if (!own || (own < 2 && to[at] != NOP) || own > len - at)
			break;
		if (to[at] != NOP && to[at] != ALERT)
			memset(to + at + 2, 0, own - 2);
		at += own;
	}
	memset(to + at, 0, len - at);
}

void layer_v4(struct pass *x, const uint8_t *at, size_t len)
{
	uint8_t *to = surface_to(x, at);

	names_v4(x->names, at + 12, to + 12);
	names_v4(x->names, at + 16, to + 16);
	v4_options(to + 20, len - 20);
	x->address_len = 8;
	memcpy(x->old, at + 12, 8);
	memcpy(x->new, to + 12, 8);
	layer_sum(x, place(x, at) + 10, place(x, at), place(x, at) + len, SUM_PLAIN);
}

void layer_v6(struct pass *x, const uint8_t *at)
{
	uint8_t *to = surface_to(x, at);

	names_v6(x->names, at + 8, to + 8);
	names_v6(x->names, at + 24, to + 24);
	x->address_len = 32;
	memcpy(x->old, at + 8, 32);
	memcpy(x->new, to + 8, 32);
}

static void v4(struct pass *x, const uint8_t *at, size_t len)
{
	if (len >= 20)
		layer_v4(x, at, len);
}

static void v6(struct pass *x, const uint8_t *at, size_t len)
{
	if (len == 40)
		layer_v6(x, at);
}

/* Of routing headers (RFC 8200 section 4.4) what follows the first eight bytes is addresses. */
static void options(struct pass *x, const uint8_t *at, size_t len)
{
	enum { ROUTING = 43 };

	if (x->protocol != ROUTING)
		return;
	for (size_t i = 8; i + 16 <= len; i += 16)
		names_v6(x->names, at + i, surface_to(x, at + i));
}

/* ---- tunnels ---- */

static void udp(struct pass *x, const uint8_t *at, size_t len)
{
	if (len != 8)
		return;
	layer_sum(x, place(x, at) + 6, place(x, at), end_of(x), SUM_UDP);
}

static void gre(struct pass *x, const uint8_t *at, size_t len)
{
	enum { CHECKSUM = 0x80 };

	if (len >= 8 && at[0] & CHECKSUM)
		layer_sum(x, place(x, at) + 4, place(x, at), end_of(x), SUM_PLAIN);
}

/* RFC 4380 section 5.1.1: names and proofs of an authentication; an origin's address, each bit turned. */
static void teredo(struct pass *x, const uint8_t *at, size_t len)
{
	uint8_t *to = surface_to(x, at);
	size_t front = 0;

	if (len >= 4 && at[1] == 1) {
		front = 13u + at[2] + at[3];
		front = front < len ? front : len;
		memset(to + 4, 0, front - 4);
	}
	if (len - front >= 8) {
		uint8_t plain[4];

		for (unsigned i = 0; i < 4; i++)
			plain[i] = at[front + 4 + i] ^ 0xff;
		names_v4(x->names, plain, plain);
		for (unsigned i = 0; i < 4; i++)
			to[front + 4 + i] = plain[i] ^ 0xff;
	}
}

void layer_rewrite(struct pass *x, enum walk_step layer, const uint8_t *at, size_t len)
{
	static void (*const rows[WALK_STEP_COUNT])(struct pass *, const uint8_t *, size_t) = {
		[WALK_ETHERNET] = ethernet, [WALK_SLL] = sll,           [WALK_SLL2] = sll2,
		[WALK_WIFI] = wifi,         [WALK_RADIOTAP] = radiotap, [WALK_PPI] = ppi,
		[WALK_IP4] = v4,            [WALK_IP6] = v6,            [WALK_OPTIONS] = options,
		[WALK_UDP] = udp,           [WALK_GRE] = gre,           [WALK_TEREDO] = teredo,
	};

	if (rows[layer])
		rows[layer](x, at, len);
}
