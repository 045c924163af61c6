/* analyzers/suspicious.c - signs of a forged update server, and of attacks on a true one.
 *
 * A forged server makes clients install what it likes: whoever sits on the path of plain HTTP can be one.
 * Its answers are made by other hands than WSUS's, and show it.  CVE-2025-59287 goes the other way: a cookie
 * that is a program, sent to a server by somebody who is no client.  Each sign has points; below THRESHOLD of
 * them nothing is said, for any single one has innocent causes.  Microsoft's own servers are not judged.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/suspect.h"
#include "base/tongue.h"

enum { CASES_MAX = 4096, THRESHOLD = 50, SURE = 90, SIGNS_TOLD = 3, SIGNS_TEXT = 480 };

#define PATIENCE (30 * MOMENT_S)
#define ROUND    (5 * MOMENT_S)

static const struct sign_row {
	int points;
	const char *text;
} rows[] = {
#define X(symbol, points, text) [SIGN_##symbol] = { points, text },
	SIGNS(X)
#undef X
};

/* A server and what it answers; or a client and what it asks of a server. */
struct suspect {
	struct connection conn;         /* parties of the first sign */
	bool is_client, pending, via_proxy;
	unsigned signs;                 /* bits 1u << enum sign */
	int64_t first, last;
	char host[80];                  /* that the server is asked by */
	struct evidence evidence[FINDING_EVIDENCE];
	unsigned evidence_count;
};

struct suspicious {
	struct analyzer_env env;
	struct map suspects;
	struct suspect_past past;
	int64_t looked;
};

static void *create(const struct analyzer_env *env)
{
	struct suspicious *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->env = *env;
	s->looked = MOMENT_NONE;
	map_init(&s->suspects, CASES_MAX);
	suspect_past_init(&s->past);
	return s;
}

static void destroy(void *self)
{
	struct suspicious *s = self;

	map_release_values(&s->suspects);
	suspect_past_release(&s->past);
	free(s);
}

/* ---- verdicts ---- */

static int points_of(unsigned signs)
{
	int points = 0;

	for (unsigned i = 0; i < SIGN_COUNT; i++)
		if (signs & 1u << i)
			points += rows[i].points;
	return points;
}

/* The heaviest of them; SIGN_COUNT: there are none. */
static unsigned heaviest(unsigned signs)
{
	unsigned best = SIGN_COUNT;

	for (unsigned i = 0; i < SIGN_COUNT; i++)
		if (signs & 1u << i && (best == SIGN_COUNT || rows[i].points > rows[best].points))
			best = i;
	return best;
}

/* The heaviest signs in words; the evidence has all. */
static const char *list_signs(unsigned signs, char text[static SIGNS_TEXT])
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned told = 0; told < SIGNS_TOLD && signs && len < SIGNS_TEXT; told++) {
		unsigned sign = heaviest(signs);

		len += (size_t)snprintf(text + len, SIGNS_TEXT - len, "%s%s", told ? "; " : "",
					_(rows[sign].text));
		signs &= ~(1u << sign);
	}
	return text;
}

static void judge(struct suspicious *s, struct suspect *c)
{
	static const char attack[] =
		N_("Who is the client, and why does it call WSUS? Take it off the network until that "
		   "is known\n"
		"Patch WSUS at once (CVE-2025-59287), and let nobody but clients reach 8530 and 8531\n"
		"Look for processes that w3wp.exe or wsusservice.exe started on the server");
	char signs[SIGNS_TEXT], cause[CAUSE_TEXT];
	struct raise what = { .kind = FINDING_SUSPICIOUS_UPDATE_SERVER, .severity = SEVERITY_OF_KIND };
	int points = points_of(c->signs);

	if (points < THRESHOLD)
		return;
	c->pending = false;
	list_signs(c->signs, signs);
	if (c->is_client)
		tongue_say(cause, sizeof cause, "Requests look like an attack on WSUS (CVE-2025-59287): %s.",
			 signs);
	else
		tongue_say(cause, sizeof cause, "%s answers as a forged update server would: %s.",
			   c->host[0] ? c->host : _("The server"), signs);
	what.confidence = points >= SURE ? CONFIDENCE_PROBABLE : CONFIDENCE_POSSIBLE;
	what.conn = &c->conn;
	what.via = c->via_proxy ? &c->conn.server : NULL;
	what.for_all_clients = !c->is_client;
	what.title = c->is_client ? N_("Somebody may be attacking the update server") : NULL;
	what.remedy = c->is_client ? attack : NULL;
	what.cause = cause;
	what.time = c->first;
	what.until = c->last;
	what.evidence = c->evidence;
	what.evidence_count = c->evidence_count;
	finding_raise(s->env.findings, &what);
}

static void look(struct suspicious *s, int64_t before)
{
	for (size_t i = 0; i < s->suspects.count; i++) {
		struct suspect *c = s->suspects.entries[i].value;

		if (c && c->pending && c->first < before)
			judge(s, c);
	}
}

/* ---- gathering ---- */

static struct suspect *suspect_of(struct suspicious *s, const struct exchange *x, bool is_client)
{
	struct server_key server = web_server_key(x);
	uint8_t key[sizeof server.bytes + 17] = { is_client };
	size_t len = 1;
	struct suspect *c;

	if (is_client) {
		memcpy(key + len, x->conn->client.addr.bytes, 16);
		len += 16;
	}
	memcpy(key + len, server.bytes, server.len);
	c = map_value(&s->suspects, span_of(key, len + server.len), sizeof *c);
	if (!c) {
		limit_add(s->env.limits, LIMIT_FINDING_CEILING, 1);
		return NULL;
	}
	if (c->signs)
		return c;
	c->is_client = is_client;
	c->pending = true;
	c->via_proxy = x->via_proxy;
	c->first = c->last = x->request.first_time;
	c->conn.id = x->conn->id;
	c->conn.client = x->conn->client;
	c->conn.server = x->conn->server;
	web_printable(x->host, c->host, sizeof c->host);
	return c;
}

static void note(void *self, const struct exchange *x, enum sign sign, const char *what)
{
	struct suspicious *s = self;
	bool is_client = sign >= SIGN_FIRST_OF_CLIENT;
	struct suspect *c = suspect_of(s, x, is_client);
	struct evidence seen;

	if (!c || c->signs & 1u << sign)
		return;
	c->signs |= 1u << sign;
	c->last = x->request.first_time;
	seen = evidence_at(is_client ? x->request.first_frame : x->response.first_frame, "%s%s%.120s",
			   _(rows[sign].text), what[0] ? ": " : "", what);
	evidence_keep(c->evidence, &c->evidence_count, &seen);
}

static void fact(void *self, const struct fact *what)
{
	struct suspicious *s = self;
	const struct exchange *x = what->exchange;

	if (s->looked == MOMENT_NONE || what->time < s->looked || what->time - s->looked >= ROUND) {
		s->looked = what->time;
		look(s, what->time - PATIENCE);
	}
	if (what->kind != FACT_EXCHANGE || !x->soap || !x->request.present ||
	    !relevance_exchange(s->env.relevance, x) || wsus_microsoft_host(x->host))
		return;
	suspect_answer(&s->past, x, note, s);
	suspect_request(&s->past, x, note, s);
}

static void end(void *self, int64_t now)
{
	(void)now;
	look(self, INT64_MAX);
}

const struct analyzer analyzer_suspicious = {
	.name = "suspicious",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
