/* decoders/soapvalues.c - paths are followed by sets of rows.
 *
 * Of the method's rows, those that an element's path still leads to are bits of a word.  They agree in the
 * path so far, so one offset into their paths says where each goes on: an element costs a comparison for
 * each row that is left, which in a list of ids is one.  What leads nowhere is only counted.
 */
#include "decoders/soapvalues.h"

#include <openssl/evp.h>
#include <stddef.h>
#include <string.h>

#include "base/base64.h"
#include "base/reader.h"
#include "base/utf8.h"
#include "decoders/soapitems.h"

enum { DEPTH_MAX = 12, ROWS_MAX = 64, PROPERTY_MAX = 64 };

struct row {
	const char *path;
	enum wsus_method method;
	enum side side;
	enum { FIELD_ROW, PART_ROW } kind;
	enum wsus_type type;            /* of a field */
	unsigned which;                 /* enum wsus_field, enum soappart */
};

static const struct row rows[] = {
#define FIELD(symbol, method, side, path, type, name)                                   \
	{ path, METHOD_##method, side, FIELD_ROW, WSUS_##type, FIELD_##symbol },
#define PART(symbol, method, side, path)                                                \
	{ path, METHOD_##method, side, PART_ROW, WSUS_TEXT, PART_##symbol },
#include "facts/wsusfields.def"
#include "decoders/soapparts.def"
#undef FIELD
#undef PART
};

struct level {                          /* an element that is open */
	uint64_t on;                    /* rows that go on below it */
	uint64_t here;                  /* rows that end here */
	uint32_t letters;               /* that the next names of `on` begin with: letter_bit() */
	size_t offset;                  /* in the paths of `on`: of the next name */
};

struct soapvalues {
	struct arena *arena;
	struct wsus_call *call;         /* in the arena */
	struct wsus_value *values;      /* in the arena: room for all that this side may say */
	struct soapitems items;
	bool dropped;
	const struct row *rows[ROWS_MAX];
	uint8_t place[ROWS_MAX];        /* of the row's value, and 1; 0: it has none yet */
	unsigned row_count;
	struct level levels[DEPTH_MAX]; /* the first is the method's element */
	unsigned depth;
	uint64_t below;                 /* elements that are open and lead nowhere */
	/* the text of the innermost element */
	enum { NO_TEXT, PLAIN, SECRET, XML } reads;
	size_t len;
	uint64_t secret_len;            /* of what was hashed into the digest */
	uint8_t digest[32];             /* SHA-256 */
	size_t name_len;                /* all behind is as long as its length says, not zeroed */
	uint8_t name[PROPERTY_MAX];     /* of the ConfigurationProperty */
	uint8_t text[VALUE_TEXT_MAX];
};

struct soapvalues *soapvalues_new(struct arena *arena)
{
	struct wsus_call *call = arena_alloc(arena, sizeof *call);
	struct soapvalues *v = call ? budget_room(arena->budget, sizeof *v) : NULL;

	if (!v)
		return NULL;
	memset(v, 0, offsetof(struct soapvalues, name));
	v->arena = arena;
	v->call = call;
	soapitems_init(&v->items, arena);
	return v;
}

void soapvalues_free(struct soapvalues *v)
{
	if (!v)
		return;
	soapitems_release(&v->items);
	budget_free(v->arena->budget, v, sizeof *v);
}

/* Most elements of a long answer begin with no letter that leads anywhere. */
static uint32_t letter_bit(const char *name)
{
	return UINT32_C(1) << (*name & 31);
}

static bool is_count(const struct row *row)
{
	return row->kind == FIELD_ROW && row->type == WSUS_COUNT;
}

/* The value of that row, made when there is none; NULL: no room. */
static struct wsus_value *value_of(struct soapvalues *v, unsigned at)
{
	if (!v->place[at]) {
		if (!v->values)
			return NULL;
		v->values[v->call->value_count] = (struct wsus_value){ .field = v->rows[at]->which };
		v->place[at] = (uint8_t)++v->call->value_count;
	}
	return &v->values[v->place[at] - 1];
}

static void find_rows(struct soapvalues *v, enum side from, enum wsus_method method)
{
	v->row_count = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows && v->row_count < ROWS_MAX; i++)
		if (rows[i].method == method && rows[i].side == from)
			v->rows[v->row_count++] = &rows[i];
}

void soapvalues_begin(struct soapvalues *v, enum side from, enum wsus_method method)
{
	size_t had = v->call->value_count;
	struct wsus_value *values;

	find_rows(v, from, method);
	values = arena_room(v->arena, sizeof *values * (had + v->row_count + 1));
	v->dropped |= !values || had + v->row_count > UINT8_MAX;
	if (v->dropped)
		v->row_count = 0;
	else if (had)
		memcpy(values, v->call->values, sizeof *values * had);
	v->values = v->dropped ? NULL : values;
	if (v->values)
		v->call->values = v->values;
	memset(v->place, 0, sizeof v->place);
	for (unsigned i = 0; i < v->row_count; i++)
		if (is_count(v->rows[i]) && !strchr(v->rows[i]->path, '='))
			value_of(v, i);
	v->levels[0] = (struct level){ .on = v->row_count == ROWS_MAX ? UINT64_MAX
	                                                              : (UINT64_C(1) << v->row_count) - 1 };
	for (unsigned i = 0; i < v->row_count; i++)
		v->levels[0].letters |= letter_bit(v->rows[i]->path);
	v->depth = 1;
	v->below = 0;
	v->reads = NO_TEXT;
}

static bool read_flag(struct span text, int64_t *to)
{
	bool yes = span_ieq(text, SPAN("true")) || span_eq(text, SPAN("1"));

	*to = yes;
	return yes || span_ieq(text, SPAN("false")) || span_eq(text, SPAN("0"));
}

static bool read_number(struct span text, int64_t *to)
{
	bool minus = span_starts(text, SPAN("-"));
	uint64_t value;

	if (!span_decimal(span_skip(text, minus), &value) || value > INT64_MAX)
		return false;
	*to = minus ? -(int64_t)value : (int64_t)value;
	return true;
}

/* A field's value, by its text; what is there already stays. */
static void take_value(struct soapvalues *v, unsigned at, struct span text)
{
	const struct row *row = v->rows[at];
	struct wsus_value *value, read = { 0 };
	bool good = false;

	if (v->place[at] || !text.len)
		return;
	switch (row->type) {
	case WSUS_TEXT:
	case WSUS_PRIVATE:
		read.text = arena_copy(v->arena, text);
		good = read.text.at;
		v->dropped |= !good;
		break;
	case WSUS_NUMBER:
		good = read_number(text, &read.number);
		break;
	case WSUS_FLAG:
		good = read_flag(text, &read.number);
		break;
	case WSUS_TIME:
		read.number = moment_read(text);
		good = true;
		break;
	case WSUS_COUNT:
	case WSUS_SECRET:
		break;
	}
	value = good ? value_of(v, at) : NULL;
	if (!value)
		return;
	read.field = value->field;
	*value = read;
}

/* Base64 is hashed in blocks of whole groups, so that no more of a secret is held than its last.  One that is
 * longer than a block is hashed as what was told of those before, then the block. */
static void hash_letters(struct soapvalues *v)
{
	size_t len = base64_decode(span_of(v->text, v->len), v->text, v->len);
	EVP_MD_CTX *sha256 = EVP_MD_CTX_new();

	if (!sha256 || !EVP_DigestInit_ex(sha256, EVP_sha256(), NULL) ||
	    !EVP_DigestUpdate(sha256, v->digest, v->secret_len ? sizeof v->digest : 0) ||
	    !EVP_DigestUpdate(sha256, v->text, len) || !EVP_DigestFinal_ex(sha256, v->digest, NULL))
		v->dropped = true;
	EVP_MD_CTX_free(sha256);
	memset(v->text, 0, v->len);
	v->secret_len += len;
	v->len = 0;
}

static void end_secret(struct soapvalues *v, unsigned at)
{
	struct wsus_value *value = !v->place[at] && v->secret_len ? value_of(v, at) : NULL;
	struct reader digest = reader_on(span_of(v->digest, sizeof v->digest));

	if (!value)
		return;
	value->number = (int64_t)v->secret_len;
	value->hash = reader_be64(&digest);
}

/* "IsLeaf=false" */
static void count_equal(struct soapvalues *v, unsigned at, struct span text)
{
	const char *word = strchr(v->rows[at]->path, '=') + 1;

	if (span_eq(text, span_text(word)))
		value_of(v, at)->number++;
}

/* The rows' next name is `name`: how it ends there ('/', '@', '=', NUL), or -1: it is another name. */
static int next_name(const struct row *row, size_t offset, const char *name, size_t len)
{
	const char *path = row->path + offset;

	/* Most names differ in their first letter, and then cost no call. */
	if (*path != *name || strncmp(path, name, len) != 0)
		return -1;
	switch (path[len]) {
	case '\0':
	case '/':
	case '@':
	case '=':
		return path[len];
	default:
		return -1;
	}
}

/* Attributes come in pairs; some values stand there. */
static void take_attribute(struct soapvalues *v, unsigned at, const char *const *attributes)
{
	const char *name = strchr(v->rows[at]->path, '@') + 1;

	for (; attributes && attributes[0]; attributes += 2)
		if (!strcmp(attributes[0], name))
			take_value(v, at, span_trim(span_text(attributes[1])));
}

/* What stands at the element that has been opened: its end matters. */
static void arrive(struct soapvalues *v, unsigned at)
{
	const struct row *row = v->rows[at];

	if (row->kind == PART_ROW) {
		soapitems_open(&v->items, row->which);
		if (row->which == PART_UPDATE_XML)
			v->reads = v->items.reading ? XML : NO_TEXT;
		else if (soappart_has_text(row->which))
			v->reads = PLAIN;
	} else if (row->type == WSUS_SECRET) {
		v->reads = SECRET;
	} else if (v->reads != XML) {
		v->reads = PLAIN;
	}
}

bool soapvalues_passes(const struct soapvalues *v)
{
	return v->below;
}

/* Who is below what leads nowhere is none of a path. */
void soapvalues_more(struct soapvalues *v, const char *name, uint64_t times)
{
	const struct level *up = &v->levels[v->depth ? v->depth - 1 : 0];

	if (!v->depth || v->below || v->depth == DEPTH_MAX || !(up->letters & letter_bit(name)))
		return;
	for (uint64_t left = up->on; left; left &= left - 1) {
		unsigned at = (unsigned)__builtin_ctzll(left);

		if (is_count(v->rows[at]) && !next_name(v->rows[at], up->offset, name, strlen(name)))
			value_of(v, at)->number += (int64_t)times;
	}
}

void soapvalues_open(struct soapvalues *v, const char *name, const char *const *attributes)
{
	const struct level *up = &v->levels[v->depth ? v->depth - 1 : 0];
	struct level down = { 0 };
	size_t len;

	if (!v->depth || v->below || v->depth == DEPTH_MAX) {
		v->below++;
		return;
	}
	v->reads = NO_TEXT;
	v->len = 0;
	v->secret_len = 0;
	if (!(up->letters & letter_bit(name))) {
		v->below++;
		return;
	}
	len = strlen(name);
	down.offset = up->offset + len + 1;
	for (uint64_t left = up->on; left; left &= left - 1) {
		unsigned at = (unsigned)__builtin_ctzll(left);
		int end = next_name(v->rows[at], up->offset, name, len);

		if (end == '/') {
			down.on |= left & -left;
			down.letters |= letter_bit(v->rows[at]->path + down.offset);
		} else if (end == '@') {
			take_attribute(v, at, attributes);
		} else if (!end && is_count(v->rows[at])) {
			value_of(v, at)->number++;
		} else if (end >= 0) {
			down.here |= left & -left;
			arrive(v, at);
		}
	}
	if (down.on || down.here)
		v->levels[v->depth++] = down;
	else
		v->below++;
}

static void add_letters(struct soapvalues *v, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i];

		if (c == '=' || c == ' ' || c == '\t' || c == '\r' || c == '\n')
			continue;
		v->text[v->len++] = c;
		if (v->len == sizeof v->text)
			hash_letters(v);
	}
}

