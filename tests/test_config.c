/* tests/test_config.c - files of options: what they say, what arguments say over them, and the way back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/moment.h"
#include "cli/config.h"
#include "cli/option_rows.h"

enum { ARGS_MAX = 40 };

static char folder[] = "/tmp/wsuscope-config-XXXXXX", path[64];

static int make_folder(void **unused)
{
	(void)unused;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/x.conf", folder);
	return 0;
}

static int remove_folder(void **unused)
{
	(void)unused;
	unlink(path);
	return rmdir(folder);
}

static void write_file(struct span bytes)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
	assert_int_equal(fclose(file), 0);
}

/* The file's options and then `args` (NULL ends them), as the command line would be. */
static bool parse(struct options *o, const char *const *args, struct fault *f)
{
	static char words[ARGS_MAX + 4][80];
	static char *argv[ARGS_MAX + 4];
	int argc = 2;

	snprintf(words[0], sizeof words[0], "capture");
	snprintf(words[1], sizeof words[1], "--config=%s", path);
	for (; args && args[argc - 2]; argc++) {
		assert_true(argc < ARGS_MAX);
		snprintf(words[argc], sizeof words[argc], "%s", args[argc - 2]);
	}
	for (int i = 0; i < argc; i++)
		argv[i] = words[i];
	argv[argc] = NULL;
	*f = (struct fault){ FAULT_NONE, "" };
	return options_parse(o, argc, argv, FOR_CAPTURE, f);
}

static void read_text(struct options *o, const char *text, const char *const *args)
{
	struct fault f;

	write_file(span_text(text));
	if (!parse(o, args, &f))
		fail_msg("%s", f.text);
}

/* ---- what a file says ---- */

static void takes_values_of_every_kind(void **unused)
{
	struct options o;

	(void)unused;
	read_text(&o,
	          "# a sensor\n"
	          "interface = eth0\n"
	          "\tinterface=eth1   # the second mirror port\n"
	          "filter = tcp port 3129 or (udp and port 53)\n"
	          "only-filter = \"\"\n"
	          "no-promiscuous = yes\n"
	          "all = no\n"
	          "snaplen =128\n"
	          "ring = duration:3600\r\n"
	          "ring = files:24\n"
	          "every = 0.5\n"
	          "renew = 2h\n"
	          "memory = 1G\n"
	          "output = journald\n"
	          "output = json=/var/lib/a b#c.json\n"
	          "client = 192.0.2.0/24\n"
	          "sup = https://wsus01:8531\n"
	          "severity = warning\n"
	          "fail-on = never\n"
	          "color = never\n"
	          "write = '/srv/a \"b\" \\n.pcapng'   # quoted\n"
	          "user = \"a\\\"b\\\\\\x41\\t\"\n"
	          "   # the last line has no end\n"
	          "metrics = 127.0.0.1:9530", NULL);
	assert_int_equal(o.interface_count, 2);
	assert_string_equal(o.interfaces[0], "eth0");
	assert_string_equal(o.interfaces[1], "eth1");
	assert_string_equal(o.filter, "tcp port 3129 or (udp and port 53)");
	assert_string_equal(o.only_filter, "");
	assert_true(o.not_promiscuous && !o.all);
	assert_int_equal(o.snaplen, 128);
	assert_true(o.each.duration == 3600 * MOMENT_S);
	assert_int_equal(o.each.files, 24);
	assert_true(o.every == MOMENT_S / 2 && o.renew == 7200 * MOMENT_S);
	assert_int_equal(o.memory, 1 << 30);
	assert_int_equal(o.output_count, 2);
	assert_int_equal(o.outputs[0].format, OUTPUT_JOURNALD);
	assert_int_equal(o.outputs[1].format, OUTPUT_JSON);
	assert_string_equal(o.outputs[1].path, "/var/lib/a b#c.json");
	assert_string_equal(o.clients[0], "192.0.2.0/24");
	assert_string_equal(o.sups[0], "https://wsus01:8531");
	assert_int_equal(o.show_from, SEVERITY_WARNING);
	assert_int_equal(o.fail_on, SEVERITY_COUNT);
	assert_int_equal(o.color, WHEN_NEVER);
	assert_string_equal(o.write, "/srv/a \"b\" \\n.pcapng");
	assert_string_equal(o.user, "a\"b\\A\t");
	assert_string_equal(o.metrics, "127.0.0.1:9530");
}

