/* twopoint/tally.c - counts, for each service, what left one point and did not come to the other. */
#include "twopoint/tally.h"

#include "facts/wsus.h"

enum { SERVICES_MAX = 4096, WORK_MAX = 4000000, PORT_DNS = 53, PORT_KERBEROS = 88 };

struct counting {
	const struct twopoint *t;
	struct blind *blind;
	struct map beyond;              /* addresses that FAR knows, or that are known to lead there */
	uint64_t work;                  /* looks at packets of one flow, so far */
};

void frames_add(struct frames *f, uint64_t frame)
{
	if (f->count < TROUBLE_FRAMES)
		f->at[f->count] = frame;
	f->count++;
}

struct service_key {
	uint8_t kind;
	struct endpoint_key end;
};

struct tally *tally_of(const struct tallies *all, const struct flow *f)
{
	struct service_key key = { (uint8_t)f->kind, endpoint_key(&f->end[SERVER]) };
	struct map_entry *e = map_find(&all->by_server, span_of(&key, sizeof key));

	return e ? e->value : NULL;
}

static struct tally *tally_for(struct tallies *all, const struct flow *f)
{
	struct service_key key = { (uint8_t)f->kind, endpoint_key(&f->end[SERVER]) };
	struct tally *y = map_value(&all->by_server, span_of(&key, sizeof key), sizeof *y);

	if (y && !y->flows) {
		y->kind = f->kind;
		y->server = f->end[SERVER];
		y->way[0].smallest_lost = y->way[1].smallest_lost = UINT32_MAX;
	}
	return y;
}

static void add_client(struct tally *y, const struct addr *client)
{
	unsigned kept = y->client_count < TROUBLE_CLIENTS ? y->client_count : TROUBLE_CLIENTS;

	for (unsigned i = 0; i < kept; i++)
		if (addr_eq(&y->clients[i], client))
			return;
	if (kept < TROUBLE_CLIENTS)
		y->clients[kept] = *client;
	y->client_count++;
}

/* ---- would the other point have seen it? ---- */

/* Before its capture began nothing is lost.  After its last packet it may have ended. */
static bool is_early(const struct twopoint *t, enum place other, int64_t near_time)
{
	return near_time < clocks_near(&t->clocks, other, t->at[other].first);
}

static bool is_late(const struct counting *c, enum place other, int64_t near_time)
{
	int64_t last = c->t->at[other].last, ended = c->blind[other].ended;

	/* dumpcap tells its end in microseconds whatever it says of its clock: too early. */
	if (ended > last)
		last = ended;
	return near_time > clocks_near(&c->t->clocks, other, last);
}

/* A sequence number of a side as the other place has it. */
static uint32_t seq_at(const struct flow *near, enum place other, enum side of, uint32_t seq)
{
	return other == FAR ? seq + near->shift[of] : seq - near->shift[of];
}

static uint32_t span_len(const struct sight *g)
{
	return g->len + !!(g->flags & TCP_SYN) + !!(g->flags & TCP_FIN);
}

enum fate { FATE_LOST, FATE_CUT_UP, FATE_UNSEEN };

/* A packet without a mate: was it lost, did its bytes come in other pieces (offload cuts and joins), or
 * did the other capture miss it, as its receiver knows of it? */
static enum fate fate_of(struct counting *c, const struct flow *near, const struct sight *g,
                         enum place origin)
{
	enum place other = origin == NEAR ? FAR : NEAR;
	const struct flow *f = other == FAR ? point_flow(&c->t->at[FAR], near->pair) : near;
	uint32_t begin = seq_at(near, other, g->from, g->seq), end = begin + span_len(g);
	uint32_t joined = begin;
	bool came = false, known = false;

	if (near->kind != PACKET_TCP || begin == end)
		return FATE_LOST;
	for (uint32_t i = f->first; i && c->work < WORK_MAX; i = point_sight(&c->t->at[other], i)->next,
	     c->work++) {
		const struct sight *h = point_sight(&c->t->at[other], i);

		if (h->from != g->from) {
			known |= !came && h->flags & TCP_ACK && !(h->flags & TCP_RST) &&
				 (int32_t)(h->ack - end) >= 0 && twopoint_origin(near, h->from) == other;
			continue;
		}
		if ((int32_t)(h->seq - joined) <= 0 && (int32_t)(h->seq + span_len(h) - joined) > 0) {
			came |= h->mate != 0;
			joined = h->seq + span_len(h);
		}
		if ((int32_t)(joined - end) >= 0 && !came && !known)
			return FATE_CUT_UP;
	}
	return known && (int32_t)(joined - end) < 0 ? FATE_UNSEEN : FATE_LOST;
}

static void count_sent(struct way *w, const struct sight *g)
{
	w->sent++;
	w->begun += g->flags & TCP_SYN ? 1 : 0;
}

