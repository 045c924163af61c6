/* twopoint/relayed.c - what a proxy between does to requests, answers and TLS. */
#include <inttypes.h>
#include <stdio.h>

#include "facts/wsus.h"
#include "twopoint/tally.h"

enum { HEADERS_MAX = 24, HEADER_NAME = 40, SERVICES_MAX = 1024, HEADERS_TOLD = 10, VIA_TEXT = 96 };

struct header_change {
	char name[HEADER_NAME];
	bool answer, added, needed;
	uint64_t count;
	struct frames frames[2];
};

struct relayed {                        /* what goes to one server or proxy, as NEAR has it */
	struct endpoint server;
	struct addr clients[TROUBLE_CLIENTS];
	unsigned client_count;
	uint64_t flows, requests, matched;
	struct endpoint from, to;       /* of the first connection that was made in place of one */
	struct frames flow_frames[2];
	char via[VIA_TEXT];
	struct header_change headers[HEADERS_MAX];
	unsigned header_count;
	uint64_t answered;              /* with an error that the server never gave */
	unsigned status;                /* of the first */
	struct frames answered_frames;
	uint64_t opened;                /* TLS sessions */
	bool other_certificate;
	const struct hello *near_hello, *far_hello;     /* of the first */
	struct frames opened_frames[2];
};

/* What updates do not work without, in requests and in answers. */
static const struct {
	struct span name;
	bool answer;
} needed[] = {
	{ SPAN_LIT("Range"), false },
	{ SPAN_LIT("Authorization"), false },
	{ SPAN_LIT("SOAPAction"), false },
	{ SPAN_LIT("Content-Range"), true },
	{ SPAN_LIT("WWW-Authenticate"), true },
};

static bool is_needed(struct span name, bool answer)
{
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (needed[i].answer == answer && span_ieq(needed[i].name, name))
			return true;
	return false;
}

struct gathering {
	const struct twopoint *t;
	struct map by_server;           /* endpoint -> struct relayed */
	struct map hosts;               /* that FAR is asked for */
};

static struct relayed *relayed_for(struct gathering *g, const struct flow *f)
{
	struct endpoint_key key = endpoint_key(&f->end[SERVER]);
	struct relayed *r = map_value(&g->by_server, ENDPOINT_SPAN(key), sizeof *r);
	unsigned i;

	if (!r)
		return NULL;
	r->server = f->end[SERVER];
	for (i = 0; i < r->client_count && i < TROUBLE_CLIENTS; i++)
		if (addr_eq(&r->clients[i], &f->end[CLIENT].addr))
			return r;
	if (i < TROUBLE_CLIENTS)
		r->clients[i] = f->end[CLIENT].addr;
	r->client_count++;
	return r;
}

static bool has_header(const struct asked *a, enum side of, struct span name)
{
	for (size_t i = 0; i < a->header_count[of]; i++)
		if (span_ieq(a->headers[of][i].name, name))
			return true;
	return false;
}

static void note_header(struct relayed *r, struct span name, bool answer, bool added, const struct asked *a,
                        const struct asked *b)
{
	struct header_change *h;
	unsigned i;

	for (i = 0; i < r->header_count; i++)
		if (r->headers[i].answer == answer && r->headers[i].added == added &&
		    span_ieq(span_text(r->headers[i].name), name))
			break;
	if (i == HEADERS_MAX || name.len >= HEADER_NAME)
		return;
	h = &r->headers[i];
	if (i == r->header_count) {
		r->header_count++;
		memcpy(h->name, name.at, name.len);
		h->answer = answer;
		h->added = added;
		h->needed = !added && is_needed(name, answer);
	}
	h->count++;
	frames_add(&h->frames[NEAR], answer ? a->response_frame : a->request_frame);
	frames_add(&h->frames[FAR], answer ? b->response_frame : b->request_frame);
}

/* Those of `one` that `other` lacks. */
static void compare_heads(struct relayed *r, const struct asked *near, const struct asked *far,
                          enum side of, bool far_only)
{
	const struct asked *one = far_only ? far : near, *other = far_only ? near : far;
	bool added = far_only == (of == CLIENT);        /* an answer comes from FAR */

	if (!near->heads_whole[of] || !far->heads_whole[of])
		return;
	for (size_t i = 0; i < one->header_count[of]; i++)
		if (one->headers[of][i].name.len && !has_header(other, of, one->headers[of][i].name))
			note_header(r, one->headers[of][i].name, of == SERVER, added, near, far);
}

