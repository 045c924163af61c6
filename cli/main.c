/* cli/main.c - the table of subcommands. */
#include <stdio.h>
#include <string.h>

#include "base/tongue.h"
#include "cli/command.h"
#include "cli/places.h"

static const struct command {
	const char *name, *operands, *help;
	enum command_bit bit;
	int (*run)(const struct options *o);
} commands[] = {
	{ "analyze", "FILE...",
	  "diagnose saved captures; '-' is standard input, several are merged by time", FOR_ANALYZE,
	  cmd_analyze },
	{ "capture", "-i IFACE", "diagnose live traffic, as it happens and again at the end",
	  FOR_CAPTURE, cmd_capture },
	{ "watch", "-i IFACE",
	  "the same on a screen: clients by rung, servers, findings; or -r FILE, replayed", FOR_WATCH,
	  cmd_watch },
	{ "probe", "URL|HOST...", "climb the ladder from here, direct and through proxies", FOR_PROBE,
	  cmd_probe },
	{ "compare", "BEFORE AFTER",
	  "two captures or JSON reports: what was fixed, is new, stayed; or --same-time", FOR_COMPARE,
	  cmd_compare },
	{ "explain", "[WORD...]", "what a finding, a code or a word means; without one, the list",
	  FOR_EXPLAIN, cmd_explain },
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void print_usage(FILE *out)
{
	fputs("wsuscope tells from the wire why Windows clients cannot update from their WSUS server.\n\n",
	      out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  wsuscope %s [options] %-11s %s\n", commands[i].name,
		        commands[i].operands, commands[i].help);
	fputs("\nwsuscope COMMAND --help lists a command's options.\n"
	      "Exit: 0 nothing found, 1 findings, 2 usage, 3 cannot be read, 4 partial result.\n",
	      out);
}

static void print_command(const struct command *c)
{
	printf("wsuscope %s [options] %s\n%s\n\n", c->name, c->operands, c->help);
	options_help(c->bit);
}

int command_fault(const struct fault *f)
{
	static const int statuses[] = {
		[FAULT_NONE] = STATUS_GOOD,   [FAULT_USAGE] = STATUS_USAGE,   [FAULT_INPUT] = STATUS_INPUT,
		[FAULT_CUT] = STATUS_PARTIAL, [FAULT_OUTPUT] = STATUS_INPUT, [FAULT_MEMORY] = STATUS_PARTIAL,
	};

	fprintf(stderr, "wsuscope: %s\n", f->text);
	return statuses[f->kind];
}

/* What a plugin cannot be asked is unknown, and nothing that went wrong. */
static int refuse(const struct options *o, const struct fault *f)
{
	int status = command_fault(f);

	return o->nagios ? STATUS_INPUT : status;
}

static int run(const struct command *c, int argc, char **argv)
{
	struct options o;
	struct fault f;

	if (!options_parse(&o, argc, argv, c->bit, &f))
		return refuse(&o, &f);
	if (o.lang)
		tongue_set(o.lang);
	if (o.help) {
		print_command(c);
		return STATUS_GOOD;
	}
	if (!places_apart(&o, &f))
		return refuse(&o, &f);
	return c->run(&o);
}

int main(int argc, char **argv)
{
	tongue_set_by_environment();
	if (argc < 2) {
		print_usage(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("wsuscope " VERSION);
		return STATUS_GOOD;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_usage(stdout);
		return STATUS_GOOD;
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (!strcmp(argv[1], commands[i].name))
			return run(&commands[i], argc - 1, argv + 1);
	fprintf(stderr, "wsuscope: %s: no such command\n\n", argv[1]);
	print_usage(stderr);
	return STATUS_USAGE;
}
