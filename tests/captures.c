/* tests/captures.c - a group of tests, one a path. */
#include "tests/captures.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct span captures_scenario(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct span rest = span_text(slash ? slash + 1 : path);

	return span_split(&rest, '.');
}

static int run(const struct captures_tests *t, char **paths, size_t count, bool named)
{
	struct CMUnitTest *tests = calloc(count + 1, sizeof *tests);
	size_t taken = 0;
	int failed;

	assert_non_null(tests);
	for (size_t i = 0; i < count; i++)
		if (named || !t->takes || t->takes(paths[i]))
			tests[taken++] = (struct CMUnitTest){ paths[i], named ? t->named : t->each, NULL,
				                              NULL, paths[i] };
	failed = _cmocka_run_group_tests(t->group, tests, taken, NULL, NULL);
	free(tests);
	return failed;
}

int captures_run(int argc, char **argv, const struct captures_tests *tests)
{
	glob_t found = { 0 };
	int failed;

	if (argc > 1)
		return run(tests, argv + 1, (size_t)argc - 1, true);
	if (glob("pcaps/*.pcapng", 0, NULL, &found)) {
		printf("skipped: there are no captures in pcaps/\n");
		return 0;
	}
	failed = run(tests, found.gl_pathv, found.gl_pathc, false);
	globfree(&found);
	return failed;
}
