/* decoders/httpbody.c - bodies that are read, and those that are not. */
#include "decoders/httpbody.h"

#include "decoders/ccm.h"
#include "facts/wsus.h"

enum {
	SMALL_BODY = 64 * 1024,
	HELD_MAX = 16 * 1024,           /* most SOAP fits: undone in one go, gzip takes half the time */
};

enum type { TEXT, BINARY, MULTIPART, UNKNOWN };

/* Content types by what they hold.  The first row that matches decides. */
static const struct type_row {
	struct span mark;
	bool anywhere;                  /* not only at the beginning */
	enum type type;
} type_rows[] = {
	{ SPAN_LIT("text/"), false, TEXT },
	{ SPAN_LIT("image/svg"), false, TEXT },
	{ SPAN_LIT("xml"), true, TEXT },
	{ SPAN_LIT("json"), true, TEXT },
	{ SPAN_LIT("soap"), true, TEXT },
	{ SPAN_LIT("multipart/"), false, MULTIPART },
	{ SPAN_LIT("image/"), false, BINARY },
	{ SPAN_LIT("video/"), false, BINARY },
	{ SPAN_LIT("audio/"), false, BINARY },
	{ SPAN_LIT("font/"), false, BINARY },
	{ SPAN_LIT("application/octet-stream"), false, BINARY },
	{ SPAN_LIT("application/zip"), false, BINARY },
	{ SPAN_LIT("application/x-ms"), false, BINARY },
	{ SPAN_LIT("cab"), true, BINARY },
	{ SPAN_LIT("compressed"), true, BINARY },
};

static enum type type_of(struct span content_type)
{
	struct span type = span_split(&content_type, ';');

	for (size_t i = 0; type.len && i < sizeof type_rows / sizeof *type_rows; i++) {
		const struct type_row *row = &type_rows[i];

		if (row->anywhere ? span_ifind(type, row->mark) != SIZE_MAX : span_istarts(type, row->mark))
			return row->type;
	}
	return UNKNOWN;
}

static bool answer_wanted(const struct exchange *x, enum type type, bool all)
{
	const struct http_body *body = &x->response.body;
	bool small = !body->has_length || body->declared < SMALL_BODY;

	if (x->status == 206)
		return false;
	/* A refusal is told in words, whatever type it claims; SOAP servers are believed even
	 * without one. */
	if (type == UNKNOWN)
		return all || x->status >= 400 || (wsus_place_is_soap(wsus_place(x->path)) && small);
	return type == TEXT;
}

bool httpbody_wanted(const struct stack_context *context, const struct exchange *x,
                     const struct http_message *message)
{
	enum type type = type_of(http_header(message, SPAN("Content-Type")));

	if (message == &x->response && contenthash_wanted(context->hashes, x, context->all))
		return true;
	if (span_ifind(http_header(message, SPAN("Content-Encoding")), SPAN("xpress")) != SIZE_MAX ||
	    ccm_wanted(x, message))
		return true;
	if (message == &x->response)
		return answer_wanted(x, type, context->all);
	switch (type) {
	case TEXT:      return true;
	case BINARY:    return false;
	case MULTIPART: return wsus_place(x->path) != WSUS_NOWHERE;
	case UNKNOWN:   return context->all;
	}
	return false;
}

static void note(struct httpbody *b, enum http_anomaly what)
{
	b->message->anomalies |= 1u << what;
	b->broken = true;
}

/* The codings in the order in which they were applied: the content's own, then the transfer's
 * (RFC 9112 section 6.1), of which chunked is already undone. */
static struct span codings_of(const struct http_message *m, struct arena *arena)
{
	struct span content = http_header(m, SPAN("Content-Encoding"));
	struct span transfer = http_header(m, SPAN("Transfer-Encoding"));
	size_t chunked = span_ifind(transfer, SPAN("chunked"));
	uint8_t *joined;

	if (chunked != SIZE_MAX)
		transfer = span_trim(span_of(transfer.at, chunked));
	if (!transfer.len)
		return content;
	joined = arena_alloc(arena, content.len + 1 + transfer.len);
	if (!joined)
		return content;
	if (content.len)
		memcpy(joined, content.at, content.len);
	joined[content.len] = ',';
	memcpy(joined + content.len + 1, transfer.at, transfer.len);
	return span_of(joined, content.len + 1 + transfer.len);
}

