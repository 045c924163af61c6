/* tests/test_source.c - frames against libpcap's own reading of the same files; filters; files that fail. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <pcap.h>

#include "tests/capture_file.h"

enum { FRAMES = 3000 };

/* An Ethernet frame of UDP from port 1000 + i to port 53, of i-dependent length. */
static struct span udp_frame(unsigned i, uint8_t room[static 2048])
{
	static const uint8_t head[] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0,
		0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2,
		0, 0, 0, 53, 0, 0, 0, 0,
	};
	size_t len = sizeof head + i * 7 % 1500;
	unsigned port = 1000 + i;

	memcpy(room, head, sizeof head);
	for (size_t k = sizeof head; k < len; k++)
		room[k] = (uint8_t)(k * i);
	room[17] = (uint8_t)(len - 14);
	room[16] = (uint8_t)((len - 14) >> 8);
	room[34] = (uint8_t)(port >> 8);
	room[35] = (uint8_t)port;
	return span_of(room, len);
}

static void make_pcap(struct capture_file *c, bool big, uint32_t magic)
{
	uint8_t room[2048];

	file_init(c, big);
	file_pcap(c, magic, 1);
	for (unsigned i = 0; i < FRAMES; i++)
		file_record(c, 1700000000 + i / 10, i * 331 % 1000000, udp_frame(i, room),
			    (uint32_t)udp_frame(i, room).len + i % 3);
}

static void make_pcapng(struct capture_file *c, bool big)
{
	uint8_t room[2048];

	file_init(c, big);
	file_section(c);
	file_interface(c, 1, 0);
	for (unsigned i = 0; i < FRAMES; i++)
		file_packet(c, 0, UINT64_C(1700000000000000) + i * 331u, udp_frame(i, room),
			    (uint32_t)udp_frame(i, room).len + i % 3);
}

static void compare(const char *path, const char *filter)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
	struct fault f;
	struct source *s = source_open(&path, 1, filter, &f);
	struct pcap_pkthdr *head;
	const uint8_t *bytes;
	struct bpf_program code;
	struct frame frame;
	size_t count = 0;

	assert_non_null(pcap);
	assert_non_null(s);
	if (filter) {
		assert_int_equal(pcap_compile(pcap, &code, filter, 1, PCAP_NETMASK_UNKNOWN), 0);
		assert_int_equal(pcap_setfilter(pcap, &code), 0);
		pcap_freecode(&code);
	}
	while (pcap_next_ex(pcap, &head, &bytes) == 1) {
		assert_int_equal(source_next(s, &frame, &f), SOURCE_FRAME);
		assert_int_equal(frame.time, head->ts.tv_sec * MOMENT_S + head->ts.tv_usec);
		assert_int_equal(frame.wire_len, head->len);
		assert_true(span_eq(frame.bytes, span_of(bytes, head->caplen)));
		count++;
	}
	assert_int_equal(source_next(s, &frame, &f), SOURCE_END);
	assert_int_equal(source_info(s, 0)->frames, FRAMES);
	assert_int_equal(source_info(s, 0)->filtered, FRAMES - count);
	assert_int_equal(source_position(s), source_size(s));
	assert_true(filter ? count && count < FRAMES : count == FRAMES);
	pcap_close(pcap);
	source_close(s);
}

static void frames_are_those_of_libpcap(void **state)
{
	static const uint32_t magics[] = { 0xa1b2c3d4, 0xa1b23c4d };

	(void)state;
	for (int i = 0; i < 6; i++) {
		char *folder = folder_new();
		struct capture_file c;
		const char *path;

		if (i < 4)
			make_pcap(&c, i % 2, magics[i / 2]);
		else
			make_pcapng(&c, i % 2);
		path = folder_write(folder, "capture", file_span(&c));
		compare(path, NULL);
		compare(path, "udp and src port 1234 or greater 1400");
		free((char *)path);
		file_release(&c);
		folder_remove(folder);
	}
}

static void refused_frames_keep_their_number(void **state)
{
	struct capture_file c;
	char *told;

	(void)state;
	make_pcap(&c, false, 0xa1b2c3d4);
	told = file_told(file_span(&c), "src port 1234");
	assert_true(span_starts(span_text(told), SPAN("235 @")));
	assert_int_equal(span_find(span_text(told), SPAN("\n")), strlen(told) - 1);
	free(told);
	file_release(&c);
}

