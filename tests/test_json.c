/* tests/test_json.c - the JSON document and the event lines, read back field by field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <json-c/json.h>

#include "report/json_util.h"
#include "tests/case.h"
#include "tests/told.h"

#define SUP "198.51.100.10:8530"

static const struct report_style plain = { .width = 80 };

static void the_document_has_its_fields(void **unused)
{
	static const char *const wanted[][2] = {
		{ "schema", "wsuscope/1" },
		{ "input.0.file", "branch.pcapng" },
		{ "input.0.format", "pcapng" },
		{ "input.0.frames", "1842" },
		{ "input.0.bytes", "900000" },
		{ "input.0.first", "2026-03-10T10:02:11.000000000Z" },
		{ "input.0.last", "2026-03-10T10:09:40.000000000Z" },
		{ "quality.verdict", "good" },
		{ "quality.limits.0.kind", "duplicate-frames" },
		{ "quality.limits.0.count", "3" },
		{ "summary.frames", "1842" },
		{ "summary.connections", "2" },
		{ "summary.exchanges", "1" },
		{ "summary.tls_sessions", "0" },
		{ "summary.lookups", "0" },
		{ "summary.soap_calls", "0" },
		{ "summary.clients", "2" },
		{ "summary.servers", "1" },
		{ "summary.findings.critical", "0" },
		{ "summary.findings.error", "1" },
		{ "summary.findings.warning", "1" },
		{ "summary.findings.info", "0" },
		{ "clients.0.ip", "192.0.2.50" },
		{ "clients.0.name", "null" },
		{ "clients.0.server", "wsus01:8530" },
		{ "clients.0.ladder.0.rung", "name" },
		{ "clients.0.ladder.0.state", "unseen" },
		{ "clients.0.ladder.0.ms", "null" },
		{ "clients.0.ladder.2.state", "skipped" },
		{ "clients.0.ladder.4.rung", "config" },
		{ "clients.0.ladder.4.state", "ok" },
		{ "clients.0.ladder.4.detail", "200" },
		{ "clients.1.server", SUP },
		{ "clients.1.ladder.1.state", "failed" },
		{ "clients.1.ladder.1.detail", "refused" },
		{ "servers.0.ip", "198.51.100.10" },
		{ "servers.0.port", "8530" },
		{ "servers.0.role", "wsus" },
		{ "findings.0.id", "1" },
		{ "findings.0.kind", "connection-refused" },
		{ "findings.0.severity", "error" },
		{ "findings.0.confidence", "certain" },
		{ "findings.0.client", "192.0.2.51" },
		{ "findings.0.server", SUP },
		{ "findings.0.via", "null" },
		{ "findings.0.answered_by", "null" },
		{ "findings.0.count", "1" },
		{ "findings.0.first", "2026-03-10T10:02:12.000000000Z" },
		{ "findings.0.last", "2026-03-10T10:02:12.000000000Z" },
		{ "findings.0.codes.0", "0x80072EFD" },
		{ "findings.0.cause", "Refused." },
		{ "findings.0.frames.0", "41" },
		{ "findings.0.filter", "frame.number eq 41" },
		{ "findings.0.evidence.0.frame", "41" },
		{ "findings.0.evidence.0.text", "what was seen" },
		{ "findings.1.kind", "slow-answer" },
		{ "findings.1.client", "null" },
	};
	struct report_case r;
	struct json_object *doc;
	char *text;

	(void)unused;
	case_begin(&r);
	limit_add(&r.limits, LIMIT_DUPLICATES, 3);
	case_client(&r, "192.0.2.50", 200);
	case_client(&r, "192.0.2.51", 0);
	case_raise(&r, FINDING_SLOW_ANSWER, NULL, SUP, "Late.");
	case_raise(&r, FINDING_CONNECTION_REFUSED, "192.0.2.51", SUP, "Refused.");
	text = case_write(&r, report_json, &plain);
	doc = json_tokener_parse(text);
	assert_non_null(doc);
	assert_told(doc, wanted, sizeof wanted / sizeof *wanted);
	assert_true(json_object_array_length(told_at(doc, "findings.0.remedy")) > 0);
	assert_true(json_object_get_string_len(told_at(doc, "findings.0.would_change")) > 0);
	assert_true(json_object_get_string_len(told_at(doc, "findings.0.title")) > 0);
	assert_int_equal(json_object_array_length(told_at(doc, "clients.0.ladder")), RUNG_COUNT);
	json_object_put(doc);
	free(text);
	case_end(&r);
}

static void milder_findings_are_counted_not_shown(void **unused)
{
	struct report_style style = { .width = 80, .from = SEVERITY_ERROR };
	struct report_case r;
	struct json_object *doc;
	char *text;

	(void)unused;
	case_begin(&r);
	case_raise(&r, FINDING_SLOW_ANSWER, NULL, SUP, "Late.");
	text = case_write(&r, report_json, &style);
	doc = json_tokener_parse(text);
	assert_int_equal(json_object_array_length(told_at(doc, "findings")), 0);
	assert_string_equal(json_object_get_string(told_at(doc, "summary.findings.warning")), "1");
	json_object_put(doc);
	free(text);
	case_end(&r);
}

/* An empty capture has times of null, and is no less a document. */
static void nothing_is_a_document(void **unused)
{
	static const char *const wanted[][2] = { { "input.0.first", "null" }, { "input.0.last", "null" },
		                                 { "summary.clients", "0" } };
	struct report_case r;
	struct json_object *doc;
	char *text;

	(void)unused;
	case_begin(&r);
	r.input.first = r.input.last = MOMENT_NONE;
	text = case_write(&r, report_json, &plain);
	doc = json_tokener_parse(text);
	assert_non_null(doc);
	assert_told(doc, wanted, 3);
	assert_int_equal(json_object_array_length(told_at(doc, "clients")), 0);
	json_object_put(doc);
	free(text);
	case_end(&r);
}

