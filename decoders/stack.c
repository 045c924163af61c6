/* decoders/stack.c - which decoder sits on which stream, and which one must join it.
 *
 * A stack looks at the beginning of each piece of bytes until one begins a message, gives what it
 * held to that layer, and from then on passes everything on.  A side that shows no message in its
 * first LOOK_MAX bytes is not looked at any more: the conversation is opaque.  Thus a proxy's
 * greeting (SOCKS), STARTTLS, or a beginning that was not captured only delay the choice.
 */
#include "decoders/layer.h"

#include "base/buf.h"
#include "decoders/sniff.h"

enum { LOOK_MAX = 64 * 1024, HELD_MAX = SNIFF_MAX + 64, HELD_PIECES = 32, OPENING_MAX = 64 };

struct seat {
	const struct layer *layer;      /* NULL: nobody sits here */
	void *self;
};

struct piece {
	enum side from;
	size_t len;
	struct mark mark;
};

/* Bytes that may yet become a message, in the order in which they came. */
struct held {
	struct buf bytes[2];
	struct piece pieces[HELD_PIECES];
	size_t count;
};

struct opening {                        /* a side's first bytes */
	uint8_t bytes[OPENING_MAX];
	size_t len;
	struct mark mark;
};

struct stack {
	const struct stack_context *context;
	struct stack_place place;
	bool joined;                    /* bytes before the next one are unknown, or nobody's */
	struct seat main;               /* chosen by the first message */
	struct seat other;              /* joins for the server's answer in another protocol */
	bool compared;                  /* whether there is such an answer is known */
	struct opening opening[2];      /* until then */
	struct held *held;
	size_t looked[2];               /* bytes that began nothing */
	bool closed[2];
	struct mark closed_mark[2];
};

struct stack *stack_new(const struct stack_context *context, const struct stack_place *place)
{
	struct stack *s;

	if (place->depth >= STACK_DEPTH_MAX)
		return NULL;
	s = budget_alloc(context->budget, sizeof *s);
	if (!s) {
		limit_add(context->limits, LIMIT_MEMORY, 1);
		return NULL;
	}
	s->context = context;
	s->place = *place;
	s->joined = place->conn->joined && !place->tunnel && !place->tls;
	return s;
}

static void held_free(const struct stack *s, struct held *held)
{
	if (held) {
		buf_release(&held->bytes[CLIENT]);
		buf_release(&held->bytes[SERVER]);
	}
	budget_free(s->context->budget, held, sizeof *held);
}

static void leave(struct seat *seat)
{
	if (seat->layer)
		seat->layer->destroy(seat->self);
	seat->layer = NULL;
}

void stack_free(struct stack *s)
{
	if (!s)
		return;
	leave(&s->other);
	leave(&s->main);
	held_free(s, s->held);
	budget_free(s->context->budget, s, sizeof *s);
}

static const struct layer *layer_of(enum sniff protocol)
{
	if (protocol == SNIFF_DNS)
		return &layer_dns;
	return protocol == SNIFF_TLS ? &layer_tls : &layer_http;
}

/* False: out of memory. */
static bool sit(struct stack *s, struct seat *seat, enum sniff protocol)
{
	struct layer_env env = { s->context, s->place, s->joined };
	const struct layer *layer = layer_of(protocol);

	seat->self = layer->create(&env);
	if (seat->self)
		seat->layer = layer;
	else
		limit_add(s->context->limits, LIMIT_MEMORY, 1);
	return seat->self;
}

static void tell(const struct seat *seat, enum side from, struct span bytes, struct mark mark)
{
	if (seat->layer && bytes.len)
		seat->layer->bytes(seat->self, from, bytes, mark);
}

/* ---- once a layer sits: is the server's answer of its kind? */

static struct span opening_span(const struct opening *o)
{
	return span_of(o->bytes, o->len);
}

/* Returns how many of the bytes it kept. */
static size_t keep_opening(struct opening *o, struct span bytes, struct mark mark)
{
	struct span some = span_take(&bytes, OPENING_MAX - o->len);

	if (!o->len)
		o->mark = mark;
	memcpy(o->bytes + o->len, some.at, some.len);
	o->len += some.len;
	return some.len;
}

static bool is_main(const struct stack *s, enum sniff protocol)
{
	return s->main.layer == layer_of(protocol);
}

/* A web server that is spoken to in TLS answers 400 in clear text, a TLS server that is spoken to in
 * clear text answers with an alert: the layer of the client's choice says so, and the answer's own
 * layer says what it was.  It also sees how the client began. */
