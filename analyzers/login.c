/* analyzers/login.c - logins that end in 401 or 407.
 *
 * A refusal is judged by what follows it: 401, 401 with a challenge, 200 is how NTLM says hello (RFC
 * 4559), and an agent may come back on another connection.  So refusals wait, by client, server and
 * address asked for, until a success explains them away or nothing came for a while.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/web.h"
#include "base/map.h"

enum {
	STORIES_MAX = 4096,
	HOST_KEY = 80, PATH_KEY = 80,   /* of host and path, what tells stories apart */
	USER_TEXT = 64, SCHEMES_TEXT = 80,
	CHALLENGES = 8,                 /* logins of one client at one address that go on at once */
};

#define PATIENCE (30 * MOMENT_S)        /* after that nobody comes back to answer */
#define ROUND    (5 * MOMENT_S)         /* between two looks at what waits */

struct story {                          /* one client's login at one address */
	struct web_case failures;
	bool pending;                   /* refused, and no success since */
	bool to_proxy;
	enum wsus_place place;
	bool only_reads;                /* GET and HEAD */
	unsigned offered;
	bool sent;                      /* credentials, or a first token */
	bool refused;                   /* ... and they were refused, not continued */
	enum auth_scheme scheme;
	bool challenged;                /* the last answer was a challenge */
	uint64_t challenge_count;
	uint64_t challenge_conns[CHALLENGES];   /* the last ones were on these connections */
	bool cut;                       /* the challenge closed its connection */
	bool split;                     /* a step came on another connection than its challenge */
	char user[USER_TEXT];
	char path[PATH_KEY];
};

struct login {
	struct analyzer_env env;
	struct map stories;
	int64_t looked;
};

static void *create(const struct analyzer_env *env)
{
	struct login *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->env = *env;
	l->looked = MOMENT_NONE;
	map_init(&l->stories, STORIES_MAX);
	return l;
}

static void destroy(void *self)
{
	struct login *l = self;

	for (size_t i = 0; i < l->stories.count; i++)
		free(l->stories.entries[i].value);
	map_release(&l->stories);
	free(l);
}

/* ---- words ---- */

static void list_schemes(unsigned offered, char text[static SCHEMES_TEXT])
{
	/* As a client prefers them. */
	static const enum auth_scheme order[] = { AUTH_NEGOTIATE, AUTH_KERBEROS, AUTH_NTLM, AUTH_DIGEST,
						  AUTH_BASIC, AUTH_BEARER, AUTH_OTHER };
	size_t len = 0;

	snprintf(text, SCHEMES_TEXT, "no scheme named");
	for (size_t i = 0; i < sizeof order / sizeof *order && len < SCHEMES_TEXT; i++)
		if (offered & 1u << order[i])
			len += (size_t)snprintf(text + len, SCHEMES_TEXT - len, "%s%s", len ? ", " : "",
						auth_scheme_name(order[i]));
}

/* " of alice", or "". */
static const char *of_user(const struct story *s, char text[static USER_TEXT + 8])
{
	text[0] = '\0';
	if (s->user[0])
		snprintf(text, USER_TEXT + 8, " of %s", s->user);
	return text;
}

/* ---- verdicts ---- */

static void judge_split(struct login *l, const struct story *s)
{
	const char *who = s->to_proxy ? "proxy" : "server";

	if (s->split)
		web_raise(&l->env, FINDING_AUTH_MULTIPLEXED, &s->failures, CONFIDENCE_CERTAIN,
			  "The %s's %s challenge and the client's answer to it travel on different "
			  "connections; such a login counts for one connection only, so it never "
			  "succeeds.",
			  who, auth_scheme_name(s->scheme));
	else
		web_raise(&l->env, FINDING_AUTH_MULTIPLEXED, &s->failures, CONFIDENCE_PROBABLE,
			  "The answer that carries the %s's %s challenge also closes the "
			  "connection, so the "
			  "client cannot answer it. A device without persistent connections is in "
			  "the way.",
			  who, auth_scheme_name(s->scheme));
}

