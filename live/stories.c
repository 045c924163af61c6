/* live/stories.c - the store of stories. */
#include "live/stories.h"

#include <stdlib.h>
#include <string.h>

enum { SHARE = 8 };                     /* one of so many is forgotten at once */

struct parties {                        /* without padding */
	uint8_t bytes[2 + 16 + 2 * sizeof(struct endpoint_key)];
};

static struct parties parties_of(const struct finding *n)
{
	struct parties p = { { (uint8_t)n->kind,
		               (uint8_t)(n->has_client | n->has_server << 1 | n->has_via << 2) } };
	struct endpoint_key k;

	if (n->has_client)
		memcpy(p.bytes + 2, n->client.bytes, 16);
	if (n->has_server) {
		k = endpoint_key(&n->server);
		memcpy(p.bytes + 18, k.bytes, sizeof k.bytes);
	}
	if (n->has_via) {
		k = endpoint_key(&n->via);
		memcpy(p.bytes + 18 + sizeof k.bytes, k.bytes, sizeof k.bytes);
	}
	return p;
}

void stories_init(struct stories *s)
{
	*s = (struct stories){ .forgotten = MOMENT_NONE };
	map_init(&s->by_parties, STORIES_MAX);
}

void stories_release(struct stories *s)
{
	map_release(&s->by_parties);
	free(s->all);
}

static struct map_entry *entry_of(struct stories *s, const struct finding *n)
{
	struct parties p = parties_of(n);

	return map_put(&s->by_parties, span_of(p.bytes, sizeof p.bytes));
}

/* Stories of the same parties stand behind each other, the oldest first. */
static void enter(struct stories *s, size_t i)
{
	struct map_entry *e = entry_of(s, &s->all[i].finding);
	struct story *at;

	s->all[i].next = 0;
	if (!e)
		return;
	if (!e->value) {
		e->value = (void *)(uintptr_t)(i + 1);
		return;
	}
	for (at = &s->all[(uintptr_t)e->value - 1]; at->next;)
		at = &s->all[at->next - 1];
	at->next = (uint32_t)(i + 1);
}

static void enter_all(struct stories *s)
{
	map_release(&s->by_parties);
	for (size_t i = 0; i < s->count; i++)
		enter(s, i);
}

void stories_begin(struct stories *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->all[i].found = false;
}

void stories_sweep(struct stories *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++) {
		if (s->all[i].state == STORY_GONE)
			continue;
		if (kept != i)
			s->all[kept] = s->all[i];
		kept++;
	}
	if (kept == s->count)
		return;
	s->count = kept;
	enter_all(s);
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool is_forgettable(const struct story *at)
{
	return at->state == STORY_OVER && !at->found;
}

/* Of those that are over, a share makes room, those that were over first.  False: all go on. */
static bool forget_some(struct stories *s)
{
	int64_t *times = calloc(s->count + 1, sizeof *times), until;
	size_t over = 0;

	for (size_t i = 0; times && i < s->count; i++)
		if (is_forgettable(&s->all[i]))
			times[over++] = s->all[i].over;
	if (!over) {
		free(times);
		return false;
	}
	qsort(times, over, sizeof *times, by_time);
	until = times[over / SHARE];
	free(times);
	for (size_t i = 0; i < s->count; i++) {
		struct story *at = &s->all[i];

		if (!is_forgettable(at) || at->over > until)
			continue;
		at->state = STORY_GONE;
		if (at->finding.last > s->forgotten)
			s->forgotten = at->finding.last;
	}
	stories_sweep(s);
	return true;
}

static bool make_room(struct stories *s)
{
	size_t room = s->room ? s->room * 2 : 32;
	struct story *all;

	if (s->count >= STORIES_MAX && !forget_some(s))
		return false;
	if (s->count < s->room)
		return true;
	room = room < STORIES_MAX ? room : STORIES_MAX;
	all = realloc(s->all, room * sizeof *all);
	if (!all)
		return false;
	s->all = all;
	s->room = room;
	return true;
}

struct story *stories_make(struct stories *s, const struct finding *n)
{
	struct story *story;

	/* Judges remember longer than stories: what is told and forgotten is no news. */
	if (n->last <= s->forgotten)
		return NULL;
	if (!make_room(s)) {
		s->refused++;
		return NULL;
	}
	story = &s->all[s->count++];
	*story = (struct story){ .finding = *n, .state = STORY_HEARD, .since = n->first, .told = n->severity,
		                 .found = true };
	enter(s, s->count - 1);
	return story;
}

static bool fits(const struct story *at, const struct finding *n, bool exactly)
{
	return !at->found && (!exactly || span_eq(span_text(at->finding.cause), span_text(n->cause)));
}

struct story *stories_find(struct stories *s, const struct finding *n, bool exactly)
{
	struct parties p = parties_of(n);
	const struct map_entry *e = map_find(&s->by_parties, span_of(p.bytes, sizeof p.bytes));

	for (uintptr_t i = e ? (uintptr_t)e->value : 0; i; i = s->all[i - 1].next)
		if (fits(&s->all[i - 1], n, exactly)) {
			s->all[i - 1].found = true;
			return &s->all[i - 1];
		}
	return NULL;
}

/* The same of other clients, who got through. */
static bool is_part(const struct finding *sum, const struct finding *n)
{
	return n->clients && n->kind == sum->kind && n->has_server == sum->has_server &&
	       (!n->has_server || endpoint_eq(&n->server, &sum->server)) && n->has_via == sum->has_via &&
	       (!n->has_via || endpoint_eq(&n->via, &sum->via)) && !strcmp(n->cause, sum->cause);
}

const struct finding *stories_whole(const struct view *v, size_t i, bool *taken, struct finding *room)
{
	const struct finding *n = &v->findings[i];

	if (!n->clients)
		return n;
	*room = *n;
	for (size_t k = i + 1; k < v->finding_count; k++) {
		const struct finding *part = &v->findings[k];

		if (!is_part(n, part))
			continue;
		taken[k] = true;
		room->clients += part->clients;
		room->count += part->count;
		room->first = part->first < room->first ? part->first : room->first;
		room->last = part->last > room->last ? part->last : room->last;
	}
	return room;
}
