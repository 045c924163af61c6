/* tests/test_soapsteps.c - calls of a probe: to a server that speaks SOAP, and to those that fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "probes/soapread.h"
#include "probes/steps.h"
#include "probes/xpresshook.h"
#include "tests/rehearsal.h"
#include "tests/scripted.h"

#define S "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
#define E "</s:Body></s:Envelope>"
#define CLIENT " xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService\""

#define CONFIG(protocol) S "<GetConfigResponse" CLIENT "><GetConfigResult>"                    \
	"<LastChange>2026-03-02T08:15:30.12Z</LastChange>" \
	"<IsRegistrationRequired>true</IsRegistrationRequired><AuthInfo><AuthPlugInInfo>"      \
	"<PlugInID>SimpleTargeting</PlugInID></AuthPlugInInfo></AuthInfo>" protocol                    \
	"</GetConfigResult></GetConfigResponse>" E
#define PROTOCOL(version) "<Properties><ConfigurationProperty><Name>ProtocolVersion</Name><Value>" version \
	"</Value></ConfigurationProperty></Properties>"
#define AUTHORIZATION S "<GetAuthorizationCookieResponse><GetAuthorizationCookieResult>"       \
	"<PlugInId>SimpleTargeting</PlugInId><CookieData>a+b/c=</CookieData>"           \
	"</GetAuthorizationCookieResult></GetAuthorizationCookieResponse>" E
#define COOKIE(expires) S "<GetCookieResponse" CLIENT "><GetCookieResult><Expiration>" expires         \
	"</Expiration><EncryptedData>xyz=</EncryptedData></GetCookieResult></GetCookieResponse>" E
#define REGISTERED S "<RegisterComputerResponse" CLIENT "/>" E
#define UPDATES S "<SyncUpdatesResponse" CLIENT "><SyncUpdatesResult><NewUpdates><UpdateInfo/><UpdateInfo/>" \
	"</NewUpdates><Truncated>true</Truncated></SyncUpdatesResult></SyncUpdatesResponse>" E
#define PONG S "<PingResponse><PingResult><SuccessFlag>true</SuccessFlag>"                     \
	"<ServicesMachine>WSUS01</ServicesMachine></PingResult></PingResponse>" E
#define FAULT(code) S "<s:Fault><faultcode>s:Client</faultcode>"                               \
	"<faultstring>Fault occurred</faultstring><detail><ErrorCode>" code "</ErrorCode>"       \
	"<Message>words</Message><ID>c1f5</ID></detail></s:Fault>" E

enum { SAYS_MAX = 8, ANSWER_ROOM = 4096 };

/* An answer for whatever has these words. */
struct says {
	const char *words;
	const char *status, *headers, *body;
};

struct due {
	const char *name;
	enum check_state state;
	bool unjudged;
	const char *says;
};

struct stage {
	struct says says[SAYS_MAX];
	struct due due[SAYS_MAX];
};

static void run(const struct stage *stage, const struct probe_options *options)
{
	struct scripted_row rows[SAYS_MAX + 1] = { { NULL, SCRIPTED_STATUS("404 Not Found", "") } };
	static char answers[SAYS_MAX][ANSWER_ROOM];
	struct rehearsal r = { .options = *options };
	struct peer peer = { 0 };
	char url[64];

	for (size_t i = 0; i < SAYS_MAX && stage->says[i].words; i++) {
		const struct says *s = &stage->says[i];

		snprintf(answers[i], ANSWER_ROOM,
		         "HTTP/1.1 %s\r\nContent-Type: text/xml; charset=utf-8\r\n%s"
		         "Content-Length: %zu\r\n\r\n%s",
		         s->status, s->headers, strlen(s->body), s->body);
		rows[i + 1] = rows[i];
		rows[i] = (struct scripted_row){ s->words, answers[i] };
	}
	peer_start(&peer, scripted_serve, rows);
	snprintf(url, sizeof url, "http://127.0.0.1:%u", peer.port);
	rehearsal_begin(&r, url);
	r.direct->http = r.direct->reach;
	assert_true(soap_plan(&r.plan, r.direct));
	rehearsal_run(&r);
	peer_stop(&peer);
	for (size_t i = 0; i < SAYS_MAX && stage->due[i].name; i++) {
		const struct due *due = &stage->due[i];

		rehearsal_expect(&r, due->name, false, due->state, due->says);
		assert_int_equal(rehearsal_check(&r, due->name, false)->unjudged, due->unjudged);
	}
	rehearsal_end(&r);
}

static void calls_in_their_order(void **state)
{
	/* each is answered only where it holds what the one before gave */
	static const struct stage stage = {
		{ { "<protocolVersion>2.90</protocolVersion></GetConfig>", "200 OK", "",
		    CONFIG(PROTOCOL("3.2")) },
		  { "<dnsName>pc-1&amp;2</dnsName>", "200 OK", "", AUTHORIZATION },
		  { "<PlugInId>SimpleTargeting</PlugInId><CookieData>a+b/c=</CookieData>"
		    "</AuthorizationCookie></authCookies>", "200 OK", "", COOKIE("2099-01-01T00:00:00Z") },
		  { "<EncryptedData>xyz=</EncryptedData></cookie><computerInfo><DnsName>pc-1&amp;2</DnsName>",
		    "200 OK", "", REGISTERED },
		  { "<Expiration>2099-01-01T00:00:00Z</Expiration><EncryptedData>xyz=</EncryptedData>"
		    "</cookie><parameters>", "200 OK", "", UPDATES },
		  { "IMonitorable/Ping\"", "200 OK", "", PONG } },
		{ { "GetConfig", CHECK_OK, false, "protocol 3.2, SimpleTargeting, clients register" },
		  { "GetAuthorizationCookie", CHECK_OK, false, "a cookie of SimpleTargeting" },
		  { "GetCookie", CHECK_OK, false, "a cookie for" },
		  { "RegisterComputer", CHECK_OK, false, "registered" },
		  { "SyncUpdates", CHECK_OK, false, "2 updates on the first page, more follow" },
		  { "Ping", CHECK_OK, false, "WSUS01" } },
	};
	const struct probe_options options = { .registers = true, .machine = "pc-1&2" };

	(void)state;
	run(&stage, &options);
}

