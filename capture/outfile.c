/* capture/outfile.c - write(2), and what is left when it fails. */
#include "capture/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	GATHER = 256 * 1024,            /* handed over from here on, ... */
	GATHER_PIPE = 16 * 1024,        /* ... to a pipe, which takes only some of it each time */
	PIPE_ROOM = 1 << 20,
	GATHER_MAX = 64 << 20,          /* one block at most, with its options, beside what waits */
	WAITING_MAX = 16 << 20,         /* for a reader that has stopped */
	PAGE = 4096,
	STEP_MS = 10,                   /* of waiting for a reader at the end, ... */
	STEPS = 500,                    /* ... so many times */
};

bool outfile_begin(struct outfile *o, int fd, const char *path, size_t (*length)(const uint8_t *at),
                   struct fault *f)
{
	struct stat about = { 0 };

	*o = (struct outfile){ .fd = fd, .length = length, .path = strdup(path) };
	buf_init(&o->out, GATHER_MAX);
	if (!fstat(fd, &about)) {
		o->regular = S_ISREG(about.st_mode);
		o->patient = S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode);
	}
	if (o->regular)
		o->began = (uint64_t)(fcntl(fd, F_GETFL) & O_APPEND ? about.st_size
								    : lseek(fd, 0, SEEK_CUR));
	if (o->patient)
		fcntl(fd, F_SETPIPE_SZ, PIPE_ROOM);     /* or what it has */
	if (o->path)
		return true;
	outfile_release(o);
	return fault_set(f, FAULT_MEMORY, "%s: no memory to write it", path);
}

struct span outfile_waiting(const struct outfile *o)
{
	return span_skip(buf_span(&o->out), o->gone);
}

/* Bytes of whole pieces at the front of what was handed over. */
static size_t whole(const struct outfile *o)
{
	size_t len = o->head;

	if (len > o->gone)
		return 0;
	while (len < o->gone) {
		size_t piece = o->length(o->out.at + len);

		if (piece > o->gone - len)
			break;
		len += piece;
	}
	return len;
}

struct span outfile_lost(const struct outfile *o)
{
	size_t kept = whole(o);

	return span_skip(buf_span(&o->out), kept < o->head ? o->head : kept);
}

bool outfile_is_full(const struct outfile *o)
{
	return o->patient && outfile_waiting(o).len >= WAITING_MAX;
}

bool outfile_is_due(const struct outfile *o)
{
	size_t more = outfile_is_full(o) ? 0 : o->patient ? GATHER_PIPE : GATHER;

	return outfile_waiting(o).len >= o->tried + more;
}

/* ---- failures ---- */

/* X(errno, what to do about it) */
#define FAILURES(X)                                                                     \
	X(ENOSPC, "the disk is full; make room there")                                  \
	X(EDQUOT, "the quota is used up; make room there")                              \
	X(EFBIG,  "no file may be larger here (ulimit -f, or the file system)")         \
	X(EIO,    "the disk fails (dmesg tells how)")                                   \
	X(EPIPE,  "its reader is gone")

static const char *advice(int error)
{
#define X(number, text) { number, text },
	static const struct failure {
		int number;
		const char *text;
	} failures[] = { FAILURES(X) };
#undef X

	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
		if (failures[i].number == error)
			return failures[i].text;
	return NULL;
}

/* A file that is appended to has its offset behind what was written, as any other. */
static void cut_back(struct outfile *o)
{
	size_t keep = whole(o);
	off_t end = lseek(o->fd, -(off_t)(o->gone - keep), SEEK_CUR);

	if (keep == o->gone || end < 0 || ftruncate(o->fd, end) < 0)
		return;
	o->handed -= o->gone - keep;
	o->gone = keep;
}

static bool fail(struct outfile *o, int error, struct fault *f)
{
	const char *what = advice(error);

	if (o->regular)
		cut_back(o);
	o->broken = true;
	return fault_set(f, FAULT_OUTPUT, "%s: writing failed: %s%s%s", o->path, strerror(error),
			 what ? ": " : "", what ? what : "");
}

/* ---- writing ---- */

/* A pipe that is ready takes PIPE_BUF bytes without waiting (pipe(7)). */
static bool is_ready(const struct outfile *o, int wait_ms)
{
	struct pollfd at = { .fd = o->fd, .events = POLLOUT };

	return poll(&at, 1, wait_ms) > 0;
}

/* Whole pieces that were handed over leave the front, but not at every step: moving the rest costs. */
static void settle(struct outfile *o)
{
	size_t done;

	if (o->gone < o->out.len && o->gone < o->out.len / 2)
		return;
	done = o->gone == o->out.len ? o->gone : whole(o);
	if (done >= o->head)
		o->head = 0;
	buf_drop_front(&o->out, done);
	o->gone -= done;
}

/* Whole pieces up to the end of the page behind the one where it begins; at least one. */
static size_t portion(const struct outfile *o, struct span left)
{
	size_t into_page = (size_t)((o->began + o->handed) % PAGE);
	size_t most = into_page ? PAGE - into_page + PAGE : PAGE;
	size_t len = o->head > o->gone ? o->head - o->gone : 0;

	while (len < left.len) {
		size_t piece = o->length(left.at + len);

		if (len && len + piece > most)
			break;
		len += piece;
	}
	return len;
}

/* What one write(2) is given. */
static size_t share(const struct outfile *o, struct span left)
{
	if (o->patient)
		return left.len < PIPE_BUF ? left.len : PIPE_BUF;
	return o->regular ? portion(o, left) : left.len;
}

/* As much as goes; *wait is what remains of the steps to wait for a reader. */
static bool hand_over(struct outfile *o, unsigned *wait, struct fault *f)
{
	struct span left;
	size_t due = 0;                 /* of what a write was given, when it took only some */

	while ((left = outfile_waiting(o)).len) {
		ssize_t n;

		if (o->patient && !is_ready(o, 0)) {
			if (!*wait)
				break;
			--*wait;
			is_ready(o, STEP_MS);
			continue;
		}
		due = due ? due : share(o, left);
		n = write(o->fd, left.at, due);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0)
			return fail(o, errno, f);
		due -= (size_t)n;
		o->gone += (size_t)n;
		o->handed += (size_t)n;
	}
	settle(o);
	return true;
}

bool outfile_flush(struct outfile *o, struct fault *f)
{
	unsigned wait = 0;
	bool good = o->broken || hand_over(o, &wait, f);

	o->tried = outfile_waiting(o).len;
	return good;
}

bool outfile_restart(struct outfile *o)
{
	off_t begin = lseek(o->fd, -(off_t)o->handed, SEEK_CUR);

	if (!o->regular || outfile_waiting(o).len || begin < 0 || ftruncate(o->fd, begin) < 0)
		return false;
	o->handed = 0;
	return true;
}

bool outfile_close(struct outfile *o, struct fault *f)
{
	unsigned wait = STEPS;
	bool good = o->broken || hand_over(o, &wait, f);
	size_t left = outfile_waiting(o).len;

	if (good && !o->broken && left) {
		o->broken = true;
		good = fault_set(f, FAULT_OUTPUT, "%s: its reader has stopped reading; the last %zu bytes "
				 "were not written", o->path, left);
	}
	if (o->fd != STDOUT_FILENO && close(o->fd) < 0 && good && !o->broken)
		good = fail(o, errno, f);
	o->fd = -1;
	return good;
}

void outfile_release(struct outfile *o)
{
	if (o->fd >= 0 && o->fd != STDOUT_FILENO)
		close(o->fd);
	o->fd = -1;
	buf_release(&o->out);
	free(o->path);
	o->path = NULL;
}
