/* tests/test_wsuscall.c - the table of fields, values of a call, GUIDs, keys of attributes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "facts/wsuscall.h"
#include "facts/wsusmethods.h"

static const struct {
	const char *symbol, *path, *name;
	enum wsus_method method;
	enum side side;
} rows[] = {
#define FIELD(symbol, method, side, path, type, name) { #symbol, path, name, METHOD_##method, side },
#include "facts/wsusfields.def"
#undef FIELD
};

enum { ROWS = sizeof rows / sizeof *rows };

/* Outputs name values by method, side and name, so no two may be called alike; nor is one place told twice,
 * but for a list's number and its first. */
static void fields_are_told_apart(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROWS; i++)
		for (unsigned j = 0; j < i; j++) {
			if (rows[i].method != rows[j].method || rows[i].side != rows[j].side)
				continue;
			if (!strcmp(rows[i].name, rows[j].name))
				fail_msg("%s and %s are called %s", rows[i].symbol, rows[j].symbol,
				         rows[i].name);
			if (!strcmp(rows[i].path, rows[j].path) &&
			    wsus_field_type((enum wsus_field)i) == wsus_field_type((enum wsus_field)j))
				fail_msg("%s and %s are one", rows[i].symbol, rows[j].symbol);
		}
}

/* A method's rows, with those of its lists, are bits of one word. */
static void methods_have_few_rows(void **state)
{
	static const struct {
		enum wsus_method method;
		enum side side;
	} parts[] = {
#define PART(part, method, side, path) { METHOD_##method, side },
#include "decoders/soapparts.def"
#undef PART
	};

	(void)state;
	for (unsigned method = 0; method < METHOD_COUNT; method++) {
		unsigned count[2] = { 0 };

		for (size_t i = 0; i < ROWS; i++)
			count[rows[i].side] += rows[i].method == method;
		for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
			count[parts[i].side] += parts[i].method == method;
		assert_in_range(count[CLIENT], 0, 64);
		assert_in_range(count[SERVER], 0, 64);
	}
}

static void names_are_snake_case(void **state)
{
	(void)state;
	for (unsigned f = 0; f < WSUS_FIELD_COUNT; f++) {
		const char *name = wsus_field_name(f);

		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(name));
		assert_true(wsus_field_side(f) == rows[f].side);
	}
	assert_int_equal(wsus_field_type(FIELD_COOKIE_DATA), WSUS_SECRET);
	assert_int_equal(wsus_field_type(FIELD_REPORT_USER), WSUS_PRIVATE);
}

static void values_are_found(void **state)
{
	static const struct wsus_value values[] = {
		{ .field = FIELD_TRUNCATED, .number = 1 },
		{ .field = FIELD_CLIENT_NAME, .text = SPAN_LIT("pc-0042") },
	};
	const struct wsus_call call = { .values = values, .value_count = 2 };

	(void)state;
	assert_ptr_equal(wsus_value(&call, FIELD_CLIENT_NAME), &values[1]);
	assert_null(wsus_value(&call, FIELD_NEW_UPDATES));
	assert_null(wsus_value(NULL, FIELD_NEW_UPDATES));
	assert_int_equal(wsus_number(&call, FIELD_TRUNCATED, -1), 1);
	assert_int_equal(wsus_number(&call, FIELD_NEW_UPDATES, -1), -1);
	assert_int_equal(wsus_number(NULL, FIELD_NEW_UPDATES, 7), 7);
	assert_true(span_eq(wsus_text(&call, FIELD_CLIENT_NAME), SPAN("pc-0042")));
	assert_int_equal(wsus_text(&call, FIELD_CLIENT_ID).len, 0);
	assert_int_equal(wsus_text(NULL, FIELD_CLIENT_ID).len, 0);
}

static void attributes_have_keys(void **state)
{
	static const struct {
		const char *attributes, *key, *want;
	} cases[] = {
		{ "OSVersion=10.0.26200.1;UpdateServiceUrl=http://wsus01:8530;X=2", "UpdateServiceUrl",
		  "http://wsus01:8530" },
		{ "OSVersion=10.0.26200.1", "OSVersion", "10.0.26200.1" },
		{ "Interactive=0;SheddingAware=1;Id=OOBE ZDP;", "Id", "OOBE ZDP" },
		{ "Interactive=0;SheddingAware=1;Id=OOBE ZDP;", "interactive", "0" },
		{ "DL_OSVersion=1;OSVersion=2", "OSVersion", "2" },
		{ "UpdateServiceUrl=http://wsus01:8530/?a=b", "UpdateServiceUrl", "http://wsus01:8530/?a=b" },
		{ "Id=;OSVersion=2", "Id", "" },
		{ "Id;OSVersion=2", "Id", "" },
		{ " Id = x ; ", "Id", "x" },
		{ ";;=;=x;", "Id", "" },
		{ "", "Id", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_true(span_eq(wsus_attribute(span_text(cases[i].attributes), cases[i].key),
		                    span_text(cases[i].want)));
}

static void guids_are_read(void **state)
{
	static const char *const bad[] = {
		"", "2d8d3b20", "2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d0",
		"2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d033",
		"2d8d3b20x5e7f-4ca0-9b43-8f3e409c6d03", "2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d0g",
		"{2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03",
		"2d8d3b205e7f4ca09b438f3e409c6d0300000",
	};
	static const uint8_t want[16] = {
		0x2d, 0x8d, 0x3b, 0x20, 0x5e, 0x7f, 0x4c, 0xa0, 0x9b, 0x43,
		0x8f, 0x3e, 0x40, 0x9c, 0x6d, 0x03,
	};
	struct wsus_guid id = { { 0 } };
	char text[37];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(wsus_guid_parse(span_text(bad[i]), &id));
		assert_true(wsus_guid_is_zero(&id));
	}
	assert_true(wsus_guid_parse(SPAN("2D8D3B20-5E7F-4CA0-9B43-8F3E409C6D03"), &id));
	assert_memory_equal(id.bytes, want, sizeof want);
	assert_false(wsus_guid_is_zero(&id));
	assert_string_equal(wsus_guid_text(&id, text), "2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03");
	assert_true(wsus_guid_parse(SPAN(" {00000000-0000-0000-0000-000000000000}\n"), &id));
	assert_true(wsus_guid_is_zero(&id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_told_apart),
		cmocka_unit_test(methods_have_few_rows),
		cmocka_unit_test(names_are_snake_case),
		cmocka_unit_test(values_are_found),
		cmocka_unit_test(attributes_have_keys),
		cmocka_unit_test(guids_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
