/* report/metrics.c - gauges of checks, phases and findings; the reason of a failure is a label. */
#include "report/metrics.h"

#include "report/check_words.h"
#include "report/metric_text.h"

enum { SERIES = 4, MORE = SERIES };

/* Series stay the same while states change: what changes is the value and, of failures, the reason. */
static void name_series(struct metric_label labels[static SERIES], const struct report_check *c)
{
	labels[0] = (struct metric_label){ "rung", check_rung_name(c->check->rung) };
	labels[1] = (struct metric_label){ "check", c->check->name };
	labels[2] = (struct metric_label){ "target", c->check->target };
	labels[3] = (struct metric_label){ "proxy", c->check->proxy };
}

/* What a skipped check would have found nobody knows. */
static void put_states(FILE *out, const struct report *r)
{
	static const char name[] = "wsuscope_check_success";
	struct metric_label labels[SERIES + 1];

	metric_head(out, name, "gauge",
	            "1 when the check went well or with a warning, 0 when it failed; the reason is the "
	            "kind of the finding.");
	for (size_t i = 0; i < r->check_count; i++) {
		const struct report_check *c = &r->checks[i];
		const char *kind = check_kind(c);

		if (c->state == CHECK_SKIPPED)
			continue;
		name_series(labels, c);
		labels[MORE] = (struct metric_label){ "reason", kind ? kind : "" };
		metric_count(out, name, labels, SERIES + 1, c->state != CHECK_FAILED);
	}
}

static void put_times(FILE *out, const struct report *r)
{
	static const char name[] = "wsuscope_check_duration_seconds";
	struct metric_label labels[SERIES];

	metric_head(out, name, "gauge", "How long the check took.");
	for (size_t i = 0; i < r->check_count; i++) {
		int64_t took = check_took(r->checks[i].check);

		name_series(labels, &r->checks[i]);
		if (took >= 0)
			metric_seconds(out, name, labels, SERIES, took);
	}
}

static void put_phases(FILE *out, const struct report *r)
{
	static const char name[] = "wsuscope_check_phase_seconds";
	struct metric_label labels[SERIES + 1];

	metric_head(out, name, "gauge",
	            "How long name lookup, connecting, the TLS handshake and the first byte took.");
	for (size_t i = 0; i < r->check_count; i++) {
		const struct check *c = r->checks[i].check;
		const struct phase {
			const char *name;
			int64_t ns;
		} phases[] = { { "lookup", c->lookup }, { "connect", c->connect }, { "tls", c->tls },
			       { "first_byte", c->first_byte } };

		name_series(labels, &r->checks[i]);
		for (size_t k = 0; k < sizeof phases / sizeof *phases; k++) {
			labels[MORE] = (struct metric_label){ "phase", phases[k].name };
			if (phases[k].ns >= 0)
				metric_seconds(out, name, labels, SERIES + 1, phases[k].ns);
		}
	}
}

static void put_counts(FILE *out, const struct report *r)
{
	uint64_t of[SEVERITY_COUNT] = { 0 };

	metric_head(out, "wsuscope_checks", "gauge", "Checks by state.");
	for (int s = 0; s < CHECK_STATE_COUNT; s++)
		metric_count(out, "wsuscope_checks",
		             METRIC_LABELS({ "state", check_state_name((enum check_state)s) }),
		             checks_in(r, (enum check_state)s));
	for (size_t i = 0; i < findings_count(r->findings); i++)
		of[findings_at(r->findings, i)->severity]++;
	metric_head(out, "wsuscope_findings", "gauge", "Findings of a report at this moment, by severity.");
	for (int s = SEVERITY_COUNT - 1; s >= 0; s--)
		metric_count(out, "wsuscope_findings",
		             METRIC_LABELS({ "severity", severity_name((enum severity)s) }), of[s]);
}

static void put_sums(FILE *out, const struct report *r, uint64_t rounds)
{
	int64_t last = 0;

	for (size_t i = 0; i < r->check_count; i++)
		last = r->checks[i].time > last ? r->checks[i].time : last;
	metric_head(out, "wsuscope_probe_duration_seconds", "gauge", "How long all checks took.");
	metric_seconds(out, "wsuscope_probe_duration_seconds", METRIC_PLAIN, checks_took(r));
	metric_head(out, "wsuscope_probe_end_timestamp_seconds", "gauge", "When the last check was over.");
	metric_seconds(out, "wsuscope_probe_end_timestamp_seconds", METRIC_PLAIN, last);
	metric_head(out, "wsuscope_probe_rounds_total", "counter", "How many times all was checked.");
	metric_count(out, "wsuscope_probe_rounds_total", METRIC_PLAIN, rounds);
}

bool report_metrics(FILE *out, const struct report *r, uint64_t rounds)
{
	put_states(out, r);
	put_times(out, r);
	put_phases(out, r);
	put_counts(out, r);
	put_sums(out, r, rounds);
	return !ferror(out);
}
