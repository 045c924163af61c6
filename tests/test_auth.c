/* tests/test_auth.c - authentication headers to scheme, leg and user; base64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/base64.h"
#include "decoders/auth.h"

/* Tokens: NTLM messages begin with "NTLMSSP\0" and their type ([MS-NLMP] 2.2.1); the SPNEGO ones are an
 * ASN.1 shell (RFC 4178) around one, or around a Kerberos ticket. */
#define NTLM_ONE    "TlRMTVNTUAABAAAAB4IIogAAAAA="
#define NTLM_TWO    "TlRMTVNTUAACAAAADAAMADgAAAA="
#define NTLM_THREE  "TlRMTVNTUAADAAAAGAAYAIIAAAA="
#define SPNEGO_ONE  "YBwGBisGAQUFAqASMBCiDgQMTlRMTVNTUAABAAAA"
#define SPNEGO_TWO  "oRQwEqIQBA5OVExNU1NQAAIAAAAAAA=="
#define KERBEROS    "YIIE+AYGKwYBBQUCoIIE7DCCBOigJDAiBgkqhkiC9xIBAgIGCSqGSIb3EgECAg=="

/* MS-NLMP section 4.2.2.3; an AP-REQ in the shell of RFC 4121, as tests/test_spnego.c has it. */
#define NTLM_USER \
	"TlRMTVNTUAADAAAAGAAYAGwAAAAYABgAhAAAAAwADABIAAAACAAIAFQAAAAQABAAXAAAABAAEACcAAAANYKA" \
	"4gUBKAoAAAAPRABvAG0AYQBpAG4AVQBzAGUAcgBDAE8ATQBQAFUAVABFAFIAmN73uH+Iql2v4t93loihct7x" \
	"HH1cze8TZ8QwEfMCmKKtNezmTxYzHES9vtknhB+UUYgisbPzUMiVhoLsuz48tw=="
#define AP_REQ \
	"YIHSBgkqhkiG9xIBAgIBAG6BwjCBv6ADAgEFoQMCAQ6iBwMFACAAAACjgYRhgYEwf6ADAgEFoQ4bDENPUlAu" \
	"RVhBTVBMRaImMCSgAwIBAqEdMBsbBEhUVFAbE3dzdXMwMS5jb3JwLmV4YW1wbGWjQDA+oAMCARKhAwIBA6Iy" \
	"BDBaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlqkIzAhoAMCARGiGgQY" \
	"WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa"

