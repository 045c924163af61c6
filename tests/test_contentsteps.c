/* tests/test_contentsteps.c - update files from servers that hand them out well, and from those, and proxies,
 * that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "probes/steps.h"
#include "tests/rehearsal.h"
#include "tests/scripted.h"

/* SHA-1 of "abc" (FIPS 180-4's example), and a file of 200 bytes, its first 100, both of the letter x. */
#define ABC "/Content/9D/A9993E364706816ABA3E25717850C26C9CD0D89D.cab"
#define X10 "xxxxxxxxxx"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10
#define HEAD(length) "HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nContent-Length: " length "\r\n\r\n"
#define PART(range, length, body) "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " range              \
	"\r\nContent-Length: " length "\r\n\r\n" body
#define OPEN SCRIPTED_STATUS("200 OK", "")
#define MISSING SCRIPTED_STATUS("404 Not Found", "")

enum { ROWS_MAX = 5, DUES_MAX = 5 };

struct due {
	const char *name;
	enum check_state state;
	const char *says;
};

static const struct stage {
	const char *content;
	struct scripted_row rows[ROWS_MAX];
	struct due due[DUES_MAX];
} stages[] = {
	{ NULL, { { "GET /Content/anonymousCheckFile.txt", OPEN }, { NULL, MISSING } },
	  { { "anonymousCheckFile.txt", CHECK_OK, "anybody may fetch files" } } },
	/* where no file is named, one of old does, if there is one */
	{ NULL, { { "anonymousCheckFile", OPEN },
	          { "wuident.cab", PART("0-49/50", "50", X10 X10 X10 X10 X10) }, { NULL, MISSING } },
	  { { "range", CHECK_OK, "206" } } },
	{ NULL, { { "anonymousCheckFile", OPEN }, { "wuident.cab", HEAD("200") X100 X100 },
	          { NULL, MISSING } },
	  { { "range", CHECK_FAILED, "Range is ignored or removed" } } },
	{ NULL, { { "anonymousCheckFile", OPEN }, { NULL, MISSING } },
	  { { "range", CHECK_SKIPPED, "no file to try with (404)" } } },
	{ NULL, { { NULL, SCRIPTED_STATUS("401 Unauthorized", "Server: Microsoft-IIS/10.0\r\n") } },
	  { { "anonymousCheckFile.txt", CHECK_FAILED, "401 from IIS 10.0" } } },
	{ ABC, { { "anonymousCheckFile", OPEN }, { "HEAD " ABC, HEAD("200") },
	         { "Range: bytes=0-99", PART("0-99/200", "100", X100) }, { NULL, HEAD("200") X100 X100 } },
	  { { "length", CHECK_OK, "200 bytes" }, { "range", CHECK_OK, "206" },
	    { "hash", CHECK_FAILED, "200 bytes, with another SHA-1" } } },
	{ ABC, { { "HEAD ", HEAD("3") }, { "Range: ", PART("0-2/3", "3", "abc") },
	         { NULL, HEAD("3") "abc" } },
	  { { "length", CHECK_OK, "3 bytes" }, { "range", CHECK_OK, "206" },
	    { "hash", CHECK_OK, "SHA-1 as its name says" } } },
	/* Range is removed on the way; HEAD is not known */
	{ "Content/file.cab", { { "HEAD ", SCRIPTED_STATUS("405 Method Not Allowed", "") },
	                        { NULL, HEAD("200") X100 X100 } },
	  { { "length", CHECK_FAILED, "HEAD: 405" },
	    { "range", CHECK_FAILED, "Range is ignored or removed" },
	    { "hash", CHECK_OK, "200 bytes; its name holds no SHA-1" } } },
	/* parts that are others, or shorter; no length; too large */
	{ ABC, { { "HEAD ", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" },
	         { "Range: ", PART("100-199/200", "100", X100) }, { NULL, HEAD("4") "abc" } },
	  { { "length", CHECK_FAILED, "tells no length" },
	    { "range", CHECK_FAILED, "Content-Range \"bytes 100" },
	    { "hash", CHECK_FAILED, "broke off" } } },
	{ ABC, { { "HEAD ", "HTTP/1.1 200 OK\r\nAccept-Ranges: none\r\nContent-Length: 10000000\r\n\r\n" },
	         { "Range: ", PART("0-99/200", "10", X10) }, { NULL, MISSING } },
	  { { "length", CHECK_FAILED, "Accept-Ranges: none" },
	    { "range", CHECK_FAILED, "10 bytes where 100" },
	    { "hash", CHECK_OK, "too large" } } },
	{ ABC, { { "HEAD ", HEAD("200") }, { "Range: ", SCRIPTED_STATUS("206 Partial Content", "") },
	         { NULL, SCRIPTED_STATUS("403 Forbidden", "") } },
	  { { "range", CHECK_FAILED, "Content-Range \"\"" }, { "hash", CHECK_FAILED, "403" } } },
	{ "http://another.test/Content/x.cab", { { NULL, OPEN } },
	  { { "length", CHECK_SKIPPED, "another host" }, { "hash", CHECK_SKIPPED, "another host" } } },
};

static void expect(const struct rehearsal *r, const struct due *due, bool proxied)
{
	for (size_t i = 0; i < DUES_MAX && due[i].name; i++)
		rehearsal_expect(r, due[i].name, proxied, due[i].state, due[i].says);
}

static void files_of_all_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
		struct rehearsal r = { .options = { .content = stages[i].content } };
		struct peer peer = { 0 };
		char url[64];

		peer_start(&peer, scripted_serve, stages[i].rows);
		snprintf(url, sizeof url, "http://127.0.0.1:%u", peer.port);
		rehearsal_begin(&r, url);
		assert_true(content_plan(&r.plan, r.direct));
		rehearsal_run(&r);
		peer_stop(&peer);
		expect(&r, stages[i].due, false);
		rehearsal_end(&r);
	}
}

