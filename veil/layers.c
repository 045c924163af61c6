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

/* ---- options ---- */

/* Of IPv4 and TCP: an end, fillers of one byte, and others with their length; of those whose kind is none of
 * `plain` the contents tell of addresses, keys, or nobody knows what. */
static void put_options(uint8_t *to, size_t len, struct span plain)
{
	enum { END, NOP };
	size_t at = 0;

	while (at < len && to[at] != END) {
		size_t own = to[at] == NOP ? 1 : at + 1 < len ? to[at + 1] : 0;

		if (!own || (own < 2 && to[at] != NOP) || own > len - at)
			break;
		if (to[at] != NOP && span_byte(plain, to[at]) == SIZE_MAX)
			memset(to + at + 2, 0, own - 2);
		at += own;
	}
	memset(to + at, 0, len - at);
}

/* The alert of routers. */
static void v4_options(uint8_t *to, size_t len)
{
	put_options(to, len, SPAN("\x94"));
}

/* Segment size, window scale, selective acknowledgements, timestamps (RFC 9293, 7323, 2018).  What proxies
 * between sites write of their addresses, keys of several paths (RFC 8684) and cookies (RFC 7413) go. */
void layer_tcp_options(uint8_t *to, size_t len)
{
	put_options(to, len, SPAN("\x02\x03\x04\x05\x08"));
}

/* Of IPv6 (RFC 8200 section 4.2) a filler of one byte is zero; longer ones, the alert of routers and the
 * length of a jumbogram stay. */
static void v6_options(uint8_t *to, size_t len)
{
	enum { PAD = 0, ALERT = 5, JUMBO = 0xc2 };
	size_t at = 0;

	while (at < len) {
		size_t own = to[at] == PAD ? 1 : at + 1 < len ? 2u + to[at + 1] : 0;

		if (!own || own > len - at)
			break;
		if (own > 1 && to[at] != ALERT && to[at] != JUMBO)
			memset(to + at + 2, 0, own - 2);
		at += own;
	}
	memset(to + at, 0, len - at);
}

/* ---- IP ---- */

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

	if (x->protocol != ROUTING) {
		if (len > 2)
			v6_options(surface_to(x, at) + 2, len - 2);
		return;
	}
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

/* RFC 8926 section 3.5: behind eight bytes whatever a network's owner tells his machines. */
static void geneve(struct pass *x, const uint8_t *at, size_t len)
{
	enum { HEAD = 8, OPTION = 4 };
	struct span rest = span_skip(span_of(at, len), HEAD);

	while (rest.len >= OPTION) {
		struct span option = span_take(&rest, OPTION + (rest.at[3] & 0x1fu) * 4);

		memset(surface_to(x, option.at) + OPTION, 0, option.len - OPTION);
	}
}

/* Tags between the head of four bytes and the end of them: of the station that heard the packet. */
static void tzsp(struct pass *x, const uint8_t *at, size_t len)
{
	struct span rest = span_skip(span_of(at, len), 4);

	while (rest.len > 2) {
		struct span tag = span_take(&rest, rest.at[0] ? 2u + rest.at[1] : 1);

		if (tag.len > 2)
			memset(surface_to(x, tag.at) + 2, 0, tag.len - 2);
	}
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
		[WALK_GENEVE] = geneve,     [WALK_TZSP] = tzsp,
	};

	if (rows[layer])
		rows[layer](x, at, len);
}
