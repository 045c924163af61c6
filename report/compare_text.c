/* report/compare_text.c - a comparison for people at a terminal. */
#include "base/tongue.h"
#include "report/compare.h"
#include "report/page.h"

enum { CLIENTS_SHOWN = 40, FINDINGS_SHOWN = 60, FATE_COLUMN = 34, INDENT = 3 };
enum { LINE = 3 * COMPARE_TEXT_MAX + 160 };

static const enum ink fate_inks[] = {
	[FATE_BROKE] = INK_RED,   [FATE_STILL] = INK_RED,    [FATE_UNCLEAR] = INK_YELLOW,
	[FATE_GONE] = INK_YELLOW, [FATE_HELPED] = INK_GREEN, [FATE_SAME] = INK_PLAIN,
};

static const enum ink change_inks[] = {
	[COMPARE_NEW] = INK_RED,         [COMPARE_STAYED] = INK_YELLOW, [COMPARE_UNTOLD] = INK_YELLOW,
	[COMPARE_NOT_SEEN] = INK_YELLOW, [COMPARE_FIXED] = INK_GREEN,
};

static void put_side(struct page *p, const char *label, const struct compare_side *side)
{
	char count[COUNT_TEXT], text[LINE];

	/* TRANSLATORS: "Before", a file's name, "1 842 frames", "good". */
	tongue_say(text, sizeof text, tongue_many("%s: %s: %s frame, capture quality %s",
	                                          "%s: %s: %s frames, capture quality %s", side->frames),
	           _(label), side->name, page_count(side->frames, count), _(side->quality));
	page_wrap(p, 0, text);
}

/* ---- clients ---- */

/* How far a client came. */
static const char *word_reach(const struct compare_client *c, char text[static COMPARE_TEXT_MAX])
{
	if (!c)
		tongue_say(text, COMPARE_TEXT_MAX, "not seen");
	else if (c->failed && c->stopped >= 0)
		tongue_say(text, COMPARE_TEXT_MAX, "stopped at %s", rung_text((enum rung_name)c->stopped));
	else if (c->failed)
		tongue_say(text, COMPARE_TEXT_MAX, "stopped");
	else if (c->reached >= 0)
		tongue_say(text, COMPARE_TEXT_MAX, "came to %s", rung_text((enum rung_name)c->reached));
	else
		tongue_say(text, COMPARE_TEXT_MAX, "nothing seen");
	return text;
}

static void put_client(struct page *p, const struct compared_client *c)
{
	const struct compare_client *any = c->after ? c->after : c->before;
	char before[COMPARE_TEXT_MAX], after[COMPARE_TEXT_MAX], text[LINE];

	page_put(p, INK_PLAIN, any->addr);
	if (any->name[0])
		page_putf(p, INK_PLAIN, " %s", any->name);
	page_tab(p, FATE_COLUMN);
	page_put(p, fate_inks[c->fate], _(compare_fate_name(c->fate)));
	snprintf(text, sizeof text, ": %s -> %s", word_reach(c->before, before), word_reach(c->after, after));
	page_wrap(p, FATE_COLUMN + INDENT, text);
}

/* Who is as well as before is counted alone. */
static void put_clients(struct page *p, const struct comparison *c)
{
	size_t shown = 0, told = c->client_count - c->of_fate[FATE_SAME];
	char count[COUNT_TEXT];

	if (told) {
		page_line(p);
		page_put(p, INK_BOLD, _("Clients"));
		page_line(p);
	}
	for (; shown < told && shown < CLIENTS_SHOWN; shown++)
		put_client(p, &c->clients[shown]);
	if (told > shown) {
		page_putf(p, INK_PLAIN, "And %s more: -o json has all.", page_count(told - shown, count));
		page_line(p);
	}
}

/* ---- findings ---- */

static void put_parties(struct page *p, const struct compare_finding *n)
{
	char text[LINE];

	if (!n->client[0] && !n->server[0])
		return;
	page_tab(p, INDENT);
	snprintf(text, sizeof text, "%s%s%s%s%s", n->client, n->client[0] && n->server[0] ? " -> " : "",
	         n->server, n->via[0] ? " via " : "", n->via);
	page_wrap(p, INDENT, text);
}

/* What is other than before, though it stayed. */
static void put_drift(struct page *p, const struct compared_finding *f)
{
	const char *was, *is;
	char before[COUNT_TEXT], after[COUNT_TEXT], text[LINE];

	if (!f->before || !f->after)
		return;
	was = _(severity_name(f->before->severity));
	is = _(severity_name(f->after->severity));
	page_tab(p, INDENT);
	if (f->before->severity != f->after->severity)
		tongue_say(text, sizeof text, "was %s, is %s; occurrences before: %s, after: %s", was, is,
		           page_count(f->before->count, before), page_count(f->after->count, after));
	else
		tongue_say(text, sizeof text, "occurrences before: %s, after: %s",
		           page_count(f->before->count, before), page_count(f->after->count, after));
	page_wrap(p, INDENT, text);
}

static void put_finding(struct page *p, const struct compared_finding *f)
{
	const struct compare_finding *n = f->after ? f->after : f->before;

	page_putf(p, change_inks[f->change], "%s: ", _(compare_change_name(f->change)));
	page_putf(p, INK_PLAIN, "%s  %s", _(severity_name(n->severity)), n->kind);
	page_line(p);
	page_tab(p, INDENT);
	page_wrap(p, INDENT, n->cause[0] ? n->cause : n->title);
	put_parties(p, n);
	put_drift(p, f);
}

static void put_findings(struct page *p, const struct comparison *c)
{
	char sums[COMPARE_VERDICT], count[COUNT_TEXT];
	size_t shown = 0, more = 0;

	compare_sums(c, sums);
	page_line(p);
	page_put(p, INK_BOLD, _("Findings: "));
	page_wrap(p, 0, sums);
	for (size_t i = 0; i < c->finding_count; i++) {
		const struct compared_finding *f = &c->findings[i];

		if ((f->after ? f->after : f->before)->severity < p->style->from)
			continue;
		if (shown < FINDINGS_SHOWN)
			put_finding(p, f);
		more += shown++ >= FINDINGS_SHOWN;
	}
	if (more) {
		page_putf(p, INK_PLAIN, "And %s more: -o json has all.", page_count(more, count));
		page_line(p);
	}
}

bool compare_text(FILE *out, const struct comparison *c, const struct report_style *style)
{
	struct page p = { out, style, 0 };
	char verdict[COMPARE_VERDICT];

	compare_verdict(c, verdict);
	page_wrap_in(&p, INK_BOLD, 0, verdict);
	put_side(&p, N_("Before"), c->before);
	put_side(&p, N_("After"), c->after);
	put_clients(&p, c);
	put_findings(&p, c);
	return !ferror(out);
}
