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

/* The last eight bytes maybe for the second time: a copy of what is left over took two fifths of hashing. */
uint64_t hash_bytes(uint64_t key, struct span bytes)
{
	uint64_t sum = hash_mix(key, bytes.len), word;

	if (bytes.len < sizeof word)
		return bytes.len ? hash_mix(sum ^ span_short_word(bytes.at, bytes.len), key) : sum;
	for (size_t at = 0; at + sizeof word < bytes.len; at += sizeof word) {
		memcpy(&word, bytes.at + at, sizeof word);
		sum = hash_mix(sum ^ word, key);
	}
	memcpy(&word, bytes.at + bytes.len - sizeof word, sizeof word);
	return hash_mix(sum ^ word, key);
}
