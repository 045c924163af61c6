/* tests/test_pcap.c - classic pcap: variants, both byte orders, every cut, damage.
 *
 * Layout and magic numbers from pcap-savefile(5); what libpcap itself reads of
 * the same files is compared in test_source.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/capture_file.h"

struct variant {
	const char *name;
	uint32_t magic;
	uint16_t minor;
	size_t more;            /* bytes of a record's header beyond 16 */
	bool swapped;           /* wire length before captured length */
	uint32_t link_type;
	const char *want;
};

static const struct variant variants[] = {
	{ "microseconds", 0xa1b2c3d4, 4, 0, false, 1,
	  "1 @1700000000000007000 link 1 if 0.0 5/60 \"hello\"\n"
	  "2 @1700000001999999000 link 1 if 0.0 0/0 \"\"\n" },
	{ "nanoseconds", 0xa1b23c4d, 4, 0, false, 113,
	  "1 @1700000000000000007 link 113 if 0.0 5/60 \"hello\"\n"
	  "2 @1700000001000999999 link 113 if 0.0 0/0 \"\"\n" },
	{ "modified", 0xa1b2cd34, 4, 8, false, 1,
	  "1 @1700000000000007000 link 1 if 0.0 5/60 \"hello\" out\n"
	  "2 @1700000001999999000 link 1 if 0.0 0/0 \"\" out\n" },
	{ "before 2.3", 0xa1b2c3d4, 2, 0, true, 1,
	  "1 @1700000000000007000 link 1 if 0.0 5/60 \"hello\"\n"
	  "2 @1700000001999999000 link 1 if 0.0 0/0 \"\"\n" },
	{ "2.3, swapped", 0xa1b2c3d4, 3, 0, true, 1,
	  "1 @1700000000000007000 link 1 if 0.0 5/60 \"hello\"\n"
	  "2 @1700000001999999000 link 1 if 0.0 0/0 \"\"\n" },
	{ "2.3", 0xa1b2c3d4, 3, 0, false, 1,
	  "1 @1700000000000007000 link 1 if 0.0 5/60 \"hello\"\n"
	  "2 @1700000001999999000 link 1 if 0.0 0/0 \"\"\n" },
	{ "raw IP by its DLT, with a check sequence", 0xa1b2c3d4, 4, 0, false, 0x2400000c,
	  "1 @1700000000000007000 link 101 if 0.0 5/60 \"hello\"\n"
	  "2 @1700000001999999000 link 101 if 0.0 0/0 \"\"\n" },
};

static void record(struct capture_file *c, const struct variant *v, uint32_t seconds,
		   uint32_t fraction, const char *text, uint32_t wire)
{
	static const uint8_t more[8] = { [6] = 4 };     /* sent by this host */
	uint32_t captured = (uint32_t)strlen(text);

	file_32(c, seconds);
	file_32(c, fraction);
	file_32(c, v->swapped ? wire : captured);
	file_32(c, v->swapped ? captured : wire);
	assert_true(buf_add(&c->bytes, span_of(more, v->more)));
	assert_true(buf_add(&c->bytes, span_text(text)));
}

static void make(struct capture_file *c, const struct variant *v, bool big)
{
	file_init(c, big);
	file_32(c, v->magic);
	file_16(c, 2);
	file_16(c, v->minor);
	file_64(c, 0);
	file_32(c, 65535);
	file_32(c, v->link_type);
	record(c, v, 1700000000, 7, "hello", 60);
	record(c, v, 1700000001, 999999, "", 0);
}

static void variants_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * sizeof variants / sizeof *variants; i++) {
		const struct variant *v = &variants[i / 2];
		struct capture_file c;
		char *told;

		make(&c, v, i % 2);
		told = file_told(file_span(&c), NULL);
		if (strcmp(told, v->want))
			fail_msg("%s: %s", v->name, told);
		free(told);
		file_release(&c);
	}
}

/* Whole frames before a cut arrive; the fault names the byte and what is missing. */
static void cuts_keep_what_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
		size_t head = 16 + variants[i].more, first = 24 + head + 5;
		struct capture_file c;

		make(&c, &variants[i], false);
		for (size_t cut = 0; cut < c.bytes.len; cut++) {
			char *told = file_told((struct span){ c.bytes.at, cut }, NULL);
			bool whole = cut == 24 || cut == first;
			char place[48];

			snprintf(place, sizeof place, "ends at byte %zu,", cut);
			assert_int_equal(!!strstr(told, "\"hello\""), cut >= first);
			assert_int_equal(!!strstr(told, place), cut > 24 && !whole);
			if (cut < 24)
				assert_true(strstr(told, "header") || strstr(told, "empty") ||
					    strstr(told, "not a capture") || strstr(told, "text"));
			free(told);
		}
		file_release(&c);
	}
}

static void insane_length_is_damage(void **state)
{
	struct capture_file c;
	char *told;

	(void)state;
	file_init(&c, true);
	file_pcap(&c, 0xa1b2c3d4, 1);
	file_record(&c, 1, 0, SPAN("one"), 3);
	file_32(&c, 2);
	file_32(&c, 0);
	file_32(&c, 3000000000);
	file_32(&c, 3);
	file_64(&c, 0);
	told = file_told(file_span(&c), NULL);
	assert_string_equal(told,
			    "1 @1000000000 link 1 if 0.0 3/3 \"one\"\n"
			    "x: damaged at byte 43: a packet of 3000000000 captured bytes (at most "
			    "16777216 make sense); 1 frames were read before\n");
	free(told);
	file_release(&c);
}

static void unknown_version_is_refused(void **state)
{
	struct capture_file c;
	char *told;

	(void)state;
	file_init(&c, false);
	file_32(&c, 0xa1b2c3d4);
	file_16(&c, 543);
	for (int i = 0; i < 10; i++)
		file_32(&c, 0);
	told = file_told(file_span(&c), NULL);
	assert_non_null(strstr(told, "version 543.0"));
	assert_non_null(strstr(told, "editcap -F pcapng x out.pcapng"));
	free(told);
	file_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variants_are_read),
		cmocka_unit_test(cuts_keep_what_is_whole),
		cmocka_unit_test(insane_length_is_damage),
		cmocka_unit_test(unknown_version_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
