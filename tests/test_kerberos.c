/* tests/test_kerberos.c - names and numbers of Kerberos messages.
 *
 * The messages were made from RFC 4120's ASN.1 by a DER encoder of its own; ciphertexts are filler.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/base64.h"
#include "decoders/kerberos.h"

enum { TOKEN_MAX = 512, ARENA_MAX = 8192 };

/* AP-REQ: realm CORP.EXAMPLE, sname 2 HTTP/wsus01.corp.example, etypes 18 and 17. */
static const char ap_req[] =
	"boHCMIG/oAMCAQWhAwIBDqIHAwUAIAAAAKOBhGGBgTB/oAMCAQWhDhsMQ09SUC5FWEFNUExFoiYwJKADAgECoR0w"
	"GxsESFRUUBsTd3N1czAxLmNvcnAuZXhhbXBsZaNAMD6gAwIBEqEDAgEDojIEMFpaWlpaWlpaWlpaWlpaWlpaWlpa"
	"WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWqQjMCGgAwIBEaIaBBhaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=";

/* The same with a realm in UTF-8, a line feed in the name, etypes 23 and 3. */
static const char odd_ap_req[] =
	"boGzMIGwoAMCAQWhAwIBDqIHAwUAIAAAAKN2YXQwcqADAgEFoQ8bDUvDlkxOLkVYQU1QTEWiGDAWoAMCAQKhDzAN"
	"GwRIVFRQGwV3CnN1c6NAMD6gAwIBF6EDAgEDojIEMFpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa"
	"WlpaWlpaWlpaWlpaWqQjMCGgAwIBA6IaBBhaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=";

/* AP-REP: etype 18. */
static const char ap_rep[] =
	"bzcwNaADAgEFoQMCAQ+iKTAnoAMCARKiIAQeWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa";

/* KRB-ERROR: stime 20260310091500Z, susec 123456, error-code 37, realm and sname as above. */
static const char krb_error[] =
	"fmMwYaADAgEFoQMCAR6kERgPMjAyNjAzMTAwOTE1MDBapQUCAwHiQKYDAgElqQ4bDENPUlAuRVhBTVBMRaomMCSg"
	"AwIBAqEdMBsbBEhUVFAbE3dzdXMwMS5jb3JwLmV4YW1wbGU=";

static bool is(struct span text, const char *want)
{
	return span_eq(text, span_text(want));
}

static struct span token_of(const char *text, uint8_t bytes[static TOKEN_MAX])
{
	return span_of(bytes, base64_decode(span_text(text), bytes, TOKEN_MAX));
}

static void requests_name_the_service(void **state)
{
	uint8_t bytes[TOKEN_MAX];
	struct kerberos_message m;
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_MAX);
	assert_true(kerberos_read(token_of(ap_req, bytes), &m, &arena));
	assert_int_equal(m.kind, KERBEROS_AP_REQ);
	assert_true(is(m.realm, "CORP.EXAMPLE"));
	assert_true(is(m.service, "HTTP/wsus01.corp.example"));
	assert_int_equal(m.ticket_etype, 18);
	assert_int_equal(m.authenticator_etype, 17);
	assert_true(m.server_time == MOMENT_NONE);
	assert_true(kerberos_read(token_of(odd_ap_req, bytes), &m, &arena));
	assert_true(is(m.realm, "K\xc3\x96LN.EXAMPLE"));
	assert_true(is(m.service, "HTTP/w\xef\xbf\xbdsus"));
	assert_int_equal(m.ticket_etype, 23);
	assert_int_equal(m.authenticator_etype, 3);
	arena_release(&arena);
}

static void errors_tell_number_and_time(void **state)
{
	uint8_t bytes[TOKEN_MAX];
	struct kerberos_message m;
	struct arena arena;
	char text[MOMENT_TEXT];

	(void)state;
	arena_init(&arena, ARENA_MAX);
	assert_true(kerberos_read(token_of(krb_error, bytes), &m, &arena));
	assert_int_equal(m.kind, KERBEROS_ERROR);
	assert_int_equal(m.error, 37);
	assert_string_equal(kerberos_error_name(m.error), "KRB_AP_ERR_SKEW");
	assert_string_equal(moment_text(m.server_time, text), "2026-03-10T09:15:00.123456000Z");
	assert_true(is(m.service, "HTTP/wsus01.corp.example"));
	assert_true(is(m.realm, "CORP.EXAMPLE"));
	assert_true(kerberos_read(token_of(ap_rep, bytes), &m, &arena));
	assert_int_equal(m.kind, KERBEROS_AP_REP);
	assert_int_equal(m.authenticator_etype, 18);
	arena_release(&arena);
}

/* KerberosTime is "YYYYMMDDHHMMSSZ" and nothing else (RFC 4120 section 5.2.3). */
static void times_that_are_none_are_not_told(void **state)
{
	static const struct {
		const char *time;
		const char *want;
	} rows[] = {
		{ "19700101000000Z", "1970-01-01T00:00:00.123456000Z" },
		{ "20240229235960Z", "2024-03-01T00:00:00.123456000Z" },        /* a leap second */
		{ "20000301000000Z", "2000-03-01T00:00:00.123456000Z" },
		{ "21000301000000Z", "2100-03-01T00:00:00.123456000Z" },
		{ "20261310091500Z", "" }, { "20260310241500Z", "" }, { "20260300091500Z", "" },
		{ "20260310091500+", "" }, { "2026031x091500Z", "" }, { "19691231235959Z", "" },
		{ "99991231235959Z", "" },
	};
	uint8_t bytes[TOKEN_MAX];
	struct span token = token_of(krb_error, bytes);
	size_t at = span_find(token, SPAN("20260310091500Z"));

	(void)state;
	assert_true(at != SIZE_MAX);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct kerberos_message m;
		struct arena arena;
		char text[MOMENT_TEXT];

		arena_init(&arena, ARENA_MAX);
		memcpy(bytes + at, rows[i].time, 15);
		assert_true(kerberos_read(token, &m, &arena));
		assert_string_equal(moment_text(m.server_time, text), rows[i].want);
		arena_release(&arena);
	}
}

/* A head may be cut anywhere: what is there is told, and no more. */
static void cuts_are_survived(void **state)
{
	static const char *const tokens[] = { ap_req, ap_rep, krb_error };
	uint8_t bytes[TOKEN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		struct span token = token_of(tokens[i], bytes);

		for (size_t len = 0; len < token.len; len++) {
			struct kerberos_message m;
			struct arena arena;

			arena_init(&arena, ARENA_MAX);
			if (kerberos_read(span_of(token.at, len), &m, &arena))
				assert_true(m.service.len <= strlen("HTTP/wsus01.corp.example"));
			arena_release(&arena);
		}
	}
}

static void other_bytes_are_no_kerberos(void **state)
{
	static const struct span rows[] = {
		SPAN_LIT(""), SPAN_LIT("NTLMSSP\0\1\0\0\0"), SPAN_LIT("\x60\x02\x06\x00"),
		SPAN_LIT("\x7f\x6e\x00"), SPAN_LIT("\x6e\x80\x00\x00"),
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_MAX);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct kerberos_message m;

		assert_false(kerberos_read(rows[i], &m, &arena));
		assert_int_equal(m.kind, KERBEROS_NONE);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_name_the_service),
		cmocka_unit_test(errors_tell_number_and_time),
		cmocka_unit_test(times_that_are_none_are_not_told),
		cmocka_unit_test(cuts_are_survived),
		cmocka_unit_test(other_bytes_are_no_kerberos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
