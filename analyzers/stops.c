/* analyzers/stops.c - why handshakes stop, told apart by who said what last. */
#include "analyzers/stops.h"

#include <stdio.h>

#include "analyzers/crowd.h"
#include "analyzers/kept.h"
#include "analyzers/tlsstory.h"
#include "base/tongue.h"

enum { CASES_MAX = 4000, REPEATED = 2, SUITES_TOLD = 3, SUITES_TEXT = 150, NO_ALERT = -1 };

/* Who leaves a finished handshake does so at once when it does not like what it saw. */
#define SECOND_THOUGHT (5 * MOMENT_S)

enum stop_at {
	STOP_AT_HELLO, /* the server says nothing to the client's hello, and closes or waits */
	STOP_REFUSED,  /* an alert of the server before its hello */
	STOP_MIDWAY,   /* later, or by the client */
	STOP_LEFT,     /* after the handshake, before any request */
};

struct stop_story { /* what makes stops alike; compared by its bytes */
	enum stop_at at;
	enum connection_closed closed;
	enum closer { CLOSED_BY_NOBODY, CLOSED_BY_SERVER, CLOSED_BY_CLIENT } closed_by;
	enum side alert_by;
	int alert; /* NO_ALERT */
	int last_message[2];
	uint16_t offered_max, offered_min, version;
	uint16_t downgrade, other_protocol;
	uint16_t hello_cut;
	uint32_t secret_alerts; /* bits 1u << enum side: alerts that nobody can read */
};

/* A copy need not keep padding, so there is none. */
_Static_assert(sizeof(struct stop_story) == 8 * sizeof(uint32_t) + 6 * sizeof(uint16_t), "padding");

struct stop {
	struct peer_key server;
	struct stop_story story;
	struct tls_offer offer; /* of the first */
	bool said_why;          /* a client of STOP_LEFT did, by an alert */
	struct crowd crowd;
};

void stops_init(struct stops *s)
{
	map_init(&s->cases, CASES_MAX);
}

void stops_release(struct stops *s)
{
	map_release_values(&s->cases);
}

/* ---- one session ---- */

static enum stop_at place_of(const struct tls_session *t)
{
	const struct tls_alert *server = tls_fatal_alert(t, SERVER);

	if (t->established)
		return STOP_LEFT;
	if (t->server_hello || tls_fatal_alert(t, CLIENT) || t->not_tls[SERVER])
		return STOP_MIDWAY;
	if (server)
		return STOP_REFUSED;
	return t->conn->closed == CONNECTION_RESET_BY_MIDDLEBOX || t->conn->side[SERVER].bytes
	               ? STOP_MIDWAY
	               : STOP_AT_HELLO;
}

static enum closer closer_of(const struct connection *c)
{
	if (connection_closed_by(c, SERVER))
		return CLOSED_BY_SERVER;
	return connection_closed_by(c, CLIENT) ? CLOSED_BY_CLIENT : CLOSED_BY_NOBODY;
}

static struct stop_story story_of(const struct tls_session *t)
{
	const struct tls_alert *server = tls_fatal_alert(t, SERVER), *client = tls_fatal_alert(t, CLIENT);
	const struct tls_alert *alert = server ? server : client;
	struct stop_story s;

	memset(&s, 0, sizeof s);
	s.at = place_of(t);
	s.version = t->server_hello ? t->version : 0;
	if (s.at == STOP_LEFT)          /* however it hung up */
		return s;
	s.closed = t->conn->closed;
	s.closed_by = closer_of(t->conn);
	s.alert = alert ? alert->description : NO_ALERT;
	s.alert_by = server ? SERVER : CLIENT;
	s.last_message[CLIENT] = t->last_message[CLIENT];
	s.last_message[SERVER] = t->last_message[SERVER];
	s.offered_max = t->offered_max;
	s.offered_min = t->offered_min;
	s.downgrade = t->downgrade;
	s.hello_cut = t->hello_cut;
	s.other_protocol = t->not_tls[SERVER];
	for (unsigned i = 0; i < t->alert_count && i < TLS_ALERTS_KEPT; i++)
		if (t->alerts[i].encrypted)
			s.secret_alerts |= 1u << t->alerts[i].by;
	return s;
}

