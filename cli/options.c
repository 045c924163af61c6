/* cli/options.c - arguments of a command line, by the table of option_rows.c. */
#include "cli/options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/config.h"
#include "cli/option_rows.h"

void options_help(enum command_bit command)
{
	for (const struct option_row *r = option_rows; r->name; r++) {
		char letter[] = { '-', r->letter, ',', '\0' };
		char left[64];

		if (!(r->commands & command))
			continue;
		snprintf(left, sizeof left, "%-3s --%s%s%s", r->letter ? letter : "", r->name,
		         r->argument ? " " : "", r->argument ? r->argument : "");
		printf("  %-32s %s\n", left, r->help);
	}
}

struct getopt_tables {
	char letters[OPTION_ROWS_MAX * 2 + 2];
	struct option names[OPTION_ROWS_MAX + 1];
	const struct option_row *row_of[OPTION_ROWS_MAX];       /* parallel to names */
	int count;
};

static struct getopt_tables tables_for(enum command_bit command)
{
	struct getopt_tables t = { .letters = ":" };
	size_t len = 1;

	for (const struct option_row *r = option_rows; r->name; r++) {
		if (!(r->commands & command))
			continue;
		/* "--quiet=no" takes back what a file of options says. */
		t.names[t.count] = (struct option){
			r->name, r->argument ? required_argument : optional_argument, NULL, 0
		};
		t.row_of[t.count++] = r;
		if (!r->letter)
			continue;
		t.letters[len++] = r->letter;
		if (r->argument)
			t.letters[len++] = ':';
	}
	return t;
}

static const struct option_row *row_of_letter(const struct getopt_tables *t, int letter)
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

/* Whoever lists processes sees arguments.  What may hold a login is kept here and starred there: of a URL
 * all up to its '@', of others everything. */
static bool hide_logins(struct options *o, int argc, char **argv, struct fault *f)
{
	size_t used = 0;

	for (int i = 1; i < argc; i++) {
		char *at = strrchr(argv[i], '@'), *scheme = strstr(argv[i], "://");
		size_t size = strlen(argv[i]) + 1;
		bool is_url = at && scheme && scheme < at;
		char *from = is_url ? scheme + 3 : argv[i], *to = is_url ? at : argv[i] + size - 1;

		if (!at)
			continue;
		if (size > sizeof o->urls - used)
			return fault_set(f, FAULT_USAGE, "too many URLs hold a login");
		memcpy(o->urls + used, argv[i], size);
		memset(from, '*', (size_t)(to - from));
		argv[i] = o->urls + used;
		used += size;
	}
	return true;
}

static const struct option_row *row_of(const struct getopt_tables *t, int letter, int index)
{
	return letter ? row_of_letter(t, letter) : t->row_of[index];
}

static void begin_arguments(void)
{
	optind = 0;             /* start anew: glibc's way */
	opterr = 0;
}

/* The argument that getopt complains of; among letters in one word it stands still. */
static const char *complained(char *const *argv, char letter[static 3])
{
	if (!optopt)
		return argv[optind - 1];
	snprintf(letter, 3, "-%c", optopt);
	return letter;
}

/* The file of options that the arguments name, before they are taken: they override what stands in it. */
static const char *find_config(const struct getopt_tables *t, int argc, char **argv)
{
	const char *named = NULL;
	int letter, index = -1;

	begin_arguments();
	while ((letter = getopt_long(argc, argv, t->letters, t->names, &index)) != -1)
		if (letter != ':' && letter != '?' &&
		    row_of(t, letter, index)->to == offsetof(struct options, config))
			named = optarg;
	return named;
}

/* What a file said of that which arguments say, too, and which may be said more than once. */
static void begin_anew(struct options *o, int argc, char **argv, const struct getopt_tables *t)
{
	int letter, index = -1;

	begin_arguments();
	while ((letter = getopt_long(argc, argv, t->letters, t->names, &index)) != -1) {
		const struct option_row *row;

		if (letter == ':' || letter == '?')
			continue;
		row = row_of(t, letter, index);
		if (row->count)
			*(size_t *)option_field(o, row->count) = 0;
		if (row->take == take_limit)
			*(struct recording_limits *)option_field(o, row->to) = (struct recording_limits){ 0 };
	}
}

static bool take_options(struct options *o, int argc, char **argv, const struct getopt_tables *t,
                         struct fault *f)
{
	int letter, index = -1;
	char word[3];

	begin_arguments();
	while ((letter = getopt_long(argc, argv, t->letters, t->names, &index)) != -1) {
		const struct option_row *row;
		bool good;

		if (letter == ':')
			return fault_set(f, FAULT_USAGE, "%s: a value is missing", complained(argv, word));
		if (letter == '?')
			return fault_set(f, FAULT_USAGE,
			                 "%s: no such option; see wsuscope %s --help",
			                 complained(argv, word), argv[0]);
		row = row_of(t, letter, index);
		good = row->take(o, row, optarg, f);
		if (row->secret && optarg)
			explicit_bzero(optarg, strlen(optarg));
		if (!good)
			return false;
	}
	return true;
}

bool options_parse(struct options *o, int argc, char **argv, enum command_bit command, struct fault *f)
{
	struct getopt_tables t;

	*o = (struct options){ .command = command, .fail_on = SEVERITY_ERROR, .memory = UINT64_C(512) << 20 };
	t = tables_for(command);
	if (command == FOR_EXPLAIN)
		drop_signs(argc, argv);
	if (command == FOR_PROBE && !hide_logins(o, argc, argv, f))
		return false;
	o->config = find_config(&t, argc, argv);
	if (o->config && !config_read(o, f))
		return false;
	if (o->config)
		begin_anew(o, argc, argv, &t);
	if (!take_options(o, argc, argv, &t, f))
		return false;
	o->files = (const char *const *)(argv + optind);
	o->file_count = (size_t)(argc - optind);
	if (!o->output_count)
		o->outputs[o->output_count++] = (struct output){ OUTPUT_TEXT, NULL };
	return true;
}
