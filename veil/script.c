/* veil/script.c - proxy.pac, wpad.dat: what its strings name.
 *
 * "PROXY host:3128; DIRECT", "*.corp.example", "192.0.2.0": in such a script a string with a dot or a port
 * is a host or a part of one.
 */
#include "veil/freetext.h"
#include "veil/markup.h"

static bool is_separator(uint8_t c)
{
	return c == ' ' || c == ';' || c == ',' || c == '/' || c == '(' || c == ')' || c == '\t';
}

static void put_word(const struct stream_shared *s, struct span word, uint8_t *to)
{
	bool host = span_byte(word, '.') != SIZE_MAX || span_byte(word, ':') != SIZE_MAX;

	if (host && word.len > 1)
		names_host(s->names, word, to);
	else
		freetext_put(s, to, word.len);
}

static void put_string(const struct stream_shared *s, uint8_t *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t end = at;

		while (end < len && !is_separator(text[end]))
			end++;
		/* ".corp.example": the part before the first dot is nothing. */
		while (at < end && (text[at] == '.' || text[at] == '*'))
			at++;
		if (end > at)
			put_word(s, span_of(text + at, end - at), text + at);
		at = end + 1;
	}
}

void script_put(const struct stream_shared *s, uint8_t *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t end = at + 1;
		uint8_t quote = text[at];

		if (quote != '"' && quote != '\'') {
			while (end < len && text[end] != '"' && text[end] != '\'')
				end++;
			freetext_put(s, text + at, end - at);
			at = end;
			continue;
		}
		while (end < len && text[end] != quote && text[end] != '\n')
			end++;
		put_string(s, text + at + 1, end - at - 1);
		at = end + 1;
	}
}
