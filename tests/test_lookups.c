/* tests/test_lookups.c - questions, retries, answers and silence, as facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "decoders/lookups.h"
#include "tests/frame_text.h"
#include "tests/trial.h"

enum { TOLD = 2000 };

#define QUESTION "0100 0001 0000 0000 0000 06777375733031 00 0001 0001"
#define ANSWER                                                           \
	"8180 0001 0001 0000 0000 06777375733031 00 0001 0001 c00c 0001 0001 0000003c 0004 c633640a"
#define NO_NAME  "8183 0001 0000 0000 0000 06777375733031 00 0001 0001"
#define BUSY     "8182 0001 0000 0000 0000 06777375733031 00 0001 0001"
/* "WSUS01" and its service in NetBIOS's letters */
#define NB_QUESTION                                                      \
	"0001 0110 0001 0000 0000 0000" \
	"20 4648464446464644444144424341434143414341434143414341434143414341 00 0020 0001"

struct packet_row {
	int64_t ms;
	const char *source, *target, *hex;      /* hex NULL: the end of the rows */
};

#define CLIENT_AT "192.0.2.50:50000"
#define AGAIN_AT "192.0.2.50:50001"
#define DNS_AT    "192.0.2.254:53"
#define OTHER_AT "192.0.2.253:53"

static const struct row {
	const char *name;
	struct packet_row packets[8];
	const char *want;       /* of each fact: what is asked of whom, tries, answer, ms later */
} rows[] = {
	{ "asked and answered",
	  { { 0, CLIENT_AT, DNS_AT, "0001" QUESTION }, { 20, DNS_AT, CLIENT_AT, "0001" ANSWER } },
	  "wsus01 of 192.0.2.254 1 tries: NOERROR 1 after 20; 1 in all" },
	{ "no such name",
	  { { 0, CLIENT_AT, DNS_AT, "0001" QUESTION }, { 5, DNS_AT, CLIENT_AT, "0001" NO_NAME } },
	  "wsus01 of 192.0.2.254 1 tries: NXDOMAIN 0 after 5; 1 in all" },
	{ "asked again from another port, then answered",
	  { { 0, CLIENT_AT, DNS_AT, "0001" QUESTION }, { 1000, AGAIN_AT, DNS_AT, "0002" QUESTION },
	    { 1020, DNS_AT, AGAIN_AT, "0002" ANSWER } },
	  "wsus01 of 192.0.2.254 2 tries: NOERROR 1 after 1020; 1 in all" },
	{ "both tries are answered alike",
	  { { 0, CLIENT_AT, DNS_AT, "0001" QUESTION }, { 1000, CLIENT_AT, DNS_AT, "0001" QUESTION },
	    { 1020, DNS_AT, CLIENT_AT, "0001" ANSWER }, { 1021, DNS_AT, CLIENT_AT, "0001" ANSWER } },
	  "wsus01 of 192.0.2.254 2 tries: NOERROR 1 after 1020; 1 in all" },
	{ "the second answer knows better",
	  { { 0, CLIENT_AT, DNS_AT, "0001" QUESTION }, { 1000, CLIENT_AT, DNS_AT, "0001" QUESTION },
	    { 1020, DNS_AT, CLIENT_AT, "0001" BUSY }, { 1021, DNS_AT, CLIENT_AT, "0001" ANSWER } },
	  "wsus01 of 192.0.2.254 2 tries: SERVFAIL 0 after 1020; "
	  "wsus01 of 192.0.2.254 2 tries: NOERROR 1 after 1021; 1 in all" },
	{ "never answered",
	  { { 0, CLIENT_AT, DNS_AT, "0001" QUESTION }, { 3000, CLIENT_AT, DNS_AT, "0001" QUESTION } },
	  "wsus01 of 192.0.2.254 2 tries: nothing; 1 in all" },
	{ "answered when nobody waits any more",
	  { { 0, CLIENT_AT, DNS_AT, "0001" QUESTION }, { 16000, CLIENT_AT, OTHER_AT, "0001" QUESTION },
	    { 17000, DNS_AT, CLIENT_AT, "0001" ANSWER } },
	  "wsus01 of 192.0.2.254 1 tries: nothing; wsus01 of 192.0.2.254 1 tries: NOERROR 1 after 17000; "
	  "wsus01 of 192.0.2.253 1 tries: nothing; 2 in all" },
	{ "two servers, one answers",
	  { { 0, CLIENT_AT, DNS_AT, "0001" QUESTION }, { 1000, CLIENT_AT, OTHER_AT, "0001" QUESTION },
	    { 1010, OTHER_AT, CLIENT_AT, "0001" ANSWER } },
	  "wsus01 of 192.0.2.253 1 tries: NOERROR 1 after 10; "
	  "wsus01 of 192.0.2.254 1 tries: nothing; 2 in all" },
	{ "an answer without its question", { { 0, DNS_AT, CLIENT_AT, "0001" NO_NAME } },
	  "wsus01 of 192.0.2.254 0 tries: NXDOMAIN 0; 1 in all" },
	{ "asked anew after an answer",
	  { { 0, CLIENT_AT, DNS_AT, "0001" QUESTION }, { 5, DNS_AT, CLIENT_AT, "0001" NO_NAME },
	    { 2000, CLIENT_AT, DNS_AT, "0001" QUESTION }, { 2005, DNS_AT, CLIENT_AT, "0001" NO_NAME } },
	  "wsus01 of 192.0.2.254 1 tries: NXDOMAIN 0 after 5; "
	  "wsus01 of 192.0.2.254 1 tries: NXDOMAIN 0 after 5; 2 in all" },
	{ "LLMNR: the group is asked, one answers",
	  { { 0, CLIENT_AT, "224.0.0.252:5355", "0001" QUESTION },
	    { 30, "192.0.2.77:5355", CLIENT_AT, "0001" ANSWER } },
	  "llmnr wsus01 of 192.0.2.77 1 tries: NOERROR 1 after 30; 1 in all" },
	{ "LLMNR: nobody has the name",
	  { { 0, CLIENT_AT, "[ff02::1:3]:5355", "0001" QUESTION } },
	  "llmnr wsus01 of ff02::1:3 1 tries: nothing; 1 in all" },
	{ "NetBIOS: both ends use its port",
	  { { 0, "192.0.2.50:137", "192.0.2.255:137", NB_QUESTION },
	    { 750, "192.0.2.50:137", "192.0.2.255:137", NB_QUESTION } },
	  "nbns wsus01 of 192.0.2.255 2 tries: nothing; 1 in all" },
	{ "other ports", { { 0, CLIENT_AT, "192.0.2.254:123", "0001" QUESTION } }, "0 in all" },
	{ "mere noise", { { 0, CLIENT_AT, DNS_AT, "ffffffff" } }, "0 in all" },
};

