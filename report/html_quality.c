/* report/html_quality.c - how far the capture can be trusted, who was heard, what was over early. */
#include "base/tongue.h"
#include "report/html.h"
#include "report/page.h"

enum { SERVERS_SHOWN = 100,
       PAST_SHOWN = 200 };

static void put_limits(struct html *h)
{
	bool any = false;
	char count[COUNT_TEXT];

	for (int i = 0; i < LIMIT_COUNT; i++) {
		uint64_t of = h->r->limits->count[i];

		if (!of)
			continue;
		if (!any)
			html_put(h, "<p>%s</p>\n<ul class=\"limits\">\n", _("Not judged or set aside:"));
		any = true;
		html_put(h, "<li><b>%s</b> %s</li>\n", page_count(of, count), limit_text((enum limit)i, of));
	}
	if (any)
		html_put(h, "</ul>\n");
	else
		html_put(h, "<p>%s</p>\n", _("All that was captured could be read."));
}

static void put_quality(struct html *h)
{
	static const char *const words[] = {
		[QUALITY_GOOD] = N_("Good: what is not seen here did not happen at this place."),
		[QUALITY_LIMITED] = N_("Limited: some packets or bytes are missing, and what rests on "
		                       "them is less sure."),
		[QUALITY_POOR] = N_("Poor: much is missing. Capture again, nearer to the client or "
		                    "without loss."),
	};

	html_put(h, "<p>%s</p>\n", _(words[limits_quality(h->r->limits, h->r->counts.frames)]));
}

static void put_servers(struct html *h)
{
	static const char *const columns[] = { N_("Server"), N_("Name"), N_("Role"), N_("Product"), NULL };
	size_t count = servers_count(h->r->ladders);
	char server[ENDPOINT_TEXT];

	if (!count)
		return;
	html_table(h, "", _("Servers that were heard"), columns);
	for (size_t i = 0; i < count && i < SERVERS_SHOWN; i++) {
		const struct server_seen *s = servers_at(h->r->ladders, i);

		html_put(h, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s %s</td></tr>\n",
		         endpoint_text(&s->endpoint,
		                       server), s->name, _(server_role_text(s->role)), s->product,
		         s->version);
	}
	html_table_end(h);
}

static void put_past(struct html *h)
{
	static const char *const columns[] = { N_("Since"), N_("For"), N_("Finding"), N_("Client"), NULL };
	size_t count = h->r->past_count, from = count > PAST_SHOWN ? count - PAST_SHOWN : 0;
	char since[MOMENT_TEXT], took[COUNT_TEXT], party[ENDPOINT_TEXT];

	if (!count)
		return;
	html_table(h, "", _("What was over before the end"), columns);
	for (size_t i = from; i < count; i++) {
		const struct report_past *past = &h->r->past[i];
		const struct finding *n = past->finding;

		html_put(h, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>\n",
		         moment_text(past->since, since), page_duration(past->until - past->since,
		                                                        took), _(n->title),
		         n->has_client ? addr_text(&n->client, party) : "");
	}
	html_table_end(h);
}

void html_quality(struct html *h)
{
	html_section(h, "quality", _("Quality and limits"));
	/* A probe sees its own packets alone, and knows what it asked. */
	if (!h->r->checks) {
		put_quality(h);
		put_limits(h);
	}
	put_servers(h);
	put_past(h);
	html_section_end(h);
}
