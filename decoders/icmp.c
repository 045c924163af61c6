/* decoders/icmp.c - an ICMP error and the headers it quotes. */
#include "decoders/icmp.h"

#include "base/reader.h"

enum {
	V4_UNREACHABLE = 3, V4_FRAGMENTATION_NEEDED = 4, V6_TOO_BIG = 2,
	PROTOCOL_TCP = 6, PROTOCOL_UDP = 17,
	EXTENSIONS_MAX = 8,
};

/* RFC 792: unreachable, source quench, redirect, time exceeded, parameter problem.  RFC 4443: 1 to 4. */
static bool is_error(bool v6, unsigned type)
{
	static const uint8_t v4_errors[] = { 3, 4, 5, 11, 12 };

	if (v6)
		return type >= 1 && type <= 4;
	return memchr(v4_errors, (int)type, sizeof v4_errors);
}

static uint16_t read_mtu(const struct icmp_error *e, uint32_t rest)
{
	if (!e->v6 && e->type == V4_UNREACHABLE && e->code == V4_FRAGMENTATION_NEEDED)
		return (uint16_t)rest;          /* RFC 1191 section 4: the lower half; 0 from old routers */
	if (e->v6 && e->type == V6_TOO_BIG)
		return rest < UINT16_MAX ? (uint16_t)rest : UINT16_MAX;
	return 0;
}

static bool quote_transport(struct reader r, struct icmp_error *e, unsigned protocol)
{
	e->quotes_tcp = protocol == PROTOCOL_TCP;
	if (protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP)
		return r.ok;
	e->source.port = reader_be16(&r);
	e->target.port = reader_be16(&r);
	if (e->quotes_tcp)
		e->seq = reader_be32(&r);
	return r.ok;
}

static bool quote_v4(struct reader r, struct icmp_error *e)
{
	struct span h = reader_bytes(&r, 20);
	unsigned header;

	if (!r.ok)
		return false;
	header = (h.at[0] & 15) * 4u;
	if (h.at[0] >> 4 != 4 || header < 20)
		return false;
	e->source.addr = addr_v4(h.at + 12);
	e->target.addr = addr_v4(h.at + 16);
	reader_skip(&r, header - 20);
	if ((h.at[6] & 0x1f) || h.at[7])        /* a later fragment quotes no ports */
		return r.ok;
	return quote_transport(r, e, h.at[9]);
}

static bool quote_v6(struct reader r, struct icmp_error *e)
{
	struct span h = reader_bytes(&r, 40);
	unsigned next;

	if (!r.ok || h.at[0] >> 4 != 6)
		return false;
	e->source.addr = addr_v6(h.at + 8);
	e->target.addr = addr_v6(h.at + 24);
	next = h.at[6];
	for (unsigned i = 0; i < EXTENSIONS_MAX; i++) {
		struct span x;

		switch (next) {
		case 0:
		case 43:
		case 60:
		case 44:
			x = reader_bytes(&r, 8);
			if (!r.ok)
				return false;
			if (next == 44 && (x.at[2] || x.at[3] & ~7u))
				return true;
			reader_skip(&r, next == 44 ? 0 : x.at[1] * 8u);
			next = x.at[0];
			continue;
		}
		break;
	}
	return quote_transport(r, e, next);
}

bool icmp_decode(const struct packet *packet, struct icmp_error *error)
{
	struct reader r = reader_on(packet->icmp);
	uint32_t rest;

	*error = (struct icmp_error){
		.frame = packet->frame,
		.time = packet->time,
		.from = packet->source.addr,
		.to = packet->target.addr,
		.v6 = !addr_is_v4(&packet->source.addr),
		.wire = packet->wire,
	};
	error->type = reader_u8(&r);
	error->code = reader_u8(&r);
	reader_skip(&r, 2);                     /* checksum */
	rest = reader_be32(&r);
	if (!r.ok || !is_error(error->v6, error->type))
		return false;
	error->mtu = read_mtu(error, rest);
	return error->v6 ? quote_v6(r, error) : quote_v4(r, error);
}
