/* tests/test_event_tls.c - TLS sessions as event lines, read back field by field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <json-c/json.h>

#include "tests/case.h"
#include "tests/told.h"

static void sessions_are_events(void **unused)
{
	static const char *const wanted[][2] = {
		{ "event.dataset", "wsuscope.tls" },       { "tls.version", "TLS 1.2" },
		{ "tls.client.server_name", "" },          { "tls.resumed", "false" },
		{ "tls.established", "false" },
		             { "wsuscope.tls.client_certificate.requested", "true" },
		{ "wsuscope.tls.client_certificate.sent", "false" }, { "wsuscope.tls.alerts.0.level", "2" },
		{ "wsuscope.tls.alerts.0.description", "48" }, { "wsuscope.tls.alerts.0.by", "client" },
		{ "wsuscope.tls.alerts.0.frame", "8" },    { "wsuscope.tls.decrypted", "false" },
	};
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8531", 10);
	struct tls_session t = { .conn = &c, .client_hello = true, .server_hello = true, .version = 0x0303,
		                 .certificate_request_frame = 6, .client_certificate_message = true,
		                 .client_certificate_empty = true,
		                 .alerts = { { .by = CLIENT, .frame = 8, .level = 2, .description = 48 } },
		                 .alert_count = 1 };
	struct fact f = { .kind = FACT_TLS, .time = 11 * MOMENT_S, .tls = &t };
	struct json_object *line = told_line(&f, NULL, false);

	(void)unused;
	assert_told(line, wanted, sizeof wanted / sizeof *wanted);
	json_object_put(line);
}

/* Certificates by index and side; the owner's also by the names of the Elastic Common Schema. */
static void certificates_are_told_with_their_session(void **unused)
{
	static const char *const wanted[][2] = {
		{ "tls.cipher", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
		{ "tls.curve", "x25519" },
		{ "tls.next_protocol", "http/1.1" },
		{ "tls.server.subject", "CN=wsus01" },
		{ "tls.server.not_after", "1970-01-01T00:00:09.000000000Z" },
		{ "tls.server.hash.sha1", "0A00000000000000000000000000000000000000" },
		{ "tls.client.supported_ciphers.0", "TLS_AES_128_GCM_SHA256" },
		{ "tls.client.supported_ciphers.1", "0xfefe" },
		{ "wsuscope.tls.cipher_id", "0xc030" },
		{ "wsuscope.tls.certificate_names.0", "wsus01.corp.example" },
		{ "wsuscope.tls.certificate_names.1", "192.0.2.1" },
		{ "wsuscope.tls.certificates.0.frame", "7" },
		{ "wsuscope.tls.certificates.0.by", "server" },
		{ "wsuscope.tls.certificates.0.common_name", "wsus01" },
		{ "wsuscope.tls.certificates.1.by", "client" },
		{ "wsuscope.tls.certificates.1.readable", "false" },
		{ "wsuscope.tls.client_certificate.authorities.0", "CN=Corp Root" },
		{ "wsuscope.tls.client_certificate.count", "1" },
		{ "wsuscope.tls.renegotiation.by", "server" },
		{ "wsuscope.tls.renegotiation.frame", "20" },
		{ "wsuscope.tls.flight13", "empty-certificate" },
		{ "wsuscope.tls.reading", "partly" },
		{ "wsuscope.tls.decrypted", "true" },
	};
	const struct certificate_name names[] = { { .text = SPAN_LIT("wsus01.corp.example") },
		                                  { .addr = addr_v4((const uint8_t[]){ 192, 0, 2, 1 }) } };
	const struct certificate server = { .readable = true, .thumbprint = { 10 }, .names = names,
		                            .name_count = 2, .subject = SPAN_LIT("CN=wsus01"),
		                            .common_name = SPAN_LIT("wsus01"),
		                            .not_before = MOMENT_NONE, .not_after = 9 * MOMENT_S };
	const struct certificate client = { .readable = false };
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8531", 10);
	struct tls_session t = {
		.conn = &c, .client_hello = true, .server_hello = true, .version = 0x0303, .cipher = 0xc030,
		.group = 29, .alpn = "http/1.1", .offer = { .suites = { 0x1301, 0xfefe }, .suite_count = 2 },
		.certificate_frame = 7, .certificates = { .list = { &server }, .count = 1 },
		.client_certificate_message = true,
		.client_certificates = { .list = { &client }, .count = 1 },
		.certificate_request_frame = 6, .authority_count = 1,
		.authorities = { SPAN_LIT("CN=Corp Root") },
		.again = { .asked = true, .by = SERVER, .frame = 20 },
		.flight13 = FLIGHT13_EMPTY_CERTIFICATE, .reading = TLS_PARTLY,
	};
	struct fact f = { .kind = FACT_TLS, .time = 11 * MOMENT_S, .tls = &t };
	struct json_object *line = told_line(&f, NULL, false), *none;

	(void)unused;
	assert_told(line, wanted, sizeof wanted / sizeof *wanted);
	assert_false(json_object_object_get_ex(told_at(line, "tls.server"), "not_before", &none));
	json_object_put(line);
}

/* Without alternative names a client compares the common name. */
static void a_common_name_is_a_name_only_alone(void **unused)
{
	const struct certificate server = { .readable = true, .common_name = SPAN_LIT("wsus01") };
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8531", 10);
	struct tls_session t = { .conn = &c, .certificates = { .list = { &server }, .count = 1 } };
	struct fact f = { .kind = FACT_TLS, .time = 11 * MOMENT_S, .tls = &t };
	struct json_object *line = told_line(&f, NULL, false);

	(void)unused;
	assert_told(line, &(const char *const[2]){ "wsuscope.tls.certificate_names.0", "wsus01" }, 1);
	assert_int_equal(json_object_array_length(told_at(line, "wsuscope.tls.certificates.0.names")), 0);
	json_object_put(line);
}

/* What was read out of TLS says so. */
static void an_exchange_tells_that_it_was_in_tls(void **unused)
{
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8531", 10);
	struct tls_session t = { .conn = &c };
	struct exchange x = call_on(&c, "/ClientWebService/client.asmx");
	struct fact f = { .kind = FACT_EXCHANGE, .time = 11 * MOMENT_S, .exchange = &x };
	struct json_object *line, *none;

	(void)unused;
	x.tls = &t;
	line = told_line(&f, NULL, false);
	assert_told(line, &(const char *const[2]){ "url.scheme", "https" }, 1);
	assert_told(line, &(const char *const[2]){ "wsuscope.exchange.tls", "true" }, 1);
	json_object_put(line);
	x.tls = NULL;
	x.method = SPAN("CONNECT");
	line = told_line(&f, NULL, false);
	assert_false(json_object_object_get_ex(told_at(line, "url"), "scheme", &none));
	json_object_put(line);
}

/* The target of a CONNECT may hold credentials. */
static void a_tunnels_login_is_masked(void **unused)
{
	struct connection c = connection_at("192.0.2.50", "192.0.2.9:3128", 10);
	struct exchange connect = { .conn = &c, .target = SPAN("alice:secret@wsus01:8531") };
	struct tls_session t = { .conn = &c, .tunnel = &connect };
	struct fact f = { .kind = FACT_TLS, .time = 11 * MOMENT_S, .tls = &t };
	struct json_object *line = told_line(&f, NULL, false);

	(void)unused;
	assert_told(line, &(const char *const[2]){ "wsuscope.tls.tunnel", "***@wsus01:8531" }, 1);
	json_object_put(line);
	line = told_line(&f, NULL, true);
	assert_told(line, &(const char *const[2]){ "wsuscope.tls.tunnel", "alice:secret@wsus01:8531" }, 1);
	json_object_put(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions_are_events),
		cmocka_unit_test(certificates_are_told_with_their_session),
		cmocka_unit_test(a_common_name_is_a_name_only_alone),
		cmocka_unit_test(an_exchange_tells_that_it_was_in_tls),
		cmocka_unit_test(a_tunnels_login_is_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
