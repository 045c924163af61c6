/* cli/option_values.c - values of options, and the words for what is none. */
#include <stdio.h>
#include <stdlib.h>

#include "base/tongue.h"
#include "cli/clients.h"
#include "cli/option_rows.h"

/* ---- of any option ---- */

/* An option as it is spoken of: "-c", "--keys". */
static const char *spelled(const struct option_row *row, char text[static 40])
{
	if (row->letter)
		snprintf(text, 40, "-%c", row->letter);
	else
		snprintf(text, 40, "--%s", row->name);
	return text;
}

bool take_switch(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	bool on = !value || !strcmp(value, "yes");

	if (!on && strcmp(value, "no") != 0)
		return fault_set(f, FAULT_USAGE, "--%s %s: yes or no is wanted", row->name, value);
	*(bool *)option_field(o, row->to) = on;
	return true;
}

/* A capture is read three times under a veil, so it has to be there. */
bool take_pseudonyms(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	if (o->command != FOR_ANALYZE)
		return fault_set(f, FAULT_USAGE,
		                 "--pseudonyms takes a recorded capture: record with %s FILE, then analyze "
		                 "--pseudonyms -o annotated=SHARED FILE",
		                 o->command == FOR_PROBE ? "--capture" : "capture -w");
	return take_switch(o, row, value, f);
}

bool take_text(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	(void)f;
	*(const char **)option_field(o, row->to) = value;
	return true;
}

bool take_texts(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	const char **texts = option_field(o, row->to);
	size_t *count = option_field(o, row->count);
	char name[40];

	if (*count == row->max)
		return fault_set(f, FAULT_USAGE, "%s: at most %llu of them", spelled(row, name),
		                 (unsigned long long)row->max);
	texts[(*count)++] = value;
	return true;
}

/* "HOST:PORT:ADDR", or several addresses with commas between. */
static bool is_resolve(struct span text)
{
	struct span host = span_split(&text, ':'), port = span_split(&text, ':');
	struct addr address;
	uint64_t number;

	if (!host.len || !span_decimal(port, &number) || !number || number > UINT16_MAX || !text.len)
		return false;
	while (text.len)
		if (!addr_parse(span_split(&text, ','), &address))
			return false;
	return true;
}

bool take_lang(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	if (!tongue_is_known(value))
		return fault_set(f, FAULT_USAGE, "--lang %s: one of %s is wanted", value, tongue_codes());
	return take_text(o, row, value, f);
}

bool take_resolve(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	if (!is_resolve(span_text(value)))
		return fault_set(f, FAULT_USAGE,
		                 "--resolve %s: HOST:PORT:ADDRESS is wanted, such as "
		                 "wsus01:8530:192.0.2.1", value);
	return take_texts(o, row, value, f);
}

/* Standard input is for captures, and a secret is not to be typed into a command line. */
static bool is_file(const struct option_row *row, const char *value, struct fault *f)
{
	return strcmp(value, "-") != 0 ||
	       fault_set(f, FAULT_USAGE, "--%s -: a file is wanted, not standard input", row->name);
}

bool take_file(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	return is_file(row, value, f) && take_text(o, row, value, f);
}

bool take_files(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	return is_file(row, value, f) && take_texts(o, row, value, f);
}

static bool read_number(const struct option_row *row, const char *value, uint64_t *number, struct fault *f)
{
	char name[40];

	if (span_decimal(span_text(value), number) && *number >= row->min && *number <= row->max)
		return true;
	return fault_set(f, FAULT_USAGE, "%s %s: a number from %llu to %llu is wanted", spelled(row, name),
	                 value, (unsigned long long)row->min, (unsigned long long)row->max);
}

bool take_number(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	return read_number(row, value, option_field(o, row->to), f);
}

bool take_int(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	uint64_t wide;

	if (!read_number(row, value, &wide, f))
		return false;
	*(int *)option_field(o, row->to) = (int)wide;
	return true;
}

/* "5", "0.5", "60s", "5m", "1h", up to a week. */
static bool read_duration(struct span text, int64_t *ns)
{
	static const struct unit {
		uint8_t letter;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 } };
	static const uint64_t tens[] = { 1000, 100, 10, 1 };
	static const int64_t most = INT64_C(7) * 24 * 3600 * MOMENT_S;
	int64_t unit = 1;
	uint64_t whole, parts = 0;
	struct span seconds;

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (text.len && text.at[text.len - 1] == units[i].letter) {
			unit = units[i].seconds;
			text.len--;
			break;
		}
	seconds = span_split(&text, '.');
	if (!span_decimal(seconds, &whole) || whole > (uint64_t)(most / MOMENT_S) || text.len > 3 ||
	    (text.len && !span_decimal(text, &parts)))
		return false;
	*ns = ((int64_t)whole * MOMENT_S + (int64_t)(parts * tens[text.len]) * MOMENT_MS) * unit;
	return *ns > 0 && *ns <= most;
}

