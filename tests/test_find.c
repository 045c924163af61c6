/* tests/test_find.c - values in free text: what has to go, and what has to stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "veil/find.h"

static const uint8_t key[NAMES_KEY] = { 4, 2 };

struct bench {
	struct budget budget;
	struct names *names;
	struct finder *finder;
};

/* Knows a machine, a domain, a user, and a user whose name is a common word. */
static struct bench *bench_new(void)
{
	static struct bench b;
	uint8_t unused[64];

	b.budget = (struct budget){ .ceiling = 16 << 20 };
	b.names = names_new(key, false, &b.budget);
	names_host(b.names, SPAN("PC-0412.contoso.example"), unused);
	names_user(b.names, SPAN("CONTOSO\\m.schmidt"), unused);
	names_user(b.names, SPAN("CONTOSO\\admin"), unused);
	names_word(b.names, SPAN("m\xc3\xbcller"), unused);
	names_seal(b.names);
	b.finder = finder_new(b.names, &b.budget);
	assert_non_null(b.finder);
	return &b;
}

static void bench_free(struct bench *b)
{
	finder_free(b->finder);
	names_free(b->names);
}

/* `gone` is no more in the text, `stays` is. */
static const struct {
	const char *text, *gone, *stays;
} rows[] = {
	{ "Computer PC-0412 is not known", "PC-0412", "Computer " },
	{ "computer pc-0412, again", "pc-0412", "computer " },
	{ "see \\\\pc-0412\\share", "pc-0412", "\\share" },
	{ "https://portal.contoso.example/x", "contoso", ".example/x" },
	{ "CONTOSO\\m.schmidt", "m.schmidt", "\\" },
	{ "owner=M.Schmidt;", "M.Schmidt", "owner=" },
	{ "Gr\xc3\xbc\xc3\x9f" "e, M\xc3\xbcller", "M\xc3\xbcller", "Gr\xc3\xbc\xc3\x9f" "e, " },
	{ "von m\xc3\xbcller.", "m\xc3\xbcller", "von " },
	{ "the admin of contoso2", "x", "the admin of contoso2" },
	{ "PC-04123 is another", "x", "PC-04123 is another" },
	{ "from 203.0.113.77:8530.", "203.0.113.77", ":8530." },
	{ "via [2001:db8::77]:80", "2001:db8::77", "]:80" },
	{ "Via: 1.1 proxy (squid/5.7.1.2)", "x", "(squid/5.7.1.2)" },
	{ "Windows-Update-Agent/10.0.19041.1", "x", "10.0.19041.1" },
	{ "at 10:02:11 on 2024-08-05", "x", "at 10:02:11 on 2024-08-05" },
	{ "{6F9619FF-8B86-4011-B42D-00C04FC964FF}", "6F9619FF", "-4" },
	{ "sid S-1-5-21-3623811015-3361044348-30300820-1013!", "623811015", "sid S-1-5-21-3" },
	{ "=http://updates.firma.example:8530/x;", "updates.firma", ".example:8530/x;" },
	{ "mac 00:15:5d:02:00:50 (up)", "00:15:5d:02:00:50", " (up)" },
	{ "mail erika.mustermann@firma.example now", "erika.mustermann", ".example now" },
	{ "C:\\Users\\emustermann\\AppData", "emustermann", "C:\\Users\\" },
	{ "C:\\Users\\Public\\x", "x", "C:\\Users\\Public\\x" },
	{ "hash 900150983cd24fb0d6963f7d28e17f72.", "900150983cd24fb0", "hash " },
	{ "key=QWxhZGRpbjpvcGVuIHNlc2FtZTEyMzQ1Njc4OQ==;", "QWxhZGRpbjpvcGVu", "==;" },
	{ "/ClientWebService/ClientWebServiceClient.asmx", "x", "/ClientWebServiceClient.asmx" },
};

static bool has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

static void what_has_to_go_goes(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t len = strlen(rows[i].text);
		char text[128];
		bool changes = strcmp(rows[i].gone, "x") != 0;
		size_t count;

		memcpy(text, rows[i].text, len);
		text[len] = '!';
		text[len + 1] = '\0';
		count = finder_text(b->finder, (uint8_t *)text, len);
		assert_int_equal(text[len], '!');
		text[len] = '\0';
		if ((changes && has(text, rows[i].gone)) || !has(text, rows[i].stays) ||
		    changes != (count > 0))
			fail_msg("\"%s\" became \"%s\" (%zu)", rows[i].text, text, count);
	}
	bench_free(b);
}

static void wide_text_becomes_the_same(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t len = strlen(rows[i].text);
		uint8_t narrow[128], wide[256] = { 0 };
		bool ascii = true;

		for (size_t k = 0; k < len; k++) {
			narrow[k] = wide[2 * k] = (uint8_t)rows[i].text[k];
			ascii = ascii && narrow[k] < 0x80;
		}
		if (!ascii)
			continue;
		finder_text(b->finder, narrow, len);
		finder_utf16(b->finder, wide, 2 * len);
		for (size_t k = 0; k < len; k++) {
			assert_int_equal(wide[2 * k], narrow[k]);
			assert_int_equal(wide[2 * k + 1], 0);
		}
	}
	bench_free(b);
}

/* Wherever it stands in a text that goes through in pieces. */
static void long_wide_text_hides_as_well(void **state)
{
	static const uint8_t name[9] = { ' ', 'P', 'C', '-', '0', '4', '1', '2', ' ' };
	static uint8_t text[2 * 9000];
	struct bench *b = bench_new();

	(void)state;
	for (size_t at = 0; at < 8900; at += 37) {
		unsigned left = 0;

		for (size_t i = 0; i < sizeof text; i += 2)
			text[i] = i / 2 % 11 ? 'a' : ' ';
		for (size_t i = 0; i < sizeof name; i++)
			text[2 * (at + i)] = name[i];
		finder_utf16(b->finder, text, sizeof text);
		for (size_t i = 0; i < sizeof name; i++)
			left += text[2 * (at + i)] == name[i];
		/* Two blanks, a dash, and by chance a character or two. */
		assert_true(left < 7);
	}
	bench_free(b);
}

static void any_bytes_come_to_an_end(void **state)
{
	static uint8_t text[65536];
	static const char alphabet[] = "aZ0:.-_=+\\@\xc3\xbc /{";
	struct bench *b = bench_new();
	uint64_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 8; round++) {
		for (size_t i = 0, k; i < sizeof text; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			k = round < 4 ? (seed >> 40) % (sizeof alphabet - 1) : i % (round - 2);
			text[i] = (uint8_t)alphabet[k];
		}
		finder_text(b->finder, text, sizeof text);
		finder_utf16(b->finder, text, sizeof text - 1);
	}
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_to_go_goes),
		cmocka_unit_test(wide_text_becomes_the_same),
		cmocka_unit_test(long_wide_text_hides_as_well),
		cmocka_unit_test(any_bytes_come_to_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
