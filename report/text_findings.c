/* report/text_findings.c - findings in full: what, who, since when; codes, remedy, frames. */
#include <stdlib.h>

#include "base/tongue.h"
#include "report/alike.h"
#include "report/mask.h"
#include "report/text.h"

enum { MARGIN = 3, LABEL_COLUMN = 21, WIDE = 1024 };
enum { FRAMES_SHOWN = 8, STORIES_SHOWN = 50, EVIDENCE_SHOWN = 4 };

static enum ink ink_of(enum severity s)
{
	static const enum ink inks[] = { INK_CYAN, INK_YELLOW, INK_RED, INK_RED };

	return inks[s];
}

static const char *severity_word(enum severity s)
{
	static const char *const words[] = { N_("INFO"), N_("WARNING"), N_("ERROR"), N_("CRITICAL") };

	return _(words[s]);
}

static void put_label(struct page *p, const char *label)
{
	page_tab(p, MARGIN);
	page_put(p, INK_DIM, _(label));
	page_tab(p, LABEL_COLUMN);
}

static void put_pair(struct page *p, const char *label, const char *text)
{
	if (!text[0])
		return;
	put_label(p, label);
	page_wrap(p, LABEL_COLUMN, text);
}

/* Words of a finding, names masked or not. */
static void put_words(struct page *p, unsigned indent, const char *words)
{
	char shown[SHOWN_TEXT];

	page_wrap(p, indent, mask_text(words, p->style->reveal, shown));
}

bool report_text_shows(const struct report_style *style, const struct finding *finding)
{
	return finding->severity >= style->from &&
	       (style->all_notes || finding->kind != FINDING_CLEAR_TEXT_UPDATE);
}

/* ---- one story ---- */

static void put_title(struct page *p, unsigned number, const struct alike *s)
{
	const struct finding *n = s->head;
	char clock[CLOCK_TEXT], right[96], count[COUNT_TEXT];
	unsigned width;

	page_putf(p, INK_BOLD, "%-*u", MARGIN, number);
	page_put(p, ink_of(n->severity), severity_word(n->severity));
	page_putf(p, INK_BOLD, "  %s", finding_row(n->kind)->kind);
	if (s->count == 1)
		tongue_say(right, sizeof right, "%s, once, %s", _(confidence_name(n->confidence)),
			   moment_clock(n->first, clock));
	else
		tongue_say(right, sizeof right, "%s, %s times, %s", _(confidence_name(n->confidence)),
			   page_count(s->count, count), moment_clock(n->first, clock));
	width = page_width(right);
	if (p->column + 1 + width > p->style->width)
		page_line(p);
	page_tab(p, p->style->width > width ? p->style->width - width : 0);
	page_put(p, INK_DIM, right);
	page_line(p);
}

static void put_who(struct page *p, const struct alike *s)
{
	char text[ALIKE_PARTIES];

	alike_parties(s, text);
	put_pair(p, s->clients ? N_("Who") : N_("Where"), text);
}

/* What was told last of each kind. */
struct remedies {
	const char *text[FINDING_KIND_COUNT];
	unsigned number[FINDING_KIND_COUNT];    /* of the finding it stands with; 0: none */
};

static void put_remedy(struct page *p, const struct finding *n, unsigned number, struct remedies *told)
{
	struct span left = span_text(n->remedy);
	unsigned step = 0;

	if (told->number[n->kind] && span_eq(span_text(told->text[n->kind]), left)) {
		put_label(p, N_("Do next"));
		page_putf(p, INK_PLAIN, "as for %u", told->number[n->kind]);
		page_line(p);
		return;
	}
	told->text[n->kind] = n->remedy;
	told->number[n->kind] = number;

	while (left.len) {
		struct span line = span_split(&left, '\n');
		char text[WIDE];

		if (!step)
			put_label(p, N_("Do next"));
		else
			page_tab(p, LABEL_COLUMN);
		page_putf(p, INK_PLAIN, "%u ", ++step);
		snprintf(text, sizeof text, "%.*s", (int)line.len, (const char *)line.at);
		page_wrap(p, LABEL_COLUMN + 2, text);
	}
}

