/* tests/test_addrnames.c - stories of lookups, and what is judged of them; names of addresses.
 *
 * A step of a story is a line: SECOND TYPE NAME RESULT [SERVER], where RESULT is an RCODE, "ok", "none"
 * (no address), "-" (silence), "once" (silence, and it is not asked again) or "tc"; TYPE may be "llmnr"; or
 * SECOND "get" HOST ADDRESS:PORT, or SECOND "syn" TRIES ADDRESS:PORT.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "analyzers/addrnames.h"
#include "facts/soap.h"
#include "facts/wsuscall.h"
#include "tests/trial.h"

extern const struct analyzer analyzer_lookups, analyzer_autoproxy;

#define FULL "wsus01.corp.example"
#define AT   "198.51.100.10:8530"

static const struct row {
	const char *name, *sup, *steps, *want, *says;
} rows[] = {
	{ "no such name", NULL, "0 A " FULL " NXDOMAIN\n0 AAAA " FULL " NXDOMAIN",
	  "name-not-resolved error probable 2", "192.0.2.254 answers NXDOMAIN for " FULL },
	{ "no such name, and the user names it", "http://upd.corp.example:8530",
	  "0 A upd.corp.example NXDOMAIN",
	  "name-not-resolved error certain 1", "upd.corp.example, the update point" },
	{ "by its short name", "upd.corp.example",
	  "0 A upd NXDOMAIN", "name-not-resolved error certain 1", NULL },
	{ "with a suffix too many", "upd.corp.example", "0 A upd.corp.example.corp.example NXDOMAIN",
	  "name-not-resolved error certain 1", NULL },
	{ "sup alone is a weak sign", NULL,
	  "0 A sup.corp.example NXDOMAIN", "name-not-resolved error possible 1",
	  NULL },
	{ "any other name", NULL, "0 A files.corp.example NXDOMAIN", "", NULL },
	{ "a proxy, by its name", NULL, "0 A proxy.corp.example NXDOMAIN",
	  "name-not-resolved warning possible 1", "looks like a proxy" },
	{ "SERVFAIL", NULL,
	  "0 A " FULL " SERVFAIL", "name-not-resolved error probable 1", "cannot find out" },
	{ "REFUSED", NULL, "0 A " FULL " REFUSED", "name-not-resolved error probable 1", NULL },
	{ "no address", NULL, "0 A " FULL " none\n0 AAAA " FULL " none", "name-not-resolved error probable 2",
	  "192.0.2.254 answers no address (NOERROR) for " FULL },
	{ "no IPv6 address: that is all that was asked for", NULL, "0 AAAA " FULL " none", "", NULL },
	{ "no IPv6 address beside an IPv4 one", NULL, "0 A " FULL " ok\n0 AAAA " FULL " none", "", NULL },
	{ "no IPv4 address, and the other answer is not seen", "http://" FULL,
	  "0 A " FULL " none\n0 AAAA " FULL " once", "", NULL },
	{ "and later both are", "http://" FULL,
	  "0 A " FULL " none\n0 AAAA " FULL " once\n9 A " FULL " none\n9 AAAA " FULL " none",
	  "name-not-resolved error certain 3", NULL },
	{ "the other answer never comes", "http://" FULL, "0 A " FULL " none\n0 AAAA " FULL " -",
	  "name-not-resolved error certain 1", NULL },
	{ "no such name, of whatever type", "http://" FULL, "0 A " FULL " NXDOMAIN\n0 AAAA " FULL " once",
	  "name-not-resolved error certain 1", NULL },
	{ "no IPv6 address, and the other answer is not seen", "http://" FULL,
	  "0 AAAA " FULL " none\n0 A " FULL " once\n156 A " FULL " ok", "", NULL },
	{ "no answer of either type", NULL, "0 A " FULL " once\n0 AAAA " FULL " once",
	  "name-unanswered error probable 2", NULL },
	{ "one question, and no other", "http://" FULL, "0 A " FULL " once", "", NULL },
	{ "one answer is not seen", "http://" FULL, "0 A " FULL " once\n156 A " FULL " ok", "", NULL },
	{ "no IPv4 address beside an IPv6 one", NULL, "0 A " FULL " none\n0 AAAA " FULL " ok", "", NULL },
	{ "the next suffix has it", NULL, "0 A wsus01.branch.example NXDOMAIN\n0 A " FULL " ok", "", NULL },
	{ "no suffix has it", NULL, "0 A wsus01.branch.example NXDOMAIN\n1 A " FULL " NXDOMAIN",
	  "name-not-resolved error probable 2", FULL },
	{ "the next server has it", NULL, "0 A " FULL " SERVFAIL\n1 A " FULL " ok 192.0.2.253", "", NULL },
	{ "the first server is silent, the next has it", NULL,
	  "0 A " FULL " -\n1 A " FULL " ok 192.0.2.253", "",
	  NULL },
	{ "the first is silent, the next refuses", NULL, "0 A " FULL " -\n1 A " FULL " NXDOMAIN 192.0.2.253",
	  "name-not-resolved error probable 1", "192.0.2.253 answers NXDOMAIN" },
	{ "silence", NULL, "0 A " FULL " -\n20 A " FULL " - 192.0.2.253", "name-unanswered error probable 2",
	  "192.0.2.254, 192.0.2.253" },
	{ "silence, but for other names", "http://" FULL, "0 A www.corp.example ok\n0 A " FULL " -",
	  "name-unanswered error certain 1", NULL },
	{ "silence of one that nobody hears of, known name", "http://" FULL, "0 A " FULL " -",
	  "name-unanswered error probable 1", NULL },
	{ "a connection follows", NULL, "0 A " FULL " NXDOMAIN\n2 get " FULL " " AT, "", NULL },
	{ "a connection that was there before does not", NULL,
	  "0 A " FULL " ok\n1 get " FULL " " AT "\n100 A " FULL " NXDOMAIN",
	  "name-not-resolved error certain 1", NULL },
	{ "gone for a while", "http://" FULL, "0 A " FULL " SERVFAIL\n90 A " FULL " ok",
	  "name-not-resolved warning certain 1", "did not resolve for 90 s" },
	{ "gone for a moment", "http://" FULL, "0 A " FULL " SERVFAIL\n9 A " FULL " ok", "", NULL },
	{ "no IPv6 address, and a while later an IPv4 one", "http://" FULL,
	  "0 AAAA " FULL " none\n90 A " FULL " ok", "", NULL },
	{ "LLMNR does not know it either", NULL, "0 A " FULL " NXDOMAIN\n1 llmnr wsus01 -",
	  "name-not-resolved error probable 1", "LLMNR and NetBIOS" },
	{ "LLMNR knows it", NULL, "0 A " FULL " NXDOMAIN\n1 llmnr wsus01 ok", "", NULL },
	{ "too long, then over TCP", NULL, "0 A " FULL " tc\n1 A " FULL " ok", "", NULL },
	{ "too long, and not over TCP", NULL, "0 A " FULL " tc\n30 A www.corp.example ok",
	  "name-unanswered error probable 1", "too long for UDP" },
	{ "Microsoft's names, asked by a client", NULL, "0 A fe2.update.microsoft.com NXDOMAIN", "", NULL },
	{ "asked by a server that synchronises", NULL, "0 A sws.update.microsoft.com NXDOMAIN",
	  "name-not-resolved error probable 1", "Microsoft's server" },
	{ "asked by the update point", "192.0.2.50", "0 A fe2.update.microsoft.com SERVFAIL",
	  "name-not-resolved error certain 1", "Microsoft's server" },
	{ "wpad is another matter", NULL, "0 A wpad.corp.example NXDOMAIN", "", NULL },
};

static const struct row searches[] = {
	{ "no wpad", NULL, "0 A wpad.corp.example NXDOMAIN\n0 A wpad.example NXDOMAIN",
	  "auto-proxy-failed info certain 1", "normal" },
	{ "wpad, and nobody there", NULL, "0 A wpad.corp.example ok\n1 syn 3 198.51.100.10:80",
	  "auto-proxy-failed warning certain 1", "gets no connection" },
	{ "wpad, and one SYN to it", NULL, "0 A wpad.corp.example ok\n1 syn 1 198.51.100.10:80", "", NULL },
	{ "another port of that host", NULL,
	  "0 A wpad.corp.example ok\n1 syn 3 198.51.100.10:445", "", NULL },
	{ "wpad is there", NULL, "0 A wpad.corp.example ok", "", NULL },
};

static void step_lookup(struct trial *t, int64_t at, const char *type, const char *name, const char *result,
                        const char *server)
{
	static const char *const codes[] = { "NOERROR",  "FORMERR", "SERVFAIL",
		                                 "NXDOMAIN", "NOTIMP",  "REFUSED" };
	struct lookup l = {
		.client = addr_at("192.0.2.50"),
		.server = { addr_at(*server ? server : "192.0.2.254"), 53 },
		.type = strcmp(type, "AAAA") != 0 ? 1 : 28,
		.protocol = strcmp(type, "llmnr") != 0 ? LOOKUP_DNS : LOOKUP_LLMNR,
		.tries = strcmp(result, "-") != 0 ? 1 : 3,
		.asked_seen = true,
		.answered = strcmp(result, "-") != 0 && strcmp(result, "once") != 0,
		.truncated = !strcmp(result, "tc"),
		.ask_time = at,
		.answer_time = at + MOMENT_MS,
		.ask_frame = 1,
		.answer_frame = 2,
	};

	snprintf(l.name, sizeof l.name, "%s", name);
	if (!strcmp(result, "ok")) {
		l.answers[0] = addr_at("198.51.100.10");
		l.answer_count = 1;
	}
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (!strcmp(result, codes[i]))
			l.rcode = (uint16_t)i;
	trial_fact(t, &(struct fact){ .kind = FACT_LOOKUP, .time = at + 15 * MOMENT_S, .lookup = &l });
}

static void run_step(struct trial *t, struct span line)
{
	char words[5][64] = { "" };
	const char *type = words[1], *name = words[2], *result = words[3];
	uint64_t second = 0;
	struct connection c;
	struct exchange x;

	for (size_t i = 0; i < 5; i++) {
		struct span word = span_split(&line, ' ');

		snprintf(words[i], sizeof words[i], "%.*s", (int)word.len, (const char *)word.at);
	}
	if (!span_decimal(span_text(words[0]), &second) || !*result)
		fail_msg("%s %s %s is no step", words[0], type, name);
	if (strcmp(type, "get") != 0 && strcmp(type, "syn") != 0) {
		step_lookup(t, (int64_t)second * MOMENT_S, type, name, result, words[4]);
		return;
	}
	c = connection_at("192.0.2.50", result, (int64_t)second);
	if (!strcmp(type, "get")) {
		x = call_on(&c, "/ClientWebService/client.asmx");
		x.host = span_text(name);
		answer(&x, 200, 5);
		trial_exchange(t, &x);
	} else {
		c.outcome = CONNECTION_UNANSWERED;
		c.syn_count = (uint32_t)*name - '0';
	}
	trial_connection(t, &c);
}

static void judge_until(const struct analyzer *analyzer, const struct row *row, size_t count, int64_t now)
{
	for (; count--; row++) {
		struct span steps = span_text(row->steps);
		struct trial t;

		trial_begin_expecting(&t, analyzer, row->sup, NULL);
		while (steps.len)
			run_step(&t, span_split(&steps, '\n'));
		trial_end(&t, now);
		trial_expect(&t, row->name, row->want, row->says);
	}
}

static void judge(const struct analyzer *analyzer, const struct row *row, size_t count)
{
	judge_until(analyzer, row, count, 600 * MOMENT_S);
}

static void judges_lookups(void **unused)
{
	(void)unused;
	judge(&analyzer_lookups, rows, sizeof rows / sizeof *rows);
}

/* What is too long for UDP, just before the capture ends. */
static void gives_tcp_its_time(void **unused)
{
	static const struct row last[] = {
		{ "the question over TCP may follow", NULL, "0 A " FULL " tc", "", NULL },
		{ "so may an answer to its SYN", NULL, "0 A " FULL " tc\n0 syn 1 192.0.2.254:53", "", NULL },
		{ "it was asked again", NULL, "0 A " FULL " tc\n0 syn 3 192.0.2.254:53",
		  "name-unanswered error probable 1", NULL },
	};

	(void)unused;
	judge_until(&analyzer_lookups, last, sizeof last / sizeof *last, 4 * MOMENT_S);
}