static size_t evidence_of(const struct tls_session *t, struct evidence e[static CROWD_EVIDENCE])
{
	const struct tls_alert *alert = tls_fatal_alert(t, SERVER);
	size_t count = 0;

	if (!alert)
		alert = tls_fatal_alert(t, CLIENT);
	if (t->hello_cut)
		e[count++] = evidence_at(t->client_hello_frame, "ClientHello, not all of it readable");
	else
		e[count++] = evidence_at(t->client_hello_frame, "ClientHello offers up to %s",
		                         tls_version_name(t->offered_max));
	if (t->last_frame[SERVER])
		e[count++] = evidence_at(t->last_frame[SERVER], "the server's last message, %s",
		                         tls_message_name(t->last_message[SERVER]));
	if (alert)
		e[count++] = evidence_at(alert->frame, "alert %u, %s", alert->description,
		                         tls_alert_name(alert->description));
	else if (t->conn->reset_frame)
		e[count++] = evidence_at(t->conn->reset_frame, "reset");
	else if (connection_closed_by(t->conn, SERVER))
		e[count++] = evidence_at(t->conn->side[SERVER].fin_frame, "the server hangs up");
	else if (connection_closed_by(t->conn, CLIENT))
		e[count++] = evidence_at(t->conn->side[CLIENT].fin_frame, "the client hangs up");
	return count;
}

void stops_session(struct stops *s, const struct analyzer_env *env, const struct tls_session *t)
{
	bool left = tls_client_left_late(t) && t->last_time - t->first_time < SECOND_THOUGHT;
	struct evidence evidence[CROWD_EVIDENCE];
	struct peer_key server = peer_key(t);
	uint8_t key[PEER_KEY + sizeof(struct stop_story)];
	struct stop_story story;
	struct stop *n;

	if (!tls_stopped(t) && !left)
		return;
	story = story_of(t);
	memcpy(key, &story, sizeof story);
	memcpy(key + sizeof story, server.bytes, server.len);
	n = kept_value(&s->cases, span_of(key, sizeof story + server.len), sizeof *n, env->limits);
	if (!n)
		return;
	if (!n->crowd.count) {
		n->server = server;
		n->story = story;
		n->offer = t->offer;
	}
	n->said_why |= tls_fatal_alert(t, CLIENT) != NULL;
	crowd_add(&n->crowd, t->conn, t->tunnel != NULL, t->first_time, evidence,
	          evidence_of(t, evidence));
}

/* ---- verdicts ---- */

struct court {
	const struct analyzer_env *env;
	const struct tls_peers *peers;
};

/* Clients that try older versions one after the other, or simply again, may overcome it. */
static void tell(const struct court *c, const struct stop *n, enum finding_kind kind,
                 enum confidence sure, const char *cause)
{
	crowd_raise(&n->crowd, c->env->findings, (struct raise){
		.kind = kind,
		.severity = peers_all_overcame(c->peers, &n->server, &n->crowd) ? SEVERITY_WARNING
		                                                                : SEVERITY_OF_KIND,
		.confidence = sure,
		.cause = cause,
	});
}

/* ---- versions ---- */

/* What others negotiated is no floor: it takes a refusal, a version that is given up everywhere, or a second
 * hello that fares no better. */
static bool is_below(const struct stop *n, const struct peer_server *s)
{
	bool shown = n->story.offered_max < TLS_1_2 || s->refused_version || n->crowd.count >= REPEATED;

	return shown && n->story.offered_max < (s->lowest ? s->lowest : TLS_1_2);
}

/* It was seen to choose less than others offered, and this client offers nothing that low. */
static bool is_above(const struct stop *n, const struct peer_server *s)
{
	return s->limit && s->highest == s->limit && n->story.offered_min > s->limit;
}

static bool judge_version_told(const struct court *c, const struct stop *n)
{
	const struct stop_story *s = &n->story;
	char cause[CAUSE_TEXT];

	if (s->alert == ALERT_PROTOCOL_VERSION && s->alert_by == SERVER && n->story.at == STOP_REFUSED)
		tongue_say(cause, sizeof cause,
		         "The server refuses the client's TLS version: the client offers at most %s.",
		         tls_version_name(s->offered_max));
	else if (s->alert == ALERT_PROTOCOL_VERSION && s->alert_by == CLIENT && s->version)
		tongue_say(
			cause, sizeof cause,
			"The client refuses the version that the server chose, %s: it speaks that no more.",
			tls_version_name(s->version));
	else if (s->alert == ALERT_INAPPROPRIATE_FALLBACK)
		tongue_say(
			cause, sizeof cause,
			"The client falls back to %s after handshakes that failed, and the server refuses "
			"that, as it speaks more (alert 86): look at what broke the client's first try.",
			tls_version_name(s->offered_max));
	else if (s->downgrade && s->alert == ALERT_ILLEGAL_PARAMETER)
		tongue_say(
			cause, sizeof cause,
			"The server chose %s though it speaks more, and so does the client, which takes it "
			"for an attack: a device between changes the hello.",
			tls_version_name(s->version));
	else
		return false;
	tell(c, n, FINDING_TLS_VERSION_MISMATCH, CONFIDENCE_CERTAIN, cause);
	return true;
}

