/* tests/test_scan.c - whose scan a call is, what kind of scan it is, how far it climbed and how it ended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "analyzers/rungs.h"
#include "analyzers/scan.h"
#include "tests/exchanges.h"
#include "tests/trial.h"

enum { ARENA_MAX = 1 << 20, TOLD = 1024 };

#define PC(n)       "192.0.2." n " > 198.51.100.1:8530 "
#define CV(base)    " | MS-CV: " base ".0.1.2"
#define FIRST       "CALL GetConfig => 200 OK | values server_protocol=3.2\n"
#define AUTH        "CALL GetAuthorizationCookie | values dns_name=pc1.corp.example => 200 OK\n"
#define COOKIE      "CALL GetCookie => 200 OK | values cookie=c1\n"
#define PAGE        "CALL SyncUpdates | values installed_ids=0 cached_ids=0 skip_software=false => 200 OK" \
                    " | values new_updates=30 truncated=true\n"
#define LAST_PAGE   "CALL SyncUpdates | values installed_ids=9 cached_ids=21 skip_software=false => 200 OK" \
                    " | values new_updates=0 truncated=false\n"
#define DRIVERS     "CALL SyncUpdates | values installed_ids=9 skip_software=true => 200 OK" \
                    " | values new_updates=0 truncated=false\n"
#define DETAILS     "CALL GetExtendedUpdateInfo => 200 OK\n"
#define REPORT      "CALL ReportEventBatch => 200 OK\n"
#define BLIND(call) "CALL " call " | unread => 200 OK\n"
#define BEGUN       PC("1") FIRST PC("1") AUTH PC("1") COOKIE
#define SCANNED     BEGUN PC("1") PAGE PC("1") LAST_PAGE
#define BLIND_SCAN  PC("1") BLIND("GetAuthorizationCookie") PC("1") BLIND("GetCookie") \
                    PC("1") BLIND("SyncUpdates")
#define UPSTREAM    "192.0.2.9 > 198.51.100.1:8530 "

struct row {
	const char *name, *script;
	const char *told;       /* of each scan: kind, calls, rungs that were tried; its end */
};

