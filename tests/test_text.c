/* tests/test_text.c - the report for people: its order, its columns, and that nothing in it does harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "tests/case.h"

#define SUP "198.51.100.10:8530"
#define REFUSAL "Every attempt to connect to 198.51.100.10:8530 is answered by a reset."

static const struct report_style plain = { .width = 80 };

static unsigned count_of(const char *text, const char *what)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
		count++;
	return count;
}

/* No line passes the columns; nothing but well-formed, harmless text and line ends. */
static void assert_orderly(const char *text, unsigned width)
{
	struct span left = span_text(text);
	unsigned column = 0;

	while (left.len) {
		size_t len = utf8_len(left);
		uint32_t code;

		assert_true(len > 0);
		code = utf8_code(left.at, len);
		span_take(&left, len);
		if (code == '\n') {
			column = 0;
			continue;
		}
		assert_false(utf8_is_harmful(code));
		column += utf8_columns(code);
		if (column > width)
			fail_msg("a line passes %u columns:\n%s", width, text);
	}
}

static void assert_says(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("\"%s\" is missing in:\n%s", what, text);
}

static void health_takes_three_lines(void **unused)
{
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 200);
	case_client(&r, "192.0.2.51", 200);
	case_client(&r, "192.0.2.52", 200);
	text = case_write(&r, report_text, &plain);
	assert_string_equal(text, "All 3 clients get through to wsus01:8530; nothing failed.\n"
	                          "branch.pcapng: 1 842 frames, 10:02:11 to 10:09:40, capture quality good\n"
	                          "Seen to work: connection, config\n");
	free(text);
	case_end(&r);
}

static void what_tls_hides_is_said(void **unused)
{
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	case_session(&r, "192.0.2.50");
	text = case_write(&r, report_text, &plain);
	assert_non_null(strstr(text, " as far as TLS shows"));
	assert_non_null(strstr(text, ": 1 TLS record that nobody can read without keys (--keys)\n"));
	assert_null(strstr(text, "is not seen"));
	free(text);
	case_client(&r, "192.0.2.51", 500);
	case_raise(&r, FINDING_SERVER_ERROR, "192.0.2.51", SUP, "The program fails.");
	text = case_write(&r, report_text, &plain);
	assert_non_null(strstr(text, "\nWhat a client asks for within TLS is not seen: --keys shows it.\n"));
	free(text);
	case_end(&r);
}

static void the_first_line_tells_who(void **unused)
{
	static const struct row {
		unsigned good, bad;
		const char *first;
	} rows[] = {
		{ 0, 0, "No update traffic is in this capture: nothing is judged.\n" },
		{ 1, 0, "The one client gets through to wsus01:8530; nothing failed.\n" },
		{ 2, 0, "Both clients get through to wsus01:8530; nothing failed.\n" },
		{ 4, 0, "All 4 clients get through to wsus01:8530; nothing failed.\n" },
		{ 0, 1, "The one client cannot update from wsus01:8530.\n" },
		{ 1, 2, "2 of 3 clients cannot update from wsus01:8530.\n" },
		{ 0, 3, "3 of 3 clients cannot update from wsus01:8530.\n" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct report_case r;
		char client[20], *text;

		case_begin(&r);
		for (unsigned k = 0; k < rows[i].good + rows[i].bad; k++) {
			snprintf(client, sizeof client, "192.0.2.%u", k + 50);
			case_client(&r, client, k < rows[i].good ? 200 : 500);
			if (k >= rows[i].good)
				case_raise(&r, FINDING_SERVER_ERROR, client, SUP, "The program fails.");
		}
		text = case_write(&r, report_text, &plain);
		if (strncmp(text, rows[i].first, strlen(rows[i].first)) != 0)
			fail_msg("wanted %s, but it is\n%s", rows[i].first, text);
		assert_orderly(text, 80);
		free(text);
		case_end(&r);
	}
}

/* A stop that no finding explains is told by where it was. */
static void a_stop_without_a_finding_has_a_reason(void **unused)
{
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 500);
	text = case_write(&r, report_text, &plain);
	assert_says(text, "from wsus01:8530.\n192.0.2.50: stopped at config: 500.\n");
	free(text);
	case_end(&r);
}

