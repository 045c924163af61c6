/* veil/datagrams.c - datagrams by the frames that brought them. */
#include "veil/datagrams.h"

#include <stdlib.h>

#include "base/map.h"

enum { FRAMES_MAX = 1 << 20 };

struct datagrams {
	struct map frames;              /* number of a frame -> struct datagram */
	struct datagram *newest;
	struct budget *budget;
};

struct datagrams *datagrams_new(struct budget *budget)
{
	struct datagrams *d = calloc(1, sizeof *d);

	if (!d)
		return NULL;
	d->budget = budget;
	map_init_on(&d->frames, FRAMES_MAX, budget);
	return d;
}

static void forget(struct datagrams *d, struct datagram *one)
{
	budget_free(d->budget, one->from, one->len);
	budget_free(d->budget, one->to, one->len);
	budget_free(d->budget, one, sizeof *one);
}

void datagrams_free(struct datagrams *d)
{
	if (!d)
		return;
	while (d->newest) {
		struct datagram *next = d->newest->next;

		forget(d, d->newest);
		d->newest = next;
	}
	map_release(&d->frames);
	free(d);
}

struct datagram *datagrams_keep(struct datagrams *d, struct span bytes, const uint64_t *frames, size_t count)
{
	struct datagram *one = bytes.len ? budget_alloc(d->budget, sizeof *one) : NULL;

	if (!one)
		return NULL;
	one->len = bytes.len;
	one->from = budget_room(d->budget, bytes.len);
	one->to = budget_alloc(d->budget, bytes.len);
	if (!one->from || !one->to) {
		forget(d, one);
		return NULL;
	}
	memcpy(one->from, bytes.at, bytes.len);
	one->next = d->newest;
	d->newest = one;
	for (size_t i = 0; i < count; i++) {
		struct map_entry *e = map_put(&d->frames, span_of(&frames[i], sizeof frames[i]));

		if (e)
			e->value = one;
	}
	return one;
}

struct datagram *datagrams_of(const struct datagrams *d, uint64_t frame)
{
	const struct map_entry *e = map_find(&d->frames, span_of(&frame, sizeof frame));

	return e ? e->value : NULL;
}
