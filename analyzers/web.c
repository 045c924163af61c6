/* analyzers/web.c - statuses, makers and words of HTTP failures. */
#include "analyzers/web.h"

#include <stdarg.h>
#include <stdio.h>

#include "analyzers/rungs.h"
#include "base/tongue.h"
#include "facts/tls.h"
#include "facts/updatefile.h"

enum { TARGET_TEXT = 130 };

#define IDLE     (2 * MOMENT_S)         /* so long unused, a server may close */
#define CROSSING (200 * MOMENT_MS)      /* a round trip, and a server in no hurry */

struct server_key web_server_key(const struct exchange *x)
{
	const struct endpoint *server = &x->conn->server;
	size_t host = x->via_proxy ? x->host.len : 0;
	struct server_key k;

	if (host > SERVER_KEY_HOST)
		host = SERVER_KEY_HOST;
	memcpy(k.bytes, server->addr.bytes, 16);
	k.bytes[16] = (uint8_t)(server->port >> 8);
	k.bytes[17] = (uint8_t)server->port;
	if (host)
		memcpy(k.bytes + 18, x->host.at, host);
	k.len = 18 + host;
	return k;
}

bool web_served(const struct exchange *x)
{
	return x->status >= 200 && x->status < 400;
}

/* In TLS a server takes leave before it closes (close_notify): it did so on purpose.  NULL: it did not. */
static const struct tls_alert *leave_of(const struct tls_session *t)
{
	for (unsigned i = 0; t && i < t->alert_count && i < TLS_ALERTS_KEPT; i++)
		if (t->alerts[i].by == SERVER && !t->alerts[i].encrypted && !t->alerts[i].description)
			return &t->alerts[i];
	return NULL;
}

bool web_crossed_close(const struct exchange *x)
{
	const struct connection *c = x->conn;
	const struct tls_alert *leave = leave_of(x->tls);
	int64_t waited = c->last_time - x->request.last_time;

	if (x->number == 0)
		return false;
	if (leave && leave->frame < x->request.first_frame)
		return true;
	if (x->idle_before <= IDLE)
		return false;
	return (leave && waited < CROSSING) || (c->side[SERVER].fin_frame && waited < IDLE);
}

enum web_maker web_maker(const struct exchange *x)
{
	switch (x->answered_by.role) {
	case ANSWERER_HTTP_SYS:
	case ANSWERER_IIS:
	case ANSWERER_WSUS:
	case ANSWERER_WEB_SERVER:
		return MADE_BY_SERVER;
	case ANSWERER_REVERSE:
	case ANSWERER_PROXY:
	case ANSWERER_FILTER:
	case ANSWERER_PORTAL:
		return MADE_BY_BOX;
	case ANSWERER_UNKNOWN:
	case ANSWERER_ROLE_COUNT:
		break;
	}
	/* Nobody signed: asked of a proxy, a gateway's status is the proxy's own. */
	if (!x->via_proxy || x->tunnel)
		return MADE_BY_SERVER;
	return x->status == 407 || x->status >= 502 ? MADE_BY_BOX : MADE_BY_UNSURE;
}

/* ---- what a status means ---- */

static bool says(const struct exchange *x, struct span words)
{
	return span_ifind(x->answered_by.error, words) != SIZE_MAX ||
	       span_ifind(x->reason, words) != SIZE_MAX;
}

/* Words by which servers and boxes name the cause, and the kind it is. */
static const struct words_row {
	uint16_t from, to;
	bool by_box;
	struct span words;
	enum finding_kind kind;
} words[] = {
	{ 400, 599, true, SPAN_LIT("ERR_DNS_FAIL"), FINDING_PROXY_NAME_NOT_RESOLVED },
	{ 400, 599, true, SPAN_LIT("dns_unresolved"), FINDING_PROXY_NAME_NOT_RESOLVED },
	{ 400, 599, true, SPAN_LIT("dns_server_failure"), FINDING_PROXY_NAME_NOT_RESOLVED },
	{ 400, 599, true, SPAN_LIT("host was not found"), FINDING_PROXY_NAME_NOT_RESOLVED },
	{ 400, 599, true, SPAN_LIT("11001"), FINDING_PROXY_NAME_NOT_RESOLVED },
	{ 400, 599, true, SPAN_LIT("DNS lookup failure"), FINDING_PROXY_NAME_NOT_RESOLVED },
	{ 400, 400, false, SPAN_LIT("hostname is invalid"), FINDING_BAD_HOST_NAME },
	{ 400, 400, false, SPAN_LIT("Invalid Hostname"), FINDING_BAD_HOST_NAME },
	{ 400, 400, false, SPAN_LIT("too long"), FINDING_REQUEST_TOO_LARGE },
	{ 400, 400, false, SPAN_LIT("verb is invalid"), FINDING_VERB_BLOCKED },
	{ 400, 400, false, SPAN_LIT("Invalid Verb"), FINDING_VERB_BLOCKED },
	{ 403, 403, false, SPAN_LIT("403.4 "), FINDING_SSL_REQUIRED },
	{ 403, 403, false, SPAN_LIT("403.5 "), FINDING_SSL_REQUIRED },
	{ 403, 403, false, SPAN_LIT("Secure Sockets Layer"), FINDING_SSL_REQUIRED },
	{ 403, 403, false, SPAN_LIT("403.6 "), FINDING_IP_RESTRICTED },
	{ 403, 403, false, SPAN_LIT("IP address"), FINDING_IP_RESTRICTED },
	{ 403, 403, false, SPAN_LIT("403.7 "), FINDING_CLIENT_CERTIFICATE_DEMANDED },
	{ 403, 403, false, SPAN_LIT("client certificate"), FINDING_CLIENT_CERTIFICATE_DEMANDED },
	{ 404, 404, false, SPAN_LIT("404.6 "), FINDING_VERB_BLOCKED },
	{ 404, 404, false, SPAN_LIT("404.13 "), FINDING_REQUEST_TOO_LARGE },
};

