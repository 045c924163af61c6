/* analyzers/loginwords.h - how a login is told: schemes, names, and what a refusal hints at. */
#ifndef ANALYZERS_LOGINWORDS_H
#define ANALYZERS_LOGINWORDS_H

#include "analyzers/loginstory.h"

enum { LOGIN_SCHEMES_TEXT = 96, LOGIN_SCHEME_TEXT = 32, LOGIN_SENT_TEXT = 80, LOGIN_HINT_TEXT = 480 };
enum {
	LOGIN_PRIVATE = LOGIN_NAME + PRIVATE_MARKS,
	LOGIN_ACCOUNT_TEXT = 2 * LOGIN_PRIVATE + 40,
	LOGIN_WHO_TEXT = LOGIN_ACCOUNT_TEXT + LOGIN_PRIVATE + 10
};

/* "Negotiate, NTLM", as a client prefers them. */
const char *login_schemes(unsigned offered, char text[static LOGIN_SCHEMES_TEXT]);

/* "NTLM", "Negotiate (Kerberos)": the last that the client sent. */
const char *login_scheme(const struct login_story *s, char text[static LOGIN_SCHEME_TEXT]);

/* "NTLM credentials", "Negotiate (Kerberos) ticket", "credentials of another scheme". */
const char *login_sent(const struct login_story *s, char text[static LOGIN_SENT_TEXT]);

/* Steps that fit what Kerberos complains of; NULL: the catalogue's. */
const char *login_remedy(const struct login_story *s);

/* "CORP\alice", "the user alice", "the computer CORP\PC-0412$", or "".  Every name in it is private
 * (web_private). */
const char *login_account(const struct auth *auth, char text[static LOGIN_ACCOUNT_TEXT]);

/* " of CORP\alice on PC-0412", or "".  Every name in it is private. */
const char *login_who(const struct login_story *s, char text[static LOGIN_WHO_TEXT]);

/* What else the story shows of the reason: a sentence or two, each with a blank before it; or "". */
const char *login_hint(const struct login_story *s, char text[static LOGIN_HINT_TEXT]);

#endif
