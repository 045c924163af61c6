/* analyzers/loginstory.c - refusals into a story. */
#include <stdio.h>

#include "analyzers/loginstory.h"

#define AT_ONCE (2 * MOMENT_S)          /* a server that closes later has waited in vain */
#define SOON    (2 * MOMENT_S)          /* a client that goes on with a login does so within */

static bool closes(const struct exchange *x)
{
	const struct http_message *m = &x->response;
	struct span said = http_header(m, SPAN("Connection"));

	if (!said.at)
		said = http_header(m, SPAN("Proxy-Connection"));
	if (said.at)
		return span_ifind(said, SPAN("close")) != SIZE_MAX;
	return m->version == 10;
}

static void begin(struct login_story *s, const struct exchange *x, bool to_proxy)
{
	memset(s, 0, sizeof *s);
	s->pending = true;
	s->to_proxy = to_proxy;
	s->place = wsus_exchange_place(x);
	s->only_reads = true;
	s->old_http = true;
	s->server_time = s->error_time = MOMENT_NONE;
	web_printable(x->path.len ? x->path : SPAN("The server"), s->path, sizeof s->path);
	s->failures = web_case_of(x);
}

/* Says at the evidence of a frame which step it was. */
static void note_step(struct web_case *c, uint64_t frame, const char *scheme, enum auth_step step)
{
	for (size_t i = 0; i < c->evidence_count; i++) {
		char *text = c->evidence[i].text;
		size_t len = strlen(text);

		if (c->evidence[i].frame == frame)
			snprintf(text + len, EVIDENCE_TEXT - len, " (%s, %s)", scheme, auth_step_name(step));
	}
}

static void note_steps(struct web_case *c, const struct exchange *x, const struct auth *auth)
{
	const char *scheme = auth_scheme_name(auth->scheme);

	if (!auth->sent)
		return;
	if (x->request.present)
		note_step(c, x->request.first_frame, scheme, auth->sent_step);
	if (x->response.present && auth->answer_step != AUTH_STEP_NONE)
		note_step(c, x->response.first_frame, scheme, auth->answer_step);
}

static void note_challenge(struct login_story *s, uint64_t conn)
{
	s->challenge_conns[s->challenge_count++ % LOGIN_CHALLENGES] = conn;
}

/* A challenge was given, and none on this connection, as far as is known. */
static bool challenged_elsewhere(const struct login_story *s, uint64_t conn)
{
	for (size_t i = 0; i < LOGIN_CHALLENGES && i < s->challenge_count; i++)
		if (s->challenge_conns[i] == conn)
			return false;
	return s->challenge_count && s->challenge_count <= LOGIN_CHALLENGES;
}

static void note_name(struct span name, char text[static LOGIN_NAME])
{
	if (name.len)
		web_printable(name, text, LOGIN_NAME);
}

static void note_sent(struct login_story *s, const struct auth *auth)
{
	const struct auth_token *token = auth->sent_token;

	s->sent = true;
	s->scheme = auth->scheme;
	s->step = auth->sent_step;
	s->steps_sent |= 1u << auth->sent_step;
	if (auth->user.len)             /* its names belong together */
		s->domain[0] = s->workstation[0] = '\0';
	note_name(auth->user, s->user);
	note_name(auth->domain, s->domain);
	note_name(auth->workstation, s->workstation);
	if (!token)
		return;
	note_name(token->kerberos.service, s->service);
	if (token->ntlm.type == 3) {
		s->anonymous = token->ntlm.anonymous;
		s->bound = token->ntlm.channel_binding;
	}
}

static void note_error(struct login_story *s, const struct exchange *x, const struct auth_token *answer)
{
	if (!answer || answer->kerberos.kind != KERBEROS_ERROR)
		return;
	s->kerberos_error = answer->kerberos.error;
	s->server_time = answer->kerberos.server_time;
	s->error_time = x->response.first_time;
}

void login_refused(struct login_story *s, const struct exchange *x, bool to_proxy)
{
	const struct auth *auth = to_proxy ? &x->proxy_auth : &x->server_auth;
	/* Behind the last step of NTLM nothing goes on, whatever token the refusal carries. */
	bool last = auth->sent_step == AUTH_STEP_NTLM_AUTHENTICATE;
	bool challenge = auth_step_goes_on(auth->answer_step) && !last;
	bool reads = span_eq(x->method, SPAN("GET")) || span_eq(x->method, SPAN("HEAD"));

	if (!s->pending)
		begin(s, x, to_proxy);
	else
		/* A refusal of credentials belongs to the request that was asked for them. */
		web_case_add(&s->failures, x, !auth->sent);
	note_steps(&s->failures, x, auth);
	s->offered |= auth->offered;
	s->only_reads = s->only_reads && reads;
	s->in_tls = s->in_tls || x->tls;
	s->through_proxy = s->through_proxy || (x->via_proxy && !x->tunnel && !to_proxy);
	s->old_http = s->old_http && x->response.version == 10;
	s->unanswered = false;
	if (auth->sent) {
		note_sent(s, auth);
		note_error(s, x, auth->answer_token);
		s->split = s->split || (last && challenged_elsewhere(s, x->conn->id));
		s->granted = auth->answer_step == AUTH_STEP_COMPLETED;
		if (last || !challenge) {
			s->steps_refused |= 1u << auth->sent_step;
			s->refusals++;
		}
	}
	s->last_conn = x->conn->id;
	s->over = false;
	s->challenged = challenge;
	s->given_up = false;
	if (challenge)
		note_challenge(s, x->conn->id);
	s->cut = s->cut || (challenge && closes(x));
}

void login_unanswered(struct login_story *s, const struct exchange *x)
{
	const struct auth *auth = s->to_proxy ? &x->proxy_auth : &x->server_auth;

	switch (x->end) {
	case EXCHANGE_OPEN:
	case EXCHANGE_LOST:
		/* The answer is what this capture lacks. */
		s->pending = false;
		break;
	case EXCHANGE_FIN_BY_SERVER:
	case EXCHANGE_FIN_BY_CLIENT:
	case EXCHANGE_RESET:
	case EXCHANGE_SILENCE:
		note_sent(s, auth);
		web_case_add(&s->failures, x, false);
		note_steps(&s->failures, x, auth);
		s->unanswered = true;
		s->challenged = false;
		break;
	case EXCHANGE_COMPLETE:
	case EXCHANGE_REPLACED:
		break;
	}
}

void login_disconnected(struct login_story *s, const struct connection *c)
{
	if (!s->pending || s->last_conn != c->id || c->closed == CONNECTION_OPEN)
		return;
	s->over = true;
	if (!s->challenged)
		return;
	if (!connection_closed_by(c, SERVER))
		s->given_up = true;
	else if (c->last_time - s->failures.last < AT_ONCE)
		s->cut = true;
}

/* NTLM in place of a ticket that was refused is a login of its own (RFC 4559 section 4). */
static bool tries_ntlm_instead(const struct login_story *s)
{
	return s->step == AUTH_STEP_NTLM_NEGOTIATE &&
	       !(s->steps_refused & 1u << AUTH_STEP_NTLM_AUTHENTICATE);
}

bool login_under_way(const struct login_story *s, int64_t now)
{
	if (s->cut || (s->refusals && !tries_ntlm_instead(s)))
		return false;
	/* Who asked before and was refused then had the time for a login. */
	if (!s->sent)
		return !s->over && now - s->failures.first < SOON;
	return s->challenged && !s->given_up && now - s->failures.last < SOON;
}
