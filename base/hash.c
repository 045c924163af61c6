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
	uint64_t sum = hash_mix(key, bytes.len), word;
	const uint8_t *at = bytes.at;
	size_t left = bytes.len;

	for (; left >= sizeof word; left -= sizeof word, at += sizeof word) {
		memcpy(&word, at, sizeof word);
		sum = hash_mix(sum ^ word, key);
	}
	if (!left)
		return sum;
	word = 0;
	memcpy(&word, at, left);
	return hash_mix(sum ^ word, key);
}
