/* decoders/fragplaces.c - tables of places and attributes; what is not in them is depth. */
#include "decoders/fragplaces.h"

#include "base/base64.h"
#include "base/utf8.h"

/* The places that tell something.  Both kinds of properties tell alike; what the server to server form wraps
 * around them is TOP as well. */
enum place {
	TOP, IDENTITY, PROPERTIES, KB, BULLETIN, FILES, FILE_OF, LOCALIZED, LANGUAGE, TITLE, HANDLER, COMMAND,
};

enum told {
	UPDATE_ID, REVISION, TYPE, SEVERITY, HANDLER_NAME, DIGEST, ALGORITHM, FILE_NAME, SIZE, ARGUMENTS,
};

enum { ATTRIBUTES_MAX = 4 };

struct word {
	struct span name;
	unsigned is;                    /* enum place of an element, enum told of an attribute */
};

static const struct word top_elements[] = {
	{ SPAN_LIT("UpdateIdentity"), IDENTITY },
	{ SPAN_LIT("Properties"), PROPERTIES },
	{ SPAN_LIT("ExtendedProperties"), PROPERTIES },
	{ SPAN_LIT("Files"), FILES },
	{ SPAN_LIT("LocalizedProperties"), LOCALIZED },
	{ SPAN_LIT("HandlerSpecificData"), HANDLER },
	{ SPAN_LIT("Update"), TOP },
	{ SPAN_LIT("LocalizedPropertiesCollection"), TOP },
};

static const struct word property_elements[] = {
	{ SPAN_LIT("KBArticleID"), KB },
	{ SPAN_LIT("SecurityBulletinID"), BULLETIN },
};

static const struct word localized_elements[] = {
	{ SPAN_LIT("Language"), LANGUAGE },
	{ SPAN_LIT("Title"), TITLE },
};

static const struct word files_elements[] = { { SPAN_LIT("File"), FILE_OF } };
static const struct word handler_elements[] = { { SPAN_LIT("InstallCommand"), COMMAND } };

static const struct word identity_attributes[] = {
	{ SPAN_LIT("UpdateID"), UPDATE_ID },
	{ SPAN_LIT("RevisionNumber"), REVISION },
};

static const struct word property_attributes[] = {
	{ SPAN_LIT("UpdateType"), TYPE },
	{ SPAN_LIT("MsrcSeverity"), SEVERITY },
	{ SPAN_LIT("Handler"), HANDLER_NAME },
};

/* The algorithm may stand before the digest, so attributes are read in the order of these tables. */
static const struct word file_attributes[] = {
	{ SPAN_LIT("Digest"), DIGEST },
	{ SPAN_LIT("DigestAlgorithm"), ALGORITHM },
	{ SPAN_LIT("FileName"), FILE_NAME },
	{ SPAN_LIT("Size"), SIZE },
};

static const struct word handler_attributes[] = { { SPAN_LIT("type"), HANDLER_NAME } };
static const struct word command_attributes[] = { { SPAN_LIT("Arguments"), ARGUMENTS } };

struct words {
	const struct word *at;
	unsigned count;
};

#define WORDS(table) { table, sizeof(table) / sizeof(*table) }
#define NO_WORDS     { NULL, 0 }

static const struct {
	struct words elements, attributes;
} places[] = {
	[TOP] = { WORDS(top_elements), NO_WORDS },
	[IDENTITY] = { NO_WORDS, WORDS(identity_attributes) },
	[PROPERTIES] = { WORDS(property_elements), WORDS(property_attributes) },
	[FILES] = { WORDS(files_elements), NO_WORDS },
	[FILE_OF] = { NO_WORDS, WORDS(file_attributes) },
	[LOCALIZED] = { WORDS(localized_elements), NO_WORDS },
	[HANDLER] = { WORDS(handler_elements), WORDS(handler_attributes) },
	[COMMAND] = { NO_WORDS, WORDS(command_attributes) },
};

void fragplaces_begin(struct fragplaces *p, struct wsus_update *update, struct fragment_files files,
                      struct arena *arena)
{
	p->update = update;
	p->files = files;
	p->arena = arena;
	p->dropped = p->english = p->identity = p->properties = p->over = false;
	p->depth = p->below = 0;
	p->text_len = 0;
}

static enum place place(const struct fragplaces *p)
{
	return p->depth ? (enum place)p->path[p->depth - 1] : TOP;
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
	if (!(span_starts(name, SPAN("#x")) && span_hex(span_skip(name, 2), &code)) &&
	    !(span_starts(name, SPAN("#")) && span_decimal(span_skip(name, 1), &code)))
		return 0;
	return utf8_put(code > UINT32_MAX ? UINT32_MAX : (uint32_t)code, to);
}

/* The text that is meant: lent until the next.  What is too long is cut. */
static struct span meant(struct fragplaces *p, struct span raw)
{
	size_t len = 0;

	if (span_byte(raw, '&') == SIZE_MAX) {
		if (raw.len > ITEM_TEXT_MAX)
			raw.len = ITEM_TEXT_MAX;
		return utf8_whole(raw);
	}
	while (raw.len && len + 4 <= sizeof p->plain) {
		size_t end = raw.at[0] == '&' ? span_byte(raw, ';') : SIZE_MAX;
		size_t wide = end < 12 ? reference(span_of(raw.at + 1, end - 1), p->plain + len) : 0;

		if (!wide)
			p->plain[len++] = raw.at[0];
		len += wide;
		raw = span_skip(raw, wide ? end + 1 : 1);
	}
	return utf8_whole(span_of(p->plain, len));
}

