/* veil/bodies.c - kinds by content type, text in windows, coded bodies whole. */
#include "veil/bodies.h"

#include "decoders/coding.h"
#include "veil/freetext.h"
#include "veil/heads.h"
#include "veil/parts.h"
#include "veil/thin.h"

enum {
	WINDOW = 256 * 1024,            /* of text that is rewritten at a time */
	MARGIN = 64 * 1024,             /* before its end a cut is looked for: no tag is longer */
	CODED_MAX = 16 * 1024 * 1024,
	PLAIN_MAX = 16 * 1024 * 1024,
	BOUNDARY_MAX = 70,              /* RFC 2046 section 5.1.1 */
};

struct place {                          /* of a range of `held` */
	uint64_t at, len;
};

void body_init(struct body *b, const struct stream_env *env, enum side from)
{
	*b = (struct body){ .env = env, .from = from, .ended = true };
	buf_init_on(&b->held, CODED_MAX, env->shared->budget);
	buf_init_on(&b->places, CODED_MAX, env->shared->budget);
}

void body_release(struct body *b)
{
	buf_release(&b->held);
	buf_release(&b->places);
}

/* ---- what it is ---- */

static const struct type_row {
	struct span mark;
	bool anywhere;
	enum body_way way;
} type_rows[] = {
	{ SPAN_LIT("x-ns-proxy-autoconfig"), true, BODY_SCRIPT },
	{ SPAN_LIT("x-javascript-config"), true, BODY_SCRIPT },
	{ SPAN_LIT("text/javascript"), false, BODY_NOTHING }, { SPAN_LIT("text/css"), false, BODY_NOTHING },
	{ SPAN_LIT("json"), true, BODY_NOTHING }, { SPAN_LIT("image/"), false, BODY_BLANK },
	{ SPAN_LIT("text/"), false, BODY_MARKUP }, { SPAN_LIT("xml"), true, BODY_MARKUP },
	{ SPAN_LIT("soap"), true, BODY_MARKUP },
	{ SPAN_LIT("video/"), false, BODY_BLANK }, { SPAN_LIT("audio/"), false, BODY_BLANK },
	{ SPAN_LIT("font/"), false, BODY_BLANK }, { SPAN_LIT("octet-stream"), true, BODY_BLANK },
	{ SPAN_LIT("multipart/"), false, BODY_BLANK }, { SPAN_LIT("zip"), true, BODY_BLANK },
	{ SPAN_LIT("cab"), true, BODY_BLANK }, { SPAN_LIT("compressed"), true, BODY_BLANK },
	{ SPAN_LIT("form-urlencoded"), true, BODY_BLANK },
};

static enum body_way way_of_type(struct span type)
{
	struct span word = span_split(&type, ';');

	for (size_t i = 0; word.len && i < sizeof type_rows / sizeof *type_rows; i++) {
		const struct type_row *row = &type_rows[i];

		if (row->anywhere ? span_ifind(word, row->mark) != SIZE_MAX : span_istarts(word, row->mark))
			return row->way;
	}
	return BODY_MARKUP;
}

/* A refusal is told in words, whatever type it claims; a script may have any. */
static enum body_way way_of(const struct httphead *head, struct span type, const struct body_asked *asked)
{
	enum body_way way = way_of_type(type);

	if (asked->place == WSUS_CCM && span_istarts(type, SPAN("multipart/")))
		return BODY_PARTS;
	if (head->response && asked->script && head->status < 300 &&
	    span_ifind(type, SPAN("html")) == SIZE_MAX)
		return BODY_SCRIPT;
	if (head->response && asked->file && way == BODY_BLANK && head->status < 300)
		return BODY_STAYS;
	if (head->response && head->status >= 400 && way != BODY_NOTHING)
		return BODY_MARKUP;
	return way;
}

static void take_boundary(struct body *b, struct span type)
{
	size_t at = span_ifind(type, SPAN("boundary="));
	struct span value = at == SIZE_MAX ? SPAN("") : span_skip(type, at + 9), boundary;

	if (value.len && value.at[0] == '"')
		span_take(&value, 1);
	boundary = span_split(&value, ';');
	boundary = span_split(&boundary, '"');
	boundary = span_trim(boundary);
	b->delimiter_len = 0;
	if (!boundary.len || boundary.len > BOUNDARY_MAX)
		return;
	memcpy(b->delimiter, "--", 2);
	memcpy(b->delimiter + 2, boundary.at, boundary.len);
	b->delimiter_len = 2 + boundary.len;
}

