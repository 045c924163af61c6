/* veil/messages.c - TCP headers, ICMP and what it quotes, ARP. */
#include "veil/layers.h"

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMP6 = 58 };

static size_t place(const struct pass *x, const uint8_t *at)
{
	return (size_t)(at - x->s.from);
}

void layer_tcp(struct pass *x, struct span segment)
{
	enum { HEAD = 20 };
	size_t at = place(x, segment.at), head = segment.len >= HEAD ? (segment.at[12] >> 4) * 4u : 0;

	layer_sum(x, at + 16, at, at + segment.len, SUM_PSEUDO);
	head = head < segment.len ? head : segment.len;
	if (head > HEAD)
		layer_tcp_options(surface_to(x, segment.at) + HEAD, head - HEAD);
}

/* ---- what ICMP quotes ---- */

/* Of a quoted packet the transport header stays, as far as it is there; what is behind it goes. */
static void quoted_transport(struct pass *x, struct span s, uint8_t protocol)
{
	enum { TCP_HEAD = 20 };
	static const struct {
		uint8_t protocol, head, field;
		enum sum_kind kind;
	} rows[] = {
		{ PROTOCOL_TCP, TCP_HEAD, 16, SUM_PSEUDO },
		{ PROTOCOL_UDP, 8, 6, SUM_UDP },
		{ PROTOCOL_ICMP, 8, 2, SUM_PLAIN },
		{ PROTOCOL_ICMP6, 8, 2, SUM_PSEUDO },
	};
	size_t at = place(x, s.at), head = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].protocol != protocol)
			continue;
		head = rows[i].head;
		if (protocol == PROTOCOL_TCP && s.len >= TCP_HEAD && s.at[12] >> 4 >= 5)
			head = (s.at[12] >> 4) * 4u;
		if (s.len >= rows[i].field + 2u)
			layer_sum(x, at + rows[i].field, at, at + s.len, rows[i].kind);
	}
	if (protocol == PROTOCOL_TCP && s.len > TCP_HEAD)
		layer_tcp_options(surface_to(x, s.at) + TCP_HEAD, (head < s.len ? head : s.len) - TCP_HEAD);
	if (head < s.len)
		memset(surface_to(x, s.at) + head, 0, s.len - head);
}

static void quoted_v4(struct pass *x, struct span s)
{
	size_t head = (s.at[0] & 15) * 4u;
	bool later;

	if (head < 20 || head > s.len) {
		layer_blank(x, s.at);
		return;
	}
	layer_v4(x, s.at, head);
	later = (s.at[6] & 0x1f) || s.at[7];
	quoted_transport(x, span_skip(s, head), later ? 0 : s.at[9]);
}

enum { OPTIONS = 0, ROUTING = 43, FRAGMENT = 44, DESTINATION = 60 };

static bool is_extension(uint8_t next)
{
	return next == OPTIONS || next == ROUTING || next == FRAGMENT || next == DESTINATION;
}

static void quoted_v6(struct pass *x, struct span s)
{
	enum { EXTENSIONS_MAX = 8 };
	uint8_t next = s.at[6];

	layer_v6(x, s.at);
	s = span_skip(s, 40);
	for (unsigned i = 0; i < EXTENSIONS_MAX && is_extension(next); i++) {
		size_t len = s.len < 8 ? s.len : next == FRAGMENT ? 8u : (s.at[1] + 1u) * 8;

		if (s.len < 8 || len > s.len)
			break;
		memset(surface_to(x, s.at) + 2, 0, next == FRAGMENT ? 0 : len - 2);
		next = s.at[0];
		s = span_skip(s, len);
	}
	quoted_transport(x, s, next);
}

static void quote(struct pass *x, struct span s)
{
	if (s.len >= 20 && s.at[0] >> 4 == 4)
		quoted_v4(x, s);
	else if (s.len >= 40 && s.at[0] >> 4 == 6)
		quoted_v6(x, s);
	else if (s.len)
		layer_blank(x, s.at);
}

/* ---- ICMP ---- */