static void takes_what_editors_write(void **unused)
{
	static const char *const texts[] = {
		"\xef\xbb\xbfinterface = eth0\nsnaplen = 96\n", "interface = eth0\r\nsnaplen = 96\r\n",
		"\r\n\n  \t\ninterface = eth0\nsnaplen = 96",   "interface=eth0   \nsnaplen\t=\t96\t\n",
	};
	struct options o;

	(void)unused;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		read_text(&o, texts[i], NULL);
		assert_string_equal(o.interfaces[0], "eth0");
		assert_int_equal(o.snaplen, 96);
	}
	read_text(&o, "", NULL);
	assert_int_equal(o.interface_count, 0);
	assert_int_equal(o.outputs[0].format, OUTPUT_TEXT);
}

static void refuses_with_the_line(void **unused)
{
	static const struct row {
		const char *text;
		unsigned line;
		const char *says;
	} rows[] = {
		{ "interface eth0\n", 1, "NAME = VALUE is wanted" },
		{ "\n\n[capture]\n", 3, "NAME = VALUE is wanted" },
		{ "= eth0\n", 1, "NAME = VALUE is wanted" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1\n", 1, "NAME = VALUE" },
		{ "interfaces = eth0\n", 1, "interfaces: no such option" },
		{ "Interface = eth0\n", 1, "Interface: no such option" },
		{ "i = eth0\n", 1, "called interface here" },
		{ "wpad = yes\n", 1, "wpad: no such option" },
		{ "config = other.conf\n", 1, "command line alone" },
		{ "help = yes\n", 1, "command line alone" },
		{ "test-config = yes\n", 1, "command line alone" },
		{ "list-interfaces = yes\n", 1, "command line alone" },
		{ "interface =\n", 1, "a value is missing" },
		{ "interface =   # none\n", 1, "a value is missing" },
		{ "all = maybe\n", 1, "--all maybe: yes or no" },
		{ "all\n", 1, "NAME = VALUE" },
		{ "# x\nsnaplen = tiny\n", 2, "--snaplen tiny" },
		{ "snaplen = 1\nall = yes\nsnaplen = 2\n", 3, "line 1 already" },
		{ "ring = hours:3\n", 1, "--ring hours:3" },
		{ "memory = 64X\n", 1, "--memory 64X" },
		{ "user = \"a\n", 1, "the quotes do not end" },
		{ "user = 'a\" \n", 1, "the quotes do not end" },
		{ "user = \"a\" b\n", 1, "nothing but a comment" },
		{ "user = \"a\\q\"\n", 1, "behind a backslash" },
		{ "user = \"a\\x0\"\n", 1, "behind a backslash" },
		{ "user = \"a\\x00\"\n", 1, "behind a backslash" },
		{ "user = \"a\\\n", 1, "behind a backslash" },
		{ "user = a\x1b[2J\n", 1, "a control character" },
		{ "user = a\rb\n", 1, "a control character" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct options o;
		struct fault f;
		char place[100];

		write_file(span_text(rows[i].text));
		snprintf(place, sizeof place, "%s:%u: ", path, rows[i].line);
		if (parse(&o, NULL, &f) || f.kind != FAULT_USAGE || strncmp(f.text, place, strlen(place)) ||
		    !strstr(f.text, rows[i].says))
			fail_msg("%s: \"%s\"", rows[i].text, f.text);
	}
}

static void refuses_what_is_no_text(void **unused)
{
	static const struct row {
		struct span bytes;
		enum fault_kind kind;
		const char *says;
	} rows[] = {
		{ SPAN_LIT("all = yes\nuser = a\0b\n"), FAULT_USAGE, ":2: a zero byte" },
		{ SPAN_LIT("\x7f" "ELF\2\1\1\0\0\0"), FAULT_USAGE, ":1: a zero byte" },
		{ SPAN_LIT("\xff\xfe" "a\0l\0l\0"), FAULT_INPUT, "UTF-16" },
		{ SPAN_LIT("\xfe\xff" "\0a\0l\0l"), FAULT_INPUT, "UTF-16" },
	};
	struct options o;
	struct fault f;

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		write_file(rows[i].bytes);
		if (parse(&o, NULL, &f) || f.kind != rows[i].kind || !strstr(f.text, rows[i].says))
			fail_msg("%zu: \"%s\"", i, f.text);
	}
}

static void has_a_ceiling(void **unused)
{
	static uint8_t text[CONFIG_MAX + 1];
	struct options o;
	struct fault f;

	(void)unused;
	memset(text, '#', sizeof text);
	write_file(span_of(text, CONFIG_MAX - 1));
	assert_true(parse(&o, NULL, &f));
	for (size_t more = 0; more < 2; more++) {
		write_file(span_of(text, CONFIG_MAX + more));
		assert_false(parse(&o, NULL, &f));
		assert_int_equal(f.kind, FAULT_INPUT);
		assert_non_null(strstr(f.text, "too long"));
	}
}

static void names_files_that_are_none(void **unused)
{
	char word[] = "capture", option[] = "--config", *argv[] = { word, option, folder, NULL };
	char none[] = "/nonexistent/x.conf";
	struct options o;
	struct fault f;

	(void)unused;
	assert_false(options_parse(&o, 3, argv, FOR_CAPTURE, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "directory"));
	argv[2] = none;
	assert_false(options_parse(&o, 3, argv, FOR_CAPTURE, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "/nonexistent/x.conf: cannot be read: No such file"));
}

/* ---- arguments over it ---- */

static void arguments_override(void **unused)
{
	static const char text[] = "interface = eth0\ninterface = eth1\nsnaplen = 96\nquiet = yes\n"
	                           "all = yes\noutput = journald\noutput = events\n"
	                           "ring = duration:60\nring = files:3\n"
	                           "client = 192.0.2.1\nautostop = packets:7\nmemory = 64M\n";
	static const char *const args[] = { "-ilo", "--interface", "lo2", "-s", "64", "--quiet=no",
		                            "-o", "json", "-b", "filesize:1000", "-b", "packets:5", NULL };
	struct options o;

	(void)unused;
	read_text(&o, text, args);
	assert_int_equal(o.interface_count, 2);
	assert_string_equal(o.interfaces[0], "lo");
	assert_string_equal(o.interfaces[1], "lo2");
	assert_int_equal(o.snaplen, 64);
	assert_true(!o.quiet && o.all);
	assert_int_equal(o.output_count, 1);
	assert_int_equal(o.outputs[0].format, OUTPUT_JSON);
	assert_true(!o.each.duration && !o.each.files);
	assert_true(o.each.bytes == 1000000 && o.each.frames == 5);
	assert_int_equal(o.client_count, 1);
	assert_int_equal(o.stop.frames, 7);
	assert_int_equal(o.memory, 64 << 20);
}

/* What -a begins anew is what the file said of autostop, not its count. */
static void stops_leave_counts_alone(void **unused)
{
	static const char *const args[] = { "-a", "duration:1", NULL };
	struct options o;

	(void)unused;
	read_text(&o, "count = 7\nautostop = packets:5\nautostop = files:3\n", args);
	assert_int_equal(o.frame_limit, 7);
	assert_true(!o.stop.frames && !o.stop.files && o.stop.duration == MOMENT_S);
}

/* Wherever it stands among them, and however it is spelled. */
static void the_file_goes_first(void **unused)
{
	char word[] = "capture", before[] = "-s64", option[] = "--conf", file[64], after[] = "-ilo";
	char *argv[] = { word, before, option, file, after, NULL };
	struct options o;
	struct fault f;

	(void)unused;
	write_file(SPAN("snaplen = 96\ninterface = eth0\n"));
	snprintf(file, sizeof file, "%s", path);
	assert_true(options_parse(&o, 5, argv, FOR_CAPTURE, &f));
	assert_int_equal(o.snaplen, 64);
	assert_int_equal(o.interface_count, 1);
	assert_string_equal(o.interfaces[0], "lo");
	assert_string_equal(o.config, path);
	/* What is wrong with arguments is told of them. */
	argv[4] = before;
	before[1] = 'Y';
	assert_false(options_parse(&o, 5, argv, FOR_CAPTURE, &f));
	assert_non_null(strstr(f.text, "-Y"));
}

/* ---- and back ---- */

/* The caller's to free. */
static char *dumped(const struct options *o)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_true(config_write(out, o));
	assert_int_equal(fclose(out), 0);
	return text;
}

