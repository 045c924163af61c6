/* tests/test_writer.c - what is written is read again, by our reader, by libpcap and by tshark. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* Captures made by hand after the format's draft: the bytes must be these.  A section: version 1.0, length
 * unknown, hardware, system and program. */
static const uint8_t section[] = {
	0x0a, 0x0d, 0x0d, 0x0a, 68, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
	255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 2, 0, 'w', 'y', 0, 0, 2, 0, 3, 0, 'C', 'P', 'U', 0,
	3, 0, 4, 0, 'O', 'S', ' ', '1', 4, 0, 8, 0, 'w', 's', 'u', 's', 'c', 'o', 'p', 'e',
	0, 0, 0, 0, 68, 0, 0, 0,
};

static const uint8_t bare_section[] = {
	0x0a, 0x0d, 0x0d, 0x0a, 44, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
	255, 255, 255, 255, 255, 255, 255, 255, 4, 0, 8, 0, 'w', 's', 'u', 's', 'c', 'o', 'p', 'e',
	0, 0, 0, 0, 44, 0, 0, 0,
};

/* Ethernet, snap length 96, its name, if_tsresol 9, its filter as libpcap's text. */
static const uint8_t interface[] = {
	1, 0, 0, 0, 48, 0, 0, 0, 1, 0, 0, 0, 96, 0, 0, 0, 2, 0, 4, 0, 'e', 't', 'h', '0', 9, 0, 1, 0, 9, 0, 0, 0,
	11, 0, 4, 0, 0, 't', 'c', 'p', 0, 0, 0, 0, 48, 0, 0, 0,
};

static const uint8_t bare_interface[] = {
	1, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0,
};

/* 1700000000123456789 = 0x17979cfe3d85cd15; inbound; id 99. */
static const uint8_t packet[] = {
	6, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0x9c, 0x97, 0x17, 0x15, 0xcd, 0x85, 0x3d,
	5, 0, 0, 0, 60, 0, 0, 0, 'f', 'i', 'r', 's', 't', 0, 0, 0, 2, 0, 4, 0, 1, 0, 0, 0,
	5, 0, 8, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0,
};

/* Begun and ended at that moment; nothing was lost or known; one packet. */
static const uint8_t bare_statistics[] = {
	5, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0x9c, 0x97, 0x17, 0x15, 0xcd, 0x85, 0x3d,
	2, 0, 8, 0, 0xfe, 0x9c, 0x97, 0x17, 0x15, 0xcd, 0x85, 0x3d,
	3, 0, 8, 0, 0xfe, 0x9c, 0x97, 0x17, 0x15, 0xcd, 0x85, 0x3d,
	8, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0,
};

/* The same of nine packets that came, of which one was recorded; the interface lost 3, the kernel 2. */
static const uint8_t statistics[] = {
	5, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0x9c, 0x97, 0x17, 0x15, 0xcd, 0x85, 0x3d,
	2, 0, 8, 0, 0xfe, 0x9c, 0x97, 0x17, 0x15, 0xcd, 0x85, 0x3d,
	3, 0, 8, 0, 0xfe, 0x9c, 0x97, 0x17, 0x15, 0xcd, 0x85, 0x3d,
	5, 0, 8, 0, 3, 0, 0, 0, 0, 0, 0, 0, 6, 0, 8, 0, 11, 0, 0, 0, 0, 0, 0, 0,
	7, 0, 8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 8, 0, 8, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0,
};

/* ---- files ---- */

static struct writer *open_bare(const char *path, enum writer_format format)
{
	struct fault f;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	struct writer *w = writer_begin(fd, path, format, &(struct writer_section){ 0 }, &f);

	assert_non_null(w);
	return w;
}

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

static char *read_back(const char *path, uint64_t *dropped)
{
	struct fault f;
	struct source *s = source_open(&path, 1, NULL, &f);
	char *told;

	assert_non_null(s);
	told = source_told(s);
	*dropped = source_info(s, 0)->dropped;
	source_close(s);
	return told;
}

static void expect_bytes(const char *path, const struct span *parts, size_t count)
{
	uint8_t got[4096];
	FILE *file = fopen(path, "rb");
	size_t len, at = 0;

	assert_non_null(file);
	len = fread(got, 1, sizeof got, file);
	fclose(file);
	for (size_t i = 0; i < count; i++) {
		assert_true(len - at >= parts[i].len);
		assert_memory_equal(got + at, parts[i].at, parts[i].len);
		at += parts[i].len;
	}
	assert_int_equal(at, len);
}

#define BYTES(array) { (array), sizeof(array) }

static void the_bytes_are_those_of_the_format(void **state)
{
	const struct span before[] = { BYTES(bare_section), BYTES(bare_interface), BYTES(packet) };
	const struct span after[] = { before[0], before[1], before[2], BYTES(bare_statistics) };
	char *folder = folder_new();
	const char *path = folder_write(folder, "out", SPAN(""));
	struct writer *w = open_bare(path, WRITER_PCAPNG);
	struct fault f;

	(void)state;
	write_frames(w, 1);
	assert_int_equal(writer_bytes(w), sizeof bare_section + sizeof bare_interface + sizeof packet);
	expect_bytes(path, before, 3);
	assert_true(writer_close(w, &f));
	expect_bytes(path, after, 4);
	free((char *)path);
	folder_remove(folder);
}

static void all_that_is_known_is_told(void **state)
{
	const struct span want[] = { BYTES(section), BYTES(interface), BYTES(packet), BYTES(statistics) };
	const struct writer_section about = { "CPU", "OS 1", { "wy", NULL } };
	char *folder = folder_new();
	const char *path = folder_write(folder, "out", SPAN(""));
	struct fault f;
	struct writer *w = writer_begin(open(path, O_WRONLY), path, WRITER_PCAPNG, &about, &f);

	(void)state;
	assert_non_null(w);
	writer_interface(w, 0, "eth0", "tcp", 96);
	write_frames(w, 1);
	writer_lost(w, 0, &(struct recording_losses){ .kernel = 2, .interface = 3 });
	writer_received(w, 0, 9);
	assert_true(writer_close(w, &f));
	expect_bytes(path, want, 4);
	free((char *)path);
	folder_remove(folder);
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
	told = read_back(path, &dropped);
	assert_non_null(strstr(told, "fourth"));
	assert_null(strstr(told, "x: "));
	free(told);
	writer_lost(w, 0, &(struct recording_losses){ 40, 1, 5 });
	writer_lost(w, 0, &(struct recording_losses){ 40, 2, 6 });
	writer_lost(w, 7, &(struct recording_losses){ 1000, 0, 0 });
	writer_lost(w, UINT16_MAX, &(struct recording_losses){ 1000, 0, 0 });
	assert_true(writer_close(w, &f));
	told = read_back(path, &dropped);
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
	told = read_back(path, &dropped);
	assert_string_equal(told, "");
	free(told);
	assert_true(writer_frame(w, &frames[2], SPAN(""), &f));
	assert_true(writer_close(w, &f));
	told = read_back(path, &dropped);
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
		told = read_back(path, &dropped);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bytes_are_those_of_the_format),
		cmocka_unit_test(all_that_is_known_is_told),
		cmocka_unit_test(pcapng_comes_back_whole),
		cmocka_unit_test(libpcap_reads_it),
		cmocka_unit_test(classic_pcap_has_one_link_type),
		cmocka_unit_test(classic_pcap_takes_the_first_frames_link_type),
		cmocka_unit_test(an_empty_run_is_a_capture),
		cmocka_unit_test(failures_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
