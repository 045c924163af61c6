/* report/text.c - the report for people: verdict, clients, findings, limits. */
#include "report/text.h"

#include "base/tongue.h"
#include "report/verdict.h"

enum { REST = 160, NAME_MIN = 24 };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* As much of a file's name as leaves room for what is told of it: all, its last part, the end of that. */
static void put_name(struct page *p, const char *name, unsigned room)
{
	if (page_width(name) > room)
		name = base_name(name);
	if (page_width(name) > room) {
		page_put(p, INK_PLAIN, "...");
		while (*name && page_width(name) > room - 3)
			name += page_fit(name, 2) ? page_fit(name, 2) : 1;
	}
	page_put(p, INK_PLAIN, name);
}

static void put_input(struct page *p, const struct report *r, const struct report_input *in)
{
	enum quality quality = limits_quality(r->limits, r->counts.frames);
	char first[CLOCK_TEXT], last[CLOCK_TEXT], count[COUNT_TEXT], text[REST], end[REST] = "";
	const char *from = end;
	unsigned rest;
	bool is_last = in == &r->inputs[r->input_count - 1];
	size_t len = tongue_say(text, sizeof text, tongue_many(": %s frame", ": %s frames", in->frames),
				page_count(in->frames, count));

	if (in->first != MOMENT_NONE)
		tongue_say(text + len, sizeof text - len, ", %s to %s", moment_clock(in->first, first),
			   moment_clock(in->last, last));
	/* Quality is of all files together. */
	len = tongue_say(end, sizeof end, "%s", in->cut ? _(", breaks off") : "");
	if (is_last)
		tongue_say(end + len, sizeof end - len, ", capture quality %s", _(quality_name(quality)));
	rest = page_width(text) + page_width(end);
	/* Where too little is left for the name, the end gets a line of its own. */
	if (p->style->width < rest + NAME_MIN)
		rest = page_width(text) + 1;
	put_name(p, in->name, p->style->width - rest);
	page_put(p, INK_PLAIN, text);
	if (p->column + page_width(end) > p->style->width) {
		page_put(p, INK_PLAIN, ",");
		page_line(p);
		page_put(p, INK_PLAIN, " ");
		from += *from == ',';
	}
	page_put(p, in->cut || quality != QUALITY_GOOD ? INK_YELLOW : INK_PLAIN, from);
	page_line(p);
}

/* Limits in one paragraph: what was not seen, in numbers. */
static void put_limits(struct page *p, const struct report *r)
{
	char text[2048] = "", count[COUNT_TEXT];
	size_t len = 0;

	for (int i = 0; i < LIMIT_COUNT && len < sizeof text; i++)
		if (r->limits->count[i])
			/* TRANSLATORS: how many, and what of: "3", "frames are ...". */
			len += tongue_say(text + len, sizeof text - len, len ? N_("; %s %s") : N_("%s %s"),
					  page_count(r->limits->count[i], count),
					  limit_text((enum limit)i, r->limits->count[i]));
	if (!len)
		return;
	page_line(p);
	page_put(p, INK_BOLD, _("Not judged or set aside: "));
	page_wrap(p, 0, text);
}

/* Reasons are one paragraph. */
static void put_verdict(struct page *p, const struct report *r)
{
	static const enum ink inks[] = { INK_BOLD, INK_YELLOW, INK_RED };
	char text[VERDICT_REASONS * (VERDICT_REASON + 2)] = "";
	struct verdict v;
	size_t len = 0;

	verdict_read(&v, r, p->style->reveal);
	page_wrap_in(p, inks[v.mood], 0, v.headline);
	if (v.advice[0])
		page_wrap(p, 0, v.advice);
	for (unsigned i = 0; i < v.reason_count; i++)
		len += tongue_say(text + len, sizeof text - len, "%s%s", v.reasons[i],
				  verdict_stop(i + 1 < v.reason_count));
	if (len)
		page_wrap(p, 0, text);
	if (!r->checks && verdict_has_trouble(r))
		page_line(p);
}

bool report_text(FILE *out, const struct report *r, const struct report_style *style)
{
	struct page p = { out, style, 0 };

	put_verdict(&p, r);
	for (size_t i = 0; i < r->input_count; i++)
		put_input(&p, r, &r->inputs[i]);
	if (r->checks)
		text_checked(&p, r);
	else if (verdict_has_trouble(r))
		text_clients(&p, r);
	else
		text_rungs_reached(&p, r);
	text_findings(&p, r);
	text_past(&p, r);
	/* A probe sees its own packets alone, and knows what it asked. */
	if (!r->checks)
		put_limits(&p, r);
	return !ferror(out);
}
