/* tests/drops.c - what is dropped, and what is told of it. */
#include "tests/drops.h"

static void look(struct drops *d)
{
	if (d->dropped)
		engine_missed(d->engine, &(struct missed_span){ d->looked, d->now, d->dropped, d->seen });
	d->all += d->dropped;
	d->dropped = d->seen = 0;
	d->looked = d->now;
}

void drops_frame(struct drops *d, const struct frame *frame, bool dropped)
{
	d->now = frame->time;
	if (!d->looked)
		d->looked = frame->time;
	d->dropped += dropped;
	d->seen += !dropped;
	if (!dropped)
		engine_frame(d->engine, frame);
	if (d->now - d->looked >= MOMENT_S)
		look(d);
}

void drops_end(struct drops *d)
{
	look(d);
	engine_limit(d->engine, LIMIT_DROPPED, d->all);
	engine_end(d->engine);
}

/* SplitMix64 (Steele, Lea, Flood 2014), of a place in its sequence. */
uint64_t drops_chance(uint64_t seed, uint64_t number, uint64_t below)
{
	uint64_t z = (seed << 32) + (number + 1) * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (z ^ z >> 31) % below;
}
