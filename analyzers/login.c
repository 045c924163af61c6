/* analyzers/login.c - logins that end in 401 or 407.
 *
 * A refusal is judged by what follows it: 401, 401 with a challenge, 200 is how NTLM says hello (RFC
 * 4559), and an agent may come back on another connection.  So refusals wait, by client, server and
 * address asked for, until a success explains them away or the capture ends.  No patience would do in
 * between: a raise cannot be taken back, somebody who is asked for a password takes minutes, and the
 * success of a long download is known when that is over.
 */
#include <stdlib.h>

#include "analyzers/loginstory.h"
#include "base/map.h"

enum {
	STORIES_MAX = 4096, STORIES_LEFT = STORIES_MAX / 4 * 3,  /* at most, and when room is made */
	LOSSES_MAX = 4096,
	HOST_KEY = 80, PATH_KEY = LOGIN_PATH,   /* of host and path, what tells stories apart */
	/* That are remembered of all stories: ids count up, so the latest few thousand connections have
	 * places of their own, and one that saw several refusals has some. */
	SPOT_ROWS = 4096, SPOTS_A_ROW = 16,
	PARTIES = 16 + 16 + 2,
};

struct spot {                           /* a connection that saw a refusal */
	uint64_t conn;
	uint64_t lost;                  /* bytes, up to then */
	struct login_story *story;      /* NULL: free */
};

struct loss {                           /* between one client and one server */
	int64_t until;                  /* the last connection that lacks bytes was over */
};

struct login {
	struct analyzer_env env;
	struct map stories;
	struct map losses;
	struct spot spots[SPOT_ROWS][SPOTS_A_ROW];
};

static void *create(const struct analyzer_env *env)
{
	struct login *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->env = *env;
	map_init(&l->stories, STORIES_MAX);
	map_init(&l->losses, LOSSES_MAX);
	return l;
}

