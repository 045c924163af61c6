/* decoders/http.c - the HTTP/1 layer: two directions of messages into exchanges.
 *
 * bytes -> http1 (client, server) -> httpqueue (who answers whom) -> FACT_EXCHANGE -> httptunnel
 * -> a stack inside
 *
 * An answer that comes before its request is whole (413, 401 to an upload) is that request's;
 * the request may go on.  An answer that comes when no request has begun stands alone, unless a
 * request follows at once: then the capture showed them in the wrong order.
 */
#include "decoders/layer.h"

#include "decoders/httpqueue.h"
#include "decoders/httptunnel.h"

struct http {
	struct layer_env env;
	struct httpqueue queue;
	struct httptunnel tunnel;
	struct http1 dec[2];
	struct pending *reading[2];     /* whose request, whose response is under way */
	struct mark mark;               /* of what is read now */
	struct mark answer;             /* of the first byte of the response */
	int64_t before, payload;        /* when bytes came in a frame before this, and in this */
	enum exchange_end cause;        /* what cuts messages now */
	bool closed;                    /* a side did ... */
	enum side closer;               /* ... this one first */
};

static void destroy(void *self)
{
	struct http *h = self;

	httpqueue_release(&h->queue);
	httptunnel_release(&h->tunnel);
	http1_release(&h->dec[CLIENT]);
	http1_release(&h->dec[SERVER]);
	budget_free(h->env.context->budget, h, sizeof *h);
}

static void *create(const struct layer_env *env)
{
	struct budget *budget = env->context->budget;
	struct http *h = budget_alloc(budget, sizeof *h);

	if (!h)
		return NULL;
	h->env = *env;
	h->queue.env = &h->env;
	h->before = h->payload = MOMENT_NONE;
	h->cause = EXCHANGE_LOST;
	httptunnel_init(&h->tunnel, budget);
	http1_init(&h->dec[CLIENT], false, env->joined, budget);
	http1_init(&h->dec[SERVER], true, env->joined, budget);
	return h;
}

static void note_payload(struct http *h, struct mark mark)
{
	if (mark.frame != h->mark.frame)
		h->before = h->payload;
	h->mark = mark;
	h->payload = mark.time;
}

static void count_body(struct http *h, enum side from)
{
	pending_count(h->reading[from], from, &h->dec[from].counts, h->mark);
}

static void finish(struct http *h, enum side from, bool complete)
{
	struct pending *p = h->reading[from];
	struct http_message *m;

	if (!p)
		return;
	m = pending_message(p, from);
	count_body(h, from);
	if (complete)
		m->end_time = h->mark.time;
	pending_end(p, from, complete, h->env.context);
	p->done[from] = true;
	h->reading[from] = NULL;
	httpqueue_settle(&h->queue, h->mark);
}

static void begin_body(struct http *h, enum side from, enum http1_follows follows)
{
	struct pending *p = h->reading[from];
	struct http_message *m = pending_message(p, from);
	bool wanted = httpbody_wanted(h->env.context, &p->x, m);
	enum http1_framing framing = http1_body(&h->dec[from], follows, wanted);

	m->body.chunked = framing == HTTP1_CHUNKED;
	if (wanted && framing != HTTP1_EMPTY)
		pending_read(p, from, h->env.context);
}

static void begin_request(struct http *h)
{
	struct pending *p = httpqueue_ask(&h->queue, h->reading[SERVER], h->mark);

	h->reading[CLIENT] = p;
	if (!p)
		return;
	pending_begin(p, CLIENT, h->mark);
	if (h->before != MOMENT_NONE)
		p->x.idle_before = h->mark.time > h->before ? h->mark.time - h->before : 0;
}

static void note_head(struct http *h, const struct httphead *head, bool kept)
{
	if (!kept)
		limit_add(h->env.context->limits, LIMIT_MEMORY, 1);
	if (head->anomalies & (1u << HTTP_HEAD_TOO_LONG | 1u << HTTP_TOO_MANY_HEADERS))
		limit_add(h->env.context->limits, LIMIT_HEAD_CEILING, 1);
}

