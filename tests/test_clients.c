/* tests/test_clients.c - --client as a file: what is read, and what a bad line is told by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/clients.h"

static const struct row {
	const char *name;
	struct span text;
	size_t count;
	const char *says;               /* NULL: it is good */
} rows[] = {
	{ "one a line", SPAN_LIT("192.0.2.50\n192.0.2.51\n2001:db8::50\n"), 3, NULL },
	{ "networks", SPAN_LIT("192.0.2.0/24\n2001:db8::/48\n"), 2, NULL },
	{ "no line end at the end", SPAN_LIT("192.0.2.50\n192.0.2.51"), 2, NULL },
	{ "as Windows ends lines", SPAN_LIT("192.0.2.50\r\n192.0.2.51\r\n"), 2, NULL },
	{ "remarks, blanks and empty lines", SPAN_LIT("# branch\n\n  192.0.2.50\t# reception\n   \n"
	  "#192.0.2.51"), 1, NULL },
	{ "empty", SPAN_LIT(""), 0, NULL },
	{ "UTF-8 with a mark", SPAN_LIT("\xef\xbb\xbf" "192.0.2.50\n"), 1, NULL },
	{ "UTF-16", SPAN_LIT("\xff\xfe:\0:\0001\0\n\0:\0:\0002\0"), 2, NULL },
	{ "UTF-16, the other way", SPAN_LIT("\xfe\xff\0:\0:\0001"), 1, NULL },
	{ "a name", SPAN_LIT("192.0.2.50\n# x\npc-0412 # who\n"), 0, ":3: \"pc-0412\" is neither" },
	{ "a network that is too long", SPAN_LIT("192.0.2.0/33"), 0, ":1: \"192.0.2.0/33\"" },
	{ "several", SPAN_LIT("a\n::1\nb\nc\n"), 0, ":1: \"a\" is neither an address nor a network such as "
	  "192.0.2.0/24; also lines 3, 4" },
	{ "very many", SPAN_LIT("a\nb\nc\nd\ne\nf\ng\n"), 0, "also lines 2, 3, 4, 5 and 2 more" },
	{ "bytes that are no text", SPAN_LIT("\x01\xff\n"), 0, ":1: \"??\"" },
};

/* Writes a file for the options to name; the caller removes it. */
static void write_file(char path[static 160], struct span text)
{
	const char *base = getenv("TMPDIR");
	FILE *file;
	int fd;

	snprintf(path, 160, "%.120s/wsuscope-clients-XXXXXX", base ? base : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(text.at, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
}

static void reads_lists(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct options o = { .client_count = 1 };
		struct fault f = { .kind = FAULT_NONE };
		struct clients c;
		char path[160];
		bool good;

		write_file(path, r->text);
		o.clients[0] = path;
		assert_true(clients_plausible(path));
		good = clients_read(&c, &o, &f);
		if (good != !r->says || (good && c.count != r->count) ||
		    (!good && (f.kind != FAULT_INPUT || !strstr(f.text, path) || !strstr(f.text, r->says))))
			fail_msg("%s: %zu clients, \"%s\"", r->name, c.count, f.text);
		clients_release(&c);
		unlink(path);
	}
}

static void mixes_lists_and_addresses(void **unused)
{
	struct options o = { .clients = { "192.0.2.0/24", NULL, "::1" }, .client_count = 3 };
	struct fault f;
	struct clients c;
	char path[160];

	(void)unused;
	write_file(path, SPAN("192.0.2.50\n"));
	o.clients[1] = path;
	assert_true(clients_read(&c, &o, &f));
	assert_int_equal(c.count, 3);
	assert_int_equal(c.at[0].bits, 120);
	assert_int_equal(c.at[1].bits, 128);
	assert_int_equal(c.at[2].addr.bytes[15], 1);
	clients_release(&c);
	unlink(path);
}

static void has_a_ceiling(void **unused)
{
	struct options o = { .client_count = 1 };
	struct fault f;
	struct clients c;
	struct span line = SPAN("10.0.0.1\n");
	char path[160], *text = malloc((EXPECTED_MAX + 1) * line.len);

	(void)unused;
	assert_non_null(text);
	for (size_t i = 0; i <= EXPECTED_MAX; i++)
		memcpy(text + i * line.len, line.at, line.len);
	write_file(path, span_of(text, (EXPECTED_MAX + 1) * line.len));
	o.clients[0] = path;
	assert_false(clients_read(&c, &o, &f));
	assert_int_equal(c.count, EXPECTED_MAX);
	assert_non_null(strstr(f.text, "at most 100000"));
	clients_release(&c);
	unlink(path);
	assert_false(clients_plausible(path));
	assert_false(clients_read(&c, &o, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	clients_release(&c);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_lists),
		cmocka_unit_test(mixes_lists_and_addresses),
		cmocka_unit_test(has_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
