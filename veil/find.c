/* veil/find.c - learned words by a table of lengths and a map; shapes by what they begin with. */
#include "veil/find.h"

#include <stdlib.h>

#include "base/map.h"
#include "veil/shapes.h"
#include "veil/utf16.h"
#include "veil/words.h"

enum {
	SHORTEST = 4, LONGEST = 63,     /* of learned values that are looked for */
	FRONT = 3, FRONTS = 4096,       /* bytes by which a word is ruled out at once */
};

struct finder {
	struct names *names;
	struct map words;               /* in lower case -> struct name's kind, plus one */
	uint64_t lengths[FRONTS];       /* of the words that begin so */
};

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool is_word(uint8_t c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

static size_t front_of(const uint8_t *at)
{
	uint32_t h = 0;

	for (unsigned i = 0; i < FRONT; i++)
		h = h * 31 + lower(at[i]);
	return h % FRONTS;
}

static bool is_number(struct span value)
{
	uint64_t number;

	return span_decimal(value, &number);
}

bool find_searchable(const struct name *name)
{
	if (name->kind == NAME_ADDRESS || name->kind == NAME_MAC)
		return false;
	return name->value.len >= SHORTEST && !words_common(name->value) && !is_number(name->value) &&
	       name->pseudonym.len && !span_eq(name->value, name->pseudonym);
}

static bool add(struct finder *f, const struct name *name)
{
	uint8_t folded[LONGEST];
	struct map_entry *e;

	if (!find_searchable(name) || name->value.len > LONGEST)
		return true;
	for (size_t i = 0; i < name->value.len; i++)
		folded[i] = lower(name->value.at[i]);
	e = map_put(&f->words, span_of(folded, name->value.len));
	if (!e)
		return false;
	/* A kind by its number; the first that was learned counts. */
	if (!e->value)
		e->value = (void *)((uintptr_t)name->kind + 1);
	f->lengths[front_of(folded)] |= UINT64_C(1) << name->value.len;
	return true;
}

struct finder *finder_new(struct names *names, struct budget *budget)
{
	struct finder *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->names = names;
	map_init_on(&f->words, UINT32_MAX - 1, budget);
	for (size_t i = 0; i < names_count(names); i++) {
		struct name name = names_at(names, i);

		if (!add(f, &name)) {
			finder_free(f);
			return NULL;
		}
	}
	return f;
}

void finder_free(struct finder *f)
{
	if (!f)
		return;
	map_release(&f->words);
	free(f);
}

/* A word may not go on before it, nor behind it. */
static bool stands_alone(const uint8_t *text, size_t len, size_t at, size_t word)
{
	size_t end = at + word;

	return (!at || !is_word(text[at]) || !is_word(text[at - 1])) &&
	       (end == len || !is_word(text[end - 1]) || !is_word(text[end]));
}

/* The length of the learned value that stands there, replaced now; 0: none. */
static size_t put_word(const struct finder *f, uint8_t *text, size_t len, size_t at)
{
	uint8_t folded[LONGEST];
	uint64_t lengths;
	size_t room = len - at < LONGEST ? len - at : LONGEST;

	if (room < FRONT)
		return 0;
	lengths = f->lengths[front_of(text + at)];
	for (size_t i = 0; lengths && i < room; i++)
		folded[i] = lower(text[at + i]);
	for (size_t word = room; lengths && word >= SHORTEST; word--) {
		const struct map_entry *e;

		if (!(lengths >> word & 1) || !stands_alone(text, len, at, word))
			continue;
		e = map_find(&f->words, span_of(folded, word));
		if (!e)
			continue;
		names_put(f->names, (enum name_kind)((uintptr_t)e->value - 1), span_of(text + at, word),
		          text + at);
		return word;
	}
	return 0;
}

size_t finder_text(const struct finder *f, uint8_t *text, size_t len)
{
	size_t at = 0, count = 0;

	while (at < len) {
		size_t done = 0;

		/* Inside a word of ASCII nothing begins. */
		if (!at || !is_word(text[at]) || !is_word(text[at - 1]))
			done = shapes_put(f->names, text, len, at);
		if (!done && (!at || !is_word(text[at]) || !is_word(text[at - 1])))
			done = put_word(f, text, len, at);
		count += done > 0;
		at += done ? done : 1;
	}
	return count;
}

struct counting {
	const struct finder *finder;
	size_t count;
};

static void find_piece(void *self, uint8_t *utf8, size_t len)
{
	struct counting *c = self;

	c->count += finder_text(c->finder, utf8, len);
}

size_t finder_utf16(const struct finder *f, uint8_t *text, size_t len)
{
	struct counting c = { f, 0 };

	utf16_through(span_of(text, len), text, find_piece, &c);
	return c.count;
}
