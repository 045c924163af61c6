/* decoders/soapvalues.c - an element goes a step down its method's tree; what leads nowhere is counted. */
#include "decoders/soapvalues.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/reader.h"
#include "base/utf8.h"
#include "decoders/fragcache.h"
#include "decoders/soapitems.h"
#include "decoders/soappaths.h"

enum { DEPTH_MAX = 12, PROPERTY_MAX = 64, IDLE_MAX = 16 };

struct soapvalues {
	struct soapvalues *next;        /* while idle */
	struct soapvalues_pool *pool;
	EVP_MD_CTX *sha256;             /* NULL: there was no secret yet */
	/* the exchange */
	struct arena *arena;
	struct wsus_call *call;         /* in the arena */
	struct wsus_value *values;      /* in the arena: room for all that this side may say */
	struct soapitems items;
	bool dropped;
	/* the method, and the elements of it that are open */
	const struct soaptree *tree;
	uint8_t place[SOAPPATHS_ROWS_MAX];      /* of the row's value, and 1; 0: it has none yet */
	const struct soappath *levels[DEPTH_MAX];
	unsigned depth;
	uint64_t below;                 /* elements that are open and lead nowhere */
	/* the text of the innermost element */
	enum { NO_TEXT, PLAIN, SECRET, XML } reads;
	size_t len;
	uint64_t secret_len;            /* of what was hashed into the digest */
	uint8_t digest[32];             /* SHA-256 */
	char name[PROPERTY_MAX];        /* of the ConfigurationProperty */
	uint8_t text[VALUE_TEXT_MAX];
};

struct soapvalues_pool {
	struct soappaths *paths;
	struct fragcache *cache;
	struct budget *budget;
	struct soapvalues *idle;
	unsigned idle_count;
};

/* ---- one for each exchange ---- */

struct soapvalues_pool *soapvalues_pool_new(struct budget *budget)
{
	struct soapvalues_pool *pool = calloc(1, sizeof *pool);

	if (!pool)
		return NULL;
	*pool = (struct soapvalues_pool){
		.paths = soappaths_new(), .cache = fragcache_new(budget), .budget = budget,
	};
	if (!pool->paths) {
		free(pool);
		return NULL;
	}
	return pool;
}

static void discard(struct soapvalues *v)
{
	soapitems_release(&v->items);
	EVP_MD_CTX_free(v->sha256);
	budget_free(v->pool->budget, v, sizeof *v);
}

void soapvalues_pool_free(struct soapvalues_pool *pool)
{
	if (!pool)
		return;
	while (pool->idle) {
		struct soapvalues *next = pool->idle->next;

		discard(pool->idle);
		pool->idle = next;
	}
	soappaths_free(pool->paths);
	fragcache_free(pool->cache);
	free(pool);
}

static struct soapvalues *take_idle(struct soapvalues_pool *pool)
{
	struct soapvalues *v = pool->idle;

	if (v) {
		pool->idle = v->next;
		pool->idle_count--;
		return v;
	}
	v = budget_room(pool->budget, sizeof *v);
	if (v) {
		v->pool = pool;
		v->sha256 = NULL;
		v->items = (struct soapitems){ .budget = pool->budget, .cache = pool->cache };
	}
	return v;
}

/* What a method, an element or a text begins with is set there. */
struct soapvalues *soapvalues_get(struct soapvalues_pool *pool, struct arena *arena)
{
	struct soapvalues *v = take_idle(pool);

	if (!v)
		return NULL;
	v->arena = arena;
	v->call = arena_alloc(arena, sizeof *v->call);
	v->values = NULL;
	v->dropped = false;
	v->depth = 0;
	v->below = 0;
	v->reads = NO_TEXT;
	soapitems_begin(&v->items, arena);
	if (v->call)
		return v;
	soapvalues_put(v);
	return NULL;
}

void soapvalues_put(struct soapvalues *v)
{
	if (!v)
		return;
	if (v->pool->idle_count == IDLE_MAX) {
		discard(v);
		return;
	}
	v->next = v->pool->idle;
	v->pool->idle = v;
	v->pool->idle_count++;
}

/* ---- values ---- */

/* The value of that row, made when there is none; NULL: no room. */
static struct wsus_value *value_of(struct soapvalues *v, unsigned at)
{
	if (!v->place[at]) {
		if (!v->values)
			return NULL;
		v->values[v->call->value_count] = (struct wsus_value){ .field = v->tree->rows[at].which };
		v->place[at] = (uint8_t)++v->call->value_count;
	}
	return &v->values[v->place[at] - 1];
}

/* Room for the values of both sides: `had` of the other, and as many as this one has rows. */
static struct wsus_value *make_room(struct soapvalues *v, size_t had)
{
	struct wsus_value *values = arena_room(v->arena, sizeof *values * (had + v->tree->count + 1));

	if (!values || had + v->tree->count > UINT8_MAX)
		return NULL;
	if (had)
		memcpy(values, v->call->values, sizeof *values * had);
	return values;
}

