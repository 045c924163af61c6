/* report/metrics.c - gauges of checks, phases and findings; the reason of a failure is a label. */
#include "report/metrics.h"

#include <inttypes.h>

#include "base/utf8.h"
#include "report/check_words.h"

static double seconds(int64_t ns)
{
	return (double)ns / (double)MOMENT_S;
}

static void put_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Values are UTF-8; backslash, quote and line end are escaped. */
static void put_label(FILE *out, const char *name, const char *value)
{
	struct span left = span_text(value);

	fprintf(out, "%s=\"", name);
	while (left.len) {
		size_t len = utf8_len(left);
		struct span letter = span_take(&left, len ? len : 1);

		if (!len)
			fputc('?', out);
		else if (letter.at[0] == '\n')
			fputs("\\n", out);
		else if (letter.at[0] == '"' || letter.at[0] == '\\')
			fprintf(out, "\\%c", letter.at[0]);
		else
			fwrite(letter.at, 1, letter.len, out);
	}
	fputc('"', out);
}

/* Series stay the same while states change: what changes is the value and, of failures, the reason. */
static void put_series(FILE *out, const char *metric, const struct report_check *c)
{
	fprintf(out, "%s{", metric);
	put_label(out, "rung", check_rung_name(c->check->rung));
	fputc(',', out);
	put_label(out, "check", c->check->name);
	fputc(',', out);
	put_label(out, "target", c->check->target);
	fputc(',', out);
	put_label(out, "proxy", c->check->proxy);
}

/* What a skipped check would have found nobody knows. */
static void put_states(FILE *out, const struct report *r)
{
	put_head(out, "wsuscope_check_success", "gauge",
	         "1 when the check went well or with a warning, 0 when it failed; the reason is the "
	         "kind of the finding.");
	for (size_t i = 0; i < r->check_count; i++) {
		const struct report_check *c = &r->checks[i];
		const char *kind = check_kind(c);

		if (c->state == CHECK_SKIPPED)
			continue;
		put_series(out, "wsuscope_check_success", c);
		fputc(',', out);
		put_label(out, "reason", kind ? kind : "");
		fprintf(out, "} %d\n", c->state != CHECK_FAILED);
	}
}

static void put_times(FILE *out, const struct report *r)
{
	put_head(out, "wsuscope_check_duration_seconds", "gauge", "How long the check took.");
	for (size_t i = 0; i < r->check_count; i++) {
		if (check_took(r->checks[i].check) < 0)
			continue;
		put_series(out, "wsuscope_check_duration_seconds", &r->checks[i]);
		fprintf(out, "} %.6f\n", seconds(check_took(r->checks[i].check)));
	}
}

static void put_phases(FILE *out, const struct report *r)
{
	put_head(out, "wsuscope_check_phase_seconds", "gauge",
	         "How long name lookup, connecting, the TLS handshake and the first byte took.");
	for (size_t i = 0; i < r->check_count; i++) {
		const struct check *c = r->checks[i].check;
		const struct phase {
			const char *name;
			int64_t ns;
		} phases[] = { { "lookup", c->lookup }, { "connect", c->connect }, { "tls", c->tls },
			       { "first_byte", c->first_byte } };

		for (size_t k = 0; k < sizeof phases / sizeof *phases; k++) {
			if (phases[k].ns < 0)
				continue;
			put_series(out, "wsuscope_check_phase_seconds", &r->checks[i]);
			fprintf(out, ",phase=\"%s\"} %.6f\n", phases[k].name, seconds(phases[k].ns));
		}
	}
}

static void put_sums(FILE *out, const struct report *r, uint64_t rounds)
{
	size_t of[SEVERITY_COUNT] = { 0 };
	int64_t last = 0;

	put_head(out, "wsuscope_checks", "gauge", "Checks by state.");
	for (int s = 0; s < CHECK_STATE_COUNT; s++)
		fprintf(out, "wsuscope_checks{state=\"%s\"} %zu\n", check_state_name((enum check_state)s),
		        checks_in(r, (enum check_state)s));
	for (size_t i = 0; i < findings_count(r->findings); i++)
		of[findings_at(r->findings, i)->severity]++;
	put_head(out, "wsuscope_findings", "gauge", "Findings by severity.");
	for (int s = SEVERITY_COUNT - 1; s >= 0; s--)
		fprintf(out, "wsuscope_findings{severity=\"%s\"} %zu\n", severity_name((enum severity)s),
		        of[s]);
	for (size_t i = 0; i < r->check_count; i++)
		last = r->checks[i].time > last ? r->checks[i].time : last;
	put_head(out, "wsuscope_probe_duration_seconds", "gauge", "How long all checks took.");
	fprintf(out, "wsuscope_probe_duration_seconds %.6f\n", seconds(checks_took(r)));
	put_head(out, "wsuscope_probe_end_timestamp_seconds", "gauge", "When the last check was over.");
	fprintf(out, "wsuscope_probe_end_timestamp_seconds %.3f\n", seconds(last));
	put_head(out, "wsuscope_probe_rounds_total", "counter", "How many times all was checked.");
	fprintf(out, "wsuscope_probe_rounds_total %" PRIu64 "\n", rounds);
}

bool report_metrics(FILE *out, const struct report *r, uint64_t rounds)
{
	put_states(out, r);
	put_times(out, r);
	put_phases(out, r);
	put_sums(out, r, rounds);
	return !ferror(out);
}
