/* tests/test_contenthash.c - SHA-1 of files in one answer and in ranges.
 *
 * The file is "abc": FIPS 180-2, appendix A.1, has its SHA-1.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "decoders/contenthash.h"
#include "facts/limits.h"
#include "tests/exchanges.h"

#define ABC  "A9993E364706816ABA3E25717850C26C9CD0D89D"
#define PATH "/Content/9D/" ABC ".cab"
#define PC   "192.0.2.50 > 198.51.100.1:8530 "
#define HIT  PC "GET " PATH " | Host: w => "
#define ALL3 HIT "200 OK | Content-Length: 3"
#define OTHER "192.0.2.51 > 198.51.100.1:8530 GET " PATH " | Host: w => "
#define PART(range) HIT "206 Partial Content | Content-Range: bytes " range " | Content-Length: "
#define TOLD PC "CALL GetExtendedUpdateInfo | Host: w => 200 OK | file size=3 sha1=" ABC

enum { ARENA_MAX = 1 << 18, STEPS = 6 };

static const struct row {
	const char *name;
	bool all;                       /* as --all, and nothing announced */
	bool truncated;
	struct step {
		const char *line, *body;        /* NULL: no more steps */
		enum { WHOLE, CUT, LOST } how;
	} steps[STEPS];
	const char *want;               /* of each step: '-' not wanted, '.' unknown, '=' equal, '!' other */
} rows[] = {
	{ "in one answer", false, false, { { ALL3, "abc", WHOLE } }, "=" },
	{ "without a length", false, false, { { HIT "200 OK", "abc", WHOLE } }, "=" },
	{ "another file", false, false, { { ALL3, "abd", WHOLE } }, "!" },
	{ "in ranges", false, false,
	  { { PART("0-0/3") "1", "a", WHOLE }, { PART("1-2/3") "2", "bc", WHOLE } }, ".=" },
	{ "ranges of another file", false, false,
	  { { PART("0-0/3") "1", "a", WHOLE }, { PART("1-2/3") "2", "bb", WHOLE } }, ".!" },
	{ "out of order", false, false,
	  { { PART("1-2/3") "2", "bc", WHOLE }, { PART("0-0/3") "1", "a", WHOLE },
	    { PART("2-2/3") "1", "c", WHOLE } }, "-.-" },
	{ "cut, and gone on with", false, false,
	  { { ALL3, "ab", CUT }, { PART("2-2/3") "1", "c", WHOLE } }, ".=" },
	{ "bytes are missing from the capture", false, false,
	  { { ALL3, "ab", LOST }, { PART("2-2/3") "1", "c", WHOLE } }, ".-" },
	{ "begun anew", false, false,
	  { { PART("0-1/3") "2", "xx", WHOLE }, { PART("0-1/3") "2", "ab", WHOLE },
	    { PART("2-2/3") "1", "c", WHOLE } }, "..=" },
	{ "twice", false, false,
	  { { ALL3, "abc", WHOLE }, { ALL3, "abd", WHOLE } },
	  "=!" },
	{ "its size changes", false, false,
	  { { PART("0-0/3") "1", "a", WHOLE }, { PART("1-2/4") "2", "bc", WHOLE } }, ".-" },
	{ "each client has its own", false, false,
	  { { PART("0-0/3") "1", "x", WHOLE },
	    { OTHER "206 P | Content-Range: bytes 1-2/3", "bc", WHOLE } }, ".-" },
	{ "coded", false, false, { { HIT "200 OK | Content-Encoding: gzip", "abc", WHOLE } }, "-" },
	{ "refused", false, false, { { HIT "404 Not Found | Content-Length: 3", "abc", WHOLE } }, "-" },
	{ "no SHA-1 in its name", true, false,
	  { { PC "GET /Content/x.cab | Host: w => 200 OK", "abc", WHOLE } }, "-" },
	{ "nobody announced it, and all is judged", true, false,
	  { { ALL3, "abc", WHOLE } }, "=" },
	{ "frames are cut", false, true, { { ALL3, "abc", WHOLE } }, "-" },
};

static char take(struct contenthash *h, const struct exchange *x, const struct row *row, const struct step *s)
{
	static const char signs[] = { [BODY_DIGEST_UNKNOWN] = '.', [BODY_DIGEST_EQUAL] = '=',
		                      [BODY_DIGEST_OTHER] = '!' };
	struct hashed_file *f;

	if (!contenthash_wanted(h, x, row->all))
		return '-';
	f = contenthash_begin(h, x);
	assert_non_null(f);
	assert_false(contenthash_wanted(h, x, row->all) && contenthash_begin(h, x));
	for (const char *at = s->body; *at; at++)
		contenthash_piece(f, span_of(at, 1));
	if (s->how != LOST)
		return signs[contenthash_end(f, s->how == WHOLE)];
	contenthash_drop(f);
	return '.';
}

static void run(const struct row *row)
{
	struct limits limits = { { 0 } };
	struct contenthash *h = contenthash_new(&limits, NULL);
	char told[STEPS + 1] = "";
	struct arena arena;

	arena_init(&arena, ARENA_MAX);
	limits.count[LIMIT_TRUNCATED] = row->truncated;
	if (!row->all)
		contenthash_exchange(h, exchange_of(&arena, TOLD, 1, 0));
	for (size_t i = 0; i < STEPS && row->steps[i].line; i++)
		told[i] = take(h, exchange_of(&arena, row->steps[i].line, i + 2, 0), row, &row->steps[i]);
	if (strcmp(told, row->want) != 0)
		fail_msg("%s: \"%s\", wanted \"%s\"", row->name, told, row->want);
	arena_release(&arena);
	contenthash_free(h);
}

static void files_are_hashed_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		run(&rows[i]);
}

static void only_what_was_announced(void **state)
{
	struct limits limits = { { 0 } };
	struct contenthash *h = contenthash_new(&limits, NULL);
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_MAX);
	assert_false(contenthash_wanted(h, exchange_of(&arena, HIT "200 OK", 1, 0), false));
	assert_false(contenthash_wanted(NULL, exchange_of(&arena, HIT "200 OK", 1, 0), true));
	arena_release(&arena);
	contenthash_free(h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_hashed_in_order),
		cmocka_unit_test(only_what_was_announced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
