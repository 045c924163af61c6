/* report/check_words.c - words and sums of checks. */
#include "report/check_words.h"

#include "base/host.h"
#include "base/tongue.h"

const char *check_label(const struct check *c, char text[static CHECK_LABEL])
{
	snprintf(text, CHECK_LABEL, "%s %s", check_rung_name(c->rung), c->name);
	return text;
}

const char *check_way(const struct check *c, char text[static CHECK_WAY])
{
	tongue_say(text, CHECK_WAY, c->proxy[0] ? N_("%s via %s") : "%s", c->target, c->proxy);
	return text;
}

const char *check_kind(const struct report_check *c)
{
	return c->finding ? finding_row(c->finding->kind)->kind : NULL;
}

int64_t check_took(const struct check *c)
{
	return c->began == MOMENT_NONE || c->ended == MOMENT_NONE ? -1 : c->ended - c->began;
}

struct span check_place(const char *target)
{
	struct span place = span_text(target);
	size_t scheme = span_find(place, SPAN("://"));

	return scheme == SIZE_MAX ? place : span_skip(place, scheme + 3);
}

struct span check_host(const char *target)
{
	return host_name(check_place(target));
}

size_t checks_in(const struct report *r, enum check_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < r->check_count; i++)
		count += r->checks[i].state == state;
	return count;
}

size_t checks_cut(const struct report *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->check_count; i++)
		count += r->checks[i].check->cut;
	return count;
}

int64_t checks_took(const struct report *r)
{
	int64_t first = INT64_MAX, last = INT64_MIN;

	for (size_t i = 0; i < r->check_count; i++) {
		const struct check *c = r->checks[i].check;

		if (check_took(c) < 0)
			continue;
		first = c->began < first ? c->began : first;
		last = c->ended > last ? c->ended : last;
	}
	return last < first ? 0 : last - first;
}
