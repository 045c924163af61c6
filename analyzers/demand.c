/* analyzers/demand.c - client certificates where none belong (failure-facts: 0x80072F0C). */
#include "analyzers/demand.h"

#include <stdio.h>

#include "analyzers/crowd.h"
#include "analyzers/kept.h"
#include "analyzers/tlsstory.h"
#include "analyzers/web.h"
#include "base/tongue.h"

enum { SERVERS_MAX = 1000, PLACES_TEXT = 160, RESETS_MIN = 2, HTTPS_PORT = 443 };

/* What a TLS 1.3 server sends by itself after the handshake: two tickets, as OpenSSL does. */
enum { TICKET_RECORDS = 2, TICKET_BYTES = 700 };

#define AT_ONCE (5 * MOMENT_S) /* a reset as late as this after a request answers it no more */

/* Ways to ask, the surest first.  X(symbol, confidence, what the server does) */
#define WAYS(X)                                                                                  \
	X(CLEAR,  CERTAIN,  N_("asks for a client certificate in the handshake"))                    \
	X(WORDS,  CERTAIN,  N_("refuses requests that come without a client certificate, and says so")) \
	X(LATER,  CERTAIN,  N_("asks for a client certificate once the request has come"))           \
	X(ALERT,  CERTAIN,  N_("ends the session for want of a client certificate"))                 \
	X(AGAIN,  PROBABLE, N_("asks for a client certificate once the request has come: it begins a new " \
	                    "handshake in the middle of the session (renegotiation)"))            \
	X(EMPTY,  PROBABLE, N_("asks for a client certificate in the handshake, as the client's answer has " \
	                    "the length of an empty list of certificates (TLS 1.3)"))             \
	X(SENT,   POSSIBLE, N_("asks for a client certificate in the handshake, as the client's answer is " \
	                    "as long as one (TLS 1.3)"))                                          \
	X(RESETS, POSSIBLE, N_("resets each TLS 1.3 connection upon its first request, as Windows Server " \
	                    "2022 does where a directory wants a client certificate"))

#define X(symbol, ...) WAY_##symbol,
enum way { WAYS(X) WAY_NONE };
#undef X

static const struct way_row {
	enum confidence confidence;
	const char *text;
} ways[] = {
#define X(symbol, sure, words) { CONFIDENCE_##sure, words },
	WAYS(X)
#undef X
};

struct demand {                         /* of one server */
	struct peer_key key;
	struct endpoint server;         /* or the proxy before it */
	bool through_proxy;
	uint16_t port;                  /* behind a proxy the one beyond it */
	enum way way;                   /* the surest seen; WAY_NONE: resets alone */
	struct crowd crowd, resets;
	unsigned places;                /* directories it asked for: bits 1u << enum wsus_place */
	unsigned refused_places;        /* those that it said so for */
	bool elsewhere;                 /* and others */
	bool refused, sent, open;       /* what became of the sessions, some of them */
};

void demands_init(struct demands *d, struct limits *limits)
{
	d->limits = limits;
	map_init(&d->servers, SERVERS_MAX);
	peers_init(&d->outcomes, limits, NULL);
	peers_init(&d->resets, limits, NULL);
}

void demands_release(struct demands *d)
{
	map_release_values(&d->servers);
	peers_release(&d->outcomes);
	peers_release(&d->resets);
}

static struct demand *demand_of(struct demands *d, const struct tls_session *t)
{
	struct peer_key key = peer_key(t);
	struct map_entry *e = map_find(&d->servers, span_of(key.bytes, key.len));
	struct demand *n;

	if (e)
		return e->value;
	n = kept_value(&d->servers, span_of(key.bytes, key.len), sizeof *n, d->limits);
	if (n) {
		n->key = key;
		n->server = t->conn->server;
		n->through_proxy = t->tunnel != NULL;
		n->port = tls_port_asked(t);
		n->way = WAY_NONE;
	}
	return n;
}

