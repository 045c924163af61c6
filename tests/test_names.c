/* tests/test_names.c - pseudonyms: of the same shape, the same everywhere, nobody's else. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "veil/names.h"

static const uint8_t one_key[NAMES_KEY] = { 1, 2, 3 }, other_key[NAMES_KEY] = { 9, 8, 7 };

struct bench {
	struct budget budget;
	struct names *names;
};

static void bench_open(struct bench *b, const uint8_t key[static NAMES_KEY])
{
	b->budget = (struct budget){ .ceiling = 16 << 20 };
	b->names = names_new(key, false, &b->budget);
	assert_non_null(b->names);
}

static void word(struct names *n, struct span value, uint8_t *to) { names_put(n, NAME_WORD, value, to); }
static void token(struct names *n, struct span value, uint8_t *to) { names_put(n, NAME_TOKEN, value, to); }
static void hex(struct names *n, struct span value, uint8_t *to) { names_put(n, NAME_HEX, value, to); }
static void guid(struct names *n, struct span value, uint8_t *to) { names_put(n, NAME_GUID, value, to); }
static void sid(struct names *n, struct span value, uint8_t *to) { names_put(n, NAME_SID, value, to); }

/* Of names that are sealed; in a buffer that tells when more is written. */
static const char *put(struct names *n, void (*how)(struct names *, struct span, uint8_t *),
                       const char *value, char to[static 256])
{
	size_t len = strlen(value);

	memset(to, '!', 256);
	how(n, span_text(value), (uint8_t *)to);
	assert_int_equal(to[len], '!');
	to[len] = '\0';
	return to;
}

/* ---- shapes ---- */

/* A pattern has for each character what must stand there: x a small letter, X a capital, 9 a digit, h a
 * hexadecimal digit, ? a letter or a digit, and itself all else.  What is not to change is in quotes. */
static bool fits(const char *pattern, const char *text)
{
	bool quoted = false;

	for (; *pattern; pattern++) {
		unsigned char c = (unsigned char)*text;

		if (*pattern == '\'') {
			quoted = !quoted;
			continue;
		}
		if (quoted || !strchr("xX9h?", *pattern) ? c != (unsigned char)*pattern
		    : *pattern == 'x' ? !islower(c)
		    : *pattern == 'X' ? !isupper(c)
		    : *pattern == '9' ? !isdigit(c)
		    : *pattern == 'h' ? !isxdigit(c)
		                      : !isalnum(c))
			return false;
		text++;
	}
	return !*text;
}

