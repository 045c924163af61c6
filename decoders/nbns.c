/* decoders/nbns.c - NetBIOS names: sixteen bytes, each as two letters (RFC 1001 section 14.1). */
#include "decoders/nbns.h"

#include "base/reader.h"

enum {
	ENCODED_LEN = 32, NAME_LEN = 16, SCOPES_MAX = 16,
	FLAG_RESPONSE = 0x8000, FLAG_TRUNCATED = 0x0200, POINTER = 0xc0,
	ENTRY_LEN = 6,                  /* NB_FLAGS and an address */
	TYPE_NULL = 10,                 /* of a negative answer (section 4.2.14) */
};

static void put_name(const uint8_t name[static NAME_LEN], char text[static LOOKUP_NAME])
{
	size_t len = NAME_LEN - 1, out = 0;     /* the last byte tells the kind of service */

	while (len > 0 && (name[len - 1] == ' ' || !name[len - 1]))
		len--;
	for (size_t i = 0; i < len; i++) {
		uint8_t c = name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i];

		if (c > ' ' && c < 0x7f && c != '\\' && c != '.') {
			text[out++] = (char)c;
			continue;
		}
		text[out++] = '\\';
		text[out++] = (char)('0' + c / 100);
		text[out++] = (char)('0' + c / 10 % 10);
		text[out++] = (char)('0' + c % 10);
	}
	text[out] = '\0';
}

/* The labels of a scope, or a pointer, behind a name: none of them matters. */
static void skip_scope(struct reader *in)
{
	for (unsigned i = 0; i < SCOPES_MAX && in->ok; i++) {
		uint8_t len = reader_u8(in);

		if (!len)
			return;
		if ((len & POINTER) == POINTER) {
			reader_skip(in, 1);
			return;
		}
		reader_skip(in, len);
	}
	in->ok = false;
}

static bool read_name(struct reader *in, char text[static LOOKUP_NAME])
{
	uint8_t name[NAME_LEN];
	struct span encoded;

	if (reader_u8(in) != ENCODED_LEN)
		return false;
	encoded = reader_bytes(in, ENCODED_LEN);
	if (!in->ok)
		return false;
	for (size_t i = 0; i < NAME_LEN; i++) {
		uint8_t upper = encoded.at[2 * i] - 'A', lower = encoded.at[2 * i + 1] - 'A';

		if (upper > 15 || lower > 15)
			return false;
		name[i] = (uint8_t)(upper << 4 | lower);
	}
	skip_scope(in);
	put_name(name, text);
	return in->ok;
}

static void read_addresses(struct reader *in, struct dns_message *m)
{
	struct reader data;

	reader_skip(in, 4);                     /* TTL */
	data = reader_sub(in, reader_be16(in));
	m->malformed = !in->ok || data.left.len % ENTRY_LEN;
	while (data.left.len >= ENTRY_LEN) {
		struct span entry = reader_bytes(&data, ENTRY_LEN);

		if (m->answer_count < LOOKUP_ANSWERS)
			m->answers[m->answer_count] = addr_v4(entry.at + 2);
		m->answer_count++;
	}
}

bool nbns_read(struct span bytes, struct dns_message *m)
{
	struct reader in = reader_on(bytes);
	uint16_t flags, answers;

	*m = (struct dns_message){ .id = reader_be16(&in) };
	flags = reader_be16(&in);
	m->question_count = reader_be16(&in);
	answers = reader_be16(&in);
	reader_skip(&in, 4);
	m->response = flags & FLAG_RESPONSE;
	m->truncated = flags & FLAG_TRUNCATED;
	m->opcode = flags >> 11 & 15;
	m->rcode = flags & 15;
	/* A question stands in a query, a record in an answer (sections 4.2.12 to 4.2.14). */
	if (!in.ok || m->opcode || (m->response ? !answers : !m->question_count) || !read_name(&in, m->name))
		return false;
	m->type = reader_be16(&in);
	reader_skip(&in, 2);
	if (m->response && m->type == TYPE_NULL)
		m->type = NBNS_TYPE_NB;
	else if (m->response && m->type == NBNS_TYPE_NB)
		read_addresses(&in, m);
	return (in.ok || m->malformed) && m->type == NBNS_TYPE_NB;
}
