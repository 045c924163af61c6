/* capture/bytes.c - blocks of files, pipes and memory. */
#include "capture/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
	int fd;
	const char *name;
};

static bool file_read(void *self, uint8_t *to, size_t room, size_t *got, struct fault *f)
{
	const struct file *file = self;
	ssize_t n;

	do
		n = read(file->fd, to, room);
	while (n < 0 && errno == EINTR);
	*got = n < 0 ? 0 : (size_t)n;
	if (n < 0)
		return fault_set(f, FAULT_CUT, "%s: reading failed: %s", file->name, strerror(errno));
	return true;
}

static void file_close(void *self)
{
	struct file *file = self;

	if (file->fd != STDIN_FILENO)
		close(file->fd);
	free(file);
}

static const struct bytes_from from_file = { .read = file_read, .close = file_close };

void bytes_through(struct bytes *b, const char *name, const struct bytes_from *from, void *self)
{
	*b = (struct bytes){ .name = name, .from = from, .self = self };
}

void bytes_memory(struct bytes *b, const char *name, struct span bytes)
{
	*b = (struct bytes){ .name = name, .left = bytes, .ended = true };
}

static bool tell_open(const char *name, struct fault *f)
{
	switch (errno) {
	case EACCES:
	case EPERM:
		return fault_set(f, FAULT_INPUT, "%s: no permission to read it; try: sudo chmod a+r %s",
				 name, name);
	case ENOENT:
		return fault_set(f, FAULT_INPUT, "%s: there is no such file", name);
	default:
		return fault_set(f, FAULT_INPUT, "%s: cannot be opened: %s", name, strerror(errno));
	}
}

/* The size of a regular file; false for what cannot hold a capture. */
static bool look(int fd, const char *name, uint64_t *size, struct fault *f)
{
	struct stat st;

	*size = 0;
	if (fstat(fd, &st) < 0)
		return fault_set(f, FAULT_INPUT, "%s: %s", name, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return fault_set(f, FAULT_INPUT,
				 "%s: a directory, not a capture; name the files in it: %s/*.pcapng", name,
				 name);
	if (S_ISREG(st.st_mode))
		*size = (uint64_t)st.st_size;
	return true;
}

int bytes_descriptor(const char *name, uint64_t *size, struct fault *f)
{
	bool standard = !strcmp(name, "-");
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		tell_open(name, f);
		return -1;
	}
	if (look(fd, name, size, f))
		return fd;
	if (!standard)
		close(fd);
	return -1;
}

bool bytes_open(struct bytes *b, const char *name, uint64_t *size, struct fault *f)
{
	int fd = bytes_descriptor(name, size, f);
	struct file *file;

	if (fd < 0)
		return false;
	file = malloc(sizeof *file);
	if (!file) {
		if (fd != STDIN_FILENO)
			close(fd);
		return fault_set(f, FAULT_MEMORY, "%s: no memory to read it", name);
	}
	*file = (struct file){ .fd = fd, .name = fd == STDIN_FILENO ? "standard input" : name };
	bytes_through(b, file->name, &from_file, file);
	return true;
}

void bytes_close(struct bytes *b)
{
	if (b->from)
		b->from->close(b->self);
	free(b->room);
	*b = (struct bytes){ .ended = true };
}

uint64_t bytes_position(const struct bytes *b)
{
	return b->from && b->from->packed ? b->from->packed(b->self) : b->offset;
}

/* Moves what is left to the front of a room for `need` bytes and more. */
static bool make_room(struct bytes *b, size_t need)
{
	size_t size = b->size ? b->size : BYTES_BLOCK;
	uint8_t *room = b->room;

	while (size < need)
		size *= 2;
	if (size != b->size) {
		room = malloc(size);
		if (!room)
			return fault_set(&b->fault, FAULT_MEMORY, "%s: no memory for a block of %zu bytes",
					 b->name, size);
	}
	if (b->left.len)
		memmove(room, b->left.at, b->left.len);
	if (room != b->room)
		free(b->room);
	b->room = room;
	b->size = size;
	b->left.at = room;
	return true;
}

static bool is_bomb(const struct bytes *b)
{
	uint64_t have = b->offset + b->left.len;

	return b->from->packed && have > BYTES_BOMB &&
	       have / BYTES_EXPANSION > b->from->packed(b->self);
}

bool bytes_fill(struct bytes *b, size_t need)
{
	if (b->ended || need > BYTES_NEED_MAX)
		return false;
	if (!make_room(b, need)) {
		b->ended = true;
		return false;
	}
	while (b->left.len < need && !b->ended) {
		size_t got;

		if (!b->from->read(b->self, b->room + b->left.len, b->size - b->left.len, &got, &b->fault))
			b->ended = true;
		if (!got)
			b->ended = true;
		b->left.len += got;
		if (!b->ended && is_bomb(b)) {
			b->ended = true;
			fault_set(&b->fault, FAULT_CUT, "%s: unpacks to more than %d times its size: a bomb",
				  b->name, BYTES_EXPANSION);
		}
	}
	return b->left.len >= need;
}

bool bytes_skip(struct bytes *b, uint64_t len)
{
	while (len) {
		size_t step = len < b->left.len ? (size_t)len : b->left.len;

		bytes_eat(b, step);
		len -= step;
		if (len && !bytes_need(b, 1))
			return false;
	}
	return true;
}
