/* tests/test_screen.c - what a screen shows of a run, without a terminal.
 *
 *   test_screen [FILE [WIDTH [HEIGHT [KEYS]]]]       prints the screen of that capture after those keys
 *                                                    (^ is Enter, < is Escape)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "capture/source.h"
#include "cli/engine.h"
#include "screen/model.h"

enum { ROOM = 16 << 20, ALL = 64 * 1024 };

/* ---- a capture, up to its end, on a screen ---- */

struct looked {
	struct engine *engine;
	struct tally *tally;
	struct recent *recent;
	struct screen *screen;
	void *room;
	struct screen_news news;
	char text[ALL];                 /* the screen, lines ended by \n */
};

static void take_fact(void *self, const struct fact *fact)
{
	struct looked *l = self;

	tally_fact(l->tally, fact);
	recent_fact(l->recent, fact);
}

static void read_capture(struct looked *l, const char *file)
{
	struct fault f = { 0 };
	struct frame frame;
	struct source *s = source_open(&file, 1, NULL, &f);
	enum source_next next;

	if (!s)
		fail_msg("%s", f.text);
	while ((next = source_next(s, &frame, &f)) == SOURCE_FRAME) {
		engine_frame(l->engine, &frame);
		l->news.input.frames++;
	}
	assert_int_equal(next, SOURCE_END);
	l->news.now = engine_now(l->engine);
	source_close(s);
}

static void look_begin(struct looked *l, const char *file, bool ascii)
{
	struct report report = { 0 };

	*l = (struct looked){ .tally = tally_new(), .recent = recent_new(64 << 20) };
	l->engine = engine_new(&(struct engine_options){ .listener = { l, take_fact } });
	l->screen = screen_new(&(struct screen_options){ .ascii = ascii, .from = SEVERITY_INFO });
	l->room = aligned_alloc(64, ROOM);
	assert_true(l->tally && l->recent && l->engine && l->screen && l->room);
	l->news = (struct screen_news){ .tally = l->tally, .recent = l->recent, .now = MOMENT_NONE,
		                        .input = { .name = "eth0" } };
	read_capture(l, file);
	engine_end(l->engine);
	engine_report(l->engine, &report);
	l->news.view = view_take(l->room, ROOM, &report, l->news.now);
	assert_non_null(l->news.view);
}

static void look_end(struct looked *l)
{
	screen_free(l->screen);
	engine_free(l->engine);
	tally_free(l->tally);
	recent_free(l->recent);
	free(l->room);
}

/* '^' is Enter, '<' Escape, '\t' Tab; the rest are themselves. */
static void press(struct looked *l, const char *keys)
{
	for (; *keys; keys++) {
		uint32_t code = *keys == '^' ? '\r' : *keys == '<' ? 27 : (uint32_t)(unsigned char)*keys;

		assert_true(screen_press(l->screen, press_of(code, false)));
	}
}

static const char *look(struct looked *l, unsigned width, unsigned height, const char *keys)
{
	const struct canvas *c;
	char line[CANVAS_LINE_TEXT];
	size_t len = 0;

	screen_take(l->screen, &l->news);
	press(l, keys);
	screen_take(l->screen, &l->news);
	c = screen_draw(l->screen, width, height);
	assert_non_null(c);
	l->text[0] = '\0';
	for (unsigned row = 0; row < c->height; row++)
		len += (size_t)snprintf(l->text + len, ALL - len, "%s\n", canvas_line(c, row, line));
	assert_true(len < ALL);
	return l->text;
}

static void shows(const struct looked *l, const char *what)
{
	if (!strstr(l->text, what))
		fail_msg("'%s' is not on:\n%s", what, l->text);
}

static void hides(const struct looked *l, const char *what)
{
	if (strstr(l->text, what))
		fail_msg("'%s' is on:\n%s", what, l->text);
}

/* ---- what is to be read ---- */

#define FIFTY "pcaps/fifty-clients.pcapng"

static void the_broken_rung_stands_first(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, FIFTY, false);
	look(&l, 80, 24, "");
	shows(&l, "12 of 50");
	shows(&l, "STOP at config 4, connection 3, name 1, tls 1");
	shows(&l, "1 CLIENTS (50)");
	shows(&l, "CLIENT              name conn tls  conf auth cook reg  sync info rep  file");
	shows(&l, "clients STOP at     1    3    1    4");
	shows(&l, "192.0.2.53          .    STOP .");
	/* What stops at one rung stands together, the lowest first; what works comes last. */
	assert_true(strstr(l.text, "192.0.2.56 ") < strstr(l.text, "192.0.2.53 "));
	assert_true(strstr(l.text, "192.0.2.60 ") < strstr(l.text, "192.0.2.61 "));
	assert_true(strstr(l.text, "192.0.2.67 ") < strstr(l.text, "\n192.0.2.9"));
	look_end(&l);
}

