/* tests/test_answerer.c - who made a response: pages and headers as real products send them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/exchanges.h"

#define DIRECT \
	"192.0.2.50 > 198.51.100.1:8530 POST /ClientWebService/client.asmx | Host: wsus01:8530 => "
#define PROXIED \
	"192.0.2.50 > 203.0.113.9:3128 GET http://wsus01.corp.example:8530/selfupdate/wuident.cab => "
#define TUNNEL "192.0.2.50 > 203.0.113.9:3128 CONNECT wsus01.corp.example:8531 => "

/* HTTP.sys's template: all its pages differ in three places only. */
#define DRIVER_PAGE(title, sentence) \
	"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML " \
	"4.01//EN\"\"http://www.w3.org/TR/html4/strict.dtd\">\r\n" \
	"<HTML><HEAD><TITLE>" title "</TITLE>\r\n" \
	"<META HTTP-EQUIV=\"Content-Type\" Content=\"text/html; charset=us-ascii\"></HEAD>\r\n" \
	"<BODY><h2>" title "</h2>\r\n<hr><p>HTTP Error " sentence "</p>\r\n</BODY></HTML>\r\n"
#define DRIVER_HEAD \
	" | Content-Type: text/html; charset=us-ascii | Server: Microsoft-HTTPAPI/2.0 | Connection: " \
	"close | "
#define IIS_HEAD " | Server: Microsoft-IIS/10.0 | X-Powered-By: ASP.NET | Content-Type: text/html | "
#define SQUID_HEAD \
	" | Server: squid/5.7 | Mime-Version: 1.0 | Content-Type: text/html;charset=utf-8 | " \
	"Vary: Accept-Language | X-Cache: MISS from squid01 | X-Cache-Lookup: NONE from squid01:3128 " \
	"| " \
	"Via: 1.1 squid01 (squid/5.7) | "

