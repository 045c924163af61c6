/* tests/test_attempts.c - connections that never came, each kind beside a near twin that is quiet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/trial.h"

extern const struct analyzer analyzer_attempts;

enum { TURNS_MAX = 8, LATER = 600 };

enum turn_kind { NO_TURN, OPENS, REFUSED, SILENT, REJECTED, MIDWAY, ANSWERS, ONE_SIDED };

struct turn {
	enum turn_kind what;
	const char *client, *server;
	int64_t at;                     /* seconds */
	unsigned syns;
};

#define PC "192.0.2.50"
#define OTHER "192.0.2.51"
#define SUP "198.51.100.10:8530"
#define PC6(n) "2001:db8::" n
#define SUP6 "[2001:db8::10]:8530"

static const struct row {
	const char *name;
	struct turn turns[TURNS_MAX];
	int64_t end;                    /* of the capture, in seconds */
	const char *want, *says;
} rows[] = {
	{ "dropped", { { SILENT, PC, SUP, 10, 3 } }, LATER, "connection-unanswered error certain 1",
	  "Nothing comes back from 198.51.100.10:8530" },
	{ "dropped over IPv6", { { SILENT, "2001:db8::50", "[2001:db8::10]:8530", 10, 3 } }, LATER,
	  "connection-unanswered error certain 1", "[2001:db8::10]:8530" },
	{ "a single SYN, and the capture goes on", { { SILENT, PC, SUP, 10, 1 } }, LATER,
	  "connection-unanswered error probable 1", NULL },
	{ "a single SYN just before the capture ends", { { SILENT, PC, SUP, 599, 1 } }, LATER, "", NULL },
	{ "a single SYN, and more of them later",
	  { { SILENT, PC, SUP, 10, 1 }, { SILENT, PC, SUP, 20, 1 }, { SILENT, PC, SUP, 599, 1 } }, LATER,
	  "connection-unanswered error probable 2", NULL },
	{ "several SYNs just before the capture ends", { { SILENT, PC, SUP, 589, 3 } }, LATER,
	  "connection-unanswered error probable 1", NULL },
	{ "refused over IPv6, let in over IPv4 just after",
	  { { REFUSED, PC6("50"), SUP6, 10, 1 }, { OPENS, PC, SUP, 11, 1 } }, LATER,
	  "connection-refused warning probable 1", "the same machine gets in over IPv4 as 192.0.2.50" },
	{ "refused over IPv4, let in over IPv6 just after",
	  { { REFUSED, PC, SUP, 10, 1 }, { OPENS, PC6("50"), SUP6, 11, 1 } }, LATER,
	  "connection-refused warning probable 1", "over IPv6 as 2001:db8::50" },
	{ "silence over IPv6 until the stack gives up",
	  { { SILENT, PC6("50"), SUP6, 10, 3 }, { OPENS, PC, SUP, 31, 1 } }, LATER,
	  "connection-unanswered warning probable 1", "(unanswered)" },
	{ "silence over IPv6, and another client much later",
	  { { SILENT, PC6("50"), SUP6, 10, 3 }, { OPENS, PC, SUP, 60, 1 } }, LATER,
	  "connection-unanswered error certain 1", NULL },
	{ "a lone SYN that loses the race of families",
	  { { SILENT, PC6("50"), SUP6, 10, 1 }, { OPENS, PC, SUP, 10, 1 } }, LATER, "", NULL },
	{ "followed once, and once not",
	  { { SILENT, PC6("50"), SUP6, 10, 3 }, { OPENS, PC, SUP, 31, 1 },
	    { SILENT, PC6("50"), SUP6, 100, 3 } },
	  LATER, "connection-unanswered error certain 2", NULL },
	{ "another port over the other family",
	  { { REFUSED, PC6("50"), SUP6, 10, 1 }, { OPENS, PC, "198.51.100.10:8531", 11, 1 } }, LATER,
	  "connection-refused error certain 1", NULL },
	{ "many that one machine follows by chance",
	  { { REFUSED, PC6("51"), SUP6, 10, 1 }, { REFUSED, PC6("52"), SUP6, 10, 1 },
	    { REFUSED, PC6("53"), SUP6, 10, 1 }, { REFUSED, PC6("54"), SUP6, 10, 1 },
	    { REFUSED, PC6("55"), SUP6, 10, 1 }, { OPENS, PC, SUP, 11, 1 } },
	  LATER,
	  "connection-refused error certain 1; connection-refused error certain 1; "
	  "connection-refused error certain 1; connection-refused error certain 1; "
	  "connection-refused error certain 1", NULL },
	{ "one direction captured only", { { ONE_SIDED, PC, SUP, 10, 3 } }, LATER, "", NULL },
	{ "answered late is a connection", { { OPENS, PC, SUP, 10, 3 } }, LATER, "", NULL },
	{ "not of the update path", { { SILENT, PC, "198.51.100.10:4711", 10, 3 } }, LATER, "", NULL },
	{ "dropped, and through later", { { SILENT, PC, SUP, 10, 3 }, { OPENS, PC, SUP, 60, 1 } }, LATER,
	  "connection-unanswered warning certain 1", NULL },
	{ "through later, told first: facts come when they are over",
	  { { OPENS, PC, SUP, 60, 1 }, { SILENT, PC, SUP, 10, 3 } }, LATER,
	  "connection-unanswered warning certain 1",
	  NULL },
	{ "through before, dropped since", { { OPENS, PC, SUP, 10, 1 }, { SILENT, PC, SUP, 60, 3 } }, LATER,
	  "connection-unanswered error certain 1", NULL },
	{ "another client gets through", { { SILENT, PC, SUP, 10, 3 }, { OPENS, OTHER, SUP, 60, 1 } }, LATER,
	  "connection-unanswered error certain 1", NULL },
	{ "refused", { { REFUSED, PC, SUP, 10, 3 } }, LATER, "connection-refused error certain 1",
	  "answered by a reset" },
	{ "refused again and again is one finding",
	  { { REFUSED, PC, SUP, 10, 3 }, { REFUSED, PC, SUP, 20, 3 }, { REFUSED, PC, SUP, 30, 3 } }, LATER,
	  "connection-refused error certain 3", NULL },
	{ "refused once, then accepted", { { REFUSED, PC, SUP, 10, 1 }, { OPENS, PC, SUP, 11, 1 } }, LATER,
	  "connection-refused warning certain 1", NULL },
	{ "refused at the name's first address, let in at its second",
	  { { REFUSED, PC, "198.51.100.11:8530", 10, 3 }, { OPENS, PC, SUP, 11, 1 } }, LATER,
	  "connection-refused warning certain 1", NULL },
	{ "let in by another server on a port that everybody serves",
	  { { REFUSED, PC, "198.51.100.10:443", 10, 3 }, { OPENS, OTHER, SUP, 5, 1 },
	    { OPENS, PC, "198.51.100.11:443", 20, 1 } },
	  LATER, "port-mismatch error probable 1", NULL },
	{ "rejected", { { REJECTED, PC, SUP, 10, 1 } }, LATER, "connection-rejected error certain 1",
	  "The device 203.0.113.1 rejects what goes to 198.51.100.10:8530: it answers with ICMP "
	  "\"communication administratively prohibited\"" },
	{ "rejected explains the silence of another try",
	  { { REJECTED, PC, SUP, 10, 1 }, { SILENT, PC, SUP, 20, 2 } }, LATER,
	  "connection-rejected error certain 1", NULL },
	{ "the wrong port, where another serves WSUS",
	  { { REFUSED, PC, "198.51.100.10:80", 10, 3 }, { ANSWERS, OTHER, SUP, 5, 1 } }, LATER,
	  "port-mismatch error certain 1",
	  "The client tries port 80 of 198.51.100.10, where nobody listens; port 8530 of the same server "
	  "answers as an update point" },
	{ "the wrong port, tried by a client that uses the right one too",
	  { { REFUSED, PC, "198.51.100.10:80", 10, 3 }, { ANSWERS, PC, SUP, 5, 1 } }, LATER,
	  "port-mismatch warning possible 1", NULL },
	{ "the wrong port, where another is open",
	  { { REFUSED, PC, "198.51.100.10:8531", 10, 3 }, { OPENS, OTHER, SUP, 5, 1 } }, LATER,
	  "port-mismatch error probable 1", "port 8530 of the same server answers." },
	{ "another server's port proves nothing",
	  { { REFUSED, PC, SUP, 10, 3 }, { OPENS, OTHER, "198.51.100.11:8531", 5, 1 } }, LATER,
	  "connection-refused error certain 1", NULL },
	{ "a port that lets others in is no wrong port",
	  { { REFUSED, PC, SUP, 10, 3 }, { OPENS, OTHER, SUP, 5, 1 },
	  { OPENS, OTHER, "198.51.100.10:8531", 5, 1 } },
	  LATER, "connection-refused error certain 1", NULL },
	{ "silence is a firewall rather than a wrong port",
	  { { SILENT, PC, "198.51.100.10:8531", 10, 3 }, { ANSWERS, PC, SUP, 5, 1 } }, LATER,
	  "connection-unanswered error certain 1", NULL },
	{ "joined midway is a connection", { { MIDWAY, PC, SUP, 10, 0 } }, LATER, "", NULL },
};

