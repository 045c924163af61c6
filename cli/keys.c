/* cli/keys.c - reads files of secrets, and tells those that hold none. */
#include "cli/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes.  BARREN_MAX: of a log without one secret; no log has so many, and a device has no end. */
enum { PIECE = 512 * 1024, BARREN_MAX = 64 << 20, PRIVATE_MAX = 1 << 20, PASS_MAX = 1024 };

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

/* What PowerShell's > writes is UTF-16: its byte order mark is what a file begins with. */
enum width { BYTES, UTF16_LITTLE, UTF16_BIG };

static enum width width_of(const uint8_t *start, size_t len)
{
	if (len < 2 || start[0] + start[1] != 0xff + 0xfe)
		return BYTES;
	return start[0] == 0xff ? UTF16_LITTLE : UTF16_BIG;
}

/* UTF-16 in place as bytes, of an even number; what is not Latin is of no key log, and becomes a space as the
 * mark does. */
static size_t narrow(uint8_t *text, size_t len, enum width width)
{
	size_t high = width == UTF16_LITTLE;

	for (size_t i = 0; i < len / 2; i++)
		text[i] = text[2 * i + high] ? ' ' : text[2 * i + !high];
	return len / 2;
}

/* How much of the piece was taken. */
static size_t take_piece(struct tlskeys *store, uint8_t *piece, size_t len, enum width width, bool growing)
{
	size_t taken = growing && width == BYTES ? whole_lines(piece, len) : len;

	tlskeys_log(store, span_of(piece, width == BYTES ? taken : narrow(piece, len, width)));
	return taken;
}

enum taken { TAKEN_ALL, TAKEN_NOTHING, TAKEN_BARREN };

/* From where the file was left to its end; to its last line's end if that is still being written: a piece
 * that is not full is the file's last.  NOTHING: errno says why. */
static enum taken take_log(struct tlskeys *store, int fd, bool growing)
{
	bool begins = lseek(fd, 0, SEEK_CUR) <= 0;      /* a pipe is at no place */
	uint64_t secrets = tlskeys_counts(store).lines_secret;
	uint8_t *room = malloc(PIECE);
	size_t used = 0, barren = 0;
	enum width width = BYTES;
	ssize_t got = -1;

	while (room && barren < BARREN_MAX && (got = read_some(fd, room, PIECE)) > 0) {
		size_t len = (size_t)got, taken;

		used = len > used ? len : used;
		if (begins)
			width = width_of(room, len);
		begins = false;
		taken = take_piece(store, room, len, width, growing);
		barren = tlskeys_counts(store).lines_secret > secrets ? 0 : barren + taken;
		secrets = tlskeys_counts(store).lines_secret;
		if (taken < len)
			lseek(fd, (off_t)taken - (off_t)len, SEEK_CUR);
		if (taken < len && len < PIECE)
			break;
	}
	tlskeys_log_end(store);
	if (room)
		explicit_bzero(room, used);
	free(room);
	if (barren >= BARREN_MAX)
		return TAKEN_BARREN;
	return got >= 0 ? TAKEN_ALL : TAKEN_NOTHING;
}

/* Nothing in it is a key log's: another file was meant. */
static bool is_foreign(const struct tlskeys_counts *was, const struct tlskeys_counts *is)
{
	return is->lines_secret == was->lines_secret && is->lines_other == was->lines_other &&
	       is->lines_unread > was->lines_unread;
}

static bool tell_foreign(const char *name, uint64_t line, struct fault *f)
{
	return fault_set(f, FAULT_INPUT,
	                 "%s: is no key log: line %" PRIu64 " is not of the form LABEL RANDOM SECRET "
	                 "(a private key is for --server-key)",
	                 name, line);
}

