/* report/event_auth.c - headers first, then what their tokens say. */
#include "report/event_auth.h"

#include <json-c/json.h>

#include "report/json_util.h"

static struct json_object *words(unsigned bits, unsigned count, const char *(*name)(unsigned))
{
	struct json_object *list = json_object_new_array();

	for (unsigned i = 0; i < count; i++)
		if (bits & 1u << i)
			json_object_array_add(list, json_object_new_string(name(i)));
	return list;
}

static const char *scheme_at(unsigned i)
{
	return auth_scheme_name((enum auth_scheme)i);
}

static const char *mechanism_at(unsigned i)
{
	return spnego_mechanism_name((enum spnego_mechanism)i);
}

/* What the token is in the end, whatever the header calls it. */
static const char *mechanism_of(const struct auth_token *t)
{
	if (t->ntlm.type)
		return "NTLM";
	if (t->kerberos.kind)
		return "Kerberos";
	return t->spnego ? "SPNEGO" : NULL;
}

/* MS-NLMP section 2.2.2.10: the version of Windows, or what a client makes of it. */
static void put_version(struct json_object *to, const struct ntlm_version *v)
{
	char text[24];

	if (!v->major)
		return;
	snprintf(text, sizeof text, "%u.%u.%u", v->major, v->minor, v->build);
	json_put_text(to, "version", text);
}

static void put_ntlm(struct json_object *auth, const struct ntlm_message *m)
{
	struct json_object *ntlm;

	if (!m->type)
		return;
	ntlm = json_put_object(auth, "ntlm");
	json_put_count(ntlm, "message", m->type);
	put_version(ntlm, &m->version);
	if (m->type == 3) {
		json_put_bool(ntlm, "v2", m->v2);
		json_put_bool(ntlm, "anonymous", m->anonymous);
		json_put_bool(ntlm, "mic", m->mic);
		json_put_bool(ntlm, "channel_binding", m->channel_binding);
	}
	if (m->timestamp != MOMENT_NONE)
		json_put_time(ntlm, "timestamp", m->timestamp);
	if (m->cut)
		json_put_bool(ntlm, "cut", true);
}

static void put_etype(struct json_object *to, const char *key, int etype)
{
	if (etype)
		json_put_text(to, key, kerberos_etype_name(etype));
}

static void put_kerberos(struct json_object *auth, const struct kerberos_message *m)
{
	struct json_object *kerberos;

	if (!m->kind)
		return;
	kerberos = json_put_object(auth, "kerberos");
	json_put_text(kerberos, "message", kerberos_kind_name(m->kind));
	put_etype(kerberos, "ticket_etype", m->ticket_etype);
	put_etype(kerberos, "authenticator_etype", m->authenticator_etype);
	if (m->server_time != MOMENT_NONE)
		json_put_time(kerberos, "server_time", m->server_time);
}

/* Whom the server says it is (MS-NLMP section 2.2.1.2). */
static void put_target(struct json_object *auth, const struct ntlm_message *m)
{
	struct json_object *target;

	if (m->type != 2)
		return;
	target = json_object_new_object();
	json_put_present(target, "name", m->target);
	json_put_present(target, "computer", m->computer);
	json_put_present(target, "domain", m->netbios_domain);
	json_put_present(target, "dns_computer", m->dns_computer);
	json_put_present(target, "dns_domain", m->dns_domain);
	json_put_present(target, "dns_forest", m->dns_forest);
	if (json_object_object_length(target))
		json_put(auth, "target", target);
	else
		json_object_put(target);
}

static void put_sent(struct json_object *auth, const struct auth_token *t)
{
	if (mechanism_of(t))
		json_put_text(auth, "mechanism", mechanism_of(t));
	if (t->mechanisms)
		json_put(auth, "mechanisms", words(t->mechanisms, SPNEGO_MECHANISM_COUNT, mechanism_at));
	json_put_present(auth, "service", t->ntlm.service.len ? t->ntlm.service : t->kerberos.service);
	json_put_present(auth, "realm", t->kerberos.realm);
	put_ntlm(auth, &t->ntlm);
	put_kerberos(auth, &t->kerberos);
}

/* An error is told by its name, and by its number where it has none. */
static void put_error(struct json_object *auth, const struct kerberos_message *m)
{
	if (m->kind != KERBEROS_ERROR)
		return;
	json_put_text(auth, "error", kerberos_error_name(m->error));
	json_put_count(auth, "error_code", m->error);
}

static void put_answer(struct json_object *auth, const struct auth_token *t)
{
	struct json_object *answer = json_put_object(auth, "answer");

	if (mechanism_of(t))
		json_put_text(answer, "mechanism", mechanism_of(t));
	if (t->state)
		json_put_text(answer, "state", spnego_state_name(t->state));
	put_target(answer, &t->ntlm);
	put_ntlm(answer, &t->ntlm);
	put_kerberos(answer, &t->kerberos);
	put_error(auth, &t->kerberos);
}

/* The proxy's login when there is one, unless it is the server that refuses. */
static bool is_towards_proxy(const struct exchange *x)
{
	return x->status != 401 && (x->proxy_auth.sent || x->proxy_auth.offered);
}

void event_auth(struct json_object *exchange, const struct exchange *x, bool reveal)
{
	bool proxy = is_towards_proxy(x);
	const struct auth *a = proxy ? &x->proxy_auth : &x->server_auth;
	enum auth_step step = a->answer_step != AUTH_STEP_NONE ? a->answer_step : a->sent_step;
	struct json_object *auth;

	if (!a->sent && !a->offered)
		return;
	auth = json_put_object(exchange, "auth");
	json_put_text(auth, "towards", proxy ? "proxy" : "server");
	json_put(auth, "offered", words(a->offered, AUTH_SCHEME_COUNT, scheme_at));
	if (a->sent) {
		json_put_text(auth, "scheme", auth_scheme_name(a->scheme));
		json_put_text(auth, "step", auth_step_name(step));
	}
	json_put_user(auth, "user", a->user, reveal);
	json_put_user(auth, "domain", a->domain, reveal);
	json_put_user(auth, "workstation", a->workstation, reveal);
	if (a->sent_token)
		put_sent(auth, a->sent_token);
	if (a->answer_token)
		put_answer(auth, a->answer_token);
}
