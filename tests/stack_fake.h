/* tests/stack_fake.h - the functions of decoders/stack.h, written down instead of decoded.
 *
 * For the one source file of a test program: what it defines stands in for the
 * real stack.  The context's sink must be a recorder's.  What it writes does not
 * depend on how bytes were cut: those of one side that follow each other are one
 * quotation.
 */
#ifndef TESTS_STACK_FAKE_H
#define TESTS_STACK_FAKE_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoders/stack.h"

enum { RECORDER_ROOM = 1 << 18 };

struct recorder {
	struct fact_sink sink;
	uint64_t skippable[2];          /* of every stack, from its first byte on */
	char text[RECORDER_ROOM];
	size_t len;
	enum { TOLD_OTHER, TOLD_BYTES, TOLD_SKIP } last;
	enum side last_from;
	uint64_t last_count;            /* of the skip that may grow */
	size_t last_at;                 /* where it stands */
	unsigned stacks;                /* open ones */
	const struct connection *conn;  /* of the last fact */
	struct connection copy;
};

struct stack {
	struct recorder *recorder;
	uint64_t skippable[2];
};

__attribute__((format(printf, 2, 3))) static void recorder_add(struct recorder *r, const char *format, ...)
{
	va_list list;
	int len;

	va_start(list, format);
	len = vsnprintf(r->text + r->len, sizeof r->text - r->len, format, list);
	va_end(list);
	r->len += (size_t)len < sizeof r->text - r->len ? (size_t)len : sizeof r->text - 1 - r->len;
	r->last = TOLD_OTHER;
}

static char side_letter(enum side s)
{
	return s == CLIENT ? 'C' : 'S';
}

struct stack *stack_new(const struct stack_context *context, const struct stack_place *place)
{
	struct recorder *r = context->sink->self;
	struct stack *s = malloc(sizeof *s);

	(void)place;
	if (!s)
		return NULL;
	*s = (struct stack){ r, { r->skippable[CLIENT], r->skippable[SERVER] } };
	r->stacks++;
	return s;
}

void stack_free(struct stack *s)
{
	if (s)
		s->recorder->stacks--;
	free(s);
}

void stack_bytes(struct stack *s, enum side from, struct span bytes, struct mark mark)
{
	struct recorder *r = s->recorder;

	(void)mark;
	if (r->last == TOLD_BYTES && r->last_from == from)
		r->len--;
	else
		recorder_add(r, "%c\"", side_letter(from));
	recorder_add(r, "%.*s\"", (int)bytes.len, (const char *)bytes.at);
	r->last = TOLD_BYTES;
	r->last_from = from;
}

void stack_hole(struct stack *s, enum side from, uint64_t len, struct mark mark)
{
	(void)mark;
	if (s->skippable[from])
		s->skippable[from] -= len < s->skippable[from] ? len : s->skippable[from];
	recorder_add(s->recorder, "%c?%llu", side_letter(from), (unsigned long long)len);
}

uint64_t stack_skippable(const struct stack *s, enum side from)
{
	return s->skippable[from];
}

void stack_skip(struct stack *s, enum side from, uint64_t len, struct mark mark)
{
	struct recorder *r = s->recorder;

	(void)mark;
	if (len > s->skippable[from])
		abort();
	s->skippable[from] -= len;
	if (r->last == TOLD_SKIP && r->last_from == from) {
		r->len = r->last_at;
		len += r->last_count;
	}
	r->last_at = r->len;
	recorder_add(r, "%c-%llu", side_letter(from), (unsigned long long)len);
	r->last = TOLD_SKIP;
	r->last_from = from;
	r->last_count = len;
}

void stack_close(struct stack *s, enum side from, struct mark mark)
{
	(void)mark;
	recorder_add(s->recorder, "%c.", side_letter(from));
}

void stack_end(struct stack *s, enum stack_end how, struct mark mark)
{
	static const char *const ends[] = { "capture", "fin", "reset", "silence" };

	(void)mark;
	recorder_add(s->recorder, " %s", ends[how]);
}

#endif