static bool is_connect(const struct pending *p)
{
	return span_eq(p->x.method, SPAN("CONNECT"));
}

static void take_request(struct http *h, const struct httphead *head)
{
	struct pending *p = h->reading[CLIENT];

	note_head(h, head, pending_request(p, head));
	if (!head->complete)
		return;
	if (head->version == 9)
		http1_bare(&h->dec[SERVER]);
	if (is_connect(p)) {
		http1_body(&h->dec[CLIENT], HTTP1_TUNNEL, false);
		httptunnel_ask(&h->tunnel);
	} else {
		begin_body(h, CLIENT, HTTP1_BODY);
	}
}

static void cut_request(struct http *h)
{
	struct pending *p = h->reading[CLIENT];

	p->lost |= h->cause == EXCHANGE_LOST;
	if (!p->x.method.len)
		httpqueue_forget(p);
	finish(h, CLIENT, false);
}

/* A piece that was read, or bytes that were not, of the body that is under way. */
static void take_body(struct http *h, enum side from, const struct http1_event *ev)
{
	struct httpbody *body = &h->reading[from]->body[from];

	if (ev->kind == HTTP1_PIECE && !httpbody_piece(body, ev->piece))
		http1_unwant(&h->dec[from]);
	else if (ev->kind == HTTP1_SKIPPED && !body->message)
		pending_message(h->reading[from], from)->body.skipped = true;
}

static void request_event(struct http *h, const struct http1_event *ev)
{
	if (ev->kind == HTTP1_BEGIN)
		begin_request(h);
	if (!h->reading[CLIENT])
		return;
	switch (ev->kind) {
	case HTTP1_BEGIN:
		break;
	case HTTP1_HEAD:
		take_request(h, &ev->head);
		break;
	case HTTP1_PIECE:
	case HTTP1_SKIPPED:
		take_body(h, CLIENT, ev);
		break;
	case HTTP1_END:
		finish(h, CLIENT, true);
		break;
	case HTTP1_CUT:
		cut_request(h);
		break;
	case HTTP1_ANOMALY:
		h->reading[CLIENT]->x.request.anomalies |= 1u << ev->anomaly;
		if (ev->anomaly == HTTP_BAD_START_LINE) {
			httpqueue_forget(h->reading[CLIENT]);
			finish(h, CLIENT, false);
		}
		break;
	}
}

/* The server takes up the tunnel or the other protocol: both streams are another stack's from
 * here. */
static void open_tunnel(struct http *h, const struct pending *p)
{
	http1_body(&h->dec[SERVER], HTTP1_TUNNEL, false);
	httptunnel_open(&h->tunnel, &h->env, p && is_connect(p) ? &p->x : NULL);
}

static void take_bytes(void *self, enum side from, struct span bytes, struct mark mark);

/* A tunnel was refused: what the client sent meanwhile is its next request. */
static void refuse_tunnel(struct http *h)
{
	struct httptunnel *t = &h->tunnel;
	struct mark now = h->mark, mark;
	struct buf held = t->held;
	struct span waiting = buf_span(&held), bytes;

	t->state = TUNNEL_NONE;
	http1_resume(&h->dec[CLIENT]);
	buf_init_on(&t->held, held.ceiling, held.budget);
	while (httptunnel_piece(&waiting, INT64_MAX, &bytes, &mark))
		take_bytes(h, CLIENT, bytes, mark);
	buf_release(&held);
	h->mark = now;
}

static void follow_answer(struct http *h, struct pending *p)
{
	bool accepted = p->x.status / 100 == 2;

	if (is_connect(p) && h->tunnel.state == TUNNEL_ASKED && !accepted)
		refuse_tunnel(h);
	if (p->x.status == 101 || (is_connect(p) && accepted))
		open_tunnel(h, p);
	else if (span_eq(p->x.method, SPAN("HEAD")))
		begin_body(h, SERVER, HTTP1_NO_BODY);
	else
		begin_body(h, SERVER, p->x.method.len ? HTTP1_BODY : HTTP1_MAYBE_BODY);
}

