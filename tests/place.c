/* tests/place.c - making, filling and clearing it. */
#include "tests/place.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

const char *place_path(const struct place *p, const char *name, char path[static PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", p->dir, name);
	return path;
}

void place_put(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

void place_holds(const char *path, const char *text)
{
	char room[256] = "";
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	assert_int_equal(fread(room, 1, sizeof room - 1, in), strlen(text));
	fclose(in);
	assert_string_equal(room, text);
}

void place_say(int fd, const char *text)
{
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_false(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

struct keeper *place_keep(bool started, enum keeper_kind kind, const char *path, bool append)
{
	struct keeper *k = keeper_new();
	struct fault f = { 0 };

	assert_non_null(k);
	assert_int_equal(keeper_allow(k, kind, path, append), 0);
	if (started && !keeper_start(k, &f))
		fail_msg("%s", f.text);
	return k;
}

void place_clean(const struct place *p)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s/*", p->dir);
	assert_int_equal(system(command), 0);
}

int place_make(void **state)
{
	struct place *p = malloc(sizeof *p);

	*state = p;
	if (p)
		snprintf(p->dir, sizeof p->dir, "/tmp/wsuscope-keeper-XXXXXX");
	return p && mkdtemp(p->dir) ? 0 : -1;
}

int place_remove(void **state)
{
	struct place *p = *state;

	place_clean(p);
	rmdir(p->dir);
	free(p);
	return 0;
}