static enum finding_kind by_words(const struct exchange *x, bool by_box)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const struct words_row *row = &words[i];

		if (row->by_box != by_box || x->status < row->from || x->status > row->to)
			continue;
		if (says(x, row->words))
			return row->kind;
	}
	return FINDING_KIND_COUNT;
}

static bool is_connect(const struct exchange *x)
{
	return span_eq(x->method, SPAN("CONNECT"));
}

bool web_is_denial(const struct exchange *x)
{
	return says(x, SPAN("denied")) || says(x, SPAN("not allowed")) || says(x, SPAN("12204")) ||
	       says(x, SPAN("12202")) || says(x, SPAN("ACCESS_DENIED"));
}

/* A tunnel that could not be built, which is another thing than one that is forbidden. */
static bool is_gateway_trouble(const struct exchange *x)
{
	return x->status == 500 || (x->status >= 502 && x->status <= 504);
}

static enum finding_kind of_box(const struct exchange *x)
{
	enum finding_kind told = by_words(x, true);
	bool forward = x->answered_by.role != ANSWERER_REVERSE;

	if (told != FINDING_KIND_COUNT)
		return told;
	if (is_connect(x) && (web_is_denial(x) || !is_gateway_trouble(x)))
		return FINDING_PROXY_CONNECT_DENIED;
	switch (x->status) {
	case 403: return forward ? FINDING_PROXY_DENIED : FINDING_KIND_COUNT;
	case 451: return FINDING_PROXY_DENIED;
	case 500: return forward ? FINDING_PROXY_BAD_GATEWAY : FINDING_KIND_COUNT;
	case 502: return FINDING_PROXY_BAD_GATEWAY;
	case 503:
	case 504: return FINDING_PROXY_GATEWAY_TIMEOUT;
	case 511: return FINDING_CONTENT_REPLACED;
	default:  return FINDING_KIND_COUNT;
	}
}

/* Web servers say in the page, not in its title: nginx with 400 (its own 495 and 496), Apache with 403 when
 * it can no longer ask (RFC 8446 section 4.6.2). */
static bool wants_certificate(const struct exchange *x)
{
	static const struct span pages[] = {
		SPAN_LIT("No required SSL certificate was sent"),
		SPAN_LIT("The SSL certificate error"),
		SPAN_LIT("Post-Handshake Authentication"),
	};

	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (span_ifind(x->response.body.start, pages[i]) != SIZE_MAX)
			return x->status == 400 || x->status == 403;
	return x->status == 495 || x->status == 496;
}

static enum finding_kind of_server(const struct exchange *x)
{
	enum finding_kind told = wants_certificate(x) ? FINDING_CLIENT_CERTIFICATE_DEMANDED
	                                              : by_words(x, false);

	if (told != FINDING_KIND_COUNT)
		return told;
	switch (x->status) {
	case 403: return FINDING_FORBIDDEN;
	case 404: return FINDING_NOT_FOUND;
	case 405:
	case 501: return FINDING_VERB_BLOCKED;
	case 413:
	case 414:
	case 431: return FINDING_REQUEST_TOO_LARGE;
	case 500: return FINDING_SERVER_ERROR;
	case 502: return FINDING_PROXY_BAD_GATEWAY;
	case 503: return FINDING_SERVER_BUSY;
	case 504: return FINDING_PROXY_GATEWAY_TIMEOUT;
	case 511: return FINDING_CONTENT_REPLACED;
	default:  return FINDING_HTTP_ERROR;
	}
}

