/* tests/test_certs.c - certificates read as openssl x509 -text reads them, and found again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <openssl/asn1.h>
#include <openssl/err.h>

#include "base/base64.h"
#include "decoders/certs.h"
#include "tests/certificates.h"

enum { ROOM = 32 * 1024 };

/* openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -set_serial 0x0a1b2c -days 3650
 * -subj '/C=US/O=Corp, Inc./OU=IT+CN=wsus01.corp.example' -multivalue-rdn
 * -addext 'subjectAltName=DNS:wsus01.corp.example,DNS:*.sup.example,IP:192.0.2.1,IP:2001:db8::1,
 * email:a@b.example'
 * -addext extendedKeyUsage=clientAuth,serverAuth -addext basicConstraints=critical,CA:FALSE -sha512 */
static const char of_openssl[] =
	"MIICiDCCAg+gAwIBAgIDChssMAoGCCqGSM49BAMEMEsxCzAJBgNVBAYTAlVTMRMwEQYDVQQKDApDb3JwLCBJbmMu"
	"MScwCQYDVQQLDAJJVDAaBgNVBAMME3dzdXMwMS5jb3JwLmV4YW1wbGUwHhcNMjYxMTIzMDExODM1WhcNMzYxMTIw"
	"MDExODM1WjBLMQswCQYDVQQGEwJVUzETMBEGA1UECgwKQ29ycCwgSW5jLjEnMAkGA1UECwwCSVQwGgYDVQQDDBN3"
	"c3VzMDEuY29ycC5leGFtcGxlMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEjhH1uxYK9xDPNIjskP9MMIMGsX8fd/Fr"
	"x0+GRjjv4LJNM2jAbfm1Rq1esoPcG08dh9YtdLPScQh8qeJsIWjkXw2lgVToV+G5DiPbClyqW8IFsVpnuNulx7zd"
	"kC3y5G4vo4HEMIHBMB0GA1UdDgQWBBRr8g8rPx5E1yqazJhARhBVH8CTWTAfBgNVHSMEGDAWgBRr8g8rPx5E1yqa"
	"zJhARhBVH8CTWTBSBgNVHREESzBJghN3c3VzMDEuY29ycC5leGFtcGxlgg0qLnN1cC5leGFtcGxlhwTAAAIBhxAg"
	"AQ24AAAAAAAAAAAAAAABgQthQGIuZXhhbXBsZTAdBgNVHSUEFjAUBggrBgEFBQcDAgYIKwYBBQUHAwEwDAYDVR0T"
	"AQH/BAIwADAKBggqhkjOPQQDBANnADBkAjANHWgTJs+zrjYuDE8Qh6rO7cAyITHmya8MqlEHwHsfLXVk4yc9YNps"
	"cwVMThKPW58CMFhEIGN+ri027cKEjyPcbHIQLz+pcgUNuCVnPI5+rYWGW4MVn1IxNFjdLaojQalUbw==";

