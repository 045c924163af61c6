/* report/text_clients.c - the table of clients and rungs. */
#include "analyzers/scan.h"
#include "base/tongue.h"
#include "report/text.h"
#include "report/verdict.h"

enum { ROWS_MAX = 20, NAME_COLUMN = 18, WIDE_NAME_COLUMN = 34, CELL = 5, SCAN_TEXT = 400, SCAN_LINES = 3 };
enum { CLIENT_TEXT = ADDR_TEXT + 64, KBS_TOLD = 3, UPDATES_TEXT = 80 };

struct columns {                        /* rungs that anybody climbed, or failed to */
	bool seen[RUNG_COUNT];
	unsigned first;                 /* where they begin: clients with names take more room */
};

/* Its address, and the first label of its name. */
static const char *word_client(const struct ladder *l, char text[static CLIENT_TEXT])
{
	char client[ADDR_TEXT];
	struct span name = span_text(l->name), label = span_split(&name, '.');

	snprintf(text, CLIENT_TEXT, "%s%s%.*s", addr_text(&l->client, client), label.len ? " " : "",
	         (int)label.len, (const char *)label.at);
	return text;
}

/* Clients take as much as the longest of them that leaves room for the rungs. */
static struct columns columns_of(const struct report *r, const struct ladder *const rows[], size_t count,
                                 unsigned width)
{
	struct columns c = { .first = NAME_COLUMN };
	unsigned cells = 0, most;
	char text[CLIENT_TEXT];

	for (size_t i = 0; i < ladders_count(r->ladders); i++) {
		const struct ladder *l = ladders_at(r->ladders, i);

		for (int rung = 0; rung < RUNG_COUNT; rung++)
			c.seen[rung] |= l->rungs[rung].state == RUNG_OK ||
			                l->rungs[rung].state == RUNG_FAILED;
	}
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		cells += c.seen[rung];
	/* What stands in the last cell is narrower than a cell. */
	most = width + 1 > cells * CELL ? width + 1 - cells * CELL : 0;
	most = most < WIDE_NAME_COLUMN ? most : WIDE_NAME_COLUMN;
	for (size_t i = 0; i < count; i++) {
		unsigned need = page_width(word_client(rows[i], text)) + 2;

		if (need <= most && need > c.first)
			c.first = need;
	}
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
	unsigned column = c->first;
	char server[ENDPOINT_TEXT], text[256 + ENDPOINT_TEXT];

	endpoint_text(&l->server, server);
	page_line(p);
	if (l->via_proxy)
		tongue_say(text, sizeof text, "To %s via the proxy %s", l->host[0] ? l->host : "?", server);
	else if (!l->server.port)
		tongue_say(text, sizeof text, "To %s, whose name does not resolve", l->host);
	else if (l->host[0] && !span_ieq(span_text(l->host), span_text(server)))
		tongue_say(text, sizeof text, "To %s (%s)", server, l->host);
	else
		tongue_say(text, sizeof text, "To %s", server);
	page_wrap_in(p, INK_BOLD, 3, text);
	page_put(p, INK_DIM, _("CLIENT"));
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
		[RUNG_OK] = { N_("ok"), INK_PLAIN },
		[RUNG_FAILED] = { N_("STOP"), INK_RED },
		[RUNG_SKIPPED] = { "-", INK_DIM },
	};
	page_put(p, cells[rung->state].ink, _(cells[rung->state].text));
}