static void compare(struct stack *s, enum side from, struct span bytes, struct mark mark)
{
	struct opening *o = &s->opening[from];
	size_t kept;
	enum sniff found;

	if (s->compared)
		return;
	kept = keep_opening(o, bytes, mark);
	if (from == CLIENT)
		return;
	found = sniff_start(opening_span(o), false);
	if (found == SNIFF_MAYBE_HTTP || found == SNIFF_MAYBE_TLS) {
		s->compared = o->len == OPENING_MAX;
		return;
	}
	s->compared = true;
	if (found == SNIFF_NONE || is_main(s, found) || !sit(s, &s->other, found))
		return;
	if (found == SNIFF_TLS)
		tell(&s->other, CLIENT, opening_span(&s->opening[CLIENT]), s->opening[CLIENT].mark);
	tell(&s->other, SERVER, span_of(o->bytes, o->len - kept), o->mark);
}

static void pass_on(struct stack *s, enum side from, struct span bytes, struct mark mark)
{
	compare(s, from, bytes, mark);
	tell(&s->main, from, bytes, mark);
	if (from == SERVER)
		tell(&s->other, from, bytes, mark);
}

/* ---- before one sits */

static struct span held_span(const struct stack *s, enum side from)
{
	return s->held ? buf_span(&s->held->bytes[from]) : (struct span){ NULL, 0 };
}

static struct held *held_new(struct budget *budget)
{
	struct held *held = budget_alloc(budget, sizeof *held);

	if (!held)
		return NULL;
	buf_init_on(&held->bytes[CLIENT], HELD_MAX, budget);
	buf_init_on(&held->bytes[SERVER], HELD_MAX, budget);
	return held;
}

/* The piece that more bytes belong to; when all are taken, the last one grows. */
static struct piece *piece_for(struct held *held, enum side from, struct mark mark)
{
	struct piece *last = held->count ? &held->pieces[held->count - 1] : NULL;
	bool full = held->count == HELD_PIECES;

	if (last && last->from == from && (full || last->mark.frame == mark.frame))
		return last;
	if (full)
		return NULL;
	held->pieces[held->count] = (struct piece){ from, 0, mark };
	return &held->pieces[held->count++];
}

/* False: no room, so this is no message's beginning, or it is as good as lost. */
static bool hold(struct stack *s, enum side from, struct span bytes, struct mark mark)
{
	struct piece *piece;

	if (!s->held)
		s->held = held_new(s->context->budget);
	if (!s->held) {
		s->joined = true;
		return false;
	}
	piece = piece_for(s->held, from, mark);
	if (!piece)
		return false;
	if (!buf_add(&s->held->bytes[from], bytes)) {
		s->joined |= bytes.len <= HELD_MAX - s->held->bytes[from].len;
		return false;
	}
	piece->len += bytes.len;
	return true;
}

/* What that side held began nothing. */
static void drop_held(struct stack *s, enum side from)
{
	struct held *held = s->held;
	size_t kept = 0;

	if (!held || !held->bytes[from].len)
		return;
	s->looked[from] += held->bytes[from].len;
	s->joined = true;
	buf_clear(&held->bytes[from]);
	for (size_t i = 0; i < held->count; i++)
		if (held->pieces[i].from != from)
			held->pieces[kept++] = held->pieces[i];
	held->count = kept;
}

static unsigned port_of(const struct stack *s)
{
	enum { INSIDE_TLS = 80 };
	struct span target, port = { NULL, 0 };
	uint64_t number;

	if (s->place.tls)
		return INSIDE_TLS;
	if (!s->place.tunnel)
		return s->place.conn->server.port;
	for (target = s->place.tunnel->target; target.len;)
		port = span_split(&target, ':');        /* the last part: the host may be a bracketed v6 */
	return span_decimal(port, &number) && number <= UINT16_MAX ? (unsigned)number : 0;
}

/* The layer sits down and hears what was held. */
static void choose(struct stack *s, enum sniff protocol)
{
	struct held *held = s->held;
	struct span waiting[2] = { held_span(s, CLIENT), held_span(s, SERVER) };

	s->held = NULL;
	if (!sit(s, &s->main, protocol)) {
		s->looked[CLIENT] = s->looked[SERVER] = LOOK_MAX;
		held_free(s, held);
		return;
	}
	s->compared = s->joined;
	for (size_t i = 0; held && i < held->count; i++) {
		enum side from = held->pieces[i].from;

		pass_on(s, from, span_take(&waiting[from], held->pieces[i].len), held->pieces[i].mark);
	}
	held_free(s, held);
	for (enum side side = CLIENT; side <= SERVER; side++)
		if (s->closed[side])
			s->main.layer->close(s->main.self, side, s->closed_mark[side]);
}

