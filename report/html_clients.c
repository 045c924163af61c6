/* report/html_clients.c - clients by rungs as a heat table; beyond some hundreds, alike ones by number. */
#include <stdlib.h>

#include "base/map.h"
#include "base/tongue.h"
#include "report/html.h"
#include "report/page.h"

enum { ROWS_SHOWN = 300,
       GROUPS_MAX = 400,
       SLOW_US = 3000000,
       WORDS = 256 };

struct columns { /* rungs that anybody climbed, or failed to */
	bool seen[RUNG_COUNT];
	uint64_t ok[RUNG_COUNT], failed[RUNG_COUNT];
};

static struct columns columns_of(const struct ladders *ladders)
{
	struct columns c = { 0 };

	for (size_t i = 0; i < ladders_count(ladders); i++)
		for (int rung = 0; rung < RUNG_COUNT; rung++) {
			unsigned state = ladders_at(ladders, i)->rungs[rung].state;

			c.ok[rung] += state == RUNG_OK;
			c.failed[rung] += state == RUNG_FAILED;
			c.seen[rung] = c.ok[rung] || c.failed[rung];
		}
	return c;
}

/* ---- cells ---- */

enum heat { HEAT_UNSEEN,
	    HEAT_SKIPPED,
	    HEAT_OK,
	    HEAT_SLOW,
	    HEAT_FAILED };

static const struct heat_row {
	const char *class, *word;
} heats[] = {
	[HEAT_UNSEEN] = { "unseen", N_("?") },
	[HEAT_SKIPPED] = { "skipped", N_("-") },
	[HEAT_OK] = { "ok", N_("ok") },
	[HEAT_SLOW] = { "slow", N_("slow") },
	[HEAT_FAILED] = { "failed", N_("STOP") },
};

static enum heat heat_of(const struct rung *rung)
{
	switch ((enum rung_state)rung->state) {
	case RUNG_UNSEEN:
		return HEAT_UNSEEN;
	case RUNG_SKIPPED:
		return HEAT_SKIPPED;
	case RUNG_FAILED:
		return HEAT_FAILED;
	case RUNG_OK:
		break;
	}
	return rung->took >= SLOW_US ? HEAT_SLOW : HEAT_OK;
}

static void put_cell(struct html *h, const struct rung *rung)
{
	enum heat heat = heat_of(rung);
	char text[WORDS] = "";

	if (rung->took >= 0 && heat >= HEAT_OK)
		snprintf(text, sizeof text, rung->took < 1000 ? "<1 ms" : "%d ms", rung->took / 1000);
	html_put(h, "<td class=\"%s\">%s", heats[heat].class, _(heats[heat].word));
	if (rung->detail[0] && heat == HEAT_FAILED)
		html_put(h, "<small>%s</small>", rung->detail);
	else if (text[0])
		html_put(h, "<small>%s</small>", text);
	html_put(h, "</td>");
}

/* "wsus01.corp.example:8530 via the proxy 192.0.2.9:3128" */
static void put_target(struct html *h, const struct ladder *l)
{
	char server[ENDPOINT_TEXT], text[WORDS + ENDPOINT_TEXT];

	endpoint_text(&l->server, server);
	if (l->via_proxy)
		tongue_say(text, sizeof text, "%s via the proxy %s", l->host[0] ? l->host : "?", server);
	else
		snprintf(text, sizeof text, "%s", l->host[0] ? l->host : server);
	html_put(h, "<td class=\"to\">%s</td>", text);
}

static void put_client(struct html *h, const struct ladder *l)
{
	char client[ADDR_TEXT];

	addr_text(&l->client, client);
	html_put(h, "<tr class=\"%s\"><th scope=\"row\">", l->failed ? "stopped" : "");
	if (html_flow_of(h, &l->client))
		html_put(h, "<a href=\"#flow-%u\">%s</a>", html_flow_of(h, &l->client), client);
	else
		html_put(h, "%s", client);
	if (l->name[0])
		html_put(h, " <small>%s</small>", l->name);
	html_put(h, "</th>");
	put_target(h, l);
}

static void put_cells(struct html *h, const struct columns *c, const struct ladder *l)
{
	for (int i = 0; i < RUNG_COUNT; i++)
		if (c->seen[i])
			put_cell(h, &l->rungs[i]);
	html_put(h, "<td class=\"why\">%s</td></tr>\n", l->verdict);
}

/* ---- the table ---- */

static void put_head(struct html *h, const struct columns *c, const char *caption, const char *first)
{
	const char *columns[RUNG_COUNT + 4] = { first, N_("To") };
	size_t column = 2;

	for (int i = 0; i < RUNG_COUNT; i++)
		if (c->seen[i])
			columns[column++] = rung_text((enum rung_name)i);
	columns[column++] = N_("In words");
	columns[column] = NULL;
	html_table(h, "heat", caption, columns);
}

