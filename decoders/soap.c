/* decoders/soap.c - a reader for each body that is under way: as long as it is plain, without a parser. */
#include "decoders/soap.h"

#include <expat.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/hash.h"
#include "decoders/soapplain.h"
#include "facts/wsus.h"

enum {
	IDLE_MAX = 16,                  /* readers kept in a pool */
	PARSER_COST = 32 * 1024,        /* of a parser and its buffers, as a rule */
	SLICE = 16 * 1024,              /* fed at once: the parser's own buffer is twice that */
	TOKEN_MAX = 16 * 1024,          /* a tag or comment; each piece makes the parser begin it anew */
	HELD_MAX = 1024,                /* of a tag that is cut: longer ones are not plain */
	LEAD = 16,
	NAMES_MAX = 128 * 1024,         /* the parser remembers each name of an element or attribute ... */
	NAME_COST = 64,                 /* ... with so much beside its letters ... */
	NAMES_POOLED = 16 * 1024,       /* ... and keeps the room when it is reset */
	NAME_BITS = 4096,               /* a power of two */
	BODY_MAX = 64 * 1024 * 1024,
};

struct reader {
	struct reader *next;            /* while idle */
	XML_Parser parser;              /* NULL: none was needed yet */
	struct soap_walk walk;
	uint64_t len;                   /* bytes of the body so far */
	size_t quiet;                   /* of them, those since the parser last told something */
	bool parses;                    /* the parser has taken over */
	bool muted;                     /* what it tells is known */
	bool failed;                    /* no XML: only its beginning is still of interest */
	bool over;                      /* nothing more is read */
	uint8_t lead[LEAD];             /* its beginning, without white space and byte order mark */
	size_t lead_len;
	size_t named;                   /* bytes that the parser's names take */
	uint8_t names[NAME_BITS / 8];   /* which were met: a bit each, by hash */
	size_t held_len;
	uint8_t held[HELD_MAX];         /* of a tag or reference that is cut */
	struct soapplain plain;         /* last: begins as zeros but for its buffers */
};

struct soap_pool {
	struct reader *idle;
	unsigned idle_count;
	struct soapvalues_pool *gatherers;
	struct limits *limits;
	struct budget *budget;
};

struct soap {
	struct soap_pool *pool;
	struct soap_talk talk;
	struct reader *reader[2];
	bool begun[2];
};

/* ---- parsers ---- */

static void reader_discard(struct soap_pool *pool, struct reader *r)
{
	if (r->parser) {
		XML_ParserFree(r->parser);
		budget_give(pool->budget, PARSER_COST);
	}
	budget_free(pool->budget, r, sizeof *r);
}

struct soap_pool *soap_pool_new(struct limits *limits, struct budget *budget)
{
	struct soap_pool *pool = calloc(1, sizeof *pool);

	if (!pool)
		return NULL;
	*pool = (struct soap_pool){
		.gatherers = soapvalues_pool_new(budget), .limits = limits, .budget = budget,
	};
	if (!pool->gatherers) {
		free(pool);
		return NULL;
	}
	return pool;
}

void soap_pool_free(struct soap_pool *pool)
{
	if (!pool)
		return;
	while (pool->idle) {
		struct reader *next = pool->idle->next;

		reader_discard(pool, pool->idle);
		pool->idle = next;
	}
	soapvalues_pool_free(pool->gatherers);
	free(pool);
}

static void count(struct soap_pool *pool, enum limit which)
{
	limit_add(pool->limits, which, 1);
}

static struct reader *reader_get(struct soap_pool *pool)
{
	struct reader *r;

	if (pool->idle) {
		r = pool->idle;
		pool->idle = r->next;
		pool->idle_count--;
		return r;
	}
	r = budget_room(pool->budget, sizeof *r);
	if (r)
		r->parser = NULL;
	else
		count(pool, LIMIT_XML_CEILING);
	return r;
}