bool take_duration(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	char name[40];

	return read_duration(span_text(value), option_field(o, row->to)) ||
	       fault_set(f, FAULT_USAGE,
	                 "%s %s: a time is wanted, such as 5, 0.5 or 60s (seconds), 5m or 1h",
	                 spelled(row, name), value);
}

/* "64M": bytes, or with K, M, G (powers of 1024). */
bool take_size(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	static const struct unit {
		char letter;
		unsigned shift;
	} units[] = { { 'k', 10 }, { 'm', 20 }, { 'g', 30 } };
	struct span digits = span_text(value);
	unsigned shift = 0;
	uint64_t *bytes = option_field(o, row->to);

	for (size_t i = 0; i < 3; i++)
		if (digits.len && (digits.at[digits.len - 1] | 0x20) == units[i].letter) {
			shift = units[i].shift;
			digits.len--;
			break;
		}
	if (!span_decimal(digits, bytes) || *bytes > UINT64_MAX >> shift || *bytes << shift < 1 << 20)
		return fault_set(f, FAULT_USAGE,
		                 "--%s %s: a size of at least 1M is wanted, such as 512M or 2G",
		                 row->name, value);
	*bytes <<= shift;
	return true;
}

/* "duration:60", as dumpcap's -a and -b: sizes in kB (1000 bytes), times in seconds. */
bool take_limit(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	struct recording_limits *limits = option_field(o, row->to);
	const struct limit_name {
		struct span name;
		uint64_t *to;           /* NULL: a time */
		int64_t *time;
		uint64_t unit;
	} names[] = {
		{ SPAN_LIT("duration"), NULL, &limits->duration, (uint64_t)MOMENT_S },
		{ SPAN_LIT("interval"), NULL, &limits->interval, (uint64_t)MOMENT_S },
		{ SPAN_LIT("filesize"), &limits->bytes, NULL, 1000 },
		{ SPAN_LIT("files"), &limits->files, NULL, 1 },
		{ SPAN_LIT("packets"), &limits->frames, NULL, 1 },
	};
	struct span number = span_text(value);
	struct span what = span_split(&number, ':');
	char spelling[40];
	uint64_t n;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!span_eq(what, names[i].name) || !span_decimal(number, &n) || !n ||
		    n > (uint64_t)INT64_MAX / names[i].unit || (!names[i].to && limits == &o->stop && i == 1))
			continue;
		if (names[i].to)
			*names[i].to = n * names[i].unit;
		else
			*names[i].time = (int64_t)(n * names[i].unit);
		return true;
	}
	return fault_set(f, FAULT_USAGE, "%s %s: duration:S, filesize:KB, files:N%s or packets:N is wanted",
	                 spelled(row, spelling), value, limits == &o->stop ? "" : ", interval:S");
}

/* "2.5" */
bool take_factor(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	double *factor = option_field(o, row->to);
	char *end;

	*factor = strtod(value, &end);
	if (end != value && !*end && *factor > 0 && *factor <= 1e6)
		return true;
	return fault_set(f, FAULT_USAGE, "--%s %s: a number above 0 is wanted", row->name, value);
}

/* Never repeats what it was given. */
bool take_login(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	char name[40];

	if (!strchr(value, ':') || strlen(value) >= LOGIN_MAX)
		return fault_set(f, FAULT_USAGE, "%s: USER:PASSWORD is wanted, of less than %d characters",
		                 spelled(row, name), LOGIN_MAX);
	memcpy(option_field(o, row->to), value, strlen(value) + 1);
	return true;
}

bool take_when(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	static const char *const words[] = {
#define X(symbol, name) [WHEN_##symbol] = name,
		WHENS(X)
#undef X
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(value, words[i])) {
			*(enum when *)option_field(o, row->to) = (enum when)i;
			return true;
		}
	return fault_set(f, FAULT_USAGE, "--%s %s: auto, always or never is wanted", row->name, value);
}

/* ---- of one ---- */

