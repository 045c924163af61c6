/* veil/veil.c - three readings of one capture. */
#include "veil/veil.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "base/map.h"
#include "decoders/track.h"
#include "veil/edits.h"
#include "veil/find.h"
#include "veil/learn.h"
#include "veil/packet.h"
#include "veil/streams.h"

enum { TRACK_SHARE = 4, SECRETS_MAX = 64 << 20 };

enum reading { LEARNS, DECIDES, REWRITES };

struct carried {                        /* what a connection carries */
	struct veil *veil;
	uint64_t id;
	struct stream *stream;          /* NULL: nobody could take it */
	uint64_t next[2];               /* offset behind what each side's stream has heard; 0: nothing */
};

struct veil {
	enum reading reading;
	struct budget tracking;         /* of its own, so connections end alike in all readings */
	struct budget budget;
	struct limits limits;           /* counted, and read by nobody */
	struct names *names;
	struct finder *finder;
	struct edits *edits;
	struct packets *packets;
	struct track *track;
	struct stack_tap tap;
	struct fact_sink sink;
	struct stack_context context;
	struct stream_shared shared;
	struct buf secrets;
	struct map carried;             /* id of a connection -> struct carried, while it lives */
};

/* ---- what streams decide ---- */

static void lane_keep(void *self, enum side from, uint64_t at, uint64_t len)
{
	const struct carried *c = self;

	if (c->veil->reading == DECIDES)
		edits_keep(c->veil->edits, c->id, from, at, len);
}

static void lane_put(void *self, enum side from, uint64_t at, struct span bytes)
{
	const struct carried *c = self;

	if (c->veil->reading == DECIDES)
		edits_put(c->veil->edits, c->id, from, at, bytes);
}

static void lane_fill(void *self, enum side from, uint64_t at, uint64_t len, uint8_t byte)
{
	const struct carried *c = self;

	if (c->veil->reading == DECIDES)
		edits_fill(c->veil->edits, c->id, from, at, len, byte);
}

/* ---- connections ---- */

static struct carried *carried_of(struct veil *v, const struct connection *c)
{
	struct map_entry *e = map_put(&v->carried, span_of(&c->id, sizeof c->id));
	struct carried *carried = e ? e->value : NULL;

	if (!e || carried)
		return carried;
	carried = budget_alloc(&v->budget, sizeof *carried);
	if (!carried)
		return NULL;
	carried->veil = v;
	carried->id = c->id;
	carried->stream = stream_new(&(struct stream_env){
		.shared = &v->shared,
		.lane = { carried, lane_keep, lane_put, lane_fill },
		.conn = c,
		.port = c->server.port,
	});
	v->shared.blanked += !carried->stream;
	e->value = carried;
	return carried;
}

static void take_bytes(void *self, const struct connection *c, enum side from, uint64_t at, struct span bytes,
                       uint64_t len)
{
	struct veil *v = self;
	struct carried *carried;

	if (v->reading == REWRITES)
		return;
	carried = carried_of(v, c);
	if (!carried || !carried->stream)
		return;
	if (carried->next[from] && at > carried->next[from])
		stream_hole(carried->stream, from, carried->next[from], at - carried->next[from]);
	stream_bytes(carried->stream, from, at, bytes);
	if (bytes.len < len)
		stream_hole(carried->stream, from, at + bytes.len, len - bytes.len);
	carried->next[from] = at + len;
}

static void forget(struct veil *v, struct map_entry *e)
{
	struct carried *carried = e->value;

	if (!carried)
		return;
	if (carried->stream)
		stream_end(carried->stream);
	stream_free(carried->stream);
	budget_free(&v->budget, carried, sizeof *carried);
	e->value = NULL;
}

static void take_fact(void *self, const struct fact *fact)
{
	struct veil *v = self;
	struct map_entry *e;

	if (fact->kind != FACT_CONNECTION)
		return;
	e = map_find(&v->carried, span_of(&fact->connection->id, sizeof fact->connection->id));
	if (e)
		forget(v, e);
}

