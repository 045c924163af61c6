/* analyzers/lately.c - a map whose values know when they were used. */
#include "analyzers/lately.h"

#include <stdalign.h>
#include <stdlib.h>

enum { SHARE = 4 };                     /* one of so many is given up at once */

struct holder {
	uint64_t used;
	alignas(max_align_t) uint8_t value[];
};

void lately_init(struct lately *l, size_t ceiling, size_t size, struct limits *limits)
{
	*l = (struct lately){ .size = size, .limits = limits };
	map_init(&l->map, ceiling);
}

void lately_release(struct lately *l)
{
	map_release_values(&l->map);
}

static int by_use(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* What was used last by then is idle for longest.  False: nobody is, or memory is out. */
static bool find_idle(const struct map *m, uint64_t *last)
{
	uint64_t *uses = malloc((m->count + 1) * sizeof *uses);

	if (!uses || !m->count) {
		free(uses);
		return false;
	}
	for (size_t i = 0; i < m->count; i++) {
		const struct holder *h = m->entries[i].value;

		uses[i] = h ? h->used : 0;
	}
	qsort(uses, m->count, sizeof *uses, by_use);
	*last = uses[(m->count - 1) / SHARE];
	free(uses);
	return true;
}

static void give_up(struct lately *l, struct holder *h)
{
	if (l->give_up && h)
		l->give_up(l->self, h->value);
	free(h);
	limit_add(l->limits, LIMIT_CASE_CEILING, 1);
}

static void make_room(struct lately *l)
{
	uint64_t idle;
	struct map kept;

	if (!find_idle(&l->map, &idle))
		return;
	map_init(&kept, l->map.ceiling);
	for (size_t i = 0; i < l->map.count; i++) {
		struct holder *h = l->map.entries[i].value;
		struct map_entry *e = h && h->used > idle ? map_put(&kept, l->map.entries[i].key) : NULL;

		if (e)
			e->value = h;
		else
			give_up(l, h);
	}
	map_release(&l->map);
	l->map = kept;
}

void *lately_value(struct lately *l, struct span key)
{
	struct map_entry *e = map_find(&l->map, key);
	struct holder *h;

	if (!e && l->map.count == l->map.ceiling)
		make_room(l);
	h = e && e->value ? e->value : map_value(&l->map, key, sizeof *h + l->size);
	if (!h) {
		limit_add(l->limits, LIMIT_MEMORY, 1);
		return NULL;
	}
	h->used = ++l->turn;
	return h->value;
}

void *lately_find(const struct lately *l, struct span key)
{
	const struct map_entry *e = map_find(&l->map, key);
	struct holder *h = e ? e->value : NULL;

	return h ? h->value : NULL;
}

size_t lately_count(const struct lately *l)
{
	return l->map.count;
}

void *lately_at(const struct lately *l, size_t i)
{
	struct holder *h = l->map.entries[i].value;

	return h ? h->value : NULL;
}
