/* probes/withouttls.c - five directories, asked for over HTTP one after the other.
 *
 * With TLS on, Require SSL belongs on these (Microsoft's "Configure WSUS", step 2.4): clients that still say
 * http, and whoever listens, show when it is not. Refused is right, so no judge hears of it.
 */
#include "probes/withouttls.h"

#include <stdio.h>

#include "probes/request.h"

static const struct guarded {
	const char *name, *path;
} guarded[] = {
	{ "SimpleAuthWebService", "/SimpleAuthWebService/SimpleAuth.asmx" },
	{ "ClientWebService", "/ClientWebService/client.asmx" },
	{ "ServerSyncWebService", "/ServerSyncWebService/ServerSyncWebService.asmx" },
	{ "DssAuthWebService", "/DssAuthWebService/DssAuthWebService.asmx" },
	{ "ApiRemoting30", "/ApiRemoting30/WebService.asmx" },
};

#define GUARDED_COUNT (sizeof guarded / sizeof *guarded)

struct tour {
	struct request request;
	char served[160];               /* names */
};

static void ask(struct request *r)
{
	struct fetch_options o = request_elsewhere(r, "GET", false, request_plain_port(r->step->way->site),
	                                           guarded[r->turn].path);

	request_send(r, &o);
}

static void finish(struct tour *t)
{
	unsigned port = request_plain_port(t->request.step->way->site);
	char served[sizeof t->served];

	memcpy(served, t->served, sizeof served);
	if (served[0])
		request_over(&t->request, CHECK_WARNING,
		             "served over HTTP, too, on port %u: %s; Require SSL is not set", port, served);
	else
		request_over(&t->request, CHECK_OK, "nothing that is for TLS is served on port %u", port);
}

static void heard(struct request *r, const struct fetch_result *result)
{
	struct tour *t = (struct tour *)r;
	size_t len = strlen(t->served);

	if (result->status == 200 || result->status == 401)
		snprintf(t->served + len, sizeof t->served - len, "%s%s", len ? ", " : "",
		         guarded[r->turn - 1].name);
	if (r->turn == GUARDED_COUNT || result->stage == FETCH_CONNECT)
		finish(t);
	else
		ask(r);
}

static void start(struct step *s)
{
	struct tour *t = request_new(s, sizeof *t, heard);

	s->told.unjudged = true;
	if (t)
		ask(&t->request);
}

static const struct step_kind without_tls = {
	.rung = CHECK_HTTP, .start = start, .stop = request_stop,
};

bool without_tls_plan(struct plan *p, struct way *way)
{
	struct step *s;

	if (!way->site->target.https || way->proxy)
		return true;
	s = plan_add(p, &without_tls, way, NULL, NULL, "without TLS");
	if (!s)
		return false;
	step_needs(s, way->http);
	step_sends(s, "GET of SimpleAuth, Client, ServerSync, DssAuth, ApiRemoting30 over HTTP, port %u",
	           request_plain_port(way->site));
	return true;
}
