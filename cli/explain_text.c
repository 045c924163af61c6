/* cli/explain_text.c - explanations as text for people. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/explain.h"
#include "report/page.h"

enum { LABELS = 3, TEXTS = 20, NAMES = 30, SHORT_MAX = 20, RELATIVES_MAX = 14 };

static void label(struct page *p, const char *text)
{
	page_tab(p, LABELS);
	page_put(p, INK_DIM, text);
	page_tab(p, TEXTS);
}

static void put_line(struct page *p, const char *name, const char *text)
{
	if (!text[0])
		return;
	label(p, name);
	page_wrap(p, TEXTS, text);
}

/* Lines of a list, with their numbers where they are more than one. */
static void put_lines(struct page *p, const char *name, const char *lines)
{
	struct span left = span_text(lines);
	bool is_list = strchr(lines, '\n');
	char line[512];

	if (!left.len)
		return;
	label(p, name);
	for (unsigned n = 1; left.len; n++) {
		struct span one = span_split(&left, '\n');

		snprintf(line, sizeof line, "%.*s", (int)one.len, (const char *)one.at);
		if (n > 1)
			page_tab(p, TEXTS);
		if (is_list)
			page_putf(p, INK_PLAIN, "%u ", n);
		page_wrap(p, is_list ? TEXTS + 2 : TEXTS, line);
	}
}

static void put_short(struct page *p, unsigned at, unsigned names, struct explained one)
{
	char id[EXPLAINED_ID];

	explained_id(&one, id);
	page_tab(p, at);
	page_put(p, INK_BOLD, id);
	if (page_width(id) >= names - 1)
		page_line(p);
	page_tab(p, at + names);
	page_wrap(p, at + names, explained_title(&one));
}

static void put_relative(struct page *p, const struct explained *one)
{
	char id[EXPLAINED_ID];

	explained_id(one, id);
	if (p->column < TEXTS)
		page_tab(p, TEXTS);
	page_put(p, INK_BOLD, id);
	page_put(p, INK_PLAIN, "  ");
	page_wrap(p, TEXTS + 2, explained_title(one));
}

/* Of the relatives those of one sort. */
static void put_relatives(struct page *p, const char *name, const struct explanation *e,
                          enum explained_what what)
{
	size_t left = RELATIVES_MAX;
	bool first = true;

	for (size_t i = 0; i < e->count; i++) {
		if (e->found[i].what != what)
			continue;
		if (first)
			label(p, name);
		first = false;
		if (!left--) {
			page_tab(p, TEXTS);
			page_wrap(p, TEXTS, "and more");
			return;
		}
		put_relative(p, &e->found[i]);
	}
}

static void head(struct page *p, const char *id, const char *what)
{
	page_put(p, INK_BOLD, id);
	if (page_width(id) + page_width(what) + 2 > p->style->width)
		page_line(p);
	page_tab(p, p->style->width - page_width(what));
	page_put(p, INK_DIM, what);
	page_line(p);
}

static const char *from_text(const char *from)
{
	if (!strcmp(from, "PA"))
		return "captures and probes";
	return strcmp(from, "P") ? "probes" : "captures";
}

static void kind_text(struct page *p, const struct explained *one, const struct explanation *relatives)
{
	const struct finding_row *row = finding_row(one->kind);
	char what[80];

	snprintf(what, sizeof what, "finding, %s, from %s", severity_name(row->severity),
	         from_text(row->from));
	head(p, row->kind, what);
	page_tab(p, LABELS);
	page_wrap_in(p, INK_BOLD, LABELS, row->title);
	page_tab(p, LABELS);
	page_wrap(p, LABELS, row->cause);
	put_relatives(p, "The client logs", relatives, EXPLAINED_CODE);
	put_lines(p, "Do next", row->remedy);
	put_line(p, "Would change it", row->would_change);
	put_relatives(p, "Cases", relatives, EXPLAINED_CASE);
}

static void case_text(struct page *p, const struct explained *one, const struct explanation *relatives)
{
	const struct trouble *t = one->trouble;

	head(p, t->id, "case");
	page_tab(p, LABELS);
	page_wrap_in(p, INK_BOLD, LABELS, t->title);
	page_tab(p, LABELS);
	page_wrap(p, LABELS, t->meaning);
	put_line(p, "Seen", case_seen_text(t->seen));
	put_line(p, "Read", t->log);
	put_line(p, "Do next", t->remedy);
	put_relatives(p, "Codes", relatives, EXPLAINED_CODE);
	put_relatives(p, "Findings", relatives, EXPLAINED_KIND);
}

