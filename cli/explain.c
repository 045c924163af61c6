/* cli/explain.c - names, numbers in every spelling, and what belongs together. */
#include "cli/explain.h"

#include "analyzers/catalogue.h"

enum { LOW_HALF = 4, HRESULT_DIGITS = 8 };

static bool is_same(const struct explained *a, const struct explained *b)
{
	if (a->what != b->what)
		return false;
	switch (a->what) {
	case EXPLAINED_KIND:
		return a->kind == b->kind;
	case EXPLAINED_CASE:
		return a->trouble == b->trouble;
	case EXPLAINED_CODE:
		return a->code == b->code;
	case EXPLAINED_RANGE:
		return a->value == b->value;
	}
	return false;
}

void explanation_add(struct explanation *e, struct explained one)
{
	for (size_t i = 0; i < e->count; i++)
		if (is_same(&e->found[i], &one))
			return;
	if (e->count == EXPLAINED_MAX)
		e->dropped++;
	else
		e->found[e->count++] = one;
}

static bool add_code(struct explanation *e, const struct code *c)
{
	if (c)
		explanation_add(e, explained_code(c));
	return c;
}

/* ---- numbers ---- */

static bool add_hresult(struct explanation *e, uint32_t value)
{
	if (add_code(e, code_find(CODE_HRESULT, value)))
		return true;
	if (!code_owner_of(value)->mask)
		return false;
	explanation_add(e, (struct explained){ .what = EXPLAINED_RANGE, .value = value });
	if (value >> 16 == 0x8019)
		add_code(e, code_find(CODE_HTTP, (value & 0xFFFF) * 1000));
	return true;
}

static bool add_low_half(struct explanation *e, uint32_t low)
{
	bool any = false;

	for (size_t i = 0; i < code_count(); i++)
		if (code_at(i)->family == CODE_HRESULT && (code_at(i)->value & 0xFFFF) == low)
			any |= add_code(e, code_at(i));
	return any;
}

/* "0x80072ee2", "80072EE2"; "xxxx2ee2", "2ee2" where only the low half is told. */
static bool add_hex(struct explanation *e, struct span word)
{
	bool prefixed = span_istarts(word, SPAN("0x"));
	uint64_t value;

	if (prefixed)
		span_take(&word, 2);
	if (span_hex(word, &value)) {
		if (word.len == LOW_HALF)
			return add_low_half(e, (uint32_t)value);
		return (prefixed || word.len == HRESULT_DIGITS) && value <= UINT32_MAX &&
		       add_hresult(e, (uint32_t)value);
	}
	if (word.len <= LOW_HALF)
		return false;
	while (word.len > LOW_HALF && span_byte(SPAN("xX?*._"), word.at[0]) != SIZE_MAX)
		span_take(&word, 1);
	return word.len == LOW_HALF && span_hex(word, &value) && add_low_half(e, (uint32_t)value);
}

/* "2149859356", "-2145107940".  All HRESULTs that fail are below -2^31 + 2^24; a minus sign that was lost
 * on the way does not hide them. */
static bool add_decimal(struct explanation *e, struct span word)
{
	static const uint64_t no_small_number = UINT64_C(2130000000);
	bool negative = word.len && word.at[0] == '-';
	uint64_t value;

	if (negative)
		span_take(&word, 1);
	if (!span_decimal(word, &value) || value > UINT32_MAX || value < no_small_number)
		return false;
	return add_hresult(e, negative || value <= INT32_MAX ? (uint32_t)-value : (uint32_t)value);
}

/* "407", "403.7"; a sub-status that is not known is told by its status. */
static bool add_status(struct explanation *e, struct span word)
{
	struct span status = span_split(&word, '.');
	uint64_t value, sub = 0;

	if (!span_decimal(status, &value) || (word.len && !span_decimal(word, &sub)))
		return false;
	if (value > 599 || sub > 999)
		return false;
	return add_code(e, code_find(CODE_HTTP, (uint32_t)(value * 1000 + sub))) ||
	       add_code(e, code_find(CODE_HTTP, (uint32_t)(value * 1000)));
}

/* Whether people know codes of that family by such a number. */
static bool is_numbered(enum code_family family, uint64_t value)
{
	if (family == CODE_PROXY)
		return value >= 12000;  /* ISA's; Squid's errors have names */
	return family != CODE_SOAP && family != CODE_HTTPERR && family != CODE_MARK;
}

/* A plain number means what it means in any family that `families` has as a bit. */
static bool add_number(struct explanation *e, struct span word, unsigned families)
{
	bool any = families & 1u << CODE_HTTP && add_status(e, word);
	uint64_t value;

	if (!span_decimal(word, &value) || value > 99999)
		return any;
	for (enum code_family f = 0; f < CODE_FAMILY_COUNT; f++) {
		if (!(families & 1u << f) || f == CODE_HTTP || !is_numbered(f, value))
			continue;
		if (f == CODE_HRESULT)
			any |= value <= UINT16_MAX &&
			       add_code(e, code_find(CODE_HRESULT, 0x80070000 | (uint32_t)value));
		else
			any |= add_code(e, code_find(f, (uint32_t)value));
	}
	return any;
}

