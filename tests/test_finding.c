/* tests/test_finding.c - raising, counting, easing, hiding, ordering; and many of them soon enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "analyzers/catalogue.h"
#include "facts/connection.h"
#include "tests/raised.h"
#include "tests/trial.h"

static void counts_equal_ones(void **unused)
{
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 1), again = c;
	struct evidence first = evidence_at(9, "nine"), second = evidence_at(3, "three");
	const struct finding *n;
	struct limits limits;
	struct findings *f = raised_begin(&limits);
	struct raise r = raised_at(FINDING_CONNECTION_REFUSED, &c, 20);
	char filter[200];

	(void)unused;
	again.id = 7;
	r.evidence = &first;
	r.evidence_count = 1;
	r.confidence = CONFIDENCE_POSSIBLE;
	finding_raise(f, &r);
	r = raised_at(FINDING_CONNECTION_REFUSED, &again, 10);
	r.evidence = &second;
	r.evidence_count = 1;
	r.until = 30 * MOMENT_S;
	r.count = 4;
	finding_raise(f, &r);
	findings_settle(f, false);
	assert_int_equal(findings_count(f), 1);
	n = findings_at(f, 0);
	assert_int_equal(n->id, 1);
	assert_int_equal(n->count, 5);
	assert_int_equal(n->first, 10 * MOMENT_S);
	assert_int_equal(n->last, 30 * MOMENT_S);
	assert_int_equal(n->confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(n->frame_count, 2);
	assert_int_equal(n->frames[0], 3);
	assert_int_equal(n->frames[1], 9);
	finding_filter(n, filter, sizeof filter);
	assert_string_equal(filter, "tcp.stream eq 0 or tcp.stream eq 7");
	findings_free(f);
}

static void keeps_others_apart(void **unused)
{
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 1);
	struct connection other = connection_at("192.0.2.51", "198.51.100.10:8530", 1);
	struct connection port = connection_at("192.0.2.50", "198.51.100.10:8531", 1);
	struct limits limits;
	struct findings *f = raised_begin(&limits);
	struct raise r = raised_at(FINDING_CONNECTION_REFUSED, &c, 1);

	(void)unused;
	finding_raise(f, &r);
	r.cause = "of its own";
	finding_raise(f, &r);
	r = raised_at(FINDING_CONNECTION_REFUSED, &other, 1);
	finding_raise(f, &r);
	r = raised_at(FINDING_CONNECTION_REFUSED, &port, 1);
	finding_raise(f, &r);
	r.for_all_clients = true;
	finding_raise(f, &r);
	findings_settle(f, false);
	assert_int_equal(findings_count(f), 5);
	findings_free(f);
}

static void orders_by_weight(void **unused)
{
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 1);
	static const struct given {
		enum finding_kind kind;
		int64_t at;
	} given[] = {
		{ FINDING_LOSS, 1 }, { FINDING_SLOW_ANSWER, 2 },
		{ FINDING_FORBIDDEN, 9 }, { FINDING_NOT_FOUND, 3 },
		{ FINDING_SERVICE_UNAVAILABLE, 20 },
	};
	static const enum finding_kind wanted[] = {
		FINDING_SERVICE_UNAVAILABLE, FINDING_NOT_FOUND, FINDING_FORBIDDEN,
		FINDING_SLOW_ANSWER, FINDING_LOSS,
	};
	struct limits limits;
	struct findings *f = raised_begin(&limits);

	(void)unused;
	for (size_t i = 0; i < 5; i++) {
		struct raise r = raised_at(given[i].kind, &c, given[i].at);

		finding_raise(f, &r);
	}
	findings_settle(f, false);
	assert_int_equal(findings_count(f), 5);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(findings_at(f, i)->kind, wanted[i]);
		assert_int_equal(findings_at(f, i)->id, i + 1);
	}
	findings_free(f);
}

/* One finding a cause: the symptom goes when what explains it concerns the same server, and client or all. */
static void hides_symptoms(void **unused)
{
	static const struct hiding {
		const char *client, *server;    /* of the symptom */
		bool cause_for_all;
		size_t left;
	} rows[] = {
		{ "192.0.2.50", "198.51.100.10:8530", false, 1 },
		{ "192.0.2.51", "198.51.100.10:8530", false, 2 },
		{ "192.0.2.50", "198.51.100.10:8531", false, 2 },
		{ "192.0.2.51", "198.51.100.10:8530", true, 1 },
		{ "192.0.2.51", "198.51.100.11:8530", true, 2 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct connection cause = connection_at("192.0.2.50", "198.51.100.10:8530", 1);
		struct connection symptom = connection_at(rows[i].client, rows[i].server, 1);
		struct limits limits;
		struct findings *f = raised_begin(&limits);
		struct raise r = raised_at(FINDING_TLS_ABORTED, &symptom, 5);

		finding_raise(f, &r);
		r = raised_at(FINDING_SCHEME_MISMATCH, &cause, 5);
		r.for_all_clients = rows[i].cause_for_all;
		finding_raise(f, &r);
		findings_settle(f, false);
		assert_int_equal(findings_count(f), rows[i].left);
		findings_free(f);
	}
}

/* An interruption explains only what happened while it lasted. */
static void hides_within_its_time(void **unused)
{
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 1);

	(void)unused;
	for (int64_t at = 5; at <= 45; at += 10) {
		struct limits limits;
		struct findings *f = raised_begin(&limits);
		struct raise r = raised_at(FINDING_CONNECTION_REFUSED, &c, at);

		finding_raise(f, &r);
		r = raised_at(FINDING_SERVICE_INTERRUPTED, &c, 10);
		r.until = 40 * MOMENT_S;
		finding_raise(f, &r);
		findings_settle(f, false);
		assert_int_equal(findings_count(f), at > 10 && at < 40 ? 1 : 2);
		findings_free(f);
	}
}

