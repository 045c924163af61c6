/* tests/fuzz_xpress.c - any bytes as one LZ77 block; the first two tell the length that is due. */
#include <stdlib.h>

#include "base/reader.h"
#include "decoders/xpress.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_on(span_of(data, size));
	size_t len = reader_le16(&r);
	uint8_t *out = malloc(len + 1);

	if (out)
		xpress_block(r.left, out, len);
	free(out);
	return 0;
}
