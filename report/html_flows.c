/* report/html_flows.c - what single clients did, step by step: a sequence diagram for each.
 *
 * A row is a list's item: its time, arrows between lines of life, and the words.  Lines of life are the
 * background, so they are as long as the words need.
 */
#include "base/tongue.h"
#include "report/heard.h"
#include "report/html.h"
#include "report/page.h"

enum { ACTORS_MAX = 5,
       LANE = 60,
       ROW_TALL = 44,
       ASK_AT = 12,
       ANSWER_AT = 32,
       ROWS_SHOWN = 48,
       WORDS = 256 };

struct cast { /* who takes part; the client is the first */
	struct endpoint actors[ACTORS_MAX];
	size_t count;
	bool more; /* others share the last line */
};

/* ---- which clients, which rows ---- */

static bool is_chosen(const struct html *h, const struct addr *client)
{
	return html_flow_of(h, client) > 0;
}

void html_choose_flows(struct html *h)
{
	const struct ladders *ladders = h->r->ladders;

	h->flow_count = 0;
	if (!h->r->heard)
		return;
	for (int failed = 1; failed >= 0; failed--)
		for (size_t i = 0; i < ladders_count(ladders) && h->flow_count < HTML_FLOWS; i++) {
			const struct ladder *l = ladders_at(ladders, i);

			if (l->failed == (failed == 1) && !is_chosen(h, &l->client) &&
			    recent_count(h->r->heard->recent, &l->client))
				h->flows[h->flow_count++] = &l->client;
		}
}

unsigned html_flow_of(const struct html *h, const struct addr *client)
{
	for (size_t i = 0; i < h->flow_count; i++)
		if (addr_eq(h->flows[i], client))
			return (unsigned)i + 1;
	return 0;
}

/* "A wsus01.corp.example" asks for the host of "wsus01.corp.example:8530". */
static bool asks_for(const struct recent_row *row, const char *host)
{
	struct span left = span_text(host), name = span_split(&left, ':');
	const char *blank = strrchr(row->asked, ' ');

	return name.len && blank && span_ieq(span_text(blank + 1), name);
}

/* It is of the way to one of the client's update points. */
static bool is_on_way(const struct html *h, const struct addr *client, const struct recent_row *row)
{
	for (size_t i = 0; i < ladders_count(h->r->ladders); i++) {
		const struct ladder *l = ladders_at(h->r->ladders, i);

		if (!addr_eq(&l->client, client))
			continue;
		if (row->kind == RECENT_LOOKUP ? asks_for(row, l->host)
		                               : endpoint_eq(&row->server, &l->server))
			return true;
	}
	return false;
}

/* Rows of a client that are shown, oldest first: those on the way, or all where there are none. */
static size_t choose_rows(const struct html *h, const struct addr *client,
                          const struct recent_row *rows[static RECENT_ROWS])
{
	const struct recent *recent = h->r->heard->recent;
	size_t all = recent_count(recent, client), count = 0;

	for (size_t i = 0; i < all && i < RECENT_ROWS; i++)
		if (is_on_way(h, client, recent_at(recent, client, i)))
			rows[count++] = recent_at(recent, client, i);
	for (size_t i = 0; !count && i < all && i < RECENT_ROWS; i++)
		rows[i] = recent_at(recent, client, i);
	return count ? count : all < RECENT_ROWS ? all
	                                         : RECENT_ROWS;
}

/* ---- who takes part ---- */

static size_t lane_of(struct cast *c, const struct endpoint *server)
{
	for (size_t i = 1; i < c->count; i++)
		if (endpoint_eq(&c->actors[i], server))
			return i;
	if (c->count == ACTORS_MAX) {
		c->more = true;
		return ACTORS_MAX - 1;
	}
	c->actors[c->count] = *server;
	return c->count++;
}

static void put_actor(struct html *h, const struct endpoint *server)
{
	const struct ladders *ladders = h->r->ladders;
	char text[ENDPOINT_TEXT];

	endpoint_text(server, text);
	for (size_t i = 0; i < servers_count(ladders); i++) {
		const struct server_seen *s = servers_at(ladders, i);

		if (!endpoint_eq(&s->endpoint, server))
			continue;
		html_put(h, "%s%s%s <small>%s</small>", text, s->name[0] ? " " : "", s->name,
		         s->role == ROLE_OTHER ? "" : _(server_role_text(s->role)));
		return;
	}
	html_put(h, "%s", text);
	if (server->port == 53)
		html_put(h, " <small>%s</small>", _("name server"));
}

/* Circles at the heads of the lines, and below them who each is. */
static void put_cast(struct html *h, const struct cast *c, const char *client)
{
	html_put(h, "<div class=\"cast lanes-%zu\"><svg class=\"lanes\" viewBox=\"0 0 %zu 36\" "
	            "aria-hidden=\"true\">",
	         c->count, c->count * LANE);
	for (size_t i = 0; i < c->count; i++)
		html_put(h, "<circle cx=\"%zu\" cy=\"18\" r=\"14\"/><text x=\"%zu\" y=\"23\">%zu</text>",
		         i * LANE + LANE / 2,
		         i * LANE + LANE / 2, i + 1);
	html_put(h, "</svg><ol>\n<li>%s <small>%s</small></li>\n", client, _("client"));
	for (size_t i = 1; i < c->count; i++) {
		html_put(h, "<li>");
		put_actor(h, &c->actors[i]);
		if (c->more && i + 1 == ACTORS_MAX)
			html_put(h, " %s", _("and others"));
		html_put(h, "</li>\n");
	}
	html_put(h, "</ol></div>\n");
}

