/* analyzers/scheme.c - https where http is served, http where https is. */
#include "analyzers/scheme.h"

#include <stdio.h>

#include "analyzers/tlsstory.h"
#include "base/tongue.h"
#include "facts/wsus.h"

enum { RECORD_ALERT = 21 };

static void raise_scheme(struct findings *findings, const struct connection *c, const char *cause,
                         enum confidence sure, struct evidence request, uint64_t answer_frame)
{
	struct evidence evidence[2] = { request };
	size_t count = 1;

	if (answer_frame)
		evidence[count++] = evidence_at(answer_frame, "the answer is in another protocol");
	finding_raise(findings, &(struct raise){
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

static bool is_http(const uint8_t *bytes, size_t len)
{
	return span_starts(span_of(bytes, len), SPAN("HTTP/")) ||
	       span_istarts(span_of(bytes, len), SPAN("<!DOCTYPE")) ||
	       span_istarts(span_of(bytes, len), SPAN("<html"));
}

bool scheme_tls(struct findings *findings, const struct tls_session *t)
{
	const struct connection *c = t->conn;
	char cause[CAUSE_TEXT];

	bool says_http = t->not_tls[SERVER] && is_http(t->other_bytes[SERVER], t->other_len[SERVER]);
	/* What HTTP.sys does to a ClientHello on a clear port differs: it may close without a word. */
	bool hangs_up = (c->server.port == 8530 || c->server.port == 80) && t->client_hello &&
	                !c->side[SERVER].bytes && connection_closed_by(c, SERVER);

	if (!says_http && (!hangs_up || !tls_is_whole(t)))
		return false;
	snprintf(cause, sizeof cause,
	         says_http ? _("The client speaks TLS to port %u, and the port answers in plain HTTP: "
			       "https is "
	                     "configured where the server serves http.")
	                   : _("The client speaks TLS to port %u, which serves plain HTTP by custom, and the "
	                     "server hangs up: https is configured where the server serves http."),
	         c->server.port);
	raise_scheme(findings, c, cause, says_http ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE,
	             evidence_at(t->client_hello_frame, "ClientHello"), t->other_frame[SERVER]);
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

void scheme_exchange(struct findings *findings, const struct exchange *x)
{
	const struct connection *c = x->conn;
	const struct connection_side *server = &c->side[SERVER];
	bool alert = server->first_len >= 2 && server->first[0] == RECORD_ALERT && server->first[1] == 3;
	bool shut = !x->response.present && wsus_tls_port(c->server.port) && x->number == 0 &&
	            !server->bytes && (x->end == EXCHANGE_FIN_BY_SERVER || x->end == EXCHANGE_RESET);
	char cause[CAUSE_TEXT];

	if (x->tls || x->tunnel || !x->request.present || !(alert || shut || says_https_wanted(x)))
		return;
	tongue_say(cause, sizeof cause,
	         "The client speaks plain HTTP to port %u, which serves TLS: http is configured "
	         "where the server serves https.",
	         c->server.port);
	raise_scheme(findings, c, cause, shut ? CONFIDENCE_PROBABLE : CONFIDENCE_CERTAIN,
	             evidence_at(x->request.first_frame, "plain HTTP request"),
	             x->response.present ? x->response.first_frame : 0);
}
