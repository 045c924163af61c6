/* analyzers/syncs.c - servers that synchronise from another: which step fails, and with what.
 *
 * Steps are those of MS-WSUSSS 3.2.4: configuration, authorization, cookie, revisions, data, approvals,
 * files, and the rollup of status.  A fault that heals counts only where the step never succeeds; what
 * becomes of a demand for a login is login.c's: alone it may be a step of one that goes on unseen.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/kept.h"
#include "analyzers/story.h"
#include "base/tongue.h"

enum { PAIRS_MAX = 4000, WHAT_TEXT = 160 };

struct step {                           /* a method of one server, called by another */
	struct story story;
	enum wsus_method method;
	bool heals;                     /* all that failed so far is what a retry mends by design */
	bool faulted;                   /* WSUS itself said no */
	char what[WHAT_TEXT];           /* "InvalidCookie", "503 Service Unavailable" */
	char id[40];
};

struct pair {                           /* who synchronises, and from whom */
	int64_t revisions, fetched;     /* told by GetRevisionIdList; asked for by GetUpdateData */
};

struct syncs {
	struct analyzer_env env;
	struct map steps;               /* client, server_key and method -> struct step */
	struct map pairs;               /* client and server_key -> struct pair */
};

static void *create(const struct analyzer_env *env)
{
	struct syncs *s = calloc(1, sizeof *s);

	if (s) {
		s->env = *env;
		map_init(&s->steps, PAIRS_MAX);
		map_init(&s->pairs, PAIRS_MAX);
	}
	return s;
}

static void destroy(void *self)
{
	struct syncs *s = self;

	map_release_values(&s->steps);
	map_release_values(&s->pairs);
	free(s);
}

/* Client and server, and behind them the method: without it the key of a pair. */
struct sync_key {
	uint8_t bytes[16 + sizeof(struct server_key) + 1];
	size_t len;                     /* of the pair */
};

static struct sync_key key_of(const struct exchange *x, enum wsus_method m)
{
	struct server_key server = web_server_key(x);
	struct sync_key k;

	memcpy(k.bytes, x->conn->client.addr.bytes, 16);
	memcpy(k.bytes + 16, server.bytes, server.len);
	k.len = 16 + server.len;
	k.bytes[k.len] = (uint8_t)m;
	return k;
}

/* What the exchange failed with; false: it did not, or the capture does not show it. */
static bool describe(const struct exchange *x, char text[static WHAT_TEXT])
{
	const struct soap_fault *fault = call_fault(x);
	char code[40], more[44];

	if (fault) {
		web_printable(fault->error_code, code, sizeof code);
		web_printable(fault->message, more, sizeof more);
		snprintf(text, WHAT_TEXT, "ErrorCode %s%s%s%s", code, more[0] ? " (" : "", more,
		         more[0] ? ")" : "");
		return true;
	}
	if (x->soap && x->soap->fault.present) {
		web_printable(x->soap->fault.text, more, sizeof more);
		tongue_say(text, WHAT_TEXT, "a fault without an ErrorCode, \"%s\"", more);
		return true;
	}
	if (x->status >= 400) {
		web_printable(x->reason, more, sizeof more);
		snprintf(text, WHAT_TEXT, "%u %s", x->status, more);
		return true;
	}
	if (x->status || !x->request.present || x->conn->one_sided)
		return false;
	tongue_say(text, WHAT_TEXT, "no answer: %s", _(exchange_end_text(x->end)));
	return x->end == EXCHANGE_RESET || x->end == EXCHANGE_FIN_BY_SERVER ||
	       x->end == EXCHANGE_FIN_BY_CLIENT;
}

static bool mends(const struct exchange *x)
{
	return call_error_restarts(call_error(x));
}

static bool demands_login(const struct exchange *x)
{
	return x->status == 401 || x->status == 407;
}

static void take_failure(struct syncs *s, const struct exchange *x, enum wsus_method m, const char *what)
{
	struct sync_key k = key_of(x, m);
	struct step *step = kept_value(&s->steps, span_of(k.bytes, k.len + 1), sizeof *step, s->env.limits);
	const struct soap_fault *fault = call_fault(x);

	if (!step)
		return;
	if (!step->story.count)
		step->heals = true;
	step->method = m;
	step->heals = step->heals && mends(x);
	step->faulted |= fault != NULL;
	if (!mends(x) || !step->what[0])
		memcpy(step->what, what, WHAT_TEXT);
	if (fault)
		web_printable(fault->id, step->id, sizeof step->id);
	story_add(&step->story, x, call_time(x));
	story_show(&step->story, x->request.first_frame, "%s", wsus_method_name(m));
	if (x->response.present)
		story_show(&step->story, x->response.first_frame, "%s", what);
}

