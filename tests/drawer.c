/* tests/drawer.c - files of recordings in a folder of their own. */
#include "tests/drawer.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/capture_file.h"

static void note(struct drawer *d, char what, const char *part)
{
	size_t len = strlen(d->calls);

	if (len + strlen(part) + 3 < sizeof d->calls)
		snprintf(d->calls + len, sizeof d->calls - len, "%c%s\n", what, part);
}

void drawer_path(const struct drawer *d, const char *part, char path[static DRAWER_PATH])
{
	snprintf(path, DRAWER_PATH, "%s/out%s.pcapng", d->folder, part);
}

static int open_file(void *self, const char *part, struct fault *f)
{
	struct drawer *d = self;
	int fd = -1;

	note(d, '+', part);
	drawer_path(d, part, d->last);
	errno = EMFILE;
	if (!d->fail_from || d->opened < d->fail_from)
		fd = open(d->last, O_WRONLY | O_CREAT | d->flags, 0600);
	d->opened++;
	if (fd < 0)
		fault_set(f, FAULT_OUTPUT, "%s: %s", d->last, strerror(errno));
	return fd;
}

static bool remove_file(void *self, const char *part, struct fault *f)
{
	struct drawer *d = self;
	char path[DRAWER_PATH];

	note(d, '-', part);
	drawer_path(d, part, path);
	if (strcmp(path, d->last))
		free(path_told(d->last, NULL));
	return !unlink(path) || fault_set(f, FAULT_OUTPUT, "%s: %s", path, strerror(errno));
}

struct recording_files drawer_files(struct drawer *d)
{
	return (struct recording_files){ d, open_file, remove_file };
}

void drawer_open(struct drawer *d)
{
	*d = (struct drawer){ .folder = folder_new(), .flags = O_TRUNC };
	d->path = (char *)folder_write(d->folder, "out.pcapng", SPAN(""));
}

void drawer_close(struct drawer *d)
{
	free(d->path);
	folder_remove(d->folder);
}

void drawer_begin(struct drawer *d, struct recording_limits each, struct recording_limits all)
{
	struct fault f;

	d->recording = recording_open(&(struct recording_options){
		.path = d->path, .each = each, .all = all, .now = DRAWER_START, .files = drawer_files(d),
	}, &f);
	assert_non_null(d->recording);
}

void drawer_end(struct drawer *d)
{
	struct fault f;

	assert_true(recording_close(d->recording, &f));
	d->recording = NULL;
}

struct frame drawer_frame(uint64_t number, int64_t time)
{
	return (struct frame){ .number = number, .time = time, .bytes = SPAN("some bytes"), .wire_len = 10,
	                       .link_type = 1 };
}

void drawer_put(struct drawer *d, size_t count, int64_t from, int64_t step)
{
	struct fault f;

	for (size_t i = 0; i < count; i++) {
		struct frame frame = drawer_frame(i + 1, from + (int64_t)i * step);

		assert_true(recording_frame(d->recording, &frame, SPAN(""), &f));
	}
}

char *drawer_told(const struct drawer *d, const char *part)
{
	char path[DRAWER_PATH];

	drawer_path(d, part, path);
	return path_told(path, NULL);
}

size_t drawer_frames(const struct drawer *d, const char *part)
{
	char *told = drawer_told(d, part);
	size_t count = 0;

	assert_null(strstr(told, "out"));       /* the file's name, in words about what is wrong with it */
	for (const char *at = told; *at; at++)
		count += *at == '\n';
	free(told);
	return count;
}

struct writer *drawer_writer(const char *path, enum writer_format format)
{
	struct fault f;
	const struct writer_section nothing = { .comments = { NULL } };
	struct writer *w = writer_begin(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600), path, format,
	                                &nothing, &f);

	assert_non_null(w);
	return w;
}

void drawer_limit(uint64_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes == RLIM_INFINITY ? limit.rlim_max : (rlim_t)bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}
