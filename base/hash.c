/* base/hash.c - multiply-and-fold hashing, eight bytes a step. */
#include "base/hash.h"

#include <sys/random.h>

enum { LONG = 64 };

uint64_t hash_key(void)
{
	static uint64_t key;

	/* Without entropy the tables still work, only guessably. */
	if (!key && (getrandom(&key, sizeof key, GRND_NONBLOCK) != sizeof key || !key))
		key = 0x2545f4914f6cdd1dULL;
	return key;
}

static uint64_t word_at(const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof word);
	return word;
}

/* Long ones in four strands, as each step waits for the one before it. */
static uint64_t hash_strands(uint64_t key, struct span *bytes)
{
	enum { STRANDS = 4, STEP = STRANDS * 8 };
	uint64_t sums[STRANDS] = { key, ~key, key << 1, key >> 1 };

	for (; bytes->len > STEP; *bytes = span_skip(*bytes, STEP))
		for (size_t i = 0; i < STRANDS; i++)
			sums[i] = hash_mix(sums[i] ^ word_at(bytes->at + 8 * i), key);
	return hash_mix(hash_mix(sums[0] ^ sums[1], sums[2]), sums[3]);
}

/* The last eight bytes maybe for the second time: a copy of what is left over took two fifths of hashing. */
uint64_t hash_bytes(uint64_t key, struct span bytes)
{
	uint64_t sum = hash_mix(key, bytes.len);

	if (bytes.len >= LONG)
		sum ^= hash_strands(key, &bytes);
	if (bytes.len < sizeof(uint64_t))
		return bytes.len ? hash_mix(sum ^ span_short_word(bytes.at, bytes.len), key) : sum;
	for (size_t at = 0; at + sizeof(uint64_t) < bytes.len; at += sizeof(uint64_t))
		sum = hash_mix(sum ^ word_at(bytes.at + at), key);
	return hash_mix(sum ^ word_at(bytes.at + bytes.len - sizeof(uint64_t)), key);
}