static void put_row(struct page *p, const struct columns *c, const struct ladder *l)
{
	unsigned column = c->first;
	char text[CLIENT_TEXT];

	page_put(p, INK_PLAIN, word_client(l, text));
	/* A long name, or IPv6 address, takes a line of its own. */
	if (p->column >= c->first)
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

/* What it did last, and with what: "delta scan for CcmExec, agent 1507.2601.30012.0, Windows build 26200". */
static void word_scan(const struct scan *s, char *text, size_t size)
{
	size_t len = tongue_say(text, size, s->caller[0] ? N_("%s for %s") : "%s", _(scan_kind_name(s->kind)),
				s->caller);

	if (s->agent[0])
		len += tongue_say(text + len, size - len, ", agent %s", s->agent);
	if (s->os_build)
		tongue_say(text + len, size - len, ", Windows build %u", s->os_build);
}

static bool has_client_before(const struct ladder *const rows[], size_t from, size_t i)
{
	for (size_t j = from; j < i; j++)
		if (addr_eq(&rows[j]->client, &rows[i]->client))
			return true;
	return false;
}

/* Latest scans of those rows, alike ones once, with how many clients they are of. */
static void put_scans(struct page *p, const struct ladder *const rows[], size_t count)
{
	char text[SCAN_TEXT], other[SCAN_TEXT];
	bool told[ROWS_MAX] = { false };
	unsigned lines = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned alike = 0;

		if (told[i] || !rows[i]->scans || lines++ >= SCAN_LINES)
			continue;
		word_scan(rows[i]->scans, text, sizeof text);
		for (size_t j = i; j < count; j++) {
			if (!rows[j]->scans)
				continue;
			word_scan(rows[j]->scans, other, sizeof other);
			if (strcmp(text, other) != 0)
				continue;
			told[j] = true;
			alike += !has_client_before(rows, i, j);
		}
		if (alike > 1)
			page_putf(p, INK_DIM, "Last, of %u clients: ", alike);
		else
			page_put(p, INK_DIM, _("Last: "));
		page_wrap_in(p, INK_DIM, 6, text);
	}
}

void text_clients(struct page *p, const struct report *r)
{
	const struct ladder *rows[ROWS_MAX];
	size_t count = choose(r, rows);
	struct columns c = columns_of(r, rows, count, p->style->width);
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
			hidden |= verdict_is_hidden(r, rows[j]) && !rows[j]->suite_unread;
			unread |= verdict_is_hidden(r, rows[j]) && rows[j]->suite_unread;
		}
	}
	if (ladders_count(r->ladders) > count) {
		page_putf(p, INK_PLAIN, "and %s more, all of them in -o json.",
		          page_count(ladders_count(r->ladders) - count, more));
		page_line(p);
	}
	put_scans(p, rows, count);
	if (hidden)
		page_wrap_in(p, INK_DIM, 0,
		             _("What a client asks for within TLS is not seen: --keys shows it."));
	else if (unread)
		page_wrap_in(p, INK_DIM, 0,
		             _("What a client asks for within TLS is not seen: its cipher suite is not "
			       "read."));
}

/* "; tells of KB2267602": the updates of a capture that has few; "" where there are none or many. */
static void word_updates(const struct updates *u, char text[static UPDATES_TEXT])
{
	const char *kbs[KBS_TOLD];
	size_t count = 0, len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < updates_count(u); i++) {
		const char *kb = updates_at(u, i)->kb;
		size_t k = 0;

		while (k < count && strcmp(kbs[k], kb))
			k++;
		if (!kb[0] || k < count)
			continue;
		if (count == KBS_TOLD)
			return;
		kbs[count++] = kb;
	}
	for (size_t k = 0; k < count; k++)
		len += tongue_say(text + len, UPDATES_TEXT - len, k ? N_(", KB%s") : N_("; tells of "
											"KB%s"), kbs[k]);
}

/* Names while they fit into a line, else the first and the last of them. */
void text_rungs_reached(struct page *p, const struct report *r)
{
	const char *lead = _("Seen to work: ");
	enum rung_name last = RUNG_COUNT, first = RUNG_COUNT;
	char text[SCAN_TEXT] = "", scan[SCAN_TEXT] = "", updates[UPDATES_TEXT];
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
	if (page_width(text) > p->style->width)
		tongue_say(text, sizeof text, "%s%u steps from %s to %s", lead, count, rung_text(first),
			   rung_text(last));
	len = page_width(text);
	if (ladders_count(r->ladders) == 1 && ladders_at(r->ladders, 0)->scan_count == 1)
		tongue_say(scan, sizeof scan,
			   tongue_many("%s of %u call", "%s of %u calls",
				       ladders_at(r->ladders, 0)->scans->calls),
			   _(scan_kind_name(ladders_at(r->ladders, 0)->scans->kind)),
			   ladders_at(r->ladders, 0)->scans->calls);
	if (!len)
		return;
	word_updates(r->updates, updates);
	if (len + 2 + page_width(scan) + page_width(updates) > p->style->width)
		updates[0] = '\0';
	if (scan[0] && len + 2 + page_width(scan) <= p->style->width) {
		page_putf(p, INK_PLAIN, "%s; %s%s", text, scan, updates);
		page_line(p);
	} else {
		page_wrap(p, 0, text);
	}
}