static void trouble_that_stops_nobody_is_told_so(void **unused)
{
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 200);
	case_raise(&r, FINDING_SLOW_ANSWER, NULL, SUP, "6 of 7 calls wait.");
	text = case_write(&r, report_text, &plain);
	assert_says(text, "but not everything is well.\nAll clients to 198.51.100.10:8530: ");
	assert_says(text, "1  WARNING  slow-answer");
	assert_orderly(text, 80);
	free(text);
	case_end(&r);
	/* A rung whose failing is but a warning. */
	case_begin(&r);
	case_client(&r, "192.0.2.50", 404);
	case_raise(&r, FINDING_SLOW_ANSWER, "192.0.2.50", SUP, "It is late.");
	text = case_write(&r, report_text, &plain);
	assert_says(text, "but not everything is well.\n192.0.2.50 to 198.51.100.10:8530: ");
	free(text);
	case_end(&r);
}

/* Who is expected and does not come counts as a client, though nothing shows its way. */
static void who_is_missing_counts(void **unused)
{
	static const struct row {
		enum finding_kind kind;
		unsigned good;
		const char *first;
	} rows[] = {
		{ FINDING_CLIENT_SILENT, 1,
		  "1 of 2 clients gets through to wsus01:8530, and not everything is well.\n" },
		{ FINDING_CLIENT_SILENT, 2,
		  "2 of 3 clients get through to wsus01:8530, and not everything is well.\n" },
		{ FINDING_CONNECTION_MISSING, 1, "1 of 2 clients cannot update from wsus01:8530.\n" },
		{ FINDING_NO_UPDATE_POINT, 0, "The one client cannot update from the update point.\n" },
		{ FINDING_CLIENT_SILENT, 0, "No client gets as far as an update point in this capture.\n" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct report_case r;
		char client[20], *text;

		case_begin(&r);
		for (unsigned k = 0; k < rows[i].good; k++) {
			snprintf(client, sizeof client, "192.0.2.%u", k + 50);
			case_client(&r, client, 200);
		}
		case_raise(&r, rows[i].kind, "192.0.2.77", NULL, "It does not come.");
		text = case_write(&r, report_text, &plain);
		if (strncmp(text, rows[i].first, strlen(rows[i].first)) != 0)
			fail_msg("wanted %s, but it is\n%s", rows[i].first, text);
		assert_orderly(text, 80);
		free(text);
		case_end(&r);
	}
}

/* A name is shown whole: beside its address, or where there is no room for that on a line of its own. */
static void names_are_whole(void **unused)
{
	static const char label[] = "a-name-that-is-as-long-as-no-machine-should-have-one";
	struct report_case r;
	char *text, name[80];

	(void)unused;
	snprintf(name, sizeof name, "%s.corp.example", label);
	case_begin(&r);
	for (unsigned i = 0; i < 3; i++) {
		static const char *const clients[] = { "192.0.2.50", "192.0.2.51", "192.0.2.52" };

		case_client(&r, clients[i], i ? 200 : 500);
		case_scan(&r, clients[i], i == 1 ? "desktop-0123456.corp.example" : i ? name : "pc-1");
	}
	case_raise(&r, FINDING_SERVER_ERROR, "192.0.2.50", SUP, "The program fails.");
	text = case_write(&r, report_text, &plain);
	assert_says(text, "\nCLIENT                      conn");
	assert_says(text, "\n192.0.2.50 pc-1             ok");
	assert_says(text, "\n192.0.2.51 desktop-0123456  ok");
	assert_says(text, "\n192.0.2.52 a-name-that-is-as-long-as-no-machine-should-have-one\n     ");
	assert_says(text, "\nLast, of 3 clients: delta scan, agent 1507.1\n");
	assert_orderly(text, 80);
	free(text);
	case_end(&r);
}

static void one_cause_is_one_story(void **unused)
{
	struct report_case r;
	char client[20], *text;

	(void)unused;
	case_begin(&r);
	for (unsigned i = 0; i < 50; i++) {
		snprintf(client, sizeof client, "192.0.2.%u", i + 1);
		case_client(&r, client, 0);
		case_raise(&r, FINDING_CONNECTION_REFUSED, client, SUP, REFUSAL);
	}
	text = case_write(&r, report_text, &plain);
	assert_says(text, "50 of 50 clients cannot update from 198.51.100.10:8530.\n");
	assert_says(text, "192.0.2.1 and others to 198.51.100.10:8530: ");
	assert_int_equal(count_of(text, "  ERROR  "), 1);
	assert_says(text, "192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4 and 46 more to");
	assert_says(text, "certain, 50 times, 10:02:12");
	assert_says(text, "and 30 more, all of them in -o json.");
	assert_orderly(text, 80);
	free(text);
	case_end(&r);
}

/* Those beyond the findings with names are told with them, not as a story of their own. */
static void an_outage_is_one_story(void **unused)
{
	struct report_case r;
	char client[20], *text;

	(void)unused;
	case_begin(&r);
	for (unsigned i = 0; i < 3000; i++) {
		snprintf(client, sizeof client, "10.1.%u.%u", i >> 8, i & 255);
		case_raise(&r, FINDING_CONNECTION_REFUSED, client, SUP, REFUSAL);
	}
	text = case_write(&r, report_text, &plain);
	assert_int_equal(count_of(text, "  ERROR  "), 1);
	assert_says(text, "10.1.0.0, 10.1.0.1, 10.1.0.2, 10.1.0.3 and 2 996 more to");
	assert_says(text, "certain, 3 000 times");
	assert_false(strstr(text, "more finding"));
	free(text);
	case_end(&r);
}

static void a_finding_has_all_its_parts(void **unused)
{
	static const char *const parts[] = {
		"1  ERROR  connection-refused",
		"certain, once, 10:02:12\n",
		"   Every attempt to connect to",
		"   Who               192.0.2.50 to 198.51.100.10:8530\n",
		"   The client logs   0x80072EFD",
		"   Do next           1 ",
		"   Seen              41: what was seen\n",
		"   Look at           frame 41",
		"CLIENT            conn\n192.0.2.50        STOP\n",
	};
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 0);
	case_raise(&r, FINDING_CONNECTION_REFUSED, "192.0.2.50", SUP, REFUSAL);
	text = case_write(&r, report_text, &plain);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		assert_says(text, parts[i]);
	assert_orderly(text, 80);
	free(text);
	case_end(&r);
}