static void faults_and_what_is_no_soap(void **state)
{
	static const struct stage stages[] = {
		{ { { "GetConfig", "500 Internal Server Error", "", FAULT("InternalServerError") } },
		  { { "GetConfig", CHECK_FAILED, false, "fault InternalServerError: words; ID c1f5" },
		    { "GetAuthorizationCookie", CHECK_SKIPPED, false, "needs soap GetConfig" },
		    { "GetCookie", CHECK_SKIPPED, false, "needs soap GetConfig" },
		    { "Ping", CHECK_OK, true, "not served here: 404" } } },
		{ { { "GetConfig", "200 OK", "", "<html>log in</html>" } },
		  { { "GetConfig", CHECK_FAILED, false, "no whole SOAP answer" } } },
		{ { { "GetConfig", "200 OK", "", PONG } },
		  { { "GetConfig", CHECK_FAILED, false, "the answer is a PingResponse" } } },
		{ { { "GetConfig", "200 OK", "", CONFIG("") },
		    { "GetAuthorizationCookie", "200 OK", "", S "<GetAuthorizationCookieResponse/>" E } },
		  { { "GetConfig", CHECK_WARNING, false, "protocol of WSUS 2.0" },
		    { "GetAuthorizationCookie", CHECK_FAILED, false, "no cookie" } } },
		{ { { "GetConfig", "200 OK", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
		      CONFIG(PROTOCOL("3.1")) },
		    { "GetAuthorizationCookie", "200 OK", "", AUTHORIZATION },
		    { "GetCookie", "200 OK", "", COOKIE("1994-11-06T09:49:37Z") },
		    { "RegisterComputer", "500 Internal Server Error", "", FAULT("RegistrationNotRequired") },
		    { "SyncUpdates", "500 Internal Server Error", "", FAULT("ServerBusy") } },
		  { { "GetConfig", CHECK_WARNING, false, "min behind" },
		    { "GetCookie", CHECK_WARNING, false, "has expired by our clock" },
		    { "RegisterComputer", CHECK_OK, true, "no registration" },
		    { "SyncUpdates", CHECK_FAILED, false, "fault ServerBusy" } } },
		{ { { "GetConfig", "200 OK", "Content-Encoding: xpress\r\n", "x" } },
		  { { "GetConfig", CHECK_FAILED, false, "in a coding that cannot be undone" } } },
	};
	const struct probe_options options = { .registers = true, .machine = "pc" };

	(void)state;
	for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
		run(&stages[i], &options);
}

/* A coding of the test's own: each letter's next one. */
static bool undo(void *self, struct span encoded, struct span coding, struct buf *out)
{
	unsigned *count = self;

	++*count;
	for (size_t i = 0; i < encoded.len; i++)
		if (!buf_add_byte(out, (uint8_t)(encoded.at[i] - 1)))
			return false;
	return span_eq(coding, SPAN("xpress"));
}

static void codings_are_undone_by_whom_they_are_lent(void **state)
{
	char encoded[ANSWER_ROOM] = CONFIG(PROTOCOL("3.2"));
	unsigned count = 0;
	struct body_decoder decoder = { &count, undo };
	struct stage stage = {
		{ { "Accept-Encoding: xpress", "200 OK", "Content-Encoding: xpress\r\n", encoded } },
		{ { "GetConfig", CHECK_OK, false, "protocol 3.2" } },
	};
	const struct probe_options options = { .decoder = &decoder };

	(void)state;
	for (char *c = encoded; *c; c++)
		++*c;
	run(&stage, &options);
	assert_true(count >= 1);
}

static void upstream_servers(void **state)
{
	static const struct stage stage = {
		{ { "<GetAuthConfig xmlns=\"http://www.microsoft.com/SoftwareDistribution\">", "200 OK", "",
		    S "<GetAuthConfigResponse><GetAuthConfigResult><LastChange>2026</LastChange><AuthInfo>"
		      "<AuthPlugInInfo><PlugInID>DssTargeting</PlugInID></AuthPlugInInfo></AuthInfo>"
		      "</GetAuthConfigResult></GetAuthConfigResponse>" E } },
		{ { "GetAuthConfig", CHECK_OK, false, "DssTargeting" } },
	};
	const struct probe_options options = { .upstream = true };

	(void)state;
	run(&stage, &options);
}

/* Nothing that changes a server is as much as planned. */
static void nothing_changes_unasked(void **state)
{
	struct rehearsal r = { 0 };

	(void)state;
	rehearsal_begin(&r, "http://127.0.0.1:9");
	assert_true(soap_plan(&r.plan, r.direct));
	for (size_t i = 0; i < r.plan.step_count; i++) {
		assert_string_not_equal(r.plan.steps[i]->told.name, "RegisterComputer");
		assert_string_not_equal(r.plan.steps[i]->told.name, "SyncUpdates");
		assert_string_not_equal(r.plan.steps[i]->told.name, "GetAuthConfig");
	}
	rehearsal_end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_in_their_order),
		cmocka_unit_test(faults_and_what_is_no_soap),
		cmocka_unit_test(codings_are_undone_by_whom_they_are_lent),
		cmocka_unit_test(upstream_servers),
		cmocka_unit_test(nothing_changes_unasked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
