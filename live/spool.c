/* live/spool.c - a ring of bytes between a stream and the thread that writes them. */
#include "live/spool.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum { GATHER = 64 * 1024, HANDED_AT_ONCE = 64 * 1024, STACK = 256 * 1024 };

/* Bytes are counted from the beginning of the spool: a place in the ring is the count by its size. */
struct spool {
	pthread_mutex_t lock;
	pthread_cond_t more, room;      /* for the thread; for whoever waits for it */
	pthread_t thread;
	FILE *stream;
	char *gather, *ring;            /* before and behind the stream */
	size_t size;
	uint64_t begin, whole, end;     /* what waits; lines are whole up to `whole` */
	int fd, next_fd;                /* -1: none */
	uint64_t next_from;             /* where the next file begins */
	uint64_t lost;
	int error;                      /* the first errno; 0 */
	bool broken;                    /* nobody will ever read */
	bool skips;                     /* what comes of a line that found no room */
	bool rest_lost;                 /* what waits still of a line that could not be written */
	size_t torn;                    /* bytes written of a line whose end is still to come */
	bool patient, started, closing, done;
	bool left;                      /* nobody waits for the thread: it frees the spool */
	int64_t deadline;               /* of patience, CLOCK_MONOTONIC's ns */
};

/* False: the time is over. */
static bool wait_until(struct spool *s, int64_t deadline)
{
	const struct timespec until = { deadline / MOMENT_S, deadline % MOMENT_S };

	return pthread_cond_timedwait(&s->room, &s->lock, &until) != ETIMEDOUT;
}

