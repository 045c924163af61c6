/* tests/test_soappaths.c - rows are found by walking down their own paths, and by nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/span.h"
#include "decoders/soappaths.h"
#include "facts/wsusmethods.h"

enum { NAME_MAX_LEN = 128 };

/* Where the row's path leads, name by name. */
static const struct soappath *walk(const struct soaptree *tree, const char *path)
{
	const struct soappath *at = &tree->root;

	while (at) {
		size_t len = strcspn(path, "/@=");
		char name[NAME_MAX_LEN];

		assert_true(len < sizeof name);
		snprintf(name, sizeof name, "%.*s", (int)len, path);
		at = soappath_below(at, name);
		if (path[len] != '/')
			return at;
		path += len + 1;
	}
	return NULL;
}

static void every_row_is_where_its_path_leads(void **state)
{
	struct soappaths *paths = soappaths_new();
	unsigned found = 0;

	(void)state;
	assert_non_null(paths);
	for (unsigned method = 0; method < METHOD_COUNT; method++)
		for (unsigned side = CLIENT; side <= SERVER; side++) {
			const struct soaptree *tree = soappaths_tree(paths, side, method);

			for (unsigned i = 0; i < tree->count; i++, found++) {
				const struct soappath *at = walk(tree, tree->rows[i].path);

				assert_int_equal(tree->rows[i].method, method);
				assert_int_equal(tree->rows[i].side, side);
				assert_non_null(at);
				assert_true((at->texts | at->counts | at->attributes) >> i & 1);
			}
		}
	assert_true(found > WSUS_FIELD_COUNT);
	soappaths_free(paths);
}

static void other_names_lead_nowhere(void **state)
{
	struct soappaths *paths = soappaths_new();
	const struct soappath *root, *result;

	(void)state;
	assert_non_null(paths);
	root = &soappaths_tree(paths, SERVER, METHOD_GET_COOKIE)->root;
	assert_null(soappath_below(root, ""));
	assert_null(soappath_below(root, "GetCookieResul"));
	assert_null(soappath_below(root, "GetCookieResults"));
	assert_null(soappath_below(root, "getCookieResult"));
	result = soappath_below(root, "GetCookieResult");
	assert_non_null(result);
	assert_null(soappath_below(result, "GetCookieResult"));
	assert_non_null(soappath_below(result, "EncryptedData"));
	soappaths_free(paths);
}

static void marks_are_read(void **state)
{
	static const struct soaprow plain = { .path = "a/b" }, equal = { .path = "a/b=true" },
	                            attribute = { .path = "a/b@Name" };

	(void)state;
	assert_null(soaprow_after(&plain, '='));
	assert_string_equal(soaprow_after(&equal, '='), "true");
	assert_null(soaprow_after(&equal, '@'));
	assert_string_equal(soaprow_after(&attribute, '@'), "Name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_where_its_path_leads),
		cmocka_unit_test(other_names_lead_nowhere),
		cmocka_unit_test(marks_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