static const struct row rows[] = {
	{ "a first scan is one, with its report",
	  SCANNED PC("1") DRIVERS PC("1") DETAILS "+60\n" PC("1") REPORT "+900\n",
	  "initial scan 8: config+ authorization+ cookie+ registration- sync+ details+ report+ over" },
	{ "an hour later the next begins where its cookie still holds",
	  SCANNED "+3600\n" PC("1") LAST_PAGE "+900\n",
	  "initial scan 5: config+ authorization+ cookie+ registration- sync+ over; "
	  "delta scan 1: config- authorization- cookie- registration- sync+ over" },
	{ "bases of MS-CV part scans that follow at once",
	  PC("1") "CALL SyncUpdates" CV("aaa") " | unread => 200 OK\n"
	  PC("1") "CALL SyncUpdates" CV("aaa") " | unread => 200 OK\n"
	  PC("1") "CALL SyncUpdates" CV("bbb") " | unread => 200 OK\n+900\n",
	  "scan 2: sync+ over; "
	  "delta scan 1: config- authorization- cookie- registration- sync+ over" },
	{ "and tell two clients behind one address apart",
	  PC("1") "#1 CALL GetConfig" CV("aaa") " => 200 OK\n"
	  PC("1") "#2 CALL GetConfig" CV("bbb") " => 200 OK\n"
	  PC("1") "#1 CALL GetCookie" CV("aaa") " => 200 OK\n"
	  PC("1") "#2 CALL GetCookie" CV("bbb") " => 200 OK\n"
	  PC("1") "#1 CALL SyncUpdates" CV("aaa") " | unread => 200 OK\n"
	  PC("1") "#2 CALL SyncUpdates" CV("bbb") " | unread => 200 OK\n+900\n",
	  "scan 3: config+ authorization- cookie+ registration- sync+ over; "
	  "scan 3: config+ authorization- cookie+ registration- sync+ over" },
	{ "without bases the order of calls parts them",
	  PC("1") BLIND("GetConfig") BLIND_SCAN PC("1") BLIND("SyncUpdates") BLIND_SCAN "+900\n",
	  "scan 5: config+ authorization+ cookie+ registration- sync+ over; "
	  "scan 3: config- authorization+ cookie+ registration- sync+ over" },
	{ "a fault that heals parts none",
	  PC("1") "CALL SyncUpdates => 500 Internal Server Error | fault ConfigChanged\n"
	  BEGUN PC("1") LAST_PAGE "+900\n",
	  "scan 5: config+ authorization+ cookie+ sync+ over" },
	{ "a category scan",
	  BEGUN PC("1") "CALL StartCategoryScan => 200 OK\n"
	  PC("1") LAST_PAGE "+900\n",
	  "category scan 5: config+ authorization+ cookie+ registration- sync+ over" },
	{ "a driver scan", PC("2") COOKIE "+600\n" PC("1") DRIVERS "+900\n",
	  "scan 1: cookie+ due sync; "
	  "driver scan 1: config- authorization- cookie- registration- sync+ over" },
	{ "joined: what came before is not known",
	  PC("1") LAST_PAGE PC("1") DETAILS "+900\n", "scan 2: sync+ details+ over" },
	{ "left after the cookie", BEGUN "+900\n",
	  "scan 3: config+ authorization+ cookie+ due sync" },
	{ "left between pages", BEGUN PC("1") PAGE "+900\n",
	  "initial scan 4: config+ authorization+ cookie+ registration- sync+ due sync" },
	{ "the capture ends", PC("1") FIRST PC("1") AUTH, "scan 2: config+ authorization+ due cookie cut" },
	{ "stopped", PC("1") FIRST PC("1") AUTH PC("1") "CALL GetCookie => 503 Service Unavailable\n+900\n",
	  "scan 3: config+ authorization+ cookie! failed 1" },
	{ "a report alone is no scan", PC("1") REPORT "+900\n", "" },
	{ "a server that synchronises",
	  UPSTREAM "CALL GetAuthConfig => 200 OK\n" UPSTREAM "CALL DssAuth/GetAuthorizationCookie => 200 OK\n"
	  UPSTREAM "CALL ServerSync/GetCookie => 200 OK\n" UPSTREAM "CALL GetConfigData => 200 OK\n"
	  UPSTREAM "CALL GetRevisionIdList => 200 OK | values new_revisions=120\n"
	  UPSTREAM "CALL GetUpdateData => 200 OK\n+600\n" UPSTREAM "CALL RollupComputers => 200 OK\n+3600\n",
	  "synchronisation 7: config+ authorization+ cookie+ registration- sync+ details+ report+ over" },
	{ "a console", UPSTREAM "CALL Api/GetServerVersion => 401 Unauthorized\n"
	  UPSTREAM "CALL Api/GetServerVersion => 200 OK\n+3600\n",
	  "administration 2: authorization+ sync+ over" },
};

struct told {
	char text[TOLD];
	size_t len;
};

static void say(struct told *t, const char *word, const char *more)
{
	t->len += (size_t)snprintf(t->text + t->len, t->len < TOLD ? TOLD - t->len : 0, "%s%s", word, more);
}

static void tell(void *self, const struct scan *s)
{
	static const char *const marks[] = { "?", "+", "!", "-" };
	struct told *t = self;
	char count[32];

	say(t, t->len ? "; " : "", scan_kind_name(s->kind));
	snprintf(count, sizeof count, " %u:", s->calls);
	say(t, count, "");
	for (int i = RUNG_SELFUPDATE; i < RUNG_COUNT; i++)
		if (s->rungs[i].state != RUNG_UNSEEN) {
			say(t, " ", rung_text((enum rung_name)i));
			say(t, marks[s->rungs[i].state], "");
		}
	snprintf(count, sizeof count, " failed %u", s->failures);
	if (s->climber == CLIMBER_CLIENT && s->failures && !s->over)
		say(t, count, "");
	if (s->due != RUNG_COUNT)
		say(t, " due ", rung_text(s->due));
	say(t, s->over ? " over" : "", s->cut && !s->over ? " cut" : "");
}