static uint64_t lines_in(const char *at, size_t len)
{
	uint64_t lines = 0;

	for (const char *end = at + len; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
		lines++;
	return lines;
}

static void drop_fd(int fd)
{
	if (fd >= 0 && fd != STDOUT_FILENO && fd != STDERR_FILENO)
		close(fd);
}

static void release(struct spool *s)
{
	drop_fd(s->fd);
	drop_fd(s->next_fd);
	pthread_cond_destroy(&s->more);
	pthread_cond_destroy(&s->room);
	pthread_mutex_destroy(&s->lock);
	free(s->gather);
	free(s->ring);
	free(s);
}

/* ---- the thread ---- */

/* Half a line at the end of a file would spoil the one that follows. */
static void cut_torn(int fd, size_t torn)
{
	struct stat st;

	if (torn && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size >= (off_t)torn &&
	    !ftruncate(fd, st.st_size - (off_t)torn))
		lseek(fd, 0, SEEK_END);
}

/* 0, or the errno with which it ended; *sent: bytes that were written. */
static int hand_on(int fd, const char *at, size_t len, size_t *sent)
{
	for (*sent = 0; *sent < len;) {
		ssize_t n = write(fd, at + *sent, len - *sent);

		if (n >= 0)
			*sent += (size_t)n;
		else if (errno == EAGAIN)
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
		else if (errno != EINTR)
			return errno;
	}
	return 0;
}

/* Whoever reads is gone for good; of a disk that is full nobody knows. */
static bool is_final(int error)
{
	return error != ENOSPC && error != EDQUOT && error != EFBIG;
}

static void switch_file(struct spool *s)
{
	if (s->next_fd < 0 || s->begin < s->next_from)
		return;
	drop_fd(s->fd);
	s->fd = s->next_fd;
	s->next_fd = -1;
	s->broken = false;
}

/* The next bytes that lie together and go to one file. */
static size_t next_piece(const struct spool *s)
{
	uint64_t until = s->next_fd >= 0 && s->next_from < s->whole ? s->next_from : s->whole;
	size_t len = (size_t)(until - s->begin), straight = s->size - (size_t)(s->begin % s->size);

	len = len < straight ? len : straight;
	return len < HANDED_AT_ONCE ? len : HANDED_AT_ONCE;
}

/* A line that could not be written is lost as a whole. */
static size_t skip_rest(struct spool *s, const char *at, size_t len)
{
	const char *end = memchr(at, '\n', len);

	s->lost += end != NULL;
	s->rest_lost = !end;
	return end ? (size_t)(end - at) + 1 : len;
}

static void account(struct spool *s, const char *at, size_t len, size_t sent, int error)
{
	const char *last = memrchr(at, '\n', sent);

	s->torn = last ? (size_t)(at + sent - last) - 1 : s->torn + sent;
	if (!error)
		return;
	cut_torn(s->fd, s->torn);
	s->torn = 0;
	s->error = s->error ? s->error : error;
	s->broken = is_final(error);
	s->lost += lines_in(at + sent, len - sent);
	s->rest_lost = at[len - 1] != '\n';
}

/* Writing, the lock is not held: the bytes from `begin` on are the thread's until it moves. */
static void hand_piece(struct spool *s, size_t len)
{
	const char *at = s->ring + s->begin % s->size;
	size_t sent = 0;
	int error, fd = s->fd;

	if (s->rest_lost) {
		len = skip_rest(s, at, len);
	} else if (s->broken) {
		s->lost += lines_in(at, len);
	} else {
		pthread_mutex_unlock(&s->lock);
		error = hand_on(fd, at, len, &sent);
		pthread_mutex_lock(&s->lock);
		account(s, at, len, sent, error);
	}
	s->begin += len;
}

/* With nothing to hand on, begins at the front again: of a ring that is never full most pages stay
 * untouched. */
static void rest(struct spool *s)
{
	if (s->begin == s->end && s->end % s->size)
		s->begin = s->whole = s->end += s->size - s->end % s->size;
	pthread_cond_wait(&s->more, &s->lock);
}

static void *write_on(void *self)
{
	struct spool *s = self;
	bool left;

	pthread_mutex_lock(&s->lock);
	while (!s->left) {
		switch_file(s);
		if (s->begin < s->whole) {
			hand_piece(s, next_piece(s));
			pthread_cond_broadcast(&s->room);
		} else if (s->closing) {
			break;
		} else {
			rest(s);
		}
	}
	s->done = true;
	left = s->left;
	pthread_cond_broadcast(&s->room);
	pthread_mutex_unlock(&s->lock);
	if (left)
		release(s);
	return NULL;
}

/* Signals are for the run; SIGPIPE and SIGXFSZ come as errors, as they are blocked where they arise. */
bool spool_start(struct spool *s)
{
	sigset_t all, before;
	pthread_attr_t small;

	if (s->started)
		return true;
	sigfillset(&all);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	s->started = !pthread_create(&s->thread, &small, write_on, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&small);
	return s->started;
}

/* ---- the stream ---- */

static void put(struct spool *s, const char *at, size_t len)
{
	size_t place = (size_t)(s->end % s->size), straight = s->size - place;
	size_t first = len < straight ? len : straight;

	memcpy(s->ring + place, at, first);
	memcpy(s->ring, at + first, len - first);
	s->end += len;
}

/* What has no room is lost to the line's end, and what there is of that line, too. */
static void lose_line(struct spool *s, bool ends)
{
	s->end = s->whole;
	s->skips = !ends;
	s->lost++;
}

/* At most a line; `ends`: with its end. */
static void take_piece(struct spool *s, const char *at, size_t len, bool ends)
{
	if (s->skips) {
		s->skips = !ends;
		return;
	}
	if (len > s->size - (size_t)(s->end - s->begin)) {
		lose_line(s, ends);
		return;
	}
	put(s, at, len);
	if (ends)
		s->whole = s->end;
}

static void take_lines(struct spool *s, const char *at, size_t len)
{
	while (len) {
		const char *end = memchr(at, '\n', len);
		size_t piece = end ? (size_t)(end - at) + 1 : len;

		take_piece(s, at, piece, end != NULL);
		at += piece;
		len -= piece;
	}
}

/* Lines need not be whole: the thread hands on what there is, so none is too long. */
static void take_patiently(struct spool *s, const char *at, size_t len)
{
	while (len) {
		size_t room = s->size - (size_t)(s->end - s->begin);
		size_t piece = len < room ? len : room;

		if (!room && !s->skips && s->started && wait_until(s, s->deadline))
			continue;
		if (!room || s->skips) {
			s->skips = true;
			s->lost += lines_in(at, len);
			return;
		}
		put(s, at, piece);
		s->whole = s->end;
		at += piece;
		len -= piece;
		pthread_cond_signal(&s->more);
	}
}

static ssize_t take_bytes(void *self, const char *at, size_t len)
{
	struct spool *s = self;

	pthread_mutex_lock(&s->lock);
	if (!spool_start(s) && !s->error)
		s->error = EAGAIN;
	if (s->patient)
		take_patiently(s, at, len);
	else
		take_lines(s, at, len);
	if (s->begin < s->whole)
		pthread_cond_signal(&s->more);
	pthread_mutex_unlock(&s->lock);
	return (ssize_t)len;
}

struct spool *spool_open(int fd, size_t ceiling)
{
	struct spool *s = calloc(1, sizeof *s);
	pthread_condattr_t monotonic_clock;

	if (!s)
		return NULL;
	s->size = ceiling ? ceiling : 1;
	s->gather = malloc(GATHER);
	s->ring = malloc(s->size);
	s->fd = s->next_fd = -1;
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&monotonic_clock);
	pthread_condattr_setclock(&monotonic_clock, CLOCK_MONOTONIC);
	pthread_cond_init(&s->more, NULL);
	pthread_cond_init(&s->room, &monotonic_clock);
	pthread_condattr_destroy(&monotonic_clock);
	s->stream = fopencookie(s, "w", (cookie_io_functions_t){ .write = take_bytes });
	if (!s->gather || !s->ring || !s->stream || setvbuf(s->stream, s->gather, _IOFBF, GATHER)) {
		if (s->stream)
			fclose(s->stream);
		release(s);
		return NULL;
	}
	s->fd = fd;
	return s;
}