/* openssl dsaparam 1024; openssl gendsa; openssl req -x509 -days 3650 -subj /CN=old.corp.example -sha1 */
static const char with_dsa[] =
	"MIIC5zCCApegAwIBAgIUVIGIeoULNLtjIUhFiu4DspnfLgEwCQYHKoZIzjgEAzAbMRkwFwYDVQQDDBBvbGQuY29y"
	"cC5leGFtcGxlMB4XDTI2MTEyMzAxMTgzNVoXDTM2MTEyMDAxMTgzNVowGzEZMBcGA1UEAwwQb2xkLmNvcnAuZXhh"
	"bXBsZTCCAb4wggEzBgcqhkjOOAQBMIIBJgKBgQCJLgmLEzYl2yxJnu+oiGiO72PVnsACkE/zw2lYnJDb7YxIjUxG"
	"W8jBG/Z/vWS7jWOuCjE8qqfFrU7Pm8XOh0HMUWGmpur/G+pbEGh4QSXi3YFowaUVy/9TISAQXeWOh4mFDcHU44R/"
	"BFZjIyXsQZ+HLOwimB/38ocIaZuTgBOzbwIdAKNrcH4fe8xh/90pba0hcPps6sHuym9WTTkTpxMCgYBdX7hrDafk"
	"XLXLIBZJaKwG7XHj0mrqWITIIQGF/fZLT+WMQ1sTDR+633FeMg+IBQUuIRFsHT5EfsXk2N4U1oRAdcLm0feoVMqy"
	"giv64UHItuLdeXC90/J6HHAMzc01c7chCwwiITaA1S76y3/zoOvSMu8Z4g5xwSwLWp9tc4uOuwOBhAACgYAsvbfZ"
	"9X9HfYCNVFYBAwO6kihTARCvfMw29UJWmzlVHJ2K+bggYM2SJgSnLT+8DiomFsWxL4upNMA3WwehQoK5MRUWvVcQ"
	"KgChJ2vvjO3wz5I4YC8sxhQPTmMjGJ9oIRA7+dXq/TCD4JvEsfk/7PtROgaf3nUxiD+0zi23oyP6CqNTMFEwHQYD"
	"VR0OBBYEFOQu4SJQ8Dk+MO/XgGmIFVTtdENqMB8GA1UdIwQYMBaAFOQu4SJQ8Dk+MO/XgGmIFVTtdENqMA8GA1Ud"
	"EwEB/wQFMAMBAf8wCQYHKoZIzjgEAwM/ADA8AhxZjneEGFuRoSukCCmEVGovWD4xc3p0QJAxz9sdAhxXs3HJbKF1"
	"ki0g42OmE4ld1wKoKkHCfzcsdMca";

static const struct certificate *make(struct certs *certs, const struct certificate_wish *wish)
{
	static uint8_t der[ROOM];

	return certs_hold(certs, span_of(der, certificate_make(wish, der, sizeof der)));
}

static void is_text(struct span got, const char *want)
{
	if (!span_eq(got, span_text(want)))
		fail_msg("'%.*s' is not '%s'", (int)got.len, (const char *)got.at, want);
}

static void a_certificate_of_openssl(void **state)
{
	static const uint8_t thumbprint[THUMBPRINT_LEN] = {
		0xbe, 0x24, 0xa9, 0x4d, 0x05, 0x31, 0x3a, 0x92, 0x7d, 0x37,
		0x65, 0x0a, 0x7c, 0xad, 0x62, 0xa2, 0x68, 0x56, 0x69, 0x62,
	};
	uint8_t der[1024];
	size_t len = base64_decode(span_text(of_openssl), der, sizeof der);
	struct certs *certs = certs_new(NULL);
	const struct certificate *c = certs_hold(certs, span_of(der, len));
	char text[ADDR_TEXT];

	(void)state;
	assert_true(c->readable);
	assert_true(span_eq(c->der, span_of(der, len)));
	assert_memory_equal(c->thumbprint, thumbprint, THUMBPRINT_LEN);
	is_text(c->subject, "CN=wsus01.corp.example + OU=IT, O=Corp\\, Inc., C=US");
	assert_true(span_eq(c->issuer, c->subject));
	is_text(c->common_name, "wsus01.corp.example");
	is_text(c->organization, "Corp, Inc.");
	is_text(c->serial, "0a1b2c");
	assert_int_equal(c->not_before, 1795396715 * MOMENT_S);
	assert_int_equal(c->not_after, 2110756715 * MOMENT_S);
	assert_int_equal(c->key, KEY_EC);
	assert_int_equal(c->key_bits, 384);
	assert_int_equal(c->digest, SIGNATURE_SHA512);
	assert_int_equal(c->usage, USAGE_SERVER);
	assert_false(c->authority);
	assert_true(c->self_issued);
	assert_false(c->names_cut);
	assert_int_equal(c->name_count, 4);
	is_text(c->names[0].text, "wsus01.corp.example");
	is_text(c->names[1].text, "*.sup.example");
	assert_string_equal(addr_text(&c->names[2].addr, text), "192.0.2.1");
	assert_string_equal(addr_text(&c->names[3].addr, text), "2001:db8::1");
	certs_drop(certs, c);
	certs_free(certs);
}

