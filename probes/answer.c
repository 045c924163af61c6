/* probes/answer.c - the addresses of a message that c-ares has matched with its question. */
#include "probes/answer.h"

#include <ares.h>
#include <limits.h>

#include "base/reader.h"

enum {
	RECORDS_MAX = 512,
	CLASS_IN = 1,
	TYPE_A = 1, TYPE_CNAME = 5, TYPE_AAAA = 28, TYPE_SRV = 33,
	FLAG_TRUNCATED = 0x0200,
};

/* A name at the front of what is left: lower case, no final dot. */
static bool read_name(struct span message, struct reader *in, char name[static LOOKUP_NAME])
{
	char *text = NULL;
	long len = 0;
	size_t size;

	if (!in->left.len || message.len > INT_MAX ||
	    ares_expand_name(in->left.at, message.at, (int)message.len, &text, &len) != ARES_SUCCESS) {
		in->ok = false;
		return false;
	}
	size = strlen(text) + 1;
	if (size <= LOOKUP_NAME)
		for (size_t i = 0; i < size; i++)
			name[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
	else
		in->ok = false;
	ares_free_string(text);
	reader_skip(in, (size_t)len);
	return in->ok;
}

static void take_address(struct lookup *l, uint16_t type, struct span data)
{
	bool v4 = type == TYPE_A && data.len == 4;

	if (!v4 && !(type == TYPE_AAAA && data.len == 16))
		return;
	if (type != l->type && l->type != TYPE_SRV)
		return;
	if (l->answer_count < LOOKUP_ANSWERS)
		l->answers[l->answer_count] = v4 ? addr_v4(data.at) : addr_v6(data.at);
	l->answer_count++;
}

/* Aliases come in their order (RFC 1034 section 4.3.2), each for the name before it. */
static void follow_alias(struct span message, struct lookup *l, const char *owner, struct reader alias)
{
	char next[LOOKUP_NAME];

	if (strcmp(l->canonical[0] ? l->canonical : l->name, owner) != 0)
		return;
	if (read_name(message, &alias, next))
		memcpy(l->canonical, next, sizeof next);
	else
		l->malformed = true;
}

static bool read_record(struct span message, struct reader *in, struct lookup *l)
{
	char owner[LOOKUP_NAME];
	uint16_t type, class;
	struct reader data;

	if (!read_name(message, in, owner))
		return false;
	type = reader_be16(in);
	class = reader_be16(in);
	reader_skip(in, 4);             /* how long it may be kept */
	data = reader_sub(in, reader_be16(in));
	if (!in->ok)
		return false;
	if (class == CLASS_IN && type == TYPE_CNAME)
		follow_alias(message, l, owner, data);
	else if (class == CLASS_IN)
		take_address(l, type, data.left);
	return true;
}

void answer_read(struct span message, struct lookup *l)
{
	struct reader in = reader_on(message);
	char name[LOOKUP_NAME];
	uint16_t flags, questions, records;

	reader_skip(&in, 2);
	flags = reader_be16(&in);
	questions = reader_be16(&in);
	records = reader_be16(&in);
	reader_skip(&in, 4);
	if (!in.ok || questions != 1 || !read_name(message, &in, name)) {
		l->malformed = true;
		return;
	}
	reader_skip(&in, 4);
	l->answered = in.ok;
	l->malformed = !in.ok;
	l->rcode = flags & 15;
	l->truncated = flags & FLAG_TRUNCATED;
	for (unsigned i = 0; i < records && !l->malformed; i++)
		l->malformed = i >= RECORDS_MAX || !read_record(message, &in, l);
}
