/* base/buf.c - growing bytes under a ceiling. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b, size_t ceiling)
{
	buf_init_on(b, ceiling, NULL);
}

void buf_init_on(struct buf *b, size_t ceiling, struct budget *budget)
{
	*b = (struct buf){ .ceiling = ceiling, .budget = budget };
}

void buf_release(struct buf *b)
{
	budget_free(b->budget, b->at, b->room);
	buf_init_on(b, b->ceiling, b->budget);
}

static bool resize(struct buf *b, size_t room)
{
	uint8_t *at;

	if (!budget_take(b->budget, room - b->room))
		return false;
	at = realloc(b->at, room);
	if (!at) {
		budget_give(b->budget, room - b->room);
		return false;
	}
	b->at = at;
	b->room = room;
	return true;
}

uint8_t *buf_reserve(struct buf *b, size_t len)
{
	if (len > b->ceiling - b->len)
		return NULL;
	if (b->len + len > b->room || !b->at) {
		size_t room = b->room ? b->room : 64;

		while (room < b->len + len)
			room *= 2;
		if (room > b->ceiling && b->ceiling)
			room = b->ceiling;
		if (!resize(b, room))
			return NULL;
	}
	return b->at + b->len;
}

bool buf_add(struct buf *b, struct span bytes)
{
	uint8_t *end;

	if (!bytes.len)
		return true;
	end = buf_reserve(b, bytes.len);
	if (!end)
		return false;
	memcpy(end, bytes.at, bytes.len);
	b->len += bytes.len;
	return true;
}

bool buf_add_byte(struct buf *b, uint8_t byte)
{
	return buf_add(b, span_of(&byte, 1));
}

size_t buf_add_some(struct buf *b, struct span bytes)
{
	size_t left = b->ceiling - b->len;

	if (bytes.len > left)
		bytes.len = left;
	return buf_add(b, bytes) ? bytes.len : 0;
}

bool buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	uint8_t *end;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	end = len < 0 ? NULL : buf_reserve(b, (size_t)len + 1);
	if (!end)
		return false;
	va_start(args, format);
	vsnprintf((char *)end, (size_t)len + 1, format, args);
	va_end(args);
	b->len += (size_t)len;
	return true;
}

void buf_clear(struct buf *b)
{
	b->len = 0;
}

void buf_drop_front(struct buf *b, size_t len)
{
	if (len > b->len)
		len = b->len;
	if (len)
		memmove(b->at, b->at + len, b->len - len);
	b->len -= len;
}