static void reader_put(struct soap_pool *pool, struct reader *r)
{
	if (pool->idle_count == IDLE_MAX || r->named > NAMES_POOLED ||
	    (r->parses && r->parser && !XML_ParserReset(r->parser, NULL))) {
		reader_discard(pool, r);
		return;
	}
	r->next = pool->idle;
	pool->idle = r;
	pool->idle_count++;
}

/* All but what need not be zeroed: the most of it. */
static void reader_begin(struct reader *r, struct soap_talk *talk, enum side from)
{
	XML_Parser parser = r->parser;

	memset(r, 0, offsetof(struct reader, held));
	r->parser = parser;
	r->walk.talk = talk;
	r->walk.from = from;
	memset(&r->plain, 0, offsetof(struct soapplain, tag_end));
}

static XML_Parser parser_of(struct soap_pool *pool, struct reader *r)
{
	if (r->parser || !budget_take(pool->budget, PARSER_COST))
		return r->parser;
	r->parser = XML_ParserCreate_MM(NULL, NULL, NULL);
	if (!r->parser)
		budget_give(pool->budget, PARSER_COST);
	return r->parser;
}

/* ---- what the parser tells ---- */

static void stop_at_will(struct reader *r)
{
	r->quiet = 0;
	if (r->walk.stop)
		XML_StopParser(r->parser, XML_FALSE);
}

static void count_name(struct reader *r, const char *name)
{
	struct span text = span_text(name);
	unsigned bit = (unsigned)hash_bytes(hash_key(), text) % NAME_BITS;
	uint8_t mask = (uint8_t)(1u << bit % 8);

	if (r->names[bit / 8] & mask)
		return;
	r->names[bit / 8] |= mask;
	r->named += NAME_COST + text.len;
}

/* Update calls have some dozen names; a body of nothing but names would make the parser grow with it. */
static bool names_fit(struct reader *r, const char *name, const char *const *attributes)
{
	count_name(r, name);
	for (; attributes[0]; attributes += 2)
		count_name(r, attributes[0]);
	return r->named <= NAMES_MAX;
}

static void XMLCALL take_open(void *self, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = self;

	if (!names_fit(r, name, (const char *const *)attributes)) {
		soapwalk_note(&r->walk, SOAP_TOO_LONG);
		r->walk.stop = true;
	} else if (!r->muted) {
		soapwalk_open(&r->walk, name, (const char *const *)attributes);
	}
	stop_at_will(r);
}

static void XMLCALL take_close(void *self, const XML_Char *name)
{
	struct reader *r = self;

	(void)name;
	if (r->muted || r->walk.stop)           /* an empty element is closed even then */
		return;
	r->quiet = 0;
	soapwalk_close(&r->walk);
}

static void XMLCALL take_text(void *self, const XML_Char *text, int len)
{
	struct reader *r = self;

	r->quiet = 0;
	soapwalk_text(&r->walk, span_of(text, (size_t)len));
}

static void XMLCALL take_doctype(void *self, const XML_Char *name, const XML_Char *system,
                                 const XML_Char *public, int internal)
{
	struct reader *r = self;

	(void)system;
	(void)public;
	(void)internal;
	soapwalk_doctype(&r->walk, name);
	stop_at_will(r);
}

/* Comments, instructions, white space around the root: nothing, but the parser goes on. */
static void XMLCALL take_rest(void *self, const XML_Char *text, int len)
{
	struct reader *r = self;

	(void)text;
	(void)len;
	r->quiet = 0;
}

static void parser_begin(struct reader *r)
{
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, take_open, take_close);
	XML_SetCharacterDataHandler(r->parser, take_text);
	XML_SetStartDoctypeDeclHandler(r->parser, take_doctype);
	XML_SetDefaultHandler(r->parser, take_rest);
	/* Without a key of ours the parser asks the system for one, for every body. */
	XML_SetHashSalt(r->parser, (unsigned long)hash_key());
	/* What was fed is told at once, so that a token without end is seen; TOKEN_MAX bounds the price. */
	XML_SetReparseDeferralEnabled(r->parser, XML_FALSE);
}

