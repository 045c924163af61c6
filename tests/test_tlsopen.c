/* tests/test_tlsopen.c - what was inside of TLS sessions, against what tshark read with the same keys.
 *
 * The captures are public ones that lie beside the repository, where they do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/opened.h"

#define PUBLIC "../shared/captures/public/"

static const struct row {
	const char *capture;
	const char *keys;               /* NULL: they lie inside the capture */
	bool log;
	const char *oracle;
	const char *sessions;
} rows[] = {
	{ PUBLIC "zeek-tls12-decryption.pcap", PUBLIC "zeek-tls12-decryption.pcap.keys", true,
	  PUBLIC "zeek-tls12-decryption.pcap.oracle-keys.tsv", "heise.de read, 2 read, 0 not\n" },
	{ PUBLIC "wireshark-tls13-rfc8446.pcap", PUBLIC "wireshark-tls13-rfc8446.pcap.keys", true,
	  PUBLIC "wireshark-tls13-rfc8446.pcap.oracle-keys.tsv",
	  "- read, 2 read, 0 not\n- read, 4 read, 0 not\n" },
	{ PUBLIC "wireshark-rsasnakeoil2.pcap", PUBLIC "wireshark-rsasnakeoil2.pcap.rsakey.der", false,
	  PUBLIC "wireshark-rsasnakeoil2.pcap.oracle-keys.tsv",
	  "- read, 15 read, 0 not\n- read, 18 read, 0 not\n" },
	{ PUBLIC "wireshark-challenge01_ooo_stream.pcapng", NULL, true,
	  PUBLIC "wireshark-challenge01_ooo_stream.pcapng.oracle.tsv", NULL },
};

/* The rows of an oracle as opened_read writes ours. */
static char *told_by(const char *oracle)
{
	enum { COLUMNS = 7 };
	size_t len, size;
	char *text = opened_file(oracle, &len), *rest = text, *rows_text = NULL, *sorted;
	FILE *out = open_memstream(&rows_text, &size);

	assert_non_null(text);
	for (char *line; (line = strsep(&rest, "\n"));) {
		char *column[COLUMNS] = { 0 };

		for (size_t i = 0; i < COLUMNS; i++)
			column[i] = strsep(&line, "\t");
		if (column[6] && !strcmp(column[0], "REQ"))
			fprintf(out, "REQ %s %s %s %s\n", column[2], column[4], column[5], column[6]);
		else if (column[6] && !strcmp(column[0], "RSP"))
			fprintf(out, "RSP %s %s\n", column[2], column[4]);
	}
	fclose(out);
	sorted = opened_sorted(rows_text);
	free(rows_text);
	free(text);
	return sorted;
}

static void exchanges_are_those_that_tshark_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct tlskeys *keys = row->keys ? opened_keys(row->keys, row->log) : tlskeys_new(NULL);
		struct opened seen;
		char *want = told_by(row->oracle);

		opened_read(&seen, row->capture, keys);
		if (strcmp(seen.exchanges, want))
			fail_msg("%s:\n%s\n%s", row->capture, seen.exchanges, want);
		if (row->sessions && strcmp(seen.sessions, row->sessions))
			fail_msg("%s:\n%s", row->capture, seen.sessions);
		free(want);
		opened_free(&seen);
		tlskeys_free(keys);
	}
}

static void nothing_is_read_without_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct opened seen;

		opened_read(&seen, rows[i].capture, NULL);
		assert_string_equal(seen.exchanges, "");
		assert_null(strstr(seen.sessions, ", 1 read"));
		opened_free(&seen);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(exchanges_are_those_that_tshark_reads),
		cmocka_unit_test(nothing_is_read_without_keys),
	};
	size_t len;
	char *there = opened_file(PUBLIC "README.md", &len);

	if (!there)
		there = opened_file(rows[0].capture, &len);
	if (!there) {
		printf("skipped: " PUBLIC " is not there\n");
		return 0;
	}
	free(there);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
