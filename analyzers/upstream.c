/* analyzers/upstream.c - update servers that do not get through to their own source of updates.
 *
 * Who asks for Microsoft's server of updates (sws.update.microsoft.com) is an update server, and so is who
 * hands updates to others or calls ServerSyncWebService.  What such a machine cannot reach by TCP, TLS or a
 * proxy's tunnel is told with that stage; what its upstream answers is syncs.c's.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/kept.h"
#include "analyzers/story.h"
#include "analyzers/tlsstory.h"
#include "base/tongue.h"

enum { MACHINES_MAX = 4000, TRIES_MAX = 4000, ADDRESSES_MAX = 4000, HOST_TEXT = 80 };

/* X(symbol, text) */
#define STAGES(X)                                                       \
	X(UNANSWERED, N_("no answer to any SYN"))                           \
	X(REFUSED,    N_("the connection is refused"))                      \
	X(REJECTED,   N_("a device rejects it by ICMP"))                    \
	X(TLS,        N_("TLS is not established"))                         \
	X(TUNNEL,     N_("the proxy opens no tunnel"))

#define X(symbol, text) STAGE_##symbol,
enum stage { STAGES(X) };
#undef X

struct goal {                           /* a machine, and what it tried to reach */
	struct story story;
	enum stage stage;
	uint16_t status;                /* of the proxy */
	bool microsoft;
	char host[HOST_TEXT];           /* or endpoint */
};

struct upstream {
	struct analyzer_env env;
	struct map machines;            /* addresses of update servers */
	struct map addresses;           /* of Microsoft's hosts, by lookups: address -> name, of malloc */
	struct map tries;               /* client and host -> struct goal */
};

static void *create(const struct analyzer_env *env)
{
	struct upstream *u = calloc(1, sizeof *u);

	if (!u)
		return NULL;
	u->env = *env;
	map_init(&u->machines, MACHINES_MAX);
	map_init(&u->addresses, ADDRESSES_MAX);
	map_init(&u->tries, TRIES_MAX);
	return u;
}

static void destroy(void *self)
{
	struct upstream *u = self;

	map_release(&u->machines);
	map_release_values(&u->addresses);
	map_release_values(&u->tries);
	free(u);
}

/* ---- who is an update server, and what is Microsoft's ---- */

/* Only servers ask these for updates: sws.update.microsoft.com, sws1.update.microsoft.com. */
static bool is_servers_source(struct span host)
{
	return span_istarts(host, SPAN("sws")) && wsus_microsoft_host(host);
}

static void is_server(struct upstream *u, const struct addr *machine)
{
	map_put(&u->machines, span_of(machine->bytes, 16));
}

static bool known(const struct upstream *u, const struct addr *machine)
{
	return map_find(&u->machines, span_of(machine->bytes, 16)) ||
	       relevance_has_update_port(u->env.relevance, machine);
}

static void take_lookup(struct upstream *u, const struct lookup *l)
{
	struct span name = span_text(l->name);

	if (!wsus_microsoft_host(name))
		return;
	if (is_servers_source(name))
		is_server(u, &l->client);
	for (unsigned i = 0; i < l->answer_count && i < LOOKUP_ANSWERS; i++) {
		struct span key = span_of(l->answers[i].bytes, 16);
		char *host = kept_value(&u->addresses, key, HOST_TEXT, u->env.limits);

		if (host)
			web_printable(name, host, HOST_TEXT);
	}
}

/* ---- tries ---- */

static struct goal *goal_of(struct upstream *u, const struct addr *client, struct span host, bool make)
{
	uint8_t key[16 + HOST_TEXT];
	const struct map_entry *e;
	struct span name;

	host = span_take(&host, HOST_TEXT - 1);
	memcpy(key, client->bytes, 16);
	for (size_t i = 0; i < host.len; i++)
		key[16 + i] = host.at[i] >= 'A' && host.at[i] <= 'Z' ? host.at[i] | 0x20 : host.at[i];
	name = span_of(key, 16 + host.len);
	if (make && known(u, client))
		return kept_value(&u->tries, name, sizeof(struct goal), u->env.limits);
	/* Of others it may turn out later; what is beyond the ceiling was most likely a client's. */
	if (make)
		return map_value(&u->tries, name, sizeof(struct goal));
	e = map_find(&u->tries, name);
	return e ? e->value : NULL;
}

/* An exchange in the shape that stories are made of. */
static struct exchange bare(const struct connection *c, int64_t time)
{
	return (struct exchange){ .conn = c, .request = { .present = true, .first_time = time } };
}

static struct goal *note_failure(struct upstream *u, const struct connection *c, struct span host,
                                 enum stage stage, bool proxy)
{
	struct exchange x = bare(c, c->first_time);
	struct goal *t;

	/* A probe asks update points of all that they serve, and synchronises from none. */
	if (relevance_is_probe(u->env.relevance) && !wsus_microsoft_host(host))
		return NULL;
	t = goal_of(u, &c->client.addr, host, true);
	if (!t)
		return NULL;
	x.via_proxy = proxy;
	t->stage = stage;
	t->microsoft = wsus_microsoft_host(host);
	web_printable(host, t->host, sizeof t->host);
	story_add(&t->story, &x, c->first_time);
	return t;
}

static void got_through(struct upstream *u, const struct connection *c, struct span host, int64_t when)
{
	struct goal *t = goal_of(u, &c->client.addr, host, false);

	if (t)
		story_over(&t->story, &c->client.addr, when);
}