/* What was told first stays. */
static void keep(struct fragplaces *p, struct span *to, struct span raw)
{
	struct span text = span_trim(meant(p, raw));

	if (to->len || !text.len)
		return;
	*to = arena_copy(p->arena, text);
	p->dropped |= !to->at;
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

static void read_attribute(struct fragplaces *p, enum told what, struct span value, struct wsus_file *file)
{
	struct wsus_update *u = p->update;

	switch (what) {
	case UPDATE_ID:
	case REVISION:
		read_identity(u, what, value);
		break;
	case TYPE:
		keep(p, &u->type, value);
		break;
	case SEVERITY:
		keep(p, &u->severity, value);
		break;
	case HANDLER_NAME:
		keep(p, &u->handler, last_word(value));
		break;
	case DIGEST:
		read_digest(file, value);
		break;
	case ALGORITHM:
		file->has_sha1 &= span_ieq(value, SPAN("SHA1"));
		break;
	case FILE_NAME:
		keep(p, &file->name, value);
		break;
	case SIZE:
		read_number(value, INT64_MAX, &file->size);
		break;
	case ARGUMENTS:
		keep(p, &u->arguments, value);
		break;
	}
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The name at `at`, up to its end or to `mark`, without its prefix. */
static const uint8_t *take_name(const uint8_t *at, const uint8_t *end, uint8_t mark, struct span *name)
{
	const uint8_t *begin = at;

	for (; at < end && *at != mark && ' ' < *at; at++)
		if (*at == ':')
			begin = at + 1;
	*name = span_of(begin, (size_t)(at - begin));
	return at;
}

static const uint8_t *skip_blanks(const uint8_t *at, const uint8_t *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* Takes `name="value"` off the front; false: there is none.  A value that is cut ends with the tag. */
static bool next_attribute(struct span *tag, struct span *name, struct span *value)
{
	const uint8_t *end = tag->at + tag->len, *at = take_name(skip_blanks(tag->at, end), end, '=', name);
	const uint8_t *close;

	at = skip_blanks(at, end);
	if (at == end || *at != '=')
		return false;
	at = skip_blanks(at + 1, end);
	if (at == end || (*at != '"' && *at != '\''))
		return false;
	close = memchr(at + 1, *at, (size_t)(end - at - 1));
	if (!close)
		close = end;
	*value = span_of(at + 1, (size_t)(close - at - 1));
	*tag = span_of(close, (size_t)(end - close));
	span_take(tag, 1);
	return true;
}

/* `tag` is what follows the name. */
static void read_attributes(struct fragplaces *p, enum place of, struct span tag)
{
	const struct words *words = &places[of].attributes;
	struct span told[ATTRIBUTES_MAX] = { 0 }, name, value;
	struct wsus_file file = { .size = -1 };

	if (!words->count)
		return;
	while (next_attribute(&tag, &name, &value))
		for (unsigned i = 0; i < words->count; i++)
			if (span_eq(words->at[i].name, name))
				told[i] = value;
	for (unsigned i = 0; i < words->count; i++)
		if (told[i].at)
			read_attribute(p, (enum told)words->at[i].is, told[i], &file);
	if (of == FILE_OF)
		p->files.found(p->files.to, &file);
}

static const struct word *element_of(enum place in, struct span name)
{
	const struct words *words = &places[in].elements;

	for (unsigned i = 0; i < words->count; i++)
		if (span_eq(words->at[i].name, name))
			return &words->at[i];
	return NULL;
}

/* A start tag, from its name on.  True: it is a place, and open now. */
static bool enter(struct fragplaces *p, struct span tag)
{
	const struct word *element;
	const uint8_t *after;
	struct span name;

	if (p->depth == FRAGPLACES_DEPTH)
		return false;
	after = take_name(tag.at, tag.at + tag.len, '/', &name);
	element = element_of(place(p), name);
	if (!element)
		return false;
	p->path[p->depth++] = (uint8_t)element->is;
	p->text_len = 0;
	if (element->is == LOCALIZED)
		p->english = false;
	p->identity |= element->is == IDENTITY;
	p->properties |= element->is == PROPERTIES;
	read_attributes(p, (enum place)element->is, span_skip(tag, (size_t)(after - tag.at)));
	return true;
}

void fragplaces_open(struct fragplaces *p, struct span tag)
{
	if (p->below || !enter(p, tag)) {
		/* A core fragment goes on with relations and rules: most of its bytes (MS-WUSP 3.1.1.1). */
		p->over = !p->below && !p->depth && p->identity && p->properties;
		p->below++;
	}
}

static bool has_text(enum place p)
{
	return p == KB || p == BULLETIN || p == LANGUAGE || p == TITLE;
}

static void read_text(struct fragplaces *p)
{
	struct span text = span_of(p->text, p->text_len);
	struct wsus_update *u = p->update;
	enum place at = place(p);

	if (at == KB)
		keep(p, &u->kb, text);
	if (at == BULLETIN)
		keep(p, &u->bulletin, text);
	if (at == LANGUAGE)
		p->english = span_eq(span_trim(text), SPAN("en"));
	if (at == TITLE) {
		if (p->english)
			u->title.len = 0;
		keep(p, &u->title, text);
	}
}

void fragplaces_close(struct fragplaces *p)
{
	if (p->below) {
		p->below--;
	} else if (p->depth) {
		read_text(p);
		p->depth--;
	}
}

void fragplaces_text(struct fragplaces *p, struct span text)
{
	struct span fits;

	if (p->below || !has_text(place(p)))
		return;
	fits = span_take(&text, sizeof p->text - p->text_len);
	if (fits.len)
		memcpy(p->text + p->text_len, fits.at, fits.len);
	p->text_len += fits.len;
}