static bool read_severity(const struct option_row *row, const char *value, enum severity *level,
                          struct fault *f)
{
	return severity_parse(span_text(value), level) ||
	       fault_set(f, FAULT_USAGE, "--%s %s: info, warning, error or critical is wanted", row->name,
	                 value);
}

bool take_show_from(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	o->all_notes = true;
	return read_severity(row, value, &o->show_from, f);
}

bool take_fail_on(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	o->fail_on = SEVERITY_COUNT;
	return !strcmp(value, "never") || read_severity(row, value, &o->fail_on, f);
}

/* -o all=BASE: four files, whose names begin alike. */
static bool take_all(struct options *o, struct span base, struct fault *f)
{
	static const struct all_row {
		enum output_format format;
		const char *ending;
	} rows[] = {
#define X(symbol, ending) { OUTPUT_##symbol, ending },
		ALL_FORMATS(X)
#undef X
	};

	if (!base.len || span_eq(base, SPAN("-")) || base.len > ALL_PATH / 2)
		return fault_set(f, FAULT_USAGE, "-o all: the beginning of names of files is wanted, such as "
		                                 "-o all=report");
	if (o->all_paths[0][0] || o->output_count + ALL_COUNT > OUTPUTS_MAX)
		return fault_set(f, FAULT_USAGE, "-o all: once, and at most %d outputs", OUTPUTS_MAX);
	for (size_t i = 0; i < ALL_COUNT; i++) {
		snprintf(o->all_paths[i], ALL_PATH, "%.*s%s", (int)base.len, (const char *)base.at,
		         rows[i].ending);
		o->outputs[o->output_count++] = (struct output){ rows[i].format, o->all_paths[i] };
	}
	return true;
}

bool take_output(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	static const struct span names[] = {
#define X(symbol, name) [OUTPUT_##symbol] = SPAN_LIT(name),
		OUTPUT_FORMATS(X)
#undef X
	};
	struct span path = span_text(value);
	struct span name = span_split(&path, '=');

	(void)row;
	if (span_eq(name, SPAN("all")))
		return take_all(o, path, f);
	if (o->output_count == OUTPUTS_MAX)
		return fault_set(f, FAULT_USAGE, "-o: at most %d outputs", OUTPUTS_MAX);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_eq(name, names[i])) {
			struct output *out = &o->outputs[o->output_count++];

			out->format = (enum output_format)i;
			out->path = path.len ? (const char *)path.at : NULL;
			return true;
		}
	return fault_set(f, FAULT_USAGE,
	                 "-o %s: no such format; there are text, json, html, markdown, csv, csv-clients, "
	                 "csv-exchanges, har, events, evidence, annotated, all, syslog and journald",
	                 value);
}

/* What stands behind the last colon of HOST:PORT is a port; "[::1]" and "::1" have none. */
static bool has_good_port(struct span sup)
{
	size_t scheme = span_find(sup, SPAN("://"));
	struct addr bare;
	uint64_t port;

	if (scheme != SIZE_MAX)
		span_take(&sup, scheme + 3);
	sup = span_split(&sup, '/');
	if (addr_parse(sup, &bare) || span_byte(sup, ':') == SIZE_MAX || span_iends(sup, SPAN("]")))
		return true;
	while (span_byte(sup, ':') != SIZE_MAX)
		span_take(&sup, span_byte(sup, ':') + 1);
	return span_decimal(sup, &port) && port && port <= UINT16_MAX;
}

bool take_sup(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	(void)row;
	if (o->sup_count == SUPS_MAX)
		return fault_set(f, FAULT_USAGE, "--sup: at most %d update points", SUPS_MAX);
	if (!has_good_port(span_text(value)))
		return fault_set(f, FAULT_USAGE,
		                 "--sup %s: a port from 1 to 65535 is wanted behind the colon", value);
	o->sups[o->sup_count++] = value;
	return true;
}

bool take_client(struct options *o, const struct option_row *row, const char *value, struct fault *f)
{
	(void)row;
	if (o->client_count == CLIENTS_MAX)
		return fault_set(f, FAULT_USAGE, "--client: at most %d clients, networks or files",
		                 CLIENTS_MAX);
	if (!clients_plausible(value))
		return fault_set(f, FAULT_USAGE,
		                 "--client %s: an address or a network is wanted, such as 192.0.2.50 or "
		                 "192.0.2.0/24, or a file of them that can be read",
		                 value);
	o->clients[o->client_count++] = value;
	return true;
}
