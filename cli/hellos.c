/* cli/hellos.c - client hellos found by their shape. */
#include "cli/hellos.h"

enum {
	RANDOM = 32,
	HELLOS_MAX = 1 << 16,
	/* Record type and version, its length, message type and length, version (RFC 8446 section 4.1.2) */
	RECORD_HANDSHAKE = 22, MAJOR = 3, MESSAGE_HELLO = 1,
	MESSAGE_AT = 5, VERSION_AT = 9, RANDOM_AT = 11,
};

void hellos_init(struct hellos *h)
{
	map_init(&h->randoms, HELLOS_MAX);
}

void hellos_release(struct hellos *h)
{
	map_release(&h->randoms);
}

void hellos_take(struct hellos *h, struct span bytes)
{
	for (size_t i = 0; i + RANDOM_AT + RANDOM <= bytes.len; i++) {
		const uint8_t *at = bytes.at + i;

		if (at[0] == RECORD_HANDSHAKE && at[1] == MAJOR && at[MESSAGE_AT] == MESSAGE_HELLO &&
		    at[VERSION_AT] == MAJOR)
			map_put(&h->randoms, span_of(at + RANDOM_AT, RANDOM));
	}
}

bool hellos_have(const struct hellos *h, struct span line)
{
	uint8_t random[RANDOM];
	struct span hex;

	span_split(&line, ' ');
	hex = span_split(&line, ' ');
	if (hex.len != 2 * sizeof random)
		return false;
	for (size_t i = 0; i < sizeof random; i++) {
		uint64_t byte;

		if (!span_hex(span_take(&hex, 2), &byte))
			return false;
		random[i] = (uint8_t)byte;
	}
	return map_find(&h->randoms, span_of(random, sizeof random));
}
