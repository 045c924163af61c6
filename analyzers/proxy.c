/* analyzers/proxy.c - refusals and failures that a box between makes, and boxes that should not be there.
 *
 * A box's error is certain at once: no later answer explains it away.  A proxy that merely
 * stands on the path to an internal update point is told at the end, by how that path fared and what
 * others found on it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/lately.h"
#include "analyzers/web.h"
#include "base/tongue.h"

enum { PATHS_MAX = 4096, HOST_TEXT = 80 };

struct path {                           /* one client's way to an internal host by a proxy */
	struct web_case seen;
	struct web_case trouble;        /* count 0: none */
	bool cached;                    /* the trouble: answers out of a cache */
	bool explained;                 /* something failed, and is a finding of its own */
	bool works;                     /* an answer came back that is no refusal */
	char host[HOST_TEXT];
};

struct proxy {
	struct analyzer_env env;
	struct lately paths;
};

/* ---- what boxes say ---- */

/* What a box's own words mean.  Squid appends the errno of its connection attempt. */
static const struct hint {
	struct span words;
	const char *text;
} hints[] = {
	{ SPAN_LIT("ERR_CONNECT_FAIL 111"), N_("refused, as nothing listens there or a firewall "
					       "rejects it") },
	{ SPAN_LIT("ERR_CONNECT_FAIL 110"), N_("it got no answer: a firewall drops it, or the host is "
					       "down") },
	{ SPAN_LIT("ERR_CONNECT_FAIL 113"), N_("it has no route to that host") },
	{ SPAN_LIT("ERR_CONNECT_FAIL 101"), N_("it has no route to that network") },
	{ SPAN_LIT("ERR_CONNECT_FAIL"), N_("it could not connect") },
	{ SPAN_LIT("ERR_READ_TIMEOUT"), N_("it connected and then waited in vain") },
	{ SPAN_LIT("ERR_ZERO_SIZE_OBJECT"), N_("it connected, and the server closed without an answer") },
	{ SPAN_LIT("ERR_READ_ERROR 104"), N_("it connected, and the connection was reset") },
	{ SPAN_LIT("ERR_INVALID_RESP"), N_("it connected, and what came was no HTTP") },
	{ SPAN_LIT("ERR_CANNOT_FORWARD"), N_("it has no way there, or its name does not resolve") },
	{ SPAN_LIT("tcp_error"), N_("it could not connect") },
	{ SPAN_LIT("No server is available"), N_("none of its servers is up") },
};

/* "; it says \"ERR_CONNECT_FAIL 111\", so ...", or "". */
static const char *own_words(const struct exchange *x, char *text, size_t size)
{
	char error[100];

	text[0] = '\0';
	if (!x->answered_by.error.len)
		return text;
	web_printable(x->answered_by.error, error, sizeof error);
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (span_ifind(x->answered_by.error, hints[i].words) != SIZE_MAX) {
			tongue_say(text, size, "; it says \"%s\": %s", error, _(hints[i].text));
			return text;
		}
	tongue_say(text, size, "; it says \"%s\"", error);
	return text;
}

static const char *maker_text(const struct exchange *x)
{
	enum answerer_role role = x->answered_by.role;

	if (role == ANSWERER_REVERSE)
		return _("reverse proxy");
	if (role == ANSWERER_FILTER)
		return _("filter");
	if (role == ANSWERER_PORTAL)
		return _("portal");
	return role == ANSWERER_PROXY || x->via_proxy ? _("proxy") : _("machine that answers");
}

static struct span port_of(struct span host)
{
	size_t at = host.len;

	while (at > 0 && host.at[at - 1] != ':' && host.at[at - 1] != ']')
		at--;
	return at > 0 && host.at[at - 1] == ':' ? span_skip(host, at) : span_of(NULL, 0);
}

static void raise_connect_denied(struct proxy *p, const struct exchange *x, const char *host,
				 const char *said)
{
	struct web_case c = web_case_of(x);
	struct span port = port_of(x->host.len ? x->host : x->target);
	char port_text[8];

	if (!port.len || span_eq(port, SPAN("443")))
		web_raise(&p->env, FINDING_PROXY_CONNECT_DENIED, &c, web_confidence(x),
			  "The proxy refuses a tunnel to %s (CONNECT: %u)%s.", host, x->status, said);
	else
		web_raise(&p->env, FINDING_PROXY_CONNECT_DENIED, &c, web_confidence(x),
			  "The proxy refuses a tunnel to %s (CONNECT: %u)%s. Most proxies allow "
			  "tunnels to "
			  "port 443 only, and this one goes to port %s.",
			  host, x->status, said, web_printable(port, port_text, sizeof port_text));
}

