/* decoders/soapleaf.c - where a "<" begins an element, and whether it is a leaf. */
#include "decoders/soapleaf.h"

/* What may stand where: 1 begins a name, 2 goes on in it, 4 is text that says what it is.  Names with ':' are
 * a namespace's; CR is normalised, "]" may be a mark's part, other controls are none of XML's. */
enum { BEGINS = 1, NAMES = 2, SAYS = 4 };

#define LETTER  (BEGINS | NAMES | SAYS)
#define DIGIT   (NAMES | SAYS)
#define ROW(a, b, c, d, e, f, g, h) a, b, c, d, e, f, g, h

static const uint8_t classes[256] = {
	['\t'] = SAYS, ['\n'] = SAYS,
	[' '] = ROW(SAYS, SAYS, SAYS, SAYS, SAYS, SAYS, 0, SAYS),       /* not & */
	['('] = ROW(SAYS, SAYS, SAYS, SAYS, SAYS, DIGIT, DIGIT, SAYS),  /* '-' and '.' name, too */
	['0'] = ROW(DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT),
	['8'] = ROW(DIGIT, DIGIT, SAYS, SAYS, 0, SAYS, SAYS, SAYS),     /* not < */
	['@'] = ROW(SAYS, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['H'] = ROW(LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['P'] = ROW(LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['X'] = ROW(LETTER, LETTER, LETTER, SAYS, SAYS, 0, SAYS, LETTER),       /* not ] */
	['`'] = ROW(SAYS, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['h'] = ROW(LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['p'] = ROW(LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER),
	['x'] = ROW(LETTER, LETTER, LETTER, SAYS, SAYS, SAYS, SAYS, 0),
};

/* "lt;", "gt;", "amp;", "quot;", "apos;" (XML 1.0 section 4.6) behind a "&": how long, and what it stands for.
 * 0: it is none of them. */
static size_t reference_at(const uint8_t *at, const uint8_t *end, uint8_t *is)
{
	static const struct reference {
		struct span text;
		uint8_t is;
	} references[] = {
		{ SPAN_LIT("&lt;"), '<' },    { SPAN_LIT("&gt;"), '>' },    { SPAN_LIT("&quot;"), '"' },
		{ SPAN_LIT("&apos;"), '\'' }, { SPAN_LIT("&amp;"), '&' },
	};
	size_t left = (size_t)(end - at);

	for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
		const struct reference *r = &references[i];

		if (left < r->text.len || at[1] != r->text.at[1] || memcmp(at, r->text.at, r->text.len) != 0)
			continue;
		*is = r->is;
		return r->text.len;
	}
	return 0;
}

size_t soapleaf_text(struct span *text, uint8_t *to, size_t room)
{
	const uint8_t *at = text->at, *end = at + text->len;
	size_t len = 0;

	while (at < end && len < room) {
		size_t wide = *at == '&' ? reference_at(at, end, &to[len]) : 0;

		if (!wide)
			to[len] = *at;
		at += wide ? wide : 1;
		len++;
	}
	*text = span_of(at, (size_t)(end - at));
	return len;
}

static const uint8_t *run(const uint8_t *at, const uint8_t *end, uint8_t class)
{
	while (at < end && classes[*at] & class)
		at++;
	return at;
}

/* The end of text that says what it is, references and all. */
static const uint8_t *text_run(const uint8_t *at, const uint8_t *end, bool *refers)
{
	uint8_t is;
	size_t len;

	*refers = false;
	for (;;) {
		at = run(at, end, SAYS);
		if (at == end || *at != '&')
			return at;
		len = reference_at(at, end, &is);
		if (!len)
			return at;
		*refers = true;
		at += len;
	}
}

/* `at` is a "<" of character data. */
static bool leaf_at(const uint8_t *at, const uint8_t *end, struct soapleaf_found *found)
{
	const uint8_t *name = at + 1, *text, *close;
	size_t len;

	if (name == end || !(classes[*name] & BEGINS))
		return false;
	text = run(name, end, NAMES);
	if (text == end || *text != '>')
		return false;
	len = (size_t)(text - name);
	close = text_run(++text, end, &found->refers);
	if ((size_t)(end - close) < len + 3 || close[0] != '<' || close[1] != '/' ||
	    memcmp(close + 2, name, len) != 0 || close[2 + len] != '>')
		return false;
	found->name = span_of(name, len);
	found->text = span_of(text, (size_t)(close - text));
	found->whole = span_of(at, (size_t)(close - at) + len + 3);
	return true;
}

static void begin_marked(struct soapleaf *l, enum soapleaf_state state)
{
	l->state = state;
	l->recent = 0;
}

static void after_open(struct soapleaf *l, uint8_t byte)
{
	switch (byte) {
	case '!':
		l->state = SOAPLEAF_BANG;
		break;
	case '?':
		begin_marked(l, SOAPLEAF_INSTRUCTION);
		break;
	case '>':
		l->state = SOAPLEAF_TEXT;
		break;
	default:
		l->state = SOAPLEAF_TAG;
		break;
	}
}

/* Returns what stands behind the byte that ended the tag or began a value; `end`: neither came. */
static const uint8_t *in_tag(struct soapleaf *l, const uint8_t *at, const uint8_t *end)
{
	while (at < end && *at != '>' && *at != '"' && *at != '\'')
		at++;
	if (at == end)
		return end;
	l->quote = *at;
	l->state = *at == '>' ? SOAPLEAF_TEXT : SOAPLEAF_QUOTED;
	return at + 1;
}

static const uint8_t *in_quotes(struct soapleaf *l, const uint8_t *at, const uint8_t *end)
{
	const uint8_t *quote = memchr(at, l->quote, (size_t)(end - at));

	if (!quote)
		return end;
	l->state = SOAPLEAF_TAG;
	return quote + 1;
}

/* XML 1.0 sections 2.5 to 2.7: each ends at its mark. */
static void in_marked(struct soapleaf *l, uint8_t byte, uint32_t mark, uint32_t mask)
{
	l->recent = l->recent << 8 | byte;
	if ((l->recent & mask) == mark)
		l->state = SOAPLEAF_TEXT;
}

/* At least one byte further; `at` is not the end.  Text is at its next "<". */
static const uint8_t *step(struct soapleaf *l, const uint8_t *at, const uint8_t *end)
{
	uint8_t byte = *at;

	switch (l->state) {
	case SOAPLEAF_TEXT:
		l->state = SOAPLEAF_OPEN;
		break;
	case SOAPLEAF_OPEN:
		after_open(l, byte);
		break;
	case SOAPLEAF_TAG:
		return in_tag(l, at, end);
	case SOAPLEAF_QUOTED:
		return in_quotes(l, at, end);
	case SOAPLEAF_BANG:
		if (byte == '[')
			begin_marked(l, SOAPLEAF_CDATA);
		else
			l->state = byte == '-' ? SOAPLEAF_DASH : SOAPLEAF_OTHER;
		break;
	case SOAPLEAF_DASH:
		if (byte == '-')
			begin_marked(l, SOAPLEAF_COMMENT);
		else
			l->state = SOAPLEAF_OTHER;
		break;
	case SOAPLEAF_INSTRUCTION:
		in_marked(l, byte, '?' << 8 | '>', 0xffff);
		break;
	case SOAPLEAF_COMMENT:
		in_marked(l, byte, '-' << 16 | '-' << 8 | '>', 0xffffff);
		break;
	case SOAPLEAF_CDATA:
		in_marked(l, byte, ']' << 16 | ']' << 8 | '>', 0xffffff);
		break;
	case SOAPLEAF_OTHER:            /* no content any more: nothing is a leaf */
		return end;
	}
	return at + 1;
}

bool soapleaf_next(struct soapleaf *l, struct span *in, struct soapleaf_found *found)
{
	const uint8_t *start = in->at, *at = start, *end = at + in->len;

	while (at < end) {
		if (l->state == SOAPLEAF_TEXT && *at != '<') {
			at = memchr(at, '<', (size_t)(end - at));
			if (!at)
				return false;
		}
		if (l->state == SOAPLEAF_TEXT && leaf_at(at, end, found)) {
			found->before = span_of(start, (size_t)(at - start));
			*in = span_skip(*in, found->before.len + found->whole.len);
			return true;
		}
		at = step(l, at, end);
	}
	return false;
}