/* ---- a row ---- */

static void put_arrows(struct html *h, const struct cast *c, const struct recent_row *row, size_t lane)
{
	size_t from = LANE / 2, to = lane * LANE + LANE / 2;
	bool answered = row->answer_frame > 0, asked = row->frame > 0;

	html_put(h, "<svg class=\"lanes\" viewBox=\"0 0 %zu %d\" preserveAspectRatio=\"xMidYMin\" "
	            "aria-hidden=\"true\">",
	         c->count * LANE, ROW_TALL);
	if (asked)
		html_put(h, "<path class=\"ask\" d=\"M%zu %dH%zu\"/><path class=\"head\" d=\"M%zu "
		            "%dl-9-5v10z\"/>", from, ASK_AT,
		         to - 6, to - 1, ASK_AT);
	if (answered)
		html_put(h, "<path class=\"reply\" d=\"M%zu %dH%zu\"/><path class=\"head reply\" d=\"M%zu "
		            "%dl9-5v10z\"/>", to,
		         ANSWER_AT, from + 6, from + 1, ANSWER_AT);
	else if (row->failed)
		html_put(h, "<path class=\"lost\" d=\"M%zu %dl10 10m0-10l-10 10\"/>", to - 5, ANSWER_AT - 5);
	html_put(h, "</svg>");
}

static void put_took(struct html *h, const struct recent_row *row)
{
	char text[WORDS] = "";

	if (row->took >= MOMENT_S)
		tongue_say(text, sizeof text, "after %lld.%lld s", (long long)(row->took / MOMENT_S),
		           (long long)(row->took % MOMENT_S / (100 * MOMENT_MS)));
	else if (row->took >= MOMENT_MS)
		tongue_say(text, sizeof text, "after %lld ms", (long long)(row->took / MOMENT_MS));
	if (text[0])
		html_put(h, "<span>%s</span> ", text);
	if (h->style->frameless || (!row->frame && !row->answer_frame))
		return;
	html_put(h, "<span>%s", _("frame"));
	if (row->frame)
		html_put(h, " %llu", (unsigned long long)row->frame);
	if (row->answer_frame)
		html_put(h, "%s%llu", row->frame ? ", " : " ", (unsigned long long)row->answer_frame);
	html_put(h, "</span>");
}

static void put_row(struct html *h, struct cast *c, const struct recent_row *row)
{
	size_t lane = lane_of(c, &row->server);
	char time[MOMENT_TEXT];

	moment_text(row->time, time);
	time[23] = '\0';
	html_put(h, "<li class=\"lanes-%zu%s\"><span class=\"time\">%s</span>", c->count,
	         row->failed ? " failed" : "", time + 11);
	put_arrows(h, c, row, lane);
	html_put(h, "<div><b>%s</b> <span class=\"answer\">%s</span> <small>", row->asked, row->answer);
	put_took(h, row);
	html_put(h, "</small></div></li>\n");
}

static void put_flow(struct html *h, size_t i)
{
	const struct recent_row *rows[RECENT_ROWS];
	size_t count = choose_rows(h, h->flows[i], rows), from = count > ROWS_SHOWN ? count - ROWS_SHOWN : 0;
	struct cast c = { .count = 1 };
	char client[ADDR_TEXT], text[WORDS];

	addr_text(h->flows[i], client);
	for (size_t k = from; k < count; k++)
		lane_of(&c, &rows[k]->server);
	html_put(h, "<details id=\"flow-%zu\"%s><summary><h3>%s</h3></summary>\n", i + 1, i ? "" : " open",
	         client);
	if (from) {
		tongue_say(text, sizeof text, "The last %d steps.", ROWS_SHOWN);
		html_put(h, "<p>%s</p>\n", text);
	}
	put_cast(h, &c, client);
	html_put(h, "<ol class=\"flow\">\n");
	for (size_t k = from; k < count; k++)
		put_row(h, &c, rows[k]);
	html_put(h, "</ol>\n</details>\n");
}

void html_flows(struct html *h)
{
	char text[WORDS], count[COUNT_TEXT];

	html_section(h, "steps", _("Step by step"));
	tongue_say(text, sizeof text,
	           tongue_many("What one client did last on the way to its update point.",
	                       "What %s clients did last on the way to their update point, those first "
	                       "that got "
	                       "stuck.",
	                       h->flow_count),
	           page_count(h->flow_count, count));
	html_put(h, "<p>%s</p>\n", text);
	for (size_t i = 0; i < h->flow_count; i++)
		put_flow(h, i);
	html_section_end(h);
}