/* How many got past each rung, and how many did not. */
static void put_sums(struct html *h, const struct columns *c)
{
	char count[COUNT_TEXT], text[WORDS];

	html_put(h, "<tr class=\"sums\"><th scope=\"row\">%s</th><td></td>", _("All"));
	for (int i = 0; i < RUNG_COUNT; i++) {
		if (!c->seen[i])
			continue;
		tongue_say(text, sizeof text, "%s ok", page_count(c->ok[i], count));
		html_put(h, "<td class=\"%s\">%s", c->failed[i] ? "failed" : "ok", text);
		tongue_say(text, sizeof text, "%s stop", page_count(c->failed[i], count));
		if (c->failed[i])
			html_put(h, "<small>%s</small>", text);
		html_put(h, "</td>");
	}
	html_put(h, "<td></td></tr>\n");
}

static void put_rows(struct html *h, const struct columns *c)
{
	size_t shown = 0;

	for (int failed = 1; failed >= 0; failed--)
		for (size_t i = 0; i < ladders_count(h->r->ladders) && shown < ROWS_SHOWN; i++) {
			const struct ladder *l = ladders_at(h->r->ladders, i);

			if (l->failed != (failed == 1))
				continue;
			put_client(h, l);
			put_cells(h, c, l);
			shown++;
		}
}

/* ---- clients alike ---- */

struct group {
	const struct ladder *first;
	uint64_t count;
	size_t number; /* in order of appearance */
};

struct groups {
	struct map map;
	struct group *all;
	size_t count;
	uint64_t others; /* beyond GROUPS_MAX */
};

/* What a group has in common: how each rung went, where to, and by which way. */
struct likeness {
	uint8_t states[RUNG_COUNT];
	uint8_t failed, via_proxy, climber;
	struct endpoint server;
};

static void add(struct groups *g, const struct ladder *l)
{
	struct likeness like;
	struct map_entry *e;
	struct group *group;

	memset(&like, 0, sizeof like);
	for (int i = 0; i < RUNG_COUNT; i++)
		like.states[i] = (uint8_t)heat_of(&l->rungs[i]);
	like.failed = l->failed;
	like.via_proxy = l->via_proxy;
	like.climber = (uint8_t)l->climber;
	like.server.addr = l->server.addr;
	like.server.port = l->server.port;
	e = map_put(&g->map, span_of(&like, sizeof like));
	if (!e) {
		g->others++;
		return;
	}
	if (!e->value) {
		g->all[g->count] = (struct group){ .first = l, .number = g->count };
		e->value = &g->all[g->count++];
	}
	group = e->value;
	group->count++;
}

static int by_count(const void *one, const void *other)
{
	const struct group *a = one, *b = other;

	if (a->first->failed != b->first->failed)
		return a->first->failed ? -1 : 1;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return a->number < b->number ? -1 : 1;
}

static void put_group(struct html *h, const struct columns *c, const struct group *group)
{
	char count[COUNT_TEXT], text[WORDS], client[ADDR_TEXT];

	tongue_say(text, sizeof text, tongue_many("%s row", "%s rows", group->count),
	           page_count(group->count, count));
	html_put(h, "<tr class=\"%s\"><th scope=\"row\">%s", group->first->failed ? "stopped" : "", text);
	tongue_say(text, sizeof text, "such as %s", addr_text(&group->first->client, client));
	html_put(h, " <small>%s</small></th>", text);
	put_target(h, group->first);
	put_cells(h, c, group->first);
}

static void put_groups(struct html *h, const struct columns *c)
{
	struct groups g = { .all = calloc(GROUPS_MAX, sizeof *g.all) };
	char count[COUNT_TEXT], text[WORDS];

	if (!g.all)
		return;
	map_init(&g.map, GROUPS_MAX);
	for (size_t i = 0; i < ladders_count(h->r->ladders); i++)
		add(&g, ladders_at(h->r->ladders, i));
	qsort(g.all, g.count, sizeof *g.all, by_count);
	put_head(h, c, _("All clients, alike ones together"), N_("Clients"));
	for (size_t i = 0; i < g.count; i++)
		put_group(h, c, &g.all[i]);
	html_table_end(h);
	tongue_say(text, sizeof text, "And %s rows of other kinds.", page_count(g.others, count));
	if (g.others)
		html_put(h, "<p>%s</p>\n", text);
	map_release(&g.map);
	free(g.all);
}

void html_clients(struct html *h)
{
	struct columns c = columns_of(h->r->ladders);
	size_t count = ladders_count(h->r->ladders);
	char all[COUNT_TEXT], text[WORDS];

	html_section(h, "clients", _("Clients"));
	if (count > ROWS_SHOWN) {
		tongue_say(text, sizeof text,
		           "%s rows are too many for a page: the table shows %d of them, failing ones first. "
		           "Below it all are told by how they went; -o json names each.",
		           page_count(count, all), ROWS_SHOWN);
		html_put(h, "<p class=\"note\">%s</p>\n", text);
	}
	put_head(h, &c, _("How far each client came"), N_("Client"));
	if (count > 1)
		put_sums(h, &c);
	put_rows(h, &c);
	html_table_end(h);
	if (count > ROWS_SHOWN)
		put_groups(h, &c);
	html_section_end(h);
}
