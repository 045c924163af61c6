/* decoders/http1.c - the states of one direction. */
#include "decoders/http1.h"

#include "decoders/http1search.h"
#include "decoders/http1state.h"

enum { ROOM_KEPT = 4096 };

void http1_init(struct http1 *dec, bool response, bool searching, struct budget *budget)
{
	*dec = (struct http1){ .response = response };
	dec->state = searching ? HTTP1_SEARCHING : HTTP1_AT_START;
	buf_init_on(&dec->kept, HTTPHEAD_LEN_MAX, budget);
}

void http1_release(struct http1 *dec)
{
	buf_release(&dec->kept);
}

void http1_bare(struct http1 *dec)
{
	dec->bare = true;
}

void http1_unwant(struct http1 *dec)
{
	dec->wanted = false;
}

void http1_resume(struct http1 *dec)
{
	if (dec->state == HTTP1_IN_TUNNEL)
		dec->state = HTTP1_AT_START;
	dec->next = HTTP1_AT_START;
}

bool http1_searching(const struct http1 *dec)
{
	return dec->state == HTTP1_SEARCHING;
}

static bool tell(struct http1_event *ev, enum http1_kind kind)
{
	ev->kind = kind;
	return true;
}

static bool tell_anomaly(struct http1_event *ev, enum http_anomaly what)
{
	ev->anomaly = what;
	return tell(ev, HTTP1_ANOMALY);
}

/* Takes what *in has of the line under way.  True: its LF is in, *empty tells whether nothing
 * but CR stood before it. */
static bool take_line(struct http1 *dec, struct span *in, struct span *piece, bool *empty)
{
	size_t end = span_byte(*in, '\n');

	*piece = span_take(in, end == SIZE_MAX ? in->len : end + 1);
	if (!dec->line && piece->len)
		dec->line_first = piece->at[0];
	dec->line += piece->len;
	if (end == SIZE_MAX)
		return false;
	*empty = dec->line == 1 || (dec->line == 2 && dec->line_first == '\r');
	dec->line = 0;
	return true;
}

static bool begin(struct http1 *dec, struct http1_event *ev)
{
	dec->state = HTTP1_IN_HEAD;
	dec->next = HTTP1_AT_START;
	dec->counts = (struct http1_counts){ 0 };
	dec->line = 0;
	dec->first_line = dec->kept.len > 0;    /* only a search leaves a line here */
	dec->overflow = false;
	return tell(ev, HTTP1_BEGIN);
}

/* RFC 9112 section 2.2: empty lines before a message are to be ignored. */
static bool at_start(struct http1 *dec, struct span *in, struct http1_event *ev)
{
	while (in->len && (in->at[0] == '\r' || in->at[0] == '\n'))
		span_take(in, 1);
	if (!in->len)
		return false;
	buf_clear(&dec->kept);
	return begin(dec, ev);
}

static bool tell_head(struct http1 *dec, struct http1_event *ev)
{
	dec->framing = httphead_framing(&ev->head);
	dec->left = ev->head.length;
	dec->state = HTTP1_AFTER_HEAD;
	dec->bare = false;
	return tell(ev, HTTP1_HEAD);
}

/* What began is no message.  In place of an answer to HTTP/0.9 it is the bare body; else the
 * search for a message begins with the same bytes. */
static bool refuse(struct http1 *dec, struct http1_event *ev)
{
	if (!dec->bare) {
		dec->state = HTTP1_SEARCHING;
		if (dec->overflow)
			buf_clear(&dec->kept);
		return tell_anomaly(ev, HTTP_BAD_START_LINE);
	}
	dec->bare = false;
	dec->kept_body = dec->kept.len > 0;
	memset(&ev->head, 0, offsetof(struct httphead, headers));
	ev->head.response = true;
	ev->head.complete = true;
	ev->head.version = 9;
	ev->head.bytes = SPAN("");
	dec->framing = HTTP1_UNTIL_CLOSE;
	dec->state = HTTP1_AFTER_HEAD;
	return tell(ev, HTTP1_HEAD);
}

/* The kept head is whole, or as whole as it will be. */
static enum httphead_status read_kept(struct http1 *dec, struct httphead *head, bool last)
{
	struct span bytes = buf_span(&dec->kept);
	enum httphead_status status = httphead_read(head, dec->response, bytes, last);

	if (status == HTTPHEAD_READ && dec->overflow)
		head->anomalies |= 1u << HTTP_HEAD_TOO_LONG;
	return status;
}

/* False: no room below the ceiling, so the head is given up as lost bytes are. */
static bool keep(struct http1 *dec, struct span piece)
{
	if (dec->overflow || buf_add_some(&dec->kept, piece) == piece.len)
		return true;
	dec->overflow = dec->kept.len == dec->kept.ceiling;
	if (!dec->overflow)
		http1_hole(dec, 0);
	return dec->overflow;
}