static void count_lost(struct way *w, const struct sight *g, bool late)
{
	w->lost++;
	w->begun_lost += g->flags & TCP_SYN ? 1 : 0;
	w->beyond += late;
	if (g->len && g->len < w->smallest_lost)
		w->smallest_lost = g->len;
	frames_add(&w->frames, g->frame);
}

/* A packet at the point where it comes first. */
static void follow(struct counting *c, struct tally *y, const struct flow *near, const struct sight *g,
                   enum place origin)
{
	enum place other = origin == NEAR ? FAR : NEAR;
	int64_t time = clocks_near(&c->t->clocks, origin, g->time);
	struct way *w = &y->way[origin];
	bool late = is_late(c, other, time);

	if (g->mate) {
		count_sent(w, g);
		w->arrived++;
		if (g->len > w->largest)
			w->largest = g->len;
		return;
	}
	if (g->flags & TCP_RST || is_early(c->t, other, time) || (late && w->arrived))
		return;
	switch (near->pair ? fate_of(c, near, g, origin) : FATE_LOST) {
	case FATE_LOST:
		count_sent(w, g);
		count_lost(w, g, late);
		break;
	case FATE_UNSEEN:
		c->blind[other].missed++;
		break;
	case FATE_CUT_UP:
		break;
	}
}

static void count_reset(struct counting *c, struct tally *y, const struct sight *g, enum place at,
                        enum place origin)
{
	enum maker maker = g->from == CLIENT ? MAKER_CLIENT : MAKER_SERVER;
	enum place other = at == NEAR ? FAR : NEAR;

	if (!g->mate) {
		/* At its origin alone: on its way something took it, and nobody minds. */
		if (at == origin || is_late(c, other, clocks_near(&c->t->clocks, at, g->time)))
			return;
		maker = at == NEAR ? MAKER_TO_NEAR : MAKER_TO_FAR;
	} else if (at != origin) {
		return;                 /* counted there */
	}
	y->resets[maker]++;
	frames_add(&y->reset_frames[maker][at], g->frame);
	if (g->mate)
		frames_add(&y->reset_frames[maker][other], point_sight(&c->t->at[other], g->mate)->frame);
}

/* One flow as one of both places has it. */
static void count_sights(struct counting *c, struct tally *y, const struct flow *near, enum place at)
{
	const struct flow *f = at == NEAR ? near : point_flow(&c->t->at[FAR], near->pair);

	for (uint32_t i = f->first; i; i = point_sight(&c->t->at[at], i)->next) {
		const struct sight *g = point_sight(&c->t->at[at], i);
		enum place origin = twopoint_origin(near, g->from);

		if (g->flags & TCP_RST)
			count_reset(c, y, g, at, origin);
		if (origin == at)
			follow(c, y, near, g, origin);
		else if (!g->mate && !(g->flags & TCP_RST) && near->kind == PACKET_TCP && span_len(g) &&
		         fate_of(c, near, g, at) != FATE_CUT_UP)
			c->blind[origin].missed++;
		if (at == NEAR && g->mate)
			tally_changes(y, c->t, near, g);
	}
}

static void count_large(struct tally *y, const struct twopoint *t, const struct flow *f, enum place at)
{
	for (uint32_t i = f->first; i; i = point_sight(&t->at[at], i)->next) {
		const struct sight *g = point_sight(&t->at[at], i);
		struct way *w = &y->way[at];

		if (twopoint_origin(f, g->from) == at && !g->mate && g->len > w->largest)
			w->lost_large++;
	}
}

static void note_translation(struct tally *y, const struct flow *f, const struct flow *g)
{
	bool server = !endpoint_eq(&f->end[SERVER], &g->end[SERVER]);
	bool client = !endpoint_eq(&f->end[CLIENT], &g->end[CLIENT]);

	if (server && !y->server_turned++)
		y->server_beyond = g->end[SERVER];
	if (client && !y->client_turned++) {
		y->client_before = f->end[CLIENT];
		y->client_beyond = g->end[CLIENT];
	}
	if (!server && !client)
		return;
	frames_add(&y->turned_frames[NEAR], f->first_frame);
	frames_add(&y->turned_frames[FAR], g->first_frame);
}

/* ---- flows that did not get there ---- */

static bool know_addr(struct map *m, const struct addr *a)
{
	return map_put(m, span_of(a->bytes, sizeof a->bytes)) != NULL;
}

static void know_beyond(struct counting *c)
{
	for (uint32_t i = 1; i <= point_flows(&c->t->at[FAR]); i++)
		if (!know_addr(&c->beyond, &point_flow(&c->t->at[FAR], i)->end[SERVER].addr))
			return;
	for (uint32_t i = 1; i <= point_flows(&c->t->at[NEAR]); i++) {
		const struct flow *f = point_flow(&c->t->at[NEAR], i);

		if (f->pair && !f->relayed && !know_addr(&c->beyond, &f->end[SERVER].addr))
			return;
	}
}

