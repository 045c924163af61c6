/* analyzers/handshake.c - TLS: asks the judges of its parts about each session, the surest cause first.
 *
 * A session that stops has one cause: the wrong scheme, a certificate that the server asks for, a device on
 * the way, the server's certificate, and at last versions, ciphers and what is left.
 */
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "analyzers/certcases.h"
#include "analyzers/demand.h"
#include "analyzers/intercept.h"
#include "analyzers/scheme.h"
#include "analyzers/stops.h"
#include "analyzers/tlsstory.h"

struct handshake {
	struct analyzer_env env;
	struct tls_peers peers;
	struct demands demands;
	struct intercepts intercepts;
	struct cert_cases certs;
	struct stops stops;
};

static void *create(const struct analyzer_env *env)
{
	struct handshake *h = calloc(1, sizeof *h);

	if (!h)
		return NULL;
	h->env = *env;
	peers_init(&h->peers, env->limits, env->budget);
	demands_init(&h->demands, env->limits);
	intercepts_init(&h->intercepts);
	certs_init(&h->certs);
	stops_init(&h->stops);
	return h;
}

static void destroy(void *self)
{
	struct handshake *h = self;

	peers_release(&h->peers);
	demands_release(&h->demands);
	intercepts_release(&h->intercepts);
	certs_release(&h->certs);
	stops_release(&h->stops);
	free(h);
}

static void take_tls(struct handshake *h, const struct tls_session *t)
{
	bool asked, opened, refused;

	if (!relevance_tls(h->env.relevance, t) || scheme_tls(h->env.findings, t))
		return;
	peers_session(&h->peers, t);
	asked = demands_session(&h->demands, t);
	opened = intercepts_session(&h->intercepts, &h->env, t);
	refused = certs_session(&h->certs, &h->env, &h->peers, t, asked || opened);
	if (!asked && !refused && !(opened && tls_client_left(t)))
		stops_session(&h->stops, &h->env, t);
}

static void take_exchange(struct handshake *h, const struct exchange *x)
{
	peers_exchange(&h->peers, x);
	if (!relevance_exchange(h->env.relevance, x))
		return;
	scheme_exchange(h->env.findings, x);
	demands_exchange(&h->demands, x);
	certs_exchange(&h->certs, &h->env, x);
}

static void fact(void *self, const struct fact *f)
{
	struct handshake *h = self;

	if (f->kind == FACT_TLS)
		take_tls(h, f->tls);
	else if (f->kind == FACT_EXCHANGE)
		take_exchange(h, f->exchange);
}

static void end(void *self, int64_t now)
{
	struct handshake *h = self;

	(void)now;
	demands_end(&h->demands, &h->env, &h->peers);
	intercepts_end(&h->intercepts, &h->env, &h->peers);
	certs_end(&h->certs, &h->env, &h->peers);
	stops_end(&h->stops, &h->env, &h->peers);
}

const struct analyzer analyzer_handshake = {
	.name = "handshake",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
