/* tests/test_soapcalls.c - a probe's calls hold the elements of MS-WUSP 2.2.2 and MS-WSUSSS 3.1.4, in their
 * order, in their namespaces; and values are escaped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <expat.h>
#include <cmocka.h>

#include "probes/soapcalls.h"

enum { WALK_MAX = 4096 };

#define SERVICES "http://www.microsoft.com/SoftwareDistribution"

static const struct span values[SOAP_SLOT_COUNT] = {
	[SLOT_CLIENT_PROTOCOL] = SPAN_LIT("2.90"),
	[SLOT_CLIENT_ID] = SPAN_LIT("70726f62-6500-5000-8000-000000000000"),
	[SLOT_MACHINE] = SPAN_LIT("a<b&c>\"d'\x01"),
	[SLOT_PLUGIN] = SPAN_LIT("SimpleTargeting"),
	[SLOT_COOKIE_DATA] = SPAN_LIT("QUJD"),
	[SLOT_LAST_CHANGE] = SPAN_LIT("2026-03-02T08:15:30.12Z"),
	[SLOT_NOW] = SPAN_LIT("2026-03-10T09:15:00Z"),
	[SLOT_EXPIRATION] = SPAN_LIT("2026-03-10T10:15:01Z"),
	[SLOT_ENCRYPTED] = SPAN_LIT("REVG"),
};

/* "name(child=text child)" below the body; and each element's namespace is the call's. */
struct walk {
	char text[WALK_MAX];
	size_t len;
	unsigned depth;
	const char *ns;
	bool foreign;
};

static void add(struct walk *w, const char *text, size_t len)
{
	assert_true(w->len + len < WALK_MAX);
	memcpy(w->text + w->len, text, len);
	w->len += len;
	w->text[w->len] = '\0';
}

static void XMLCALL start(void *self, const XML_Char *name, const XML_Char **attributes)
{
	struct walk *w = self;
	const char *bar = strrchr(name, '|');

	assert_non_null(bar);
	assert_null(attributes[0]);
	if (w->depth < 2 ? strncmp(name, "http://schemas.xmlsoap.org/soap/envelope/|", 42) != 0
	                 : strlen(w->ns) != (size_t)(bar - name) || strncmp(name, w->ns, strlen(w->ns)) != 0)
		w->foreign = true;
	if (w->depth++ >= 2) {
		if (w->len && w->text[w->len - 1] != '(')
			add(w, " ", 1);
		add(w, bar + 1, strlen(bar + 1));
		add(w, "(", 1);
	}
}

static void XMLCALL end(void *self, const XML_Char *name)
{
	struct walk *w = self;

	(void)name;
	if (--w->depth >= 2)
		add(w, ")", 1);
}

static void XMLCALL text(void *self, const XML_Char *at, int len)
{
	add(self, at, (size_t)len);
}

static void walk(struct span xml, const char *ns, struct walk *w)
{
	XML_Parser parser = XML_ParserCreateNS(NULL, '|');

	*w = (struct walk){ .ns = ns };
	XML_SetUserData(parser, w);
	XML_SetElementHandler(parser, start, end);
	XML_SetCharacterDataHandler(parser, text);
	assert_int_equal(XML_Parse(parser, (const char *)xml.at, (int)xml.len, XML_TRUE), XML_STATUS_OK);
	XML_ParserFree(parser);
}

#define MACHINE "a<b&c>\"d'?"
#define COOKIE "cookie(Expiration(2026-03-10T10:15:01Z) EncryptedData(REVG))"

static const struct row {
	enum soap_request request;
	const char *ns, *says;
} rows[] = {
	{ SOAP_GET_CONFIG, SERVICES "/Server/ClientWebService", "GetConfig(protocolVersion(2.90))" },
	{ SOAP_GET_AUTHORIZATION_COOKIE, SERVICES "/Server/SimpleAuthWebService",
	  "GetAuthorizationCookie(clientId(70726f62-6500-5000-8000-000000000000) targetGroupName() "
	  "dnsName(" MACHINE "))" },
	{ SOAP_GET_COOKIE, SERVICES "/Server/ClientWebService",
	  "GetCookie(authCookies(AuthorizationCookie(PlugInId(SimpleTargeting) CookieData(QUJD))) "
	  "oldCookie(Expiration(2026-03-10T09:15:00Z)) lastChange(2026-03-02T08:15:30.12Z) "
	  "currentTime(2026-03-10T09:15:00Z) protocolVersion(2.90))" },
	{ SOAP_SYNC_UPDATES, SERVICES "/Server/ClientWebService",
	  "SyncUpdates(" COOKIE " parameters(ExpressQuery(false) SkipSoftwareSync(false) "
	  "NeedTwoGroupOutOfScopeUpdates(true)))" },
	{ SOAP_PING, SERVICES "/Server/IMonitorable", "Ping(pingLevel(0))" },
	{ SOAP_GET_AUTH_CONFIG, SERVICES, "GetAuthConfig()" },
};