static void ipv6_has_room(void **unused)
{
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	case_host(&r, "2001:db8:1111:2222:3333:4444:5555:6666",
	          "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:8530", SPAN("wsus01.corp.example:8530"), 500);
	case_raise(&r, FINDING_SERVER_ERROR, "2001:db8:1111:2222:3333:4444:5555:6666",
	           "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:8530", NULL);
	text = case_write(&r, report_text, &plain);
	assert_says(text, "2001:db8:1111:2222:3333:4444:5555:6666");
	assert_says(text, "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:8530");
	assert_says(text, "STOP");
	assert_orderly(text, 80);
	free(text);
	case_end(&r);
}

static void hostile_text_is_harmless(void **unused)
{
	static const char *const texts[] = {
		"\033[2J\033]0;owned\007wsus",
		"a\r\nb\tc",
		("\xe2\x80\xae" "exe.cab"),
		"\xe2\x81\xa6x\xe2\x81\xa9",
		("\xc2\x9b" "31m"),
		"\xc0\x9b[31m",
		"\xff\xfe\x80",
		"\xe0\x80\x9b",
		"\xf0\x9f\x98",
		"\xe2\x80\x8b\xef\xbb\xbf",
		"\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97",
		"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (unsigned width = 60; width <= 80; width += 10) {
			struct report_style style = { .width = width };
			struct report_case r;
			char *text, cause[CAUSE_TEXT];

			snprintf(cause, sizeof cause, "The server says %s%s%s%s.", texts[i], texts[i],
			         texts[i], texts[i]);
			case_begin(&r);
			r.input.name = texts[i];
			case_host(&r, "192.0.2.50", SUP, span_text(texts[i]), 500);
			case_raise(&r, FINDING_SERVER_ERROR, "192.0.2.50", SUP, cause);
			text = case_write(&r, report_text, &style);
			assert_orderly(text, width);
			free(text);
			case_end(&r);
		}
}

static void colour_is_asked_for(void **unused)
{
	struct report_style colored = { .width = 80, .color = true };
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 0);
	case_raise(&r, FINDING_CONNECTION_REFUSED, "192.0.2.50", SUP, REFUSAL);
	text = case_write(&r, report_text, &colored);
	assert_says(text, "\033[1;31mERROR\033[0m");
	assert_int_equal(count_of(text, "\033[") % 2, 0);
	free(text);
	case_end(&r);
}