FILE *spool_stream(struct spool *s)
{
	return s->stream;
}

void spool_reopen(struct spool *s, int fd)
{
	fflush(s->stream);
	pthread_mutex_lock(&s->lock);
	if (s->next_fd >= 0)
		drop_fd(s->next_fd);    /* nothing has been written there */
	else
		s->next_from = s->whole;
	s->next_fd = fd;
	pthread_cond_signal(&s->more);
	pthread_mutex_unlock(&s->lock);
}

void spool_patient(struct spool *s, int64_t patience)
{
	fflush(s->stream);
	pthread_mutex_lock(&s->lock);
	s->patient = true;
	s->deadline = clock_monotonic() + patience;
	s->whole = s->end;
	s->skips = false;
	pthread_mutex_unlock(&s->lock);
}

uint64_t spool_lost(struct spool *s)
{
	uint64_t lost;

	pthread_mutex_lock(&s->lock);
	lost = s->lost;
	pthread_mutex_unlock(&s->lock);
	return lost;
}

/* ---- the end ---- */

/* What waits still, in lines; the last may have no end. */
static uint64_t lines_waiting(const struct spool *s)
{
	uint64_t lines = 0;

	for (uint64_t at = s->begin; at < s->end;) {
		size_t place = (size_t)(at % s->size), straight = s->size - place;
		size_t len = (size_t)(s->end - at) < straight ? (size_t)(s->end - at) : straight;

		lines += lines_in(s->ring + place, len);
		at += len;
	}
	return lines + (s->end > s->begin && s->ring[(s->end - 1) % s->size] != '\n');
}

static bool tell(const struct spool *s, struct fault *f)
{
	if (s->error)
		return fault_set(f, FAULT_OUTPUT, "cannot be written: %s; %" PRIu64 " lines were lost",
		                 strerror(s->error), s->lost);
	if (s->left)
		return fault_set(f, FAULT_OUTPUT, "its reader takes nothing; %" PRIu64 " lines were lost",
		                 s->lost);
	return true;
}

/* A file system over a network may tell only now that there was no room. */
static void close_file(struct spool *s)
{
	if (s->fd >= 0 && s->fd != STDOUT_FILENO && s->fd != STDERR_FILENO && close(s->fd) && !s->error)
		s->error = errno;
	s->fd = -1;
}

bool spool_close(struct spool *s, int64_t patience, struct fault *f)
{
	int64_t deadline = clock_monotonic() + patience;
	bool good, left;

	if (!s)
		return true;
	fclose(s->stream);
	pthread_mutex_lock(&s->lock);
	s->whole = s->end;              /* a last line without an end is as good as it gets */
	s->closing = true;
	pthread_cond_signal(&s->more);
	while (s->started && !s->done && wait_until(s, deadline))
		;
	left = s->left = s->started && !s->done;
	if (left || !s->started)
		s->lost += lines_waiting(s);
	if (!left)
		close_file(s);
	good = tell(s, f);
	if (left)
		pthread_detach(s->thread);
	pthread_mutex_unlock(&s->lock);
	if (left)
		return good;
	if (s->started)
		pthread_join(s->thread, NULL);
	release(s);
	return good;
}
