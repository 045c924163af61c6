/* live/sums.c - groups of findings by kind and server. */
#include "live/sums.h"

#include <stdlib.h>

enum {
	SERVERS_MAX = 256,              /* groups beside the kinds' own */
	AT_ONCE = 3,
	AT_ONCE_OF_A_KIND = 4,          /* times as many */
	GAP_GROWTH = 4,
};

static const int64_t SHORT_TIME = 600 * MOMENT_S;       /* without a new one a group begins anew */
static const int64_t GAP_FIRST = 10 * MOMENT_S, GAP_MAX = 3600 * MOMENT_S;

struct group {
	bool used;
	enum finding_kind kind;
	struct endpoint server;         /* but of a kind's own */
	unsigned told;                  /* one by one */
	int64_t last;                   /* that one was raised */
	bool turned;                    /* the latest was not raised, but over */
	int64_t gap, due;               /* between sums; of the next */
	struct sum owed;
};

struct sums {
	unsigned at_once;
	struct group groups[FINDING_KIND_COUNT + SERVERS_MAX];
	size_t turn;                    /* of sums_next */
	struct sum told;
};

struct sums *sums_new(unsigned at_once)
{
	struct sums *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->at_once = at_once ? at_once : AT_ONCE;
	for (int i = 0; i < FINDING_KIND_COUNT; i++)
		s->groups[i] = (struct group){ .used = true, .kind = (enum finding_kind)i };
	return s;
}

void sums_free(struct sums *s)
{
	free(s);
}

static bool is_owed(const struct group *g)
{
	return g->owed.raised || g->owed.over;
}

static bool is_idle(const struct group *g, int64_t now)
{
	return !is_owed(g) && now - g->last > SHORT_TIME;
}

/* By its server, or its proxy; of those without one, and where no more are kept, its kind's own. */
static struct group *group_of(struct sums *s, const struct finding *n, int64_t now, bool made)
{
	const struct endpoint *server = n->has_server ? &n->server : n->has_via ? &n->via : NULL;
	struct group *free_one = NULL;

	for (size_t i = FINDING_KIND_COUNT; server && i < FINDING_KIND_COUNT + SERVERS_MAX; i++) {
		struct group *g = &s->groups[i];

		if (g->used && g->kind == n->kind && endpoint_eq(&g->server, server))
			return g;
		if (!free_one && (!g->used || is_idle(g, now)))
			free_one = g;
	}
	if (!made || !free_one)
		return &s->groups[n->kind];
	*free_one = (struct group){ .used = true, .kind = n->kind, .server = *server, .last = now };
	return free_one;
}

static void begin_anew(struct group *g, int64_t now)
{
	if (!is_idle(g, now))
		return;
	g->told = 0;
	g->gap = 0;
}

static struct sum *owe(struct group *g, const struct finding *n, int64_t now)
{
	if (!is_owed(g)) {
		g->owed = (struct sum){ .since = now };
		g->gap = !g->gap ? GAP_FIRST : g->gap < GAP_MAX / GAP_GROWTH ? g->gap * GAP_GROWTH : GAP_MAX;
		g->due = now + g->gap;
	}
	g->owed.newest = *n;
	return &g->owed;
}

bool sums_raise(struct sums *s, const struct finding *n, int64_t now)
{
	struct group *of_kind = &s->groups[n->kind], *g = group_of(s, n, now, true);
	struct sum *owed;

	begin_anew(g, now);
	begin_anew(of_kind, now);
	g->last = of_kind->last = now;
	if (g->told < s->at_once && of_kind->told < s->at_once * AT_ONCE_OF_A_KIND) {
		g->told++;
		of_kind->told += g != of_kind;
		return true;
	}
	if (g->told < s->at_once)       /* a server of its own, of too many: those have one sum */
		g = of_kind;
	owed = owe(g, n, now);
	owed->raised++;
	g->turned = false;
	owed->clients += n->has_client;
	return false;
}

void sums_grow(struct sums *s, const struct finding *n, uint64_t clients, int64_t now)
{
	struct group *g = group_of(s, n, now, true);
	struct sum *owed;

	begin_anew(g, now);
	g->last = now;
	owed = owe(g, n, now);
	owed->raised += clients;
	g->turned = false;
	owed->clients += clients;
}

void sums_over(struct sums *s, const struct finding *n, uint64_t count, bool withdrawn, int64_t now)
{
	struct group *g = group_of(s, n, now, false);
	uint64_t forgotten;
	struct sum *owed;

	if (!n->clients && g->told < s->at_once)
		g = &s->groups[n->kind];
	forgotten = !withdrawn ? 0 : g->owed.raised < count ? g->owed.raised : count;
	g->owed.raised -= forgotten;
	if (n->has_client || n->clients)
		g->owed.clients -= forgotten < g->owed.clients ? forgotten : g->owed.clients;
	if (count == forgotten)
		return;
	owed = owe(g, n, now);
	/* The turn for the better does not wait as long as another hour of the same would. */
	if (!g->turned && g->due > now + GAP_FIRST)
		g->due = now + GAP_FIRST;
	g->turned = true;
	owed->over += count - forgotten;
}

const struct sum *sums_next(struct sums *s, int64_t now, bool all)
{
	for (size_t tried = 0; tried < FINDING_KIND_COUNT + SERVERS_MAX; tried++) {
		struct group *g = &s->groups[s->turn];

		s->turn = (s->turn + 1) % (FINDING_KIND_COUNT + SERVERS_MAX);
		if (!is_owed(g) || (!all && now < g->due))
			continue;
		s->told = g->owed;
		g->owed.raised = g->owed.over = g->owed.clients = 0;
		g->last = now;
		return &s->told;
	}
	return NULL;
}