static void take_answer(struct http *h, const struct httphead *head)
{
	struct pending *p;

	if (head->status / 100 == 1 && head->status != 101) {
		p = httpqueue_waiting(&h->queue);
		if (p)
			pending_interim(p, head->status, h->answer);
		return;
	}
	p = httpqueue_answer(&h->queue, h->answer);
	h->reading[SERVER] = p;
	if (!p)
		return;
	pending_begin(p, SERVER, h->answer);
	note_head(h, head, pending_response(p, head));
	if (p->x.request.end_time != MOMENT_NONE && p->x.request.end_time <= h->answer.time)
		p->x.ttfb = h->answer.time - p->x.request.end_time;
	if (head->complete)
		follow_answer(h, p);
}

static void answer_anomaly(struct http *h, enum http_anomaly what)
{
	struct pending *p = h->reading[SERVER];

	if (p)
		p->x.response.anomalies |= 1u << what;
	if (what != HTTP_BAD_START_LINE)
		return;
	p = httpqueue_waiting(&h->queue);
	if (p)
		p->replaced = true;
}

static void answer_event(struct http *h, const struct http1_event *ev)
{
	struct pending *p = h->reading[SERVER];

	switch (ev->kind) {
	case HTTP1_BEGIN:
		h->answer = h->mark;
		break;
	case HTTP1_HEAD:
		take_answer(h, &ev->head);
		break;
	case HTTP1_PIECE:
	case HTTP1_SKIPPED:
		if (p)
			take_body(h, SERVER, ev);
		break;
	case HTTP1_END:
		finish(h, SERVER, true);
		break;
	case HTTP1_CUT:
		if (p)
			p->x.end = h->cause;
		finish(h, SERVER, false);
		break;
	case HTTP1_ANOMALY:
		answer_anomaly(h, ev->anomaly);
		break;
	}
}

static void drain(struct http *h, enum side from, struct span *in)
{
	struct http1_event ev;

	while (http1_next(&h->dec[from], in, &ev)) {
		if (from == CLIENT)
			request_event(h, &ev);
		else
			answer_event(h, &ev);
	}
	if (h->reading[from])
		count_body(h, from);
}

/* No answer to CONNECT was seen, and the client goes on: so it had one. */
static void assume_tunnel(struct http *h)
{
	struct pending *p = h->queue.last;

	httptunnel_open(&h->tunnel, &h->env, p && is_connect(p) ? &p->x : NULL);
}

/* The answer to CONNECT may lie in a hole: then what the client goes on with tells what it was. */
static void guess_tunnel(struct http *h)
{
	struct span held = buf_span(&h->tunnel.held), bytes;
	struct mark mark;

	if (h->tunnel.state != TUNNEL_ASKED || !h->queue.answers_lost ||
	    !httptunnel_piece(&held, INT64_MAX, &bytes, &mark))
		return;
	if (httphead_plausible(false, bytes)) {
		refuse_tunnel(h);
		return;
	}
	finish(h, CLIENT, false);
	assume_tunnel(h);
	httptunnel_hole(&h->tunnel, SERVER, STACK_UNKNOWN, mark);
}

static void inner_bytes(struct http *h, enum side from, struct span bytes, struct mark mark)
{
	finish(h, CLIENT, false);
	httptunnel_bytes(&h->tunnel, from, bytes, mark);
}

static void take_bytes(void *self, enum side from, struct span bytes, struct mark mark)
{
	struct http *h = self;

	if (h->tunnel.state == TUNNEL_OPEN) {
		inner_bytes(h, from, bytes, mark);
		return;
	}
	note_payload(h, mark);
	if (from == SERVER || h->tunnel.state == TUNNEL_NONE)
		drain(h, from, &bytes);
	if (from == CLIENT && bytes.len && h->tunnel.state == TUNNEL_ASKED) {
		if (httptunnel_hold(&h->tunnel, bytes, mark)) {
			guess_tunnel(h);
			return;
		}
		assume_tunnel(h);
	}
	if (h->tunnel.state == TUNNEL_OPEN)
		inner_bytes(h, from, bytes, mark);
}

