/* analyzers/login.c - logins that end in 401 or 407.
 *
 * A refusal is judged by what follows it: 401, 401 with a challenge, 200 is how NTLM says hello (RFC
 * 4559), and an agent may come back on another connection.  So refusals wait, by client, server and
 * address asked for, until a success explains them away or nothing came for a while.
 */
#include <stdlib.h>

#include "analyzers/loginstory.h"
#include "base/map.h"

enum {
	STORIES_MAX = 4096,
	HOST_KEY = 80, PATH_KEY = LOGIN_PATH,   /* of host and path, what tells stories apart */
	CHALLENGES = 64,                /* that are remembered, of all stories */
};

#define PATIENCE (30 * MOMENT_S)        /* after that nobody comes back to answer */
#define ROUND    (5 * MOMENT_S)         /* between two looks at what waits */

struct challenge {                      /* the last ones given, and where */
	uint64_t conn;
	struct login_story *story;
};

struct login {
	struct analyzer_env env;
	struct map stories;
	int64_t looked;
	struct challenge challenges[CHALLENGES];
	size_t challenge_count;
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

static void judge_old(struct login *l, int64_t now)
{
	if (l->looked != MOMENT_NONE && now - l->looked < ROUND)
		return;
	l->looked = now;
	for (size_t i = 0; i < l->stories.count; i++) {
		struct login_story *s = l->stories.entries[i].value;

		if (s && s->pending && now - s->failures.last > PATIENCE)
			login_judge(s, &l->env);
	}
}

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
static struct login_story *find(struct login *l, const struct exchange *x, bool to_proxy, bool make)
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
		e->value = calloc(1, sizeof(struct login_story));
	if (!e || !e->value) {
		limit_add(l->env.limits, e ? LIMIT_MEMORY : LIMIT_FINDING_CEILING, 1);
		return NULL;
	}
	return e->value;
}

static void take_refusal(struct login *l, const struct exchange *x, bool to_proxy)
{
	struct login_story *s = find(l, x, to_proxy, true);

	if (!s)
		return;
	login_refused(s, x, to_proxy);
	if (s->challenged)
		l->challenges[l->challenge_count++ % CHALLENGES] = (struct challenge){ x->conn->id, s };
}

static void take_end(struct login *l, const struct connection *c)
{
	for (size_t i = 0; i < CHALLENGES && i < l->challenge_count; i++)
		if (l->challenges[i].conn == c->id)
			login_disconnected(l->challenges[i].story, c);
}

static void take_success(struct login *l, const struct exchange *x, bool to_proxy)
{
	struct login_story *s = find(l, x, to_proxy, false);

	if (s)
		s->pending = false;
}

/* A step of a login that has begun, and no answer. */
static void take_silence(struct login *l, const struct exchange *x)
{
	struct login_story *s = NULL;

	if (x->proxy_auth.sent)
		s = find(l, x, true, false);
	else if (x->server_auth.sent)
		s = find(l, x, false, false);
	if (s && s->pending)
		login_unanswered(s, x);
}

static void take_exchange(struct login *l, const struct exchange *x)
{
	bool by_proxy = x->via_proxy && !x->tunnel;

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
	if (!x->status) {
		take_silence(l, x);
		return;
	}
	if (by_proxy)
		take_success(l, x, true);
	if (web_maker(x) != MADE_BY_BOX)
		take_success(l, x, false);
}

static void fact(void *self, const struct fact *what)
{
	struct login *l = self;

	judge_old(l, what->time);
	if (what->kind == FACT_CONNECTION)
		take_end(l, what->connection);
	else if (what->kind == FACT_EXCHANGE)
		take_exchange(l, what->exchange);
}

static void end(void *self, int64_t now)
{
	struct login *l = self;

	for (size_t i = 0; i < l->stories.count; i++) {
		struct login_story *s = l->stories.entries[i].value;
		/* The next step of a login may only be cut off by the capture's end. */
		bool under_way = s && login_goes_on(s) && now - s->failures.last < 2 * MOMENT_S;

		if (s && s->pending && (!under_way || s->cut))
			login_judge(s, &l->env);
	}
}

const struct analyzer analyzer_login = { "login", create, destroy, fact, end };
