/* analyzers/answers.c - refusals by the server itself, 401 and 503 aside.
 *
 * What a refusal means depends on what else the server does: whether it serves this directory to
 * others, this path to another method, or itself under another name.  So refusals wait a while, by
 * kind, client, server and place, and are then held against what was served (served.h).
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/loginwords.h"
#include "analyzers/served.h"
#include "base/tongue.h"

enum { REFUSALS_MAX = 4096, KEY_MAX = 256, METHOD_TEXT = 24, WORDS_TEXT = 80 };

#define PATIENCE (30 * MOMENT_S)
#define ROUND    (5 * MOMENT_S)

struct refusal {
	struct web_case failures;
	struct server_key server;
	bool pending;
	bool served_since;              /* the same client, at the same place */
	enum finding_kind kind;         /* as the exchange alone shows it */
	enum confidence confidence;
	enum wsus_place place;
	uint16_t status;
	bool old_agent;                 /* needs the self-update tree */
	bool by_driver;                 /* HTTP.sys signed it */
	bool in_tls;                    /* read out of TLS */
	bool is_file;                   /* that is missing: see web_is_absent_file */
	char method[METHOD_TEXT];
	char path[SERVED_TEXT];
	char host[SERVED_TEXT];
	char words[WORDS_TEXT];         /* the server's own */
	char account[LOGIN_ACCOUNT_TEXT];       /* that the request logs in with */
};

struct answers {
	struct analyzer_env env;
	struct served_map served;
	struct lately refusals;
	bool forbidden;                 /* there ever was a 403 */
	int64_t looked;
};

/* ---- what is refused by design ---- */

static bool reads(const struct exchange *x)
{
	return span_eq(x->method, SPAN("GET")) || span_eq(x->method, SPAN("HEAD"));
}

static bool by_update_agent(const struct exchange *x)
{
	return wsus_user_agent(http_header(&x->request, SPAN("User-Agent")));
}

static struct span last_part(struct span path)
{
	size_t at = path.len;

	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return span_skip(path, at);
}

/* Listing a directory, or a name without extension in /Content, is refused by every update point, and files
 * of the SUS and WSUS 2 days are missing from it; and Explorer asks every server whether it speaks WebDAV.
 * Whoever asks learns nothing, and nothing is broken. */
static bool is_by_design(const struct exchange *x)
{
	struct span last = last_part(x->path);
	bool directory = !last.len || span_byte(last, '.') == SIZE_MAX;
	enum wsus_place place = wsus_exchange_place(x);

	if (x->status == 416 && (span_eq(x->method, SPAN("HEAD")) || http_range_is_done(x)))
		return true;
	if (x->status == 405 && place == WSUS_NOWHERE && !by_update_agent(x))
		return true;
	if (!reads(x) || (x->status != 403 && x->status != 404))
		return false;
	if (directory && (!by_update_agent(x) || (place == WSUS_CONTENT && x->status == 403)))
		return true;
	if (span_ieq(last, SPAN("iuident.cab")) || span_ieq(last, SPAN("wutrack.bin")))
		return true;
	return x->status == 404 && place == WSUS_NOWHERE && !by_update_agent(x);
}

/* ---- verdicts ---- */

static const char *place_text(const struct refusal *r)
{
	return r->place == WSUS_NOWHERE ? r->path : wsus_place_prefix(r->place);
}

/* ": 403.14 - Forbidden", or "". */
static const char *own_words(const struct refusal *r, char text[static WORDS_TEXT + 4])
{
	text[0] = '\0';
	if (r->words[0])
		snprintf(text, WORDS_TEXT + 4, ": %s", r->words);
	return text;
}

/* Of the web services, those that may demand TLS: reports are taken over HTTP all the same. */
static bool serves_guarded(const struct served *s)
{
	return s && served_soap(s) > s->at[WSUS_REPORTING];
}

