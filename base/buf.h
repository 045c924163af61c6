/* base/buf.h - owned, growing bytes, born with their ceiling. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/budget.h"
#include "base/span.h"

struct buf {
	uint8_t *at;
	size_t len;
	size_t room;            /* allocated */
	size_t ceiling;         /* len never passes it */
	struct budget *budget;  /* borrowed: that `room` is drawn on; NULL: none */
};

/* Allocate nothing yet. */
void buf_init(struct buf *b, size_t ceiling);
void buf_init_on(struct buf *b, size_t ceiling, struct budget *budget);
void buf_release(struct buf *b);

/* All or nothing: false, and nothing added, when the ceiling would be passed
 * or the budget or memory is out. */
bool buf_add(struct buf *b, struct span bytes);
bool buf_add_byte(struct buf *b, uint8_t byte);
bool buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds what fits below the ceiling and returns how much that was. */
size_t buf_add_some(struct buf *b, struct span bytes);

/* Room for `len` more bytes at the end, to be written and then counted in
 * b->len by the caller; NULL as for buf_add. */
uint8_t *buf_reserve(struct buf *b, size_t len);

void buf_clear(struct buf *b);                  /* keeps the room */
void buf_drop_front(struct buf *b, size_t len);

static inline struct span buf_span(const struct buf *b)
{
	return (struct span){ b->at, b->len };
}

#endif