static void note_way(struct demand *n, enum way way)
{
	if (way < n->way)
		n->way = way;
}

/* ---- from sessions ---- */

static enum way way_of(const struct tls_session *t)
{
	const struct tls_alert *alert = tls_fatal_alert(t, SERVER);

	if (t->certificate_request_frame)
		return tls_asked_again(t) && t->again.frame <= t->certificate_request_frame ? WAY_LATER
		                                                                           : WAY_CLEAR;
	if (alert && alert->description == ALERT_CERTIFICATE_REQUIRED)
		return WAY_ALERT;
	if (tls_asked_again(t))
		return WAY_AGAIN;
	if (t->flight13 == FLIGHT13_EMPTY_CERTIFICATE)
		return WAY_EMPTY;
	return t->flight13 == FLIGHT13_CERTIFICATE ? WAY_SENT : WAY_NONE;
}

/* On 443 a management point may ask, and its clients do have certificates.  Whoever gets on there after a
 * renegotiation had one. */
static bool is_management(const struct tls_session *t, enum way way)
{
	bool sent = (t->client_certificate_message && !t->client_certificate_empty) || way == WAY_SENT;

	return tls_port_asked(t) == HTTPS_PORT &&
	       (sent || (way == WAY_AGAIN && tls_got_through(t)));
}

static size_t evidence_of(const struct tls_session *t, enum way way, struct evidence e[static CROWD_EVIDENCE])
{
	const struct tls_alert *alert = tls_fatal_alert(t, SERVER);
	size_t count = 0;

	if (t->certificate_request_frame)
		e[count++] = evidence_at(t->certificate_request_frame, "CertificateRequest%s",
		                         t->certificate_request_decrypted ? _(" (decrypted)") : "");
	else if (way == WAY_AGAIN)
		e[count++] = evidence_at(t->again.frame,
		                         "a handshake record of the server, %zu bytes, after %u of the "
		                         "client's: HelloRequest",
		                         t->again.length, t->again.requests_before);
	else if (way == WAY_EMPTY || way == WAY_SENT)
		e[count++] = evidence_at(t->flight13_frame, "the client's last flight: %s and Finished",
		                         way == WAY_EMPTY ? _("an empty Certificate") : _("a Certificate"));
	if (alert)
		e[count++] = evidence_at(alert->frame, "the server's alert %u, %s", alert->description,
		                         tls_alert_name(alert->description));
	if (t->again.alert_frame && way == WAY_AGAIN)
		e[count++] = evidence_at(t->again.alert_frame, "the client's alert in answer");
	else if (t->client_certificate_message && count < CROWD_EVIDENCE)
		e[count++] = evidence_at(t->client_certificate_frame,
		                         t->client_certificate_empty
		                                 ? _("the client answers with an empty certificate list")
		                                 : _("the client sends a certificate"));
	return count;
}

static void note_outcome(struct demands *d, struct demand *n, const struct tls_session *t, enum way way)
{
	const struct addr *client = &t->conn->client.addr;
	bool through = tls_got_through(t);
	bool open = t->conn->closed == CONNECTION_OPEN && !tls_answered(t);
	/* What was served before the question tells nothing of it. */
	int64_t when = tls_asked_again(t) && t->again.time > t->first_time ? t->again.time : t->first_time;

	n->open |= open;
	n->refused |= t->established && tls_looks_refused(t);
	n->sent |= through && ((t->client_certificate_message && !t->client_certificate_empty) ||
	                       way == WAY_SENT);
	if (through)
		peers_passed(&d->outcomes, &n->key, client, when);
	else if (!open)
		peers_failed(&d->outcomes, &n->key, client, when);
}

/* Nothing but tickets came back for what the client sent, and at once a reset.  Other boxes and other
 * troubles reset as well: only the repetition says a little. */
