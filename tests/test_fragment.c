/* tests/test_fragment.c - fragments of updates, whole and cut everywhere: what counts, what is skipped,
 * what is not XML.
 *
 * Their shape: MS-WUSP 3.1.1.1; references and markup: XML 1.0 sections 2.3 to 2.7 and 4.6.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "decoders/fragcache.h"
#include "decoders/fragment.h"

enum { TOLD_MAX = 4096, ROOM = 64 * 1024 };

static const struct row {
	const char *name, *text, *want;
} rows[] = {
	{ "core",
	  "<UpdateIdentity "
	  "UpdateID=\"2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03\" RevisionNumber=\"200\" />"
	  "<Properties UpdateType=\"Software\" ExplicitlyDeployable=\"true\" /><Relationships>"
	  "<Prerequisites>"
	  "<AtLeastOne IsCategory=\"true\"><UpdateIdentity "
	  "UpdateID=\"1c7c2a1f-4d6e-4b9f-8a32-7e2d3f8b5c02\" />"
	  "</AtLeastOne></Prerequisites></Relationships><ApplicabilityRules><IsInstalled>"
	  "<b.RegDword "
	  "Key=\"HKEY\" Comparison=\"a > b\" Data=\"'\" /></IsInstalled></ApplicabilityRules>",
	  "id=2d8d3b20 revision=200 type=Software " },
	{ "the identity is the one at the top, wherever it stands",
	  "<Relationships><UpdateIdentity "
	  "UpdateID='1c7c2a1f-4d6e-4b9f-8a32-7e2d3f8b5c02' RevisionNumber='1'/>"
	  "</Relationships><UpdateIdentity "
	  "RevisionNumber='7' UpdateID='2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03'/>",
	  "id=2d8d3b20 revision=7 " },
	{ "extended",
	  "<ExtendedProperties DefaultPropertiesLanguage=\"en\" MsrcSeverity=\"Important\" "
	  "Handler=\"http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation\">"
	  "<SupportUrl>http://support.microsoft.com</SupportUrl>"
	  "<SecurityBulletinID>MS42-007</SecurityBulletinID>"
	  "<KBArticleID>2862335</KBArticleID><KBArticleID>1</KBArticleID></ExtendedProperties>"
	  "<Files>"
	  "<File "
	  "Digest=\"dH6F9TafmtteDHa+BywQubcFWD4=\" DigestAlgorithm=\"SHA1\" FileName=\"BgInfo.exe\" "
	  "Size=\"847040\" Modified=\"2010-11-25T15:26:20.723\"><AdditionalDigest "
	  "Algorithm=\"SHA256\">AA=="
	  "</AdditionalDigest></File></Files><HandlerSpecificData "
	  "type=\"cmd:CommandLineInstallation\">"
	  "<InstallCommand Arguments=\"/c &quot;net user &amp; more&quot;\" Program=\"BgInfo.exe\">"
	  "<ReturnCode Reboot=\"false\" Result=\"Succeeded\" Code=\"0\" /></InstallCommand>"
	  "</HandlerSpecificData>",
	  "kb=2862335 severity=Important handler=CommandLineInstallation arguments=/c \"net "
	  "user & more\" "
	  "bulletin=MS42-007 | 74..3E 847040 BgInfo.exe " },
	{ "a handler that only its data names",
	  "<HandlerSpecificData xsi:type='cmd:CommandLineInstallation'><cmd:InstallCommand "
	  "Arguments='/q'/>"
	  "</HandlerSpecificData>", "handler=CommandLineInstallation arguments=/q " },
	{ "files without a SHA-1",
	  "<Files><File FileName='a' Digest='s/YPzU3/h8esB4Dp4vrdR4czFZAnufMrU0U4CBu2r+w=' "
	  "DigestAlgorithm='SHA256'/><File "
	  "DigestAlgorithm='SHA256' Digest='dH6F9TafmtteDHa+BywQubcFWD4='/>"
	  "<File Size='-1' Digest=''/><File Size='99999999999999999999'/></Files>", "| a | | | " },
	{ "server to server",
	  "<?xml version=\"1.0\"?><upd:Update xmlns:upd=\"u\"><upd:UpdateIdentity "
	  "UpdateID=\"2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03\" RevisionNumber=\"200\"/>"
	  "<upd:Properties "
	  "UpdateType=\"Software\" MsrcSeverity=\"Critical\">"
	  "<upd:KBArticleID>5034441</upd:KBArticleID>"
	  "</upd:Properties><upd:LocalizedPropertiesCollection><upd:LocalizedProperties>"
	  "<upd:Language>de"
	  "</upd:Language><upd:Title>Kumulativ</upd:Title></upd:LocalizedProperties>"
	  "<upd:LocalizedProperties>"
	  "<upd:Language>en</upd:Language><upd:Title>Cumulative</upd:Title>"
	  "</upd:LocalizedProperties>"
	  "<upd:LocalizedProperties><upd:Language>fr</upd:Language><upd:Title>Cumulatif</upd:Title>"
	  "</upd:LocalizedProperties></upd:LocalizedPropertiesCollection><upd:Files><upd:File "
	  "Digest=\"dH6F9TafmtteDHa+BywQubcFWD4=\" FileName=\"a.cab\" Size=\"1\"/></upd:Files>"
	  "</upd:Update>",
	  "id=2d8d3b20 revision=200 type=Software title=Cumulative kb=5034441 severity=Critical "
	  "| 74..3E 1 a.cab " },
	{ "references",
	  "<LocalizedProperties>"
	  "<Title>a&amp;b &lt;c&gt; &#x41;&#66; &#xe4; &#xD800; &apos;&quot; &no; &; &</Title>"
	  "</LocalizedProperties>",
	  "title=a&b <c> AB \xc3\xa4 \xef\xbf\xbd '\" &no; &; & " },
	{ "comments, instructions, CDATA",
	  "<!-- <Title>no</Title> -- > - --><LocalizedProperties><?pi <Title>no</Title>?><Title>"
	  "<![CDATA[a]]b]>]]>"
	  "</Title></LocalizedProperties>", "title=a]]b]> " },
	{ "a document type ends it",
	  "<Properties UpdateType='Driver'/><!DOCTYPE x [<!ENTITY e 'bomb'>]>"
	  "<LocalizedProperties><Title>no</Title></LocalizedProperties>", "type=Driver " },
	{ "blanks", "<Properties\n\tUpdateType = \"Software\"\r\n/>", "type=Software " },
	{ "nothing that is meant",
	  "text</no></no><Title>a</Title><Files><File/></Files><a><Properties UpdateType='no'/>"
	  "</a><PropertiesX "
	  "UpdateType='no'/><x:y/>< /><Properties UpdateType=bare other='x'/><Properties "
	  "UpdateType='open",
	  "| " },
	{ "ends that are missing",
	  "<Files><LocalizedProperties><Title>no</Title></LocalizedProperties>", "" },
	{ "nested deeper than is followed",
	  "<Update><Update><Update><Update><Update><Update><Update><Update><Update>"
	  "<Properties UpdateType='no'/></Update></Update></Update></Update></Update></Update>"
	  "</Update></Update>"
	  "</Update><Properties UpdateType='yes'/>", "type=yes " },
};

static void tell_text(FILE *out, const char *name, struct span text)
{
	if (text.len)
		fprintf(out, "%s=%.*s ", name, (int)text.len, (const char *)text.at);
}

static void tell_file(void *to, const struct wsus_file *f)
{
	FILE *out = to;

	fprintf(out, "| ");
	if (f->has_sha1)
		fprintf(out, "%02X..%02X ", f->sha1[0], f->sha1[19]);
	if (f->size >= 0)
		fprintf(out, "%lld ", (long long)f->size);
	if (f->name.len)
		fprintf(out, "%.*s ", (int)f->name.len, (const char *)f->name.at);
}

static void tell(FILE *out, const struct wsus_update *u)
{
	char text[37];

	if (!wsus_guid_is_zero(&u->id))
		fprintf(out, "id=%.8s ", wsus_guid_text(&u->id, text));
	if (u->revision)
		fprintf(out, "revision=%u ", u->revision);
#define X(member) tell_text(out, #member, u->member);
	WSUS_UPDATE_TEXTS(X)
#undef X
}

/* What a fragment tells, its files last.  True: all was kept. */
static bool read(struct fragment *f, struct arena *arena, struct span text, size_t step,
                 char told[static TOLD_MAX])
{
	char files[TOLD_MAX] = "";
	FILE *out = fmemopen(files, sizeof files, "w");
	struct wsus_update update = { 0 };
	bool all;

	fragment_begin(f, &update, (struct fragment_files){ tell_file, out }, arena);
	while (text.len)
		fragment_text(f, span_take(&text, step));
	all = fragment_end(f);
	fclose(out);
	out = fmemopen(told, TOLD_MAX, "w");
	tell(out, &update);
	fprintf(out, "%s", files);
	fclose(out);
	return all;
}

