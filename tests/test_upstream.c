/* tests/test_upstream.c - update servers that do not reach their source; and clients, which are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/trial.h"

extern const struct analyzer analyzer_upstream;

#define SWS "203.0.113.80"
#define SERVER "198.51.100.1"

static void look_up(struct trial *t, const char *client, const char *name)
{
	struct lookup l = { .client = addr_at(client), .server = endpoint_at("192.0.2.53:53"), .type = 1,
		            .answered = true, .asked_seen = true, .answer_count = 1 };

	snprintf(l.name, sizeof l.name, "%s", name);
	l.answers[0] = addr_at(SWS);
	trial_fact(t, &(struct fact){ .kind = FACT_LOOKUP, .lookup = &l });
}

static void try_it(struct trial *t, const char *client, const char *server, enum connection_outcome outcome,
                   int64_t at)
{
	struct connection c = connection_at(client, server, at);

	c.outcome = outcome;
	c.syn_count = outcome == CONNECTION_ESTABLISHED ? 1 : 3;
	trial_connection(t, &c);
}

static void connect_through(struct trial *t, unsigned status, int64_t at)
{
	struct connection c = connection_at(SERVER, "192.0.2.9:3128", at);
	struct exchange x = call_on(&c, "");

	x.method = SPAN("CONNECT");
	x.target = x.host = SPAN("sws.update.microsoft.com:443");
	x.via_proxy = true;
	answer(&x, status, 5);
	trial_exchange(t, &x);
}

static void source_at_microsoft(void **unused)
{
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_upstream, NULL);
	look_up(&t, SERVER, "sws.update.microsoft.com");
	try_it(&t, SERVER, SWS ":443", CONNECTION_UNANSWERED, 10);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "its SYNs are dropped", "upstream-unreachable error certain 1",
	             "its source at Microsoft, sws.update.microsoft.com: no answer to any SYN.");

	trial_begin(&t, &analyzer_upstream, NULL);
	look_up(&t, SERVER, "sws.update.microsoft.com");
	try_it(&t, SERVER, SWS ":443", CONNECTION_REFUSED, 10);
	try_it(&t, SERVER, SWS ":443", CONNECTION_ESTABLISHED, 20);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "and later not", "upstream-unreachable warning certain 1", "Later it got through.");

	trial_begin(&t, &analyzer_upstream, NULL);
	look_up(&t, "192.0.2.50", "fe2.update.microsoft.com");
	try_it(&t, "192.0.2.50", SWS ":443", CONNECTION_UNANSWERED, 10);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "a client of Microsoft's is no server", "", NULL);
}

static void speak_tls(struct trial *t, const char *name, bool established, enum connection_closed closed)
{
	struct connection c = connection_at(SERVER, SWS ":443", 10);
	struct tls_session s = { .conn = &c, .client_hello = true, .server_hello = true,
		                 .established = established, .last_message = { 1, 2 } };

	c.closed = closed;
	snprintf(s.server_name, sizeof s.server_name, "%s", name);
	trial_tls(t, &s);
}

static void sessions(void **unused)
{
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_upstream, NULL);
	speak_tls(&t, "sws.update.microsoft.com", false, CONNECTION_RESET_BY_SERVER);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "TLS that stops", "upstream-unreachable error certain 1", "TLS is not established");

	trial_begin(&t, &analyzer_upstream, NULL);
	speak_tls(&t, "sws.update.microsoft.com", false, CONNECTION_OPEN);
	speak_tls(&t, "sws1.update.microsoft.com", true, CONNECTION_FIN);
	speak_tls(&t, "fe2.update.microsoft.com", false, CONNECTION_RESET_BY_SERVER);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "the capture ends, it is established, it is a client's", "", NULL);
}

static void parent(void **unused)
{
	struct connection c = connection_at("192.0.2.50", SERVER ":8530", 1);
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_upstream, NULL);
	trial_connection(&t, &c);
	try_it(&t, SERVER, "198.51.100.2:8530", CONNECTION_REFUSED, 10);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "a server that serves", "upstream-unreachable error probable 1",
	             "its upstream server, 198.51.100.2:8530: the connection is refused.");

	trial_begin(&t, &analyzer_upstream, NULL);
	try_it(&t, "192.0.2.50", "198.51.100.2:8530", CONNECTION_REFUSED, 10);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "a client", "", NULL);
}

/* A probe calls ServerSyncWebService to see whether it is there, and is no server for that. */
static void probe(void **unused)
{
	static const struct relevance_options options = { .all = true, .probe = true };
	struct connection c = connection_at("192.0.2.50", SERVER ":8530", 1);
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_upstream, &options);
	trial_connection(&t, &c);
	try_it(&t, SERVER, "198.51.100.2:8530", CONNECTION_REFUSED, 10);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "an update point that a probe asks for", "", NULL);

	trial_begin(&t, &analyzer_upstream, &options);
	look_up(&t, SERVER, "sws.update.microsoft.com");
	try_it(&t, SERVER, SWS ":443", CONNECTION_UNANSWERED, 10);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "Microsoft, which a probe asks for in a server's place",
	             "upstream-unreachable error certain 1", "its source at Microsoft");
}

static void proxies(void **unused)
{
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_upstream, NULL);
	connect_through(&t, 403, 10);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "no tunnel", "upstream-unreachable error certain 1",
	             "the proxy opens no tunnel (403)");

	trial_begin(&t, &analyzer_upstream, NULL);
	connect_through(&t, 407, 10);
	connect_through(&t, 200, 11);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "a login", "", NULL);

	trial_begin(&t, &analyzer_upstream, NULL);
	connect_through(&t, 407, 10);
	trial_end(&t, 60 * MOMENT_S);
	trial_expect(&t, "a login whose end is not seen", "", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(source_at_microsoft),
		cmocka_unit_test(sessions),
		cmocka_unit_test(parent),
		cmocka_unit_test(probe),
		cmocka_unit_test(proxies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
