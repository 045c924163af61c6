/* decoders/fragment.c - tags are gathered in one buffer and found by their marks. */
#include "decoders/fragment.h"

#include "decoders/fragcache.h"
#include "decoders/fragplaces.h"

enum { HELD = 4096 };

enum state { CONTENT, LONG_TAG, COMMENT, CDATA, INSTRUCTION, REFUSED };

struct fragment {
	struct budget *budget;
	struct fragcache *cache;
	struct fragplaces places;
	struct wsus_update *update;     /* gets what is told, at the end */
	struct fragment_files files;
	struct fragtold told;
	bool fresh;                     /* nothing of it was read yet */
	size_t front_len;               /* what was held then; 0: nobody need know it */
	uint8_t front[HELD];
	enum state state;
	uint8_t quote;                  /* of a LONG_TAG's value that is open; 0 */
	uint8_t last;                   /* byte of a LONG_TAG that was seen last */
	bool closes;                    /* the LONG_TAG is an end tag */
	size_t len;
	uint8_t held[HELD];
};

struct fragment *fragment_new(struct budget *budget, struct fragcache *cache)
{
	struct fragment *f = budget_room(budget, sizeof *f);   /* fragment_begin sets what is read */

	if (f) {
		f->budget = budget;
		f->cache = cache;
	}
	return f;
}

void fragment_free(struct fragment *f)
{
	if (f)
		budget_free(f->budget, f, sizeof *f);
}

/* Files go on at once; they are noted for who sends the same fragment again. */
static void found_file(void *to, const struct wsus_file *file)
{
	struct fragment *f = to;

	if (f->told.file_count < FRAGCACHE_FILES)
		f->told.files[f->told.file_count] = *file;
	f->told.file_count++;
	f->files.found(f->files.to, file);
}

void fragment_begin(struct fragment *f, struct wsus_update *update, struct fragment_files files,
                    struct arena *arena)
{
	f->update = update;
	f->files = files;
	f->told = (struct fragtold){ 0 };
	f->fresh = true;
	f->front_len = 0;
	fragplaces_begin(&f->places, &f->told.update, (struct fragment_files){ found_file, f }, arena);
	f->state = CONTENT;
	f->len = 0;
}

static const uint8_t *quote_in(const uint8_t *at, const uint8_t *end)
{
	const uint8_t *twice = memchr(at, '"', (size_t)(end - at)), *limit = twice ? twice : end;
	const uint8_t *once = memchr(at, '\'', (size_t)(limit - at));

	return once ? once : limit;
}

/* The ">" that ends the tag; NULL: it is not there.  Values may hold a ">" (XML 1.0 section 2.3); most tags
 * have none, and are not walked through. */
static const uint8_t *tag_end(const uint8_t *at, const uint8_t *end, uint8_t *quote)
{
	const uint8_t *mark = at, *limit;

	while (at < end) {
		if (!*quote) {
			mark = mark && mark <= at ? memchr(at, '>', (size_t)(end - at)) : mark;
			limit = mark ? mark : end;
			at = quote_in(at, limit);
			if (at == limit)
				return mark;
			*quote = *at++;
		}
		at = at < end ? memchr(at, *quote, (size_t)(end - at)) : NULL;
		if (!at)
			return NULL;
		*quote = 0;
		at++;
	}
	return NULL;
}

/* "!--", "![CDATA[", "?": what is no element.  A "<!" of another kind is a document type. */
static size_t special(struct fragment *f, struct span from)
{
	static const struct {
		struct span mark;
		enum state state;
	} marks[] = {
		{ SPAN_LIT("<!--"), COMMENT },
		{ SPAN_LIT("<![CDATA["), CDATA },
		{ SPAN_LIT("<?"), INSTRUCTION },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (span_starts(from, marks[i].mark)) {
			f->state = marks[i].state;
			return marks[i].mark.len;
		}
		if (span_starts(marks[i].mark, from))
			return 0;               /* the rest has not come */
	}
	f->state = REFUSED;
	return from.len;
}

/* A tag of which only the front is held. */
static size_t long_tag(struct fragment *f, struct span from, uint8_t quote)
{
	f->state = LONG_TAG;
	f->quote = quote;
	f->last = from.at[from.len - 1];
	f->closes = from.at[1] == '/';
	if (!f->closes)
		fragplaces_open(&f->places, span_skip(from, 1));
	return from.len;
}

static size_t rest_of_tag(struct fragment *f, struct span from)
{
	const uint8_t *end = tag_end(from.at, from.at + from.len, &f->quote);
	size_t len = end ? (size_t)(end - from.at) : from.len;

	if (len)
		f->last = from.at[len - 1];
	if (!end)
		return len;
	f->state = CONTENT;
	if (f->closes || f->last == '/')
		fragplaces_close(&f->places);
	return len + 1;
}

