/* tests/test_answers.c - refusals by the server, held against what it serves; 503; each beside a twin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"
#include "tests/trial.h"

extern const struct analyzer analyzer_answers, analyzer_busy;

#define PC(n) "192.0.2." n " > 198.51.100.1:8530 "
#define SCAN(n) \
	PC(n) \
	"#1 POST /ClientWebService/client.asmx | Host: wsus01:8530 | User-Agent: " \
	"Windows-Update-Agent/10.0 => "
#define LOGIN(n)  PC(n) "#1 POST /SimpleAuthWebService/SimpleAuth.asmx | Host: wsus01:8530 => "
#define REPORT(n) PC(n) "#1 POST /ReportingWebService/ReportingWebService.asmx | Host: wsus01:8530 => "
#define FILE_AT(n) \
	PC(n) "#2 GET /Content/41/ABCD.cab | Host: wsus01:8530 | User-Agent: Microsoft BITS/7.8 => "
#define PART(from, told) \
	PC("50") "#2 GET /Content/41/AB.cab | Host: w | User-Agent: Microsoft BITS/7.8 | Range: bytes=" from \
	         "- => 416 Range Not Satisfiable" IIS " | Content-Range: bytes " told "\n"
#define IDENT(n, agent) \
	PC(n) "#2 GET /selfupdate/wuident.cab | Host: wsus01:8530 | User-Agent: " agent " => "
#define OLD_AGENT "Windows-Update-Agent/7.9.9600.18969 Client-Protocol/1.21"
#define NEW_AGENT "Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.33"
#define IIS       " | Server: Microsoft-IIS/10.0 | X-Powered-By: ASP.NET"
#define ASPX      IIS " | X-AspNet-Version: 4.0.30319"
#define DRIVER(length) \
	" | Server: Microsoft-HTTPAPI/2.0 | Content-Type: text/html; charset=us-ascii | " \
	"Content-Length: " length
#define DRIVER_SAYS(sentence) \
	DRIVER("0") \
	" | <!DOCTYPE HTML \"-//W3C//DTD HTML 4.01//EN\"\"http://www.w3.org/TR/html4/strict.dtd\">" \
	"<hr><p>HTTP Error " sentence "</p>"
#define FINE    "200 OK" ASPX "\n"
#define STOPPED "503 Service Unavailable" DRIVER_SAYS("503. The service is unavailable.") "\n"

static const struct judged refusals[] = {
	{ "forbidden, nobody knows why",
	  SCAN("50") "403 Forbidden" IIS " | <h2>403 - Forbidden: Access is denied.</h2>\n",
	  "forbidden error certain 1",
	  "/ClientWebService is refused (403: 403 - Forbidden: Access is denied.)" },
	{ "forbidden as all directories are",
	  PC("60") "#1 GET /ClientWebService/ | Host: w => 403 Forbidden" IIS "\n", "", NULL },
	{ "forbidden as the root is", PC("60") "#1 GET / | Host: w => 403 Forbidden" IIS "\n", "",
	  NULL },
	{ "TLS is required, as the page says",
	  FILE_AT("50") "403 Forbidden" IIS " | <h3>HTTP Error 403.4 - Forbidden</h3>\n",
	  "ssl-required error certain 1", "codes 0x80190193" },
	{ "files refused over HTTP, while HTTPS works",
	  "tls 198.51.100.1:8531\n" FILE_AT("50") "403 Forbidden" IIS "\n",
	  "ssl-required error probable 1", "/Content is refused over HTTP" },
	{ "files refused, no HTTPS", FILE_AT("50") "403 Forbidden" IIS "\n" SCAN("50") FINE,
	  "forbidden error certain 1", NULL },
	{ "services refused over HTTP, while HTTPS works",
	  SCAN("50") "403 Forbidden" IIS "\ntls 198.51.100.1:8531\n", "ssl-required error probable 1",
	  "WUServer still says http" },
	{ "services refused over HTTP, which takes reports, while HTTPS works",
	  REPORT("50") FINE SCAN("50") "403 Forbidden" IIS "\ntls 198.51.100.1:8531\n",
	  "ssl-required error probable 1", "WUServer still says http" },
	{ "services refused over HTTP, and served over TLS on a port of the site's own",
	  SCAN("50") "403 Forbidden" IIS "\n"
	  "192.0.2.50 > 198.51.100.1:4430 #3 POST /ClientWebService/client.asmx | tls | Host: w => " FINE,
	  "ssl-required error probable 1", "WUServer still says http" },
	{ "a service refused over HTTP, where another is served, while HTTPS works",
	  LOGIN("50") FINE SCAN("50") "403 Forbidden" IIS "\ntls 198.51.100.1:8531\n",
	  "forbidden error certain 1", NULL },
	{ "others are served", SCAN("51") FINE SCAN("50") "403 Forbidden" IIS "\n",
	  "ip-restricted error probable 1", "192.0.2.50 >" },
	{ "the same client was served before",
	  SCAN("50") FINE SCAN("51") FINE SCAN("50") "403 Forbidden" IIS "\n",
	  "forbidden error certain 1", NULL },
	{ "others are served at another address",
	  PC("51") "#1 GET /one.xml | Host: w => " FINE PC("50") "#1 GET /two.xml | Host: w => "
	                                                         "403 Forbidden" IIS "\n",
	  "forbidden error certain 1", "/two.xml is refused" },
	{ "the same client is served later",
	  SCAN("51") FINE SCAN("50") "403 Forbidden" IIS "\n" SCAN("50") FINE,
	  "forbidden error certain 1", NULL },
	{ "a client certificate is wanted, which is told elsewhere",
	  SCAN("50") "403 Forbidden" IIS " | <h3>HTTP Error 403.7 - Forbidden</h3>\n", "", NULL },
	{ "the console is forbidden",
	  PC("20") "#1 POST /ApiRemoting30/WebService.asmx | Host: w => 403 Forbidden" IIS "\n",
	  "admin-api-denied error certain 1", "codes 6703" },
	{ "an account that is known is forbidden",
	  PC("20") "#1 POST /ApiRemoting30/WebService.asmx | Host: w | "
	  "Authorization: NTLM authenticate SITE$ domain=CORP => 403 Forbidden" IIS "\n",
	  "admin-api-denied error certain 1", "refuses the caller, the computer CORP\\SITE$ (403" },
	{ "a directory is missing",
	  LOGIN("50") "404 Not Found" IIS "\n" LOGIN("50") "404 Not Found" IIS "\n",
	  "not-found error certain 2", "the virtual directory /SimpleAuthWebService is missing" },
	{ "one address of a directory is missing",
	  SCAN("51") FINE PC("50") "#1 GET /ClientWebService/wusserverversion.xml | Host: w => "
	                           "404 Not Found" IIS "\n",
	  "not-found error certain 1", "though it serves others in /ClientWebService" },
	{ "the site is stopped",
	  SCAN("50") "404 Not Found" DRIVER_SAYS("404. The requested resource is not found.") "\n",
	  "not-found error certain 1", "no site is registered for wsus01:8530" },
	{ "the site knows another name",
	  PC("51") "#1 POST /ClientWebService/client.asmx | Host: wsus01.corp.example:8530 => " FINE
	          SCAN("50") "404 Not Found" DRIVER_SAYS(
			  "404. The requested resource is not found.") "\n",
	  "bad-host-name error certain 1", "while the server answers to wsus01.corp.example:8530" },
	{ "the site knows both names",
	  PC("51") "#1 POST /ClientWebService/client.asmx | Host: wsus01.corp.example:8530 => " FINE
	          SCAN("51") FINE SCAN("50") "404 Not Found" DRIVER_SAYS(
			  "404. The requested resource is not found.") "\n",
	  "not-found error certain 1", NULL },
	{ "invalid host name",
	  SCAN("50") "400 Bad Request" DRIVER_SAYS("400. The request hostname is invalid.") "\n",
	  "bad-host-name error certain 1", "for the name wsus01:8530 (400 Invalid Hostname)" },
	{ "somebody looks for an icon",
	  PC("60") "#1 GET /favicon.ico | Host: w => 404 Not Found" IIS "\n", "", NULL },
	{ "the self-update tree, for an old client", IDENT("50", OLD_AGENT) "404 Not Found" IIS "\n",
	  "selfupdate-missing warning certain 1", "/selfupdate/wuident.cab is missing (404)" },
	{ "the self-update tree, for a new one", IDENT("50", NEW_AGENT) "404 Not Found" IIS "\n", "",
	  NULL },
	{ "the self-update tree, refused", IDENT("50", OLD_AGENT) "403 Forbidden" IIS "\n",
	  "selfupdate-missing warning certain 1", NULL },
	{ "going on with a file that is whole", PART("5000", "*/5000"), "", NULL },
	{ "going on with a file that has shrunk", PART("5000", "*/4000"), "http-error error certain 1",
	  "is refused with 416" },
	{ "a distribution point wants a login or lacks a package",
	  PC("50") "#1 HEAD /SMS_DP_SMSPKG$/P01/x.msi | Host: w | User-Agent: Microsoft BITS/7.8 => 404 Not "
	           "Found" IIS "\n"
	  PC("50") "#1 GET /SMS_MP/.sms_aut | Host: w | User-Agent: SMS CCM => 403 Forbidden" IIS "\n",
	  "", NULL },
	{ "POST is blocked", SCAN("50") "405 Method Not Allowed" IIS "\n",
	  "verb-blocked error certain 1",
	  "POST requests to /ClientWebService/client.asmx are blocked (405)" },
	{ "Explorer looks for WebDAV",
	  PC("60") "#1 PROPFIND / | Host: w | User-Agent: Microsoft-WebDAV-MiniRedir/10.0.19045 => 405 "
	           "Method Not Allowed" IIS "\n",
	  "", NULL },
	{ "POST is not found where GET is",
	  PC("60") "#1 GET /ClientWebService/client.asmx | Host: wsus01:8530 => " FINE SCAN(
		  "50") "404 Not Found" IIS "\n",
	  "verb-blocked error probable 1", "answers GET but says 404 to POST" },
	{ "the head is too long",
	  SCAN("50") "400 Bad Request" DRIVER_SAYS(
		  "400. The size of the request headers is too long.") "\n",
	  "request-too-large error certain 1", "The head of the request" },
	{ "the body is too large", REPORT("50") "413 Request Entity Too Large" IIS "\n",
	  "request-too-large error certain 1", "The body of the request" },
	{ "services fail, files are fine",
	  IDENT("50", OLD_AGENT) "200 OK" IIS "\n" SCAN(
		  "50") "500 Internal Server Error" ASPX
	                " | Content-Type: text/html; charset=utf-8 | <title>Runtime Error</title>\n",
	  "server-error error certain 1",
	  "Files are served and every web service fails inside (500: Runtime Error)" },
	{ "one service fails",
	  LOGIN("50") FINE SCAN("50") "500 Internal Server Error" IIS " | Content-Type: text/html\n",
	  "server-error error certain 1", "/ClientWebService fails inside" },
	{ "WSUS's own fault",
	  SCAN("50") "500 Internal Server Error" ASPX
	             " | Content-Type: text/xml | <s:Fault><ErrorCode>ConfigChanged</ErrorCode>\n",
	  "", NULL },
	{ "a fault whose body was not seen",
	  SCAN("50") "500 Internal Server Error" ASPX " | Content-Type: text/xml\n", "", NULL },
	{ "a fault that is not WSUS's",
	  SCAN("50") "500 Internal Server Error" ASPX
	             " | Content-Type: text/xml | <s:Fault><faultcode>a:InternalServiceFault\n",
	  "server-error error certain 1", NULL },
	{ "an odd status", SCAN("50") "417 Expectation Failed" IIS "\n", "http-error error certain 1",
	  "is refused with 417" },
	{ "a gap after the file's end, asked by HEAD",
	  PC("60") "#1 HEAD /Content/41/AB.cab | Host: w => 416 Range Not Satisfiable" IIS "\n", "",
	  NULL },
	{ "not modified", IDENT("50", OLD_AGENT) "304 Not Modified" IIS "\n", "", NULL },
	{ "a proxy's words are not the server's",
	  SCAN("50") "403 Forbidden | Server: squid/5.7 | X-Squid-Error: ERR_ACCESS_DENIED 0\n", "",
	  NULL },
	{ "told while the capture goes on",
	  LOGIN("50") "404 Not Found" IIS "\n+60\n" SCAN("50") FINE LOGIN("50") "404 Not Found" IIS
	                                                                        "\n",
	  "not-found error certain 2", NULL },
};