/* Codings of the content and of the transfer are one list; of several none is undone. */
static void take_coding(struct body *b, const struct httphead *head)
{
	struct span content = heads_value(head, SPAN("Content-Encoding"));
	struct span transfer = heads_value(head, SPAN("Transfer-Encoding"));
	struct span coding = content.len ? content : span_split(&transfer, ',');

	coding = span_trim(coding);
	b->coded = coding.len && !span_ieq(coding, SPAN("identity")) && !span_ieq(coding, SPAN("chunked"));
	b->coding_len = coding.len < sizeof b->coding ? coding.len : 0;
	memcpy(b->coding, coding.at, b->coding_len);
}

void body_begin(struct body *b, const struct httphead *head, const struct body_asked *asked)
{
	struct span type = heads_value(head, SPAN("Content-Type"));

	b->way = way_of(head, type, asked);
	b->ended = b->wide = b->any = false;
	b->markup = (struct markup){ .len = 0 };
	take_coding(b, head);
	take_boundary(b, type);
	/* Readers undo xpress whatever it holds. */
	if (b->way == BODY_BLANK && b->coded && span_ieq(span_of(b->coding, b->coding_len), SPAN("xpress")))
		b->way = BODY_MARKUP;
}

/* ---- plain text ---- */

static bool is_wide(struct span text)
{
	return span_starts(text, SPAN("\xff\xfe")) || span_starts(text, SPAN("<\0"));
}

static void blank_letters(uint8_t *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] > ' ')
			text[i] = 'x';
}

static void rewrite(struct body *b, uint8_t *text, size_t len)
{
	struct stream_shared *s = b->env->shared;

	switch (b->way) {
	case BODY_MARKUP:
		if (b->wide)
			markup_wide(s, &b->markup, text, len);
		else
			markup_put(s, &b->markup, text, len);
		break;
	case BODY_SCRIPT:
		script_put(s, text, len);
		break;
	case BODY_PARTS:
		parts_put(s, span_of(b->delimiter, b->delimiter_len), text, len);
		break;
	case BODY_NOTHING:
		blank_letters(text, len);
		break;
	case BODY_STAYS:
	case BODY_BLANK:
		break;
	}
}

/* Decides about the first `len` bytes of `held`, which become these, and forgets them. */
static void put_held(struct body *b, const uint8_t *bytes, size_t len)
{
	const struct lane *lane = &b->env->lane;
	size_t count = b->places.len / sizeof(struct place), used = 0, done = 0;

	for (; used < count && done < len; used++) {
		struct place p;
		size_t some;

		memcpy(&p, b->places.at + used * sizeof p, sizeof p);
		some = p.len < len - done ? (size_t)p.len : len - done;
		lane->put(lane->self, b->from, p.at, span_of(bytes + done, some));
		done += some;
		if (some < p.len) {
			p = (struct place){ p.at + some, p.len - some };
			memcpy(b->places.at + used * sizeof p, &p, sizeof p);
			break;
		}
	}
	buf_drop_front(&b->places, used * sizeof(struct place));
	buf_drop_front(&b->held, len);
}

/* Behind the last ">", else before the last blank: no word and no tag is cut there. */
static size_t find_cut(struct span text)
{
	size_t least = text.len > MARGIN ? text.len - MARGIN : 0;

	for (size_t at = text.len; at > least; at--)
		if (text.at[at - 1] == '>')
			return at;
	for (size_t at = text.len; at > least; at--)
		if (text.at[at - 1] == ' ' || text.at[at - 1] == '\n')
			return at;
	return text.len;
}

static void flush(struct body *b, bool all)
{
	struct span held = buf_span(&b->held);
	size_t len = all || b->wide ? held.len & ~(size_t)(b->wide && !all) : find_cut(held);

	rewrite(b, b->held.at, len);
	put_held(b, b->held.at, len);
}

/* ---- coded ---- */

/* MORE: it goes on where the body ends.  BAD also when there is no room. */
static enum coding_status decode(struct body *b, struct buf *plain)
{
	struct span in = buf_span(&b->held), out;
	bool known;
	struct coding *c = coding_new(NULL, span_of(b->coding, b->coding_len), &known);
	enum coding_status status = c ? CODING_PIECE : CODING_BAD;

