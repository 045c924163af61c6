/* base/hash.h - a fast keyed hash for tables that strangers fill.
 *
 * The key is drawn once a process, so that nobody outside can aim at one
 * bucket.  Nothing that is written out may depend on a hash.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/span.h"

uint64_t hash_key(void);                /* this process's secret */

static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)(a ^ 0x9e3779b97f4a7c15ULL) * (b ^ 0xd6e8feb86659fd93ULL);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t hash_bytes(uint64_t key, struct span bytes);

#endif
