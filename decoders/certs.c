/* decoders/certs.c - a chained hash table; entries that nobody holds also stand in a list, oldest first. */
#include "decoders/certs.h"

#include <stdlib.h>

#include "base/hash.h"
#include "decoders/certparse.h"

enum {
	BUCKETS = 8192,
	IDLE_MAX = 4096,                        /* certificates */
	IDLE_BYTES_MAX = 16 * 1024 * 1024,
	IDLE_SHARE = 16,                        /* nor more than this part of the budget: others need it */
	ENTRY_ARENA_MAX = 1024 * 1024,          /* what CERTIFICATE_DER_MAX can become at worst is less */
	ENTRY_ROOM = 8 * 1024,                  /* texts of a usual certificate, beside its DER */
};

struct entry {
	struct certificate certificate;         /* first: who holds it points to the entry */
	struct arena arena;
	uint64_t hash;
	size_t holders;
	struct entry *next;                     /* of its bucket */
	struct entry *older, *newer;            /* while idle */
};

struct certs {
	struct budget *budget;
	struct entry *buckets[BUCKETS];
	struct entry *oldest, *newest;          /* idle */
	size_t idle, idle_bytes, idle_ceiling;
};

struct certs *certs_new(struct budget *budget)
{
	struct certs *c = budget_alloc(budget, sizeof *c);

	if (!c)
		return NULL;
	c->budget = budget;
	c->idle_ceiling = IDLE_BYTES_MAX;
	for (; budget; budget = budget->whole)
		if (c->idle_ceiling > budget->ceiling / IDLE_SHARE)
			c->idle_ceiling = budget->ceiling / IDLE_SHARE;
	return c;
}

static size_t size_of(const struct entry *e)
{
	return sizeof *e + e->arena.held;
}

static void destroy(struct certs *c, struct entry *e)
{
	arena_release(&e->arena);
	budget_free(c->budget, e, sizeof *e);
}

void certs_free(struct certs *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		while (c->buckets[i]) {
			struct entry *e = c->buckets[i];

			c->buckets[i] = e->next;
			destroy(c, e);
		}
	}
	budget_free(c->budget, c, sizeof *c);
}

static struct entry **bucket_of(struct certs *c, uint64_t hash)
{
	return &c->buckets[hash % BUCKETS];
}

static struct entry *find(struct certs *c, uint64_t hash, struct span der)
{
	struct entry *e = *bucket_of(c, hash);

	while (e && (e->hash != hash || !span_eq(e->certificate.der, der)))
		e = e->next;
	return e;
}

static void idle_add(struct certs *c, struct entry *e)
{
	e->older = c->newest;
	e->newer = NULL;
	*(c->newest ? &c->newest->newer : &c->oldest) = e;
	c->newest = e;
	c->idle++;
	c->idle_bytes += size_of(e);
}

static void idle_remove(struct certs *c, struct entry *e)
{
	*(e->older ? &e->older->newer : &c->oldest) = e->newer;
	*(e->newer ? &e->newer->older : &c->newest) = e->older;
	c->idle--;
	c->idle_bytes -= size_of(e);
}

static void forget_oldest(struct certs *c)
{
	struct entry *e = c->oldest, **at = bucket_of(c, e->hash);

	idle_remove(c, e);
	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	destroy(c, e);
}

/* Idle entries go before anything is refused, so that a draw refused is memory that was really wanting. */
static void make_room(struct certs *c, size_t len)
{
	while (c->oldest && !budget_has(c->budget, len))
		forget_oldest(c);
}

static struct entry *create(struct certs *c, uint64_t hash, struct span der)
{
	struct entry *e, **bucket = bucket_of(c, hash);

	make_room(c, sizeof *e + 2 * der.len + ENTRY_ROOM);
	e = budget_alloc(c->budget, sizeof *e);
	if (!e)
		return NULL;
	arena_init_on(&e->arena, ENTRY_ARENA_MAX, c->budget);
	e->hash = hash;
	e->certificate.der = arena_copy(&e->arena, der);
	if (!e->certificate.der.at || !certparse(&e->certificate, &e->arena)) {
		destroy(c, e);
		return NULL;
	}
	e->next = *bucket;
	*bucket = e;
	return e;
}

const struct certificate *certs_hold(struct certs *c, struct span der)
{
	uint64_t hash;
	struct entry *e;

	if (der.len > CERTIFICATE_DER_MAX)
		return NULL;
	hash = hash_bytes(hash_key(), der);
	e = find(c, hash, der);
	if (e && !e->holders)
		idle_remove(c, e);
	else if (!e)
		e = create(c, hash, der);
	if (!e)
		return NULL;
	e->holders++;
	return &e->certificate;
}

void certs_drop(struct certs *c, const struct certificate *certificate)
{
	struct entry *e = (struct entry *)(uintptr_t)certificate;

	if (!e || --e->holders)
		return;
	idle_add(c, e);
	while (c->oldest && (c->idle > IDLE_MAX || c->idle_bytes > c->idle_ceiling))
		forget_oldest(c);
}