enum { HEAD = 8 };

static void v4_message(struct pass *x, struct span m)
{
	enum { REDIRECT = 5 };
	static const uint8_t quotes[] = { 3, 4, REDIRECT, 11, 12 };

	if (m.at[0] == REDIRECT)
		names_v4(x->names, m.at + 4, surface_to(x, m.at) + 4);
	if (memchr(quotes, m.at[0], sizeof quotes))
		quote(x, span_skip(m, HEAD));
	else
		names_blank(x->names, span_skip(m, HEAD), surface_to(x, m.at) + HEAD);
}

/* RFC 4861 section 4: options of eight bytes, those of link addresses begin with one. */
static void neighbour_options(struct pass *x, struct span options)
{
	enum { SOURCE = 1, TARGET = 2, PREFIX = 3, MTU = 5 };

	while (options.len >= 8 && options.at[1]) {
		struct span option = span_take(&options, options.at[1] * 8u);
		uint8_t *to = surface_to(x, option.at);

		if (option.at[0] == SOURCE || option.at[0] == TARGET) {
			memset(to + 2, 0, option.len - 2);
			names_mac(x->names, option.at + 2, to + 2);
		} else if (option.at[0] == PREFIX && option.len == 32) {
			names_v6(x->names, option.at + 16, to + 16);
		} else if (option.at[0] != MTU) {
			memset(to + 2, 0, option.len - 2);
		}
	}
	if (options.len)
		memset(surface_to(x, options.at), 0, options.len);
}

static void v6_message(struct pass *x, struct span m)
{
	/* How many addresses stand between the head and the options. */
	static const struct {
		uint8_t type, addresses;
	} rows[] = { { 133, 0 }, { 135, 1 }, { 136, 1 }, { 137, 2 } };
	enum { ERRORS = 128, ADVERTISES = 134, TIMERS = 8, QUERY = 130, DONE = 132 };

	if (m.at[0] && m.at[0] < ERRORS) {
		quote(x, span_skip(m, HEAD));
		return;
	}
	if (m.at[0] == ADVERTISES && m.len >= HEAD + TIMERS) {
		neighbour_options(x, span_skip(m, HEAD + TIMERS));
		return;
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span rest = span_skip(m, HEAD);

		if (rows[i].type != m.at[0] || rest.len < rows[i].addresses * 16u)
			continue;
		for (unsigned k = 0; k < rows[i].addresses; k++) {
			struct span address = span_take(&rest, 16);

			names_v6(x->names, address.at, surface_to(x, address.at));
		}
		neighbour_options(x, rest);
		return;
	}
	if (m.at[0] >= QUERY && m.at[0] <= DONE && m.len == HEAD + 16)
		names_v6(x->names, m.at + HEAD, surface_to(x, m.at) + HEAD);
	else
		names_blank(x->names, span_skip(m, HEAD), surface_to(x, m.at) + HEAD);
}

void layer_icmp(struct pass *x, struct span m)
{
	bool v6 = x->address_len == 32;
	size_t at = place(x, m.at);

	if (m.len < HEAD) {
		layer_blank(x, m.at);
		return;
	}
	layer_sum(x, at + 2, at, at + m.len, v6 ? SUM_PSEUDO : SUM_PLAIN);
	if (v6)
		v6_message(x, m);
	else
		v4_message(x, m);
}

/* RFC 826; for Ethernet and IPv4 alone. */
void layer_arp(struct pass *x, struct span packet)
{
	enum { LEN = 28 };
	uint8_t *to = surface_to(x, packet.at);

	if (packet.len < LEN || be16(packet.at + 2) != 0x0800 || packet.at[4] != 6 || packet.at[5] != 4) {
		layer_blank(x, packet.at);
		return;
	}
	for (unsigned i = 0; i < 2; i++) {
		names_mac(x->names, packet.at + 8 + 10 * i, to + 8 + 10 * i);
		names_v4(x->names, packet.at + 14 + 10 * i, to + 14 + 10 * i);
	}
	layer_blank(x, packet.at + LEN);
}