static void take_success(struct syncs *s, const struct exchange *x, enum wsus_method m)
{
	struct sync_key k = key_of(x, m);
	const struct map_entry *e = map_find(&s->steps, span_of(k.bytes, k.len + 1));
	struct pair *p;

	if (e && e->value)
		story_over(&((struct step *)e->value)->story, &x->conn->client.addr, call_time(x));
	if (m != METHOD_GET_REVISION_ID_LIST && m != METHOD_GET_UPDATE_DATA)
		return;
	p = kept_value(&s->pairs, span_of(k.bytes, k.len), sizeof *p, s->env.limits);
	if (!p)
		return;
	p->revisions += wsus_number(call_values(x), FIELD_NEW_REVISIONS, 0);
	p->fetched += wsus_number(call_values(x), FIELD_UPDATES_ASKED, 0);
}

static void fact(void *self, const struct fact *f)
{
	struct syncs *s = self;
	const struct exchange *x = f->exchange;
	char what[WHAT_TEXT];
	enum wsus_method m;

	if (f->kind != FACT_EXCHANGE)
		return;
	m = call_method(&s->env, x);
	if (m == METHOD_UNKNOWN || !call_is_between_servers(m) || demands_login(x))
		return;
	if (describe(x, what))
		take_failure(s, x, m, what);
	else if (call_succeeded(x))
		take_success(s, x, m);
}

/* ---- verdicts ---- */

static const char *step_text(enum wsus_method m)
{
	switch (m) {
	case METHOD_DSS_GET_AUTH_CONFIG:          return _("asking how to authorize itself");
	case METHOD_DSS_GET_AUTHORIZATION_COOKIE: return _("authorizing itself");
	case METHOD_DSS_GET_COOKIE:               return _("getting a cookie");
	case METHOD_GET_CONFIG_DATA:              return _("getting the configuration");
	case METHOD_GET_REVISION_ID_LIST:
	case METHOD_GET_RELATED_REVISIONS:
	case METHOD_GET_DRIVER_ID_LIST:           return _("listing revisions");
	case METHOD_GET_DEPLOYMENTS:              return _("getting approvals");
	case METHOD_DOWNLOAD_FILES:               return _("asking for files");
	case METHOD_GET_ROLLUP_CONFIGURATION:
	case METHOD_ROLLUP_DOWNSTREAM_SERVERS:
	case METHOD_ROLLUP_COMPUTERS:
	case METHOD_GET_OUT_OF_SYNC_COMPUTERS:
	case METHOD_ROLLUP_COMPUTER_STATUS:       return _("reporting its clients' status");
	default:                                  return _("getting updates");
	}
}

static void name_progress(const struct syncs *s, const struct map_entry *e, char *text, size_t size)
{
	const struct map_entry *of = map_find(&s->pairs, span_of(e->key.at, e->key.len - 1));
	const struct pair *p = of ? of->value : NULL;

	text[0] = '\0';
	if (p && p->revisions)
		tongue_say(text, size, " It had asked for %lld of %lld updates.", (long long)p->fetched,
		         (long long)p->revisions);
}

static void judge(struct syncs *s, const struct map_entry *e)
{
	const struct step *step = e->value;
	bool over = story_all_over(&step->story);
	char cause[CAUSE_TEXT], progress[160], from[ADDR_TEXT];

	if (over && step->heals)
		return;
	name_progress(s, e, progress, sizeof progress);
	tongue_say(cause, sizeof cause,
	         "The synchronising server %s fails at %s: %s is answered with %s.%s%s%s%s",
	         addr_text(&step->story.conn.client.addr, from), step_text(step->method),
	         wsus_method_name(step->method), step->what, progress, over ? _(" Later it succeeded.") : "",
	         step->id[0] ? _(" ID in the upstream server's log: ") : "", step->id);
	story_raise(&step->story, s->env.findings, (struct raise){
		.kind = FINDING_SYNC_FAILED,
		.severity = over ? SEVERITY_WARNING : SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.answered_by = step->faulted ? "WSUS" : NULL,
		.cause = cause,
	});
}

static void end(void *self, int64_t now)
{
	struct syncs *s = self;

	(void)now;
	for (size_t i = 0; i < s->steps.count; i++)
		if (s->steps.entries[i].value)
			judge(s, &s->steps.entries[i]);
}

const struct analyzer analyzer_syncs = {
	.name = "syncs",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