/* For 403: who else gets what. */
static void judge_forbidden(struct answers *a, const struct refusal *r, const struct served *s)
{
	const struct analyzer_env *env = &a->env;
	const struct web_case *c = &r->failures;
	const char *place = place_text(r);
	char said[WORDS_TEXT + 4];
	bool tls = !r->in_tls && served_over_tls(&a->served, &c->conn.server.addr);
	bool none_here = !s || !s->at[r->place];

	if (r->place == WSUS_API)
		web_raise(env, FINDING_ADMIN_API_DENIED, c, r->confidence,
			  "The administration service refuses the caller%s%s (403%s).",
			  r->account[0] ? ", " : "", r->account, own_words(r, said));
	else if (tls && none_here && wsus_place_is_plain(r->place))
		web_raise(env, FINDING_SSL_REQUIRED, c, CONFIDENCE_PROBABLE,
			  "%s is refused over HTTP (403) while the server speaks HTTPS: Require "
			  "SSL is set "
			  "on a directory that must stay plain.",
			  place);
	else if (tls && none_here && wsus_place_is_soap(r->place) && !serves_guarded(s))
		web_raise(env, FINDING_SSL_REQUIRED, c, CONFIDENCE_PROBABLE,
			  "The web services are refused over HTTP (403) while the server speaks HTTPS: "
			  "they require TLS, and this client's WUServer still says http.");
	else if (r->place != WSUS_NOWHERE && !r->served_since &&
	         served_to_others(s, r->place, &c->conn.client.addr))
		web_raise(env, FINDING_IP_RESTRICTED, c, CONFIDENCE_PROBABLE,
			  "%s is refused to this client (403) and served to others: the site allows or "
			  "refuses clients by their address.",
			  place);
	else if (r->place == WSUS_SELFUPDATE && (r->old_agent || relevance_is_probe(env->relevance)))
		web_raise(env, FINDING_SELFUPDATE_MISSING, c, r->confidence,
			  "The self-update tree is refused (403) to an agent that stops without it.");
	else
		web_raise(env, FINDING_FORBIDDEN, c, r->confidence,
			  "%s is refused (403%s). The reason is in the server's log (IIS: the sub-status).",
			  place, own_words(r, said));
}

static void judge_missing(struct answers *a, const struct refusal *r, const struct served *s)
{
	const struct web_case *c = &r->failures;
	const char *method = served_other_method(s, r->path, r->method);
	const char *host = served_other_host(s, r->host);

	if (r->by_driver && host)
		web_raise(&a->env, FINDING_BAD_HOST_NAME, c, r->confidence,
			  "HTTP.sys knows no site for the name %s (404), while the server answers "
			  "to %s.",
			  r->host, host);
	else if (r->by_driver)
		web_raise(&a->env, FINDING_NOT_FOUND, c, r->confidence,
			  "HTTP.sys answers 404 by itself: no site is registered for %s on this "
			  "port. The "
			  "site is stopped, or another program owns the port.",
			  r->host);
	else if (r->is_file)
		return;                 /* content.c knows what it is, and whether it came later */
	else if (r->place == WSUS_SELFUPDATE)
		web_raise(&a->env, FINDING_SELFUPDATE_MISSING, c, r->confidence,
			  "%s is missing (404), and %s its scan without it.", r->path,
			  r->old_agent ? _("this agent stops") : _("an agent up to Windows 8.1 stops"));
	else if (method)
		web_raise(&a->env, FINDING_VERB_BLOCKED, c, CONFIDENCE_PROBABLE,
			  "%s answers %s but says 404 to %s: request filtering or a device blocks the "
			  "method.",
			  r->path, method, r->method);
	else if (!wsus_place_is_update(r->place))
		web_raise(&a->env, FINDING_NOT_FOUND, c, r->confidence, "The server has no %s (404).",
			  r->path);
	else if (s && s->at[r->place])
		web_raise(&a->env, FINDING_NOT_FOUND, c, r->confidence,
			  "The server has no %s (404), though it serves others in %s.", r->path,
			  wsus_place_prefix(r->place));
	else
		web_raise(&a->env, FINDING_NOT_FOUND, c, r->confidence,
			  "The server has no %s (404): the virtual directory %s is missing or "
			  "damaged, or "
			  "this is not the WSUS site.",
			  r->path, wsus_place_prefix(r->place));
}

static void judge_error(struct answers *a, const struct refusal *r, const struct served *s)
{
	bool files = s && (s->at[WSUS_CONTENT] || s->at[WSUS_SELFUPDATE]);
	char said[WORDS_TEXT + 4];

	if (files && !served_soap(s))
		web_raise(&a->env, FINDING_SERVER_ERROR, &r->failures, r->confidence,
			  "Files are served and every web service fails inside (500%s): the "
			  "database is "
			  "down, or ASP.NET is broken.",
			  own_words(r, said));
	else
		web_raise(&a->env, FINDING_SERVER_ERROR, &r->failures, r->confidence,
			  "%s fails inside (500%s), without a fault that WSUS itself would send.",
			  place_text(r), own_words(r, said));
}

