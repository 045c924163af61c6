/* probes/offers.c - takes challenges apart. */
#include "probes/offers.h"

#include <stdio.h>

/* Up to the next comma that no quotes enclose: a whole challenge, or one parameter of it. */
static struct span take_part(struct span *rest)
{
	size_t end = 0;
	bool quoted = false;

	for (; end < rest->len && (quoted || rest->at[end] != ','); end++) {
		if (quoted && rest->at[end] == '\\' && end + 1 < rest->len)
			end++;
		else if (rest->at[end] == '"')
			quoted = !quoted;
	}
	struct span part = span_take(rest, end);

	span_take(rest, 1);
	return span_trim(part);
}

/* A word of letters, digits and hyphens; a parameter's name is followed by '='. */
static struct span scheme_of(struct span part)
{
	size_t len = 0;

	while (len < part.len && part.at[len] != ' ' && part.at[len] != '\t')
		len++;
	for (size_t i = 0; i < len; i++) {
		uint8_t c = part.at[i];
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

		if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return span_of(NULL, 0);
	}
	/* "realm = x" has blanks around its sign. */
	struct span after = span_trim(span_skip(part, len));

	return after.len && after.at[0] == '=' ? span_of(NULL, 0) : span_of(part.at, len);
}

bool offers_has(const char *offers, struct span scheme)
{
	struct span rest = span_text(offers);

	while (rest.len)
		if (span_ieq(span_trim(span_split(&rest, ',')), scheme))
			return true;
	return false;
}

const char *offers_text(const struct fetch_result *result, struct span header, char text[static OFFERS_TEXT])
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < result->header_count; i++) {
		struct span rest = result->headers[i].value;

		if (!span_ieq(result->headers[i].name, header))
			continue;
		while (rest.len) {
			struct span scheme = scheme_of(take_part(&rest));

			if (!scheme.len || offers_has(text, scheme) || used + scheme.len + 3 > OFFERS_TEXT)
				continue;
			used += (size_t)snprintf(text + used, OFFERS_TEXT - used, "%s%.*s", used ? ", " : "",
			                         (int)scheme.len, (const char *)scheme.at);
		}
	}
	return text;
}
