/* analyzers/findings_rest.c - who is alike, by kind, server and words. */
#include "analyzers/findings_rest.h"

#include <stdio.h>

#include "base/tongue.h"

enum {
	MEMBERS_MAX = 100000,           /* as many as there are rows of clients (ladder.c) */
	SUMS_MAX = 4000,
	SUMS_NAMED_MAX = 2000,          /* that name a server; the rest is left to those that do not */
	IN_OWN_WORDS = 16,              /* of a kind */
	WITH_A_SERVER = 32,             /* of a kind, in its own words or the catalogue's */
};

void rest_init(struct rest *r)
{
	*r = (struct rest){ .of_kind = { 0 } };
	map_init(&r->sums, SUMS_MAX);
	map_init(&r->members, MEMBERS_MAX);
}

void rest_release(struct rest *r)
{
	map_release(&r->sums);
	map_release_values(&r->members);
}

/* ---- sums ---- */

static void forget_words(struct finding *n)
{
	const struct finding_row *row = finding_row(n->kind);

	n->answered_by[0] = '\0';
	n->title = _(row->title);
	n->remedy = _(row->remedy);
	tongue_say(n->cause, sizeof n->cause, "%s", _(row->cause));
	snprintf(n->codes, sizeof n->codes, "%s", row->codes);
}

static struct map_entry *find_sum(struct rest *r, const struct finding *n, bool made)
{
	char key[CAUSE_TEXT + 256], server[ENDPOINT_TEXT] = "", via[ENDPOINT_TEXT] = "";
	struct span at;
	int len;

	if (n->has_server)
		endpoint_text(&n->server, server);
	if (n->has_via)
		endpoint_text(&n->via, via);
	len = snprintf(key, sizeof key, "%d %d %d %d %s %s %s", n->kind, n->severity, n->confidence, n->stops,
	               server, via, n->cause);
	at = span_of(key, (size_t)len < sizeof key ? (size_t)len : sizeof key - 1);
	return made ? map_put(&r->sums, at) : map_find(&r->sums, at);
}

static struct finding *make_sum(struct rest *r, const struct finding *n,
                                struct finding *(*make)(void *self, const struct finding *n), void *self)
{
	struct map_entry *e = find_sum(r, n, true);

	if (!e)
		return NULL;
	if (!e->value) {
		e->value = make(self, n);
		r->of_kind[n->kind] += e->value && n->has_server;
	}
	return e->value;
}

/* By server and words while there are few of them, then by server, and then all of a kind. */
struct finding *rest_sum(struct rest *r, const struct finding *n,
                         struct finding *(*make)(void *self, const struct finding *n), void *self)
{
	struct finding sum = *n;
	bool room = r->sums.count < SUMS_NAMED_MAX;

	sum.has_client = false;
	sum.clients = sum.count = 0;
	sum.evidence_count = sum.frame_count = sum.stream_count = 0;
	sum.first = INT64_MAX;
	sum.last = INT64_MIN;
	sum.more_clients = false;
	if (find_sum(r, &sum, false) || (n->has_server && room && r->of_kind[n->kind] < IN_OWN_WORDS))
		return make_sum(r, &sum, make, self);
	forget_words(&sum);
	if (find_sum(r, &sum, false) || (n->has_server && room && r->of_kind[n->kind] < WITH_A_SERVER))
		return make_sum(r, &sum, make, self);
	sum.has_server = sum.has_via = false;
	return make_sum(r, &sum, make, self);
}

/* ---- members ---- */

struct member_key {                     /* without padding */
	uint8_t bytes[1 + 16 + sizeof(struct endpoint_key)];
};

static struct member_key key_of(enum finding_kind kind, const struct addr *client,
                                const struct endpoint *server)
{
	struct member_key k = { { (uint8_t)kind } };

	memcpy(k.bytes + 1, client->bytes, 16);
	if (server) {
		struct endpoint_key at = endpoint_key(server);

		memcpy(k.bytes + 17, at.bytes, sizeof at.bytes);
	}
	return k;
}

struct rest_member *rest_join(struct rest *r, const struct finding *n, struct finding *sum)
{
	struct member_key k;
	struct rest_member *m;

	if (!n->has_client)
		return NULL;
	k = key_of(n->kind, &n->client, sum->has_server ? &n->server : NULL);
	m = map_value(&r->members, span_of(k.bytes, sizeof k.bytes), sizeof *m);
	if (!m || m->sum)
		return m;
	m->kind = n->kind;
	m->client = n->client;
	m->first = n->first;
	m->last = n->last;
	rest_move(m, sum);
	return m;
}

void rest_move(struct rest_member *m, struct finding *to)
{
	struct finding *from = m->sum;

	m->sum = to;
	if (from) {
		from->clients--;
		from->count -= m->count;
	}
	if (!to)
		return;
	to->clients++;
	to->count += m->count;
	to->first = m->first < to->first ? m->first : to->first;
	to->last = m->last > to->last ? m->last : to->last;
	if (from && m->frame && !to->frame_count)
		to->frames[to->frame_count++] = m->frame;
}

struct rest_member *rest_find(const struct rest *r, enum finding_kind kind, const struct addr *client,
                              const struct endpoint *server)
{
	struct member_key k = key_of(kind, client, server);
	const struct map_entry *e = map_find(&r->members, span_of(k.bytes, sizeof k.bytes));
	struct rest_member *m = e ? e->value : NULL;

	return m && m->sum ? m : NULL;
}

size_t rest_count(const struct rest *r)
{
	return r->members.count;
}

struct rest_member *rest_at(const struct rest *r, size_t i)
{
	return r->members.entries[i].value;
}
