/* veil/certwords.c - which words stay. */
#include "veil/certwords.h"

#include "facts/inspectors.h"
#include "veil/words.h"

static bool stays(struct span word)
{
	enum { TELLING = 3 };           /* "2", "R3", "G2": shorter ones number things */

	return word.len < TELLING || words_authority(word);
}

static bool in_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80 ||
	       (c && strchr("-_.@\\$'", c));
}

static void put_word(struct names *n, struct span word, uint8_t *to)
{
	if (stays(word) || names_address_text(n, word, to))
		return;
	if (span_byte(word, '@') != SIZE_MAX || span_byte(word, '\\') != SIZE_MAX)
		names_user(n, word, to);
	else
		names_host(n, word, to);
}

void certwords_put(struct names *n, struct span text, uint8_t *to)
{
	size_t len = 0;

	if (text.len)
		memmove(to, text.at, text.len);
	while (text.len) {
		size_t known = inspector_at(text);
		struct span word = span_of(text.at, 0);

		while (!known && word.len < text.len && in_word(text.at[word.len]))
			word.len++;
		len = known ? known : word.len ? word.len : 1;
		while (word.len && (word.at[word.len - 1] == '.' || word.at[word.len - 1] == '\''))
			word.len--;
		if (word.len)
			put_word(n, word, to);
		to += len;
		text = span_skip(text, len);
	}
}
