/* tests/test_codes.c - numbers and what they mean.  Expected: wuerror.h, winhttp.h, winerror.h, bitsmsg.h and
 * deliveryoptimizationerrors.h of the Windows SDK, RFC 8446 section 6, MS-WUSP 2.2.2.4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analyzers/catalogue.h"
#include "base/tongue.h"
#include "facts/cases.h"
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
		{ CODE_HRESULT, 0x8024502D, "WU_E_PT_SAME_REDIR_ID" },
		{ CODE_HRESULT, 0x8024502E, "WU_E_PT_NO_MANAGED_RECOVER" },
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
		{ CODE_SERVER_EVENT, 12072, "content directory not accessible" },
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

/* One code with several wires is told so, and how to tell them apart. */
static void several_wires_are_told(void **unused)
{
	static const uint32_t values[] = { 0x8024401C, 0x80072EE2, 0x80244022, 0x80244021,
		                           0x80072EFE, 0x80072F8F, 0x80072EFD, 0x8024402C };

	(void)unused;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		const struct code *c = code_find(CODE_HRESULT, values[i]);

		assert_non_null(strchr(c->wire, '\n'));
		assert_true(c->advice[0]);
	}
}

/* What is seen on the wire leads to what the client logs: each pair both ways. */
static void what_is_seen_is_what_is_logged(void **unused)
{
	static const struct row {
		const char *kind;
		uint32_t values[5];
	} rows[] = {
		{ "name-not-resolved", { 0x8024402C, 0x80072EE7, 0x803D0010 } },
		{ "connection-unanswered", { 0x80072EE2, 0x80072EFD, 0x80240438, 0x8020002D } },
		{ "connection-refused", { 0x80072EFD, 0x80240438 } },
		{ "connection-rejected", { 0x80072EFD, 0x80240438 } },
		{ "tls-not-served", { 0x80072EFE, 0x80072F7D } },
		{ "tls-version-mismatch", { 0x80072F7D, 0x80090302 } },
		{ "tls-no-common-cipher", { 0x80072F7D, 0x80090326 } },
		{ "certificate-expired", { 0x80072F8F, 0x80072F05, 0x800B0101 } },
		{ "certificate-name-mismatch", { 0x80072F8F, 0x80072F06, 0x800B010F } },
		{ "certificate-untrusted", { 0x80072F8F, 0x80072F0D, 0x800B0109 } },
		{ "client-certificate-demanded", { 0x80072F0C } },
		{ "soap-fault", { 0x80244007, 0x8024400D, 0x8024400E } },
		{ "content-replaced", { 0x8024400A, 0x80240439, 0x80240038, 0x800B0100 } },
		{ "request-unanswered", { 0x8024401C, 0x80072EE2, 0x803D0006 } },
		{ "range-stripped", { 0x80200013, 0x80D05011 } },
		{ "http-downgraded", { 0x80200011, 0x80D0201A } },
		{ "content-corrupt", { 0x80246002, 0x80200053 } },
		{ "proxy-auth-required", { 0x8024401B, 0x80190197 } },
		{ "proxy-bad-gateway", { 0x80244021, 0x801901F6 } },
		{ "service-unavailable", { 0x80244022, 0x801901F7 } },
		{ "anonymous-refused", { 0x80244017, 0x80190191 } },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t at = 0; at < 5 && rows[i].values[at]; at++) {
			const struct code *c = code_find(CODE_HRESULT, rows[i].values[at]);

			assert_non_null(c);
			if (!case_lists(c->kinds, span_text(rows[i].kind)))
				print_error("%s does not lead to %s\n", c->name, rows[i].kind);
			assert_true(case_lists(c->kinds, span_text(rows[i].kind)));
		}
}

static void a_code_in_few_words(void **unused)
{
	static const struct row {
		uint32_t value;
		const char *text;
	} rows[] = {
		{ 0x80244017, "WU_E_PT_HTTP_STATUS_DENIED: HTTP 401" },
		{ 0x800704C7, "Win32 error 1223" },
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

/* Findings quote them: each language has its own words for each. */
static void hresults_are_told_in_every_language(void **unused)
{
#define X(symbol, code, file, name) code,
	static const char *const languages[] = { TONGUES(X) };
#undef X
	static const char *const same[] = { "HTTP 409.", "HTTP 410." };

	(void)unused;
	for (size_t at = 0; at < sizeof languages / sizeof *languages; at++) {
		assert_true(tongue_set(languages[at]));
		for (size_t i = 0; i < code_count(); i++) {
			const char *meaning = code_at(i)->meaning;
			bool stays = !strcmp(meaning, same[0]) || !strcmp(meaning, same[1]);

			if (code_at(i)->family == CODE_HRESULT && !stays && !strcmp(tongue(meaning), meaning))
				fail_msg("%s: %s: %s", languages[at], code_at(i)->name, meaning);
		}
	}
	tongue_set("en");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_and_table_agree),
		cmocka_unit_test(all_fault_codes_are_there),
		cmocka_unit_test(every_row_keeps_the_rules),
		cmocka_unit_test(codes_of_the_catalogue_are_known),
		cmocka_unit_test(several_wires_are_told),
		cmocka_unit_test(what_is_seen_is_what_is_logged),
		cmocka_unit_test(a_code_in_few_words),
		cmocka_unit_test(hresults_are_told_in_every_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
