/* base/hash.c - multiply-and-fold hashing, eight bytes a step. */
#include "base/hash.h"

#include <sys/random.h>

uint64_t hash_key(void)
{
	static uint64_t key;

	/* Without entropy the tables still work, only guessably. */
	if (!key && (getrandom(&key, sizeof key, GRND_NONBLOCK) != sizeof key || !key))
		key = 0x2545f4914f6cdd1dULL;
	return key;
}

uint64_t hash_bytes(uint64_t key, struct span bytes)
{
	uint64_t sum = hash_mix(key, bytes.len);

	while (bytes.len) {
		struct span step = span_take(&bytes, sizeof(uint64_t));
		uint64_t word = 0;

		memcpy(&word, step.at, step.len);
		sum = hash_mix(sum ^ word, key);
	}
	return sum;
}