	while (status == CODING_PIECE) {
		status = coding_next(c, &in, &out);
		if (status == CODING_PIECE && !buf_add(plain, out))
			status = CODING_BAD;
	}
	if (status == CODING_MORE && coding_finish(c))
		status = CODING_END;
	coding_free(c);
	return status;
}

static void end_coded(struct body *b)
{
	struct stream_shared *s = b->env->shared;
	size_t room = b->held.len;
	uint8_t *to = budget_room(s->budget, room);
	enum coding_status status = CODING_BAD;
	bool done = false;
	struct buf plain;

	buf_init_on(&plain, PLAIN_MAX, s->budget);
	if (to)
		status = decode(b, &plain);
	if (status == CODING_END || status == CODING_MORE) {
		b->wide = is_wide(buf_span(&plain));
		rewrite(b, plain.at, plain.len);
		/* While values are learned nobody looks at what is decided. */
		done = !s->finder ||
		       thin_repack(s->budget, span_of(b->coding, b->coding_len), buf_span(&b->held), plain.at,
		                   plain.len, b->wide, status == CODING_END, to);
	}
	if (done && s->finder)
		put_held(b, to, room);
	s->blanked += !done;
	buf_release(&plain);
	budget_free(s->budget, to, room);
}

/* ---- as it comes ---- */

static bool hold(struct body *b, uint64_t at, struct span piece)
{
	struct place last, p = { at, piece.len };
	size_t end = b->places.len;

	if (!buf_add(&b->held, piece))
		return false;
	if (end) {
		memcpy(&last, b->places.at + end - sizeof last, sizeof last);
		if (last.at + last.len == at) {
			last.len += piece.len;
			memcpy(b->places.at + end - sizeof last, &last, sizeof last);
			return true;
		}
	}
	return buf_add(&b->places, span_of(&p, sizeof p));
}

/* No room: what is held is done with as it is, what follows is blanked. */
static void overflow(struct body *b)
{
	b->env->shared->blanked++;
	body_end(b);
}

static bool is_held(const struct body *b)
{
	return b->way != BODY_STAYS && b->way != BODY_BLANK;
}

/* What an update file is not: a page in its place. */
static bool is_page(struct span piece)
{
	piece = span_trim(piece);
	return piece.len && piece.at[0] == '<';
}

/* What claims to be text, or nothing, and holds what no text does: answers of authorities, archives. */
static bool is_binary(struct span piece)
{
	enum { LOOK = 256 };

	for (size_t i = 0; i < piece.len && i < LOOK; i++)
		if (piece.at[i] < ' ' && !strchr("\t\n\f\r\033", piece.at[i] ? piece.at[i] : 1))
			return true;
	return false;
}

void body_piece(struct body *b, uint64_t at, struct span piece)
{
	const struct lane *lane = &b->env->lane;

	if (b->ended || !piece.len)
		return;
	if (!b->any && b->way == BODY_STAYS && is_page(piece))
		b->way = BODY_MARKUP;
	if (!b->any && is_held(b) && !b->coded)
		b->wide = is_wide(piece);
	if (!b->any && b->way == BODY_MARKUP && !b->coded && !b->wide && is_binary(piece))
		b->way = BODY_BLANK;
	b->any = true;
	if (b->way == BODY_STAYS) {
		lane->keep(lane->self, b->from, at, piece.len);
		return;
	}
	if (b->way == BODY_BLANK) {
		lane->fill(lane->self, b->from, at, piece.len, 0);
		return;
	}
	if (!hold(b, at, piece)) {
		overflow(b);
		return;
	}
	if (!b->coded && b->way != BODY_PARTS && b->held.len >= WINDOW)
		flush(b, false);
}

void body_lost(struct body *b)
{
	if (b->ended)
		return;
	/* Text goes on behind a hole, coded text does not. */
	if (b->coded && is_held(b))
		body_end(b);
	else if (is_held(b) && b->way != BODY_PARTS)
		flush(b, true);
}

void body_end(struct body *b)
{
	if (b->ended)
		return;
	b->ended = true;
	if (is_held(b) && b->held.len) {
		if (b->coded)
			end_coded(b);
		else
			flush(b, true);
	}
	buf_release(&b->held);
	buf_release(&b->places);
}