static void hide_with(enum finding_kind by, enum finding_kind hidden, enum severity severity)
{
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8531", 1);
	struct limits limits;
	struct findings *f = raised_begin(&limits);
	struct raise r = raised_at(hidden, &c, 5);

	finding_raise(f, &r);
	r = raised_at(by, &c, 5);
	r.severity = severity;
	finding_raise(f, &r);
	findings_settle(f, false);
	assert_int_equal(findings_count(f), severity < SEVERITY_ERROR ? 2 : 1);
	findings_free(f);
}

/* A warning about a certificate is no reason for a handshake that dies, nor one that is asked for and all do
 * without for a download that a firewall resets. */
static void hides_nothing_graver(void **unused)
{
	(void)unused;
	for (enum severity by = SEVERITY_INFO; by < SEVERITY_COUNT; by++) {
		hide_with(FINDING_CERTIFICATE_EXPIRED, FINDING_TLS_ABORTED, by);
		hide_with(FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_CONNECTION_RESET, by);
		hide_with(FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_FORBIDDEN, by);
	}
}

/* Files, reports and what others report of themselves come behind a scan, and are no reason that it stops. */
static void finds_what_stops_a_scan(void **unused)
{
	static const struct {
		enum finding_kind kind;
		enum rung_name stops;
		bool for_all;
		size_t left;
	} rows[] = {
		{ FINDING_SERVER_ERROR, RUNG_SYNC, true, 1 },
		{ FINDING_SERVER_ERROR, RUNG_SYNC, false, 1 },
		{ FINDING_CONNECTION_RESET, RUNG_COUNT, true, 1 },
		{ FINDING_CONTENT_MISSING, RUNG_CONTENT, true, 2 },
		{ FINDING_CONTENT_MISSING, RUNG_CONTENT, false, 2 },
		{ FINDING_SSL_REQUIRED, RUNG_REPORT, false, 2 },
		{ FINDING_REPORTED_ERROR, RUNG_COUNT, true, 2 },
		{ FINDING_REPORTED_ERROR, RUNG_COUNT, false, 1 },
		{ FINDING_CLOCK_SKEW, RUNG_COUNT, false, 2 },
	};
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 1);

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct limits limits;
		struct findings *f = raised_begin(&limits);
		struct raise r = raised_at(FINDING_SCAN_INCOMPLETE, &c, 5);

		finding_raise(f, &r);
		r = raised_at(rows[i].kind, &c, 4);
		r.for_all_clients = rows[i].for_all;
		r.stops = rows[i].stops == RUNG_COUNT ? 0 : (uint8_t)(rows[i].stops + 1);
		finding_raise(f, &r);
		findings_settle(f, false);
		if (findings_count(f) != rows[i].left)
			fail_msg("row %zu: %zu findings", i, findings_count(f));
		findings_free(f);
	}
}