/* Bytes that begin nothing: by its port a conversation may be of a kind all the same.  HTTP that was
 * joined midway finds its own next message; TLS tells what stands in its place. */
static enum sniff by_port(const struct stack *s)
{
	enum sniff usual = s->looked[CLIENT] || s->looked[SERVER] ? SNIFF_NONE : sniff_port(port_of(s));

	return usual == SNIFF_HTTP && !s->joined ? SNIFF_NONE : usual;
}

static bool is_maybe(enum sniff found)
{
	return found == SNIFF_MAYBE_HTTP || found == SNIFF_MAYBE_TLS;
}

static void look(struct stack *s, enum side from, struct span bytes, struct mark mark)
{
	bool fresh = !held_span(s, from).len;
	enum sniff found;

	if (fresh && s->looked[from] >= LOOK_MAX)
		return;
	if (fresh) {
		found = sniff_start(bytes, s->joined);
	} else {
		found = hold(s, from, bytes, mark) ? sniff_start(held_span(s, from), s->joined) : SNIFF_NONE;
		bytes.len = 0;
	}
	if (is_maybe(found)) {
		if (!bytes.len || hold(s, from, bytes, mark))
			return;
		found = SNIFF_NONE;
	}
	if (found == SNIFF_NONE)
		found = by_port(s);
	if (found == SNIFF_HTTP || found == SNIFF_TLS || found == SNIFF_DNS) {
		choose(s, found);
		if (s->main.layer && bytes.len)
			pass_on(s, from, bytes, mark);
		return;
	}
	drop_held(s, from);
	s->looked[from] += bytes.len;
	s->joined = true;
}

/* No more bytes will settle what is held: a few bytes of a hello, or what the port is for. */
static void settle(struct stack *s)
{
	enum { ENOUGH = 3 };
	enum sniff likely = SNIFF_NONE;

	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct span held = held_span(s, side);

		if (held.len >= ENOUGH && sniff_start(held, s->joined) == SNIFF_MAYBE_TLS)
			likely = SNIFF_TLS;
		else if (held.len && likely == SNIFF_NONE)
			likely = sniff_port(port_of(s));
	}
	if (likely != SNIFF_NONE)
		choose(s, likely);
	drop_held(s, CLIENT);
	drop_held(s, SERVER);
}

/* ---- what carriers call */

void stack_bytes(struct stack *s, enum side from, struct span bytes, struct mark mark)
{
	if (!bytes.len)
		return;
	if (s->main.layer)
		pass_on(s, from, bytes, mark);
	else
		look(s, from, bytes, mark);
}

void stack_hole(struct stack *s, enum side from, uint64_t len, struct mark mark)
{
	if (!s->main.layer)
		settle(s);
	s->joined = true;
	s->compared = true;
	s->looked[from] = 0;
	if (s->main.layer)
		s->main.layer->hole(s->main.self, from, len, mark);
	if (s->other.layer && from == SERVER)
		s->other.layer->hole(s->other.self, from, len, mark);
}

static uint64_t seat_skippable(const struct seat *seat, enum side from)
{
	return seat->layer->skippable(seat->self, from);
}

uint64_t stack_skippable(const struct stack *s, enum side from)
{
	uint64_t len, others;

	if (!s->main.layer)
		return s->looked[from] >= LOOK_MAX ? UINT64_MAX : 0;
	len = seat_skippable(&s->main, from);
	others = s->other.layer && from == SERVER ? seat_skippable(&s->other, from) : UINT64_MAX;
	return len < others ? len : others;
}

void stack_skip(struct stack *s, enum side from, uint64_t len, struct mark mark)
{
	if (s->main.layer)
		s->main.layer->skip(s->main.self, from, len, mark);
	if (s->other.layer && from == SERVER)
		s->other.layer->skip(s->other.self, from, len, mark);
}

void stack_close(struct stack *s, enum side from, struct mark mark)
{
	s->closed[from] = true;
	s->closed_mark[from] = mark;
	if (s->main.layer)
		s->main.layer->close(s->main.self, from, mark);
	if (s->other.layer && from == SERVER)
		s->other.layer->close(s->other.self, from, mark);
}

void stack_end(struct stack *s, enum stack_end how, struct mark mark)
{
	if (!s->main.layer)
		settle(s);
	if (s->main.layer)
		s->main.layer->end(s->main.self, how, mark);
	if (s->other.layer)
		s->other.layer->end(s->other.self, how, mark);
}
