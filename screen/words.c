/* screen/words.c - numbers and names in few columns. */
#include <stdio.h>

#include "screen/parts.h"

bool holds(const char *text, struct span filter)
{
	return span_ifind(span_text(text), filter) != SIZE_MAX;
}

const char *word_ago(int64_t ns, char text[static 16])
{
	int64_t s = ns / MOMENT_S;

	if (s < 0)
		s = 0;
	if (s < 120)
		snprintf(text, 16, "%d s", (int)s);
	else if (s < 120 * 60)
		snprintf(text, 16, "%d min", (int)(s / 60));
	else if (s < 48 * 3600)
		snprintf(text, 16, "%d h", (int)(s / 3600));
	else
		snprintf(text, 16, "%lld d", (long long)(s / 86400));
	return text;
}

const char *word_count(uint64_t count, char text[static 16])
{
	static const char units[] = "kMGTPE";
	double value = (double)count;
	size_t unit = 0;

	if (count < 10000) {
		snprintf(text, 16, "%u", (unsigned)count);
		return text;
	}
	value /= 1000;
	while (value >= 999.5) {
		value /= 1000;
		unit++;
	}
	snprintf(text, 16, value < 9.95 ? "%.1f%c" : "%.0f%c", value, units[unit]);
	return text;
}

const char *word_time(int64_t ns, char text[static 16])
{
	char clock[CLOCK_TEXT];

	if (ns == MOMENT_NONE)
		snprintf(text, 16, "-");
	else
		snprintf(text, 16, "%.8s.%03u", moment_clock(ns, clock),
		         (unsigned)((ns % MOMENT_S + MOMENT_S) % MOMENT_S / MOMENT_MS));
	return text;
}

const char *word_took(int64_t ns, char text[static 16])
{
	double ms = (double)ns / (double)MOMENT_MS;

	if (ns < 0)
		snprintf(text, 16, "-");
	else if (ms < 0.1)
		snprintf(text, 16, "%.0f us", ms * 1000);
	else if (ms < 9.95)
		snprintf(text, 16, "%.1f ms", ms);
	else if (ms < 999.5)
		snprintf(text, 16, "%.0f ms", ms);
	else if (ms < 99950)
		snprintf(text, 16, "%.1f s", ms / 1000);
	else
		snprintf(text, 16, "%.0f s", ms / 1000 < 99999 ? ms / 1000 : 99999.0);
	return text;
}

/* Its address, and the first label of its name. */
const char *word_client(const struct ladder *l, char text[static ABOUT_TEXT])
{
	char client[ADDR_TEXT];
	struct span name = span_text(l->name), label = span_split(&name, '.');

	snprintf(text, ABOUT_TEXT, "%s%s%.*s", addr_text(&l->client, client), label.len ? " " : "",
	         (int)(label.len < 64 ? label.len : 64), (const char *)label.at);
	return text;
}

/* "wsus01.corp.example:8530", "wsus01:8530 via the proxy 192.0.2.9:3128" */
const char *word_target(const struct ladder *l, char text[static ABOUT_TEXT])
{
	char server[ENDPOINT_TEXT];

	endpoint_text(&l->server, server);
	if (l->via_proxy)
		snprintf(text, ABOUT_TEXT, "%s via the proxy %s", l->host[0] ? l->host : "?", server);
	else if (l->host[0])
		snprintf(text, ABOUT_TEXT, "%s", l->host);
	else
		snprintf(text, ABOUT_TEXT, "%s", server);
	return text;
}

int compare_numbers(double a, double b)
{
	return a > b ? -1 : a < b;
}
