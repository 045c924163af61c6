/* decoders/soap.c - a parser for each body that is under way, and what it is fed. */
#include "decoders/soap.h"

#include <expat.h>
#include <stdlib.h>

#include "base/hash.h"
#include "decoders/soapleaf.h"
#include "decoders/soapwalk.h"
#include "facts/wsus.h"

enum {
	IDLE_MAX = 16,                  /* parsers kept in a pool */
	READER_COST = 32 * 1024,        /* of a parser and its buffers, as a rule */
	SLICE = 16 * 1024,              /* fed at once: the parser's own buffer is twice that */
	TOKEN_MAX = 16 * 1024,          /* a tag or comment; each piece makes the parser begin it anew */
	LEAD = 16,
	TOGETHER = 2048,
	BODY_MAX = 64 * 1024 * 1024,
};

struct reader {
	struct reader *next;            /* while idle */
	XML_Parser parser;
	struct soap_walk walk;
	struct soapleaf leaf;
	uint64_t len;                   /* bytes of the body so far */
	size_t quiet;                   /* of them, those since the parser last told something */
	uint8_t last;                   /* byte that the parser was fed */
	uint8_t lead[LEAD];             /* its beginning, without white space and byte order mark */
	size_t lead_len;
	bool failed;                    /* no XML: only its beginning is still of interest */
	bool over;                      /* nothing more is read */
	size_t name_len;                /* of the last leaf's name, which is: */
	char name[SOAP_NAME_MAX + 1];
};

struct soap_pool {
	struct reader *idle;
	unsigned idle_count;
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

static void reader_free(struct reader *r)
{
	if (r->parser)
		XML_ParserFree(r->parser);
	free(r);
}

static void reader_discard(struct soap_pool *pool, struct reader *r)
{
	reader_free(r);
	if (pool)
		budget_give(pool->budget, READER_COST);
}

struct soap_pool *soap_pool_new(struct limits *limits, struct budget *budget)
{
	struct soap_pool *pool = calloc(1, sizeof *pool);

	if (pool)
		*pool = (struct soap_pool){ .limits = limits, .budget = budget };
	return pool;
}

void soap_pool_free(struct soap_pool *pool)
{
	while (pool && pool->idle) {
		struct reader *next = pool->idle->next;

		reader_discard(pool, pool->idle);
		pool->idle = next;
	}
	free(pool);
}

static struct reader *reader_make(void)
{
	struct reader *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->parser = XML_ParserCreate_MM(NULL, NULL, NULL);
	if (r->parser)
		return r;
	reader_free(r);
	return NULL;
}

static void count(struct soap_pool *pool, enum limit which)
{
	if (pool)
		limit_add(pool->limits, which, 1);
}

static struct reader *reader_get(struct soap_pool *pool)
{
	struct reader *r;