static void judge_bad_host(struct answers *a, const struct refusal *r, const struct served *s)
{
	const char *host = served_other_host(s, r->host);

	web_raise(&a->env, FINDING_BAD_HOST_NAME, &r->failures, r->confidence,
		  host ? N_("HTTP.sys knows no site for the name %s (400 Invalid Hostname), while the "
			    "server answers to %s: the site has bindings with a host name, and the client "
			    "uses another.")
		       : N_("HTTP.sys knows no site for the name %s (400 Invalid Hostname): the site has "
			    "bindings with a host name, and the client uses another."),
		  r->host, host);
}

static void judge_rest(struct answers *a, const struct refusal *r)
{
	const struct analyzer_env *env = &a->env;
	const struct web_case *c = &r->failures;
	char said[WORDS_TEXT + 4];

	own_words(r, said);
	if (r->kind == FINDING_VERB_BLOCKED)
		web_raise(env, r->kind, c, r->confidence, "%s requests to %s are blocked (%u%s).",
			  r->method, r->path, r->status, said);
	else if (r->kind == FINDING_REQUEST_TOO_LARGE)
		web_raise(env, r->kind, c, r->confidence,
			  r->status == 413   ? N_("The body of the request is too large (%u%s).")
			  : r->status == 414 ? N_("The address of the request is too large (%u%s).")
					     : N_("The head of the request is too large (%u%s)."),
			  r->status, said);
	else if (r->kind == FINDING_HTTP_ERROR)
		web_raise(env, r->kind, c, r->confidence, "%s %s is refused with %u%s.", r->method,
			  r->path, r->status, said);
	else
		web_raise(env, r->kind, c, r->confidence, "%s", _(finding_row(r->kind)->cause));
}

/* Files that the TLS port hands out to nobody are served on its plain neighbour, as WSUS means it. */
static bool is_content_over_tls(const struct refusal *r, const struct served *s)
{
	return r->in_tls && r->place == WSUS_CONTENT && (!s || !s->at[WSUS_CONTENT]) &&
	       (r->kind == FINDING_FORBIDDEN || r->kind == FINDING_NOT_FOUND);
}

static void judge(struct answers *a, struct refusal *r)
{
	const struct served *s = served_by(&a->served, &r->server);

	r->pending = false;
	if (is_content_over_tls(r, s))
		web_raise(&a->env, FINDING_CONTENT_OVER_TLS, &r->failures, CONFIDENCE_PROBABLE,
			  "Update files are asked for over TLS on port %u and refused (%u): WSUS serves them "
			  "over plain HTTP, one port below.",
			  r->failures.conn.server.port, r->status);
	else if (r->kind == FINDING_FORBIDDEN)
		judge_forbidden(a, r, s);
	else if (r->kind == FINDING_NOT_FOUND)
		judge_missing(a, r, s);
	else if (r->kind == FINDING_SERVER_ERROR)
		judge_error(a, r, s);
	else if (r->kind == FINDING_BAD_HOST_NAME)
		judge_bad_host(a, r, s);
	else
		judge_rest(a, r);
}

static void judge_old(struct answers *a, int64_t now)
{
	if (a->looked != MOMENT_NONE && now >= a->looked && now - a->looked < ROUND)
		return;
	a->looked = now;
	for (size_t i = 0; i < lately_count(&a->refusals); i++) {
		struct refusal *r = lately_at(&a->refusals, i);

		if (r && r->pending && now - r->failures.first > PATIENCE)
			judge(a, r);
	}
}

/* ---- gathering ---- */

/* What makes one cause: the directory, and for what lies nowhere, or is about a method or a name, that
 * too.  Returns the length of the key. */
static size_t key_of(const struct exchange *x, enum finding_kind kind, uint16_t status,
		     char key[static KEY_MAX])
{
	char client[ADDR_TEXT], server[ENDPOINT_TEXT];
	char path[SERVED_TEXT] = "", method[METHOD_TEXT] = "", host[SERVED_TEXT] = "";
	enum wsus_place place = wsus_exchange_place(x);
	int len;

	if (place == WSUS_NOWHERE)
		web_printable(x->path, path, sizeof path);
	if (kind == FINDING_VERB_BLOCKED || kind == FINDING_NOT_FOUND)
		web_printable(x->method, method, sizeof method);
	if (kind == FINDING_BAD_HOST_NAME || kind == FINDING_NOT_FOUND || x->via_proxy)
		web_printable(x->host, host, sizeof host);
	addr_text(&x->conn->client.addr, client);
	endpoint_text(&x->conn->server, server);
	len = snprintf(key, KEY_MAX, "%d %u %s %s %d %s %s %s", kind, status, client, server, place,
		       method, path, host);
	return (size_t)len < KEY_MAX ? (size_t)len : KEY_MAX - 1;
}

