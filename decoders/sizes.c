/* decoders/sizes.c - two short monotonic queues of segments in flight. */
#include "decoders/sizes.h"

#include <string.h>

void sizes_sent(struct sizes *s, uint64_t end, uint32_t len)
{
	struct size_sent const sent = { end, len };

	while (s->falling_count && s->falling[s->falling_count - 1].len <= len)
		s->falling_count--;
	if (s->falling_count < SIZES_KEPT)
		s->falling[s->falling_count++] = sent;
	if (len <= s->acked || (s->rising_count && s->rising[s->rising_count - 1].len >= len))
		return;
	if (s->rising_count < SIZES_KEPT)
		s->rising[s->rising_count++] = sent;
}

void sizes_resent(struct sizes *s, uint64_t end, uint32_t len)
{
	for (unsigned i = 0; i < s->rising_count; i++) {
		struct size_sent *sent = &s->rising[i];

		if (sent->len > len && sent->end > end - len && sent->end - sent->len < end)
			sent->len = len;
	}
}

/* Drops from the front what ends at or below `offset`; returns the largest of it. */
static uint32_t drop(struct size_sent *queue, uint8_t *count, uint64_t offset)
{
	uint32_t largest = 0;
	uint8_t gone = 0;

	while (gone < *count && queue[gone].end <= offset) {
		if (queue[gone].len > largest)
			largest = queue[gone].len;
		gone++;
	}
	*count = (uint8_t)(*count - gone);
	memmove(queue, queue + gone, *count * sizeof *queue);
	return largest;
}

void sizes_acked(struct sizes *s, uint64_t offset)
{
	uint32_t largest = drop(s->rising, &s->rising_count, offset);

	if (largest > s->acked)
		s->acked = largest;
	drop(s->falling, &s->falling_count, offset);
}
