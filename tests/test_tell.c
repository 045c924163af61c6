/* tests/test_tell.c - entries as text, events, syslog in both its forms, and fields of journald. */
#include "live/tell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>
#include <json-c/json.h>

#include "live/tellwords.h"
#include "tests/loghost.h"
#include "tests/told.h"

enum { LINES = 4096 };

/* ---- text ---- */

static void text_is_a_line_or_three(void **unused)
{
	static const struct {
		enum journal_word word;
		int64_t after;
		const char *line;
	} rows[] = {
		{ JOURNAL_RAISED, 1, "2026-03-10 10:02:14 ERROR     proxy-auth-required  192.0.2.50 -> "
		                     "192.0.2.9:3128, certain\n"
		                     "         The proxy wants a login of the user Q***.\n"
		                     "         Do next: Look at the proxy\n" },
		{ JOURNAL_UPDATED, 240, "10:06:13 STILL     proxy-auth-required  192.0.2.50 -> "
		                        "192.0.2.9:3128: error, 230 times in 0 s, since 10:02:13\n" },
		{ JOURNAL_RESOLVED, 867, "10:16:40 RESOLVED  proxy-auth-required  192.0.2.50 -> "
		                         "192.0.2.9:3128: after 14 min, failed 230 times\n" },
		{ JOURNAL_CEASED, 1800, "10:32:13 NOT SEEN  proxy-auth-required  192.0.2.50 -> "
		                        "192.0.2.9:3128: for 16 min; 230 times in 14 min before\n" },
		{ JOURNAL_WITHDRAWN, 1801, "10:32:14 WITHDRAWN proxy-auth-required  192.0.2.50 -> "
		                           "192.0.2.9:3128: what came later explains it\n" },
		{ JOURNAL_UPDATED, 86400, "2026-03-11 10:02:13 STILL     proxy-auth-required  192.0.2.50 -> "
		                          "192.0.2.9:3128: error, 230 times in 0 s, since 2026-03-10 "
		                          "10:02:13\n" },
	};
	struct finding n = login();
	char *text = NULL, wanted[LINES] = "";
	size_t size = 0, len = 0;
	FILE *out = open_memstream(&text, &size);
	struct tell *t = tell_new(&(struct tell_options){ TELL_TEXT, plain, .out = out, .fd = -1 });

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct journal_entry e = entry(rows[i].word, &n, rows[i].after);

		tell_entry(t, &e);
		len += (size_t)snprintf(wanted + len, sizeof wanted - len, "%s", rows[i].line);
	}
	tell_free(t);
	fclose(out);
	assert_string_equal(text, wanted);
	free(text);
}

static void sums_count_clients(void **unused)
{
	static const struct {
		uint64_t raised, clients, over;
		const char *says;
		bool at_least;
	} rows[] = {
		{ 9996, 9996, 0, "9 996 more clients alike", false },
		{ 1, 1, 0, "1 more client alike", false },
		{ 12, 3, 0, "12 more findings alike", false },
		{ 12, 12, 40, "12 more clients alike, 40 over", false },
		{ 0, 0, 40, "40 of those not told one by one are over", false },
		{ 1997, 1997, 0, "at least 1 997 more clients alike", true },
		{ 12, 3, 4, "at least 12 more findings alike, 4 over", true },
	};
	struct finding n = login();

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct journal_entry e = entry(JOURNAL_MORE, &n, 90);
		char text[TELL_TEXT_MAX];

		e.raised = rows[i].raised;
		e.clients = rows[i].clients;
		e.over = rows[i].over;
		e.at_least = rows[i].at_least;
		assert_string_equal(tell_sentence(&e, false, text), rows[i].says);
	}
}

/* What the wire put into words moves no cursor and begins no line. */
static void nothing_of_the_wire_gets_through(void **unused)
{
	static const char *const bad[] = { "a\x1b[2Jb", "a\nb", "a\x07z", "a\xe2\x80\xaez", "a\xffz" };
	struct finding n = login();

	(void)unused;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct journal_entry e = entry(JOURNAL_RAISED, &n, 1);
		struct buf message;

		snprintf(n.cause, sizeof n.cause, "%s", bad[i]);
		buf_init(&message, MESSAGE);
		tell_message(&message, &e, false);
		for (size_t k = 0; k < message.len; k++)
			assert_true(message.at[k] >= ' ' && message.at[k] < 0x7f);
		buf_release(&message);
	}
}

