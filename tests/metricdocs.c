/* tests/metricdocs.c - rows of a table, and lines of an exposition. */
#include "tests/metricdocs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/span.h"

enum { DOCS_MAX = 1 << 17, LABELS_TEXT = 128 };

/* To be freed. */
static char *read_text(const char *path)
{
	char *text = calloc(1, DOCS_MAX);
	FILE *in = fopen(path, "r");

	if (!in)
		fail_msg("%s is missing", path);
	assert_true(fread(text, 1, DOCS_MAX - 1, in) > 0);
	fclose(in);
	return text;
}

/* The section alone; to be freed. */
static char *read_section(const char *name)
{
	char *docs = read_text("docs/metrics.md"), head[64], *at, *next;

	snprintf(head, sizeof head, "\n## %s\n", name);
	at = strstr(docs, head);
	assert_non_null(at);
	next = strstr(at + 1, "\n## ");
	memmove(docs, at, next ? (size_t)(next - at) : strlen(at) + 1);
	if (next)
		docs[next - at] = '\0';
	return docs;
}

static unsigned count_of(const char *text, const char *what)
{
	unsigned count = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		count++;
	return count;
}

/* The labels of a line, but for "le", as the docs name them. */
static void labels_of(struct span line, char labels[static LABELS_TEXT])
{
	labels[0] = '\0';
	if (span_byte(line, '{') == SIZE_MAX)
		return;
	span_split(&line, '{');
	while (line.len && line.at[0] != '}') {
		struct span label = span_split(&line, '=');
		size_t len = strlen(labels);

		if (!span_eq(label, SPAN("le")))
			snprintf(labels + len, LABELS_TEXT - len, "%s`%.*s`", len ? ", " : "", (int)label.len,
			         (const char *)label.at);
		span_take(&line, 1);
		while (line.len && line.at[0] != '"')
			span_take(&line, line.at[0] == '\\' ? 2 : 1);
		span_take(&line, line.len > 1 && line.at[1] == ',' ? 2 : 1);
	}
}

/* Its three lines: "# HELP NAME TEXT", "# TYPE NAME TYPE", and the first with a value. */
static void assert_row(const char *docs, struct span help, struct span type, struct span line)
{
	char labels[LABELS_TEXT], row[512];
	struct span name;

	span_take(&help, strlen("# HELP "));
	name = span_split(&help, ' ');
	span_take(&type, strlen("# TYPE  ") + name.len);
	labels_of(line, labels);
	snprintf(row, sizeof row, "| `%.*s` | %.*s | %s | %.*s |\n", (int)name.len, (const char *)name.at,
	         (int)type.len, (const char *)type.at, labels, (int)help.len, (const char *)help.at);
	if (!strstr(docs, row))
		fail_msg("docs/metrics.md lacks:\n%s", row);
}

void assert_documented(const char *exposition, const char *section)
{
	struct span left = span_text(exposition);
	char *docs = read_section(section);
	unsigned metrics = 0;

	while (left.len) {
		struct span help = span_split(&left, '\n'), type, rest;

		if (!span_starts(help, SPAN("# HELP ")))
			continue;
		type = span_split(&left, '\n');
		rest = left;
		assert_row(docs, help, type, span_split(&rest, '\n'));
		metrics++;
	}
	assert_int_equal(count_of(docs, "\n| `wsuscope_") + count_of(docs, "\n| `process_"), metrics);
	free(docs);
}

/* Lines of histograms and summaries have more behind the name. */
static bool has_row(const char *docs, const char *name, size_t len)
{
	static const char *const ends[] = { "", "_bucket", "_sum", "_count" };
	char row[96];

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t end = strlen(ends[i]);

		if (len < end || memcmp(name + len - end, ends[i], end) != 0)
			continue;
		snprintf(row, sizeof row, "\n| `%.*s` |", (int)(len - end), name);
		if (strstr(docs, row))
			return true;
	}
	return false;
}

void assert_names_documented(const char *path)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
	char *docs = read_text("docs/metrics.md"), *text = read_text(path);

	for (const char *at = text; (at = strstr(at, "wsuscope_")) != NULL; at += strspn(at, letters))
		if (!has_row(docs, at, strspn(at, letters)))
			fail_msg("%s: docs/metrics.md lacks %.*s", path, (int)strspn(at, letters), at);
	free(docs);
	free(text);
}
