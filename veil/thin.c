/* veil/thin.c - in steps. */
#include "veil/thin.h"

#include "veil/repack.h"

enum {
	MOST = 1024 * 1024,             /* of longer text is not tried what takes many tries */
	STEPS = 4,                      /* from the end to the beginning */
	LONG = 20,                      /* a run that is no word */
};

struct text {
	uint8_t *at;
	size_t len, width;              /* of a character that is ASCII */
};

static bool is_letter(uint8_t c)
{
	uint8_t lower = c | 0x20;

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

/* What no character of ASCII is, is one letter. */
static uint8_t character(const struct text *t, size_t i)
{
	return t->width == 1 || !t->at[i + 1] ? t->at[i] : 'x';
}

/* ---- attributes ---- */

/* Hosts, addresses and URLs have points or colons; of versions and ids readers make something. */
static bool is_read(const struct text *t, size_t name, size_t from, size_t to)
{
	static const struct span names[] = { SPAN_LIT("Version"), SPAN_LIT("ID"), SPAN_LIT("Name") };
	uint8_t spelled[16];
	size_t len = 0;

	for (size_t i = name; i < from && len < sizeof spelled && is_letter(character(t, i)); i += t->width)
		spelled[len++] = character(t, i);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_eq(span_of(spelled, len), names[i]))
			return true;
	for (size_t i = from; i < to; i += t->width)
		if (character(t, i) == ':' || (character(t, i) == '.' && to - from > 6 * t->width))
			return true;
	return false;
}

static void thin_value(const struct text *t, size_t name, size_t from, size_t to)
{
	if (is_read(t, name, from, to))
		return;
	for (size_t i = from; i < to; i += t->width)
		if (is_letter(character(t, i)))
			t->at[i] = 'e';
}

static void thin_attributes(const struct text *t)
{
	size_t name = 0, from = 0;
	bool tag = false;

	for (size_t i = 0; i + t->width <= t->len; i += t->width) {
		uint8_t c = character(t, i);

		if (from && c == '"') {
			thin_value(t, name, from, i);
			from = 0;
		} else if (tag && c == '"') {
			from = i + t->width;
		} else if (!from && c == ' ') {
			name = i + t->width;
		} else if (!from && (c == '<' || c == '>')) {
			tag = c == '<';
		}
	}
}

/* ---- text ---- */

/* `all`: not only of long runs. */
static void thin_text(const struct text *t, size_t from, bool all)
{
	bool tag = false;
	size_t run = 0;

	for (size_t i = 0; i + t->width <= t->len; i += t->width) {
		uint8_t c = character(t, i);

		if (c == '<' || c == '>')
			tag = c == '<';
		run = is_letter(c) || c == '+' || c == '/' ? run + 1 : 0;
		if (i >= from && !tag && is_letter(c) && (all || run >= LONG))
			t->at[i] = 'x';
	}
}

static void thin_all(const struct text *t)
{
	for (size_t i = 0; i + t->width <= t->len; i += t->width)
		t->at[i] = 'x';
}

static void thin(const struct text *t, unsigned step)
{
	size_t from = t->len - t->len / STEPS * ((step - 1) % STEPS + 1);

	if (!step)
		thin_attributes(t);
	else
		thin_text(t, (step - 1) % STEPS == STEPS - 1 ? 0 : from, step > STEPS);
}

bool thin_repack(struct budget *budget, struct span coding, struct span coded, uint8_t *plain, size_t len,
                 bool wide, bool whole, uint8_t *to)
{
	struct text t = { plain, len, wide ? 2 : 1 };

	if (repack(budget, coding, coded, span_of(plain, len), whole, to))
		return true;
	for (unsigned step = 0; step <= 2 * STEPS && len <= MOST; step++) {
		thin(&t, step);
		if (repack(budget, coding, coded, span_of(plain, len), whole, to))
			return true;
	}
	thin_all(&t);
	return repack(budget, coding, coded, span_of(plain, len), whole, to);
}
