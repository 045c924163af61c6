/* veil/http.c - HTTP/1 under the veil: heads, bodies and the framing between, each at its place.
 *
 * decoders/http1.h finds the messages; here is what it says about, byte for byte, where they lie.  Requests
 * wait for their answers as far as an answer's reading depends on them.  What follows CONNECT or an upgrade
 * goes to a stream of its own.
 */
#include "veil/bodies.h"
#include "veil/heads.h"
#include "veil/requests.h"

#include "decoders/http1.h"

enum { HELD_MAX = 64 * 1024 };          /* that a client sends before a tunnel stands */

struct direction {
	struct http1 dec;
	struct body body;
	uint64_t begun;                 /* where the head under way begins */
	uint64_t next;                  /* what comes next lies there */
	bool in_line;                   /* of framing that is no chunk's size */
};

struct http {
	struct stream_env env;
	struct direction side[2];
	struct requests requests;
	enum { NO_TUNNEL, ASKED, OPEN } tunnel;
	uint16_t port;                  /* that the tunnel leads to */
	struct stream *inner;           /* NULL though open: too deep, or no memory */
	struct buf held;                /* of the client, while a tunnel is asked for ... */
	uint64_t held_at;               /* ... from there on */
	bool answers_lost;
};

static void *create(const struct stream_env *env)
{
	struct budget *budget = env->shared->budget;
	struct http *h = budget_alloc(budget, sizeof *h);
	bool joined = !env->depth && env->conn && env->conn->joined;

	if (!h)
		return NULL;
	h->env = *env;
	buf_init_on(&h->held, HELD_MAX, budget);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		http1_init(&h->side[side].dec, side == SERVER, joined, budget);
		body_init(&h->side[side].body, &h->env, side);
	}
	return h;
}

static void destroy(void *self)
{
	struct http *h = self;

	stream_free(h->inner);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		http1_release(&h->side[side].dec);
		body_release(&h->side[side].body);
	}
	buf_release(&h->held);
	budget_free(h->env.shared->budget, h, sizeof *h);
}

/* ---- framing ---- */

static bool is_size(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') || c == ' ' || c == '\t' ||
	       c == '\r' || c == '\n';
}

/* Chunk sizes and ends of lines stay; of extensions and trailers only how long they are. */
static void put_framing(struct http *h, enum side from, uint64_t at, struct span bytes)
{
	const struct lane *lane = &h->env.lane;
	bool *in_line = &h->side[from].in_line;
	size_t run = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		uint8_t c = bytes.at[i];

		*in_line = c != '\n' && (*in_line || !is_size(c));
		if (!*in_line || c == '\r' || c == ':' || c == ';')
			continue;
		lane->keep(lane->self, from, at + run, i - run);
		lane->fill(lane->self, from, at + i, 1, 'x');
		run = i + 1;
	}
	lane->keep(lane->self, from, at + run, bytes.len - run);
}

/* Whether what is read in that state is framing that stays. */
static bool is_framing(enum http1_state state)
{
	switch (state) {
	case HTTP1_AT_START:
	case HTTP1_IN_LENGTH:
	case HTTP1_IN_CHUNK_SIZE:
	case HTTP1_IN_CHUNK_EXTENSION:
	case HTTP1_IN_CHUNK:
	case HTTP1_AFTER_CHUNK:
	case HTTP1_IN_TRAILER:
	case HTTP1_AFTER_HEAD:
	case HTTP1_IN_REST:
	case HTTP1_AT_END:
		return true;
	case HTTP1_IN_HEAD:
	case HTTP1_IN_KEPT:
	case HTTP1_CUT_IN_HEAD:
	case HTTP1_AT_CUT:
	case HTTP1_SEARCHING:
	case HTTP1_IN_TUNNEL:
	case HTTP1_CLOSED:
		break;
	}
	return false;
}

/* ---- heads ---- */