static void every_cut_tells_the_same(void **state)
{
	struct fragment *f = fragment_new(NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t step = 1; step <= strlen(rows[i].text); step++) {
			char told[TOLD_MAX] = "";
			struct arena arena;

			arena_init(&arena, ROOM);
			assert_true(read(f, &arena, span_text(rows[i].text), step, told));
			if (strcmp(told, rows[i].want))
				print_message("%s, by %zu:\n", rows[i].name, step);
			assert_string_equal(told, rows[i].want);
			arena_release(&arena);
		}
	fragment_free(f);
}

/* `text`, and `tail` blanks behind it. */
static void read_padded(struct fragment *f, const char *text, size_t tail, char told[static TOLD_MAX])
{
	struct arena arena;
	struct buf padded;

	arena_init(&arena, ROOM);
	buf_init(&padded, ROOM);
	assert_true(buf_add(&padded, span_text(text)));
	while (tail--)
		assert_true(buf_add_byte(&padded, ' '));
	assert_true(read(f, &arena, buf_span(&padded), 1000, told));
	buf_release(&padded);
	arena_release(&arena);
}

/* What comes out of the cache is what reading tells; a long one is known by its front. */
static void what_is_known_tells_the_same(void **state)
{
	struct fragcache *cache = fragcache_new(NULL);
	struct fragment *knows = fragment_new(NULL, cache), *reads = fragment_new(NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t tail = 0; tail < 9000; tail += 3000) {
			char want[TOLD_MAX] = "", told[TOLD_MAX] = "";

			read_padded(reads, rows[i].text, tail, want);
			for (unsigned again = 0; again < 3; again++) {
				read_padded(knows, rows[i].text, tail, told);
				assert_string_equal(told, want);
			}
		}
	fragment_free(knows);
	fragment_free(reads);
	fragcache_free(cache);
}

