/* tests/test_har.c - an HTTP Archive, read back: entries, times, what is masked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <json-c/json.h>

#include "facts/tls.h"
#include "report/har.h"
#include "report/har_parts.h"
#include "tests/exchanges.h"
#include "tests/told.h"

#define BEGIN (INT64_C(1773136931) * MOMENT_S)  /* 2026-03-10T10:02:11Z, by date(1) */
#define SUP   "198.51.100.10:8530"

struct archive {
	struct arena arena;
	struct har *har;
	char *said;
	size_t len;
	FILE *out;
};

static void begin(struct archive *a, bool reveal)
{
	const struct report_style style = { .reveal = reveal };

	*a = (struct archive){ 0 };
	arena_init(&a->arena, 1 << 20);
	a->out = open_memstream(&a->said, &a->len);
	a->har = har_new(a->out, &style, "1.0");
	assert_non_null(a->har);
}

static struct exchange *take(struct archive *a, const char *line, size_t number)
{
	struct exchange *x = exchange_of(&a->arena, line, number, BEGIN);
	struct connection *c = arena_alloc(&a->arena, sizeof *c);

	assert_non_null(x);
	*c = *x->conn;
	c->joined = true;
	x->conn = c;
	har_fact(a->har, &(struct fact){ .kind = FACT_EXCHANGE, .exchange = x });
	return x;
}

static struct json_object *end(struct archive *a)
{
	struct json_object *doc;

	har_end(a->har);
	har_free(a->har);
	fclose(a->out);
	doc = json_tokener_parse(a->said);
	assert_non_null(doc);
	free(a->said);
	arena_release(&a->arena);
	return doc;
}

static void nothing_is_an_archive(void **unused)
{
	struct archive a;
	struct json_object *doc;

	(void)unused;
	begin(&a, false);
	doc = end(&a);
	assert_int_equal(json_object_array_length(told_at(doc, "log.entries")), 0);
	assert_int_equal(json_object_array_length(told_at(doc, "log.pages")), 0);
	assert_string_equal(json_object_get_string(told_at(doc, "log.version")), "1.2");
	json_object_put(doc);
}

static void entries_are_of_pages(void **unused)
{
	static const char *const wanted[][2] = {
		{ "log.creator.name", "wsuscope" },
		{ "log.entries.0.pageref", "client_1" },
		{ "log.entries.0.request.method", "GET" },
		{ "log.entries.0.request.url", "http://wsus01:8530/a%20%3Cb%3E?x=1&token=***" },
		{ "log.entries.0.request.httpVersion", "HTTP/1.1" },
		{ "log.entries.0.request.queryString.1.name", "token" },
		{ "log.entries.0.request.queryString.1.value", "***" },
		{ "log.entries.0.request.cookies.0.name", "a" },
		{ "log.entries.0.request.cookies.0.value", "***" },
		{ "log.entries.0.request.cookies.1.name", "c" },
		{ "log.entries.0.request.headers.1.value", "a=***; c=***" },
		{ "log.entries.0.request.headers.2.value", "Basic ***" },
		{ "log.entries.0.request.headers.3.value", "***" },
		{ "log.entries.0.response.status", "302" },
		{ "log.entries.0.response.statusText", "Found" },
		{ "log.entries.0.response.redirectURL", "http://***@b.example/?sig=***" },
		{ "log.entries.0.response.cookies.0.name", "s" },
		{ "log.entries.0.response.headers.1.value", "s=***; Path=/; Secure" },
		{ "log.entries.0.response.headers.2.value", "NTLM ***" },
		{ "log.entries.0.response.headers.3.value", "Basic realm=\"here\"" },
		{ "log.entries.0.response.content.mimeType", "text/html" },
		{ "log.entries.0.serverIPAddress", "198.51.100.10" },
		{ "log.entries.0._frames.0", "1" },
		{ "log.entries.0._frames.1", "2" },
		{ "log.entries.1.pageref", "client_2" },
		{ "log.entries.1.request.url", "https://[2001:db8::1]:443" },
		{ "log.entries.1.response.status", "0" },
		{ "log.entries.1.timings.wait", "-1" },
		{ "log.entries.2.pageref", "client_1" },
		{ "log.entries.2.request.url", "http://c.example/d" },
		{ "log.pages.0.id", "client_1" },
		{ "log.pages.0.title", "192.0.2.1" },
		{ "log.pages.0.startedDateTime", "2026-03-10T10:02:11.000000Z" },
		{ "log.pages.1.title", "192.0.2.2" },
	};
	struct archive a;
	struct json_object *doc;

	(void)unused;
	begin(&a, false);
	take(&a,
	     "192.0.2.1 > " SUP " GET /a%20<b>?x=1&token=xyz | Host: wsus01:8530 | Cookie: a=b; c=d | "
	     "Authorization: Basic YTpi | X-Auth-Token: t => 302 Found | "
	     "Location: http://u:p@b.example/?sig=1 | "
	     "Set-Cookie: s=1; Path=/; Secure | WWW-Authenticate: NTLM TlRMTVNTUAAC= | "
	     "Proxy-Authenticate: Basic realm=\"here\" | Content-Type: text/html", 1);
	take(&a, "192.0.2.2 > " SUP " CONNECT [2001:db8::1]:443 | Host: x", 2);
	take(&a, "192.0.2.1 > " SUP " GET http://c.example/d | Host: c.example => 200 OK", 3);
	doc = end(&a);
	assert_told(doc, wanted, sizeof wanted / sizeof *wanted);
	json_object_put(doc);
}

