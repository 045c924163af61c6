/* tests/test_kept.c - what may be done with a name that is kept, by the keeper's process and without. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/place.h"

/* ---- files ---- */

static void test_file_is_made_anew(void **state)
{
	char path[PATH_MAX];

	place_path(*state, "log.json", path);
	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k = place_keep(started, KEEPER_FILE, path, false);
		struct fault f;

		place_say(keeper_open(k, 0, NULL, &f), "first and long");
		place_holds(path, "first and long");
		place_say(keeper_open(k, 0, "", &f), "second");
		place_holds(path, "second");
		keeper_free(k);
	}
}

static void test_file_is_continued(void **state)
{
	char path[PATH_MAX];

	place_path(*state, "log", path);
	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k = place_keep(started, KEEPER_FILE, path, true);
		struct fault f;

		place_say(keeper_open(k, 0, NULL, &f), "one ");
		place_say(keeper_open(k, 0, NULL, &f), "two");
		place_holds(path, "one two");
		keeper_free(k);
	}
}

/* The user's own links go on leading where they lead. */
static void test_link_is_followed(void **state)
{
	char path[PATH_MAX], to[PATH_MAX], dir[PATH_MAX];

	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k;
		struct fault f = { 0 };

		assert_int_equal(mkdir(place_path(*state, "elsewhere", dir), 0700), 0);
		place_put(place_path(*state, "elsewhere/real", to), "old");
		assert_int_equal(symlink(to, place_path(*state, "link", path)), 0);
		k = place_keep(started, KEEPER_FILE, path, false);
		place_say(keeper_open(k, 0, NULL, &f), "new");
		place_holds(to, "new");
		keeper_free(k);
	}
}

static void test_pipe_without_reader(void **state)
{
	char path[PATH_MAX];

	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k;
		struct fault f = { 0 };
		int reader;

		assert_int_equal(mkfifo(place_path(*state, "pipe", path), 0600), 0);
		k = place_keep(started, KEEPER_FILE, path, false);
		assert_int_equal(keeper_open(k, 0, NULL, &f), -1);
		assert_non_null(strstr(f.text, "nobody reads"));
		reader = open(path, O_RDONLY | O_NONBLOCK);
		place_say(keeper_open(k, 0, NULL, &f), "heard");
		close(reader);
		keeper_free(k);
	}
}

static void test_input_is_read(void **state)
{
	char path[PATH_MAX], room[8];

	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k;
		struct fault f = { 0 };
		int fd;

		k = place_keep(started, KEEPER_INPUT, place_path(*state, "keys", path), false);
		assert_int_equal(keeper_open(k, 0, NULL, &f), -1);
		assert_int_equal(f.kind, FAULT_INPUT);
		place_put(path, "later");
		fd = keeper_open(k, 0, NULL, &f);
		assert_int_equal(read(fd, room, sizeof room), 5);
		assert_int_equal(write(fd, "x", 1), -1);
		close(fd);
		keeper_free(k);
	}
}

/* ---- series ---- */

static void test_series(void **state)
{
	char path[PATH_MAX], made[PATH_MAX];

	place_path(*state, "cap.ture.pcapng", path);
	place_path(*state, "cap.ture_00001_20261123.pcapng", made);
	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k = place_keep(started, KEEPER_SERIES, path, false);
		struct fault f = { 0 };

		place_say(keeper_open(k, 0, "_00001_20261123", &f), "packets");
		place_holds(made, "packets");
		assert_true(keeper_remove(k, 0, "_00001_20261123", &f));
		assert_int_equal(access(made, F_OK), -1);
		/* It is no longer ours to remove. */
		assert_false(keeper_remove(k, 0, "_00001_20261123", &f));
		/* A single file is made anew, as any. */
		place_put(path, "old");
		place_say(keeper_open(k, 0, "", &f), "new");
		place_holds(path, "new");
		keeper_free(k);
	}
}

static void test_series_removed_by_others(void **state)
{
	char path[PATH_MAX], made[PATH_MAX];

	place_path(*state, "c", path);
	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k = place_keep(started, KEEPER_SERIES, path, false);
		struct fault f;

		place_say(keeper_open(k, 0, "_1", &f), "x");
		unlink(place_path(*state, "c_1", made));
		assert_true(keeper_remove(k, 0, "_1", &f));
		keeper_free(k);
	}
}

/* What is there already is another run's, or laid there by somebody. */
static void test_series_is_not_tricked(void **state)
{
	char path[PATH_MAX], made[PATH_MAX], target[PATH_MAX];

	place_path(*state, "c.pcapng", path);
	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k = place_keep(started, KEEPER_SERIES, path, false);
		struct fault f = { 0 };

		place_put(place_path(*state, "c_1.pcapng", made), "evidence");
		assert_int_equal(keeper_open(k, 0, "_1", &f), -1);
		assert_int_equal(f.kind, FAULT_OUTPUT);
		assert_non_null(strstr(f.text, made));
		assert_non_null(strstr(f.text, "exists already"));
		place_holds(made, "evidence");
		assert_false(keeper_remove(k, 0, "_1", &f));
		place_holds(made, "evidence");

		place_put(place_path(*state, "target", target), "precious");
		assert_int_equal(symlink(target, place_path(*state, "c_2.pcapng", made)), 0);
		assert_int_equal(keeper_open(k, 0, "_2", &f), -1);
		place_holds(target, "precious");
		keeper_free(k);
	}
}

