/* analyzers/busy.c - 503 by the server itself: a stopped pool, or one that cannot keep up.
 *
 * Why HTTP.sys says 503 is not on the wire (it is in HTTPERR); what is, is whether anything of the
 * pool still answers.  Static directories (Content, SelfUpdate) may run in another pool, so only the
 * web services, and directories that gave 503 themselves, count as signs of life.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/lately.h"
#include "analyzers/web.h"
#include "base/hash.h"
#include "base/tongue.h"

enum { SERVERS_MAX = 1024, PATH_TEXT = 80, WAITING_MAX = 8 };

/* So many refusals in a row, on that many directories, and nothing since: it stopped. */
enum { STOPPED_ROW = 6, STOPPED_PLACES = 2 };

struct waiting {                        /* a request that was refused, and not answered since */
	struct addr client;
	uint64_t request;               /* its method, path and SOAP action, hashed */
};

struct server {
	struct web_case refusals;       /* not told yet; count 0: none */
	bool refused;                   /* ever */
	bool is_wsus;                   /* was asked for a directory of WSUS; Microsoft's own are not ours */
	bool by_driver;                 /* HTTP.sys signed all of them; else IIS or nobody did */
	enum confidence confidence;
	unsigned places;                /* that refused: bits 1u << enum wsus_place */
	uint64_t served;                /* by the pool */
	uint64_t row;                   /* refusals since it last served */
	unsigned row_places;
	uint64_t total;
	struct web_case row_start;
	char path[PATH_TEXT];           /* of the first refusal, by directory where it is known */
	struct waiting waiting[WAITING_MAX];
	unsigned waiting_count;
	bool given_up;                  /* a request was never repeated, or too many waited at once */
	uint32_t wire;                  /* of its first exchange */
	bool wires_differ;              /* so it may be two servers of one address */
};

struct busy {
	struct analyzer_env env;
	struct lately servers;
};

static struct server *server_of(struct busy *b, const struct exchange *x)
{
	struct server_key key = web_server_key(x);

	return lately_value(&b->servers, span_of(key.bytes, key.len));
}

/* Another service of the machine: its pool is not WSUS's. */
static void tell_other(struct busy *b, struct server *s)
{
	web_raise(&b->env, FINDING_HTTP_ERROR, &s->refusals, CONFIDENCE_PROBABLE,
		  "%s answers 503: its service is stopped or overloaded. The reason is in the server's own "
		  "log (HTTPERR on Windows).",
		  s->path);
	s->refusals.count = 0;
}

static void tell_busy(struct busy *b, struct server *s)
{
	if (!s->refusals.count)
		return;
	if (!s->is_wsus) {
		tell_other(b, s);
		return;
	}
	web_raise(&b->env, FINDING_SERVER_BUSY, &s->refusals, s->confidence, "%s",
		  _(finding_row(FINDING_SERVER_BUSY)->cause));
	s->refusals.count = 0;
}

static void tell_stopped(struct busy *b, struct server *s)
{
	bool often = s->total >= 3 || (s->places & (s->places - 1));

	if (!s->refusals.count)
		return;
	if (!s->is_wsus) {
		tell_other(b, s);
		return;
	}
	web_raise(&b->env, FINDING_SERVICE_UNAVAILABLE, &s->refusals,
		  often && s->by_driver ? s->confidence : CONFIDENCE_PROBABLE, "%s",
		  s->by_driver ? _(finding_row(FINDING_SERVICE_UNAVAILABLE)->cause)
			       : _("Every web service asked answers 503, and nothing of the pool works. It "
				 "is stopped, or IIS refuses by a limit; which is not on the wire."));
	s->refusals.count = 0;
}

static unsigned bit_of(enum wsus_place place)
{
	return 1u << place;
}

