/* tests/test_catalogue.c - the catalogue keeps its own rules, and docs/findings.md is its image.
 *
 * "test_catalogue --write" writes docs/findings.md anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analyzers/catalogue.h"
#include "base/buf.h"

#define REFERENCE "docs/findings.md"

enum { TITLE_MAX = 60, STEP_MAX = 150, STEPS_MIN = 2, STEPS_MAX = 4, SENTENCES_MAX = 3 };
enum { REFERENCE_MAX = 1 << 20 };

static const struct family {
	enum finding_kind first;
	const char *title;
} families[] = {
	{ FINDING_NAME_NOT_RESOLVED, "Name and path" },
	{ FINDING_PROXY_BAD_GATEWAY, "Proxy" },
	{ FINDING_AUTH_FAILED, "Answers of the server" },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, "TLS" },
	{ FINDING_SOAP_FAULT, "WSUS" },
};

/* ---- the reference ---- */

/* Markdown takes <, * and _ for its own. */
static void add_text(struct buf *out, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (span_byte(SPAN("<*_\\`|"), text.at[i]) != SIZE_MAX)
			buf_add_byte(out, '\\');
		buf_add_byte(out, text.at[i]);
	}
}

static void add_line(struct buf *out, const char *before, const char *text)
{
	buf_printf(out, "%s", before);
	add_text(out, span_text(text));
	buf_add_byte(out, '\n');
}

static void add_steps(struct buf *out, const char *remedy)
{
	struct span steps = span_text(remedy);

	buf_printf(out, "\nDo next:\n\n");
	for (unsigned n = 1; steps.len; n++) {
		buf_printf(out, "%u. ", n);
		add_text(out, span_split(&steps, '\n'));
		buf_add_byte(out, '\n');
	}
}

static const char *source_text(const char *from)
{
	if (!strcmp(from, "PA"))
		return "captures and probes";
	return strcmp(from, "P") != 0 ? "probes" : "captures";
}

static void add_kind(struct buf *out, const struct finding_row *row)
{
	buf_printf(out, "\n### %s\n\n", row->kind);
	buf_printf(out, "**%s** (%s; from %s)\n\n", row->title, severity_name(row->severity),
		   source_text(row->from));
	add_line(out, "", row->cause);
	if (row->codes[0])
		buf_printf(out, "\nThe client logs: %s\n", row->codes);
	add_steps(out, row->remedy);
	add_line(out, "\nWould change the verdict: ", row->would_change);
}

static void render(struct buf *out)
{
	size_t family = 0;

	buf_printf(out, "# Findings\n\n"
			"Everything that wsuscope can tell, by the name it has in every output. This page\n"
			"is made from analyzers/findings.def by tests/test_catalogue.c; change it there. A\n"
			"finding may give a cause and codes of its own for one case; what stands here is\n"
			"the general word.\n");
	for (enum finding_kind kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		if (family < sizeof families / sizeof *families && families[family].first == kind)
			buf_printf(out, "\n## %s\n", families[family++].title);
		add_kind(out, finding_row(kind));
	}
}

static void read_file(struct buf *out, const char *path)
{
	FILE *file = fopen(path, "r");
	uint8_t piece[4096];
	size_t len;

	if (!file)
		return;
	while ((len = fread(piece, 1, sizeof piece, file)) > 0)
		buf_add(out, span_of(piece, len));
	fclose(file);
}

static void the_reference_is_current(void **unused)
{
	struct buf want, have;

	(void)unused;
	buf_init(&want, REFERENCE_MAX);
	buf_init(&have, REFERENCE_MAX);
	render(&want);
	read_file(&have, REFERENCE);
	if (!span_eq(buf_span(&want), buf_span(&have)))
		print_error("%s is not what the catalogue says: run this program with --write\n", REFERENCE);
	assert_true(span_eq(buf_span(&want), buf_span(&have)));
	buf_release(&want);
	buf_release(&have);
}

/* ---- the rules ---- */

static unsigned sentences(struct span text)
{
	unsigned count = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '.' && (i + 1 == text.len || text.at[i + 1] == ' '))
			count++;
	return count;
}

/* Names that users and tests rely on: lower-case words joined by hyphens, no two alike. */
static void check_name(const struct finding_row *row, enum finding_kind kind)
{
	for (const char *c = row->kind; *c; c++)
		assert_true((*c >= 'a' && *c <= 'z') || *c == '-');
	assert_int_equal(finding_kind_named(span_text(row->kind)), kind);
}

static void check_steps(const struct finding_row *row)
{
	struct span steps = span_text(row->remedy);
	unsigned count = 0;

	for (; steps.len; count++)
		assert_in_range(span_split(&steps, '\n').len, 1, STEP_MAX);
	assert_in_range(count, STEPS_MIN, STEPS_MAX);
}

static void every_kind_keeps_the_rules(void **unused)
{
	(void)unused;
	for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		const struct finding_row *row = finding_row((enum finding_kind)kind);

		check_name(row, (enum finding_kind)kind);
		assert_in_range(strlen(row->title), 1, TITLE_MAX);
		assert_in_range(strlen(row->cause), 1, CAUSE_TEXT - 1);
		assert_in_range(sentences(span_text(row->cause)), 1, SENTENCES_MAX);
		assert_true(strlen(row->codes) < sizeof((struct finding *)0)->codes);
		assert_true(row->would_change[0] && row->cases[0]);
		check_steps(row);
	}
}

static int write_reference(void)
{
	FILE *file = fopen(REFERENCE, "w");
	struct buf out;
	bool written;

	buf_init(&out, REFERENCE_MAX);
	render(&out);
	written = file && fwrite(out.at, 1, out.len, file) == out.len;
	buf_release(&out);
	return file && !fclose(file) && written ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_keeps_the_rules),
		cmocka_unit_test(the_reference_is_current),
	};

	if (argc > 1 && !strcmp(argv[1], "--write"))
		return write_reference();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
