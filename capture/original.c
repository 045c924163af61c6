/* capture/original.c - reading at offsets of its own, and keeping what passes only once. */
#include "capture/original.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct reading {
	struct original *of;
	int fd;
	bool own;                       /* it was opened for this reading */
	uint64_t at;                    /* offset behind `begin` */
};

static const char *folder(void)
{
	const char *named = getenv("TMPDIR");

	return named && *named ? named : "/tmp";
}

/* A file that no one else can open and that goes with the process. */
static int open_nameless(void)
{
	char name[4096];
	int fd = open(folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	/* Not every file system has such files (open(2)). */
	if (fd >= 0 || snprintf(name, sizeof name, "%s/wsuscope-XXXXXX", folder()) >= (int)sizeof name)
		return fd;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static bool begin_keeping(struct original *o, struct fault *f)
{
	o->kept = open_nameless();
	return o->kept >= 0 ||
	       fault_set(f, FAULT_OUTPUT,
	                 "%s: it is to be read twice and cannot be kept in %s: %s; TMPDIR names another "
	                 "folder, or read it from a file", o->name, folder(), strerror(errno));
}

bool original_open(struct original *o, const char *name, bool stays, struct fault *f)
{
	struct stat about = { 0 };

	*o = (struct original){ .name = strcmp(name, "-") ? name : "standard input", .fd = -1, .kept = -1 };
	o->fd = bytes_descriptor(name, &o->size, f);
	if (o->fd < 0)
		return false;
	if (!fstat(o->fd, &about) && S_ISREG(about.st_mode)) {
		off_t now = lseek(o->fd, 0, SEEK_CUR);

		o->begin = now > 0 ? (uint64_t)now : 0;
		o->modified = about.st_mtim;
		if (stays || o->fd == STDIN_FILENO)
			return true;
		close(o->fd);
		o->fd = -1;
		return true;
	}
	if (begin_keeping(o, f))
		return true;
	original_close(o);
	return false;
}

void original_close(struct original *o)
{
	if (o->fd >= 0 && o->fd != STDIN_FILENO)
		close(o->fd);
	if (o->kept >= 0)
		close(o->kept);
	o->fd = o->kept = -1;
}

/* ---- a reading ---- */

/* All of it, or errno is kept: what is read now goes on all the same. */
static void keep(struct original *o, struct span bytes)
{
	while (bytes.len && !o->lost) {
		ssize_t n = write(o->kept, bytes.at, bytes.len);

		if (n < 0 && errno != EINTR)
			o->lost = errno;
		else if (n > 0)
			bytes = span_skip(bytes, (size_t)n);
	}
}

static ssize_t read_some(const struct reading *r, uint8_t *to, size_t room)
{
	const struct original *o = r->of;
	ssize_t n;

	if (o->again && room > o->length - r->at)
		room = (size_t)(o->length - r->at);
	do
		n = o->kept >= 0 && !o->again ? read(r->fd, to, room)
					      : pread(r->fd, to, room, (off_t)(o->begin + r->at));
	while (n < 0 && errno == EINTR);
	return n;
}

static bool reading_read(void *self, uint8_t *to, size_t room, size_t *got, struct fault *f)
{
	struct reading *r = self;
	struct original *o = r->of;
	ssize_t n = read_some(r, to, room);

	*got = n < 0 ? 0 : (size_t)n;
	if (n < 0)
		return fault_set(f, FAULT_CUT, "%s: reading failed: %s", o->name, strerror(errno));
	if (o->kept >= 0 && !o->again)
		keep(o, span_of(to, *got));
	r->at += *got;
	if (!o->again && r->at > o->length)
		o->length = r->at;
	return true;
}

static void reading_close(void *self)
{
	struct reading *r = self;

	if (r->own)
		close(r->fd);
	free(r);
}

bool original_bytes(struct original *o, struct bytes *b, uint64_t *size, struct fault *f)
{
	static const struct bytes_from from = { .read = reading_read, .close = reading_close };
	struct reading *r = malloc(sizeof *r);

	if (!r)
		return fault_set(f, FAULT_MEMORY, "%s: no memory to read it", o->name);
	*r = (struct reading){ .of = o, .fd = o->again && o->kept >= 0 ? o->kept : o->fd };
	*size = o->again ? o->length : o->size;
	if (r->fd < 0) {
		r->fd = bytes_descriptor(o->name, size, f);
		r->own = true;
	}
	if (r->fd < 0) {
		free(r);
		return false;
	}
	bytes_through(b, o->name, &from, r);
	return true;
}

bool original_again(struct original *o, struct fault *f)
{
	o->again = true;
	return !o->lost ||
	       fault_set(f, FAULT_OUTPUT,
	                 "%s: it could not be kept in %s to be read twice: %s; TMPDIR names another folder, "
	                 "or read it from a file", o->name, folder(), strerror(o->lost));
}

bool original_changed(const struct original *o)
{
	struct stat about;

	if (o->kept >= 0 || (o->fd >= 0 ? fstat(o->fd, &about) : stat(o->name, &about)))
		return o->kept < 0;
	return (uint64_t)about.st_size != o->size || about.st_mtim.tv_sec != o->modified.tv_sec ||
	       about.st_mtim.tv_nsec != o->modified.tv_nsec;
}
