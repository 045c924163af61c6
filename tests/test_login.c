/* tests/test_login.c - 401 and 407: what is a handshake, and what is a refusal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"

extern const struct analyzer analyzer_login;

#define PROXY(conn) \
	"192.0.2.50 > 203.0.113.9:3128 #" conn " POST " \
	                                       "http://wsus01:8530/ClientWebService/client.asmx "
#define API(conn) \
	"192.0.2.20 > 198.51.100.1:8530 #" conn " POST /ApiRemoting30/WebService.asmx | Host: wsus01 "
#define SYNC(conn) \
	"192.0.2.30 > 198.51.100.1:8530 #" conn " POST /reports/upload.asmx | Host: wsus01:8530 "
#define CONTENT(conn) \
	"192.0.2.50 > 198.51.100.1:8530 #" conn " GET /Content/41/ABCD.cab | Host: wsus01 "
#define ASK407  "=> 407 Proxy Authentication Required | Proxy-Authenticate: Negotiate, NTLM\n"
#define ASK401  "=> 401 Unauthorized | Server: Microsoft-IIS/10.0 | WWW-Authenticate: Negotiate, NTLM\n"
#define STEP401 "=> 401 Unauthorized | Server: Microsoft-IIS/10.0 | WWW-Authenticate: NTLM challenge\n"
#define FINE    "=> 200 OK | Server: Microsoft-IIS/10.0\n"
#define FIRST(conn) API(conn) "| Authorization: NTLM negotiate " STEP401
#define LAST(conn)  API(conn) "| Authorization: NTLM authenticate "

static const struct judged rows[] = {
	{ "407 and no login", PROXY("1") ASK407 PROXY("2") ASK407,
	  "proxy-auth-required error certain 2",
	  "(407: Negotiate, NTLM); the client sends none and gives up" },
	{ "407, login, accepted",
	  PROXY("1") ASK407 PROXY("1") "| Proxy-Authorization: Basic credentials alice " FINE, "",
	  NULL },
	{ "407 on one connection, accepted on the next",
	  PROXY("1") ASK407 "+5\n" PROXY("2") "| Proxy-Authorization: Negotiate token " FINE, "",
	  NULL },
	{ "407, then the server's own refusal",
	  PROXY("1") ASK407 PROXY("1") "| Proxy-Authorization: NTLM authenticate "
	                               "=> 404 Not Found | Server: Microsoft-IIS/10.0\n",
	  "", NULL },
	{ "407 again after a password",
	  PROXY("1") ASK407 PROXY("1") "| Proxy-Authorization: Basic credentials alice " ASK407,
	  "proxy-auth-failed error certain 1", "refuses the Basic credentials of alice" },
	{ "407 of a tunnel", "192.0.2.50 > 203.0.113.9:3128 #1 CONNECT wsus01:8531 " ASK407,
	  "proxy-auth-required error certain 1", "203.0.113.9:3128 via by proxy, codes 0x8024401B" },
	{ "NTLM at a proxy, all three steps",
	  PROXY("1") ASK407 PROXY("1") "| Proxy-Authorization: NTLM negotiate => 407 Again | "
	                               "Proxy-Authenticate: NTLM challenge\n" PROXY(
					       "1") "| Proxy-Authorization: NTLM authenticate " FINE,
	  "", NULL },
	{ "the capture ends inside a login",
	  PROXY("1") ASK407 PROXY("1") "| Proxy-Authorization: NTLM negotiate => 407 Again | "
	                               "Proxy-Authenticate: NTLM challenge\n",
	  "", NULL },
	{ "a login given up half way",
	  PROXY("1") ASK407 PROXY("1") "| Proxy-Authorization: NTLM negotiate => 407 Again | "
	                               "Proxy-Authenticate: NTLM challenge\n"
	                               "+60\n",
	  "proxy-auth-required error probable 1", "gives up half way" },
	{ "407 where nothing of the update path goes",
	  "192.0.2.50 > 203.0.113.9:3128 #1 GET http://www.example.com/ " ASK407, "", NULL },
	{ "NTLM at the server, all three steps",
	  API("1") ASK401 API("1") "| Authorization: NTLM negotiate " STEP401 API(
		  "1") "| Authorization: NTLM authenticate " FINE,
	  "", NULL },
	{ "every connection begins with a 401",
	  API("1") ASK401 API("1") "| Authorization: Negotiate token " FINE API("2")
	          ASK401 API("2") "| Authorization: Negotiate token " FINE,
	  "", NULL },
	{ "the console's account is refused",
	  API("1") ASK401 API("1") "| Authorization: NTLM negotiate " STEP401 API(
		  "1") "| Authorization: NTLM authenticate " ASK401,
	  "admin-api-denied error certain 1", "codes 6703" },
	{ "the site server sends no login", API("1") ASK401 "+60\n", "admin-api-denied error certain 1",
	  NULL },
	{ "a look at the administration service",
	  "192.0.2.20 > 198.51.100.1:8530 #1 GET /ApiRemoting30/WebService.asmx | Host: wsus01 " ASK401,
	  "", NULL },
	{ "content wants a login", CONTENT("1") ASK401 CONTENT("2") ASK401,
	  "anonymous-refused error certain 2", "/Content wants a login" },
	{ "content wanted a login once", CONTENT("1") ASK401 CONTENT("2") FINE, "", NULL },
	{ "a client directory refuses a login that it should not want",
	  "192.0.2.50 > 198.51.100.1:8530 #1 POST /ClientWebService/client.asmx | Host: w | "
	  "Authorization: Basic credentials bob " ASK401,
	  "auth-failed error certain 1",
	  "of bob that the client sends; it should not want one at all" },
	{ "a login refused elsewhere", SYNC("1") "| Authorization: Digest credentials eve " ASK401,
	  "auth-failed error certain 1",
	  "/reports/upload.asmx wants a login (401: Negotiate, NTLM) and refuses the Digest" },
	{ "the steps come on different connections",
	  API("1") "| Authorization: NTLM negotiate " STEP401 API(
		  "2") "| Authorization: NTLM authenticate " ASK401,
	  "auth-multiplexed error certain 1", "different connections" },
	{ "two connections log in at once and are refused",
	  FIRST("1") FIRST("2") LAST("1") ASK401 LAST("2") ASK401,
	  "admin-api-denied error certain 1", "refuses the NTLM credentials" },
	{ "the refusal of the last step carries a token",
	  FIRST("1") LAST("1") "=> 401 Unauthorized | Connection: close | WWW-Authenticate: NTLM token\n",
	  "admin-api-denied error certain 1", "refuses the NTLM credentials" },
	{ "the challenge closes its connection",
	  API("1") "| Authorization: NTLM negotiate => 401 Unauthorized | WWW-Authenticate: NTLM "
	           "challenge | Connection: close\n+60\n",
	  "auth-multiplexed error probable 1", "also closes the connection" },
	{ "told while the capture goes on",
	  PROXY("1") ASK407 "+40\n" CONTENT("7") FINE PROXY("2") ASK407,
	  "proxy-auth-required error certain 2", NULL },
	{ "two clients are two findings",
	  PROXY("1") ASK407 "192.0.2.51 > 203.0.113.9:3128 #2 GET http://wsus01:8530/x " ASK407,
	  "proxy-auth-required error certain 1; proxy-auth-required error certain 1", NULL },
};

static void judges_logins_by_their_story(void **unused)
{
	static const struct analyzer *const analyzers[] = { &analyzer_login };

	(void)unused;
	judge_rows(analyzers, 1, rows, sizeof rows / sizeof *rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(judges_logins_by_their_story) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
