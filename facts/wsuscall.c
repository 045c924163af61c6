/* facts/wsuscall.c - what calls say: the table of fields, and what is asked of values. */
#include "facts/wsuscall.h"

#include <stdio.h>

static const struct {
	const char *name;
	enum wsus_type type;
	enum side side;
} fields[] = {
#define FIELD(symbol, method, side, path, type, name) [FIELD_##symbol] = { name, WSUS_##type, side },
#include "facts/wsusfields.def"
#undef FIELD
};

const char *wsus_field_name(enum wsus_field field)
{
	return fields[field].name;
}

enum wsus_type wsus_field_type(enum wsus_field field)
{
	return fields[field].type;
}

enum side wsus_field_side(enum wsus_field field)
{
	return fields[field].side;
}

const struct wsus_value *wsus_value(const struct wsus_call *call, enum wsus_field field)
{
	for (size_t i = 0; call && i < call->value_count; i++)
		if (call->values[i].field == field)
			return &call->values[i];
	return NULL;
}

struct span wsus_text(const struct wsus_call *call, enum wsus_field field)
{
	const struct wsus_value *value = wsus_value(call, field);

	return value ? value->text : (struct span){ NULL, 0 };
}

int64_t wsus_number(const struct wsus_call *call, enum wsus_field field, int64_t otherwise)
{
	const struct wsus_value *value = wsus_value(call, field);

	return value ? value->number : otherwise;
}

struct span wsus_attribute(struct span attributes, const char *key)
{
	while (attributes.len) {
		struct span value = span_split(&attributes, ';');
		struct span name = span_split(&value, '=');

		if (span_ieq(span_trim(name), span_text(key)))
			return span_trim(value);
	}
	return (struct span){ NULL, 0 };
}

const char *wsus_guid_text(const struct wsus_guid *id, char text[static 37])
{
	const uint8_t *b = id->bytes;

	snprintf(text, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	         b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
	         b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
	return text;
}

bool wsus_guid_is_zero(const struct wsus_guid *id)
{
	static const struct wsus_guid zero;

	return !memcmp(id, &zero, sizeof zero);
}

/* .NET writes some in braces. */
bool wsus_guid_parse(struct span text, struct wsus_guid *id)
{
	static const uint8_t groups[] = { 4, 2, 2, 2, 6 };
	struct wsus_guid read;
	size_t at = 0;

	text = span_trim(text);
	if (text.len == 38 && text.at[0] == '{' && text.at[37] == '}')
		text = span_of(text.at + 1, 36);
	if (text.len != 36)
		return false;
	for (size_t group = 0; group < sizeof groups; group++) {
		for (size_t i = 0; i < groups[group]; i++) {
			uint64_t byte;

			if (!span_hex(span_take(&text, 2), &byte))
				return false;
			read.bytes[at++] = (uint8_t)byte;
		}
		if (text.len && span_take(&text, 1).at[0] != '-')
			return false;
	}
	*id = read;
	return true;
}

static void fill(struct span *to, struct span from)
{
	if (!to->len)
		*to = from;
}

void wsus_update_merge(struct wsus_update *to, const struct wsus_update *from)
{
	if (wsus_guid_is_zero(&to->id)) {
		to->id = from->id;
		to->revision = from->revision;
	}
	to->is_leaf |= from->is_leaf;
#define X(member) fill(&to->member, from->member);
	WSUS_UPDATE_TEXTS(X)
#undef X
}
