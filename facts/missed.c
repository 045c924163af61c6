/* facts/missed.c - spans of time, few enough to be looked through. */
#include "facts/missed.h"

#include <string.h>

enum { FEW_SHARE = 1000 };              /* limits_quality holds as much for good */

static void widen(struct missed_span *s, const struct missed_span *by)
{
	if (by->from < s->from)
		s->from = by->from;
	if (by->until > s->until)
		s->until = by->until;
	s->packets += by->packets;
	s->seen += by->seen;
}

static void join_next(struct missed *m, size_t i)
{
	widen(&m->spans[i], &m->spans[i + 1]);
	m->count--;
	memmove(&m->spans[i + 1], &m->spans[i + 2], (m->count - i - 1) * sizeof *m->spans);
}

/* Makes one of the two between which least time lies. */
static void join_nearest(struct missed *m)
{
	uint64_t least = UINT64_MAX;
	size_t nearest = 0;

	for (size_t i = 0; i + 1 < m->count; i++) {
		uint64_t apart = (uint64_t)m->spans[i + 1].from - (uint64_t)m->spans[i].until;

		if (apart < least) {
			least = apart;
			nearest = i;
		}
	}
	join_next(m, nearest);
}

void missed_note(struct missed *m, const struct missed_span *span)
{
	size_t at;

	if (span->until < span->from)
		return;
	if (m->count == MISSED_MAX)
		join_nearest(m);
	for (at = m->count; at > 0 && m->spans[at - 1].from > span->from; at--)
		m->spans[at] = m->spans[at - 1];
	m->spans[at] = *span;
	m->count++;
	if (at > 0 && m->spans[at - 1].until >= span->from)
		join_next(m, --at);
	while (at + 1 < m->count && m->spans[at].until >= m->spans[at + 1].from)
		join_next(m, at);
}

enum missed_share missed_between(const struct missed *m, int64_t from, int64_t until)
{
	enum missed_share most = MISSED_NONE;

	for (size_t i = 0; i < m->count && m->spans[i].from <= until; i++) {
		const struct missed_span *s = &m->spans[i];

		if (s->until < from)
			continue;
		if (s->packets > s->seen / FEW_SHARE)
			return MISSED_MANY;
		most = MISSED_FEW;
	}
	return most;
}
