/* probes/demands.c - whether a server asks for a client certificate, and what it says with and without one.
 *
 * HTTP.sys asks in the handshake, for every path of a port; or, up to TLS 1.2, by a handshake that it begins
 * anew when it has read which directory is asked for.  TLS 1.3 knows no such handshake, so that a server
 * resets the connection or answers with an error.
 */
#include <stdio.h>

#include "base/tongue.h"
#include "facts/tls.h"
#include "probes/chain.h"
#include "probes/request.h"
#include "probes/steps.h"

enum { CERTIFICATE_REQUIRED = 116 };     /* an alert of TLS 1.3 (RFC 8446 section 6) */

/* ---- asking, one way after the other ---- */

/* X(symbol, words, with a certificate, TLS 1.2 at most, TLS 1.3 at least) */
#define TURNS(X)                                                        \
	X(USUAL, N_("without a certificate"), false, false, false)          \
	X(USUAL_WITH, N_("with"), true, false, false)                       \
	X(OLD, N_("TLS 1.2 without a certificate"), false, true, false)     \
	X(OLD_WITH, N_("with"), true, true, false)                          \
	X(NEW, "TLS 1.3", false, false, true)

#define X(symbol, words, with, old, new) TURN_##symbol,
enum turn { TURNS(X) TURN_COUNT };
#undef X

static const struct {
	const char *words;
	bool with, old, new;
} turns[] = {
#define X(symbol, words, with, old, new) [TURN_##symbol] = { words, with, old, new },
	TURNS(X)
#undef X
};

struct demand {
	struct request request;
	const char *path;
	enum turn left[TURN_COUNT];
	unsigned left_count, at;
	bool asked;                     /* for a certificate */
	bool asked_late;                /* ... when the path was known */
	bool broken;                    /* TLS 1.3 broke off after the request */
	bool reached;
	char words[CHECK_DETAIL_MAX];   /* what each turn brought */
};

/* "without a certificate: 403"; "with \"pc01\": 200" */
static void add_words(struct demand *d, const char *late, const char *said)
{
	enum turn turn = d->left[d->at];
	const char *file = d->request.step->plan->options->certificate;
	size_t used = strlen(d->words);
	char own[CHAIN_NAME] = "";

	if (turns[turn].with)
		chain_own_name(file, own);
	snprintf(d->words + used, sizeof d->words - used, "%s%s%s%s%s: %s%s", used ? "; " : "",
	         _(turns[turn].words), own[0] ? " \"" : "", own, own[0] ? "\"" : "", late, said);
}

static void send_turn(struct demand *d)
{
	enum turn turn = d->left[d->at];
	struct fetch_options o = request_options(&d->request, "GET", d->path);

	o.tls.insecure = true;          /* who asks is the question here, and not who it is */
	if (!turns[turn].with)
		o.tls.certificate = o.tls.key = NULL;
	if (turns[turn].old)
		o.tls.max = TLS_1_2;
	if (turns[turn].new)
		o.tls.min = TLS_1_3;
	request_send(&d->request, &o);
}

static bool with_certificate(const struct step *s)
{
	return s->plan->options->certificate;
}

/* Takes in what a turn brought. */
static void take(struct demand *d, const struct fetch_result *result)
{
	enum turn turn = d->left[d->at];
	bool late = result->certificate_asked && result->asked_again;
	char said[REQUEST_TEXT];

	add_words(d, late ? _("asked after the request, ") : "", request_said(result, said));
	d->reached = d->reached || result->stage > FETCH_TUNNEL;
	d->asked = d->asked || result->certificate_asked || result->alert == CERTIFICATE_REQUIRED;
	d->asked_late = d->asked_late || late;
	if (turns[turn].new && result->stage == FETCH_ANSWER && result->code != CURLE_OPERATION_TIMEDOUT)
		d->broken = true;
}

static bool demand_begin(struct step *s, const char *path,
                         void (*heard)(struct request *r, const struct fetch_result *result),
                         const enum turn *wanted, unsigned count)
{
	struct demand *d = request_new(s, sizeof *d, heard);

	if (!d)
		return false;
	d->path = path;
	for (unsigned i = 0; i < count; i++)
		if (!turns[wanted[i]].with || with_certificate(s))
			d->left[d->left_count++] = wanted[i];
	send_turn(d);
	return true;
}

/* ---- in the handshake: every path of the port ---- */

#define USUAL_PATH "/ClientWebService/client.asmx"