static void a_certificate_with_dsa(void **state)
{
	uint8_t der[1024];
	size_t len = base64_decode(span_text(with_dsa), der, sizeof der);
	struct certs *certs = certs_new(NULL);
	const struct certificate *c = certs_hold(certs, span_of(der, len));

	(void)state;
	assert_int_equal(c->key, KEY_DSA);
	assert_int_equal(c->key_bits, 1024);
	assert_int_equal(c->digest, SIGNATURE_SHA1);
	assert_true(c->authority);
	certs_drop(certs, c);
	certs_free(certs);
}

/* What certificate_make was told, and what is read of it. */
static const struct row {
	const char *name;
	struct certificate_wish wish;
	const char *subject, *common_name, *issuer_name, *organization;
	enum key_type key;
	unsigned bits;
	enum signature_digest digest;
	enum certificate_usage usage;
	bool authority, self_issued;
} rows[] = {
	{ .name = "no names at all", .subject = "", .common_name = "", .issuer_name = "", .organization = "",
	  .key = KEY_ED25519, .bits = 256, .self_issued = true },
	{ .name = "an authority's, by SHA-1",
	  .wish = { .subject = { { "C", 0, SPAN_LIT("DE") }, { "O", 0, SPAN_LIT("M\xc3\xbcller") },
	                         { "CN", 0, SPAN_LIT("a") }, { "CN", 0, SPAN_LIT("b") } },
	            .issuer = { { "CN", 0, SPAN_LIT("Root") } },
	            .constraints = "CA:TRUE", .key = "RSA", .digest = "SHA1" },
	  .subject = "CN=b, CN=a, O=M\xc3\xbcller, C=DE", .common_name = "b", .issuer_name = "Root",
	  .organization = "M\xc3\xbcller", .key = KEY_RSA, .bits = 1024, .digest = SIGNATURE_SHA1,
	  .authority = true },
	{ .name = "strings of other types (X.690 section 8.23)",
	  .wish = { .subject = { { "O", V_ASN1_T61STRING, SPAN_LIT("M\xfcller") },
	                         { "OU", V_ASN1_UNIVERSALSTRING, SPAN_LIT("\0\0\0A\0\1\xf6\0") },
	                         { "CN", V_ASN1_BMPSTRING, SPAN_LIT("\0w\x4e\x00\x20\x2e") } },
	            .key = "P-256", .digest = "SHA256" },
	  .subject = "CN=w\xe4\xb8\x80\xef\xbf\xbd, OU=A\xf0\x9f\x98\x80, O=M\xc3\xbcller",
	  .common_name = "w\xe4\xb8\x80\xef\xbf\xbd", .issuer_name = "", .organization = "M\xc3\xbcller",
	  .key = KEY_EC, .bits = 256, .digest = SIGNATURE_SHA256 },
	{ .name = "what is escaped (RFC 4514 section 2.4), and what does harm",
	  .wish = { .subject = { { "O", 0, SPAN_LIT(" a+b;<\"c\\> ") },
	                         { "1.3.6.1.4.1.99999.1", 0, SPAN_LIT("x") },
	                         { "CN", 0, SPAN_LIT("#w\0\x1b\xe2\x80\xae#") } },
	            .key = "P-521", .digest = "SHA512" },
	  .subject = "CN=\\#w\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd#, 1.3.6.1.4.1.99999.1=x, "
	             "O=\\ a\\+b\\;\\<\\\"c\\\\\\>\\ ",
	  .common_name = "#w\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd#", .issuer_name = "",
	  .organization = " a+b;<\"c\\> ", .key = KEY_EC, .bits = 521, .digest = SIGNATURE_SHA512 },
	{ .name = "RSASSA-PSS", .wish = { .key = "RSA", .digest = "SHA384", .pss = true },
	  .subject = "", .common_name = "", .issuer_name = "", .organization = "",
	  .key = KEY_RSA, .bits = 1024, .digest = SIGNATURE_SHA384, .self_issued = true },
	{ .name = "RSASSA-PSS by default", .wish = { .key = "RSA", .digest = "SHA1", .pss = true },
	  .subject = "", .common_name = "", .issuer_name = "", .organization = "",
	  .key = KEY_RSA, .bits = 1024, .digest = SIGNATURE_SHA1, .self_issued = true },
	{ .name = "MD5, for clients", .wish = { .key = "RSA", .digest = "MD5", .usage = "clientAuth" },
	  .subject = "", .common_name = "", .issuer_name = "", .organization = "",
	  .key = KEY_RSA, .bits = 1024, .digest = SIGNATURE_MD5, .usage = USAGE_OTHER, .self_issued = true },
	{ .name = "any usage", .wish = { .usage = "anyExtendedKeyUsage" },
	  .subject = "", .common_name = "", .issuer_name = "", .organization = "",
	  .key = KEY_ED25519, .bits = 256, .usage = USAGE_SERVER, .self_issued = true },
	{ .name = "Server Gated Crypto", .wish = { .usage = "codeSigning, msSGC" },
	  .subject = "", .common_name = "", .issuer_name = "", .organization = "",
	  .key = KEY_ED25519, .bits = 256, .usage = USAGE_SERVER, .self_issued = true },
};

