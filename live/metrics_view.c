/* live/metrics_view.c - what a report would say now, and findings as a story in time. */
#include "base/tongue.h"
#include "facts/answerer.h"
#include "live/metrics_parts.h"

/* ---- what a report would say ---- */

static void put_quality(FILE *out, const struct view *v)
{
	metric_head(out, "wsuscope_capture_quality", "gauge", "1 at the capture's quality, 0 at the others.");
	for (int q = QUALITY_GOOD; q <= QUALITY_POOR; q++)
		metric_count(out, "wsuscope_capture_quality",
		             METRIC_LABELS({ "quality", quality_name((enum quality)q) }),
		             (int)v->quality == q);
	metric_head(out, "wsuscope_capture_limits", "gauge",
	            "What the capture, or a ceiling, kept us from seeing, by kind.");
	for (int i = 0; i < LIMIT_COUNT; i++)
		metric_count(out, "wsuscope_capture_limits",
		             METRIC_LABELS({ "kind", limit_kind((enum limit)i) }), v->limits.count[i]);
}

static void put_rungs(FILE *out, const struct view *v)
{
	metric_head(out, "wsuscope_clients_by_rung", "gauge",
	            "Ways of clients to update points, by rung of the ladder and how it went last.");
	for (int r = 0; r < RUNG_COUNT; r++)
		for (int s = RUNG_UNSEEN; s <= RUNG_SKIPPED; s++)
			metric_count(out, "wsuscope_clients_by_rung",
			             METRIC_LABELS({ "rung", rung_text((enum rung_name)r) },
			                           { "state", rung_state_text((enum rung_state)s) }),
			             v->rungs[r][s]);
}

void metrics_view(FILE *out, const struct view *v)
{
	const struct metric_plain plain[] = {
		{ "wsuscope_clients", "gauge", "Clients that were seen on their way to an update point.",
		  v->climbers },
		{ "wsuscope_clients_failed", "gauge", "Of these, those that something stops.", v->failed },
		{ "wsuscope_clients_served", "gauge", "Of these, those that were answered.", v->served },
	};

	metric_head(out, "wsuscope_last_packet_timestamp_seconds", "gauge",
	            "The time of the latest packet that was judged, since 1970.");
	metric_seconds(out, "wsuscope_last_packet_timestamp_seconds", METRIC_PLAIN, v->now);
	put_quality(out, v);
	metrics_put(out, plain, sizeof plain / sizeof *plain);
	put_rungs(out, v);
	metric_head(out, "wsuscope_findings", "gauge", "Findings of a report at this moment, by severity.");
	for (int s = SEVERITY_COUNT - 1; s >= 0; s--)
		metric_count(out, "wsuscope_findings",
		             METRIC_LABELS({ "severity", severity_name((enum severity)s) }),
		             v->of_severity[s]);
}

/* ---- stories ---- */

enum { BOX = ANSWERER_ROLE_COUNT, NOBODY, ANSWERS, REASONS = RUNG_COUNT + ANSWERS };

/* Who answered stands before its name and product; a box that shows itself only by what it does has none. */
static unsigned answer_reason(const char *answered_by)
{
	struct span by = span_text(answered_by);

	for (unsigned i = ANSWERER_UNKNOWN + 1; i < ANSWERER_ROLE_COUNT; i++)
		if (span_istarts(by, span_text(_(answerer_role_name((enum answerer_role)i)))))
			return i;
	return span_eq(by, span_text(_("a box between"))) ? BOX : NOBODY;
}

static const char *reason_text(unsigned reason)
{
	if (reason < RUNG_COUNT)
		return rung_text((enum rung_name)reason);
	reason -= RUNG_COUNT;
	if (reason == BOX)
		return "box";
	return reason == NOBODY ? "" : answerer_role_name((enum answerer_role)reason);
}

static void put_open_of(FILE *out, enum finding_kind kind, uint64_t open[static SEVERITY_COUNT][REASONS])
{
	for (unsigned s = 0; s < SEVERITY_COUNT; s++)
		for (unsigned r = 0; r < REASONS; r++)
			if (open[s][r])
				metric_count(out, "wsuscope_findings_open",
				             METRIC_LABELS({ "kind", finding_row(kind)->kind },
				                           { "severity", severity_name(s) },
				                           { "reason", reason_text(r) }),
				             open[s][r]);
}

static void put_open(FILE *out, const struct journal *j)
{
	uint64_t open[FINDING_KIND_COUNT][SEVERITY_COUNT][REASONS] = { 0 };
	const struct finding *n;
	enum rung_name stopped;

	for (size_t at = 0; (n = journal_open_next(j, &at, &stopped)) != NULL;) {
		unsigned reason = stopped;

		if (stopped == RUNG_COUNT)
			reason += answer_reason(n->answered_by);
		open[n->kind][n->severity][reason] += finding_weight(n);
	}
	metric_head(out, "wsuscope_findings_open", "gauge",
	            "Findings that go on; the reason is the rung that stops, else who answers.");
	for (unsigned k = 0; k < FINDING_KIND_COUNT; k++)
		put_open_of(out, k, open[k]);
}

static void put_told(FILE *out, const struct journal *j, enum finding_kind kind)
{
	for (unsigned w = 0; w < JOURNAL_WORD_COUNT; w++) {
		uint64_t told = journal_told(j, kind, w);

		if (told)
			metric_count(out, "wsuscope_findings_told_total",
			             METRIC_LABELS({ "kind", finding_row(kind)->kind },
			                           { "word", journal_word_name(w) }),
			             told);
	}
}

void metrics_stories(FILE *out, const struct journal *j)
{
	put_open(out, j);
	metric_head(out, "wsuscope_findings_told_total", "counter",
	            "What was told of findings as they came and went, by kind and word.");
	for (unsigned k = 0; k < FINDING_KIND_COUNT; k++)
		put_told(out, j, k);
}