	if (pool && pool->idle) {
		r = pool->idle;
		pool->idle = r->next;
		pool->idle_count--;
		return r;
	}
	if (pool && !budget_take(pool->budget, READER_COST)) {
		count(pool, LIMIT_XML_CEILING);
		return NULL;
	}
	r = reader_make();
	if (r)
		return r;
	count(pool, LIMIT_MEMORY);
	if (pool)
		budget_give(pool->budget, READER_COST);
	return NULL;
}

static void reader_put(struct soap_pool *pool, struct reader *r)
{
	if (!pool || pool->idle_count == IDLE_MAX || !XML_ParserReset(r->parser, NULL)) {
		reader_discard(pool, r);
		return;
	}
	r->next = pool->idle;
	pool->idle = r;
	pool->idle_count++;
}

/* ---- what the parser tells ---- */

static void stop_at_will(struct reader *r)
{
	r->quiet = 0;
	if (r->walk.stop)
		XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL take_open(void *self, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = self;

	soapwalk_open(&r->walk, name, (const char *const *)attributes);
	stop_at_will(r);
}

static void XMLCALL take_close(void *self, const XML_Char *name)
{
	struct reader *r = self;

	(void)name;
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

static void reader_begin(struct reader *r, struct soap_talk *talk, enum side from)
{
	XML_Parser parser = r->parser;

	*r = (struct reader){ .parser = parser, .walk = { .talk = talk, .from = from } };
	XML_SetUserData(parser, r);
	XML_SetElementHandler(parser, take_open, take_close);
	XML_SetCharacterDataHandler(parser, take_text);
	XML_SetStartDoctypeDeclHandler(parser, take_doctype);
	XML_SetDefaultHandler(parser, take_rest);
	/* Without a key of ours the parser asks the system for one, for every body. */
	XML_SetHashSalt(parser, (unsigned long)hash_key());
	/* What was fed is told at once, so that leaves come in their place; TOKEN_MAX bounds the price. */
	XML_SetReparseDeferralEnabled(parser, XML_FALSE);
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
		r->last = slice.at[slice.len - 1];
		if (XML_Parse(r->parser, (const char *)slice.at, (int)slice.len, XML_FALSE) != XML_STATUS_OK)
			note_error(r);
		else if (r->quiet > TOKEN_MAX)
			give_up(r, SOAP_TOO_LONG);
	}
}

static const char *name_text(struct reader *r, struct span name)
{
	if (name.len != r->name_len || !span_eq(name, span_of(r->name, name.len))) {
		memcpy(r->name, name.at, name.len);
		r->name[name.len] = '\0';
		r->name_len = name.len;
	}
	return r->name;
}

/* Escaped XML is dense with references: told in long pieces. */
static void tell_text(struct soapvalues *values, struct span text)
{
	uint8_t together[TOGETHER];
	size_t len;

	while (text.len) {
		len = soapleaf_text(&text, together, sizeof together);
		soapvalues_text(values, span_of(together, len));
	}
}

static void tell_leaf(struct reader *r, const struct soapleaf_found *leaf)
{
	struct soapvalues *values = soapwalk_values(&r->walk);

	if (!values)
		return;
	soapvalues_open(values, name_text(r, leaf->name), (const char *const[]){ NULL });
	if (leaf->refers)
		tell_text(values, leaf->text);
	else if (leaf->text.len)
		soapvalues_text(values, leaf->text);
	soapvalues_close(values);
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

/* UTF-16 shows a byte order mark or a zero first (XML 1.0 appendix F): in it no byte is a character. */
static bool has_bytes_for_characters(const struct reader *r)
{
	return r->lead_len >= 2 && r->lead[0] && r->lead[1] && r->lead[0] < 0xfe;
}

/* The parser has told all that it was fed: it waits for no line feed, no "]>" and no rest of a character. */
static bool is_even(const struct reader *r)
{
	return r->last < 0x80 && r->last != ']' && r->last != '\r';
}

static bool takes_leaf(const struct reader *r, const struct soapleaf_found *leaf)
{
	return leaf->name.len <= SOAP_NAME_MAX && soapwalk_takes_leaf(&r->walk) && is_even(r) &&
	       has_bytes_for_characters(r);
}

static void read_piece(struct reader *r, struct span bytes)
{
	struct span rest = bytes;
	struct soapleaf_found leaf;

	if (r->lead_len < LEAD)
		note_lead(r, bytes);
	if (r->failed && r->lead_len == LEAD)
		judge(r);
	while (!r->failed && !r->over && soapleaf_next(&r->leaf, &rest, &leaf)) {
		feed(r, leaf.before);
		if (r->failed || r->over)
			return;
		if (takes_leaf(r, &leaf))
			tell_leaf(r, &leaf);
		else
			feed(r, leaf.whole);
	}
	feed(r, rest);
}

/* ---- an exchange ---- */

static bool is_post(const struct exchange *x)
{
	return span_eq(x->method, SPAN("POST"));
}

bool soap_is_due(const struct exchange *x, bool all)
{
	return is_post(x) && (wsus_place_is_soap(wsus_place(x->path)) || (all && wsus_method(x).len));
}

struct soap *soap_new(struct soap_pool *pool, const struct exchange *x, struct arena *arena)
{
	struct soap *s = arena_alloc(arena, sizeof *s);

	if (!s)
		return NULL;
	s->pool = pool;
	s->talk.arena = arena;
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
		read_piece(r, bytes);
	if (r->over)
		release(s, from);
	return s->reader[from] != NULL;
}

void soap_end(struct soap *s, enum side from, bool whole)
{
	struct reader *r = s->reader[from];

	if (r && whole && r->lead_len &&
	    (r->failed || XML_Parse(r->parser, NULL, 0, XML_TRUE) != XML_STATUS_OK))
		judge(r);
	release(s, from);
}

void soap_free(struct soap *s)
{
	if (!s)
		return;
	release(s, CLIENT);
	release(s, SERVER);
	soapvalues_free(s->talk.values);
}
