/* veil/nbns.c - NetBIOS names: sixteen bytes, each as two letters (RFC 1001 section 14.1). */
#include "base/reader.h"
#include "veil/udp.h"

enum {
	ENCODED = 32, NAME = 16, POINTER = 0xc0, SCOPES_MAX = 16, TYPE_NB = 32, TYPE_STATUS = 33,
	RECORDS_MAX = 64,
};

/* The name without its padding and the last byte, which tells the kind of service. */
static void put_plain(struct names *n, const uint8_t name[static NAME], uint8_t *to)
{
	size_t len = NAME - 1;

	memmove(to, name, NAME);
	while (len > 0 && (name[len - 1] == ' ' || !name[len - 1]))
		len--;
	/* "*", and what browsers of networks call themselves. */
	if (len && name[0] != '*' && name[0] > 2)
		names_word(n, span_of(name, len), to);
}

static bool put_encoded(struct names *n, struct span encoded, uint8_t *to)
{
	uint8_t name[NAME];

	for (size_t i = 0; i < NAME; i++) {
		uint8_t upper = encoded.at[2 * i] - 'A', lower = encoded.at[2 * i + 1] - 'A';

		if (upper > 15 || lower > 15)
			return false;
		name[i] = (uint8_t)(upper << 4 | lower);
	}
	put_plain(n, name, name);
	for (size_t i = 0; i < NAME; i++) {
		to[2 * i] = (uint8_t)('A' + (name[i] >> 4));
		to[2 * i + 1] = (uint8_t)('A' + (name[i] & 15));
	}
	return true;
}

/* A name and, behind it, labels of a scope, or a pointer to a name that stands before. */
static bool put_name(struct names *n, struct span message, size_t *at, uint8_t *to)
{
	struct reader in = reader_on(span_skip(message, *at));
	uint8_t len = reader_u8(&in);
	bool first = true;

	for (unsigned i = 0; in.ok && i < SCOPES_MAX; i++) {
		struct span label;

		if (!len || (len & POINTER) == POINTER) {
			reader_skip(&in, len ? 1 : 0);
			*at = message.len - in.left.len;
			return in.ok;
		}
		label = reader_bytes(&in, len);
		if (!in.ok)
			return false;
		if (!first)
			names_word(n, label, to + (label.at - message.at));
		else if (len != ENCODED || !put_encoded(n, label, to + (label.at - message.at)))
			return false;
		first = false;
		len = reader_u8(&in);
	}
	return false;
}

/* Flags and an address each. */
static void put_addresses(struct names *n, struct span message, struct span data, uint8_t *to)
{
	for (; data.len >= 6; span_take(&data, 6))
		names_v4(n, data.at + 2, to + (data.at + 2 - message.at));
	if (data.len)
		memset(to + (data.at - message.at), 0, data.len);
}

/* RFC 1002 section 4.2.18: a count, names with flags, then the card's address and statistics. */
static void put_status(struct names *n, struct span message, struct span data, uint8_t *to)
{
	enum { ENTRY = NAME + 2 };
	struct reader in = reader_on(data);
	unsigned count = reader_u8(&in);

	for (; count && in.left.len >= ENTRY; count--) {
		struct span entry = reader_bytes(&in, ENTRY);

		put_plain(n, entry.at, to + (entry.at - message.at));
	}
	if (in.left.len >= 6)
		names_mac(n, in.left.at, to + (in.left.at - message.at));
	data = span_skip(in.left, 6);
	if (data.len)
		memset(to + (data.at - message.at), 0, data.len);
}

static bool put_record(struct names *n, struct span message, size_t *at, uint8_t *to)
{
	struct reader in;
	struct span data;
	unsigned type;

	if (!put_name(n, message, at, to))
		return false;
	in = reader_on(span_skip(message, *at));
	type = reader_be16(&in);
	reader_skip(&in, 6);
	data = reader_bytes(&in, reader_be16(&in));
	if (!in.ok)
		return false;
	if (type == TYPE_NB)
		put_addresses(n, message, data, to);
	else if (type == TYPE_STATUS)
		put_status(n, message, data, to);
	else if (data.len)
		memset(to + (data.at - message.at), 0, data.len);
	*at = message.len - in.left.len;
	return true;
}

bool nbns_rewrite(struct names *n, struct span message, uint8_t *to)
{
	struct udp_head head;
	bool good = udp_head(message, 1, RECORDS_MAX, &head);
	size_t at = head.len;

	memmove(to, message.at, message.len);
	if (good && head.questions) {
		good = put_name(n, message, &at, to) && message.len - at >= 4;
		at += good ? 4 : 0;
	}
	while (good && head.records--)
		good = put_record(n, message, &at, to);
	if (at < message.len)
		memset(to + at, 0, message.len - at);
	return good;
}
