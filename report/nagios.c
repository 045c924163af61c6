/* report/nagios.c - status, words and performance data in one line. */
#include "report/nagios.h"

#include "report/check_words.h"

enum { WORDS_MAX = 600 };

enum nagios_status nagios_status(const struct report *r)
{
	bool any = findings_count(r->findings) > 0;
	enum severity worst = any ? findings_at(r->findings, 0)->severity : SEVERITY_INFO;

	if (checks_in(r, CHECK_FAILED) || worst >= SEVERITY_ERROR)
		return NAGIOS_CRITICAL;
	if (r->interrupted || checks_cut(r) || !(checks_in(r, CHECK_OK) + checks_in(r, CHECK_WARNING)))
		return NAGIOS_UNKNOWN;
	return checks_in(r, CHECK_WARNING) || worst >= SEVERITY_WARNING ? NAGIOS_WARNING : NAGIOS_OK;
}

/* The bar begins performance data, and the line is one. */
static void put_words(FILE *out, const char *words)
{
	for (const char *c = words; *c; c++)
		fputc(*c == '|' ? '/' : (unsigned char)*c < ' ' || *c == 0x7f ? ' ' : *c, out);
}

static const struct report_check *first_in(const struct report *r, enum check_state state)
{
	for (size_t i = 0; i < r->check_count; i++)
		if (r->checks[i].state == state)
			return &r->checks[i];
	return NULL;
}

static void put_reason(FILE *out, const struct report *r, enum check_state state)
{
	const struct report_check *c = first_in(r, state);
	char label[CHECK_LABEL], way[CHECK_WAY], words[WORDS_MAX];
	const char *kind = c ? check_kind(c) : NULL;

	if (!c && findings_count(r->findings))
		snprintf(words, sizeof words, "%s; ", findings_at(r->findings, 0)->title);
	else if (c)
		snprintf(words, sizeof words, "%s at %.200s: %.200s%s%s%s; ", check_label(c->check, label),
		         check_way(c->check, way), c->check->detail, kind ? " (" : "", kind ? kind : "",
		         kind ? ")" : "");
	else
		words[0] = '\0';
	put_words(out, words);
}

/* The longest check of each rung: 'label'=value[unit];[warn];[crit];[min];[max]. */
static void put_performance(FILE *out, const struct report *r)
{
	for (int rung = 0; rung < CHECK_RUNG_COUNT; rung++) {
		int64_t longest = -1;

		for (size_t i = 0; i < r->check_count; i++)
			if (r->checks[i].check->rung == (enum check_rung)rung &&
			    r->checks[i].state != CHECK_SKIPPED &&
			    check_took(r->checks[i].check) > longest)
				longest = check_took(r->checks[i].check);
		if (longest >= 0)
			fprintf(out, "%s=%.6fs;;;0 ", check_rung_name((enum check_rung)rung),
			        (double)longest / (double)MOMENT_S);
	}
	fprintf(out, "time=%.6fs;;;0 failed=%zu;;;0;%zu", (double)checks_took(r) / (double)MOMENT_S,
	        checks_in(r, CHECK_FAILED), r->check_count);
}

void report_nagios(FILE *out, const struct report *r)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	enum nagios_status status = nagios_status(r);

	fprintf(out, "WSUS %s - ", words[status]);
	if (status == NAGIOS_CRITICAL || status == NAGIOS_WARNING)
		put_reason(out, r, status == NAGIOS_CRITICAL ? CHECK_FAILED : CHECK_WARNING);
	if (r->interrupted)
		fputs("interrupted; ", out);
	else if (checks_cut(r))
		fprintf(out, "time was over before %zu check%s; ", checks_cut(r),
		        checks_cut(r) == 1 ? "" : "s");
	fprintf(out, "%zu of %zu checks ok | ", checks_in(r, CHECK_OK),
	        r->check_count - checks_in(r, CHECK_SKIPPED));
	put_performance(out, r);
	fputc('\n', out);
}
