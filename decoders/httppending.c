/* decoders/httppending.c - heads into facts. */
#include "decoders/httppending.h"

#include <stdlib.h>

#include "decoders/ccm.h"
#include "facts/wsus.h"

/* One part in POOL_SHARE of the budget may lie in the pool. */
enum { ARENA_MAX = 256 * 1024, POOL_MAX = 64, POOL_SHARE = 16 };
enum { SHARE_MAX = 1024, SHARE_MIN = 16, CROWD = 16384 };

struct http_pool {
	struct pending *free;
	size_t count;                   /* of free */
	size_t held;                    /* bytes that they take */
	size_t open;                    /* in use */
};

struct http_pool *http_pool_new(void)
{
	return calloc(1, sizeof(struct http_pool));
}

static size_t size_of(const struct pending *p)
{
	return sizeof *p + p->arena.held;
}

static void discard(struct pending *p)
{
	struct budget *budget = p->arena.budget;

	arena_release(&p->arena);
	budget_free(budget, p, sizeof *p);
}

void http_pool_free(struct http_pool *pool)
{
	while (pool && pool->free) {
		struct pending *next = pool->free->next;

		discard(pool->free);
		pool->free = next;
	}
	free(pool);
}

static struct pending *from_pool(struct http_pool *pool, struct budget *budget)
{
	struct pending *p;

	if (pool && pool->free) {
		p = pool->free;
		pool->free = p->next;
		pool->count--;
		pool->held -= size_of(p);
		return p;
	}
	p = budget_room(budget, sizeof *p);
	if (p)
		arena_init_on(&p->arena, ARENA_MAX, budget);
	return p;
}

struct pending *pending_new(struct http_pool *pool, const struct layer_env *env)
{
	struct pending *p = from_pool(pool, env->context->budget);
	struct arena arena;

	if (!p)
		return NULL;
	if (pool)
		pool->open++;
	arena = p->arena;
	*p = (struct pending){ .arena = arena };
	p->x.conn = env->place.conn;
	p->x.tunnel = env->place.tunnel;
	p->x.tls = env->place.tls;
	p->x.via_proxy = env->place.tunnel;
	p->x.ttfb = -1;
	p->x.idle_before = -1;
	p->x.request.end_time = MOMENT_NONE;
	p->x.response.end_time = MOMENT_NONE;
	return p;
}

/* Whether the pool may keep one more. */
static bool has_place(const struct http_pool *pool, const struct pending *p)
{
	const struct budget *budget = p->arena.budget;

	return pool->count < POOL_MAX &&
	       (!budget || pool->held + size_of(p) <= budget->ceiling / POOL_SHARE);
}

void pending_free(struct http_pool *pool, struct pending *p)
{
	httpbody_release(&p->body[CLIENT]);
	httpbody_release(&p->body[SERVER]);
	soap_free(p->soap);
	if (pool)
		pool->open--;
	arena_reset(&p->arena);
	if (!pool || !has_place(pool, p)) {
		discard(p);
		return;
	}
	p->next = pool->free;
	pool->free = p;
	pool->count++;
	pool->held += size_of(p);
}

size_t pending_share(const struct http_pool *pool)
{
	return pool && pool->open > CROWD ? SHARE_MIN : SHARE_MAX;
}

void pending_begin(struct pending *p, enum side from, struct mark mark)
{
	struct http_message *m = pending_message(p, from);

	m->present = true;
	m->first_frame = m->last_frame = mark.frame;
	m->first_time = m->last_time = mark.time;
}

/* The head's spans, moved to the copy of its bytes. */
static struct span moved(struct span text, const struct httphead *head, const uint8_t *copy)
{
	if (!text.at)
		return (struct span){ NULL, 0 };
	return span_of(copy + (text.at - head->bytes.at), text.len);
}

static void copy_headers(struct http_header *to, const struct httphead *head, uint8_t *copy)
{
	for (size_t i = 0; i < head->header_count; i++) {
		to[i].name = moved(head->headers[i].name, head, copy);
		to[i].value = moved(head->headers[i].value, head, copy);
		if (head->anomalies & 1u << HTTP_FOLDED) {
			uint8_t *value = copy + (to[i].value.at - copy);

			to[i].value.len = httphead_unfold(value, to[i].value.len);
		}
	}
}

/* Copies what the head lends.  Returns the copy of its bytes; NULL: no room. */
static const uint8_t *take_head(struct pending *p, struct http_message *m, const struct httphead *head)
{
	struct http_header *headers = arena_room(&p->arena, head->header_count * sizeof *headers + 1);
	uint8_t *copy = arena_room(&p->arena, head->bytes.len + 1);

	m->version = head->version;
	m->head_complete = head->complete;
	m->anomalies |= head->anomalies;
	m->body.has_length = head->has_length;
	m->body.declared = head->length;
	if (!headers || !copy)
		return NULL;
	memcpy(copy, head->bytes.at, head->bytes.len);
	copy_headers(headers, head, copy);
	m->headers = headers;
	m->header_count = head->header_count;
	return copy;
}