static bool judge_version_shown(const struct court *c, const struct stop *n, const struct peer_server *s)
{
	char cause[CAUSE_TEXT];

	if (!s || n->story.at != STOP_AT_HELLO || n->story.closed_by != CLOSED_BY_SERVER ||
	    !(is_below(n, s) || is_above(n, s)))
		return false;
	if (is_below(n, s))
		tongue_say(
			cause, sizeof cause,
			"The server closes after a hello that offers at most %s, as if it spoke that no "
			"more.",
			tls_version_name(n->story.offered_max));
	else
		tongue_say(
			cause, sizeof cause,
			"The server closes after a hello that offers nothing below %s; to others it speaks "
			"%s at most.",
			tls_version_name(n->story.offered_min), tls_version_name(s->limit));
	tell(c, n, FINDING_TLS_VERSION_MISMATCH, CONFIDENCE_PROBABLE, cause);
	return true;
}

/* ---- ciphers ---- */

static bool is_suite13(uint16_t suite)
{
	return suite >> 8 == 0x13;
}

/* The client offers none of the suites that the server was seen to choose, of the kind that both versions
 * allow. */
static bool shares_none(const struct stop *n, const struct peer_server *s)
{
	bool compared = false;

	for (unsigned i = 0; s && i < s->suite_count; i++) {
		if (is_suite13(s->suites[i]) && n->story.offered_max < TLS_1_3)
			continue;
		compared = true;
		for (unsigned k = 0; k < n->offer.suite_count && k < TLS_SUITES_KEPT; k++)
			if (n->offer.suites[k] == s->suites[i])
				return false;
	}
	return compared && n->offer.suite_count && n->offer.suite_count <= TLS_SUITES_KEPT;
}

/* ": TLS_RSA_WITH_RC4_128_SHA, ... (5 in all)", or "". */
static void list_suites(const struct stop *n, char text[static SUITES_TEXT])
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < n->offer.suite_count && i < SUITES_TOLD && len < SUITES_TEXT; i++) {
		const char *name = tls_suite_name(n->offer.suites[i]);

		if (name)
			len += (size_t)snprintf(text + len, SUITES_TEXT - len, "%s%s", len ? ", " : ": ",
			                        name);
	}
	if (len && len < SUITES_TEXT && n->offer.suite_count > SUITES_TOLD)
		tongue_say(text + len, SUITES_TEXT - len, ", ... (%u in all)", n->offer.suite_count);
}

static bool judge_cipher(const struct court *c, const struct stop *n, const struct peer_server *s)
{
	bool told = n->story.at == STOP_REFUSED && (n->story.alert == ALERT_HANDSHAKE_FAILURE ||
	                                            n->story.alert == ALERT_INSUFFICIENT_SECURITY);
	bool shown = n->story.at == STOP_AT_HELLO && n->story.closed_by == CLOSED_BY_SERVER &&
	             shares_none(n, s);
	char cause[CAUSE_TEXT], suites[SUITES_TEXT];
	bool sure = n->story.alert == ALERT_INSUFFICIENT_SECURITY || (told && shares_none(n, s));

	if (!told && !shown)
		return false;
	list_suites(n, suites);
	if (told)
		tongue_say(
			cause, sizeof cause,
			"The server refuses the hello (alert %d, %s) although it names no version as the "
			"trouble: it may use none of the ciphers that the client offers%s%s.",
			n->story.alert, tls_alert_name((unsigned)n->story.alert), suites,
			s && s->hello ? "" : _("; or it has no certificate that it can use"));
	else
		tongue_say(
			cause, sizeof cause,
			"The server closes after this hello and answers others: the client offers none "
			"of the "
			"ciphers that the server was seen to choose%s.",
			suites);
	tell(c, n, FINDING_TLS_NO_COMMON_CIPHER, sure ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE, cause);
	return true;
}

/* ---- nobody there, and the rest ---- */

static const char *ended(const struct stop_story *s)
{
	switch (s->closed_by) {
	case CLOSED_BY_SERVER:
		return s->closed == CONNECTION_FIN ? _("the server closes after the ClientHello")
		                                   : _("the server resets after the ClientHello");
	case CLOSED_BY_CLIENT: return _("the client waits in vain after its ClientHello");
	case CLOSED_BY_NOBODY: break;
	}
	return _("nothing follows the ClientHello");
}