void soapvalues_text(struct soapvalues *v, struct span text)
{
	if (v->below)
		return;
	switch (v->reads) {
	case NO_TEXT:
		break;
	case XML:
		soapitems_xml(&v->items, text);
		break;
	case SECRET:
		add_letters(v, text);
		break;
	case PLAIN:
		text = span_take(&text, sizeof v->text - v->len);
		if (text.len)
			memcpy(v->text + v->len, text.at, text.len);
		v->len += text.len;
		break;
	}
}

/* ConfigurationProperty: the value belongs to the row that ends in its name, two levels up. */
static void take_property(struct soapvalues *v, struct span text)
{
	const struct level *properties = &v->levels[v->depth - 2];

	for (uint64_t left = properties->on; left; left &= left - 1) {
		unsigned at = (unsigned)__builtin_ctzll(left);
		struct span name = span_text(v->rows[at]->path + properties->offset);

		if (v->rows[at]->kind == FIELD_ROW && span_eq(name, span_of(v->name, v->name_len)))
			take_value(v, at, text);
	}
}

static void end_part(struct soapvalues *v, enum soappart part, struct span text)
{
	if (part == PART_PROPERTY_NAME) {
		v->name_len = text.len < sizeof v->name ? text.len : 0;
		if (v->name_len)
			memcpy(v->name, text.at, v->name_len);
	} else if (part == PART_PROPERTY_VALUE) {
		take_property(v, text);
	} else {
		soapitems_close(&v->items, part, text);
	}
}