static const struct row {
	const char *name, *line, *want;
} rows[] = {
	{ "HTTP.sys: pool stopped",
	  DIRECT "503 Service Unavailable" DRIVER_HEAD "Content-Length: 326 | " DRIVER_PAGE(
		  "Service Unavailable", "503. The service is unavailable."),
	  "http.sys HTTP.sys/2.0 [HTTP Error 503. The service is unavailable.] sure" },
	{ "HTTP.sys: host unknown",
	  DIRECT "400 Bad Request" DRIVER_HEAD "Content-Length: 334 | " DRIVER_PAGE(
		  "Bad Request - Invalid Hostname", "400. The request hostname is invalid."),
	  "http.sys HTTP.sys/2.0 [HTTP Error 400. The request hostname is invalid.] sure" },
	{ "HTTP.sys: head alone, its body not captured",
	  DIRECT "404 Not Found" DRIVER_HEAD "Content-Length: 315", "http.sys HTTP.sys/2.0 likely" },
	{ "a program on HTTP.sys is no error page of the kernel",
	  DIRECT "500 Oops | Server: Microsoft-HTTPAPI/2.0 | Content-Type: application/json",
	  "web-server a program on HTTP.sys/2.0 weak" },
	{ "a program on HTTP.sys that works", DIRECT "200 OK | Server: Microsoft-HTTPAPI/2.0",
	  "web-server a program on HTTP.sys/2.0 likely" },
	{ "HTTP.sys of Windows Server 2003",
	  DIRECT "400 Bad Request | <h1>Bad Request (Invalid Hostname)</h1>",
	  "http.sys HTTP.sys [Bad Request (Invalid Hostname)] likely" },
	{ "IIS: forbidden",
	  DIRECT "403 Forbidden" IIS_HEAD
	         "<!DOCTYPE html><div id=\"header\"><h1>Server Error</h1></div>"
	         "<fieldset>\r\n  <h2>403 - Forbidden: Access is denied.</h2>",
	  "iis IIS/10.0 [403 - Forbidden: Access is denied.] sure" },
	{ "IIS: detailed page",
	  DIRECT "403 Forbidden" IIS_HEAD
	         "<html><title>IIS 10.0 Detailed Error - 403.4 - Forbidden</title>"
	         "<h3>HTTP Error 403.4 - Forbidden</h3>",
	  "iis IIS/10.0 [403.4 - Forbidden] sure" },
	{ "IIS's Proxy-Support is no proxy",
	  DIRECT "401 Unauthorized | Server: Microsoft-IIS/8.5 | WWW-Authenticate: Negotiate, NTLM | "
	         "Proxy-Support: Session-Based-Authentication",
	  "iis IIS/8.5 likely" },
	{ "WSUS answers",
	  DIRECT "200 OK | Content-Type: text/xml; charset=utf-8 | Server: Microsoft-IIS/10.0 | "
	         "X-AspNet-Version: 4.0.30319 | X-Powered-By: ASP.NET | <s:Envelope xmlns:s=\"\">",
	  "wsus WSUS sure" },
	{ "WSUS reports a fault",
	  DIRECT
	  "500 Internal Server Error | Content-Type: text/xml; charset=utf-8 | Server: "
	  "Microsoft-IIS/10.0 | "
	  "X-AspNet-Version: 4.0.30319 | X-Powered-By: ASP.NET | <soap:Envelope><soap:Body><soap:Fault>"
	  "<detail><ErrorCode>ConfigChanged</ErrorCode>",
	  "wsus WSUS [ConfigChanged] sure" },
	{ "ASP.NET fails",
	  DIRECT "500 Internal Server Error | Content-Type: text/html; charset=utf-8 | Server: "
	         "Microsoft-IIS/10.0 | "
	         "X-AspNet-Version: 4.0.30319 | X-Powered-By: ASP.NET | <html><head><title>Runtime "
	         "Error</title>"
	         "<H1>Server Error in '/ClientWebService' Application.",
	  "wsus ASP.NET/4.0.30319 [Runtime Error] sure" },
	{ "ARR waits in vain",
	  DIRECT "502 Bad Gateway | Server: Microsoft-IIS/10.0 | X-Powered-By: ARR/3.0 | "
	         "<h2>502 - Web server received an invalid response.</h2>",
	  "reverse-proxy IIS Application Request Routing/3.0 [502 - Web server received an invalid "
	  "response.] sure" },
	{ "ARR beside the application's own header",
	  DIRECT "504 Gateway Timeout | Server: Microsoft-IIS/10.0 | X-Powered-By: ASP.NET | "
		 "X-Powered-By: ARR/2.5",
	  "reverse-proxy IIS Application Request Routing/2.5 sure" },
	{ "Squid could not connect",
	  PROXIED "503 Service Unavailable" SQUID_HEAD "X-Squid-Error: ERR_CONNECT_FAIL 111",
	  "proxy Squid/5.7 squid01 [ERR_CONNECT_FAIL 111] sure" },
	{ "Squid's page without its header",
	  PROXIED "403 Forbidden | Via: 1.0 squid01 (squid/3.1.23) | <html><head>"
	          "<title>ERROR: The requested URL could not be retrieved</title></head>"
	          "<body id=ERR_ACCESS_DENIED>",
	  "proxy Squid/3.1.23 squid01 [ERR_ACCESS_DENIED] sure" },
	{ "Squid only passes on what IIS says",
	  PROXIED "404 Not Found" IIS_HEAD "X-Cache: MISS from squid01 | Via: 1.1 squid01 (squid/5.7)",
	  "iis IIS/10.0 sure" },
	{ "ISA forbids",
	  PROXIED
	  "502 Proxy Error ( The ISA Server denied the specified Uniform Resource Locator (URL). ) | "
	  "Via: 1.1 ISA01 | Proxy-Connection: close",
	  "proxy ISA Server ISA01 [The ISA Server denied the specified Uniform Resource Locator "
	  "(URL).] sure" },
	{ "TMG wants a login",
	  PROXIED
	  "407 Proxy Authentication Required ( Forefront TMG requires authorization to fulfill the "
	  "request. ) | Proxy-Authenticate: Negotiate, NTLM",
	  "proxy Forefront TMG [Forefront TMG requires authorization to fulfill the request.] sure" },
	{ "Blue Coat finds no name",
	  PROXIED "503 Service Unavailable | <HTML>Network Error (dns_unresolved_hostname)",
	  "proxy Blue Coat ProxySG [dns_unresolved_hostname] sure" },
	{ "Zscaler", PROXIED "403 Forbidden | Server: Zscaler/6.2", "filter Zscaler/6.2 sure" },
	{ "Skyhigh",
	  PROXIED
	  "403 Forbidden | Via: 1.1 192.0.2.7 (McAfee Web Gateway 7.8.2.1) | <html>McAfee Web Gateway",
	  "filter McAfee/Skyhigh Web Gateway/7.8.2.1 192.0.2.7 sure" },
	{ "a filter that gives no name", DIRECT "403 Forbidden | <html><h1>Web Page Blocked</h1>",
	  "filter ? weak" },
	{ "FortiGate", DIRECT "403 Forbidden | <html>Web Page Blocked by FortiGuard",
	  "filter FortiGate sure" },
	{ "Palo Alto", DIRECT "503 Service Unavailable | <h1>Web Page Blocked</h1>Palo Alto Networks",
	  "filter Palo Alto Networks sure" },
	{ "what a box passes on of an unsigned server",
	  DIRECT "403 Forbidden | X-Cache: MISS from box7 | Via: 1.1 box7", "unknown ? none" },
	{ "HAProxy",
	  DIRECT "503 Service Unavailable | <html><body><h1>503 Service Unavailable</h1>\n"
	         "No server is available to handle this request.\n</body></html>",
	  "reverse-proxy HAProxy [No server is available to handle this request.] sure" },
	{ "nginx before a dead server",
	  DIRECT "502 Bad Gateway | Server: nginx/1.22.1 | "
	         "<html><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.22.1",
	  "reverse-proxy nginx/1.22.1 [502 Bad Gateway] sure" },
	{ "tinyproxy", PROXIED "500 Unable to connect | Server: tinyproxy/1.11.0",
	  "proxy tinyproxy/1.11.0 sure" },
	{ "a nameless proxy wants a login",
	  PROXIED "407 Proxy Authentication Required | Proxy-Authenticate: NTLM", "proxy ? sure" },
	{ "a nameless proxy refuses a tunnel", TUNNEL "403 Forbidden", "proxy ? sure" },
	{ "Squid refuses a tunnel by its Via alone", TUNNEL "403 Forbidden | Via: 1.1 sq (squid/4.6)",
	  "proxy Squid/4.6 sq sure" },
	{ "a login page elsewhere", DIRECT "302 Found | Location: http://login.hotel.example/",
	  "portal ? likely" },
	{ "a redirect to itself", DIRECT "302 Found | Location: https://wsus01/x", "unknown ? none" },
	{ "nobody signs", DIRECT "403 Forbidden", "unknown ? none" },
};

