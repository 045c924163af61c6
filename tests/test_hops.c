/* tests/test_hops.c - from what each hop limit brought to where a port is stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "probes/hops.h"

/* One sign a hop limit: a digit is a router that said "time exceeded" (10.0.0.DIGIT; with ':' before the
 * line, 2001:db8::DIGIT), a letter the device of that number that rejects, '.' silence, 'O' open, 'R' reset;
 * the last goes on. */
static struct hops line(uint16_t port, const char *signs)
{
	struct hops h = { .port = port };
	bool v6 = signs[0] == ':';

	signs += v6;
	for (unsigned i = 0; i < HOPS_MAX; i++) {
		char sign = i < strlen(signs) ? signs[i] : signs[strlen(signs) - 1], text[ADDR_TEXT];
		struct dial_result r = { .outcome = DIAL_UNANSWERED };

		if (sign == 'O') {
			r.outcome = DIAL_OPEN;
		} else if (sign == 'R') {
			r.outcome = DIAL_REFUSED;
		} else if (sign != '.') {
			bool router = sign <= '9';

			r.outcome = DIAL_REJECTED;
			r.has_icmp = true;
			/* RFC 792: 11 time exceeded, 3 13 prohibited; RFC 4443: 3 and 1 1 */
			r.icmp_type = router ? (v6 ? 3 : 11) : v6 ? 1 : 3;
			r.icmp_code = router ? 0 : v6 ? 1 : 13;
			snprintf(text, sizeof text, v6 ? "2001:db8::%u" : "10.0.0.%u",
			         (unsigned)(router ? sign - '0' : sign - 'a' + 1));
			assert_true(addr_parse(span_text(text), &r.icmp_from));
		}
		hops_note(&h, i + 1, &r);
	}
	return h;
}

static void tells_where(void **unused)
{
	static const struct {
		const char *blocked, *open;     /* NULL: none is known */
		const char *text;
		bool arrives;
	} rows[] = {
		{ "123.", "1234O",
		  "8530 dies after hop 3 (10.0.0.3), 80 passes to the server at hop 5", false },
		{ "123.", NULL, "8530 dies after hop 3 (10.0.0.3)", false },
		{ "1.3.", NULL, "8530 dies after hop 3 (10.0.0.3)", false },    /* one that says nothing */
		{ ".", "...O",
		  "8530 dies and no device on the way tells where, 80 passes to the server at hop 4", false },
		{ ".", NULL, "8530 dies and no device on the way tells where", false },
		/* a router that rejects what it would forward: it rejects from one limit more on */
		{ "12b", "123O",
		  "8530 is rejected at hop 2 by 10.0.0.2: communication administratively prohibited, "
		  "80 passes to the server at hop 4", false },
		/* another than the last router */
		{ "12e", NULL,
		  "8530 is rejected at hop 3 by 10.0.0.5: communication administratively prohibited", false },
		{ "12R", "1234O", "8530 is refused at hop 3, 80 passes to the server at hop 5: a device "
		  "between them refuses", false },
		{ "1234R", "1234O", "8530 is refused at hop 5, 80 passes to the server at hop 5", true },
		{ "12R", NULL, "8530 is refused at hop 3", false },
		{ "1O", "1O", "8530 passes to the server at hop 2, 80 passes to the server at hop 2", true },
		{ ":12.", NULL, "8530 dies after hop 2 (2001:db8::2)", false },
		{ ":12b", NULL, "8530 is rejected at hop 2 by 2001:db8::2: communication "
		  "administratively prohibited", false },
		{ "123456789.", NULL, "8530 dies after hop 9 (10.0.0.9)", false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hops blocked = line(8530, rows[i].blocked), open = { 0 };
		char text[CHECK_DETAIL_MAX];

		if (rows[i].open)
			open = line(80, rows[i].open);
		hops_text(&blocked, rows[i].open ? &open : NULL, text);
		assert_string_equal(text, rows[i].text);
		assert_int_equal(hops_arrive(&blocked, rows[i].open ? &open : NULL), rows[i].arrives);
	}
}

static void limits_beyond_are_nobodys(void **unused)
{
	struct dial_result r = { .outcome = DIAL_OPEN };
	struct hops h = line(80, ".");

	(void)unused;
	hops_note(&h, 0, &r);
	hops_note(&h, HOPS_MAX + 1, &r);
	assert_false(hops_arrive(&h, NULL));
	hops_note(&h, HOPS_MAX, &r);
	assert_true(hops_arrive(&h, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_where),
		cmocka_unit_test(limits_beyond_are_nobodys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
