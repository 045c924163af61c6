/* analyzers/tlsstory.c - one session's story, asked from many sides. */
#include "analyzers/tlsstory.h"

#include <stdio.h>

#include "analyzers/web.h"
#include "base/addr.h"
#include "base/tongue.h"

enum {
	LEVEL_FATAL = 2,
	REFUSED_RECORDS = 2,  /* a request's head and its body */
	REFUSED_BYTES = 2500, /* IIS's page of 1233 bytes, its head and the records around them */
};

/* In TLS 1.3 the level means nothing: all but the two that close in peace end it (RFC 8446 section 6). */
static bool is_fatal(const struct tls_session *t, const struct tls_alert *a)
{
	enum { USER_CANCELED = 90 };

	if (a->encrypted)
		return false;
	if (a->level == LEVEL_FATAL)
		return true;
	return t->version == TLS_1_3 && a->description != ALERT_CLOSE_NOTIFY &&
	       a->description != USER_CANCELED;
}

const struct tls_alert *tls_fatal_alert(const struct tls_session *t, enum side by)
{
	for (unsigned i = 0; i < t->alert_count && i < TLS_ALERTS_KEPT; i++)
		if (t->alerts[i].by == by && is_fatal(t, &t->alerts[i]))
			return &t->alerts[i];
	return NULL;
}

bool tls_alert_blames_certificate(const struct tls_alert *alert)
{
	return alert && ((alert->description >= ALERT_BAD_CERTIFICATE &&
	                  alert->description <= ALERT_CERTIFICATE_UNKNOWN) ||
	                 alert->description == ALERT_UNKNOWN_CA);
}

/* What is missing before the session, of a CONNECT's answer, hides the session as well. */
static bool misses_nothing(const struct tls_session *t)
{
	const struct connection *c = t->conn;

	return t->client_hello && !t->lost && !c->side[CLIENT].lost_bytes && !c->side[SERVER].lost_bytes &&
	       !c->joined && !c->one_sided && c->closed != CONNECTION_OPEN;
}

bool tls_is_whole(const struct tls_session *t)
{
	return misses_nothing(t) && !t->hello_cut;
}

/* Whatever the hello said, an alert says that the session failed. */
bool tls_stopped(const struct tls_session *t)
{
	bool told = !t->hello_cut || tls_fatal_alert(t, SERVER) || tls_fatal_alert(t, CLIENT);

	return !t->established && misses_nothing(t) && told && !tls_left_early(t);
}

bool tls_answered(const struct tls_session *t)
{
	uint64_t asked = t->application_first[CLIENT], told = t->application_last[SERVER];

	return t->established && t->application_records[CLIENT] && t->application_records[SERVER] &&
	       (!asked || !told || told >= asked);
}

/* A renegotiation that only takes the session up again has no flight of the client's before its Finished,
 * so nobody asked for a certificate (RFC 5246 section 7.3); nor did a server whose every message was read. */
static bool asked_nothing(const struct tls_session *t)
{
	if (!t->again.done || t->certificate_request_frame)
		return false;
	return !t->again.client_flight_frame || t->reading == TLS_READ;
}

bool tls_asked_again(const struct tls_session *t)
{
	return t->again.asked && t->again.by == SERVER && t->again.fits && t->again.requests_before &&
	       !asked_nothing(t);
}

/* A client without a certificate got one short answer: the page that refuses it (IIS 403.7, nginx 400). */
bool tls_looks_refused(const struct tls_session *t)
{
	bool none = (t->client_certificate_message && t->client_certificate_empty) ||
	            t->flight13 == FLIGHT13_EMPTY_CERTIFICATE;

	if (tls_asked_again(t))
		return t->again.done && t->again.bytes_after <= REFUSED_BYTES;
	return none && t->application_records[CLIENT] <= REFUSED_RECORDS &&
	       t->application_bytes[SERVER] <= REFUSED_BYTES;
}

/* After a request for a certificate in the middle, only what came later counts. */
bool tls_got_through(const struct tls_session *t)
{
	if (!tls_answered(t) || tls_looks_refused(t))
		return false;
	return !tls_asked_again(t) || t->again.bytes_after > REFUSED_BYTES;
}

