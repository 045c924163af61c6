/* report/text_past.c - "2026-11-22 10:02  proxy-auth-required  192.0.2.50 -> 192.0.2.1:8530 for 14 min". */
#include "base/tongue.h"
#include "report/text.h"

enum { SHOWN = 20, KIND_COLUMN = 20, PARTIES_COLUMN = 48, REST_COLUMN = 90 };

static void put_one(struct page *p, const struct report_past *past)
{
	char when[MOMENT_TEXT], client[ADDR_TEXT], server[ENDPOINT_TEXT];
	char count[COUNT_TEXT], took[COUNT_TEXT];
	const struct finding *n = past->finding;

	moment_text(past->since, when);
	page_putf(p, INK_DIM, "  %.10s %.5s", when, when + 11);
	page_tab(p, KIND_COLUMN);
	page_put(p, INK_PLAIN, finding_row(n->kind)->kind);
	page_tab(p, PARTIES_COLUMN);
	if (n->has_client)
		page_putf(p, INK_PLAIN, "%s ", addr_text(&n->client, client));
	else if (n->clients)
		page_putf(p, INK_PLAIN, "%s more clients ", page_count(n->clients, count));
	if (n->has_server)
		page_putf(p, INK_PLAIN, "%s%s ", n->has_client || n->clients ? "-> " : "",
		          endpoint_text(&n->server, server));
	page_putf(p, INK_PLAIN, " for %s", page_duration(past->until - past->since, took));
	page_putf(p, INK_PLAIN, tongue_many(", %s time", ", %s times", past->count),
		  page_count(past->count, count));
	page_line(p);
}

void text_past(struct page *p, const struct report *r)
{
	size_t first = r->past_count > SHOWN ? r->past_count - SHOWN : 0;
	char count[COUNT_TEXT];

	if (!r->past_count)
		return;
	page_line(p);
	page_put(p, INK_BOLD, _("Over by then:"));
	if (first)
		page_putf(p, INK_PLAIN, " the last %d of %s", SHOWN, page_count(r->past_count, count));
	page_line(p);
	for (size_t i = first; i < r->past_count; i++)
		put_one(p, &r->past[i]);
}
