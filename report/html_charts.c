/* report/html_charts.c - traffic over time, and how long answers took: bars, drawn where they are read. */
#include "base/tongue.h"
#include "facts/codes.h"
#include "report/heard.h"
#include "report/html.h"
#include "report/page.h"

enum { KINDS_MAX = ANSWER_COUNT,
       BAR = 10,
       TALL = 1000,
       LEAST = 12,
       LABEL = 64,
       SUMMARY = 320 };

/* One chart: bars of stacked kinds.  Scale and words stand beside it as text, so it may be stretched. */
struct chart {
	const char *id, *title, *what; /* `what`: a bar stands for ("Time", "Took") */
	const char *summary;
	size_t bars, kinds;
	const char *names[KINDS_MAX]; /* NULL: it has none of that kind */
	uint64_t counts[SERIES_BUCKETS][KINDS_MAX];
	char labels[SERIES_BUCKETS][LABEL];
};

static uint64_t sum_of(const struct chart *c, size_t bar)
{
	uint64_t sum = 0;

	for (size_t k = 0; k < c->kinds; k++)
		sum += c->counts[bar][k];
	return sum;
}

static uint64_t highest(const struct chart *c)
{
	uint64_t most = 1;

	for (size_t i = 0; i < c->bars; i++)
		most = sum_of(c, i) > most ? sum_of(c, i) : most;
	return most;
}

/* Whatever is there at all can be seen. */
static unsigned height(uint64_t count, uint64_t most)
{
	unsigned tall = (unsigned)((double)count / (double)most * TALL);

	return count && tall < LEAST ? LEAST : tall;
}

/* A path for each kind, so that a hundred bars are six elements. */
static void put_bars(struct html *h, const struct chart *c)
{
	unsigned under[SERIES_BUCKETS] = { 0 };
	uint64_t most = highest(c);

	html_put(h, "<svg viewBox=\"0 0 %zu %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
	         c->bars * BAR, TALL);
	for (size_t k = 0; k < c->kinds; k++) {
		html_put(h, "<path class=\"k%zu\" d=\"", k + 1);
		for (size_t i = 0; i < c->bars; i++) {
			unsigned tall = height(c->counts[i][k], most);

			if (tall)
				html_put(h, "M%zu %dv-%uh%dv%uz", i * BAR, TALL - (int)under[i], tall,
				         BAR - 1, tall);
			under[i] += tall;
		}
		html_put(h, "\"/>");
	}
	html_put(h, "<rect class=\"cursor\" width=\"%d\" height=\"%d\"/></svg>", BAR, TALL);
}

static void put_legend(struct html *h, const struct chart *c)
{
	char count[COUNT_TEXT];

	html_put(h, "<ul class=\"legend\">\n");
	for (size_t k = 0; k < c->kinds; k++) {
		uint64_t all = 0;

		for (size_t i = 0; i < c->bars; i++)
			all += c->counts[i][k];
		if (all)
			html_put(h, "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><path "
			            "class=\"k%zu\" d=\"M0 0h10v10h-10z\"/>"
			            "</svg>%s <b>%s</b></li>\n",
			         k + 1, c->names[k], page_count(all, count));
	}
	html_put(h, "</ul>\n");
}

/* The numbers; the script reads bars out of it. */
static void put_table(struct html *h, const struct chart *c)
{
	const char *columns[KINDS_MAX + 2] = { c->what };
	size_t column = 1;

	for (size_t k = 0; k < c->kinds; k++)
		if (c->names[k])
			columns[column++] = c->names[k];
	html_put(h, "<details><summary>%s</summary>\n", _("As a table"));
	html_table(h, "", c->title, columns);
	for (size_t i = 0; i < c->bars; i++) {
		html_put(h, "<tr><th scope=\"row\">%s</th>", c->labels[i]);
		for (size_t k = 0; k < c->kinds; k++)
			if (c->names[k])
				html_put(h, "<td>%llu</td>", (unsigned long long)c->counts[i][k]);
		html_put(h, "</tr>\n");
	}
	html_table_end(h);
	html_put(h, "</details>\n");
}

