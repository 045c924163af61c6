/* tests/fuzz_explain.c - any bytes as words to explain, and what comes of them as text. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/explain.h"

enum { WORDS = 8, SIZE_MAX_READ = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct report_style style = { .width = 80 };
	struct span words[WORDS], left = { data, size };
	struct explanation e;
	char near[NEAR_TEXT];
	size_t count = 0;
	FILE *out;

	if (size > SIZE_MAX_READ)
		return 0;
	while (left.len && count < WORDS)
		words[count++] = span_split(&left, '\n');
	if (explain(&e, words, count, near) != (e.count > 0) || e.full > e.count || e.count > EXPLAINED_MAX)
		abort();
	out = fopen("/dev/null", "w");
	if (!out)
		return 0;
	explain_text(out, &e, &style);
	fclose(out);
	return 0;
}