/* ---- events ---- */

static void events_tell_what_happened(void **unused)
{
	static const char *const wanted[][2] = {
		{ "@timestamp", "2026-03-10T10:16:40.000000000Z" },
		{ "event.kind", "alert" },
		{ "event.action", "resolved" },
		{ "event.start", "2026-03-10T10:02:13.000000000Z" },
		{ "event.end", "2026-03-10T10:16:13.000000000Z" },
		{ "event.duration", "840000000000" },
		{ "rule.id", "proxy-auth-required" },
		{ "client.ip", "192.0.2.50" },
		{ "wsuscope.finding.kind", "proxy-auth-required" },
		{ "wsuscope.episode.count", "230" },
	};
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RESOLVED, &n, 867);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct events *events = events_new(out, &plain);
	struct tell *t = tell_new(&(struct tell_options){ TELL_EVENTS, plain, .events = events, .fd = -1 });
	struct json_object *line;

	(void)unused;
	tell_entry(t, &e);
	tell_free(t);
	events_free(events);
	fclose(out);
	line = json_tokener_parse(text);
	assert_told(line, wanted, sizeof wanted / sizeof *wanted);
	assert_null(strstr(text, "Qvirin"));
	json_object_put(line);
	free(text);
}

/* ---- logs ---- */

/* RFC 5424 section 6: <PRI>VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP SD SP MSG.
 * Daemon (3) times 8 plus error (3) is 27. */
static void a_target_hears_rfc_5424(void **unused)
{
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RAISED, &n, 1);
	char text[MESSAGE], wanted[MESSAGE], host[256] = "";
	struct loghost l;

	(void)unused;
	loghost_begin(&l, TELL_SYSLOG, SOCK_DGRAM);
	assert_int_equal(gethostname(host, sizeof host), 0);
	for (int i = 1; i <= 2; i++) {
		tell_entry(l.tell, &e);
		snprintf(wanted, sizeof wanted,
		         "<27>1 2026-03-10T10:02:14.000000Z %s wsuscope %d RAISED [meta sequenceId=\"%d\"]"
		         "[origin software=\"wsuscope\"] raised proxy-auth-required severity=error "
		         "confidence=certain client=192.0.2.50 server=192.0.2.9:3128 via=192.0.2.9:3128 "
		         "count=230: The proxy wants a login of the user Q***. (certain)",
		         host, getpid(), i);
		hear(l.fd, text, sizeof text);
		assert_string_equal(text, wanted);
	}
	assert_int_equal(tell_lost(l.tell), 0);
	loghost_end(&l);
}

/* Section 6.4: a message in UTF-8 begins with its mark, and is not cut within a character. */
static void utf_8_has_its_mark_and_whole_characters(void **unused)
{
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RAISED, &n, 1);
	char text[MESSAGE];
	struct loghost l;

	(void)unused;
	loghost_begin(&l, TELL_SYSLOG, SOCK_DGRAM);
	snprintf(n.cause, sizeof n.cause, "Der Server hei\xc3\x9ft anders.");
	tell_entry(l.tell, &e);
	hear(l.fd, text, sizeof text);
	assert_non_null(strstr(text, "] \xef\xbb\xbfraised "));
	assert_non_null(strstr(text, "hei\xc3\x9ft"));
	loghost_end(&l);
}

/* RFC 6587 section 3.4.1: MSG-LEN SP SYSLOG-MSG. */
static void a_stream_gets_octet_counts(void **unused)
{
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RAISED, &n, 1);
	char text[2 * MESSAGE], *at = text;
	struct loghost l;
	int peer;

	(void)unused;
	loghost_begin(&l, TELL_SYSLOG, SOCK_STREAM);
	peer = accept(l.fd, NULL, NULL);
	assert_true(peer >= 0);
	tell_entry(l.tell, &e);
	tell_entry(l.tell, &e);
	hear(peer, text, sizeof text);
	for (int i = 0; i < 2; i++) {
		char *end;
		unsigned long len = strtoul(at, &end, 10);

		assert_memory_equal(end, " <27>1 2026-", 12);
		assert_true(len <= strlen(end + 1));
		at = end + 1 + len;
	}
	assert_string_equal(at, "");
	close(peer);
	loghost_end(&l);
}

