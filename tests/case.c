/* tests/case.c - making reports. */
#include "tests/case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "analyzers/rungs.h"
#include "analyzers/scan.h"
#include "tests/sessions.h"

#define BEGIN (INT64_C(1773136931) * MOMENT_S)  /* 2026-03-10T10:02:11Z, by date(1) */

void case_begin(struct report_case *r)
{
	static const struct relevance_options none = { .all = false };

	*r = (struct report_case){
		.input.name = "branch.pcapng",
		.input.format = "pcapng",
		.input.frames = 1842,
		.input.bytes = 900000,
		.input.first = BEGIN,
		.input.last = BEGIN + 449 * MOMENT_S,
	};
	r->relevance = relevance_new(&none);
	r->findings = findings_new(&r->limits);
	r->ladders = ladders_new(r->relevance, &r->limits, NULL);
	assert_non_null(r->ladders);
	r->report = (struct report){ .inputs = &r->input, .input_count = 1, .counts = { .frames = 1842 },
		                     .limits = &r->limits, .findings = r->findings, .ladders = r->ladders };
}

static void state(struct report_case *r, const struct fact *f)
{
	relevance_learn(r->relevance, f);
	ladders_fact(r->ladders, f);
}

void case_host(struct report_case *r, const char *client, const char *server, struct span host,
               unsigned status)
{
	struct connection c = connection_at(client, server, BEGIN / MOMENT_S);
	struct http_header action = { SPAN("SOAPAction"), SPAN("\"urn:x/GetConfig\"") };
	struct exchange x = call_on(&c, "/ClientWebService/client.asmx");

	x.host = host;
	x.request.headers = &action;
	x.request.header_count = 1;
	if (status) {
		answer(&x, status, 5);
		state(r, &(struct fact){ .kind = FACT_EXCHANGE, .time = c.last_time, .exchange = &x });
	} else {
		c.outcome = CONNECTION_REFUSED;
	}
	state(r, &(struct fact){ .kind = FACT_CONNECTION, .time = c.last_time, .connection = &c });
	r->report.counts.exchanges += status != 0;
	r->report.counts.connections++;
}

void case_client(struct report_case *r, const char *client, unsigned status)
{
	case_host(r, client, "198.51.100.10:8530", SPAN("wsus01:8530"), status);
}

void case_session(struct report_case *r, const char *client)
{
	struct connection c = connection_at(client, "198.51.100.10:8531", BEGIN / MOMENT_S);
	struct tls_session s = session_hello(&c);

	session_talk(&s, 0x0303);
	limit_add(&r->limits, LIMIT_ENCRYPTED, 1);
	state(r, &(struct fact){ .kind = FACT_TLS, .time = c.last_time, .tls = &s });
	state(r, &(struct fact){ .kind = FACT_CONNECTION, .time = c.last_time, .connection = &c });
	r->report.counts.tls_sessions++;
	r->report.counts.connections++;
}

void case_scan(struct report_case *r, const char *client, const char *name)
{
	struct scan s = { .client = addr_at(client), .server = endpoint_at("198.51.100.10:8530"),
		          .host = "wsus01:8530", .climber = CLIMBER_CLIENT, .kind = SCAN_DELTA,
		          .first = BEGIN, .last = BEGIN + MOMENT_S, .calls = 4, .name = name,
		          .agent = "1507.1", .protocol = "", .server_protocol = "", .caller = "",
		          .due = RUNG_COUNT };

	rungs_clear(s.rungs);
	ladders_scan(r->ladders, &s);
}

void case_raise(struct report_case *r, enum finding_kind kind, const char *client,
                const char *server, const char *cause)
{
	struct evidence evidence = evidence_at(41, "what was seen");
	struct raise what = {
		.kind = kind,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.cause = cause,
		.time = BEGIN + MOMENT_S,
		.evidence = &evidence,
		.evidence_count = 1,
	};
	struct endpoint at;
	struct addr from;

	if (client) {
		from = addr_at(client);
		what.client = &from;
	}
	if (server) {
		at = endpoint_at(server);
		what.server = &at;
	}
	finding_raise(r->findings, &what);
}

char *case_write(struct report_case *r,
                 bool (*format)(FILE *out, const struct report *r, const struct report_style *style),
                 const struct report_style *style)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	findings_settle(r->findings, false);
	ladders_settle(r->ladders, r->findings, r->input.last);
	assert_true(format(out, &r->report, style));
	assert_int_equal(fclose(out), 0);
	return text;
}

void case_end(struct report_case *r)
{
	ladders_free(r->ladders);
	findings_free(r->findings);
	relevance_free(r->relevance);
}