/* Credentials before a host are no part of its name (RFC 9110 section 4.2.4). */
static struct span without_login(struct span host)
{
	size_t at = host.len;

	while (at > 0 && host.at[at - 1] != '@')
		at--;
	return span_skip(host, at);
}

/* RFC 9112 section 3.2: what of the target is host, what is path. */
static void read_target(struct exchange *x)
{
	struct span target = x->target, slash = SPAN("/");
	size_t scheme = span_find(target, SPAN("://"));

	x->host = without_login(http_header(&x->request, SPAN("Host")));
	if (span_eq(x->method, SPAN("CONNECT"))) {
		x->host = without_login(target);
		x->via_proxy = true;
		return;
	}
	if (scheme != SIZE_MAX && scheme < span_byte(target, '/')) {
		target = span_skip(target, scheme + 3);
		x->host = span_of(target.at, 0);
		while (x->host.len < target.len && !strchr("/?#", target.at[x->host.len]))
			x->host.len++;
		target = span_skip(target, x->host.len);
		x->host = without_login(x->host);
		x->via_proxy = true;
		if (!target.len || target.at[0] != '/') {
			x->path = slash;
			return;
		}
	}
	if (!target.len || target.at[0] != '/')
		return;
	target = span_split(&target, '#');
	x->path = span_split(&target, '?');
}

bool pending_request(struct pending *p, const struct httphead *head)
{
	struct exchange *x = &p->x;
	const uint8_t *copy = take_head(p, &x->request, head);

	if (!copy)
		return false;
	x->method = moved(head->method, head, copy);
	x->target = moved(head->target, head, copy);
	read_target(x);
	x->place = (uint8_t)(1 + wsus_place(x->path));
	if (http_header(&x->request, SPAN("Proxy-Connection")).at ||
	    http_header(&x->request, SPAN("Proxy-Authorization")).at)
		x->via_proxy = true;
	auth_read_request(&x->server_auth, &x->request, SPAN("Authorization"), &p->arena);
	auth_read_request(&x->proxy_auth, &x->request, SPAN("Proxy-Authorization"), &p->arena);
	return true;
}

bool pending_response(struct pending *p, const struct httphead *head)
{
	struct exchange *x = &p->x;
	const uint8_t *copy = take_head(p, &x->response, head);

	x->status = head->status;
	if (!copy)
		return false;
	x->reason = moved(head->reason, head, copy);
	auth_read_response(&x->server_auth, &x->response, SPAN("WWW-Authenticate"), &p->arena);
	auth_read_response(&x->proxy_auth, &x->response, SPAN("Proxy-Authenticate"), &p->arena);
	if (x->status == 407 || http_header(&x->response, SPAN("Proxy-Authenticate")).at)
		x->via_proxy = true;
	return true;
}

/* One that finds no room is an exchange like others. */
static struct soap *soap_of(struct pending *p, const struct stack_context *context)
{
	if (p->soap || !soap_is_due(&p->x, context->all))
		return p->soap;
	p->soap = soap_new(context->soaps, &p->x, &p->arena);
	if (p->soap)
		p->x.soap = soap_call(p->soap);
	else
		limit_add(context->limits, LIMIT_MEMORY, 1);
	return p->soap;
}

void pending_read(struct pending *p, enum side from, const struct stack_context *context)
{
	struct httpbody *body = &p->body[from];

	httpbody_begin(body, pending_message(p, from), &p->arena, context->codings);
	if (ccm_wanted(&p->x, pending_message(p, from)))
		httpbody_keep(body, CCM_BODY_KEPT);
	httpbody_tell(body, soap_of(p, context), from);
	if (from == SERVER && contenthash_wanted(context->hashes, &p->x, context->all))
		httpbody_hash(body, contenthash_begin(context->hashes, &p->x));
}

void pending_end(struct pending *p, enum side from, bool complete, const struct stack_context *context)
{
	struct http_message *m = pending_message(p, from);
	struct span *start = &m->body.start;

	m->body.complete = complete;
	httpbody_end(&p->body[from], complete);
	if (start->len && ccm_wanted(&p->x, m) && !ccm_read(&p->x, m, *start, &p->arena))
		limit_add(context->limits, LIMIT_XML_CEILING, 1);
	if (start->len > EXCHANGE_BODY_KEPT)
		start->len = EXCHANGE_BODY_KEPT;
}

void pending_interim(struct pending *p, uint16_t status, struct mark mark)
{
	struct exchange *x = &p->x;

	if (x->interim_count < INTERIMS_KEPT)
		x->interims[x->interim_count] = (struct interim){ status, mark.frame, mark.time };
	x->interim_count++;
}

void pending_count(struct pending *p, enum side from, const struct http1_counts *counts, struct mark mark)
{
	struct http_message *m = pending_message(p, from);

	m->last_frame = mark.frame;
	m->last_time = mark.time;
	m->body.wire_bytes = counts->wire;
	m->body.entity_bytes = counts->entity;
	m->body.lost_bytes = counts->lost;
}
