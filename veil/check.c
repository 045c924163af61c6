/* veil/check.c - forms by their first bytes and a map; the longest of them is a ceiling. */
#include "veil/check.h"

#include <stdlib.h>

#include "base/map.h"
#include "veil/checkforms.h"
#include "veil/find.h"

enum { FRONT = 4, FRONTS = 1 << 16, LONGEST = 64, AROUND = 2 };
enum table { FOLDED, EXACT, TABLES };

struct hit {                            /* what a form is of; a map's value */
	size_t name;
	uint8_t form;
	bool ours;                      /* a word of our own, too */
};

struct check {
	const struct names *names;
	struct map forms[TABLES];       /* bytes -> struct hit */
	uint64_t lengths[TABLES][FRONTS];       /* of the forms that begin so; bit 0: of LONGEST */
	struct map taken;               /* values and pseudonyms by kind: "v" or "p", kind, bytes */
	struct check_leak kept[CHECK_KEPT];
	size_t kept_count;
	uint64_t leaks, refused;
	/* of the form that is being added */
	size_t name;
};

const char *check_form_text(enum check_form form)
{
#define X(symbol, text) [CHECK_##symbol] = text,
	static const char *const texts[] = { CHECK_FORMS(X) };
#undef X
	return texts[form];
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static size_t front_of(const uint8_t *at, enum table table)
{
	uint32_t h = 0;

	for (unsigned i = 0; i < FRONT; i++)
		h = h * 0x9e3779b1u + (table == FOLDED ? lower(at[i]) : at[i]) + 1;
	return h >> 16;
}

/* ---- what is looked for ---- */

static void add_form(void *self, enum check_form form, bool folded, struct span bytes)
{
	struct check *c = self;
	enum table table = folded ? FOLDED : EXACT;
	struct hit *hit;

	if (bytes.len < FRONT)
		return;
	if (bytes.len > LONGEST)
		bytes.len = LONGEST;
	hit = map_value(&c->forms[table], bytes, sizeof *hit);
	if (!hit) {
		c->refused++;
		return;
	}
	if (!hit->form)
		*hit = (struct hit){ c->name, (uint8_t)(form + 1), false };
	c->lengths[table][front_of(bytes.at, table)] |= UINT64_C(1) << bytes.len % LONGEST;
}

struct key {
	uint8_t bytes[2 + 1024];
	size_t len;
};

static struct span key_of(struct key *k, char what, enum name_kind kind, struct span value)
{
	k->bytes[0] = (uint8_t)what;
	k->bytes[1] = (uint8_t)kind;
	k->len = 2 + (value.len < sizeof k->bytes - 2 ? value.len : sizeof k->bytes - 2);
	memcpy(k->bytes + 2, value.at, k->len - 2);
	return span_of(k->bytes, k->len);
}

static bool tells(const struct name *n)
{
	if (!n->pseudonym.len || span_eq(n->value, n->pseudonym))
		return false;
	return n->kind == NAME_ADDRESS || n->kind == NAME_MAC || find_searchable(n);
}

static void add(struct check *c, size_t i)
{
	struct name name = names_at(c->names, i);
	struct checkforms_heard heard = { c, add_form };
	struct map_entry *e;
	struct key key;

	if (!tells(&name) || map_find(&c->taken, key_of(&key, 'p', name.kind, name.value)))
		return;
	e = map_put(&c->taken, key_of(&key, 'v', name.kind, name.value));
	c->refused += !e;
	if (e)
		e->value = (void *)(uintptr_t)(i + 1);
	c->name = i;
	checkforms_of(&name, &heard);
}

struct check *check_new(const struct names *names, struct budget *budget)
{
	struct check *c = calloc(1, sizeof *c);
	struct key key;

	if (!c)
		return NULL;
	c->names = names;
	map_init_on(&c->forms[FOLDED], UINT32_MAX - 1, budget);
	map_init_on(&c->forms[EXACT], UINT32_MAX - 1, budget);
	map_init_on(&c->taken, UINT32_MAX - 1, budget);
	for (size_t i = 0; i < names_count(names); i++) {
		struct name name = names_at(names, i);

		if (name.pseudonym.len)
			c->refused += !map_put(&c->taken, key_of(&key, 'p', name.kind, name.pseudonym));
	}
	for (size_t i = 0; i < names_count(names); i++)
		add(c, i);
	return c;
}

void check_free(struct check *c)
{
	if (!c)
		return;
	map_release_values(&c->forms[FOLDED]);
	map_release_values(&c->forms[EXACT]);
	map_release(&c->taken);
	free(c);
}

/* ---- looking ---- */

static void leak(struct check *c, size_t name, enum check_form form, const char *where, uint64_t at)
{
	c->leaks++;
	for (size_t i = 0; i < c->kept_count; i++)
		if (c->kept[i].name == name)
			return;
	if (c->kept_count < CHECK_KEPT)
		c->kept[c->kept_count++] = (struct check_leak){
			names_at(c->names, name).kind, form, where, at, name,
		};
}

static bool is_word(uint8_t c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

/* A value is a word by itself: so it is learned and replaced.  An address with a digit more is another. */
static bool stands_alone(struct span text, size_t at, size_t len, enum check_form form)
{
	size_t step = form == CHECK_WIDE || form == CHECK_WIDE_BE ? 2 : 1, shift = form == CHECK_WIDE_BE;
	size_t end = at + len;

	if (form == CHECK_BASE64 || form == CHECK_HEX || form == CHECK_BYTES || form == CHECK_NETBIOS ||
	    form == CHECK_INSIDE)
		return true;
	return (at < step || !is_word(text.at[at - step + shift]) || !is_word(text.at[at + shift])) &&
	       (end + shift >= text.len || !is_word(text.at[end + shift]) ||
	        !is_word(text.at[end - step + shift]));
}

/* Chance writes short words in packets, and outputs have words of their own. */
static bool is_sure(const struct check *c, const struct hit *hit)
{
	struct name name = names_at(c->names, hit->name);

	return name.kind == NAME_ADDRESS || name.kind == NAME_MAC || name.value.len >= CHECK_SURE;
}

struct place {
	const char *where;              /* NULL: among our own words */
	uint64_t at;
	bool packet;
};

/* "word": a member's name in JSON. */
static bool is_member(struct span text, size_t at, size_t len)
{
	size_t end = at + len;

	return at && text.at[at - 1] == '"' && end + 1 < text.len && text.at[end] == '"' &&
	       text.at[end + 1] == ':';
}

static bool is_ours(const struct hit *hit, struct span text, size_t at, size_t len, const struct place *place)
{
	return !place->packet && (hit->ours || is_member(text, at, len));
}

static void try(struct check *c, enum table table, struct span text, size_t at, size_t len,
                const struct place *place)
{
	uint8_t folded[LONGEST];
	const struct map_entry *e;
	struct hit *hit;

	for (size_t i = 0; i < len; i++)
		folded[i] = table == FOLDED ? lower(text.at[at + i]) : text.at[at + i];
	e = map_find(&c->forms[table], span_of(folded, len));
	if (!e)
		return;
	hit = e->value;
	if (!stands_alone(text, at, len, (enum check_form)(hit->form - 1)) || !is_sure(c, hit))
		return;
	if (!place->where)
		hit->ours = true;
	else if (!is_ours(hit, text, at, len, place))
		leak(c, hit->name, (enum check_form)(hit->form - 1), place->where,
		     place->packet ? place->at : place->at + at);
}

static void look_at(struct check *c, struct span text, size_t at, const struct place *place)
{
	for (enum table table = FOLDED; table < TABLES; table++) {
		uint64_t lengths = c->lengths[table][front_of(text.at + at, table)];

		for (size_t len = FRONT; lengths && len <= LONGEST && at + len <= text.len; len++)
			if (lengths >> len % LONGEST & 1)
				try(c, table, text, at, len, place);
	}
}

/* Places from `from` on, up to `to`, at which a form may begin. */
static void look(struct check *c, struct span text, size_t from, size_t to, const struct place *place)
{
	for (size_t at = from; at < to && at + FRONT <= text.len; at++)
		look_at(c, text, at, place);
}

void check_ours(struct check *c, struct span text)
{
	look(c, text, 0, text.len, &(struct place){ NULL, 0, false });
}

void check_frame(struct check *c, const char *where, uint64_t number, struct span bytes)
{
	look(c, bytes, 0, bytes.len, &(struct place){ where, number, true });
}

void check_piece(struct check *c, struct check_text *t, struct span piece)
{
	enum { AHEAD = LONGEST + AROUND };

	while (piece.len) {
		struct span some = span_take(&piece, sizeof t->held - t->len);
		size_t sure, drop;

		memcpy(t->held + t->len, some.at, some.len);
		t->len += some.len;
		if (t->len <= AHEAD + t->done)
			continue;
		sure = t->len - AHEAD;
		look(c, span_of(t->held, t->len), t->done, sure,
		     &(struct place){ t->where, t->begun, false });
		drop = sure > AROUND ? sure - AROUND : 0;
		memmove(t->held, t->held + drop, t->len - drop);
		t->len -= drop;
		t->done = sure - drop;
		t->begun += drop;
	}
}

void check_end(struct check *c, struct check_text *t)
{
	look(c, span_of(t->held, t->len), t->done, t->len, &(struct place){ t->where, t->begun, false });
	t->begun += t->len;
	t->len = t->done = 0;
}

void check_names(struct check *c, const char *where, const struct names *found)
{
	for (size_t i = 0; i < names_count(found); i++) {
		struct name name = names_at(found, i);
		struct key key;
		const struct map_entry *e = map_find(&c->taken, key_of(&key, 'v', name.kind, name.value));

		if (e && e->value)
			leak(c, (size_t)(uintptr_t)e->value - 1, CHECK_INSIDE, where, 0);
	}
}

uint64_t check_leaks(const struct check *c)
{
	return c->leaks;
}

size_t check_kept(const struct check *c)
{
	return c->kept_count;
}

struct check_leak check_leak_at(const struct check *c, size_t i)
{
	return c->kept[i];
}

uint64_t check_refused(const struct check *c)
{
	return c->refused;
}