static const struct {
	void (*how)(struct names *, struct span, uint8_t *);
	const char *value, *becomes;
} shapes[] = {
	{ word, "berlin-04", "xxxxxx-99" },
	{ word, "Berlin-PC", "Xxxxxx-XX" },
	{ word, "wsus01", "'wsus'99" },
	{ word, "SUP-Berlin", "'SUP'-Xxxxxx" },
	{ word, "wsus", "'wsus'" },
	{ word, "NT AUTHORITY", "'NT AUTHORITY'" },
	{ token, "dGhpcyBpcw==", "xXxxxxXxxx==" },
	{ hex, "0a1b2c3d4e5f6789", "hhhhhhhhhhhhhhhh" },
	{ hex, "4711081547110815", "9999999999999999" },
	{ guid, "{6F9619FF-8B86-4011-B42D-00C04FC964FF}", "{hhhhhhhh-hhhh-'4'hhh-'B'hhh-hhhhhhhhhhhh}" },
	{ guid, "00000000-0000-0000-0000-000000000000", "'00000000-0000-0000-0000-000000000000'" },
	{ sid, "S-1-5-21-3623811015-3361044348-30300820-1013",
	  "S-1-5-21-'3'999999999-'3'999999999-99999999-9999" },
	{ sid, "S-1-5-21-3623811015-3361044348-30300820-500",
	  "S-1-5-21-'3'999999999-'3'999999999-99999999-'500'" },
	{ sid, "S-1-5-18", "'S-1-5-18'" },
	{ names_host, "PC-0412.corp.example", "XX-9999.xxxx.'example'" },
	{ names_host, "wsus01.corp.example:8530", "'wsus'99.xxxx.'example:8530'" },
	{ names_host, "download.windowsupdate.com", "'download.windowsupdate.com'" },
	{ names_host, "crl.microsoft.com.edgesuite.net", "'crl.microsoft.com.edgesuite.net'" },
	{ names_host, "shop.edgesuite.net", "xxxx.xxxxxxxxx.'net'" },
	{ names_host, "*.corp.example.", "*.xxxx.'example.'" },
	{ names_host, "_ldap._tcp.corp.example", "'_ldap._tcp.'xxxx.'example'" },
	{ names_host, "corp", "xxxx" },
	{ names_host, "127.0.0.1:8530", "'127.0.0.1:8530'" },
	{ names_host, "printer:berlin.corp.example", "xxxxxxx:xxxxxx.xxxx.'example'" },
	{ names_host, "[2001:db8::1]:443", "[hhhh:hhh::1]'':443" },
	{ names_user, "CORP\\alice", "XXXX\\xxxxx" },
	{ names_user, "alice@corp.example", "xxxxx@xxxx.'example'" },
	{ names_user, "PC-0412$", "XX-9999$" },
	{ names_user, "HTTP/wsus01.corp.example@CORP.EXAMPLE",
	  "'HTTP/wsus'99.xxxx.'example'@XXXX.'EXAMPLE'" },
	{ names_url, "http://bob:Pa55word@wsus01:8530/Content/a.cab?id=12&key=s3cr3tABC",
	  "'http://'xxx:Xx99xxxx@'wsus'99':8530/Content/a.cab?id=12&key='x9xx9xXXX" },
	{ names_url, "/selfupdate/wuident.cab?2408010115", "'/selfupdate/wuident.cab?2408010115'" },
	{ names_query, "a=1&token=abcDEF123;x=true", "'a=1&token='xxxXXX999;'x=true'" },
};

static void shapes_stay_and_values_go(void **state)
{
	struct bench b;
	char text[256];

	(void)state;
	bench_open(&b, one_key);
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		put(b.names, shapes[i].how, shapes[i].value, text);
	names_seal(b.names);
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		put(b.names, shapes[i].how, shapes[i].value, text);
		if (!fits(shapes[i].becomes, text))
			fail_msg("%s became %s, not %s", shapes[i].value, text, shapes[i].becomes);
		if (strpbrk(shapes[i].becomes, "xX9h?") && shapes[i].becomes[0] != '\'')
			assert_string_not_equal(text, shapes[i].value);
	}
	names_free(b.names);
}

/* ---- what is public, and who is told of in front of it ---- */

static void tenants_go_from_public_hosts(void **state)
{
	struct bench b;
	char tenant[256], common[256], updates[256];

	(void)state;
	bench_open(&b, one_key);
	put(b.names, names_host, "fabrikam.example", tenant);
	put(b.names, names_host, "download.example", tenant);
	put(b.names, names_host, "fabrikam.office.com", tenant);
	names_seal(b.names);
	put(b.names, names_host, "fabrikam.office.com", tenant);
	put(b.names, names_host, "download.office.com", common);
	put(b.names, names_host, "fe2.update.microsoft.com", updates);
	assert_true(fits("xxxxxxxx'.office.com'", tenant));
	assert_string_not_equal(tenant, "fabrikam.office.com");
	assert_string_equal(common, "download.office.com");
	assert_string_equal(updates, "fe2.update.microsoft.com");
	names_free(b.names);
}

/* "10.in-addr.arpa" is asked for by whoever has such a network: nobody's address, so none is learned. */
static void zones_of_networks_are_nobodys(void **state)
{
	struct bench b;
	char zone[256], whole[256];

	(void)state;
	bench_open(&b, one_key);
	put(b.names, names_host, "20.10.in-addr.arpa", zone);
	assert_int_equal(names_of_kind(b.names, NAME_ADDRESS), 0);
	put(b.names, names_host, "45.30.20.10.in-addr.arpa", whole);
	assert_int_equal(names_of_kind(b.names, NAME_ADDRESS), 1);
	names_seal(b.names);
	put(b.names, names_host, "20.10.in-addr.arpa", zone);
	put(b.names, names_host, "45.30.20.10.in-addr.arpa", whole);
	assert_string_equal(strchr(strchr(whole, '.') + 1, '.') + 1, zone);
	names_free(b.names);
}

