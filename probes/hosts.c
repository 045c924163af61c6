/* probes/hosts.c - hosts(5): an address and its names, a line. */
#include "probes/resolve.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct span next_word(struct span *line)
{
	size_t len = 0;

	while (line->len && is_blank(line->at[0]))
		*line = span_skip(*line, 1);
	while (len < line->len && !is_blank(line->at[len]))
		len++;
	return span_take(line, len);
}

static bool names_host(struct span names, struct span host)
{
	struct span word;

	while ((word = next_word(&names)).len)
		if (span_ieq(word, host))
			return true;
	return false;
}

unsigned hosts_find(struct span text, const char *host, bool v4, bool v6, struct addr *to, unsigned room)
{
	unsigned count = 0;

	while (text.len && count < room) {
		struct span line = span_split(&text, '\n');
		struct span names = span_split(&line, '#');
		struct addr a;

		if (!addr_parse(next_word(&names), &a) || !names_host(names, span_text(host)))
			continue;
		if (addr_is_v4(&a) ? v4 : v6)
			to[count++] = a;
	}
	return count;
}