static void warn(const char *name, const struct tlskeys_counts *was, const struct tlskeys_counts *is)
{
	uint64_t unread = is->lines_unread - was->lines_unread, refused = is->refused - was->refused;

	if (is->lines_secret == was->lines_secret && is->lines_other > was->lines_other)
		fprintf(stderr,
		        "wsuscope: %s: none of its %" PRIu64 " lines holds a secret that opens TLS\n", name,
		        is->log_lines);
	else if (is->lines_secret == was->lines_secret)
		fprintf(stderr, "wsuscope: %s: no secret is in it\n", name);
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

static void take_over(const struct keys *k, struct keys_log *log)
{
	struct fault unheard;
	int fd = keeper_open(k->keeper, log->number, NULL, &unheard);

	if (fd >= 0 && may_grow(fd)) {
		take_log(k->store, log->fd, false);
		close(log->fd);
		log->fd = fd;
		log->size = 0;
	} else if (fd >= 0) {
		close(fd);
	}
}

/* Asked for by every secret that is not known, so a file that stays as it was costs little. */
static void look(void *self)
{
	struct keys *k = self;

	for (size_t i = 0; i < k->growing_count && k->owner == getpid(); i++) {
		if (is_replaced(&k->growing[i]))
			take_over(k, &k->growing[i]);
		take_more(k->store, &k->growing[i]);
	}
}

static bool read_log(struct tlskeys *store, const char *name, int fd, bool growing, struct fault *f)
{
	struct tlskeys_counts was = tlskeys_counts(store), is;

	switch (take_log(store, fd, growing)) {
	case TAKEN_ALL:
		break;
	case TAKEN_NOTHING:
		return fault_set(f, FAULT_INPUT, "%s: cannot be read: %s", name, strerror(errno));
	case TAKEN_BARREN:
		return fault_set(f, FAULT_INPUT, "%s: is no key log: %d MiB of it hold no secret", name,
		                 BARREN_MAX >> 20);
	}
	is = tlskeys_counts(store);
	return !is_foreign(&was, &is) || tell_foreign(name, is.first_unread, f);
}

/* Its number is -1 where the keeper has no room: another file of that name is then not seen. */
static void follow(struct keys *k, const char *name, int fd)
{
	k->growing[k->growing_count++] = (struct keys_log){
		name, fd, lseek(fd, 0, SEEK_CUR), keeper_allow(k->keeper, KEEPER_INPUT, name, false),
	};
}

static bool open_log(struct keys *k, const char *name, struct fault *f)
{
	struct tlskeys_counts was = tlskeys_counts(k->store), is;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	bool growing = fd >= 0 && k->keeper && may_grow(fd);

	if (fd < 0)
		return cannot_read(name, fd, f);
	if (!read_log(k->store, name, fd, growing, f)) {
		close(fd);
		return false;
	}
	is = tlskeys_counts(k->store);
	/* A log that nobody has written to yet is not odd while it is followed. */
	if (!k->options->quiet && (!growing || is.log_lines))
		warn(name, &was, &is);
	if (growing)
		follow(k, name, fd);
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

/* The first line of the file, NUL-terminated.  Its name may be a pass phrase in a file's place: it is told to
 * nobody. */
static bool read_pass(const char *name, char pass[static PASS_MAX + 1], struct fault *f)
{
	struct fault unread = { 0 };
	size_t len;

	if (!read_small(name, (uint8_t *)pass, PASS_MAX, &len, &unread))
		return fault_set(f, FAULT_INPUT,
		                 "--key-pass: the file cannot be read: %s (it wants a file whose first line "
		                 "is the pass phrase, not the pass phrase itself)",
		                 strerror(errno));
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

bool keys_open(struct keys *k, const struct options *o, struct tlskeys *store, struct keeper *keeper,
               struct fault *f)
{
	*k = (struct keys){ .options = o, .store = store, .keeper = keeper, .owner = getpid() };
	for (size_t i = 0; i < o->key_log_count; i++)
		if (!open_log(k, o->key_logs[i], f))
			return false;
	if (k->growing_count)
		tlskeys_follow(store, (struct tlskeys_growth){ k, look });
	return open_privates(k, f);
}
