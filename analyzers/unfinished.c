/* analyzers/unfinished.c - scans that stop half way, and nothing on the wire says why.
 *
 * A scan's last answer tells what must come next (MS-WUSP 3.1.5); it does not come, though the capture goes
 * on.  Where anything else failed between the two, that is the reason: findings_settle then hides what is
 * told here.  Who also has TLS sessions there that nobody reads may have gone on in one of those.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "analyzers/scan.h"
#include "base/map.h"
#include "base/tongue.h"
#include "facts/tls.h"

enum { HIDDEN_MAX = 20000 };

struct unfinished {
	struct analyzer_env env;
	struct map hidden;              /* clients with sessions that nobody reads */
};

static void *create(const struct analyzer_env *env)
{
	struct unfinished *u = malloc(sizeof *u);

	if (!u)
		return NULL;
	u->env = *env;
	map_init(&u->hidden, HIDDEN_MAX);
	return u;
}

static void destroy(void *self)
{
	struct unfinished *u = self;

	map_release(&u->hidden);
	free(u);
}

static void fact(void *self, const struct fact *what)
{
	struct unfinished *u = self;
	const struct tls_session *t = what->kind == FACT_TLS ? what->tls : NULL;

	if (t && t->established && t->reading != TLS_READ && relevance_tls(u->env.relevance, t))
		map_put(&u->hidden, span_of(t->conn->client.addr.bytes, 16));
}

/* The call that must come. */
static const char *due_call(const struct scan *s)
{
	switch (s->due) {
	case RUNG_CONFIG:
		return "GetConfig";
	case RUNG_AUTHORIZATION:
		return "GetAuthorizationCookie";
	case RUNG_COOKIE:
		return "GetCookie";
	case RUNG_REGISTRATION:
		return "RegisterComputer";
	case RUNG_SYNC:
		return s->pages ? _("the next SyncUpdates") : "SyncUpdates";
	default:
		return _("the next call");
	}
}

/* The rung it was on: the highest that worked. */
static const char *reached(const struct scan *s)
{
	for (int i = RUNG_DETAILS; i > RUNG_TLS; i--)
		if (s->rungs[i].state == RUNG_OK)
			return rung_text((enum rung_name)i);
	return rung_text(RUNG_CONNECTION);
}

static void raise_unfinished(const struct unfinished *u, const struct scan *s)
{
	struct evidence evidence = evidence_at(s->last_frame,
					       tongue_many("the last of %u call", "the last of %u "
										  "calls", s->calls),
					       s->calls);
	bool fault = s->fault_count > 0 && s->last_frame && s->due < RUNG_COOKIE;
	char cause[CAUSE_TEXT];

	tongue_say(cause, sizeof cause,
	         "The client climbs up to %s%s and then sends nothing more: %s must follow and does not "
	         "come, in the 5 minutes or more that the capture goes on. No error on the wire explains it: "
	         "the reason is on the client.",
	         reached(s), fault ? _(", is told to start over by a fault that is meant to heal,") : "",
	         due_call(s));
	finding_raise(u->env.findings, &(struct raise){
		.kind = FINDING_SCAN_INCOMPLETE,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_PROBABLE,
		.client = &s->client,
		.server = &s->server,
		.via = s->via.port ? &s->via : NULL,
		.stops = (uint8_t)(s->due + 1),
		.cause = cause,
		.time = s->last,
		.evidence = &evidence,
		.evidence_count = 1,
	});
}

/* Who asks for the configuration alone may be anybody that looks whether the server is there. */
static bool is_an_agent(const struct scan *s)
{
	return s->climber == CLIMBER_CLIENT && s->calls > s->asked[METHOD_GET_CONFIG];
}

static bool is_all_seen(const struct unfinished *u, const struct scan *s)
{
	return !s->lossy && (u->hidden.count < HIDDEN_MAX || s->rungs[RUNG_TLS].state != RUNG_OK) &&
	       !map_find(&u->hidden, span_of(s->client.bytes, 16));
}

static void scan(void *self, const struct scan *s)
{
	const struct unfinished *u = self;

	if (s->over && s->answered[METHOD_SYNC_UPDATES])
		finding_ease(u->env.findings, FINDING_SCAN_INCOMPLETE, &s->client, &s->server);
	if (s->due != RUNG_COUNT && !s->cut && !s->replaced && is_an_agent(s) && is_all_seen(u, s))
		raise_unfinished(u, s);
}

const struct analyzer analyzer_unfinished = {
	.name = "unfinished",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.scan = scan,
};
