/* decoders/fragment.c - tags are gathered in one buffer, found by their marks, and mostly skipped. */
#include "decoders/fragment.h"

#include "base/base64.h"
#include "base/utf8.h"

enum { HELD = 4096, DEPTH_MAX = 8 };

/* The places that tell something.  Both kinds of properties tell alike; what the server to server form wraps
 * around them is TOP as well. */
enum place {
	TOP, IDENTITY, PROPERTIES, KB, BULLETIN, FILES, FILE_OF, LOCALIZED, LANGUAGE, TITLE, HANDLER, COMMAND,
};

static const struct {
	enum place in, is;
	struct span name;
} places[] = {
	{ TOP, IDENTITY, SPAN_LIT("UpdateIdentity") },
	{ TOP, PROPERTIES, SPAN_LIT("Properties") },
	{ TOP, PROPERTIES, SPAN_LIT("ExtendedProperties") },
	{ TOP, FILES, SPAN_LIT("Files") },
	{ TOP, LOCALIZED, SPAN_LIT("LocalizedProperties") },
	{ TOP, HANDLER, SPAN_LIT("HandlerSpecificData") },
	{ TOP, TOP, SPAN_LIT("Update") },
	{ TOP, TOP, SPAN_LIT("LocalizedPropertiesCollection") },
	{ PROPERTIES, KB, SPAN_LIT("KBArticleID") },
	{ PROPERTIES, BULLETIN, SPAN_LIT("SecurityBulletinID") },
	{ FILES, FILE_OF, SPAN_LIT("File") },
	{ LOCALIZED, LANGUAGE, SPAN_LIT("Language") },
	{ LOCALIZED, TITLE, SPAN_LIT("Title") },
	{ HANDLER, COMMAND, SPAN_LIT("InstallCommand") },
};

enum told {
	UPDATE_ID, REVISION, TYPE, SEVERITY, HANDLER_NAME, DIGEST, ALGORITHM, FILE_NAME, SIZE, ARGUMENTS,
};

static const struct {
	enum place of;
	enum told is;
	struct span name;
} attributes[] = {
	{ IDENTITY, UPDATE_ID, SPAN_LIT("UpdateID") },
	{ IDENTITY, REVISION, SPAN_LIT("RevisionNumber") },
	{ PROPERTIES, TYPE, SPAN_LIT("UpdateType") },
	{ PROPERTIES, SEVERITY, SPAN_LIT("MsrcSeverity") },
	{ PROPERTIES, HANDLER_NAME, SPAN_LIT("Handler") },
	{ HANDLER, HANDLER_NAME, SPAN_LIT("type") },
	{ FILE_OF, DIGEST, SPAN_LIT("Digest") },
	{ FILE_OF, ALGORITHM, SPAN_LIT("DigestAlgorithm") },
	{ FILE_OF, FILE_NAME, SPAN_LIT("FileName") },
	{ FILE_OF, SIZE, SPAN_LIT("Size") },
	{ COMMAND, ARGUMENTS, SPAN_LIT("Arguments") },
};

enum state { CONTENT, LONG_TAG, COMMENT, CDATA, INSTRUCTION, REFUSED };

struct fragment {
	struct budget *budget;
	struct arena *arena;
	struct wsus_update *update;
	struct fragment_files files;
	enum state state;
	uint8_t quote;                  /* of a LONG_TAG's value that is open; 0 */
	uint8_t last;                   /* byte of a LONG_TAG that was seen last */
	bool closes;                    /* the LONG_TAG is an end tag */
	bool dropped;
	bool english;                   /* the language of the properties that are open */
	unsigned depth, below;          /* elements that are open: in places[], and below the last of these */
	enum place path[DEPTH_MAX];
	size_t text_len, len;
	uint8_t text[ITEM_TEXT_MAX];    /* of KB, BULLETIN, LANGUAGE, TITLE */
	uint8_t plain[ITEM_TEXT_MAX];   /* of a value with references */
	uint8_t held[HELD];
};

struct fragment *fragment_new(struct budget *budget)
{
	struct fragment *f = budget_alloc(budget, sizeof *f);

	if (f)
		f->budget = budget;
	return f;
}

void fragment_free(struct fragment *f)
{
	if (f)
		budget_free(f->budget, f, sizeof *f);
}

void fragment_begin(struct fragment *f, struct wsus_update *update, struct fragment_files files,
                    struct arena *arena)
{
	f->update = update;
	f->files = files;
	f->arena = arena;
	f->state = CONTENT;
	f->dropped = f->english = false;
	f->depth = f->below = 0;
	f->text_len = f->len = 0;
}

static enum place place(const struct fragment *f)
{
	return f->depth ? f->path[f->depth - 1] : TOP;
}

