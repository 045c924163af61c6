/* tests/test_login.c - 401 and 407: what is a handshake, and what is a refusal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "facts/connection.h"
#include "tests/judged.h"
#include "tests/trial.h"

extern const struct analyzer analyzer_login;

#define PROXY(conn) \
	"192.0.2.50 > 203.0.113.9:3128 #" conn " POST " \
	                                       "http://wsus01:8530/ClientWebService/client.asmx "
#define OTHER(conn) \
	"192.0.2.50 > 203.0.113.9:3128 #" conn " POST " \
	                                       "http://wsus02:8530/ClientWebService/client.asmx "
#define API(conn) \
	"192.0.2.20 > 198.51.100.1:8530 #" conn " POST /ApiRemoting30/WebService.asmx | Host: wsus01 "
#define SYNC(conn) \
	"192.0.2.30 > 198.51.100.1:8530 #" conn " POST /reports/upload.asmx | Host: wsus01:8530 "
#define CONTENT(conn) \
	"192.0.2.50 > 198.51.100.1:8530 #" conn " GET /Content/41/ABCD.cab | Host: wsus01 "
#define TUNNEL(conn) "192.0.2.50 > 203.0.113.9:3128 #" conn " CONNECT wsus01:8531 "
#define ASK407  "=> 407 Proxy Authentication Required | Proxy-Authenticate: Negotiate, NTLM\n"
#define ASK401  "=> 401 Unauthorized | Server: Microsoft-IIS/10.0 | WWW-Authenticate: Negotiate, NTLM\n"
#define STEP401 "=> 401 Unauthorized | Server: Microsoft-IIS/10.0 | WWW-Authenticate: NTLM challenge\n"
#define FINE    "=> 200 OK | Server: Microsoft-IIS/10.0\n"
#define TICKET  "| Authorization: Negotiate kerberos "
#define EVE     "| Authorization: NTLM authenticate eve "
#define SAYS(step) "=> 401 No | WWW-Authenticate: Negotiate " step "\n"
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
	  "proxy-auth-failed error certain 1", "refuses the Basic credentials of the user alice" },
	{ "the capture ends behind a first refusal", API("1") ASK401, "", NULL },
	{ "the capture ends behind a proxy's first refusal", PROXY("1") ASK407, "", NULL },
	{ "a first refusal, and the client leaves", PROXY("1") ASK407 "over 1 client\n",
	  "proxy-auth-required error certain 1", "the client sends none and gives up" },
	{ "407 of a tunnel", "192.0.2.50 > 203.0.113.9:3128 #1 CONNECT wsus01:8531 " ASK407 "+60\n",
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
	  "anonymous-refused error certain 1",
	  "of the user bob that the client sends; it should not want one at all" },
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
	{ "the account, its domain and its machine are named",
	  FIRST("1") LAST("1") "alice domain=CORP on=PC1 " ASK401, "admin-api-denied error certain 1",
	  "refuses the NTLM credentials of CORP\\alice on PC1 that the client sends" },
	{ "a computer logs in", FIRST("1") LAST("1") "PC1$ domain=CORP on=PC1 " ASK401,
	  "admin-api-denied error certain 1", "credentials of the computer CORP\\PC1$ that" },
	{ "nobody logs in", FIRST("1") LAST("1") "nobody " ASK401, "admin-api-denied error certain 1",
	  "The client logs in as nobody" },
	{ "NTLM is said where it hides in Negotiate",
	  API("1") "| Authorization: Negotiate authenticate " ASK401, "admin-api-denied error certain 1",
	  "refuses the Negotiate (NTLM) credentials" },
	{ "a ticket is refused without a word",
	  API("1") ASK401 API("1") TICKET "spn=HTTP/wsus01 " ASK401,
	  "admin-api-denied error certain 1",
	  "refuses the Negotiate (Kerberos) ticket that the client sends. The ticket is for HTTP/wsus01:" },
	{ "a ticket is refused, then NTLM",
	  API("1") TICKET "spn=HTTP/wsus01 " ASK401 FIRST("1") LAST("1") ASK401,
	  "admin-api-denied error certain 1", "Before NTLM it refuses a Kerberos ticket for HTTP/wsus01" },
	{ "a ticket is refused, and the capture ends inside NTLM",
	  API("1") TICKET "spn=HTTP/wsus01 " ASK401 FIRST("1"), "", NULL },
	{ "a ticket is refused, NTLM succeeds",
	  API("1") TICKET "spn=HTTP/wsus01 " ASK401 FIRST("1") LAST("1") FINE, "",
	  NULL },
	{ "the clocks are apart",
	  API("1") TICKET SAYS("kerberos-error 37"),
	  "admin-api-denied error certain 1", "KRB_AP_ERR_SKEW (37): the clocks of client and server" },
	{ "clocks come first", API("1") TICKET SAYS("kerberos-error 37"),
	  "admin-api-denied error certain 1", "first Compare the clocks" },
	{ "service names come first", API("1") TICKET SAYS("kerberos-error 31"),
	  "admin-api-denied error certain 1", "first setspn -Q HTTP/NAME" },
	{ "another scheme", SYNC("1") "| Authorization: Hoba credentials eve " ASK401,
	  "auth-failed error certain 1", "refuses the credentials of another scheme" },
	{ "the ticket is for another account",
	  API("1") TICKET SAYS("kerberos-error 41"),
	  "admin-api-denied error certain 1", "KRB_AP_ERR_MODIFIED (41): the ticket is for another account" },
	{ "the clocks are apart, the client corrects its own",
	  API("1") TICKET SAYS("kerberos-error 37") API("1") TICKET FINE, "", NULL },
	{ "SPNEGO rejects",
	  API("1") "| Authorization: Negotiate token " SAYS("rejected"),
	  "admin-api-denied error certain 1", "refuses the Negotiate credentials" },
	{ "the login is fine, the account has no right",
	  API("1") TICKET SAYS("completed"),
	  "admin-api-denied error certain 1", "The login itself is accepted: the account has no right" },
	{ "the scheme is not one of those that are taken",
	  SYNC("1") "| Authorization: Basic credentials eve " ASK401,
	  "auth-failed error certain 1", "eve that the client sends. That scheme is not among those" },
	{ "inside TLS without a binding", FIRST("1") LAST("1") "| tls " ASK401,
	  "admin-api-denied error certain 1",
	  "not bound to the TLS session: possibly" },
	{ "inside TLS with one", FIRST("1") LAST("1") "bound | tls " ASK401,
	  "admin-api-denied error certain 1",
	  "possibly a device opens TLS on the way" },
	{ "NTLM through a proxy",
	  PROXY("1") "| Authorization: NTLM authenticate eve => 401 No | Server: Microsoft-IIS/10.0 | "
	  "WWW-Authenticate: NTLM\n",
	  "anonymous-refused error certain 1", "possibly that does not keep one" },
	{ "the same password again and again",
	  SYNC("1") EVE ASK401 SYNC("1") EVE ASK401 SYNC("1") EVE ASK401,
	  "auth-failed error certain 1", "tries the same again and again" },
	{ "a challenge that nobody answers", FIRST("1") "+60\n", "admin-api-denied error probable 1",
	  "gives up half way. The challenge stays without an answer." },
	{ "the client leaves behind the challenge", FIRST("1") "over 1 client\n",
	  "admin-api-denied error probable 1",
	  "gives up half way. It closes the connection behind the challenge." },
	{ "the server leaves behind the challenge", FIRST("1") "over 1 server\n",
	  "auth-multiplexed error probable 1", "also closes the connection" },
	{ "the server tires of waiting for an answer", FIRST("1") "+20\nover 1 server\n",
	  "admin-api-denied error probable 1", "The challenge stays without an answer." },
	{ "the server leaves behind the challenge, all goes well elsewhere",
	  FIRST("1") "over 1 server\n" FIRST("2") LAST("2") FINE, "", NULL },
	{ "the client begins anew", FIRST("1") "over 1 client\n" FIRST("2"), "", NULL },
	{ "first steps without an end", FIRST("1") FIRST("2") FIRST("3") "+60\n",
	  "admin-api-denied error probable 1",
	  "Challenges are given again and again, and none is answered." },
	{ "the last step is cut off", FIRST("1") LAST("1") "| end reset\n+60\n",
	  "admin-api-denied error probable 1",
	  "is cut off half way. The connection ends behind its last message, without an answer." },
	{ "only Basic is offered",
	  PROXY("1") "=> 407 No | Proxy-Authenticate: Basic realm=x\n+60\n",
	  "proxy-auth-required error certain 1",
	  "gives up. The update agent of Windows answers Negotiate and NTLM only." },
	{ "NTLM over HTTP/1.0",
	  PROXY("1") "=> 407 No | 1.0 | Proxy-Authenticate: NTLM\n+60\n",
	  "proxy-auth-required error certain 1",
	  "HTTP/1.0, over which Windows begins neither" },
	{ "the challenge is HTTP/1.0",
	  API("1") "| Authorization: NTLM negotiate => 401 No | 1.0 "
	  "| WWW-Authenticate: NTLM challenge\n+60\n",
	  "auth-multiplexed error probable 1", "also closes the connection (HTTP/1.0)" },
	{ "a tunnel's login, leg by leg",
	  TUNNEL("1") ASK407 TUNNEL("1") "| Proxy-Authorization: Negotiate negotiate => 407 No | "
	  "Proxy-Authenticate: Negotiate challenge\n"
	  TUNNEL("1") "| Proxy-Authorization: Negotiate authenticate PC1$ domain=CORP " ASK407,
	  "proxy-auth-failed error certain 1",
	  "refuses the Negotiate (NTLM) credentials of the computer CORP\\PC1$" },
	{ "a tunnel's login succeeds",
	  TUNNEL("1") ASK407 TUNNEL("1") "| Proxy-Authorization: Negotiate kerberos " FINE, "", NULL },
	{ "inside a tunnel the server refuses",
	  "192.0.2.20 > 203.0.113.9:3128 #1 POST /ApiRemoting30/WebService.asmx | Host: wsus01 | tunnel | "
	  "tls | Authorization: Negotiate authenticate eve domain=CORP " ASK401,
	  "admin-api-denied error certain 1", "credentials of CORP\\eve that" },
	{ "a password is typed in, minutes later",
	  API("1") ASK401 "+400\n" CONTENT("7") FINE LAST("2") FINE, "", NULL },
	{ "told at the end, whatever came between",
	  PROXY("1") ASK407 "+40\n" CONTENT("7") FINE PROXY("2") ASK407,
	  "proxy-auth-required error certain 2", NULL },
	{ "one account at two hosts is one finding",
	  PROXY("1") "| Proxy-Authorization: Basic credentials alice " ASK407
	          OTHER("2") "| Proxy-Authorization: Basic credentials alice " ASK407,
	  "proxy-auth-failed error certain 2", "credentials of the user alice" },
	{ "two accounts are two findings",
	  PROXY("1") "| Proxy-Authorization: Basic credentials alice " ASK407
	          OTHER("2") "| Proxy-Authorization: Basic credentials albert " ASK407,
	  "proxy-auth-failed error certain 1; proxy-auth-failed error certain 1", NULL },
	{ "two clients are two findings",
	  PROXY("1") ASK407
	  "192.0.2.51 > 203.0.113.9:3128 #2 GET http://wsus01:8530/x " ASK407 "+60\n",
	  "proxy-auth-required error certain 1; proxy-auth-required error certain 1", NULL },
};

static void judges_logins_by_their_story(void **unused)
{
	static const struct analyzer *const analyzers[] = { &analyzer_login };

	(void)unused;
	judge_rows(analyzers, 1, rows, sizeof rows / sizeof *rows);
}

/* The proxy asks thousands within a second, and their connections are known to be over only after that: all
 * of them gave up. */
static void a_crowd_gives_up(void **unused)
{
	enum { CROWD = 2000 };
	struct connection c = connection_at("10.0.0.0", "203.0.113.9:3128", 100);
	struct trial t;
	uint64_t clients = 0;

	(void)unused;
	trial_begin(&t, &analyzer_login, NULL);
	for (unsigned step = 0; step < 2; step++)
		for (unsigned i = 0; i < CROWD; i++) {
			struct exchange x;

			c.client.addr.bytes[14] = (uint8_t)(i >> 8);
			c.client.addr.bytes[15] = (uint8_t)i;
			c.id = i + 1;
			x = call_on(&c, "/ClientWebService/client.asmx");
			x.via_proxy = true;
			answer(&x, 407, 5);
			if (step)
				trial_connection(&t, &c);
			else
				trial_exchange(&t, &x);
		}
	t.analyzer->end(t.self, 101 * MOMENT_S);
	findings_settle(t.findings, false);
	for (size_t i = 0; i < findings_count(t.findings); i++)
		clients += finding_weight(findings_at(t.findings, i));
	assert_int_equal(clients, CROWD);
	trial_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_logins_by_their_story),
		cmocka_unit_test(a_crowd_gives_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
