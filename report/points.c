/* report/points.c - clocks, delays and limits of two captures, in words. */
#include "report/points.h"

#include <inttypes.h>
#include <math.h>

#include "report/page.h"

#define MS 1e6

/* "3.207 s", "0.2 ms"; what rounds to nothing has no sign. */
static const char *span_text_of(double ns, char text[static COUNT_TEXT])
{
	if (fabs(ns) < MS / 2000)
		ns = 0;
	if (fabs(ns) >= 1e9)
		snprintf(text, COUNT_TEXT, "%.3f s", ns / 1e9);
	else
		snprintf(text, COUNT_TEXT, fabs(ns) >= MS ? "%.1f ms" : "%.3f ms", ns / MS);
	return text;
}

/* How two clocks differ: which is it, how much, from which. */
static void tell_offset(const struct points_report *r, bool one_way, char text[static POINTS_TEXT])
{
	static const char *const messages[2][2] = {
		{ N_("The clock of %s is %s ahead of that of %s, but one of them was set meanwhile: no "
		     "steady difference fits."),
		  N_("The clock of %s is %s behind that of %s, but one of them was set meanwhile: no "
		     "steady difference fits.") },
		{ N_("The clock of %s is %s ahead of that of %s, less what the way takes: packets of one "
		     "direction alone were seen on both sides."),
		  N_("The clock of %s is %s behind that of %s, less what the way takes: packets of one "
		     "direction alone were seen on both sides.") },
	};
	double ahead = r->t->clocks.offset;
	char offset[COUNT_TEXT];

	tongue_say(text, POINTS_TEXT, messages[one_way][ahead < 0], r->blind[FAR].name,
	           span_text_of(fabs(ahead), offset), r->blind[NEAR].name);
}

/* As exactly as they can be compared: also how far that may be wrong. */
static void tell_difference(const struct points_report *r, char text[static POINTS_TEXT])
{
	static const char *const steady[] = {
		N_("The clock of %s is %s ahead of that of %s (within %s)."),
		N_("The clock of %s is %s behind that of %s (within %s)."),
	};
	static const char *const drifting[2][2] = {
		{ N_("The clock of %s is %s ahead of that of %s (within %s), and goes %.1f ppm faster."),
		  N_("The clock of %s is %s behind that of %s (within %s), and goes %.1f ppm faster.") },
		{ N_("The clock of %s is %s ahead of that of %s (within %s), and goes %.1f ppm slower."),
		  N_("The clock of %s is %s behind that of %s (within %s), and goes %.1f ppm slower.") },
	};
	const struct clocks *c = &r->t->clocks;
	bool drifts = fabs(c->drift) > 0;
	bool behind = c->offset < 0;
	char offset[COUNT_TEXT], within[COUNT_TEXT];

	span_text_of(fabs(c->offset), offset);
	span_text_of(c->uncertainty, within);
	tongue_say(text, POINTS_TEXT, drifts ? drifting[c->drift < 0][behind] : steady[behind],
	           r->blind[FAR].name, offset, r->blind[NEAR].name, within, fabs(c->drift) * 1e6);
}

const char *points_clocks(const struct points_report *r, char text[static POINTS_TEXT])
{
	const struct clocks *c = &r->t->clocks;
	char within[COUNT_TEXT];

	text[0] = '\0';
	if (!c->known)
		return text;
	if (c->one_way || c->jumped)
		tell_offset(r, c->one_way, text);
	else if (!(fabs(c->drift) > 0) && fabs(c->offset) <= c->uncertainty)
		tongue_say(text, POINTS_TEXT, "Both clocks agree within %s.",
		           span_text_of(c->uncertainty, within));
	else
		tell_difference(r, text);
	return text;
}

const char *points_delays(const struct points_report *r, char text[static POINTS_TEXT])
{
	const struct delays *there = &r->t->delays[0], *back = &r->t->delays[1];
	char a[COUNT_TEXT], b[COUNT_TEXT], c[COUNT_TEXT], d[COUNT_TEXT], least[COUNT_TEXT];

	text[0] = '\0';
	if (!there->count || !back->count || r->t->clocks.jumped)
		return text;
	tongue_say(text, POINTS_TEXT, "Between them packets take %s there and %s back (median; at most %s "
	                              "and %s), and at least %s both ways; what is shortest is taken to be "
	                              "alike both ways.",
	           span_text_of((double)there->median, a), span_text_of((double)back->median, b),
	           span_text_of((double)there->max, c), span_text_of((double)back->max, d),
	           span_text_of((double)(there->min + back->min), least));
	return text;
}

const char *points_passed(const struct points_report *r, char text[static POINTS_TEXT])
{
	char packets[COUNT_TEXT];

	page_count(r->t->mates, packets);
	if (r->t->relays)
		tongue_say(text, POINTS_TEXT, "Packets that passed both: %s, conversations: %" PRIu32
		                              "; ended and made anew between: %" PRIu32 ".",
		           packets, r->t->pairs, r->t->relays);
	else
		tongue_say(text, POINTS_TEXT, "Packets that passed both: %s, conversations: %" PRIu32 ".",
		           packets, r->t->pairs);
	return text;
}

const char *points_limits(const struct blind *b, char text[static POINTS_TEXT])
{
	const struct note {
		uint64_t count;
		const char *message;
	} notes[] = {
		{ b->dropped, N_("%s packets dropped while capturing") },
		{ b->missed, N_("%s packets that must have passed are not in it") },
		{ b->truncated, N_("%s packets captured shorter than they were") },
		{ b->left_out, N_("%s packets left out to stay within memory (--memory)") },
		{ b->cut, N_("it breaks off midway") },
	};
	char number[COUNT_TEXT];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
		if (!notes[i].count)
			continue;
		if (len)
			len += tongue_say(text + len, POINTS_TEXT - len, ", ");
		len += tongue_say(text + len, POINTS_TEXT - len, notes[i].message,
		                  page_count(notes[i].count, number));
	}
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
