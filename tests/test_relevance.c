/* tests/test_relevance.c - which requests belong to the update path, each beside a near twin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/trial.h"

#define SCAN "/ClientWebService/client.asmx"

static const struct row {
	const char *name, *server, *method, *path, *sup;
	bool all, want;
} rows[] = {
	{ "a scan", "198.51.100.10:80", "POST", SCAN, NULL, false, true },
	{ "another site of the update point's host", "198.51.100.10:80", "GET", "/reports", NULL,
	  false, false },
	{ "the same, its server named", "198.51.100.10:80", "GET", "/reports", "198.51.100.10", false, true },
	{ "the same, all judged", "198.51.100.10:80", "GET", "/reports", NULL, true, true },
	{ "a management point beside it", "198.51.100.10:80", "GET", "/SMS_MP/.sms_aut", NULL, false, false },
	{ "a port that only WSUS uses", "198.51.100.10:8530", "GET", "/reports", NULL, false, true },
	{ "a scanner's verb", "198.51.100.10:8530", "TRACE", "/", NULL, false, false },
	{ "a scanner's verb on a directory of WSUS", "198.51.100.10:8530", "OPTIONS", SCAN, NULL,
	  false, false },
	{ "a scanner's verb, all judged", "198.51.100.10:8530", "TRACE", "/", NULL, true, true },
	{ "a server that serves no updates", "198.51.100.11:80", "GET", "/reports", NULL, false, false },
};

static void tells_what_belongs(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct relevance_options options = { .all = row->all, .sups = &row->sup,
			                             .sup_count = row->sup != NULL };
		struct relevance *r = relevance_new(&options);
		struct connection known = connection_at("192.0.2.51", "198.51.100.10:80", 0);
		struct connection c = connection_at("192.0.2.50", row->server, 10);
		struct exchange scan = call_on(&known, SCAN), x = call_on(&c, row->path);

		x.method = span_text(row->method);
		x.host = SPAN("srv01");
		assert_non_null(r);
		relevance_learn(r, &(struct fact){ .kind = FACT_EXCHANGE, .exchange = &scan });
		relevance_learn(r, &(struct fact){ .kind = FACT_EXCHANGE, .exchange = &x });
		if (relevance_exchange(r, &x) != row->want)
			fail_msg("%s: %s", row->name, row->want ? "left out" : "judged");
		relevance_free(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tells_what_belongs) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