static void calls_hold_what_is_due(void **state)
{
	char action[SOAP_ACTION_MAX], due[SOAP_ACTION_MAX];
	struct walk w;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		buf_init(&b, WALK_MAX);
		assert_true(soap_request_write(rows[i].request, values, &b));
		walk(buf_span(&b), rows[i].ns, &w);
		assert_false(w.foreign);
		assert_string_equal(w.text, rows[i].says);
		snprintf(due, sizeof due, "SOAPAction: \"%s/%s\"", rows[i].ns,
		         soap_request_name(rows[i].request));
		assert_string_equal(soap_request_action(rows[i].request, action), due);
		buf_release(&b);
	}
}

/* computerInfo in the order of MS-WUSP 2.2.2.2.3. */
static void a_computer_in_its_order(void **state)
{
	static const char *const names[] = {
		"DnsName", "OSMajorVersion", "OSMinorVersion", "OSBuildNumber", "OSServicePackMajorNumber",
		"OSServicePackMinorNumber", "OSLocale", "ComputerManufacturer", "ComputerModel",
		"BiosVersion",
		"BiosName", "BiosReleaseDate", "ProcessorArchitecture", "SuiteMask", "OldProductType",
		"NewProductType", "SystemMetrics", "ClientVersionMajorNumber", "ClientVersionMinorNumber",
		"ClientVersionBuildNumber", "ClientVersionQfeNumber", "OSDescription", "OEM", "DeviceType",
		"FirmwareVersion", "MobileOperator",
	};
	struct walk w;
	struct buf b;
	const char *at;

	(void)state;
	buf_init(&b, WALK_MAX);
	assert_true(soap_request_write(SOAP_REGISTER_COMPUTER, values, &b));
	walk(buf_span(&b), SERVICES "/Server/ClientWebService", &w);
	assert_false(w.foreign);
	at = strstr(w.text, "RegisterComputer(" COOKIE " computerInfo(");
	assert_ptr_equal(at, w.text);
	at += strlen("RegisterComputer(" COOKIE " computerInfo(");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		at += *at == ' ';
		assert_memory_equal(at, names[i], strlen(names[i]));
		assert_int_equal(at[strlen(names[i])], '(');
		at = strchr(at, ')') + 1;
	}
	assert_string_equal(at, "))");
	buf_release(&b);
}

static void what_does_not_fit_is_refused(void **state)
{
	struct buf b;

	(void)state;
	for (size_t room = 0; room < 200; room += 7) {
		buf_init(&b, room);
		assert_false(soap_request_write(SOAP_GET_AUTHORIZATION_COOKIE, values, &b));
		buf_release(&b);
	}
}

/* RFC 9562 section 4.1 and 4.2: variant and version; the same name, the same identifier. */
static void identifiers_are_names(void **state)
{
	char a[CLIENT_ID_TEXT], again[CLIENT_ID_TEXT], other[CLIENT_ID_TEXT];

	(void)state;
	soap_client_id(SPAN("pc-0042"), a);
	soap_client_id(SPAN("pc-0042"), again);
	soap_client_id(SPAN("pc-0043"), other);
	assert_string_equal(a, again);
	assert_string_not_equal(a, other);
	assert_int_equal(strlen(a), 36);
	assert_memory_equal(a, "70726f62-65", 11);
	assert_int_equal(a[14], '5');
	assert_non_null(strchr("89ab", a[19]));
	soap_client_id(SPAN(""), a);
	assert_int_equal(strlen(a), 36);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_hold_what_is_due),
		cmocka_unit_test(a_computer_in_its_order),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(identifiers_are_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