/* What rests on something that did not come may be missing from the capture alone. */
static void poor_captures_lower_confidence(void **unused)
{
	static const struct {
		enum finding_kind kind;
		enum confidence want;
	} kinds[] = {
		{ FINDING_CONNECTION_UNANSWERED, CONFIDENCE_PROBABLE },
		{ FINDING_TLS_NOT_SERVED, CONFIDENCE_PROBABLE },
		{ FINDING_TLS_ABORTED, CONFIDENCE_PROBABLE },
		{ FINDING_AUTH_FAILED, CONFIDENCE_PROBABLE },
		{ FINDING_ADMIN_API_DENIED, CONFIDENCE_PROBABLE },
		{ FINDING_PROXY_AUTH_REQUIRED, CONFIDENCE_PROBABLE },
		{ FINDING_FORBIDDEN, CONFIDENCE_CERTAIN },
	};
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 1);

	(void)unused;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct limits limits;
		struct findings *f = raised_begin(&limits);
		struct raise r = raised_at(kinds[i].kind, &c, 1);

		finding_raise(f, &r);
		findings_settle(f, true);
		assert_int_equal(findings_at(f, 0)->confidence, kinds[i].want);
		findings_free(f);
	}
}

/* A hundred thousand clients with three kinds each, eased and settled: bounded, counted, without a
 * quadratic walk. */
static void bears_many(void **unused)
{
	static const enum finding_kind kinds[] = { FINDING_CONNECTION_REFUSED, FINDING_CONNECTION_RESET,
		                                   FINDING_REQUEST_UNANSWERED };
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 1);
	struct limits limits;
	struct findings *f = raised_begin(&limits);
	uint64_t count = 0;

	(void)unused;
	for (unsigned i = 0; i < 100000; i++) {
		struct raise r;

		c.client.addr.bytes[13] = (uint8_t)(i >> 16);
		c.client.addr.bytes[14] = (uint8_t)(i >> 8);
		c.client.addr.bytes[15] = (uint8_t)i;
		for (size_t k = 0; k < 3; k++) {
			r = raised_at(kinds[k], &c, i);
			finding_raise(f, &r);
		}
		finding_ease(f, FINDING_CONNECTION_REFUSED, &c.client.addr, &c.server);
	}
	findings_settle(f, false);
	for (size_t i = 0; i < findings_count(f); i++)
		if (findings_at(f, i)->kind == FINDING_CONNECTION_REFUSED)
			count += findings_at(f, i)->count;
	assert_int_equal(count, 100000);
	assert_true(findings_count(f) < 20000);
	findings_free(f);
}

static void knows_the_catalogue(void **unused)
{
	enum severity s;

	(void)unused;
	for (int i = 0; i < FINDING_KIND_COUNT; i++) {
		const struct finding_row *row = finding_row((enum finding_kind)i);

		assert_int_equal(finding_kind_named(span_text(row->kind)), i);
		assert_true(row->title[0] && row->cause[0] && row->remedy[0] && row->would_change[0]);
		assert_true(row->severity < SEVERITY_COUNT);
	}
	assert_int_equal(finding_kind_named(SPAN("no-such-kind")), FINDING_KIND_COUNT);
	assert_true(severity_parse(SPAN("Warning"), &s) && s == SEVERITY_WARNING);
	assert_false(severity_parse(SPAN("loud"), &s));
}

