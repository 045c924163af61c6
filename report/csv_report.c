/* report/csv_report.c - a row for each finding, and one for each client of each update point. */
#include "base/tongue.h"
#include "report/csv.h"

enum { FILTER_TEXT = 640, FRAMES_TEXT = FINDING_FRAMES * 21 };

/* ---- findings ---- */

static void put_parties(struct csv *c, const struct finding *n)
{
	if (n->has_client)
		csv_addr(c, &n->client);
	else
		csv_none(c);
	csv_count(c, n->has_client ? 1 : n->clients);
	if (n->has_server)
		csv_endpoint(c, &n->server);
	else
		csv_none(c);
	if (n->has_via)
		csv_endpoint(c, &n->via);
	else
		csv_none(c);
	csv_text(c, n->answered_by);
}

/* Steps of a remedy stand in one line. */
static void put_remedy(struct csv *c, const char *remedy)
{
	struct span left = span_text(remedy);
	struct buf line;

	buf_init(&line, 1 << 16);
	for (unsigned step = 1; left.len; step++) {
		struct span one = span_split(&left, '\n');

		buf_printf(&line, "%s%u. %.*s", step > 1 ? " " : "", step, (int)one.len,
		           (const char *)one.at);
	}
	csv_bytes(c, buf_span(&line));
	buf_release(&line);
}

static void put_frames(struct csv *c, const struct finding *n)
{
	char text[FRAMES_TEXT + FILTER_TEXT] = "";
	size_t len = 0;

	for (unsigned i = 0; i < n->frame_count; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%llu", i ? " " : "",
		                        (unsigned long long)n->frames[i]);
	csv_text(c, text);
	text[0] = '\0';
	finding_filter(n, text, sizeof text);
	csv_text(c, text);
}

static void put_finding(struct csv *c, const struct finding *n, bool frameless)
{
	csv_count(c, n->id);
	csv_text(c, severity_name(n->severity));
	csv_text(c, confidence_name(n->confidence));
	csv_text(c, finding_row(n->kind)->kind);
	csv_text(c, n->title);
	put_parties(c, n);
	csv_count(c, n->count);
	csv_time(c, n->first);
	csv_time(c, n->last);
	csv_text(c, n->codes);
	csv_words(c, n->cause);
	put_remedy(c, n->remedy);
	csv_text(c, _(finding_row(n->kind)->would_change));
	if (frameless) {
		csv_none(c);
		csv_none(c);
	} else {
		put_frames(c, n);
	}
	csv_row_end(c);
}

bool report_csv(FILE *out, const struct report *r, const struct report_style *style)
{
	static const char *const columns[] = {
		"id", "severity", "confidence", "kind", "title", "client", "clients", "server", "via",
		"answered_by", "count", "first_utc", "last_utc", "codes", "cause", "remedy", "would_change",
		"frames", "filter", NULL,
	};
	struct csv c = { .out = out, .reveal = style->reveal };

	csv_head(&c, columns);
	for (size_t i = 0; i < findings_count(r->findings); i++)
		if (findings_at(r->findings, i)->severity >= style->from)
			put_finding(&c, findings_at(r->findings, i), style->frameless);
	return !ferror(out);
}

/* ---- clients ---- */

static void put_rungs(struct csv *c, const struct ladder *l)
{
	for (int i = 0; i < RUNG_COUNT; i++) {
		csv_text(c, rung_state_text((enum rung_state)l->rungs[i].state));
		csv_ms(c, l->rungs[i].took < 0 ? -1 : l->rungs[i].took * (MOMENT_MS / 1000));
	}
}

/* The rung that it did not get past: the last that failed. */
static const char *stop_of(const struct ladder *l)
{
	for (int i = RUNG_COUNT - 1; l->failed && i >= 0; i--)
		if (l->rungs[i].state == RUNG_FAILED)
			return rung_text((enum rung_name)i);
	return "";
}

static void put_client(struct csv *c, const struct ladder *l)
{
	csv_addr(c, &l->client);
	csv_text(c, l->name);
	csv_text(c, climber_name(l->climber));
	csv_text(c, l->host);
	csv_endpoint(c, &l->server);
	csv_bool(c, l->via_proxy);
	csv_text(c, l->failed ? "stopped" : l->served ? "gets through" : "not known");
	csv_text(c, stop_of(l));
	csv_text(c, l->verdict);
	csv_time(c, l->first);
	csv_time(c, l->last);
	csv_count(c, l->scan_count);
	put_rungs(c, l);
	csv_row_end(c);
}

#define X(symbol, name, column) "rung_" name, "rung_" name "_ms",
static const char *const client_columns[] = { "client", "name", "is_a", "host", "server", "via_proxy",
	                                      "state", "stopped_at", "verdict", "first_utc",
	                                      "last_utc", "scans", RUNGS(X) NULL };
#undef X

bool report_csv_clients(FILE *out, const struct report *r, const struct report_style *style)
{
	struct csv c = { .out = out, .reveal = style->reveal };

	csv_head(&c, client_columns);
	for (size_t i = 0; i < ladders_count(r->ladders); i++)
		put_client(&c, ladders_at(r->ladders, i));
	return !ferror(out);
}