/* One line, or what is there of it, goes to the kept head. */
static bool keep_line(struct http1 *dec, struct span *in, struct http1_event *ev)
{
	struct span piece, kept;
	bool empty = false, ended = take_line(dec, in, &piece, &empty);

	if (!keep(dec, piece))
		return false;
	kept = buf_span(&dec->kept);
	if (!dec->first_line && (ended || !httphead_plausible(dec->response, kept))) {
		enum httphead_status status = read_kept(dec, &ev->head, false);

		if (status == HTTPHEAD_READ)            /* HTTP/0.9 has no more than this line */
			return tell_head(dec, ev);
		if (status == HTTPHEAD_BAD || !ended || dec->overflow)
			return refuse(dec, ev);
		dec->first_line = true;
	}
	if (!ended || !empty || read_kept(dec, &ev->head, true) != HTTPHEAD_READ)
		return false;
	ev->head.complete = true;
	return tell_head(dec, ev);
}

static bool in_head(struct http1 *dec, struct span *in, struct http1_event *ev)
{
	if (!dec->kept.len && in->len) {
		struct span ahead = *in, near = span_take(&ahead, HTTPHEAD_LEN_MAX);

		switch (httphead_read(&ev->head, dec->response, near, false)) {
		case HTTPHEAD_READ:
			span_take(in, ev->head.bytes.len);
			return tell_head(dec, ev);
		case HTTPHEAD_BAD:
			return refuse(dec, ev);
		case HTTPHEAD_MORE:
			break;
		}
	}
	while (in->len && dec->state == HTTP1_IN_HEAD) {
		if (keep_line(dec, in, ev))
			return true;
	}
	return false;
}

enum http1_framing http1_body(struct http1 *dec, enum http1_follows follows, bool wanted)
{
	enum http1_framing framing = dec->framing;

	if (follows == HTTP1_NO_BODY || follows == HTTP1_TUNNEL)
		framing = HTTP1_EMPTY;
	if (dec->state != HTTP1_AFTER_HEAD)
		return framing;
	dec->wanted = wanted;
	dec->maybe = follows == HTTP1_MAYBE_BODY;
	switch (framing) {
	case HTTP1_EMPTY:
		dec->state = HTTP1_AT_END;
		dec->next = follows == HTTP1_TUNNEL ? HTTP1_IN_TUNNEL : HTTP1_AT_START;
		break;
	case HTTP1_LENGTH:
		dec->state = HTTP1_IN_LENGTH;
		break;
	case HTTP1_CHUNKED:
		dec->state = HTTP1_IN_CHUNK_SIZE;
		dec->left = 0;
		dec->digits = false;
		break;
	case HTTP1_UNTIL_CLOSE:
		dec->state = dec->kept_body ? HTTP1_IN_KEPT : HTTP1_IN_REST;
		break;
	}
	return framing;
}

/* Tells `piece` of the body, that the caller just took from the input. */
static bool tell_piece(struct http1 *dec, struct span piece, struct http1_event *ev)
{
	dec->counts.entity += piece.len;
	dec->counts.wire += piece.len;
	if (dec->wanted)
		ev->piece = piece;
	else
		ev->skipped = piece.len;
	return tell(ev, dec->wanted ? HTTP1_PIECE : HTTP1_SKIPPED);
}

static bool in_counted(struct http1 *dec, struct span *in, struct http1_event *ev)
{
	struct span piece;

	if (!in->len)
		return false;
	/* An answer to HEAD has a length and no body.  Where the method is unknown the next
	 * answer tells. */
	if (dec->maybe && span_starts(*in, SPAN("HTTP/1."))) {
		dec->state = dec->next;
		return tell(ev, HTTP1_END);
	}
	dec->maybe = false;
	piece = span_take(in, dec->left < in->len ? (size_t)dec->left : in->len);
	http1_count_down(dec, piece.len);
	return tell_piece(dec, piece, ev);
}

static bool in_rest(struct http1 *dec, struct span *in, struct http1_event *ev)
{
	return in->len && tell_piece(dec, span_take(in, in->len), ev);
}

/* An HTTP/0.9 answer began like a status line, so its first bytes were kept. */
static bool in_kept(struct http1 *dec, struct http1_event *ev)
{
	dec->state = HTTP1_IN_REST;
	dec->kept_body = false;
	return tell_piece(dec, buf_span(&dec->kept), ev);
}

static bool bad_chunk(struct http1 *dec, struct http1_event *ev)
{
	http1_cut(dec, HTTP1_SEARCHING);
	return tell_anomaly(ev, HTTP_BAD_CHUNK);
}