static void bytes_become_utf8(void **unused)
{
	struct report_case r;
	struct json_object *doc;
	char *text;

	(void)unused;
	case_begin(&r);
	case_host(&r, "192.0.2.50", SUP, SPAN("a\xff\"\\\n\x1b\xc3\xa9\xed\xa0\x80z"), 500);
	case_raise(&r, FINDING_SERVER_ERROR, "192.0.2.50", SUP, "\xc0\xaf says \"no\"");
	text = case_write(&r, report_json, &plain);
	doc = json_tokener_parse(text);
	assert_non_null(doc);
	assert_string_equal(json_object_get_string(told_at(doc, "clients.0.server")),
	                    "a\xef\xbf\xbd\"\\\n\x1b\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
	assert_string_equal(json_object_get_string(told_at(doc, "findings.0.cause")),
	                    "\xef\xbf\xbd\xef\xbf\xbd says \"no\"");
	for (const char *c = text; *c; c++)
		assert_true((unsigned char)*c >= 0x20 || *c == '\n');
	json_object_put(doc);
	free(text);
	case_end(&r);
}

/* What would turn or hide text in a terminal stands as an escape, and means the same. */
static void harmful_characters_are_escaped(void **unused)
{
	static const struct row {
		const char *given, *written;
	} rows[] = {
		{ "a\x7f" "b", "\"a\\u007fb\"" },
		{ "\xc2\x9b" "31m", "\"\\u009b31m\"" },
		{ "\xe2\x80\xae" "exe\xe2\x81\xa9", "\"\\u202eexe\\u2069\"" },
		{ "\xf3\xa0\x81\x81", "\"\\udb40\\udc41\"" },
		{ "\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x98\x80", "\"\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x98\x80\"" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);
		struct json_object *back;

		json_write(out, json_bytes(span_text(rows[i].given)), JSON_C_TO_STRING_PLAIN);
		fclose(out);
		assert_string_equal(text, rows[i].written);
		back = json_tokener_parse(text);
		assert_string_equal(json_object_get_string(back), rows[i].given);
		json_object_put(back);
		free(text);
	}
}

/* ---- event lines ---- */

static void connections_are_events(void **unused)
{
	static const char *const wanted[][2] = {
		{ "@timestamp", "1970-01-01T00:00:11.000000000Z" },
		{ "ecs.version", "8.11" },
		{ "event.kind", "event" },
		{ "event.dataset", "wsuscope.connection" },
		{ "flow.id", "7" },
		{ "network.transport", "tcp" },
		{ "network.community_id", "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
		{ "client.ip", "128.232.110.120" },
		{ "client.port", "34855" },
		{ "client.bytes", "500" },
		{ "server.ip", "66.35.250.204" },
		{ "server.port", "80" },
		{ "server.bytes", "500" },
		{ "wsuscope.connection.outcome", "established" },
		{ "wsuscope.connection.closed", "reset_by_middlebox" },
		{ "wsuscope.connection.syn_count", "1" },
		{ "wsuscope.connection.retransmissions", "5" },
		{ "wsuscope.connection.lost_bytes", "0" },
		{ "wsuscope.connection.rtt_ms", "1.000" },
		{ "wsuscope.connection.frames.0", "1" },
		{ "wsuscope.connection.frames.1", "9" },
	};
	struct connection c = connection_at("128.232.110.120", "66.35.250.204:80", 10);
	struct fact f = { .kind = FACT_CONNECTION, .time = 11 * MOMENT_S, .connection = &c };
	struct json_object *line;

	(void)unused;
	c.id = 7;
	c.client.port = 34855;
	c.closed = CONNECTION_RESET_BY_MIDDLEBOX;
	c.side[CLIENT].retransmissions = 2;
	c.side[SERVER].retransmissions = 3;
	line = told_line(&f, NULL, false);
	assert_told(line, wanted, sizeof wanted / sizeof *wanted);
	json_object_put(line);
}

static void exchanges_are_events(void **unused)
{
	static const char *const wanted[][2] = {
		{ "event.dataset", "wsuscope.exchange" },
		{ "http.request.method", "POST" },
		{ "http.request.body.bytes", "12" },
		{ "url.original", "http://***@wsus01:8530/Content/x.cab?token=***&n=1" },
		{ "url.domain", "wsus01" },
		{ "user_agent.original", "Windows-Update-Agent/10.0" },
		{ "http.response.status_code", "401" },
		{ "http.response.body.bytes", "1293" },
		{ "http.response.mime_type", "text/html" },
		{ "wsuscope.exchange.request_frame", "4" },
		{ "wsuscope.exchange.response_frame", "6" },
		{ "wsuscope.exchange.body_wire_bytes", "1300" },
		{ "wsuscope.exchange.body_skipped", "false" },
		{ "wsuscope.exchange.content_encoding", "xpress" },
		{ "wsuscope.exchange.ttfb_ms", "5.000" },
		{ "wsuscope.exchange.complete", "true" },
		{ "wsuscope.exchange.via_proxy", "true" },
		{ "wsuscope.exchange.auth.scheme", "Basic" },
		{ "wsuscope.exchange.auth.step", "credentials" },
		{ "wsuscope.exchange.auth.user", "a***" },
	};
	struct http_header asked = { SPAN("user-agent"), SPAN("Windows-Update-Agent/10.0") };
	struct http_header told[] = { { SPAN("Content-Type"), SPAN("text/html; charset=utf-8") },
		                      { SPAN("Content-Encoding"), SPAN("xpress") } };
	struct connection c = connection_at("192.0.2.50", SUP, 10);
	struct exchange x = call_on(&c, "/Content/x.cab");
	struct fact f = { .kind = FACT_EXCHANGE, .time = 11 * MOMENT_S, .exchange = &x };
	struct json_object *line;

	(void)unused;
	x.target = SPAN("http://alice:secret@wsus01:8530/Content/x.cab?token=abc&n=1");
	x.via_proxy = true;
	answer(&x, 401, 5);
	x.request.headers = &asked;
	x.request.header_count = 1;
	x.request.body.entity_bytes = 12;
	x.response.headers = told;
	x.response.header_count = 2;
	x.response.body.wire_bytes = 1300;
	x.response.body.entity_bytes = 1293;
	x.server_auth = (struct auth){ .sent = true, .scheme = AUTH_BASIC, .sent_step = AUTH_STEP_CREDENTIALS,
		                       .offered = 1u << AUTH_NTLM, .user = SPAN_LIT("alice") };
	line = told_line(&f, NULL, false);
	assert_told(line, wanted, sizeof wanted / sizeof *wanted);
	assert_string_equal(json_object_get_string(told_at(line, "url.scheme")), "http");
	assert_true(json_object_is_type(told_at(line, "http.response.status_code"), json_type_int));
	assert_null(strstr(json_object_to_json_string(line), "secret"));
	assert_null(strstr(json_object_to_json_string(line), "alice"));
	json_object_put(line);
	line = told_line(&f, NULL, true);
	assert_string_equal(json_object_get_string(told_at(line, "wsuscope.exchange.auth.user")), "alice");
	assert_non_null(strstr(json_object_to_json_string(line), "token=abc"));
	json_object_put(line);
}

/* A half that was not seen has no fields. */
static void halves_are_told_as_halves(void **unused)
{
	struct connection c = connection_at("192.0.2.50", SUP, 10);
	struct exchange x = call_on(&c, "/ClientWebService/client.asmx");
	struct fact f = { .kind = FACT_EXCHANGE, .time = 11 * MOMENT_S, .exchange = &x };
	struct json_object *line, *none;

	(void)unused;
	x.end = EXCHANGE_SILENCE;
	line = told_line(&f, NULL, false);
	assert_false(json_object_object_get_ex(told_at(line, "http"), "response", &none));
	assert_false(json_object_get_boolean(told_at(line, "wsuscope.exchange.complete")));
	json_object_put(line);
	answer(&x, 200, 5);
	x.request.present = false;
	line = told_line(&f, NULL, false);
	assert_false(json_object_object_get_ex(told_at(line, "http"), "request", &none));
	assert_int_equal(json_object_get_int(told_at(line, "http.response.status_code")), 200);
	json_object_put(line);
}

static void icmp_errors_are_events(void **unused)
{
	static const char *const wanted[][2] = {
		{ "event.dataset", "wsuscope.icmp" }, { "wsuscope.icmp.type", "3" },
		  { "wsuscope.icmp.code", "13" },
		{ "wsuscope.icmp.from", "203.0.113.1" },
	};
	struct icmp_error error = { .frame = 4, .from = addr_at("203.0.113.1"), .type = 3, .code = 13,
		                    .source = endpoint_at("192.0.2.50:50000"), .target = endpoint_at(SUP) };
	struct fact f = { .kind = FACT_ICMP, .time = 11 * MOMENT_S, .icmp = &error };
	struct json_object *line = told_line(&f, NULL, false);

	(void)unused;
	assert_told(line, wanted, sizeof wanted / sizeof *wanted);
	assert_non_null(told_at(line, "wsuscope.icmp.about"));
	json_object_put(line);
}

static void findings_are_alerts(void **unused)
{
	static const char *const wanted[][2] = {
		{ "@timestamp", "2026-03-10T10:02:12.000000000Z" }, { "event.kind", "alert" },
		{ "event.dataset", "wsuscope.finding" },            { "rule.id", "connection-refused" },
		{ "client.ip", "192.0.2.51" },                      { "server.ip", "198.51.100.10" },
		{ "wsuscope.finding.kind", "connection-refused" },  { "wsuscope.finding.cause", "Refused." },
	};
	struct report_case r;
	struct json_object *line;

	(void)unused;
	case_begin(&r);
	case_raise(&r, FINDING_CONNECTION_REFUSED, "192.0.2.51", SUP, "Refused.");
	findings_settle(r.findings, false);
	line = told_line(NULL, findings_at(r.findings, 0), false);
	assert_told(line, wanted, sizeof wanted / sizeof *wanted);
	assert_string_equal(json_object_get_string(told_at(line, "rule.name")),
	                    finding_row(FINDING_CONNECTION_REFUSED)->title);
	json_object_put(line);
	case_end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_document_has_its_fields),
		cmocka_unit_test(milder_findings_are_counted_not_shown),
		cmocka_unit_test(nothing_is_a_document),       cmocka_unit_test(bytes_become_utf8),
		cmocka_unit_test(connections_are_events),      cmocka_unit_test(exchanges_are_events),
		cmocka_unit_test(halves_are_told_as_halves),
		cmocka_unit_test(icmp_errors_are_events),      cmocka_unit_test(findings_are_alerts),
		cmocka_unit_test(harmful_characters_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