static void reads_what_was_made(void **state)
{
	struct certs *certs = certs_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		const struct certificate *c = make(certs, &r->wish);

		print_message("  %s\n", r->name);
		assert_true(c->readable);
		is_text(c->subject, r->subject);
		is_text(c->common_name, r->common_name);
		is_text(c->issuer_name, r->issuer_name);
		is_text(c->organization, r->organization);
		assert_int_equal(c->key, r->key);
		assert_int_equal(c->key_bits, r->bits);
		assert_int_equal(c->digest, r->digest);
		assert_int_equal(c->usage, r->usage);
		assert_int_equal(c->authority, r->authority);
		assert_int_equal(c->self_issued, r->self_issued);
		assert_int_equal(ERR_peek_error(), 0);
		certs_drop(certs, c);
	}
	certs_free(certs);
}

/* X509_NAME takes none of these, so they are written over a name that it takes. */
static void characters_that_are_none(void **state)
{
	static const struct {
		int type;
		struct span fine, bad;
		const char *want;
	} names[] = {
		{ V_ASN1_BMPSTRING, SPAN_LIT("\0A\0B\0C\0D"), SPAN_LIT("\xd8\x3d\xde\x00\xd8\x3d\0x"),
		  "\xf0\x9f\x98\x80\xef\xbf\xbdx" },
		{ V_ASN1_BMPSTRING, SPAN_LIT("\0A\0B"), SPAN_LIT("\xde\x00\xd8\x3d"),
		  "\xef\xbf\xbd\xef\xbf\xbd" },
		{ V_ASN1_UNIVERSALSTRING, SPAN_LIT("\0\0\0A\0\0\0B"), SPAN_LIT("\0\x11\0\0\0\0\xd8\0"),
		  "\xef\xbf\xbd\xef\xbf\xbd" },
		{ V_ASN1_UTF8STRING, SPAN_LIT("ABCD"), SPAN_LIT("\xfc\xc3\xbc\xe2"),
		  "\xc3\xbc\xc3\xbc\xc3\xa2" },
	};
	struct certs *certs = certs_new(NULL);
	uint8_t der[1024];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct certificate_wish wish = { .subject = { { "CN", names[i].type, names[i].fine } } };
		struct span whole = span_of(der, certificate_make(&wish, der, sizeof der));
		const struct certificate *c;

		memcpy(der + span_find(whole, names[i].fine), names[i].bad.at, names[i].bad.len);
		c = certs_hold(certs, whole);
		assert_true(c->readable);
		is_text(c->common_name, names[i].want);
		certs_drop(certs, c);
	}
	certs_free(certs);
}

/* A subject that is no name: no text, and its common name may cover what it says nowhere. */
static void a_subject_that_is_none(void **state)
{
	struct certificate_wish wish = { .subject = { { "CN", 0, SPAN_LIT("wsus") } } };
	struct certs *certs = certs_new(NULL);
	const struct certificate *c;
	uint8_t der[1024];
	struct span whole = span_of(der, certificate_make(&wish, der, sizeof der));

	(void)state;
	der[span_find(whole, SPAN("\x0c\4wsus"))] = V_ASN1_INTEGER;
	c = certs_hold(certs, whole);
	assert_true(c->readable);
	assert_int_equal(c->subject.len, 0);
	assert_int_equal(certificate_covers(c, SPAN("wsus")), NAME_UNKNOWN);
	certs_drop(certs, c);
	certs_free(certs);
}

