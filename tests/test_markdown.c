/* tests/test_markdown.c - the ticket: what it says, and that values stay values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/markdown.h"
#include "tests/case.h"

#define SUP "198.51.100.10:8530"

static const struct report_style plain = { .width = 80 };

/* Expectations by CommonMark 0.30 section 6.1, GitHub Flavored Markdown 0.29 section 4.10, and by what
 * trackers make of @name, #1, !1, $1, ~label, commits and :name: in text. */
static const struct row {
	const char *text, *want;
	bool in_cell;
} rows[] = {
	{ "port 8530 of 198.51.100.10 is closed.", "port 8530 of 198.51.100.10 is closed.", false },
	{ "ask @root and #12", "ask `@root` and `#12`", false },
	{ "(CORP\\alice), a_b", "(`CORP\\alice`), `a_b`", false },
	{ "see http://a.example/x.", "see `http://a.example/x`.", false },
	{ "www.example.com or mailto:a", "`www.example.com` or `mailto:a`", false },
	{ "<script>alert(1)</script>", "`<script>alert(1)</script>`", false },
	{ "[x](javascript:1)", "`[x](javascript:1`)", false },
	{ "a|b", "`a|b`", false },
	{ "a|b", "`a\\|b`", true },
	{ "``x`", "``` ``x` ```", false },
	{ "- 1. x", "`-` 1. x", false },
	{ "1. x", "`1`. x", false },
	{ "&copy; !1 $2 ~l", "`&copy`; `!1` `$2` `~l`", false },
	{ "deadbee1 :smile: %1", "`deadbee1` `:smile`: `%1`", false },
	{ "a\nb\x1b[0m\xe2\x80\xae\xff",
	  "a\xef\xbf\xbd" "b\xef\xbf\xbd`[0m`\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "gr\xc3\xbc\xc3\x9f *x*", "gr\xc3\xbc\xc3\x9f `*x*`", false },
	{ "", "", false },
};

static void text_stays_text(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *said = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&said, &len);
		struct markdown m = { out, NULL, &plain, rows[i].in_cell };

		markdown_put(&m, "%s", rows[i].text);
		fclose(out);
		assert_string_equal(said, rows[i].want);
		free(said);
	}
}

static void a_ticket_tells_all(void **unused)
{
	static const char *const wanted[] = {
		"## ", "#### ERROR: ",
		"`connection-refused`, certain, once, 2026-03-10T10:02:12.000000000Z\n",
		"\nRefused.\n", ("- **Who:** 192.0.2.51 to " SUP "\n"), "- **The client logs:** 0x80072EFD ",
		"- **Do next:**\n  1. ", "- **Seen:**\n  - 41: what was seen\n",
		"- **Look at:** 41; `frame.number eq 41`\n", "### Clients\n\n| Client | To | ", "| **STOP** ",
		"| 192.0.2.50 | wsus01:8530 ", "| `branch.pcapng` | 1 842 | 2026-03-10T10:02:11.000000000Z ",
		"Capture quality: good.\n\n- 3 copies of frames",
	};
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	limit_add(&r.limits, LIMIT_DUPLICATES, 3);
	case_client(&r, "192.0.2.50", 200);
	case_client(&r, "192.0.2.51", 0);
	case_raise(&r, FINDING_CONNECTION_REFUSED, "192.0.2.51", SUP, "Refused.");
	text = case_write(&r, report_markdown, &plain);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (!strstr(text, wanted[i]))
			fail_msg("%s\nis not in\n%s", wanted[i], text);
	free(text);
	case_end(&r);
}

static void the_wire_does_no_harm(void **unused)
{
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	case_host(&r, "192.0.2.50", SUP, SPAN("a|b<img src=x>\x1b[2J`\xe2\x80\xae@all"), 500);
	case_raise(&r, FINDING_SLOW_ANSWER, "192.0.2.50", SUP, "<b>|\n# @all \x0e" "alice\x0f [x](y)");
	r.input.name = "`<b>`|.pcap";
	text = case_write(&r, report_markdown, &plain);
	assert_null(strstr(text, "\x1b"));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strstr(text, "\n# "));
	if (strstr(text, " @all"))
		fail_msg("%s", text);
	assert_null(strstr(text, "alice"));
	assert_non_null(strstr(text, "`<b>|`"));
	assert_non_null(strstr(text, "| `` `<b>`\\|.pcap `` |"));
	free(text);
	case_end(&r);
}

static void many_clients_are_bounded(void **unused)
{
	struct report_case r;
	char client[ADDR_TEXT], *text;

	(void)unused;
	case_begin(&r);
	for (unsigned i = 0; i < 120; i++) {
		snprintf(client, sizeof client, "192.0.2.%u", i + 1);
		case_client(&r, client, i == 100 ? 0 : 200);
	}
	text = case_write(&r, report_markdown, &plain);
	assert_non_null(strstr(text, "50 of 120 rows are shown"));
	assert_non_null(strstr(text, "| 192.0.2.101 |"));       /* who failed, before all others */
	assert_null(strstr(text, "| 192.0.2.60 |"));
	free(text);
	case_end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_stays_text),
		cmocka_unit_test(a_ticket_tells_all),
		cmocka_unit_test(the_wire_does_no_harm),
		cmocka_unit_test(many_clients_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
