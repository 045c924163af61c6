/* tests/test_soapread.c - answers as MS-WUSP and MS-WSUSSS write them, faults of both SOAP versions, and what
 * is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "probes/soapread.h"

#define S "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
#define E "</s:Body></s:Envelope>"
#define CLIENT_NS " xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService\""

struct due {
	enum soap_value value;
	const char *text;
};

static const struct row {
	const char *xml, *method;
	bool whole, fault;
	unsigned updates;
	struct due due[6];
} rows[] = {
	{ S "<GetConfigResponse" CLIENT_NS "><GetConfigResult><LastChange> 2026-03-02T08:15:30.12Z\n</"
	  "LastChange>"
	  "<IsRegistrationRequired>true</IsRegistrationRequired><AuthInfo><AuthPlugInInfo>"
	  "<PlugInID>SimpleTargeting</PlugInID><ServiceUrl>SimpleAuthWebService/SimpleAuth.asmx</"
	  "ServiceUrl>"
	  "<Parameter/></AuthPlugInInfo><AuthPlugInInfo><PlugInID>Another</PlugInID></AuthPlugInInfo></"
	  "AuthInfo>"
	  "<Properties><ConfigurationProperty><Name>MaxExtendedUpdatesPerRequest</Name><Value>50</Value>"
	  "</ConfigurationProperty><ConfigurationProperty><Name>ProtocolVersion</Name><Value>3.2</Value>"
	  "</ConfigurationProperty><ConfigurationProperty><Name>IsInventoryRequired</Name><Value>0</Value>"
	  "</ConfigurationProperty></Properties></GetConfigResult></GetConfigResponse>" E,
	  "GetConfigResponse", true, false, 0,
	  { { VALUE_LAST_CHANGE, "2026-03-02T08:15:30.12Z" }, { VALUE_REGISTRATION, "true" },
	    { VALUE_PLUGIN, "SimpleTargeting" }, { VALUE_PROTOCOL, "3.2" }, { VALUE_COOKIE_DATA, NULL },
	    { VALUE_ERROR_CODE, NULL } } },
	{ "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	  "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
	  "<GetAuthorizationCookieResponse xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/"
	  "SimpleAuthWebService\"><GetAuthorizationCookieResult><PlugInId>SimpleTargeting</PlugInId>"
	  "<CookieData>k9k+8Rhc</CookieData></GetAuthorizationCookieResult></"
	  "GetAuthorizationCookieResponse>"
	  "</soap:Body></soap:Envelope>",
	  "GetAuthorizationCookieResponse", true, false, 0,
	  { { VALUE_COOKIE_PLUGIN, "SimpleTargeting" }, { VALUE_COOKIE_DATA, "k9k+8Rhc" },
	    { VALUE_PLUGIN, NULL } } },
	{ S "<GetCookieResponse" CLIENT_NS "><GetCookieResult><Expiration>2026-03-10T10:15:01.2345678Z"
	  "</Expiration><EncryptedData>Ah6b&amp;Ws=</EncryptedData></GetCookieResult></GetCookieResponse>"
	  "" E,
	  "GetCookieResponse", true, false, 0,
	  { { VALUE_EXPIRATION, "2026-03-10T10:15:01.2345678Z" }, { VALUE_ENCRYPTED, "Ah6b&Ws=" } } },
	{ S "<SyncUpdatesResponse" CLIENT_NS "><SyncUpdatesResult><NewUpdates><UpdateInfo><ID>1</ID></"
	  "UpdateInfo>"
	  "<UpdateInfo><ID>2</ID><Xml>&lt;UpdateInfo&gt;</Xml></UpdateInfo></NewUpdates><ChangedUpdates>"
	  "<UpdateInfo><ID>3</ID></UpdateInfo></ChangedUpdates><Truncated>true</Truncated><NewCookie>"
	  "<Expiration>2026</Expiration><EncryptedData>x</EncryptedData></NewCookie></SyncUpdatesResult>"
	  "</SyncUpdatesResponse>" E,
	  "SyncUpdatesResponse", true, false, 2,
	  { { VALUE_TRUNCATED, "true" }, { VALUE_ENCRYPTED, "x" }, { VALUE_EXPIRATION, "2026" } } },
	{ S "<s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang=\"en-US\">Fault occurred</"
	  "faultstring>"
	  "<detail><ErrorCode>ConfigChanged</ErrorCode><Message/><ID>"
	  "c1f5d2a0-6a7b-4c1e-8f10-0a1b2c3d4e01</ID>"
	  "<Method>\"http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService/SyncUpdates\""
	  "</Method></detail></s:Fault>" E,
	  "Fault", true, true, 0,
	  { { VALUE_FAULT_CODE, "s:Client" }, { VALUE_FAULT_TEXT, "Fault occurred" },
	    { VALUE_ERROR_CODE, "ConfigChanged" }, { VALUE_ERROR_MESSAGE, "" },
	    { VALUE_ERROR_ID, "c1f5d2a0-6a7b-4c1e-8f10-0a1b2c3d4e01" },
	    { VALUE_ERROR_METHOD,
	      "\"http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService/SyncUpdates\"" } } },
	/* SOAP 1.2, with the detail that has no namespace */
	{ "<soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\"><soap:Body><soap:Fault>"
	  "<soap:Code>"
	  "<soap:Value>soap:Sender</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang=\"en\">"
	  "Fault occurred</soap:Text></soap:Reason><Detail><ErrorCode>ServerChanged</ErrorCode><Message/>"
	  "<ID>c1</ID></Detail></soap:Fault></soap:Body></soap:Envelope>",
	  "Fault", true, true, 0,
	  { { VALUE_FAULT_CODE, "soap:Sender" }, { VALUE_FAULT_TEXT, "Fault occurred" },
	    { VALUE_ERROR_CODE, "ServerChanged" }, { VALUE_ERROR_ID, "c1" } } },
	/* of infrastructure: no detail */
	{ S "<s:Fault><faultcode xmlns:a=\"http://schemas.microsoft.com/net/2005/12/"
	  "windowscommunicationfoundation/dispatcher\">"
	  "a:InternalServiceFault</faultcode><faultstring>Demo</faultstring></s:Fault>" E,
	  "Fault", true, true, 0,
	  { { VALUE_FAULT_CODE, "a:InternalServiceFault" }, { VALUE_ERROR_CODE, NULL } } },
	/* cut off: what came before is kept */
	{ S "<GetConfigResponse" CLIENT_NS "><GetConfigResult><LastChange>2026</LastChange><IsReg",
	  "GetConfigResponse", false, false, 0, { { VALUE_LAST_CHANGE, "2026" } } },
	{ S "<GetConfigResponse" CLIENT_NS "><GetConfigResult><LastChange>"
	  "2026", "GetConfigResponse", false, false,
	  0, { { VALUE_LAST_CHANGE, "" } } },
	{ S E, "", false, false, 0, { { VALUE_LAST_CHANGE, NULL } } },
	{ "<html><body>Log in</body></html>", "", false, false, 0, { { VALUE_LAST_CHANGE, NULL } } },
	{ "", "", false, false, 0, { { VALUE_LAST_CHANGE, NULL } } },
	{ "\xff\xfe not xml", "", false, false, 0, { { VALUE_LAST_CHANGE, NULL } } },
	/* no document types, so no entities */
	{ "<!DOCTYPE lolz [<!ENTITY lol \"lol\">]>" S "<GetConfigResponse" CLIENT_NS "/>"
	  "" E, "", false, false, 0,
	  { { VALUE_LAST_CHANGE, NULL } } },
};