/* Names of the subjectAltName as they stand; openssl's text of each is the row's. */
static void alternative_names(void **state)
{
	static const struct {
		const char *text;
		struct span der;
		size_t count;
		bool cut;
		struct span first;
	} lists[] = {
		{ "DNS:a.example, URI:http://b", { NULL, 0 }, 1, false, SPAN_LIT("a.example") },
		{ NULL, { NULL, 0 }, 0, false, { NULL, 0 } },
		{ NULL, SPAN_LIT("\x30\x09\x82\x07good\0.x"), 1, false, SPAN_LIT("good\xef\xbf\xbd.x") },
		{ NULL, SPAN_LIT("\x30\x05\x82\0\x82\1a"), 1, false, SPAN_LIT("a") },
		{ NULL, SPAN_LIT("\x30\x07\x87\5\1\2\3\4\5"), 0, false, { NULL, 0 } },
		{ NULL, SPAN_LIT("\x30\x7f\x82\1a"), 0, true, { NULL, 0 } },
		{ NULL, SPAN_LIT("junk"), 0, true, { NULL, 0 } },
		{ "DNS:a", SPAN_LIT("\x30\3\x82\1a"), 0, true, { NULL, 0 } },
	};
	struct certs *certs = certs_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct certificate_wish wish = { .names = lists[i].text, .names_der = lists[i].der };
		const struct certificate *c = make(certs, &wish);

		assert_int_equal(c->name_count, lists[i].count);
		assert_int_equal(c->names_cut, lists[i].cut);
		if (c->name_count)
			assert_true(span_eq(c->names[0].text, lists[i].first));
		certs_drop(certs, c);
	}
	certs_free(certs);
}

static void names_beyond_the_ceiling(void **state)
{
	static uint8_t list[8 + 5 * (CERTIFICATE_NAMES_MAX + 1)];
	size_t len = 4;
	struct certs *certs = certs_new(NULL);

	(void)state;
	for (unsigned i = 0; i <= CERTIFICATE_NAMES_MAX; i++, len += 5)
		memcpy(list + len, "\x82\3abc", 5);
	for (unsigned over = 0; over < 2; over++, len -= 5) {
		struct certificate_wish wish = { .names_der = span_of(list, len) };
		const struct certificate *c;

		memcpy(list, (uint8_t[]){ 0x30, 0x82, (uint8_t)((len - 4) >> 8), (uint8_t)(len - 4) }, 4);
		c = make(certs, &wish);
		assert_int_equal(c->name_count, CERTIFICATE_NAMES_MAX);
		assert_int_equal(c->names_cut, !over);
		certs_drop(certs, c);
	}
	certs_free(certs);
}

static void validity(void **state)
{
	static const struct {
		const char *not_before, *not_after;
		int64_t first, last;    /* by date(1) */
	} dates[] = {
		{ "19500101000000Z", "20491231235959Z", -631152000 * MOMENT_S, 2524607999 * MOMENT_S },
		{ "20500101000000Z", "22620411000000Z", 2524608000 * MOMENT_S, 9223286400 * MOMENT_S },
		{ "00010101000000Z", "99991231235959Z", MOMENT_NONE, MOMENT_NONE },
		{ "00000101000000Z", "22630101000000Z", MOMENT_NONE, MOMENT_NONE },
	};
	struct certs *certs = certs_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
		struct certificate_wish wish = {
			.not_before = dates[i].not_before, .not_after = dates[i].not_after,
		};
		const struct certificate *c = make(certs, &wish);

		assert_int_equal(c->not_before, dates[i].first);
		assert_int_equal(c->not_after, dates[i].last);
		certs_drop(certs, c);
	}
	certs_free(certs);
}

