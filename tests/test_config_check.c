/* tests/test_config_check.c - what would keep a run from beginning, found without beginning it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/config.h"

enum { ARGS_MAX = 10 };

static char folder[] = "/tmp/wsuscope-check-XXXXXX";

/* Files are named as below this folder. */
static int enter_folder(void **unused)
{
	FILE *file;

	(void)unused;
	if (!mkdtemp(folder) || chdir(folder) || mkdir("sub", 0700))
		return -1;
	file = fopen("clients", "w");
	if (!file)
		return -1;
	fputs("192.0.2.0/24\nnobody\n", file);
	return fclose(file);
}

static int leave_folder(void **unused)
{
	(void)unused;
	return unlink("clients") || rmdir("sub") || chdir("/") || rmdir(folder);
}

static bool check(const char *const *args, struct fault *f)
{
	static char words[ARGS_MAX + 1][80], *argv[ARGS_MAX + 2];
	struct options o;
	int argc = 1;

	snprintf(words[0], sizeof words[0], "capture");
	for (; args[argc - 1]; argc++)
		snprintf(words[argc], sizeof words[argc], "%s", args[argc - 1]);
	for (int i = 0; i < argc; i++)
		argv[i] = words[i];
	argv[argc] = NULL;
	*f = (struct fault){ FAULT_NONE, "" };
	if (!options_parse(&o, argc, argv, FOR_CAPTURE, f))
		fail_msg("%s", f->text);
	return config_check(&o, f);
}

static void passes_what_would_run(void **unused)
{
	static const char *const sets[][ARGS_MAX] = {
		{ "-i", "lo" },
		{ "-i", "none-such" },          /* may come later */
		{ "-i", "any", "-f", "tcp port 3129", "--only-filter", "" },
		{ "-i", "lo", "-w", "x.pcapng", "-o", "json=sub/x.json", "-o", "events" },
		{ "-i", "lo", "-w", "sub/x.pcapng", "-b", "files:2", "-b", "filesize:9" },
		{ "-i", "lo", "-w", "/tmp/x.pcapng" },
		{ "-i", "lo", "-o", "syslog=udp:192.0.2.1/514", "-o", "json=-" },
		{ "-i", "lo", "--metrics", "127.0.0.1:9530" },
		{ "-i", "lo", "--metrics", "sub/x.prom" },
		{ "-i", "lo", "-Z", "root" },
		{ "-i", "lo", "--keys", "clients", "--client", "192.0.2.1" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		struct fault f;

		if (!check(sets[i], &f))
			fail_msg("%zu: %s", i, f.text);
	}
	assert_int_equal(access("x.pcapng", F_OK), -1);         /* nothing was made */
	assert_int_equal(access("sub/x.json", F_OK), -1);
}

static void tells_what_would_not(void **unused)
{
	static const struct row {
		const char *args[ARGS_MAX];
		enum fault_kind kind;
		const char *says;
	} rows[] = {
		{ { "-i", "lo", "-f", "tcp prot 80" }, FAULT_USAGE, "tcp prot 80" },
		{ { "-i", "lo", "--only-filter", "nonsense at all" }, FAULT_USAGE, "nonsense" },
		{ { "-i", "lo", "--client", "clients" }, FAULT_INPUT, "clients" },
		{ { "-i", "lo", "--keys", "none" }, FAULT_INPUT, "none: cannot be read" },
		{ { "-i", "lo", "--server-key", "none" }, FAULT_INPUT, "none: cannot be read" },
		{ { "-i", "lo", "--key-pass", "none" }, FAULT_INPUT, "none: cannot be read" },
		{ { "-i", "lo", "-w", "sub" }, FAULT_OUTPUT, "sub: cannot be written" },
		{ { "-i", "lo", "-w", "none/x.pcapng" }, FAULT_OUTPUT, "folder none" },
		{ { "-i", "lo", "-w", "none/x", "-b", "files:2", "-b", "packets:9" }, FAULT_OUTPUT, "none" },
		{ { "-i", "lo", "-w", "clients/x.pcapng" }, FAULT_OUTPUT, "clients/x.pcapng" },
		{ { "-i", "lo", "-o", "syslog=none" }, FAULT_OUTPUT, "none: cannot be written" },
		{ { "-i", "lo", "-o", "json=none/x" }, FAULT_OUTPUT, "none/x" },
		{ { "-i", "lo", "--metrics", "none/x.prom" }, FAULT_OUTPUT, "none/x.prom" },
		{ { "-i", "lo", "-Z", "no-such-user" }, FAULT_USAGE, "no-such-user" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fault f;

		if (check(rows[i].args, &f) || f.kind != rows[i].kind || !strstr(f.text, rows[i].says))
			fail_msg("%zu: %d \"%s\"", i, f.kind, f.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_what_would_run),
		cmocka_unit_test(tells_what_would_not),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
