/* analyzers/handshake.c - TLS handshakes that fail, as far as the clear tells; and TLS spoken to
 * the wrong port. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "analyzers/reach.h"
#include "base/map.h"
#include "facts/wsus.h"

enum {
	SERVERS_MAX = 4000,
	TLS_1_2 = 0x0303,
	ALERT_FATAL = 2,
	ALERT_PROTOCOL_VERSION = 70,
	TLS_RECORD_ALERT = 21,
	REFUSED_RECORDS = 2,            /* a request's head and its body */
	REFUSED_BYTES = 2500,           /* IIS's page of 1233 bytes, its head and the records around them */
};

struct handshake {
	struct analyzer_env env;
	struct map versions;            /* server endpoint -> lowest version it negotiated, as a number */
	struct reach reach;
};

static void *create(const struct analyzer_env *env)
{
	struct handshake *h = calloc(1, sizeof *h);

	if (h) {
		h->env = *env;
		map_init(&h->versions, SERVERS_MAX);
		reach_init(&h->reach);
	}
	return h;
}

static void destroy(void *self)
{
	struct handshake *h = self;

	map_release(&h->versions);
	reach_release(&h->reach);
	free(h);
}

/* The lowest version this server has been seen to speak; 0: none yet. */
static unsigned lowest_version(const struct handshake *h, const struct endpoint *server)
{
	struct endpoint_key key = endpoint_key(server);
	const struct map_entry *e = map_find(&h->versions, ENDPOINT_SPAN(key));

	return e ? (unsigned)(uintptr_t)e->value : 0;
}

static void note_version(struct handshake *h, const struct endpoint *server, unsigned version)
{
	struct endpoint_key key = endpoint_key(server);
	struct map_entry *e = map_put(&h->versions, ENDPOINT_SPAN(key));

	if (e && (!e->value || version < (uintptr_t)e->value))
		e->value = (void *)(uintptr_t)version;
}

/* The fatal alert that a side sent in the clear, or NULL. */
static const struct tls_alert *fatal_alert(const struct tls_session *t, enum side by)
{
	for (unsigned i = 0; i < t->alert_count && i < TLS_ALERTS_KEPT; i++)
		if (t->alerts[i].by == by && !t->alerts[i].encrypted && t->alerts[i].level == ALERT_FATAL)
			return &t->alerts[i];
	return NULL;
}

static struct raise raise_of(enum finding_kind kind, enum confidence sure,
                             const struct tls_session *t, const char *cause)
{
	return (struct raise){
		.kind = kind,
		.severity = SEVERITY_OF_KIND,
		.confidence = sure,
		.conn = t->conn,
		.cause = cause,
		.time = t->first_time,
	};
}

/* ---- the wrong scheme ---- */

static void raise_scheme(struct handshake *h, const struct connection *c, const char *cause,
                         enum confidence sure, uint64_t request_frame, const char *request,
                         uint64_t answer_frame)
{
	struct evidence evidence[2];
	size_t count = 1;

	evidence[0] = evidence_at(request_frame, "%s", request);
	if (answer_frame)
		evidence[count++] = evidence_at(answer_frame, "the answer is in another protocol");
	finding_raise(h->env.findings, &(struct raise){
		.kind = FINDING_SCHEME_MISMATCH,
		.severity = SEVERITY_OF_KIND,
		.confidence = sure,
		.conn = c,
		.cause = cause,
		.time = c->first_time,
		.evidence = evidence,
		.evidence_count = count,
	});
}

static bool closed_by_server(const struct connection *c)
{
	uint64_t fin = c->side[SERVER].fin_frame, other = c->side[CLIENT].fin_frame;

	if (c->closed == CONNECTION_RESET_BY_SERVER || c->closed == CONNECTION_RESET_BY_MIDDLEBOX)
		return !other;
	return fin && (!other || fin < other);
}

/* A capture that ends, or misses packets, proves nothing about a handshake that stops. */
static bool is_whole(const struct tls_session *t)
{
	const struct connection *c = t->conn;

	return t->client_hello && !t->lost && !t->hello_cut && !c->joined && !c->one_sided &&
	       c->closed != CONNECTION_OPEN;
}

static bool is_http(const uint8_t *bytes, size_t len)
{
	return span_starts(span_of(bytes, len), SPAN("HTTP/")) ||
	       span_istarts(span_of(bytes, len), SPAN("<!DOCTYPE")) ||
	       span_istarts(span_of(bytes, len), SPAN("<html"));
}

