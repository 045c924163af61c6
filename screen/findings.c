/* screen/findings.c - the pane of findings: a row for each story, however many clients it has. */
#include <stdio.h>

#include "report/mask.h"
#include "report/page.h"
#include "screen/parts.h"

enum { SEVERITY_END = 9, KIND = 26, STATE = 11, TIMES = 6, NARROW = 60 };

#define NEW_FOR (60 * MOMENT_S)

static size_t count(const struct screen *s)
{
	size_t n = 0;

	/* The gravest come first. */
	while (n < s->shown.story_count && s->shown.stories[n].head->severity >= s->options.from)
		n++;
	return n;
}

static const struct story *story_at(const struct screen *s, size_t item)
{
	return &s->shown.stories[item];
}

enum shade severity_shade(enum severity severity)
{
	static const enum shade shades[] = { SHADE_NOTE, SHADE_WARN, SHADE_BAD, SHADE_BAD };

	return shades[severity];
}

const char *severity_word(enum severity severity)
{
	static const char *const words[] = { "info", "WARNING", "ERROR", "CRITICAL" };

	return words[severity];
}

/* "192.0.2.50 to 192.0.2.1:8530", "12 clients via the proxy 192.0.2.9:3128" */
const char *word_parties(const struct story *t, char text[static ABOUT_TEXT])
{
	const struct finding *f = t->head;
	char client[ADDR_TEXT], server[ENDPOINT_TEXT], via[ENDPOINT_TEXT], clients[64], count[COUNT_TEXT];
	/* Behind a proxy the capture shows the proxy's address alone. */
	bool to_server = f->has_server && !(f->has_via && endpoint_eq(&f->server, &f->via));

	snprintf(clients, sizeof clients, "%s%s clients", t->cut ? "over " : "",
	         page_count(t->clients, count));
	snprintf(text, ABOUT_TEXT, "%s%s%s%s%s",
	         t->clients > 1 ? clients : f->has_client ? addr_text(&f->client, client) : "",
	         f->has_client && to_server ? " to " : "", to_server ? endpoint_text(&f->server, server) : "",
	         !f->has_via ? "" : f->has_client || to_server ? " via the proxy " : "the proxy ",
	         f->has_via ? endpoint_text(&f->via, via) : "");
	return text;
}

/* "over", "new", "3 s ago" */
const char *word_state(const struct screen *s, const struct story *t, char text[static 24])
{
	int64_t now = s->shown.now == MOMENT_NONE ? t->last : s->shown.now, ago = now - t->last;
	char since[16];

	if (t->over)
		snprintf(text, 24, "over");
	else if (now - t->first < NEW_FOR)
		snprintf(text, 24, "new");
	else
		snprintf(text, 24, "%s ago", word_ago(ago, since));
	return text;
}

static bool matches(const struct screen *s, size_t item, struct span filter)
{
	const struct story *t = story_at(s, item);
	char text[ABOUT_TEXT], shown[SHOWN_TEXT];

	if (holds(finding_row(t->head->kind)->kind, filter) ||
	    holds(severity_word(t->head->severity), filter) || holds(word_parties(t, text), filter) ||
	    holds(t->head->title, filter) ||
	    holds(mask_text(t->head->cause, s->options.reveal, shown), filter))
		return true;
	for (size_t i = 0; t->clients > 1 && i < t->findings; i++)
		if (holds(addr_text(&t->all[i]->client, text), filter))
			return true;
	return false;
}

enum sort { BY_SEVERITY, BY_TIME, BY_COUNT, BY_CLIENTS };
static const char *const sorts[] = { "gravest first", "latest first", "most often first",
	                             "most clients first", NULL };

static int compare(const struct screen *s, unsigned sort, size_t a, size_t b)
{
	const struct story *one = story_at(s, a), *other = story_at(s, b);

	switch ((enum sort)sort) {
	case BY_SEVERITY:
		if (one->over != other->over)
			return one->over ? 1 : -1;
		return (int)other->head->severity - (int)one->head->severity;
	case BY_TIME:
		return one->last > other->last ? -1 : one->last < other->last;
	case BY_COUNT:
		return compare_numbers((double)one->count, (double)other->count);
	case BY_CLIENTS:
		return compare_numbers((double)one->clients, (double)other->clients);
	}
	return 0;
}

