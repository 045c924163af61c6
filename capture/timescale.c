/* capture/timescale.c - scaling in 128 bits where 64 do not hold it. */
#include "capture/timescale.h"

#include "capture/input.h"

__extension__ typedef unsigned __int128 wide;

enum { NANO = 9, TEN_POWERS = 19 };     /* 10^19 is the largest in 64 bits */

static uint64_t ten_to(unsigned exponent)
{
	uint64_t power = 1;

	while (exponent--)
		power *= 10;
	return power;
}

void timescale_set_resolution(struct timescale *t, uint8_t if_tsresol)
{
	t->binary = if_tsresol & 0x80;
	t->exponent = if_tsresol & 0x7f;
	t->factor = !t->binary && t->exponent <= NANO ? ten_to(NANO - t->exponent) : 0;
	t->limit = t->factor ? (uint64_t)INPUT_TIME_MAX / t->factor : 0;
}

void timescale_init(struct timescale *t)
{
	t->offset = 0;
	timescale_set_resolution(t, 6);
}

void timescale_set_offset(struct timescale *t, int64_t seconds)
{
	int64_t limit = INPUT_TIME_MAX / MOMENT_S;

	if (seconds > limit)
		seconds = limit;
	if (seconds < -limit)
		seconds = -limit;
	t->offset = seconds * MOMENT_S;
}

static uint64_t scaled(const struct timescale *t, uint64_t units)
{
	wide ns;

	if (t->factor)
		return units > t->limit ? INPUT_TIME_MAX : units * t->factor;
	if (t->binary)
		ns = (wide)units * (uint64_t)MOMENT_S >> t->exponent;
	else if (t->exponent - NANO <= TEN_POWERS)
		ns = units / ten_to(t->exponent - NANO);
	else
		ns = 0;
	return ns > (wide)INPUT_TIME_MAX ? INPUT_TIME_MAX : (uint64_t)ns;
}

int64_t timescale_moment(const struct timescale *t, uint64_t units)
{
	int64_t moment = (int64_t)scaled(t, units) + t->offset;

	if (moment > INPUT_TIME_MAX)
		return INPUT_TIME_MAX;
	return moment;
}