static void state(struct trial *t, const struct turn *turn)
{
	static const enum connection_outcome outcomes[] = {
		[OPENS] = CONNECTION_ESTABLISHED,    [REFUSED] = CONNECTION_REFUSED,
		[SILENT] = CONNECTION_UNANSWERED,    [REJECTED] = CONNECTION_REJECTED,
		[MIDWAY] = CONNECTION_MIDSTREAM,     [ANSWERS] = CONNECTION_ESTABLISHED,
		[ONE_SIDED] = CONNECTION_UNANSWERED,
	};
	struct connection c = connection_at(turn->client, turn->server, turn->at);
	struct exchange x = call_on(&c, "/ClientWebService/client.asmx");

	c.outcome = outcomes[turn->what];
	c.syn_count = turn->syns;
	c.one_sided = turn->what == ONE_SIDED;
	c.last_time = c.first_time + (turn->syns > 1 ? 9 * MOMENT_S : 0);
	if (turn->what == REFUSED)
		c.reset_frame = 2;
	if (turn->what == REJECTED) {
		c.icmp_frame = 2;
		c.icmp_from = addr_at("203.0.113.1");
		c.icmp_type = 3;
		c.icmp_code = 13;
	}
	if (turn->what == ANSWERS) {
		answer(&x, 200, 10);
		trial_exchange(t, &x);
	}
	trial_connection(t, &c);
}

