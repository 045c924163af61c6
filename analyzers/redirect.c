/* analyzers/redirect.c - update files that are asked for over HTTP and sent on to HTTPS.
 *
 * WSUS means files to travel over plain HTTP.  A rule for the whole site that sends everything to HTTPS takes
 * them to a port that may not be there, or to a certificate that nobody made for downloads.  What the capture
 * shows only the beginning of, or not whole, is taken to go on.
 */
#include <stdlib.h>

#include "analyzers/content.h"
#include "analyzers/tlsstory.h"
#include "base/host.h"
#include "base/tongue.h"

enum { CASES_MAX = 4096, HTTPS_PORT = 443, WHERE_TEXT = 96 };

#define PATIENCE (30 * MOMENT_S)
#define SOON     (2 * MOMENT_S)         /* a client that follows does so within */

struct redirect {
	struct web_case failures;
	bool pending;
	bool stopped;                   /* it was followed, in vain */
	bool lossy;                     /* bytes around it are missing, and it may be known late */
	uint16_t status, port;          /* of the answer; that it names */
	char where[WHERE_TEXT];
};

void redirects_init(struct redirects *r, const struct analyzer_env *env)
{
	r->env = env;
	map_init(&r->cases, CASES_MAX);
}

void redirects_release(struct redirects *r)
{
	map_release_values(&r->cases);
}

/* "https://HOST[:PORT]/...": the authority; empty: it leads elsewhere. */
static struct span authority_of(struct span location)
{
	struct span rest = span_skip(location, 8);

	return span_istarts(location, SPAN("https://")) ? span_split(&rest, '/') : SPAN("");
}

static uint16_t port_of(struct span authority)
{
	struct span rest = span_skip(authority, host_name(authority).len);
	uint64_t port;

	if (rest.len && span_decimal(span_skip(rest, 1), &port) && port <= UINT16_MAX)
		return (uint16_t)port;
	return HTTPS_PORT;
}

/* Of both machines: HTTP and HTTPS are two ports of one server. */
struct machines {
	uint8_t bytes[32];
};

static struct machines machines_of(const struct connection *conn)
{
	struct machines m;

	memcpy(m.bytes, conn->client.addr.bytes, 16);
	memcpy(m.bytes + 16, conn->server.addr.bytes, 16);
	return m;
}

static void judge(const struct redirects *r, struct redirect *c)
{
	c->pending = false;
	web_raise(r->env, FINDING_CONTENT_OVER_TLS, &c->failures,
		  c->stopped ? CONFIDENCE_PROBABLE : CONFIDENCE_POSSIBLE,
		  "Update files are asked for over HTTP and sent on to HTTPS (%u, to https://%s), where %s: "
		  "a rule for the whole site takes /Content along.",
		  c->status, c->where,
		  c->stopped ? _("the client gets no further") : _("no connection of the client's is seen"));
}

void redirects_look(struct redirects *r, int64_t now)
{
	for (size_t i = 0; i < r->cases.count; i++) {
		struct redirect *c = r->cases.entries[i].value;

		if (c && c->pending && c->stopped && now - c->failures.first > PATIENCE)
			judge(r, c);
	}
}

/* Who is sent there once, just before the capture ends, may follow behind its end; and what follows a
 * redirect that was known late, behind a gap, has gone by. */
static bool goes_nowhere(const struct redirect *c, int64_t now)
{
	return c->stopped || (!c->lossy && (c->failures.count > 1 || now - c->failures.last >= SOON));
}

void redirects_end(struct redirects *r, int64_t now)
{
	for (size_t i = 0; i < r->cases.count; i++) {
		struct redirect *c = r->cases.entries[i].value;

		if (c && c->pending && goes_nowhere(c, now))
			judge(r, c);
	}
}

static void take_redirect(struct redirects *r, const struct exchange *x, struct span to)
{
	struct machines key = machines_of(x->conn);
	struct redirect *c = map_value(&r->cases, span_of(key.bytes, sizeof key.bytes), sizeof *c);

	if (!c) {
		limit_add(r->env->limits, LIMIT_FINDING_CEILING, 1);
	} else if (c->pending) {
		web_case_add(&c->failures, x, true);
	} else {
		c->pending = true;
		c->stopped = c->lossy = false;
		c->failures = web_case_of(x);
		c->status = x->status;
		c->port = port_of(to);
		web_printable(to, c->where, sizeof c->where);
	}
	if (c)
		c->lossy |= x->conn->side[CLIENT].lost_bytes || x->conn->side[SERVER].lost_bytes;
}

void redirects_exchange(struct redirects *r, const struct exchange *x)
{
	struct span to = authority_of(http_header(&x->response, SPAN("Location")));

	if (wsus_exchange_place(x) != WSUS_CONTENT || x->tls || x->status < 301 || x->status > 308 || !to.len)
		return;
	if (span_ieq(host_name(to), host_name(x->host)))
		take_redirect(r, x, to);
}

/* The redirect that leads to where this connection does, and that it may have followed; NULL: none. */
static struct redirect *followed_by(const struct redirects *r, const struct connection *conn, int64_t last)
{
	struct machines key = machines_of(conn);
	struct map_entry *e = map_find(&r->cases, span_of(key.bytes, sizeof key.bytes));
	struct redirect *c = e ? e->value : NULL;

	return c && c->pending && c->port == conn->server.port && last >= c->failures.first ? c : NULL;
}

/* What happens there is sealed, but it goes on. */
void redirects_tls(struct redirects *r, const struct tls_session *t)
{
	struct redirect *c = followed_by(r, t->conn, t->last_time);

	if (c && t->established)
		c->pending = false;
	else if (c)
		c->stopped = c->stopped || tls_stopped(t);
}

/* A connection there of which no failure is known may be the one that got on. */
void redirects_connection(struct redirects *r, const struct connection *conn)
{
	struct redirect *c = followed_by(r, conn, conn->last_time);

	if (c && connection_failed(conn))
		c->stopped = true;
	else if (c && !c->stopped)
		c->pending = false;
}
