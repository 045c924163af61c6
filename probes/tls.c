/* probes/tls.c - the usual handshake of a way, what its certificate shows, and each version by itself.
 *
 * The usual handshake offers TLS 1.2 and 1.3 and verifies; findings come from its packets.  The others are
 * counter-proofs: what they show is told by their checks alone.
 */
#include <stdio.h>

#include "base/tongue.h"
#include "facts/tls.h"
#include "probes/chain.h"
#include "probes/request.h"
#include "probes/steps.h"

#define PATH "/ClientWebService/client.asmx"

static const struct addr *address_of(const struct target *t)
{
	return t->is_addr ? &t->addr : NULL;
}

/* "alert handshake_failure (40)"; else what curl or the socket says. */
static const char *refusal(const struct fetch_result *result, char text[static REQUEST_TEXT])
{
	if (result->alert < 0)
		return request_said(result, text);
	snprintf(text, REQUEST_TEXT, "alert %s (%d)", tls_alert_name((unsigned)result->alert), result->alert);
	return text;
}

/* ---- the usual handshake ---- */

/* For the steps that compare and describe. */
static void keep_certificate(struct way *way, const struct chain *c, int64_t now)
{
	if (!c->count)
		return;
	way->has_leaf = true;
	memcpy(way->leaf, c->leaf, sizeof way->leaf);
	snprintf(way->leaf_issuer, sizeof way->leaf_issuer, "%s", c->links[0].issuer);
	way->certificate_state = chain_words(c, way->site->target.host, now, way->certificate_words);
}

/* The handshake was done, or broke off over nothing that concerns the certificate. */
static void end_agreed(struct request *r, const struct fetch_result *result)
{
	char why[REQUEST_TEXT];
	const char *version = tls_version_name(result->tls_version);
	const char *cipher = result->cipher ? result->cipher : _("an unknown cipher");
	bool asked = result->certificate_asked && !result->asked_again;
	bool refused = result->stage == FETCH_TLS || (result->stage == FETCH_ANSWER && result->alert >= 0);

	if (result->stage <= FETCH_TUNNEL)
		request_over(r, CHECK_FAILED, "%s", request_said(result, why));
	else if (asked && refused)
		request_over(r, CHECK_FAILED, "the server demands a client certificate, and refuses: %s",
		             refusal(result, why));
	else if (result->stage == FETCH_TLS)
		request_over(r, CHECK_FAILED, "%s%s", result->alert < 0 ? "" : _("the server refuses: "),
		             refusal(result, why));
	else
		request_over(r, CHECK_OK, "%s, %s%s", version, cipher,
		             asked ? _("; the server asks for a client certificate") : "");
}

static void usual_heard(struct request *r, const struct fetch_result *result)
{
	struct step *s = r->step;
	struct way *way = s->way;
	const struct target *t = &way->site->target;
	enum chain_fault fault;
	struct chain chain;
	char words[CHECK_DETAIL_MAX];

	chain_read(&chain, result->chain, result->chain_count, t->host, address_of(t));
	keep_certificate(way, &chain, loop_now(s->plan->loop));
	fault = chain_fault(&chain, result->verify, result->verify_at);
	if (result->stage >= FETCH_TLS)
		way->tls_version = result->tls_version;
	if (fault == CHAIN_TRUSTED || fault == CHAIN_UNSEEN) {
		end_agreed(r, result);
		return;
	}
	if (chain_untold(fault))
		step_trouble(s, CHECK_UNTRUSTED_CHAIN);
	/* Who is asked for by an address is told no name (RFC 6066 section 3), so packets show no mismatch:
	 * a client that leaves would be taken for one that does not trust the issuer. */
	if (fault == CHAIN_OTHER_NAME && t->is_addr) {
		step_trouble(s, CHECK_NOT_ITS_ADDRESS);
		s->told.unjudged = true;
	}
	chain_fault_words(&chain, fault, result->verify, result->verify_at, t->host, words);
	request_over(r, result->stage > FETCH_TLS ? CHECK_WARNING : CHECK_FAILED, "%s", words);
}

static void usual_start(struct step *s)
{
	struct request *r = request_new(s, sizeof *r, usual_heard);
	struct fetch_options o;

	if (!r)
		return;
	o = request_options(r, "GET", PATH);
	o.tls.min = TLS_1_2;            /* what current Windows offers at least */
	request_send(r, &o);
}

static const struct step_kind usual = { .rung = CHECK_TLS, .start = usual_start, .stop = request_stop };

/* ---- the certificate by itself: nothing is sent ---- */

static void certificate_start(struct step *s)
{
	const struct way *way = s->way;

	if (!way->certificate_words[0])
		step_end(s, CHECK_SKIPPED, "needs tls handshake: %.300s", way->tls->told.detail);
	else
		step_end(s, way->certificate_state, "%s", way->certificate_words);
}