static void test_parts_are_checked(void **state)
{
	static const char *const bad[] = {
		"/../../etc/x", ".", "..", "a b", "_1.pcapng", "\n", "\xc3\xa4", "*",
		"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg",
	};
	char path[PATH_MAX];

	place_path(*state, "c", path);
	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k = place_keep(started, KEEPER_SERIES, path, false);
		struct fault f = { 0 };

		for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
			assert_int_equal(keeper_open(k, 0, bad[i], &f), -1);
			assert_false(keeper_remove(k, 0, bad[i], &f));
		}
		assert_false(keeper_remove(k, 0, "", &f));
		assert_false(keeper_replace(k, 0, &f));
		assert_int_equal(keeper_open_next(k, 0, &f), -1);
		for (int number = -2; number < 1000; number += 101)
			if (number)
				assert_int_equal(keeper_open(k, number, "_1", &f), -1);
		keeper_free(k);
	}
}

/* A ring that goes round often. */
static void test_long_series(void **state)
{
	enum { FILES = 300, KEPT = 7 };
	char path[PATH_MAX], part[32];

	place_path(*state, "c.pcap", path);
	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k = place_keep(started, KEEPER_SERIES, path, false);
		struct fault f;

		for (int i = 0; i < FILES; i++) {
			snprintf(part, sizeof part, "_%05d", i);
			place_say(keeper_open(k, 0, part, &f), "x");
			snprintf(part, sizeof part, "_%05d", i - KEPT);
			assert_true(i < KEPT || keeper_remove(k, 0, part, &f));
		}
		for (int i = FILES - KEPT; i < FILES; i++) {
			snprintf(part, sizeof part, "_%05d", i);
			assert_true(keeper_remove(k, 0, part, &f));
		}
		assert_int_equal(rmdir(((const struct place *)*state)->dir), 0);
		assert_int_equal(mkdir(((const struct place *)*state)->dir, 0700), 0);
		keeper_free(k);
	}
}

/* ---- replacing ---- */

static void test_replace(void **state)
{
	char path[PATH_MAX], next[PATH_MAX], target[PATH_MAX];

	place_path(*state, "metrics.prom", path);
	place_path(*state, "metrics.new.prom", next);
	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k = place_keep(started, KEEPER_FILE, path, false);
		struct fault f = { 0 };
		int fd;

		place_put(path, "old");
		/* A link laid at the next one's name leads nowhere. */
		place_put(place_path(*state, "target", target), "precious");
		assert_int_equal(symlink(target, place_path(*state, "metrics.prom.new", next)), 0);
		fd = keeper_open_next(k, 0, &f);
		place_holds(path, "old");
		place_say(fd, "whole");
		assert_true(keeper_replace(k, 0, &f));
		place_holds(path, "whole");
		place_holds(target, "precious");
		assert_int_equal(access(next, F_OK), -1);
		assert_false(keeper_replace(k, 0, &f));
		keeper_free(k);
	}
}

/* ---- sockets ---- */

static int listen_at(const char *path, int type)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	memcpy(at.sun_path, path, strlen(path) + 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void test_socket(void **state)
{
	static const int types[] = { SOCK_DGRAM, SOCK_STREAM };
	char path[PATH_MAX], room[8];

	place_path(*state, "log", path);
	for (size_t i = 0; i < 2; i++) {
		for (int started = 0; started < 2; place_clean(*state), started++) {
			struct keeper *k = place_keep(started, KEEPER_SOCKET, path, false);
			struct fault f = { 0 };
			int listener, from;

			assert_int_equal(keeper_open(k, 0, NULL, &f), -1);
			assert_non_null(strstr(f.text, "cannot be connected to"));
			listener = listen_at(path, types[i]);
			place_say(keeper_open(k, 0, NULL, &f), "hello");
			from = types[i] == SOCK_STREAM ? accept(listener, NULL, NULL) : dup(listener);
			assert_int_equal(read(from, room, sizeof room), 5);
			close(from);
			close(listener);
			keeper_free(k);
		}
	}
}

/* New files that are named by their part alone; there is none without. */
static void test_folder(void **state)
{
	char path[PATH_MAX], made[PATH_MAX];

	place_path(*state, ".pcapng", path);
	place_path(*state, "001-kind.pcapng", made);
	for (int started = 0; started < 2; place_clean(*state), started++) {
		struct keeper *k = place_keep(started, KEEPER_FOLDER, path, false);
		struct fault f = { 0 };

		place_say(keeper_open(k, 0, "001-kind", &f), "packets");
		place_holds(made, "packets");
		assert_int_equal(keeper_open(k, 0, "001-kind", &f), -1);
		assert_non_null(strstr(f.text, "001-kind.pcapng"));
		assert_int_equal(keeper_open(k, 0, "", &f), -1);
		assert_int_equal(keeper_open(k, 0, "../001", &f), -1);
		keeper_free(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_is_made_anew),
		cmocka_unit_test(test_file_is_continued),
		cmocka_unit_test(test_link_is_followed),
		cmocka_unit_test(test_pipe_without_reader),
		cmocka_unit_test(test_input_is_read),
		cmocka_unit_test(test_series),
		cmocka_unit_test(test_series_removed_by_others),
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_series_is_not_tricked),
		cmocka_unit_test(test_parts_are_checked),
		cmocka_unit_test(test_long_series),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_socket),
	};

	return cmocka_run_group_tests(tests, place_make, place_remove);
}
