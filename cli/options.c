/* cli/options.c - one row an option: its letter, name, argument, command and words. */
#include "cli/options.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>

#include "cli/clients.h"

enum option_kind {
	OPTION_OUTPUT,
	OPTION_SUP,
	OPTION_CLIENT,
	OPTION_FILTER,
	OPTION_INTERFACE,
	OPTION_WRITE,
	OPTION_COUNT,
	OPTION_STOP,
	OPTION_SNAPLEN,
	OPTION_NOT_PROMISCUOUS,
	OPTION_BUFFER,
	OPTION_KEYS,
	OPTION_SERVER_KEY,
	OPTION_KEY_PASS,
	OPTION_ALL,
	OPTION_REVEAL,
	OPTION_SEVERITY,
	OPTION_FAIL_ON,
	OPTION_COLOR,
	OPTION_PROGRESS,
	OPTION_MEMORY,
	OPTION_QUIET,
	OPTION_HELP,
};

static const struct row {
	enum option_kind kind;
	char letter;                    /* 0: only a name */
	const char *name;
	const char *argument;           /* NULL: a switch */
	enum command_bit command;
	const char *help;
} rows[] = {
	{ OPTION_INTERFACE, 'i', "interface", "IFACE", FOR_CAPTURE,
	  "capture on this interface (any: all)" },
	{ OPTION_WRITE, 'w', "write", "FILE", FOR_CAPTURE, "record what is captured as pcapng" },
	{ OPTION_COUNT, 'c', "count", "N", FOR_CAPTURE, "stop after N frames" },
	{ OPTION_STOP, 'a', "autostop", "duration:S", FOR_CAPTURE, "stop after S seconds" },
	{ OPTION_SNAPLEN, 's', "snaplen", "BYTES", FOR_CAPTURE,
	  "capture at most so much of a frame" },
	{ OPTION_NOT_PROMISCUOUS, 'p', "no-promiscuous", NULL, FOR_CAPTURE,
	  "do not ask for other hosts' frames" },
	{ OPTION_BUFFER, 'B', "buffer-size", "KIB", FOR_CAPTURE, "the kernel's capture buffer" },
	{ OPTION_FILTER, 'f', "filter", "BPF", FOR_BOTH,
	  "judge only frames that pass this filter" },
	{ OPTION_OUTPUT, 'o', "output", "FORMAT[=FILE]", FOR_BOTH,
	  "text (default), json, events; repeatable" },
	{ OPTION_OUTPUT, 'o', "output", "FORMAT[=FILE]", FOR_EXPLAIN, "text (default), json" },
	{ OPTION_SUP, 0, "sup", "URL|HOST[:PORT]", FOR_BOTH, "the update point; repeatable" },
	{ OPTION_CLIENT, 0, "client", "CIDR|FILE", FOR_BOTH, "clients that should be seen; repeatable" },
	{ OPTION_KEYS, 0, "keys", "FILE", FOR_BOTH,
	  "key log that opens TLS (SSLKEYLOGFILE); repeatable" },
	{ OPTION_SERVER_KEY, 0, "server-key", "FILE", FOR_BOTH,
	  "RSA key of a server (PEM, DER, PKCS#12); repeatable" },
	{ OPTION_KEY_PASS, 0, "key-pass", "FILE", FOR_BOTH,
	  "its first line is the server key's pass phrase" },
	{ OPTION_ALL, 0, "all", NULL, FOR_BOTH, "judge every HTTP and TLS exchange" },
	{ OPTION_SEVERITY, 0, "severity", "LEVEL", FOR_BOTH,
	  "show from info, warning, error, critical" },
	{ OPTION_FAIL_ON, 0, "fail-on", "LEVEL", FOR_BOTH,
	  "exit 1 from this level (error); never" },
	{ OPTION_REVEAL, 0, "reveal", NULL, FOR_BOTH, "do not mask names of users, credentials and tokens" },
	{ OPTION_MEMORY, 0, "memory", "SIZE", FOR_BOTH, "budget for connections (512M)" },
	{ OPTION_COLOR, 0, "color", "WHEN", FOR_ALL, "auto, always, never" },
	{ OPTION_PROGRESS, 0, "progress", "WHEN", FOR_BOTH, "auto, always, never" },
	{ OPTION_QUIET, 'q', "quiet", NULL, FOR_BOTH, "no words about the run on standard error" },
	{ OPTION_HELP, 'h', "help", NULL, FOR_ALL, "these lines" },
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

void options_help(enum command_bit command)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct row *r = &rows[i];
		char letter[] = { '-', r->letter, ',', '\0' };
		char left[64];

		if (!(r->command & command))
			continue;
		snprintf(left, sizeof left, "%-3s --%s%s%s", r->letter ? letter : "", r->name,
		         r->argument ? " " : "", r->argument ? r->argument : "");
		printf("  %-32s %s\n", left, r->help);
	}
}