/* `axis` holds what stands below the bars, evenly; NULL ends it. */
static void put_chart(struct html *h, const struct chart *c, const char *class, const char *const *axis)
{
	char count[COUNT_TEXT];

	html_put(h, "<figure class=\"chart\" id=\"chart-%s\">\n<figcaption><h3>%s</h3><p>%s</p>"
	            "</figcaption>\n", c->id,
	         c->title, c->summary);
	put_legend(h, c);
	html_put(h, "<p class=\"scale\" aria-hidden=\"true\">%s</p>\n<div class=\"plot\" role=\"img\" "
	            "aria-label=\"%s: %s\">",
	         page_count(highest(c), count), c->title, c->summary);
	put_bars(h, c);
	html_put(h, "</div>\n<p class=\"axis %s\" aria-hidden=\"true\">", class);
	for (; *axis; axis++)
		html_put(h, "<span>%s</span>", *axis);
	html_put(h, "</p>\n<p class=\"readout\"></p>\n");
	put_table(h, c);
	html_put(h, "</figure>\n");
}

/* ---- over time ---- */

static int64_t bucket_time(const struct series *s, size_t i)
{
	return (int64_t)((uint64_t)s->from + i * (uint64_t)s->width);
}

/* "03-10 10:02:13.250": as fine as buckets are, with the day where there are several. */
static void word_time(const struct series *s, int64_t time, char *text, size_t size)
{
	bool days = s->width * (int64_t)s->used > 24 * 3600 * MOMENT_S;
	char full[MOMENT_TEXT];

	moment_text(time, full);
	snprintf(text, size, "%.*s%s%.*s", days ? 5 : 0, full + 5, days ? " " : "",
	         s->width < MOMENT_S ? 12 : 8, full + 11);
}

static void word_width(int64_t width, char *text, size_t size)
{
	char took[COUNT_TEXT];

	if (width < MOMENT_S)
		tongue_say(text, size, "%lld ms", (long long)(width / MOMENT_MS));
	else
		snprintf(text, size, "%s", page_duration(width, took));
}

static void put_over_time(struct html *h, struct chart *c, const struct series *s)
{
	char ends[3][LABEL];
	const char *axis[] = { ends[0], ends[1], ends[2], NULL };

	c->what = _("From");
	c->bars = s->used;
	for (size_t i = 0; i < s->used; i++)
		word_time(s, bucket_time(s, i), c->labels[i], LABEL);
	word_time(s, s->from, ends[0], LABEL);
	word_time(s, bucket_time(s, s->used / 2), ends[1], LABEL);
	word_time(s, bucket_time(s, s->used), ends[2], LABEL);
	put_chart(h, c, "time", axis);
}

static void put_answers(struct html *h, const struct series *s)
{
	struct chart c = { .id = "requests", .title = _("Requests over time"), .kinds = ANSWER_COUNT };
	char summary[SUMMARY], all[COUNT_TEXT], bad[COUNT_TEXT], width[LABEL];
	uint64_t worse = s->answers[ANSWER_REFUSED] + s->answers[ANSWER_FAILED] + s->answers[ANSWER_NONE];
	uint64_t sum = 0;

	for (int k = 0; k < ANSWER_COUNT; k++) {
		c.names[k] = series_answer_name((enum series_answer)k);
		sum += s->answers[k];
		for (size_t i = 0; i < s->used; i++)
			c.counts[i][k] = s->buckets[i].answers[k];
	}
	if (!sum)
		return;
	word_width(s->width, width, sizeof width);
	tongue_say(summary, sizeof summary,
	           tongue_many("%s HTTP request in the whole capture, refused, failed or without an answer: "
	                       "%s. A bar is %s.",
	                       "%s HTTP requests in the whole capture, refused, failed or without an answer: "
	                       "%s. A bar is %s.",
	                       sum),
	           page_count(sum, all), page_count(worse, bad), width);
	c.summary = summary;
	put_over_time(h, &c, s);
}

