/* capture/bytes.h - the bytes of one input, in blocks: a file, a pipe, memory, or what unpacking one gives.
 *
 * A reader asks for the next n bytes in one piece, looks at them where they
 * lie, and eats them.  Files are read(2) in blocks rather than mapped: a file
 * that shrinks under a mapping kills the process, a mapping counts as the
 * process's memory, and pipes and unpacked data have none.
 */
#ifndef CAPTURE_BYTES_H
#define CAPTURE_BYTES_H

#include "base/fault.h"
#include "base/span.h"

enum {
	BYTES_BLOCK = 512 * 1024,       /* read at once: 64 KiB cost a sixth more, 1 MiB gains nothing */
	BYTES_NEED_MAX = 20 << 20,      /* nothing larger is ever asked for in one piece */
	BYTES_EXPANSION = 2000,         /* unpacked to packed, beyond which ... */
	BYTES_BOMB = 256 << 20,         /* ... this much unpacked data is a bomb */
};

/* Where blocks come from. */
struct bytes_from {
	/* Reads up to `room` bytes; *got 0 is the end.  False: the fault is told. */
	bool (*read)(void *self, uint8_t *to, size_t room, size_t *got, struct fault *f);
	uint64_t (*packed)(const void *self);   /* bytes eaten of the packed file; NULL: not packed */
	void (*close)(void *self);
};

struct bytes {
	struct span left;               /* read and not eaten; lent until the next bytes_need or bytes_skip */
	uint64_t offset;                /* of left.at from the beginning */
	const char *name;               /* for faults; the caller's */
	const struct bytes_from *from;
	void *self;
	uint8_t *room;
	size_t size;                    /* of room */
	bool ended;                     /* nothing follows what is left */
	struct fault fault;             /* why it ended, unless that was its end (FAULT_NONE) */
};

/* `name` "-" is standard input.  *size: the file's, 0 when it has none (a pipe).
 * False: the fault tells which file and why. */
bool bytes_open(struct bytes *b, const char *name, uint64_t *size, struct fault *f);

/* The same as a descriptor, which is the caller's; -1: the fault tells. */
int bytes_descriptor(const char *name, uint64_t *size, struct fault *f);

/* Bytes that the caller keeps until bytes_close. */
void bytes_memory(struct bytes *b, const char *name, struct span bytes);

/* For what unpacks others: reads come from `from`, which owns `self` from now on. */
void bytes_through(struct bytes *b, const char *name, const struct bytes_from *from, void *self);

void bytes_close(struct bytes *b);

/* Bytes of the file that were eaten, packed ones if it is packed: for progress. */
uint64_t bytes_position(const struct bytes *b);

/* Slow path of bytes_need. */
bool bytes_fill(struct bytes *b, size_t need);

/* At least `need` bytes are in b->left.  False: fewer follow (b->left holds
 * them), and b->fault tells if that is not simply the end. */
static inline bool bytes_need(struct bytes *b, size_t need)
{
	return b->left.len >= need || bytes_fill(b, need);
}

/* Takes bytes off the front; no more than b->left holds. */
static inline struct span bytes_eat(struct bytes *b, size_t len)
{
	struct span eaten = span_take(&b->left, len);

	b->offset += eaten.len;
	return eaten;
}

/* Eats `len` bytes unseen.  False: the input ended before. */
bool bytes_skip(struct bytes *b, uint64_t len);

/* Replace *b by what unpacking it gives: gzip (RFC 1952) and Zstandard (RFC
 * 8878), several members or frames one after the other too. */
bool bytes_gunzip(struct bytes *b, struct fault *f);
bool bytes_unzstd(struct bytes *b, struct fault *f);

#endif