static void take_hole(void *self, enum side from, uint64_t len, struct mark mark)
{
	struct http *h = self;
	struct span nothing = SPAN("");

	if (from == CLIENT && h->tunnel.state == TUNNEL_ASKED)
		assume_tunnel(h);
	if (h->tunnel.state == TUNNEL_OPEN) {
		httptunnel_hole(&h->tunnel, from, len, mark);
		return;
	}
	note_payload(h, mark);
	http1_hole(&h->dec[from], len);
	if (h->reading[from]) {
		h->reading[from]->lost = true;
		httpbody_lost(&h->reading[from]->body[from]);
	}
	h->cause = EXCHANGE_LOST;
	drain(h, from, &nothing);
	if (http1_searching(&h->dec[from]))
		httpqueue_lost(&h->queue, from);
	guess_tunnel(h);
}

static uint64_t skippable(const void *self, enum side from)
{
	const struct http *h = self;

	switch (h->tunnel.state) {
	case TUNNEL_NONE:
		break;
	case TUNNEL_ASKED:
		if (from == CLIENT)
			return 0;
		break;
	case TUNNEL_OPEN:
		return httptunnel_skippable(&h->tunnel, from);
	}
	return http1_skippable(&h->dec[from]);
}

static void skip(void *self, enum side from, uint64_t len, struct mark mark)
{
	struct http *h = self;
	struct span nothing = SPAN("");
	struct pending *p = h->reading[from];

	if (h->tunnel.state == TUNNEL_OPEN) {
		httptunnel_skip(&h->tunnel, from, len, mark);
		return;
	}
	note_payload(h, mark);
	if (p && !p->body[from].message)
		pending_message(p, from)->body.skipped = true;
	http1_skip(&h->dec[from], len);
	drain(h, from, &nothing);
}

static void close_side(void *self, enum side from, struct mark mark)
{
	struct http *h = self;
	struct span nothing = SPAN("");

	if (!h->closed)
		h->closer = from;
	h->closed = true;
	if (h->tunnel.state == TUNNEL_OPEN) {
		httptunnel_close(&h->tunnel, from, mark);
		return;
	}
	h->mark = mark;
	/* Who closes second only agrees. */
	h->cause = h->closer == SERVER ? EXCHANGE_FIN_BY_SERVER : EXCHANGE_FIN_BY_CLIENT;
	http1_close(&h->dec[from]);
	drain(h, from, &nothing);
	h->cause = EXCHANGE_LOST;
}

/* Why nothing more will come. */
static enum exchange_end cause_of(const struct http *h, enum stack_end how)
{
	if (h->closed && h->closer == SERVER)
		return EXCHANGE_FIN_BY_SERVER;
	switch (how) {
	/* A client that closed its side does not wait any more. */
	case STACK_END_CAPTURE: return h->closed ? EXCHANGE_FIN_BY_CLIENT : EXCHANGE_OPEN;
	case STACK_END_FIN:     return EXCHANGE_FIN_BY_CLIENT;
	case STACK_END_RESET:   return EXCHANGE_RESET;
	case STACK_END_SILENCE: return EXCHANGE_SILENCE;
	}
	return EXCHANGE_OPEN;
}

/* What there is of a head under way is told. */
static void end_heads(struct http *h)
{
	struct span nothing = SPAN("");

	for (enum side from = CLIENT; from <= SERVER; from++) {
		http1_end(&h->dec[from]);
		drain(h, from, &nothing);
	}
}

static void end(void *self, enum stack_end how, struct mark mark)
{
	struct http *h = self;

	h->cause = cause_of(h, how);
	if (h->tunnel.state == TUNNEL_ASKED && h->tunnel.held.len)
		assume_tunnel(h);
	end_heads(h);
	h->reading[CLIENT] = h->reading[SERVER] = NULL;
	httpqueue_end(&h->queue, h->cause, mark);
	httptunnel_end(&h->tunnel, how, mark);
}

const struct layer layer_http = {
	.name = "http",
	.create = create,
	.destroy = destroy,
	.bytes = take_bytes,
	.hole = take_hole,
	.skippable = skippable,
	.skip = skip,
	.close = close_side,
	.end = end,
};
