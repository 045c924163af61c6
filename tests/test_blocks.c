/* tests/test_blocks.c - the bytes of blocks are those of the format's draft (draft-ietf-opsawg-pcapng). */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "capture/writer.h"
#include "tests/capture_file.h"
#include "tests/drawer.h"

static const struct frame frame = {
	.number = 1, .time = 1700000000123456789, .bytes = SPAN_LIT("first"), .wire_len = 60, .link_type = 1,
	.direction = FRAME_INBOUND, .packet_id = 99,
};

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
	1, 0, 0, 0, 48, 0, 0, 0, 1, 0, 0, 0, 96, 0, 0, 0, 2, 0, 4, 0, 'e', 't', 'h', '0',
	9, 0, 1, 0, 9, 0, 0, 0, 11, 0, 4, 0, 0, 't', 'c', 'p', 0, 0, 0, 0, 48, 0, 0, 0,
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
	struct writer *w = drawer_writer(path, WRITER_PCAPNG);
	struct fault f;

	(void)state;
	assert_true(writer_frame(w, &frame, SPAN(""), &f));
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
	assert_true(writer_frame(w, &frame, SPAN(""), &f));
	writer_lost(w, 0, &(struct recording_losses){ .kernel = 2, .interface = 3 });
	writer_received(w, 0, 9);
	assert_true(writer_close(w, &f));
	expect_bytes(path, want, 4);
	free((char *)path);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bytes_are_those_of_the_format),
		cmocka_unit_test(all_that_is_known_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