static void note_reset(struct demands *d, const struct tls_session *t)
{
	const struct connection *c = t->conn;
	struct peer_key key = peer_key(t);
	bool tickets = t->application_records[SERVER] <= TICKET_RECORDS &&
	               t->application_bytes[SERVER] <= TICKET_BYTES;
	bool silent = !t->application_records[SERVER] || tickets ||
	              t->application_last[SERVER] < t->application_first[CLIENT];
	struct evidence evidence;
	struct demand *n;

	if (t->version != TLS_1_3 || !t->established || !t->application_records[CLIENT])
		return;
	if (!silent) {
		peers_passed(&d->resets, &key, &c->client.addr, t->first_time);
		return;
	}
	if (c->closed != CONNECTION_RESET_BY_SERVER || c->side[SERVER].fin_frame ||
	    c->side[CLIENT].fin_frame || t->alert_count || t->lost ||
	    c->reset_time - c->side[CLIENT].last_data > AT_ONCE)
		return;
	peers_failed(&d->resets, &key, &c->client.addr, t->first_time);
	n = demand_of(d, t);
	if (!n)
		return;
	evidence = evidence_at(c->reset_frame, "reset by the server's address, upon the first request");
	crowd_add(&n->resets, c, t->tunnel != NULL, t->first_time, &evidence, 1);
}

bool demands_session(struct demands *d, const struct tls_session *t)
{
	struct evidence evidence[CROWD_EVIDENCE];
	enum way way = way_of(t);
	struct demand *n;

	if (way == WAY_NONE) {
		note_reset(d, t);
		return false;
	}
	if (is_management(t, way))
		return true;
	n = demand_of(d, t);
	if (!n)
		return true;
	note_way(n, way);
	note_outcome(d, n, t, way);
	crowd_add(&n->crowd, t->conn, t->tunnel != NULL, t->first_time, evidence,
	          evidence_of(t, way, evidence));
	return true;
}

/* ---- from requests ---- */

static void note_place(struct demand *n, const struct exchange *x)
{
	enum wsus_place place = wsus_exchange_place(x);

	if (place == WSUS_NOWHERE)
		n->elsewhere = true;
	else
		n->places |= 1u << place;
}

static bool lies_within(const struct exchange *x, uint64_t frame)
{
	return frame && x->request.present && frame >= x->request.first_frame &&
	       (!x->response.present || frame <= x->response.first_frame);
}

/* The request in whose middle the server asked. */
static void take_asked(struct demands *d, const struct exchange *x)
{
	const struct tls_session *t = x->tls;
	bool later = tls_asked_again(t) && lies_within(x, t->again.frame);
	struct demand *n;

	if (!later && !(t->version == TLS_1_3 && lies_within(x, t->certificate_request_frame)))
		return;
	n = demand_of(d, t);
	if (n)
		note_place(n, x);
}

static unsigned place_bit(const struct exchange *x)
{
	return 1u << wsus_exchange_place(x);
}

/* What was served after the question counts more than how long it was; but not in place of a directory that
 * the server refused in words. */
static void take_answered(struct demands *d, const struct exchange *x)
{
	const struct addr *client = &x->conn->client.addr;
	const struct tls_session *t = x->tls;
	uint64_t asked = tls_asked_again(t) ? t->again.frame : t->certificate_request_frame;
	struct peer_key key = peer_key(t);
	struct demand *n;

	peers_passed(&d->resets, &key, client, x->response.first_time);
	if (!web_served(x) || !asked || x->response.first_frame <= asked)
		return;
	n = demand_of(d, t);
	if (n && (!n->refused_places || n->refused_places & place_bit(x)))
		peers_passed(&d->outcomes, &n->key, client, x->response.first_time);
}