/* Logs print an HRESULT in three ways. */
static void put_spellings(struct page *p, uint32_t value)
{
	char text[80];

	snprintf(text, sizeof text, "0x%08" PRIX32 ", %" PRIu32 ", %" PRId64, value, value,
	         (int64_t)value - (value > INT32_MAX ? INT64_C(1) << 32 : 0));
	put_line(p, "Written", text);
}

static void code_text(struct page *p, const struct explained *one, const struct explanation *relatives)
{
	const struct code *c = one->code;
	char id[EXPLAINED_ID];

	explained_id(one, id);
	head(p, id, c->family == CODE_HRESULT ? code_owner_of(c->value)->name : code_family_name(c->family));
	page_tab(p, LABELS);
	page_wrap(p, LABELS, c->meaning);
	put_lines(p, "On the wire", c->wire[0] ? c->wire : "Nothing that would be typical.");
	if (strchr(c->wire, '\n'))
		put_line(p, "", "Which of these, the code does not tell; the likeliest is first.");
	put_line(p, "Do next", c->advice);
	put_line(p, "Read", code_log(c));
	put_relatives(p, "Findings", relatives, EXPLAINED_KIND);
	put_relatives(p, "In the IIS log", relatives, EXPLAINED_CODE);
	put_relatives(p, "Cases", relatives, EXPLAINED_CASE);
	if (c->family == CODE_HRESULT)
		put_spellings(p, c->value);
}

static void range_text(struct page *p, const struct explained *one)
{
	const struct code_owner *o = code_owner_of(one->value);
	char id[EXPLAINED_ID], few[200], line[256];

	explained_id(one, id);
	head(p, id, o->name);
	snprintf(line, sizeof line, "Not in the list. By its bits: %s.",
	         code_hresult_text(one->value, few, sizeof few));
	page_tab(p, LABELS);
	page_wrap(p, LABELS, line);
	put_line(p, "Read", o->log);
	put_spellings(p, one->value);
}

static void full_text(struct page *p, const struct explained *one)
{
	struct explanation relatives;

	explained_relatives(one, &relatives);
	switch (one->what) {
	case EXPLAINED_KIND:
		kind_text(p, one, &relatives);
		break;
	case EXPLAINED_CASE:
		case_text(p, one, &relatives);
		break;
	case EXPLAINED_CODE:
		code_text(p, one, &relatives);
		break;
	case EXPLAINED_RANGE:
		range_text(p, one);
		break;
	}
}

void explain_text(FILE *out, const struct explanation *e, const struct report_style *style)
{
	struct page page = { out, style, 0 };
	size_t shown = e->count - e->full < SHORT_MAX ? e->count : e->full + SHORT_MAX;
	uint64_t hidden = e->count - shown + e->dropped;

	for (size_t i = 0; i < e->full; i++) {
		if (i)
			page_line(&page);
		full_text(&page, &e->found[i]);
	}
	if (shown > e->full) {
		page_line(&page);
		page_put(&page, INK_DIM, "Also");
		page_line(&page);
	}
	for (size_t i = e->full; i < shown; i++)
		put_short(&page, LABELS, NAMES, e->found[i]);
	if (hidden) {
		page_tab(&page, LABELS);
		page_putf(&page, INK_DIM, "and %" PRIu64 " more; another word makes them fewer", hidden);
		page_line(&page);
	}
}

/* ---- all there is ---- */

static void list_head(struct page *p, const char *text)
{
	if (p->column)
		page_line(p);
	page_line(p);
	page_put(p, INK_DIM, text);
	page_line(p);
}

void explain_list(FILE *out, const struct report_style *style)
{
	struct page page = { out, style, 0 };
	enum code_family family = CODE_FAMILY_COUNT;

	page_put(&page, INK_DIM, "Findings");
	page_line(&page);
	for (enum finding_kind kind = 0; kind < FINDING_KIND_COUNT; kind++)
		put_short(&page, LABELS, NAMES, explained_kind(kind));
	list_head(&page, "Cases of the field");
	for (size_t i = 0; i < case_count(); i++)
		put_short(&page, LABELS, 10, explained_case(case_at(i)));
	for (size_t i = 0; i < code_count(); i++) {
		char title[80];

		if (code_at(i)->family != family) {
			family = code_at(i)->family;
			snprintf(title, sizeof title, "By number or name: %s", code_family_name(family));
			list_head(&page, title);
		}
		put_short(&page, LABELS, NAMES, explained_code(code_at(i)));
	}
}
