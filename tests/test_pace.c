/* tests/test_pace.c - late answers and lossy paths; and what takes its time rightly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/trial.h"

extern const struct analyzer analyzer_pace;

#define CALL "/ClientWebService/client.asmx"
#define CONSOLE "/ApiRemoting30/WebService.asmx"
#define SYNC "/ServerSyncWebService/ServerSyncWebService.asmx"

enum { CALLS_MAX = 4 };

static const struct row {
	const char *name, *path, *action;
	int64_t ms[CALLS_MAX];          /* to the first byte; 0: no more calls */
	const char *want, *says;
} rows[] = {
	{ "most calls are late", CALL, "SyncUpdates", { 6000, 7000, 20 }, "slow-answer warning certain 2",
	  "2 of 3 calls wait longer than 5 s for the first byte of their answer; the longest waits 7.0 s." },
	{ "few calls are late", CALL, "SyncUpdates", { 6000, 20, 30 }, "", NULL },
	{ "half of the calls are late", CALL, "SyncUpdates", { 6000, 7000, 20, 30 }, "", NULL },
	{ "all are just in time", CALL, "SyncUpdates", { 4900, 4900, 4900 }, "", NULL },
	{ "one call wakes the server", CALL, "GetConfig", { 12000 }, "", NULL },
	{ "one call is far too late", CALL, "SyncUpdates", { 31000, 20, 30 },
	  "slow-answer warning certain 1", "31.0 s" },
	{ "the console may wait", CONSOLE, "SearchUpdates", { 45000, 50000 }, "", NULL },
	{ "the console waits too long", CONSOLE, "SearchUpdates", { 61000 },
	  "slow-answer warning certain 1", NULL },
	{ "update data may take long", SYNC, "GetUpdateData", { 45000, 50000 }, "", NULL },
	{ "files are no calls", "/Content/41/AB.cab", "", { 40000, 40000 }, "", NULL },
};

static void judges_late_answers(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 10);
		char action[80];
		struct http_header header;
		struct trial t;

		snprintf(action, sizeof action, "\"http://www.microsoft.com/SoftwareDistribution/%s\"",
		         rows[i].action);
		header = (struct http_header){ SPAN("SOAPAction"), span_text(action) };
		trial_begin(&t, &analyzer_pace, NULL);
		for (size_t k = 0; k < CALLS_MAX && rows[i].ms[k]; k++) {
			struct exchange x = call_on(&c, rows[i].path);

			x.request.headers = &header;
			x.request.header_count = 1;
			answer(&x, 200, rows[i].ms[k]);
			trial_exchange(&t, &x);
		}
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, rows[i].name, rows[i].want, rows[i].says);
	}
}

static void judges_loss(void **unused)
{
	static const struct loss_row {
		const char *name;
		uint64_t packets;
		uint32_t again, holes;
		bool one_sided;
		const char *want, *says;
	} loss_rows[] = {
		{ "two in a hundred", 1000, 20, 0, false, "loss info probable 20",
		  "7: a packet of the server is sent again" },
		{ "gaps count, too", 1000, 8, 8, false, "loss info probable 16",
		  "7: a packet of the server is sent again or missing" },
		{ "one in a hundred", 1000, 10, 0, false, "", NULL },
		{ "too few to tell", 100, 20, 0, false, "", NULL },
		{ "one direction only", 1000, 20, 0, true, "", NULL },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof loss_rows / sizeof *loss_rows; i++) {
		struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 10);
		struct trial t;

		c.side[CLIENT].packets = loss_rows[i].packets / 2;
		c.side[SERVER].packets = loss_rows[i].packets / 2;
		c.side[SERVER].retransmissions = loss_rows[i].again;
		c.side[SERVER].holes = loss_rows[i].holes;
		c.side[SERVER].loss_frame = 7;
		c.one_sided = loss_rows[i].one_sided;
		trial_begin(&t, &analyzer_pace, NULL);
		trial_connection(&t, &c);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, loss_rows[i].name, loss_rows[i].want, loss_rows[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_late_answers),
		cmocka_unit_test(judges_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