/* `end` is where the head ends on the wire; one that is longer than is kept ends in an empty line there. */
static void put_head(struct http *h, enum side from, const struct httphead *head, uint64_t end)
{
	enum { EMPTY_LINE = 4 };
	const struct lane *lane = &h->env.lane;
	struct direction *d = &h->side[from];
	uint64_t kept = d->begun + head->bytes.len;
	uint8_t *to = budget_room(h->env.shared->budget, head->bytes.len + 1);

	if (to) {
		heads_put(h->env.shared, head, to);
		lane->put(lane->self, from, d->begun, span_of(to, head->bytes.len));
	} else {
		h->env.shared->blanked++;
	}
	budget_free(h->env.shared->budget, to, head->bytes.len + 1);
	if (head->anomalies & 1u << HTTP_HEAD_TOO_LONG && end > kept + EMPTY_LINE && head->complete) {
		lane->fill(lane->self, from, kept, end - kept - EMPTY_LINE, 'x');
		lane->keep(lane->self, from, end - EMPTY_LINE, EMPTY_LINE);
	}
}

static void begin_body(struct http *h, enum side from, const struct httphead *head,
                       enum http1_follows follows, const struct body_asked *asked)
{
	struct direction *d = &h->side[from];

	if (http1_body(&d->dec, follows, true) != HTTP1_EMPTY)
		body_begin(&d->body, head, asked);
}

static void take_request(struct http *h, const struct httphead *head)
{
	struct http1 *dec = &h->side[CLIENT].dec;
	struct request *r = requests_ask(&h->requests, head);

	if (!head->complete)
		return;
	if (head->version == 9)
		http1_bare(&h->side[SERVER].dec);
	if (r->kind == REQUEST_CONNECT) {
		http1_body(dec, HTTP1_TUNNEL, true);
		h->tunnel = ASKED;
		h->port = r->port;
	} else {
		begin_body(h, CLIENT, head, HTTP1_BODY, &r->asked);
	}
}

static void take_bytes(void *self, enum side from, uint64_t at, struct span bytes);

/* ---- tunnels ---- */

static void hand_on(struct http *h, enum side from, uint64_t at, struct span bytes)
{
	if (h->inner && bytes.len)
		stream_bytes(h->inner, from, at, bytes);
}

static void open_tunnel(struct http *h)
{
	struct stream_env inside = h->env;

	h->tunnel = OPEN;
	inside.depth++;
	inside.port = h->port;
	h->inner = stream_new(&inside);
	hand_on(h, CLIENT, h->held_at, buf_span(&h->held));
	buf_release(&h->held);
}

/* It was refused: what the client sent meanwhile is its next request. */
static void refuse_tunnel(struct http *h)
{
	struct buf held = h->held;

	h->tunnel = NO_TUNNEL;
	http1_resume(&h->side[CLIENT].dec);
	buf_init_on(&h->held, HELD_MAX, held.budget);
	if (held.len)
		take_bytes(h, CLIENT, h->held_at, buf_span(&held));
	buf_release(&held);
}

/* The answer may lie in a hole: then what the client goes on with tells what it was. */
static void guess_tunnel(struct http *h)
{
	if (h->tunnel != ASKED || !h->answers_lost || !h->held.len)
		return;
	if (httphead_plausible(false, buf_span(&h->held)))
		refuse_tunnel(h);
	else
		open_tunnel(h);
}

static void hold(struct http *h, uint64_t at, struct span bytes)
{
	if (!h->held.len)
		h->held_at = at;
	if (buf_add(&h->held, bytes)) {
		guess_tunnel(h);
		return;
	}
	open_tunnel(h);
	hand_on(h, CLIENT, at, bytes);
}

static void take_answer(struct http *h, const struct httphead *head)
{
	struct http1 *dec = &h->side[SERVER].dec;
	struct request r;
	bool accepted = head->status / 100 == 2, connect;

	if (head->status / 100 == 1 && head->status != 101)
		return;
	r = requests_answer(&h->requests);
	connect = r.kind == REQUEST_CONNECT;
	if (!head->complete)
		return;
	if (connect && h->tunnel == ASKED && !accepted)
		refuse_tunnel(h);
	if (head->status == 101 || (connect && accepted)) {
		http1_body(dec, HTTP1_TUNNEL, true);
		if (h->tunnel != OPEN)
			open_tunnel(h);
	} else {
		static const enum http1_follows follows[] = {
			[REQUEST_UNKNOWN] = HTTP1_MAYBE_BODY, [REQUEST_HEAD] = HTTP1_NO_BODY,
			[REQUEST_CONNECT] = HTTP1_BODY, [REQUEST_OTHER] = HTTP1_BODY,
		};

		begin_body(h, SERVER, head, follows[r.kind], &r.asked);
	}
}