/* By whatever alert, read or not: a server that hangs up after it only complies. */
static bool took_leave(const struct tls_session *t)
{
	uint64_t fin = t->conn->side[SERVER].fin_frame;

	for (unsigned i = 0; i < t->alert_count && i < TLS_ALERTS_KEPT; i++)
		if (t->alerts[i].by == CLIENT)
			return !fin || t->alerts[i].frame < fin;
	return false;
}

bool tls_client_left(const struct tls_session *t)
{
	return t->server_hello && tls_is_whole(t) && !t->application_records[CLIENT] &&
	       (took_leave(t) || connection_closed_by(t->conn, CLIENT)) &&
	       !tls_fatal_alert(t, SERVER);
}

bool tls_client_left_late(const struct tls_session *t)
{
	return t->established && tls_client_left(t);
}

struct span tls_without_port(struct span host)
{
	struct span bracketed = host;
	size_t colon = host.len;

	if (host.len && host.at[0] == '[') {
		bracketed.len = span_byte(host, ']');
		return bracketed.len == SIZE_MAX ? host : span_skip(bracketed, 1);
	}
	while (colon > 0 && host.at[colon - 1] != ':')
		colon--;
	return colon > 0 && span_byte(host, ':') == colon - 1 ? span_of(host.at, colon - 1) : host;
}

uint16_t tls_port_asked(const struct tls_session *t)
{
	struct span host = t->tunnel ? t->tunnel->target : span_of(NULL, 0);
	size_t colon = host.len;
	uint64_t port;

	while (colon > 0 && host.at[colon - 1] != ':' && host.at[colon - 1] != ']')
		colon--;
	if (colon > 0 && host.at[colon - 1] == ':' && span_decimal(span_skip(host, colon), &port) &&
	    port <= UINT16_MAX)
		return (uint16_t)port;
	return t->conn->server.port;
}

struct span tls_name_asked(const struct tls_session *t)
{
	if (t->server_name[0])
		return span_text(t->server_name);
	return t->tunnel ? tls_without_port(web_without_login(t->tunnel->target)) : span_of(NULL, 0);
}

static const char *server_alert_text(const struct tls_alert *alert, char text[static TLS_TROUBLE_TEXT])
{
	if (alert->description == ALERT_PROTOCOL_VERSION)
		return _("no common version");
	if (alert->description == ALERT_INSUFFICIENT_SECURITY)
		return _("no common cipher");
	if (alert->description == ALERT_CERTIFICATE_REQUIRED)
		return _("asks for a client certificate");
	tongue_say(text, TLS_TROUBLE_TEXT, "server's alert %s", tls_alert_name(alert->description));
	return text;
}

/* Dates say more than the alert that a client chose for them. */
static bool is_out_of_date(const struct tls_session *t)
{
	const struct certificate *c = t->certificates.count ? t->certificates.list[0] : NULL;

	return c && c->readable &&
	       ((c->not_after != MOMENT_NONE && t->first_time > c->not_after) ||
	        (c->not_before != MOMENT_NONE && t->first_time < c->not_before));
}

static bool asked(const struct tls_session *t)
{
	return t->certificate_request_frame || tls_asked_again(t) ||
	       t->flight13 == FLIGHT13_EMPTY_CERTIFICATE;
}

bool tls_trouble_later(const struct tls_session *t)
{
	if (!t->established || t->conn->closed == CONNECTION_OPEN)
		return false;
	return (asked(t) && !tls_got_through(t)) || (is_out_of_date(t) && tls_client_left(t));
}

const char *tls_trouble(const struct tls_session *t, char text[static TLS_TROUBLE_TEXT])
{
	const struct tls_alert *client = tls_fatal_alert(t, CLIENT), *server = tls_fatal_alert(t, SERVER);
	bool left = tls_client_left(t);

	if (asked(t))
		return _("asks for a client certificate");
	if (server)
		return server_alert_text(server, text);
	if (left && is_out_of_date(t))
		return _("certificate expired or not yet valid");
	if (tls_alert_blames_certificate(client))
		tongue_say(text, TLS_TROUBLE_TEXT, "certificate refused: %s",
		         tls_alert_name(client->description));
	else if (client)
		tongue_say(text, TLS_TROUBLE_TEXT, "client's alert %s",
		         tls_alert_name(client->description));
	else if (left)
		return _("the client leaves after the certificate");
	else if (!t->server_hello)
		return _("no ServerHello");
	else
		tongue_say(text, TLS_TROUBLE_TEXT, "ends after %s",
		         tls_message_name(t->last_message[SERVER]));
	return text;
}