static void reveal_shows_all(void **unused)
{
	static const char *const wanted[][2] = {
		{ "log.entries.0.request.url", "http://h/?token=xyz" },
		{ "log.entries.0.request.cookies.0.value", "b" },
		{ "log.entries.0.request.headers.1.value", "a=b" },
		{ "log.entries.0.response.content.text", "<p>hello" },
	};
	struct archive a;
	struct json_object *doc;

	(void)unused;
	begin(&a, true);
	take(&a,
	     "192.0.2.1 > " SUP " GET /?token=xyz | Host: h | Cookie: a=b => 200 OK | bytes 8 | <p>hello", 1);
	doc = end(&a);
	assert_told(doc, wanted, sizeof wanted / sizeof *wanted);
	json_object_put(doc);
}

static void the_wire_does_no_harm(void **unused)
{
	const struct exchange headless = { .status = 200 };
	struct archive a;
	struct json_object *doc;

	(void)unused;
	begin(&a, true);
	take(&a,
	     "192.0.2.1 > " SUP " G\x1b[2JET /\xff\xe2\x80\xae</script> | Host: a\"b | X: \xff\x07 => 200 "
	     "O\x1bK", 1);
	har_fact(a.har, &(struct fact){ .kind = FACT_EXCHANGE, .exchange = &headless });
	fflush(a.out);
	for (size_t i = 0; i < a.len; i++)
		assert_true(a.said[i] == '\n' || (a.said[i] >= ' ' && (uint8_t)a.said[i] < 0x7f) ||
		            (uint8_t)a.said[i] >= 0xc2 || ((uint8_t)a.said[i] & 0xc0) == 0x80);
	assert_null(strstr(a.said, "\xe2\x80\xae"));
	doc = end(&a);
	assert_int_equal(json_object_array_length(told_at(doc, "log.entries")), 1);
	assert_memory_equal(json_object_get_string(told_at(doc, "log.comment")), "1 answers are left out",
	                    22);
	assert_string_equal(json_object_get_string(told_at(doc, "log.entries.0.request.url")),
	                    "http://a%22b/%FF%E2%80%AE%3C/script%3E");
	json_object_put(doc);
}

/* ---- times ---- */

#define AT(ms) (BEGIN + MOMENT_MS * (ms))

