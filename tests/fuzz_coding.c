/* tests/fuzz_coding.c - any bytes as a coded body: the first two choose the codings and the cut. */
#include "decoders/coding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "gzip", "deflate", "br", "zstd", "xpress", "xpress, gzip",
		                             "deflate, br", "zstd, xpress" };
	struct span in = { data, size }, out;
	enum coding_status status = CODING_MORE;
	struct coding *c;
	size_t cut;
	bool known;

	if (size < 2)
		return 0;
	c = coding_new(NULL, span_text(names[data[0] % 8]), &known);
	cut = (size_t)data[1] + 1;
	span_take(&in, 2);
	while (c && in.len && status == CODING_MORE) {
		struct span piece = span_take(&in, cut);

		while ((status = coding_next(c, &piece, &out)) == CODING_PIECE)
			if (!out.len)
				__builtin_trap();
	}
	if (c)
		coding_finish(c);
	coding_free(c);
	return 0;
}
