/* tests/test_writer.c - what is written is read again, by our reader, by libpcap and by tshark. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pcap.h>

#include "capture/writer.h"
#include "tests/capture_file.h"

static const struct frame frames[] = {
	{ .number = 1, .time = 1700000000123456789, .bytes = SPAN_LIT("first"), .wire_len = 60,
	  .link_type = 1, .direction = FRAME_INBOUND, .packet_id = 99 },
	{ .number = 2, .time = 1700000000123456790, .bytes = SPAN_LIT(""), .wire_len = 0, .link_type = 1,
	  .comment = SPAN_LIT("its own") },
	{ .number = 3, .time = 1700000009000000000, .bytes = SPAN_LIT("third"), .wire_len = 5,
	  .link_type = 113, .interface = 3, .direction = FRAME_OUTBOUND },
	{ .number = 4, .time = 1700000010000000000, .bytes = SPAN_LIT("fourth"), .wire_len = 6,
	  .link_type = 1, .file = 1 },
	{ .number = 5, .time = 1700000011000000000, .bytes = SPAN_LIT("fifth"), .wire_len = 5,
	  .link_type = 1 },
};

enum { COUNT = sizeof frames / sizeof *frames };

static const enum writer_format formats[] = { WRITER_PCAPNG, WRITER_PCAP };

static void write_frames(struct writer *w, size_t count)
{
	struct fault f;

	for (size_t i = 0; i < count; i++)
		assert_true(writer_frame(w, &frames[i], i == 1 ? SPAN("added") : SPAN(""), &f));
	assert_int_equal(writer_frames(w), count);
}

static struct writer *begin(const char *path, enum writer_format format, size_t count)
{
	struct fault f;
	struct writer *w = writer_open(path, format, &f);

	assert_non_null(w);
	write_frames(w, count);
	return w;
}

static void pcapng_comes_back_whole(void **state)
{
	char *folder = folder_new(), *told;
	const char *path = folder_write(folder, "out", SPAN(""));
	struct writer *w = begin(path, WRITER_PCAPNG, COUNT);
	uint64_t dropped;
	struct fault f;

	(void)state;
	/* Before the end, too: whoever kills the run finds what was written a second ago. */
	told = path_told(path, &dropped);
	assert_non_null(strstr(told, "fourth"));
	assert_null(strstr(told, "x: "));
	free(told);
	writer_lost(w, 0, &(struct recording_losses){ 40, 1, 5 });
	writer_lost(w, 0, &(struct recording_losses){ 40, 2, 6 });
	writer_lost(w, 7, &(struct recording_losses){ 1000, 0, 0 });
	writer_lost(w, UINT16_MAX, &(struct recording_losses){ 1000, 0, 0 });
	assert_true(writer_close(w, &f));
	told = path_told(path, &dropped);
	assert_string_equal(told, "1 @1700000000123456789 link 1 if 0.0 5/60 \"first\" in id 99\n"
				  "2 @1700000000123456790 link 1 if 0.0 0/0 \"\" (its own)\n"
				  "3 @1700000009000000000 link 113 if 0.1 5/5 \"third\" out\n"
				  "4 @1700000010000000000 link 1 if 0.2 6/6 \"fourth\"\n"
				  "5 @1700000011000000000 link 1 if 0.0 5/5 \"fifth\"\n");
	assert_int_equal(dropped, 42);
	free(told);
	free((char *)path);
	folder_remove(folder);
}

static void libpcap_reads_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *folder = folder_new(), why[PCAP_ERRBUF_SIZE];
		const char *path = folder_write(folder, "out", SPAN(""));
		struct writer *w = begin(path, formats[i], 2);
		struct pcap_pkthdr *head;
		const uint8_t *bytes;
		struct fault f;
		pcap_t *pcap;

		assert_true(writer_close(w, &f));
		pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
		assert_non_null(pcap);
		assert_int_equal(pcap_datalink(pcap), DLT_EN10MB);
		for (size_t k = 0; k < 2; k++) {
			assert_int_equal(pcap_next_ex(pcap, &head, &bytes), 1);
			assert_int_equal(head->ts.tv_sec * MOMENT_S + head->ts.tv_usec, frames[k].time);
			assert_int_equal(head->len, frames[k].wire_len);
			assert_true(span_eq(span_of(bytes, head->caplen), frames[k].bytes));
		}
		assert_int_equal(pcap_next_ex(pcap, &head, &bytes), PCAP_ERROR_BREAK);
		pcap_close(pcap);
		free((char *)path);
		folder_remove(folder);
	}
}

/* ---- classic files ---- */

static void classic_pcap_has_one_link_type(void **state)
{
	char *folder = folder_new();
	const char *path = folder_write(folder, "out", SPAN(""));
	struct writer *w = begin(path, WRITER_PCAP, 2);
	struct fault f;

	(void)state;
	assert_false(writer_frame(w, &frames[2], SPAN(""), &f));
	assert_int_equal(f.kind, FAULT_OUTPUT);
	assert_non_null(strstr(f.text, "frame 3 has another (113 after 1)"));
	assert_true(writer_close(w, &f));
	free((char *)path);
	folder_remove(folder);
}

/* Its head is there before the first frame tells which it is. */
static void classic_pcap_takes_the_first_frames_link_type(void **state)
{
	char *folder = folder_new(), *told;
	const char *path = folder_write(folder, "out", SPAN(""));
	struct fault f;
	struct writer *w = writer_open(path, WRITER_PCAP, &f);
	uint64_t dropped;

	(void)state;
	told = path_told(path, &dropped);
	assert_string_equal(told, "");
	free(told);
	assert_true(writer_frame(w, &frames[2], SPAN(""), &f));
	assert_true(writer_close(w, &f));
	told = path_told(path, &dropped);
	assert_string_equal(told, "1 @1700000009000000000 link 113 if 0.0 5/5 \"third\"\n");
	free(told);
	free((char *)path);
	folder_remove(folder);
}

