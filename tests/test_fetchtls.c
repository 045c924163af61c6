/* tests/test_fetchtls.c - handshakes: what they agree on, whom they trust, and what is asked for in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#undef skip
#include <openssl/ssl.h>
#include <signal.h>

#include "facts/tls.h"
#include "tests/fetched.h"

#define SHAKE { SERVED_TLS, NULL }
#define FAR_AWAY "http://wsus.test:8530/x"
#define FAR_SECURE "https://wsus.test:8531/x"

static const struct served_tls good_tls = { SERVED_GOOD, 0, false };
static const struct served_tls tls12 = { SERVED_GOOD, TLS1_2_VERSION, false };

static void up_to_12(struct fetch_options *o)
{
	o->tls.max = TLS_1_2;
}

static void only_10(struct fetch_options *o)
{
	o->tls.min = o->tls.max = TLS_1_0;
}

static void only_13(struct fetch_options *o)
{
	o->tls.min = TLS_1_3;
}

static void tls_is_spoken(void **state)
{
	static const struct served_tls tls10 = { SERVED_GOOD, TLS1_VERSION, false };
	static const struct fetched_row rows[] = {
		{ .name = "1.3", .url = FETCHED_SECURE, .tls = &good_tls,
		  .acts = { SHAKE, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .body = "hi", .exchanges = "tls GET /x 200 hi; " },
		{ .name = "1.2", .url = FETCHED_SECURE, .tls = &tls12, .shape = up_to_12,
		  .acts = { SHAKE, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .exchanges = "tls GET /x 200 hi; " },
		{ .name = "1.0", .url = FETCHED_SECURE, .tls = &tls10, .shape = only_10,
		  .acts = { SHAKE, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .exchanges = "tls GET /x 200 hi; " },
		{ .name = "through a proxy", .url = FAR_SECURE, .proxy = FETCHED_PROXY,
		  .tls = &good_tls, .acts = { HEAR, TUNNEL, SHAKE, HEAR, OK("2\r\n\r\nhi") },
		  .stage = FETCH_DONE, .status = 200, .connect_status = 200,
		  .exchanges = "CONNECT wsus.test:8531 200; tls tunnelled GET /x 200 hi; " },
		{ .name = "to a proxy", .url = FAR_AWAY, .proxy = "https://wsus.test:%u",
		  .tls = &good_tls, .acts = { SHAKE, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE,
		  .status = 200, .exchanges = "tls GET http://wsus.test:8530/x 200 hi; " },
		{ .name = "through such a proxy", .url = FAR_SECURE, .proxy = "https://wsus.test:%u",
		  .tls = &good_tls, .acts = { SHAKE, HEAR, TUNNEL, SHAKE, HEAR, OK("2\r\n\r\nhi") },
		  .stage = FETCH_DONE, .status = 200, .connect_status = 200, .body = "hi",
		  .exchanges = "tls CONNECT wsus.test:8531 200; tls tunnelled GET /x 200 hi; " },
		{ .name = "none that fits", .url = FETCHED_SECURE, .tls = &tls12, .shape = only_13,
		  .acts = { SHAKE }, .stage = FETCH_TLS,
		  .error = "the server sent the alert protocol_version" },
		{ .name = "no TLS", .url = FETCHED_SECURE,
		  .acts = { SAY("HTTP/1.1 400 Bad Request\r\n\r\n"), HOLD }, .stage = FETCH_TLS,
		  .error = "what it answers is not TLS" },
		{ .name = "the end of a handshake", .url = FETCHED_SECURE,
		  .acts = { { SERVED_LISTEN, NULL }, SAY("\x16") }, .stage = FETCH_TLS,
		  .error = "the server closed the connection before the handshake was done" },
		{ .name = "the reset of a handshake", .url = FETCHED_SECURE,
		  .acts = { { SERVED_LISTEN, NULL }, { SERVED_RESET, NULL } }, .stage = FETCH_TLS,
		  .error = "the server reset the connection before the handshake was done" },
		{ .name = "a handshake of silence", .url = FETCHED_SECURE, .acts = { HOLD },
		  .shape = fetched_in_short, .stage = FETCH_TLS,
		  .error = "1.0 s went by before the handshake was done" },
	};

	(void)state;
	FETCHED_CHECK(rows);
}

static void no_certificate(struct fetch_options *o)
{
	o->tls.certificate = o->tls.key = "/nowhere.pem";
}

static void no_authorities(struct fetch_options *o)
{
	o->tls.authorities = "/nowhere.pem";
}

static void no_cipher(struct fetch_options *o)
{
	o->tls.ciphers = "NONSENSE";
}

static void what_is_not_here_is_told(void **state)
{
	static const struct fetched_row rows[] = {
		{ .name = "certificate", .url = FETCHED_SECURE, .acts = { HOLD },
		  .shape = no_certificate, .stage = FETCH_TLS,
		  .error = "the client certificate or its key cannot be used" },
		{ .name = "authorities", .url = FETCHED_SECURE, .acts = { HOLD },
		  .shape = no_authorities, .stage = FETCH_TLS,
		  .error = "the file of trusted authorities cannot be read" },
		{ .name = "cipher", .url = FETCHED_SECURE, .acts = { HOLD }, .shape = no_cipher,
		  .stage = FETCH_TLS,
		  .error = "none of the ciphers or versions asked for can be offered here" },
	};

	(void)state;
	FETCHED_CHECK(rows);
}

/* X509_V_ERR_... as verify(1) lists them. */
static void certificates_are_judged(void **state)
{
	static const struct {
		enum served_certificate certificate;
		long verify;
		const char *error;
	} rows[] = {
		{ SERVED_GOOD, X509_V_OK, "" },
		{ SERVED_EXPIRED, X509_V_ERR_CERT_HAS_EXPIRED, "certificate has expired" },
		{ SERVED_OTHER_NAME, X509_V_ERR_HOSTNAME_MISMATCH, "hostname mismatch" },
		{ SERVED_UNKNOWN_AUTHORITY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
		  "unable to get local issuer certificate" },
	};
	static const struct served_act acts[] = { SHAKE, HEAR, OK("2\r\n\r\nhi"), { 0 } };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
		bool const insecure = i & 1;
		struct served *s = served_new(acts, &(struct served_tls){ rows[i / 2].certificate, 0,
		false });
		char url[64] = "", due[160] = "";
		struct fetch_options o = fetched_options(url);
		struct fetched f;

		snprintf(url, sizeof url, FETCHED_SECURE, (unsigned)served_port(s));
		o.tls.insecure = insecure;
		fetched_run(&f, &o);
		assert_int_equal(f.result.verify, rows[i / 2].verify);
		assert_int_equal(f.result.chain_count, 1);
		assert_int_equal(f.result.stage,
		insecure || !rows[i / 2].verify ? FETCH_DONE : FETCH_TLS);
		if (f.result.stage == FETCH_TLS)
			snprintf(due, sizeof due, "the certificate is not trusted: %s",
			rows[i / 2].error);
		assert_string_equal(f.result.error, due);
		assert_int_equal(f.result.tls_version, TLS_1_3);
		assert_non_null(f.result.cipher);
		assert_false(f.result.certificate_asked);
		served_free(s);
	}
}

