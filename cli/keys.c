/* cli/keys.c - reads files of secrets, and tells those that hold none. */
#include "cli/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 512 * 1024, PRIVATE_MAX = 1 << 20, PASS_MAX = 1024 };

static bool cannot_read(const char *name, int fd, struct fault *f)
{
	fault_set(f, FAULT_INPUT, "%s: cannot be read: %s", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return false;
}

/* Up to `room` bytes, as many as there are; -1: errno says why. */
static ssize_t read_some(int fd, uint8_t *to, size_t room)
{
	size_t len = 0;

	while (len < room) {
		ssize_t got = read(fd, to + len, room - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

/* ---- key logs ---- */

/* What of a piece is whole lines; all of it where none ends. */
static size_t whole_lines(const uint8_t *piece, size_t len)
{
	const uint8_t *last = memrchr(piece, '\n', len);

	if (last)
		return (size_t)(last - piece) + 1;
	return len == PIECE ? len : 0;
}

/* From where the file was left to its end; to its last line's end if that is still being written: a piece
 * that is not full is the file's last.  False: errno says why. */
static bool take_log(struct tlskeys *store, int fd, bool growing)
{
	uint8_t *room = malloc(PIECE);
	size_t used = 0;
	ssize_t got = -1;

	while (room && (got = read_some(fd, room, PIECE)) > 0) {
		size_t len = (size_t)got, taken = growing ? whole_lines(room, len) : len;

		used = len > used ? len : used;
		tlskeys_log(store, span_of(room, taken));
		if (taken < len)
			lseek(fd, (off_t)taken - (off_t)len, SEEK_CUR);
		if (taken < len && len < PIECE)
			break;
	}
	tlskeys_log_end(store);
	if (room)
		explicit_bzero(room, used);
	free(room);
	return got >= 0;
}

static void warn_useless(const char *name, const struct tlskeys_counts *was,
                         const struct tlskeys_counts *is)
{
	if (is->lines_unread > was->lines_unread)
		fprintf(stderr,
		        "wsuscope: %s: is no key log: line %" PRIu64 " is not of the form LABEL RANDOM "
		        "SECRET (a private key is for --server-key)\n",
		        name, is->first_unread);
	else if (is->lines_other > was->lines_other)
		fprintf(stderr,
		        "wsuscope: %s: none of its %" PRIu64 " lines holds a secret that opens TLS\n", name,
		        is->log_lines);
	else
		fprintf(stderr, "wsuscope: %s: no secret is in it\n", name);
}

static void warn(const char *name, const struct tlskeys_counts *was, const struct tlskeys_counts *is)
{
	uint64_t unread = is->lines_unread - was->lines_unread, refused = is->refused - was->refused;

	if (is->lines_secret == was->lines_secret) {
		warn_useless(name, was, is);
		return;
	}
	if (unread)
		fprintf(stderr,
		        "wsuscope: %s: %" PRIu64 " of %" PRIu64 " lines are not of a key log's form, "
		        "line %" PRIu64 " first\n",
		        name, unread, is->log_lines, is->first_unread);
	if (refused)
		fprintf(stderr,
		        "wsuscope: %s: %" PRIu64 " secrets found no room; give more --memory\n", name,
		        refused);
}

static bool may_grow(int fd)
{
	struct stat about;

	return !fstat(fd, &about) && S_ISREG(about.st_mode);
}

/* What was appended; all of it when the file was begun again. */
static void take_more(struct tlskeys *store, struct keys_log *log)
{
	off_t at = lseek(log->fd, 0, SEEK_CUR);
	struct stat about;

	if (fstat(log->fd, &about) || (about.st_size == log->size && about.st_size >= at))
		return;
	if (about.st_size < log->size || about.st_size < at)
		lseek(log->fd, 0, SEEK_SET);
	log->size = about.st_size;
	take_log(store, log->fd, true);
}

/* Whether the name is another file's by now.  While it is nobody's, the old file stays. */
static bool is_replaced(const struct keys_log *log)
{
	struct stat named, open;

	return !stat(log->name, &named) && !fstat(log->fd, &open) &&
	       (named.st_ino != open.st_ino || named.st_dev != open.st_dev);
}

/* O_NONBLOCK: a pipe of that name, which is not followed, would wait for its writer. */
static void take_over(struct tlskeys *store, struct keys_log *log)
{
	int fd = open(log->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0 && may_grow(fd)) {
		take_log(store, log->fd, false);
		close(log->fd);
		*log = (struct keys_log){ log->name, fd, 0 };
	} else if (fd >= 0) {
		close(fd);
	}
}

/* Asked for by every secret that is not known, so a file that stays as it was costs little. */
static void look(void *self)
{
	struct keys *k = self;

	for (size_t i = 0; i < k->growing_count; i++) {
		if (is_replaced(&k->growing[i]))
			take_over(k->store, &k->growing[i]);
		take_more(k->store, &k->growing[i]);
	}
}

static bool open_log(struct keys *k, const char *name, bool follow, struct fault *f)
{
	struct tlskeys_counts was = tlskeys_counts(k->store), is;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	bool growing = fd >= 0 && follow && may_grow(fd);

	if (fd < 0 || !take_log(k->store, fd, growing))
		return cannot_read(name, fd, f);
	is = tlskeys_counts(k->store);
	/* A log that nobody has written to yet is not odd while it is followed. */
	if (!k->options->quiet && (!growing || is.log_lines))
		warn(name, &was, &is);
	if (growing)
		k->growing[k->growing_count++] = (struct keys_log){ name, fd, lseek(fd, 0, SEEK_CUR) };
	else
		close(fd);
	return true;
}

void keys_close(struct keys *k)
{
	if (k->growing_count) {
		look(k);
		tlskeys_follow(k->store, (struct tlskeys_growth){ 0 });
	}
	for (size_t i = 0; i < k->growing_count; i++) {
		take_log(k->store, k->growing[i].fd, false);
		close(k->growing[i].fd);
	}
	k->growing_count = 0;
}

/* ---- private keys ---- */

/* Up to `room` bytes of a small file. */
static bool read_small(const char *name, uint8_t *to, size_t room, size_t *len, struct fault *f)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read_some(fd, to, room);

	if (got < 0)
		return cannot_read(name, fd, f);
	close(fd);
	*len = (size_t)got;
	return true;
}

static bool open_private(struct keys *k, const char *name, const char *password, struct fault *f)
{
	uint8_t *room = malloc(PRIVATE_MAX);
	size_t len;
	bool good;

	if (!room)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	good = read_small(name, room, PRIVATE_MAX, &len, f) &&
	       tlskeys_private(k->store, name, span_of(room, len), password, f);
	explicit_bzero(room, PRIVATE_MAX);
	free(room);
	return good;
}

/* The first line of the file, NUL-terminated. */
static bool read_pass(const char *name, char pass[static PASS_MAX + 1], struct fault *f)
{
	size_t len;

	if (!read_small(name, (uint8_t *)pass, PASS_MAX, &len, f))
		return false;
	pass[len] = '\0';
	pass[strcspn(pass, "\r\n")] = '\0';
	return true;
}

static bool open_privates(struct keys *k, struct fault *f)
{
	const struct options *o = k->options;
	char pass[PASS_MAX + 1];
	bool good = !o->key_pass || read_pass(o->key_pass, pass, f);

	for (size_t i = 0; good && i < o->server_key_count; i++)
		good = open_private(k, o->server_keys[i], o->key_pass ? pass : NULL, f);
	explicit_bzero(pass, sizeof pass);
	return good;
}

bool keys_open(struct keys *k, const struct options *o, struct tlskeys *store, bool follow, struct fault *f)
{
	*k = (struct keys){ .options = o, .store = store };
	for (size_t i = 0; i < o->key_log_count; i++)
		if (!open_log(k, o->key_logs[i], follow, f))
			return false;
	if (k->growing_count)
		tlskeys_follow(store, (struct tlskeys_growth){ k, look });
	return open_privates(k, f);
}