static void an_empty_run_is_a_capture(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *folder = folder_new(), *told;
		const char *path = folder_write(folder, "out", SPAN(""));
		struct fault f;
		uint64_t dropped;

		assert_true(writer_close(begin(path, formats[i], 0), &f));
		told = path_told(path, &dropped);
		assert_string_equal(told, "");
		free(told);
		free((char *)path);
		folder_remove(folder);
	}
}

static void failures_are_told(void **state)
{
	struct fault f;
	struct writer *w;

	(void)state;
	assert_null(writer_open("/nonexistent/out.pcapng", WRITER_PCAPNG, &f));
	assert_int_equal(f.kind, FAULT_OUTPUT);
	w = writer_open("/dev/full", WRITER_PCAP, &f);
	assert_non_null(w);
	assert_false(writer_close(w, &f));
	assert_string_equal(f.text, "/dev/full: writing failed: No space left on device: the disk is full; "
				    "make room there");
}

/* ---- other programs ---- */

static char *said_by(const char *format, const char *path)
{
	char command[512], *told = NULL;
	size_t len;
	FILE *out = open_memstream(&told, &len), *from;
	int byte;

	snprintf(command, sizeof command, format, path);
	from = popen(command, "r");
	assert_non_null(from);
	while ((byte = fgetc(from)) != EOF)
		fputc(byte, out);
	fclose(out);
	assert_int_equal(pclose(from), 0);
	return told;
}

/* An interface that there is no memory to describe is none: others have their numbers. */
static void what_is_not_described_is_not_there(void **state)
{
	enum { MUCH = 65 << 20 };
	char *folder = folder_new(), *much = malloc(MUCH), *told;
	const char *path = folder_write(folder, "out", SPAN(""));
	struct writer *w = begin(path, WRITER_PCAPNG, 0);
	struct fault f;

	(void)state;
	memset(much, 'x', MUCH);
	much[MUCH - 1] = '\0';
	writer_interface(w, 0, "eth0", much, 0);
	writer_interface(w, 1, "eth1", NULL, 0);
	assert_false(writer_frame(w, &frames[0], SPAN(""), &f));
	assert_int_equal(f.kind, FAULT_MEMORY);
	assert_true(writer_frame(w, &frames[3], SPAN(""), &f));
	assert_true(writer_turn(w, frames[3].time + 20 * MOMENT_S, &f));
	assert_true(writer_close(w, &f));
	told = path_told(path, NULL);
	assert_non_null(strstr(told, "fourth"));
	assert_null(strstr(told, "first"));
	free(told);
	free(much);
	free((char *)path);
	folder_remove(folder);
}

static void tshark_reads_it(void **state)
{
	/* Statistics after eleven seconds, after 31, and at the end. */
	static const char *const lines_of_capinfos[] = {
		"Number of packets:   5\n", "Capture application: wsuscope\n",
		"Capture oper-sys:    Linux ",
		"Number of interfaces in file: 3\nInterface #0 info:\n                     Name = eth0\n",
		"Capture length = 1500\n", "Filter string = tcp port 8530\n", "Number of stat entries = 3\n",
	};
	char *folder = folder_new(), *told;
	const char *path = folder_write(folder, "out.pcapng", SPAN(""));
	struct fault f;
	struct writer *w = writer_open(path, WRITER_PCAPNG, &f);

	(void)state;
	writer_interface(w, 0, "eth0", "tcp port 8530", 1500);
	write_frames(w, COUNT);
	writer_lost(w, 0, &(struct recording_losses){ 2, 3, 4 });
	assert_true(writer_turn(w, 1700000031 * MOMENT_S, &f));
	assert_true(writer_close(w, &f));
	if (system("command -v tshark capinfos >/dev/null 2>&1")) {
		print_message("tshark and capinfos are not installed\n");
		skip();
	}
	told = said_by("tshark -r %s -T fields -e frame.number -e frame.time_epoch -e frame.len "
		       "-e frame.cap_len -e frame.interface_name -e frame.comment 2>&1 | grep -v ^Running",
		       path);
	assert_string_equal(told, "1\t1700000000.123456789\t60\t5\teth0\t\n"
				  "2\t1700000000.123456790\t0\t0\teth0\tits own,added\n"
				  "3\t1700000009.000000000\t5\t5\teth0\t\n"
				  "4\t1700000010.000000000\t6\t6\tunknown\t\n"
				  "5\t1700000011.000000000\t5\t5\teth0\t\n");
	free(told);
	told = said_by("capinfos %s 2>&1", path);
	for (size_t i = 0; i < sizeof lines_of_capinfos / sizeof *lines_of_capinfos; i++)
		assert_non_null(strstr(told, lines_of_capinfos[i]));
	free(told);
	free((char *)path);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcapng_comes_back_whole),
		cmocka_unit_test(libpcap_reads_it),
		cmocka_unit_test(classic_pcap_has_one_link_type),
		cmocka_unit_test(classic_pcap_takes_the_first_frames_link_type),
		cmocka_unit_test(an_empty_run_is_a_capture),
		cmocka_unit_test(failures_are_told),
		cmocka_unit_test(what_is_not_described_is_not_there),
		cmocka_unit_test(tshark_reads_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
