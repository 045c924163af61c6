/* cli/again.c - originals of all files, and what is told of those that changed. */
#include "cli/again.h"

#include <stdio.h>
#include <stdlib.h>

enum { OPEN_MAX = 128 };                /* files that stay open */

bool again_open(struct again *a, const struct options *o, struct fault *f)
{
	*a = (struct again){ .options = o };
	a->files = calloc(o->file_count + 1, sizeof *a->files);
	if (!a->files)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	for (; a->count < o->file_count; a->count++)
		if (!original_open(&a->files[a->count], o->files[a->count], o->file_count <= OPEN_MAX, f))
			return false;
	return true;
}

void again_close(struct again *a)
{
	for (size_t i = 0; i < a->count; i++)
		original_close(&a->files[i]);
	free(a->files);
	*a = (struct again){ .options = a->options };
}

static void tell_changes(struct again *a)
{
	for (size_t i = 0; i < a->count && !a->told && !a->options->quiet; i++)
		if (original_changed(&a->files[i]))
			fprintf(stderr, "wsuscope: %s: it has changed since it was read first; what is "
			        "written of its packets may not be what was judged\n", a->files[i].name);
	a->told = true;
}

struct source *again_source(struct again *a, struct fault *f)
{
	const struct options *o = a->options;
	struct source *s;

	for (size_t i = 0; a->readings && i < a->count; i++)
		if (!original_again(&a->files[i], f))
			return NULL;
	if (a->readings++)
		tell_changes(a);
	s = source_open_originals(a->files, a->names ? a->names : o->files, o->file_count, o->filter, f);
	if (s)
		source_through(s, a->veil);
	if (s && a->begins)
		a->begins(a->veil.self);
	return s;
}

bool again_reopens(const struct again *a)
{
	return a->count > OPEN_MAX;
}