/* ---- values ---- */

static bool take_output(struct options *o, const char *value, struct fault *f)
{
	static const struct span names[] = {
#define X(symbol, name) [OUTPUT_##symbol] = SPAN_LIT(name),
		OUTPUT_FORMATS(X)
#undef X
	};
	struct span path = span_text(value);
	struct span name = span_split(&path, '=');

	if (o->output_count == OUTPUTS_MAX)
		return fault_set(f, FAULT_USAGE, "-o: at most %d outputs", OUTPUTS_MAX);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_eq(name, names[i])) {
			struct output *out = &o->outputs[o->output_count++];

			out->format = (enum output_format)i;
			out->path = path.len ? (const char *)path.at : NULL;
			return true;
		}
	return fault_set(f, FAULT_USAGE, "-o %s: no such format; there are text, json and events", value);
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

static bool take_sup(struct options *o, const char *value, struct fault *f)
{
	if (o->sup_count == SUPS_MAX)
		return fault_set(f, FAULT_USAGE, "--sup: at most %d update points", SUPS_MAX);
	if (!has_good_port(span_text(value)))
		return fault_set(f, FAULT_USAGE,
		                 "--sup %s: a port from 1 to 65535 is wanted behind the colon", value);
	o->sups[o->sup_count++] = value;
	return true;
}

static bool take_client(struct options *o, const char *value, struct fault *f)
{
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

/* Standard input is for captures, and a secret is not to be typed into a command line. */
static bool take_key_file(const char *name, const char *value, const char **files, size_t *count,
                          struct fault *f)
{
	if (!strcmp(value, "-"))
		return fault_set(f, FAULT_USAGE, "--%s -: a file is wanted, not standard input", name);
	if (*count == KEY_FILES_MAX)
		return fault_set(f, FAULT_USAGE, "--%s: at most %d files", name, KEY_FILES_MAX);
	files[(*count)++] = value;
	return true;
}

static bool take_key_pass(struct options *o, const char *value, struct fault *f)
{
	size_t count = 0;

	return take_key_file("key-pass", value, &o->key_pass, &count, f);
}

static bool take_number(const char *name, const char *value, uint64_t max, uint64_t *number, struct fault *f)
{
	if (span_decimal(span_text(value), number) && *number <= max)
		return true;
	return fault_set(f, FAULT_USAGE, "%s %s: a number up to %llu is wanted", name, value,
	                 (unsigned long long)max);
}

/* "64M": bytes, or with K, M, G (powers of 1024). */
static bool take_size(const char *value, uint64_t *bytes, struct fault *f)
{
	static const struct unit {
		char letter;
		unsigned shift;
	} units[] = { { 'k', 10 }, { 'm', 20 }, { 'g', 30 } };
	struct span digits = span_text(value);
	unsigned shift = 0;

	for (size_t i = 0; i < 3; i++)
		if (digits.len && (digits.at[digits.len - 1] | 0x20) == units[i].letter) {
			shift = units[i].shift;
			digits.len--;
			break;
		}
	if (!span_decimal(digits, bytes) || *bytes > UINT64_MAX >> shift || *bytes << shift < 1 << 20)
		return fault_set(f, FAULT_USAGE,
		                 "--memory %s: a size of at least 1M is wanted, such as 512M or 2G",
		                 value);
	*bytes <<= shift;
	return true;
}

static bool take_when(const char *name, const char *value, enum when *when, struct fault *f)
{
	static const char *const words[] = { "auto", "always", "never" };

	for (int i = 0; i < 3; i++)
		if (!strcmp(value, words[i])) {
			*when = (enum when)i;
			return true;
		}
	return fault_set(f, FAULT_USAGE, "--%s %s: auto, always or never is wanted", name, value);
}

static bool take_severity(const char *name, const char *value, enum severity *level, struct fault *f)
{
	if (severity_parse(span_text(value), level))
		return true;
	return fault_set(f, FAULT_USAGE, "--%s %s: info, warning, error or critical is wanted", name, value);
}

static bool take_stop(struct options *o, const char *value, struct fault *f)
{
	struct span seconds = span_text(value);
	struct span what = span_split(&seconds, ':');

	if (span_eq(what, SPAN("duration")) && span_decimal(seconds, &o->seconds) && o->seconds)
		return true;
	return fault_set(f, FAULT_USAGE, "-a %s: duration:SECONDS is wanted", value);
}

static bool take_int(const char *name, const char *value, int *number, struct fault *f)
{
	uint64_t wide;

	if (!take_number(name, value, INT_MAX / 1024, &wide, f))
		return false;
	*number = (int)wide;
	return true;
}

static bool take(struct options *o, const struct row *r, const char *value, struct fault *f)
{
	switch (r->kind) {
	case OPTION_OUTPUT:
		return take_output(o, value, f);
	case OPTION_SUP:
		return take_sup(o, value, f);
	case OPTION_CLIENT:
		return take_client(o, value, f);
	case OPTION_FILTER:
		o->filter = value;
		return true;
	case OPTION_INTERFACE:
		o->interface = value;
		return true;
	case OPTION_WRITE:
		o->write = value;
		return true;
	case OPTION_COUNT:
		return take_number("-c", value, UINT64_MAX, &o->frame_limit, f);
	case OPTION_STOP:
		return take_stop(o, value, f);
	case OPTION_SNAPLEN:
		return take_int("-s", value, &o->snaplen, f);
	case OPTION_BUFFER:
		return take_int("-B", value, &o->buffer_kib, f);
	case OPTION_NOT_PROMISCUOUS:
		o->not_promiscuous = true;
		return true;
	case OPTION_KEYS:
		return take_key_file("keys", value, o->key_logs, &o->key_log_count, f);
	case OPTION_SERVER_KEY:
		return take_key_file("server-key", value, o->server_keys, &o->server_key_count, f);
	case OPTION_KEY_PASS:
		return take_key_pass(o, value, f);
	case OPTION_ALL:
		o->all = true;
		return true;
	case OPTION_REVEAL:
		o->reveal = true;
		return true;
	case OPTION_SEVERITY:
		o->all_notes = true;
		return take_severity("severity", value, &o->show_from, f);
	case OPTION_FAIL_ON:
		o->fail_on = SEVERITY_COUNT;
		return !strcmp(value, "never") || take_severity("fail-on", value, &o->fail_on, f);
	case OPTION_COLOR:
		return take_when("color", value, &o->color, f);
	case OPTION_PROGRESS:
		return take_when("progress", value, &o->progress, f);
	case OPTION_MEMORY:
		return take_size(value, &o->memory, f);
	case OPTION_QUIET:
		o->quiet = true;
		return true;
	case OPTION_HELP:
		o->help = true;
		return true;
	}
	return false;
}

/* ---- parsing ---- */

struct getopt_tables {
	char letters[ROW_COUNT * 2 + 2];
	struct option names[ROW_COUNT + 1];
	const struct row *row_of[ROW_COUNT];    /* parallel to names */
	int count;
};

static struct getopt_tables tables_for(enum command_bit command)
{
	struct getopt_tables t = { .letters = ":" };
	size_t len = 1;

	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct row *r = &rows[i];

		if (!(r->command & command))
			continue;
		t.names[t.count] =
			(struct option){ r->name, r->argument ? required_argument : no_argument,
			                 NULL, 0 };
		t.row_of[t.count++] = r;
		if (!r->letter)
			continue;
		t.letters[len++] = r->letter;
		if (r->argument)
			t.letters[len++] = ':';
	}
	return t;
}