/* The host that an endpoint stands for: Microsoft's by its lookup, an update point by its address. */
static struct span host_of(const struct upstream *u, const struct endpoint *at,
                           char text[static ENDPOINT_TEXT])
{
	const struct map_entry *e = map_find(&u->addresses, span_of(at->addr.bytes, 16));

	if (e && e->value)
		return span_text(e->value);
	if (wsus_port(at->port) || relevance_is_update_point(u->env.relevance, at))
		return span_text(endpoint_text(at, text));
	return span_of(NULL, 0);
}

static void take_connection(struct upstream *u, const struct connection *c)
{
	static const enum stage stages[] = { [CONNECTION_UNANSWERED] = STAGE_UNANSWERED,
	                                     [CONNECTION_REFUSED] = STAGE_REFUSED,
	                                     [CONNECTION_REJECTED] = STAGE_REJECTED };
	char text[ENDPOINT_TEXT];
	struct span host = host_of(u, &c->server, text);
	struct goal *t;

	if (!host.len)
		return;
	if (c->outcome == CONNECTION_ESTABLISHED || c->outcome == CONNECTION_MIDSTREAM) {
		got_through(u, c, host, c->first_time);
		return;
	}
	if (!connection_failed(c))
		return;
	t = note_failure(u, c, host, stages[c->outcome], false);
	if (t)
		story_show(&t->story, c->syn_frame,
			   tongue_many("first of %u SYN to %s", "first of %u SYNs to %s", c->syn_count),
			   c->syn_count, t->host);
}

static void take_tls(struct upstream *u, const struct tls_session *s)
{
	struct span host = span_text(s->server_name);
	struct goal *t;

	if (!is_servers_source(host))
		return;
	is_server(u, &s->conn->client.addr);
	if (s->established) {
		got_through(u, s->conn, host, s->first_time);
		return;
	}
	if (!tls_stopped(s))
		return;
	t = note_failure(u, s->conn, host, STAGE_TLS, s->tunnel != NULL);
	if (t)
		story_show(&t->story, s->conn->first_frame, "a TLS session with %s that is not established",
		           t->host);
}

static void take_exchange(struct upstream *u, const struct exchange *x)
{
	enum wsus_place place = wsus_exchange_place(x);
	struct span left = x->host, host;
	struct goal *t;

	if (place == WSUS_SERVER_SYNC || place == WSUS_DSS_AUTH)
		is_server(u, &x->conn->client.addr);
	if (!x->via_proxy && wsus_place_is_update(place) && web_served(x))
		is_server(u, &x->conn->server.addr);
	host = span_split(&left, ':');
	if (!span_eq(x->method, SPAN("CONNECT")) || !is_servers_source(host) || !x->response.present)
		return;
	is_server(u, &x->conn->client.addr);
	if (web_served(x)) {
		got_through(u, x->conn, host, call_time(x));
		return;
	}
	/* Alone it may be a step of a login whose end is not seen; login.c tells what becomes of it. */
	if (x->status == 407)
		return;
	t = note_failure(u, x->conn, host, STAGE_TUNNEL, true);
	if (!t)
		return;
	t->status = x->status;
	story_show(&t->story, x->response.first_frame, "CONNECT %s is answered %u", t->host, x->status);
}

static void fact(void *self, const struct fact *f)
{
	switch (f->kind) {
	case FACT_CONNECTION:
		take_connection(self, f->connection);
		break;
	case FACT_EXCHANGE:
		take_exchange(self, f->exchange);
		break;
	case FACT_TLS:
		take_tls(self, f->tls);
		break;
	case FACT_LOOKUP:
		take_lookup(self, f->lookup);
		break;
	case FACT_ICMP:
	case FACT_LEASE:
		break;
	}
}

/* ---- verdicts ---- */

static void judge(struct upstream *u, const struct goal *t)
{
	static const char *const stages[] = {
#define X(symbol, text) [STAGE_##symbol] = text,
		STAGES(X)
#undef X
	};
	const struct addr *machine = &t->story.conn.client.addr;
	bool over = story_all_over(&t->story);
	char cause[CAUSE_TEXT], from[ADDR_TEXT], status[16] = "";

	if (!known(u, machine))
		return;
	if (t->status)
		snprintf(status, sizeof status, " (%u)", t->status);
	tongue_say(cause, sizeof cause,
		   t->microsoft ? N_("The update server %s does not reach its source at Microsoft, %s: "
				     "%s%s.%s")
				: N_("The update server %s does not reach its upstream server, %s: %s%s.%s"),
		   addr_text(machine, from), t->host, _(stages[t->stage]), status,
		   over ? _(" Later it got through.") : "");
	story_raise(&t->story, u->env.findings, (struct raise){
		.kind = FINDING_UPSTREAM_UNREACHABLE,
		.severity = over ? SEVERITY_WARNING : SEVERITY_OF_KIND,
		.confidence = t->microsoft ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE,
		.cause = cause,
	});
}

static void end(void *self, int64_t now)
{
	struct upstream *u = self;

	(void)now;
	for (size_t i = 0; i < u->tries.count; i++)
		if (u->tries.entries[i].value)
			judge(u, u->tries.entries[i].value);
}

const struct analyzer analyzer_upstream = {
	.name = "upstream",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