/* ---- names ---- */

/* WINHTTP_TIMEOUT stands for ERROR_WINHTTP_TIMEOUT, and so does WININET_E_TIMEOUT. */
static bool is_called(const char *name, struct span word)
{
	struct span whole = span_text(name);

	if (span_ieq(whole, word))
		return true;
	if (span_istarts(word, SPAN("WININET_E_")))
		word = span_skip(word, strlen("WININET_E_"));
	else if (span_byte(word, '_') == SIZE_MAX)
		return false;
	return whole.len > word.len && whole.at[whole.len - word.len - 1] == '_' && span_iends(whole, word);
}

static bool add_named(struct explanation *e, struct span word)
{
	enum finding_kind kind = finding_kind_named(word);
	const struct trouble *trouble = case_named(word);
	bool any = false;

	if (kind != FINDING_KIND_COUNT)
		explanation_add(e, explained_kind(kind));
	if (trouble)
		explanation_add(e, explained_case(trouble));
	for (size_t i = 0; i < code_count(); i++)
		if (is_called(code_at(i)->name, word))
			any |= add_code(e, code_at(i));
	return any || trouble || kind != FINDING_KIND_COUNT;
}

/* ---- words ---- */

/* Of "(0x8024401B)." the code. */
static struct span bare(struct span word)
{
	while (word.len && span_byte(SPAN("\"'([{<"), word.at[0]) != SIZE_MAX)
		span_take(&word, 1);
	while (word.len && span_byte(SPAN(".,;:!?)]}>\"'"), word.at[word.len - 1]) != SIZE_MAX)
		word.len--;
	return word;
}

/* The families that a word before a number calls. */
static unsigned families_called(struct span word)
{
	unsigned families = 0;

	for (enum code_family f = 0; f < CODE_FAMILY_COUNT; f++)
		if (span_ieq(word, span_text(code_family_word(f))))
			families |= 1u << f;
	if (span_ieq(word, SPAN("win32")) || span_ieq(word, SPAN("winhttp")))
		families |= 1u << CODE_HRESULT;
	if (span_ieq(word, SPAN("message")) || span_ieq(word, SPAN("event")))
		families |= 1u << CODE_STATUS_MESSAGE;
	if (span_ieq(word, SPAN("status")))
		families |= 1u << CODE_HTTP;
	return families;
}

size_t explain_exact(struct explanation *e, const struct span *words, size_t count)
{
	struct span word = bare(words[0]);

	if (count > 1 && add_number(e, bare(words[1]), families_called(word)))
		return 2;
	return add_named(e, word) || add_hex(e, word) || add_decimal(e, word) || add_number(e, word, ~0u);
}

/* All words, one after the other; false: one of them is no name and no number. */
static bool add_all(struct explanation *e, const struct span *words, size_t count)
{
	for (size_t i = 0, taken; i < count; i += taken) {
		taken = explain_exact(e, words + i, count - i);
		if (!taken) {
			*e = (struct explanation){ 0 };
			return false;
		}
	}
	return true;
}

/* What a line of a log says in numbers: codes that cannot be anything else, "HTTP status code = 502", and
 * "soap client error = 10", which counts from 0x80244000. */
static void add_from_log(struct explanation *e, const struct span *words, size_t count)
{
	const struct span none = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct span word = bare(words[i]);
		struct span before = i ? words[i - 1] : none, first = i > 1 ? words[i - 2] : none;
		bool is_name = span_byte(word, '_') != SIZE_MAX || span_byte(word, '-') != SIZE_MAX;
		uint64_t number;

		if (word.len >= HRESULT_DIGITS && (add_hex(e, word) || add_decimal(e, word)))
			continue;
		if (is_name && add_named(e, word))
			continue;
		if (span_ieq(before, SPAN("status")) || (span_ieq(first, SPAN("status")) &&
		                                         span_ieq(before, SPAN("code"))))
			add_status(e, word);
		if (span_ieq(first, SPAN("client")) && span_ieq(before, SPAN("error")) &&
		    span_decimal(word, &number) && number < 64)
			add_hresult(e, 0x80244000 + (uint32_t)number);
	}
}

size_t explain_words(const struct span *words, size_t count, struct span into[static EXPLAIN_WORDS])
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		struct span left = words[i];

		while (left.len && n < EXPLAIN_WORDS) {
			struct span word = span_split(&left, ' ');

			if (word.len && !span_eq(word, SPAN("=")) && !span_eq(word, SPAN(":")))
				into[n++] = word;
		}
	}
	return n;
}

bool explain(struct explanation *e, const struct span *words, size_t count, char near[static NEAR_TEXT])
{
	struct span all[EXPLAIN_WORDS];

	*e = (struct explanation){ 0 };
	near[0] = '\0';
	count = explain_words(words, count, all);
	if (!add_all(e, all, count))
		explain_search(e, all, count);
	else
		e->full = e->count;
	if (e->count) {
		e->full = e->full ? e->full : 1;
		return true;
	}
	add_from_log(e, all, count);
	e->full = e->count;
	if (!e->count)
		explain_near(all, count, near);
	return e->count;
}