static struct refusal *find(struct answers *a, const struct exchange *x, enum finding_kind kind)
{
	char key[KEY_MAX];

	return lately_value(&a->refusals, span_of(key, key_of(x, kind, x->status, key)));
}

static void begin(struct refusal *r, const struct exchange *x, enum finding_kind kind)
{
	struct span agent = http_header(&x->request, SPAN("User-Agent"));

	memset(r, 0, sizeof *r);
	r->pending = true;
	r->kind = kind;
	r->failures = web_case_of(x);
	r->server = web_server_key(x);
	r->confidence = web_confidence(x);
	r->place = wsus_exchange_place(x);
	r->status = x->status;
	r->old_agent = wsus_user_agent_self_updates(agent);
	r->by_driver = x->answered_by.role == ANSWERER_HTTP_SYS;
	r->in_tls = x->tls != NULL;
	r->is_file = web_is_absent_file(x);
	web_printable(x->method, r->method, sizeof r->method);
	web_printable(x->path.len ? x->path : x->target, r->path, sizeof r->path);
	web_printable(x->host, r->host, sizeof r->host);
	web_printable(x->answered_by.error, r->words, sizeof r->words);
	login_account(&x->server_auth, r->account);
}

static bool is_ours(enum finding_kind kind)
{
	static const enum finding_kind ours[] = {
		FINDING_FORBIDDEN, FINDING_NOT_FOUND, FINDING_SERVER_ERROR, FINDING_BAD_HOST_NAME,
		FINDING_VERB_BLOCKED, FINDING_REQUEST_TOO_LARGE, FINDING_HTTP_ERROR, FINDING_SSL_REQUIRED,
		FINDING_IP_RESTRICTED,
	};

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (ours[i] == kind)
			return true;
	return false;
}

static void take_refusal(struct answers *a, const struct exchange *x)
{
	enum finding_kind kind = web_kind(x);
	bool old = wsus_user_agent_self_updates(http_header(&x->request, SPAN("User-Agent")));
	struct refusal *r;

	if (!is_ours(kind) || !x->request.present || is_by_design(x))
		return;
	/* Current servers have no self-update tree, and current agents do not ask for one. */
	if (kind == FINDING_NOT_FOUND && wsus_exchange_place(x) == WSUS_SELFUPDATE && !old &&
	    !relevance_is_probe(a->env.relevance))
		return;
	r = find(a, x, kind);
	if (r && r->pending)
		web_case_add(&r->failures, x, true);
	else if (r)
		begin(r, x, kind);
	a->forbidden = a->forbidden || kind == FINDING_FORBIDDEN;
}

/* A client that was refused and then served at the same place is not refused for what it is. */
static void note_success(struct answers *a, const struct exchange *x)
{
	char key[KEY_MAX];
	struct refusal *r;

	if (!a->forbidden)
		return;
	r = lately_find(&a->refusals, span_of(key, key_of(x, FINDING_FORBIDDEN, 403, key)));
	if (r)
		r->served_since = true;
}

static void fact(void *self, const struct fact *what)
{
	struct answers *a = self;
	const struct exchange *x = what->exchange;

	judge_old(a, what->time);
	served_fact(&a->served, what);
	if (what->kind != FACT_EXCHANGE || !x->status)
		return;
	if (web_served(x))
		note_success(a, x);
	else if (relevance_exchange(a->env.relevance, x))
		take_refusal(a, x);
}

static void end(void *self, int64_t now)
{
	struct answers *a = self;

	(void)now;
	for (size_t i = 0; i < lately_count(&a->refusals); i++) {
		struct refusal *r = lately_at(&a->refusals, i);

		if (r && r->pending)
			judge(a, r);
	}
}

/* ---- life ---- */

/* What was refused is told before it is forgotten. */
static void give_up(void *self, void *value)
{
	struct refusal *r = value;

	if (r->pending)
		judge(self, r);
}

static void *create(const struct analyzer_env *env)
{
	struct answers *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	a->env = *env;
	a->looked = MOMENT_NONE;
	served_init(&a->served, env->limits);
	lately_init(&a->refusals, REFUSALS_MAX, sizeof(struct refusal), env->limits);
	a->refusals.give_up = give_up;
	a->refusals.self = a;
	return a;
}

static void destroy(void *self)
{
	struct answers *a = self;

	lately_release(&a->refusals);
	served_release(&a->served);
	free(a);
}

const struct analyzer analyzer_answers = {
	.name = "answers",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