static void put_look(struct page *p, const struct finding *n)
{
	char text[WIDE];
	size_t len = 0;
	unsigned shown = n->frame_count < FRAMES_SHOWN ? n->frame_count : FRAMES_SHOWN;

	if (p->style->frameless || (!n->frame_count && !n->stream_count))
		return;
	for (unsigned i = 0; i < shown; i++)
		len += tongue_say(text + len, sizeof text - len,
				  i           ? ", %llu"
				  : shown > 1 ? N_("frames %llu")
					      : N_("frame %llu"),
		                        (unsigned long long)n->frames[i]);
	if (n->frame_count > shown)
		len += (size_t)snprintf(text + len, sizeof text - len, ", ...");
	len += (size_t)snprintf(text + len, sizeof text - len, "%s", len ? "; " : "");
	finding_filter(n, text + len, sizeof text - len);
	put_pair(p, N_("Look at"), text);
}

/* How it began, and how it was decided. */
static void put_evidence(struct page *p, const struct finding *n)
{
	for (unsigned i = 0; i < n->evidence_count; i++) {
		if (i >= EVIDENCE_SHOWN / 2 && i + EVIDENCE_SHOWN / 2 < n->evidence_count)
			continue;
		if (!i)
			put_label(p, N_("Seen"));
		else
			page_tab(p, LABEL_COLUMN);
		if (!p->style->frameless)
			page_putf(p, INK_PLAIN, "%llu: ", (unsigned long long)n->evidence[i].frame);
		put_words(p, LABEL_COLUMN + 2, n->evidence[i].text);
	}
}

static void put_story(struct page *p, unsigned number, const struct alike *s, struct remedies *remedies)
{
	const struct finding_row *row = finding_row(s->head->kind);

	page_line(p);
	put_title(p, number, s);
	page_tab(p, MARGIN);
	put_words(p, MARGIN, s->head->cause);
	put_who(p, s);
	put_pair(p, N_("The client logs"), s->head->codes);
	put_pair(p, N_("Answered by"), s->head->answered_by);
	put_remedy(p, s->head, number, remedies);
	if (s->head->confidence != CONFIDENCE_CERTAIN)
		put_pair(p, N_("To be sure"), _(row->would_change));
	put_evidence(p, s->head);
	put_look(p, s->head);
}

/* An info is a line: it asks for nothing. */
static void put_note(struct page *p, const struct alike *s)
{
	char text[WIDE + SHOWN_TEXT], shown[SHOWN_TEXT];

	page_put(p, INK_CYAN, _("Note: "));
	/* TRANSLATORS: a title and a sentence. */
	tongue_say(text, sizeof text, "%s. %s", s->head->title,
	         mask_text(s->head->cause, p->style->reveal, shown));
	page_wrap(p, 0, text);
}

/* What was left out, by level or by number. */
static void put_rest(struct page *p, const struct report *r, const bool *told)
{
	char below[COUNT_TEXT], more[COUNT_TEXT];
	uint64_t quiet = 0, many = 0;

	for (size_t i = 0; i < findings_count(r->findings); i++) {
		quiet += findings_at(r->findings, i)->severity < p->style->from;
		if (!told[i] && report_text_shows(p->style, findings_at(r->findings, i)))
			many += finding_weight(findings_at(r->findings, i));
	}
	if (quiet || many)
		page_line(p);
	if (many) {
		page_putf(p, INK_PLAIN,
			  tongue_many("And %s more finding: -o json has all.",
				      "And %s more findings: -o json has all.", many),
			  page_count(many, more));
		page_line(p);
	}
	if (quiet) {
		page_putf(p, INK_PLAIN,
			  tongue_many("%s finding below %s not shown.", "%s findings below %s not "
									"shown.", quiet),
			  page_count(quiet, below), _(severity_name(p->style->from)));
		page_line(p);
	}
}

static void put_stories(struct page *p, const struct report *r, bool *told)
{
	struct remedies remedies = { 0 };
	unsigned number = 0, notes = 0;

	for (size_t i = 0; i < findings_count(r->findings) && number + notes < STORIES_SHOWN; i++) {
		struct alike s;

		if (told[i] || !report_text_shows(p->style, findings_at(r->findings, i)))
			continue;
		alike_read(&s, r->findings, i, p->style->frameless, told);
		if (s.head->severity > SEVERITY_INFO) {
			number++;
			put_story(p, number, &s, &remedies);
			continue;
		}
		if (!notes++ && number)
			page_line(p);
		put_note(p, &s);
	}
}

void text_findings(struct page *p, const struct report *r)
{
	bool *told = calloc(findings_count(r->findings) + 1, sizeof *told);

	if (!told)
		return;
	put_stories(p, r, told);
	put_rest(p, r, told);
	free(told);
}
