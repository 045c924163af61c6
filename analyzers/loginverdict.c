/* analyzers/loginverdict.c - what a login's story shows, and whose fault it is. */
#include "analyzers/loginwords.h"
#include "base/tongue.h"

/* The words of a story, made once for each verdict. */
struct words {
	char schemes[LOGIN_SCHEMES_TEXT], scheme[LOGIN_SCHEME_TEXT];
	char who[LOGIN_WHO_TEXT], hint[LOGIN_HINT_TEXT];
};

static void find_words(struct words *w, const struct login_story *s)
{
	login_schemes(s->offered, w->schemes);
	login_scheme(s, w->scheme);
	login_who(s, w->who);
	login_hint(s, w->hint);
}

static void judge_split(struct login_story *s, const struct analyzer_env *env)
{
	struct words w;

	find_words(&w, s);
	if (s->split)
		web_raise(env, FINDING_AUTH_MULTIPLEXED, &s->failures, CONFIDENCE_CERTAIN,
			  s->to_proxy
				  ? N_("The proxy's %s challenge and the client's answer to it travel on "
				       "different connections; a login counts for one connection only, "
				       "so the "
				       "login%s never succeeds.")
				  : N_("The server's %s challenge and the client's answer to it travel on "
				       "different connections; a login counts for one connection only, "
				       "so the "
				       "login%s never succeeds."),
			  w.scheme, w.who);
	else
		web_raise(env, FINDING_AUTH_MULTIPLEXED, &s->failures, CONFIDENCE_PROBABLE,
			  s->to_proxy
				  ? N_("The answer that carries the proxy's %s challenge also closes the "
				       "connection%s, so the client cannot answer it. A device without "
				       "persistent connections is in the way.")
				  : N_("The answer that carries the server's %s challenge also closes the "
				       "connection%s, so the client cannot answer it. A device without "
				       "persistent connections is in the way."),
			  w.scheme, s->old_http ? " (HTTP/1.0)" : "");
}

/* How the login went, for the kinds that differ only in whose fault it is; `subject` wants it. */
static void raise_denied(const struct login_story *s, const struct analyzer_env *env, enum finding_kind kind,
			 const char *subject, const char *remark)
{
	unsigned status = s->to_proxy ? 407 : 401;
	char sent[LOGIN_SENT_TEXT];
	struct words w;

	find_words(&w, s);
	if (s->refusals)
		web_raise(env, kind, &s->failures, CONFIDENCE_CERTAIN,
			  /* TRANSLATORS: a path or "The proxy"; a status, schemes; "NTLM credentials"; " of "
			   * an account; a remark; a sentence or nothing. */
			  "%s wants a login (%u: %s) and refuses the %s%s that the client "
			  "sends%s.%s",
			  subject, status, w.schemes, login_sent(s, sent), w.who, remark,
			  w.hint);
	else if (s->sent)
		web_raise(env, kind, &s->failures, CONFIDENCE_PROBABLE,
			  s->unanswered ? N_("%s wants a login (%u: %s); the client begins one with %s%s and "
					     "is cut off half way%s.%s")
					: N_("%s wants a login (%u: %s); the client begins one with %s%s and "
					     "gives up half way%s.%s"),
			  subject, status, w.schemes, w.scheme, w.who, remark, w.hint);
	else
		web_raise(env, kind, &s->failures, CONFIDENCE_CERTAIN,
			  "%s wants a login (%u: %s); the client sends none and gives up%s.%s",
			  subject, status, w.schemes, remark, w.hint);
}

static void judge_proxy(const struct login_story *s, const struct analyzer_env *env)
{
	enum finding_kind kind = s->refusals ? FINDING_PROXY_AUTH_FAILED : FINDING_PROXY_AUTH_REQUIRED;

	raise_denied(s, env, kind, _("The proxy"), "");
}

static void judge_server(const struct login_story *s, const struct analyzer_env *env)
{
	char schemes[LOGIN_SCHEMES_TEXT];

	if (s->place == WSUS_API) {
		/* Asked without a login, a healthy server says 401 too: a look is no failure. */
		if (s->sent || !s->only_reads)
			raise_denied(s, env, FINDING_ADMIN_API_DENIED, s->path, "");
	} else if (wsus_place_is_anonymous(s->place) && !s->sent) {
		web_raise(env, FINDING_ANONYMOUS_REFUSED, &s->failures, CONFIDENCE_CERTAIN,
			  "%s wants a login (401: %s), and clients of WSUS never send one here. "
			  "Anonymous authentication is off for this directory, or its account may not "
			  "read the folder.",
			  wsus_place_prefix(s->place), login_schemes(s->offered, schemes));
	} else if (wsus_place_is_anonymous(s->place) && s->place != WSUS_SERVER_SYNC) {
		/* Servers that synchronise may have an account: only clients never have. */
		raise_denied(s, env, FINDING_ANONYMOUS_REFUSED, s->path, _("; it should not want one "
									   "at all"));
	} else {
		raise_denied(s, env, FINDING_AUTH_FAILED, s->path,
			     wsus_place_is_anonymous(s->place) ? _("; it should not want one at all") : "");
	}
}

void login_judge(struct login_story *s, const struct analyzer_env *env)
{
	/* Behind a refusal of these nothing but another login is to come; tickets have NTLM behind them. */
	s->failures.proved = s->steps_refused &
	                     (1u << AUTH_STEP_NTLM_AUTHENTICATE | 1u << AUTH_STEP_CREDENTIALS);
	s->pending = false;
	s->failures.remedy = login_remedy(s);
	if (s->split || (s->cut && !s->refusals))
		judge_split(s, env);
	else if (s->to_proxy)
		judge_proxy(s, env);
	else
		judge_server(s, env);
}
