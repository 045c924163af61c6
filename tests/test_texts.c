/* tests/test_texts.c - a copy holds no text of what it was copied from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analyzers/texts.h"
#include "base/arena.h"

enum { SCAN_TEXT_COUNT = 6, LADDER_TEXT_COUNT = 3, ROOM = 1 << 16 };

struct keeper {
	struct arena room;
	unsigned kept;
};

static const char *keep(void *self, const char *text)
{
	struct keeper *k = self;
	char marked[100];

	k->kept++;
	snprintf(marked, sizeof marked, "kept %s", text);
	return arena_text(&k->room, span_text(marked));
}

static void name_rungs(struct rung rungs[static RUNG_COUNT])
{
	for (int i = 0; i < RUNG_COUNT; i++)
		rungs[i] = (struct rung){ .detail = rung_text((enum rung_name)i), .frame = 1 + (uint64_t)i };
}

static void expect_rungs(const struct rung rungs[static RUNG_COUNT])
{
	for (int i = 0; i < RUNG_COUNT; i++) {
		assert_memory_equal(rungs[i].detail, "kept ", 5);
		assert_string_equal(rungs[i].detail + 5, rung_text((enum rung_name)i));
		assert_int_equal(rungs[i].frame, 1 + i);
	}
}

static void keeps_what_a_scan_says(void **unused)
{
	struct scan scan = { .host = "wsus", .name = "pc", .agent = "1507", .protocol = "1.20",
		             .server_protocol = "3.2", .caller = "CcmExec", .calls = 7 };
	struct keeper k = { 0 };

	(void)unused;
	arena_init(&k.room, ROOM);
	name_rungs(scan.rungs);
	scan_keep_texts(&scan, (struct texts_room){ keep, &k });
	assert_int_equal(k.kept, SCAN_TEXT_COUNT + RUNG_COUNT);
	assert_string_equal(scan.host, "kept wsus");
	assert_string_equal(scan.name, "kept pc");
	assert_string_equal(scan.agent, "kept 1507");
	assert_string_equal(scan.protocol, "kept 1.20");
	assert_string_equal(scan.server_protocol, "kept 3.2");
	assert_string_equal(scan.caller, "kept CcmExec");
	assert_int_equal(scan.calls, 7);
	expect_rungs(scan.rungs);
	arena_release(&k.room);
}

/* Its scans are copied by whoever keeps some of them. */
static void keeps_what_a_row_says(void **unused)
{
	static const struct scan scan = { .host = "wsus" };
	struct ladder row = { .name = "pc", .host = "wsus:8530", .verdict = "stopped", .scans = &scan };
	struct keeper k = { 0 };

	(void)unused;
	arena_init(&k.room, ROOM);
	name_rungs(row.rungs);
	ladder_keep_texts(&row, (struct texts_room){ keep, &k });
	assert_int_equal(k.kept, LADDER_TEXT_COUNT + RUNG_COUNT);
	assert_string_equal(row.name, "kept pc");
	assert_string_equal(row.host, "kept wsus:8530");
	assert_string_equal(row.verdict, "kept stopped");
	expect_rungs(row.rungs);
	assert_ptr_equal(row.scans, &scan);
	arena_release(&k.room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_a_scan_says),
		cmocka_unit_test(keeps_what_a_row_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
