/* cli/explain_search.c - plain words: which rows have all of them, and which have the most. */
#include <stdlib.h>

#include "cli/explain.h"

enum { FIELDS_MAX = 7, WORDS_MAX = 16, NEAR_MAX = 5, EDIT_MAX = 48 };

/* What is searched of a row, and how much a word there tells. */
struct searched {
	struct field {
		const char *text;
		unsigned weight;
	} fields[FIELDS_MAX];
};

static struct searched fields_of(const struct explained *one)
{
	const struct finding_row *row;

	switch (one->what) {
	case EXPLAINED_KIND:
		row = finding_row(one->kind);
		return (struct searched){ { { row->kind, 16 }, { row->title, 12 }, { row->codes, 6 },
			                    { row->cause, 5 }, { row->remedy, 2 },
			                    { row->would_change, 1 } } };
	case EXPLAINED_CASE:
		return (struct searched){ { { one->trouble->title, 10 }, { one->trouble->meaning, 4 },
			                    { one->trouble->codes, 3 }, { one->trouble->remedy, 3 },
			                    { one->trouble->log, 2 }, { one->trouble->kinds, 1 } } };
	case EXPLAINED_CODE:
		return (struct searched){ { { one->code->name, 8 }, { one->code->meaning, 8 },
			                    { one->code->wire, 3 }, { one->code->advice, 2 },
			                    { code_log(one->code), 1 }, { one->code->kinds, 1 } } };
	case EXPLAINED_RANGE:
		break;
	}
	return (struct searched){ 0 };
}

static bool is_letter(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;
}

/* 4: the text has the word; 3: in the plural or with another ending; 1: inside another word; 0: not. */
static unsigned fit(const char *text, struct span word)
{
	struct span whole = span_text(text);
	size_t at, from = 0;
	unsigned best = 0;

	while ((at = span_ifind(span_skip(whole, from), word)) != SIZE_MAX) {
		size_t begin = from + at, end = begin + word.len;
		bool begins = begin == 0 || !is_letter(whole.at[begin - 1]);
		bool ends = end == whole.len || !is_letter(whole.at[end]);
		unsigned now = begins ? ends ? 4 : 3 : 1;

		best = now > best ? now : best;
		from = begin + 1;
	}
	return best;
}

/* Of one word in the whole row. */
static unsigned worth(const struct searched *s, struct span word)
{
	unsigned best = 0, sum = 0;

	for (size_t i = 0; i < FIELDS_MAX && s->fields[i].text; i++) {
		unsigned now = fit(s->fields[i].text, word) * s->fields[i].weight;

		best = now > best ? now : best;
		sum += now;
	}
	return best * 4 + sum;
}

/* Words that stand everywhere tell nothing, unless there are no others. */
static bool is_filler(struct span word)
{
	static const struct span fillers[] = {
		SPAN_LIT("a"),   SPAN_LIT("an"), SPAN_LIT("the"), SPAN_LIT("of"),   SPAN_LIT("is"),
		SPAN_LIT("in"),  SPAN_LIT("on"), SPAN_LIT("to"),  SPAN_LIT("and"),  SPAN_LIT("or"),
		SPAN_LIT("for"), SPAN_LIT("by"), SPAN_LIT("at"),  SPAN_LIT("with"), SPAN_LIT("it"),
		SPAN_LIT("its"), SPAN_LIT("not"), SPAN_LIT("no"), SPAN_LIT("has"),  SPAN_LIT("have"),
		SPAN_LIT("are"), SPAN_LIT("was"), SPAN_LIT("my"), SPAN_LIT("do"),   SPAN_LIT("does"),
	};

	for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
		if (span_ieq(fillers[i], word))
			return true;
	return !word.len;
}

/* The letters of words that are no fillers: "client certificate" of "(client certificate)". */
static size_t telling_words(const struct span *words, size_t count, struct span into[static WORDS_MAX])
{
	struct span all[EXPLAIN_WORDS];
	size_t n = 0;

	count = explain_words(words, count, all);
	for (size_t i = 0; i < count && n < WORDS_MAX; i++) {
		struct span word = all[i];

		while (word.len && !is_letter(word.at[0]))
			span_take(&word, 1);
		while (word.len && !is_letter(word.at[word.len - 1]))
			word.len--;
		if (!is_filler(word))
			into[n++] = word;
	}
	return n;
}