static void judge_proxy(struct login *l, const struct story *s)
{
	char schemes[SCHEMES_TEXT], user[USER_TEXT + 8];

	list_schemes(s->offered, schemes);
	if (s->refused)
		web_raise(&l->env, FINDING_PROXY_AUTH_FAILED, &s->failures, CONFIDENCE_CERTAIN,
			  "The proxy wants a login (407: %s) and refuses the %s credentials%s that the "
			  "client sends.",
			  schemes, auth_scheme_name(s->scheme), of_user(s, user));
	else if (s->sent)
		web_raise(&l->env, FINDING_PROXY_AUTH_REQUIRED, &s->failures, CONFIDENCE_PROBABLE,
			  "The proxy wants a login (407: %s); the client begins one with %s and "
			  "gives up "
			  "half way.",
			  schemes, auth_scheme_name(s->scheme));
	else
		web_raise(&l->env, FINDING_PROXY_AUTH_REQUIRED, &s->failures, CONFIDENCE_CERTAIN,
			  "The proxy wants a login (407: %s); the client sends none and gives up.",
			  schemes);
}

/* How the login went, for the kinds that differ only in whose fault it is. */
static void raise_denied(struct login *l, const struct story *s, enum finding_kind kind, const char *remark)
{
	char schemes[SCHEMES_TEXT], user[USER_TEXT + 8];

	list_schemes(s->offered, schemes);
	if (s->refused)
		web_raise(&l->env, kind, &s->failures, CONFIDENCE_CERTAIN,
			  "%s wants a login (401: %s) and refuses the %s credentials%s that the client "
			  "sends%s.",
			  s->path, schemes, auth_scheme_name(s->scheme), of_user(s, user), remark);
	else if (s->sent)
		web_raise(&l->env, kind, &s->failures, CONFIDENCE_PROBABLE,
			  "%s wants a login (401: %s); the client begins one with %s and gives up half "
			  "way%s.",
			  s->path, schemes, auth_scheme_name(s->scheme), remark);
	else
		web_raise(&l->env, kind, &s->failures, CONFIDENCE_CERTAIN,
			  "%s wants a login (401: %s); the client sends none and gives up%s.",
			  s->path, schemes, remark);
}

static void judge_server(struct login *l, const struct story *s)
{
	char schemes[SCHEMES_TEXT];

	list_schemes(s->offered, schemes);
	if (s->place == WSUS_API) {
		/* Asked without a login, a healthy server says 401 too: a look is no failure. */
		if (s->sent || !s->only_reads)
			raise_denied(l, s, FINDING_ADMIN_API_DENIED, "");
	} else if (wsus_place_is_anonymous(s->place) && !s->sent) {
		web_raise(&l->env, FINDING_ANONYMOUS_REFUSED, &s->failures, CONFIDENCE_CERTAIN,
			  "%s wants a login (401: %s), and clients of WSUS never send one here. "
			  "Anonymous "
			  "authentication is off for this directory, or its account may not read "
			  "the folder.",
			  wsus_place_prefix(s->place), schemes);
	} else {
		raise_denied(l, s, FINDING_AUTH_FAILED,
			     wsus_place_is_anonymous(s->place) ? "; it should not want one at all" : "");
	}
}

static void judge(struct login *l, struct story *s)
{
	s->pending = false;
	if (s->split || (s->cut && !s->refused))
		judge_split(l, s);
	else if (s->to_proxy)
		judge_proxy(l, s);
	else
		judge_server(l, s);
}

static void judge_old(struct login *l, int64_t now)
{
	if (l->looked != MOMENT_NONE && now - l->looked < ROUND)
		return;
	l->looked = now;
	for (size_t i = 0; i < l->stories.count; i++) {
		struct story *s = l->stories.entries[i].value;

		if (s && s->pending && now - s->failures.last > PATIENCE)
			judge(l, s);
	}
}

/* ---- gathering ---- */