/* How much of `from`, which begins with "<", was read; 0: the rest of the tag is needed. */
static size_t tag(struct fragment *f, struct span from)
{
	const uint8_t *at = from.at + 1, *end;
	uint8_t quote = 0;

	if (from.len < 2)
		return 0;
	if (*at == '!' || *at == '?')
		return special(f, from);
	end = *at == '/' ? memchr(at, '>', from.len - 1) : tag_end(at, from.at + from.len, &quote);
	if (!end)
		return from.len < HELD ? 0 : long_tag(f, from, quote);
	if (*at == '/') {
		fragplaces_close(&f->places);
	} else {
		fragplaces_open(&f->places, span_of(at, (size_t)(end - at)));
		if (end[-1] == '/')
			fragplaces_close(&f->places);
	}
	return (size_t)(end + 1 - from.at);
}

static size_t content(struct fragment *f, struct span from)
{
	size_t at = span_byte(from, '<');

	if (!at)
		return tag(f, from);
	if (at > from.len)
		at = from.len;
	fragplaces_text(&f->places, span_of(from.at, at));
	return at;
}

/* Up to the mark that ends what is no element. */
static size_t rest_of(struct fragment *f, struct span from, struct span mark)
{
	size_t at = span_find(from, mark), most = from.len < mark.len ? 0 : from.len - mark.len + 1;
	size_t len = at < most ? at : most;

	if (f->state == CDATA)
		fragplaces_text(&f->places, span_of(from.at, len));
	if (at == SIZE_MAX)
		return len;
	f->state = CONTENT;
	return at + mark.len;
}

static size_t step(struct fragment *f, struct span from)
{
	switch (f->state) {
	case CONTENT:
		return content(f, from);
	case LONG_TAG:
		return rest_of_tag(f, from);
	case COMMENT:
		return rest_of(f, from, SPAN("-->"));
	case CDATA:
		return rest_of(f, from, SPAN("]]>"));
	case INSTRUCTION:
		return rest_of(f, from, SPAN("?>"));
	case REFUSED:
		break;
	}
	return from.len;
}

/* Reads what is held, but for a tag whose end is missing: a full buffer always gives way. */
static void scan(struct fragment *f)
{
	struct span left = span_of(f->held, f->len);
	size_t taken;

	do {
		taken = step(f, left);
		left = span_skip(left, taken);
	} while (taken && left.len && !f->places.over);
	if (left.len && left.at != f->held)
		memmove(f->held, left.at, left.len);
	f->len = left.len;
}

static struct span copied(struct fragment *f, struct span text)
{
	struct span copy = text.len ? arena_copy(f->places.arena, text) : text;

	f->places.dropped |= text.len && !copy.at;
	return copy;
}

/* Tells what an equal fragment told. */
static void repeat(struct fragment *f, const struct fragtold *known)
{
	struct wsus_update *u = &f->told.update;

	*u = known->update;
#define X(member) u->member = copied(f, u->member);
	WSUS_UPDATE_TEXTS(X)
#undef X
	for (size_t i = 0; i < known->file_count; i++) {
		struct wsus_file file = known->files[i];

		file.name = copied(f, file.name);
		f->files.found(f->files.to, &file);
	}
	f->places.over = true;
}

/* What is held is the front of a fragment that is known; all of it, when it ends here. */
static bool recall(struct fragment *f, bool ends)
{
	struct span front = span_of(f->held, f->len);
	const struct fragtold *known = f->fresh && f->cache ? fragcache_find(f->cache, front) : NULL;

	if (f->fresh && f->cache && !known) {
		memcpy(f->front, f->held, f->len);
		f->front_len = f->len;
	}
	f->fresh = false;
	if (!known || (!ends && !known->over))
		return false;
	repeat(f, known);
	return true;
}

static void remember(struct fragment *f, bool ends)
{
	f->told.over = f->places.over;
	if (f->front_len && !f->places.dropped && (ends || f->places.over))
		fragcache_keep(f->cache, span_of(f->front, f->front_len), &f->told);
	f->front_len = 0;
}

static void read_held(struct fragment *f, bool ends)
{
	if (recall(f, ends))
		return;
	scan(f);
	remember(f, ends);
}

void fragment_text(struct fragment *f, struct span text)
{
	while (text.len && f->state != REFUSED && !f->places.over) {
		struct span piece = span_take(&text, sizeof f->held - f->len);

		memcpy(f->held + f->len, piece.at, piece.len);
		f->len += piece.len;
		if (f->len == sizeof f->held)
			read_held(f, false);
	}
}

bool fragment_end(struct fragment *f)
{
	if (f->len && !f->places.over)
		read_held(f, true);
	wsus_update_merge(f->update, &f->told.update);
	return !f->places.dropped;
}
