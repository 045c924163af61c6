/* report/compare.c - which of two reports' machines and findings are the same, and what became of them. */
#include "report/compare.h"

#include <stdlib.h>

#include "base/tongue.h"

enum { KEY_MAX = 5 * (COMPARE_TEXT_MAX + 1), FINDINGS_MAX = 1 << 20 };

static bool is_poor(const struct compare_side *side)
{
	return !strcmp(side->quality, "poor");
}

/* ---- machines ---- */

static struct compare_client *find(const struct map *map, struct span key)
{
	const struct map_entry *e = map_find(map, key);

	return e ? e->value : NULL;
}

/* By name where that is one machine's on both sides; by address unless names say otherwise. */
static struct compare_client *same_as(const struct comparison *c, const struct compare_client *after)
{
	char key[COMPARE_TEXT_MAX + 1], other[COMPARE_TEXT_MAX + 1];
	struct span label = compare_label(key, after->name);
	struct compare_client *before;

	if (label.len && find(&c->after->by_name, label) == after) {
		before = find(&c->before->by_name, label);
		if (before)
			return before;
	}
	before = find(&c->before->by_addr, span_text(after->addr));
	if (before && before->name[0] && label.len && !span_eq(label, compare_label(other, before->name)))
		return NULL;
	return before;
}

static void pair_clients(struct comparison *c)
{
	for (size_t i = 0; i < c->after->client_count; i++) {
		struct compare_client *after = &c->after->clients[i], *before = same_as(c, after);

		if (!before || before->other)
			continue;
		after->other = before;
		before->other = after;
	}
}

static enum compare_fate fate_of(const struct compare_client *before, const struct compare_client *after)
{
	bool failed = before && before->failed;

	if (after && after->failed)
		return failed ? FATE_STILL : FATE_BROKE;
	if (!failed)
		return FATE_SAME;
	return !after ? FATE_GONE : after->served ? FATE_HELPED : FATE_UNCLEAR;
}

static void add_client(struct comparison *c, const struct compare_client *before,
                       const struct compare_client *after)
{
	enum compare_fate fate = fate_of(before, after);

	c->clients[c->client_count++] = (struct compared_client){ fate, before, after };
	c->of_fate[fate]++;
}

static int by_fate(const void *one, const void *other)
{
	const struct compared_client *a = one, *b = other;
	const struct compare_client *x = a->before ? a->before : a->after;
	const struct compare_client *y = b->before ? b->before : b->after;

	if (a->fate != b->fate)
		return a->fate < b->fate ? -1 : 1;
	/* Those of one report stand in its order. */
	if (!a->before != !b->before)
		return a->before ? -1 : 1;
	return x < y ? -1 : x > y;
}

static bool compare_clients(struct comparison *c)
{
	c->clients = calloc(c->before->client_count + c->after->client_count + 1, sizeof *c->clients);
	if (!c->clients)
		return false;
	pair_clients(c);
	for (size_t i = 0; i < c->before->client_count; i++)
		add_client(c, &c->before->clients[i], c->before->clients[i].other);
	for (size_t i = 0; i < c->after->client_count; i++)
		if (!c->after->clients[i].other)
			add_client(c, NULL, &c->after->clients[i]);
	qsort(c->clients, c->client_count, sizeof *c->clients, by_fate);
	return true;
}

/* ---- findings ---- */

/* The server's name where both sides tell one, so that it may have moved. */
static const char *called(const struct compare_side *side, const struct compare_side *other,
                          const char *server)
{
	const struct map_entry *e = map_find(&side->servers, span_text(server));

	return e && e->value && map_find(&other->named, span_text(e->value)) ? e->value : server;
}

/* The machine as the first report calls it; one that is another there is none of it. */
static const char *machine_of(const struct comparison *c, const struct compare_side *side, const char *client)
{
	const struct compare_client *own = find(&side->by_addr, span_text(client));

	if (side == c->before || !own)
		return client;
	if (own->other)
		return own->other->addr;
	return find(&c->before->by_addr, span_text(client)) ? "?" : client;
}