static void note_via(struct relayed *r, const struct asked *far)
{
	for (size_t i = 0; i < far->header_count[CLIENT] && !r->via[0]; i++) {
		const struct http_header *h = &far->headers[CLIENT][i];

		if (span_ieq(h->name, SPAN("Via")) && h->value.len)
			snprintf(r->via, sizeof r->via, "%.*s", (int)(h->value.len < VIA_TEXT ?
			                                              h->value.len : VIA_TEXT),
			         (const char *)h->value.at);
	}
}

/* An error for which FAR shows no such request, though it shows that host's. */
static bool is_answered_between(struct gathering *g, const struct asked *a, const struct flow *f)
{
	const struct twopoint *t = g->t;

	if (a->status < 400 || (f->pair && !f->relayed) || a->time < clocks_near(&t->clocks, FAR,
	                                                                         t->at[FAR].first) ||
	    a->time > clocks_near(&t->clocks, FAR, t->at[FAR].last))
		return false;
	return map_find(&g->hosts, span_text(a->host)) || wsus_place(span_text(a->path)) != WSUS_NOWHERE;
}

static void take_asked(struct gathering *g, const struct asked *a)
{
	const struct flow *f = a->flow ? point_flow(&g->t->at[NEAR], a->flow) : NULL;
	const struct asked *b = a->mate ? point_asked(&g->t->at[FAR], a->mate) : NULL;
	struct relayed *r = f && (b || is_answered_between(g, a, f)) ? relayed_for(g, f) : NULL;

	if (!r)
		return;
	r->requests++;
	if (!b) {
		if (!r->answered++)
			r->status = a->status;
		frames_add(&r->answered_frames, a->response_frame);
		return;
	}
	r->matched++;
	note_via(r, b);
	for (enum side of = CLIENT; of <= SERVER; of++) {
		compare_heads(r, a, b, of, false);
		compare_heads(r, a, b, of, true);
	}
}

static void take_flow(struct gathering *g, const struct flow *f)
{
	const struct flow *other = f->pair && f->relayed ? point_flow(&g->t->at[FAR], f->pair) : NULL;
	struct relayed *r = other ? relayed_for(g, f) : NULL;

	if (!r)
		return;
	if (!r->flows++) {
		r->from = other->end[CLIENT];
		r->to = other->end[SERVER];
	}
	frames_add(&r->flow_frames[NEAR], f->first_frame);
	frames_add(&r->flow_frames[FAR], other->first_frame);
}

static void take_hellos(struct gathering *g, const struct hello *a, const struct hello *b)
{
	const struct flow *f = point_flow(&g->t->at[NEAR], a->flow);
	bool certificates = a->has_certificate && b->has_certificate;
	bool other = certificates && memcmp(a->thumbprint, b->thumbprint, sizeof a->thumbprint);
	struct relayed *r;

	if (strcmp(a->name, b->name) || (!other && (certificates || !strcmp(a->ja3, b->ja3))))
		return;
	r = relayed_for(g, f);
	if (!r)
		return;
	if (!r->opened++ || (other && !r->other_certificate)) {
		r->near_hello = a;
		r->far_hello = b;
	}
	r->other_certificate |= other;
	frames_add(&r->opened_frames[NEAR], other && a->certificate_frame ? a->certificate_frame :
	           a->client_frame);
	frames_add(&r->opened_frames[FAR], other && b->certificate_frame ? b->certificate_frame :
	           b->client_frame);
}

static void take_hello(struct gathering *g, const struct hello *a)
{
	const struct flow *f = a->flow ? point_flow(&g->t->at[NEAR], a->flow) : NULL;

	for (uint32_t j = 1; f && f->pair && f->relayed && j <= point_hellos(&g->t->at[FAR]); j++) {
		const struct hello *b = point_hello(&g->t->at[FAR], j);

		if (b->flow == f->pair)
			take_hellos(g, a, b);
	}
}

/* ---- words ---- */

static struct trouble *add(struct troubles *all, enum trouble_kind kind, const struct relayed *y,
                           uint64_t count)
{
	struct trouble *r = trouble_add(all, kind, &y->server);

	for (unsigned i = 0; r && i < y->client_count && i < TROUBLE_CLIENTS; i++)
		trouble_client(r, &y->clients[i]);
	if (r) {
		r->client_count = y->client_count;
		r->count = count;
	}
	return r;
}

static void take_frames(struct trouble *r, enum place at, const struct frames *f)
{
	for (unsigned i = 0; i < f->count && i < TROUBLE_FRAMES; i++)
		trouble_frame(r, at, f->at[i]);
}

/* Which header, in how many of how many: by whether it was added, and to what. */
static const char *const header_texts[2][2] = {
	{ N_("%s taken off requests (%" PRIu64 " of %" PRIu64 ")"),
	  N_("%s taken off answers (%" PRIu64 " of %" PRIu64 ")") },
	{ N_("%s added to requests (%" PRIu64 " of %" PRIu64 ")"),
	  N_("%s added to answers (%" PRIu64 " of %" PRIu64 ")") },
};