static const struct judged busy[] = {
	{ "every directory says 503", SCAN("50") STOPPED LOGIN("51") STOPPED,
	  "service-unavailable critical certain 2",
	  "- > 198.51.100.1:8530 by HTTP.sys 2.0, codes 0x80244022" },
	{ "one 503 and nothing else", SCAN("50") STOPPED, "service-unavailable critical probable 1",
	  NULL },
	{ "files come from another pool",
	  FILE_AT("50") "200 OK" IIS "\n" SCAN("50") STOPPED LOGIN("50") STOPPED,
	  "service-unavailable critical certain 2", NULL },
	{ "one 503, and the client asks again",
	  SCAN("50") FINE SCAN("51") STOPPED SCAN("50") FINE SCAN("51") FINE,
	  "server-busy warning certain 1", NULL },
	{ "one 503, and another is served", SCAN("50") FINE SCAN("51") STOPPED SCAN("50") FINE,
	  "server-busy error certain 1", NULL },
	{ "one 503, and the client gets something else",
	  SCAN("50") FINE SCAN("51") STOPPED LOGIN("51") FINE, "server-busy error certain 1", NULL },
	{ "503 in one VLAN, well in another: it may be two servers",
	  PC("50") "#1 ~1 POST /ClientWebService/client.asmx | Host: wsus01:8530 => " FINE
	          PC("51") "#2 ~2 POST /ClientWebService/client.asmx | Host: wsus01:8530 => " STOPPED,
	  "server-busy error probable 1", NULL },
	{ "503 now and then", SCAN("50") FINE SCAN("51") STOPPED SCAN("50") FINE SCAN("52") STOPPED,
	  "server-busy error certain 2", NULL },
	{ "another application of the site is stopped",
	  SCAN("50") FINE
	          PC("60") "#1 GET /Reports/ | Host: wsus01:8530 | User-Agent: Mozilla/5.0 => " STOPPED
	                  SCAN("50") FINE,
	  "", NULL },
	{ "IIS itself refuses", SCAN("50") "503 Service Unavailable" IIS "\n",
	  "service-unavailable critical probable 1", "which is not on the wire" },
	{ "a proxy's 503",
	  SCAN("50") "503 Service Unavailable | Server: squid/5.7 | X-Squid-Error: ERR_CONNECT_FAIL "
	             "111\n",
	  "", NULL },
	{ "it worked, and then stopped for good",
	  SCAN("50") FINE SCAN("50") STOPPED LOGIN("51") STOPPED SCAN("50") STOPPED LOGIN("50")
	          STOPPED SCAN("52") STOPPED REPORT("50") STOPPED,
	  "service-unavailable critical probable 6", "The server worked, and since 00:00:02 every" },
	{ "told while the capture goes on",
	  SCAN("50") STOPPED LOGIN("51") STOPPED SCAN("50") STOPPED LOGIN("50") STOPPED SCAN("52")
	          STOPPED REPORT("50") STOPPED SCAN("50") STOPPED,
	  "service-unavailable critical certain 7", NULL },
	{ "two servers behind one proxy",
	  "192.0.2.50 > 203.0.113.9:3128 POST http://old:8530/ClientWebService/client.asmx => " STOPPED
	  "192.0.2.50 > 203.0.113.9:3128 POST http://new:8530/ClientWebService/client.asmx => " FINE,
	  "service-unavailable critical probable 1", NULL },
	{ "a management point is down, not WSUS",
	  "192.0.2.50 > 198.51.100.9:80 #1 CCM_POST /ccm_system/request | Host: mp01 | User-Agent: "
	  "ConfigMgr Messaging HTTP Sender => " STOPPED,
	  "http-error error probable 1", "/ccm_system answers 503" },
	{ "Microsoft's own server is busy",
	  "192.0.2.9 > 203.0.113.5:80 #1 POST /ServerSyncWebService/ServerSyncWebService.asmx | "
	  "Host: sws.update.microsoft.com => " STOPPED,
	  "http-error error probable 1", NULL },
	{ "all is well", SCAN("50") FINE LOGIN("50") FINE, "", NULL },
};

