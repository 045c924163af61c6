/* tests/test_intercept.c - devices that open TLS, and authorities that only look like theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/sessions.h"

extern const struct analyzer analyzer_handshake;

static void inspect(struct story s, const char *issuer)
{
	s.leaf->issuer = s.leaf->issuer_name = span_text(issuer);
}

static void inspected_passes(struct story s)
{
	inspect(s, "CN=Zscaler Intermediate Root CA, O=Zscaler Inc.");
	session_passes(s);
}

static void inspected_refused(struct story s)
{
	inspect(s, "CN=FortiGate CA, O=Fortinet");
	session_refuses(s, 48);
}

static void own_page_of_a_device(struct story s)
{
	inspect(s, "CN=Fortinet CA");
	s.leaf->subject = SPAN("CN=FG100, O=Fortinet");
	s.leaf->common_name = SPAN("FG100");
	s.leaf->organization = SPAN("Fortinet");
	session_passes(s);
}

/* A maker is named by the authority or its organization, not by where that is. */
static void issued_in_palo_alto(struct story s)
{
	s.leaf->issuer = SPAN("CN=Corp Issuing CA, O=Corp, L=Palo Alto, ST=California, C=US");
	session_passes(s);
}

static void inspected_by_an_organization(struct story s)
{
	s.leaf->issuer = SPAN("CN=decrypt, O=Palo Alto Networks");
	s.leaf->issuer_name = SPAN("decrypt");
	s.leaf->issuer_organization = SPAN("Palo Alto Networks");
	session_passes(s);
}

static const struct row {
	const char *name;
	void (*change)(struct story s);
	const char *want, *says;
} rows[] = {
	{ "an inspecting device", inspected_passes, "tls-intercepted warning certain 1",
	  "Zscaler opens" },
	{ "an inspecting device that is not trusted", inspected_refused,
	  "tls-intercepted error certain 1", "Fortinet FortiGate opens" },
	{ "an authority in Palo Alto", issued_in_palo_alto, "", NULL },
	{ "a maker's organization", inspected_by_an_organization,
	  "tls-intercepted warning certain 1", "Palo Alto Networks opens" },
	{ "a device's own page", own_page_of_a_device, "", NULL },
};

static void judges_issuers(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct trial t;

		trial_begin(&t, &analyzer_handshake, NULL);
		session_tell_certificate(&t, rows[i].change, "192.0.2.50", 0);
		trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
		trial_expect(&t, rows[i].name, rows[i].want, rows[i].says);
	}
}

/* Clients on two ways see two issuers for one name; one client on one way sees a renewal. */
static void compares_issuers(void **unused)
{
	static const struct {
		const char *name, *second_client;
		uint16_t second_port;
		const char *want;
	} ways[] = {
		{ "two clients", "192.0.2.51", 8531, "tls-intercepted warning possible 1" },
		{ "one client", "192.0.2.50", 8531, "" },
		{ "another site of that machine", "192.0.2.51", 443, "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct connection one = session_connection("192.0.2.50", 0);
		struct connection two = session_connection(ways[i].second_client, 1);
		struct tls_session first = session_hello(&one), second = session_hello(&two);
		struct certificate ours = session_certificate(), other = session_certificate();
		struct trial t;

		two.server.port = ways[i].second_port;
		other.issuer = other.issuer_name = SPAN("Gateway Authority");
		other.thumbprint[0] = 1;
		first.certificates.list[0] = &ours;
		second.certificates.list[0] = &other;
		first.certificates.count = second.certificates.count = 1;
		session_talk(&first, TLS_1_2);
		session_talk(&second, TLS_1_2);
		trial_begin_expecting(&t, &analyzer_handshake, "wsus01.corp.example", NULL);
		trial_tls(&t, &first);
		trial_tls(&t, &second);
		trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
		trial_expect(&t, ways[i].name, ways[i].want, *ways[i].want ? "Gateway Authority" : NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_issuers),
		cmocka_unit_test(compares_issuers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