/* syslog(3): <PRI>Mmm dd hh:mm:ss ident[pid]: text, in local time. */
static void the_system_hears_what_syslog_says(void **unused)
{
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RESOLVED, &n, 867);
	char text[MESSAGE], wanted[MESSAGE];
	struct fault f = { 0 };
	struct loghost l;
	int fd;

	(void)unused;
	setenv("TZ", "UTC-2", 1);
	loghost_begin(&l, TELL_SYSLOG, SOCK_DGRAM);
	tell_free(l.tell);              /* without a target it is the same socket, elsewhere */
	fd = tell_connect(TELL_SYSLOG, l.path, &f);
	l.tell = tell_new(&(struct tell_options){ TELL_SYSLOG, plain, .fd = fd });
	tell_entry(l.tell, &e);
	hear(l.fd, text, sizeof text);
	snprintf(wanted, sizeof wanted, "<29>Mar 10 12:16:40 wsuscope[%d]: resolved proxy-auth-required ",
	         getpid());
	assert_memory_equal(text, wanted, strlen(wanted));
	assert_non_null(strstr(text, ": after 14 min, failed 230 times"));
	unsetenv("TZ");
	loghost_end(&l);
}

/* "\nNAME=value\n" stands among the fields. */
static void assert_field(const char *text, const char *field)
{
	char wanted[MESSAGE];

	snprintf(wanted, sizeof wanted, "\n%s\n", field);
	if (!strstr(text, wanted))
		fail_msg("%s is missing in %s", field, text);
}

/* systemd's native protocol: NAME=value lines; a value with lines of its own stands behind its length, of 64
 * bits, little endian. */
static void journald_hears_fields(void **unused)
{
	static const char *const fields[] = {
		"PRIORITY=3", "SYSLOG_IDENTIFIER=wsuscope", "SYSLOG_FACILITY=3", "WSUSCOPE_WORD=raised",
		"WSUSCOPE_KIND=proxy-auth-required", "WSUSCOPE_SEVERITY=error", "WSUSCOPE_CLIENT=192.0.2.50",
		"WSUSCOPE_SERVER=192.0.2.9:3128", "WSUSCOPE_COUNT=230", "WSUSCOPE_CODES=0x8024401B",
		"WSUSCOPE_CAUSE=The proxy wants a login of the user Q***.",
	};
	static const char remedy[] = "WSUSCOPE_REMEDY\n\x24\0\0\0\0\0\0\0"
				     "Look at the proxy\nThen at the client\n";
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RAISED, &n, 1);
	char text[MESSAGE];
	struct loghost l;
	size_t len;

	(void)unused;
	loghost_begin(&l, TELL_JOURNALD, SOCK_DGRAM);
	tell_entry(l.tell, &e);
	len = hear(l.fd, text, sizeof text);
	assert_int_equal(strlen("Look at the proxy\nThen at the client"), 0x24);
	assert_non_null(memmem(text, len, remedy, sizeof remedy - 1));
	for (size_t i = 0; i < len; i++)
		text[i] = text[i] ? text[i] : ' ';
	assert_memory_equal(text, "MESSAGE=proxy-auth-required raised, 192.0.2.50 -> 192.0.2.9:3128: The ",
	                    70);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		assert_field(text, fields[i]);
	loghost_end(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_a_line_or_three),
		cmocka_unit_test(sums_count_clients),
		cmocka_unit_test(nothing_of_the_wire_gets_through),
		cmocka_unit_test(events_tell_what_happened),
		cmocka_unit_test(a_target_hears_rfc_5424),
		cmocka_unit_test(utf_8_has_its_mark_and_whole_characters),
		cmocka_unit_test(a_stream_gets_octet_counts),
		cmocka_unit_test(the_system_hears_what_syslog_says),
		cmocka_unit_test(journald_hears_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
