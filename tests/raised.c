/* tests/raised.c - findings that a test raises itself. */
#include "tests/raised.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct findings *raised_begin(struct limits *limits)
{
	struct findings *f;

	*limits = (struct limits){ { 0 } };
	f = findings_new(limits);
	assert_non_null(f);
	return f;
}

struct raise raised_at(enum finding_kind kind, const struct connection *c, int64_t seconds)
{
	return (struct raise){
		.kind = kind,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.conn = c,
		.time = seconds * MOMENT_S,
	};
}