void soapvalues_begin(struct soapvalues *v, enum side from, enum wsus_method method)
{
	v->depth = 0;
	v->below = 0;
	v->reads = NO_TEXT;
	v->name[0] = '\0';
	memset(v->place, 0, sizeof v->place);
	v->tree = soappaths_tree(v->pool->paths, from, method);
	v->values = make_room(v, v->call->value_count);
	if (!v->values) {
		v->dropped = true;
		return;
	}
	v->call->values = v->values;
	for (uint64_t left = v->tree->zeros; left; left &= left - 1)
		value_of(v, (unsigned)__builtin_ctzll(left));
	v->levels[v->depth++] = &v->tree->root;
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
	const struct soaprow *row = &v->tree->rows[at];
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

/* Kept, as libcrypto looks an algorithm up by its name each time that it is not. */
static bool sha256_begin(struct soapvalues *v)
{
	if (v->sha256)
		return EVP_DigestInit_ex(v->sha256, NULL, NULL);
	v->sha256 = EVP_MD_CTX_new();
	return v->sha256 && EVP_DigestInit_ex(v->sha256, EVP_sha256(), NULL);
}

/* Base64 is hashed in blocks of whole groups, so that no more of a secret is held than its last.  One that is
 * longer than a block is hashed as what was told of those before, then the block. */
static void hash_letters(struct soapvalues *v)
{
	size_t len = base64_decode(span_of(v->text, v->len), v->text, v->len);

	if (!sha256_begin(v) ||
	    !EVP_DigestUpdate(v->sha256, v->digest, v->secret_len ? sizeof v->digest : 0) ||
	    !EVP_DigestUpdate(v->sha256, v->text, len) || !EVP_DigestFinal_ex(v->sha256, v->digest, NULL))
		v->dropped = true;
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
	if (span_eq(text, span_text(soaprow_after(&v->tree->rows[at], '='))))
		value_of(v, at)->number++;
}

/* Attributes come in pairs; some values stand there. */
static void take_attribute(struct soapvalues *v, unsigned at, const char *const *attributes)
{
	const char *name = soaprow_after(&v->tree->rows[at], '@');

	for (; attributes && attributes[0]; attributes += 2)
		if (!strcmp(attributes[0], name))
			take_value(v, at, span_trim(span_text(attributes[1])));
}

/* What stands at the element that has been opened: its end matters. */
static void arrive(struct soapvalues *v, unsigned at)
{
	const struct soaprow *row = &v->tree->rows[at];

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

/* The element of that name below what is open; NULL: it leads nowhere.  Who is below such a one is none. */
static const struct soappath *step_down(const struct soapvalues *v, const char *name)
{
	if (!v->depth || v->below || v->depth == DEPTH_MAX)
		return NULL;
	return soappath_below(v->levels[v->depth - 1], name);
}

static void count(struct soapvalues *v, const struct soappath *path, uint64_t times)
{
	for (uint64_t left = path->counts; left; left &= left - 1)
		value_of(v, (unsigned)__builtin_ctzll(left))->number += (int64_t)times;
}

void soapvalues_more(struct soapvalues *v, const char *name, uint64_t times)
{
	const struct soappath *path = step_down(v, name);

	if (path)
		count(v, path, times);
}

void soapvalues_open(struct soapvalues *v, const char *name, const char *const *attributes)
{
	const struct soappath *path = step_down(v, name);

	if (!v->below) {
		v->reads = NO_TEXT;
		v->len = 0;
		v->secret_len = 0;
	}
	if (!path) {
		v->below++;
		return;
	}
	for (uint64_t left = path->attributes; left; left &= left - 1)
		take_attribute(v, (unsigned)__builtin_ctzll(left), attributes);
	count(v, path, 1);
	for (uint64_t left = path->texts; left; left &= left - 1)
		arrive(v, (unsigned)__builtin_ctzll(left));
	if (path->child || path->texts)
		v->levels[v->depth++] = path;
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
	const struct soappath *path = soappath_below(v->levels[v->depth - 2], v->name);

	for (uint64_t left = path ? path->texts : 0; left; left &= left - 1)
		if (v->tree->rows[__builtin_ctzll(left)].kind == FIELD_ROW)
			take_value(v, (unsigned)__builtin_ctzll(left), text);
}

static void end_part(struct soapvalues *v, enum soappart part, struct span text)
{
	if (part == PART_PROPERTY_NAME) {
		if (text.len >= sizeof v->name)
			text.len = 0;
		if (text.len)
			memcpy(v->name, text.at, text.len);
		v->name[text.len] = '\0';
	} else if (part == PART_PROPERTY_VALUE) {
		take_property(v, text);
	} else {
		soapitems_close(&v->items, part, text);
	}
}

static void end_row(struct soapvalues *v, unsigned at, struct span text)
{
	const struct soaprow *row = &v->tree->rows[at];

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
	for (uint64_t left = v->levels[--v->depth]->texts; left; left &= left - 1)
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
