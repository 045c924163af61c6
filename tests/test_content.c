/* tests/test_content.c - update files that are missing, altered or sent elsewhere; each beside a twin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"
#include "tests/trial.h"

extern const struct analyzer analyzer_answers, analyzer_content;

#define SHA1  "747E85F5369F9ADB5E0C76BE072C10B9B705583E"
#define OTHER "567DDB39583F2FCD7F74DC46D2DA0ACAB5186833"
#define CAB   "/Content/3E/" SHA1 ".cab"
#define PSF   "/Content/33/" OTHER ".psf"
#define PC(n) "192.0.2." n " > 198.51.100.1:8530 "
#define BITS  " | Host: wsus01:8530 | User-Agent: Microsoft BITS/7.8"
#define IIS   " | Server: Microsoft-IIS/10.0 | X-Powered-By: ASP.NET"
#define GET(n, path)  PC(n) "#2 GET " path BITS " => "
#define HEAD(n, path) PC(n) "#2 HEAD " path BITS " => "
#define PART(n, conn, range) \
	PC(n) conn " GET " CAB BITS " | Range: bytes=" range " => 206 Partial Content" IIS \
	      " | Content-Type: application/octet-stream | Content-Range: bytes " range
#define MISSING "404 Not Found" IIS "\n"
#define FINE    "200 OK" IIS " | Content-Type: application/octet-stream"
#define TOLD \
	PC("50") "#1 CALL GetExtendedUpdateInfo | Host: wsus01:8530 => 200 OK" IIS \
	         " | update revision_id=392 kb=9000001 | update revision_id=392 title=\"2026-03 Contoso " \
	         "demo update (KB9000001)\" | file name=contoso-kb9000001-x64.cab sha1=" SHA1 \
	         " size=3120000 revision_id=392 | location sha1=" SHA1 " url=http://wsus01:8530" CAB "\n"
#define NAMED "contoso-kb9000001-x64.cab of \"2026-03 Contoso demo update (KB9000001)\""

static const struct judged missing[] = {
	{ "an announced file is missing", TOLD GET("50", CAB) MISSING, "content-missing error certain 1",
	  "(404) that it announced: " NAMED ". Its download from the upstream" },
	{ "codes of BITS", GET("50", CAB) MISSING, "content-missing error certain 1", "codes 0x80190194" },
	{ "nobody announced it where it could be read", GET("50", CAB) MISSING,
	  "content-missing error certain 1", "(404): " SHA1 ".cab. Its download" },
	{ "it comes soon after", GET("50", CAB) MISSING "+10\n" GET("50", CAB) FINE "\n", "", NULL },
	{ "it comes late", GET("50", CAB) MISSING "+300\n" GET("51", PSF) FINE "\n" GET("50", CAB) FINE "\n",
	  "content-missing warning certain 1", NULL },
	{ "one of two comes",
	  GET("50", CAB) MISSING GET("50", PSF) MISSING GET("50", PSF) FINE "\n",
	  "content-missing error certain 2", SHA1 ".cab. Its download" },
	{ "several are missing",
	  GET("50", CAB) MISSING GET("50", PSF) MISSING GET("50", CAB) MISSING,
	  "content-missing error certain 3", SHA1 ".cab, and 1 more" },
	{ "no MIME type", GET("50", CAB) FINE "\n" GET("50", PSF) MISSING, "content-missing error certain 1",
	  "of type .psf (404): " OTHER ".psf. It is not there yet, or IIS has no MIME type" },
	{ "the remedy for it", GET("50", PSF) MISSING, "content-missing error certain 1",
	  "first IIS Manager > the server > MIME Types" },
	{ "the type is served",
	  GET("51", "/Content/3E/" SHA1 ".psf") FINE "\n" GET("50", PSF) MISSING,
	  "content-missing error certain 1", "Others it hands out" },
	{ "clients that miss the same are two findings in equal words",
	  GET("50", CAB) MISSING GET("51", CAB) MISSING,
	  "content-missing error certain 1; content-missing error certain 1", NULL },
	{ "a name without extension is forbidden to everybody",
	  GET("50", "/Content/3E/" SHA1) "403 Forbidden" IIS "\n", "", NULL },
	{ "a file is forbidden", GET("50", CAB) "403 Forbidden" IIS "\n", "forbidden error certain 1", NULL },
	{ "the file for health checks is none",
	  PC("50") "#2 GET /Content/anonymousCheckFile.txt" BITS " => " MISSING, "not-found error certain 1",
	  NULL },
	{ "a range beyond what is there is the shorter file's fault",
	  TOLD PC("50") "#2 GET " CAB BITS " | Range: bytes=3000000- => 416 Range Not Satisfiable" IIS
	                " | Content-Range: bytes */3000000\n",
	  "content-corrupt error certain 1", NULL },
	{ "asked for in TLS",
	  PC("50") "#2 GET " CAB BITS " | tls => " MISSING,
	  "content-over-tls warning probable 1", NULL },
};