static const struct row *row_of_letter(const struct getopt_tables *t, int letter)
{
	for (int i = 0; i < t->count; i++)
		if (t->row_of[i]->letter == letter)
			return t->row_of[i];
	return NULL;
}

/* "-2145107941" is a code and no bundle of options; without its sign it says the same (cli/explain.h). */
static void drop_signs(int argc, char **argv)
{
	uint64_t number;

	for (int i = 1; i < argc; i++)
		if (argv[i][0] == '-' && span_decimal(span_text(argv[i] + 1), &number))
			argv[i]++;
}

bool options_parse(struct options *o, int argc, char **argv, enum command_bit command, struct fault *f)
{
	struct getopt_tables t = tables_for(command);
	int letter, index = -1;

	*o = (struct options){ .fail_on = SEVERITY_ERROR, .memory = UINT64_C(512) << 20 };
	if (command == FOR_EXPLAIN)
		drop_signs(argc, argv);
	optind = 0;             /* start anew: glibc's way */
	opterr = 0;
	while ((letter = getopt_long(argc, argv, t.letters, t.names, &index)) != -1) {
		if (letter == ':')
			return fault_set(f, FAULT_USAGE, "%s: a value is missing", argv[optind - 1]);
		if (letter == '?')
			return fault_set(f, FAULT_USAGE,
			                 "%s: no such option; see wsuscope %s --help",
			                 argv[optind - 1], argv[0]);
		if (!take(o, letter ? row_of_letter(&t, letter) : t.row_of[index], optarg, f))
			return false;
	}
	o->files = (const char *const *)(argv + optind);
	o->file_count = (size_t)(argc - optind);
	if (!o->output_count)
		o->outputs[o->output_count++] = (struct output){ OUTPUT_TEXT, NULL };
	return true;
}