static void judges_refusals(void **unused)
{
	static const struct analyzer *const analyzers[] = { &analyzer_answers };

	(void)unused;
	judge_rows(analyzers, 1, refusals, sizeof refusals / sizeof *refusals);
}

static void judges_unavailability(void **unused)
{
	static const struct analyzer *const analyzers[] = { &analyzer_busy };

	(void)unused;
	judge_rows(analyzers, 1, busy, sizeof busy / sizeof *busy);
}

/* More servers than are kept apart have answered before: the one that fails now is judged all the same. */
static void sees_beyond_its_ceilings(void **unused)
{
	static const struct row {
		const struct analyzer *analyzer;
		unsigned status;
		enum finding_kind kind;
	} rows[] = {
		{ &analyzer_busy, 503, FINDING_SERVICE_UNAVAILABLE },
		{ &analyzer_answers, 500, FINDING_SERVER_ERROR },
	};
	static const char *const paths[] = { "/ClientWebService/client.asmx",
		                             "/SimpleAuthWebService/SimpleAuth.asmx" };

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct relevance_options options = { .all = true };
		struct endpoint failing = endpoint_at("198.51.100.10:8530");
		struct trial t;

		trial_begin(&t, rows[i].analyzer, &options);
		for (unsigned k = 0; k < 6000; k++) {
			struct connection c = connection_at("192.0.2.50", "10.0.0.1:8530", k);
			struct exchange x = call_on(&c, paths[0]);

			c.server.addr.bytes[14] = (uint8_t)(k >> 8);
			c.server.addr.bytes[15] = (uint8_t)k;
			/* Of 500 each server has a refusal that waits; of 503 each works. */
			answer(&x, rows[i].status == 503 ? 200 : 403, 5);
			trial_exchange(&t, &x);
		}
		for (unsigned k = 0; k < 8; k++) {
			struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 6000 + k);
			struct exchange x = call_on(&c, paths[k % 2]);

			answer(&x, rows[i].status, 5);
			trial_exchange(&t, &x);
		}
		assert_true(t.limits.count[LIMIT_CASE_CEILING] > 0);
		t.analyzer->end(t.self, 7000 * MOMENT_S);
		assert_true(findings_tell(t.findings, rows[i].kind, &failing));
		trial_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_refusals),
		cmocka_unit_test(judges_unavailability),
		cmocka_unit_test(sees_beyond_its_ceilings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