/* ---- events ---- */

static void take_event(struct http *h, enum side from, const struct http1_event *ev, uint64_t end)
{
	struct direction *d = &h->side[from];

	switch (ev->kind) {
	case HTTP1_BEGIN:
		d->begun = end - d->dec.kept.len;
		d->in_line = false;
		break;
	case HTTP1_HEAD:
		put_head(h, from, &ev->head, end);
		if (from == CLIENT)
			take_request(h, &ev->head);
		else
			take_answer(h, &ev->head);
		break;
	case HTTP1_PIECE:
		/* What began like a head and was none has waited. */
		body_piece(&d->body, ev->piece.at == d->dec.kept.at ? d->begun : end - ev->piece.len,
		           ev->piece);
		break;
	case HTTP1_END:
	case HTTP1_CUT:
		body_end(&d->body);
		break;
	case HTTP1_SKIPPED:
	case HTTP1_ANOMALY:
		break;
	}
}

/* Takes from the front of *in, which lies at *at. */
static void drain(struct http *h, enum side from, uint64_t *at, struct span *in)
{
	struct direction *d = &h->side[from];
	struct http1_event ev;
	bool more = true;

	while (more) {
		enum http1_state state = d->dec.state;
		struct span before = *in;
		size_t used, piece;

		more = http1_next(&d->dec, in, &ev);
		used = before.len - in->len;
		piece = more && ev.kind == HTTP1_PIECE && ev.piece.len <= used ? ev.piece.len : 0;
		if (more && ev.kind == HTTP1_SKIPPED)
			piece = used;
		if (is_framing(state) && used > piece)
			put_framing(h, from, *at, span_of(before.at, used - piece));
		*at += used;
		if (more)
			take_event(h, from, &ev, *at);
		if (h->tunnel == OPEN)
			return;
	}
}

static void take_bytes(void *self, enum side from, uint64_t at, struct span bytes)
{
	struct http *h = self;

	h->side[from].next = at + bytes.len;
	if (h->tunnel != OPEN && (from == SERVER || h->tunnel == NO_TUNNEL))
		drain(h, from, &at, &bytes);
	if (h->tunnel == OPEN)
		hand_on(h, from, at, bytes);
	else if (from == CLIENT && bytes.len && h->tunnel == ASKED)
		hold(h, at, bytes);
}

static void take_hole(void *self, enum side from, uint64_t at, uint64_t len)
{
	struct http *h = self;
	struct direction *d = &h->side[from];
	struct span nothing = SPAN("");

	if (from == CLIENT && h->tunnel == ASKED)
		open_tunnel(h);
	if (h->tunnel == OPEN) {
		if (h->inner)
			stream_hole(h->inner, from, at, len);
		return;
	}
	body_lost(&d->body);
	http1_hole(&d->dec, len);
	at += len;
	d->next = at;
	drain(h, from, &at, &nothing);
	if (http1_searching(&d->dec)) {
		requests_lost(&h->requests);
		h->answers_lost |= from == SERVER;
	}
	guess_tunnel(h);
}

static void take_end(void *self)
{
	struct http *h = self;

	if (h->tunnel == ASKED && h->held.len)
		open_tunnel(h);
	if (h->tunnel == OPEN && h->inner)
		stream_end(h->inner);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct direction *d = &h->side[side];
		struct span nothing = SPAN("");
		uint64_t at = d->next;

		if (h->tunnel != OPEN) {
			http1_close(&d->dec);
			drain(h, side, &at, &nothing);
			http1_end(&d->dec);
			drain(h, side, &at, &nothing);
		}
		body_end(&d->body);
	}
}

const struct rewriter rewriter_http = {
	.name = "http",
	.create = create,
	.destroy = destroy,
	.bytes = take_bytes,
	.hole = take_hole,
	.end = take_end,
};
