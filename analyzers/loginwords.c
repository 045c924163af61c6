/* analyzers/loginwords.c - words for logins. */
#include <stdio.h>

#include "analyzers/loginwords.h"

#include "base/tongue.h"

#define WINDOWS_SCHEMES (1u << AUTH_NEGOTIATE | 1u << AUTH_NTLM | 1u << AUTH_KERBEROS)

enum { OFTEN = 3 };                     /* refusals of one login that are a loop */

static bool was_refused(const struct login_story *s, enum auth_step step)
{
	return s->steps_refused & 1u << step;
}

const char *login_schemes(unsigned offered, char text[static LOGIN_SCHEMES_TEXT])
{
	static const enum auth_scheme order[] = { AUTH_NEGOTIATE, AUTH_KERBEROS, AUTH_NTLM, AUTH_DIGEST,
						  AUTH_BASIC, AUTH_BEARER, AUTH_OTHER };
	size_t len = 0;

	tongue_say(text, LOGIN_SCHEMES_TEXT, "no scheme named");
	for (size_t i = 0; i < sizeof order / sizeof *order && len < LOGIN_SCHEMES_TEXT; i++)
		if (offered & 1u << order[i])
			len += (size_t)snprintf(text + len, LOGIN_SCHEMES_TEXT - len, "%s%s", len ? ", " : "",
						auth_scheme_name(order[i]));
	return text;
}

/* What a token of Negotiate is in truth; NULL: not known, or the scheme says it. */
static const char *mechanism(enum auth_step step)
{
	switch (step) {
	case AUTH_STEP_NTLM_NEGOTIATE:
	case AUTH_STEP_NTLM_CHALLENGE:
	case AUTH_STEP_NTLM_AUTHENTICATE:
		return "NTLM";
	case AUTH_STEP_KERBEROS:
	case AUTH_STEP_KERBEROS_ERROR:
		return "Kerberos";
	case AUTH_STEP_NONE:
	case AUTH_STEP_CREDENTIALS:
	case AUTH_STEP_SPNEGO_TOKEN:
	case AUTH_STEP_COMPLETED:
	case AUTH_STEP_REJECTED:
	case AUTH_STEP_COUNT:
		return NULL;
	}
	return NULL;
}

const char *login_scheme(const struct login_story *s, char text[static LOGIN_SCHEME_TEXT])
{
	const char *inside = s->scheme == AUTH_NEGOTIATE ? mechanism(s->step) : NULL;

	snprintf(text, LOGIN_SCHEME_TEXT, inside ? "%s (%s)" : "%s", auth_scheme_name(s->scheme), inside);
	return text;
}

static bool is_computer(const char *user)
{
	size_t len = strlen(user);

	return len && user[len - 1] == '$';
}

static const char *name_account(const char *user, const char *domain, char text[static LOGIN_ACCOUNT_TEXT])
{
	char who[LOGIN_PRIVATE], of[LOGIN_PRIVATE] = "";

	if (domain[0])
		web_private(span_text(domain), of, sizeof of);
	/* A user may be called "nobody". */
	tongue_say(text, LOGIN_ACCOUNT_TEXT, "%s%s%s%s",
		 is_computer(user) ? _("the computer ") : domain[0] ? "" : _("the user "), of,
		 domain[0] ? "\\" : "", web_private(span_text(user), who, sizeof who));
	return text;
}

const char *login_account(const struct auth *auth, char text[static LOGIN_ACCOUNT_TEXT])
{
	char user[LOGIN_NAME], domain[LOGIN_NAME];

	text[0] = '\0';
	if (!auth->user.len)
		return text;
	web_printable(auth->user, user, sizeof user);
	web_printable(auth->scheme == AUTH_DIGEST ? SPAN("") : auth->domain, domain, sizeof domain);
	return name_account(user, domain, text);
}

