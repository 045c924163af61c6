/* tests/rewrite.c - reels, and the list of rewrites. */
#include "tests/rewrite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/rewrite_frame.h"

void reel_init(struct reel *t)
{
	*t = (struct reel){ 0 };
	arena_init(&t->bytes, REEL_BYTES_MAX);
}

void reel_release(struct reel *t)
{
	free(t->all);
	arena_release(&t->bytes);
}

uint8_t *reel_bytes(struct reel *t, size_t len)
{
	uint8_t *bytes = arena_alloc(&t->bytes, len);

	assert_non_null(bytes);
	return bytes;
}

struct frame *reel_add(struct reel *t, const struct frame *like, struct span bytes, size_t place)
{
	struct reeled *added;

	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 1024;
		t->all = realloc(t->all, t->room * sizeof *t->all);
		assert_non_null(t->all);
	}
	added = &t->all[t->count++];
	*added = (struct reeled){ *like, place };
	added->frame.number = t->count;
	added->frame.wire_len += (uint32_t)(bytes.len - like->bytes.len);
	added->frame.bytes = bytes;
	return &added->frame;
}

bool reel_read(struct reel *t, const char *path, struct fault *f)
{
	struct source *s = source_open(&path, 1, NULL, f);
	enum source_next next = SOURCE_FAULT;
	struct frame frame;

	while (s && (next = source_next(s, &frame, f)) == SOURCE_FRAME) {
		frame.comment = (struct span){ 0 };
		reel_add(t, &frame,
		         span_of(memcpy(reel_bytes(t, frame.bytes.len + 1), frame.bytes.at,
		                        frame.bytes.len),
		                 frame.bytes.len),
		         t->count);
	}
	source_close(s);
	return next == SOURCE_END;
}

static int by_place(const void *a, const void *b)
{
	const struct reeled *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return x->frame.number < y->frame.number ? -1 : 1;
}

void reel_settle(struct reel *t)
{
	if (t->count)
		qsort(t->all, t->count, sizeof *t->all, by_place);
	for (size_t i = 0; i < t->count; i++)
		t->all[i].frame.number = i + 1;
}

const char *rewrite_text(enum rewrite how)
{
#define X(symbol, text) [REWRITE_##symbol] = text,
	static const char *const texts[] = { REWRITES(X) };
#undef X
	return texts[how];
}

/* One after the other; each reel lends bytes to the next, so `to` takes over all that was made. */
static const char *ipv6_cut(const struct reel *from, struct reel *to)
{
	struct reel v6, cut, mixed;
	const char *why;

	reel_init(&v6);
	reel_init(&cut);
	reel_init(&mixed);
	why = rewrite_ipv6(from, &v6);
	reel_settle(&v6);
	rewrite_cut(&v6, &cut, 61, true);
	reel_settle(&cut);
	rewrite_reorder(&cut, &mixed);
	reel_settle(&mixed);
	if (!why)
		why = rewrite_vxlan(&mixed, to);
	reel_release(&mixed);
	reel_release(&cut);
	reel_release(&v6);
	return why;
}

const char *rewrite(enum rewrite how, const struct reel *from, struct reel *to)
{
	const char *why = NULL;

	switch (how) {
	case REWRITE_CUT_BYTES: rewrite_cut(from, to, 1, false); break;
	case REWRITE_CUT_SMALL: rewrite_cut(from, to, 7, true); break;
	case REWRITE_CUT_HUNDRED: rewrite_cut(from, to, 100, false); break;
	case REWRITE_CUT_LEAST: rewrite_cut(from, to, 536, false); break;
	case REWRITE_CUT_USUAL: rewrite_cut(from, to, 1460, false); break;
	case REWRITE_JOINED: rewrite_join(from, to); break;
	case REWRITE_REORDERED: rewrite_reorder(from, to); break;
	case REWRITE_MIRRORED: rewrite_mirror(from, to); break;
	case REWRITE_RETRANSMITTED: rewrite_retransmit(from, to); break;
	case REWRITE_VLAN: why = rewrite_tag(from, to, SPAN("\x81\x00\x00\x2a")); break;
	case REWRITE_HALF_VLAN:
		why = rewrite_tag_half(from, to, SPAN("\x81\x00\x00\x2a"));
		break;
	case REWRITE_QINQ:
		why = rewrite_tag(from, to, SPAN("\x88\xa8\x00\x0c\x81\x00\x00\x2a"));
		break;
	case REWRITE_VXLAN: why = rewrite_vxlan(from, to); break;
	case REWRITE_IPV6: why = rewrite_ipv6(from, to); break;
	case REWRITE_IPV6_CUT: why = ipv6_cut(from, to); break;
	case REWRITE_COUNT: break;
	}
	reel_settle(to);
	return why;
}