/* The same file by both ways: what the proxy alone does to Range shows side by side. */
static void proxies_that_take_ranges_away(void **state)
{
	static const struct scripted_row server[] = {
		{ "HEAD ", HEAD("200") }, { "Range: ", PART("0-99/200", "100", X100) }, { NULL, OPEN },
	};
	static const struct scripted_row proxy[] = {
		{ "HEAD http://127.0.0.1:", HEAD("200") }, { "GET http://", HEAD("200") X100 X100 },
		{ NULL, MISSING },
	};
	struct rehearsal r = { .options = { .content = "/Content/file.cab" } };
	struct peer peers[2] = { 0 };
	struct way *way;
	char url[64];

	(void)state;
	peer_start(&peers[0], scripted_serve, server);
	peer_start(&peers[1], scripted_serve, proxy);
	snprintf(url, sizeof url, "http://127.0.0.1:%u", peers[0].port);
	rehearsal_begin(&r, url);
	snprintf(url, sizeof url, "http://127.0.0.1:%u", peers[1].port);
	way = rehearsal_proxy(&r, r.site, url);
	assert_true(content_plan(&r.plan, r.direct));
	assert_true(content_plan(&r.plan, way));
	rehearsal_run(&r);
	peer_stop(&peers[0]);
	peer_stop(&peers[1]);
	rehearsal_expect(&r, "range", false, CHECK_OK, "206");
	rehearsal_expect(&r, "range", true, CHECK_FAILED, "Range is ignored or removed");
	rehearsal_expect(&r, "anonymousCheckFile.txt", true, CHECK_OK, "");
	rehearsal_end(&r);
}

/* ---- an https site, and its port for files ---- */

static void beside(const struct scripted_row *plain_rows, const char *over_tls, const struct due *due)
{
	struct identity own = identity_make(&(struct identity_wish){ .name = "w", .names = "IP:127.0.0.1" });
	struct tls_script script = { .own = &own, .answer = over_tls };
	struct rehearsal r = { .options = { .insecure = true } };
	struct peer plain = { 0 }, tls = { 0 };
	char url[64];

	assert_true(scripted_start_pair(&plain, plain_rows, &tls, &script));
	snprintf(url, sizeof url, "https://127.0.0.1:%u", tls.port);
	rehearsal_begin(&r, url);
	r.direct->http = r.direct->reach;
	assert_true(content_plan(&r.plan, r.direct));
	rehearsal_run(&r);
	peer_stop(&plain);
	peer_stop(&tls);
	expect(&r, due, false);
	rehearsal_end(&r);
	identity_free(&own);
}

static void files_beside_tls(void **state)
{
	static const struct scripted_row serves[] = { { NULL, OPEN } }, refuses[] = { { NULL, MISSING } };
	static const struct due usual[] = {
		{ "anonymousCheckFile.txt", CHECK_OK, "anybody" },
		{ "Content over TLS", CHECK_OK, "no files over TLS" }, { NULL, CHECK_OK, NULL },
	};
	static const struct due both[] = {
		{ "Content over TLS", CHECK_OK, "over TLS, too" }, { NULL, CHECK_OK, NULL },
	};
	static const struct due only_tls[] = {
		{ "anonymousCheckFile.txt", CHECK_FAILED, "404" },
		{ "Content over TLS", CHECK_WARNING, "not on port" }, { NULL, CHECK_OK, NULL },
	};

	(void)state;
	beside(serves, MISSING, usual);
	beside(serves, OPEN, both);
	beside(refuses, OPEN, only_tls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_all_kinds),
		cmocka_unit_test(proxies_that_take_ranges_away),
		cmocka_unit_test(files_beside_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
