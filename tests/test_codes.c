/* tests/test_codes.c - numbers and what they mean.  Expected: wuerror.h, winhttp.h, winerror.h, bitsmsg.h and
 * deliveryoptimizationerrors.h of the Windows SDK, RFC 8446 section 6, MS-WUSP 2.2.2.4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analyzers/catalogue.h"
#include "facts/codes.h"
#include "facts/soap.h"

static void headers_and_table_agree(void **unused)
{
	static const struct row {
		enum code_family family;
		uint32_t value;
		const char *name;
	} rows[] = {
		{ CODE_HRESULT, 0x80240030, "WU_E_INVALID_PROXY_SERVER" },
		{ CODE_HRESULT, 0x8024002C, "WU_E_BIN_SOURCE_ABSENT" },
		{ CODE_HRESULT, 0x8024402C, "WU_E_PT_WINHTTP_NAME_NOT_RESOLVED" },
		{ CODE_HRESULT, 0x80244010, "WU_E_PT_EXCEEDED_MAX_SERVER_TRIPS" },
		{ CODE_HRESULT, 0x80244022, "WU_E_PT_HTTP_STATUS_SERVICE_UNAVAIL" },
		{ CODE_HRESULT, 0x80240438, "WU_E_PT_ENDPOINT_UNREACHABLE" },
		{ CODE_HRESULT, 0x803D0010, "WS_E_ENDPOINT_UNREACHABLE" },
		{ CODE_HRESULT, 0x80072EE2, "ERROR_WINHTTP_TIMEOUT" },
		{ CODE_HRESULT, 0x80072EFD, "ERROR_WINHTTP_CANNOT_CONNECT" },
		{ CODE_HRESULT, 0x80072F0C, "ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED" },
		{ CODE_HRESULT, 0x80072F8F, "ERROR_WINHTTP_SECURE_FAILURE" },
		{ CODE_HRESULT, 0x80190194, "BG_E_HTTP_ERROR_404" },
		{ CODE_HRESULT, 0x80200013, "BG_E_INSUFFICIENT_RANGE_SUPPORT" },
		{ CODE_HRESULT, 0x80D02002, "DO_E_DOWNLOAD_NO_PROGRESS" },
		{ CODE_HRESULT, 0x80246002, "WU_E_DM_INCORRECTFILEHASH" },
		{ CODE_HRESULT, 0x80090331, "SEC_E_ALGORITHM_MISMATCH" },
		{ CODE_HRESULT, 0x800B0109, "CERT_E_UNTRUSTEDROOT" },
		{ CODE_HRESULT, 0x8007274D, "WSAECONNREFUSED" },
		{ CODE_HRESULT, 2147500037u, "E_FAIL" },
		{ CODE_HTTP, 403007, "403.7" },
		{ CODE_HTTP, 407000, "Proxy Authentication Required" },
		{ CODE_TLS_ALERT, 48, "unknown_ca" },
		{ CODE_TLS_ALERT, 116, "certificate_required" },
		{ CODE_SOAP, SOAP_ERROR_CONFIG_CHANGED, "ConfigChanged" },
		{ CODE_STATUS_MESSAGE, 6703, "synchronisation failed" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct code *c = code_find(rows[i].family, rows[i].value);

		assert_non_null(c);
		assert_string_equal(c->name, rows[i].name);
		assert_ptr_equal(code_named(rows[i].family, span_text(rows[i].name)), c);
	}
	assert_null(code_find(CODE_HRESULT, 0x80244014));       /* unassigned in wuerror.h */
	assert_null(code_find(CODE_HTTP, 299000));
}

/* Every ErrorCode that is read is also explained, under its name. */
static void all_fault_codes_are_there(void **unused)
{
	(void)unused;
#define X(symbol, text, heals) \
	assert_non_null(code_find(CODE_SOAP, SOAP_ERROR_##symbol)); \
	assert_string_equal(code_find(CODE_SOAP, SOAP_ERROR_##symbol)->name, text);
	SOAP_ERRORS(X)
#undef X
}

static void check_kinds(const struct code *c)
{
	struct span kinds = span_text(c->kinds);

	while (kinds.len) {
		struct span kind = span_split(&kinds, ' ');

		if (finding_kind_named(kind) == FINDING_KIND_COUNT)
			print_error("%s: no kind %.*s\n", c->name, (int)kind.len, (const char *)kind.at);
		assert_int_not_equal(finding_kind_named(kind), FINDING_KIND_COUNT);
	}
}

static void every_row_keeps_the_rules(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < code_count(); i++) {
		const struct code *c = code_at(i);

		if (code_find(c->family, c->value) != c)
			print_error("%s: its number 0x%08X stands twice\n", c->name, (unsigned)c->value);
		assert_ptr_equal(code_find(c->family, c->value), c);
		assert_true(c->name[0] && c->meaning[0] && code_log(c)[0]);
		assert_int_equal(c->meaning[strlen(c->meaning) - 1], '.');
		check_kinds(c);
	}
}

static bool is_known(struct span word)
{
	uint64_t value;

	if (span_istarts(word, SPAN("0x")) && span_hex(span_skip(word, 2), &value))
		return code_find(CODE_HRESULT, (uint32_t)value);
	return span_decimal(word, &value) && code_find(CODE_STATUS_MESSAGE, (uint32_t)value);
}

/* What a finding's catalogue row says that clients log can be looked up. */
static void codes_of_the_catalogue_are_known(void **unused)
{
	(void)unused;
	for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		struct span codes = span_text(finding_row((enum finding_kind)kind)->codes);

		while (codes.len) {
			struct span word = span_split(&codes, ' ');

			if (!is_known(word))
				print_error("%.*s is not known\n", (int)word.len, (const char *)word.at);
			assert_true(is_known(word));
		}
	}
}

static void a_code_in_few_words(void **unused)
{
	static const struct row {
		uint32_t value;
		const char *text;
	} rows[] = {
		{ 0x80244017, "WU_E_PT_HTTP_STATUS_DENIED: HTTP 401" },
		{ 0x80070002, "Win32 error 2" },
		{ 0x801901A2, "HTTP status 418" },
		{ 0x80244014, "a code of the update agent's protocol talker" },
		{ 0x80240FFF, "a code of the Windows Update Agent" },
		{ 0x80D0FFFF, "a code of Delivery Optimization" },
		{ 0x12345678, "a code of an unknown owner" },
	};
	char text[200], small[8];

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(strncmp(code_hresult_text(rows[i].value, text, sizeof text), rows[i].text,
		                         strlen(rows[i].text)), 0);
	assert_string_equal(code_hresult_text(0x80244017, small, sizeof small), "WU_E_PT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_and_table_agree),
		cmocka_unit_test(all_fault_codes_are_there),
		cmocka_unit_test(every_row_keeps_the_rules),
		cmocka_unit_test(codes_of_the_catalogue_are_known),
		cmocka_unit_test(a_code_in_few_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
