/* decoders/tcp.c - the TCP header (RFC 9293 section 3.1): ports, numbers, the options that matter. */
#include "decoders/peel_walk.h"

enum { OPTION_END, OPTION_NOP, OPTION_MSS, OPTION_TIMESTAMP = 8 };

static void read_option(const uint8_t *o, struct tcp_segment *s)
{
	if (o[0] == OPTION_MSS && o[1] == 4 && s->flags & TCP_SYN)
		s->mss = (uint16_t)be16(o + 2);
	if (o[0] == OPTION_TIMESTAMP && o[1] == 10)
		s->has_timestamp = true;
}

/* What RFC 7323 appendix A recommends and nearly every segment has: two fillers, then the timestamp. */
static bool is_timestamp_alone(const uint8_t *o, uint32_t len)
{
	return len == 12 && be32(o) == 0x0101080a;
}

/* Options that contradict themselves end the list: what stood before holds. */
static void read_options(struct span options, struct tcp_segment *s)
{
	while (options.len > 1 && options.at[0] != OPTION_END) {
		size_t len = options.at[0] == OPTION_NOP ? 1 : options.at[1];

		if (!len || (len < 2 && options.at[0] != OPTION_NOP) || len > options.len)
			return;
		if (len > 1)
			read_option(options.at, s);
		span_take(&options, len);
	}
}

enum walk_step ip_tcp(struct walk *w)
{
	struct packet *p = w->packet;
	struct tcp_segment *s = &p->tcp;
	const uint8_t *h = w->left.at;
	uint32_t header;

	if (w->left.len < 20)
		return walk_short(w);
	header = (h[12] >> 4) * 4u;
	if (header < 20 || header > w->len)
		return WALK_MALFORMED;
	p->kind = PACKET_TCP;
	p->source.port = (uint16_t)be16(h);
	p->target.port = (uint16_t)be16(h + 2);
	*s = (struct tcp_segment){
		.seq = be32(h + 4),
		.ack = be32(h + 8),
		.flags = h[13] & (TCP_FIN | TCP_SYN | TCP_RST | TCP_PSH | TCP_ACK),
		.window = (uint16_t)be16(h + 14),
		.len = w->len - header,
		.payload = span_skip(w->left, header),
		.header = span_of(h, header < w->left.len ? header : w->left.len),
	};
	w->check = (uint16_t)be16(h + 16);
	if (header == 20)
		return WALK_FOUND;
	if (w->left.len >= header && is_timestamp_alone(h + 20, header - 20))
		s->has_timestamp = true;
	else
		read_options(span_skip(s->header, 20), s);
	return WALK_FOUND;
}
