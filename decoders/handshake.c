/* decoders/handshake.c - the three steps of RFC 9293 section 3.5, and what can be said when some
 * were not seen. */
#include "decoders/handshake.h"

/* Ports that servers of this trade listen on; of any other two the lower is the server's. */
static const uint16_t server_ports[] = {
	80, 443, 8530, 8531, 3128, 8080, 8081, 8443, 8888, 8000, 9090,
};

/* What only a client, or only a server, begins with. */
static const struct opening {
	struct span start;
	enum side by;
} openings[] = {
	{ SPAN_LIT("HTTP/1."), SERVER },
	{ SPAN_LIT("GET "), CLIENT },
	{ SPAN_LIT("HEAD "), CLIENT },
	{ SPAN_LIT("POST "), CLIENT },
	{ SPAN_LIT("PUT "), CLIENT },
	{ SPAN_LIT("DELETE "), CLIENT },
	{ SPAN_LIT("OPTIONS "), CLIENT },
	{ SPAN_LIT("CONNECT "), CLIENT },
	{ SPAN_LIT("PROPFIND "), CLIENT },
	{ SPAN_LIT("CCM_POST "), CLIENT },
	{ SPAN_LIT("BITS_POST "), CLIENT },
};

enum { TLS_HANDSHAKE = 22, TLS_TYPE_AT = 5, TLS_CLIENT_HELLO = 1, TLS_SERVER_HELLO = 2 };

/* Bytes before a guessed start that are still believed to belong to it. */
enum { ANCHOR_BACK_MAX = 1 << 20 };

/* Bytes of the client's that may be missing between its SYN and what shows that it was answered. */
enum { UNSEEN_MAX = 1 << 16 };

static bool serves(uint16_t port)
{
	for (size_t i = 0; i < sizeof server_ports / sizeof *server_ports; i++)
		if (server_ports[i] == port)
			return true;
	return false;
}

/* Of two ports, whether the second is the server's. */
static bool second_serves(uint16_t first, uint16_t second)
{
	if (serves(first) != serves(second))
		return serves(second);
	return second <= first;
}

static void name_sides(struct life *life, const struct flow *flow)
{
	life->conn.client = life->client_low ? flow_low(&flow->key) : flow_high(&flow->key);
	life->conn.server = life->client_low ? flow_high(&flow->key) : flow_low(&flow->key);
}

static void know_start(struct half *h, uint32_t start)
{
	h->start = start;
	h->known = h->anchored = true;
}

void handshake_from_attempt(struct life *life, const struct flow *flow)
{
	const struct attempt *a = &flow->attempt;
	struct connection *conn = &life->conn;
	struct connection_side *client = &conn->side[CLIENT];
	struct half *h = &life->half[CLIENT];

	life_init(life);
	life->client_low = flow->client_low;
	name_sides(life, flow);
	conn->id = flow_id(flow);
	conn->wire = flow->key.wire;
	conn->client_by_syn = true;
	conn->syn_count = a->syn_count;
	conn->syn_frame = conn->first_frame = a->first_frame;
	conn->syn_time = conn->first_time = a->first_time;
	conn->last_frame = a->first_frame + a->later_frames;
	conn->last_time = (int64_t)((uint64_t)a->first_time + (uint64_t)a->later_us * 1000);
	client->packets = a->syn_count;
	client->mss = a->mss;
	client->ttl = h->ttl = h->ttl_min = h->ttl_max = flow->ttl;
	know_start(h, a->isn + 1);
}

void handshake_begin(struct life *life, const struct flow *flow, bool from_low,
                     const struct packet *p)
{
	struct connection *conn = &life->conn;
	bool const synack = p->tcp.flags & TCP_SYN;

	life_init(life);
	if (synack)
		life->client_low = !from_low;
	else
		life->client_low = from_low == second_serves(p->source.port, p->target.port);
	name_sides(life, flow);
	conn->id = flow_id(flow);
	conn->wire = flow->key.wire;
	conn->first_frame = p->frame;
	conn->first_time = conn->last_time = p->time;
	conn->client_by_syn = synack;
	conn->joined = true;
	life->phase = synack ? LIFE_TRYING : LIFE_OPEN;
	if (synack)
		know_start(&life->half[CLIENT], p->tcp.ack);
}

/* The SYN of the attempt, or of another one. */
static enum life_step plain_syn(const struct life_env *env, struct life *life, enum side from,
                                const struct packet *p)
{
	struct connection *conn = &life->conn;
	const struct half *h = &life->half[from];

	/* Simultaneous open (RFC 9293 section 3.5): nobody does it on this path. */
	if (from == SERVER)
		return life->phase <= LIFE_REFUSED ? LIFE_GOES_ON : LIFE_IS_REPLACED;
	if (!conn->client_by_syn || h->start != p->tcp.seq + 1)
		return LIFE_IS_REPLACED;
	if (!conn->syn_count++) {
		conn->syn_frame = p->frame;
		conn->syn_time = p->time;
		conn->side[CLIENT].mss = p->tcp.mss;
		conn->joined = false;
	}
	life->reset.answers_syn = false;
	life_payload(env, life, from, p, life_note(life, from, p));
	return LIFE_GOES_ON;
}

static void first_synack(struct life *life, const struct packet *p)
{
	struct connection *conn = &life->conn;

	conn->synack_frame = p->frame;
	conn->synack_time = p->time;
	conn->side[SERVER].mss = p->tcp.mss;
	if (life->phase == LIFE_TRYING || life->phase == LIFE_REFUSED) {
		life->phase = LIFE_OPEN;
		life->shaking = true;
		life->calm = false;
	}
	if (conn->syn_count == 1)
		life->leg[SERVER] = life_since(conn->syn_time, p->time);
}

