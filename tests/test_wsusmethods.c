/* tests/test_wsusmethods.c - methods by path and name, by header and body; what faults mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "facts/soap.h"
#include "facts/wsus.h"

#define NS "http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService/"

static const struct row {
	const char *path, *name;
	enum wsus_method want;
} rows[] = {
	{ "/ClientWebService/client.asmx", "GetCookie", METHOD_GET_COOKIE },
	{ "/CLIENTWEBSERVICE/Client.asmx", "SyncUpdates", METHOD_SYNC_UPDATES },
	{ "/ServerSyncWebService/ServerSyncWebService.asmx", "GetCookie", METHOD_DSS_GET_COOKIE },
	{ "/SimpleAuthWebService/SimpleAuth.asmx", "GetAuthorizationCookie",
	  METHOD_GET_AUTHORIZATION_COOKIE },
	{ "/DssAuthWebService/x.asmx", "GetAuthorizationCookie", METHOD_DSS_GET_AUTHORIZATION_COOKIE },
	{ "/ReportingWebService/WebService.asmx", "ReportEventBatch", METHOD_REPORT_EVENT_BATCH },
	{ "/ApiRemoting30/WebService.asmx", "ExecuteSPSearchUpdates", METHOD_API_CALL },
	{ "/ApiRemoting30/WebService.asmx", "", METHOD_UNKNOWN },
	{ "/ClientWebService/client.asmx", "getcookie", METHOD_UNKNOWN },       /* XML tells cases apart */
	{ "/ClientWebService/client.asmx", "GetAuthConfig", METHOD_UNKNOWN },
	{ "/ClientWebService/client.asmx", "", METHOD_UNKNOWN },
	{ "/ReportingWebService/WebService.asmx", "Ping", METHOD_PING },
	{ "/elsewhere", "GetCookie", METHOD_UNKNOWN },
};

static void test_methods(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum wsus_method got = wsus_method_of(span_text(rows[i].path), span_text(rows[i].name));

		if (got != rows[i].want)
			fail_msg("%s %s: %d", rows[i].path, rows[i].name, got);
		if (got != METHOD_UNKNOWN && got != METHOD_API_CALL)
			assert_string_equal(wsus_method_name(got), rows[i].name);
	}
	assert_string_equal(wsus_method_name(METHOD_UNKNOWN), "");
	assert_string_equal(wsus_method_name(METHOD_API_CALL), "");
}

static const struct heads {
	const char *name, *value;
	enum wsus_method want;
} heads[] = {
	{ "SOAPAction", "\"" NS "GetConfig\"", METHOD_GET_CONFIG },
	{ "soapaction", NS "GetConfig", METHOD_GET_CONFIG },
	{ "Content-Type", "application/soap+xml; charset=utf-8; action=\"" NS "GetCookie\"",
	  METHOD_GET_COOKIE },
	{ "Content-Type", "text/xml; charset=utf-8", METHOD_UNKNOWN },
	{ "SOAPAction", "\"\"", METHOD_UNKNOWN },
};

static void test_heads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		struct http_header header = { span_text(heads[i].name), span_text(heads[i].value) };
		struct exchange x = { .path = SPAN("/ClientWebService/client.asmx"),
			              .request = { .headers = &header, .header_count = 1 } };

		assert_int_equal(wsus_exchange_method(&x), heads[i].want);
	}
}

static void test_body_counts_more(void **state)
{
	struct http_header header = { SPAN("SOAPAction"), SPAN(NS "GetConfig") };
	struct soap_call call = { .method = METHOD_SYNC_UPDATES };
	struct exchange x = { .path = SPAN("/ClientWebService/client.asmx"), .soap = &call,
		              .request = { .headers = &header, .header_count = 1 } };

	(void)state;
	assert_int_equal(wsus_exchange_method(&x), METHOD_SYNC_UPDATES);
}

static void test_errors(void **state)
{
	struct soap_fault fault = { .present = true };

	(void)state;
	assert_int_equal(soap_error_of(&fault), SOAP_ERROR_NONE);
	fault.error_code = SPAN("ConfigChanged");
	assert_int_equal(soap_error_of(&fault), SOAP_ERROR_CONFIG_CHANGED);
	assert_true(soap_error_heals(SOAP_ERROR_CONFIG_CHANGED));
	fault.error_code = SPAN("configchanged");
	assert_int_equal(soap_error_of(&fault), SOAP_ERROR_OTHER);
	assert_false(soap_error_heals(SOAP_ERROR_OTHER));
	assert_false(soap_error_heals(SOAP_ERROR_NONE));
	assert_false(soap_error_heals(SOAP_ERROR_INVALID_PARAMETERS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_body_counts_more),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests_name("wsusmethods", tests, NULL, NULL);
}
