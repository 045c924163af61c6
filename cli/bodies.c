/* cli/bodies.c - a whole body through decoders that take it in pieces. */
#include "cli/bodies.h"

#include "decoders/coding.h"

static bool decode(void *self, struct span encoded, struct span coding, struct buf *out)
{
	bool known, whole = true;
	struct coding *c = coding_new(NULL, coding, &known);
	struct span piece;

	(void)self;
	if (!c)
		return known && buf_add(out, encoded);
	while (whole) {
		enum coding_status status = coding_next(c, &encoded, &piece);

		if (status == CODING_MORE || status == CODING_END)
			break;
		whole = status == CODING_PIECE && buf_add(out, piece);
	}
	whole = coding_finish(c) && whole;
	coding_free(c);
	return whole;
}

const struct body_decoder bodies_decoder = { NULL, decode };