/* ---- packets ---- */

static bool locate(void *self, const struct packet *packet, struct track_place *place)
{
	struct veil *v = self;

	track_packet(v->track, packet);
	return track_place(v->track, place);
}

static void rewrite(void *self, const struct track_place *place, uint8_t *bytes, size_t len)
{
	const struct veil *v = self;

	if (v->reading == REWRITES)
		edits_apply(v->edits, place->stream, place->from, place->at, bytes, len);
	else
		memset(bytes, 0, len);
}

/* ---- the whole ---- */

struct veil *veil_new(const struct veil_options *o)
{
	struct veil *v = calloc(1, sizeof *v);
	struct packets_payload payload = { v, locate, rewrite };

	if (!v)
		return NULL;
	v->tracking.ceiling = o->memory / TRACK_SHARE;
	v->budget.ceiling = o->memory - v->tracking.ceiling;
	v->tap = (struct stack_tap){ v, take_bytes };
	v->sink = (struct fact_sink){ v, take_fact };
	v->context = (struct stack_context){
		.sink = &v->sink, .limits = &v->limits, .budget = &v->tracking, .tap = &v->tap,
	};
	buf_init_on(&v->secrets, SECRETS_MAX, &v->budget);
	map_init_on(&v->carried, UINT32_MAX - 1, &v->budget);
	v->names = names_new(o->key, o->steady, &v->budget);
	v->edits = edits_new(&v->budget);
	if (v->names)
		v->packets = packets_new(v->names, &payload, &v->budget);
	v->track = track_new(&v->context);
	v->shared = (struct stream_shared){
		.names = v->names, .budget = &v->budget, .keys = o->keys, .secrets = &v->secrets,
		.rewriters = o->rewriters,
	};
	if (v->edits && v->packets && v->track)
		return v;
	veil_free(v);
	return NULL;
}

static void end_streams(struct veil *v)
{
	for (size_t i = 0; i < v->carried.count; i++)
		forget(v, &v->carried.entries[i]);
	map_release(&v->carried);
}

void veil_free(struct veil *v)
{
	if (!v)
		return;
	end_streams(v);
	track_free(v->track);
	packets_free(v->packets);
	edits_free(v->edits);
	finder_free(v->finder);
	names_free(v->names);
	if (v->secrets.at)
		OPENSSL_cleanse(v->secrets.at, v->secrets.len);
	buf_release(&v->secrets);
	free(v);
}

static void listen(void *self, const struct fact *fact)
{
	const struct veil *v = self;

	learn_fact(v->names, fact);
}

struct fact_sink veil_listener(struct veil *v)
{
	return (struct fact_sink){ v, listen };
}

/* What all readings need anew: the same connections, with the same numbers. */
static bool begin_again(struct veil *v)
{
	track_end(v->track);
	end_streams(v);
	track_free(v->track);
	v->track = track_new(&v->context);
	return v->track && packets_again(v->packets);
}

bool veil_turn(struct veil *v)
{
	if (!begin_again(v))
		return false;
	switch (v->reading) {
	case LEARNS:
		v->reading = DECIDES;
		names_seal(v->names);
		v->finder = finder_new(v->names, &v->budget);
		v->shared.finder = v->finder;
		v->shared.blanked = 0;
		return v->finder;
	case DECIDES:
		v->reading = REWRITES;
		edits_seal(v->edits);
		break;
	case REWRITES:
		break;
	}
	return true;
}

void veil_pass(struct veil *v, struct frame *frame)
{
	struct span bytes = packets_frame(v->packets, frame);

	if (v->reading != REWRITES)
		return;
	frame->bytes = bytes;
	frame->comment = (struct span){ NULL, 0 };
}

struct names *veil_names(struct veil *v)
{
	return v->names;
}

uint64_t veil_blanked(const struct veil *v)
{
	return v->shared.blanked + edits_refused(v->edits);
}

struct span veil_secrets(const struct veil *v)
{
	return buf_span(&v->secrets);
}