static void play(struct scans *scans, struct relevance *relevance, const char *script)
{
	struct span left = span_text(script);
	struct arena arena;
	int64_t time = 0;
	uint64_t seconds;

	arena_init(&arena, ARENA_MAX);
	for (size_t number = 1; left.len;) {
		struct span line = span_split(&left, '\n');
		struct fact fact = { .kind = FACT_EXCHANGE };

		time += MOMENT_S;
		if (line.len && line.at[0] == '+' && span_decimal(span_skip(line, 1), &seconds)) {
			time += (int64_t)seconds * MOMENT_S;
			continue;
		}
		fact.exchange = exchange_of(&arena, arena_text(&arena, line), number++, time);
		fact.time = time;
		assert_non_null(fact.exchange);
		relevance_learn(relevance, &fact);
		scans_fact(scans, &fact);
	}
	scans_end(scans, time);
	arena_release(&arena);
}

static void calls_make_scans(void **unused)
{
	static const struct relevance_options none = { .all = false };

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct relevance *relevance = relevance_new(&none);
		struct limits limits = { { 0 } };
		struct told told = { "", 0 };
		struct scans *scans = scans_new(relevance, &limits, NULL, tell, &told);

		play(scans, relevance, rows[i].script);
		if (strcmp(told.text, rows[i].told))
			fail_msg("%s:\n told   \"%s\"\n wanted \"%s\"", rows[i].name, told.text,
			         rows[i].told);
		scans_free(scans);
		relevance_free(relevance);
	}
}

static void look(void *self, const struct scan *s)
{
	(void)self;
	assert_string_equal(s->agent, "1507.2601.30012.0");
	assert_string_equal(s->protocol, "2.90");
	assert_string_equal(s->server_protocol, "3.2");
	assert_string_equal(s->caller, "CcmExec");
	assert_string_equal(s->name, "pc1.corp.example");
	assert_string_equal(s->host, "wsus01:8530");
	assert_int_equal(s->os_build, 26200);
	assert_true(s->interactive);
	assert_int_equal(s->pages, 4);
	assert_int_equal(s->driver_pages, 1);
	assert_int_equal(s->revisions, 31);
	assert_int_equal(s->installed_ids, 87);
	assert_int_equal(s->cached_ids, 1029);
	assert_int_equal(s->bytes[CLIENT], 300);
	assert_int_equal(s->bytes[SERVER], 4000);
	assert_int_equal(s->asked[METHOD_SYNC_UPDATES], 4);
	assert_int_equal(s->answered[METHOD_SYNC_UPDATES], 3);
	assert_int_equal(s->fault_count, 1);
	assert_int_equal(s->faults[0].error, SOAP_ERROR_COOKIE_EXPIRED);
	assert_int_equal(s->faults[0].method, METHOD_SYNC_UPDATES);
}

/* What bodies and heads say of the client; MS-WUSP 2.2.2 names the elements, 4.1 of the wire the heads. */
static void bodies_tell_who_scans(void **unused)
{
	static const struct relevance_options none = { .all = false };
	static const char script[] =
		PC("1") "CALL GetConfig | Host: wsus01:8530 | User-Agent: "
		"Windows-Update-Agent/1507.2601.30012.0 Client-Protocol/2.90 | bytes 100"
		" => 200 OK | values server_protocol=3.2 | bytes 1000\n" PC("1") AUTH PC("1") "CALL "
		" RegisterComputer | values os_build=26200 => 200 OK\n"
		PC("1") "CALL SyncUpdates | values cached_ids=1029 => 500 Error | fault CookieExpired\n"
		PC("1") "CALL SyncUpdates | bytes 200 | values installed_ids=87 cached_ids=1029 "
		"skip_software=false caller_attributes=\"Interactive=1;SheddingAware=1;Id=CcmExec;\" "
		"=> 200 OK | bytes 3000 | values new_updates=30 truncated=true\n"
		PC("1") "CALL SyncUpdates => 200 OK | values new_updates=1 truncated=false\n"
		PC("1") "CALL SyncUpdates | values skip_software=true => 200 OK | values new_updates=0\n";
	struct relevance *relevance = relevance_new(&none);
	struct limits limits = { { 0 } };
	struct scans *scans = scans_new(relevance, &limits, NULL, look, NULL);

	(void)unused;
	play(scans, relevance, script);
	scans_free(scans);
	relevance_free(relevance);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_make_scans),
		cmocka_unit_test(bodies_tell_who_scans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
