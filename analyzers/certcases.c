/* analyzers/certcases.c - whose clients fail at which certificate. */
#include "analyzers/certcases.h"

#include <stdio.h>

#include "analyzers/certtext.h"
#include "analyzers/crowd.h"
#include "analyzers/kept.h"
#include "analyzers/tlsstory.h"
#include "base/tongue.h"
#include "facts/wsus.h"

enum { CASES_MAX = 2000, REPEATED = 2 };

struct cert_case {
	struct peer_key server;
	enum cert_fault fault;
	enum confidence confidence;
	bool told;    /* a client said why, or left before the handshake was done */
	bool refused; /* by an alert, and nothing else is wrong with it */
	struct crowd crowd;
	char cause[CAUSE_TEXT];
};

static const enum finding_kind kinds[] = {
#define X(symbol, kind) [FAULT_##symbol] = FINDING_##kind,
	CERT_FAULTS(X)
#undef X
};

void certs_init(struct cert_cases *c)
{
	map_init(&c->cases, CASES_MAX);
}

void certs_release(struct cert_cases *c)
{
	map_release_values(&c->cases);
}

/* ---- one session ---- */

static enum cert_verdict verdict_of(const struct tls_session *t)
{
	if (tls_alert_blames_certificate(tls_fatal_alert(t, CLIENT)))
		return VERDICT_REFUSED;
	if (!tls_client_left(t))
		return VERDICT_NONE;
	return tls_client_left_late(t) ? VERDICT_LEFT_LATE : VERDICT_LEFT;
}

/* Where the client did not name the server, the user may have: the only --sup, on its port. */
static struct span name_by_option(const struct analyzer_env *env, const struct tls_session *t)
{
	const struct relevance_sup *sup;

	if (relevance_sup_count(env->relevance) != 1 || t->tunnel)
		return span_of(NULL, 0);
	sup = relevance_sup(env->relevance, 0);
	if (sup->has_addr || !wsus_tls_port(t->conn->server.port) ||
	    (sup->port && sup->port != t->conn->server.port))
		return span_of(NULL, 0);
	return sup->host;
}

static bool is_update_point(const struct analyzer_env *env, const struct tls_session *t)
{
	return wsus_port(t->conn->server.port) || (t->tunnel && wsus_likely_name(t->tunnel->target)) ||
	       relevance_is_update_point(env->relevance, &t->conn->server);
}

static struct cert_view view_of(const struct analyzer_env *env, const struct tls_session *t)
{
	const struct certificate *leaf = t->certificates.count ? t->certificates.list[0] : NULL;
	struct cert_view v = {
		.session = t,
		.leaf = leaf && leaf->readable ? leaf : NULL,
		.asked = tls_name_asked(t),
		.verdict = verdict_of(t),
	};

	if (!v.asked.len) {
		v.asked = name_by_option(env, t);
		v.asked_by_option = v.asked.len > 0;
	}
	if (v.verdict == VERDICT_REFUSED)
		v.alert = tls_fatal_alert(t, CLIENT);
	v.update_point = is_update_point(env, t);
	v.microsoft = wsus_microsoft_host(v.asked);
	return v;
}

static size_t evidence_of(const struct cert_view *v, struct evidence e[static CROWD_EVIDENCE])
{
	const struct tls_session *t = v->session;
	char name[CERT_NAME_TEXT], from[CERT_DAY_TEXT], until[CERT_DAY_TEXT];
	char names[CERT_LIST_TEXT], thumb[CERT_THUMBPRINT_TEXT];
	uint64_t frame = t->certificate_frame ? t->certificate_frame : t->server_hello_frame;
	size_t count = 0;

	if (v->leaf) {
		e[count++] = evidence_at(frame, "certificate %s by %.60s, %s to %s",
		                         cert_thumbprint(v->leaf, thumb), cert_issuer(v->leaf, name),
		                         cert_day(v->leaf->not_before, from),
		                         cert_day(v->leaf->not_after, until));
		e[count++] = evidence_at(t->client_hello_frame, "asked for as %.60s; it names %.100s",
		                         v->asked.len ? cert_text(v->asked, name, 60) : _("nothing"),
		                         cert_names(v->leaf, names));
	}
	if (v->alert)
		e[count++] = evidence_at(v->alert->frame, "the client's alert %u, %s",
		                         v->alert->description, tls_alert_name(v->alert->description));
	else if (v->verdict != VERDICT_NONE)
		e[count++] = evidence_at(t->conn->side[CLIENT].fin_frame ? t->conn->side[CLIENT].fin_frame
		                                                         : t->conn->reset_frame,
		                         "the client hangs up");
	return count;
}

static struct cert_case *case_of(struct cert_cases *c, const struct analyzer_env *env,
                                 const struct cert_view *v, enum cert_fault fault)
{
	struct peer_key server = peer_key(v->session);
	uint8_t key[PEER_KEY + THUMBPRINT_LEN + 1] = { (uint8_t)fault };
	size_t len = 1 + THUMBPRINT_LEN;
	struct cert_case *n;

	if (v->leaf)
		memcpy(key + 1, v->leaf->thumbprint, THUMBPRINT_LEN);
	memcpy(key + len, server.bytes, server.len);
	n = kept_value(&c->cases, span_of(key, len + server.len), sizeof *n, env->limits);
	if (n && !n->crowd.count) {
		n->server = server;
		n->fault = fault;
		n->confidence = CONFIDENCE_POSSIBLE;
	}
	return n;
}

