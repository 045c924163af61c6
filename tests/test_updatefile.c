/* tests/test_updatefile.c - addresses of update files (MS-WUSP notes 56, 57), ranges (RFC 9110 14). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "facts/updatefile.h"

#define SHA1 "747E85F5369F9ADB5E0C76BE072C10B9B705583E"
#define MU   "/d/msdownload/update/software/secu/2026/03/windows10.0-kb9000001-x64_"

static const uint8_t sha1_bytes[SHA1_BYTES] = { 0x74, 0x7e, 0x85, 0xf5, 0x36, 0x9f, 0x9a, 0xdb, 0x5e, 0x0c,
	                                        0x76, 0xbe, 0x07, 0x2c, 0x10, 0xb9, 0xb7, 0x05, 0x58, 0x3e };

static const struct address {
	const char *text;
	enum updatefile_form form;
	const char *type;
} addresses[] = {
	{ "/Content/3E/" SHA1 ".cab", UPDATEFILE_CONTENT, ".cab" },
	{ "/content/3e/747e85f5369f9adb5e0c76be072c10b9b705583e.PSF", UPDATEFILE_CONTENT, ".PSF" },
	{ "/Content/3E/" SHA1, UPDATEFILE_CONTENT, "" },
	{ "http://wsus01.contoso.example:8530/Content/3E/" SHA1 ".cab?x=/y.z", UPDATEFILE_CONTENT, ".cab" },
	{ "/Content/3F/" SHA1 ".cab", UPDATEFILE_FOLDER, ".cab" },
	{ "/Content/zz/" SHA1 ".cab", UPDATEFILE_FOLDER, ".cab" },
	{ "/3E/" SHA1 ".cab", UPDATEFILE_NAMED, ".cab" },
	{ "/Contents/3E/" SHA1 ".cab", UPDATEFILE_NAMED, ".cab" },
	{ SHA1 ".cab", UPDATEFILE_NAMED, ".cab" },
	{ MU SHA1 ".cab", UPDATEFILE_NAMED, ".cab" },
	{ "/Content/3E/" SHA1 "00.cab", UPDATEFILE_OTHER, ".cab" },
	{ "/Content/3E/X47E85F5369F9ADB5E0C76BE072C10B9B705583E.cab", UPDATEFILE_OTHER, ".cab" },
	{ "/Content/anonymousCheckFile.txt", UPDATEFILE_OTHER, ".txt" },
	{ "/Content/3E/", UPDATEFILE_OTHER, "" },
	{ "", UPDATEFILE_OTHER, "" },
};

static void addresses_tell_their_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		const struct address *a = &addresses[i];
		uint8_t sha1[SHA1_BYTES];

		if (updatefile_read(span_text(a->text), sha1) != a->form)
			fail_msg("%s: another form", a->text);
		if (a->form != UPDATEFILE_OTHER)
			assert_memory_equal(sha1, sha1_bytes, SHA1_BYTES);
		if (!span_eq(updatefile_type(span_text(a->text)), span_text(a->type)))
			fail_msg("%s: another type", a->text);
	}
}

enum { NO = 0 };

#define ANY RANGE_UNKNOWN

static const struct range {
	const char *text;
	bool good;
	struct byte_range want;
} asked[] = {
	{ "bytes=0-1048575", true, { 0, 1048575, ANY } },
	{ "Bytes=5-", true, { 5, ANY, ANY } },
	{ "bytes= 5 - 6 ", true, { 5, 6, ANY } },
	{ "bytes=-500", false, { NO, NO, NO } },
	{ "bytes=0-1,5-6", false, { NO, NO, NO } },
	{ "bytes=6-5", false, { NO, NO, NO } },
	{ "bytes=5", false, { NO, NO, NO } },
	{ "items=0-5", false, { NO, NO, NO } },
	{ "bytes=18446744073709551616-", false, { NO, NO, NO } },
	{ "", false, { NO, NO, NO } },
};

static const struct range told[] = {
	{ "bytes 0-1048575/3120000", true, { 0, 1048575, 3120000 } },
	{ "bytes 42-1233/*", true, { 42, 1233, ANY } },
	{ "bytes */1234", true, { ANY, ANY, 1234 } },
	{ "bytes */*", false, { NO, NO, NO } },
	{ "bytes 5-4/10", false, { NO, NO, NO } },
	{ "bytes 5-10/10", false, { NO, NO, NO } },
	{ "bytes 5-9", false, { NO, NO, NO } },
	{ "bytes -9/10", false, { NO, NO, NO } },
	{ "bytes=5-9/10", false, { NO, NO, NO } },
	{ "bytes 0-18446744073709551615/*", false, { NO, NO, NO } },
	{ "", false, { NO, NO, NO } },
};

static void compare(const struct range *row, bool good, const struct byte_range *got)
{
	if (good != row->good)
		fail_msg("\"%s\": %s", row->text, good ? "taken" : "refused");
	if (good && (got->first != row->want.first || got->last != row->want.last ||
	             got->total != row->want.total))
		fail_msg("\"%s\": read wrong", row->text);
}

static void ranges_are_read(void **state)
{
	struct byte_range r;

	(void)state;
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		compare(&asked[i], byte_range_asked(span_text(asked[i].text), &r), &r);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		compare(&told[i], byte_range_told(span_text(told[i].text), &r), &r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_tell_their_file),
		cmocka_unit_test(ranges_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