/* ---- the same value, the same pseudonym ---- */

static void one_name_is_one_name_wherever_it_stands(void **state)
{
	struct bench b;
	char host[256], upper[256], user[256], alone[256], whole[256];
	uint8_t wide[2 * 7] = { 'P', 0, 'C', 0, '-', 0, '0', 0, '4', 0, '1', 0, '2', 0 }, to[sizeof wide];

	(void)state;
	bench_open(&b, one_key);
	names_seal(b.names);
	put(b.names, names_host, "pc-0412.corp.example", host);
	put(b.names, word, "PC-0412", alone);
	put(b.names, names_host, "PC-0412.CORP.EXAMPLE", upper);
	put(b.names, names_user, "CORP\\pc-0412$", user);
	names_utf16(b.names, names_word, span_of(wide, sizeof wide), to);
	for (size_t i = 0; host[i]; i++)
		assert_int_equal(toupper(host[i]), upper[i]);
	put(b.names, word, "pc-0412.corp.example", whole);
	assert_string_equal(whole, host);
	assert_memory_equal(alone, upper, 7);
	assert_memory_equal(user, upper + 8, 4);
	assert_memory_equal(user + 5, host, 7);
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(to[2 * i], alone[i]);
		assert_int_equal(to[2 * i + 1], 0);
	}
	names_free(b.names);
}

/* MS-DTYP section 2.3.4: the first three parts are stored with their least byte first. */
static void a_guid_is_the_same_as_bytes(void **state)
{
	static const uint8_t bytes[16] = { 0xff, 0x19, 0x96, 0x6f, 0x86, 0x8b, 0x11, 0x40,
		                           0xb4, 0x2d, 0x00, 0xc0, 0x4f, 0xc9, 0x64, 0xff };
	static const unsigned order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	struct bench b;
	char text[256], hex_text[33], plain[33];
	uint8_t to[16];
	size_t len = 0;

	(void)state;
	bench_open(&b, one_key);
	names_seal(b.names);
	put(b.names, guid, "6f9619ff-8b86-4011-b42d-00c04fc964ff", text);
	names_guid_bytes(b.names, bytes, to);
	for (unsigned i = 0; i < 16; i++)
		snprintf(hex_text + 2 * i, 3, "%02x", to[order[i]]);
	for (size_t i = 0; text[i]; i++)
		if (text[i] != '-')
			plain[len++] = text[i];
	plain[len] = '\0';
	assert_string_equal(plain, hex_text);
	names_free(b.names);
}

static void another_key_gives_another_pseudonym(void **state)
{
	struct bench a, again, b;
	char first[256], second[256], third[256];

	(void)state;
	bench_open(&a, one_key);
	bench_open(&again, one_key);
	bench_open(&b, other_key);
	names_seal(a.names);
	names_seal(again.names);
	names_seal(b.names);
	put(a.names, word, "somebody", first);
	put(again.names, word, "somebody", second);
	put(b.names, word, "somebody", third);
	assert_string_equal(first, second);
	assert_string_not_equal(first, third);
	names_free(a.names);
	names_free(again.names);
	names_free(b.names);
}

/* ---- nobody else's ---- */

static void no_pseudonym_is_anothers_nor_a_value(void **state)
{
	struct bench b;
	char text[256], value[8];

	(void)state;
	bench_open(&b, one_key);
	/* All numbers of two digits but ten: hardly any are free. */
	for (unsigned i = 0; i < 90; i++) {
		snprintf(value, sizeof value, "a%02u", i);
		put(b.names, word, value, text);
	}
	names_seal(b.names);
	assert_int_equal(names_count(b.names), 90);
	assert_int_equal(names_of_kind(b.names, NAME_WORD), 90);
	for (size_t i = 0; i < 90; i++) {
		struct name n = names_at(b.names, i);

		assert_int_equal(n.value.len, n.pseudonym.len);
		for (size_t k = 0; k < 90; k++) {
			assert_false(span_eq(n.pseudonym, names_at(b.names, k).value));
			assert_true(i == k || !span_eq(n.pseudonym, names_at(b.names, k).pseudonym));
		}
	}
	names_free(b.names);
}