static void answers_are_read(void **state)
{
	struct soap_answer a;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];

		assert_int_equal(soap_read(span_text(row->xml), &a), row->whole);
		assert_int_equal(a.whole, row->whole);
		assert_string_equal(a.method, row->method);
		assert_int_equal(a.is_fault, row->fault);
		assert_int_equal(a.updates, row->updates);
		for (size_t k = 0; k < 6 && (row->due[k].value || row->due[k].text); k++) {
			struct span got = soap_value(&a, row->due[k].value);
			const char *due = row->due[k].text;

			assert_int_equal(!got.at, !due);
			if (due && !span_eq(got, span_text(due)))
				fail_msg("row %zu: \"%.*s\" where \"%s\" is due", i, (int)got.len,
				         (const char *)got.at, due);
		}
		soap_release(&a);
	}
}

/* Texts, names and depths beyond their ceilings end the reading. */
static void ceilings_hold(void **state)
{
	struct soap_answer a;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	assert_true(buf_printf(&b, S "<GetConfigResponse" CLIENT_NS "><GetConfigResult><LastChange>"));
	for (int i = 0; i < SOAP_TEXT_MAX; i++)
		buf_add_byte(&b, 'x');
	buf_add_byte(&b, 'x');
	assert_true(buf_printf(&b, "</LastChange></GetConfigResult></GetConfigResponse>" E));
	assert_false(soap_read(buf_span(&b), &a));
	soap_release(&a);

	buf_clear(&b);
	assert_true(buf_printf(&b, S));
	for (int i = 0; i < 100; i++)
		assert_true(buf_printf(&b, "<a>"));
	assert_false(soap_read(buf_span(&b), &a));
	soap_release(&a);

	buf_clear(&b);
	assert_true(buf_printf(&b, S "<"));
	for (int i = 0; i < 2000; i++)
		buf_add_byte(&b, 'y');
	assert_true(buf_printf(&b, "/>" E));
	assert_false(soap_read(buf_span(&b), &a));
	soap_release(&a);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_read),
		cmocka_unit_test(ceilings_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