static const struct times_row {
	const char *name;
	int64_t asked, answered;        /* ms behind BEGIN; -1 none */
	int64_t syn, synack, hello;     /* ms; -1: not seen */
	uint64_t number;
	struct har_times want;          /* us, but `start` in ms behind BEGIN */
} times_rows[] = {
	{ "the first of all", 0, 10, 20, 25, 30, 0,
	  { .start = 0, .blocked = 10000 + 5000, .dns = 10000, .connect = 5000 + 70000, .ssl = 70000,
	    .send = 1000, .wait = 40000, .receive = 9000, .all = 15000 + 10000 + 75000 + 50000 } },
	{ "no lookup, no TLS", -1, -1, 20, 25, -1, 0,
	  { .start = 20, .blocked = 75000, .dns = -1, .connect = 5000, .ssl = -1, .send = 1000, .wait = 40000,
	    .receive = 9000, .all = 75000 + 5000 + 50000 } },
	{ "joined", -1, -1, -1, -1, -1, 0,
	  { .start = 100, .blocked = -1, .dns = -1, .connect = -1, .ssl = -1, .send = 1000, .wait = 40000,
	    .receive = 9000, .all = 50000 } },
	{ "a later one", 0, 10, 20, 25, 30, 3,
	  { .start = 100, .blocked = -1, .dns = -1, .connect = -1, .ssl = -1, .send = 1000, .wait = 40000,
	    .receive = 9000, .all = 50000 } },
};

static int64_t moment(int64_t ms)
{
	return ms < 0 ? MOMENT_NONE : AT(ms);
}

static void times_are_divided(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof times_rows / sizeof *times_rows; i++) {
		const struct times_row *row = &times_rows[i];
		struct connection c = { .syn_time = moment(row->syn), .synack_time = moment(row->synack) };
		struct tls_session tls = { .client_hello = true, .client_hello_time = moment(row->hello) };
		struct exchange x = {
			.conn = &c, .number = row->number, .tls = row->hello < 0 ? NULL : &tls,
			.request = { .present = true, .first_time = AT(100), .end_time = AT(101) },
			.response = { .present = true, .first_time = AT(141), .last_time = AT(150) },
			.ttfb = 40 * MOMENT_MS,
		};
		struct har_times t = har_times_of(&x, moment(row->asked), moment(row->answered));

		if (t.start != AT(row->want.start) || t.blocked != row->want.blocked ||
		    t.dns != row->want.dns || t.connect != row->want.connect || t.ssl != row->want.ssl ||
		    t.send != row->want.send ||
		    t.wait != row->want.wait || t.receive != row->want.receive || t.all != row->want.all)
			fail_msg("%s: %lld %lld %lld %lld %lld: %lld", row->name, (long long)t.blocked,
			         (long long)t.dns, (long long)t.connect, (long long)t.ssl, (long long)t.wait,
			         (long long)t.all);
	}
}

/* A lookup is one connection's: who comes later did not wait for it. */
static void a_lookup_counts_once(void **unused)
{
	struct lookup l = { .answered = true, .name = "wsus01", .ask_time = AT(0), .answer_time = AT(10) };
	struct connection c = { .syn_time = AT(20), .synack_time = AT(21) };
	struct archive a;
	struct json_object *doc;

	(void)unused;
	begin(&a, false);
	exchange_endpoint(SPAN("192.0.2.1"), &c.client);
	l.client = c.client.addr;
	har_fact(a.har, &(struct fact){ .kind = FACT_LOOKUP, .lookup = &l });
	for (int i = 0; i < 2; i++) {
		struct exchange *x = exchange_of(&a.arena, "192.0.2.1 > " SUP " GET / | Host: WSUS01:8530", 1,
		                                 AT(30));

		x->conn = &c;
		x->number = 0;
		har_fact(a.har, &(struct fact){ .kind = FACT_EXCHANGE, .exchange = x });
	}
	doc = end(&a);
	assert_string_equal(json_object_get_string(told_at(doc, "log.entries.0.timings.dns")), "10.000");
	assert_string_equal(json_object_get_string(told_at(doc, "log.entries.1.timings.dns")), "-1");
	json_object_put(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_an_archive), cmocka_unit_test(entries_are_of_pages),
		cmocka_unit_test(reveal_shows_all),      cmocka_unit_test(the_wire_does_no_harm),
		cmocka_unit_test(times_are_divided),     cmocka_unit_test(a_lookup_counts_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