static void any_bytes_keep_their_length(void **state)
{
	static const char *const odd[] = {
		"\xff\xfe\x80", "m\xc3\xbcller", "\xe7\x94\xb0\xe4\xb8\xad", "\xf0\x9f\x90\xa7", "", ".",
		"..", "@", "\\", "a\\", "@b", "/", "$", "://", "http://", "?=&;",
	};
	static void (*const how[])(struct names *, struct span, uint8_t *) = {
		word, token, hex, guid, sid, names_host, names_user, names_url, names_query,
	};
	struct bench b;
	char text[256];

	(void)state;
	bench_open(&b, one_key);
	for (unsigned sealed = 0; sealed < 2; sealed++) {
		for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
			for (size_t k = 0; k < sizeof how / sizeof *how; k++)
				put(b.names, how[k], odd[i], text);
		names_seal(b.names);
	}
	put(b.names, word, "m\xc3\xbcller", text);
	assert_false(span_find(span_text(text), SPAN("\xc3\xbc")) != SIZE_MAX);
	names_free(b.names);
}

/* "<script>" is nobody's name: it goes where it stands, and no page is searched for it. */
static void odd_names_go_and_are_not_learned(void **state)
{
	static const char odd[] = "<img src=kestrelhq onerror=alert(1)>";
	struct bench b;
	char first[256], again[256];

	(void)state;
	bench_open(&b, one_key);
	put(b.names, word, odd, first);
	put(b.names, token, "</script>", first);
	assert_int_equal(names_count(b.names), 0);
	names_seal(b.names);
	assert_false(names_learned(b.names, span_text(odd)));
	put(b.names, word, odd, first);
	put(b.names, word, odd, again);
	assert_true(fits("<xxx xxx=xxxxxxxxx xxxxxxx=xxxxx(9)>", first));
	assert_null(strstr(first, "kestrelhq"));
	assert_string_equal(first, again);
	assert_int_equal(names_count(b.names), 0);
	names_free(b.names);
}

/* Readers of XML refuse what is no UTF-8, before and after. */
static void bytes_of_no_character_stay_so(void **state)
{
	struct bench b;
	char text[256];

	(void)state;
	bench_open(&b, one_key);
	names_seal(b.names);
	put(b.names, word, "a\xed\xa0", text);
	assert_int_equal(utf8_len(span_of(text + 1, 2)), 0);
	assert_int_equal(utf8_len(span_of(text + 2, 1)), 0);
	names_free(b.names);
}

static void a_budget_that_is_out_still_hides(void **state)
{
	struct budget budget = { .ceiling = 0 };
	struct names *n = names_new(one_key, false, &budget);
	char text[256];

	(void)state;
	names_seal(n);
	put(n, word, "somebody", text);
	assert_string_not_equal(text, "somebody");
	assert_true(names_refused(n) > 0);
	names_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_stay_and_values_go),
		cmocka_unit_test(tenants_go_from_public_hosts),
		cmocka_unit_test(zones_of_networks_are_nobodys),
		cmocka_unit_test(one_name_is_one_name_wherever_it_stands),
		cmocka_unit_test(a_guid_is_the_same_as_bytes),
		cmocka_unit_test(another_key_gives_another_pseudonym),
		cmocka_unit_test(no_pseudonym_is_anothers_nor_a_value),
		cmocka_unit_test(any_bytes_keep_their_length),
		cmocka_unit_test(odd_names_go_and_are_not_learned),
		cmocka_unit_test(bytes_of_no_character_stay_so),
		cmocka_unit_test(a_budget_that_is_out_still_hides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
