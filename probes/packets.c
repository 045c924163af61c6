/* probes/packets.c - headers, written front to back. */
#include "probes/packets.h"

enum {
	V4_HEAD = 20, V6_HEAD = 40, TCP_HEAD = 20, UDP_HEAD = 8, ICMP_HEAD = 8, MSS_OPTION = 4,
	PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMP6 = 58,
	DONT_FRAGMENT = 0x4000,
};

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

/* One's complement sum of 16-bit words (RFC 1071); all parts but the last are even. */
static uint64_t add(uint64_t sum, struct span bytes)
{
	size_t i = 0;

	for (; i + 1 < bytes.len; i += 2)
		sum += (unsigned)bytes.at[i] << 8 | bytes.at[i + 1];
	if (i < bytes.len)
		sum += (unsigned)bytes.at[i] << 8;
	return sum;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static bool is_v4(const struct packets_way *w)
{
	return addr_is_v4(&w->to.addr);
}

static size_t ip_len(const struct packets_way *w)
{
	return is_v4(w) ? V4_HEAD : V6_HEAD;
}

/* What IP says of a packet takes part in the checksum of what it carries (RFC 9293 section 3.1). */
static uint64_t pseudo(const struct packets_way *w, unsigned protocol, size_t len)
{
	size_t const skip = is_v4(w) ? 12 : 0;
	uint64_t sum = protocol + (uint64_t)(len >> 16) + (len & 0xffff);

	sum = add(sum, span_of(w->from.addr.bytes + skip, 16 - skip));
	return add(sum, span_of(w->to.addr.bytes + skip, 16 - skip));
}

static void put_ip(uint8_t *h, const struct packets_way *w, unsigned protocol, size_t len)
{
	if (is_v4(w)) {
		memset(h, 0, V4_HEAD);
		h[0] = 0x45;
		put16(h + 2, (unsigned)(V4_HEAD + len));
		put16(h + 4, w->id);
		put16(h + 6, DONT_FRAGMENT);
		h[8] = w->hops;
		h[9] = (uint8_t)protocol;
		memcpy(h + 12, w->from.addr.bytes + 12, 4);
		memcpy(h + 16, w->to.addr.bytes + 12, 4);
		put16(h + 10, fold(add(0, span_of(h, V4_HEAD))));
		return;
	}
	memset(h, 0, V6_HEAD);
	h[0] = 0x60;
	put16(h + 4, (unsigned)len);
	h[6] = (uint8_t)protocol;
	h[7] = w->hops;
	memcpy(h + 8, w->from.addr.bytes, 16);
	memcpy(h + 24, w->to.addr.bytes, 16);
}

/* IPv4 counts its header, IPv6 does not. */
static size_t room(const struct packets_way *w, size_t head)
{
	return UINT16_MAX - head - (is_v4(w) ? V4_HEAD : 0);
}

size_t packets_tcp_room(const struct packets_way *w)
{
	return room(w, TCP_HEAD + MSS_OPTION);
}

size_t packets_udp_room(const struct packets_way *w)
{
	return room(w, UDP_HEAD);
}

size_t packets_tcp(uint8_t head[static PACKETS_HEAD], const struct packets_way *w,
                   const struct packets_tcp *t, struct span payload)
{
	size_t const len = TCP_HEAD + (t->mss ? MSS_OPTION : 0);
	uint8_t *h = head + ip_len(w);

	put_ip(head, w, PROTOCOL_TCP, len + payload.len);
	memset(h, 0, len);
	put16(h, w->from.port);
	put16(h + 2, w->to.port);
	put32(h + 4, t->seq);
	put32(h + 8, t->ack);
	h[12] = (uint8_t)(len / 4 << 4);
	h[13] = t->flags;
	put16(h + 14, t->window);
	if (t->mss) {
		put16(h + TCP_HEAD, 2u << 8 | MSS_OPTION);
		put16(h + TCP_HEAD + 2, t->mss);
	}
	put16(h + 16, fold(add(add(pseudo(w, PROTOCOL_TCP, len + payload.len), span_of(h, len)), payload)));
	return ip_len(w) + len;
}

size_t packets_udp(uint8_t head[static PACKETS_HEAD], const struct packets_way *w, struct span payload)
{
	size_t const len = UDP_HEAD + payload.len;
	uint8_t *h = head + ip_len(w);
	uint16_t sum;

	put_ip(head, w, PROTOCOL_UDP, len);
	put16(h, w->from.port);
	put16(h + 2, w->to.port);
	put16(h + 4, (unsigned)len);
	put16(h + 6, 0);
	sum = fold(add(add(pseudo(w, PROTOCOL_UDP, len), span_of(h, UDP_HEAD)), payload));
	put16(h + 6, sum ? sum : 0xffff);       /* 0 would say that there is none */
	return ip_len(w) + UDP_HEAD;
}

size_t packets_error(uint8_t bytes[static PACKETS_ERROR], const struct packets_way *w, uint8_t type,
                     uint8_t code, struct span quoted)
{
	unsigned const protocol = is_v4(w) ? PROTOCOL_ICMP : PROTOCOL_ICMP6;
	uint8_t *h = bytes + ip_len(w);
	size_t len;

	if (quoted.len > PACKETS_HEAD)
		quoted.len = PACKETS_HEAD;
	len = ICMP_HEAD + quoted.len;
	put_ip(bytes, w, protocol, len);
	memset(h, 0, ICMP_HEAD);
	h[0] = type;
	h[1] = code;
	memcpy(h + ICMP_HEAD, quoted.at, quoted.len);
	/* Of the two only ICMPv6's checksum covers addresses (RFC 4443 section 2.3). */
	put16(h + 2, fold(add(is_v4(w) ? 0 : pseudo(w, protocol, len), span_of(h, len))));
	return ip_len(w) + len;
}
