/* report/text_clients.c - the table of clients and rungs. */
#include "report/text.h"

enum { ROWS_MAX = 20, NAME_COLUMN = 18, CELL = 5 };

struct columns {                        /* rungs that anybody was seen on */
	bool seen[RUNG_COUNT];
};

static struct columns columns_of(const struct report *r)
{
	struct columns c = { { false } };

	for (size_t i = 0; i < ladders_count(r->ladders); i++)
		for (int rung = 0; rung < RUNG_COUNT; rung++)
			c.seen[rung] |= ladders_at(r->ladders, i)->rungs[rung].state != RUNG_UNSEEN;
	return c;
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

static void put_heading(struct page *p, const struct columns *c, const struct ladder *l)
{
	unsigned column = NAME_COLUMN;
	char server[ENDPOINT_TEXT], text[256 + ENDPOINT_TEXT];

	endpoint_text(&l->server, server);
	page_line(p);
	if (l->via_proxy)
		snprintf(text, sizeof text, "To %s via the proxy %s", l->host[0] ? l->host : "?", server);
	else if (!l->server.port)
		snprintf(text, sizeof text, "To %s, whose name does not resolve", l->host);
	else if (l->host[0] && !span_ieq(span_text(l->host), span_text(server)))
		snprintf(text, sizeof text, "To %s (%s)", server, l->host);
	else
		snprintf(text, sizeof text, "To %s", server);
	page_wrap_in(p, INK_BOLD, 3, text);
	page_put(p, INK_DIM, "CLIENT");
	for (int i = 0; i < RUNG_COUNT; i++) {
		if (!c->seen[i])
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

static void put_row(struct page *p, const struct columns *c, const struct ladder *l)
{
	unsigned column = NAME_COLUMN;
	char client[ADDR_TEXT];

	page_put(p, INK_PLAIN, addr_text(&l->client, client));
	/* A long IPv6 address takes a line of its own. */
	if (p->column >= NAME_COLUMN)
		page_line(p);
	for (int i = 0; i < RUNG_COUNT; i++) {
		if (!c->seen[i])
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
	struct columns c = columns_of(r);
	size_t count = choose(r, rows);
	bool done[ROWS_MAX] = { false }, hidden = false, unread = false;
	char more[COUNT_TEXT];

	for (size_t i = 0; i < count; i++) {
		if (done[i])
			continue;
		put_heading(p, &c, rows[i]);
		for (size_t j = i; j < count; j++) {
			if (done[j] || !same_target(rows[i], rows[j]))
				continue;
			put_row(p, &c, rows[j]);
			done[j] = true;
			hidden |= text_is_hidden(r, rows[j]) && !rows[j]->suite_unread;
			unread |= text_is_hidden(r, rows[j]) && rows[j]->suite_unread;
		}
	}
	if (ladders_count(r->ladders) > count) {
		page_putf(p, INK_PLAIN, "and %s more, all of them in -o json.",
		          page_count(ladders_count(r->ladders) - count, more));
		page_line(p);
	}
	if (hidden)
		page_wrap_in(p, INK_DIM, 0,
		             "What a client asks for within TLS is not seen: --keys shows it.");
	else if (unread)
		page_wrap_in(p, INK_DIM, 0,
		             "What a client asks for within TLS is not seen: its cipher suite is not read.");
}

/* Names while they fit into a line, else the first and the last of them. */
void text_rungs_reached(struct page *p, const struct report *r)
{
	static const char lead[] = "Seen to work: ";
	enum rung_name last = RUNG_COUNT, first = RUNG_COUNT;
	char text[400] = "";
	size_t len = 0;
	unsigned count = 0;

	for (int i = 0; i < RUNG_COUNT; i++)
		for (size_t j = 0; j < ladders_count(r->ladders); j++)
			if (ladders_at(r->ladders, j)->rungs[i].state == RUNG_OK) {
				len += (size_t)snprintf(text + len, sizeof text - len, "%s%s",
				                        len ? ", " : lead, rung_text((enum rung_name)i));
				first = count++ ? first : (enum rung_name)i;
				last = (enum rung_name)i;
				break;
			}
	if (len > p->style->width)
		snprintf(text, sizeof text, "%s%u steps from %s to %s", lead, count, rung_text(first),
		         rung_text(last));
	if (len)
		page_wrap(p, 0, text);
}