/* True: it was TLS towards a port that speaks plain HTTP. */
static bool judge_tls_to_http(struct handshake *h, const struct tls_session *t)
{
	const struct connection *c = t->conn;
	char cause[CAUSE_TEXT];

	bool says_http = t->not_tls[SERVER] && is_http(t->other_bytes[SERVER], t->other_len[SERVER]);
	/* What HTTP.sys does to a ClientHello on a clear port differs: it may close without a word. */
	bool hangs_up = (c->server.port == 8530 || c->server.port == 80) && t->client_hello &&
	                !c->side[SERVER].bytes && closed_by_server(c);

	if (!says_http && (!hangs_up || !is_whole(t)))
		return false;
	snprintf(cause, sizeof cause,
	         says_http ? "The client speaks TLS to port %u, and the port answers in plain HTTP: https is "
	                     "configured where the server serves http."
	                   : "The client speaks TLS to port %u, which serves plain HTTP by custom, and the "
	                     "server hangs up: https is configured where the server serves http.",
	         c->server.port);
	raise_scheme(h, c, cause, says_http ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE,
	             t->client_hello_frame, "ClientHello", t->other_frame[SERVER]);
	return true;
}

/* nginx and Apache say it in words; HTTP.sys closes. */
static bool says_https_wanted(const struct exchange *x)
{
	return (x->status == 400 || x->status == 497) &&
	       (span_ifind(x->response.body.start,
	                   SPAN("plain HTTP request was sent to HTTPS port")) != SIZE_MAX ||
	        span_ifind(x->response.body.start,
	                   SPAN("speaking plain HTTP to an SSL-enabled server port")) != SIZE_MAX);
}

static void judge_http_to_tls(struct handshake *h, const struct exchange *x)
{
	const struct connection *c = x->conn;
	const struct connection_side *server = &c->side[SERVER];
	bool alert = server->first_len >= 2 && server->first[0] == TLS_RECORD_ALERT && server->first[1] == 3;
	bool shut = !x->response.present && wsus_tls_port(c->server.port) && x->number == 0 &&
	            !server->bytes && (x->end == EXCHANGE_FIN_BY_SERVER || x->end == EXCHANGE_RESET);
	char cause[CAUSE_TEXT];

	if (x->tunnel || !x->request.present || !(alert || shut || says_https_wanted(x)))
		return;
	snprintf(cause, sizeof cause,
	         "The client speaks plain HTTP to port %u, which serves TLS: http is configured "
	         "where the server serves https.",
	         c->server.port);
	raise_scheme(h, c, cause, shut ? CONFIDENCE_PROBABLE : CONFIDENCE_CERTAIN, x->request.first_frame,
	             "plain HTTP request", x->response.present ? x->response.first_frame : 0);
}

/* ---- client certificates ---- */

/* A client without a certificate got one short answer: the page that refuses it (IIS 403.7, nginx 400). */
static bool looks_refused(const struct tls_session *t)
{
	return t->client_certificate_message && t->client_certificate_empty &&
	       t->application_records[CLIENT] <= REFUSED_RECORDS &&
	       t->application_bytes[SERVER] <= REFUSED_BYTES;
}

static bool client_gets_through(const struct tls_session *t)
{
	return t->established && t->application_records[CLIENT] && t->application_records[SERVER] &&
	       !looks_refused(t);
}

/* The agent has none to send and gives up at the question alone (WinHTTP's
 * ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED). */
static const char *demand_text(const struct tls_session *t)
{
	if (t->conn->closed == CONNECTION_OPEN && !t->established)
		return ", which the Windows Update Agent does not have; the capture ends before the client "
		       "decides.";
	if (t->established && looks_refused(t))
		return "; the client sends none and gets one short answer, as long as a page that "
		       "refuses it.";
	if (!client_gets_through(t))
		return ", which the Windows Update Agent does not have; the client gave up.";
	if (t->client_certificate_message && !t->client_certificate_empty)
		return ". This client sent one; the Windows Update Agent has none to send.";
	return ". This client got on without one; the Windows Update Agent does not.";
}

/* With --all any server may ask. */
static const char *asker(const struct handshake *h, const struct endpoint *server)
{
	return wsus_port(server->port) || relevance_is_update_point(h->env.relevance, server)
	               ? "update point"
	               : "server";
}

/* On 443 a management point may ask, and its clients do have certificates. */
static bool is_management(const struct tls_session *t)
{
	return t->conn->server.port == 443 && t->client_certificate_message && !t->client_certificate_empty;
}

static void raise_certificate(struct handshake *h, const struct tls_session *t)
{
	bool through = client_gets_through(t);
	struct evidence evidence[2];
	char cause[CAUSE_TEXT];
	struct raise what;
	size_t count = 1;

	snprintf(cause, sizeof cause, "The %s asks for a client certificate in the handshake%s",
	         asker(h, &t->conn->server), demand_text(t));
	what = raise_of(FINDING_CLIENT_CERTIFICATE_DEMANDED, CONFIDENCE_CERTAIN, t, cause);
	evidence[0] = evidence_at(t->certificate_request_frame, "CertificateRequest");
	if (t->client_certificate_message)
		evidence[count++] =
			evidence_at(t->client_certificate_frame,
		                    t->client_certificate_empty
		                            ? "the client answers with an empty certificate list"
		                            : "the client sends a certificate");
	if (through)
		what.severity = SEVERITY_WARNING;
	what.evidence = evidence;
	what.evidence_count = count;
	finding_raise(h->env.findings, &what);
}