static void judges_searches(void **unused)
{
	(void)unused;
	judge(&analyzer_autoproxy, searches, sizeof searches / sizeof *searches);
}

/* What DHCP tells, and the host that it names. */
static void judges_what_dhcp_tells(void **unused)
{
	struct lease l = { .frame = 7, .client = addr_at("192.0.2.50"), .server = addr_at("192.0.2.1"),
		           .proxy_script = SPAN_LIT("http://config.corp.example/p.pac") };
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_autoproxy, NULL);
	trial_fact(&t, &(struct fact){ .kind = FACT_LEASE, .lease = &l });
	run_step(&t, SPAN("3 A config.corp.example NXDOMAIN"));
	trial_end(&t, 600 * MOMENT_S);
	trial_expect(&t, "unresolved", "auto-proxy-failed warning certain 1", "config.corp.example/p.pac");
	trial_begin(&t, &analyzer_autoproxy, NULL);
	trial_fact(&t, &(struct fact){ .kind = FACT_LEASE, .lease = &l });
	run_step(&t, SPAN("3 A config.corp.example ok"));
	trial_end(&t, 600 * MOMENT_S);
	trial_expect(&t, "resolved", "", NULL);
}

/* ---- names of addresses */

static void assert_named(const struct trial *t, const char *addr, const char *name)
{
	struct addr a = addr_at(addr);
	const char *is = addrnames_of(t->names, &a);

	assert_string_equal(is ? is : "", name);
}

