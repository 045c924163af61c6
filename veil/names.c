/* veil/names.c - values and their pseudonyms, each registered once. */
#include "veil/names.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "base/map.h"
#include "facts/wsus.h"
#include "veil/addresses.h"
#include "veil/shape.h"

enum {
	VALUE_MAX = 4096,               /* longer ones are replaced, and not registered */
	ENTRIES_MAX = 4 << 20,
	ATTEMPTS = 64,                  /* to find what is nobody's: names of a letter or two may run out */
	MAPPINGS = 16,                  /* of addresses, likewise */
};

struct names {
	uint8_t key[NAMES_KEY];
	bool steady, sealed;
	uint32_t mapping;               /* of addresses: the attempt that all take */
	struct map values;              /* kind and value, folded -> pseudonym, once there is one */
	struct map taken;               /* kind and pseudonym */
	struct arena pseudonyms;
	uint64_t of_kind[NAME_KIND_COUNT];
	uint64_t refused;
	size_t learned;                 /* values, when names were sealed */
};

struct key {                            /* of both maps */
	uint8_t bytes[1 + VALUE_MAX];
	size_t len;
};

struct names *names_new(const uint8_t key[static NAMES_KEY], bool steady, struct budget *budget)
{
	struct names *n = calloc(1, sizeof *n);
	struct draw first;

	if (!n)
		return NULL;
	memcpy(n->key, key, NAMES_KEY);
	n->steady = steady;
	map_init_on(&n->values, ENTRIES_MAX, budget);
	map_init_on(&n->taken, ENTRIES_MAX, budget);
	arena_init_on(&n->pseudonyms, SIZE_MAX / 2, budget);
	/* libcrypto reads its configuration when it is first asked: before no file can be opened any more. */
	draw_begin(&first, n->key, DRAW_BYTES, 0, SPAN(""));
	return n;
}

void names_free(struct names *n)
{
	if (!n)
		return;
	map_release(&n->values);
	map_release(&n->taken);
	arena_release(&n->pseudonyms);
	OPENSSL_cleanse(n->key, sizeof n->key);
	free(n);
}

/* ---- keys ---- */