static const struct judged altered[] = {
	{ "a file in parts",
	  TOLD HEAD("50", CAB) FINE " | Content-Length: 3120000\n"
	  PART("50", "#2", "0-1559999") "/3120000 | Content-Length: 1560000 | ETag: \"a\"\n"
	  PART("50", "#3", "1560000-3119999") "/3120000 | Content-Length: 1560000 | ETag: \"a\"\n", "",
	  NULL },
	{ "its size is another",
	  TOLD PART("50", "#2", "0-999") "/3000000 | Content-Length: 1000\n"
	  PART("50", "#2", "1000-1999") "/3000000 | Content-Length: 1000\n",
	  "content-corrupt error certain 1", NAMED " has 3000000 bytes here, and 3120000 were announced" },
	{ "the size of all of it is another", TOLD GET("50", CAB) FINE " | Content-Length: 1233\n",
	  "content-corrupt error certain 1", "codes 0x80246002 0x8020002B" },
	{ "HEAD tells as well", TOLD HEAD("50", CAB) FINE " | Content-Length: 1233\n",
	  "content-corrupt error certain 1", NULL },
	{ "a page in its place is told elsewhere",
	  TOLD GET("50", CAB) "200 OK | Content-Type: text/html | Content-Length: 99\n", "", NULL },
	{ "compressed on the way, its length is another's",
	  TOLD GET("50", CAB) FINE " | Content-Encoding: gzip | Content-Length: 99\n", "", NULL },
	{ "nobody announced its size", GET("50", CAB) FINE " | Content-Length: 99\n", "", NULL },
	{ "the file behind the range is shorter",
	  TOLD PC("50") "#2 GET " CAB BITS " | Range: bytes=3000000- => 416 Range Not Satisfiable" IIS
	                " | Content-Range: bytes */3000000\n",
	  "content-corrupt error certain 1", "has 3000000 bytes here" },
	{ "all of it is there already",
	  TOLD PC("50") "#2 GET " CAB BITS " | Range: bytes=3120000- => 416 Range Not Satisfiable" IIS
	                " | Content-Range: bytes */3120000\n", "", NULL },
	{ "the parts are of two states",
	  PART("50", "#2", "0-999") "/3000 | Content-Length: 1000 | Last-Modified: Mon, 02 Mar 2026\n"
	  PART("50", "#2", "1000-2999") "/3000 | Content-Length: 2000 | Last-Modified: Tue, 03 Mar 2026\n",
	  "content-corrupt error certain 1", "its Last-Modified is not the same in all parts" },
	{ "only the tag differs",
	  PART("50", "#2", "0-999") "/3000 | Content-Length: 1000 | ETag: \"a\"\n"
	  PART("50", "#2", "1000-2999") "/3000 | Content-Length: 2000 | ETag: \"b\"\n",
	  "content-corrupt error probable 1", "codes 0x80200073 0x80246002" },
	{ "a weak tag promises nothing",
	  PART("50", "#2", "0-999") "/3000 | Content-Length: 1000 | ETag: W/\"a\"\n"
	  PART("50", "#2", "1000-2999") "/3000 | Content-Length: 2000 | ETag: W/\"b\"\n", "", NULL },
	{ "parts between them are not seen",
	  PART("50", "#2", "0-999") "/3000 | Content-Length: 1000 | Last-Modified: Mon, 02 Mar 2026\n"
	  PART("50", "#2", "2000-2999") "/3000 | Content-Length: 1000 | Last-Modified: Tue, 03 Mar 2026\n",
	  "content-corrupt error possible 1", NULL },
	{ "its beginning is not seen",
	  PART("50", "#2", "1000-1999") "/3000 | Content-Length: 1000 | Last-Modified: Mon, 02 Mar 2026\n"
	  PART("50", "#2", "2000-2999") "/3000 | Content-Length: 1000 | Last-Modified: Tue, 03 Mar 2026\n",
	  "content-corrupt error possible 1", NULL },
	{ "the end of one download, and another",
	  PART("50", "#2", "2000-2999") "/3000 | Content-Length: 1000 | Last-Modified: Mon, 02 Mar 2026\n"
	  PART("50", "#2", "0-1499") "/3000 | Content-Length: 1500 | Last-Modified: Tue, 03 Mar 2026\n", "",
	  NULL },
	{ "each client has its own",
	  PART("50", "#2", "0-999") "/3000 | Content-Length: 1000 | ETag: \"a\"\n"
	  PART("51", "#2", "1000-2999") "/3000 | Content-Length: 2000 | ETag: \"b\"\n", "", NULL },
	{ "who begins anew may find it changed",
	  PART("50", "#2", "0-999") "/3000 | Content-Length: 1000 | ETag: \"a\"\n"
	  PART("50", "#2", "0-2999") "/3000 | Content-Length: 3000 | ETag: \"b\"\n", "", NULL },
	{ "it changed after it was whole",
	  PART("50", "#2", "0-2999") "/3000 | Content-Length: 3000 | ETag: \"a\"\n"
	  PART("50", "#2", "0-2999") "/3000 | Content-Length: 3000 | ETag: \"b\"\n", "", NULL },
};

#define MOVED(to) "301 Moved Permanently" IIS " | Location: " to CAB "\n"

