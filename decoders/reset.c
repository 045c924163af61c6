/* decoders/reset.c - a score with its reasons; the ideas are of Weaver, Sommer, Paxson (NDSS
 * 2009). */
#include "decoders/reset.h"

#include <stddef.h>

enum { BOX_POINTS = 50, POINTS_MAX = 100 };

/* A hop is lost or won when routes change; two are another sender. */
enum { HOPS_ALIKE = 1 };

/* Shorter legs are within the noise of timestamps. */
static const int64_t LEG_MIN = MOMENT_MS;

/* Systems start at 64, 128 or 255 and no path is longer than 60 hops. */
static unsigned ttl_class(uint8_t ttl)
{
	return ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
}

static unsigned ttl_reason(const struct reset_evidence *e)
{
	if (!e->ttl_min || (e->ttl >= e->ttl_min && e->ttl <= e->ttl_max))
		return 0;
	if (ttl_class(e->ttl) != ttl_class(e->ttl_min) &&
	    ttl_class(e->ttl) != ttl_class(e->ttl_max))
		return 1u << RESET_TTL_CLASS;
	if (e->ttl + HOPS_ALIKE < e->ttl_min || e->ttl > e->ttl_max + HOPS_ALIKE)
		return 1u << RESET_TTL_HOPS;
	return 0;
}

unsigned reset_judge(const struct reset_evidence *e)
{
	unsigned reasons = ttl_reason(e);

	if (e->delay >= 0 && e->leg > LEG_MIN && e->delay < e->leg / 2)
		reasons |= 1u << RESET_FASTER;
	if (e->sequence_known && e->sequence_off)
		reasons |= 1u << RESET_SEQUENCE;
	if (e->data_after)
		reasons |= 1u << RESET_DATA_AFTER;
	if (e->guesses)
		reasons |= 1u << RESET_REPEATED;
	if (e->both_ways)
		reasons |= 1u << RESET_BOTH_WAYS;
	return reasons;
}

unsigned reset_points(unsigned reasons)
{
#define X(symbol, points, text) [RESET_##symbol] = (points),
	static const unsigned worth[] = { RESET_REASONS(X) };
#undef X
	unsigned sum = 0;

	for (size_t i = 0; i < RESET_REASON_COUNT; i++)
		sum += reasons >> i & 1 ? worth[i] : 0;
	return sum < POINTS_MAX ? sum : POINTS_MAX;
}

bool reset_by_box(unsigned reasons)
{
	unsigned const ttl = 1u << RESET_TTL_CLASS | 1u << RESET_TTL_HOPS;
	unsigned const other = 1u << RESET_FASTER | 1u << RESET_SEQUENCE | 1u << RESET_DATA_AFTER;

	return reasons & ttl && reasons & other && reset_points(reasons) >= BOX_POINTS;
}