static void raise_failure(struct proxy *p, const struct exchange *x, enum finding_kind kind)
{
	struct web_case c = web_case_of(x);
	char host[HOST_TEXT], said[240];
	const char *maker = maker_text(x);

	web_printable(x->host.len ? x->host : x->target, host, sizeof host);
	own_words(x, said, sizeof said);
	if (kind == FINDING_PROXY_DENIED || (kind == FINDING_PROXY_BAD_GATEWAY && web_is_denial(x)))
		web_raise(&p->env, kind, &c, web_confidence(x),
			  "The %s forbids requests to %s (%u)%s.", maker, host, x->status, said);
	else if (kind == FINDING_PROXY_BAD_GATEWAY)
		web_raise(&p->env, kind, &c, web_confidence(x),
			  "The %s gets no usable answer from %s (%u)%s.", maker, host, x->status, said);
	else if (kind == FINDING_PROXY_GATEWAY_TIMEOUT)
		web_raise(&p->env, kind, &c, web_confidence(x),
			  "The %s does not get through to %s (%u)%s.", maker, host, x->status, said);
	else if (kind == FINDING_PROXY_NAME_NOT_RESOLVED)
		web_raise(&p->env, kind, &c, web_confidence(x),
			  "The %s cannot resolve the name in %s (%u)%s.", maker, host, x->status, said);
	else
		raise_connect_denied(p, x, host, said);
}

static bool is_ours(enum finding_kind kind)
{
	return kind == FINDING_PROXY_BAD_GATEWAY || kind == FINDING_PROXY_GATEWAY_TIMEOUT ||
	       kind == FINDING_PROXY_NAME_NOT_RESOLVED || kind == FINDING_PROXY_DENIED ||
	       kind == FINDING_PROXY_CONNECT_DENIED;
}

/* ---- proxies on an internal path ---- */

/* Update points are; Microsoft's own hosts are not.  A name that tells neither is left alone. */
static bool is_internal(struct span host)
{
	struct span rest = host;
	bool bracketed = host.len && host.at[0] == '[';
	struct span name = span_split(&rest, bracketed ? ']' : ':');
	struct addr addr;

	name = span_skip(name, bracketed);
	if (wsus_microsoft_host(host))
		return false;
	if (span_iends(host, SPAN(":8530")) || span_iends(host, SPAN(":8531")))
		return true;
	if (addr_parse(name, &addr))
		return addr_is_private(&addr);
	return span_byte(name, '.') == SIZE_MAX || wsus_likely_name(host);
}

static struct path *path_of(struct proxy *p, const struct exchange *x)
{
	uint8_t key[16 + 16 + HOST_TEXT];
	size_t host_len = x->host.len < HOST_TEXT ? x->host.len : HOST_TEXT;
	struct path *path;

	memcpy(key, x->conn->client.addr.bytes, 16);
	memcpy(key + 16, x->conn->server.addr.bytes, 16);
	memcpy(key + 32, x->host.at, host_len);
	path = lately_value(&p->paths, span_of(key, 32 + host_len));
	if (!path || path->seen.count)
		return path;
	path->seen = web_case_of(x);
	web_printable(x->host, path->host, sizeof path->host);
	return path;
}

/* Calls of a web service must never come out of a cache. */
static bool is_cached(const struct exchange *x)
{
	struct span cache = http_header(&x->response, SPAN("X-Cache"));
	struct span age = http_header(&x->response, SPAN("Age"));

	if (!wsus_place_is_soap(wsus_exchange_place(x)) || !span_eq(x->method, SPAN("POST")))
		return false;
	return span_istarts(cache, SPAN("HIT")) || (age.len && !span_eq(age, SPAN("0")));
}

static bool broke(const struct exchange *x)
{
	if (finding_lacks(x->conn) || (!x->response.present && web_crossed_close(x)))
		return false;
	return x->end == EXCHANGE_RESET || x->end == EXCHANGE_SILENCE || x->end == EXCHANGE_FIN_BY_SERVER;
}