static void check_round_trip(const struct options *o)
{
	char *first = dumped(o), *second;
	struct options again;

	read_text(&again, first, NULL);
	second = dumped(&again);
	assert_string_equal(first, second);
	free(first);
	free(second);
}

static void writes_what_it_reads(void **unused)
{
	static const char *const sets[][ARGS_MAX] = {
		{ NULL },
		{ "-i", "eth0", "-ieth1", "-f", "tcp port 1 or\nudp", "--only-filter=", "-p", "-s1", "-B4" },
		{ "-w", " a b ", "-b", "duration:60", "-b", "filesize:1", "-bfiles:2", "-binterval:3600",
		  "-b", "packets:9", "-a", "duration:1", "-a", "files:2", "-c", "18446744073709551615",
		  "-a", "packets:3" },
		{ "-w", "'\"\\\x01\x7f\t#", "-Z", "\xc3\xa4", "--metrics=#" },
		{ "--every=0.001", "--renew", "1.5h", "--memory=1048577", "--pre-trigger", "2047M" },
		{ "-o", "text", "-ojson=a=b", "-o", "events=/x y", "-osyslog", "--sup=[2001:db8::1]:8530",
		  "--client", "::/0", "--client=192.0.2.7", "--keys=k", "--server-key=s", "--key-pass=p" },
		{ "--all", "--severity=info", "--fail-on=never", "--reveal", "--color=always", "-q",
		  "--progress", "never", "--no-sandbox", "--only-findings", "-j", "4" },
		{ "--severity=critical", "--fail-on=info", "--color=never", "--quiet=no", "--memory=3G" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		struct options o;
		struct fault f;

		write_file(SPAN(""));
		if (!parse(&o, sets[i], &f))
			fail_msg("%zu: %s", i, f.text);
		check_round_trip(&o);
	}
}

/* What is at its default is a comment; what is not, is a line of its own. */
static void shows_defaults_as_comments(void **unused)
{
	static const char *const args[] = { "-ieth0", "-q", "--memory=512M", NULL };
	struct options o;
	char *text;

	(void)unused;
	read_text(&o, "", args);
	text = dumped(&o);
	assert_non_null(strstr(text, "\ninterface = eth0\n"));
	assert_non_null(strstr(text, "\nquiet = yes\n"));
	assert_non_null(strstr(text, "\n#memory = 512M\n"));
	assert_non_null(strstr(text, "\n#output = text\n"));
	assert_non_null(strstr(text, "\n#snaplen = BYTES\n"));
	assert_non_null(strstr(text, "\n#fail-on = error\n"));
	free(text);
}

/* No option that a file may hold is forgotten by the way back, and none that it may not is written. */
static void knows_every_option(void **unused)
{
	struct options o;
	char *text;

	(void)unused;
	read_text(&o, "", NULL);
	text = dumped(&o);
	for (const struct option_row *r = option_rows; r->name; r++) {
		char line[60];

		if (!(r->commands & FOR_CAPTURE))
			continue;
		snprintf(line, sizeof line, "\n#%s = ", r->name);
		if (!strstr(text, line) != r->argument_only)
			fail_msg("%s", r->name);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_values_of_every_kind), cmocka_unit_test(takes_what_editors_write),
		cmocka_unit_test(refuses_with_the_line),      cmocka_unit_test(refuses_what_is_no_text),
		cmocka_unit_test(has_a_ceiling),              cmocka_unit_test(names_files_that_are_none),
		cmocka_unit_test(stops_leave_counts_alone),   cmocka_unit_test(arguments_override),
		cmocka_unit_test(the_file_goes_first),
		cmocka_unit_test(writes_what_it_reads),       cmocka_unit_test(shows_defaults_as_comments),
		cmocka_unit_test(knows_every_option),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
