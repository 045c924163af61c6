/* tests/test_place.c - is what a client dials the update point that it was told? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "analyzers/addrnames.h"
#include "analyzers/place.h"
#include "tests/trial.h"

static const struct row {
	const char *url, *host, *server;        /* server NULL: behind a proxy */
	enum place_match want;
} rows[] = {
	{ "http://sup01.corp.example:8530", "sup01.corp.example:8530", NULL, PLACE_SAME },
	{ "http://sup01.corp.example:8530", "sup01:8530", "198.51.100.99:8530", PLACE_SAME },
	{ "http://sup01.corp.example:8530", "sup01.corp.example", NULL, PLACE_OTHER_PORT },
	{ "http://sup01.corp.example", "sup01.corp.example", NULL, PLACE_SAME },
	{ "http://sup01.corp.example:8530", "sup02.corp.example:8530", NULL, PLACE_OTHER },
	/* lookups show: sup01 and alias are 198.51.100.10, other is 198.51.100.11 */
	{ "http://sup01.corp.example:8530", "alias.corp.example:8530", NULL, PLACE_SAME },
	{ "http://sup01.corp.example:8530", "alias.corp.example:8531", NULL, PLACE_OTHER_PORT },
	{ "http://sup01.corp.example:8530", "other.corp.example:8530", "198.51.100.11:8530", PLACE_OTHER },
	{ "http://sup01.corp.example:8530", "198.51.100.10:8530", "198.51.100.10:8530", PLACE_SAME },
	{ "http://sup01.corp.example:8530", "", "198.51.100.10:8530", PLACE_SAME },
	{ "http://sup01.corp.example:8530", "", "198.51.100.10:8531", PLACE_OTHER_PORT },
	{ "http://sup01.corp.example:8530", "", "198.51.100.11:8530", PLACE_OTHER },
	{ "http://sup03.corp.example:8530", "", "198.51.100.11:8530", PLACE_UNSURE },
	{ "http://198.51.100.10:8530", "alias.corp.example:8530", NULL, PLACE_SAME },
	{ "http://[2001:db8::1]:8530", "[2001:db8::1]:8530", "[2001:db8::1]:8530", PLACE_SAME },
	{ "http://[2001:db8::1]:8530", "", "[2001:db8::2]:8530", PLACE_OTHER },
};

static void resolve(struct addrnames *names, const char *name, const char *addr)
{
	struct lookup l = { .protocol = LOOKUP_DNS, .type = 1, .answered = true, .asked_seen = true,
		            .answer_count = 1, .client = addr_at("192.0.2.50"),
		            .server = endpoint_at("192.0.2.53:53"), .answer_time = MOMENT_S };

	snprintf(l.name, sizeof l.name, "%s", name);
	l.answers[0] = addr_at(addr);
	addrnames_fact(names, &(struct fact){ .kind = FACT_LOOKUP, .time = MOMENT_S, .lookup = &l });
}

static void compares_names_addresses_and_ports(void **unused)
{
	struct limits limits = { { 0 } };
	struct addrnames *names = addrnames_new(&limits, NULL);

	(void)unused;
	assert_non_null(names);
	resolve(names, "sup01.corp.example", "198.51.100.10");
	resolve(names, "alias.corp.example", "198.51.100.10");
	resolve(names, "other.corp.example", "198.51.100.11");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct endpoint server = r->server ? endpoint_at(r->server) : (struct endpoint){ .port = 0 };
		struct dialled d = { span_text(r->host), r->server ? &server : NULL };
		struct place p;

		assert_true(place_read(span_text(r->url), &p));
		if (place_match(&p, &d, names) != r->want)
			fail_msg("%s, dialled as %s at %s: %u", r->url, r->host, r->server ? r->server : "-",
			         place_match(&p, &d, names));
	}
	addrnames_free(names);
}

static void writes_places(void **unused)
{
	struct place p;
	char text[PLACE_TEXT];

	(void)unused;
	assert_true(place_read(SPAN("HTTPS://SUP01.Corp.Example/x"), &p));
	assert_string_equal(place_text(&p, text), "https://sup01.corp.example:443");
	assert_false(place_read(SPAN("sup01:8530"), &p));
	assert_false(place_read(SPAN("http://a.very.long.name.that.no.update.point.has.and.that.goes.on."
	                             "for.longer.than.is.kept.corp.example"), &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_names_addresses_and_ports),
		cmocka_unit_test(writes_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