/* The way leads there: FAR knows the server; or the port is the update point's, and nobody answers. */
static bool is_due(const struct counting *c, const struct flow *f, bool *known)
{
	const struct addr *a = &f->end[SERVER].addr;

	*known = map_find(&c->beyond, span_of(a->bytes, sizeof a->bytes)) != NULL;
	return *known || (wsus_port(f->end[SERVER].port) && !f->syn[SERVER].seen);
}

/* The server itself may have refused it, when FAR no longer recorded. */
static bool is_refused_late(const struct counting *c, const struct flow *f)
{
	for (uint32_t i = f->first; i; i = point_sight(&c->t->at[NEAR], i)->next) {
		const struct sight *g = point_sight(&c->t->at[NEAR], i);

		if (g->from == SERVER && g->flags & TCP_RST && is_late(c, FAR, g->time))
			return true;
	}
	return false;
}

static void count_alone(struct counting *c, struct tally *y, const struct flow *f)
{
	bool refused = false;
	uint64_t lost = y->way[0].lost;

	if (is_refused_late(c, f))
		return;
	for (uint32_t i = f->first; i; i = point_sight(&c->t->at[NEAR], i)->next) {
		const struct sight *g = point_sight(&c->t->at[NEAR], i);

		if (g->from == CLIENT)
			follow(c, y, f, g, NEAR);
		else if (g->flags & TCP_RST) {
			refused = true;
			frames_add(&y->refused_frames, g->frame);
		}
	}
	y->refused += refused;
	y->vain += !refused && !f->icmp_frame && y->way[0].lost >= lost + 2;
	if (!f->icmp_frame)
		return;
	if (!y->rejected++) {
		y->rejected_from = f->icmp_from;
		y->rejected_type = f->icmp_type;
		y->rejected_code = f->icmp_code;
	}
	frames_add(&y->rejected_frames, f->icmp_frame);
}

static void count_pair(struct counting *c, struct tally *y, const struct flow *f)
{
	const struct flow *g = point_flow(&c->t->at[FAR], f->pair);

	y->through++;
	y->known = true;
	c->work = 0;
	count_sights(c, y, f, NEAR);
	c->work = 0;
	count_sights(c, y, f, FAR);
	note_translation(y, f, g);
	if (f->kind == PACKET_TCP)
		tally_syns(y, f, g);
}

/* What NEAR alone has: an attempt that went nowhere.  What something between answered is told elsewhere, and
 * what NEAR joined midway was perhaps never complete at FAR. */
static bool is_vain(const struct flow *f)
{
	uint16_t port = f->end[SERVER].port;

	if (f->pair)
		return false;
	/* Other datagrams, to everybody in a network mostly, are not meant to pass a router. */
	if (f->kind == PACKET_UDP)
		return port == PORT_DNS || port == PORT_KERBEROS;
	return f->begun && !f->syn[SERVER].seen;
}

static bool count_flow(struct counting *c, struct tallies *all, const struct flow *f)
{
	bool known = false;
	struct tally *y;

	if (!(f->pair ? !f->relayed : is_vain(f) && is_due(c, f, &known)))
		return true;
	y = tally_for(all, f);
	if (!y)
		return all->by_server.count >= SERVICES_MAX;
	y->flows++;
	add_client(y, &f->end[CLIENT].addr);
	y->known |= known;
	if (f->pair)
		count_pair(c, y, f);
	else
		count_alone(c, y, f);
	return true;
}

bool tallies_make(struct tallies *all, const struct twopoint *t, struct blind blind[2])
{
	struct counting c = { .t = t, .blind = blind };
	bool done = true;

	map_init(&all->by_server, SERVICES_MAX);
	map_init(&c.beyond, SERVICES_MAX * 16);
	know_beyond(&c);
	for (uint32_t i = 1; done && i <= point_flows(&t->at[NEAR]); i++)
		done = count_flow(&c, all, point_flow(&t->at[NEAR], i));
	for (uint32_t i = 1; done && i <= point_flows(&t->at[NEAR]); i++) {
		const struct flow *f = point_flow(&t->at[NEAR], i);
		struct tally *y = f->pair && !f->relayed ? tally_of(all, f) : NULL;

		if (!y)
			continue;
		count_large(y, t, f, NEAR);
		count_large(y, t, point_flow(&t->at[FAR], f->pair), FAR);
	}
	map_release(&c.beyond);
	return done;
}

void tallies_free(struct tallies *all)
{
	map_release_values(&all->by_server);
}