/* Equal fronts, other ends: unless only rules follow, each is read. */
static void fronts_alone_tell_nothing(void **state)
{
	static const char *const titles[] = { "one", "two" };
	struct fragcache *cache = fragcache_new(NULL);
	struct fragment *f = fragment_new(NULL, cache);

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		char told[TOLD_MAX] = "", want[64];
		struct arena arena;
		struct buf text;

		arena_init(&arena, ROOM);
		buf_init(&text, ROOM);
		for (size_t n = 0; n < 5000; n++)
			buf_add_byte(&text, ' ');
		buf_printf(&text, "<LocalizedProperties><Title>%s</Title></LocalizedProperties>",
		           titles[i % 2]);
		assert_true(read(f, &arena, buf_span(&text), SIZE_MAX, told));
		snprintf(want, sizeof want, "title=%s ", titles[i % 2]);
		assert_string_equal(told, want);
		buf_release(&text);
		arena_release(&arena);
	}
	fragment_free(f);
	fragcache_free(cache);
}

/* Whatever lies before a tag, in a tag or in a comment, however long: what follows is read. */
static void length_does_not_matter(void **state)
{
	static const struct {
		const char *before, *after, *want;
	} cases[] = {
		{ "", "<Properties UpdateType='Software'/>", "type=Software " },
		{ "<a b='", "'/><Properties UpdateType='Software'/>", "type=Software " },
		{ "<a b='", ">'></a><Properties UpdateType='Software'/>", "type=Software " },
		{ "<a b=\"'", "/\"><Properties UpdateType='Software'/></a>", "" },
		{ "<a></a", "><Properties UpdateType='Software'/>", "type=Software " },
		{ "<!--", "--><Properties UpdateType='Software'/>", "type=Software " },
		{ "<?pi", "?><Properties UpdateType='Software'/>", "type=Software " },
		{ "<Properties UpdateType='Software' b='", "'/>"
		  "<Title>no</Title>", "type=Software " },
		{ "<LocalizedProperties><Title>a</Title><Description>", "</Description>"
		  "</LocalizedProperties>",
		  "title=a " },
	};
	struct fragment *f = fragment_new(NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t len = 3900; len < 8400; len += len < 4110 ? 1 : 67) {
			char told[TOLD_MAX] = "";
			struct arena arena;
			struct buf text;

			arena_init(&arena, ROOM);
			buf_init(&text, ROOM);
			assert_true(buf_add(&text, span_text(cases[i].before)));
			for (size_t n = 0; n < len; n++)
				assert_true(buf_add_byte(&text, 'x'));
			assert_true(buf_add(&text, span_text(cases[i].after)));
			assert_true(read(f, &arena, buf_span(&text), 1 + len % 5000, told));
			assert_string_equal(told, cases[i].want);
			buf_release(&text);
			arena_release(&arena);
		}
	fragment_free(f);
}

