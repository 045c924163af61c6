/* tests/test_kept.c - what judges of TLS remember is bounded, and told when it is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "analyzers/kept.h"
#include "tests/sessions.h"
#include "tests/trial.h"

extern const struct analyzer analyzer_handshake;

enum { SERVERS = 5000 };

static void keeps_to_the_ceiling(void **unused)
{
	struct limits limits = { .count = { 0 } };
	struct map m;
	int *first;

	(void)unused;
	map_init(&m, 1);
	first = kept_value(&m, SPAN("one"), sizeof *first, &limits);
	assert_non_null(first);
	assert_ptr_equal(kept_value(&m, SPAN("one"), sizeof *first, &limits), first);
	assert_int_equal(limits.count[LIMIT_FINDING_CEILING], 0);
	assert_null(kept_value(&m, SPAN("another"), sizeof *first, &limits));
	assert_int_equal(limits.count[LIMIT_FINDING_CEILING], 1);
	map_release_values(&m);
}

static void asked(struct tls_session *s)
{
	session_talk(s, TLS_1_2);
	s->certificate_request_frame = 5;
}

static void stopped(struct tls_session *s)
{
	(void)s;
}

static void expired(struct tls_session *s)
{
	static struct certificate leaf;

	leaf = session_certificate();
	leaf.not_after = leaf.not_before;
	session_talk(s, TLS_1_2);
	s->certificates.list[0] = &leaf;
	s->certificates.count = 1;
}

static void inspected(struct tls_session *s)
{
	static struct certificate leaf;

	leaf = session_certificate();
	leaf.issuer_name = SPAN("Zscaler");
	session_talk(s, TLS_1_2);
	s->certificates.list[0] = &leaf;
	s->certificates.count = 1;
}

/* Peers alone overflow by 1000: SERVERS less what tlspeers.c keeps. */
static void counts_what_is_too_much(void **unused)
{
	static const struct {
		void (*change)(struct tls_session *s);
		uint64_t lost;                  /* at least: of peers, and of the judge's own */
	} kinds[] = {
		{ asked, 1000 + 4000 }, { stopped, 1000 + 1000 }, { expired, 1000 + 3000 },
		{ inspected, 1000 + 4000 },
	};

	(void)unused;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		struct trial t;

		trial_begin(&t, &analyzer_handshake, NULL);
		for (int i = 0; i < SERVERS; i++) {
			struct connection c = session_connection("192.0.2.51", 0);
			struct tls_session s = session_hello(&c);

			c.server.addr.bytes[14] = (uint8_t)(i >> 8);
			c.server.addr.bytes[15] = (uint8_t)i;
			kinds[k].change(&s);
			trial_tls(&t, &s);
		}
		assert_true(t.limits.count[LIMIT_FINDING_CEILING] >= kinds[k].lost);
		trial_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_to_the_ceiling),
		cmocka_unit_test(counts_what_is_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