static size_t add_key(uint8_t *key, size_t len, const void *bytes, size_t add)
{
	if (add)
		memcpy(key + len, bytes, add);
	return len + add;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The story of this exchange; made when `make`.  NULL: none, or no room (counted). */
static struct story *find(struct login *l, const struct exchange *x, bool to_proxy, bool make)
{
	uint8_t key[1 + 16 + 16 + 2 + HOST_KEY + PATH_KEY];
	size_t len = 0;
	struct map_entry *e;

	key[len++] = to_proxy;
	len = add_key(key, len, x->conn->client.addr.bytes, 16);
	len = add_key(key, len, x->conn->server.addr.bytes, 16);
	len = add_key(key, len, &x->conn->server.port, 2);
	len = add_key(key, len, x->host.at, least(x->host.len, HOST_KEY));
	if (!to_proxy)
		len = add_key(key, len, x->path.at, least(x->path.len, PATH_KEY));
	if (!make) {
		e = map_find(&l->stories, span_of(key, len));
		return e ? e->value : NULL;
	}
	e = map_put(&l->stories, span_of(key, len));
	if (e && !e->value)
		e->value = calloc(1, sizeof(struct story));
	if (!e || !e->value) {
		limit_add(l->env.limits, e ? LIMIT_MEMORY : LIMIT_FINDING_CEILING, 1);
		return NULL;
	}
	return e->value;
}

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

static void begin(struct story *s, const struct exchange *x, bool to_proxy)
{
	memset(s, 0, sizeof *s);
	s->pending = true;
	s->to_proxy = to_proxy;
	s->place = wsus_place(x->path);
	s->only_reads = true;
	web_printable(x->path.len ? x->path : SPAN("The server"), s->path, sizeof s->path);
	s->failures = web_case_of(x);
}

static void note_challenge(struct story *s, uint64_t conn)
{
	s->challenge_conns[s->challenge_count++ % CHALLENGES] = conn;
}

/* A challenge was given, and none on this connection, as far as is known. */
static bool challenged_elsewhere(const struct story *s, uint64_t conn)
{
	for (size_t i = 0; i < CHALLENGES && i < s->challenge_count; i++)
		if (s->challenge_conns[i] == conn)
			return false;
	return s->challenge_count && s->challenge_count <= CHALLENGES;
}

static void take_refusal(struct login *l, const struct exchange *x, bool to_proxy)
{
	struct story *s = find(l, x, to_proxy, true);
	const struct auth *auth = to_proxy ? &x->proxy_auth : &x->server_auth;
	/* Behind the last step of NTLM nothing goes on, whatever token the refusal carries. */
	bool last = auth->sent_step == AUTH_STEP_NTLM_AUTHENTICATE;
	bool challenge = auth->answer_step != AUTH_STEP_NONE && !last;
	bool reads = span_eq(x->method, SPAN("GET")) || span_eq(x->method, SPAN("HEAD"));

	if (!s)
		return;
	if (!s->pending)
		begin(s, x, to_proxy);
	else
		/* A refusal of credentials belongs to the request that was asked for them. */
		web_case_add(&s->failures, x, !auth->sent);
	s->offered |= auth->offered;
	s->only_reads = s->only_reads && reads;
	if (auth->sent) {
		s->sent = true;
		s->scheme = auth->scheme;
		if (auth->user.len)
			web_printable(auth->user, s->user, sizeof s->user);
		if (last && challenged_elsewhere(s, x->conn->id))
			s->split = true;
		s->refused = s->refused || last || !challenge;
	}
	s->challenged = challenge;
	if (challenge)
		note_challenge(s, x->conn->id);
	s->cut = s->cut || (challenge && closes(x));
}

static void take_success(struct login *l, const struct exchange *x, bool to_proxy)
{
	struct story *s = find(l, x, to_proxy, false);

	if (s)
		s->pending = false;
}

static void fact(void *self, const struct fact *what)
{
	struct login *l = self;
	const struct exchange *x = what->exchange;
	bool by_proxy;

	judge_old(l, what->time);
	if (what->kind != FACT_EXCHANGE || !x->status)
		return;
	by_proxy = x->via_proxy && !x->tunnel;
	if (x->status == 407 || x->status == 401) {
		if (relevance_exchange(l->env.relevance, x))
			take_refusal(l, x, x->status == 407);
		/* A 401 of the server came through the proxy. */
		if (x->status == 401 && by_proxy && l->stories.count)
			take_success(l, x, true);
		return;
	}
	if (!l->stories.count)
		return;
	if (by_proxy)
		take_success(l, x, true);
	if (web_maker(x) != MADE_BY_BOX)
		take_success(l, x, false);
}

static void end(void *self, int64_t now)
{
	struct login *l = self;

	for (size_t i = 0; i < l->stories.count; i++) {
		struct story *s = l->stories.entries[i].value;
		/* The next step of a login may only be cut off by the capture's end. */
		bool under_way = s && s->challenged && !s->refused && now - s->failures.last < 2 * MOMENT_S;

		if (s && s->pending && (!under_way || s->cut))
			judge(l, s);
	}
}

const struct analyzer analyzer_login = { "login", create, destroy, fact, end };