static void long_texts_are_cut(void **state)
{
	static const char *const frames[][2] = {
		{ "<LocalizedProperties><Title>", "</Title></LocalizedProperties>" },
		{ "<HandlerSpecificData><InstallCommand Arguments='&lt;", "'/>"
		  "</HandlerSpecificData>" },
	};
	struct fragment *f = fragment_new(NULL, NULL);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct wsus_update update = { 0 };
		struct arena arena;
		size_t len;

		arena_init(&arena, ROOM);
		fragment_begin(f, &update, (struct fragment_files){ tell_file, NULL }, &arena);
		fragment_text(f, span_text(frames[i][0]));
		for (unsigned n = 0; n < 2 * ITEM_TEXT_MAX; n++)
			fragment_text(f, SPAN("\xc3\xa4"));
		fragment_text(f, span_text(frames[i][1]));
		assert_true(fragment_end(f));
		len = update.title.len + update.arguments.len;
		assert_in_range(len, ITEM_TEXT_MAX - 8, ITEM_TEXT_MAX);
		arena_release(&arena);
	}
	fragment_free(f);
}

/* A full arena is told, and what is kept is whole. */
static void full_arenas_are_told(void **state)
{
	struct fragment *f = fragment_new(NULL, NULL);
	char told[TOLD_MAX];
	struct arena arena;

	(void)state;
	arena_init(&arena, 16);
	assert_false(read(f, &arena, SPAN("<Properties "
	  "UpdateType='Software' MsrcSeverity='Low'/>"), 5, told));
	assert_string_equal(told, "type=Software ");
	arena_release(&arena);
	fragment_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut_tells_the_same),
		cmocka_unit_test(what_is_known_tells_the_same),
		cmocka_unit_test(fronts_alone_tell_nothing),
		cmocka_unit_test(length_does_not_matter),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(full_arenas_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
