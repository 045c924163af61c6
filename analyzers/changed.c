/* analyzers/changed.c - a server that clients find changed scan after scan: a farm without a common
 * database, a database that was restored.
 *
 * A scan counts as changed when a fault says so (ServerChanged, InvalidCookie); a RefreshCache without a
 * fault, as after a move to another server, only when the client does it again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/kept.h"
#include "analyzers/scan.h"
#include "analyzers/story.h"
#include "base/tongue.h"

enum { SERVERS_MAX = 4000, REFRESHED_MAX = 100000 };

struct changed_server {
	struct story story;             /* faults and RefreshCache, as they came */
	uint64_t scans, changed;
	unsigned clients;               /* that had a changed scan */
	unsigned again;                 /* of these, those that had more than one */
};

struct counts {                         /* one client of one server */
	uint32_t scans, faulted, refreshed;
	bool healing;                   /* a fault said so, and the RefreshCache for it is due */
};

struct changed {
	struct analyzer_env env;
	struct map servers;             /* endpoint -> struct changed_server */
	struct map clients;             /* endpoint and client -> struct counts, of those that changed */
};

static void *create(const struct analyzer_env *env)
{
	struct changed *c = calloc(1, sizeof *c);

	if (c) {
		c->env = *env;
		map_init(&c->servers, SERVERS_MAX);
		map_init_on(&c->clients, REFRESHED_MAX, env->budget);
	}
	return c;
}

static void destroy(void *self)
{
	struct changed *c = self;

	map_release_values(&c->servers);
	map_release_values(&c->clients);
	free(c);
}

static struct changed_server *server_of(struct changed *c, const struct endpoint *at)
{
	struct endpoint_key key = endpoint_key(at);

	return kept_value(&c->servers, ENDPOINT_SPAN(key), sizeof(struct changed_server), c->env.limits);
}

static bool says_changed(enum soap_error e)
{
	return e == SOAP_ERROR_SERVER_CHANGED || e == SOAP_ERROR_INVALID_COOKIE;
}

static void fact(void *self, const struct fact *f)
{
	struct changed *c = self;
	const struct exchange *x = f->exchange;
	struct changed_server *s;
	enum soap_error error;
	enum wsus_method m;

	if (f->kind != FACT_EXCHANGE)
		return;
	m = call_method(&c->env, x);
	error = call_error(x);
	if (m == METHOD_UNKNOWN || call_is_between_servers(m) ||
	    (m != METHOD_REFRESH_CACHE && !says_changed(error)))
		return;
	s = server_of(c, &x->conn->server);
	if (!s)
		return;
	story_add(&s->story, x, call_time(x));
	if (says_changed(error))
		story_show(&s->story, x->response.first_frame, "%s is answered with %s", wsus_method_name(m),
		           call_error_name(error));
	else
		story_show(&s->story, x->request.first_frame, "RefreshCache");
}

static void count_changed(struct changed *c, struct changed_server *s, const struct scan *scan,
                          const struct endpoint *at, bool faulted)
{
	struct endpoint_key server = endpoint_key(at);
	uint8_t key[sizeof server.bytes + 16];
	struct counts *n;
	uint32_t before;

	memcpy(key, server.bytes, sizeof server.bytes);
	memcpy(key + sizeof server.bytes, scan->client.bytes, 16);
	n = kept_value(&c->clients, span_of(key, sizeof key), sizeof *n, c->env.limits);
	if (!n)
		return;
	if (!faulted && n->healing) {
		/* The rest of the story that the scan before began. */
		n->healing = false;
		s->scans--;
		return;
	}
	n->healing = faulted && !scan->answered[METHOD_REFRESH_CACHE];
	before = n->faulted ? n->scans : n->refreshed > 1 ? n->scans : 0;
	n->scans++;
	n->faulted += faulted;
	n->refreshed++;
	if (!n->faulted && n->refreshed < 2)
		return;
	if (!before) {
		s->clients++;
		s->changed += n->scans - 1;
	}
	s->again += n->scans == 2;
	s->changed++;
}

static void scan_over(void *self, const struct scan *scan)
{
	struct changed *c = self;
	const struct endpoint *at = scan->via.port ? &scan->via : &scan->server;
	struct changed_server *s;
	bool faulted = false;

	if (scan->climber != CLIMBER_CLIENT || !scan->asked[METHOD_SYNC_UPDATES])
		return;
	for (unsigned i = 0; i < scan_faults_kept(scan); i++)
		faulted |= says_changed(scan->faults[i].error);
	s = server_of(c, at);
	if (!s)
		return;
	s->scans++;
	if (faulted || scan->asked[METHOD_REFRESH_CACHE])
		count_changed(c, s, scan, at, faulted);
}

static void judge(struct changed *c, const struct changed_server *s)
{
	char cause[CAUSE_TEXT];
	bool most = s->changed * 2 > s->scans;
	bool all = s->changed == s->scans;

	if (!s->story.count || !((s->clients > 1 && most) || (s->again && all && s->changed > 1)))
		return;
	tongue_say(cause, sizeof cause,
		   tongue_many("%llu of %llu scans, of %u client, find the server changed (ServerChanged, "
			       "InvalidCookie, RefreshCache) and begin anew. %s",
			       "%llu of %llu scans, of %u clients, find the server changed (ServerChanged, "
			       "InvalidCookie, RefreshCache) and begin anew. %s",
			       s->clients),
	         (unsigned long long)s->changed, (unsigned long long)s->scans, s->clients,
	         s->again ? _("It happens to the same client again: servers share this name and no database.")
	                  : _("Each client met it once: the database was restored or the server set up "
	                    "anew, and it ends when every client has scanned."));
	story_raise(&s->story, c->env.findings, (struct raise){
		.kind = FINDING_SERVER_CHANGED,
		.severity = SEVERITY_OF_KIND,
		.confidence = s->again ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE,
		.cause = cause,
	});
}

static void end(void *self, int64_t now)
{
	struct changed *c = self;

	(void)now;
	for (size_t i = 0; i < c->servers.count; i++)
		if (c->servers.entries[i].value)
			judge(c, c->servers.entries[i].value);
}

const struct analyzer analyzer_changed = {
	.name = "changed",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
	.scan = scan_over,
};
