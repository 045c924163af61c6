/* decoders/mate.c - what only the numbers can tell: whether two directions belong together. */
#include "decoders/mate.h"

#include "decoders/life.h"

/* How far a number may be from what the other direction says of it: what is in flight between two
 * hosts, and the disorder between two queues of a capture.  Both numbers fit by chance once in
 * 2^22 times, and this is asked of equal endpoints only. */
enum { REACH = 1 << 20 };

static bool is_near(uint64_t offset, uint64_t to)
{
	return offset + REACH >= to && offset <= to + REACH;
}

/* SYNs are all that was seen of the client: an answer acknowledges them (RFC 9293 section
 * 3.10.7.3). */
static bool answers_attempt(const struct flow *f, const struct packet *p)
{
	return p->tcp.flags & TCP_ACK && p->tcp.ack == f->attempt.isn + 1;
}

/* The same when the SYN had data, of which some may be acknowledged (RFC 7413 section 4.1.2). */
static bool answers_syn(const struct half *client, const struct packet *p)
{
	return p->tcp.flags & TCP_ACK && p->tcp.ack - client->start <= client->high - LIFE_ORIGIN;
}

/* What an established side sends, next to what the other one acknowledged and sent. */
static bool fits(const struct half *sender, const struct half *other, const struct packet *p)
{
	uint64_t const at = half_offset(sender, p->tcp.seq + !!(p->tcp.flags & TCP_SYN),
	                                sender->acked);

	if (!sender->known || !other->known)
		return false;
	/* A reset without acknowledgment has exactly the number that it answers (section 3.10.7.1). */
	if (!(p->tcp.flags & TCP_ACK))
		return p->tcp.flags & TCP_RST && at == sender->acked;
	return is_near(at, sender->acked) &&
	       is_near(half_offset(other, p->tcp.ack, other->high), other->high);
}

static bool continues(const struct life *life, bool source_low, const struct packet *p)
{
	enum side const from = source_low == life->client_low ? CLIENT : SERVER;
	const struct half *sender = &life->half[from], *other = &life->half[side_other(from)];
	const struct connection *conn = &life->conn;

	if (conn->side[from].packets || !conn->side[side_other(from)].packets)
		return false;
	/* The SYN behind its answer. */
	if ((p->tcp.flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN)
		return from == CLIENT && conn->synack_frame && sender->start == p->tcp.seq + 1;
	if (from == SERVER && life->phase <= LIFE_REFUSED)
		return answers_syn(other, p);
	return fits(sender, other, p);
}

static bool is_mate(const struct flow *f, bool source_low, const struct packet *p)
{
	if (f->two_wires || f->queue == FLOW_CLOSED)
		return false;
	if (f->live)
		return continues(f->life, source_low, p);
	return source_low != f->client_low && answers_attempt(f, p);
}

/* Of several the one that began first: what is told must not hang on places in the table. */
static uint32_t earlier(const struct flow_table *t, uint32_t a, uint32_t b)
{
	return a && flow_id(flow_at(t, a)) < flow_id(flow_at(t, b)) ? a : b;
}

uint32_t mate_find(struct flow_table *t, const struct flow_key *key, bool source_low,
                   const struct packet *p)
{
	uint32_t place = 0, found = 0, ref;

	while ((ref = flow_near(t, key, &place)))
		if (is_mate(flow_at(t, ref), source_low, p))
			found = earlier(t, found, ref);
	if (found) {
		struct flow *f = flow_at(t, found);

		f->two_wires = true;
		f->other_low = source_low;
		f->other_wire = key->wire;
	}
	return found;
}

static bool sent(const struct flow *f, bool source_low, uint32_t seq)
{
	enum side from;

	if (f->queue == FLOW_CLOSED)
		return false;
	if (!f->live)
		return source_low == f->client_low && seq == f->attempt.isn;
	from = source_low == f->life->client_low ? CLIENT : SERVER;
	return f->life->conn.side[from].packets && f->life->half[from].known &&
	       is_near(half_offset(&f->life->half[from], seq, f->life->half[from].high),
	               f->life->half[from].high);
}

uint32_t mate_quoted(const struct flow_table *t, const struct flow_key *key, bool source_low,
                     uint32_t seq)
{
	uint32_t place = 0, found = 0, ref;

	while ((ref = flow_near(t, key, &place)))
		if (sent(flow_at(t, ref), source_low, seq))
			found = earlier(t, found, ref);
	return found;
}

/* Resets prove nothing: boxes send them on any wire. */
bool mate_goes_on(struct flow *f, uint32_t wire, bool source_low, const struct packet *p)
{
	bool const other = wire != f->key.wire;

	if (other == (source_low == f->other_low) || p->tcp.flags & TCP_RST)
		return true;
	f->two_wires = false;
	return false;
}
