/* tests/test_options.c - arguments to options, and the words for what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "cli/options.h"

enum { ARGS_MAX = 32, ARG_MAX = 80 };

/* What options point to lives as long as the arguments. */
struct arguments {
	char *argv[ARGS_MAX + 2], copies[ARGS_MAX][ARG_MAX];
};

static bool parse(struct options *o, const char *const *args, enum command_bit command,
                  struct fault *f)
{
	static struct arguments all;
	static char word[] = "analyze";
	char **argv = all.argv, (*copies)[ARG_MAX] = all.copies;
	int argc = 1;

	*f = (struct fault){ FAULT_NONE, "" };
	while (argc <= ARGS_MAX && args[argc - 1]) {
		snprintf(copies[argc - 1], sizeof copies[0], "%s", args[argc - 1]);
		argv[argc] = copies[argc - 1];
		argc++;
	}
	argv[0] = word;
	argv[argc] = NULL;
	return options_parse(o, argc, argv, command, f);
}

static void knows_the_defaults(void **unused)
{
	static const char *const args[] = { "a.pcap", "b.pcap", NULL };
	struct options o;
	struct fault f;

	(void)unused;
	assert_true(parse(&o, args, FOR_ANALYZE, &f));
	assert_int_equal(o.file_count, 2);
	assert_string_equal(o.files[1], "b.pcap");
	assert_int_equal(o.output_count, 1);
	assert_int_equal(o.outputs[0].format, OUTPUT_TEXT);
	assert_null(o.outputs[0].path);
	assert_int_equal(o.fail_on, SEVERITY_ERROR);
	assert_int_equal(o.show_from, SEVERITY_INFO);
	assert_int_equal(o.memory, UINT64_C(512) << 20);
	assert_int_equal(o.color, WHEN_AUTO);
	assert_false(o.all || o.reveal || o.quiet || o.help);
}

/* A negative number is a code to explain, and no bundle of options. */
static void explains_negative_numbers(void **unused)
{
	static const char *const args[] = { "-2145107941", "-o", "json", "407", NULL };
	struct options o;
	struct fault f;

	(void)unused;
	assert_true(parse(&o, args, FOR_EXPLAIN, &f));
	assert_int_equal(o.file_count, 2);
	assert_string_equal(o.files[0], "2145107941");
	assert_string_equal(o.files[1], "407");
	assert_int_equal(o.outputs[0].format, OUTPUT_JSON);
	assert_false(parse(&o, args, FOR_ANALYZE, &f));
}

static void takes_values(void **unused)
{
	static const char *const args[] = {
		"-qo",      "json=out.json", "--output=events", "--sup=wsus01:8530",  "--client",
		"192.0.2.0/24", "--memory=64m",  "--fail-on=never", "--severity=warning", NULL,
	};
	struct options o;
	struct fault f;

	(void)unused;
	assert_true(parse(&o, args, FOR_ANALYZE, &f));
	assert_true(o.quiet);
	assert_int_equal(o.output_count, 2);
	assert_int_equal(o.outputs[0].format, OUTPUT_JSON);
	assert_string_equal(o.outputs[0].path, "out.json");
	assert_int_equal(o.outputs[1].format, OUTPUT_EVENTS);
	assert_null(o.outputs[1].path);
	assert_string_equal(o.sups[0], "wsus01:8530");
	assert_int_equal(o.client_count, 1);
	assert_string_equal(o.clients[0], "192.0.2.0/24");
	assert_int_equal(o.memory, 64 << 20);
	assert_int_equal(o.fail_on, SEVERITY_COUNT);
	assert_int_equal(o.show_from, SEVERITY_WARNING);
}

static void takes_update_points_of_every_form(void **unused)
{
	static const char *const forms[] = { "wsus01", "wsus01:8530", "https://wsus01:8531/x:y", "192.0.2.1",
		                             "192.0.2.1:65535", "2001:db8::1", "[2001:db8::1]",
		                             "http://[2001:db8::1]:8530/" };

	(void)unused;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const char *const args[] = { "--sup", forms[i], NULL };
		struct options o;
		struct fault f;

		if (!parse(&o, args, FOR_ANALYZE, &f))
			fail_msg("%s: \"%s\"", forms[i], f.text);
		assert_string_equal(o.sups[0], forms[i]);
	}
}