static void milder_findings_are_counted(void **unused)
{
	struct report_style style = { .width = 80, .from = SEVERITY_ERROR };
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 200);
	case_raise(&r, FINDING_SLOW_ANSWER, NULL, SUP, "6 of 7 calls wait.");
	text = case_write(&r, report_text, &style);
	assert_int_equal(count_of(text, "slow-answer"), 0);
	assert_says(text, "1 finding below error not shown.");
	free(text);
	case_end(&r);
}

static void many_stories_end(void **unused)
{
	struct report_case r;
	char cause[40], *text;

	(void)unused;
	case_begin(&r);
	for (unsigned i = 0; i < 900; i++) {
		snprintf(cause, sizeof cause, "Story number %u.", i);
		case_raise(&r, FINDING_SERVER_ERROR, "192.0.2.50", SUP, cause);
	}
	text = case_write(&r, report_text, &plain);
	assert_int_equal(count_of(text, "ERROR  server-error"), 50);
	assert_says(text, "And 850 more findings: -o json has all.");
	assert_orderly(text, 80);
	free(text);
	case_end(&r);
}

static void files_are_named_as_room_allows(void **unused)
{
	static const struct row {
		const char *name, *shown;
	} rows[] = {
		{ "branch.pcapng", "\nbranch.pcapng: 1 842 frames" },
		{ "/var/captures/of/the/branch/in/the/north/branch.pcapng", "\nbranch.pcapng: 1 842 frames" },
		{ "a-capture-of-the-branch-in-the-north.pcapng", "-north.pcapng: 1 842 frames" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int cut = 0; cut < 2; cut++) {
			struct report_case r;
			char *text;

			case_begin(&r);
			r.input.name = rows[i].name;
			r.input.cut = cut;
			case_client(&r, "192.0.2.50", 200);
			text = case_write(&r, report_text, &plain);
			assert_says(text, rows[i].shown);
			assert_int_equal(strstr(text, "breaks off") != NULL, cut);
			assert_orderly(text, 80);
			free(text);
			case_end(&r);
		}
}

/* Numbers agree with what they count, and say what they leave out. */
static void limits_are_told_in_numbers(void **unused)
{
	static const char *const headlines[] = { "2 of 3 clients cannot update",
		                                 "At least 2 of more than 3 clients cannot update" };

	(void)unused;
	for (unsigned beyond = 0; beyond < 2; beyond++) {
		static const struct report_style wide = { .width = 200 };
		struct report_case r;
		char *text;

		case_begin(&r);
		case_client(&r, "192.0.2.50", 0);
		case_client(&r, "192.0.2.51", 0);
		case_client(&r, "192.0.2.52", 200);
		case_raise(&r, FINDING_CONNECTION_REFUSED, "192.0.2.50", SUP, REFUSAL);
		limit_add(&r.limits, LIMIT_JOINED, 1);
		limit_add(&r.limits, LIMIT_HOLES, 2);
		limit_add(&r.limits, LIMIT_CLIENT_CEILING, beyond);
		text = case_write(&r, report_text, &wide);
		assert_ptr_equal(strstr(text, headlines[beyond]), text);
		assert_says(text, "1 connection began before the capture");
		assert_says(text, "2 gaps in the byte streams never filled");
		free(text);
		case_end(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(health_takes_three_lines),
		cmocka_unit_test(what_tls_hides_is_said),
		cmocka_unit_test(the_first_line_tells_who),
		cmocka_unit_test(a_stop_without_a_finding_has_a_reason),
		cmocka_unit_test(trouble_that_stops_nobody_is_told_so),
		cmocka_unit_test(who_is_missing_counts),
		cmocka_unit_test(names_are_whole),
		cmocka_unit_test(one_cause_is_one_story),
		cmocka_unit_test(an_outage_is_one_story),
		cmocka_unit_test(a_finding_has_all_its_parts),
		cmocka_unit_test(ipv6_has_room),
		cmocka_unit_test(hostile_text_is_harmless),
		cmocka_unit_test(colour_is_asked_for),
		cmocka_unit_test(milder_findings_are_counted),
		cmocka_unit_test(many_stories_end),
		cmocka_unit_test(files_are_named_as_room_allows),
		cmocka_unit_test(limits_are_told_in_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