static void names_addresses_as_proved(void **unused)
{
	struct connection c = connection_at("192.0.2.50", AT, 10);
	struct exchange x = call_on(&c, "/ClientWebService/client.asmx");
	struct lease l = { .client = addr_at("192.0.2.50"), .host_name = SPAN_LIT("PC-0412") };
	struct wsus_value value = { .field = FIELD_DNS_NAME, .text = SPAN_LIT("pc-0412.corp.example") };
	const struct wsus_call values = { .values = &value, .value_count = 1 };
	const struct soap_call call = { .values = &values };
	struct addr found[2];
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_lookups, NULL);
	run_step(&t, SPAN("0 A wsus.corp.example ok"));
	assert_named(&t, "198.51.100.10", "wsus.corp.example");
	assert_int_equal(addrnames_addresses(t.names, SPAN("WSUS.corp.example"), found, 2), 1);
	assert_true(addr_eq(&found[0], &c.server.addr));
	assert_int_equal(addrnames_addresses(t.names, SPAN("wsus"), found, 2), 0);
	trial_fact(&t, &(struct fact){ .kind = FACT_LEASE, .lease = &l });
	assert_named(&t, "192.0.2.50", "PC-0412");
	x.host = SPAN("wsus01.corp.example:8530");
	x.server_auth.workstation = SPAN("ALICES-PC");
	x.soap = &call;
	answer(&x, 200, 5);
	trial_exchange(&t, &x);
	assert_named(&t, "198.51.100.10", "wsus01.corp.example");
	assert_named(&t, "192.0.2.50", "pc-0412.corp.example");
	/* Nobody looked it up, but it is served there. */
	assert_int_equal(addrnames_addresses(t.names, SPAN("wsus01.corp.example"), found, 2), 1);
	assert_true(addr_eq(&found[0], &c.server.addr));
	/* A proxy's address gets no client's name, and no update point's. */
	c.server = endpoint_at("203.0.113.9:3128");
	x.via_proxy = true;
	trial_exchange(&t, &x);
	assert_named(&t, "203.0.113.9", "");
	assert_int_equal(addrnames_addresses(t.names, SPAN("wsus01.corp.example"), found, 2), 1);
	c = connection_at("203.0.113.9", AT, 10);
	x.via_proxy = false;
	trial_exchange(&t, &x);
	assert_named(&t, "203.0.113.9", "");
	/* Who has many names stands for many. */
	c = connection_at("192.0.2.99", AT, 10);
	for (int last = 'A'; last < 'F'; last++) {
		const char name[] = { 'P', 'C', (char)last };

		value.text = span_of(name, sizeof name);
		trial_exchange(&t, &x);
	}
	assert_named(&t, "192.0.2.99", "");
	trial_end(&t, 600 * MOMENT_S);
}