static void takes_what_capturing_needs(void **unused)
{
	static const char *const args[] = { "-ieth0",       "-w", "x.pcapng", "-c", "10",
		                            "-aduration:5", "-p", "-s128",    NULL };
	struct options o;
	struct fault f;

	(void)unused;
	assert_true(parse(&o, args, FOR_CAPTURE, &f));
	assert_string_equal(o.interfaces[0], "eth0");
	assert_string_equal(o.write, "x.pcapng");
	assert_int_equal(o.frame_limit, 10);
	assert_true(o.stop.duration == 5 * MOMENT_S);
	assert_int_equal(o.snaplen, 128);
	assert_true(o.not_promiscuous);
	assert_false(parse(&o, args, FOR_ANALYZE, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
}

static void takes_keys_for_both(void **unused)
{
	static const char *const args[] = { "--keys", "a.log", "--keys=b.log", "--server-key", "w.pfx",
		                            "--key-pass", "p.txt", NULL };
	struct options o;
	struct fault f;

	(void)unused;
	assert_true(parse(&o, args, FOR_CAPTURE, &f));
	assert_true(parse(&o, args, FOR_ANALYZE, &f));
	assert_int_equal(o.key_log_count, 2);
	assert_string_equal(o.key_logs[1], "b.log");
	assert_int_equal(o.server_key_count, 1);
	assert_string_equal(o.server_keys[0], "w.pfx");
	assert_string_equal(o.key_pass, "p.txt");
}

static void refuses_in_words(void **unused)
{
	static const struct row {
		const char *args[3];
		const char *says;
	} rows[] = {
		{ { "-o", "pdf" }, "pdf" },
		{ { "--no-such" }, "--no-such" },
		{ { "-Z" }, "-Z" },
		{ { "-qZq" }, "-Z" },
		{ { "--quiet=maybe" }, "yes or no" },
		{ { "--sup" }, "--sup" },
		{ { "-o" }, "-o" },
		{ { "--severity", "loud" }, "loud" },
		{ { "--fail-on", "always" }, "always" },
		{ { "--memory", "0" }, "--memory 0" },
		{ { "--memory", "99999999999999G" }, "99999999999999G" },
		{ { "--memory", "64X" }, "64X" },
		{ { "--keys", "-" }, "--keys" },
		{ { "--server-key", "-" }, "--server-key" },
		{ { "--key-pass", "-" }, "--key-pass" },
		{ { "--color", "blue" }, "blue" },
		{ { "--progress", "yes" }, "yes" },
		{ { "--sup", "http://wsus:99999" }, "http://wsus:99999" },
		{ { "--sup", "wsus:0" }, "wsus:0" },
		{ { "--sup", "wsus:http" }, "wsus:http" },
		{ { "--sup", "[2001:db8::1]:99999" }, "[2001:db8::1]:99999" },
		{ { "--client", "192.0.2.0/33" }, "192.0.2.0/33" },
		{ { "--client", "pc-0412" }, "pc-0412" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct options o;
		struct fault f;

		if (parse(&o, rows[i].args, FOR_ANALYZE, &f) || f.kind != FAULT_USAGE ||
		    !strstr(f.text, rows[i].says))
			fail_msg("%s: \"%s\"", rows[i].args[0], f.text);
	}
}

/* As tcpdump and dumpcap do: none of a thing is no way to ask for its default. */
static void refuses_none(void **unused)
{
	static const struct row {
		const char *args[3];
		enum command_bit command;
		bool good;
	} rows[] = {
		{ { "-c", "0" }, FOR_CAPTURE, false },    { { "-c", "1" }, FOR_CAPTURE, true },
		{ { "-B", "0" }, FOR_LIVE, false },       { { "-B", "1" }, FOR_LIVE, true },
		{ { "-j", "0" }, FOR_CAPTURE, false },    { { "-j", "1" }, FOR_CAPTURE, true },
		{ { "-j", "0" }, FOR_WATCH, false },      { { "-j", "0" }, FOR_PROBE, false },
		{ { "--threads=0" }, FOR_WATCH, false },  { { "-s", "0" }, FOR_CAPTURE, true },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct options o;
		struct fault f;

		if (parse(&o, rows[i].args, rows[i].command, &f) != rows[i].good)
			fail_msg("%s %s: \"%s\"", rows[i].args[0], rows[i].args[1], f.text);
		if (!rows[i].good && (f.kind != FAULT_USAGE || !strstr(f.text, ": a number from 1 to ")))
			fail_msg("%s: \"%s\"", rows[i].args[0], f.text);
	}
}

static void counts_by_both_its_limits(void **unused)
{
	static const struct row {
		const char *args[5];
		uint64_t frames;
	} rows[] = {
		{ { NULL }, 0 },
		{ { "-c", "7" }, 7 },
		{ { "-a", "packets:7" }, 7 },
		{ { "-c", "7", "-a", "packets:9" }, 7 },
		{ { "-c", "9", "-a", "packets:7" }, 7 },
		{ { "-c", "9", "-a", "duration:7" }, 9 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct options o;
		struct fault f;

		assert_true(parse(&o, rows[i].args, FOR_CAPTURE, &f));
		assert_int_equal(options_frames(&o), rows[i].frames);
	}
}

static void takes_what_a_probe_needs(void **unused)
{
	static const char *const args[] = {
		"-x", "http://proxy01:3128", "-xenvironment", "-U", "CORP\\probe:secret", "-k46", "--resolve",
		"wsus01:8530:192.0.2.1", "--connect-timeout=0.5", "-m", "90", "--every", "5m", "--count=3",
		"-j8", "--pac=wpad.dat", "--plan", "--capture", "x.pcapng", "-ilo", "--nagios", "--metrics",
		"m.prom", "-o", "json", "wsus01", "https://wsus02:8531/", NULL,
	};
	struct options o;
	struct fault f;

	(void)unused;
	if (!parse(&o, args, FOR_PROBE, &f))
		fail_msg("%s", f.text);
	assert_int_equal(o.proxy_count, 2);
	assert_string_equal(o.proxies[1], "environment");
	assert_string_equal(o.proxy_user, "CORP\\probe:secret");
	assert_string_equal(o.server_user, "");
	assert_true(o.probe.insecure && o.probe.only_v4 && o.probe.only_v6 && o.plan && o.nagios);
	assert_false(o.probe.registers || o.probe.as_agent || o.probe.quick || o.probe.upstream);
	assert_string_equal(o.resolves[0], "wsus01:8530:192.0.2.1");
	assert_int_equal(o.probe.connect_timeout, 500 * MOMENT_MS);
	assert_int_equal(o.probe.timeout, 90 * MOMENT_S);
	assert_int_equal(o.every, 300 * MOMENT_S);
	assert_int_equal(o.rounds, 3);
	assert_int_equal(o.parallel, 8);
	assert_string_equal(o.probe.pac, "wpad.dat");
	assert_string_equal(o.write, "x.pcapng");
	assert_string_equal(o.interfaces[0], "lo");
	assert_string_equal(o.metrics, "m.prom");
	assert_int_equal(o.file_count, 2);
	assert_string_equal(o.files[1], "https://wsus02:8531/");
	assert_false(parse(&o, args, FOR_ANALYZE, &f));
}

/* What ps shows afterwards: no secret, whoever wrote it how. */
static void wipes_logins(void **unused)
{
	static const char *const forms[] = {
		"-Uprobe:secret",
		"--proxy-user=probe:secret",
		"--user=probe@corp.example:secret",
		"-xhttp://probe:secret@proxy01:3128",
		"http://probe:sec@secret@wsus01:8530/",
		"probe:secret@wsus01:8530",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		char word[] = "probe", text[ARG_MAX], *argv[] = { word, text, NULL };
		struct options o;
		struct fault f;

		snprintf(text, sizeof text, "%s", forms[i]);
		assert_true(options_parse(&o, 2, argv, FOR_PROBE, &f));
		for (size_t k = 0; k + 6 <= strlen(forms[i]); k++)
			if (!memcmp(text + k, "secret", 6))
				fail_msg("%s is still there", forms[i]);
	}
}

static void keeps_what_it_wiped(void **unused)
{
	char word[] = "probe", x[] = "-x", proxy[] = "http://probe:secret@proxy01:3128", url[] = "u:p@wsus01";
	char *argv[] = { word, x, proxy, url, NULL };
	struct options o;
	struct fault f;

	(void)unused;
	assert_true(options_parse(&o, 4, argv, FOR_PROBE, &f));
	assert_string_equal(o.proxies[0], "http://probe:secret@proxy01:3128");
	assert_string_equal(o.files[0], "u:p@wsus01");
	assert_string_equal(proxy, "http://************@proxy01:3128");
	assert_string_equal(url, "**********");
}

static void a_probe_refuses_in_words(void **unused)
{
	static const struct row {
		const char *args[3];
		const char *says, *hides;
	} rows[] = {
		{ { "-U", "nocolon" }, "-U", "nocolon" },
		{ { "--every", "0" }, "--every 0", NULL },
		{ { "--every", "5d" }, "--every 5d", NULL },
		{ { "-m", "1.2345" }, "-m 1.2345", NULL },
		{ { "-m", "-1" }, "-m -1", NULL },
		{ { "-m", "99999999" }, "-m 99999999", NULL },
		{ { "--connect-timeout", "" }, "--connect-timeout", NULL },
		{ { "-j", "5000" }, "-j 5000", NULL },
		{ { "--capture", "-" }, "--capture", NULL },
		{ { "--cert", "-" }, "--cert", NULL },
		{ { "--filter", "tcp" }, "--filter", NULL },
		{ { "--resolve", "wsus01" }, "--resolve wsus01", NULL },
		{ { "--resolve", "wsus01:x:192.0.2.1" }, "--resolve wsus01:x", NULL },
		{ { "--resolve", "wsus01:8530:wsus02" }, "HOST:PORT:ADDRESS", NULL },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct options o;
		struct fault f;

		if (parse(&o, rows[i].args, FOR_PROBE, &f) || f.kind != FAULT_USAGE ||
		    !strstr(f.text, rows[i].says) || (rows[i].hides && strstr(f.text, rows[i].hides)))
			fail_msg("%s: \"%s\"", rows[i].args[0], f.text);
	}
}

static void counts_have_ceilings(void **unused)
{
	static char word[] = "analyze", option[] = "-o", text[] = "text=x";
	static char sup[] = "--sup=a", client[] = "--client=::1", keys[] = "--keys=a";
	char *argv[CLIENTS_MAX * 2 + 4];
	struct options o;
	struct fault f;
	int argc;

	(void)unused;
	argv[0] = word;
	for (argc = 1; argc <= SUPS_MAX + 1; argc++)
		argv[argc] = sup;
	argv[argc] = NULL;
	assert_false(options_parse(&o, argc, argv, FOR_ANALYZE, &f));
	for (argc = 1; argc <= KEY_FILES_MAX + 1; argc++)
		argv[argc] = keys;
	argv[argc] = NULL;
	assert_false(options_parse(&o, argc, argv, FOR_ANALYZE, &f));
	for (argc = 1; argc <= CLIENTS_MAX + 1; argc++)
		argv[argc] = client;
	argv[argc] = NULL;
	assert_false(options_parse(&o, argc, argv, FOR_ANALYZE, &f));
	assert_int_equal(o.client_count, CLIENTS_MAX);
	for (argc = 1; argc <= 2 * OUTPUTS_MAX + 1; argc += 2) {
		argv[argc] = option;
		argv[argc + 1] = text;
	}
	argv[argc] = NULL;
	assert_false(options_parse(&o, argc, argv, FOR_ANALYZE, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_defaults), cmocka_unit_test(takes_values),
		cmocka_unit_test(explains_negative_numbers), cmocka_unit_test(refuses_none),
		cmocka_unit_test(counts_by_both_its_limits),
		cmocka_unit_test(takes_what_capturing_needs), cmocka_unit_test(refuses_in_words),
		cmocka_unit_test(takes_keys_for_both), cmocka_unit_test(counts_have_ceilings),
		cmocka_unit_test(takes_update_points_of_every_form), cmocka_unit_test(wipes_logins),
		cmocka_unit_test(takes_what_a_probe_needs), cmocka_unit_test(keeps_what_it_wiped),
		cmocka_unit_test(a_probe_refuses_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