static const struct sent_row {
	const char *name;
	struct span value;
	enum auth_scheme scheme;
	enum auth_step step;
	const char *user, *domain, *workstation;
} sent_rows[] = {
	/* RFC 7617 section 2 */
	{ "basic", SPAN_LIT("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
	  AUTH_BASIC, AUTH_STEP_CREDENTIALS, "Aladdin", NULL, NULL },
	{ "basic without a colon", SPAN_LIT("basic QWxhZGRpbg=="),
	  AUTH_BASIC, AUTH_STEP_CREDENTIALS, NULL, NULL, NULL },
	/* RFC 7616 section 3.9.1 */
	{ "digest", SPAN_LIT("Digest realm=\"a, username=\\\"x\", username=\"Mufasa\", uri=\"/\""),
	  AUTH_DIGEST, AUTH_STEP_CREDENTIALS, "Mufasa", "a, username=\"x", NULL },
	{ "bearer", SPAN_LIT("Bearer abc.def"), AUTH_BEARER, AUTH_STEP_CREDENTIALS, NULL, NULL, NULL },
	{ "NTLM, first", SPAN_LIT("NTLM " NTLM_ONE), AUTH_NTLM, AUTH_STEP_NTLM_NEGOTIATE, NULL, NULL, NULL },
	{ "NTLM, last", SPAN_LIT("ntlm " NTLM_THREE),
	  AUTH_NTLM, AUTH_STEP_NTLM_AUTHENTICATE, NULL, NULL, NULL },
	{ "NTLM under Negotiate", SPAN_LIT("Negotiate " NTLM_ONE),
	  AUTH_NEGOTIATE, AUTH_STEP_NTLM_NEGOTIATE, NULL, NULL, NULL },
	{ "NTLM in SPNEGO", SPAN_LIT("Negotiate " SPNEGO_ONE),
	  AUTH_NEGOTIATE, AUTH_STEP_NTLM_NEGOTIATE, NULL, NULL, NULL },
	{ "a list without a token", SPAN_LIT("Negotiate " KERBEROS),
	  AUTH_NEGOTIATE, AUTH_STEP_SPNEGO_TOKEN, NULL, NULL, NULL },
	{ "Kerberos", SPAN_LIT("Negotiate " AP_REQ),
	  AUTH_NEGOTIATE, AUTH_STEP_KERBEROS, NULL, NULL, NULL },
	{ "no token", SPAN_LIT("Negotiate"), AUTH_NEGOTIATE, AUTH_STEP_NONE, NULL, NULL, NULL },
	{ "a token of other bytes", SPAN_LIT("Negotiate AAAA"),
	  AUTH_NEGOTIATE, AUTH_STEP_SPNEGO_TOKEN, NULL, NULL, NULL },
	{ "NTLM with names", SPAN_LIT("NTLM " NTLM_USER),
	  AUTH_NTLM, AUTH_STEP_NTLM_AUTHENTICATE, "User", "Domain", "COMPUTER" },
	{ "basic with a domain", SPAN_LIT("Basic Q09SUFxhbGljZTpwYTpzcw=="),
	  AUTH_BASIC, AUTH_STEP_CREDENTIALS, "alice", "CORP", NULL },
	{ "digest of Windows", SPAN_LIT("Digest username=\"CORP\\\\alice\", realm=\"web\""),
	  AUTH_DIGEST,
	  AUTH_STEP_CREDENTIALS, "alice", "CORP", NULL },
	{ "digest of an old client", SPAN_LIT("Digest username=\"CORP\\alice\", realm=\"web\""),
	  AUTH_DIGEST,
	  AUTH_STEP_CREDENTIALS, "alice", "CORP", NULL },
	{ "another", SPAN_LIT("AWS4-HMAC-SHA256 Credential=x"),
	  AUTH_OTHER, AUTH_STEP_CREDENTIALS, NULL, NULL, NULL },
};

#define OFFER(scheme) (1u << AUTH_##scheme)

static const struct offer_row {
	const char *name;
	struct span first, second;      /* two header lines; the second may be empty */
	unsigned offered;
	enum auth_step step;
} offer_rows[] = {
	{ "two headers", SPAN_LIT("Negotiate"), SPAN_LIT("NTLM"),
	  OFFER(NEGOTIATE) | OFFER(NTLM), AUTH_STEP_NONE },
	{ "one list", SPAN_LIT("Negotiate, NTLM,Basic realm=\"a, Digest b\""), SPAN_LIT(""),
	  OFFER(NEGOTIATE) | OFFER(NTLM) | OFFER(BASIC), AUTH_STEP_NONE },
	/* RFC 9110 section 11.6.1 */
	{ "parameters between schemes",
	  SPAN_LIT("Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\""),
	  SPAN_LIT("Digest realm = \"x\", nonce = \"y\""), OFFER(BASIC) | OFFER(OTHER) | OFFER(DIGEST),
	  AUTH_STEP_NONE },
	{ "NTLM challenge", SPAN_LIT("NTLM " NTLM_TWO), SPAN_LIT(""),
	  OFFER(NTLM), AUTH_STEP_NTLM_CHALLENGE },
	{ "NTLM challenge in SPNEGO", SPAN_LIT("Negotiate " SPNEGO_TWO), SPAN_LIT(""), OFFER(NEGOTIATE),
	  AUTH_STEP_NTLM_CHALLENGE },
	{ "Kerberos, mutual", SPAN_LIT("Negotiate oYG2MIGzoAMKAQChCwYJKoZIgvcSAQIC"), SPAN_LIT(""),
	  OFFER(NEGOTIATE), AUTH_STEP_COMPLETED },
	/* RFC 4178 section 4.2.2: negState reject (2) ends it, accept-incomplete (1) goes on. */
	{ "SPNEGO rejects", SPAN_LIT("Negotiate oQcwBaADCgEC"), SPAN_LIT("NTLM"),
	  OFFER(NEGOTIATE) | OFFER(NTLM), AUTH_STEP_REJECTED },
	{ "SPNEGO goes on", SPAN_LIT("Negotiate oQcwBaADCgEB"), SPAN_LIT(""),
	  OFFER(NEGOTIATE), AUTH_STEP_SPNEGO_TOKEN },
	{ "empty elements", SPAN_LIT(",, NTLM ,"), SPAN_LIT(" "), OFFER(NTLM), AUTH_STEP_NONE },
	{ "quote without an end", SPAN_LIT("Basic realm=\"a, NTLM\\"), SPAN_LIT(""),
	  OFFER(BASIC), AUTH_STEP_NONE },
};

static bool is(struct span text, const char *want)
{
	return span_eq(text, want ? span_text(want) : SPAN(""));
}

static void requests_tell_scheme_leg_and_user(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sent_rows / sizeof *sent_rows; i++) {
		const struct sent_row *row = &sent_rows[i];
		struct http_header header = { SPAN_LIT("authorization"), row->value };
		struct http_message request = { .headers = &header, .header_count = 1 };
		struct auth auth = { .sent = false };
		struct arena arena;

		arena_init(&arena, 4096);
		auth_read_request(&auth, &request, SPAN("Authorization"), &arena);
		if (!auth.sent || auth.scheme != row->scheme || auth.sent_step != row->step ||
		    !is(auth.user, row->user) || !is(auth.domain, row->domain) ||
		    !is(auth.workstation, row->workstation))
			fail_msg("%s: %s, %s, user '%.*s'", row->name, auth_scheme_name(auth.scheme),
			         auth_step_name(auth.sent_step), (int)auth.user.len,
			         auth.user.at ? (const char *)auth.user.at : "");
		arena_release(&arena);
	}
}

