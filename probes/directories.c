/* probes/directories.c - each directory of an update point: does it answer, and as it should?
 *
 * What a status means depends on what is asked: 401 is right for the administration service, 403 for a list
 * of files, and over plain HTTP for what must be forced to TLS.  Where a page is refused that only people
 * read, a call decides.
 */
#include <stdio.h>

#include "base/tongue.h"
#include "facts/wsus.h"
#include "probes/request.h"
#include "probes/serverversion.h"
#include "probes/sites.h"
#include "probes/soapcalls.h"
#include "probes/steps.h"
#include "probes/withouttls.h"

enum kind {
	FRONT,                  /* the site itself */
	LOOK,                   /* ... that was only looked for: is it an update point? */
	SERVICE,
	ADMINISTRATION,         /* wants a login */
	OLD_FILE,               /* for agents of the past */
	LISTING,
	VERSION,
	STAYS_PLAIN,            /* over HTTP, beside an https site */
};

static const struct row {
	enum kind kind;
	const char *name, *path;
} rows[] = {
	{ FRONT, "/", "/" },
	{ LOOK, "update point", "/ClientWebService/client.asmx" },
	{ SERVICE, "SimpleAuthWebService", "/SimpleAuthWebService/SimpleAuth.asmx" },
	{ SERVICE, "ClientWebService", "/ClientWebService/client.asmx" },
	{ SERVICE, "ReportingWebService", "/ReportingWebService/ReportingWebService.asmx" },
	{ SERVICE, "ServerSyncWebService", "/ServerSyncWebService/ServerSyncWebService.asmx" },
	{ SERVICE, "DssAuthWebService", "/DssAuthWebService/DssAuthWebService.asmx" },
	{ ADMINISTRATION, "ApiRemoting30", "/ApiRemoting30/WebService.asmx" },
	{ OLD_FILE, "SelfUpdate/wuident.cab", "/SelfUpdate/wuident.cab" },
	{ LISTING, "Inventory", "/Inventory/" },
	{ VERSION, "wusserverversion.xml", "/ClientWebService/wusserverversion.xml" },
	{ STAYS_PLAIN, "ReportingWebService plain", "/ReportingWebService/ReportingWebService.asmx" },
	{ STAYS_PLAIN, "SelfUpdate plain", "/SelfUpdate/wuident.cab" },
};

#define ROW_COUNT (sizeof rows / sizeof *rows)

enum verdict {
	RIGHT,                  /* as it should be */
	BY_DESIGN,              /* refused, and rightly: no judge is to hear of it */
	ODD,
	WRONG,
	ASK_AGAIN,              /* by a call */
	ASK_LOGIN,              /* do its offers fit? */
	READ_VERSION,
};

/* The first that fits counts; what fits none is WRONG. */
static const struct rule {
	enum kind kind;
	uint16_t from, to;
	enum verdict verdict;
	const char *words;
} rules[] = {
	{ FRONT, 200, 299, RIGHT, "" },
	{ FRONT, 300, 399, ODD, N_(": it leads elsewhere") },
	{ FRONT, 401, 401, BY_DESIGN, N_(": it answers") },
	{ FRONT, 403, 404, BY_DESIGN, N_(": it answers") },
	{ FRONT, 500, 599, ODD, "" },
	{ SERVICE, 200, 200, RIGHT, "" },
	{ SERVICE, 403, 403, ASK_AGAIN, "" },
	{ SERVICE, 405, 405, ASK_AGAIN, "" },
	{ SERVICE, 500, 500, ASK_AGAIN, "" },
	{ ADMINISTRATION, 200, 200, ASK_LOGIN, "" },
	{ ADMINISTRATION, 401, 401, ASK_LOGIN, "" },
	{ OLD_FILE, 200, 200, RIGHT, "" },
	{ OLD_FILE, 401, 404, ODD, N_(": agents up to Windows 8.1 need it") },
	{ LISTING, 200, 200, RIGHT, "" },
	{ LISTING, 403, 403, BY_DESIGN, N_(": it is there, and not to be listed") },
	{ LISTING, 404, 404, BY_DESIGN, N_(": it is not needed") },
	{ VERSION, 200, 200, READ_VERSION, "" },
	{ STAYS_PLAIN, 200, 200, RIGHT, "" },
	{ STAYS_PLAIN, 404, 404, BY_DESIGN, N_(": it is not on the HTTP port") },
	{ STAYS_PLAIN, 405, 405, BY_DESIGN, N_(": it answers") },
	{ STAYS_PLAIN, 500, 500, BY_DESIGN, N_(": it answers") },
	{ STAYS_PLAIN, 403, 403, WRONG, N_(": Require SSL is set where it must not be") },
};

