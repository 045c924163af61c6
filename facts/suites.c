/* facts/suites.c - names of cipher suites. */
#include "facts/tls.h"

#include <stddef.h>

static const struct suite_name {
	unsigned id;
	const char *name;
} names[] = {
#define SUITE(id, name, ...) { id, name },
#include "facts/suites.def"
#undef SUITE
};

const char *tls_suite_name(unsigned suite)
{
	size_t from = 0, to = sizeof names / sizeof *names;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (names[middle].id == suite)
			return names[middle].name;
		if (names[middle].id < suite)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}