static void take_refused(struct demands *d, const struct exchange *x)
{
	struct tls_session alone = { .conn = x->conn, .tunnel = x->tunnel };
	const struct tls_session *t = x->tls ? x->tls : &alone;
	struct evidence evidence[2];
	char words[80];
	struct demand *n = demand_of(d, t);

	if (!n)
		return;
	n->refused = true;
	n->refused_places |= place_bit(x);
	peers_failed(&d->outcomes, &n->key, &x->conn->client.addr, x->response.first_time);
	/* The session itself tells that it was asked. */
	if (x->tls && way_of(x->tls) != WAY_NONE)
		return;
	note_way(n, WAY_WORDS);
	note_place(n, x);
	web_name_request(x, evidence[0].text, sizeof evidence[0].text);
	evidence[0].frame = x->request.first_frame;
	evidence[1] = evidence_at(x->response.first_frame, "%u: %s", x->status,
	                          web_printable(x->answered_by.error, words, sizeof words));
	crowd_add(&n->crowd, x->conn, x->via_proxy, x->response.first_time, evidence, 2);
}

void demands_exchange(struct demands *d, const struct exchange *x)
{
	if (x->tls)
		take_asked(d, x);
	if (x->tls && x->response.present)
		take_answered(d, x);
	if (x->request.present && web_kind(x) == FINDING_CLIENT_CERTIFICATE_DEMANDED)
		take_refused(d, x);
}

/* ---- the verdict ---- */

/* " for /ClientWebService, /SimpleAuthWebService", or "". */
static void list_places(const struct demand *n, char text[static PLACES_TEXT])
{
	size_t len = 0;

	text[0] = '\0';
	for (int p = 0; p < WSUS_PLACE_COUNT; p++)
		if (n->places & 1u << p && len < PLACES_TEXT)
			len += tongue_say(text + len, PLACES_TEXT - len, "%s%s", len ? ", " : _(" (for "),
					  wsus_place_prefix((enum wsus_place)p));
	if (len)
		tongue_say(text + len, PLACES_TEXT - len, "%s)", n->elsewhere ? _(" and others") : "");
}

enum fate { FATE_OPEN, FATE_REFUSED, FATE_GAVE_UP, FATE_SENT, FATE_THROUGH };

static bool all_passed(const struct demands *d, const struct demand *n)
{
	for (size_t i = 0; i < n->crowd.client_count; i++) {
		const struct peer_client *c = peers_client(&d->outcomes, &n->key, &n->crowd.clients[i]);

		if (!c || !c->has_passed)
			return false;
	}
	return true;
}

static enum fate fate_of(const struct demands *d, const struct demand *n)
{
	if (peers_any_stuck(&d->outcomes, &n->key, &n->crowd))
		return n->refused ? FATE_REFUSED : FATE_GAVE_UP;
	if (all_passed(d, n))
		return n->sent ? FATE_SENT : FATE_THROUGH;
	return n->open ? FATE_OPEN : FATE_GAVE_UP;
}

/* The agent has none to send and gives up at the question alone (WinHTTP's
 * ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED). */
static const char *fate_text(enum fate f)
{
	static const char *const texts[] = {
		[FATE_OPEN] = N_(". The Windows Update Agent has none to send; the capture ends before the "
		              "client decides."),
		[FATE_REFUSED] = N_(". The client sends none and gets one short answer, as long as a "
				    "page that "
		                 "refuses it."),
		[FATE_GAVE_UP] = N_(". The Windows Update Agent has none to send; the client gave up."),
		[FATE_SENT] = N_(". This client sent one; the Windows Update Agent has none to send."),
		[FATE_THROUGH] = N_(". This client got on without one; the Windows Update Agent does not."),
	};

	return _(texts[f]);
}

/* What the server says or does leaves nothing to add. */
static const char *tail_of(const struct demand *n, enum fate f)
{
	switch (n->way) {
	case WAY_WORDS:
	case WAY_ALERT:
		return _(". The Windows Update Agent has none to send.");
	case WAY_CLEAR:
	case WAY_LATER:
	case WAY_AGAIN:
	case WAY_EMPTY:
	case WAY_SENT:
	case WAY_RESETS:
	case WAY_NONE:
		break;
	}
	return fate_text(f);
}

