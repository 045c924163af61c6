/* tests/test_evidence_words.c - comments of packets: whose, why, masked, and harmless. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/evidence.h"

static struct finding login(const char *text)
{
	struct finding n = {
		.kind = FINDING_PROXY_AUTH_REQUIRED, .id = 2, .title = "The proxy wants a login",
	};

	n.evidence[0].frame = 41;
	snprintf(n.evidence[0].text, sizeof n.evidence[0].text, "%s", text);
	n.evidence_count = 1;
	n.frames[0] = 41;
	n.frames[1] = 43;
	n.frame_count = 2;
	return n;
}

/* Its own words at its frame, the title at the others. */
static void what_a_frame_shows(void **state)
{
	struct finding n = login("407: Negotiate, NTLM");
	char text[EVIDENCE_COMMENT];
	size_t len = evidence_named(&n, 41, false, text);

	(void)state;
	assert_int_equal(len, strlen(text));
	assert_string_equal(text, "finding 2 proxy-auth-required: 407: Negotiate, NTLM");
	evidence_named(&n, 43, false, text);
	assert_string_equal(text, "finding 2 proxy-auth-required: The proxy wants a login");
	evidence_around(&n, "of its connection", text);
	assert_string_equal(text, "finding 2 proxy-auth-required: of its connection");
}

/* What strangers write reaches whoever opens the file: nothing of it moves, turns or breaks what is shown. */
static void harmless(void **state)
{
	static const struct row {
		const char *said, *want;
	} rows[] = {
		{ "\x0e" "alice\x0f wants in", "a*** wants in" },
		{ "\x1b[31mred\x07", "?[31mred?" },
		{ "\xff\xc3 broken \xe2\x80", "?? broken ??" },
		{ "turned \xe2\x80\xae" "around", "turned ?around" },
		{ "line\r\nline", "line??line" },
		{ "<script>alert(1)</script> =1+1 日本", "<script>alert(1)</script> =1+1 日本" },
	};
	char text[EVIDENCE_COMMENT];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct finding n = login(rows[i].said);

		evidence_named(&n, 41, false, text);
		assert_string_equal(text + strlen("finding 2 proxy-auth-required: "), rows[i].want);
		evidence_origin(7, rows[i].said, text);
		assert_null(strpbrk(text, "\x1b\x07\r\n"));
	}
}

static void names_revealed(void **state)
{
	struct finding n = login("\x0e" "alice\x0f wants in");
	char text[EVIDENCE_COMMENT];

	(void)state;
	evidence_named(&n, 41, true, text);
	assert_string_equal(text, "finding 2 proxy-auth-required: alice wants in");
}

static void where_from(void **state)
{
	char text[EVIDENCE_COMMENT];

	(void)state;
	evidence_origin(41, "branch.pcapng", text);
	assert_string_equal(text, "frame 41 of branch.pcapng");
	evidence_origin(41, NULL, text);
	assert_string_equal(text, "frame 41 of the capture");
}

/* All kinds make names that a keeper takes (guard/kept.c): letters, digits, '-' and '_', 64 at most. */
static void names_of_files(void **state)
{
	char name[EVIDENCE_NAME];

	(void)state;
	for (unsigned kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		struct finding n = { .kind = kind, .id = 1234567 };
		size_t len = strlen("1234567-") + strlen(finding_row(kind)->kind);

		evidence_name(&n, name);
		assert_true(len < EVIDENCE_NAME);
		assert_int_equal(strlen(name), len);
		assert_int_equal(strspn(name, "0123456789abcdefghijklmnopqrstuvwxyz-"), len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_frame_shows), cmocka_unit_test(harmless),
		cmocka_unit_test(names_revealed), cmocka_unit_test(where_from),
		cmocka_unit_test(names_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