static void put_attempts(struct html *h, const struct series *s)
{
	/* Their colours are those of answers that mean the same. */
	static const int kinds[] = { ANSWER_GOOD, ANSWER_FAILED, ANSWER_REFUSED, ANSWER_NONE };
	struct chart c = { .id = "connections", .title = _("Connections over time"), .kinds = KINDS_MAX };
	char summary[SUMMARY], all[COUNT_TEXT], good[COUNT_TEXT], width[LABEL];
	uint64_t sum = 0;

	for (int k = 0; k < ATTEMPT_COUNT; k++) {
		c.names[kinds[k]] = series_attempt_name((enum series_attempt)k);
		sum += s->attempts[k];
		for (size_t i = 0; i < s->used; i++)
			c.counts[i][kinds[k]] = s->buckets[i].attempts[k];
	}
	if (!sum)
		return;
	word_width(s->width, width, sizeof width);
	tongue_say(summary, sizeof summary,
	           tongue_many("%s TCP connection was tried in the whole capture; accepted: %s. A bar is %s.",
	                       "%s TCP connections were tried in the whole capture; accepted: %s. A bar "
	                       "is %s.", sum),
	           page_count(sum, all), page_count(s->attempts[ATTEMPT_ACCEPTED], good), width);
	c.summary = summary;
	put_over_time(h, &c, s);
}

/* ---- how long ---- */

static void word_took(int64_t ns, char *text, size_t size)
{
	if (ns >= MOMENT_S)
		tongue_say(text, size, "%lld s", (long long)(ns / MOMENT_S));
	else if (ns >= MOMENT_MS)
		tongue_say(text, size, "%lld ms", (long long)(ns / MOMENT_MS));
	else
		tongue_say(text, size, "%lld us", (long long)(ns / 1000));
}

static void label_bar(char text[static LABEL], size_t bar)
{
	char from[LABEL / 3] = "0", to[LABEL / 3];

	if (bar)
		word_took(series_bar_bound(bar - 1), from, sizeof from);
	if (bar + 1 == SERIES_BARS) {
		tongue_say(text, LABEL, "%s and more", from);
		return;
	}
	word_took(series_bar_bound(bar), to, sizeof to);
	tongue_say(text, LABEL, "%s to %s", from, to);
}

static void put_histogram(struct html *h, const struct histogram *of, const char *id, const char *title)
{
	static const char *const axis[] = { "1 ms", "10 ms", "100 ms", "1 s", "10 s", NULL };
	struct chart c = { .id = id, .title = title, .what = _("Took"), .bars = SERIES_BARS, .kinds = 1 };
	char summary[SUMMARY], half[LABEL], most[LABEL], longest[LABEL], count[COUNT_TEXT];

	if (!of->count)
		return;
	c.names[0] = _("How many");
	for (size_t i = 0; i < SERIES_BARS; i++) {
		c.counts[i][0] = of->bars[i];
		label_bar(c.labels[i], i);
	}
	word_took(series_share(of, 50), half, sizeof half);
	word_took(series_share(of, 95), most, sizeof most);
	word_took(of->most, longest, sizeof longest);
	tongue_say(summary, sizeof summary,
	           "Of %s, half took at most %s, 95 of 100 at most %s; the longest took %s.",
	           page_count(of->count, count), half, most, longest);
	c.summary = summary;
	put_chart(h, &c, "log", axis);
}

/* ---- statuses ---- */

static void put_statuses(struct html *h, const struct series *s)
{
	static const char *const columns[] = { N_("Status"), N_("Meaning"), N_("Answers"), NULL };
	char count[COUNT_TEXT];
	bool any = false;

	for (unsigned i = 0; i < SERIES_STATUSES; i++) {
		const struct code *code = code_find(CODE_HTTP, i * 1000);

		if (!s->statuses[i])
			continue;
		if (!any)
			html_table(h, "statuses", _("Answers by their status code"), columns);
		any = true;
		html_put(h, "<tr><th scope=\"row\">%u</th><td>%s</td><td>%s</td></tr>\n", i,
		         code ? code->name : "",
		         page_count(s->statuses[i], count));
	}
	if (any)
		html_table_end(h);
}

void html_charts(struct html *h)
{
	const struct series *s = &h->r->heard->series;

	html_section(h, "traffic", _("Traffic"));
	html_put(h, "<div class=\"charts\">\n");
	put_answers(h, s);
	put_attempts(h, s);
	put_histogram(h, &s->first_byte, "first-byte", _("Until the first byte of an answer"));
	put_histogram(h, &s->round_trip, "round-trip", _("Round trips of connections"));
	html_put(h, "</div>\n");
	put_statuses(h, s);
	html_section_end(h);
}
