/* tests/test_proxy.c - what boxes between say and alter, each beside a healthy twin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"
#include "tests/trial.h"

extern const struct analyzer analyzer_proxy, analyzer_interference;

#define SQUID " | Server: squid/5.7 | Via: 1.1 squid01 (squid/5.7) | X-Squid-Error: "
#define SCAN \
	"192.0.2.50 > 203.0.113.9:3128 #1 POST " \
	"http://wsus01.corp.example:8530/ClientWebService/client.asmx => "
#define DIRECT \
	"192.0.2.50 > 198.51.100.1:8530 #1 POST /ClientWebService/client.asmx | Host: wsus01:8530 => "
#define TUNNEL(port) "192.0.2.50 > 203.0.113.9:3128 #1 CONNECT wsus01.corp.example:" port " => "
#define FILE_AT      "192.0.2.50 > 198.51.100.1:8530 #1 GET /Content/41/AB.cab | Host: wsus01:8530 | "
#define IIS          " | Server: Microsoft-IIS/10.0"

static const struct judged boxes[] = {
	{ "Squid 502", SCAN "502 Bad Gateway" SQUID "ERR_READ_ERROR 104\n",
	  "proxy-bad-gateway error certain 1",
	  "192.0.2.50 > 203.0.113.9:3128 via by proxy squid01 (Squid 5.7), codes 0x80244021: The proxy "
	  "gets no usable "
	  "answer from wsus01.corp.example:8530 (502); it says \"ERR_READ_ERROR 104\"" },
	{ "a nameless 502, not by a proxy's form", DIRECT "502 Bad Gateway\n",
	  "proxy-bad-gateway error probable 1", "The reverse proxy gets no usable answer" },
	{ "ISA forbids an address by 502",
	  SCAN "502 Proxy Error ( The ISA Server denied the specified URL. )\n",
	  "proxy-bad-gateway error certain 1",
	  "The proxy forbids requests to wsus01.corp.example:8530 (502); it says \"The ISA Server denied" },
	{ "Squid 503: refused", SCAN "503 Service Unavailable" SQUID "ERR_CONNECT_FAIL 111\n",
	  "proxy-gateway-timeout error certain 1", "(503); it says \"ERR_CONNECT_FAIL 111\": refused" },
	{ "Squid 504", SCAN "504 Gateway Timeout" SQUID "ERR_READ_TIMEOUT 0\n",
	  "proxy-gateway-timeout error certain 1", "codes 0x80244023" },
	{ "an unsigned 503 through a proxy", SCAN "503 Service Unavailable\n",
	  "proxy-gateway-timeout error probable 1", NULL },
	{ "HTTP.sys's 503 through a proxy is the server's",
	  SCAN
	  "503 Service Unavailable | Via: 1.1 squid01 (squid/5.7) | Server: Microsoft-HTTPAPI/2.0 | "
	  "Content-Type: text/html; charset=us-ascii | Content-Length: 326\n",
	  "", NULL },
	{ "Squid finds no name", SCAN "503 Service Unavailable" SQUID "ERR_DNS_FAIL 0\n",
	  "proxy-name-not-resolved error certain 1",
	  "cannot resolve the name in wsus01.corp.example:8530" },
	{ "Squid forbids", SCAN "403 Forbidden" SQUID "ERR_ACCESS_DENIED 0\n",
	  "proxy-denied error certain 1", NULL },
	{ "IIS forbids, through a proxy", SCAN "403 Forbidden" IIS " | Via: 1.1 squid01 (squid/5.7)\n",
	  "", NULL },
	{ "a filter on the way forbids", DIRECT "403 Forbidden | Server: Zscaler/6.2\n",
	  "proxy-denied error certain 1", "The filter forbids requests" },
	{ "no tunnel to 8531", TUNNEL("8531") "403 Forbidden" SQUID "ERR_ACCESS_DENIED 0\n",
	  "proxy-connect-denied error certain 1",
	  "allow tunnels to port 443 only, and this one goes to port 8531" },
	{ "no tunnel at all", TUNNEL("443") "403 Forbidden" SQUID "ERR_ACCESS_DENIED 0\n", "", NULL },
	{ "no tunnel to Microsoft",
	  "192.0.2.9 > 203.0.113.9:3128 #1 CONNECT sws.update.microsoft.com:443 => 403 Forbidden" SQUID
	  "ERR_ACCESS_DENIED 0\n",
	  "proxy-connect-denied error certain 1",
	  "a tunnel to sws.update.microsoft.com:443 (CONNECT: 403)" },
	{ "ISA's port rule",
	  TUNNEL("8531") "502 Proxy Error ( The specified Secure Sockets Layer (SSL) port is not "
	                 "allowed. ISA Server is not configured to allow SSL requests from this port. "
	                 ")\n",
	  "proxy-connect-denied error certain 1", "goes to port 8531" },
	{ "a tunnel to a host that Squid finds no way to",
	  TUNNEL("8531") "500 Internal Server Error" SQUID "ERR_CANNOT_FORWARD 0\n",
	  "proxy-bad-gateway error certain 1", "no way there, or its name does not resolve" },
	{ "Apache finds no name",
	  SCAN "500 Proxy Error | Server: Apache/2.4.57 (Debian) | <p>The proxy server could not "
	       "handle the request<p>Reason: <strong>DNS lookup failure for: wsus01</strong>\n",
	  "proxy-name-not-resolved error certain 1", "by proxy (Apache httpd 2.4.57)" },
	{ "a tunnel that the proxy cannot build",
	  TUNNEL("8531") "503 Service Unavailable" SQUID "ERR_CONNECT_FAIL 110\n",
	  "proxy-gateway-timeout error certain 1", "it got no answer" },
	{ "a tunnel", TUNNEL("8531") "200 Connection established\n", "proxy-in-path info certain 1",
	  "What comes of it is not seen." },
	{ "an internal scan by a proxy that works", SCAN "200 OK" IIS "\n" SCAN "200 OK" IIS "\n",
	  "proxy-in-path info certain 1",
	  "wsus01.corp.example:8530, which lies inside the network. It works." },
	{ "calls come out of a cache", SCAN "200 OK" IIS " | X-Cache: HIT from squid01\n",
	  "proxy-in-path warning probable 1", "out of a cache" },
	{ "requests break off on that way",
	  "192.0.2.50 > 203.0.113.9:3128 #1 POST http://wsus01:8530/ClientWebService/client.asmx | end "
	  "reset\n",
	  "proxy-in-path warning probable 1", "requests break off" },
	{ "Microsoft by a proxy",
	  "192.0.2.9 > 203.0.113.9:3128 #1 GET http://download.windowsupdate.com/a.cab => 200 OK\n", "",
	  NULL },
	{ "a public IPv6 address by a proxy",
	  "192.0.2.50 > 203.0.113.9:3128 #1 GET http://[2a00:1450::5]/Content/a.cab => 200 OK\n", "", NULL },
	{ "a scan without a proxy", DIRECT "200 OK" IIS "\n", "", NULL },
	{ "somebody browses",
	  "192.0.2.50 > 203.0.113.9:3128 #1 GET http://www.example.com/ => 502 Bad Gateway\n", "",
	  NULL },
};

static const struct judged altered[] = {
	{ "a part, answered by the whole",
	  FILE_AT "Range: bytes=0-1048575 => 200 OK | Content-Length: 5000000\n",
	  "range-stripped error certain 1", "codes 0x80200013 0x80D05011" },
	{ "the proxy is named",
	  FILE_AT "Range: bytes=5-9 => 200 OK | Content-Length: 5000000 | Via: 1.1 box\n",
	  "range-stripped error certain 1", "a proxy on the way ignores or removes" },
	{ "the part is the whole",
	  FILE_AT "Range: bytes=0-4999999 => 200 OK | Content-Length: 5000000\n", "", NULL },
	{ "all of it was asked for", FILE_AT "Range: bytes=0- => 200 OK | Content-Length: 5000000\n",
	  "", NULL },
	{ "the file changed",
	  FILE_AT "Range: bytes=5-9 | If-Range: \"x\" => 200 OK | Content-Length: 50\n", "", NULL },
	{ "a part",
	  FILE_AT "Range: bytes=0-1023 => 206 Partial Content | Content-Range: bytes 0-1023/5000000 | "
	          "Content-Length: 1024\n",
	  "", NULL },
	{ "the last part, shorter than asked",
	  FILE_AT "Range: bytes=4000-9999 => 206 Partial Content | "
	          "Content-Range: bytes 4000-4999/5000 | Content-Length: 1000\n",
	  "", NULL },
	{ "a part without its place",
	  FILE_AT "Range: bytes=0-1023 => 206 Partial Content | Content-Length: 1024\n",
	  "range-stripped error certain 1", "no Content-Range" },
	{ "another part",
	  FILE_AT "Range: bytes=1024-2047 => 206 Partial Content | Content-Range: bytes 0-1023/5000\n",
	  "range-stripped error certain 1", "another part" },
	{ "several parts",
	  FILE_AT
	  "Range: bytes=0-9,20-29 => 206 Partial Content | Content-Type: multipart/byteranges\n",
	  "", NULL },
	{ "HTTP/1.0 by a proxy",
	  FILE_AT "Accept: */* => 200 OK | 1.0 | Via: 1.0 box | Content-Length: 5\n",
	  "http-downgraded warning probable 1", "HTTP/1.0" },
	{ "HTTP/1.0 under the name of IIS",
	  FILE_AT "Accept: */* => 200 OK | 1.0 | Content-Length: 5" IIS "\n",
	  "http-downgraded warning probable 1", NULL },
	{ "an old server that nobody stands before",
	  FILE_AT "Accept: */* => 200 OK | 1.0 | Content-Length: 5\n", "", NULL },
	{ "an old client", FILE_AT "1.0 => 200 OK | 1.0 | Via: 1.0 box | Content-Length: 5\n", "",
	  NULL },
	{ "a file without its length",
	  FILE_AT "Accept: */* => 200 OK | Via: 1.1 box | Transfer-Encoding: chunked\n",
	  "http-downgraded warning probable 1", "Content-Length" },
	{ "tunnels are opened in HTTP/1.0", TUNNEL("8531") "200 Connection established | 1.0\n", "",
	  NULL },
	{ "a portal redirects", DIRECT "302 Found | Location: http://login.guest.example/?u=1\n",
	  "content-replaced error probable 1", "(302) to login.guest.example" },
	{ "files are sent for to Microsoft",
	  FILE_AT "Accept: */* => 302 Found | Location: http://download.windowsupdate.com/x\n", "",
	  NULL },
	{ "the server sends to itself",
	  DIRECT "302 Found | Location: https://wsus01:8531/ClientWebService/client.asmx\n", "", NULL },
	{ "a page in place of XML",
	  DIRECT "200 OK | Content-Type: text/html | <html>Welcome! Captive portal\n",
	  "content-replaced error certain 1", "a web page with status 200" },
	{ "a filter's page in place of a file",
	  FILE_AT "Range: bytes=0-9 => 200 OK | Content-Type: text/html | "
	          "<html>Internet Security by Zscaler\n",
	  "content-replaced error certain 1", "by Zscaler" },
	{ "the service's own help page",
	  "192.0.2.60 > 198.51.100.1:8530 #1 GET /ClientWebService/client.asmx | Host: w => 200 OK | "
	  "Content-Type: text/html\n",
	  "", NULL },
	{ "nothing, called a page",
	  DIRECT "200 OK | Content-Type: text/html | Content-Length: 0\n", "", NULL },
	{ "XML as due", DIRECT "200 OK | Content-Type: text/xml | <s:Envelope>\n", "", NULL },
	{ "the network wants a browser", DIRECT "511 Network Authentication Required\n",
	  "content-replaced error certain 1", "(511)" },
};