static struct span key_of(char key[static KEY_MAX], const struct comparison *c,
                          const struct compare_side *side, const struct compare_finding *n)
{
	const struct compare_side *other = side == c->before ? c->after : c->before;
	int len = snprintf(key, KEY_MAX, "%s\n%s\n%s\n%s", n->kind, machine_of(c, side, n->client),
	                   called(side, other, n->server), called(side, other, n->via));

	return span_of(key, len < KEY_MAX ? (size_t)len : KEY_MAX - 1);
}

/* Anybody went to that server. */
static bool is_served(const struct comparison *c, const char *server)
{
	return called(c->before, c->after, server) != server ||
	       map_find(&c->after->servers, span_text(server));
}

/* What the second report does not tell: would it, if it were still so? */
static enum compare_change fate_of_finding(const struct comparison *c, const struct compare_finding *n)
{
	const struct compare_client *before = find(&c->before->by_addr, span_text(n->client));
	const struct compare_client *after = before ? before->other
	                                            : find(&c->after->by_addr, span_text(n->client));

	if (n->client[0] && !after)
		return COMPARE_NOT_SEEN;
	if (!n->client[0] && (!c->after->client_count || (n->server[0] && !is_served(c, n->server))))
		return COMPARE_NOT_SEEN;
	if (is_poor(c->after))
		return COMPARE_UNTOLD;
	if (!after)
		return COMPARE_FIXED;
	if (after->failed)
		return before && after->stopped < before->stopped ? COMPARE_UNTOLD : COMPARE_FIXED;
	return after->served ? COMPARE_FIXED : COMPARE_UNTOLD;
}

static void add_finding(struct comparison *c, enum compare_change change,
                        const struct compare_finding *before, const struct compare_finding *after)
{
	c->findings[c->finding_count++] = (struct compared_finding){ change, before, after };
	c->of_change[change]++;
}

static int by_change(const void *one, const void *other)
{
	const struct compared_finding *a = one, *b = other;
	const struct compare_finding *x = a->after ? a->after : a->before;
	const struct compare_finding *y = b->after ? b->after : b->before;

	if (a->change != b->change)
		return a->change < b->change ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	/* Of one change all stand in one report's order. */
	return x < y ? -1 : x > y;
}

/* Of several alike, each has one that it stayed. */
static void pair_findings(struct comparison *c, struct map *earlier)
{
	char key[KEY_MAX];

	for (size_t i = c->before->finding_count; i-- > 0;) {
		struct map_entry *e = map_put(earlier, key_of(key, c, c->before, &c->before->findings[i]));

		if (e) {
			c->before->findings[i].next = e->value;
			e->value = &c->before->findings[i];
		}
	}
	for (size_t i = 0; i < c->after->finding_count; i++) {
		struct map_entry *e = map_find(earlier, key_of(key, c, c->after, &c->after->findings[i]));
		struct compare_finding *before = e ? e->value : NULL;

		if (!before) {
			add_finding(c, COMPARE_NEW, NULL, &c->after->findings[i]);
			continue;
		}
		before->stayed = true;
		e->value = before->next;
		add_finding(c, COMPARE_STAYED, before, &c->after->findings[i]);
	}
}

static bool compare_findings(struct comparison *c)
{
	struct map earlier;

	c->findings = calloc(c->before->finding_count + c->after->finding_count + 1, sizeof *c->findings);
	if (!c->findings)
		return false;
	map_init(&earlier, FINDINGS_MAX);
	pair_findings(c, &earlier);
	map_release(&earlier);
	for (size_t i = 0; i < c->before->finding_count; i++)
		if (!c->before->findings[i].stayed)
			add_finding(c, fate_of_finding(c, &c->before->findings[i]), &c->before->findings[i],
			            NULL);
	qsort(c->findings, c->finding_count, sizeof *c->findings, by_change);
	return true;
}

bool compare_make(struct comparison *c, struct compare_side *before, struct compare_side *after)
{
	*c = (struct comparison){ .before = before, .after = after };
	return compare_clients(c) && compare_findings(c);
}

void compare_end(struct comparison *c)
{
	free(c->clients);
	free(c->findings);
}

bool compare_fails(const struct comparison *c, enum severity from)
{
	for (size_t i = 0; i < c->finding_count; i++)
		if (c->findings[i].after && c->findings[i].after->severity >= from)
			return true;
	return false;
}