/* The words of the occurrence that is surest. */
static void add(struct cert_cases *c, const struct analyzer_env *env, const struct cert_view *v,
                enum cert_fault fault, unsigned faults)
{
	struct evidence evidence[CROWD_EVIDENCE];
	struct cert_case *n = case_of(c, env, v, fault);
	char cause[CAUSE_TEXT];
	enum confidence sure;

	if (!n)
		return;
	sure = cert_fault_words(v, fault, cause);
	if (!n->crowd.count || sure > n->confidence) {
		n->confidence = sure;
		memcpy(n->cause, cause, sizeof n->cause);
	}
	n->told |= v->verdict == VERDICT_REFUSED || v->verdict == VERDICT_LEFT;
	n->refused |= v->verdict == VERDICT_REFUSED && faults == 1u << fault;
	crowd_add(&n->crowd, v->session->conn, v->session->tunnel != NULL, v->session->first_time,
	          evidence, evidence_of(v, evidence));
}

bool certs_session(struct cert_cases *c, const struct analyzer_env *env, struct tls_peers *peers,
                   const struct tls_session *t, bool explained)
{
	struct cert_view v = view_of(env, t);
	unsigned faults, grave = 1u << FAULT_EXPIRED | 1u << FAULT_NOT_YET | 1u << FAULT_CLOCK |
	                         1u << FAULT_NAME | 1u << FAULT_UNTRUSTED;
	struct peer_key key;

	v.explained = explained;
	faults = cert_faults(&v);
	for (int f = 0; f < FAULT_COUNT; f++)
		if (faults & 1u << f)
			add(c, env, &v, (enum cert_fault)f, faults);
	if (v.verdict == VERDICT_REFUSED)
		grave |= 1u << FAULT_WEAK;
	if (!(faults & grave) || v.verdict == VERDICT_NONE)
		return false;
	key = peer_key(t);
	peers_failed(peers, &key, &t->conn->client.addr, t->first_time);
	return true;
}

void certs_exchange(struct cert_cases *c, const struct analyzer_env *env, const struct exchange *x)
{
	struct cert_view v;

	if (!x->tls || x->number || !x->host.len || !x->tls->certificates.count ||
	    tls_name_asked(x->tls).len)
		return;
	v = view_of(env, x->tls);
	v.asked = tls_without_port(x->host);
	v.asked_by_option = false;
	v.verdict = VERDICT_NONE;
	if (cert_faults(&v) & 1u << FAULT_NAME)
		add(c, env, &v, FAULT_NAME, 1u << FAULT_NAME);
}

/* ---- the verdict ---- */

/* A monitor that looks at the certificate and leaves, beside clients that get on. */
static bool is_glance(const struct cert_case *n, const struct tls_peers *peers)
{
	const struct peer_server *s = peers_server(peers, &n->server);

	return n->fault == FAULT_UNTRUSTED && !n->told && s && s->passed;
}

/* Some clients do not mind what others stop at. */
static enum severity severity_of(const struct cert_case *n, const struct tls_peers *peers)
{
	bool stuck = peers_any_stuck(peers, &n->server, &n->crowd);

	if (is_glance(n, peers))
		return SEVERITY_INFO;
	if (n->fault == FAULT_ENDING)
		return SEVERITY_WARNING;
	if (n->fault == FAULT_WEAK)
		return n->refused && stuck ? SEVERITY_ERROR : SEVERITY_WARNING;
	return peers_any_passed(peers, &n->server, &n->crowd) && !stuck ? SEVERITY_WARNING : SEVERITY_ERROR;
}

/* Who leaves after a handshake that was done may just not have needed it: it takes two, and nobody of them
 * that ever got on. */
static bool is_nothing(const struct cert_case *n, const struct tls_peers *peers)
{
	return n->fault == FAULT_UNTRUSTED && !n->told &&
	       (n->crowd.count < REPEATED || peers_any_passed(peers, &n->server, &n->crowd));
}

/* What is still valid is told in words of its own, and no client logs it. */
static void raise_case(const struct cert_case *n, const struct analyzer_env *env,
                       const struct tls_peers *peers)
{
	bool ending = n->fault == FAULT_ENDING;

	crowd_raise(&n->crowd, env->findings, (struct raise){
		.kind = kinds[n->fault],
		.severity = severity_of(n, peers),
		.confidence = n->confidence,
		.title = ending ? N_("The server's certificate ends soon") : NULL,
		.remedy = ending ? N_("Renew it before that day and bind the new one: IIS Manager > "
				      "Bindings > "
		                   "https 8531\n"
		                   "netsh http show sslcert ipport=0.0.0.0:8531 must show the new thumbprint")
		                 : NULL,
		.codes = ending ? "" : NULL,
		.cause = n->cause,
	});
}

void certs_end(const struct cert_cases *c, const struct analyzer_env *env, const struct tls_peers *peers)
{
	for (size_t i = 0; i < c->cases.count; i++) {
		const struct cert_case *n = c->cases.entries[i].value;

		if (n->crowd.count && !is_nothing(n, peers))
			raise_case(n, env, peers);
	}
}