static void little_room_is_enough(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, FIFTY, false);
	look(&l, 40, 10, "");
	shows(&l, "eth0");
	shows(&l, "12 of 50 STOP at config 4");
	shows(&l, "STOP name");
	shows(&l, "STOP connection");
	look(&l, 40, 10, "2");
	shows(&l, "198.51.100.10:8530");
	look(&l, 40, 10, "3");
	shows(&l, "ERROR    name-not-resolved");
	look_end(&l);
}

static void a_client_opens_to_its_ladder_and_flow(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, "pcaps/squid-407-ntlm-refused.pcapng", false);
	look(&l, 100, 40, "^");
	shows(&l, "192.0.2.50 to wsus01.corp.example:8530 via the proxy 203.0.113.9:3128");
	shows(&l, "config         STOP");
	shows(&l, "407 by Squid");
	shows(&l, "\u2502 POST /ClientWebService/client.asmx GetConfig \u2500");
	shows(&l, "407 text/html 3.2 kB, login refused \u2502");
	shows(&l, "Not seen: selfupdate, ");
	look(&l, 100, 40, "<");
	hides(&l, "LAST EXCHANGES");
	look_end(&l);
}

static void lines_are_ascii_where_they_must(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, "pcaps/squid-407-ntlm-refused.pcapng", true);
	look(&l, 100, 40, "^");
	shows(&l, "| POST /ClientWebService/client.asmx GetConfig ---");
	for (const char *c = l.text; *c; c++)
		assert_in_range(*c, '\n', '~');
	look_end(&l);
}

static void servers_have_rates_and_statuses(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, FIFTY, false);
	look(&l, 80, 24, "\t");
	shows(&l, "SERVER                 /s 1s   10s   60s  2xx  3xx  4xx  5xx none    p50     p95");
	shows(&l, "\n198.51.100.10:8530 ");
	shows(&l, "wsus01.corp.example");
	look(&l, 80, 24, "^");
	shows(&l, "  /198.51.100.10:8530\n");
	shows(&l, "1 CLIENTS (36/50)");
	look_end(&l);
}

static void findings_open_to_their_remedy(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, FIFTY, false);
	look(&l, 80, 24, "3");
	shows(&l, "ERROR    connection-unanswered     2 clients to 198.51.100");
	hides(&l, "\x0e");
	look(&l, 80, 40, "j^");
	shows(&l, "connection-unanswered");
	shows(&l, "Clients          192.0.2.5");
	shows(&l, "Do next          1 ");
	look_end(&l);
}

/* Names of users are first letters, unless they are to be seen. */
static void names_are_masked(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, "pcaps/squid-407-ntlm-refused.pcapng", false);
	look(&l, 120, 40, "3^");
	shows(&l, "credentials");
	shows(&l, "***");
	look_end(&l);
}

static void health_is_told_in_a_line(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, "pcaps/healthy-scan.pcapng", false);
	look(&l, 80, 24, "");
	shows(&l, "The one client gets through; nothing failed.");
	hides(&l, "STOP ");
	look_end(&l);
}

/* ---- what keys do ---- */

static void a_filter_holds_for_all_panes(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, FIFTY, false);
	look(&l, 80, 24, "/192.0.2.5q");
	shows(&l, "Filter: 192.0.2.5q_");
	look(&l, 80, 24, "\b^");
	shows(&l, "CLIENTS (10/50)");
	hides(&l, "\n192.0.2.60");
	look(&l, 80, 24, "3");
	shows(&l, "connection-unanswered");
	hides(&l, "content-missing");
	look(&l, 80, 24, "<1");
	shows(&l, "1 CLIENTS (50)");
	look(&l, 80, 24, "/nobody^");
	shows(&l, "Nothing here holds that text");
	look_end(&l);
}

static void frozen_it_stands_still(void **unused)
{
	struct looked l;
	char before[ALL];

	(void)unused;
	look_begin(&l, FIFTY, false);
	snprintf(before, sizeof before, "%s", look(&l, 80, 24, " "));
	shows(&l, "FROZEN");
	l.news.now += 3600 * MOMENT_S;
	l.news.input.frames += 100000;
	l.news.input.dropped = 7;
	assert_string_equal(look(&l, 80, 24, ""), before);
	/* Who is opened meanwhile is there all the same. */
	look(&l, 80, 40, "j^");
	shows(&l, "192.0.2.53");
	shows(&l, "connect");
	look(&l, 80, 24, "< ");
	hides(&l, "FROZEN");
	shows(&l, "7 lost");
	look_end(&l);
}

