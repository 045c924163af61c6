/* veil/streams.c - which rewriter sits on which side of a stream.
 *
 * As decoders/stack.c chooses, by a message's first bytes, else by port; of what begins no message nothing
 * is decided, so it is blanked.  A server may answer in another protocol than it was asked in: then each
 * side has a rewriter of its own.
 */
#include "veil/streams.h"

#include "decoders/sniff.h"

enum { LOOK_MAX = 64 * 1024, ANSWER_MAX = 64, ENOUGH = 3 };

struct side_seat {
	const struct rewriter *rewriter;        /* NULL: not chosen yet */
	void *self;
	struct buf held;                /* until it is */
	uint64_t held_at;
	size_t looked;                  /* bytes that began nothing */
};

struct stream {
	struct stream_env env;
	bool joined;                    /* bytes before the next one are unknown, or nobody's */
	struct side_seat seat[2];
};

struct stream *stream_new(const struct stream_env *env)
{
	struct stream *s;

	if (env->depth >= STREAM_DEPTH_MAX)
		return NULL;
	s = budget_alloc(env->shared->budget, sizeof *s);
	if (!s)
		return NULL;
	s->env = *env;
	s->joined = !env->depth && env->conn && env->conn->joined;
	for (enum side side = CLIENT; side <= SERVER; side++)
		buf_init_on(&s->seat[side].held, SNIFF_MAX + ANSWER_MAX, env->shared->budget);
	return s;
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	if (s->seat[CLIENT].rewriter)
		s->seat[CLIENT].rewriter->destroy(s->seat[CLIENT].self);
	if (s->seat[SERVER].rewriter && s->seat[SERVER].self != s->seat[CLIENT].self)
		s->seat[SERVER].rewriter->destroy(s->seat[SERVER].self);
	for (enum side side = CLIENT; side <= SERVER; side++)
		buf_release(&s->seat[side].held);
	budget_free(s->env.shared->budget, s, sizeof *s);
}

/* ---- choosing ---- */

const struct rewriter *const rewriters_all[REWRITERS] = {
	[SNIFF_HTTP] = &rewriter_http,
	[SNIFF_TLS] = &rewriter_tls,
	[SNIFF_DNS] = &rewriter_dns,
};

static const struct rewriter *rewriter_of(const struct stream *s, enum sniff found)
{
	const struct rewriter *const *all = s->env.shared->rewriters;

	return (unsigned)found >= REWRITERS ? NULL : all ? all[found] : rewriters_all[found];
}

static void drop_held(struct stream *s, enum side from)
{
	struct side_seat *seat = &s->seat[from];

	seat->looked += seat->held.len;
	s->joined |= seat->held.len > 0;
	buf_clear(&seat->held);
}

/* The rewriter hears what was held. */
static void hand_over(struct stream *s, enum side from)
{
	struct side_seat *seat = &s->seat[from];

	if (seat->held.len)
		seat->rewriter->bytes(seat->self, from, seat->held_at, buf_span(&seat->held));
	buf_release(&seat->held);
}

/* NULL is fine: nothing is decided then. */
static void sit(struct stream *s, enum side from, const struct rewriter *r)
{
	struct side_seat *seat = &s->seat[from];
	const struct side_seat *other = &s->seat[side_other(from)];

	if (other->rewriter == r && r) {
		seat->self = other->self;
		seat->rewriter = r;
	} else {
		seat->self = r ? r->create(&s->env) : NULL;
		seat->rewriter = seat->self ? r : NULL;
	}
	if (seat->rewriter) {
		hand_over(s, from);
		return;
	}
	seat->looked = LOOK_MAX;
	drop_held(s, from);
}

static bool is_maybe(enum sniff found)
{
	return found == SNIFF_MAYBE_HTTP || found == SNIFF_MAYBE_TLS;
}

/* Once the other side has a rewriter, this one has the same, unless the server begins otherwise. */
static void follow(struct stream *s, enum side from)
{
	const struct rewriter *main = s->seat[side_other(from)].rewriter;
	struct span held = buf_span(&s->seat[from].held);
	enum sniff found = sniff_start(held, false);
	const struct rewriter *r = from == SERVER && !s->joined ? rewriter_of(s, found) : NULL;

	if (from == SERVER && !s->joined && is_maybe(found) && held.len < ANSWER_MAX)
		return;
	sit(s, from, r ? r : main);
}

static enum sniff by_port(const struct stream *s)
{
	bool looked = s->seat[CLIENT].looked || s->seat[SERVER].looked;
	enum sniff usual = looked ? SNIFF_NONE : sniff_port(s->env.port);

	return usual == SNIFF_HTTP && !s->joined ? SNIFF_NONE : usual;
}

static void look(struct stream *s, enum side from)
{
	enum side other = side_other(from);
	struct span held = buf_span(&s->seat[from].held);
	enum sniff found;

	if (!held.len)
		return;
	if (s->seat[other].rewriter) {
		follow(s, from);
		return;
	}
	found = sniff_start(held, s->joined);
	if (is_maybe(found) && held.len < SNIFF_MAX)
		return;
	if (found == SNIFF_NONE || is_maybe(found))
		found = by_port(s);
	if (found == SNIFF_NONE) {
		drop_held(s, from);
		return;
	}
	sit(s, from, rewriter_of(s, found));
	if (s->seat[other].held.len)
		look(s, other);
}

/* No more bytes will settle what is held. */
static void settle(struct stream *s)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct span held = buf_span(&s->seat[side].held);
		const struct rewriter *other = s->seat[side_other(side)].rewriter;
		enum sniff likely = SNIFF_NONE;

		if (!held.len)
			continue;
		if (held.len >= ENOUGH && sniff_start(held, s->joined) == SNIFF_MAYBE_TLS)
			likely = SNIFF_TLS;
		else if (!other)
			likely = sniff_port(s->env.port);
		sit(s, side, likely == SNIFF_NONE ? other : rewriter_of(s, likely));
	}
}

/* ---- what carriers call ---- */

void stream_bytes(struct stream *s, enum side from, uint64_t at, struct span bytes)
{
	struct side_seat *seat = &s->seat[from];

	while (bytes.len && !seat->rewriter && seat->looked < LOOK_MAX) {
		struct span some;

		if (!seat->held.len)
			seat->held_at = at;
		some = span_take(&bytes, seat->held.ceiling - seat->held.len);
		at += some.len;
		/* Without memory nothing is known of them. */
		if (!some.len || !buf_add(&seat->held, some)) {
			seat->looked = LOOK_MAX;
			drop_held(s, from);
			return;
		}
		look(s, from);
	}
	if (bytes.len && seat->rewriter)
		seat->rewriter->bytes(seat->self, from, at, bytes);
}

void stream_hole(struct stream *s, enum side from, uint64_t at, uint64_t len)
{
	settle(s);
	s->joined = true;
	if (s->seat[from].rewriter)
		s->seat[from].rewriter->hole(s->seat[from].self, from, at, len);
	else
		s->seat[from].looked = 0;
}

void stream_end(struct stream *s)
{
	const struct side_seat *client = &s->seat[CLIENT], *server = &s->seat[SERVER];

	settle(s);
	if (client->rewriter)
		client->rewriter->end(client->self);
	if (server->rewriter && server->self != client->self)
		server->rewriter->end(server->self);
}
