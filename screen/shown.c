/* screen/shown.c - copying a view, and gathering its findings to stories. */
#include "screen/shown.h"

#include <stdlib.h>

#include "analyzers/texts.h"

enum { ROOM = 128 << 20, WORDS_MAX = 4 * VIEW_FINDINGS_MAX };

void shown_init(struct shown *s)
{
	*s = (struct shown){ .now = MOMENT_NONE };
	arena_init(&s->room, ROOM);
	map_init(&s->words, WORDS_MAX);
}

void shown_release(struct shown *s)
{
	arena_release(&s->room);
	map_release_values(&s->words);
}

/* ---- copies ---- */

static const char *copy_text(void *self, const char *text)
{
	struct shown *s = self;
	const char *copy = text && text[0] ? arena_text(&s->room, span_text(text)) : "";

	return copy ? copy : "";
}

/* What a row's latest scan says; what came before it is not shown. */
static const struct scan *copy_scan(struct shown *s, const struct scan *from)
{
	struct scan *scan = from ? arena_room(&s->room, sizeof *scan) : NULL;

	if (!scan)
		return NULL;
	*scan = *from;
	scan_keep_texts(scan, (struct texts_room){ copy_text, s });
	scan->faults = NULL;
	scan->fault_count = 0;
	scan->older = NULL;
	return scan;
}

static void copy_clients(struct shown *s, const struct view *from)
{
	struct ladder *clients = arena_room(&s->room, (from->client_count + 1) * sizeof *clients);

	s->view.clients = clients;
	s->view.client_count = clients ? from->client_count : 0;
	for (size_t i = 0; i < s->view.client_count; i++) {
		struct ladder *l = &clients[i];

		*l = from->clients[i];
		ladder_keep_texts(l, (struct texts_room){ copy_text, s });
		l->scans = copy_scan(s, l->scans);
	}
}

/* Titles and remedies are static texts; the rest of a finding is itself. */
static void copy_findings(struct shown *s, const struct view *from)
{
	struct finding *findings = arena_room(&s->room, (from->finding_count + 1) * sizeof *findings);

	s->view.findings = findings;
	s->view.finding_count = findings ? from->finding_count : 0;
	if (s->view.finding_count)
		memcpy(findings, from->findings, from->finding_count * sizeof *findings);
}

static void copy_servers(struct shown *s, const struct view *from)
{
	struct server_seen *servers = arena_room(&s->room, (from->server_count + 1) * sizeof *servers);

	s->view.servers = servers;
	s->view.server_count = servers ? from->server_count : 0;
	for (size_t i = 0; i < s->view.server_count; i++) {
		servers[i] = from->servers[i];
		servers[i].name = copy_text(s, servers[i].name);
	}
}

/* ---- stories ---- */

static struct span word_key(const struct finding *f, uint8_t key[static 64])
{
	struct endpoint_key server = endpoint_key(&f->server), via = endpoint_key(&f->via);
	uint32_t kind = f->kind;

	memset(key, 0, 64);
	memcpy(key, &kind, sizeof kind);
	if (f->has_client)
		memcpy(key + 4, f->client.bytes, sizeof f->client.bytes);
	if (f->has_server)
		memcpy(key + 20, server.bytes, sizeof server.bytes);
	if (f->has_via)
		memcpy(key + 38, via.bytes, sizeof via.bytes);
	return span_of(key, 64);
}

struct told {
	enum journal_word word;
};

void shown_told(struct shown *s, const struct journal_entry *e)
{
	uint8_t key[64];
	struct told *told;

	if (e->word == JOURNAL_MORE)
		return;
	if (s->words.count >= WORDS_MAX) {
		map_release_values(&s->words);
		map_init(&s->words, WORDS_MAX);
	}
	told = map_value(&s->words, word_key(e->finding, key), sizeof *told);
	if (told)
		told->word = e->word;
}

static bool is_over(const struct shown *s, const struct finding *f)
{
	uint8_t key[64];
	const struct map_entry *e = map_find(&s->words, word_key(f, key));
	const struct told *told = e ? e->value : NULL;

	return told && (told->word == JOURNAL_RESOLVED || told->word == JOURNAL_CEASED ||
	                told->word == JOURNAL_WITHDRAWN);
}

/* Those of one kind, server and proxy beside each other, and in the report's order. */
static int by_story(const void *a, const void *b)
{
	const struct finding *f = *(const struct finding *const *)a, *g = *(const struct finding *const *)b;
	uint8_t one[64], other[64];
	int order;

	word_key(f, one);
	word_key(g, other);
	memset(one + 4, 0, sizeof f->client.bytes);
	memset(other + 4, 0, sizeof g->client.bytes);
	order = memcmp(one, other, sizeof one);
	if (order)
		return order;
	if (f->has_client != g->has_client)
		return f->has_client ? 1 : -1;
	return f->id < g->id ? -1 : f->id > g->id;
}

static bool same_story(const struct finding *f, const struct finding *g)
{
	return f->kind == g->kind && f->has_client == g->has_client && f->has_server == g->has_server &&
	       f->has_via == g->has_via && (!f->has_server || endpoint_eq(&f->server, &g->server)) &&
	       (!f->has_via || endpoint_eq(&f->via, &g->via));
}

