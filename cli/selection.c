/* cli/selection.c - findings want frames, at four levels; each reading takes what is wanted by then. */
#include "cli/selectionstate.h"

#include <stdlib.h>

enum { LOOKUPS_MAX = 8 };               /* of one finding, that led to its server */

/* Captured bytes, at each level: of one conversation from its beginning, of one host or pair. */
static const uint64_t flow_bytes[LEVELS] = { 256 << 10, 4 << 20, 64 << 20, 256 << 20 };
static const uint64_t peer_bytes[LEVELS] = { 0, 4 << 20, 64 << 20, 256 << 20 };

/* ---- what is wanted ---- */

struct target *selection_add_target(struct selection *s, const struct finding *n)
{
	size_t room = s->target_room ? 2 * s->target_room : 16;
	struct target *more = s->targets;

	if (s->target_count == s->target_room) {
		more = realloc(s->targets, room * sizeof *more);
		s->failed |= !more;
		if (!more)
			return NULL;
		s->targets = more;
		s->target_room = room;
	}
	more[s->target_count] = (struct target){
		.kind = n->kind, .has_client = n->has_client, .has_server = n->has_server,
		.has_via = n->has_via, .client = n->client, .server = n->server.addr, .via = n->via.addr,
	};
	return &more[s->target_count++];
}

static void want_finding(struct selection *s, const struct finding *n)
{
	struct target *t = selection_add_target(s, n);
	uint32_t owner = (uint32_t)s->target_count - 1;
	struct owners *of_client;

	if (!t)
		return;
	t->finding = n;
	for (unsigned i = 0; i < n->frame_count; i++)
		selection_add_named(s, n->frames[i], owner, SELECTED_NAMED);
	for (unsigned i = 0; i < n->evidence_count; i++)
		if (n->evidence[i].frame)
			selection_add_named(s, n->evidence[i].frame, owner, SELECTED_NAMED);
	if (!n->has_client)
		return;
	of_client = map_value(&s->clients, span_of(n->client.bytes, sizeof n->client.bytes),
	                      sizeof *of_client);
	s->failed |= !of_client || !owners_add(of_client, owner);
}

/* ---- lookups that led to a server ---- */

static bool leads_to(const struct lookup *l, const struct target *t)
{
	unsigned count = l->answer_count < LOOKUP_ANSWERS ? l->answer_count : LOOKUP_ANSWERS;

	for (unsigned i = 0; i < count; i++)
		if ((t->has_server && addr_eq(&l->answers[i], &t->server)) ||
		    (t->has_via && addr_eq(&l->answers[i], &t->via)))
			return true;
	return false;
}

static void take_fact(void *self, const struct fact *fact)
{
	struct selection *s = self;
	const struct lookup *l = fact->lookup;
	struct map_entry *e;
	const struct owners *o;

	if (fact->kind != FACT_LOOKUP)
		return;
	e = map_find(&s->clients, span_of(l->client.bytes, sizeof l->client.bytes));
	o = e ? e->value : NULL;
	for (size_t i = 0; o && i < o->count; i++) {
		struct target *t = &s->targets[o->at[i]];

		if (t->lookups >= LOOKUPS_MAX || !leads_to(l, t))
			continue;
		t->lookups++;
		if (l->ask_frame)
			selection_add_named(s, l->ask_frame, o->at[i], SELECTED_LOOKUP);
		if (l->answer_frame)
			selection_add_named(s, l->answer_frame, o->at[i], SELECTED_LOOKUP);
	}
}

void selection_learn(struct selection *s, const struct frame *frame)
{
	size_t at = selection_named_at(s, frame->number);
	struct flow_key key;
	struct packet packet;
	struct flow *flow;

	if (!peel_frame(s->peel, frame, &packet))
		return;
	if (packet.kind == PACKET_UDP)
		lookups_packet(s->lookups, &packet);
	if (!selection_is_at(s, at, frame->number) || !flows_key(&packet, &key))
		return;
	flow = flows_put(&s->flows, &key);
	for (; flow && selection_is_at(s, at, frame->number); at++) {
		flow->learned = true;
		s->failed |= !owners_add(&flow->owners, s->named[at].owner);
	}
}

/* ---- taking ---- */

static void want_around(struct selection *s, uint32_t owner)
{
	const struct target *t = &s->targets[owner];
	const struct addr *host = t->has_client ? &t->client : t->has_server ? &t->server : NULL;

	if (t->level >= LEVEL_LOOKUPS && t->has_client)
		flows_want(&s->flows, &t->client, NULL, owner, t->level == LEVEL_LOOKUPS);
	if (t->level >= LEVEL_LOOKUPS && t->has_client && t->has_server)
		flows_want(&s->flows, &t->client, &t->server, owner, false);
	if (t->level >= LEVEL_LOOKUPS && t->has_client && t->has_via)
		flows_want(&s->flows, &t->client, &t->via, owner, false);
	if (host && (t->level >= LEVEL_HOSTS || (t->level >= LEVEL_LOOKUPS && !t->has_client)))
		flows_want(&s->flows, host, NULL, owner, false);
	s->wants_all |= t->level >= LEVEL_ALL || (t->level >= LEVEL_HOSTS && !host);
}

bool selection_renew_peel(struct selection *s)
{
	peel_free(s->peel);
	s->peel = peel_new(&s->limits);
	s->failed |= !s->peel;
	return s->peel != NULL;
}

bool selection_begin(struct selection *s)
{
	if (s->lookups)
		lookups_end(s->lookups);
	lookups_free(s->lookups);
	s->lookups = NULL;
	selection_sort_named(s);
	flows_begin(&s->flows);
	frameset_release(&s->frames);
	s->all_bytes = 0;
	s->wants_all = false;
	s->round++;
	for (uint32_t i = 0; i < s->target_count; i++)
		want_around(s, i);
	return selection_renew_peel(s) && !s->failed && !s->flows.failed;
}

