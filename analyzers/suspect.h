/* analyzers/suspect.h - signs of forged update servers and of attacks, one exchange at a time.
 *
 * From what public attack tools send and answer, beside what WSUS does; suspicious.c weighs them.
 */
#ifndef ANALYZERS_SUSPECT_H
#define ANALYZERS_SUSPECT_H

#include "analyzers/web.h"
#include "base/map.h"
#include "base/tongue.h"

/* X(symbol, points, text): of servers, then of clients. */
#define SIGNS(X) \
	X(PLUGIN,         40, N_("its authorization plug-in is not SimpleTargeting")) \
	X(NO_SERVICE,     20, N_("it names no authorization service")) \
	X(COOKIE_PLUGIN,  30, N_("its authorization cookies are for a plug-in that WSUS has not")) \
	X(SHORT_COOKIE,   15, N_("its authorization cookies are shorter than WSUS makes them")) \
	X(FILE_FORM,      30, N_("it has files at addresses that WSUS does not make")) \
	X(FILE_NAME,      35, N_("it has files at addresses that are not their digests")) \
	X(FILE_FOLDER,    15, N_("it has files in folders that are not their digests' last byte")) \
	X(FILE_HOST,      30, N_("it has files on a machine that is neither its own nor Microsoft's")) \
	X(ARGUMENTS,      15, N_("it offers an update that is a program with arguments")) \
	X(SHELL,          35, N_("it offers an update that is a command of a shell")) \
	X(FEW,            20, N_("it offers one or two updates in all, of revision 204")) \
	X(BULLETIN,       35, N_("it offers an update for a security bulletin that does not exist")) \
	X(NOT_IIS,        10, N_("its answers are not signed by IIS and ASP.NET")) \
	X(CHANGED,        25, N_("its answers were signed by IIS and ASP.NET, and no longer are")) \
	X(LONG_COOKIE,    45, N_("a cookie far longer than any that WSUS issues")) \
	X(OTHER_COOKIE,   20, N_("a cookie of another length than this server issues")) \
	X(NOT_AGENT,      30, N_("a caller that does not call itself an update agent")) \
	X(REFUSED,        10, N_("the server does not understand it")) \
	X(OUTSIDE,        20, N_("a caller from outside"))

#define X(symbol, points, text) SIGN_##symbol,
enum sign { SIGNS(X) SIGN_COUNT, SIGN_FIRST_OF_CLIENT = SIGN_LONG_COOKIE };
#undef X

/* A sign is seen; `what` it is, as far as it is more than its text. */
typedef void suspect_note(void *self, const struct exchange *x, enum sign sign, const char *what);

/* What servers did before: the lengths of the cookies that they issued, and whether they signed. */
struct suspect_past {
	struct map servers;
};

void suspect_past_init(struct suspect_past *p);
void suspect_past_release(struct suspect_past *p);

/* What the server answers, then what the client asked. */
void suspect_answer(struct suspect_past *p, const struct exchange *x, suspect_note *note, void *self);
void suspect_request(struct suspect_past *p, const struct exchange *x, suspect_note *note, void *self);

#endif