static void judges_boxes(void **unused)
{
	static const struct analyzer *const analyzers[] = { &analyzer_proxy };

	(void)unused;
	judge_rows(analyzers, 1, boxes, sizeof boxes / sizeof *boxes);
}

static void judges_what_is_altered(void **unused)
{
	static const struct analyzer *const analyzers[] = { &analyzer_interference };

	(void)unused;
	judge_rows(analyzers, 1, altered, sizeof altered / sizeof *altered);
}

/* A proxy that opens TLS takes leave of an idle connection just as a request comes: nothing broke. */
static void knows_requests_that_cross_a_close(void **unused)
{
	static const struct {
		const char *name;
		int64_t idle;
		const char *want;
	} closes[] = {
		{ "after a while", 3 * MOMENT_S, "proxy-in-path info certain 1" },
		{ "in answer to the request", MOMENT_MS, "proxy-in-path warning probable 1" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof closes / sizeof *closes; i++) {
		struct connection c = connection_at("192.0.2.50", "203.0.113.9:3128", 10);
		struct tls_session s = { .conn = &c, .established = true };
		struct exchange x = call_on(&c, "/ClientWebService/client.asmx");
		struct trial t;

		s.alerts[s.alert_count++] = (struct tls_alert){ .by = SERVER, .frame = 5 };
		c.last_time = x.request.last_time + 50 * MOMENT_MS;
		x.tls = &s;
		x.via_proxy = true;
		x.number = 1;
		x.idle_before = closes[i].idle;
		x.end = EXCHANGE_FIN_BY_SERVER;
		trial_begin(&t, &analyzer_proxy, NULL);
		trial_exchange(&t, &x);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, closes[i].name, closes[i].want, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_boxes),
		cmocka_unit_test(judges_what_is_altered),
		cmocka_unit_test(knows_requests_that_cross_a_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
