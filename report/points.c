/* report/points.c - clocks, delays and limits of two captures, in words. */
#include "report/points.h"

#include <inttypes.h>
#include <math.h>

#include "report/page.h"

#define MS 1e6

/* "3.207 s", "0.2 ms" */
static const char *span_text_of(double ns, char text[static COUNT_TEXT])
{
	if (fabs(ns) >= 1e9)
		snprintf(text, COUNT_TEXT, "%.3f s", ns / 1e9);
	else
		snprintf(text, COUNT_TEXT, fabs(ns) >= MS ? "%.1f ms" : "%.3f ms", ns / MS);
	return text;
}

const char *points_clocks(const struct points_report *r, char text[static POINTS_TEXT])
{
	const struct clocks *c = &r->t->clocks;
	char offset[COUNT_TEXT], within[COUNT_TEXT];
	size_t len;

	text[0] = '\0';
	if (!c->known)
		return text;
	if (!c->one_way && !c->jumped && !(fabs(c->drift) > 0) && fabs(c->offset) <= c->uncertainty) {
		snprintf(text, POINTS_TEXT, "Both clocks agree within %s.", span_text_of(c->uncertainty,
		                                                                         within));
		return text;
	}
	span_text_of(fabs(c->offset), offset);
	len = (size_t)snprintf(text, POINTS_TEXT, "The clock of %s is %s %s that of %s",
	                       r->blind[FAR].name, offset,
	                       c->offset < 0 ? "behind" : "ahead of", r->blind[NEAR].name);
	if (len >= POINTS_TEXT)
		return text;
	if (c->one_way)
		snprintf(text + len, POINTS_TEXT - len, ", less what the way takes: packets of one "
		         "direction alone were seen "
		         "on both sides.");
	else if (c->jumped)
		snprintf(text + len, POINTS_TEXT - len, ", but one of them was set meanwhile: no steady "
		         "difference fits.");
	else if (fabs(c->drift) > 0)
		snprintf(text + len, POINTS_TEXT - len, " (within %s), and goes %.1f ppm %s.",
		         span_text_of(c->uncertainty, within), fabs(c->drift) * 1e6, c->drift < 0 ?
		         "slower" : "faster");
	else
		snprintf(text + len, POINTS_TEXT - len, " (within %s).", span_text_of(c->uncertainty,
		                                                                      within));
	return text;
}

const char *points_delays(const struct points_report *r, char text[static POINTS_TEXT])
{
	const struct delays *there = &r->t->delays[0], *back = &r->t->delays[1];
	char a[COUNT_TEXT], b[COUNT_TEXT], c[COUNT_TEXT], d[COUNT_TEXT], least[COUNT_TEXT];

	text[0] = '\0';
	if (!there->count || !back->count || r->t->clocks.jumped)
		return text;
	snprintf(text, POINTS_TEXT, "Between them packets take %s there and %s back (median; at most %s "
	         "and %s), and at least "
	         "%s both ways; what is shortest is taken to be alike both ways.",
	         span_text_of((double)there->median, a),
	         span_text_of((double)back->median, b), span_text_of((double)there->max, c),
	         span_text_of((double)back->max, d), span_text_of((double)(there->min + back->min), least));
	return text;
}

const char *points_passed(const struct points_report *r, char text[static POINTS_TEXT])
{
	char packets[COUNT_TEXT];
	size_t len = (size_t)snprintf(text, POINTS_TEXT, "%s packets of %" PRIu32 " conversations passed "
	                              "both",
	                              page_count(r->t->mates, packets), r->t->pairs);

	if (r->t->relays && len < POINTS_TEXT)
		len += (size_t)snprintf(text + len, POINTS_TEXT - len, "; %" PRIu32 " more were ended and "
		                        "made anew between",
		                        r->t->relays);
	if (len < POINTS_TEXT)
		snprintf(text + len, POINTS_TEXT - len, ".");
	return text;
}

static size_t note(char *text, size_t len, uint64_t count, const char *what)
{
	char number[COUNT_TEXT];

	if (!count || len >= POINTS_TEXT)
		return len;
	return len + (size_t)snprintf(text + len, POINTS_TEXT - len, "%s%s %s", len ? ", " : "",
	                              page_count(count, number),
	                              what);
}

const char *points_limits(const struct blind *b, char text[static POINTS_TEXT])
{
	size_t len = 0;

	text[0] = '\0';
	len = note(text, len, b->dropped, "packets dropped while capturing");
	len = note(text, len, b->missed, "packets that must have passed are not in it");
	len = note(text, len, b->truncated, "captured shorter than they were");
	len = note(text, len, b->left_out, "left out to stay within memory (--memory)");
	if (b->cut && len < POINTS_TEXT)
		snprintf(text + len, POINTS_TEXT - len, "%sit breaks off midway", len ? ", " : "");
	return text;
}

const char *points_frames(const struct trouble *n, enum place at, char text[static POINTS_TEXT])
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < n->frame_count[at] && len < POINTS_TEXT; i++)
		len += (size_t)snprintf(text + len, POINTS_TEXT - len, "%s%" PRIu64, i ? ", " : "",
		                        n->frames[at][i]);
	return text;
}
