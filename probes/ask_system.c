/* probes/ask_system.c - what resolv.conf(5) says. */
#include <stdio.h>

#include "probes/ask.h"

enum { PORT_DNS = 53, DOTS_MAX = 15, FILE_MAX = 64 * 1024 };

static struct span next_word(struct span *line)
{
	size_t len = 0;

	*line = span_trim(*line);
	while (len < line->len && line->at[len] != ' ' && line->at[len] != '\t')
		len++;
	return span_take(line, len);
}

/* An address with a zone is left out: it means something on this machine alone. */
static void take_server(struct ask_system *s, struct span word)
{
	struct endpoint e = { .port = PORT_DNS };

	if (s->server_count < ASK_SERVERS_MAX && addr_parse(word, &e.addr))
		s->servers[s->server_count++] = e;
}

/* Lower case; false: it is no name, or has no room. */
static bool copy_name(char to[static LOOKUP_NAME], struct span name)
{
	if (!name.len || name.len >= LOOKUP_NAME)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] | 0x20 : name.at[i];

		if (c <= ' ' || c >= 0x7f)
			return false;
		to[i] = (char)c;
	}
	to[name.len] = '\0';
	return true;
}

static void take_suffixes(struct ask_system *s, struct span words)
{
	struct span word;

	s->suffix_count = 0;            /* the last line counts */
	while ((word = next_word(&words)).len && s->suffix_count < ASK_SUFFIXES_MAX) {
		if (word.at[word.len - 1] == '.')
			word.len--;
		if (copy_name(s->suffixes[s->suffix_count], word))
			s->suffix_count++;
	}
}

static void take_options(struct ask_system *s, struct span words)
{
	struct span word;
	uint64_t dots;

	while ((word = next_word(&words)).len)
		if (span_starts(word, SPAN("ndots:")) && span_decimal(span_skip(word, 6), &dots))
			s->dots = dots < DOTS_MAX ? (unsigned)dots : DOTS_MAX;
}

bool ask_system_parse(struct ask_system *s, struct span text)
{
	*s = (struct ask_system){ .dots = 1 };
	while (text.len) {
		struct span line = span_split(&text, '\n');
		struct span word = next_word(&line);

		if (span_eq(word, SPAN("nameserver")))
			take_server(s, next_word(&line));
		else if (span_eq(word, SPAN("search")) || span_eq(word, SPAN("domain")))
			take_suffixes(s, line);
		else if (span_eq(word, SPAN("options")))
			take_options(s, line);
	}
	return s->server_count;
}

bool ask_system_read(struct ask_system *s)
{
	char text[FILE_MAX];
	FILE *file = fopen("/etc/resolv.conf", "re");
	size_t len;

	if (!file)
		return ask_system_parse(s, SPAN(""));
	len = fread(text, 1, sizeof text, file);
	fclose(file);
	return ask_system_parse(s, span_of(text, len));
}
