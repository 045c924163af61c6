/* analyzers/loginstory.h - one client's login at one address, leg by leg, and what is made of it.
 *
 * A story begins with a refusal and is over when a request gets through, or when nobody comes back.
 */
#ifndef ANALYZERS_LOGINSTORY_H
#define ANALYZERS_LOGINSTORY_H

#include "analyzers/web.h"

enum {
	LOGIN_NAME = 64,                /* of a user, a domain, a machine, a service */
	LOGIN_PATH = 80,
	LOGIN_CHALLENGES = 8,           /* logins of one client at one address that go on at once */
};

struct login_story {
	struct web_case failures;
	bool pending;                   /* refused, and no success since */
	bool to_proxy;
	enum wsus_place place;
	bool only_reads;                /* GET and HEAD */
	bool in_tls;                    /* inside TLS that was opened */
	bool through_proxy;             /* towards the server, but a proxy makes the connection */
	bool old_http;                  /* every refusal is HTTP/1.0 */
	unsigned offered;               /* bits 1u << enum auth_scheme */

	bool sent;                      /* credentials, or a first token */
	unsigned steps_sent;            /* bits 1u << enum auth_step */
	unsigned steps_refused;         /* ... of those that were refused, not continued */
	unsigned refusals;              /* how many those were */
	enum auth_scheme scheme;        /* of the last that was sent */
	enum auth_step step;
	bool granted;                   /* a refusal says that the login itself is accepted */
	unsigned kerberos_error;        /* 0: none told */
	int64_t server_time;            /* told with it; MOMENT_NONE */
	int64_t error_time;             /* when it came */
	bool anonymous, bound;          /* of NTLM's last message: nobody; with a channel binding */
	char user[LOGIN_NAME], domain[LOGIN_NAME], workstation[LOGIN_NAME];
	char service[LOGIN_NAME];       /* of a Kerberos ticket */
	char path[LOGIN_PATH];

	uint64_t last_conn;             /* the last refusal came on this connection ... */
	bool over;                      /* ... which is over */
	bool challenged;                /* the last answer was a challenge */
	uint64_t challenge_count;
	uint64_t challenge_conns[LOGIN_CHALLENGES];     /* the last ones were on these connections */
	bool cut;                       /* the challenge closed its connection */
	bool split;                     /* a step came on another connection than its challenge */
	bool unanswered;                /* the connection ended behind the client's last message */
	bool given_up;                  /* the client closed it behind a challenge */
};

/* A refusal, 401 or 407, that belongs to the story, or begins it anew. */
void login_refused(struct login_story *s, const struct exchange *x, bool to_proxy);

/* A request with credentials that never had an answer. */
void login_unanswered(struct login_story *s, const struct exchange *x);

/* A connection of the story's is over. */
void login_disconnected(struct login_story *s, const struct connection *c);

/* True when the capture ends, `now`, so soon behind a refusal that only that may have cut the login off. */
bool login_under_way(const struct login_story *s, int64_t now);

/* Raises what the story shows, and ends it. */
void login_judge(struct login_story *s, const struct analyzer_env *env);

#endif
