/* report/html.c - the frame of the page: head, policy, style, landmarks, script. */
#include "report/html.h"

#include "base/tongue.h"
#include "report/heard.h"

static void put_part(struct html *h, const struct html_part *part)
{
	for (const char *const *line = part->lines; *line; line++)
		fputs(*line, h->out);
}

/* A policy in the page itself, as it comes by mail: whatever gets into it can neither ask for anything
 * nor run. */
static void put_head(struct html *h)
{
	html_put(h, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", tongue_code());
	html_put(h,
	         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '%s'; "
	         "script-src '%s'; base-uri 'none'; form-action 'none'\">\n",
	         html_css.hash, html_script.hash);
	html_put(h, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	            "<meta name=\"color-scheme\" content=\"light dark\">\n"
	            "<meta name=\"referrer\" content=\"no-referrer\">\n");
	html_put(h, "<title>%s</title>\n"
	            "<style>", h->verdict->headline[0] ? h->verdict->headline : "wsuscope");
	put_part(h, &html_css);
	html_put(h, "</style>\n</head>\n");
}

struct part {
	const char *id, *title; /* of its heading, for the contents; NULL: it is in none */
	void (*put)(struct html *h);
	bool (*is_there)(const struct html *h); /* NULL: always */
};

static bool has_findings(const struct html *h)
{
	return findings_count(h->r->findings) > 0;
}

static bool has_clients(const struct html *h)
{
	return ladders_count(h->r->ladders) > 0;
}

static bool has_checks(const struct html *h)
{
	return h->r->checks != NULL;
}

static bool has_flows(const struct html *h)
{
	return h->flow_count > 0;
}

static bool has_traffic(const struct html *h)
{
	return h->r->heard && h->r->heard->series.width;
}

static const struct part parts[] = {
	{ "verdict", N_("Verdict"), html_verdict, NULL },
	{ "findings", N_("Findings"), html_findings, has_findings },
	{ "checks", N_("Checks"), html_checks, has_checks },
	{ "clients", N_("Clients"), html_clients, has_clients },
	{ "steps", N_("Step by step"), html_flows, has_flows },
	{ "traffic", N_("Traffic"), html_charts, has_traffic },
	{ "quality", N_("Quality and limits"), html_quality, NULL },
};

enum { PART_COUNT = sizeof parts / sizeof *parts };

static void put_contents(struct html *h)
{
	html_put(h, "<nav aria-label=\"%s\"><ul>\n", _("Parts of the report"));
	for (size_t i = 0; i < PART_COUNT; i++)
		if (!parts[i].is_there || parts[i].is_there(h))
			html_put(h, "<li><a href=\"#%s\">%s</a></li>\n", parts[i].id, _(parts[i].title));
	html_put(h, "</ul></nav>\n");
}

static void put_body(struct html *h)
{
	html_put(h, "<body data-copied=\"%s\" data-press=\"%s\">\n", _("Copied"),
	         _("Marked: press Ctrl+C to copy"));
	html_put(h, "<a class=\"skip\" href=\"#main\">%s</a>\n", _("Skip to the report"));
	html_put(h, "<header><p class=\"brand\">wsuscope</p>\n");
	put_contents(h);
	html_put(h, "</header>\n<main id=\"main\" tabindex=\"-1\">\n");
	for (size_t i = 0; i < PART_COUNT; i++)
		if (!parts[i].is_there || parts[i].is_there(h))
			parts[i].put(h);
	html_put(h, "</main>\n<p id=\"said\" role=\"status\"></p>\n<script>");
	put_part(h, &html_script);
	html_put(h, "</script>\n</body>\n</html>\n");
}

bool report_html(FILE *out, const struct report *r, const struct report_style *style)
{
	struct verdict verdict;
	struct html h = { .out = out, .r = r, .style = style, .verdict = &verdict };

	verdict_read(&verdict, r, style->reveal);
	html_choose_flows(&h);
	put_head(&h);
	put_body(&h);
	return !ferror(out);
}
