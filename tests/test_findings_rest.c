/* tests/test_findings_rest.c - more findings of a kind than are kept apart: sums that count all clients. */
#include "analyzers/findings_rest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "facts/connection.h"
#include "tests/raised.h"
#include "tests/trial.h"

/* A client of 10.x, of that number. */
static struct connection client_number(unsigned i)
{
	struct connection c = connection_at("10.0.0.0", "198.51.100.10:8530", 1);

	c.client.addr.bytes[13] = (uint8_t)(i >> 16);
	c.client.addr.bytes[14] = (uint8_t)(i >> 8);
	c.client.addr.bytes[15] = (uint8_t)i;
	return c;
}

struct crowd_told {                     /* of one kind and severity */
	uint64_t clients, failures, sums;
};

static struct crowd_told crowd_of(const struct findings *f, enum finding_kind kind, enum severity severity)
{
	struct crowd_told told = { 0 };

	for (size_t i = 0; i < findings_count(f); i++) {
		const struct finding *n = findings_at(f, i);

		if (n->kind != kind || n->severity != severity)
			continue;
		assert_true(n->has_client != (n->clients > 0));
		assert_true(n->has_server);
		assert_false(n->more_clients);
		told.clients += n->has_client + n->clients;
		told.failures += n->count;
		told.sums += n->clients > 0;
	}
	return told;
}

static void raise_crowd(struct findings *f, enum finding_kind kind, unsigned clients, unsigned times)
{
	for (unsigned k = 0; k < times; k++)
		for (unsigned i = 0; i < clients; i++) {
			struct connection c = client_number(i);
			struct raise r = raised_at(kind, &c, 10 + i / 1000 + k);

			r.cause = "All alike.";
			finding_raise(f, &r);
		}
}

/* Ten thousand clients, one story: most are a sum, which knows how many and how often. */
static void counts_clients_beyond_those_with_names(void **unused)
{
	struct limits limits;
	struct findings *f = raised_begin(&limits);
	struct crowd_told told;

	(void)unused;
	raise_crowd(f, FINDING_FORBIDDEN, 10000, 3);
	findings_settle(f, false);
	told = crowd_of(f, FINDING_FORBIDDEN, SEVERITY_ERROR);
	assert_int_equal(told.clients, 10000);
	assert_int_equal(told.failures, 30000);
	assert_int_equal(told.sums, 1);
	/* So nothing is lost. */
	assert_int_equal(limits.count[LIMIT_FINDING_CEILING], 0);
	/* It stands behind the first with a name, whose words it shares. */
	assert_true(findings_at(f, 0)->has_client);
	assert_string_equal(findings_at(f, 1)->cause, "All alike.");
	findings_free(f);
}

/* Who got through later, or has another reason, is no part of the sum. */
static void members_leave_a_sum(void **unused)
{
	struct limits limits;
	struct findings *f = raised_begin(&limits);
	struct crowd_told told;

	(void)unused;
	raise_crowd(f, FINDING_CONNECTION_REFUSED, 6000, 2);
	for (unsigned i = 0; i < 6000; i += 3) {
		struct connection c = client_number(i);

		finding_ease(f, FINDING_CONNECTION_REFUSED, &c.client.addr, &c.server);
	}
	/* After more of another kind than have names, 300 of those refused use a wrong port. */
	for (unsigned i = 100000; i < 103000; i++) {
		struct connection c = client_number(i);
		struct raise r = raised_at(FINDING_PORT_MISMATCH, &c, 1);

		finding_raise(f, &r);
	}
	for (unsigned i = 4001; i < 4901; i += 3) {
		struct connection c = client_number(i);
		struct raise r = raised_at(FINDING_PORT_MISMATCH, &c, 1);

		finding_raise(f, &r);
	}
	findings_settle(f, false);
	told = crowd_of(f, FINDING_CONNECTION_REFUSED, SEVERITY_ERROR);
	assert_int_equal(told.clients, 4000 - 300);
	assert_int_equal(told.failures, 2 * (4000 - 300));
	told = crowd_of(f, FINDING_CONNECTION_REFUSED, SEVERITY_WARNING);
	assert_int_equal(told.clients, 2000);
	assert_int_equal(told.failures, 4000);
	told = crowd_of(f, FINDING_PORT_MISMATCH, SEVERITY_ERROR);
	assert_int_equal(told.clients, 3300);
	findings_free(f);
}

/* Words that differ from client to client end in the catalogue's; of too many servers none is named. */
static void sums_are_few(void **unused)
{
	struct limits limits;
	struct findings *f = raised_begin(&limits);
	uint64_t clients = 0, failures = 0;
	size_t sums = 0;

	(void)unused;
	for (unsigned i = 0; i < 20000; i++) {
		struct connection c = client_number(i);
		struct raise r = raised_at(FINDING_FORBIDDEN, &c, 1);
		char cause[40];

		c.server.addr.bytes[15] = (uint8_t)(i / 200);
		snprintf(cause, sizeof cause, "Number %u.", i);
		r.cause = cause;
		finding_raise(f, &r);
	}
	findings_settle(f, false);
	for (size_t i = 0; i < findings_count(f); i++) {
		const struct finding *n = findings_at(f, i);

		clients += n->has_client + n->clients;
		failures += n->count;
		sums += n->clients > 0;
	}
	assert_int_equal(clients, 20000);
	assert_int_equal(failures, 20000);
	assert_in_range(sums, 1, 64);
	findings_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_clients_beyond_those_with_names),
		cmocka_unit_test(members_leave_a_sum),
		cmocka_unit_test(sums_are_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
