/* report/text.c - the report for people: verdict, clients, findings, limits. */
#include "report/text.h"

static void put_period(struct page *p, const struct report_input *in)
{
	char first[CLOCK_TEXT], last[CLOCK_TEXT];

	if (in->first != MOMENT_NONE)
		page_putf(p, INK_PLAIN, ", %s to %s", moment_clock(in->first, first),
		          moment_clock(in->last, last));
}

static void put_input(struct page *p, const struct report *r, const struct report_input *in)
{
	char count[COUNT_TEXT];
	enum quality quality = limits_quality(r->limits, r->counts.frames);

	page_putf(p, INK_PLAIN, "%s: %s frame%s", in->name, page_count(in->frames, count),
	          in->frames == 1 ? "" : "s");
	put_period(p, in);
	if (in->cut)
		page_put(p, INK_YELLOW, ", breaks off");
	page_putf(p, quality == QUALITY_GOOD ? INK_PLAIN : INK_YELLOW, ", capture quality %s",
	          quality_name(quality));
	page_line(p);
}

/* Limits in one paragraph: what was not seen, in numbers. */
static void put_limits(struct page *p, const struct report *r)
{
	char text[2048] = "", count[COUNT_TEXT];
	size_t len = 0;

	for (int i = 0; i < LIMIT_COUNT && len < sizeof text; i++)
		if (r->limits->count[i])
			len += (size_t)snprintf(
				text + len, sizeof text - len, "%s%s %s", len ? "; " : "",
				page_count(r->limits->count[i], count), limit_text((enum limit)i));
	if (!len)
		return;
	page_line(p);
	page_put(p, INK_BOLD, "Not judged or set aside: ");
	page_wrap(p, 0, text);
}

bool report_text(FILE *out, const struct report *r, const struct report_style *style)
{
	struct page p = { out, style, 0 };

	text_verdict(&p, r);
	for (size_t i = 0; i < r->input_count; i++)
		put_input(&p, r, &r->inputs[i]);
	if (text_has_trouble(r))
		text_clients(&p, r);
	else
		text_rungs_reached(&p, r);
	text_findings(&p, r);
	put_limits(&p, r);
	return !ferror(out);
}
