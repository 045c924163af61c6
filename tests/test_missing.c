/* tests/test_missing.c - what --sup and --client expect, and whether it came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/trial.h"

extern const struct analyzer analyzer_missing;

enum seen { NOTHING, CALL, ATTEMPT, HELLO, SHOP };

static const struct row {
	const char *name, *sup, *client;
	enum seen seen;
	const char *server, *host;      /* of what is seen */
	int64_t end;
	const char *want, *says;
} rows[] = {
	{ "nobody tries", "http://wsus09:8530", NULL, CALL, "198.51.100.10:8530", "wsus01:8530", 600,
	  "connection-missing error probable 1", "connects to http://wsus09:8530 or asks for it" },
	{ "the capture is short", "wsus09", NULL, CALL, "198.51.100.10:8530", "wsus01:8530", 20,
	  "connection-missing error possible 1", NULL },
	{ "somebody asks for it", "http://wsus01:8530", NULL, CALL, "198.51.100.10:8530",
	  "wsus01:8530", 600, "", NULL },
	{ "by its full name", "wsus01", NULL, CALL, "198.51.100.10:8530",
	  "WSUS01.corp.example:8530", 600, "", NULL },
	{ "by its short name", "wsus01.corp.example:8530", NULL, CALL, "198.51.100.10:8530",
	  "wsus01:8530", 600, "", NULL },
	{ "by TLS", "https://wsus01.corp.example:8531", NULL, HELLO, "198.51.100.10:8531",
	  "wsus01.corp.example", 600, "",
	  NULL },
	{ "by its address", "198.51.100.10", NULL, CALL, "198.51.100.10:8530", "wsus01", 600, "", NULL },
	{ "by its IPv6 address", "http://[2001:db8::10]:8530/", NULL, ATTEMPT,
	  "[2001:db8::10]:8530", "", 600, "", NULL },
	{ "an attempt is a try", "198.51.100.10:8530", NULL, ATTEMPT, "198.51.100.10:8530", "", 600,
	  "", NULL },
	{ "another port is a matter of its own", "198.51.100.10:8530", NULL, ATTEMPT,
	  "198.51.100.10:80", "", 600, "", NULL },
	{ "an attempt may be one to that name", "wsus01:8530", NULL, ATTEMPT, "198.51.100.10:8530",
	  "", 600, "", NULL },
	{ "another address", "198.51.100.11", NULL, ATTEMPT, "198.51.100.10:8530", "", 600,
	  "connection-missing error probable 1", NULL },
	{ "an empty capture", "wsus01", "192.0.2.77", NOTHING, "", "", 0, "", NULL },
	{ "an expected client is silent", NULL, "192.0.2.77", CALL, "198.51.100.10:8530", "wsus01", 600,
	  "client-silent warning probable 1", NULL },
	{ "an expected client comes", NULL, "192.0.2.50", CALL, "198.51.100.10:8530", "wsus01", 600,
	  "", NULL },
	{ "it tries", NULL, "192.0.2.50", ATTEMPT, "198.51.100.10:8530", "wsus01", 600, "", NULL },
	{ "it only goes shopping", NULL, "192.0.2.50", SHOP, "203.0.113.80:80", "www.example.com", 600,
	  "client-silent warning probable 1", NULL },
	{ "one of a network comes", NULL, "192.0.2.0/24", CALL, "198.51.100.10:8530", "wsus01", 600,
	  "", NULL },
	{ "a network that ends within a byte, and its neighbour comes", NULL, "192.0.2.99/26", CALL,
	  "198.51.100.10:8530", "wsus01", 600,
	  "client-silent warning probable 1", "No client of 192.0.2.64/26" },
	{ "none of a network comes", NULL, "10.1.0.0/16", CALL, "198.51.100.10:8530", "wsus01", 600,
	  "client-silent warning probable 1", "No client of 10.1.0.0/16" },
	{ "none of an IPv6 network comes", NULL, "2001:db8:7::/48", CALL, "198.51.100.10:8530", "wsus01", 600,
	  "client-silent warning probable 1", "No client of 2001:db8:7::/48" },
	{ "where nobody tries, no client is named", "wsus09", "192.0.2.77", CALL,
	  "198.51.100.10:8530", "wsus01", 600,
	  "connection-missing error probable 1", NULL },
};

static void see(struct trial *t, const struct row *r)
{
	struct connection c;
	struct exchange x;
	struct tls_session s;

	if (r->seen == NOTHING)
		return;
	c = connection_at("192.0.2.50", r->server, 10);
	x = call_on(&c, r->seen == SHOP ? "/shop" : "/ClientWebService/client.asmx");
	x.host = span_text(r->host);
	s = (struct tls_session){ .conn = &c, .client_hello = true, .last_time = c.last_time };
	snprintf(s.server_name, sizeof s.server_name, "%s", r->host);
	if (r->seen == ATTEMPT)
		c.outcome = CONNECTION_UNANSWERED;
	if (r->seen == CALL || r->seen == SHOP)
		trial_exchange(t, &x);
	if (r->seen == HELLO)
		trial_tls(t, &s);
	trial_connection(t, &c);
}

static void judges_what_is_missing(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct trial t;

		trial_begin_expecting(&t, &analyzer_missing, r->sup, r->client);
		see(&t, r);
		trial_end(&t, r->end * MOMENT_S);
		trial_expect(&t, r->name, r->want, r->says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(judges_what_is_missing) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
