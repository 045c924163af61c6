/* tests/test_aside.c - words on standard error wait until the screen is gone. */
#include "cli/aside.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* Standard error is a file meanwhile; what is in it at the end. */
struct caught {
	int real, file;
	char text[8192];
};

static void catch_begin(struct caught *c)
{
	char name[] = "/tmp/aside-XXXXXX";

	c->real = dup(STDERR_FILENO);
	c->file = mkstemp(name);
	assert_true(c->real >= 0 && c->file >= 0);
	unlink(name);
	dup2(c->file, STDERR_FILENO);
}

static void catch_end(struct caught *c)
{
	ssize_t len = pread(c->file, c->text, sizeof c->text - 1, 0);

	dup2(c->real, STDERR_FILENO);
	close(c->real);
	close(c->file);
	assert_true(len >= 0);
	c->text[len] = '\0';
}

static void lines_come_one_by_one_and_again_at_the_end(void **unused)
{
	struct caught c;
	struct aside a;

	(void)unused;
	catch_begin(&c);
	assert_true(aside_begin(&a));
	assert_null(aside_line(&a));
	fputs("one\ntwo\nth", stderr);
	assert_int_equal(lseek(c.file, 0, SEEK_END), 0);
	assert_string_equal(aside_line(&a), "one");
	assert_string_equal(aside_line(&a), "two");
	assert_null(aside_line(&a));
	fputs("ree\nfour", stderr);
	assert_string_equal(aside_line(&a), "three");
	aside_end(&a);
	aside_end(&a);
	fputs("five\n", stderr);
	catch_end(&c);
	assert_string_equal(c.text, "one\ntwo\nthree\nfour\nfive\n");
}

/* Nobody reads them, and nobody waits: what finds no room is lost, and the rest is counted. */
static void a_flood_of_words_stops_nothing(void **unused)
{
	struct caught c;
	struct aside a;
	char line[400];

	(void)unused;
	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\0';
	catch_begin(&c);
	assert_true(aside_begin(&a));
	for (int i = 0; i < 1000; i++)
		fprintf(stderr, "%d %s\n", i, i < 3 ? line : "short");
	while (aside_line(&a))
		;
	for (int i = 0; i < 300; i++) {
		fprintf(stderr, "more\n");
		aside_line(&a);
	}
	aside_end(&a);
	catch_end(&c);
	assert_int_equal(strcspn(c.text, "\n"), ASIDE_LINE - 1);
	assert_non_null(strstr(c.text, "\nwsuscope: and 1100 more lines\n"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_one_by_one_and_again_at_the_end),
		cmocka_unit_test(a_flood_of_words_stops_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
