/* decoders/dns.c - reading a DNS message, by a stranger's hand. */
#include "decoders/dns.h"

#include "base/reader.h"

enum {
	HEAD_LEN = 12,
	NAME_WIRE_MAX = 255,            /* RFC 1035 section 2.3.4 */
	LABEL_POINTER = 0xc0,
	JUMPS_MAX = 128,                /* more than a name has labels: more tell nothing */
	RECORDS_MAX = 512,
	CLASS_IN = 1,
	TYPE_A = 1, TYPE_CNAME = 5, TYPE_AAAA = 28, TYPE_SRV = 33, TYPE_OPT = 41, TYPE_ANY = 255,
	FLAG_RESPONSE = 0x8000, FLAG_TRUNCATED = 0x0200,
};

/* ---- names ---- */

struct text {
	char *at;
	size_t len;
	bool full;
};

static void put(struct text *t, uint8_t c)
{
	if (t->len + 1 < LOOKUP_NAME)
		t->at[t->len++] = (char)c;
	else
		t->full = true;
}

static void put_byte(struct text *t, uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		c |= 0x20;
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
		put(t, c);
		return;
	}
	put(t, '\\');
	put(t, (uint8_t)('0' + c / 100));
	put(t, (uint8_t)('0' + c / 10 % 10));
	put(t, (uint8_t)('0' + c % 10));
}

static void put_label(struct text *t, struct span label)
{
	if (t->len)
		put(t, '.');
	for (size_t i = 0; i < label.len; i++)
		put_byte(t, label.at[i]);
}

bool dns_name(struct span message, size_t *at, char text[static LOOKUP_NAME])
{
	struct text t = { text, 0, false };
	size_t from = *at, begun = from, wire = 0;
	unsigned jumps = 0;

	text[0] = '\0';
	while (from < message.len) {
		uint8_t len = message.at[from];

		if ((len & LABEL_POINTER) == LABEL_POINTER) {
			if (message.len - from < 2)
				return false;
			if (!jumps++)
				*at = from + 2;
			from = (size_t)(len & ~LABEL_POINTER) << 8 | message.at[from + 1];
			/* Backwards each time, so there is an end; and soon, for a message has many names. */
			if (from >= begun || jumps > JUMPS_MAX)
				return false;
			begun = from;
			continue;
		}
		if (len & LABEL_POINTER || len >= message.len - from || (wire += len + 1u) > NAME_WIRE_MAX)
			return false;
		from += 1u + len;
		if (!len) {
			if (!jumps)
				*at = from;
			text[t.len] = '\0';
			return !t.full;
		}
		put_label(&t, span_of(message.at + from - len, len));
	}
	return false;
}

/* ---- records ---- */

struct record {
	char owner[LOOKUP_NAME];
	uint16_t type, class;
	uint32_t ttl;
	size_t data_at;
	struct span data;
};

static bool read_record(struct span message, size_t *at, struct record *r)
{
	struct reader in;

	if (!dns_name(message, at, r->owner))
		return false;
	in = reader_on(span_skip(message, *at));
	r->type = reader_be16(&in);
	r->class = reader_be16(&in);
	r->ttl = reader_be32(&in);
	r->data = reader_bytes(&in, reader_be16(&in));
	r->data_at = (size_t)(r->data.at - message.at);
	*at = message.len - in.left.len;
	return in.ok;
}

static void keep_address(struct dns_message *m, const struct record *r)
{
	bool v4 = r->type == TYPE_A && r->data.len == 4;
	/* Of an SRV record's host, both will do. */
	bool wanted = m->type == r->type || m->type == TYPE_ANY || m->type == TYPE_SRV;

	if (!wanted || !(v4 || (r->type == TYPE_AAAA && r->data.len == 16)))
		return;
	if (m->answer_count < LOOKUP_ANSWERS)
		m->answers[m->answer_count] = v4 ? addr_v4(r->data.at) : addr_v6(r->data.at);
	m->answer_count++;
}

/* Aliases come in their order (RFC 1034 section 4.3.2), each for the name before it. */
static void follow_alias(struct span message, struct dns_message *m, const struct record *r)
{
	const char *now = m->canonical[0] ? m->canonical : m->name;
	char next[LOOKUP_NAME];
	size_t at = r->data_at;

	if (strcmp(now, r->owner) != 0)
		return;
	if (dns_name(message, &at, next))
		memcpy(m->canonical, next, sizeof next);
	else
		m->malformed = true;
}

static void take_record(struct span message, struct dns_message *m, const struct record *r, bool additional)
{
	enum { UPPER_RCODE = 24, LOWER_BITS = 4 };

	if (r->type == TYPE_OPT) {              /* RFC 6891 section 6.1.3 */
		m->rcode |= (uint16_t)((r->ttl >> UPPER_RCODE) << LOWER_BITS);
		return;
	}
	if (r->class != CLASS_IN)
		return;
	if (r->type == TYPE_CNAME && !additional)
		follow_alias(message, m, r);
	if (!additional || m->type == TYPE_SRV)
		keep_address(m, r);
}

static void read_records(struct span message, size_t at, struct dns_message *m, const uint16_t counts[3])
{
	unsigned left = RECORDS_MAX;
	struct record r;

	for (unsigned section = 0; section < 3; section++)
		for (unsigned i = 0; i < counts[section]; i++) {
			if (!left-- || !read_record(message, &at, &r)) {
				m->malformed = true;
				return;
			}
			take_record(message, m, &r, section > 0);
		}
}

bool dns_read(struct span bytes, struct dns_message *m)
{
	struct reader in = reader_on(bytes);
	char other[LOOKUP_NAME];
	uint16_t flags, counts[3];
	size_t at = HEAD_LEN;

	*m = (struct dns_message){ .id = reader_be16(&in) };
	flags = reader_be16(&in);
	m->question_count = reader_be16(&in);
	for (unsigned i = 0; i < 3; i++)
		counts[i] = reader_be16(&in);
	m->response = flags & FLAG_RESPONSE;
	m->truncated = flags & FLAG_TRUNCATED;
	m->opcode = flags >> 11 & 15;
	m->rcode = flags & 15;
	if (!in.ok || !m->question_count || !dns_name(bytes, &at, m->name) || bytes.len - at < 4)
		return false;
	m->type = (uint16_t)(bytes.at[at] << 8 | bytes.at[at + 1]);
	at += 4;
	for (unsigned i = 1; i < m->question_count; i++) {
		if (i >= RECORDS_MAX || !dns_name(bytes, &at, other) || bytes.len - at < 4) {
			m->malformed = true;
			return true;
		}
		at += 4;
	}
	read_records(bytes, at, m, counts);
	return true;
}
