/* capture/gzip.c - unpacking gzip (RFC 1952) as a stream. */
#include "capture/bytes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <zlib.h>

struct gzip {
	z_stream z;
	struct bytes below;
	bool between;           /* one member has ended, the next not begun */
};

enum { WINDOW_BITS_GZIP = 15 + 16, STEP_MAX = 1 << 30 };

/* A member may follow another (RFC 1952 section 2.2).  What is no member is
 * padding or garbage, and left alone as gzip(1) leaves it. */
static bool next_member(struct gzip *g)
{
	static const struct span magic = SPAN_LIT("\x1f\x8b\x08");

	if (!bytes_need(&g->below, magic.len) || !span_starts(g->below.left, magic))
		return false;
	g->between = false;
	return inflateReset(&g->z) == Z_OK;
}

static bool tell_end(const struct gzip *g, struct fault *f)
{
	if (g->below.fault.kind != FAULT_NONE) {
		*f = g->below.fault;
		return false;
	}
	return fault_set(f, FAULT_CUT,
			 "%s: cut short: the gzip data ends at byte %" PRIu64
			 " of the file, before its end mark",
			 g->below.name, g->below.offset);
}

/* One call of inflate; false: nothing more can come of this member. */
static bool step(struct gzip *g, struct fault *f)
{
	size_t have = g->below.left.len < STEP_MAX ? g->below.left.len : STEP_MAX;
	int result;

	g->z.next_in = (z_const Bytef *)g->below.left.at;
	g->z.avail_in = (uInt)have;
	result = inflate(&g->z, Z_NO_FLUSH);
	bytes_eat(&g->below, have - g->z.avail_in);
	if (result == Z_OK || result == Z_BUF_ERROR)
		return true;
	if (result == Z_STREAM_END) {
		g->between = true;
		return true;
	}
	return fault_set(f, result == Z_MEM_ERROR ? FAULT_MEMORY : FAULT_CUT,
			 "%s: the gzip data is damaged before byte %" PRIu64 " of the file: %s",
			 g->below.name, g->below.offset, g->z.msg ? g->z.msg : "it cannot be unpacked");
}

static bool gzip_read(void *self, uint8_t *to, size_t room, size_t *got, struct fault *f)
{
	struct gzip *g = self;
	uInt size = (uInt)(room < STEP_MAX ? room : STEP_MAX);
	bool ok = true;

	g->z.next_out = to;
	g->z.avail_out = size;
	while (ok && g->z.avail_out == size) {
		if (g->between && !next_member(g))
			break;
		if (!bytes_need(&g->below, 1))
			ok = tell_end(g, f);
		else
			ok = step(g, f);
	}
	*got = size - g->z.avail_out;
	return ok;
}

static uint64_t gzip_packed(const void *self)
{
	const struct gzip *g = self;

	return g->below.offset;
}

static void gzip_close(void *self)
{
	struct gzip *g = self;

	inflateEnd(&g->z);
	bytes_close(&g->below);
	free(g);
}

bool bytes_gunzip(struct bytes *b, struct fault *f)
{
	static const struct bytes_from from = { gzip_read, gzip_packed, gzip_close };
	struct gzip *g = calloc(1, sizeof *g);

	if (!g || inflateInit2(&g->z, WINDOW_BITS_GZIP) != Z_OK) {
		free(g);
		return fault_set(f, FAULT_MEMORY, "%s: no memory to unpack it", b->name);
	}
	g->below = *b;
	bytes_through(b, g->below.name, &from, g);
	return true;
}