/* Some servers pad sizes with blanks, before and behind. */
static bool in_chunk_size(struct http1 *dec, struct span *in, struct http1_event *ev)
{
	while (in->len) {
		struct span byte = { in->at, 1 };
		uint64_t digit;

		if (span_hex(byte, &digit)) {
			if (dec->left > INT64_MAX >> 4)
				return bad_chunk(dec, ev);
			dec->left = dec->left << 4 | digit;
			dec->digits = true;
		} else if (dec->digits && strchr(" \t;\r\n", byte.at[0]) && byte.at[0]) {
			dec->state = HTTP1_IN_CHUNK_EXTENSION;
			return false;
		} else if (dec->digits || (byte.at[0] != ' ' && byte.at[0] != '\t')) {
			return bad_chunk(dec, ev);
		}
		dec->counts.wire++;
		span_take(in, 1);
	}
	return false;
}

static void in_chunk_extension(struct http1 *dec, struct span *in)
{
	size_t end = span_byte(*in, '\n');

	dec->counts.wire += span_take(in, end == SIZE_MAX ? in->len : end + 1).len;
	if (end == SIZE_MAX)
		return;
	dec->state = dec->left ? HTTP1_IN_CHUNK : HTTP1_IN_TRAILER;
	dec->line = 0;
}

static bool after_chunk(struct http1 *dec, struct span *in, struct http1_event *ev)
{
	while (in->len) {
		uint8_t byte = in->at[0];

		if (byte != '\r' && byte != '\n')
			return bad_chunk(dec, ev);
		dec->counts.wire++;
		span_take(in, 1);
		if (byte == '\r')
			continue;
		dec->state = HTTP1_IN_CHUNK_SIZE;
		dec->left = 0;
		dec->digits = false;
		return false;
	}
	return false;
}

static void in_trailer(struct http1 *dec, struct span *in)
{
	struct span piece;
	bool empty = false;

	while (in->len && dec->state == HTTP1_IN_TRAILER) {
		if (take_line(dec, in, &piece, &empty) && empty)
			dec->state = HTTP1_AT_END;
		dec->counts.wire += piece.len;
	}
}

static bool in_search(struct http1 *dec, struct span *in, struct http1_event *ev)
{
	return http1_search(dec->response, &dec->kept, in) && begin(dec, ev);
}

/* A head was under way when the stream broke off: what is whole of it is told. */
static bool cut_in_head(struct http1 *dec, struct http1_event *ev)
{
	dec->state = HTTP1_AT_CUT;
	if (!dec->first_line || read_kept(dec, &ev->head, true) != HTTPHEAD_READ)
		return false;
	ev->head.complete = false;
	return tell(ev, HTTP1_HEAD);
}

/* Connections live longer than heads: a long one leaves its room to others. */
static bool leave(struct http1 *dec, enum http1_kind kind, struct http1_event *ev)
{
	dec->state = dec->next;
	buf_clear(&dec->kept);
	if (dec->kept.room > ROOM_KEPT)
		buf_release(&dec->kept);
	return tell(ev, kind);
}

/* One state's turn: true when it told something. */
static bool step(struct http1 *dec, struct span *in, struct http1_event *ev)
{
	switch (dec->state) {
	case HTTP1_AT_START:           return at_start(dec, in, ev);
	case HTTP1_IN_HEAD:            return in_head(dec, in, ev);
	case HTTP1_AFTER_HEAD:         http1_body(dec, HTTP1_BODY, false); break;
	case HTTP1_IN_LENGTH:
	case HTTP1_IN_CHUNK:           return in_counted(dec, in, ev);
	case HTTP1_IN_CHUNK_SIZE:      return in_chunk_size(dec, in, ev);
	case HTTP1_IN_CHUNK_EXTENSION: in_chunk_extension(dec, in); break;
	case HTTP1_AFTER_CHUNK:        return after_chunk(dec, in, ev);
	case HTTP1_IN_TRAILER:         in_trailer(dec, in); break;
	case HTTP1_IN_KEPT:            return in_kept(dec, ev);
	case HTTP1_IN_REST:            return in_rest(dec, in, ev);
	case HTTP1_AT_END:             return leave(dec, HTTP1_END, ev);
	case HTTP1_CUT_IN_HEAD:        return cut_in_head(dec, ev);
	case HTTP1_AT_CUT:             return leave(dec, HTTP1_CUT, ev);
	case HTTP1_SEARCHING:          return in_search(dec, in, ev);
	case HTTP1_IN_TUNNEL:          break;
	case HTTP1_CLOSED:             span_take(in, in->len); break;
	}
	return false;
}

bool http1_next(struct http1 *dec, struct span *in, struct http1_event *ev)
{
	for (;;) {
		enum http1_state before = dec->state;

		if (step(dec, in, ev))
			return true;
		if (dec->state == before)
			return false;
	}
}