static void tell_headers(struct troubles *all, const struct relayed *y, bool of_needed)
{
	struct trouble *r = NULL;
	unsigned told = 0;

	for (unsigned i = 0; i < y->header_count && told < HEADERS_TOLD; i++) {
		const struct header_change *h = &y->headers[i];

		if (h->needed != of_needed)
			continue;
		if (!r)
			r = add(all, of_needed ? TROUBLE_HEADER_LOST : TROUBLE_HEADERS, y, h->count);
		if (!r)
			return;
		if (told++)
			trouble_say(r, "; ");
		trouble_say(r, header_texts[h->added][h->answer], h->name, h->count, y->matched);
		take_frames(r, NEAR, &h->frames[NEAR]);
		take_frames(r, FAR, &h->frames[FAR]);
	}
}

static void tell_ended(struct troubles *all, const struct relayed *y)
{
	struct trouble *r = y->flows ? add(all, TROUBLE_ENDED, y, y->flows) : NULL;
	char server[ENDPOINT_TEXT], from[ADDR_TEXT], to[ENDPOINT_TEXT], via[sizeof y->via + 16] = "";

	if (!r)
		return;
	if (y->via[0])
		snprintf(via, sizeof via, " (Via: %s)", y->via);
	trouble_say(r, "Connections: %" PRIu64 ". Those to %s end between; %s asks %s in their place%s; "
	               "%" PRIu64 " of %" PRIu64 " requests were seen on both sides.",
	            y->flows, endpoint_text(&y->server, server), addr_text(&y->from.addr, from),
	            endpoint_text(&y->to, to), via, y->matched, y->requests);
	take_frames(r, NEAR, &y->flow_frames[NEAR]);
	take_frames(r, FAR, &y->flow_frames[FAR]);
}

static void tell_answered(struct troubles *all, const struct relayed *y)
{
	struct trouble *r = y->answered ? add(all, TROUBLE_ANSWERED, y, y->answered) : NULL;
	char server[ENDPOINT_TEXT];

	if (!r)
		return;
	trouble_say(r, "%" PRIu64 " of %" PRIu64 " requests to %s get an error (%u) that the server never "
	               "gave: it was not asked.",
	            y->answered, y->requests, endpoint_text(&y->server, server), y->status);
	take_frames(r, NEAR, &y->answered_frames);
	r->confidence = y->matched ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE;
	if (!y->matched)
		r->would_change = _("If the proxy has another way to the server, around the second capture.");
}

static void tell_opened(struct troubles *all, const struct relayed *y)
{
	struct trouble *r = y->opened ? add(all, TROUBLE_INTERCEPTED, y, y->opened) : NULL;

	if (!r)
		return;
	if (y->other_certificate)
		trouble_say(r, "In %" PRIu64 " sessions clients are shown another certificate (by %s) than "
		               "the server's own (by %s).",
		            y->opened, y->near_hello->issuer, y->far_hello->issuer);
	else
		trouble_say(r, "In %" PRIu64 " sessions for %s the server gets another ClientHello than "
		               "the client sent: something between opens TLS.",
		            y->opened, y->near_hello->name);
	r->confidence = y->other_certificate ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE;
	take_frames(r, NEAR, &y->opened_frames[NEAR]);
	take_frames(r, FAR, &y->opened_frames[FAR]);
}

static void gather(struct gathering *g)
{
	const struct point *near = &g->t->at[NEAR], *far = &g->t->at[FAR];

	for (uint32_t i = 1; i <= point_askeds(far); i++)
		(void)map_put(&g->hosts, span_text(point_asked(far, i)->host));
	for (uint32_t i = 1; i <= point_flows(near); i++)
		take_flow(g, point_flow(near, i));
	for (uint32_t i = 1; i <= point_askeds(near); i++)
		take_asked(g, point_asked(near, i));
	for (uint32_t i = 1; i <= point_hellos(near); i++)
		take_hello(g, point_hello(near, i));
}

void troubles_relayed(struct troubles *all, const struct twopoint *t)
{
	struct gathering g = { .t = t };

	map_init(&g.by_server, SERVICES_MAX);
	map_init(&g.hosts, SERVICES_MAX);
	gather(&g);
	for (size_t i = 0; i < g.by_server.count; i++) {
		const struct relayed *y = g.by_server.entries[i].value;

		tell_ended(all, y);
		tell_answered(all, y);
		tell_opened(all, y);
		tell_headers(all, y, true);
		tell_headers(all, y, false);
	}
	map_release(&g.hosts);
	map_release_values(&g.by_server);
}