struct told {
	char text[TOLD];
	size_t len;
};

static void take(void *self, const struct fact *fact)
{
	struct told *t = self;
	const struct lookup *l = fact->lookup;
	char server[ADDR_TEXT], code[16];

	assert_int_equal(fact->kind, FACT_LOOKUP);
	assert_string_equal(addr_text(&l->client, server), "192.0.2.50");
	if (l->protocol != LOOKUP_DNS)
		t->len += (size_t)snprintf(t->text + t->len, TOLD - t->len, "%s ",
		                           lookup_protocol_name(l->protocol));
	t->len += (size_t)snprintf(t->text + t->len, TOLD - t->len, "%s of %s %u tries: ", l->name,
	                           addr_text(&l->server.addr, server), l->tries);
	if (!l->answered)
		t->len += (size_t)snprintf(t->text + t->len, TOLD - t->len, "nothing; ");
	else
		t->len += (size_t)snprintf(t->text + t->len, TOLD - t->len, "%s %u",
		                           lookup_rcode_text(l->rcode, code), l->answer_count);
	if (l->answered && l->asked_seen)
		t->len += (size_t)snprintf(t->text + t->len, TOLD - t->len, " after %d; ",
		                           (int)((l->answer_time - l->ask_time) / MOMENT_MS));
	else if (l->answered)
		t->len += (size_t)snprintf(t->text + t->len, TOLD - t->len, "; ");
}

static void send_packet(struct lookups *l, const struct packet_row *row, uint64_t frame)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct packet packet = {
		.kind = PACKET_UDP,
		.frame = frame,
		.time = 1000 * MOMENT_S + row->ms * MOMENT_MS,
		.source = endpoint_at(row->source),
		.target = endpoint_at(row->target),
	};

	packet.udp = span_of(bytes, frame_bytes(row->hex, bytes));
	lookups_packet(l, &packet);
}

static void states_lookups(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct budget budget = { .ceiling = 1 << 20 };
		struct limits limits = { { 0 } };
		struct told told = { "", 0 };
		struct fact_sink sink = { &told, take };
		struct lookups *l = lookups_new(&sink, &limits, &budget);
		uint64_t frame = 0;

		for (const struct packet_row *p = rows[i].packets; p->hex; p++)
			send_packet(l, p, ++frame);
		lookups_end(l);
		snprintf(told.text + told.len, TOLD - told.len, "%d in all", (int)lookups_count(l));
		if (strcmp(told.text, rows[i].want) != 0)
			fail_msg("%s:\n \"%s\", wanted\n \"%s\"", rows[i].name, told.text, rows[i].want);
		lookups_free(l);
		assert_int_equal(budget.used, 0);
	}
}

static void count_fact(void *self, const struct fact *fact)
{
	(void)fact;
	++*(unsigned *)self;
}

/* More names than are kept: the oldest are given up, and nothing grows. */
static void bounds_what_waits(void **unused)
{
	enum { QUESTIONS = 30000 };
	struct budget budget = { .ceiling = 1 << 24 };
	struct limits limits = { { 0 } };
	unsigned facts = 0;
	struct fact_sink sink = { &facts, count_fact };
	struct lookups *l = lookups_new(&sink, &limits, &budget);

	(void)unused;
	for (unsigned i = 0; i < QUESTIONS; i++) {
		char hex[80];

		snprintf(hex, sizeof hex, "0001 0100 0001 0000 0000 0000 05 3%u3%u3%u3%u3%u 00 0001 0001",
		         i / 10000, i / 1000 % 10, i / 100 % 10, i / 10 % 10, i % 10);
		send_packet(l, &(struct packet_row){ 0, CLIENT_AT, DNS_AT, hex }, i + 1);
	}
	assert_int_equal(limits.count[LIMIT_LOOKUP_CEILING], 10000);
	assert_int_equal(facts, 10000);
	lookups_end(l);
	assert_int_equal(facts, QUESTIONS);
	lookups_free(l);
	assert_int_equal(budget.used, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_lookups),
		cmocka_unit_test(bounds_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
