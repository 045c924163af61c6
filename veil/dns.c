/* veil/dns.c - DNS messages: names label by label, addresses, and of records that nobody reads nothing.
 *
 * Labels keep their places and lengths, so compression pointers stay right.  A name is read whole,
 * through its pointers, from the message as it came, and each label is written where it stands: two
 * names that share a suffix write the same there.
 */
#include "base/reader.h"
#include "veil/udp.h"

enum {
	NAME_MAX_TEXT = 256, LABELS_MAX = 128, POINTER = 0xc0, RECORDS_MAX = 512,
	TYPE_A = 1, TYPE_NS = 2, TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_PTR = 12, TYPE_MX = 15, TYPE_AAAA = 28,
	TYPE_SRV = 33, TYPE_DNAME = 39, TYPE_OPT = 41, CLASS_IN = 1,
};

struct labels {
	uint8_t text[NAME_MAX_TEXT];    /* "wsus01.corp.example" */
	size_t len, count;
	struct {
		size_t at, in_text, len;
	} label[LABELS_MAX];
	size_t end;                     /* behind the name, where it is written out */
};

static bool add(struct labels *l, struct span message, size_t at, size_t len)
{
	if (l->count == LABELS_MAX || len + 1 > NAME_MAX_TEXT - l->len)
		return false;
	if (l->len)
		l->text[l->len++] = '.';
	memcpy(l->text + l->len, message.at + at, len);
	l->label[l->count].at = at;
	l->label[l->count].in_text = l->len;
	l->label[l->count].len = len;
	l->count++;
	l->len += len;
	return true;
}

/* False: no name, or a loop. */
static bool read_name(struct span message, size_t at, struct labels *l)
{
	size_t begun = at;
	bool jumped = false;

	l->len = l->count = 0;
	l->end = at;
	while (at < message.len) {
		uint8_t len = message.at[at];

		if ((len & POINTER) == POINTER) {
			if (message.len - at < 2)
				return false;
			l->end = jumped ? l->end : at + 2;
			jumped = true;
			at = (size_t)(len & ~POINTER) << 8 | message.at[at + 1];
			if (at >= begun)        /* backwards each time, so there is an end */
				return false;
			begun = at;
			continue;
		}
		if (len & POINTER || len >= message.len - at)
			return false;
		if (!len) {
			l->end = jumped ? l->end : at + 1;
			return true;
		}
		if (!add(l, message, at + 1, len))
			return false;
		at += 1u + len;
	}
	return false;
}

static bool put_name(struct names *n, struct span message, size_t *at, uint8_t *to)
{
	struct labels l;
	bool good = read_name(message, *at, &l);

	/* A name of a service begins with its instance, in whatever words: DNS-SD, RFC 6763 section 4.1. */
	if (good && l.len)
		names_host(n, span_of(l.text, l.len), l.text);
	for (size_t i = 0; good && i < l.count; i++)
		memcpy(to + l.label[i].at, l.text + l.label[i].in_text, l.label[i].len);
	*at = l.end;
	return good;
}

struct record {
	uint16_t type, class;
	size_t data, len;
};

/* What a record holds; what is not known becomes zeros. */
static bool put_data(struct names *n, struct span message, const struct record *r, uint8_t *to)
{
	/* Where names stand in the data, and how many. */
	static const struct {
		uint16_t type;
		uint8_t skip, names;
	} rows[] = {
		{ TYPE_NS, 0, 1 }, { TYPE_CNAME, 0, 1 }, { TYPE_SOA, 0, 2 }, { TYPE_PTR, 0, 1 },
		{ TYPE_MX, 2, 1 }, { TYPE_SRV, 6, 1 }, { TYPE_DNAME, 0, 1 },
	};
	size_t at = r->data;

	if (r->type == TYPE_A && r->len == 4) {
		names_v4(n, message.at + at, to + at);
		return true;
	}
	if (r->type == TYPE_AAAA && r->len == 16) {
		names_v6(n, message.at + at, to + at);
		return true;
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].type != r->type || r->len < rows[i].skip)
			continue;
		at += rows[i].skip;
		for (unsigned k = 0; k < rows[i].names; k++)
			if (!put_name(n, message, &at, to))
				return false;
		return true;
	}
	memset(to + at, 0, r->len);
	return true;
}

static bool put_record(struct names *n, struct span message, size_t *at, uint8_t *to)
{
	struct reader in;
	struct record r;

	if (!put_name(n, message, at, to))
		return false;
	in = reader_on(span_skip(message, *at));
	r.type = reader_be16(&in);
	r.class = reader_be16(&in);
	reader_skip(&in, 4);
	r.len = reader_be16(&in);
	r.data = message.len - in.left.len;
	reader_skip(&in, r.len);
	if (!in.ok || !put_data(n, message, &r, to))
		return false;
	*at = r.data + r.len;
	return true;
}

bool dns_rewrite(struct names *n, struct span message, uint8_t *to)
{
	struct udp_head head;
	bool good = udp_head(message, RECORDS_MAX, RECORDS_MAX, &head);
	size_t at = head.len;

	memmove(to, message.at, message.len);
	while (good && head.questions--) {
		good = put_name(n, message, &at, to) && message.len - at >= 4;
		at += good ? 4 : 0;
	}
	while (good && head.records--)
		good = put_record(n, message, &at, to);
	/* Behind where it broke off names may stand that nobody could read. */
	if (at < message.len)
		memset(to + at, 0, message.len - at);
	return good;
}
