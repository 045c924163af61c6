/* live/view.c - a copy of a settled report, all of it in one room. */
#include "live/view.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "analyzers/texts.h"
#include "base/map.h"

enum { TEXTS_MAX = 1 << 16 };           /* that are known to stand in the room already */

struct room {
	uint8_t *at;
	size_t size, used;
	struct map texts;               /* text -> its copy */
	bool full;
};

/* NULL: there is no room, and the view says so. */
static void *take(struct room *room, size_t size, size_t alignment)
{
	size_t at = (room->used + alignment - 1) / alignment * alignment;

	if (at > room->size || size > room->size - at) {
		room->full = true;
		return NULL;
	}
	room->used = at + size;
	return room->at + at;
}

/* As many as fit, `*count` at most. */
static void *take_array(struct room *room, size_t *count, size_t size)
{
	size_t at = (room->used + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	size_t fit = at < room->size ? (room->size - at) / size : 0;

	if (*count > fit) {
		*count = fit;
		room->full = true;
	}
	return *count ? take(room, *count * size, alignof(max_align_t)) : NULL;
}

/* Clients have a handful of agents, hosts and answers: each text stands once. */
static const char *share(void *self, const char *text)
{
	struct room *room = self;
	struct span key = span_text(text);
	struct map_entry *e;
	char *copy;

	if (!key.len)
		return "";
	e = map_put(&room->texts, key);
	if (e && e->value)
		return e->value;
	copy = take(room, key.len + 1, 1);
	if (!copy)
		return "";
	memcpy(copy, text, key.len + 1);
	if (e)
		e->value = copy;
	return copy;
}

/* ---- findings ---- */

static void take_findings(struct room *room, struct view *v, const struct findings *from)
{
	struct finding *to;

	v->finding_total = findings_count(from);
	for (size_t i = 0; i < v->finding_total; i++) {
		const struct finding *n = findings_at(from, i);

		v->of_kind[n->kind] += finding_weight(n);
		v->of_severity[n->severity] += finding_weight(n);
	}
	v->finding_count = v->finding_total < VIEW_FINDINGS_MAX ? v->finding_total : VIEW_FINDINGS_MAX;
	to = take_array(room, &v->finding_count, sizeof *to);
	v->findings = to;
	for (size_t i = 0; i < v->finding_count; i++) {
		to[i] = *findings_at(from, i);  /* its texts are its own, or of the program */
		to[i].alike = NULL;
	}
}

/* ---- clients ---- */

static int by_need(const void *a, const void *b)
{
	const struct ladder *x = *(const struct ladder *const *)a, *y = *(const struct ladder *const *)b;

	if (x->failed != y->failed)
		return x->failed ? -1 : 1;
	if (x->last != y->last)
		return x->last > y->last ? -1 : 1;
	return (x > y) - (x < y);
}

static struct scan *take_scan(struct room *room, const struct scan *from)
{
	struct scan *to = take(room, sizeof *to, alignof(struct scan));
	size_t kept = scan_faults_kept(from);

	if (!to)
		return NULL;
	*to = *from;
	to->older = NULL;
	scan_keep_texts(to, (struct texts_room){ share, room });
	to->faults = kept ? take(room, kept * sizeof *to->faults, alignof(struct scan_fault)) : NULL;
	if (to->faults)
		memcpy(to->faults, from->faults, kept * sizeof *to->faults);
	else
		to->fault_count = 0;
	return to;
}

static void take_client(struct room *room, struct ladder *to, const struct ladder *from)
{
	*to = *from;
	ladder_keep_texts(to, (struct texts_room){ share, room });
	to->scans = from->scans ? take_scan(room, from->scans) : NULL;
}

static void count_rungs(struct view *v, const struct ladder *l)
{
	for (int i = 0; i < RUNG_COUNT; i++)
		v->rungs[i][l->rungs[i].state]++;
}

static void take_clients(struct room *room, struct view *v, const struct ladders *from)
{
	size_t total = ladders_count(from);
	const struct ladder **order = calloc(total + 1, sizeof(struct ladder *));
	struct ladder *to;

	v->client_total = total;
	v->climbers = ladders_clients(from);
	v->failed = ladders_failed_clients(from);
	v->served = ladders_served_clients(from);
	for (size_t i = 0; i < total; i++)
		count_rungs(v, ladders_at(from, i));
	if (!order) {
		room->full = true;
		return;
	}
	for (size_t i = 0; i < total; i++)
		order[i] = ladders_at(from, i);
	if (total)
		qsort(order, total, sizeof(struct ladder *), by_need);
	v->client_count = total < VIEW_CLIENTS_MAX ? total : VIEW_CLIENTS_MAX;
	to = take_array(room, &v->client_count, sizeof *to);
	v->clients = to;
	for (size_t i = 0; i < v->client_count; i++)
		take_client(room, &to[i], order[i]);
	free(order);
}

/* ---- servers ---- */

static void take_servers(struct room *room, struct view *v, const struct ladders *from)
{
	struct server_seen *to;

	v->server_total = servers_count(from);
	v->server_count = v->server_total < VIEW_SERVERS_MAX ? v->server_total : VIEW_SERVERS_MAX;
	to = take_array(room, &v->server_count, sizeof *to);
	v->servers = to;
	for (size_t i = 0; i < v->server_count; i++) {
		to[i] = *servers_at(from, i);
		to[i].name = share(room, to[i].name);
	}
}

const struct view *view_take(void *at, size_t size, const struct report *r, int64_t now)
{
	struct room room = { .at = at, .size = size };
	struct view *v = take(&room, sizeof *v, 1);

	if (!v)
		return NULL;
	*v = (struct view){ .now = now, .counts = r->counts, .limits = *r->limits };
	v->quality = limits_quality(r->limits, r->counts.frames);
	map_init(&room.texts, TEXTS_MAX);
	/* What is told first is what must not lack: servers are few. */
	take_servers(&room, v, r->ladders);
	take_findings(&room, v, r->findings);
	take_clients(&room, v, r->ladders);
	v->cut = room.full;
	map_release(&room.texts);
	return v;
}
