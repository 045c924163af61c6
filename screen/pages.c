/* screen/pages.c - one finding in full, and what the keys do. */
#include <stdio.h>

#include "report/mask.h"
#include "report/page.h"
#include "screen/parts.h"

enum { LABEL = 17, CLIENTS_TOLD = 40, ROWS_MAX = CANVAS_HEIGHT_MAX };

static unsigned put_pair(struct screen *s, unsigned row, const char *label, const char *text)
{
	struct canvas *c = &s->page;
	unsigned column = c->width > 3 * LABEL ? LABEL : 2;

	if (!text[0])
		return row;
	canvas_put(c, row, 0, c->width, SHADE_FAINT, label);
	return canvas_wrap(c, column == LABEL ? row : row + 1, ROWS_MAX, column, c->width, SHADE_PLAIN, text);
}

static unsigned put_title(struct screen *s, unsigned row, const struct story *t)
{
	struct canvas *c = &s->page;
	const struct finding *f = t->head;
	unsigned column;
	char shown[SHOWN_TEXT];

	column = canvas_putf(c, row, 0, c->width, severity_shade(f->severity), "%s  ",
	                     severity_word(f->severity));
	canvas_put(c, row++, column, c->width, SHADE_STRONG, finding_row(f->kind)->kind);
	return canvas_wrap(c, row, ROWS_MAX, 0, c->width, SHADE_PLAIN,
	                   mask_text(f->cause, s->options.reveal, shown)) + 1;
}

static unsigned put_clients(struct screen *s, unsigned row, const struct story *t)
{
	char text[ABOUT_TEXT * 2] = "", client[ADDR_TEXT];
	size_t len = 0, told = t->clients < CLIENTS_TOLD ? t->clients : CLIENTS_TOLD;

	if (t->clients < 2)
		return row;
	for (size_t i = 0; i < told; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? ", " : "",
		                        addr_text(&t->all[i]->client, client));
	if (t->clients > told)
		snprintf(text + len, sizeof text - len, " and %zu more", t->clients - told);
	return put_pair(s, row, "Clients", text);
}

static unsigned put_times(struct screen *s, unsigned row, const struct story *t)
{
	char text[160], first[CLOCK_TEXT], last[CLOCK_TEXT], state[24], count[COUNT_TEXT];

	moment_clock(t->first, first);
	if (t->count == 1)
		snprintf(text, sizeof text, "once at %s (%s), %s", first, word_state(s, t, state),
		         confidence_name(t->head->confidence));
	else
		snprintf(text, sizeof text, "%s times from %s to %s (%s), %s", page_count(t->count, count),
		         first, moment_clock(t->last, last), word_state(s, t, state),
		         confidence_name(t->head->confidence));
	return put_pair(s, row, "Seen", text);
}

static unsigned put_remedy(struct screen *s, unsigned row, const char *remedy)
{
	struct span left = span_text(remedy);
	unsigned step = 0;

	while (left.len) {
		struct span line = span_split(&left, '\n');
		char text[ABOUT_TEXT];

		snprintf(text, sizeof text, "%u %.*s", ++step, (int)line.len, (const char *)line.at);
		row = put_pair(s, row, step == 1 ? "Do next" : "", text);
	}
	return row;
}

static unsigned put_evidence(struct screen *s, unsigned row, const struct finding *f)
{
	for (unsigned i = 0; i < f->evidence_count; i++) {
		char shown[SHOWN_TEXT], text[SHOWN_TEXT + 32], label[LABEL];

		snprintf(label, sizeof label, "Frame %llu", (unsigned long long)f->evidence[i].frame);
		snprintf(text, sizeof text, "%s", mask_text(f->evidence[i].text, s->options.reveal, shown));
		row = put_pair(s, row, label, text);
	}
	return row;
}

unsigned finding_page(struct screen *s)
{
	const struct story *t = finding_open(s);
	unsigned row = 0;
	char text[ABOUT_TEXT];

	if (!t) {
		canvas_put(&s->page, 0, 0, s->page.width, SHADE_STRONG,
		           "This is no finding any more: what came later explained it.");
		s->page_rows = 1;
		return 0;
	}
	row = put_title(s, row, t);
	row = put_pair(s, row, t->head->has_client ? "Who" : "Where", word_parties(t, text));
	row = put_clients(s, row, t);
	row = put_times(s, row, t);
	row = put_pair(s, row, "Client logs", t->head->codes);
	row = put_pair(s, row, "Answered by", t->head->answered_by);
	row = put_remedy(s, row, t->head->remedy);
	if (t->head->confidence != CONFIDENCE_CERTAIN)
		row = put_pair(s, row, "To be sure", finding_row(t->head->kind)->would_change);
	s->page_rows = put_evidence(s, row, t->head);
	return 0;
}

unsigned help_page(struct screen *s)
{
	static const char *const keys[][2] = {
		{ "Enter", "opens the client, the finding, or the clients of the server" },
		{ "Esc", "goes back: closes what is open, takes the filter away" },
		{ "Tab, arrows", "next pane; 1 clients, 2 servers, 3 findings" },
		{ "up, down, j, k", "chooses a row, or scrolls" },
		{ "PgUp, PgDn", "a page (Ctrl-B, Ctrl-F); Home, End (g, G) the ends" },
		{ "/", "filters all panes: address, name, rung, kind" },
		{ "s, r", "sorts by another column; turns the order around" },
		{ "Space", "freezes what is shown; counting goes on" },
		{ "?, F1", "this help" },
		{ "q, Ctrl-C", "quits, and prints the report" },
	};
	static const char *const marks[][2] = {
		{ "ok", "the client got past this rung" },
		{ "STOP", "it failed there (! elsewhere: see the findings)" },
		{ "-", "not needed on its way" },
		{ ".", "not seen" },
		{ "p50, p95", "half of the answers began within this time, 19 of 20" },
		{ "none", "requests and connections without an answer" },
	};
	unsigned row = 0;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		row = put_pair(s, row, keys[i][0], keys[i][1]);
	row++;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		row = put_pair(s, row, marks[i][0], marks[i][1]);
	canvas_put(&s->page, ++row, 0, s->page.width, SHADE_FAINT, "Times are the capture's, in UTC.");
	s->page_rows = row + 1;
	return 0;
}