/* A --sup name's address is an update point, on the port that was given. */
static void resolves_what_the_user_names(void **unused)
{
	struct endpoint at = endpoint_at(AT), other = endpoint_at("198.51.100.10:445");
	struct trial t;

	(void)unused;
	trial_begin_expecting(&t, &analyzer_lookups, "http://upd.corp.example:8530", NULL);
	assert_false(relevance_is_update_point(t.relevance, &at));
	run_step(&t, SPAN("0 A upd.corp.example ok"));
	assert_true(relevance_is_update_point(t.relevance, &at));
	assert_false(relevance_is_update_point(t.relevance, &other));
	assert_true(relevance_is_update_machine(t.relevance, &at.addr));
	trial_end(&t, 600 * MOMENT_S);
}

/* Whatever a probe asks for is wanted, but for wpad. */
static void judges_what_a_probe_asks_for(void **unused)
{
	static const struct row asked[] = {
		{ "no such name", NULL, "0 A files.corp.example NXDOMAIN",
		  "name-not-resolved error certain 1", "files.corp.example, which this probe was to reach" },
		{ "a proxy's", NULL, "0 A proxy.corp.example SERVFAIL",
		  "name-not-resolved error certain 1", NULL },
		{ "Microsoft's", NULL, "0 A update.microsoft.com NXDOMAIN",
		  "name-not-resolved error probable 1", "Microsoft's server" },
		{ "silence", NULL, "0 A files.corp.example -", "name-unanswered error probable 1", NULL },
		{ "the next suffix has it", NULL,
		  "0 A files.branch.example NXDOMAIN\n0 A files.corp.example ok", "", NULL },
		{ "wpad", NULL, "0 A wpad.corp.example NXDOMAIN", "", NULL },
	};
	const struct relevance_options o = { .all = true, .probe = true };

	(void)unused;
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		struct span steps = span_text(asked[i].steps);
		struct trial t;

		trial_begin(&t, &analyzer_lookups, &o);
		while (steps.len)
			run_step(&t, span_split(&steps, '\n'));
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, asked[i].name, asked[i].want, asked[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_what_a_probe_asks_for),
		cmocka_unit_test(judges_lookups),
		cmocka_unit_test(gives_tcp_its_time),
		cmocka_unit_test(judges_searches),
		cmocka_unit_test(judges_what_dhcp_tells),
		cmocka_unit_test(names_addresses_as_proved),
		cmocka_unit_test(resolves_what_the_user_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