const char *login_who(const struct login_story *s, char text[static LOGIN_WHO_TEXT])
{
	char account[LOGIN_ACCOUNT_TEXT], place[LOGIN_PRIVATE] = "";
	bool machine = s->workstation[0] && !is_computer(s->user);

	text[0] = '\0';
	if (!s->user[0])
		return text;
	name_account(s->user, s->scheme == AUTH_DIGEST ? "" : s->domain, account);
	if (machine)
		web_private(span_text(s->workstation), place, sizeof place);
	tongue_say(text, LOGIN_WHO_TEXT, machine ? N_(" of %s on %s") : N_(" of %s"), account, place);
	return text;
}

const char *login_sent(const struct login_story *s, char text[static LOGIN_SENT_TEXT])
{
	bool ticket = s->step == AUTH_STEP_KERBEROS;
	char scheme[LOGIN_SCHEME_TEXT];

	if (s->scheme == AUTH_OTHER)
		tongue_say(text, LOGIN_SENT_TEXT, "credentials of another scheme");
	else
		tongue_say(text, LOGIN_SENT_TEXT, ticket ? N_("%s ticket") : N_("%s credentials"),
			   login_scheme(s, scheme));
	return text;
}

/* ---- hints ---- */

/* KRB_AP_ERR_TKT_EXPIRED, TKT_NYV and SKEW; KRB_AP_ERR_BAD_INTEGRITY, NOT_US, MODIFIED, BADKEYVER and NOKEY
 * (RFC 4120 section 7.5.9). */
const char *login_remedy(const struct login_story *s)
{
	switch (s->kerberos_error) {
	case 32:
	case 33:
	case 37:
		return N_("Compare the clocks of client, server and domain controller: w32tm /monitor; "
		       "Kerberos bears 5 minutes\n"
		       "Set them right: w32tm /resync on each; virtual machines must not follow a host "
		       "with a wrong clock\n"
		       "Then drop the old tickets on the client: klist purge");
	case 31:
	case 35:
	case 41:
	case 44:
	case 45:
		return N_("setspn -Q HTTP/NAME (each name that clients use) must find one account only: the "
		       "one that the service runs as\n"
		       "The computer's own account runs it, unless the pool has a domain account: then "
		       "useAppPoolCredentials, or kernel mode off\n"
		       "Password changed lately? Restart the pool on the server, klist purge on the client");
	default:
		return NULL;
	}
}

static void hint_clocks(const struct login_story *s, char *text, size_t size)
{
	char server[CLOCK_TEXT], here[CLOCK_TEXT];

	if (s->server_time == MOMENT_NONE)
		tongue_say(text, size, "the clocks of client and server are too far apart");
	else
		tongue_say(text, size, "the clocks of client and server are too far apart; when the server's "
			 "says %s, this capture's says %s", moment_clock(s->server_time, server),
			 moment_clock(s->error_time, here));
}

/* What RFC 4120's errors mean to whoever runs the service. */
static void hint_error(const struct login_story *s, char *text, size_t size)
{
	static const struct {
		unsigned error;
		const char *meaning;
	} rows[] = {
		{ 7, N_("nobody holds the service's name (SPN)") },
		{ 14, N_("the service has no key of the ticket's encryption type") },
		{ 31, N_("the ticket does not open with the service's key") },
		{ 32, N_("the ticket has expired") },
		{ 33, N_("the ticket is not valid yet: compare the clocks") },
		{ 34, N_("the same proof came twice: a device or the client repeats requests") },
		{ 35, N_("the ticket is for another service") },
		{ 41, N_("the ticket is for another account than the one that the service runs as (SPN "
			 "doubled, "
		      "or on the wrong account)") },
		{ 44, N_("the ticket was made with an older password of the service's account") },
		{ 45, N_("the service has no key for the name (SPN) in the ticket") },
		{ 60, N_("the service cannot tell why") },
	};
	char clocks[240] = "";
	const char *meaning = NULL;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].error == s->kerberos_error)
			meaning = _(rows[i].meaning);
	if (s->kerberos_error == 37) {
		hint_clocks(s, clocks, sizeof clocks);
		meaning = clocks;
	}
	tongue_say(text, size, " Kerberos says %s (%u)%s%s.", kerberos_error_name(s->kerberos_error),
		 s->kerberos_error, meaning ? ": " : "", meaning ? meaning : "");
}

