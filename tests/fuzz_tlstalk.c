/* tests/fuzz_tlstalk.c - encrypted TLS conversations in which anything is said at any time, with any keys.
 *
 * Input: which secrets are known, then a byte a word; some take what follows as their text, up to a blank.
 */
#include "base/reader.h"
#include "tests/talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 400 };

static size_t add(char *at, const char *text)
{
	size_t len = strlen(text);

	memcpy(at, text, len);
	return len;
}

/* The next word; returns its length. */
static size_t word(struct reader *in, char *at)
{
	static const char *const words[] = {
		"hello", "hello=e", "hello=r", "hello=o", "ext", "ext=e", "key", "ccs", "early", "end",
		"late", "fin", "update", "bye", "get=a", "get=a~", "ok=abc", "ok=abc~", "fin~", "rest",
		"lost", "log", "rec=", "raw=",
	};
	enum { COUNT = sizeof words / sizeof *words, WITH_TEXT = COUNT - 2, TEXT_MAX = 32 };
	unsigned order = reader_u8(in), which = (order >> 1) % COUNT;
	size_t len = 0;

	at[len++] = order & 1 ? 'S' : 'C';
	len += add(at + len, words[which]);
	for (size_t i = 0; which >= WITH_TEXT && i < TEXT_MAX && in->left.len; i++) {
		uint8_t c = reader_u8(in);

		if (!c || c == ' ')
			break;
		at[len++] = (char)c;
	}
	return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const known[] = { "mehHtT", "m", "tT", "hH", "et", "HT", "hHT", "" };
	static struct tlskeys *made[8][2];      /* libcrypto starts slowly, so they are kept */
	char words[WORDS_MAX + 64], text[TALK_TEXT];
	struct reader in = reader_on(span_of(data, size));
	unsigned setting = reader_u8(&in);
	struct limits limits = { 0 };
	struct talk talk = {
		.words = words, .tls13 = setting & 8, .known = known[setting & 7],
		.wrong = (setting & 0x70) == 0x70,
	};
	struct tlskeys **keys = &made[setting & 7][talk.wrong];
	size_t len = add(words, setting & 0x80 ? "Chello Shello" : "Chello=e");

	while (in.left.len && len < WORDS_MAX) {
		words[len++] = ' ';
		len += word(&in, words + len);
	}
	words[len] = 0;
	if (!*keys)
		*keys = talk_keys(&talk);
	talk_told(&talk, *keys, setting & 1 ? 7 : SIZE_MAX, text, &limits);
	return 0;
}
