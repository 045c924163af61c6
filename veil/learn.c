/* veil/learn.c - hosts, users and machines, as facts have them. */
#include "veil/learn.h"

#include "facts/location.h"
#include "facts/soap.h"
#include "facts/wsuscall.h"

static void learn(struct names *n, void (*put)(struct names *, struct span, uint8_t *), struct span value)
{
	enum { LONGEST = 1024 };
	uint8_t unused[LONGEST];

	if (value.len && value.len <= sizeof unused)
		put(n, value, unused);
}

static void learn_ntlm(struct names *n, const struct ntlm_message *m)
{
	const struct span words[] = {
		m->user, m->domain, m->workstation, m->target, m->computer, m->netbios_domain,
	};
	const struct span hosts[] = { m->dns_computer, m->dns_domain, m->dns_forest };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		learn(n, names_user, words[i]);
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		learn(n, names_host, hosts[i]);
	learn(n, names_user, m->service);
}

static void learn_token(struct names *n, const struct auth_token *t)
{
	if (!t)
		return;
	learn_ntlm(n, &t->ntlm);
	learn(n, names_user, t->kerberos.service);
	learn(n, names_host, t->kerberos.realm);
}

static void learn_auth(struct names *n, const struct auth *a)
{
	learn(n, names_user, a->user);
	/* Of Digest and Basic it is a realm: words for people, as often as not. */
	if (a->scheme == AUTH_NTLM || a->scheme == AUTH_NEGOTIATE || a->scheme == AUTH_KERBEROS)
		learn(n, names_host, a->domain);
	learn(n, names_host, a->workstation);
	learn_token(n, a->sent_token);
	learn_token(n, a->answer_token);
}

static void learn_call(struct names *n, const struct soap_call *call)
{
	static const enum wsus_field hosts[] = { FIELD_DNS_NAME };

	for (size_t i = 0; call->values && i < sizeof hosts / sizeof *hosts; i++)
		learn(n, names_host, wsus_text(call->values, hosts[i]));
}

static void learn_exchange(struct names *n, const struct exchange *x)
{
	learn(n, names_host, x->host);
	learn_auth(n, &x->server_auth);
	learn_auth(n, &x->proxy_auth);
	if (x->soap)
		learn_call(n, x->soap);
	if (!x->location)
		return;
	learn(n, names_host, x->location->sender);
	for (unsigned i = 0; i < x->location->count && i < LOCATIONS_KEPT; i++)
		learn(n, names_url, x->location->locations[i].url);
}

static void learn_lookup(struct names *n, const struct lookup *l)
{
	learn(n, names_host, span_text(l->name));
	learn(n, names_host, span_text(l->canonical));
	for (unsigned i = 0; i < l->answer_count && i < LOOKUP_ANSWERS; i++)
		(void)names_addr(n, &l->answers[i]);
}

void learn_fact(struct names *n, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_EXCHANGE:
		learn_exchange(n, fact->exchange);
		break;
	case FACT_TLS:
		learn(n, names_host, span_text(fact->tls->server_name));
		break;
	case FACT_LOOKUP:
		learn_lookup(n, fact->lookup);
		break;
	case FACT_LEASE:
		learn(n, names_host, fact->lease->host_name);
		learn(n, names_url, fact->lease->proxy_script);
		break;
	case FACT_CONNECTION:
	case FACT_ICMP:
		break;
	}
}
