/* veil/parts.c - parts of a multipart body. */
#include "veil/parts.h"

#include "decoders/coding.h"
#include "veil/freetext.h"
#include "veil/markup.h"
#include "veil/repack.h"
#include "veil/thin.h"

enum { PARTS_MAX = 8, PLAIN_MAX = 4 * 1024 * 1024 };

struct zlib_part {
	uint8_t *lines;                 /* of its header */
	uint8_t *at;
	size_t used;                    /* bytes that are coded */
};

/* RFC 1950 section 2.2. */
static bool is_zlib(struct span part)
{
	return part.len > 2 && (part.at[0] & 0x0f) == 8 && (part.at[0] << 8 | part.at[1]) % 31 == 0;
}

static bool is_wide(struct span part)
{
	return span_starts(part, SPAN("\xff\xfe")) || span_starts(part, SPAN("<\0"));
}

static void put_text(const struct stream_shared *s, uint8_t *text, size_t len)
{
	struct markup m = { .len = 0 };

	if (is_wide(span_of(text, len)))
		markup_wide(s, &m, text, len);
	else
		markup_put(s, &m, text, len);
}

/* Returns how many of the coded bytes were used; what is behind them is the line's end. */
static size_t decode(struct span part, struct buf *plain)
{
	struct span in = part, out;
	bool known, more = true;
	struct coding *c = coding_new(NULL, SPAN("deflate"), &known);
	size_t used = 0;

	while (c && more) {
		switch (coding_next(c, &in, &out)) {
		case CODING_PIECE:
			more = buf_add(plain, out);
			break;
		case CODING_END:
			used = part.len - in.len;
			more = false;
			break;
		case CODING_MORE:
		case CODING_BAD:
		case CODING_BOMB:
			more = false;
			break;
		}
	}
	coding_free(c);
	return used;
}

/* Eight bytes more: the short name of what it is (RFC 6713) in place of "any bytes", in the header lines
 * before it.  Where they say something else there is none. */
static void make_room(struct zlib_part *p)
{
	static const struct span any = SPAN_LIT("application/octet-stream");
	static const struct span ours = SPAN_LIT("application/zlib");
	size_t at = span_ifind(span_of(p->lines, (size_t)(p->at - p->lines)), any), more = any.len - ours.len;
	uint8_t *type;

	if (at == SIZE_MAX)
		return;
	type = p->lines + at;
	memcpy(type, ours.at, ours.len);
	memmove(type + ours.len, type + any.len, (size_t)(p->at + p->used - (type + any.len)));
	p->at -= more;
	p->used += more;
}

static bool code_again(struct stream_shared *s, struct zlib_part *p, struct buf *plain)
{
	struct span deflate = SPAN("deflate");
	bool wide = is_wide(buf_span(plain)), done;
	uint8_t *to = budget_room(s->budget, p->used + 16);
	size_t room = p->used + 16;

	done = to && repack(s->budget, deflate, span_of(p->at, p->used), buf_span(plain), true, to);
	if (to && !done) {
		make_room(p);
		done = thin_repack(s->budget, deflate, span_of(p->at, p->used), plain->at, plain->len, wide,
		                   true, to);
	}
	if (done)
		memcpy(p->at, to, p->used);
	budget_free(s->budget, to, room);
	return done;
}

static void put_zlib(struct stream_shared *s, uint8_t *lines, uint8_t *part, size_t len)
{
	struct zlib_part p = { lines, part, 0 };
	struct buf plain;
	bool done = false;

	buf_init_on(&plain, PLAIN_MAX, s->budget);
	p.used = decode(span_of(part, len), &plain);
	if (p.used) {
		put_text(s, plain.at, plain.len);
		/* While values are learned nobody looks at what comes of it. */
		done = !s->finder || code_again(s, &p, &plain);
	}
	if (!done) {
		memset(p.at, 0, (size_t)(part + len - p.at));
		s->blanked++;
	}
	buf_release(&plain);
}

/* Header lines: lengths and types, and now and then a file's name. */
static size_t put_lines(const struct stream_shared *s, uint8_t *part, size_t len)
{
	struct span rest = span_of(part, len), line;

	span_split(&rest, '\n');        /* the rest of the delimiter's line */
	do {
		line = span_split(&rest, '\n');
	} while (rest.len && span_trim(line).len);
	len -= rest.len;
	freetext_put(s, part, len);
	return len;
}

void parts_put(struct stream_shared *s, struct span delimiter, uint8_t *body, size_t len)
{
	struct span rest = span_of(body, len);

	for (unsigned i = 0; i < PARTS_MAX && rest.len; i++) {
		size_t end = delimiter.len ? span_find(rest, delimiter) : SIZE_MAX, lines;
		struct span part = span_take(&rest, end == SIZE_MAX ? rest.len : end);
		uint8_t *at = body + (part.at - body);

		lines = i ? put_lines(s, at, part.len) : 0;
		part = span_skip(part, lines);
		at += lines;
		if (is_zlib(part))
			put_zlib(s, at - lines, at, part.len);
		else if (part.len)
			put_text(s, at, part.len);
		span_take(&rest, delimiter.len);
	}
	if (rest.len)
		memset(body + (rest.at - body), 0, rest.len);
}