static void add(struct selection *s, uint64_t frame)
{
	s->failed |= !frameset_add(&s->frames, frame);
}

static unsigned level_of(const struct selection *s, const struct owners *o)
{
	unsigned level = 0;

	for (size_t i = 0; i < o->count; i++)
		if (s->targets[o->at[i]].level > level)
			level = s->targets[o->at[i]].level;
	return level;
}

/* The host or pair that wants this packet. */
struct peer *selection_peer(struct selection *s, const struct packet *packet)
{
	const struct addr *a = &packet->source.addr, *b = &packet->target.addr;
	struct peer *found[] = {
		flows_peer(&s->flows, a, b), flows_peer(&s->flows, a, NULL), flows_peer(&s->flows, b, NULL),
	};

	for (size_t i = 0; i < sizeof found / sizeof *found; i++)
		if (found[i] && !(found[i]->lookups_alone && packet->kind == PACKET_TCP) &&
		    found[i]->bytes < peer_bytes[level_of(s, &found[i]->owners)])
			return found[i];
	return NULL;
}

static struct flow *flow_of(struct selection *s, const struct packet *packet)
{
	struct flow_key key;
	struct flow *flow;
	struct peer *peer;

	if (!flows_key(packet, &key))
		return NULL;
	flow = flows_find(&s->flows, &key);
	if (flow && flow->owners.count)
		return flow;
	peer = selection_peer(s, packet);
	flow = peer ? flows_put(&s->flows, &key) : NULL;
	if (flow)
		s->failed |= !owners_merge(&flow->owners, &peer->owners);
	return flow;
}

/* How a conversation begins and ends is always told. */
static bool is_turn(const struct packet *packet)
{
	return packet->kind == PACKET_ICMP ||
	       (packet->kind == PACKET_TCP && packet->tcp.flags & (TCP_SYN | TCP_FIN | TCP_RST));
}

static void take_fragments(struct selection *s, const struct flow *flow)
{
	const uint64_t *frames;
	size_t count = peel_fragments(s->peel, &frames);

	for (size_t i = 0; i < count; i++) {
		add(s, frames[i]);
		for (size_t k = 0; flow && k < flow->owners.count && s->round == 1; k++)
			selection_add_named(s, frames[i], flow->owners.at[k], SELECTED_FRAGMENT);
	}
}

static bool take_flow(struct selection *s, const struct frame *frame, const struct packet *packet,
                      bool is_named)
{
	struct flow *flow = flow_of(s, packet);

	if (!flow)
		return false;
	flow->bytes += frame->bytes.len;
	if (flow->bytes <= flow_bytes[level_of(s, &flow->owners)] || is_turn(packet)) {
		take_fragments(s, flow);
		return true;
	}
	/* What comes just before a frame that is named belongs to it. */
	if (is_named)
		for (; flow->passed; flow->passed--)
			add(s, flow->tail[(flow->passed - 1) % FLOWS_TAIL]);
	else
		flow->tail[flow->passed++ % FLOWS_TAIL] = frame->number;
	return is_named;
}

static bool take_peer(struct selection *s, const struct frame *frame, const struct packet *packet)
{
	struct peer *peer = selection_peer(s, packet);

	if (!peer)
		return false;
	peer->bytes += frame->bytes.len;
	take_fragments(s, NULL);
	return true;
}

void selection_take(struct selection *s, const struct frame *frame)
{
	size_t at = selection_named_at(s, frame->number);
	bool is_named = selection_is_at(s, at, frame->number), wanted = is_named;
	struct packet packet;

	if (peel_frame(s->peel, frame, &packet))
		wanted |= take_flow(s, frame, &packet, is_named) || take_peer(s, frame, &packet);
	if (!wanted && s->wants_all && s->all_bytes < peer_bytes[LEVEL_ALL]) {
		s->all_bytes += frame->bytes.len;
		wanted = true;
	}
	if (wanted)
		add(s, frame->number);
}

bool selection_taken(struct selection *s)
{
	for (size_t i = 0; i < s->flows.at.count; i++) {
		const struct flow *flow = s->flows.at.entries[i].value;

		for (unsigned k = 0; flow && k < FLOWS_TAIL && k < flow->passed; k++)
			add(s, flow->tail[k]);
	}
	return !s->failed && !s->flows.failed;
}

bool selection_has(const struct selection *s, uint64_t frame)
{
	return frameset_has(&s->frames, frame);
}

uint64_t selection_frames(const struct selection *s)
{
	return s->frames.size;
}

/* ---- the whole ---- */

struct selection *selection_new(const struct findings *findings, enum severity from)
{
	struct selection *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->from = from;
	map_init(&s->clients, SIZE_MAX);
	flows_init(&s->flows);
	s->sink = (struct fact_sink){ s, take_fact };
	s->lookups = lookups_new(&s->sink, &s->limits, NULL);
	for (size_t i = 0; i < findings_count(findings); i++)
		if (findings_at(findings, i)->severity >= from)
			want_finding(s, findings_at(findings, i));
	s->finding_count = s->target_count;
	selection_sort_named(s);
	if (s->lookups && selection_renew_peel(s) && !s->failed)
		return s;
	selection_free(s);
	return NULL;
}

void selection_free(struct selection *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->clients.count; i++)
		if (s->clients.entries[i].value)
			free(((struct owners *)s->clients.entries[i].value)->at);
	map_release_values(&s->clients);
	flows_release(&s->flows);
	frameset_release(&s->frames);
	lookups_free(s->lookups);
	peel_free(s->peel);
	free(s->targets);
	free(s->named);
	free(s);
}
