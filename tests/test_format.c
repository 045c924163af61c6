/* tests/test_format.c - wrong files: each is named, with the command that makes a capture of it.
 *
 * Beginnings of files as their programs write them; magic numbers from
 * file(1), wiretap of Wireshark, RFC 1761 (snoop).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "capture/foreign.h"
#include "tests/capture_file.h"

struct row {
	const char *name;
	struct span head;
	const char *what, *command;
};

#define ETL_HEAD                                                                        \
	"\0\0\1\0\0\0\1\0\0\0\1\0\0\0\0\0\1\2\3\4\5\6\7\1\0\0\0\0\0\0\0\0\0\0\0\0"      \
	"\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0"              \
	"\0\0\0\0\2\0\2\xc0\x20\1\0\0"

static const struct row rows[] = {
	{ "a.etl", SPAN_LIT(ETL_HEAD), "a Windows event trace", "etl2pcapng a.etl out.pcapng" },
	{ "trace.bin", SPAN_LIT(ETL_HEAD), "a Windows event trace", "pktmon etl2pcap trace.bin --out" },
	{ "odd.ETL", SPAN_LIT("\1\2\3\4"), "a Windows event trace", "etl2pcapng odd.ETL out.pcapng" },
	{ "n.cap", SPAN_LIT("GMBU\0\2\1\0"), "Network Monitor 2/3", "editcap -F pcapng n.cap out.pcapng" },
	{ "o.cap", SPAN_LIT("RTSS\0\1\1\0"), "Network Monitor 1", "editcap -F pcapng o.cap out.pcapng" },
	{ "s", SPAN_LIT("snoop\0\0\0\0\0\0\2"), "a snoop capture", "editcap -F pcapng s out.pcapng" },
	{ "s.enc", SPAN_LIT("TRSNIFF data    \x1a"), "a Sniffer capture (DOS)", "editcap -F pcapng" },
	{ "s.cap", SPAN_LIT("XCP\0" "002.002"), "Sniffer or NetXRay", "editcap -F pcapng" },
	{ "i", SPAN_LIT("iptrace 2.0"), "an iptrace capture", "editcap -F pcapng" },
	{ "e.erf", SPAN_LIT("\1\2\3\4\5\0\7\xff"), "ERF", "editcap -F pcapng e.erf out.pcapng" },
	{ "x", SPAN_LIT("\x1c\x00\x01\xac\0\2\0\4"), "Ixia", "editcap -F pcapng x" },
	{ "x", SPAN_LIT("\xa1\x2b\x3c\x4d\0\2\0\4"), "Navtel", "editcap -F pcapng x" },
	{ "c.zip", SPAN_LIT("PK\x03\x04\x14\0"), "a zip archive", "unzip c.zip" },
	{ "c.7z", SPAN_LIT("7z\xbc\xaf\x27\x1c\0\4"), "a 7-Zip archive", "7z x c.7z" },
	{ "c.xz", SPAN_LIT("\xfd" "7zXZ\0\0\4"), "packed with xz", "xz -dc c.xz | wsuscope analyze -" },
	{ "c.bz2", SPAN_LIT("BZh91AY"), "packed with bzip2", "bzip2 -dc c.bz2 | wsuscope analyze -" },
	{ "c.cab", SPAN_LIT("MSCF\0\0\0\0"), "a cabinet", "cabextract c.cab" },
	{ "e.evtx", SPAN_LIT("ElfFile\0\0\0\0\0"), "a Windows event log", "pktmon" },
	{ "p.html", SPAN_LIT("<!DOCTYPE html>\n<html>"), "an HTML page", "name the capture itself" },
	{ "a.har", SPAN_LIT("{\n  \"log\": {"), "a JSON text", "give the capture" },
	{ "k.txt", SPAN_LIT("CLIENT_RANDOM 00"), "a TLS key log", "--keys k.txt" },
	{ "k.pem", SPAN_LIT("-----BEGIN RSA PRIVATE KEY-----"), "(PEM)", "--server-key k.pem" },
	{ "d.txt", SPAN_LIT("0000  45 00 00 3c 1c 46 40 00   E..<\n"), "a hex dump",
	  "text2pcap d.txt out.pcap" },
	{ "d.txt", SPAN_LIT("0x0000:  4500 003c 1c46 4000\n"), "a text", "holds no packets" },
	{ "d.txt", SPAN_LIT("000000: 4500 003c 1c46 4000\n"), "a hex dump", "text2pcap" },
	{ "WindowsUpdate.log", SPAN_LIT("2024/01/02 10:00:00 1234 5678 Agent WARNING\r\n"), "a text",
	  "give the capture it was made from" },
	{ "z.pcap", SPAN_LIT("\0\0\0\0\0\0\0\0"), "filled with zeros", "copy it again" },
	{ "r", SPAN_LIT("\1\2\3\4\5\6"), "not a capture in a known format", "editcap -F pcapng r" },
	{ "e.pcap", SPAN_LIT(""), "empty", "record it again" },
};

static void wrong_files_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct fault f = { .kind = FAULT_NONE };

		assert_null(source_open_memory(row->name, row->head, NULL, &f));
		assert_int_equal(f.kind, FAULT_INPUT);
		if (!strstr(f.text, row->what) || !strstr(f.text, row->command) ||
		    !span_starts(span_text(f.text), span_text(row->name)))
			fail_msg("row %zu: %s", i, f.text);
	}
}

/* Names are strangers' bytes, too. */
static void long_names_are_bounded(void **state)
{
	char name[4096];
	struct fault f = { .kind = FAULT_NONE };

	(void)state;
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_null(source_open_memory(name, SPAN("GMBU"), NULL, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_int_equal(strlen(f.text), sizeof f.text - 1);
}

/* A magic number at an offset must not be looked for beyond the end. */
static void every_length_is_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t cut = 0; cut <= rows[i].head.len; cut++) {
			uint8_t *exact = malloc(cut + 1);
			struct fault f;

			memcpy(exact + 1, rows[i].head.at, cut);
			assert_false(foreign_tell("x", NULL, span_of(exact + 1, cut), &f));
			free(exact);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_files_are_named),
		cmocka_unit_test(long_names_are_bounded),
		cmocka_unit_test(every_length_is_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
