/* tests/test_points.c - reports of two captures: what the wire put into words is harmless in each format. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <json-c/json_tokener.h>

#include "report/points.h"

enum { SHOWN = 16384 };

#define OVERRIDE "\xe2\x80\xae"         /* U+202E */

/* A Via header, a server name or an issuer may say anything. */
static const char hostile[] =
	"by \x1b[31mred\x1b[0m <script>x</script> @everybody " OVERRIDE "txt.exe \xff |a|b| `c`";

static const struct report_style style = { .width = 80 };

struct told {
	struct twopoint t;
	struct blind blind[2];
	struct troubles troubles;
	struct points_report report;
};

static struct told *told_new(void)
{
	struct told *d = calloc(1, sizeof *d);
	struct trouble *r;

	assert_non_null(d);
	point_init(&d->t.at[NEAR], 1 << 16);
	point_init(&d->t.at[FAR], 1 << 16);
	d->blind[NEAR] = (struct blind){ .name = "near\x1b]0;x\x07.pcapng", .dropped = 3 };
	d->blind[FAR] = (struct blind){ .name = "far.pcapng" };
	d->t.pairs = 1;
	d->t.clocks = (struct clocks){ .known = true, .offset = 3.25e9, .uncertainty = 1e6 };
	r = &d->troubles.list[d->troubles.count++];
	*r = (struct trouble){ .kind = TROUBLE_INTERCEPTED, .severity = SEVERITY_WARNING, .would_change = "",
		               .count = 2, .frames[NEAR] = { 7, 9 }, .frame_count[NEAR] = 2 };
	memcpy(r->text, hostile, sizeof hostile);
	d->report = (struct points_report){ &d->t, &d->troubles, d->blind };
	return d;
}

static void told_free(struct told *d)
{
	point_release(&d->t.at[NEAR]);
	point_release(&d->t.at[FAR]);
	free(d);
}

static void write_with(bool (*format)(FILE *, const struct points_report *, const struct report_style *),
                       char text[static SHOWN])
{
	struct told *d = told_new();
	FILE *out = tmpfile();
	size_t len;

	assert_non_null(out);
	assert_true(format(out, &d->report, &style));
	rewind(out);
	len = fread(text, 1, SHOWN - 1, out);
	text[len] = '\0';
	fclose(out);
	told_free(d);
}

static void assert_harmless(const char *text)
{
	assert_null(strchr(text, '\x1b'));
	assert_null(strchr(text, '\x07'));
	assert_null(strstr(text, OVERRIDE));
	assert_null(strstr(text, "\xff"));
}

static void test_text(void **state)
{
	char text[SHOWN];

	(void)state;
	write_with(points_text, text);
	assert_harmless(text);
	assert_non_null(strstr(text, "3.250 s ahead of"));
	assert_non_null(strstr(text, "3 packets dropped while capturing"));
	assert_non_null(strstr(text, "frames 7, 9"));
}

static void test_json(void **state)
{
	struct json_object *o, *list, *value;
	char text[SHOWN];

	(void)state;
	write_with(points_json, text);
	assert_harmless(text);
	o = json_tokener_parse(text);
	assert_non_null(o);
	assert_true(json_object_object_get_ex(o, "findings", &list));
	assert_int_equal(json_object_array_length(list), 1);
	assert_true(json_object_object_get_ex(json_object_array_get_idx(list, 0), "kind", &value));
	assert_string_equal(json_object_get_string(value), "intercepted-between");
	assert_true(json_object_object_get_ex(o, "clocks", &value));
	assert_true(json_object_object_get_ex(value, "offset_ms", &value));
	assert_true(json_object_get_double(value) > 3249 && json_object_get_double(value) < 3251);
	json_object_put(o);
}

/* What a tracker would take for markup or a name stands as code. */
static void test_markdown(void **state)
{
	char text[SHOWN];

	(void)state;
	write_with(points_markdown, text);
	assert_harmless(text);
	assert_null(strstr(text, " <script>"));
	assert_null(strstr(text, " @everybody"));
	assert_non_null(strstr(text, "`intercepted-between`"));
}

/* Clocks that are years apart leave some nanoseconds either way. */
static void test_nothing_has_no_sign(void **state)
{
	struct told *d = told_new();
	char text[POINTS_TEXT];

	(void)state;
	d->t.delays[0] = (struct delays){ 1, -64, -64, 3500000 };
	d->t.delays[1] = (struct delays){ 1, -2000000, 64, 64 };
	points_delays(&d->report, text);
	assert_null(strstr(text, "-0.000"));
	assert_non_null(strstr(text, "packets take 0.000 ms there and 0.000 ms back"));
	assert_non_null(strstr(text, "at most 3.5 ms"));
	assert_non_null(strstr(text, "at least -2.0 ms"));
	told_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_nothing_has_no_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
