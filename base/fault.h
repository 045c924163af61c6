/* base/fault.h - our own failures: usage, input, output, memory.
 *
 * What the wire does wrong is a fact and never a fault.  A fault is filled in
 * where it happens, returned, and printed by cli/ alone.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

enum fault_kind {
	FAULT_NONE,
	FAULT_USAGE,            /* exit 2 */
	FAULT_INPUT,            /* exit 3: cannot be read at all */
	FAULT_CUT,              /* exit 4: breaks off midway; what came before is good */
	FAULT_OUTPUT,           /* exit 3 */
	FAULT_MEMORY,           /* exit 4 */
};

struct fault {
	enum fault_kind kind;
	char text[640];         /* names file, place, cause and what to do; no newline at the end */
};

/* Always returns false, so that "return fault_set(...)" reads well. */
bool fault_set(struct fault *f, enum fault_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
