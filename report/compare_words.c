/* report/compare_words.c - a comparison in a sentence or two, and its words. */
#include <stdarg.h>
#include <string.h>

#include "base/tongue.h"
#include "report/compare.h"
#include "report/page.h"
#include "report/verdict.h"

const char *compare_change_name(enum compare_change c)
{
	static const char *const names[] = {
#define X(symbol, name) name,
		COMPARE_CHANGES(X)
#undef X
	};

	return names[c];
}

const char *compare_fate_name(enum compare_fate f)
{
	static const char *const names[] = {
#define X(symbol, name) name,
		COMPARE_FATES(X)
#undef X
	};

	return names[f];
}

const char *compare_called(const struct compare_client *c)
{
	return c->name[0] ? c->name : c->addr;
}

/* ---- sentences, one after the other ---- */

struct story {
	char *text;
	size_t len;
};

static void add(struct story *s, const char *message, ...) __attribute__((format(printf, 2, 3)));

static void add(struct story *s, const char *message, ...)
{
	va_list args;

	va_start(args, message);
	s->len += tongue_vsay(s->text + s->len, COMPARE_VERDICT - s->len, message, args);
	va_end(args);
}

/* The first of a fate, which stand together. */
static const struct compared_client *first_of(const struct comparison *c, enum compare_fate fate)
{
	for (size_t i = 0; i < c->client_count; i++)
		if (c->clients[i].fate == fate)
			return &c->clients[i];
	return NULL;
}

/* That it still fails is told by its name. */
static void tell_one(struct story *s, const struct comparison *c)
{
	if (c->of_fate[FATE_HELPED])
		add(s, N_("The one client that failed now updates"));
	else if (c->of_fate[FATE_GONE])
		add(s, N_("The one client that failed is not seen any more, which fixes nothing"));
	else if (c->of_fate[FATE_UNCLEAR])
		add(s, N_("Of the one client that failed too little is seen to tell"));
}

static void tell_helped(struct story *s, const struct comparison *c, size_t failed)
{
	size_t helped = c->of_fate[FATE_HELPED];
	char some[COUNT_TEXT], all[COUNT_TEXT];

	if (failed == 1)
		tell_one(s, c);
	else if (helped == failed)
		add(s, N_("All %s clients that failed now update"), page_count(failed, all));
	else
		add(s, tongue_many("%s of %s clients that failed now updates",
		                   "%s of %s clients that failed now update", helped),
		    page_count(helped, some), page_count(failed, all));
}

/* "; PC-0412 still fails: stopped at connection" */
static void tell_failing(struct story *s, const struct comparison *c, enum compare_fate fate, const char *one,
                         const char *many)
{
	const struct compared_client *first = first_of(c, fate);
	char count[COUNT_TEXT];

	if (!first)
		return;
	add(s, s->len ? "; " : "");
	if (c->of_fate[fate] == 1)
		add(s, one, compare_called(first->after), first->after->verdict);
	else
		add(s, many, page_count(c->of_fate[fate], count), compare_called(first->after),
		    first->after->verdict);
}

static void tell_unseen(struct story *s, const struct comparison *c)
{
	char count[COUNT_TEXT];
	uint64_t gone = c->of_fate[FATE_GONE], unclear = c->of_fate[FATE_UNCLEAR];

	if (gone) {
		add(s, "; ");
		add(s, tongue_many("%s is not seen any more, which fixes nothing",
		                   "%s are not seen any more, which fixes nothing", gone),
		    page_count(gone, count));
	}
	if (unclear) {
		add(s, "; ");
		add(s, N_("of %s too little is seen to tell"), page_count(unclear, count));
	}
}

/* What a client's verdict ends with ends the sentence. */
static bool is_ended(const struct story *s)
{
	const char *stop = verdict_stop(false);
	size_t len = strlen(stop);

	return s->text[s->len - 1] == '.' || (s->len >= len && !strcmp(s->text + s->len - len, stop));
}

void compare_verdict(const struct comparison *c, char text[static COMPARE_VERDICT])
{
	struct story s = { text, 0 };
	const size_t *fates = c->of_fate;
	size_t failed = fates[FATE_STILL] + fates[FATE_UNCLEAR] + fates[FATE_GONE] + fates[FATE_HELPED];

	text[0] = '\0';
	if (!c->client_count)
		add(&s, N_("No client is in either report: nothing can be compared"));
	else if (!c->after->client_count)
		add(&s, N_("No client is in the second report: what was fixed cannot be told"));
	else if (!failed)
		add(&s, fates[FATE_BROKE] ? N_("No client failed before") :
		                            N_("No client failed, neither before nor after"));
	else
		tell_helped(&s, c, failed);
	tell_failing(&s, c, FATE_STILL, N_("%s still fails: %s"), N_("%s still fail, %s among them: %s"));
	tell_failing(&s, c, FATE_BROKE, N_("%s fails now: %s"), N_("%s more fail now, %s among them: %s"));
	if (c->after->client_count && failed > 1)
		tell_unseen(&s, c);
	if (s.len && !is_ended(&s))
		add(&s, "%s", verdict_stop(false));
}

void compare_sums(const struct comparison *c, char text[static COMPARE_VERDICT])
{
	struct story s = { text, 0 };
	char count[COUNT_TEXT];

	text[0] = '\0';
	for (int i = 0; i < COMPARE_CHANGE_COUNT; i++) {
		if (!c->of_change[i])
			continue;
		if (s.len)
			add(&s, ", ");
		/* TRANSLATORS: how many, and what became of them: "3", "fixed". */
		add(&s, "%s %s", page_count(c->of_change[i], count),
		    _(compare_change_name((enum compare_change)i)));
	}
	if (!s.len)
		add(&s, N_("none in either report"));
}