static void destroy(void *self)
{
	struct login *l = self;

	map_release_values(&l->stories);
	map_release_values(&l->losses);
	free(l);
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

static size_t add_parties(uint8_t *key, size_t len, const struct connection *c)
{
	len = add_key(key, len, c->client.addr.bytes, 16);
	len = add_key(key, len, c->server.addr.bytes, 16);
	return add_key(key, len, &c->server.port, 2);
}

/* ---- what a capture lacks ---- */

static uint64_t lost_bytes(const struct connection *c)
{
	return c->side[CLIENT].lost_bytes + c->side[SERVER].lost_bytes;
}

static void note_loss(struct login *l, const struct connection *c)
{
	uint8_t key[PARTIES];
	struct span parties = span_of(key, add_parties(key, 0, c));
	struct loss *loss = map_value(&l->losses, parties, sizeof *loss);

	if (!loss)
		limit_add(l->env.limits, LIMIT_CLIENT_CEILING, 1);
	else if (loss->until < c->last_time)
		loss->until = c->last_time;
}

/* Behind the last refusal bytes are missing: they may be the success. */
static bool lacks_its_end(const struct login *l, const struct login_story *s)
{
	uint8_t key[PARTIES];
	size_t len = add_parties(key, 0, &s->failures.conn);
	const struct map_entry *e = map_find(&l->losses, span_of(key, len));
	const struct loss *loss = e ? e->value : NULL;

	return loss && loss->until >= s->failures.last;
}

/* ---- stories ---- */

/* An entry for which memory failed has none. */
static bool is_pending(const struct login_story *s)
{
	return s && s->pending;
}

static void judge(const struct login *l, struct login_story *s)
{
	if (lacks_its_end(l, s))
		s->pending = false;
	else
		login_judge(s, &l->env);
}

/* No spot is left of what waits no more. */
static void clear_spots(struct login *l)
{
	for (size_t i = 0; i < SPOT_ROWS; i++)
		for (size_t k = 0; k < SPOTS_A_ROW; k++)
			if (!is_pending(l->spots[i][k].story))
				l->spots[i][k].story = NULL;
}

/* Lets go of stories that are settled.  Where too many wait, the oldest are judged as they stand, so that a
 * walk always makes room for many. */
static void make_room(struct login *l)
{
	struct map old = l->stories;
	size_t waiting = 0;

	map_init(&l->stories, STORIES_MAX);
	for (size_t i = 0; i < old.count; i++)
		waiting += is_pending(old.entries[i].value);
	for (size_t i = 0; i < old.count; i++) {
		struct login_story *s = old.entries[i].value;
		struct map_entry *e = NULL;

		if (is_pending(s) && waiting > STORIES_LEFT) {
			judge(l, s);
			waiting--;
		}
		if (is_pending(s))
			e = map_put(&l->stories, old.entries[i].key);
		if (e)
			e->value = s;
		else if (s)
			s->pending = false;
	}
	clear_spots(l);
	for (size_t i = 0; i < old.count; i++)
		if (!is_pending(old.entries[i].value))
			free(old.entries[i].value);
	map_release(&old);
}

static struct login_story *make(struct login *l, struct span key)
{
	struct login_story *s;

	if (l->stories.count == STORIES_MAX && !map_find(&l->stories, key))
		make_room(l);
	s = map_value(&l->stories, key, sizeof *s);
	if (!s)
		limit_add(l->env.limits, LIMIT_MEMORY, 1);
	return s;
}

/* The story of this exchange; made when `new`.  NULL: none, or no memory (counted). */
static struct login_story *find(struct login *l, const struct exchange *x, bool to_proxy, bool new)
{
	uint8_t key[1 + PARTIES + HOST_KEY + PATH_KEY];
	size_t len = 0;
	struct map_entry *e;

	key[len++] = to_proxy;
	len = add_parties(key, len, x->conn);
	len = add_key(key, len, x->host.at, least(x->host.len, HOST_KEY));
	if (!to_proxy)
		len = add_key(key, len, x->path.at, least(x->path.len, PATH_KEY));
	if (new)
		return make(l, span_of(key, len));
	e = map_find(&l->stories, span_of(key, len));
	return e ? e->value : NULL;
}

static void note_spot(struct login *l, const struct connection *c, struct login_story *s)
{
	struct spot *row = l->spots[c->id % SPOT_ROWS];
	size_t at = 0;

	while (at < SPOTS_A_ROW && (row[at].conn != c->id || row[at].story != s))
		at++;
	if (at == SPOTS_A_ROW) {                /* the newest stands first */
		at = 0;
		memmove(&row[1], &row[0], (SPOTS_A_ROW - 1) * sizeof *row);
	}
	row[at] = (struct spot){ c->id, lost_bytes(c), s };
}

static void take_refusal(struct login *l, const struct exchange *x, bool to_proxy)
{
	struct login_story *s = find(l, x, to_proxy, true);

	if (!s)
		return;
	login_refused(s, x, to_proxy);
	note_spot(l, x->conn, s);
}

static void take_end(struct login *l, const struct connection *c)
{
	uint64_t before = 0;

	if (!l->stories.count)
		return;
	for (size_t i = 0; i < SPOTS_A_ROW; i++) {
		const struct spot *spot = &l->spots[c->id % SPOT_ROWS][i];

		if (!spot->story || spot->conn != c->id)
			continue;
		login_disconnected(spot->story, c);
		if (before < spot->lost)
			before = spot->lost;
	}
	if (lost_bytes(c) > before)
		note_loss(l, c);
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

/* Where bytes of a request are missing, so may be its login; and its answer is known late, perhaps behind the
 * success. */
static bool is_whole(const struct http_message *request)
{
	return request->head_complete && !request->body.lost_bytes;
}

static void take_exchange(struct login *l, const struct exchange *x)
{
	bool by_proxy = x->via_proxy && !x->tunnel;

	/* What was asked for, and whether with a login, is not known: the capture began behind it. */
	if (!x->request.present)
		return;
	if (x->status == 407 || x->status == 401) {
		if (is_whole(&x->request) && relevance_exchange(l->env.relevance, x))
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

		if (is_pending(s) && !login_under_way(s, now))
			judge(l, s);
	}
}

const struct analyzer analyzer_login = {
	.name = "login",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
