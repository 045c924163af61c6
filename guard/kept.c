/* guard/kept.c - opening, removing and replacing what has a name. */
#include "guard/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PARTS_MAX = 1 << 20 };           /* of one series; what is opened beyond them stays for ever */

void kept_release(struct kept *k)
{
	for (size_t i = k->part_first; i < k->part_end; i++)
		free(k->parts[i]);
	free(k->parts);
	free(k->path);
	*k = (struct kept){ .path = NULL };
}

bool kept_is_part(const char *part)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
	size_t len = strspn(part, letters);

	return !part[len] && len <= KEEPER_PART;
}

/* ---- names ---- */

/* Where the ending begins; a name that begins with its only dot has none, but what is to be put before it. */
static size_t ending_at(const struct kept *k)
{
	const char *slash = strrchr(k->path, '/');
	const char *name = slash ? slash + 1 : k->path;
	const char *dot = strrchr(name, '.');

	return dot && (dot > name || k->kind == KEEPER_FOLDER) ? (size_t)(dot - k->path) : strlen(k->path);
}

/* Returns `name`; NULL: it would be too long. */
static const char *name_of(const struct kept *k, enum kept_task task, const char *part,
                           char name[static PATH_MAX])
{
	const char *next = task == KEPT_OPEN_NEXT ? ".new" : "";
	size_t stem = ending_at(k);
	int len = snprintf(name, PATH_MAX, "%.*s%s%s%s", (int)stem, k->path, part, k->path + stem, next);

	return len < PATH_MAX ? name : NULL;
}

const char *kept_name(const struct kept *k, enum kept_task task, const char *part,
                      char name[static PATH_MAX])
{
	name_of(k, task, part, name);
	return name;
}

/* ---- what was opened of a series ---- */

/* Room for one more at the end; those that are gone leave theirs at the beginning. */
static bool make_room(struct kept *k)
{
	size_t count = k->part_end - k->part_first, room = k->part_room ? 2 * k->part_room : 64;
	char **more;

	if (k->part_end < k->part_room)
		return true;
	if (count && k->part_first) {
		memmove(k->parts, k->parts + k->part_first, count * sizeof *k->parts);
		k->part_first = 0;
		k->part_end = count;
		return true;
	}
	more = count < PARTS_MAX ? realloc(k->parts, room * sizeof *more) : NULL;
	if (!more)
		return false;
	k->parts = more;
	k->part_room = room;
	return true;
}

static void remember(struct kept *k, const char *part)
{
	if (k->part_first == k->part_end)
		k->part_first = k->part_end = 0;
	if (make_room(k) && (k->parts[k->part_end] = strdup(part)))
		k->part_end++;
}

/* An older run's files are nobody's to remove. */
static bool is_ours(const struct kept *k, const char *part)
{
	for (size_t i = k->part_first; i < k->part_end; i++)
		if (!strcmp(k->parts[i], part))
			return true;
	return false;
}

static void forget(struct kept *k, const char *part)
{
	for (size_t i = k->part_first; i < k->part_end; i++) {
		if (strcmp(k->parts[i], part) != 0)
			continue;
		free(k->parts[i]);
		k->parts[i] = k->parts[k->part_first++];
		return;
	}
}

/* ---- opening ---- */

/* A pipe without a reader, or a device, must not make the keeper wait; whoever gets it may. */
static int open_patiently(const char *name, int flags)
{
	int fd = open(name, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
	int now = fd >= 0 ? fcntl(fd, F_GETFL) : -1;

	if (now >= 0)
		fcntl(fd, F_SETFL, now & ~O_NONBLOCK);
	return fd;
}

/* tcpdump and dumpcap write over what has the name.  Here the name holds number and time, so whatever has it
 * is another run's evidence, or a trap in a directory that others can write to. */
static int open_series(struct kept *k, const char *name, const char *part)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);

	if (fd >= 0)
		remember(k, part);
	return fd;
}

static int open_next(const char *name)
{
	if (unlink(name) && errno != ENOENT)
		return -1;
	return open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
}

static int connect_as(int type, const struct sockaddr_un *to)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)to, sizeof *to)) {
		int why = errno;

		close(fd);
		errno = why;
		fd = -1;
	}
	return fd;
}

/* syslogd may listen to either (syslog(3) tries the same). */
static int open_socket(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd;

	if (len >= sizeof to.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(to.sun_path, path, len);
	fd = connect_as(SOCK_DGRAM, &to);
	if (fd < 0 && errno == EPROTOTYPE)
		fd = connect_as(SOCK_STREAM, &to);
	if (fd >= 0)
		fcntl(fd, F_SETFL, O_RDWR);
	return fd;
}

static int open_kind(struct kept *k, const char *name, const char *part)
{
	switch (k->kind) {
	case KEEPER_SERIES:
	case KEEPER_FOLDER:
		if (*part)
			return open_series(k, name, part);
		break;
	case KEEPER_FILE:
		break;
	case KEEPER_SOCKET:
		return open_socket(name);
	case KEEPER_INPUT:
		return open_patiently(name, O_RDONLY);
	}
	return open_patiently(name, O_WRONLY | O_CREAT | (k->append ? O_APPEND : O_TRUNC));
}

/* ---- tasks ---- */

static int remove_part(struct kept *k, const char *name, const char *part)
{
	if (!is_ours(k, part))
		return EPERM;
	if (unlink(name) && errno != ENOENT)
		return errno;
	forget(k, part);
	return 0;
}

static int replace(const struct kept *k)
{
	char next[PATH_MAX];

	if (!name_of(k, KEPT_OPEN_NEXT, "", next))
		return ENAMETOOLONG;
	return rename(next, k->path) ? errno : 0;
}

/* Parts are for a series, and tasks for what they make sense of. */
static bool is_sensible(const struct kept *k, enum kept_task task, const char *part)
{
	switch (task) {
	case KEPT_OPEN:
		return k->kind == KEEPER_FOLDER ? *part : !*part || k->kind == KEEPER_SERIES;
	case KEPT_REMOVE:
		return *part && k->kind == KEEPER_SERIES;
	case KEPT_OPEN_NEXT:
	case KEPT_REPLACE:
		return !*part && k->kind == KEEPER_FILE;
	}
	return false;
}

int kept_do(struct kept *k, enum kept_task task, const char *part, int *fd)
{
	char name[PATH_MAX];

	*fd = -1;
	if (!kept_is_part(part) || !is_sensible(k, task, part))
		return EINVAL;
	if (!name_of(k, task, part, name))
		return ENAMETOOLONG;
	switch (task) {
	case KEPT_REMOVE:
		return remove_part(k, name, part);
	case KEPT_REPLACE:
		return replace(k);
	case KEPT_OPEN:
		*fd = open_kind(k, name, part);
		break;
	case KEPT_OPEN_NEXT:
		*fd = open_next(name);
		break;
	}
	return *fd < 0 ? errno : 0;
}
