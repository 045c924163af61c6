/* cli/rounds.c - "10:02:11 soap GetConfig at http://wsus01:8530: ok -> failed: HTTP 500 (server-error)". */
#include "cli/rounds.h"

#include <stdlib.h>

#include "report/check_words.h"
#include "report/page.h"

struct watched {
	enum check_state state;
	enum finding_kind kind;         /* FINDING_KIND_COUNT: none */
};

static struct watched watched_of(const struct report_check *c)
{
	return (struct watched){ c->state, c->finding ? c->finding->kind : FINDING_KIND_COUNT };
}

static void put_change(FILE *out, const struct report_style *style, enum check_state before,
                       const struct report_check *c)
{
	static const enum ink inks[] = { INK_PLAIN, INK_YELLOW, INK_RED, INK_DIM };
	char label[CHECK_LABEL], way[CHECK_WAY], clock[CLOCK_TEXT];
	struct page p = { out, style, 0 };
	const char *kind = check_kind(c);

	page_putf(&p, INK_DIM, "%s ", moment_clock(c->time, clock));
	page_putf(&p, INK_PLAIN, "%s at %s: %s -> ", check_label(c->check, label), check_way(c->check, way),
	          check_state_name(before));
	page_put(&p, inks[c->state], check_state_name(c->state));
	if (c->state != CHECK_OK && c->check->detail[0])
		page_putf(&p, INK_PLAIN, ": %s", c->check->detail);
	if (kind)
		page_putf(&p, INK_PLAIN, " (%s)", kind);
	page_line(&p);
}

static void tell(const struct outputs *out, enum check_state before, const struct report_check *c)
{
	for (size_t i = 0; i < out->options->output_count; i++) {
		if (out->options->outputs[i].format == OUTPUT_TEXT)
			put_change(out->outlets[i].stream, &out->style, before, c);
		if (!out->outlets[i].events)
			continue;
		events_check(out->outlets[i].events, c);
		if (c->finding)
			events_finding(out->outlets[i].events, c->finding);
	}
}

bool rounds_tell(struct rounds *w, const struct report *r, const struct outputs *out)
{
	struct watched *now = calloc(r->check_count + 1, sizeof *now);

	if (!now)
		return false;
	for (size_t i = 0; i < r->check_count; i++) {
		now[i] = watched_of(&r->checks[i]);
		/* What was skipped is as it was known last: what it needs tells why. */
		if (i < w->count && now[i].state == CHECK_SKIPPED)
			now[i] = w->last[i];
		if (i < w->count && (now[i].state != w->last[i].state || now[i].kind != w->last[i].kind))
			tell(out, w->last[i].state, &r->checks[i]);
	}
	free(w->last);
	*w = (struct rounds){ now, r->check_count };
	return true;
}

void rounds_release(struct rounds *w)
{
	free(w->last);
	*w = (struct rounds){ 0 };
}