static void a_request_without_the_header_sent_nothing(void **state)
{
	struct http_message request = { .present = true };
	struct auth auth = { .sent = false };
	struct arena arena;

	(void)state;
	arena_init(&arena, 4096);
	auth_read_request(&auth, &request, SPAN("Authorization"), &arena);
	assert_false(auth.sent);
	arena_release(&arena);
}

static void answers_tell_what_is_offered(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof offer_rows / sizeof *offer_rows; i++) {
		const struct offer_row *row = &offer_rows[i];
		struct http_header headers[] = {
			{ SPAN_LIT("WWW-Authenticate"), row->first },
			{ SPAN_LIT("Proxy-Authenticate"), SPAN_LIT("Kerberos") },
			{ SPAN_LIT("www-authenticate"), row->second },
		};
		struct http_message response = { .headers = headers, .header_count = 3 };
		struct auth auth = { .offered = 0 };
		struct arena arena;

		arena_init(&arena, 4096);
		auth_read_response(&auth, &response, SPAN("WWW-Authenticate"), &arena);
		if (auth.offered != row->offered || auth.answer_step != row->step)
			fail_msg("%s: offered %#x, step %s", row->name, auth.offered,
			         auth_step_name(auth.answer_step));
		arena_release(&arena);
	}
}

/* RFC 4648 section 10. */
static void base64_is_undone_as_far_as_it_goes(void **state)
{
	static const struct vector {
		struct span text, bytes;
	} vectors[] = {
		{ SPAN_LIT(""), SPAN_LIT("") },
		{ SPAN_LIT("Zg=="), SPAN_LIT("f") },
		{ SPAN_LIT("Zm8="), SPAN_LIT("fo") },
		{ SPAN_LIT("Zm9v"), SPAN_LIT("foo") },
		{ SPAN_LIT("Zm9vYmFy"), SPAN_LIT("foobar") },
		{ SPAN_LIT("Zm9v*YmFy"), SPAN_LIT("foo") },
		{ SPAN_LIT("/+8"), SPAN_LIT("\xff\xef") },
	};
	uint8_t bytes[8];

	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		size_t len = base64_decode(vectors[i].text, bytes, sizeof bytes);

		assert_true(span_eq(span_of(bytes, len), vectors[i].bytes));
	}
	assert_int_equal(base64_decode(SPAN("Zm9vYmFy"), bytes, 4), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_tell_scheme_leg_and_user),
		cmocka_unit_test(a_request_without_the_header_sent_nothing),
		cmocka_unit_test(answers_tell_what_is_offered),
		cmocka_unit_test(base64_is_undone_as_far_as_it_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