/* ---- versions ---- */

static bool judge_version(struct handshake *h, const struct tls_session *t)
{
	const struct tls_alert *alert = fatal_alert(t, SERVER);
	unsigned known = lowest_version(h, &t->conn->server);
	bool told = alert && alert->description == ALERT_PROTOCOL_VERSION;
	bool below = known ? t->offered_max < known : t->offered_max < TLS_1_2;
	char cause[CAUSE_TEXT];
	struct evidence evidence[2];
	struct raise what;
	size_t count = 1;

	if (t->server_hello || !(told || (below && closed_by_server(t->conn))))
		return false;
	snprintf(
		cause, sizeof cause,
		told ? "The server refuses the client's TLS version: the client offers at most %s."
		     : "The server closes after a hello that offers at most %s, as if it spoke that no more.",
		tls_version_name(t->offered_max));
	evidence[0] = evidence_at(t->client_hello_frame, "ClientHello offers up to %s",
	                          tls_version_name(t->offered_max));
	if (told)
		evidence[count++] = evidence_at(alert->frame, "alert 70, protocol_version");
	else if (t->conn->reset_frame)
		evidence[count++] = evidence_at(t->conn->reset_frame, "reset");
	what = raise_of(FINDING_TLS_VERSION_MISMATCH,
	                told ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE, t, cause);
	what.evidence = evidence;
	what.evidence_count = count;
	finding_raise(h->env.findings, &what);
	return true;
}

/* ---- the rest ---- */

static void raise_aborted(struct handshake *h, const struct tls_session *t)
{
	const struct tls_alert *by_server = fatal_alert(t, SERVER), *by_client = fatal_alert(t, CLIENT);
	const struct tls_alert *alert = by_server ? by_server : by_client;
	char cause[CAUSE_TEXT];
	struct evidence evidence[2];
	struct raise what;
	size_t count = 1;
	int len;

	len = snprintf(cause, sizeof cause,
	               "The TLS handshake dies: the client's last message is %s, the server's %s.",
	               tls_message_name(t->last_message[CLIENT]),
	               tls_message_name(t->last_message[SERVER]));
	if (alert)
		snprintf(cause + len, sizeof cause - (size_t)len, " The %s sends alert %u, %s.",
		         by_server ? "server" : "client", alert->description,
		         tls_alert_name(alert->description));
	else
		snprintf(cause + len, sizeof cause - (size_t)len, " The connection ends as: %s.",
		         connection_closed_name(t->conn->closed));
	evidence[0] = evidence_at(t->client_hello_frame, "ClientHello");
	if (alert)
		evidence[count++] = evidence_at(alert->frame, "alert %u", alert->description);
	else if (t->conn->reset_frame)
		evidence[count++] = evidence_at(t->conn->reset_frame, "reset");
	else if (t->last_frame[SERVER])
		evidence[count++] = evidence_at(t->last_frame[SERVER], "the server's last message");
	what = raise_of(FINDING_TLS_ABORTED, CONFIDENCE_CERTAIN, t, cause);
	what.evidence = evidence;
	what.evidence_count = count;
	finding_raise(h->env.findings, &what);
}

static void take_tls(struct handshake *h, const struct tls_session *t)
{
	if (!relevance_tls(h->env.relevance, t))
		return;
	if (t->established)
		reach_through(&h->reach, t->conn, t->first_time);
	if (t->server_hello && t->established)
		note_version(h, &t->conn->server, t->version);
	if (judge_tls_to_http(h, t))
		return;
	if (t->certificate_request_frame && !is_management(t))
		raise_certificate(h, t);
	if (t->established || !is_whole(t) || t->certificate_request_frame || tls_left_early(t))
		return;
	reach_failed(&h->reach, t->conn, t->first_time);
	if (!judge_version(h, t))
		raise_aborted(h, t);
}

static void fact(void *self, const struct fact *f)
{
	struct handshake *h = self;

	if (f->kind == FACT_TLS)
		take_tls(h, f->tls);
	else if (f->kind == FACT_EXCHANGE && relevance_exchange(h->env.relevance, f->exchange))
		judge_http_to_tls(h, f->exchange);
}

/* Clients try older versions one after the other, or simply again. */
static void end(void *self, int64_t now)
{
	static const enum finding_kind eased[] = { FINDING_TLS_VERSION_MISMATCH, FINDING_TLS_ABORTED };
	struct handshake *h = self;

	(void)now;
	reach_ease(&h->reach, h->env.findings, eased, sizeof eased / sizeof *eased);
}

const struct analyzer analyzer_handshake = { "handshake", create, destroy, fact, end };