/* "&amp;", "&#x41;" (XML 1.0 sections 4.1, 4.6): its bytes; 0: no reference that is known. */
static size_t reference(struct span name, uint8_t to[static 4])
{
	static const struct {
		struct span name;
		uint8_t is;
	} known[] = {
		{ SPAN_LIT("lt"), '<' }, { SPAN_LIT("gt"), '>' }, { SPAN_LIT("amp"), '&' },
		{ SPAN_LIT("quot"), '"' }, { SPAN_LIT("apos"), '\'' },
	};
	uint64_t code;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (span_eq(name, known[i].name)) {
			to[0] = known[i].is;
			return 1;
		}
	if (span_starts(name, SPAN("#x")) ? span_hex(span_skip(name, 2), &code)
	                                  : span_starts(name, SPAN("#")) && span_decimal(span_skip(name, 1), &code))
		return utf8_put(code > UINT32_MAX ? UINT32_MAX : (uint32_t)code, to);
	return 0;
}

/* The text that is meant: lent until the next.  What is too long is cut. */
static struct span meant(struct fragment *f, struct span raw)
{
	size_t len = 0;

	if (span_byte(raw, '&') == SIZE_MAX) {
		if (raw.len > ITEM_TEXT_MAX)
			raw.len = ITEM_TEXT_MAX;
		return utf8_whole(raw);
	}
	while (raw.len && len + 4 <= sizeof f->plain) {
		size_t end = raw.at[0] == '&' ? span_byte(raw, ';') : SIZE_MAX;
		size_t wide = end < 12 ? reference(span_of(raw.at + 1, end - 1), f->plain + len) : 0;

		if (!wide)
			f->plain[len++] = raw.at[0];
		len += wide;
		raw = span_skip(raw, wide ? end + 1 : 1);
	}
	return utf8_whole(span_of(f->plain, len));
}

/* What was told first stays. */
static void keep(struct fragment *f, struct span *to, struct span raw)
{
	struct span text = span_trim(meant(f, raw));

	if (to->len || !text.len)
		return;
	*to = arena_copy(f->arena, text);
	f->dropped |= !to->at;
}

/* "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Cbs", "cbs:Cbs" */
static struct span last_word(struct span name)
{
	size_t at = name.len;

	while (at && name.at[at - 1] != '/' && name.at[at - 1] != ':')
		at--;
	return span_skip(name, at);
}

static void read_number(struct span text, uint64_t most, int64_t *to)
{
	uint64_t value;

	if (span_decimal(span_trim(text), &value) && value <= most)
		*to = (int64_t)value;
}

static void read_identity(struct wsus_update *u, enum told what, struct span value)
{
	int64_t number = u->revision;

	if (what == UPDATE_ID && wsus_guid_is_zero(&u->id))
		wsus_guid_parse(value, &u->id);
	if (what == REVISION && !number) {
		read_number(value, UINT32_MAX, &number);
		u->revision = (uint32_t)number;
	}
}

static void read_digest(struct wsus_file *file, struct span value)
{
	uint8_t digest[sizeof file->sha1 + 1];

	if (base64_decode(span_trim(value), digest, sizeof digest) != sizeof file->sha1)
		return;
	memcpy(file->sha1, digest, sizeof file->sha1);
	file->has_sha1 = true;
}