enum finding_kind web_kind(const struct exchange *x)
{
	enum web_maker maker = web_maker(x);
	enum finding_kind kind = FINDING_KIND_COUNT;

	if (x->status < 400 || x->status == 401 || x->status == 407)
		return FINDING_KIND_COUNT;
	if (x->status == 500 && web_is_soap_fault(x))
		return FINDING_KIND_COUNT;
	if (maker != MADE_BY_SERVER)
		kind = of_box(x);
	return kind == FINDING_KIND_COUNT ? of_server(x) : kind;
}

bool web_is_soap_fault(const struct exchange *x)
{
	struct span type = http_header(&x->response, SPAN("Content-Type"));
	struct span body = x->response.body.start;
	bool xml = span_istarts(type, SPAN("text/xml")) ||
		   span_istarts(type, SPAN("application/soap+xml"));

	if (span_find(body, SPAN("<ErrorCode")) != SIZE_MAX)
		return true;
	/* The ErrorCode may lie beyond what is kept, or the body was not captured. */
	if (!xml || (body.len && body.len < EXCHANGE_BODY_KEPT))
		return false;
	return !body.len || span_find(body, SPAN("Fault")) != SIZE_MAX;
}

bool web_is_absent_file(const struct exchange *x)
{
	return x->status == 404 && wsus_exchange_place(x) == WSUS_CONTENT && updatefile_type(x->path).len &&
	       x->answered_by.role != ANSWERER_HTTP_SYS && web_kind(x) == FINDING_NOT_FOUND &&
	       !span_ieq(updatefile_name(x->path), SPAN("anonymousCheckFile.txt"));
}

enum confidence web_confidence(const struct exchange *x)
{
	unsigned percent = x->answered_by.confidence;

	if (web_maker(x) == MADE_BY_UNSURE)
		return CONFIDENCE_POSSIBLE;
	return percent >= 80 ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE;
}

/* ---- words ---- */

const char *web_printable(struct span bytes, char *text, size_t size)
{
	size_t len = bytes.len < size ? bytes.len : size - 1;

	for (size_t i = 0; i < len; i++)
		text[i] = bytes.at[i] >= ' ' && bytes.at[i] < 0x7f ? (char)bytes.at[i] : '?';
	text[len] = '\0';
	return text;
}

const char *web_private(struct span name, char *text, size_t size)
{
	size_t len;

	text[0] = PRIVATE_BEGIN;
	web_printable(name, text + 1, size - PRIVATE_MARKS);
	len = strlen(text);
	text[len] = PRIVATE_END;
	text[len + 1] = '\0';
	return text;
}

/* "proxy squid01 (Squid 5.7)", "IIS 10.0"; "" for an unsigned answer of the server. */
static void name_answerer(const struct exchange *x, char text[static ANSWERED_BY_TEXT])
{
	const struct answerer *a = &x->answered_by;
	const char *role = _(answerer_role_name(a->role));
	char host[40], version[20], product[56] = "";
	bool twice;

	text[0] = '\0';
	if (!x->status)
		return;
	web_printable(a->host, host, sizeof host);
	web_printable(a->version, version, sizeof version);
	/* A product that its role is named after is said once. */
	twice = a->product && span_ieq(span_text(a->product), span_text(role));
	if (a->product)
		snprintf(product, sizeof product, twice ? "%s%s%s" : " (%s%s%s)", a->product,
			 version[0] ? " " : "", version);
	if (a->role != ANSWERER_UNKNOWN)
		tongue_say(text, ANSWERED_BY_TEXT, "%s%s%s%s", twice ? "" : role,
			 host[0] && !twice ? " " : "", twice ? "" : host, product);
	else if (web_maker(x) == MADE_BY_BOX)
		snprintf(text, ANSWERED_BY_TEXT, "%s", _(answerer_role_name(ANSWERER_PROXY)));
}

/* What the update agent makes of a status (failure-facts: WU_E_PT_HTTP_STATUS_*). */
static unsigned agent_code(uint16_t status)
{
	static const uint16_t of_status[] = { 400, 401, 403, 404, 405, 407, 408, 409,
					      410, 500, 501, 502, 503, 504, 505 };

	for (unsigned i = 0; i < sizeof of_status / sizeof *of_status; i++)
		if (of_status[i] == status)
			return 0x80244016 + i;
	return 0x8024402b;
}

