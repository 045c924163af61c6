/* cli/inputs.c - one row a file or interface. */
#include "cli/inputs.h"

#include <stdlib.h>

bool inputs_fill(struct report *r, const struct source *s, struct report_input **room)
{
	size_t count = s ? source_count(s) : 0;
	struct report_input *inputs = calloc(count + 1, sizeof *inputs);

	for (size_t i = 0; inputs && i < count; i++) {
		const struct source_info *info = source_info(s, i);

		inputs[i] = (struct report_input){ info->name, info->format, info->frames, info->bytes,
			                           info->first, info->last, info->cut };
	}
	r->inputs = *room = inputs;
	r->input_count = inputs ? count : 0;
	return inputs != NULL;
}