/* What the request under way is for. */
enum turn { THE_PAGE, A_CALL, OVER_TLS };

struct visit {
	struct request request;
	enum turn turn;
	char said[REQUEST_TEXT];        /* by the page */
	unsigned status;
	struct buf call;
	char action[SOAP_ACTION_MAX];
	const char *headers[3];
};

static struct visit *visit_of(struct request *r)
{
	return (struct visit *)r;
}

static const struct row *row_of(const struct request *r)
{
	return &rows[r->step->variant];
}

static void finish(struct request *r, enum check_state state, bool judged, const char *words)
{
	struct visit *v = visit_of(r);
	char said[REQUEST_TEXT];

	memcpy(said, v->said, sizeof said);
	r->step->told.unjudged = !judged;
	buf_release(&v->call);
	request_over(r, state, "%s%s", said, _(words));
}

static void stop(struct step *s)
{
	struct visit *v = s->work;

	if (v)
		buf_release(&v->call);
	request_stop(s);
}

/* A server that is not the one asked for: a proxy that refuses, a login page of the network. */
static bool by_box(const struct fetch_result *result)
{
	struct answerer a = request_maker(result);

	return (result->status >= 400 && answerer_is_box(&a)) || a.role == ANSWERER_PORTAL ||
	       result->status == 407;
}

static bool by_driver(const struct fetch_result *result)
{
	return request_maker(result).role == ANSWERER_HTTP_SYS;
}

/* ---- a page that is refused ---- */

static void call_service(struct request *r)
{
	static const struct span nothing[SOAP_SLOT_COUNT];
	struct visit *v = visit_of(r);
	struct fetch_options o = request_options(r, "POST", row_of(r)->path);

	buf_init(&v->call, REQUEST_KEPT);
	if (!soap_request_write(SOAP_PING, nothing, &v->call)) {
		finish(r, CHECK_FAILED, true, "");
		return;
	}
	v->headers[0] = "Content-Type: text/xml; charset=utf-8";
	v->headers[1] = soap_request_action(SOAP_PING, v->action);
	o.headers = v->headers;
	o.body = buf_span(&v->call);
	v->turn = A_CALL;
	request_send(r, &o);
}

static uint16_t tls_port(const struct site *site)
{
	return site->target.port == 80 ? 443 : (uint16_t)(site->target.port + 1);
}

static void ask_over_tls(struct request *r)
{
	struct fetch_options o = request_elsewhere(r, "GET", true, tls_port(r->step->way->site),
	                                           row_of(r)->path);

	o.tls.insecure = true;          /* whom to trust is not the question here */
	visit_of(r)->turn = OVER_TLS;
	request_send(r, &o);
}

/* 403 without TLS may be a demand for it. */
static void judge_refusal(struct request *r, const char *words)
{
	if (visit_of(r)->status == 403 && !r->step->way->site->target.https && row_of(r)->kind != STAYS_PLAIN)
		ask_over_tls(r);
	else
		finish(r, CHECK_FAILED, true, words);
}

