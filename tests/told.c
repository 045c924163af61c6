/* tests/told.c - paths through JSON values. */
#include "tests/told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <json-c/json.h>

struct json_object *told_at(struct json_object *doc, const char *path)
{
	struct span left = span_text(path);

	while (left.len) {
		struct span step = span_split(&left, '.');
		char name[40];
		uint64_t index;

		snprintf(name, sizeof name, "%.*s", (int)step.len, (const char *)step.at);
		if (json_object_is_type(doc, json_type_array) && span_decimal(step, &index)) {
			doc = json_object_array_get_idx(doc, (size_t)index);
		} else if (!json_object_object_get_ex(doc, name, &doc)) {
			fail_msg("%s is missing", path);
		}
	}
	return doc;
}

void assert_told(struct json_object *doc, const char *const (*wanted)[2], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct json_object *value = told_at(doc, wanted[i][0]);
		const char *text = value ? json_object_get_string(value) : "null";

		if (strcmp(text, wanted[i][1]) != 0)
			fail_msg("%s is %s, not %s", wanted[i][0], text, wanted[i][1]);
	}
}

struct json_object *told_line(const struct fact *f, const struct finding *n, bool reveal)
{
	struct report_style style = { .width = 80, .reveal = reveal };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct events *e = events_new(out, &style);
	struct json_object *line;

	assert_non_null(e);
	if (f)
		events_fact(e, f);
	else
		events_finding(e, n);
	events_free(e);
	fclose(out);
	assert_true(size > 1 && text[size - 1] == '\n');
	assert_null(memchr(text, '\n', size - 1));
	line = json_tokener_parse(text);
	assert_non_null(line);
	free(text);
	return line;
}
