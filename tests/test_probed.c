/* tests/test_probed.c - what a probe alone knows becomes findings, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "analyzers/probed.h"
#include "tests/trial.h"

static struct check check_of(enum check_trouble trouble, const char *detail, const char *remote)
{
	struct check c = { .rung = CHECK_TLS, .state = CHECK_FAILED, .trouble = trouble,
		           .target = "https://wsus01.corp.example:8531",
		           .began = MOMENT_S, .ended = 2 * MOMENT_S };

	snprintf(c.detail, sizeof c.detail, "%s", detail);
	if (remote) {
		c.talks[0].local = endpoint_at("192.0.2.50:50000");
		c.talks[0].remote = endpoint_at(remote);
		c.talk_count = 1;
	}
	return c;
}

static const struct row {
	const char *name;
	enum check_trouble trouble;
	const char *detail, *remote, *kind, *says;
	enum confidence confidence;
} rows[] = {
	{ "a chain to nowhere", CHECK_UNTRUSTED_CHAIN, "self-signed certificate", "198.51.100.10:8531",
	  "certificate-untrusted", "where the probe runs: self-signed certificate.", CONFIDENCE_PROBABLE },
	{ "an address", CHECK_NOT_ITS_ADDRESS, "for wsus01 alone", "198.51.100.10:8531",
	  "certificate-name-mismatch", "shows is not for that address: for wsus01 alone.",
	  CONFIDENCE_CERTAIN },
	{ "sizes", CHECK_SIZE_BLOCKED, "1460 bytes do not arrive, 1000 do", "198.51.100.10:8531",
	  "mtu-black-hole", "https://wsus01.corp.example:8531 full-size packets", CONFIDENCE_CERTAIN },
	{ "a script", CHECK_PAC_BROKEN, "", NULL, "auto-proxy-failed", "cannot be read or run.",
	  CONFIDENCE_CERTAIN },
};

static void troubles_are_findings(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct limits limits = { 0 };
		struct findings *f = findings_new(&limits);
		struct probed *p = probed_new(f);
		struct check c = check_of(rows[i].trouble, rows[i].detail, rows[i].remote);
		const struct finding *n;

		probed_check(p, &c);
		assert_int_equal(findings_count(f), 0);
		probed_end(p);
		findings_settle(f, false);
		if (findings_count(f) != 1)
			fail_msg("%s: %zu findings", rows[i].name, findings_count(f));
		n = findings_at(f, 0);
		assert_string_equal(finding_row(n->kind)->kind, rows[i].kind);
		assert_int_equal(n->kind, probed_kind(rows[i].trouble));
		assert_int_equal(n->confidence, rows[i].confidence);
		assert_int_equal(n->has_client, rows[i].remote != NULL);
		assert_int_equal(n->has_server, rows[i].remote != NULL);
		assert_int_equal(n->first, MOMENT_S);
		if (!strstr(n->cause, rows[i].says))
			fail_msg("%s: \"%s\"", rows[i].name, n->cause);
		probed_free(p);
		findings_free(f);
	}
}

static void what_packets_told_is_not_told_again(void **unused)
{
	static const char *const servers[] = { "198.51.100.10:8531", "198.51.100.11:8531" };
	struct limits limits = { 0 };
	struct findings *f = findings_new(&limits);
	struct probed *p = probed_new(f);
	struct addr client = addr_at("192.0.2.50");
	struct endpoint server = endpoint_at(servers[0]);

	(void)unused;
	finding_raise(f, &(struct raise){ .kind = FINDING_CERTIFICATE_UNTRUSTED, .severity = SEVERITY_OF_KIND,
	                                  .client = &client, .server = &server, .cause = "Alert 48." });
	for (size_t i = 0; i < 2; i++) {
		struct check c = check_of(CHECK_UNTRUSTED_CHAIN, "", servers[i]);

		probed_check(p, &c);
	}
	probed_end(p);
	findings_settle(f, false);
	assert_int_equal(findings_count(f), 2);
	probed_free(p);
	findings_free(f);
}

/* What another server's success made a warning of is an error of the one that was asked for. */
static void shut_ports_are_errors(void **unused)
{
	(void)unused;
	for (unsigned judged = 0; judged < 2; judged++) {
		struct limits limits = { 0 };
		struct findings *f = findings_new(&limits);
		struct probed *p = probed_new(f);
		struct check c = check_of(CHECK_NO_TROUBLE, "refused", "198.51.100.10:8530");

		c.rung = CHECK_PORT;
		c.unjudged = !judged;
		finding_raise(f, &(struct raise){
			.kind = FINDING_CONNECTION_REFUSED, .severity = SEVERITY_WARNING,
			.client = &c.talks[0].local.addr, .server = &c.talks[0].remote, .cause = "Reset.",
		});
		probed_check(p, &c);
		probed_end(p);
		findings_settle(f, false);
		assert_int_equal(findings_count(f), 1);
		assert_int_equal(findings_at(f, 0)->severity, judged ? SEVERITY_ERROR : SEVERITY_WARNING);
		probed_free(p);
		findings_free(f);
	}
}

static void no_trouble_is_no_finding(void **unused)
{
	struct limits limits = { 0 };
	struct findings *f = findings_new(&limits);
	struct probed *p = probed_new(f);
	struct check c = check_of(CHECK_NO_TROUBLE, "refused", "198.51.100.10:8531");

	(void)unused;
	probed_check(p, &c);
	probed_end(p);
	assert_int_equal(findings_count(f), 0);
	assert_int_equal(probed_kind(CHECK_NO_TROUBLE), FINDING_KIND_COUNT);
	probed_free(p);
	findings_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(troubles_are_findings),
		cmocka_unit_test(what_packets_told_is_not_told_again),
		cmocka_unit_test(shut_ports_are_errors),
		cmocka_unit_test(no_trouble_is_no_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