/* Doubt lowers what was surer, of that kind and those parties alone, and may tell it anew. */
static void doubt_takes_certainty_back(void **unused)
{
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 1);
	struct connection other = connection_at("192.0.2.51", "198.51.100.10:8530", 2);
	struct limits limits = { .count = { 0 } };
	struct findings *f = findings_new(&limits);
	struct raise r = raised_at(FINDING_CONNECTION_UNANSWERED, &c, 1);
	struct raise second = raised_at(FINDING_CONNECTION_UNANSWERED, &other, 2);

	(void)unused;
	finding_raise(f, &r);
	finding_raise(f, &second);
	finding_doubt(f, FINDING_CONNECTION_UNANSWERED, &c.client.addr, &c.server, CONFIDENCE_PROBABLE,
	              "Told anew.");
	finding_doubt(f, FINDING_CONNECTION_REFUSED, &c.client.addr, &c.server, CONFIDENCE_POSSIBLE, NULL);
	findings_settle(f, false);
	assert_int_equal(findings_at(f, 0)->confidence, CONFIDENCE_PROBABLE);
	assert_string_equal(findings_at(f, 0)->cause, "Told anew.");
	assert_int_equal(findings_at(f, 1)->confidence, CONFIDENCE_CERTAIN);
	findings_free(f);
}

/* How a login began and how it was refused prove it, whatever lies between. */
static void keeps_the_same_evidence_once(void **unused)
{
	struct evidence kept[FINDING_EVIDENCE];
	struct evidence same = evidence_at(7, "seven"), other = evidence_at(7, "and more");
	unsigned count = 0;

	(void)unused;
	evidence_keep(kept, &count, &same);
	evidence_keep(kept, &count, &other);
	evidence_keep(kept, &count, &same);
	assert_int_equal(count, 2);
	assert_string_equal(kept[0].text, "seven");
	assert_string_equal(kept[1].text, "and more");
}

static void keeps_first_and_last_evidence(void **unused)
{
	static const uint64_t frames[] = { 10, 12, 14, 15, 9, 16, 17, 13, 30 };
	static const uint64_t kept[] = { 9, 10, 12, 16, 17, 30 };
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 1);
	struct limits limits;
	struct findings *f = raised_begin(&limits);
	const struct finding *n;

	(void)unused;
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		struct evidence e = evidence_at(frames[i], "%u", (unsigned)frames[i]);
		struct raise r = raised_at(FINDING_AUTH_FAILED, &c, 10);

		r.evidence = &e;
		r.evidence_count = 1;
		finding_raise(f, &r);
	}
	findings_settle(f, false);
	n = findings_at(f, 0);
	assert_int_equal(n->evidence_count, sizeof kept / sizeof *kept);
	for (unsigned i = 0; i < n->evidence_count; i++)
		assert_int_equal(n->evidence[i].frame, kept[i]);
	findings_free(f);
}

static void cases_have_words_of_their_own(void **unused)
{
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8531", 1);
	struct raise r = raised_at(FINDING_CERTIFICATE_EXPIRED, &c, 10);
	struct limits limits;
	struct findings *f = raised_begin(&limits);

	(void)unused;
	finding_raise(f, &r);
	r.cause = "It ends.";
	r.title = "It ends soon";
	r.remedy = "Renew it";
	r.codes = "";
	finding_raise(f, &r);
	findings_settle(f, false);
	assert_string_equal(findings_at(f, 0)->title, finding_row(FINDING_CERTIFICATE_EXPIRED)->title);
	assert_string_equal(findings_at(f, 0)->remedy, finding_row(FINDING_CERTIFICATE_EXPIRED)->remedy);
	assert_string_equal(findings_at(f, 1)->title, "It ends soon");
	assert_string_equal(findings_at(f, 1)->remedy, "Renew it");
	assert_string_equal(findings_at(f, 1)->codes, "");
	findings_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_equal_ones),      cmocka_unit_test(keeps_others_apart),
		cmocka_unit_test(orders_by_weight),       cmocka_unit_test(hides_symptoms),
		cmocka_unit_test(hides_within_its_time),  cmocka_unit_test(hides_nothing_graver),
		cmocka_unit_test(finds_what_stops_a_scan),
		cmocka_unit_test(poor_captures_lower_confidence),
		cmocka_unit_test(bears_many),             		cmocka_unit_test(knows_the_catalogue),
		cmocka_unit_test(doubt_takes_certainty_back),
		cmocka_unit_test(keeps_the_same_evidence_once),
		cmocka_unit_test(keeps_first_and_last_evidence),
		cmocka_unit_test(cases_have_words_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
