/* report/text_clients.c - the table of clients and rungs. */
#include "report/text.h"

enum { ROWS_MAX = 20, NAME_COLUMN = 18, CELL = 5 };

static bool is_seen(const struct report *r, enum rung_name rung)
{
	for (size_t i = 0; i < ladders_count(r->ladders); i++)
		if (ladders_at(r->ladders, i)->rungs[rung].state != RUNG_UNSEEN)
			return true;
	return false;
}

/* Up to ROWS_MAX rows: failed ones first, each kind in order of appearance. */
static size_t choose(const struct report *r, const struct ladder *rows[static ROWS_MAX])
{
	size_t count = 0;

	for (int failed = 1; failed >= 0; failed--)
		for (size_t i = 0; i < ladders_count(r->ladders) && count < ROWS_MAX; i++)
			if (ladders_at(r->ladders, i)->failed == (failed == 1))
				rows[count++] = ladders_at(r->ladders, i);
	return count;
}

static bool same_target(const struct ladder *a, const struct ladder *b)
{
	return endpoint_eq(&a->server, &b->server) && a->via_proxy == b->via_proxy &&
	       span_ieq(span_text(a->host), span_text(b->host));
}

static void put_heading(struct page *p, const struct report *r, const struct ladder *l)
{
	unsigned column = NAME_COLUMN;
	char server[ENDPOINT_TEXT];

	endpoint_text(&l->server, server);
	page_line(p);
	page_put(p, INK_BOLD, "To ");
	if (l->via_proxy)
		page_putf(p, INK_BOLD, "%s via the proxy %s", l->host[0] ? l->host : "?", server);
	else if (l->host[0] && !span_ieq(span_text(l->host), span_text(server)))
		page_putf(p, INK_BOLD, "%s (%s)", server, l->host);
	else
		page_put(p, INK_BOLD, server);
	page_line(p);
	page_put(p, INK_DIM, "CLIENT");
	for (int i = 0; i < RUNG_COUNT; i++) {
		if (!is_seen(r, (enum rung_name)i))
			continue;
		page_tab(p, column);
		page_put(p, INK_DIM, rung_column((enum rung_name)i));
		column += CELL;
	}
	page_line(p);
}

static void put_cell(struct page *p, const struct rung *rung)
{
	static const struct cell {
		const char *text;
		enum ink ink;
	} cells[] = {
		[RUNG_UNSEEN] = { "?", INK_DIM },
		[RUNG_OK] = { "ok", INK_PLAIN },
		[RUNG_FAILED] = { "STOP", INK_RED },
		[RUNG_SKIPPED] = { "-", INK_DIM },
	};
	page_put(p, cells[rung->state].ink, cells[rung->state].text);
}

static void put_row(struct page *p, const struct report *r, const struct ladder *l)
{
	unsigned column = NAME_COLUMN;
	char client[ADDR_TEXT];

	page_put(p, INK_PLAIN, addr_text(&l->client, client));
	/* A long IPv6 address takes a line of its own. */
	if (p->column >= NAME_COLUMN)
		page_line(p);
	for (int i = 0; i < RUNG_COUNT; i++) {
		if (!is_seen(r, (enum rung_name)i))
			continue;
		page_tab(p, column);
		put_cell(p, &l->rungs[i]);
		column += CELL;
	}
	page_line(p);
}

void text_clients(struct page *p, const struct report *r)
{
	const struct ladder *rows[ROWS_MAX];
	size_t count = choose(r, rows);
	bool done[ROWS_MAX] = { false };

	for (size_t i = 0; i < count; i++) {
		if (done[i])
			continue;
		put_heading(p, r, rows[i]);
		for (size_t j = i; j < count; j++) {
			if (done[j] || !same_target(rows[i], rows[j]))
				continue;
			put_row(p, r, rows[j]);
			done[j] = true;
		}
	}
	if (ladders_count(r->ladders) > count) {
		page_putf(p, INK_PLAIN, "and %zu more, all of them in -o json.",
		          ladders_count(r->ladders) - count);
		page_line(p);
	}
}

void text_rungs_reached(struct page *p, const struct report *r)
{
	char text[400] = "";
	size_t len = 0;

	for (int i = 0; i < RUNG_COUNT; i++)
		for (size_t j = 0; j < ladders_count(r->ladders); j++)
			if (ladders_at(r->ladders, j)->rungs[i].state == RUNG_OK) {
				len += (size_t)snprintf(text + len, sizeof text - len, "%s%s",
				                        len ? ", " : "Seen to work: ",
				                        rung_text((enum rung_name)i));
				break;
			}
	if (len)
		page_wrap(p, 0, text);
}