/* How well a row fits; `have` counts the words that it has. */
static unsigned score(const struct explained *one, const struct span *words, size_t count, size_t *have)
{
	struct searched s = fields_of(one);
	char id[EXPLAINED_ID];
	unsigned sum = 0;

	explained_id(one, id);
	*have = 0;
	for (size_t i = 0; i < count; i++) {
		unsigned now = worth(&s, words[i]) + 12 * fit(id, words[i]);

		*have += now > 0;
		sum += now;
	}
	return sum;
}

struct search {
	struct explanation *e;
	struct span words[WORDS_MAX];
	size_t count;
	size_t from;                    /* what is before that was there */
	size_t needed;                  /* words */
};

/* In order of score; of equals the first stays first.  The least of a full list makes room. */
static void take(void *self, struct explained one)
{
	struct search *s = self;
	struct explanation *e = s->e;
	size_t have, at;

	one.score = score(&one, s->words, s->count, &have);
	if (have < s->needed)
		return;
	if (e->count == EXPLAINED_MAX) {
		e->dropped++;
		if (e->found[EXPLAINED_MAX - 1].score >= one.score)
			return;
	} else {
		e->count++;
	}
	for (at = e->count - 1; at > s->from && e->found[at - 1].score < one.score; at--)
		e->found[at] = e->found[at - 1];
	e->found[at] = one;
}

static void search(struct explanation *e, const struct span *words, size_t count, size_t missing)
{
	struct search s = { .e = e, .from = e->count };

	s.count = telling_words(words, count, s.words);
	s.needed = s.count > missing ? s.count - missing : 1;
	if (s.count)
		explained_all(&s, take);
}

void explain_search(struct explanation *e, const struct span *words, size_t count)
{
	search(e, words, count, 0);
}

/* ---- what may have been meant ---- */

/* How many letters have to be put, taken or changed (Levenshtein). */
static unsigned distance(struct span a, struct span b)
{
	unsigned row[EDIT_MAX + 1];

	if (a.len > EDIT_MAX || b.len > EDIT_MAX)
		return EDIT_MAX;
	for (unsigned j = 0; j <= b.len; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned corner = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			unsigned change = corner + ((a.at[i - 1] ^ b.at[j - 1]) & ~0x20 ? 1 : 0);
			unsigned shorter = row[j] + 1, longer = row[j - 1] + 1;

			corner = row[j];
			row[j] = change < shorter ? change : shorter;
			row[j] = row[j] < longer ? row[j] : longer;
		}
	}
	return row[b.len];
}

static void take_alike(void *self, struct explained one)
{
	struct search *s = self;
	const char *name = one.what == EXPLAINED_KIND   ? finding_row(one.kind)->kind
	                   : one.what == EXPLAINED_CODE ? one.code->name
	                                                 : "";

	for (size_t i = 0; i < s->count; i++)
		if (distance(span_text(name), s->words[i]) <= 1 + s->words[i].len / 4)
			explanation_add(s->e, one);
}

static void name_near(char near[static NEAR_TEXT], const struct explained *one)
{
	const char *name = one->what == EXPLAINED_KIND   ? finding_row(one->kind)->kind
	                   : one->what == EXPLAINED_CODE ? one->code->name
	                                                 : one->trouble->id;
	size_t len = strlen(near), more = strlen(name) + 3;

	if (strchr(name, ' ') || len + more >= NEAR_TEXT || case_lists(near, span_text(name)))
		return;
	if (len)
		near[len++] = ' ';
	memcpy(near + len, name, more - 2);
}

void explain_near(const struct span *words, size_t count, char near[static NEAR_TEXT])
{
	struct explanation e = { 0 };
	struct search s = { .e = &e };

	near[0] = '\0';
	s.count = telling_words(words, count, s.words);
	explained_all(&s, take_alike);
	if (!e.count && s.count > 1)
		search(&e, words, count, s.count / 2);
	for (size_t i = 0; i < e.count && i < NEAR_MAX; i++)
		name_near(near, &e.found[i]);
}