static void wrong_filters_are_usage(void **state)
{
	struct capture_file c;
	struct fault f;

	(void)state;
	make_pcap(&c, false, 0xa1b2c3d4);
	assert_null(source_open_memory("x", file_span(&c), "porrt 8530", &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_non_null(strstr(f.text, "porrt 8530"));
	file_release(&c);
}

/* A filter on radiotap fits no Ethernet: told once, its frames are refused. */
static void unfit_filters_are_told_once(void **state)
{
	struct capture_file c;
	char *told;

	(void)state;
	file_init(&c, true);
	file_section(&c);
	file_interface(&c, 1, 0);
	file_packet(&c, 0, 1, SPAN("ethernet"), 8);
	file_packet(&c, 0, 2, SPAN("ethernet"), 8);
	told = file_told(file_span(&c), "type mgt");
	assert_non_null(strstr(told, "filter 'type mgt'"));
	assert_null(strchr(strchr(told, '\n') + 1, '\n'));
	free(told);
	file_release(&c);
}

static void refuse(const char *const *files, size_t count, enum fault_kind kind, const char *text)
{
	struct fault f = { .kind = FAULT_NONE };

	assert_null(source_open(files, count, NULL, &f));
	assert_int_equal(f.kind, kind);
	if (!strstr(f.text, text))
		fail_msg("%s", f.text);
}

static void files_that_fail(void **state)
{
	char *folder = folder_new();
	const char *empty = folder_write(folder, "empty.pcap", SPAN(""));
	const char *closed = folder_write(folder, "closed.pcap", SPAN("x"));
	const char *const here = folder, *const missing = "/nonexistent/capture.pcap";
	const char *const twice[] = { "-", "-" };
	int zero = open("/dev/null", 0);

	(void)state;
	refuse(&missing, 1, FAULT_INPUT, "/nonexistent/capture.pcap: there is no such file");
	refuse(&here, 1, FAULT_INPUT, "a directory");
	refuse(&empty, 1, FAULT_INPUT, "empty.pcap: empty; ");
	refuse(NULL, 0, FAULT_USAGE, "no file");
	if (geteuid()) {
		assert_int_equal(chmod(closed, 0), 0);
		refuse(&closed, 1, FAULT_INPUT, "no permission");
	}
	dup2(zero, 0);
	refuse(twice, 2, FAULT_INPUT, "standard input: empty");
	close(zero);
	free((char *)empty);
	free((char *)closed);
	folder_remove(folder);
}

static void standard_input_is_read(void **state)
{
	const char *const names[] = { "-", "-" };
	struct capture_file c;
	struct fault f;
	struct source *s;
	int ends[2];
	char *told;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	file_init(&c, false);
	file_pcap(&c, 0xa1b2c3d4, 1);
	file_record(&c, 1, 0, SPAN("piped"), 5);
	assert_int_equal(write(ends[1], c.bytes.at, c.bytes.len), c.bytes.len);
	assert_int_equal(dup2(ends[0], 0), 0);
	/* The writer is still there: what is known must come without waiting for more. */
	assert_null(source_open(names, 2, NULL, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_int_equal(write(ends[1], c.bytes.at, c.bytes.len), c.bytes.len);
	s = source_open(names, 1, NULL, &f);
	assert_non_null(s);
	assert_int_equal(source_size(s), 0);
	close(ends[1]);
	told = source_told(s);
	assert_string_equal(told, "1 @1000000000 link 1 if 0.0 5/5 \"piped\"\n");
	free(told);
	source_close(s);
	close(ends[0]);
	file_release(&c);
}

static void a_stopped_source_ends(void **state)
{
	struct capture_file c;
	struct frame frame;
	struct source *s;
	struct fault f;

	(void)state;
	make_pcap(&c, false, 0xa1b2c3d4);
	s = source_open_memory("x", file_span(&c), NULL, &f);
	assert_int_equal(source_next(s, &frame, &f), SOURCE_FRAME);
	source_stop(s);
	assert_int_equal(source_next(s, &frame, &f), SOURCE_END);
	source_close(s);
	file_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_those_of_libpcap),
		cmocka_unit_test(refused_frames_keep_their_number),
		cmocka_unit_test(wrong_filters_are_usage),
		cmocka_unit_test(unfit_filters_are_told_once),
		cmocka_unit_test(files_that_fail),
		cmocka_unit_test(standard_input_is_read),
		cmocka_unit_test(a_stopped_source_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