/* After a reset that claims to answer the same SYN: one of both comes from somebody else.  After
 * one that answered an earlier SYN: the server listens by now. */
static void synack_after_reset(struct life *life)
{
	if (life->reset.answers_syn) {
		life->reset.data_after = true;
		return;
	}
	life->reset = (struct life_reset){ 0 };
	life->conn.reset_frame = 0;
	life->conn.reset_time = MOMENT_NONE;
}

static enum life_step synack(struct life *life, enum side from, const struct packet *p)
{
	struct half *server = &life->half[SERVER], *client = &life->half[CLIENT];
	struct connection *conn = &life->conn;

	if (from == CLIENT)
		return conn->client_by_syn ? LIFE_GOES_ON : LIFE_IS_REPLACED;
	if (!conn->client_by_syn)
		return LIFE_IS_REPLACED;
	/* Fast Open acknowledges data too (RFC 7413 section 4.1.2). */
	if (p->tcp.ack - client->start > client->high - LIFE_ORIGIN)
		return LIFE_GOES_ON;
	if (server->anchored && server->start != p->tcp.seq + 1)
		return LIFE_GOES_ON;
	if (life->reset.seen)
		synack_after_reset(life);
	know_start(server, p->tcp.seq + 1);
	life->synacks++;
	life_note(life, from, p);
	if (!conn->synack_frame)
		first_synack(life, p);
	return LIFE_GOES_ON;
}

enum life_step handshake_syn(const struct life_env *env, struct life *life, enum side from,
                             const struct packet *p)
{
	return p->tcp.flags & TCP_ACK ? synack(life, from, p) : plain_syn(env, life, from, p);
}

/* The first packet of a side of which no SYN was seen tells where its bytes begin, better than what
 * the other side acknowledged.  Nothing before it is missed: that was before the capture. */
static void anchor(struct half *h, const struct packet *p)
{
	uint64_t const at = half_offset(h, p->tcp.seq, LIFE_ORIGIN);

	h->anchored = true;
	if (!h->known || at - LIFE_ORIGIN + ANCHOR_BACK_MAX > 2 * ANCHOR_BACK_MAX) {
		h->known = true;
		h->start = p->tcp.seq;
		h->queue.front = h->acked = h->high = LIFE_ORIGIN;
	} else if (h->queue.front == LIFE_ORIGIN) {
		h->queue.front = h->high = at;
	}
}

static void swap_sides(struct life *life)
{
	struct connection *conn = &life->conn;
	struct connection_side const side = conn->side[CLIENT];
	struct endpoint const client = conn->client;
	struct half const half = life->half[CLIENT];

	conn->client = conn->server;
	conn->server = client;
	conn->side[CLIENT] = conn->side[SERVER];
	conn->side[SERVER] = side;
	life->half[CLIENT] = life->half[SERVER];
	life->half[SERVER] = half;
	life->client_low = !life->client_low;
}

/* Who speaks, by the first bytes; false: they do not tell. */
static bool speaker(struct span bytes, enum side *by)
{
	for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
		if (span_starts(bytes, openings[i].start)) {
			*by = openings[i].by;
			return true;
		}
	}
	if (bytes.len <= TLS_TYPE_AT || bytes.at[0] != TLS_HANDSHAKE || bytes.at[1] != 3)
		return false;
	*by = bytes.at[TLS_TYPE_AT] == TLS_CLIENT_HELLO ? CLIENT : SERVER;
	return bytes.at[TLS_TYPE_AT] == TLS_CLIENT_HELLO ||
	       bytes.at[TLS_TYPE_AT] == TLS_SERVER_HELLO;
}

/* The client's answer to the SYN-ACK ends the handshake.  Both round trips together are the path's,
 * wherever between client and server the capture sits; repeated steps make their times ambiguous
 * (Karn). */
static void shaken(struct life *life, const struct packet *p)
{
	struct connection *conn = &life->conn;

	life->shaking = false;
	if (life->synacks == 1)
		life->leg[CLIENT] = life_since(conn->synack_time, p->time);
	if (life->leg[SERVER] >= 0 && life->leg[CLIENT] >= 0)
		conn->rtt = life_since(conn->syn_time, p->time);
	else
		conn->rtt = life->leg[SERVER];
}

/* A packet other than SYN and reset while nothing answered the SYNs: the SYN-ACK was not captured, and
 * perhaps the first bytes neither, or this belongs to somebody's older connection. */
static bool opened(struct life *life, enum side from, const struct packet *p)
{
	uint32_t at = from == CLIENT ? p->tcp.seq : p->tcp.ack;

	if (!(p->tcp.flags & TCP_ACK) || at - life->half[CLIENT].start > UNSEEN_MAX)
		return false;
	if (from == CLIENT)
		life->half[SERVER].spoke = true;
	life->phase = LIFE_OPEN;
	return true;
}

bool handshake_settle(struct life *life, enum side *from, const struct packet *p)
{
	struct connection *conn = &life->conn;
	enum side by;

	if (life->phase <= LIFE_REFUSED && !opened(life, *from, p)) {
		life_note(life, *from, p);
		return false;
	}
	if (!conn->client_by_syn && !life->stack && !life->reset.seen &&
	    speaker(p->tcp.payload, &by) && by != *from) {
		swap_sides(life);
		*from = by;
	}
	if (life->shaking && *from == CLIENT)
		shaken(life, p);
	if (!life->half[*from].anchored)
		anchor(&life->half[*from], p);
	return true;
}
