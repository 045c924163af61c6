/* tests/fuzz_target.c - any text as a target: what is taken stays within its bounds, and is read again from
 * its own text; what is refused is refused in one line. */
#include <stdlib.h>

#include "probes/target.h"

static void read_again(const struct target *t)
{
	char text[TARGET_TEXT];
	struct target again;
	struct fault fault;

	if (!target_parse(span_text(target_text(t, text)), &again, &fault))
		abort();
	if (strcmp(again.host, t->host) != 0 || again.port != t->port || again.https != t->https ||
	    again.is_addr != t->is_addr || again.user[0] || again.path[0])
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { 0 };
	struct target t;

	if (!target_parse(span_of(data, size), &t, &fault)) {
		if (fault.kind != FAULT_USAGE || !fault.text[0] || strchr(fault.text, '\n'))
			abort();
		return 0;
	}
	if (!t.host[0] || (t.path[0] && t.path[0] != '/') || (t.user[0] && !strchr(t.user, ':')))
		abort();
	if (t.has_port != (t.port != 0) || (t.https && !t.has_scheme))
		abort();
	read_again(&t);
	return 0;
}