static void identify(const struct screen *s, size_t item, struct identity *id)
{
	const struct finding *f = story_at(s, item)->head;
	struct endpoint_key server = endpoint_key(&f->server), via = endpoint_key(&f->via);

	memset(id, 0, sizeof *id);
	id->bytes[0] = (uint8_t)((unsigned)f->kind & 0xff);
	id->bytes[1] = (uint8_t)((unsigned)f->kind >> 8);
	id->bytes[2] = (uint8_t)(f->has_client << 2 | f->has_server << 1 | f->has_via);
	if (f->has_server)
		memcpy(id->bytes + 3, server.bytes, sizeof server.bytes);
	if (f->has_via)
		memcpy(id->bytes + 21, via.bytes, sizeof via.bytes);
}

static unsigned head(struct screen *s, unsigned row)
{
	unsigned width = s->canvas.width;

	canvas_put(&s->canvas, row, 0, SEVERITY_END, SHADE_FAINT, "LEVEL");
	canvas_put(&s->canvas, row, SEVERITY_END, width, SHADE_FAINT, "FINDING");
	if (width < NARROW)
		return 1;
	canvas_put(&s->canvas, row, SEVERITY_END + KIND, width, SHADE_FAINT, "WHO");
	canvas_put_right(&s->canvas, row, width - STATE - TIMES, width - STATE, SHADE_FAINT, "TIMES");
	canvas_put_right(&s->canvas, row, width - STATE, width, SHADE_FAINT, "STATE");
	return 1;
}

static void draw(struct screen *s, unsigned row, size_t item)
{
	const struct story *t = story_at(s, item);
	unsigned width = s->canvas.width, kind_end = width < NARROW ? width : SEVERITY_END + KIND - 1;
	char text[ABOUT_TEXT], times[16], state[24];
	enum shade shade = t->over ? SHADE_FAINT : severity_shade(t->head->severity);

	canvas_put(&s->canvas, row, 0, SEVERITY_END - 1, shade, severity_word(t->head->severity));
	canvas_put(&s->canvas, row, SEVERITY_END, kind_end, t->over ? SHADE_FAINT : SHADE_STRONG,
	           finding_row(t->head->kind)->kind);
	if (width < NARROW)
		return;
	canvas_put(&s->canvas, row, SEVERITY_END + KIND, width - STATE - TIMES, SHADE_PLAIN,
	           word_parties(t, text));
	canvas_put_right(&s->canvas, row, width - STATE - TIMES + 1, width - STATE, SHADE_PLAIN,
	                 word_count(t->count, times));
	canvas_put_right(&s->canvas, row, width - STATE + 1, width, t->over ? SHADE_GOOD : SHADE_PLAIN,
	                 word_state(s, t, state));
}

static void about(const struct screen *s, size_t item, char text[static ABOUT_TEXT])
{
	const struct story *t = story_at(s, item);
	char shown[SHOWN_TEXT], parties[ABOUT_TEXT];

	word_parties(t, parties);
	snprintf(text, ABOUT_TEXT, "%.200s%s%.800s", parties, parties[0] ? ": " : "",
	         mask_text(t->head->cause, s->options.reveal, shown));
}

static void open(struct screen *s, size_t item)
{
	s->opened = OPENED_FINDING;
	identify(s, item, &s->open_one);
}

const struct pane pane_findings = {
	"FINDINGS", sorts, count, matches, compare, identify, head, draw, about, open,
	"Nothing was found so far.",
};

const struct story *finding_open(const struct screen *s)
{
	struct identity id;

	for (size_t i = 0; i < s->shown.story_count; i++) {
		identify(s, i, &id);
		if (!memcmp(&id, &s->open_one, sizeof id))
			return story_at(s, i);
	}
	return NULL;
}