static bool judge_not_served(const struct court *c, const struct stop *n, const struct peer_server *s)
{
	bool sure = n->story.closed_by == CLOSED_BY_SERVER && s && s->unanswered >= REPEATED;
	char cause[CAUSE_TEXT];

	if (n->story.at != STOP_AT_HELLO || (s && s->hello))
		return false;
	tongue_say(
		cause, sizeof cause,
		"Port %u takes connections, and TLS never starts there: no client gets a ServerHello, %s. No "
		"certificate is bound to the port, or its key is unusable.",
		n->crowd.server.port, ended(&n->story));
	tell(c, n, FINDING_TLS_NOT_SERVED, sure ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE, cause);
	return true;
}

static const char *closing(const struct stop_story *s)
{
	bool reset = s->closed != CONNECTION_FIN;

	switch (s->closed_by) {
	case CLOSED_BY_SERVER:
		return reset ? _("The server resets the connection.")
			     : _("The server closes the connection.");
	case CLOSED_BY_CLIENT:
		return reset ? _("The client resets the connection.")
			     : _("The client closes the connection.");
	case CLOSED_BY_NOBODY: break;
	}
	return _("Nothing follows.");
}

static void judge_aborted(const struct court *c, const struct stop *n)
{
	const struct stop_story *s = &n->story;
	char cause[CAUSE_TEXT];
	size_t len;

	len = tongue_say(cause, sizeof cause,
	               "The TLS handshake dies: the client's last message is %s, the server's %s.",
	               tls_message_name(s->last_message[CLIENT]),
	               tls_message_name(s->last_message[SERVER]));
	if (s->hello_cut)
		len += tongue_say(cause + len, sizeof cause - len,
		                " Not all of the client's hello can be read.");
	if (s->alert != NO_ALERT)
		tongue_say(cause + len, sizeof cause - len,
			   s->alert_by == SERVER ? N_(" The server sends alert %d, %s.")
						 : N_(" The client sends alert %d, %s."),
			   s->alert,
		         tls_alert_name((unsigned)s->alert));
	else if (s->secret_alerts)
		tongue_say(cause + len, sizeof cause - len,
			   s->secret_alerts & 1u << CLIENT ? N_(" The client says why in an encrypted alert.")
							   : N_(" The server says why in an encrypted "
								"alert."));
	else if (s->other_protocol)
		tongue_say(cause + len, sizeof cause - len,
		         " The server answers in another protocol.");
	else if (s->closed == CONNECTION_RESET_BY_MIDDLEBOX)
		tongue_say(cause + len, sizeof cause - len,
		         " A box between resets the connection.");
	else
		snprintf(cause + len, sizeof cause - len, " %s", closing(s));
	tell(c, n, FINDING_TLS_ABORTED, CONFIDENCE_CERTAIN, cause);
}

/* It takes two of them, and clients that never got on: connections are made in advance, too.  Beside clients
 * that get on, who leaves without a word may be a monitor. */
static void judge_left(const struct court *c, const struct stop *n, const struct peer_server *s)
{
	bool others = s && s->passed;
	char cause[CAUSE_TEXT];

	if (n->crowd.count < REPEATED || peers_any_passed(c->peers, &n->server, &n->crowd))
		return;
	tongue_say(
		cause, sizeof cause,
		"The client finishes the handshake (%s) and leaves without asking for anything, each time: "
		"so do programs that check the server's certificate themselves and do not like it%s%s.",
		tls_version_name(n->story.version),
		n->story.version == TLS_1_3 ? _(", which TLS 1.3 hides here") : "",
		others ? _(", and monitors; others get on") : "");
	crowd_raise(&n->crowd, c->env->findings, (struct raise){
		.kind = FINDING_TLS_ABORTED,
		.severity = others && !n->said_why ? SEVERITY_INFO : SEVERITY_OF_KIND,
		.confidence = others ? CONFIDENCE_POSSIBLE : CONFIDENCE_PROBABLE,
		.cause = cause,
	});
}

static void judge(const struct court *c, const struct stop *n)
{
	const struct peer_server *s = peers_server(c->peers, &n->server);

	if (n->story.at == STOP_LEFT)
		judge_left(c, n, s);
	else if (n->story.hello_cut)    /* what it offers is not known */
		judge_aborted(c, n);
	else if (!judge_version_told(c, n) && !judge_version_shown(c, n, s) && !judge_cipher(c, n, s) &&
	         !judge_not_served(c, n, s))
		judge_aborted(c, n);
}

void stops_end(const struct stops *s, const struct analyzer_env *env, const struct tls_peers *peers)
{
	struct court c = { env, peers };

	for (size_t i = 0; i < s->cases.count; i++)
		judge(&c, s->cases.entries[i].value);
}