static void judges_attempts(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct trial t;

		trial_begin(&t, &analyzer_attempts, NULL);
		for (size_t k = 0; k < TURNS_MAX && rows[i].turns[k].what != NO_TURN; k++)
			state(&t, &rows[i].turns[k]);
		trial_end(&t, rows[i].end * MOMENT_S);
		trial_expect(&t, rows[i].name, rows[i].want, rows[i].says);
	}
}

/* A scan of many clients ends as a bounded number of findings, and soon. */
static void bounds_a_flood(void **unused)
{
	struct trial t;
	struct connection c = connection_at(PC, SUP, 10);

	(void)unused;
	c.outcome = CONNECTION_REFUSED;
	trial_begin(&t, &analyzer_attempts, NULL);
	for (unsigned i = 0; i < 100000; i++) {
		c.client.addr.bytes[13] = (uint8_t)(i >> 16);
		c.client.addr.bytes[14] = (uint8_t)(i >> 8);
		c.client.addr.bytes[15] = (uint8_t)i;
		trial_connection(&t, &c);
	}
	assert_true(findings_count(t.findings) <= 20000);
	t.told[0] = '\0';
	analyzer_attempts.end(t.self, LATER * MOMENT_S);
	findings_settle(t.findings, false);
	{
		uint64_t count = 0;

		for (size_t i = 0; i < findings_count(t.findings); i++)
			count += findings_at(t.findings, i)->count;
		assert_int_equal(count, 100000);
	}
	trial_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_attempts),
		cmocka_unit_test(bounds_a_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