/* A ticket that is refused without a word. */
static void hint_ticket(const struct login_story *s, char *text, size_t size)
{
	bool fell_back = s->steps_sent & (1u << AUTH_STEP_NTLM_NEGOTIATE | 1u << AUTH_STEP_NTLM_AUTHENTICATE);

	tongue_say(text, size,
		 fell_back ? N_(" Before NTLM it refuses a Kerberos ticket for %s: is that name (SPN) "
				"on the account "
				"that the service runs as and on no other, and do the clocks agree?")
			   : N_(" The ticket is for %s: is that name (SPN) on the account that the "
				"service runs as "
				"and on no other, and do the clocks agree?"),
		 s->service[0] ? s->service : _("a service that it does not name"));
}

/* Extended Protection is a guess: whether the server demands it is not on the wire. */
static const char *hint_binding(const struct login_story *s)
{
	if (s->bound)
		return _(" It is bound to the TLS session that the client sees: possibly a device "
			 "opens TLS on "
		       "the way, which Extended Protection refuses.");
	return _(" It is not bound to the TLS session: possibly the server demands that (Extended "
		 "Protection).");
}

static const char *hint_unsent(const struct login_story *s)
{
	if (!(s->offered & WINDOWS_SCHEMES))
		return s->offered ? _(" The update agent of Windows answers Negotiate and NTLM only.") : "";
	if (s->old_http && !(s->offered & (1u << AUTH_BASIC | 1u << AUTH_DIGEST)))
		return _(" It asks by HTTP/1.0, over which Windows begins neither NTLM nor Negotiate.");
	return "";
}

static const char *hint_half_way(const struct login_story *s)
{
	if (s->unanswered)
		return _(" The connection ends behind its last message, without an answer.");
	if (s->challenged && s->challenge_count >= OFTEN)
		return _(" Challenges are given again and again, and none is answered.");
	if (s->given_up)
		return _(" It closes the connection behind the challenge.");
	return s->challenged ? _(" The challenge stays without an answer.") : "";
}

static const char *hint_refused(const struct login_story *s)
{
	if (s->granted)
		return _(" The login itself is accepted: the account has no right to this.");
	if (s->anonymous)
		return _(" The client logs in as nobody (NTLM without a user).");
	if (s->offered && !(s->offered & 1u << s->scheme))
		return _(" That scheme is not among those that it takes.");
	if (s->in_tls && was_refused(s, AUTH_STEP_NTLM_AUTHENTICATE))
		return hint_binding(s);
	if (s->through_proxy && was_refused(s, AUTH_STEP_NTLM_AUTHENTICATE))
		return _(" It goes through a proxy: possibly that does not keep one connection for each "
		       "client, as NTLM needs.");
	if (s->refusals >= OFTEN)
		return _(" The client tries the same again and again.");
	return "";
}

const char *login_hint(const struct login_story *s, char text[static LOGIN_HINT_TEXT])
{
	text[0] = '\0';
	if (s->kerberos_error)
		hint_error(s, text, LOGIN_HINT_TEXT);
	else if (was_refused(s, AUTH_STEP_KERBEROS) && !s->granted)
		hint_ticket(s, text, LOGIN_HINT_TEXT);
	else if (!s->sent)
		snprintf(text, LOGIN_HINT_TEXT, "%s", hint_unsent(s));
	else
		snprintf(text, LOGIN_HINT_TEXT, "%s", s->refusals ? hint_refused(s) : hint_half_way(s));
	return text;
}