static const struct judged redirected[] = {
	{ "files are sent to HTTPS", GET("50", CAB) MOVED("https://wsus01") "+60\n",
	  "content-over-tls warning possible 1", "(301, to https://wsus01), where no connection" },
	{ "and are asked for again", GET("50", CAB) MOVED("https://wsus01") GET("50", CAB) " "
	  MOVED("https://wsus01"), "content-over-tls warning possible 2", NULL },
	{ "the capture ends behind that", GET("50", CAB) MOVED("https://wsus01"), "", NULL },
	{ "TLS works there for another", GET("50", CAB) MOVED("https://wsus01:8531") " "
	  "tls 198.51.100.1:8531\n+60\n", "content-over-tls warning possible 1", NULL },
	{ "another port of itself", GET("50", CAB) MOVED("http://wsus01:80"), "", NULL },
	{ "another server", GET("50", CAB) MOVED("https://download.windowsupdate.com"), "", NULL },
};

/* How the client follows, at second 11 where it is asked to at 10; and how that ends. */
static const struct following {
	const char *name, *server;
	enum connection_outcome outcome;
	uint32_t syns;
	bool tls, established, lossy;
	int64_t at;                     /* 0: it does not; then `lossy` is where it was asked to */
	const char *want;
} followings[] = {
	{ "it is refused", ":443", CONNECTION_REFUSED, 1, false, false, false, 11,
	  "content-over-tls warning probable 1" },
	{ "nobody answers", ":443", CONNECTION_UNANSWERED, 3, false, false, false, 11,
	  "content-over-tls warning probable 1" },
	{ "one SYN: the answer is not seen", ":443", CONNECTION_UNANSWERED, 1, false, false, false, 11, "" },
	{ "TLS stops", ":443", CONNECTION_ESTABLISHED, 1, true, false, false, 11,
	  "content-over-tls warning probable 1" },
	{ "TLS is seen in part", ":443", CONNECTION_ESTABLISHED, 1, true, false, true, 11, "" },
	{ "TLS works", ":443", CONNECTION_ESTABLISHED, 1, true, true, false, 11, "" },
	{ "it goes on, sealed or not", ":443", CONNECTION_ESTABLISHED, 1, false, false, false, 11, "" },
	{ "it worked before", ":443", CONNECTION_ESTABLISHED, 1, true, true, false, 2,
	  "content-over-tls warning possible 1" },
	{ "it does not", ":443", CONNECTION_ESTABLISHED, 1, false, false, false, 0,
	  "content-over-tls warning possible 1" },
	{ "it did, before a gap was one", ":443", CONNECTION_ESTABLISHED, 1, false, false, true, 0, "" },
	{ "another port", ":8443", CONNECTION_REFUSED, 1, false, false, false, 11,
	  "content-over-tls warning possible 1" },
};

static void follow(struct trial *t, const struct following *row)
{
	char server[32];
	struct connection c;
	struct tls_session s = { .client_hello = true, .established = row->established,
		                 .last_message = { 1, 2 } };

	snprintf(server, sizeof server, "198.51.100.1%s", row->server);
	c = connection_at("192.0.2.50", server, row->at);
	c.outcome = row->outcome;
	c.syn_count = row->syns;
	c.side[SERVER].lost_bytes = row->lossy ? 100 : 0;
	s.conn = &c;
	s.first_time = c.first_time;
	s.last_time = c.last_time;
	if (row->tls)
		trial_tls(t, &s);
	trial_connection(t, &c);
}

static void redirects_that_are_followed(void **state)
{
	static const struct http_header to = { SPAN_LIT("Location"), SPAN_LIT("https://wsus01" CAB) };

	(void)state;
	for (size_t i = 0; i < sizeof followings / sizeof *followings; i++) {
		struct connection c = connection_at("192.0.2.50", "198.51.100.1:8530", 10);
		struct exchange x = call_on(&c, CAB);
		struct trial t;

		x.method = SPAN("GET");
		x.host = SPAN("wsus01:8530");
		answer(&x, 301, 5);
		x.response.headers = &to;
		x.response.header_count = 1;
		c.side[CLIENT].lost_bytes = !followings[i].at && followings[i].lossy ? 100 : 0;
		trial_begin(&t, &analyzer_content, NULL);
		trial_exchange(&t, &x);
		if (followings[i].at)
			follow(&t, &followings[i]);
		trial_end(&t, 60 * MOMENT_S);
		trial_expect(&t, followings[i].name, followings[i].want, NULL);
	}
}

static const struct analyzer *const both[] = { &analyzer_answers, &analyzer_content };

static void files_that_are_missing(void **state)
{
	(void)state;
	judge_rows(both, 2, missing, sizeof missing / sizeof *missing);
}

static void files_that_are_altered(void **state)
{
	(void)state;
	judge_rows(&both[1], 1, altered, sizeof altered / sizeof *altered);
}

static void files_that_are_sent_to_https(void **state)
{
	(void)state;
	judge_rows(both, 2, redirected, sizeof redirected / sizeof *redirected);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_that_are_missing),
		cmocka_unit_test(files_that_are_altered),
		cmocka_unit_test(files_that_are_sent_to_https),
		cmocka_unit_test(redirects_that_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
