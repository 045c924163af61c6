/* report/markdown_clients.c - clients by rung, and ways of a probe, as tables of a ticket. */
#include "base/tongue.h"
#include "report/check_words.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/ways.h"

enum { ROWS_SHOWN = 50, WORDS = 256, CLIENT_TEXT = ADDR_TEXT + 260 };

static void put_target(struct markdown *m, const struct ladder *l)
{
	char server[ENDPOINT_TEXT], text[WORDS + ENDPOINT_TEXT];

	endpoint_text(&l->server, server);
	if (l->via_proxy)
		tongue_say(text, sizeof text, "%s via the proxy %s", l->host[0] ? l->host : "?", server);
	else
		snprintf(text, sizeof text, "%s", l->host[0] ? l->host : server);
	markdown_cell(m, text);
}

static void put_client(struct markdown *m, const struct ladder *l, const bool *seen)
{
	static const char *const states[] = {
		[RUNG_UNSEEN] = "?", [RUNG_OK] = N_("ok"), [RUNG_FAILED] = N_("STOP"), [RUNG_SKIPPED] = "-",
	};
	char client[ADDR_TEXT], text[CLIENT_TEXT];

	snprintf(text, sizeof text, "%s%s%s", addr_text(&l->client, client), l->name[0] ? " " : "", l->name);
	markdown_cell(m, text);
	put_target(m, l);
	for (int i = 0; i < RUNG_COUNT; i++)
		if (seen[i])
			fprintf(m->out, l->rungs[i].state == RUNG_FAILED ? "| **%s** " : "| %s ",
			        _(states[l->rungs[i].state]));
	markdown_cell(m, l->verdict);
	markdown_row_end(m);
}

/* Failed ones first. */
static void put_rows(struct markdown *m, const bool *seen)
{
	size_t count = ladders_count(m->r->ladders), shown = 0;
	char all[COUNT_TEXT], some[COUNT_TEXT], text[WORDS];

	for (int failed = 1; failed >= 0; failed--)
		for (size_t i = 0; i < count && shown < ROWS_SHOWN; i++) {
			if (ladders_at(m->r->ladders, i)->failed != (failed == 1))
				continue;
			put_client(m, ladders_at(m->r->ladders, i), seen);
			shown++;
		}
	if (count <= shown)
		return;
	tongue_say(text, sizeof text, "%s of %s rows are shown: -o csv-clients has them all.",
	           page_count(shown, some), page_count(count, all));
	markdown_put(m, "\n%s\n", text);
}

static void put_clients(struct markdown *m)
{
	const char *columns[RUNG_COUNT + 4] = { N_("Client"), N_("To") };
	bool seen[RUNG_COUNT] = { false };
	size_t column = 2;

	for (size_t i = 0; i < ladders_count(m->r->ladders); i++)
		for (int rung = 0; rung < RUNG_COUNT; rung++) {
			unsigned state = ladders_at(m->r->ladders, i)->rungs[rung].state;

			seen[rung] |= state == RUNG_OK || state == RUNG_FAILED;
		}
	for (int i = 0; i < RUNG_COUNT; i++)
		if (seen[i])
			columns[column++] = rung_text((enum rung_name)i);
	columns[column] = N_("In words");
	markdown_put(m, "\n### %s\n\n", _("Clients"));
	markdown_table(m, columns);
	put_rows(m, seen);
}

/* ---- of a probe ---- */

static void put_way(struct markdown *m, const struct checked_way *w, const bool *seen)
{
	static const char *const cells[] = {
		[CELL_NONE] = "", [CELL_SKIPPED] = "-", [CELL_OK] = N_("ok"), [CELL_WARNING] = N_("warns"),
		[CELL_FAILED] = N_("STOP"),
	};

	markdown_cell(m, w->target);
	markdown_cell(m, w->proxy[0] ? w->proxy : _("direct"));
	for (int i = 0; i < CHECK_RUNG_COUNT; i++)
		if (seen[i])
			markdown_cell(m, cells[w->cells[i]][0] ? _(cells[w->cells[i]]) : "");
	markdown_row_end(m);
}

static void put_ways(struct markdown *m)
{
	const char *columns[CHECK_RUNG_COUNT + 3] = { N_("Target"), N_("Proxy") };
	bool seen[CHECK_RUNG_COUNT] = { false };
	struct checked_ways w;
	size_t column = 2;

	checked_ways_read(&w, m->r);
	for (size_t i = 0; i < w.count; i++)
		for (int rung = 0; rung < CHECK_RUNG_COUNT; rung++)
			seen[rung] |= w.at[i].cells[rung] > CELL_SKIPPED;
	for (int i = 0; i < CHECK_RUNG_COUNT; i++)
		if (seen[i])
			columns[column++] = check_rung_name((enum check_rung)i);
	columns[column] = NULL;
	markdown_put(m, "\n### %s\n\n", _("Which way serves clients"));
	markdown_table(m, columns);
	for (size_t i = 0; i < w.count; i++)
		put_way(m, &w.at[i], seen);
	checked_ways_release(&w);
}

void markdown_clients(struct markdown *m)
{
	if (m->r->checks)
		put_ways(m);
	else if (ladders_count(m->r->ladders))
		put_clients(m);
}