static void handshake_heard(struct request *r, const struct fetch_result *result)
{
	struct demand *d = (struct demand *)r;

	take(d, result);
	/* What is asked after the request is told for each directory. */
	if (d->asked && !d->asked_late && ++d->at < d->left_count) {
		send_turn(d);
		return;
	}
	r->step->told.unjudged = !d->asked;
	if (!d->reached)
		request_over(r, CHECK_FAILED, "%s", d->words);
	else if (!d->asked)
		request_over(r, CHECK_OK, "none is asked for in the handshake");
	else if (d->asked_late)
		request_over(r, CHECK_WARNING, "none is asked for in the handshake, but later; %s", d->words);
	else
		request_over(r, CHECK_FAILED, "asked for in the handshake: update agents stop; %s", d->words);
}

static void handshake_start(struct step *s)
{
	static const enum turn wanted[] = { TURN_USUAL, TURN_USUAL_WITH };

	demand_begin(s, USUAL_PATH, handshake_heard, wanted, 2);
}

static const struct step_kind in_handshake = {
	.rung = CHECK_TLS,
	.start = handshake_start,
	.stop = request_stop,
};

/* ---- by directory ---- */

static const struct {
	const char *name, *path;
} directories[] = {
	{ "ClientWebService", USUAL_PATH },
	{ "SimpleAuthWebService", "/SimpleAuthWebService/SimpleAuth.asmx" },
	{ "ReportingWebService", "/ReportingWebService/ReportingWebService.asmx" },
	{ "ServerSyncWebService", "/ServerSyncWebService/ServerSyncWebService.asmx" },
	{ "DssAuthWebService", "/DssAuthWebService/DssAuthWebService.asmx" },
	{ "ApiRemoting30", "/ApiRemoting30/WebService.asmx" },
	{ "SelfUpdate", "/SelfUpdate/wuident.cab" },
	{ "Content", "/Content/anonymousCheckFile.txt" },
};

/* Judged by its packets only where something is wrong: statuses are the business of other steps. */
static void end_directory(struct demand *d)
{
	struct step *s = d->request.step;

	s->told.unjudged = !d->asked && !d->broken;
	if (!d->reached)
		request_over(&d->request, CHECK_FAILED, "%s", d->words);
	else if (d->asked)
		request_over(&d->request, CHECK_FAILED, "asked for: update agents stop; %s", d->words);
	else if (d->broken)
		request_over(&d->request, CHECK_WARNING, "TLS 1.3 breaks off as if one were asked for; %s",
		             d->words);
	else
		request_over(&d->request, CHECK_OK, "none is asked for; %s", d->words);
}

static void directory_heard(struct request *r, const struct fetch_result *result)
{
	struct demand *d = (struct demand *)r;

	take(d, result);
	d->at++;
	/* Without a demand a certificate makes no difference. */
	while (d->at < d->left_count && turns[d->left[d->at]].with && !d->asked)
		d->at++;
	if (d->at < d->left_count)
		send_turn(d);
	else
		end_directory(d);
}

static void directory_start(struct step *s)
{
	static const enum turn wanted[] = { TURN_OLD, TURN_OLD_WITH, TURN_NEW };
	/* A server without TLS 1.3 need not be asked for it once more. */
	bool new = s->way->tls_version == TLS_1_3;

	demand_begin(s, directories[s->variant].path, directory_heard, wanted, new ? 3 : 2);
}

static const struct step_kind by_directory = {
	.rung = CHECK_TLS,
	.start = directory_start,
	.stop = request_stop,
};

static bool plan_directories(struct plan *p, struct way *way, struct step *asked)
{
	for (unsigned i = 0; i < sizeof directories / sizeof *directories; i++) {
		char name[CHECK_NAME_MAX];
		struct step *s;

		snprintf(name, sizeof name, "client certificate: %s", directories[i].name);
		s = plan_add(p, &by_directory, way, NULL, NULL, name);
		if (!s)
			return false;
		s->variant = i;
		step_needs(s, way->tls);
		step_needs(s, asked);
		step_sends(s,
			   p->options->certificate ? N_("GET %s by TLS 1.2, without a certificate and "
							"with one, "
							"then by TLS 1.3")
						   : N_("GET %s by TLS 1.2, then by TLS 1.3"),
			   directories[i].path);
	}
	return true;
}

bool demands_plan(struct plan *p, struct way *way)
{
	struct step *asked;

	if (!way->site->target.https)
		return true;
	asked = plan_add(p, &in_handshake, way, NULL, NULL, "client certificate");
	if (!asked)
		return false;
	step_needs(asked, way->reach);
	step_sends(asked,
		   p->options->certificate ? N_("GET %s without a certificate, and with one")
					   : N_("GET %s without a certificate"),
		   USUAL_PATH);
	return p->options->quick || plan_directories(p, way, asked);
}
