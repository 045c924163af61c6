/* analyzers/redirect.c - update files that are asked for over HTTP and sent on to HTTPS.
 *
 * WSUS means files to travel over plain HTTP.  A rule for the whole site that sends everything to HTTPS takes
 * them to a port that may not be there, or to a certificate that nobody made for downloads.
 */
#include <stdlib.h>

#include "analyzers/content.h"
#include "base/host.h"

enum { CASES_MAX = 4096, HTTPS_PORT = 443, WHERE_TEXT = 96 };

struct redirect {
	struct web_case failures;
	bool pending;
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
	web_raise(r->env, FINDING_CONTENT_OVER_TLS, &c->failures, CONFIDENCE_PROBABLE,
		  "Update files are asked for over HTTP and sent on to HTTPS (%u, to https://%s), where the "
		  "client gets no further: a rule for the whole site takes /Content along.",
		  c->status, c->where);
}

void redirects_look(struct redirects *r, int64_t before)
{
	for (size_t i = 0; i < r->cases.count; i++) {
		struct redirect *c = r->cases.entries[i].value;

		if (c && c->pending && c->failures.first < before)
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
		c->failures = web_case_of(x);
		c->status = x->status;
		c->port = port_of(to);
		web_printable(to, c->where, sizeof c->where);
	}
}

void redirects_exchange(struct redirects *r, const struct exchange *x)
{
	struct span to = authority_of(http_header(&x->response, SPAN("Location")));

	if (wsus_place(x->path) != WSUS_CONTENT || x->tls || x->status < 301 || x->status > 308 || !to.len)
		return;
	if (span_ieq(host_name(to), host_name(x->host)))
		take_redirect(r, x, to);
}

/* What happens there is sealed, but it goes on. */
void redirects_tls(struct redirects *r, const struct tls_session *t)
{
	struct machines key = machines_of(t->conn);
	struct map_entry *e = map_find(&r->cases, span_of(key.bytes, sizeof key.bytes));
	struct redirect *c = e ? e->value : NULL;

	if (c && t->established && c->port == t->conn->server.port)
		c->pending = false;
}
