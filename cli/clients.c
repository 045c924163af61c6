/* cli/clients.c - reads lists of expected clients. */
#include "cli/clients.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"

enum { FILE_MAX = 16 << 20, PIECE = 64 * 1024, BAD_TOLD = 5, LINE_TOLD = 40 };

bool clients_plausible(const char *value)
{
	struct prefix p;

	return prefix_parse(span_text(value), &p) || (strcmp(value, "-") != 0 && !access(value, R_OK));
}

void clients_release(struct clients *c)
{
	free(c->at);
	*c = (struct clients){ .at = NULL };
}

static bool add(struct clients *c, const struct prefix *p, struct fault *f)
{
	struct prefix *more;

	if (c->count == EXPECTED_MAX)
		return fault_set(f, FAULT_USAGE, "--client: at most %d clients and networks", EXPECTED_MAX);
	if (c->count == c->room) {
		size_t room = c->room ? 2 * c->room : 64;

		more = realloc(c->at, room * sizeof *more);
		if (!more)
			return fault_set(f, FAULT_MEMORY, "out of memory");
		c->at = more;
		c->room = room;
	}
	c->at[c->count++] = *p;
	return true;
}

/* ---- files ---- */

static bool read_file(const char *name, struct buf *text, struct fault *f)
{
	FILE *file = fopen(name, "rb");
	uint8_t piece[PIECE];
	bool fits = true;
	size_t got;

	if (!file)
		return fault_set(f, FAULT_INPUT, "%s: cannot be read: %s", name, strerror(errno));
	while (fits && (got = fread(piece, 1, sizeof piece, file)) > 0)
		fits = buf_add(text, span_of(piece, got));
	if (fits && ferror(file)) {
		fault_set(f, FAULT_INPUT, "%s: cannot be read: %s", name, strerror(errno));
		fclose(file);
		return false;
	}
	fclose(file);
	return fits || fault_set(f, FAULT_INPUT, "%s: longer than a list of clients can be", name);
}

/* In place: what is no ASCII is of no address. */
static struct span as_bytes(struct buf *text)
{
	struct span all = buf_span(text);
	struct reader in;
	enum utf16_order order;
	size_t len = 0;

	if (span_starts(all, SPAN("\xef\xbb\xbf")))
		return span_skip(all, 3);
	if (!span_starts(all, SPAN("\xff\xfe")) && !span_starts(all, SPAN("\xfe\xff")))
		return all;
	order = all.at[0] == 0xff ? UTF16_LE : UTF16_BE;
	in = reader_on(span_skip(all, 2));
	while (in.left.len >= 2) {
		uint32_t code = utf16_take(&in, order);

		text->at[len++] = code < 0x80 ? (uint8_t)code : '?';
	}
	return span_of(text->at, len);
}

/* Lines that make no sense: the first of them, and their numbers. */
struct bad {
	size_t count, lines[BAD_TOLD];
	char first[LINE_TOLD];
};

static void note_bad(struct bad *b, struct span line, size_t number)
{
	size_t len = line.len < LINE_TOLD - 1 ? line.len : LINE_TOLD - 1;

	if (!b->count)
		for (size_t i = 0; i < len; i++)
			b->first[i] = (char)(line.at[i] >= ' ' && line.at[i] < 0x7f ? line.at[i] : '?');
	if (b->count < BAD_TOLD)
		b->lines[b->count] = number;
	b->count++;
}

static bool tell_bad(const struct bad *b, const char *name, struct fault *f)
{
	char others[128] = "";
	size_t len = 0;

	for (size_t i = 1; i < b->count && i < BAD_TOLD; i++)
		len += (size_t)snprintf(others + len, sizeof others - len, "%s%zu",
		                        i > 1 ? ", " : "; also lines ", b->lines[i]);
	if (b->count > BAD_TOLD)
		snprintf(others + len, sizeof others - len, " and %zu more", b->count - BAD_TOLD);
	return fault_set(f, FAULT_INPUT,
	                 "%.300s:%zu: \"%s\" is neither an address nor a network such as 192.0.2.0/24%s",
	                 name, b->lines[0], b->first, others);
}

static bool take_lines(struct clients *c, const char *name, struct span text, struct fault *f)
{
	struct bad bad = { .count = 0 };

	for (size_t number = 1; text.len; number++) {
		struct span rest = span_split(&text, '\n');
		struct span line = span_trim(span_split(&rest, '#'));
		struct prefix p;

		if (!line.len)
			continue;
		if (!prefix_parse(line, &p))
			note_bad(&bad, line, number);
		else if (!add(c, &p, f))
			return false;
	}
	return !bad.count || tell_bad(&bad, name, f);
}

static bool take_file(struct clients *c, const char *name, struct fault *f)
{
	struct buf text;
	bool good;

	buf_init(&text, FILE_MAX);
	good = read_file(name, &text, f) && take_lines(c, name, as_bytes(&text), f);
	buf_release(&text);
	return good;
}

bool clients_read(struct clients *c, const struct options *o, struct fault *f)
{
	*c = (struct clients){ .at = NULL };
	for (size_t i = 0; i < o->client_count; i++) {
		struct prefix p;
		bool good = prefix_parse(span_text(o->clients[i]), &p) ? add(c, &p, f)
		                                                        : take_file(c, o->clients[i], f);

		if (!good)
			return false;
	}
	return true;
}
