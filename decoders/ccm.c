/* decoders/ccm.c - multipart, zlib, UTF-16 and XML of ConfigMgr's messages.
 *
 * Parts are known by their first bytes: senders differ in the types that they claim.
 */
#include "decoders/ccm.h"

#include <expat.h>
#include <zlib.h>

#include "facts/wsus.h"

enum {
	BOUNDARY_MAX = 70,              /* RFC 2046 section 5.1.1 */
	PARTS_MAX = 8,
	DEPTH_MAX = 32,
	DECODED_MAX = 256 * 1024,
	PIECE = 4096,
	NAME_MAX_KEPT = 64,
};

/* One XML document on its way. */
struct document {
	struct location_message *to;
	struct arena *arena;
	bool by_client;
	XML_Parser parser;              /* NULL until its first bytes tell how it is written */
	unsigned depth;
	bool in_name;                   /* within SourceHost */
	char name[NAME_MAX_KEPT];
	size_t name_len;
	size_t decoded;
	bool over;                      /* its root is closed: what follows (a NUL) is none of it */
	bool broken, too_long;
};

/* ---- XML ---- */

static const char *local_name(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

/* Lent. */
static struct span attribute(const XML_Char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (!strcmp(local_name(attributes[0]), name))
			return span_text(attributes[1]);
	return SPAN("");
}

static void take_record(struct document *d, const XML_Char **attributes)
{
	struct location_message *to = d->to;
	struct span url = attribute(attributes, "WSUSURL");
	struct update_location *l;

	if (!to->answers || !url.len || to->count++ >= LOCATIONS_KEPT)
		return;
	l = &to->locations[to->count - 1];
	l->url = arena_copy(d->arena, url);
	l->version = arena_copy(d->arena, attribute(attributes, "Version"));
}

static void fail(struct document *d)
{
	d->broken = true;
	XML_StopParser(d->parser, XML_FALSE);
}

static void end_early(struct document *d)
{
	d->over = true;
	XML_StopParser(d->parser, XML_FALSE);
}

/* What a document is, its root tells; most are about something else. */
static void take_root(struct document *d, const char *name)
{
	if (!strcmp(name, "WSUSLocationRequest"))
		d->to->asks = true;
	else if (!strcmp(name, "WSUSLocationReply"))
		d->to->answers = true;
	else if (strcmp(name, "Msg") != 0)
		end_early(d);
}

static void XMLCALL open_element(void *self, const XML_Char *qualified, const XML_Char **attributes)
{
	struct document *d = self;
	const char *name = local_name(qualified);

	if (!d->depth++)
		take_root(d, name);
	else if (d->depth > DEPTH_MAX) {
		d->too_long = true;
		fail(d);
	} else if (!strcmp(name, "LocationRecord"))
		take_record(d, attributes);
	else if (!strcmp(name, "Content") && d->to->asks && !d->to->content_id.len)
		d->to->content_id = arena_copy(d->arena, attribute(attributes, "ID"));
	d->in_name = d->by_client && !strcmp(name, "SourceHost");
}

static void XMLCALL close_element(void *self, const XML_Char *name)
{
	struct document *d = self;

	(void)name;
	d->in_name = false;
	if (!--d->depth)
		end_early(d);
}

static void XMLCALL take_text(void *self, const XML_Char *text, int len)
{
	struct document *d = self;
	struct span more = span_of(text, (size_t)len), taken;

	if (!d->in_name)
		return;
	taken = span_take(&more, sizeof d->name - d->name_len);
	memcpy(d->name + d->name_len, taken.at, taken.len);
	d->name_len += taken.len;
}

static void XMLCALL refuse_doctype(void *self, const XML_Char *name, const XML_Char *system,
                                   const XML_Char *public, int has_subset)
{
	(void)name;
	(void)system;
	(void)public;
	(void)has_subset;
	fail(self);
}

/* By the byte order mark or the first character.  Takes the mark. */
static const char *encoding_of(struct span *text)
{
	static const struct form {
		struct span mark;
		bool is_text;
		const char *encoding;
	} forms[] = {
		{ SPAN_LIT("\xff\xfe"), false, "UTF-16LE" }, { SPAN_LIT("\xfe\xff"), false, "UTF-16BE" },
		{ SPAN_LIT("<\0"), true, "UTF-16LE" },       { SPAN_LIT("\0<"), true, "UTF-16BE" },
		{ SPAN_LIT("<"), true, "UTF-8" },
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (!span_starts(*text, forms[i].mark))
			continue;
		if (!forms[i].is_text)
			span_take(text, forms[i].mark.len);
		return forms[i].encoding;
	}
	return NULL;
}

static bool begin(struct document *d, struct span *text)
{
	const char *encoding = encoding_of(text);

	d->parser = encoding ? XML_ParserCreate(encoding) : NULL;
	if (!d->parser)
		return false;
	XML_SetUserData(d->parser, d);
	XML_SetElementHandler(d->parser, open_element, close_element);
	XML_SetCharacterDataHandler(d->parser, take_text);
	XML_SetStartDoctypeDeclHandler(d->parser, refuse_doctype);
	return true;
}

/* False: nothing more of the document is wanted, or can be read. */
static bool take_piece(struct document *d, struct span text)
{
	d->decoded += text.len;
	if (d->decoded > DECODED_MAX) {
		d->too_long = d->broken = true;
		return false;
	}
	if (!d->parser && !begin(d, &text)) {
		d->broken = true;
		return false;
	}
	if (XML_Parse(d->parser, (const char *)text.at, (int)text.len, false) == XML_STATUS_ERROR && !d->over)
		d->broken = true;
	return !d->over && !d->broken;
}

static void end_document(struct document *d)
{
	struct location_message *to = d->to;

	if (!d->over)
		d->broken = true;
	if (d->name_len && !to->sender.len)
		to->sender = arena_copy(d->arena, span_trim(span_of(d->name, d->name_len)));
	if (d->parser)
		XML_ParserFree(d->parser);
}

/* ---- zlib ---- */

/* RFC 1950 section 2.2. */
static bool is_zlib(struct span part)
{
	return part.len > 2 && (part.at[0] & 0x0f) == 8 && (part.at[0] << 8 | part.at[1]) % 31 == 0;
}

static void inflate_into(struct document *d, struct span part)
{
	uint8_t piece[PIECE];
	z_stream z = { .next_in = (z_const Bytef *)part.at, .avail_in = (uInt)part.len };
	bool wanted = true;
	int status = Z_OK;

	if (inflateInit(&z) != Z_OK)
		return;
	while (wanted && status == Z_OK) {
		z.next_out = piece;
		z.avail_out = sizeof piece;
		status = inflate(&z, Z_NO_FLUSH);
		if (z.avail_out < sizeof piece)
			wanted = take_piece(d, span_of(piece, sizeof piece - z.avail_out));
	}
	inflateEnd(&z);
}

/* ---- multipart ---- */

/* "--BOUNDARY" of the Content-Type, in `room`; empty: it names none that can be. */
static struct span delimiter_of(struct span content_type, uint8_t room[static BOUNDARY_MAX + 2])
{
	size_t at = span_ifind(content_type, SPAN("boundary="));
	struct span value, boundary;

	if (at == SIZE_MAX)
		return SPAN("");
	value = span_skip(content_type, at + sizeof "boundary=" - 1);
	if (value.len && value.at[0] == '"') {
		span_take(&value, 1);
		boundary = span_split(&value, '"');
	} else {
		boundary = span_trim(span_split(&value, ';'));
	}
	if (!boundary.len || boundary.len > BOUNDARY_MAX)
		return SPAN("");
	room[0] = room[1] = '-';
	memcpy(room + 2, boundary.at, boundary.len);
	return span_of(room, boundary.len + 2);
}

/* Takes the next part, without its header lines, off the front of *body, which stands behind a delimiter.
 * False: there is none. */
static bool next_part(struct span *body, struct span delimiter, struct span *part, bool *cut)
{
	struct span line;
	size_t end;

	if (span_starts(*body, SPAN("--")))
		return false;
	span_split(body, '\n');         /* the rest of the delimiter's line */
	do {
		line = span_trim(span_split(body, '\n'));
	} while (line.len);
	end = span_find(*body, delimiter);
	*cut = end == SIZE_MAX;
	*part = span_take(body, *cut ? body->len : end);
	if (!*cut)
		span_take(body, delimiter.len);
	return part->len > 0;
}

static void read_part(struct document *d, struct span part)
{
	if (is_zlib(part))
		inflate_into(d, part);
	else
		(void)take_piece(d, part);
	end_document(d);
}

/* ---- what is told ---- */

bool ccm_wanted(const struct exchange *x, const struct http_message *message)
{
	return wsus_place(x->path) == WSUS_CCM &&
	       span_istarts(http_header(message, SPAN("Content-Type")), SPAN("multipart/"));
}

static bool read_parts(struct location_message *to, struct span body, struct span delimiter, bool by_client,
                       struct arena *arena)
{
	size_t at = delimiter.len ? span_find(body, delimiter) : SIZE_MAX;
	struct span part;
	bool whole = true, cut = at == SIZE_MAX;

	body = span_skip(body, cut ? body.len : at + delimiter.len);
	for (size_t i = 0; i < PARTS_MAX && next_part(&body, delimiter, &part, &cut); i++) {
		struct document d = { .to = to, .arena = arena, .by_client = by_client };

		read_part(&d, part);
		to->broken |= d.broken;
		whole &= !d.too_long;
	}
	to->broken |= cut;
	return whole;
}

bool ccm_read(struct exchange *x, const struct http_message *message, struct span body, struct arena *arena)
{
	uint8_t room[BOUNDARY_MAX + 2];
	struct span delimiter = delimiter_of(http_header(message, SPAN("Content-Type")), room);
	struct location_message told = { .count = 0 }, *kept;
	bool whole;

	if (x->location)
		told = *x->location;
	whole = read_parts(&told, body, delimiter, message == &x->request, arena);
	if (!told.asks && !told.answers)
		return true;
	whole &= message->body.decoded_bytes <= body.len;
	kept = arena_alloc(arena, sizeof *kept);
	if (!kept)
		return false;
	*kept = told;
	x->location = kept;
	return whole;
}