static void what_cannot_be_read(void **state)
{
	static uint8_t der[CERTIFICATE_DER_MAX + 1];
	struct certificate_wish wish = { .subject = { { "CN", 0, SPAN_LIT("a") } } };
	size_t len = certificate_make(&wish, der, 1024);
	struct certs *certs = certs_new(NULL);
	const struct certificate *c;

	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		c = certs_hold(certs, span_of(der, cut));
		assert_false(c->readable);
		assert_int_equal(c->not_after, MOMENT_NONE);
		assert_int_equal(ERR_peek_error(), 0);
		certs_drop(certs, c);
	}
	c = certs_hold(certs, span_of(der, CERTIFICATE_DER_MAX));
	assert_true(c->readable);               /* zeros follow it */
	is_text(c->common_name, "a");
	certs_drop(certs, c);
	assert_null(certs_hold(certs, span_of(der, sizeof der)));
	certs_free(certs);
}

static void the_same_bytes_are_one(void **state)
{
	struct budget budget = { .ceiling = 1024 * 1024 };
	struct certs *certs = certs_new(&budget);
	const struct certificate *first = certs_hold(certs, SPAN("one"));
	const struct certificate *again = certs_hold(certs, SPAN("one"));

	(void)state;
	assert_ptr_equal(first, again);
	assert_ptr_not_equal(first, certs_hold(certs, SPAN("two")));
	certs_drop(certs, first);
	certs_drop(certs, again);
	assert_ptr_equal(first, certs_hold(certs, SPAN("one")));
	certs_drop(certs, NULL);
	certs_free(certs);
	certs_free(NULL);
	assert_int_equal(budget.used, 0);
}

static const struct certificate *hold_number(struct certs *certs, uint64_t number)
{
	return certs_hold(certs, span_of(&number, sizeof number));
}

/* Held ones stay whatever comes; of the others the oldest go, and nothing is refused for them. */
static void idle_ones_make_room(void **state)
{
	struct budget budget = { .ceiling = 2 * 1024 * 1024 };
	struct certs *certs = certs_new(&budget);
	const struct certificate *held = certs_hold(certs, SPAN("held"));
	size_t least = budget.used, idle;

	(void)state;
	for (uint64_t i = 0; i < 10000; i++)
		certs_drop(certs, hold_number(certs, i));
	assert_in_range(budget.used, least + 1, least + budget.ceiling / 16);
	assert_true(budget_take(&budget, budget.ceiling - budget.used));        /* by somebody else */
	idle = budget.used;
	assert_non_null(hold_number(certs, 10000));
	assert_in_range(budget.used, 1, idle - 1);
	assert_int_equal(budget.refused, 0);
	assert_ptr_equal(held, certs_hold(certs, SPAN("held")));
	is_text(held->der, "held");
	certs_free(certs);
}

/* With no end of memory the table itself has one. */
static void idle_ones_have_a_ceiling(void **state)
{
	struct budget budget = { .ceiling = SIZE_MAX };
	struct certs *certs = certs_new(&budget);
	size_t after = 0;

	(void)state;
	for (uint64_t i = 0; i < 12000; i++) {
		certs_drop(certs, hold_number(certs, i));
		if (i == 5000)
			after = budget.used;
	}
	assert_int_equal(budget.used, after);
	certs_free(certs);
}

static void no_memory_is_told(void **state)
{
	struct budget whole = { .ceiling = 100 * 1024 };
	struct budget budget = { .ceiling = SIZE_MAX, .whole = &whole };
	struct certs *certs = certs_new(&budget);
	const struct certificate *held[100];
	size_t count = 0;

	(void)state;
	while (count < 100 && (held[count] = hold_number(certs, count)))
		count++;
	assert_in_range(count, 1, 99);
	assert_true(whole.refused > 0);
	while (count--)
		certs_drop(certs, held[count]);
	certs_free(certs);
	assert_int_equal(whole.used, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_of_openssl), cmocka_unit_test(a_certificate_with_dsa),
		cmocka_unit_test(reads_what_was_made),      cmocka_unit_test(alternative_names),
		cmocka_unit_test(characters_that_are_none), cmocka_unit_test(a_subject_that_is_none),
		cmocka_unit_test(names_beyond_the_ceiling), cmocka_unit_test(validity),
		cmocka_unit_test(what_cannot_be_read),      cmocka_unit_test(the_same_bytes_are_one),
		cmocka_unit_test(idle_ones_make_room),      cmocka_unit_test(idle_ones_have_a_ceiling),
		cmocka_unit_test(no_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
