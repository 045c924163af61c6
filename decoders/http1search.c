/* decoders/http1search.c - start lines among other bytes. */
#include "decoders/http1search.h"

#include "decoders/httphead.h"

enum { LINE_MAX_KEPT = 8 * 1024 };

static void keep_tail(struct buf *kept, struct span tail)
{
	if (tail.len > LINE_MAX_KEPT)
		tail = span_skip(tail, tail.len - LINE_MAX_KEPT);
	if (kept->len + tail.len > 2 * LINE_MAX_KEPT)
		buf_drop_front(kept, kept->len + tail.len - LINE_MAX_KEPT);
	if (buf_add_some(kept, tail) < tail.len)
		buf_clear(kept);        /* no room: what follows of the line is searched alone */
}

/* The line, in place, that holds the first mark of a start line; the input before it is done
 * with.  False: no such line is whole, what may become one is kept. */
static bool find_line(struct buf *kept, struct span *in, struct span *line)
{
	size_t at = span_find(*in, SPAN("HTTP/1.")), end;
	const uint8_t *before = memrchr(in->at, '\n', at == SIZE_MAX ? in->len : at);

	if (before)
		span_take(in, (size_t)(before + 1 - in->at));
	end = span_byte(*in, '\n');
	if (at == SIZE_MAX || end == SIZE_MAX) {
		keep_tail(kept, span_take(in, in->len));
		return false;
	}
	*line = span_of(in->at, end + 1);
	return true;
}

static bool search_in_place(bool response, struct buf *kept, struct span *in)
{
	struct span line;

	while (in->len && find_line(kept, in, &line)) {
		size_t at = httphead_find(response, line);

		span_take(in, at == SIZE_MAX ? line.len : at);
		if (at != SIZE_MAX)
			return true;
	}
	return false;
}

/* Looks at the kept line once it is over. */
static bool search_kept(bool response, struct buf *kept)
{
	size_t at = httphead_find(response, buf_span(kept));

	if (at == SIZE_MAX)
		buf_clear(kept);
	else
		buf_drop_front(kept, at);
	return at != SIZE_MAX;
}

bool http1_search(bool response, struct buf *kept, struct span *in)
{
	for (;;) {
		size_t end;

		if (kept->len && kept->at[kept->len - 1] == '\n' && search_kept(response, kept))
			return true;
		if (!in->len)
			return false;
		if (!kept->len)
			return search_in_place(response, kept, in);
		end = span_byte(*in, '\n');
		keep_tail(kept, span_take(in, end == SIZE_MAX ? in->len : end + 1));
	}
}