static uint8_t folded(enum name_kind kind, uint8_t c)
{
	return shape_folds(kind) && c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static struct span key_of(struct key *k, enum name_kind kind, struct span value)
{
	k->bytes[0] = (uint8_t)kind;
	for (size_t i = 0; i < value.len; i++)
		k->bytes[1 + i] = folded(kind, value.at[i]);
	k->len = 1 + value.len;
	return span_of(k->bytes, k->len);
}

static enum name_kind kind_of(struct span key)
{
	return (enum name_kind)key.at[0];
}

/* ---- pseudonyms ---- */

/* Nobody else's, nobody's value, and no name that judges would take for another's role. */
static bool is_free(const struct names *n, struct span key, struct span value, struct span drawn)
{
	bool word = kind_of(key) == NAME_WORD;

	return !span_eq(value, span_skip(drawn, 1)) && !map_find(&n->taken, drawn) &&
	       !map_find(&n->values, drawn) &&
	       !(word && (names_public(span_skip(drawn, 1)) ||
	                  wsus_likely_name(span_skip(drawn, 1)) != wsus_likely_name(value)));
}

/* `drawn` becomes a key of `taken`. */
static void draw_free(struct names *n, struct span key, struct key *drawn)
{
	enum name_kind kind = kind_of(key);
	struct span value = span_skip(key, 1);
	bool mapped = kind == NAME_ADDRESS;

	drawn->bytes[0] = key.at[0];
	drawn->len = key.len;
	for (uint32_t attempt = 0; attempt < ATTEMPTS; attempt++) {
		shape_draw(n->key, kind, value, mapped ? n->mapping : attempt, drawn->bytes + 1);
		if (mapped || is_free(n, key, value, span_of(drawn->bytes, drawn->len)))
			return;
	}
}

/* NULL: no room. */
static const uint8_t *assign(struct names *n, struct map_entry *e)
{
	struct key drawn;
	struct map_entry *taken;

	draw_free(n, e->key, &drawn);
	taken = map_put(&n->taken, span_of(drawn.bytes, drawn.len));
	if (!taken)
		return NULL;
	e->value = (void *)(taken->key.at + 1);
	return e->value;
}

/* How many addresses would become what another one was. */
static uint64_t clashes(const struct names *n, uint32_t mapping)
{
	uint64_t count = 0;
	struct key drawn;

	for (size_t i = 0; i < n->values.count; i++) {
		struct span key = n->values.entries[i].key;

		if (kind_of(key) != NAME_ADDRESS)
			continue;
		drawn.bytes[0] = NAME_ADDRESS;
		shape_draw(n->key, NAME_ADDRESS, span_skip(key, 1), mapping, drawn.bytes + 1);
		count += map_find(&n->values, span_of(drawn.bytes, key.len)) != NULL;
	}
	return count;
}

/* Addresses of one network become another's as a whole, so this has to be right for all at once. */
static void choose_mapping(struct names *n)
{
	uint64_t least = clashes(n, 0);

	for (uint32_t mapping = 1; mapping < MAPPINGS && least && !n->steady; mapping++) {
		uint64_t count = clashes(n, mapping);

		if (count < least) {
			least = count;
			n->mapping = mapping;
		}
	}
}

void names_seal(struct names *n)
{
	if (n->sealed)
		return;
	choose_mapping(n);
	n->sealed = true;
	n->learned = n->values.count;
	for (size_t i = 0; i < n->values.count; i++)
		if (!assign(n, &n->values.entries[i]))
			n->refused++;
}

bool names_sealed(const struct names *n)
{
	return n->sealed;
}

static bool stays(enum name_kind kind, struct span value)
{
	static const uint8_t no_guid[] = "00000000-0000-0000-0000-000000000000";
	struct addr a;

	switch (kind) {
	case NAME_WORD:
		return names_public(value);
	case NAME_GUID:
		return span_find(value, span_of(no_guid, sizeof no_guid - 1)) != SIZE_MAX;
	case NAME_SID:
		return !span_istarts(value, SPAN("S-1-5-21-"));
	case NAME_ADDRESS:
		if (value.len != sizeof a.bytes)
			return true;
		memcpy(a.bytes, value.at, sizeof a.bytes);
		return address_is_common(&a);
	case NAME_MAC:
		return value.len != 6 || mac_is_common(value.at);
	case NAME_TOKEN:
	case NAME_HEX:
	case NAME_KIND_COUNT:
		break;
	}
	return false;
}

/* What no name and no secret has in it is somebody's jest, as "<script>" for a host is.  It is replaced where
 * it stands, and looked for nowhere: pages have such tags of their own, and there it would be cut in two. */
static bool is_odd(enum name_kind kind, struct span value)
{
	static const char *const signs[NAME_KIND_COUNT] = {
		[NAME_WORD] = "\"<>|`", [NAME_TOKEN] = "<>",
	};
	bool odd = false;

	for (size_t i = 0; signs[kind] && i < value.len; i++) {
		uint8_t c = value.at[i];

		odd = odd || c < ' ' || c == 0x7f || strchr(signs[kind], c);
	}
	return odd;
}

/* Registered, with its pseudonym where names are sealed; NULL: no room, too long, or odd. */
static const struct map_entry *entry_of(struct names *n, enum name_kind kind, struct span value)
{
	size_t count = n->values.count;
	struct map_entry *e;
	struct key k;

	if (value.len > VALUE_MAX || is_odd(kind, value))
		return NULL;
	e = map_put(&n->values, key_of(&k, kind, value));
	n->of_kind[kind] += n->values.count - count;
	n->refused += !e;
	if (e && n->sealed && !e->value && !assign(n, e))
		return NULL;
	return e;
}

/* The same as for a registered value, but for clashes. */
static void put_unregistered(const struct names *n, enum name_kind kind, struct span value, uint8_t *to)
{
	while (value.len) {
		struct span some = span_take(&value, VALUE_MAX);
		struct key k, drawn;
		struct span key = key_of(&k, kind, some);

		shape_draw(n->key, kind, span_skip(key, 1), kind == NAME_ADDRESS ? n->mapping : 0,
		           drawn.bytes);
		shape_case(kind, some, span_of(drawn.bytes, some.len), to);
		to += some.len;
	}
}

void names_put(struct names *n, enum name_kind kind, struct span value, uint8_t *to)
{
	const struct map_entry *e;

	if (kind == NAME_WORD && span_byte(value, '.') != SIZE_MAX) {
		names_labels(n, value, to);
		return;
	}
	if (!value.len || stays(kind, value)) {
		memmove(to, value.at, value.len);
		return;
	}
	/* A GUID is the same with and without braces. */
	if (kind == NAME_GUID && value.at[0] == '{') {
		*to++ = '{';
		value = span_skip(value, 1);
	}
	if (kind == NAME_GUID && value.len && value.at[value.len - 1] == '}')
		to[--value.len] = '}';
	e = entry_of(n, kind, value);
	if (!n->sealed)
		memset(to, 'x', value.len);
	else if (e)
		shape_case(kind, value, span_of(e->value, value.len), to);
	else
		put_unregistered(n, kind, value, to);
}

void names_word(struct names *n, struct span value, uint8_t *to)
{
	names_put(n, NAME_WORD, value, to);
}

void names_bytes(const struct names *n, struct span value, uint8_t *to)
{
	struct draw d;

	draw_begin(&d, n->key, DRAW_BYTES, 0, value);
	for (size_t i = 0; i < value.len; i++)
		to[i] = draw_byte(&d);
}

void names_blank(const struct names *n, struct span value, uint8_t *to)
{
	enum { MARK_AT = 4, MARK = 8 };
	size_t at = value.len >= MARK_AT + MARK ? MARK_AT : 0, len = value.len < MARK ? value.len : MARK;
	struct draw d;

	if (!value.len)
		return;
	draw_begin(&d, n->key, DRAW_BYTES, 1, value);
	memset(to, 0, value.len);
	/* Behind where headers of tunnels would begin; what is shorter begins with a zero at least. */
	for (size_t i = at ? 0 : 1; i < len; i++)
		to[at + i] = draw_byte(&d);
}

bool names_learned(const struct names *n, struct span word)
{
	const struct map_entry *e;
	struct key k;

	if (word.len > VALUE_MAX)
		return false;
	e = map_find(&n->values, key_of(&k, NAME_WORD, word));
	return e && e < n->values.entries + n->learned;
}

/* ---- addresses ---- */

struct addr names_network(const struct names *n, const struct addr *a)
{
	struct addr to = *a;

	if (n->sealed && !stays(NAME_ADDRESS, span_of(a->bytes, sizeof a->bytes)))
		to = address_draw(n->key, n->mapping, a);
	return to;
}

struct addr names_addr(struct names *n, const struct addr *a)
{
	struct addr to = *a;

	names_put(n, NAME_ADDRESS, span_of(a->bytes, sizeof a->bytes), to.bytes);
	return to;
}

void names_v4(struct names *n, const uint8_t *from, uint8_t *to)
{
	struct addr a = addr_v4(from);

	a = names_addr(n, &a);
	memcpy(to, a.bytes + 12, 4);
}

void names_v6(struct names *n, const uint8_t *from, uint8_t *to)
{
	struct addr a = addr_v6(from);

	a = names_addr(n, &a);
	memcpy(to, a.bytes, 16);
}

void names_mac(struct names *n, const uint8_t *from, uint8_t *to)
{
	uint8_t mac[6];

	memcpy(mac, from, sizeof mac);
	names_put(n, NAME_MAC, span_of(mac, sizeof mac), to);
}

/* ---- what was learned ---- */

size_t names_count(const struct names *n)
{
	return n->values.count;
}

struct name names_at(const struct names *n, size_t i)
{
	const struct map_entry *e = &n->values.entries[i];
	struct span value = span_skip(e->key, 1);

	return (struct name){ kind_of(e->key), value, span_of(e->value, e->value ? value.len : 0) };
}

uint64_t names_of_kind(const struct names *n, enum name_kind kind)
{
	return n->of_kind[kind];
}

uint64_t names_refused(const struct names *n)
{
	return n->refused;
}
