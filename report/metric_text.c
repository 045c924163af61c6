/* report/metric_text.c - heads, labels and values. */
#include "report/metric_text.h"

#include <inttypes.h>

#include "base/moment.h"
#include "base/utf8.h"

enum { NAME_MAX_LEN = 120, SECONDS_TEXT = 32 };

void metric_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Values are UTF-8; backslash, quote and line end are escaped. */
static void put_label(FILE *out, const struct metric_label *label)
{
	struct span left = span_text(label->value);

	fprintf(out, "%s=\"", label->name);
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

static void put_series(FILE *out, const char *name, const struct metric_label *labels, size_t count)
{
	fputs(name, out);
	for (size_t i = 0; i < count; i++) {
		fputc(i ? ',' : '{', out);
		put_label(out, &labels[i]);
	}
	fputs(count ? "} " : " ", out);
}

void metric_count(FILE *out, const char *name, const struct metric_label *labels, size_t count,
                  uint64_t value)
{
	put_series(out, name, labels, count);
	fprintf(out, "%" PRIu64 "\n", value);
}

/* As short as it is exact: "0.0025", "60". */
static const char *seconds_text(int64_t ns, char text[static SECONDS_TEXT])
{
	uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	uint64_t second = (uint64_t)MOMENT_S;
	int len = snprintf(text, SECONDS_TEXT, "%s%" PRIu64 ".%09" PRIu64, ns < 0 ? "-" : "",
	                   size / second, size % second);

	while (text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[len - 1] = '\0';
	return text;
}

void metric_seconds(FILE *out, const char *name, const struct metric_label *labels, size_t count,
                    int64_t ns)
{
	char text[SECONDS_TEXT];

	put_series(out, name, labels, count);
	fprintf(out, "%s\n", seconds_text(ns, text));
}

/* Each bucket holds those below it, too. */
void metric_histogram(FILE *out, const char *name, const struct metric_label *labels, size_t count,
                      const struct metric_histogram *h)
{
	struct metric_label all[METRIC_LABELS_MAX + 1];
	char part[NAME_MAX_LEN], text[SECONDS_TEXT];
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		all[i] = labels[i];
	snprintf(part, sizeof part, "%s_bucket", name);
	for (size_t i = 0; i <= h->bound_count; i++) {
		sum += h->in[i];
		all[count] = (struct metric_label){ "le", "+Inf" };
		if (i < h->bound_count)
			all[count].value = seconds_text(h->bounds[i], text);
		metric_count(out, part, all, count + 1, sum);
	}
	snprintf(part, sizeof part, "%s_sum", name);
	metric_seconds(out, part, labels, count, h->sum);
	snprintf(part, sizeof part, "%s_count", name);
	metric_count(out, part, labels, count, sum);
}
