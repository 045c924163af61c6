/* tests/rewrite_frame.c - headers found and sealed, without the library's own decoders. */
#include "tests/rewrite_frame.h"

#include "base/reader.h"

static uint16_t get_16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

static uint32_t get_32(const uint8_t *at) { return (uint32_t)get_16(at) << 16 | get_16(at + 2); }

void set_16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

void set_32(uint8_t *at, uint32_t value)
{
	set_16(at, value >> 16);
	set_16(at + 2, value & 0xffff);
}

uint64_t chance(uint64_t *seed, uint64_t limit)
{
	uint64_t mixed = *seed += 0x9e3779b97f4a7c15u;

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
	return (mixed ^ mixed >> 31) % limit;
}

static bool is_tag(uint16_t ethertype) { return ethertype == 0x8100 || ethertype == 0x88a8; }

bool network_of(const struct frame *f, size_t *at, uint16_t *ethertype)
{
	struct reader r = reader_on(f->bytes);

	switch ((enum link_type)f->link_type) {
	case LINK_ETHERNET:
		reader_skip(&r, 12);
		while (is_tag(*ethertype = reader_be16(&r)))
			reader_skip(&r, 2);
		break;
	case LINK_RAW:
		*ethertype =
			f->bytes.len && f->bytes.at[0] >> 4 == 6 ? ETHERTYPE_IP6 : ETHERTYPE_IP4;
		break;
	case LINK_SLL:
		reader_skip(&r, 14);
		*ethertype = reader_be16(&r);
		break;
	case LINK_SLL2:
		*ethertype = reader_be16(&r);
		reader_skip(&r, 18);
		break;
	default: return false;
	}
	*at = f->bytes.len - r.left.len;
	return r.ok;
}

/* False: fragments, or not all there. A total length of 0 is a large frame before segmentation
 * offload. */
static bool shape_ip4(const uint8_t *ip, size_t len, struct shape *s)
{
	size_t total, header;

	if (len < 20)
		return false;
	header = 4u * (ip[0] & 15);
	total = get_16(ip + 2) ? get_16(ip + 2) : len;
	if (total > len || header < 20 || header > total || get_16(ip + 6) & 0x3fff)
		return false;
	s->protocol = ip[9];
	s->transport = s->network + header;
	s->end = s->network + total;
	return true;
}

static bool shape_ip6(const uint8_t *ip, size_t len, struct shape *s)
{
	if (len < 40 || get_16(ip + 4) > len - 40)
		return false;
	s->v6 = true;
	s->protocol = ip[6];
	s->transport = s->network + 40;
	s->end = s->transport + (get_16(ip + 4) ? get_16(ip + 4) : len - 40);
	return true;
}

static bool shape_tcp(const uint8_t *tcp, size_t len, struct shape *s)
{
	size_t header = len < 20 ? 0 : 4u * (tcp[12] >> 4);

	if (header < 20 || header > len)
		return false;
	s->payload = s->transport + header;
	s->seq = get_32(tcp + 4);
	s->ack = get_32(tcp + 8);
	s->flags = tcp[13];
	return true;
}

bool shape_of(const struct frame *f, struct shape *s)
{
	const uint8_t *bytes = f->bytes.at;
	uint16_t type;

	*s = (struct shape){ 0 };
	if (f->wire_len > f->bytes.len || !network_of(f, &s->network, &type))
		return false;
	if (type == ETHERTYPE_IP4
	            ? !shape_ip4(bytes + s->network, f->bytes.len - s->network, s)
	            : type != ETHERTYPE_IP6 ||
	                      !shape_ip6(bytes + s->network, f->bytes.len - s->network, s))
		return false;
	s->payload = s->transport + 8;
	switch ((enum protocol)s->protocol) {
	case PROTOCOL_TCP: return shape_tcp(bytes + s->transport, s->end - s->transport, s);
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMP6:
	case PROTOCOL_UDP: return s->payload <= s->end;
	}
	return false;
}

/* Addresses of the source (0) or target (1), and its port. */
static bool same_end(const struct frame *a, const struct shape *as, size_t a_end,
                     const struct frame *b, const struct shape *bs, size_t b_end)
{
	size_t width = as->v6 ? 16 : 4, first = as->v6 ? 8 : 12;

	return !memcmp(a->bytes.at + as->network + first + a_end * width,
	               b->bytes.at + bs->network + first + b_end * width, width) &&
	       !memcmp(a->bytes.at + as->transport + 2 * a_end,
	               b->bytes.at + bs->transport + 2 * b_end, 2);
}

/* Tags included; MAC addresses only for frames that go the same way. */
static bool same_wire(const struct frame *a, const struct shape *as, const struct frame *b,
                      const struct shape *bs, bool reversed)
{
	size_t from = a->link_type != LINK_ETHERNET ? as->network : reversed ? 12 : 0;

	return as->protocol == PROTOCOL_TCP && bs->protocol == PROTOCOL_TCP && as->v6 == bs->v6 &&
	       a->link_type == b->link_type && a->interface == b->interface &&
	       as->network == bs->network &&
	       !memcmp(a->bytes.at + from, b->bytes.at + from, as->network - from);
}

bool same_way(const struct frame *a, const struct shape *as, const struct frame *b,
              const struct shape *bs)
{
	return same_wire(a, as, b, bs, false) && same_end(a, as, 0, b, bs, 0) &&
	       same_end(a, as, 1, b, bs, 1);
}

bool same_way_reversed(const struct frame *a, const struct shape *as, const struct frame *b,
                       const struct shape *bs)
{
	return same_wire(a, as, b, bs, true) && same_end(a, as, 0, b, bs, 1) &&
	       same_end(a, as, 1, b, bs, 0);
}

/* RFC 1071. */
static uint32_t sum(const uint8_t *at, size_t len, uint32_t so_far)
{
	uint64_t total = so_far;

	for (size_t i = 0; i + 1 < len; i += 2)
		total += get_16(at + i);
	if (len % 2)
		total += (uint64_t)at[len - 1] << 8;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint32_t)total;
}

/* The checksum over the pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1) and what follows
 * it. */
static void seal_transport(uint8_t *transport, size_t len, uint8_t protocol, struct span addresses)
{
	size_t place = protocol == PROTOCOL_TCP ? 16 : protocol == PROTOCOL_UDP ? 6 : 2;
	uint32_t total = sum(addresses.at, addresses.len, (uint32_t)(len + protocol));

	if (protocol == PROTOCOL_UDP)
		set_16(transport + 4, len);
	set_16(transport + place, 0);
	if (protocol == PROTOCOL_ICMP)
		total = 0;
	set_16(transport + place, ~sum(transport, len, total) & 0xffff);
}

void seal(uint8_t *packet, size_t len)
{
	size_t header = packet[0] >> 4 == 6 ? 40 : 4u * (packet[0] & 15);

	if (packet[0] >> 4 == 6) {
		set_16(packet + 4, len - header);
		seal_transport(packet + header, len - header, packet[6], span_of(packet + 8, 32));
		return;
	}
	set_16(packet + 2, len);
	set_16(packet + 10, 0);
	set_16(packet + 10, ~sum(packet, header, 0) & 0xffff);
	seal_transport(packet + header, len - header, packet[9], span_of(packet + 12, 8));
}
