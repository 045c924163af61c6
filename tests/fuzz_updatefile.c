/* tests/fuzz_updatefile.c - any bytes as an address, a Range and a Content-Range. */
#include <stdlib.h>

#include "facts/updatefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_of(data, size);
	uint8_t sha1[SHA1_BYTES] = { 0 };
	struct byte_range r;

	if (updatefile_read(all, sha1) == UPDATEFILE_CONTENT && updatefile_name(all).len < 2 * SHA1_BYTES)
		abort();
	if (updatefile_type(all).len > updatefile_name(all).len || updatefile_name(all).len > size)
		abort();
	if (byte_range_asked(all, &r) && r.first > r.last)
		abort();
	if (byte_range_told(all, &r) && r.first != RANGE_UNKNOWN && (r.first > r.last || r.last >= r.total))
		abort();
	return 0;
}
