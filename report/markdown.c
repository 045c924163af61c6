/* report/markdown.c - the report as the text of a ticket: verdict, findings, clients, quality. */
#include "report/markdown.h"

#include "base/tongue.h"
#include "report/page.h"
#include "report/verdict.h"

enum { WORDS = 256 };

static void put_verdict(struct markdown *m)
{
	struct verdict v;

	verdict_read(&v, m->r, m->style->reveal);
	markdown_put(m, "## %s\n", v.headline[0] ? v.headline : "wsuscope");
	if (v.advice[0])
		markdown_put(m, "\n%s\n", _(v.advice));
	if (v.reason_count)
		markdown_put(m, "\n");
	for (unsigned i = 0; i < v.reason_count; i++)
		markdown_put(m, "- %s%s\n", v.reasons[i], verdict_stop(false));
}

/* ---- what was read, and how well ---- */

static void put_input(struct markdown *m, const struct report_input *in)
{
	char count[COUNT_TEXT], first[MOMENT_TEXT], last[MOMENT_TEXT];

	m->in_cell = true;
	markdown_put(m, "| ");
	markdown_code(m, in->name);
	markdown_put(m, " ");
	markdown_cell(m, page_count(in->frames, count));
	markdown_cell(m, moment_text(in->first, first));
	markdown_cell(m, moment_text(in->last, last));
	markdown_cell(m, in->cut ? _("breaks off") : "");
	markdown_row_end(m);
}

static void put_quality(struct markdown *m)
{
	static const char *const columns[] = { N_("Capture"), N_("Frames"), N_("From (UTC)"),
		                               N_("To (UTC)"), "", NULL };
	enum { SHOWN = 20 };
	char count[COUNT_TEXT], text[WORDS];

	/* A probe sees its own packets alone, recorded or not, and knows what it asked. */
	if (m->r->checks && !m->r->input_count)
		return;
	markdown_put(m, "\n### %s\n\n", _("Quality and limits"));
	markdown_table(m, columns);
	for (size_t i = 0; i < m->r->input_count && i < SHOWN; i++)
		put_input(m, &m->r->inputs[i]);
	if (m->r->input_count > SHOWN) {
		tongue_say(text, sizeof text, "And %s more files.",
		           page_count(m->r->input_count - SHOWN, count));
		markdown_put(m, "\n%s\n", text);
	}
	if (m->r->checks)
		return;
	tongue_say(text, sizeof text, "Capture quality: %s.",
	           _(quality_name(limits_quality(m->r->limits, m->r->counts.frames))));
	markdown_put(m, "\n%s\n\n", text);
	for (int i = 0; i < LIMIT_COUNT; i++)
		if (m->r->limits->count[i])
			markdown_put(m, "- %s %s\n", page_count(m->r->limits->count[i], count),
			             limit_text((enum limit)i, m->r->limits->count[i]));
}

bool report_markdown(FILE *out, const struct report *r, const struct report_style *style)
{
	struct markdown m = { out, r, style, false };

	put_verdict(&m);
	markdown_findings(&m);
	markdown_clients(&m);
	put_quality(&m);
	return !ferror(out);
}