/* By address, which is in the certificate; the wrong one is a wrong name as well. */
static void addresses_are_names(void **state)
{
	static const struct served_act acts[] = { SHAKE, HEAR, OK("2\r\n\r\nhi"), { 0 } };

	(void)state;
	for (int wrong = 0; wrong < 2; wrong++) {
		struct served *s = served_new(acts, &good_tls);
		char url[64] = "";
		struct fetch_options o = fetched_options(url);
		struct fetched f;

		snprintf(url, sizeof url, "https://127.0.0.%d:%u/x", 1 + wrong, (unsigned)served_port(s));
		fetched_run(&f, &o);
		assert_int_equal(f.result.verify, wrong ? X509_V_ERR_HOSTNAME_MISMATCH : X509_V_OK);
		assert_int_equal(f.result.stage, wrong ? FETCH_TLS : FETCH_DONE);
		served_free(s);
	}
}

static void client_certificates_are_asked_for(void **state)
{
	static const struct served_act at_once[] = { SHAKE, HEAR, OK("2\r\n\r\nhi"), { 0 } };
	static const struct served_act later[] = {
		SHAKE, HEAR, { SERVED_ASK, NULL }, OK("2\r\n\r\nhi"), { 0 },
	};
	static const struct {
		int max;
		bool asks, has;
		const struct served_act *acts;
		enum fetch_stage stage;
		const char *error;
		bool asked, again;
	} rows[] = {
		/* RFC 5246 section 7.4.6: handshake_failure; RFC 8446 section 6.2: certificate_required */
		{ TLS1_2_VERSION, true, false, at_once, FETCH_TLS,
		  "the server sent the alert handshake_failure",
		  true, false },
		{ TLS1_2_VERSION, true, true, at_once, FETCH_DONE, "", true, false },
		{ 0, true, false, at_once, FETCH_ANSWER, "the server sent the alert certificate_required",
		  true,
		  false },
		{ 0, true, true, at_once, FETCH_DONE, "", true, false },
		{ TLS1_2_VERSION, false, false, later, FETCH_DONE, "", true, true },
		{ TLS1_2_VERSION, false, true, later, FETCH_DONE, "", true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct served *s = served_new(rows[i].acts,
		                              &(struct served_tls){ SERVED_GOOD, rows[i].max,
		                              rows[i].asks });
		char url[64] = "";
		struct fetch_options o = fetched_options(url);
		struct fetched f;

		snprintf(url, sizeof url, FETCHED_SECURE, (unsigned)served_port(s));
		if (rows[i].has)
			o.tls.certificate = o.tls.key = served_client();
		fetched_run(&f, &o);
		assert_string_equal(f.result.error, rows[i].error);
		assert_int_equal(f.result.stage, rows[i].stage);
		if (f.result.certificate_asked != rows[i].asked)
			fail_msg("row %zu: %d", i, f.result.certificate_asked);
		assert_int_equal(f.result.asked_again, rows[i].again);
		if (rows[i].stage == FETCH_DONE)
			assert_string_equal(f.exchanges, "tls GET /x 200 hi; ");
		served_free(s);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tls_is_spoken),
		cmocka_unit_test(what_is_not_here_is_told),
		cmocka_unit_test(certificates_are_judged),
		cmocka_unit_test(addresses_are_names),
		cmocka_unit_test(client_certificates_are_asked_for),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, fetched_forget);
}