void httpbody_begin(struct httpbody *b, struct http_message *message, struct arena *arena,
                    struct coding_pool *codings)
{
	struct span names = codings_of(message, arena);
	bool known = true;

	*b = (struct httpbody){ .message = message, .arena = arena, .room = EXCHANGE_BODY_KEPT };
	if (names.len)
		b->coding = coding_new(codings, names, &known);
	buf_init_on(&b->held, HELD_MAX, arena->budget);
	b->holds = b->coding && message->body.declared <= HELD_MAX;
	if (!known)
		note(b, HTTP_UNKNOWN_CODING);
	else if (!b->coding && message->body.has_length && message->body.declared < b->room)
		b->room = (size_t)message->body.declared;
}

void httpbody_keep(struct httpbody *b, size_t room)
{
	const struct http_body *body = &b->message->body;

	b->room = !b->coding && body->has_length && body->declared < room ? (size_t)body->declared : room;
}

void httpbody_tell(struct httpbody *b, struct soap *soap, enum side from)
{
	b->soap = soap;
	b->from = from;
}

void httpbody_hash(struct httpbody *b, struct hashed_file *file)
{
	b->file = file;
}

static void keep(struct httpbody *b, struct span decoded)
{
	struct span taken;

	if (b->file)
		contenthash_piece(b->file, decoded);
	if (b->soap && !soap_piece(b->soap, b->from, decoded))
		b->soap = NULL;
	b->message->body.decoded_bytes += decoded.len;
	if (!b->start)
		b->start = arena_room(b->arena, b->room);
	if (!b->start || !decoded.len)
		return;
	taken = span_take(&decoded, b->room - b->len);
	memcpy(b->start + b->len, taken.at, taken.len);
	b->len += taken.len;
}

static bool decode(struct httpbody *b, struct span piece)
{
	struct span decoded;

	for (;;) {
		switch (coding_next(b->coding, &piece, &decoded)) {
		case CODING_MORE:
			return true;
		case CODING_PIECE:
			keep(b, decoded);
			break;
		case CODING_END:
			b->ended = true;
			return true;
		case CODING_BAD:
			note(b, HTTP_BAD_CODING);
			return false;
		case CODING_BOMB:
			note(b, HTTP_BOMB);
			return false;
		}
	}
}

/* What is held is decoded; what comes later, as it comes. */
static bool let_go(struct httpbody *b)
{
	bool held = b->holds && !b->broken && b->held.len;

	b->holds = false;
	return !held || decode(b, buf_span(&b->held));
}

static bool decode_together(struct httpbody *b, struct span piece)
{
	const struct http_body *body = &b->message->body;

	if (b->holds && !b->held.len && body->has_length && piece.len == body->declared)
		b->holds = false;               /* it is all there already */
	if (b->holds && buf_add(&b->held, piece))
		return true;
	return let_go(b) && (b->ended || decode(b, piece));
}

bool httpbody_piece(struct httpbody *b, struct span piece)
{
	if (!b->message || b->broken)
		return false;
	if (b->ended)
		return true;
	if (b->coding)
		return decode_together(b, piece);
	keep(b, piece);
	return b->len < b->room || b->soap || b->file;
}

/* The reader hears once that the body is over. */
static void tell_end(struct httpbody *b, bool whole)
{
	if (b->soap)
		soap_end(b->soap, b->from, whole);
	b->soap = NULL;
}

void httpbody_lost(struct httpbody *b)
{
	(void)let_go(b);
	tell_end(b, false);
	if (b->file)
		contenthash_drop(b->file);
	b->file = NULL;
	b->broken = true;
}

void httpbody_end(struct httpbody *b, bool complete)
{
	struct http_body *body;

	if (!b->message)
		return;
	(void)let_go(b);
	body = &b->message->body;
	body->start = span_of(b->start, b->len);
	body->decoded = complete && !b->broken;
	if (!b->coding && body->decoded)
		body->decoded_bytes = body->entity_bytes;       /* the rest was not looked at */
	if (b->coding && body->decoded && !coding_finish(b->coding)) {
		note(b, HTTP_BAD_CODING);
		body->decoded = false;
	}
	tell_end(b, body->decoded);
	if (b->file)
		body->digest = contenthash_end(b->file, body->decoded);
	b->file = NULL;
	httpbody_release(b);
}

void httpbody_release(struct httpbody *b)
{
	if (b->file)
		contenthash_drop(b->file);
	coding_free(b->coding);
	buf_release(&b->held);
	*b = (struct httpbody){ 0 };
}
