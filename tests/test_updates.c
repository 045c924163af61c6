/* tests/test_updates.c - what is remembered of updates and files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "analyzers/updates.h"
#include "tests/exchanges.h"

#define SERVER "192.0.2.50 > 198.51.100.1:8530 "
#define OTHER  "192.0.2.50 > 198.51.100.2:8530 "
#define ASK(server) server "CALL GetExtendedUpdateInfo => 200 OK "
#define SHA "747E85F5369F9ADB5E0C76BE072C10B9B705583E"
#define ID  "2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03"

static const uint8_t sha1[SHA1_BYTES] = { 0x74, 0x7E, 0x85, 0xF5, 0x36, 0x9F, 0x9A, 0xDB, 0x5E, 0x0C,
	                                  0x76, 0xBE, 0x07, 0x2C, 0x10, 0xB9, 0xB7, 0x05, 0x58, 0x3E };

enum { ARENA_MAX = 1 << 20, TOLD = 512, EDGE = 40000 };

static void tell(struct updates *u, const char *line)
{
	struct arena arena;
	struct fact fact = { .kind = FACT_EXCHANGE };
	struct span text;

	arena_init(&arena, ARENA_MAX);
	text = arena_copy(&arena, span_text(line));
	fact.exchange = exchange_of(&arena, arena_text(&arena, text), 7, MOMENT_S);
	assert_non_null(fact.exchange);
	updates_fact(u, &fact);
	arena_release(&arena);
}

/* Everything that is known, a line each. */
static void list(const struct updates *u, char told[static TOLD])
{
	size_t len = 0;

	told[0] = '\0';
	for (size_t i = 0; i < updates_count(u); i++) {
		const struct update_known *k = updates_at(u, i);

		len += (size_t)snprintf(told + len, TOLD - len, "%s|%s|%s|%u", k->title, k->kb, k->severity,
		                        k->file_count);
		for (const struct update_file *f = k->files; f; f = f->next)
			len += (size_t)snprintf(told + len, TOLD - len, " %s %lld", f->name,
			                        (long long)f->size);
		len += (size_t)snprintf(told + len, TOLD - len, "\n");
	}
}

static void learns_from_several_calls(void **state)
{
	static const struct {
		const char *name, *lines[4], *want;
	} rows[] = {
		{ "nothing is told", { ASK(SERVER) "\n" }, "" },
		{ "title, number and files in fragments of their own",
		  { ASK(SERVER) "| update revision_id=392 kb=9000001 severity=Critical | "
		    "update revision_id=392 title=\"Demo\" | "
		    "file revision_id=392 sha1=" SHA " name=a.cab size=12\n" },
		  "Demo|9000001|Critical|1 a.cab 12\n" },
		{ "the first title stays",
		  { ASK(SERVER) "| update revision_id=1 title=One\n",
		    ASK(SERVER) "| update revision_id=1 title=Two\n" },
		  "One|||0\n" },
		{ "a revision id is one server's",
		  { ASK(SERVER) "| update revision_id=1 title=One\n",
		    ASK(OTHER) "| update revision_id=1 title=Two\n" },
		  "One|||0\nTwo|||0\n" },
		{ "a file is one update's, and keeps its name",
		  { ASK(SERVER) "| update revision_id=1 title=One | "
		    "file revision_id=1 sha1=" SHA " name=a.cab\n",
		    ASK(SERVER) "| update revision_id=2 title=Two | "
		    "file revision_id=2 sha1=" SHA " size=3\n" },
		  "One|||1 a.cab 3\nTwo|||0\n" },
		{ "without a revision id nothing is joined",
		  { ASK(SERVER) "| update title=One | file sha1=" SHA " name=a.cab\n" }, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct updates *u = updates_new();
		char told[TOLD];

		assert_non_null(u);
		for (size_t k = 0; k < 4 && rows[i].lines[k]; k++)
			tell(u, rows[i].lines[k]);
		list(u, told);
		if (strcmp(told, rows[i].want))
			fail_msg("%s: told\n%s, want\n%s", rows[i].name, told, rows[i].want);
		updates_free(u);
	}
}

static void finds_by_id_and_by_digest(void **state)
{
	struct updates *u = updates_new();
	struct wsus_guid id;
	char text[UPDATE_FILE_TEXT];

	(void)state;
	assert_non_null(u);
	assert_true(wsus_guid_parse(SPAN(ID), &id));
	assert_null(updates_of(u, &id));
	assert_null(updates_file(u, sha1));
	tell(u, ASK(SERVER) "| update revision_id=1 id=" ID " revision=200 title=\"Demo (KB9000001)\" "
	     "kb=9000001 | file revision_id=1 sha1=" SHA " name=a.cab size=12\n");
	assert_int_equal(updates_of(u, &id)->revision, 200);
	assert_ptr_equal(updates_file(u, sha1)->update, updates_of(u, &id));
	assert_string_equal(update_file_text(updates_file(u, sha1), SPAN("/Content/3E/" SHA ".cab"), text),
	                    "a.cab of \"Demo (KB9000001)\"");
	assert_string_equal(update_file_text(NULL, SPAN("/Content/3E/b.cab"), text), "b.cab");
	updates_free(u);
}

static void names_updates(void **state)
{
	char text[UPDATE_TEXT];

	(void)state;
	assert_string_equal(update_text("", "", text), "");
	assert_string_equal(update_text("", "1", text), "KB1");
	assert_string_equal(update_text("Demo", "", text), "\"Demo\"");
	assert_string_equal(update_text("Demo", "1", text), "\"Demo\" (KB1)");
	assert_string_equal(update_text("Demo KB1", "1", text), "\"Demo KB1\"");
}

static void begins_anew_when_it_is_full(void **state)
{
	struct updates *u = updates_new();
	char line[120];

	(void)state;
	assert_non_null(u);
	for (unsigned i = 1; i <= EDGE; i++) {
		snprintf(line, sizeof line, ASK(SERVER) "| update revision_id=%u title=T%u\n", i, i);
		tell(u, line);
	}
	assert_true(updates_count(u) > 0 && updates_count(u) < EDGE / 2);
	snprintf(line, sizeof line, "T%u", EDGE);
	assert_string_equal(updates_at(u, updates_count(u) - 1)->title, line);
	updates_free(u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learns_from_several_calls),
		cmocka_unit_test(finds_by_id_and_by_digest),
		cmocka_unit_test(names_updates),
		cmocka_unit_test(begins_anew_when_it_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
