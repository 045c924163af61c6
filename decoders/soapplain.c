/* decoders/soapplain.c - tags and text (XML 1.0 sections 2.4, 3.1 and 4.6). */
#include "decoders/soapplain.h"

enum { ATTRIBUTES_MAX = 8, TOGETHER = 4096, REFERENCE_MAX = 6 };

/* What may stand where: first in a name, in a name, in one without a prefix, in text.  CR is normalised, "]"
 * may be a mark's part, other controls are none of XML's: not plain. */
enum { BEGINS = 1, NAMES = 2, LOCAL = 4, SAYS = 8 };

#define LETTER (BEGINS | NAMES | LOCAL | SAYS)
#define NAMED  (NAMES | LOCAL | SAYS)
#define COLON  (NAMES | SAYS)
#define ROW(a, b, c, d, e, f, g, h) a, b, c, d, e, f, g, h

static const uint8_t classes[256] = {
	['\t'] = SAYS, ['\n'] = SAYS,
	[' '] = ROW(SAYS, SAYS, SAYS, SAYS, SAYS, SAYS, 0, SAYS),       /* not & */
	['('] = ROW(SAYS, SAYS, SAYS, SAYS, SAYS, NAMED, NAMED, SAYS),  /* '-' and '.' */
	['0'] = ROW(NAMED, NAMED, NAMED, NAMED, NAMED, NAMED, NAMED, NAMED),
	['8'] = ROW(NAMED, NAMED, COLON, SAYS, 0, SAYS, SAYS, SAYS),    /* not < */
	['@'] = ROW(SAYS, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['H'] = ROW(LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['P'] = ROW(LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['X'] = ROW(LETTER, LETTER, LETTER, SAYS, SAYS, 0, SAYS, LETTER),       /* not ] */
	['`'] = ROW(SAYS, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['h'] = ROW(LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['p'] = ROW(LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['x'] = ROW(LETTER, LETTER, LETTER, SAYS, SAYS, SAYS, SAYS, SAYS),
};

static const uint8_t *run(const uint8_t *at, const uint8_t *end, uint8_t class)
{
	while (at < end && classes[*at] & class)
		at++;
	return at;
}

static bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\n' || byte == '\t';
}

static const uint8_t *spaces(const uint8_t *at, const uint8_t *end)
{
	while (at < end && is_space(*at))
		at++;
	return at;
}

/* ---- text ---- */

/* The first byte is the lowest. */
static uint64_t eight(const uint8_t *at)
{
	uint64_t bytes;

	memcpy(&bytes, at, sizeof bytes);
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(bytes) : bytes;
}

/* The same of what there is, then zeros. */
static uint64_t up_to_eight(const uint8_t *at, const uint8_t *end)
{
	uint8_t bytes[8] = { 0 };

	if (end - at >= 8)
		return eight(at);
	memcpy(bytes, at, (size_t)(end - at));
	return eight(bytes);
}

/* At a "&": how long the reference is, and what it stands for.  0: it is none of the five. */
static size_t reference_at(const uint8_t *at, const uint8_t *end, uint8_t *is)
{
	static const struct {
		uint8_t text[8];
		size_t len;
		uint8_t is;
	} references[] = {
		{ "&lt;", 4, '<' }, { "&gt;", 4, '>' }, { "&quot;", 6, '"' }, { "&amp;", 5, '&' },
		{ "&apos;", 6, '\'' },
	};
	uint64_t bytes = up_to_eight(at, end);

	for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
		if ((bytes ^ eight(references[i].text)) << (64 - 8 * references[i].len))
			continue;
		*is = references[i].is;
		return references[i].len;
	}
	return 0;
}

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef uint64_t words2 __attribute__((vector_size(16)));

/* The place of the first byte that is not zero. */
static unsigned first_of(uint64_t bytes)
{
	bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	return (unsigned)(big ? __builtin_clzll(bytes) : __builtin_ctzll(bytes)) / 8;
}

/* Of sixteen bytes, those before the first that may not say what it is: below a space, not ASCII, "<", "&" or
 * "]".  All at once: a branch for each byte would be guessed wrong at the end of every text. */
static unsigned says_first(const uint8_t *at)
{
	bytes16 bytes;
	words2 stops;

	memcpy(&bytes, at, sizeof bytes);
	stops = (words2)((bytes < ' ') | (bytes == '<') | (bytes == '&') | (bytes == ']'));
	if (stops[0])
		return first_of(stops[0]);
	return stops[1] ? 8 + first_of(stops[1]) : sizeof bytes;
}

/* As run(), for text. */
static const uint8_t *says_run(const uint8_t *at, const uint8_t *end)
{
	while (end - at >= (ptrdiff_t)sizeof(bytes16)) {
		unsigned len = says_first(at);

		at += len;
		if (len == sizeof(bytes16))
			continue;
		if (!(classes[*at] & SAYS))
			return at;
		at++;
	}
	return run(at, end, SAYS);
}

/* The same, and `to` gets what it says: it has room for all up to `end`, which may lie before `at`. */
static const uint8_t *copy_run(const uint8_t *at, const uint8_t *end, uint8_t *to)
{
	while (end - at >= (ptrdiff_t)sizeof(bytes16)) {
		unsigned len = says_first(at);

		memcpy(to, at, sizeof(bytes16));        /* what is not said is written over */
		at += len;
		to += len;
		if (len == sizeof(bytes16))
			continue;
		if (!(classes[*at] & SAYS))
			return at;
		*to++ = *at++;
	}
	while (at < end && classes[*at] & SAYS)
		*to++ = *at++;
	return at;
}

/* The end of text that says what it is, references and all.  What it says: as it stands, or together where
 * there are references, and then no more than fits: escaped XML is dense with them. */
static const uint8_t *text_run(const uint8_t *at, const uint8_t *end, uint8_t together[static TOGETHER],
                               struct span *told)
{
	const uint8_t *after = says_run(at, end), *limit = end - at > TOGETHER ? at + TOGETHER : end;
	uint8_t *to = together;
	size_t wide;

	*told = span_of(at, (size_t)(after - at));
	if (after >= limit || *after != '&')
		return after;
	memcpy(to, at, told->len);
	to += told->len;
	/* A reference is longer than what it stands for, so all up to `limit` fits. */
	while (after < limit && *after == '&' && (wide = reference_at(after, end, to))) {
		to++;
		at = after + wide;
		after = copy_run(at, limit, to);
		to += after - at;
	}
	*told = span_of(together, (size_t)(to - together));
	return after;
}

/* Each of these returns the end of what it told; NULL: it needs more, or, with *other, it is not plain. */
static const uint8_t *not_plain(bool *other)
{
	*other = true;
	return NULL;
}

static const uint8_t *read_text(const struct soapplain *p, struct soap_walk *walk, const uint8_t *at,
                                const uint8_t *end, bool *other)
{
	uint8_t together[TOGETHER];
	const uint8_t *after;
	struct span told;

	if (!p->depth) {
		after = spaces(at, end);
		return after == at ? not_plain(other) : after;
	}
	after = text_run(at, end, together, &told);
	if (told.len)
		soapwalk_text(walk, told);
	if (after > at)
		return after;
	return *at == '&' && end - at < REFERENCE_MAX ? NULL : not_plain(other);
}

/* ---- tags ---- */

/* A start tag that is taken apart: names and values in scratch, each with its NUL. */
struct tag {
	const uint8_t *at, *end;        /* all of it */
	size_t name_len, used;          /* of the name; of scratch */
	const char *attributes[2 * ATTRIBUTES_MAX + 1];
	unsigned count;                 /* of the attributes */
	bool closed;                    /* an empty-element tag */
};

static const char *put(struct soapplain *p, struct tag *t, const uint8_t *at, const uint8_t *end)
{
	size_t len = (size_t)(end - at);
	char *to = p->scratch + t->used;

	if (len >= sizeof p->scratch - t->used)
		return NULL;
	memcpy(to, at, len);
	to[len] = '\0';
	t->used += len + 1;
	return to;
}

/* XML 1.0 section 3.1: no name twice. */
static bool is_new(const struct tag *t, const char *name)
{
	for (unsigned i = 0; i < t->count; i++)
		if (!strcmp(t->attributes[2 * i], name))
			return false;
	return true;
}

/* Values are normalised (XML 1.0 section 3.3.3), but for those without white space but spaces. */
static const uint8_t *value_run(const uint8_t *at, const uint8_t *end, uint8_t quote)
{
	while (at < end && *at != quote && classes[*at] & SAYS && *at >= ' ')
		at++;
	return at;
}

static const uint8_t *read_attribute(struct soapplain *p, struct tag *t, const uint8_t *at,
                                     const uint8_t *end, bool *other)
{
	const uint8_t *equal = run(at, end, NAMES), *value = equal + 2, *close;
	const char *name, *text;

	if (end - equal < 2)
		return equal < end && *equal != '=' ? not_plain(other) : NULL;
	if (!(classes[*at] & BEGINS) || equal[0] != '=' || (equal[1] != '"' && equal[1] != '\''))
		return not_plain(other);
	close = value_run(value, end, equal[1]);
	if (close == end)
		return NULL;
	if (*close != equal[1] || t->count == ATTRIBUTES_MAX)
		return not_plain(other);
	name = put(p, t, at, equal);
	text = put(p, t, value, close);
	if (!name || !text || !is_new(t, name))
		return not_plain(other);
	t->attributes[2 * t->count] = name;
	t->attributes[2 * t->count++ + 1] = text;
	return close + 1;
}

/* `at` is behind the name.  False as of those above. */
static bool read_attributes(struct soapplain *p, struct tag *t, const uint8_t *at, const uint8_t *end,
                            bool *other)
{
	for (;;) {
		const uint8_t *next = spaces(at, end);

		if (next == end || (*next == '/' && end - next < 2))
			return false;
		t->closed = *next == '/';
		if (next[t->closed] == '>') {
			t->end = next + t->closed + 1;
			return true;
		}
		if (t->closed || next == at) {
			*other = true;
			return false;
		}
		at = read_attribute(p, t, next, end, other);
		if (!at)
			return false;
	}
}

/* Kept for whoever takes over.  False: no room. */
static bool push(struct soapplain *p, const struct tag *t)
{
	size_t used = p->depth ? p->tag_end[p->depth - 1] : 0, len = (size_t)(t->end - t->at);

	if (p->depth == SOAP_DEPTH_MAX || len > sizeof p->tags - used)
		return false;
	memcpy(p->tags + used, t->at, len);
	p->tag_end[p->depth] = (uint16_t)(used + len);
	p->name_len[p->depth++] = (uint16_t)t->name_len;
	return true;
}

static const uint8_t *read_open(struct soapplain *p, struct soap_walk *walk, const uint8_t *at,
                                const uint8_t *end, bool *other)
{
	const uint8_t *after = run(at + 1, end, NAMES);
	struct tag t = { .at = at, .name_len = (size_t)(after - at - 1) };

	if (soapplain_is_over(p) || !put(p, &t, at + 1, after))
		return not_plain(other);
	if (!read_attributes(p, &t, after, end, other))
		return NULL;
	if (!t.closed && !push(p, &t))
		return not_plain(other);
	p->root = true;
	soapwalk_open(walk, p->scratch, t.attributes);
	if (t.closed && !walk->stop)
		soapwalk_close(walk);
	return t.end;
}

static const uint8_t *read_close(struct soapplain *p, struct soap_walk *walk, const uint8_t *at,
                                 const uint8_t *end, bool *other)
{
	size_t begin = p->depth > 1 ? p->tag_end[p->depth - 2] : 0, left = (size_t)(end - at) - 2;
	size_t len = p->depth ? p->name_len[p->depth - 1] : 0;

	if (!p->depth || memcmp(at + 2, p->tags + begin + 1, left < len ? left : len) != 0)
		return not_plain(other);
	at = left < len ? end : spaces(at + 2 + len, end);
	if (at == end)
		return NULL;
	if (*at != '>')
		return not_plain(other);
	p->depth--;
	soapwalk_close(walk);
	return at + 1;
}

/* The end of the name that begins at `name`, kept in p->leaf; NULL: it is none of a leaf. */
static const uint8_t *leaf_name(struct soapplain *p, const uint8_t *name, const uint8_t *end)
{
	const uint8_t *after;
	size_t len;

	if ((size_t)(end - name) > p->leaf_len && name[p->leaf_len] == '>' && p->leaf_len &&
	    !memcmp(name, p->leaf, p->leaf_len))
		return name + p->leaf_len;
	after = run(name, end, LOCAL);
	len = (size_t)(after - name);
	if (after == end || *after != '>' || len >= sizeof p->leaf)
		return NULL;
	memcpy(p->leaf, name, len);
	p->leaf[len] = '\0';
	p->leaf_len = len;
	return after;
}

/* The bytes at `at` are those of a tag that is "<" or "</", the name and ">": by a number, as it is short. */
static bool is_tag(const uint8_t *at, const uint8_t *end, uint64_t tag, size_t len)
{
	return end - at >= 8 && !((eight(at) ^ tag) << (64 - 8 * len));
}

/* Ids come by the hundred.  Of a leaf whose text nobody reads, at the end tag `close`: its siblings of that
 * name are counted together.  Returns the end of the last. */
static const uint8_t *read_same(const struct soapplain *p, struct soapvalues *values, const uint8_t *close,
                                const uint8_t *end)
{
	size_t open_len = p->leaf_len + 2, close_len = p->leaf_len + 3;
	uint64_t open_tag, close_tag, more = 0;
	const uint8_t *at = close + close_len;

	if (close_len > 8 || (size_t)(end - close) < close_len + 8)
		return at;
	close_tag = eight(close);
	open_tag = (close_tag >> 8 & ~UINT64_C(0xff)) | '<';
	while (is_tag(at, end, open_tag, open_len)) {
		close = says_run(at + open_len, end);
		if (!is_tag(close, end, close_tag, close_len))
			break;
		at = close + close_len;
		more++;
	}
	if (more)
		soapvalues_more(values, p->leaf, more);
	return at;
}

/* "<int>12345</int>", the commonest of all: it is never open.  NULL: it is something else. */
static const uint8_t *read_leaf(struct soapplain *p, struct soap_walk *walk, const uint8_t *at,
                                const uint8_t *end)
{
	static const char *const none[] = { NULL };
	const uint8_t *name = at + 1, *text = leaf_name(p, name, end), *close;
	struct soapvalues *values = soapwalk_values(walk);
	uint8_t together[TOGETHER];
	size_t len = p->leaf_len;
	struct span told;
	bool same;

	if (!text)
		return NULL;
	close = text_run(text + 1, end, together, &told);
	if ((size_t)(end - close) < len + 3 || close[0] != '<' || close[1] != '/' || close[2 + len] != '>' ||
	    memcmp(close + 2, name, len) != 0)
		return NULL;
	if (!values)
		return close + len + 3;
	soapvalues_open(values, p->leaf, none);
	same = soapvalues_passes(values);
	if (!same && told.len)
		soapvalues_text(values, told);
	soapvalues_close(values);
	return same ? read_same(p, values, close, end) : close + len + 3;
}

/* Those that there are; whoever declares anything else is read by the parser. */
static const uint8_t *read_declaration(const struct soapplain *p, const uint8_t *at, const uint8_t *end,
                                       bool *other)
{
	static const struct span known[] = {
		SPAN_LIT("<?xml version=\"1.0\" encoding=\"utf-8\"?>"),
		SPAN_LIT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
		SPAN_LIT("<?xml version=\"1.0\"?>"),
	};
	struct span left = span_of(at, (size_t)(end - at));

	for (size_t i = 0; !p->begun && i < sizeof known / sizeof *known; i++) {
		if (span_starts(left, known[i]))
			return at + known[i].len;
		if (span_starts(known[i], left))
			return NULL;
	}
	return not_plain(other);
}

static const uint8_t *read_tag(struct soapplain *p, struct soap_walk *walk, const uint8_t *at,
                               const uint8_t *end, bool *other)
{
	const uint8_t *after;

	if (end - at < 2)
		return NULL;
	if (at[1] == '/')
		return read_close(p, walk, at, end, other);
	if (at[1] == '?')
		return read_declaration(p, at, end, other);
	if (!(classes[at[1]] & BEGINS))
		return not_plain(other);
	after = soapwalk_takes_leaf(walk) ? read_leaf(p, walk, at, end) : NULL;
	return after ? after : read_open(p, walk, at, end, other);
}

size_t soapplain_read(struct soapplain *p, struct soap_walk *walk, struct span in, bool *other)
{
	const uint8_t *at = in.at, *end = at + in.len, *after;

	*other = false;
	while (at < end && !walk->stop) {
		after = *at == '<' ? read_tag(p, walk, at, end, other) : read_text(p, walk, at, end, other);
		if (!after)
			break;
		at = after;
		p->begun = true;
	}
	return (size_t)(at - in.at);
}

struct span soapplain_replay(const struct soapplain *p)
{
	if (p->depth)
		return span_of(p->tags, p->tag_end[p->depth - 1]);
	if (p->root)
		return SPAN("<a/>");
	return p->begun ? SPAN("\n") : SPAN("");        /* nothing may stand before a declaration */
}