static void follow_path(struct proxy *p, const struct exchange *x)
{
	struct path *path;

	if (!x->via_proxy || !x->request.present || !x->host.len || !is_internal(x->host))
		return;
	path = path_of(p, x);
	if (!path)
		return;
	path->seen.last = x->request.first_time;
	path->explained = path->explained || x->status >= 400;
	path->works = path->works || (web_served(x) && !span_eq(x->method, SPAN("CONNECT")));
	if (!is_cached(x) && !broke(x))
		return;
	path->cached = path->cached || is_cached(x);
	if (path->trouble.count)
		web_case_add(&path->trouble, x, true);
	else
		path->trouble = web_case_of(x);
}

static void fact(void *self, const struct fact *what)
{
	struct proxy *p = self;
	const struct exchange *x = what->exchange;
	enum finding_kind kind;

	if (what->kind != FACT_EXCHANGE)
		return;
	kind = web_kind(x);
	if (kind == FINDING_KIND_COUNT && !x->via_proxy)
		return;
	if (!relevance_exchange(p->env.relevance, x))
		return;
	if (is_ours(kind))
		raise_failure(p, x, kind);
	follow_path(p, x);
}

/* The gravest that others found of that client and that proxy. */
static enum severity told_of(const struct proxy *p, const struct path *path)
{
	const struct connection *c = &path->seen.conn;
	enum severity worst = SEVERITY_INFO;

	for (size_t i = 0; i < findings_count(p->env.findings); i++) {
		const struct finding *n = findings_at(p->env.findings, i);

		if (n->severity <= worst || (n->has_client && !addr_eq(&n->client, &c->client.addr)))
			continue;
		if (n->clients && findings_sum_of(p->env.findings, n->kind, &c->client.addr, &n->server) != n)
			continue;
		if ((n->has_via && endpoint_eq(&n->via, &c->server)) ||
		    (n->has_server && endpoint_eq(&n->server, &c->server)))
			worst = n->severity;
	}
	return worst;
}

static void end_quiet_path(struct proxy *p, struct path *path)
{
	enum severity told = told_of(p, path);
	bool fails = told >= SEVERITY_ERROR;
	const char *how = _("What comes of it is not seen.");

	if (fails)
		how = _("What fails on that way, other findings tell; it may be the proxy's doing.");
	else if (told == SEVERITY_WARNING)
		how = _("What is amiss on that way, other findings tell.");
	else if (path->works)
		how = _("It works.");
	path->seen.severity = fails ? SEVERITY_WARNING : SEVERITY_INFO;
	path->seen.answered_by[0] = '\0';
	web_raise(&p->env, FINDING_PROXY_IN_PATH, &path->seen,
		  fails ? CONFIDENCE_POSSIBLE : CONFIDENCE_CERTAIN,
		  "The client asks a proxy for %s, which lies inside the network. %s", path->host, how);
}

/* At the end, or before it is forgotten. */
static void end_path(void *self, void *value)
{
	struct proxy *p = self;
	struct path *path = value;

	if (path->trouble.count)
		web_raise(&p->env, FINDING_PROXY_IN_PATH, &path->trouble, CONFIDENCE_PROBABLE,
			  "The client asks a proxy for %s, which lies inside the network, and %s "
			  "on that "
			  "way.",
			  path->host, path->cached ? _("answers come out of a cache") : _("requests "
											  "break off"));
	else if (!path->explained)
		end_quiet_path(p, path);
}

static void end(void *self, int64_t now)
{
	struct proxy *p = self;

	(void)now;
	for (size_t i = 0; i < lately_count(&p->paths); i++)
		if (lately_at(&p->paths, i))
			end_path(p, lately_at(&p->paths, i));
}

/* ---- life ---- */

static void *create(const struct analyzer_env *env)
{
	struct proxy *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->env = *env;
	lately_init(&p->paths, PATHS_MAX, sizeof(struct path), env->limits);
	p->paths.give_up = end_path;
	p->paths.self = p;
	return p;
}

static void destroy(void *self)
{
	struct proxy *p = self;

	lately_release(&p->paths);
	free(p);
}

const struct analyzer analyzer_proxy = {
	.name = "proxy",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
