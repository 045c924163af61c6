/* tests/test_certificate.c - names covered: RFC 9525 section 6, and what Windows falls back to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "facts/certificate.h"

enum { ROW_NAMES = 3 };

static const struct row {
	const char *common_name;
	const char *names[ROW_NAMES];   /* dNSName, or an address */
	struct span asked;
	enum name_cover want;
} rows[] = {
	{ "", { "wsus01.corp.example" }, SPAN_LIT("wsus01.corp.example"), NAME_COVERED },
	{ "", { "other.example", "wsus01.corp.example" }, SPAN_LIT("wsus01.corp.example"), NAME_COVERED },
	{ "", { "WSUS01.Corp.Example" }, SPAN_LIT("wsus01.corp.EXAMPLE"), NAME_COVERED },
	{ "", { "wsus01.corp.example" }, SPAN_LIT("wsus01.corp.example."), NAME_COVERED },
	{ "", { "wsus01.corp.example." }, SPAN_LIT("wsus01.corp.example"), NAME_COVERED },
	{ "", { "wsus01.corp.example" }, SPAN_LIT("wsus01"), NAME_NOT_COVERED },
	{ "", { "wsus01" }, SPAN_LIT("wsus01.corp.example"), NAME_NOT_COVERED },
	{ "", { "wsus01" }, SPAN_LIT("WSUS01"), NAME_COVERED },
	{ "", { "xn--mnchen-3ya.example" }, SPAN_LIT("xn--mnchen-3ya.example"), NAME_COVERED },
	/* wildcards (RFC 9525 section 6.3): the whole left-most label, for one label */
	{ "", { "*.corp.example" }, SPAN_LIT("wsus01.corp.example"), NAME_COVERED },
	{ "", { "*.CORP.example" }, SPAN_LIT("wsus01.corp.example."), NAME_COVERED },
	{ "", { "*.corp.example" }, SPAN_LIT("xn--mnchen-3ya.corp.example"), NAME_COVERED },
	{ "", { "*.corp.example" }, SPAN_LIT("corp.example"), NAME_NOT_COVERED },
	{ "", { "*.corp.example" }, SPAN_LIT("a.b.corp.example"), NAME_NOT_COVERED },
	{ "", { "*.corp.example" }, SPAN_LIT(".corp.example"), NAME_NOT_COVERED },
	{ "", { "w*.corp.example" }, SPAN_LIT("wsus01.corp.example"), NAME_NOT_COVERED },
	{ "", { "wsus01.*.example" }, SPAN_LIT("wsus01.corp.example"), NAME_NOT_COVERED },
	{ "", { "*.*.example" }, SPAN_LIT("wsus01.corp.example"), NAME_NOT_COVERED },
	{ "", { "*" }, SPAN_LIT("wsus01"), NAME_NOT_COVERED },
	{ "", { "*." }, SPAN_LIT("wsus01."), NAME_NOT_COVERED },
	{ "", { "." }, SPAN_LIT("wsus01"), NAME_NOT_COVERED },
	/* addresses: iPAddress alone (RFC 9525 section 6.4) */
	{ "", { "192.0.2.1" }, SPAN_LIT("192.0.2.1"), NAME_COVERED },
	{ "", { "192.0.2.1" }, SPAN_LIT("192.0.2.2"), NAME_NOT_COVERED },
	{ "", { "2001:db8::1" }, SPAN_LIT("[2001:DB8:0::1]"), NAME_COVERED },
	{ "192.0.2.1", { NULL }, SPAN_LIT("192.0.2.1"), NAME_NOT_COVERED },
	{ "", { "*.0.2.1" }, SPAN_LIT("192.0.2.1"), NAME_NOT_COVERED },
	/* the common name, where there is no dNSName */
	{ "fe2.update.microsoft.com", { NULL }, SPAN_LIT("fe2.update.microsoft.com"), NAME_COVERED_BY_CN },
	{ "*.update.microsoft.com", { NULL }, SPAN_LIT("fe2.update.microsoft.com"), NAME_COVERED_BY_CN },
	{ "wsus01.corp.example", { "192.0.2.1" }, SPAN_LIT("wsus01.corp.example"), NAME_COVERED_BY_CN },
	{ "wsus01.corp.example", { "other.example" }, SPAN_LIT("wsus01.corp.example"), NAME_NOT_COVERED },
	{ "Corp WSUS", { NULL }, SPAN_LIT("Corp WSUS"), NAME_NOT_COVERED },
	{ "", { NULL }, SPAN_LIT("wsus01"), NAME_NOT_COVERED },
	/* nothing that could be asked for, and what hides an end */
	{ "wsus01", { NULL }, SPAN_LIT(""), NAME_UNKNOWN },
	{ "wsus01", { NULL }, SPAN_LIT("."), NAME_UNKNOWN },
	{ "wsus01", { "wsus01" }, SPAN_LIT("wsus01\0"), NAME_NOT_COVERED },
	{ "wsus01\n", { "wsus01\n" }, SPAN_LIT("wsus01\n"), NAME_NOT_COVERED },
};