static const char *how_sure(unsigned percent)
{
	if (percent < 40)
		return "none";
	if (percent < 60)
		return "weak";
	return percent < 80 ? "likely" : "sure";
}

static void tells_the_maker(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena;
		struct exchange *x;
		char told[300];

		arena_init(&arena, 1 << 16);
		x = exchange_of(&arena, rows[i].line, 1, 0);
		assert_non_null(x);
		snprintf(told, sizeof told, "%s %s%s%.*s%s%.*s%s%.*s%s %s",
		         answerer_role_name(x->answered_by.role),
		         x->answered_by.product ? x->answered_by.product : "?",
		         x->answered_by.version.len ? "/" : "", (int)x->answered_by.version.len,
		         (const char *)x->answered_by.version.at, x->answered_by.host.len ? " " : "",
		         (int)x->answered_by.host.len, (const char *)x->answered_by.host.at,
		         x->answered_by.error.len ? " [" : "", (int)x->answered_by.error.len,
		         (const char *)x->answered_by.error.at, x->answered_by.error.len ? "]" : "",
		         how_sure(x->answered_by.confidence));
		if (strcmp(told, rows[i].want) != 0)
			print_error("%s\n", rows[i].name);
		assert_string_equal(told, rows[i].want);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tells_the_maker) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
