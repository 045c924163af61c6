/* tests/test_again.c - every reading of a run's files has the same frames, however many files there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/again.h"
#include "tests/capture_file.h"

enum { FILES_MAX = 200 };

static char *reading(struct again *a)
{
	struct fault f = { .kind = FAULT_NONE };
	struct source *s = again_source(a, &f);
	char *told;

	if (!s)
		fail_msg("%s", f.text);
	told = source_told(s);
	source_close(s);
	return told;
}

static void each_reading_is_the_same(void **state)
{
	static const size_t counts[] = { 1, 3, FILES_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		const char *files[FILES_MAX];
		char *folder = folder_new(), *first;
		struct options o = { .files = files, .file_count = counts[i], .quiet = true };
		struct again a;
		struct fault f;

		for (size_t k = 0; k < counts[i]; k++) {
			struct capture_file c;
			char name[40];

			snprintf(name, sizeof name, "%zu.pcap", k);
			file_init(&c, k % 2);
			file_pcap(&c, 0xa1b23c4d, 1);
			for (uint32_t n = 0; n < 3; n++)
				file_record(&c, (uint32_t)(k + n * 100), n, SPAN("frame"), 5);
			files[k] = folder_write(folder, name, file_span(&c));
			file_release(&c);
		}
		assert_true(again_open(&a, &o, &f));
		assert_int_equal(again_reopens(&a), counts[i] == FILES_MAX);
		first = reading(&a);
		for (unsigned k = 0; k < 3; k++) {
			char *next = reading(&a);

			assert_string_equal(next, first);
			free(next);
		}
		again_close(&a);
		free(first);
		for (size_t k = 0; k < counts[i]; k++)
			free((char *)files[k]);
		folder_remove(folder);
	}
}

static void what_cannot_be_opened_is_told(void **state)
{
	const char *files[] = { "/nowhere/at/all.pcap" };
	struct options o = { .files = files, .file_count = 1 };
	struct again a;
	struct fault f;

	(void)state;
	assert_false(again_open(&a, &o, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, files[0]));
	again_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reading_is_the_same),
		cmocka_unit_test(what_cannot_be_opened_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
