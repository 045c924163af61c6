/* tests/test_json_check.c - checks in the document and as event lines, read back field by field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <json-c/json.h>

#include "tests/checks.h"
#include "tests/told.h"

#define TARGET "http://wsus01:8530"
#define PROXY "proxy01:3128"

static const struct report_style plain = { .width = 80, .frameless = true };
static const struct report_style framed = { .width = 80 };

static struct checks_case *made(void)
{
	struct checks_case *c = calloc(1, sizeof *c);
	struct report_check *failed;

	checks_begin(c);
	checks_add(c, CHECK_PORT, "8530", TARGET, "", CHECK_OK, "open");
	failed = checks_add(c, CHECK_SOAP, "GetConfig", TARGET, PROXY, CHECK_FAILED, "HTTP 500");
	failed->finding = checks_find(c, FINDING_SERVER_ERROR);
	failed->frames[0] = 12;
	failed->frame_count = 1;
	checks_add(c, CHECK_SOAP, "GetCookie", TARGET, PROXY, CHECK_SKIPPED, "needs soap GetConfig");
	return c;
}

static void end(struct checks_case *c)
{
	checks_end(c);
	free(c);
}

static struct json_object *document(struct checks_case *c, const struct report_style *style)
{
	char *text = case_write(&c->base, report_json, style);
	struct json_object *doc = json_tokener_parse(text);

	assert_non_null(doc);
	free(text);
	return doc;
}

static void the_document_has_checks(void **unused)
{
	static const char *const wanted[][2] = {
		{ "checks.0.name", "port 8530" },
		{ "checks.0.rung", "port" },
		{ "checks.0.target", TARGET },
		{ "checks.0.path", "direct" },
		{ "checks.0.proxy", "null" },
		{ "checks.0.state", "ok" },
		{ "checks.0.ms", "10.000" },
		{ "checks.0.phases.connect_ms", "2.000" },
		{ "checks.0.phases.tls_ms", "null" },
		{ "checks.0.detail", "open" },
		{ "checks.0.kind", "null" },
		{ "checks.1.name", "soap GetConfig" },
		{ "checks.1.path", "proxy" },
		{ "checks.1.proxy", PROXY },
		{ "checks.1.state", "failed" },
		{ "checks.1.kind", "server-error" },
		{ "checks.1.frames.0", "12" },
		{ "checks.2.state", "skipped" },
		{ "checks.2.ms", "null" },
		{ "findings.0.kind", "server-error" },
	};
	struct checks_case *c = made();
	struct json_object *doc = document(c, &plain);

	(void)unused;
	assert_told(doc, wanted, sizeof wanted / sizeof *wanted);
	json_object_put(doc);
	end(c);
}

static void made_up_frames_are_not_told(void **unused)
{
	static const char *const hidden[][2] = { { "findings.0.evidence.0.frame", "null" },
		                                 { "findings.0.filter", "" } };
	static const char *const shown[][2] = { { "findings.0.evidence.0.frame", "41" },
		                                { "findings.0.frames.0", "41" } };
	struct checks_case *c = made();
	struct json_object *doc = document(c, &plain);

	(void)unused;
	assert_told(doc, hidden, 2);
	assert_int_equal(json_object_array_length(told_at(doc, "findings.0.frames")), 0);
	json_object_put(doc);
	doc = document(c, &framed);
	assert_told(doc, shown, 2);
	json_object_put(doc);
	end(c);
}

static void a_capture_has_no_checks(void **unused)
{
	struct report_case r;
	struct json_object *doc;
	char *text;

	(void)unused;
	case_begin(&r);
	text = case_write(&r, report_json, &framed);
	doc = json_tokener_parse(text);
	assert_false(json_object_object_get_ex(doc, "checks", NULL));
	json_object_put(doc);
	free(text);
	case_end(&r);
}

static void a_check_is_an_event(void **unused)
{
	static const char *const wanted[][2] = {
		{ "event.kind", "event" },
		{ "event.dataset", "wsuscope.check" },
		{ "client.ip", "192.0.2.50" },
		{ "client.port", "50000" },
		{ "server.ip", "192.0.2.9" },
		{ "wsuscope.check.name", "soap GetConfig" },
		{ "wsuscope.check.state", "failed" },
		{ "wsuscope.check.path", "proxy" },
		{ "wsuscope.check.kind", "server-error" },
		/* It ended 20 ms after the first began. */
		{ "@timestamp", "2026-03-10T10:02:11.020000000Z" },
	};
	struct checks_case *c = made();
	struct json_object *line;
	struct events *events;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)unused;
	c->checks[1].talks[0] = (struct check_talk){ .local = endpoint_at("192.0.2.50:50000"),
		                                     .remote = endpoint_at("192.0.2.9:3128") };
	c->checks[1].talk_count = 1;
	events = events_new(out, &plain);
	events_check(events, &c->results[1]);
	events_free(events);
	fclose(out);
	line = json_tokener_parse(text);
	assert_told(line, wanted, sizeof wanted / sizeof *wanted);
	json_object_put(line);
	free(text);
	end(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_document_has_checks),
		cmocka_unit_test(made_up_frames_are_not_told),
		cmocka_unit_test(a_capture_has_no_checks),
		cmocka_unit_test(a_check_is_an_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