/* The row as a certificate; its names are in `names`. */
static struct certificate certificate_of(const struct row *r, struct certificate_name names[static ROW_NAMES])
{
	struct certificate c = {
		.readable = true, .common_name = span_text(r->common_name), .names = names,
	};

	for (; c.name_count < ROW_NAMES && r->names[c.name_count]; c.name_count++) {
		struct certificate_name *n = &names[c.name_count];

		*n = (struct certificate_name){ .text = span_text(r->names[c.name_count]) };
		if (addr_parse(n->text, &n->addr))
			n->text.len = 0;
	}
	return c;
}

static void covers_as_due(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct certificate_name names[ROW_NAMES];
		struct certificate c = certificate_of(&rows[i], names);
		enum name_cover got = certificate_covers(&c, rows[i].asked);

		if (got != rows[i].want)
			fail_msg("row %zu, '%.*s': %d", i, (int)rows[i].asked.len,
			         (const char *)rows[i].asked.at, (int)got);
	}
}

/* A name that is not among those kept may be among those that were cut; one that is, is covered. */
static void names_that_are_cut(void **state)
{
	struct certificate_name names[ROW_NAMES];
	const struct row r = { "wsus01", { "sup.corp.example", "192.0.2.1" }, { NULL, 0 }, NAME_UNKNOWN };
	struct certificate c = certificate_of(&r, names);

	(void)state;
	c.names_cut = true;
	assert_int_equal(certificate_covers(&c, SPAN("sup.corp.example")), NAME_COVERED);
	assert_int_equal(certificate_covers(&c, SPAN("wsus01")), NAME_UNKNOWN);
	assert_int_equal(certificate_covers(&c, SPAN("192.0.2.1")), NAME_COVERED);
	assert_int_equal(certificate_covers(&c, SPAN("192.0.2.2")), NAME_UNKNOWN);
	c.readable = false;
	assert_int_equal(certificate_covers(&c, SPAN("sup.corp.example")), NAME_UNKNOWN);
	assert_int_equal(certificate_covers(&c, SPAN("192.0.2.1")), NAME_UNKNOWN);
}

/* A name with a NUL in it, as certificates were once forged: neither half is a name. */
static void a_nul_ends_no_name(void **state)
{
	const struct certificate_name forged = { .text = SPAN_LIT("wsus01.corp.example\0.evil.example") };
	const struct certificate c = { .readable = true, .names = &forged, .name_count = 1 };

	(void)state;
	assert_int_equal(certificate_covers(&c, SPAN("wsus01.corp.example")), NAME_NOT_COVERED);
	assert_int_equal(certificate_covers(&c, forged.text), NAME_NOT_COVERED);
}

static void everything_has_its_word(void **state)
{
	(void)state;
	assert_string_equal(key_type_name(KEY_RSA), "RSA");
	assert_string_equal(key_type_name(KEY_DSA), "DSA");
	assert_string_equal(signature_digest_name(SIGNATURE_SHA1), "SHA-1");
	assert_string_equal(signature_digest_name(SIGNATURE_SHA512), "SHA-512");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(covers_as_due),
		cmocka_unit_test(names_that_are_cut),
		cmocka_unit_test(a_nul_ends_no_name),
		cmocka_unit_test(everything_has_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