static const struct step_kind certificate = { .rung = CHECK_TLS, .start = certificate_start, .light = true };

/* ---- interception: the certificate through the proxy beside the one without it ---- */

static void interception_start(struct step *s)
{
	const struct way *direct = s->site->ways, *way = s->way;

	if (!direct->has_leaf || !way->has_leaf)
		step_end(s, CHECK_SKIPPED, "no certificate was seen %s",
		         direct->has_leaf ? _("through the proxy") : _("without the proxy, to compare with"));
	else if (!memcmp(direct->leaf, way->leaf, sizeof way->leaf))
		step_end(s, CHECK_OK, "the same certificate as without the proxy");
	else if (!strcmp(direct->leaf_issuer, way->leaf_issuer))
		step_end(s, CHECK_OK, "another certificate than without the proxy, also by \"%s\"",
		         way->leaf_issuer);
	else
		step_end(s, CHECK_WARNING, "intercepted: through the proxy it is by \"%s\", else by \"%s\"",
		         way->leaf_issuer, direct->leaf_issuer);
}

static const struct step_kind interception = {
	.rung = CHECK_TLS,
	.start = interception_start,
	.light = true,
};

/* ---- each version by itself ---- */

static const struct {
	enum tls_version version;
	bool needed;                    /* by clients of today */
	bool outdated;
	const char *ciphers;
} versions[] = {
	{ TLS_1_0, false, true, "DEFAULT:@SECLEVEL=0" },
	{ TLS_1_1, false, true, "DEFAULT:@SECLEVEL=0" },
	{ TLS_1_2, true, false, "DEFAULT:@SECLEVEL=0" },
	{ TLS_1_3, false, false, NULL },
};

static void version_heard(struct request *r, const struct fetch_result *result)
{
	unsigned variant = r->step->variant;
	bool needed = versions[variant].needed;
	const char *cipher = result->cipher ? result->cipher : _("its handshake is not finished");
	char why[REQUEST_TEXT];

	if (result->stage <= FETCH_TUNNEL)
		request_over(r, CHECK_FAILED, "%s", request_said(result, why));
	else if (result->tls_version == versions[variant].version)
		request_over(r, CHECK_OK, "served: %s%s", cipher,
		             versions[variant].outdated ? _("; outdated") : "");
	else
		request_over(r, needed ? CHECK_WARNING : CHECK_OK, "not served%s: %s",
		             needed ? _(", though Windows before 11 and Server 2022 knows no newer one") : "",
		             refusal(result, why));
}

static void version_start(struct step *s)
{
	struct request *r = request_new(s, sizeof *r, version_heard);
	struct fetch_options o;

	if (!r)
		return;
	o = request_options(r, "GET", PATH);
	o.tls.min = o.tls.max = (uint16_t)versions[s->variant].version;
	o.tls.ciphers = versions[s->variant].ciphers;
	o.tls.insecure = true;
	request_send(r, &o);
}

static const struct step_kind one_version = {
	.rung = CHECK_TLS,
	.start = version_start,
	.stop = request_stop,
};

static bool plan_versions(struct plan *p, struct way *way)
{
	for (unsigned i = 0; i < sizeof versions / sizeof *versions; i++) {
		const char *name = tls_version_name(versions[i].version);
		struct step *s = plan_add(p, &one_version, way, NULL, NULL, name);

		if (!s)
			return false;
		s->variant = i;
		s->told.unjudged = true;
		step_needs(s, way->reach);
		step_sends(s, "a handshake that offers %s alone, and GET %s", name, PATH);
	}
	return true;
}

bool tls_plan(struct plan *p, struct way *way)
{
	struct step *shown, *compared;

	if (!way->site->target.https)
		return true;
	way->tls = plan_add(p, &usual, way, NULL, NULL, "handshake");
	shown = way->tls ? plan_add(p, &certificate, way, NULL, NULL, "certificate") : NULL;
	if (!shown)
		return false;
	step_needs(way->tls, way->reach);
	step_sends(way->tls, "a TLS handshake, and GET %s", PATH);
	step_needs(shown, way->tls);
	shown->lenient = true;
	step_sends(shown, "nothing: what the handshake shows");
	if (way->proxy && way != way->site->ways) {
		compared = plan_add(p, &interception, way, NULL, NULL, "interception");
		if (!compared)
			return false;
		step_needs(compared, way->tls);
		step_needs(compared, way->site->ways->tls);
		compared->lenient = true;
		step_sends(compared, "nothing: what both handshakes show");
	}
	return p->options->quick || plan_versions(p, way);
}