/* ConfigMgr's own directories ask, on the port that its clients share with others, and nothing else did. */
static bool is_configmgr(const struct demand *n, const struct peer_server *s)
{
	unsigned own = 1u << WSUS_CCM | 1u << WSUS_SMS_MP | 1u << WSUS_SMS_DP;

	return n->port == HTTPS_PORT && s && s->management && !(n->places & ~own) && !n->elsewhere;
}

/* Updates come by 8530 or 8531 on that machine, so what asks on 443 is another site of it, as a management
 * point is; unless requests of the update path were read there. */
static bool is_another_site(const struct demand *n, const struct peer_server *s,
                            const struct analyzer_env *env)
{
	return n->port == HTTPS_PORT && !(s && s->updates) &&
	       relevance_has_update_port(env->relevance, &n->server.addr);
}

/* What nobody read may have been meant for the management point of the same machine. */
static enum confidence confidence_of(const struct demand *n, const struct peer_server *s)
{
	enum confidence sure = ways[n->way].confidence;
	bool guessed = n->port == HTTPS_PORT && n->way == WAY_AGAIN && !(s && s->updates);

	return guessed ? CONFIDENCE_POSSIBLE : sure;
}

/* Where no update agent goes, a certificate that clients can do with or have is nobody's trouble. */
static enum severity severity_of(enum fate fate, bool update_point)
{
	if (fate < FATE_SENT)
		return SEVERITY_OF_KIND;
	return update_point ? SEVERITY_WARNING : SEVERITY_INFO;
}

static void judge_asked(const struct demands *d, const struct demand *n, const struct analyzer_env *env,
                        const struct peer_server *s, bool known)
{
	enum fate fate = fate_of(d, n);
	char cause[CAUSE_TEXT], places[PLACES_TEXT];

	if (!n->crowd.count)
		return;
	list_places(n, places);
	/* TRANSLATORS: what it does ("asks for ..."), where, and a full stop with what comes of it. */
	tongue_say(cause, sizeof cause, known ? N_("The update point %s%s%s") : N_("The server %s%s%s"),
		   _(ways[n->way].text), places, tail_of(n, fate));
	crowd_raise(&n->crowd, env->findings, (struct raise){
		.kind = FINDING_CLIENT_CERTIFICATE_DEMANDED,
		.severity = severity_of(fate, known),
		.confidence = confidence_of(n, s),
		.cause = cause,
		.codes = n->way == WAY_WORDS ? "0x80244018" : NULL,
	});
}

static void judge_resets(const struct demands *d, const struct demand *n, const struct analyzer_env *env,
                         bool known)
{
	char cause[CAUSE_TEXT];

	if (n->resets.count < RESETS_MIN || peers_any_passed(&d->resets, &n->key, &n->resets))
		return;
	tongue_say(cause, sizeof cause,
		   known ? N_("The update point %s. A firewall or a filter may do the same: look for the "
			      "reset's sender.")
			 : N_("The server %s. A firewall or a filter may do the same: look for the reset's "
			      "sender."),
		   _(ways[WAY_RESETS].text));
	crowd_raise(&n->resets, env->findings, (struct raise){
		.kind = FINDING_CLIENT_CERTIFICATE_DEMANDED,
		.severity = SEVERITY_OF_KIND,
		.confidence = ways[WAY_RESETS].confidence,
		.cause = cause,
	});
}

void demands_end(const struct demands *d, const struct analyzer_env *env, const struct tls_peers *peers)
{
	for (size_t i = 0; i < d->servers.count; i++) {
		const struct demand *n = d->servers.entries[i].value;
		const struct peer_server *s = peers_server(peers, &n->key);
		/* With --all any server may ask. */
		bool known = wsus_port(n->server.port) || n->through_proxy ||
		             relevance_is_update_point(env->relevance, &n->server);

		if (is_configmgr(n, s) || is_another_site(n, s, env))
			continue;
		judge_asked(d, n, env, s, known);
		judge_resets(d, n, env, known);
	}
}