static void end_row(struct soapvalues *v, unsigned at, struct span text)
{
	const struct row *row = v->rows[at];

	if (row->kind == PART_ROW)
		end_part(v, row->which, text);
	else if (row->type == WSUS_SECRET)
		end_secret(v, at);
	else if (row->type == WSUS_COUNT)
		count_equal(v, at, text);
	else
		take_value(v, at, text);
}

/* The text of the element that ends: trimmed, and where it was too long, cut. */
static struct span text_of(struct soapvalues *v)
{
	struct span text = span_of(v->text, v->reads == PLAIN ? v->len : 0);

	if (text.len == sizeof v->text)
		text = utf8_whole(text);
	return span_trim(text);
}

void soapvalues_close(struct soapvalues *v)
{
	struct span text;

	if (v->below) {
		v->below--;
		return;
	}
	if (v->depth < 2)
		return;
	if (v->reads == SECRET && v->len)
		hash_letters(v);
	text = text_of(v);
	for (uint64_t left = v->levels[--v->depth].here; left; left &= left - 1)
		end_row(v, (unsigned)__builtin_ctzll(left), text);
	v->reads = NO_TEXT;
}

/* What is open was cut off: half a value is none. */
bool soapvalues_end(struct soapvalues *v)
{
	bool all = !v->dropped && !v->items.dropped;

	if (v->reads == SECRET)
		memset(v->text, 0, v->len);
	v->depth = 0;
	v->below = 0;
	v->reads = NO_TEXT;
	v->dropped = v->items.dropped = v->items.reading = false;
	return all;
}

const struct wsus_call *soapvalues_call(struct soapvalues *v)
{
	struct wsus_call *call = v->call;

	call->updates = v->items.updates.at;
	call->update_count = v->items.updates.count;
	call->files = v->items.files.at;
	call->file_count = v->items.files.count;
	call->locations = v->items.locations.at;
	call->location_count = v->items.locations.count;
	call->events = v->items.events.at;
	call->event_count = v->items.events.count;
	return call;
}
