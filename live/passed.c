/* live/passed.c - rows of clients against findings. */
#include "live/passed.h"

#include <stdlib.h>

enum { NEVER = RUNG_COUNT + 1 };        /* that something worked later proves nothing */

/* 1 + what a kind stops, where its findings do not say; 0: whatever failed. */
static const uint8_t rungs_of_kinds[FINDING_KIND_COUNT] = {
#define FINDING(symbol, ...) [FINDING_##symbol] = RUNG_TLS + 1,
#include "analyzers/findings_tls.def"
#undef FINDING
	[FINDING_NAME_NOT_RESOLVED] = RUNG_NAME + 1,
	[FINDING_NAME_UNANSWERED] = RUNG_NAME + 1,
	[FINDING_CONNECTION_UNANSWERED] = RUNG_CONNECTION + 1,
	[FINDING_CONNECTION_REFUSED] = RUNG_CONNECTION + 1,
	[FINDING_CONNECTION_REJECTED] = RUNG_CONNECTION + 1,
	[FINDING_CONNECTION_MISSING] = RUNG_CONNECTION + 1,
	[FINDING_CLIENT_SILENT] = RUNG_CONNECTION + 1,
	[FINDING_NO_UPDATE_POINT] = RUNG_CONNECTION + 1,
	[FINDING_PORT_MISMATCH] = RUNG_CONNECTION + 1,
	[FINDING_SCHEME_MISMATCH] = RUNG_SELFUPDATE + 1,
	[FINDING_HANDSHAKE_LOOP] = RUNG_SYNC + 1,
	[FINDING_SERVER_CHANGED] = RUNG_SYNC + 1,
	[FINDING_TOO_MANY_TRIPS] = RUNG_SYNC + 1,
	[FINDING_ID_LIMIT] = RUNG_SYNC + 1,
	[FINDING_SYNC_FAILED] = RUNG_SYNC + 1,
	[FINDING_RANGE_STRIPPED] = RUNG_CONTENT + 1,
	[FINDING_CONTENT_MISSING] = NEVER,
	[FINDING_CONTENT_CORRUPT] = NEVER,
	[FINDING_REPORTED_ERROR] = NEVER,
	[FINDING_SERVICE_INTERRUPTED] = NEVER,
};

/* Warnings by their kind are standing facts, which are climbed past each time; but for these. */
static bool stops_nobody(const struct finding *n)
{
	return n->severity < SEVERITY_ERROR && finding_row(n->kind)->severity < SEVERITY_ERROR &&
	       n->kind != FINDING_SELFUPDATE_MISSING && n->kind != FINDING_CLIENT_SILENT &&
	       n->kind != FINDING_SERVER_CHANGED;
}

void passed_init(struct passed *p, const struct view *v)
{
	*p = (struct passed){ .view = v };
	map_init(&p->clients, VIEW_CLIENTS_MAX);
	p->next = calloc(v->client_count + 1, sizeof *p->next);
	for (size_t i = 0; p->next && i < v->client_count; i++) {
		struct map_entry *e = map_put(&p->clients, span_of(v->clients[i].client.bytes, 16));

		if (!e)
			continue;
		p->next[i] = (uint32_t)(uintptr_t)e->value;
		e->value = (void *)(uintptr_t)(i + 1);
	}
}

void passed_release(struct passed *p)
{
	map_release(&p->clients);
	free(p->next);
}

/* Index + 1 of the first row to look at, and of the one after it: its client's, or all. */
static size_t first_row(const struct passed *p, const struct finding *n)
{
	const struct map_entry *e;

	if (!n->has_client)
		return p->next && p->view->client_count ? 1 : 0;
	e = p->next ? map_find(&p->clients, span_of(n->client.bytes, 16)) : NULL;
	return e ? (uintptr_t)e->value : 0;
}

static size_t next_row(const struct passed *p, const struct finding *n, size_t row)
{
	if (n->has_client)
		return p->next[row - 1];
	return row < p->view->client_count ? row + 1 : 0;
}

/* The row is of that server, or of that proxy.  A name server has no rows: all of its client's concern. */
static bool concerns(const struct ladder *l, const struct finding *n, enum rung_name rung)
{
	if (rung == RUNG_NAME)
		return n->has_client;
	return (n->has_server && endpoint_eq(&l->server, &n->server)) ||
	       (n->has_via && endpoint_eq(&l->server, &n->via)) || (n->has_client && !n->has_server);
}

static enum rung_name failed_rung(const struct passed *p, const struct finding *n)
{
	for (size_t row = first_row(p, n); row; row = next_row(p, n, row)) {
		const struct ladder *l = &p->view->clients[row - 1];

		for (int i = RUNG_COUNT - 1; i >= 0 && concerns(l, n, RUNG_COUNT); i--)
			if (l->rungs[i].state == RUNG_FAILED && l->rungs[i].when >= n->first &&
			    l->rungs[i].when <= n->last)
				return (enum rung_name)i;
	}
	return RUNG_COUNT;
}

enum rung_name passed_rung(const struct passed *p, const struct finding *n)
{
	uint8_t rung = n->stops && rungs_of_kinds[n->kind] != NEVER ? n->stops : rungs_of_kinds[n->kind];

	if (stops_nobody(n) || rung == NEVER)
		return RUNG_COUNT;
	return rung ? (enum rung_name)(rung - 1) : failed_rung(p, n);
}

/* The first evidence behind `after` that it got past; what failed there since then counts more. */
static int64_t row_passed(const struct ladder *l, enum rung_name rung, int64_t after)
{
	int64_t when = MOMENT_NONE;

	if (l->rungs[rung].state == RUNG_FAILED && l->rungs[rung].when > after)
		return MOMENT_NONE;
	for (int i = (int)rung; i < RUNG_COUNT; i++) {
		const struct rung *r = &l->rungs[i];

		if (r->state == RUNG_OK && r->when > after && (when == MOMENT_NONE || r->when < when))
			when = r->when;
	}
	/* Inside TLS that nobody reads, getting through is as good as an answer. */
	if (rung > RUNG_TLS && when == MOMENT_NONE && l->got_through > after)
		when = l->got_through;
	return when;
}

int64_t passed_when(const struct passed *p, const struct finding *n, enum rung_name rung)
{
	int64_t first = MOMENT_NONE;

	if (rung == RUNG_COUNT)
		return MOMENT_NONE;
	for (size_t row = first_row(p, n); row; row = next_row(p, n, row)) {
		const struct ladder *l = &p->view->clients[row - 1];
		int64_t when;

		if (!concerns(l, n, rung))
			continue;
		when = row_passed(l, rung, n->last);
		/* Another update point's name is found: this one's is not. */
		if (rung == RUNG_NAME && l->rungs[RUNG_NAME].state == RUNG_FAILED)
			return MOMENT_NONE;
		if (when != MOMENT_NONE && (first == MOMENT_NONE || when < first))
			first = when;
	}
	return first;
}
