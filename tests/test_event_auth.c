/* tests/test_event_auth.c - a login as it stands in an exchange's event: names masked, tokens told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include <json-c/json.h>

#include "report/event_auth.h"

enum { PLAIN = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE };

static const struct auth_token ntlm_last = {
	.ntlm = { .type = 3, .version = { 10, 0, 15, 17763 }, .service = SPAN_LIT("HTTP/wsus01"),
	          .timestamp = 0, .v2 = true, .mic = true, .channel_binding = true },
	.kerberos = { .server_time = MOMENT_NONE },
};
static const struct auth_token ntlm_challenge = {
	.spnego = true, .mechanisms = 1u << SPNEGO_NTLM, .state = SPNEGO_INCOMPLETE,
	.ntlm = { .type = 2, .target = SPAN_LIT("CORP"), .dns_computer = SPAN_LIT("wsus01.corp.example"),
	          .timestamp = MOMENT_NONE, .cut = true },
	.kerberos = { .server_time = MOMENT_NONE },
};
static const struct auth_token ticket = {
	.spnego = true, .mechanisms = 1u << SPNEGO_KERBEROS | 1u << SPNEGO_NTLM,
	.ntlm = { .timestamp = MOMENT_NONE },
	.kerberos = { .kind = KERBEROS_AP_REQ, .service = SPAN_LIT("HTTP/wsus01"),
	              .realm = SPAN_LIT("CORP.EXAMPLE"), .ticket_etype = 18, .authenticator_etype = 99,
	              .server_time = MOMENT_NONE },
};
static const struct auth_token krb_error = {
	.ntlm = { .timestamp = MOMENT_NONE },
	.kerberos = { .kind = KERBEROS_ERROR, .error = 37, .server_time = 0 },
};

static const struct row {
	const char *name;
	struct auth auth;
	bool proxy, reveal;
	uint16_t status;
	const char *want;
} rows[] = {
	{ "nothing", { .sent = false }, false, false, 200, "{}" },
	{ "asked only", { .offered = 1u << AUTH_NTLM | 1u << AUTH_BASIC }, true, false, 407,
	  "{\"auth\":{\"towards\":\"proxy\",\"offered\":[\"Basic\",\"NTLM\"]}}" },
	{ "NTLM, names masked",
	  { .sent = true, .scheme = AUTH_NTLM, .sent_step = AUTH_STEP_NTLM_AUTHENTICATE,
	    .user = SPAN_LIT("alice"), .domain = SPAN_LIT("CORP"), .workstation = SPAN_LIT("PC1"),
	    .sent_token = &ntlm_last },
	  false, false, 200,
	  "{\"auth\":{\"towards\":\"server\",\"offered\":[],\"scheme\":\"NTLM\",\"step\":\"authenticate\","
	  "\"user\":\"a***\",\"domain\":\"C***\",\"workstation\":\"P***\",\"mechanism\":\"NTLM\","
	  "\"service\":\"HTTP/wsus01\",\"ntlm\":{\"message\":3,\"version\":\"10.0.17763\",\"v2\":true,"
	  "\"anonymous\":false,\"mic\":true,\"channel_binding\":true,"
	  "\"timestamp\":\"1970-01-01T00:00:00.000000000Z\"}}}" },
	{ "names told",
	  { .sent = true, .scheme = AUTH_BASIC, .sent_step = AUTH_STEP_CREDENTIALS, .user = SPAN_LIT("alice"),
	    .domain = SPAN_LIT("CORP") }, true, true, 200,
	  "{\"auth\":{\"towards\":\"proxy\",\"offered\":[],\"scheme\":\"Basic\",\"step\":\"credentials\","
	  "\"user\":\"alice\",\"domain\":\"CORP\"}}" },
	{ "a challenge",
	  { .offered = 1u << AUTH_NEGOTIATE, .sent = true, .scheme = AUTH_NEGOTIATE,
	    .sent_step = AUTH_STEP_NTLM_NEGOTIATE, .answer_step = AUTH_STEP_NTLM_CHALLENGE,
	    .answer_token = &ntlm_challenge }, false, false, 401,
	  "{\"auth\":{\"towards\":\"server\",\"offered\":[\"Negotiate\"],\"scheme\":\"Negotiate\","
	  "\"step\":\"challenge\",\"answer\":{\"mechanism\":\"NTLM\",\"state\":\"accept-incomplete\","
	  "\"target\":{\"name\":\"CORP\",\"dns_computer\":\"wsus01.corp.example\"},"
	  "\"ntlm\":{\"message\":2,\"cut\":true}}}}" },
	{ "a ticket, and an error",
	  { .sent = true, .scheme = AUTH_NEGOTIATE, .sent_step = AUTH_STEP_KERBEROS,
	    .answer_step = AUTH_STEP_KERBEROS_ERROR, .sent_token = &ticket, .answer_token = &krb_error },
	  false, false, 401,
	  "{\"auth\":{\"towards\":\"server\",\"offered\":[],\"scheme\":\"Negotiate\","
	  "\"step\":\"kerberos-error\","
	  "\"mechanism\":\"Kerberos\",\"mechanisms\":[\"Kerberos\",\"NTLM\"],\"service\":\"HTTP/wsus01\","
	  "\"realm\":\"CORP.EXAMPLE\",\"kerberos\":{\"message\":\"AP-REQ\",\"ticket_etype\":\"AES256-SHA1\","
	  "\"authenticator_etype\":\"unknown\"},\"answer\":{\"mechanism\":\"Kerberos\","
	  "\"kerberos\":{\"message\":\"KRB-ERROR\",\"server_time\":\"1970-01-01T00:00:00.000000000Z\"}},"
	  "\"error\":\"KRB_AP_ERR_SKEW\",\"error_code\":37}}" },
};

static void logins_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct json_object *event = json_object_new_object();
		struct exchange x = { .status = rows[i].status };
		const char *told;

		*(rows[i].proxy ? &x.proxy_auth : &x.server_auth) = rows[i].auth;
		event_auth(event, &x, rows[i].reveal);
		print_message("%s\n", rows[i].name);
		told = json_object_to_json_string_ext(event, PLAIN);
		assert_string_equal(told, rows[i].want);
		json_object_put(event);
	}
}

/* Behind the proxy's door it is the server that asks. */
static void who_refuses_is_told(void **state)
{
	static const struct {
		uint16_t status;
		const char *towards;
	} cases[] = { { 401, "server" }, { 407, "proxy" }, { 200, "proxy" } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json_object *event = json_object_new_object(), *auth, *towards;
		struct exchange x = { .status = cases[i].status, .proxy_auth = { .sent = true },
			              .server_auth = { .sent = true } };

		event_auth(event, &x, false);
		assert_true(json_object_object_get_ex(event, "auth", &auth));
		assert_true(json_object_object_get_ex(auth, "towards", &towards));
		assert_string_equal(json_object_get_string(towards), cases[i].towards);
		json_object_put(event);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logins_are_told),
		cmocka_unit_test(who_refuses_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
