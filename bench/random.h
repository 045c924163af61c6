/* bench/random.h - numbers that look random and are the same everywhere: SplitMix64, seeded by hand. */
#ifndef BENCH_RANDOM_H
#define BENCH_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

static inline uint64_t rng_next(struct rng *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* An independent stream for thing `id` of `seed`. */
static inline struct rng rng_of(uint64_t seed, uint64_t id)
{
	struct rng r = { seed * 0xd1342543de82ef95ULL ^ id };

	r.state = rng_next(&r);
	return r;
}

/* From 0 to n - 1. */
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)((rng_next(r) >> 32) * n >> 32);
}

static inline uint32_t rng_range(struct rng *r, uint32_t least, uint32_t most)
{
	return least + rng_below(r, most - least + 1);
}

static inline bool rng_chance(struct rng *r, uint32_t in_ten_thousand)
{
	return rng_below(r, 10000) < in_ten_thousand;
}

static inline void rng_fill(struct rng *r, uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)rng_next(r);
}

#endif