/* ---- what it is fed ---- */

static void give_up(struct reader *r, enum soap_anomaly why)
{
	soapwalk_note(&r->walk, why);
	r->over = true;
}

/* No XML, for the parser: what is it then? */
static void judge(struct reader *r)
{
	struct span lead = span_of(r->lead, r->lead_len);

	r->over = true;
	if (r->walk.talk->call.side[r->walk.from].complete)
		soapwalk_note(&r->walk, SOAP_MORE_THAN_ONE);
	else if (!r->walk.root && (span_istarts(lead, SPAN("<!doctype html")) ||
	                           span_istarts(lead, SPAN("<html"))))
		soapwalk_note(&r->walk, SOAP_HTML);
	else if (!r->walk.root && lead.len && lead.at[0] < 0x80 && lead.at[0] && lead.at[0] != '<')
		soapwalk_note(&r->walk, SOAP_NOT_XML);
	else
		soapwalk_note(&r->walk, SOAP_BROKEN);
}

/* A page may be no XML from its third byte on, and is told by its first word. */
static void note_error(struct reader *r)
{
	r->failed = true;
	if (r->walk.stop)
		r->over = true;
	else if (r->walk.root || r->lead_len == LEAD)
		judge(r);
}

static void feed(struct reader *r, struct span bytes)
{
	while (bytes.len && !r->failed && !r->over) {
		struct span slice = span_take(&bytes, SLICE);

		r->quiet += slice.len;
		if (XML_Parse(r->parser, (const char *)slice.at, (int)slice.len, XML_FALSE) != XML_STATUS_OK)
			note_error(r);
		else if (r->quiet > TOKEN_MAX)
			give_up(r, SOAP_TOO_LONG);
	}
}

static bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void note_lead(struct reader *r, struct span bytes)
{
	for (size_t i = 0; i < bytes.len && r->lead_len < LEAD; i++) {
		if (r->lead_len || !is_space(bytes.at[i]))
			r->lead[r->lead_len++] = bytes.at[i];
		if (r->lead_len == 3 && !memcmp(r->lead, "\xef\xbb\xbf", 3))
			r->lead_len = 0;
	}
}

/* From here on what comes is parsed: the parser hears what it missed, and tells it to nobody. */
static void take_over(struct soap_pool *pool, struct reader *r)
{
	if (!parser_of(pool, r)) {
		count(pool, LIMIT_XML_CEILING);
		r->over = true;
		return;
	}
	parser_begin(r);
	r->parses = true;
	r->muted = true;
	feed(r, soapplain_replay(&r->plain));
	r->muted = false;
	r->quiet = 0;
}

/* What is held of the last piece, with so much of this one that it may become whole. */
static void read_held(struct soap_pool *pool, struct reader *r, struct span *bytes)
{
	size_t old = r->held_len;
	struct span more = *bytes, added = span_take(&more, sizeof r->held - old), held;
	bool other;
	size_t read;

	if (added.len)
		memcpy(r->held + old, added.at, added.len);
	held = span_of(r->held, old + added.len);
	read = soapplain_read(&r->plain, &r->walk, held, &other);
	other |= !read && held.len == sizeof r->held;
	if (read >= old) {
		r->held_len = 0;
		*bytes = span_skip(*bytes, read - old);
	} else if (!other) {
		memmove(r->held, r->held + read, held.len - read);
		r->held_len = held.len - read;
		*bytes = more;
	}
	if (!other)
		return;
	take_over(pool, r);
	if (read < old)
		feed(r, span_of(r->held + read, old - read));
}

/* What is left is the parser's. */
static struct span read_plain(struct soap_pool *pool, struct reader *r, struct span bytes)
{
	bool other;

