/* tests/checks.c - making a probe's report. */
#include "tests/checks.h"

#include <stdio.h>

#define BEGIN (INT64_C(1773136931) * MOMENT_S)  /* 2026-03-10T10:02:11Z, by date(1) */
#define STEP  (10 * MOMENT_MS)

void checks_begin(struct checks_case *c)
{
	case_begin(&c->base);
	c->base.report.inputs = NULL;
	c->base.report.input_count = 0;
	c->base.report.checks = c->results;
	c->base.report.check_count = 0;
}

struct report_check *checks_add(struct checks_case *c, enum check_rung rung, const char *name,
                                const char *target, const char *proxy, enum check_state state,
                                const char *detail)
{
	size_t n = c->base.report.check_count++;
	struct check *check = &c->checks[n];
	bool skipped = state == CHECK_SKIPPED;
	int64_t began = BEGIN + (int64_t)n * STEP;

	*check = (struct check){ .number = (unsigned)n, .rung = rung, .state = state, .lookup = -1,
		                 .connect = skipped ? -1 : 2 * MOMENT_MS, .tls = -1,
		                 .first_byte = skipped ? -1 : 5 * MOMENT_MS };
	check->began = skipped ? MOMENT_NONE : began;
	check->ended = skipped ? MOMENT_NONE : began + STEP;
	snprintf(check->name, sizeof check->name, "%s", name);
	snprintf(check->target, sizeof check->target, "%s", target);
	snprintf(check->proxy, sizeof check->proxy, "%s", proxy);
	snprintf(check->detail, sizeof check->detail, "%s", detail);
	c->results[n] = (struct report_check){ .check = check, .state = state, .time = began + STEP };
	return &c->results[n];
}

struct check *checks_last(struct checks_case *c)
{
	return &c->checks[c->base.report.check_count - 1];
}

const struct finding *checks_find(struct checks_case *c, enum finding_kind kind)
{
	case_raise(&c->base, kind, "192.0.2.50", "198.51.100.10:8530", NULL);
	findings_settle(c->base.findings, false);
	return findings_at(c->base.findings, 0);
}

void checks_end(struct checks_case *c)
{
	case_end(&c->base);
}