static void add(const struct shown *s, struct story *t, const struct finding *f)
{
	t->findings++;
	t->clients += f->has_client;
	t->count += f->count;
	t->first = f->first < t->first ? f->first : t->first;
	t->last = f->last > t->last ? f->last : t->last;
	t->over &= is_over(s, f);
}

/* A view names so many findings, and counts the others by kind. */
static void mark_cut(struct shown *s)
{
	uint64_t named[FINDING_KIND_COUNT] = { 0 };

	for (size_t i = 0; i < s->view.finding_count; i++)
		named[s->view.findings[i].kind]++;
	for (size_t i = 0; i < s->story_count; i++) {
		enum finding_kind kind = s->stories[i].head->kind;

		s->stories[i].cut = named[kind] < s->view.of_kind[kind];
	}
}

static int by_head(const void *a, const void *b)
{
	const struct story *s = a, *t = b;

	return s->head->id < t->head->id ? -1 : s->head->id > t->head->id;
}

static void gather_stories(struct shown *s)
{
	size_t count = s->view.finding_count;
	const struct finding **sorted = arena_room(&s->room, (count + 1) * sizeof *sorted);
	struct story *stories = arena_alloc(&s->room, (count + 1) * sizeof *stories), *last = NULL;

	s->stories = stories;
	s->story_count = 0;
	if (!sorted || !stories)
		return;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &s->view.findings[i];
	qsort(sorted, count, sizeof *sorted, by_story);
	for (size_t i = 0; i < count; i++) {
		if (!last || !same_story(last->head, sorted[i])) {
			last = &stories[s->story_count++];
			*last = (struct story){ .head = sorted[i], .all = &sorted[i], .over = true,
			                        .first = sorted[i]->first, .last = sorted[i]->last };
		}
		add(s, last, sorted[i]);
	}
	qsort(stories, s->story_count, sizeof *stories, by_head);
	mark_cut(s);
}

static void take_view(struct shown *s, const struct view *view)
{
	arena_reset(&s->room);
	s->view = *view;
	s->view.report = NULL;
	s->from = view;
	s->any = true;
	copy_clients(s, view);
	copy_findings(s, view);
	copy_servers(s, view);
	gather_stories(s);
}

/* ---- what comes more often ---- */

static void take_servers(struct shown *s, const struct tally *tally)
{
	static const unsigned spans[] = { 1, 10, TALLY_SECONDS - 1 };

	s->server_count = tally->server_count < TALLY_SERVERS ? tally->server_count : TALLY_SERVERS;
	for (size_t i = 0; i < s->server_count; i++) {
		const struct tally_server *from = &tally->servers[i];
		struct server_row *row = &s->servers[i];

		*row = (struct server_row){ .at = from->at, .connections = from->connections,
			                    .failed_connections = from->failed_connections,
			                    .exchanges = from->exchanges, .bytes = from->bytes,
			                    .last = from->last };
		memcpy(row->status, from->status, sizeof row->status);
		for (size_t k = 0; k < sizeof spans / sizeof *spans; k++)
			row->rate[k] = tally_rate(from, s->now, spans[k]);
		row->median = tally_share(&from->first_byte, 0.5);
		row->slowest = tally_share(&from->first_byte, 0.95);
	}
}

bool shown_take(struct shown *s, const struct view *view, const struct tally *tally, int64_t now)
{
	/* Rooms of views are used again: the address alone does not tell one from another. */
	bool other = view && (view != s->from || view->now != s->view.now ||
	                      view->counts.frames != s->view.counts.frames);

	s->now = now;
	if (other)
		take_view(s, view);
	take_servers(s, tally);
	return other;
}

void shown_rows(struct shown *s, const struct recent *recent, const struct addr *client)
{
	size_t count = client ? recent_count(recent, client) : 0;

	s->row_count = count < RECENT_ROWS ? count : RECENT_ROWS;
	for (size_t i = 0; i < s->row_count; i++)
		s->rows[i] = *recent_at(recent, client, count - s->row_count + i);
}

const struct server_seen *shown_server(const struct shown *s, const struct endpoint *at)
{
	for (size_t i = 0; i < s->view.server_count; i++)
		if (endpoint_eq(&s->view.servers[i].endpoint, at))
			return &s->view.servers[i];
	return NULL;
}

/* The highest that failed, with nothing at or above it that worked later. */
enum rung_name shown_stop(const struct ladder *l)
{
	int64_t worked = MOMENT_NONE;

	for (int r = RUNG_COUNT - 1; l->failed && r >= 0; r--) {
		const struct rung *rung = &l->rungs[r];

		if (rung->state == RUNG_FAILED && rung->when >= worked)
			return (enum rung_name)r;
		if (rung->state == RUNG_OK && rung->when > worked)
			worked = rung->when;
	}
	return RUNG_COUNT;
}

enum rung_name shown_height(const struct ladder *l)
{
	for (int r = RUNG_COUNT - 1; r >= 0; r--)
		if (l->rungs[r].state == RUNG_OK)
			return (enum rung_name)r;
	return RUNG_COUNT;
}