	while (bytes.len && !r->parses && !r->over) {
		if (r->held_len) {
			read_held(pool, r, &bytes);
		} else {
			bytes = span_skip(bytes, soapplain_read(&r->plain, &r->walk, bytes, &other));
			if (other || bytes.len > sizeof r->held) {
				take_over(pool, r);
			} else if (bytes.len) {
				memcpy(r->held, bytes.at, bytes.len);
				r->held_len = bytes.len;
				bytes.len = 0;
			}
		}
		r->over |= r->walk.stop;
	}
	return bytes;
}

static void read_piece(struct soap_pool *pool, struct reader *r, struct span bytes)
{
	if (r->lead_len < LEAD)
		note_lead(r, bytes);
	if (r->failed && r->lead_len == LEAD)
		judge(r);
	feed(r, r->parses ? bytes : read_plain(pool, r, bytes));
}

/* The body is whole: is what was read, too? */
static void read_end(struct soap_pool *pool, struct reader *r)
{
	if (!r->lead_len || (!r->parses && soapplain_is_over(&r->plain) && !r->held_len))
		return;
	if (!r->parses) {
		take_over(pool, r);
		feed(r, span_of(r->held, r->held_len));
	}
	if (r->failed || (!r->over && XML_Parse(r->parser, NULL, 0, XML_TRUE) != XML_STATUS_OK))
		judge(r);
}

/* ---- an exchange ---- */

bool soap_is_due(const struct exchange *x, bool all)
{
	return span_eq(x->method, SPAN("POST")) &&
	       (wsus_place_is_soap(wsus_place(x->path)) || (all && wsus_method(x).len));
}

struct soap *soap_new(struct soap_pool *pool, const struct exchange *x, struct arena *arena)
{
	struct soap *s = pool ? arena_alloc(arena, sizeof *s) : NULL;

	if (!s)
		return NULL;
	s->pool = pool;
	s->talk.arena = arena;
	s->talk.gatherers = pool->gatherers;
	s->talk.path = x->path;
	s->talk.action = wsus_method(x);
	s->talk.call.name = s->talk.action;
	s->talk.call.method = wsus_method_of(x->path, s->talk.action);
	return s;
}

const struct soap_call *soap_call(const struct soap *s)
{
	return &s->talk.call;
}

/* The ceilings that a body reached are told once. */
static void count_ceilings(const struct soap *s, enum side from)
{
	unsigned ceilings = 1u << SOAP_TOO_DEEP | 1u << SOAP_TOO_LONG | 1u << SOAP_VALUES_DROPPED;

	if (s->talk.call.side[from].anomalies & ceilings)
		count(s->pool, LIMIT_XML_CEILING);
}

static void release(struct soap *s, enum side from)
{
	struct reader *r = s->reader[from];

	s->reader[from] = NULL;
	if (!r)
		return;
	soapwalk_end(&r->walk);
	count_ceilings(s, from);
	reader_put(s->pool, r);
}

bool soap_piece(struct soap *s, enum side from, struct span bytes)
{
	struct reader *r = s->reader[from];

	if (!bytes.len)
		return r || !s->begun[from];
	if (!s->begun[from]) {
		s->begun[from] = true;
		r = s->reader[from] = reader_get(s->pool);
		if (r)
			reader_begin(r, &s->talk, from);
	}
	if (!r)
		return false;
	r->len += bytes.len;
	if (r->len > BODY_MAX)
		give_up(r, SOAP_TOO_LONG);
	else
		read_piece(s->pool, r, bytes);
	if (r->over)
		release(s, from);
	return s->reader[from] != NULL;
}

void soap_end(struct soap *s, enum side from, bool whole)
{
	struct reader *r = s->reader[from];

	if (r && whole)
		read_end(s->pool, r);
	release(s, from);
}

void soap_free(struct soap *s)
{
	if (!s)
		return;
	release(s, CLIENT);
	release(s, SERVER);
	soapvalues_put(s->talk.values);
}
