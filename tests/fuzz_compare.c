/* tests/fuzz_compare.c - a document in the place of a report: read, compared with itself, and written. */
#include <stdio.h>

#include "report/compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_all(const struct comparison *c)
{
	const struct report_style style = { .width = 80 };
	FILE *out = fopen("/dev/null", "w");

	if (!out)
		return;
	compare_text(out, c, &style);
	compare_json(out, c, &style);
	compare_markdown(out, c, &style);
	fclose(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct compare_side before, after;
	struct comparison c = { 0 };
	struct fault f;

	if (compare_read(&before, "before", span_of(data, size), &f)) {
		if (compare_read(&after, "after", span_of(data, size), &f) &&
		    compare_make(&c, &before, &after))
			write_all(&c);
		compare_end(&c);
		compare_release(&after);
	}
	compare_release(&before);
	return 0;
}