/* A service answers a call that it does not know with a fault: it is there. */
static bool is_soap(const struct fetch_result *result)
{
	struct span type = fetch_header(result, SPAN("Content-Type"));

	return (result->status == 200 || result->status == 500) &&
	       (span_istarts(type, SPAN("text/xml")) || span_istarts(type, SPAN("application/soap+xml")));
}

static void hear_call(struct request *r, const struct fetch_result *result)
{
	if (result->stage == FETCH_DONE && is_soap(result))
		finish(r, CHECK_OK, false, _(" to a look, but it answers calls"));
	else
		judge_refusal(r, "");
}

static void hear_over_tls(struct request *r, const struct fetch_result *result)
{
	bool plain = wsus_place_is_plain(wsus_place(span_text(row_of(r)->path)));
	bool served = result->stage == FETCH_DONE && result->status && result->status != 403 &&
	              result->status != 404;

	if (!served)
		request_aside(r);
	/* of what its users are refused, services for all tell, and why */
	if (served && row_of(r)->kind == ADMINISTRATION)
		finish(r, CHECK_FAILED, false, _(" over HTTP, served over HTTPS"));
	else if (served && plain)
		finish(r, CHECK_FAILED, true, _(" over HTTP, served over HTTPS: Require SSL is set where it "
		                              "must not be"));
	else if (served)
		finish(r, CHECK_FAILED, true, _(" over HTTP, served over HTTPS: WUServer must name that"));
	else
		finish(r, CHECK_FAILED, true, "");
}

/* ---- the first answer ---- */

static void judge_login(struct request *r, const struct fetch_result *result)
{
	bool tried = r->step->plan->options->server_user != NULL, fits = false;

	for (unsigned i = 0; i < result->header_count; i++)
		if (span_ieq(result->headers[i].name, SPAN("WWW-Authenticate")))
			fits = fits || span_istarts(result->headers[i].value, SPAN("Negotiate")) ||
			       span_istarts(result->headers[i].value, SPAN("NTLM"));
	if (result->status == 200)
		finish(r, tried ? CHECK_OK : CHECK_WARNING, true, tried ? "" : _(": it asks for no login"));
	else if (tried)
		finish(r, CHECK_FAILED, true, _(": the login is refused"));
	else if (fits)
		finish(r, CHECK_OK, false, _(": it asks for a login, as it should"));
	else
		finish(r, CHECK_WARNING, true, _(": it offers neither Negotiate nor NTLM"));
}

static void judge_version(struct request *r, const struct fetch_result *result)
{
	char version[SERVER_VERSION_MAX], words[SERVER_VERSION_MAX + 80];
	const char *product;
	bool old;

	if (!server_version_read(result->body, version)) {
		finish(r, CHECK_WARNING, true, _(": there is no version in it"));
		return;
	}
	product = server_version_product(span_text(version), &old);
	snprintf(words, sizeof words, ": %s, %s", version, product);
	finish(r, old ? CHECK_WARNING : CHECK_OK, true, words);
}

static const struct rule *rule_for(enum kind kind, unsigned status)
{
	static const struct rule wrong = { .verdict = WRONG, .words = "" };

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].kind == kind && status >= rules[i].from && status <= rules[i].to)
			return &rules[i];
	return &wrong;
}

static void judge_status(struct request *r, const struct fetch_result *result)
{
	const struct rule *rule = rule_for(row_of(r)->kind, result->status);

	switch (rule->verdict) {
	case RIGHT:        finish(r, CHECK_OK, true, rule->words); break;
	case BY_DESIGN:    finish(r, CHECK_OK, false, rule->words); break;
	case ODD:          finish(r, CHECK_WARNING, true, rule->words); break;
	case WRONG:        judge_refusal(r, rule->words); break;
	case ASK_AGAIN:    call_service(r); break;
	case ASK_LOGIN:    judge_login(r, result); break;
	case READ_VERSION: judge_version(r, result); break;
	}
}