/* What is over goes to the end, and stays to be read. */
static void what_is_over_is_told(void **unused)
{
	struct looked l;
	struct view later;

	(void)unused;
	look_begin(&l, FIFTY, false);
	look(&l, 80, 24, "3");
	shows(&l, "new\nERROR    soap-fault");
	for (size_t i = 0; i < l.news.view->finding_count; i++) {
		struct journal_entry e = { .word = JOURNAL_RESOLVED, .finding = &l.news.view->findings[i] };

		if (e.finding->kind == FINDING_SOAP_FAULT)
			screen_told(l.screen, &e);
	}
	later = *l.news.view;
	later.now += 600 * MOMENT_S;
	l.news.now = later.now;
	l.news.view = &later;
	look(&l, 80, 24, "");
	shows(&l, "over\n");
	shows(&l, "10 min ago\n");
	assert_true(strstr(l.text, "clear-text-update") < strstr(l.text, "soap-fault"));
	look_end(&l);
}

static void rows_are_chosen_and_scrolled(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, FIFTY, false);
	look(&l, 80, 24, "G");
	hides(&l, "\n192.0.2.56 ");
	look(&l, 80, 24, "g");
	shows(&l, "\n192.0.2.56 ");
	look(&l, 80, 24, "s");
	shows(&l, "address");
	look(&l, 80, 24, "r");
	shows(&l, "address, reversed");
	shows(&l, "192.0.2.99");
	/* What comes later changes places, and not the row that was chosen. */
	look(&l, 80, 24, "j");
	l.news.view = NULL;
	look(&l, 80, 24, "^");
	shows(&l, "192.0.2.98 pc-0498 to wsus01");
	assert_false(screen_press(l.screen, press_of('q', false)));
	look_end(&l);
}

static void words_about_the_run_have_a_line(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, FIFTY, false);
	screen_say(l.screen, "wsuscope: disk is full\033[2J\nmore");
	look(&l, 80, 24, "");
	shows(&l, "disk is full?[2J ");
	hides(&l, "wsuscope: disk");
	look(&l, 80, 24, "<");
	hides(&l, "disk is full");
	look_end(&l);
}

/* Any size, any place: nothing is written where there is nothing, and no line is too long. */
static void any_size_will_do(void **unused)
{
	static const char *const places[] = { "", "2", "3", "1^", "<G^", "<3^", "<?", "?/x", "y^", "<" };
	struct looked l;

	(void)unused;
	look_begin(&l, FIFTY, false);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		look(&l, 80, 24, places[i]);
		for (unsigned width = 1; width < 150; width += 1 + width / 20)
			for (unsigned height = 1; height < 60; height += 1 + height / 10)
				look(&l, width, height, "");
	}
	look_end(&l);
}

/* Before there is anything to show. */
static void an_empty_run_is_told(void **unused)
{
	struct looked l;

	(void)unused;
	look_begin(&l, FIFTY, false);
	l.news.view = NULL;
	l.news.now = MOMENT_NONE;
	l.news.input = (struct screen_input){ .name = "eth0", .away = true };
	look(&l, 80, 24, "");
	shows(&l, "No packet yet");
	shows(&l, "INTERFACE AWAY");
	look(&l, 80, 24, "3^");
	look_end(&l);
}

static int print_screen(int argc, char **argv)
{
	struct looked l;

	look_begin(&l, argv[1], false);
	fputs(look(&l, argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 80,
	           argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 24, argc > 4 ? argv[4] : ""), stdout);
	look_end(&l);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_broken_rung_stands_first),
		cmocka_unit_test(little_room_is_enough),
		cmocka_unit_test(a_client_opens_to_its_ladder_and_flow),
		cmocka_unit_test(lines_are_ascii_where_they_must),
		cmocka_unit_test(servers_have_rates_and_statuses),
		cmocka_unit_test(findings_open_to_their_remedy),
		cmocka_unit_test(names_are_masked),
		cmocka_unit_test(health_is_told_in_a_line),
		cmocka_unit_test(a_filter_holds_for_all_panes),
		cmocka_unit_test(frozen_it_stands_still),
		cmocka_unit_test(what_is_over_is_told),
		cmocka_unit_test(rows_are_chosen_and_scrolled),
		cmocka_unit_test(words_about_the_run_have_a_line),
		cmocka_unit_test(any_size_will_do),
		cmocka_unit_test(an_empty_run_is_told),
	};

	if (argc > 1)
		return print_screen(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