static unsigned count_bits(unsigned bits)
{
	unsigned n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

/* ---- who asked again ---- */

static struct waiting waiting_of(const struct exchange *x, struct span action)
{
	uint64_t h = hash_bytes(0, x->method);

	h = hash_bytes(h, x->path);
	return (struct waiting){ x->conn->client.addr, hash_bytes(h, action) };
}

static struct waiting *find_waiting(struct server *s, const struct waiting *w)
{
	for (unsigned i = 0; i < s->waiting_count; i++)
		if (s->waiting[i].request == w->request && addr_eq(&s->waiting[i].client, &w->client))
			return &s->waiting[i];
	return NULL;
}

static void wait_for_repeat(struct server *s, const struct exchange *x)
{
	struct waiting w = waiting_of(x, wsus_method(x));

	if (find_waiting(s, &w))
		return;
	if (s->waiting_count < WAITING_MAX)
		s->waiting[s->waiting_count++] = w;
	else
		s->given_up = true;
}

static void note_repeat(struct server *s, const struct exchange *x)
{
	/* Of a request that named no action the path is all that is known. */
	struct span actions[] = { SPAN(""), SPAN("") };

	if (s->waiting_count)
		actions[0] = wsus_method(x);
	for (size_t i = 0; s->waiting_count && i < 2; i++) {
		struct waiting w = waiting_of(x, actions[i]);
		struct waiting *found = find_waiting(s, &w);

		if (found)
			*found = s->waiting[--s->waiting_count];
	}
}

static void note_wire(struct server *s, const struct exchange *x)
{
	if (!s->total && !s->served)
		s->wire = x->conn->wire;
	s->wires_differ |= s->wire != x->conn->wire;
}

/* ---- gathering ---- */

static void name_place(struct server *s, const struct exchange *x)
{
	enum wsus_place place = wsus_exchange_place(x);

	if (place == WSUS_NOWHERE)
		web_printable(x->path.len ? x->path : x->target, s->path, sizeof s->path);
	else
		snprintf(s->path, sizeof s->path, "%s", wsus_place_prefix(place));
}

static void take_refusal(struct busy *b, struct server *s, const struct exchange *x)
{
	unsigned place = bit_of(wsus_exchange_place(x));
	bool driver = x->answered_by.role == ANSWERER_HTTP_SYS;

	if (s->refusals.count)
		web_case_add(&s->refusals, x, true);
	else
		s->refusals = web_case_of(x);
	s->refusals.for_all_clients = true;
	if (!s->row)
		s->row_start = s->refusals;
	if (!s->refused)
		name_place(s, x);
	s->by_driver = driver && (s->by_driver || !s->refused);
	s->confidence = web_confidence(x);
	s->refused = true;
	s->places |= place;
	s->total++;
	s->row++;
	s->row_places |= place;
	wait_for_repeat(s, x);
	if (s->served)
		tell_busy(b, s);
	else if (s->row >= STOPPED_ROW && count_bits(s->places) >= STOPPED_PLACES)
		tell_stopped(b, s);
}

/* Other applications of the same site have pools of their own. */
static bool is_of_others(const struct exchange *x)
{
	return wsus_exchange_place(x) == WSUS_NOWHERE &&
	       !wsus_user_agent(http_header(&x->request, SPAN("User-Agent")));
}

static void fact(void *self, const struct fact *what)
{
	struct busy *b = self;
	const struct exchange *x = what->exchange;
	enum wsus_place place;
	struct server *s;

	if (what->kind != FACT_EXCHANGE || (x->status != 503 && !web_served(x)))
		return;
	if (web_maker(x) == MADE_BY_BOX || !relevance_exchange(b->env.relevance, x))
		return;
	s = server_of(b, x);
	if (!s)
		return;
	place = wsus_exchange_place(x);
	note_wire(s, x);
	if (!s->is_wsus)
		s->is_wsus = wsus_place_is_update(place) && !wsus_microsoft_host(x->host);
	if (x->status == 503) {
		if (web_kind(x) == FINDING_SERVER_BUSY && !is_of_others(x))
			take_refusal(b, s, x);
	} else if (wsus_place_is_soap(place) || s->places & bit_of(place)) {
		s->served++;
		s->row = 0;
		s->row_places = 0;
		note_repeat(s, x);
		tell_busy(b, s);
	}
}

/* It served once, and then nothing but refusals to the end. */
static bool stopped_for_good(const struct server *s)
{
	return s->is_wsus && s->served && s->row >= STOPPED_ROW &&
	       count_bits(s->row_places) >= STOPPED_PLACES;
}

/* Whom a client asked again and was answered by then is slow, but serves. */
static void ease(struct busy *b, const struct server *s)
{
	const struct endpoint *at = &s->refusals.conn.server;

	/* Behind a proxy one address stands for several servers. */
	if (!s->refused || s->refusals.via_proxy)
		return;
	if (s->served && !s->waiting_count && !s->given_up)
		finding_ease(b->env.findings, FINDING_SERVER_BUSY, NULL, at);
	if (!s->wires_differ)
		return;
	finding_doubt(b->env.findings, FINDING_SERVER_BUSY, NULL, at, CONFIDENCE_PROBABLE, NULL);
	finding_doubt(b->env.findings, FINDING_SERVICE_UNAVAILABLE, NULL, at, CONFIDENCE_PROBABLE, NULL);
}

/* At the end, or before it is forgotten. */
static void judge(void *self, void *value)
{
	struct busy *b = self;
	struct server *s = value;
	char clock[CLOCK_TEXT];

	if (!s->served) {
		tell_stopped(b, s);
	} else if (stopped_for_good(s)) {
		s->row_start.count = s->row;
		web_raise(&b->env, FINDING_SERVICE_UNAVAILABLE, &s->row_start, CONFIDENCE_PROBABLE,
			  "The server worked, and since %s every WSUS service asked "
			  "answers 503: the application pool went down then. The reason "
			  "is not on the wire.",
			  moment_clock(s->row_start.first, clock));
	}
	ease(b, s);
}

static void end(void *self, int64_t now)
{
	struct busy *b = self;

	(void)now;
	for (size_t i = 0; i < lately_count(&b->servers); i++)
		if (lately_at(&b->servers, i))
			judge(b, lately_at(&b->servers, i));
}

/* ---- life ---- */

static void *create(const struct analyzer_env *env)
{
	struct busy *b = calloc(1, sizeof *b);

	if (!b)
		return NULL;
	b->env = *env;
	lately_init(&b->servers, SERVERS_MAX, sizeof(struct server), env->limits);
	b->servers.give_up = judge;
	b->servers.self = b;
	return b;
}

static void destroy(void *self)
{
	struct busy *b = self;

	lately_release(&b->servers);
	free(b);
}

const struct analyzer analyzer_busy = {
	.name = "busy",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