/* Ports 8530 and 8531 are nobody else's: there an update point may be broken; others may serve anything. */
static void judge_look(struct request *r, const struct fetch_result *result)
{
	unsigned status = result->status;
	bool own = wsus_port(r->step->way->site->target.port);

	if (status == 200)
		finish(r, CHECK_OK, true, "");
	else if (own && (status == 401 || status >= 405) && !by_box(result))
		finish(r, CHECK_WARNING, true, "");
	else
		finish(r, CHECK_SKIPPED, false, status == 403 ? _(": not here") : _(": no update point"));
}

static void hear_page(struct request *r, const struct fetch_result *result)
{
	enum kind kind = row_of(r)->kind;

	request_said(result, visit_of(r)->said);
	visit_of(r)->status = result->status;
	if (result->stage == FETCH_CONNECT && kind == STAYS_PLAIN)
		finish(r, CHECK_OK, false, _(": it is not served over HTTP"));
	else if (result->stage != FETCH_DONE)
		finish(r, CHECK_FAILED, true, "");
	else if (kind == LOOK)
		judge_look(r, result);
	else if (by_box(result))
		finish(r, CHECK_FAILED, true, "");
	else if (kind == FRONT && by_driver(result) && result->status < 500)
		finish(r, CHECK_FAILED, true, _(": no site is bound to this name and port"));
	else
		judge_status(r, result);
}

static void heard(struct request *r, const struct fetch_result *result)
{
	switch (visit_of(r)->turn) {
	case THE_PAGE: hear_page(r, result); break;
	case A_CALL:   hear_call(r, result); break;
	case OVER_TLS: hear_over_tls(r, result); break;
	}
}

static void start(struct step *s)
{
	struct visit *v = request_new(s, sizeof *v, heard);
	struct fetch_options o;

	if (!v)
		return;
	if (rows[s->variant].kind == STAYS_PLAIN)
		o = request_elsewhere(&v->request, "GET", false, request_plain_port(s->way->site),
		                      rows[s->variant].path);
	else
		o = request_options(&v->request, "GET", rows[s->variant].path);
	request_send(&v->request, &o);
}

static const struct step_kind directory = { .rung = CHECK_HTTP, .start = start, .stop = stop };

/* A site that was only looked for is asked at once what counts.  Rows of the plain neighbour are for https
 * sites, and not for those whose neighbour has rows of its own. */
static bool is_due(const struct way *way, enum kind kind)
{
	const struct target *own = &way->site->target;

	if (kind == FRONT || kind == LOOK)
		return (kind == FRONT) == way->site->asked_for;
	if (kind != STAYS_PLAIN)
		return true;
	if (!own->https || way->proxy)
		return false;
	for (const struct site *s = way->plan->sites; s; s = s->next)
		if (s->asked_for && !s->target.https && s->target.port == request_plain_port(way->site) &&
		    !strcmp(s->target.host, own->host))
			return false;
	return true;
}

static struct step *add(struct plan *p, struct way *way, size_t i)
{
	struct step *s = plan_add(p, &directory, way, NULL, NULL, rows[i].name);

	if (!s)
		return NULL;
	s->variant = (unsigned)i;
	if (rows[i].kind == STAYS_PLAIN)
		step_sends(s, "GET %s over HTTP, to port %u", rows[i].path, request_plain_port(way->site));
	else
		step_sends(s, "GET %s%s", rows[i].path,
		           rows[i].kind == SERVICE ? _("; refused: Ping, and over HTTPS") : "");
	return s;
}

bool directories_plan(struct plan *p, struct way *way)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		struct step *s = is_due(way, rows[i].kind) ? add(p, way, i) : NULL;

		if (!s && is_due(way, rows[i].kind))
			return false;
		if (!s)
			continue;
		if (rows[i].kind == FRONT || rows[i].kind == LOOK) {
			step_needs(s, way->reach);
			step_needs(s, way->tls);
			way->http = s;
		} else {
			step_needs(s, way->http);
		}
	}
	return without_tls_plan(p, way) && sites_plan(p, way);
}