static void read_attribute(struct fragment *f, enum told what, struct span value, struct wsus_file *file)
{
	struct wsus_update *u = f->update;

	switch (what) {
	case UPDATE_ID:
	case REVISION:
		read_identity(u, what, value);
		break;
	case TYPE:
		keep(f, &u->type, value);
		break;
	case SEVERITY:
		keep(f, &u->severity, value);
		break;
	case HANDLER_NAME:
		keep(f, &u->handler, last_word(value));
		break;
	case DIGEST:
		read_digest(file, value);
		break;
	case ALGORITHM:
		file->has_sha1 &= span_ieq(value, SPAN("SHA1"));
		break;
	case FILE_NAME:
		keep(f, &file->name, value);
		break;
	case SIZE:
		read_number(value, INT64_MAX, &file->size);
		break;
	case ARGUMENTS:
		keep(f, &u->arguments, value);
		break;
	}
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span without_prefix(struct span name)
{
	size_t colon = span_byte(name, ':');

	return colon == SIZE_MAX ? name : span_skip(name, colon + 1);
}

/* Takes `name="value"` off the front; false: there is none.  A value that is cut ends with the tag. */
static bool next_attribute(struct span *tag, struct span *name, struct span *value)
{
	struct span quote;

	*name = without_prefix(span_trim(span_split(tag, '=')));
	while (tag->len && is_blank(tag->at[0]))
		span_take(tag, 1);
	quote = span_take(tag, 1);
	if (!quote.len || (quote.at[0] != '"' && quote.at[0] != '\''))
		return false;
	*value = span_split(tag, quote.at[0]);
	return true;
}

/* `tag` is what follows the name.  The digest's algorithm may stand before the digest, so the order is
 * that of attributes[]. */
static void read_attributes(struct fragment *f, enum place of, struct span tag)
{
	struct span told[sizeof attributes / sizeof *attributes] = { { NULL, 0 } };
	struct wsus_file file = { .size = -1 };
	struct span name, value;

	while (next_attribute(&tag, &name, &value))
		for (size_t i = 0; i < sizeof told / sizeof *told; i++)
			if (attributes[i].of == of && span_eq(attributes[i].name, name))
				told[i] = value;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (told[i].at)
			read_attribute(f, attributes[i].is, told[i], &file);
	if (of == FILE_OF)
		f->files.found(f->files.to, &file);
}

/* A start tag, from its name on.  True: it is a place, and open now. */
static bool enter(struct fragment *f, struct span tag)
{
	enum place in = place(f);
	size_t len = 0;
	struct span name;

	while (len < tag.len && !is_blank(tag.at[len]) && tag.at[len] != '/')
		len++;
	name = without_prefix(span_of(tag.at, len));
	for (size_t i = 0; f->depth < DEPTH_MAX && i < sizeof places / sizeof *places; i++) {
		if (places[i].in != in || !span_eq(places[i].name, name))
			continue;
		f->path[f->depth++] = places[i].is;
		f->text_len = 0;
		if (places[i].is == LOCALIZED)
			f->english = false;
		read_attributes(f, places[i].is, span_skip(tag, len));
		return true;
	}
	return false;
}

static bool has_text(enum place p)
{
	return p == KB || p == BULLETIN || p == LANGUAGE || p == TITLE;
}

static void read_text(struct fragment *f)
{
	struct span text = span_of(f->text, f->text_len);
	struct wsus_update *u = f->update;
	enum place at = place(f);

	if (at == KB)
		keep(f, &u->kb, text);
	if (at == BULLETIN)
		keep(f, &u->bulletin, text);
	if (at == LANGUAGE)
		f->english = span_eq(span_trim(text), SPAN("en"));
	if (at == TITLE) {
		if (f->english)
			u->title.len = 0;
		keep(f, &u->title, text);
	}
}

static void leave(struct fragment *f)
{
	if (f->below) {
		f->below--;
	} else if (f->depth) {
		read_text(f);
		f->depth--;
	}
}

static void open_tag(struct fragment *f, struct span tag)
{
	if (f->below || !enter(f, tag))
		f->below++;
}

static void add_text(struct fragment *f, struct span text)
{
	struct span fits;

	if (f->below || !has_text(place(f)))
		return;
	fits = span_take(&text, sizeof f->text - f->text_len);
	if (fits.len)
		memcpy(f->text + f->text_len, fits.at, fits.len);
	f->text_len += fits.len;
}

/* The ">" that ends the tag; NULL: it is not there.  Values may hold a ">" (XML 1.0 section 2.3). */
static const uint8_t *tag_end(const uint8_t *at, const uint8_t *end, uint8_t *quote)
{
	while (at < end) {
		uint8_t c = *quote ? *quote : *at++;

		if (c == '>')
			return at - 1;
		if (c != '"' && c != '\'')
			continue;
		*quote = c;
		at = memchr(at, c, (size_t)(end - at));
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
		{ SPAN_LIT("<!--"), COMMENT }, { SPAN_LIT("<![CDATA["), CDATA }, { SPAN_LIT("<?"), INSTRUCTION },
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
		open_tag(f, span_skip(from, 1));
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
		leave(f);
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
	end = tag_end(at, from.at + from.len, &quote);
	if (!end)
		return from.len < HELD ? 0 : long_tag(f, from, quote);
	if (*at == '/') {
		leave(f);
	} else {
		open_tag(f, span_of(at, (size_t)(end - at)));
		if (end[-1] == '/')
			leave(f);
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
	add_text(f, span_of(from.at, at));
	return at;
}

/* Up to the mark that ends what is no element. */
static size_t rest_of(struct fragment *f, struct span from, struct span mark)
{
	size_t at = span_find(from, mark), most = from.len < mark.len ? 0 : from.len - mark.len + 1;
	size_t len = at < most ? at : most;

	if (f->state == CDATA)
		add_text(f, span_of(from.at, len));
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
	} while (taken && left.len);
	if (left.len && left.at != f->held)
		memmove(f->held, left.at, left.len);
	f->len = left.len;
}

void fragment_text(struct fragment *f, struct span text)
{
	while (text.len && f->state != REFUSED) {
		struct span piece = span_take(&text, sizeof f->held - f->len);

		memcpy(f->held + f->len, piece.at, piece.len);
		f->len += piece.len;
		if (f->len == sizeof f->held)
			scan(f);
	}
}

bool fragment_end(struct fragment *f)
{
	if (f->len)
		scan(f);
	return !f->dropped;
}
