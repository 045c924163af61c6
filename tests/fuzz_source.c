/* tests/fuzz_source.c - any bytes as a capture: formats, packings, filter, counters. */
#include <stdlib.h>

#include "capture/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every lent byte is touched, so that a view beyond what was read is found. */
static uint64_t sum(struct span bytes)
{
	uint64_t total = 0;

	for (size_t i = 0; i < bytes.len; i++)
		total += bytes.at[i];
	return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *filter = size % 2 ? "tcp port 8530" : NULL;
	struct fault f = { .kind = FAULT_NONE };
	struct source *s = source_open_memory("fuzz", span_of(data, size), filter, &f);
	uint64_t total = 0;
	uint64_t number = 0;
	enum source_next next;
	struct frame frame;

	if (!s)
		return 0;
	while ((next = source_next(s, &frame, &f)) != SOURCE_END) {
		if (next == SOURCE_IDLE || (next == SOURCE_FRAME && frame.number <= number))
			abort();
		if (next == SOURCE_FAULT)
			continue;
		number = frame.number;
		total += sum(frame.bytes) + sum(frame.comment);
	}
	total += sum(source_secrets(s, 0));
	if (source_position(s) > source_size(s) || source_info(s, 0)->frames < number ||
	    total == UINT64_MAX)
		abort();
	source_close(s);
	return 0;
}