/* Downloads are BITS's or Delivery Optimization's, console and synchronisation ConfigMgr's. */
static void list_codes(const struct exchange *x, char text[static CODES_TEXT])
{
	struct span agent = http_header(&x->request, SPAN("User-Agent"));
	enum wsus_place place = wsus_exchange_place(x);
	bool download = place == WSUS_CONTENT || span_istarts(agent, SPAN("Microsoft BITS")) ||
			span_istarts(agent, SPAN("Microsoft-Delivery"));

	text[0] = '\0';
	if (x->status < 400)
		return;
	if (download)
		snprintf(text, CODES_TEXT, "0x%08X", 0x80190000U + x->status);
	else if (place == WSUS_API || place == WSUS_SERVER_SYNC || place == WSUS_DSS_AUTH)
		snprintf(text, CODES_TEXT, "6703");
	else
		snprintf(text, CODES_TEXT, "0x%08X", agent_code(x->status));
}

struct span web_without_login(struct span authority)
{
	size_t at = authority.len;

	while (at > 0 && authority.at[at - 1] != '@')
		at--;
	return span_skip(authority, at);
}

/* Without what may be secret: a login before the host, the values of a query. */
void web_name_request(const struct exchange *x, char *text, size_t size)
{
	bool absolute = span_find(x->target, SPAN("://")) != SIZE_MAX && x->path.len;
	bool query = span_byte(x->target, '?') != SIZE_MAX;
	char method[24], host[64], path[TARGET_TEXT];
	struct span left = web_without_login(x->target), target = span_split(&left, '?');

	web_printable(x->method, method, sizeof method);
	web_printable(web_without_login(x->host), host, sizeof host);
	web_printable(x->path.len ? x->path : target, path, sizeof path);
	snprintf(text, size, "%s %s%s%s%s", method, absolute ? "http://" : "", x->path.len ? host : "", path,
	         query ? "?..." : "");
}

static struct evidence request_evidence(const struct exchange *x)
{
	char text[EVIDENCE_TEXT];

	web_name_request(x, text, sizeof text);
	return evidence_at(x->request.first_frame, "%s", text);
}

static struct evidence response_evidence(const struct exchange *x)
{
	char reason[40], error[70], by[ANSWERED_BY_TEXT];

	web_printable(x->reason, reason, sizeof reason);
	web_printable(x->answered_by.error, error, sizeof error);
	name_answerer(x, by);
	return evidence_at(x->response.first_frame, "%u %s%s%.60s%s%s%s", x->status, reason,
			   by[0] ? _(", by ") : "", by, error[0] ? ": \"" : "", error, error[0] ? "\"" : "");
}

static int64_t time_of(const struct exchange *x)
{
	return x->response.present ? x->response.first_time : x->request.first_time;
}

struct web_case web_case_of(const struct exchange *x)
{
	struct web_case c = { .severity = SEVERITY_OF_KIND, .via_proxy = x->via_proxy };

	if (wsus_configmgr_refuses(x) && web_maker(x) == MADE_BY_SERVER)
		c.severity = SEVERITY_INFO;

	c.conn.id = x->conn->id;
	c.conn.client = x->conn->client;
	c.conn.server = x->conn->server;
	c.first = c.last = time_of(x);
	c.stops = rung_stopped(x);
	name_answerer(x, c.answered_by);
	list_codes(x, c.codes);
	web_case_add(&c, x, true);
	return c;
}

void web_case_add(struct web_case *c, const struct exchange *x, bool again)
{
	int64_t time = time_of(x);
	struct evidence seen;

	if (again)
		c->count++;
	if (time < c->first)
		c->first = time;
	if (time > c->last)
		c->last = time;
	if (x->request.present) {
		seen = request_evidence(x);
		evidence_keep(c->evidence, &c->evidence_count, &seen);
	}
	if (x->response.present) {
		seen = response_evidence(x);
		evidence_keep(c->evidence, &c->evidence_count, &seen);
	}
}

void web_raise(const struct analyzer_env *env, enum finding_kind kind, const struct web_case *c,
	       enum confidence confidence, const char *cause, ...)
{
	char text[CAUSE_TEXT];
	struct raise what = { .kind = kind, .severity = c->severity, .confidence = confidence };
	va_list args;

	va_start(args, cause);
	tongue_vsay(text, sizeof text, cause, args);
	va_end(args);
	what.conn = &c->conn;
	what.cause = text;
	what.remedy = c->remedy;
	what.via = c->via_proxy ? &c->conn.server : NULL;
	what.for_all_clients = c->for_all_clients;
	what.proved = c->proved;
	what.stops = c->stops;
	what.answered_by = c->answered_by;
	what.codes = c->codes[0] ? c->codes : NULL;
	what.time = c->first;
	what.evidence = c->evidence;
	what.evidence_count = c->evidence_count;
	what.count = c->count > 1 ? c->count - 1 : 1;
	finding_raise(env->findings, &what);
	if (c->count < 2)
		return;
	/* A raise knows one moment: the last occurrence tells when it ended. */
	what.time = c->last;
	what.evidence_count = 0;
	what.count = 1;
	finding_raise(env->findings, &what);
}
