/* tests/test_spnego.c - tokens of Negotiate, shell by shell.
 *
 * The tokens were made from the ASN.1 of RFC 4178 and RFC 4120 by a DER encoder of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/base64.h"
#include "decoders/spnego.h"

enum { TOKEN_MAX = 512, ARENA_MAX = 8192 };

/* NegTokenInit: Microsoft's Kerberos, Kerberos, NegoEx, NTLM; in it an AP-REQ. */
static const char kerberos_offered[] =
	"YIIBHQYGKwYBBQUCoIIBETCCAQ2gMDAuBgkqhkiC9xIBAgIGCSqGSIb3EgECAgYKKwYBBAGCNwICHgYKKwYBBAGC"
	"NwICCqKB2ASB1WCB0gYJKoZIhvcSAQICAQBugcIwgb+gAwIBBaEDAgEOogcDBQAgAAAAo4GEYYGBMH+gAwIBBaEO"
	"GwxDT1JQLkVYQU1QTEWiJjAkoAMCAQKhHTAbGwRIVFRQGxN3c3VzMDEuY29ycC5leGFtcGxlo0AwPqADAgESoQMC"
	"AQOiMgQwWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpapCMwIaADAgERohoE"
	"GFpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWg==";

/* The same AP-REQ without SPNEGO. */
static const char kerberos_gss[] =
	"YIHSBgkqhkiG9xIBAgIBAG6BwjCBv6ADAgEFoQMCAQ6iBwMFACAAAACjgYRhgYEwf6ADAgEFoQ4bDENPUlAuRVhB"
	"TVBMRaImMCSgAwIBAqEdMBsbBEhUVFAbE3dzdXMwMS5jb3JwLmV4YW1wbGWjQDA+oAMCARKhAwIBA6IyBDBaWlpa"
	"WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlqkIzAhoAMCARGiGgQYWlpaWlpaWlpa"
	"WlpaWlpaWlpaWlpaWlpa";

/* NegTokenResp accept-completed with an AP-REP. */
static const char proof[] =
	"oWAwXqADCgEAoQsGCSqGSIL3EgECAqJKBEhgRgYJKoZIhvcSAQICAgBvNzA1oAMCAQWhAwIBD6IpMCegAwIBEqIg"
	"BB5aWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=";

/* NegTokenResp accept-incomplete with KRB-ERROR 37. */
static const char krb_error[] =
	"oYGNMIGKoAMKAQGhCwYJKoZIgvcSAQIConYEdGByBgkqhkiG9xIBAgIDAH5jMGGgAwIBBaEDAgEepBEYDzIwMjYw"
	"MzEwMDkxNTAwWqUFAgMB4kCmAwIBJakOGwxDT1JQLkVYQU1QTEWqJjAkoAMCAQKhHTAbGwRIVFRQGxN3c3VzMDEu"
	"Y29ycC5leGFtcGxl";

/* NegTokenInit of NTLM alone, with its first message. */
static const char ntlm_offered[] =
	"YEAGBisGAQUFAqA2MDSgDjAMBgorBgEEAYI3AgIKoiIEIE5UTE1TU1AAAQAAAAeCCKIAAAAAAAAAAAAAAAAAAAAA";

/* NegTokenResp accept-incomplete with the second. */
static const char ntlm_challenge[] =
	"oUkwR6ADCgEBoQwGCisGAQQBgjcCAgqiMgQwTlRMTVNTUAACAAAAAAAAADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	"AAAAAAAAAAAA";

/* The first message in the shell of GSS-API. */
static const char ntlm_gss[] =
	"YCwGCisGAQQBgjcCAgpOVExNU1NQAAEAAAAHggiiAAAAAAAAAAAAAAAAAAAAAA==";

/* NegTokenInit whose token is NegoEx. */
static const char negoex[] =
	"YEwGBisGAQUFAqBCMECgGjAYBgorBgEEAYI3AgIeBgorBgEEAYI3AgIKoiIEIE5FR09FWFRTAAAAAAAAAAAAAAAA"
	"AAAAAAAAAAAAAAAA";

/* SPNEGO in SPNEGO, the AP-REQ inside. */
static const char twice[] =
	"YIIBIAYGKwYBBQUCoIIBFDCCARCgDTALBgkqhkiG9xIBAgKigf4EgftggfgGBisGAQUFAqCB7TCB6qANMAsGCSqG"
	"SIb3EgECAqKB2ASB1WCB0gYJKoZIhvcSAQICAQBugcIwgb+gAwIBBaEDAgEOogcDBQAgAAAAo4GEYYGBMH+gAwIB"
	"BaEOGwxDT1JQLkVYQU1QTEWiJjAkoAMCAQKhHTAbGwRIVFRQGxN3c3VzMDEuY29ycC5leGFtcGxlo0AwPqADAgES"
	"oQMCAQOiMgQwWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpapCMwIaADAgER"
	"ohoEGFpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWg==";

/* SPNEGO six times. */
static const char deep[] =
	"YIHzBgYrBgEFBQKggegwgeWgDTALBgkqhkiG9xIBAgKigdMEgdBggc0GBisGAQUFAqCBwjCBv6ANMAsGCSqGSIb3"
	"EgECAqKBrQSBqmCBpwYGKwYBBQUCoIGcMIGZoA0wCwYJKoZIhvcSAQICooGHBIGEYIGBBgYrBgEFBQKgdzB1oA0w"
	"CwYJKoZIhvcSAQIComQEYmBgBgYrBgEFBQKgVjBUoA0wCwYJKoZIhvcSAQICokMEQWA/BgYrBgEFBQKgNTAzoA0w"
	"CwYJKoZIhvcSAQICoiIEIE5UTE1TU1AAAQAAAAeCCKIAAAAAAAAAAAAAAAAAAAAA";

/* NegTokenInit without the shell of GSS-API: NTLM and an OID that nobody knows. */
static const char bare_init[] =
	"oBYwFKASMBAGCisGAQQBgjcCAgoGAisF";

static struct span token_of(const char *text, uint8_t bytes[static TOKEN_MAX])
{
	return span_of(bytes, base64_decode(span_text(text), bytes, TOKEN_MAX));
}

static const char *told(const struct auth_token *t, char text[static 200])
{
	int len = snprintf(text, 200, "%s", t->spnego ? "spnego" : "bare");

	for (unsigned m = 0; m < SPNEGO_MECHANISM_COUNT; m++)
		if (t->mechanisms & 1u << m)
			len += snprintf(text + len, 200 - (size_t)len, ", %s",
					spnego_mechanism_name((enum spnego_mechanism)m));
	if (t->state)
		len += snprintf(text + len, 200 - (size_t)len, "; %s", spnego_state_name(t->state));
	if (t->ntlm.type)
		len += snprintf(text + len, 200 - (size_t)len, "; NTLM %u", t->ntlm.type);
	if (t->kerberos.kind)
		len += snprintf(text + len, 200 - (size_t)len, "; %s %.*s",
				kerberos_kind_name(t->kerberos.kind), (int)t->kerberos.service.len,
				(const char *)t->kerberos.service.at);
	if (t->unreadable)
		snprintf(text + len, 200 - (size_t)len, "; unreadable");
	return text;
}

static void tokens_are_opened(void **state)
{
	static const struct {
		const char *name, *token, *want;
	} rows[] = {
		{ "Kerberos, with a choice", kerberos_offered,
		  "spnego, Kerberos, Kerberos (Microsoft's OID), NTLM, NegoEx; "
		  "AP-REQ HTTP/wsus01.corp.example" },
		{ "Kerberos without SPNEGO", kerberos_gss, "bare; AP-REQ HTTP/wsus01.corp.example" },
		{ "the server proves itself", proof,
		  "spnego, Kerberos (Microsoft's OID); accept-completed; AP-REP " },
		{ "the server refuses the ticket", krb_error,
		  "spnego, Kerberos (Microsoft's OID); accept-incomplete; "
		  "KRB-ERROR HTTP/wsus01.corp.example" },
		{ "NTLM in SPNEGO", ntlm_offered, "spnego, NTLM; NTLM 1" },
		{ "its challenge", ntlm_challenge, "spnego, NTLM; accept-incomplete; NTLM 2" },
		{ "NTLM in the shell of GSS-API", ntlm_gss, "bare; NTLM 1" },
		{ "bare NTLM", "TlRMTVNTUAABAAAAB4IIogAAAAA=", "bare; NTLM 1" },
		{ "NegoEx", negoex, "spnego, NTLM, NegoEx; unreadable" },
		{ "SPNEGO in SPNEGO", twice, "spnego, Kerberos; AP-REQ HTTP/wsus01.corp.example" },
		{ "too deep", deep, "spnego, Kerberos; unreadable" },
		{ "without the shell of GSS-API", bare_init, "spnego, NTLM, another mechanism" },
		{ "rejected", "oQcwBaADCgEC", "spnego; reject" },
		{ "a state that is none", "oQcwBaADCgEJ", "spnego; unreadable" },
		{ "nothing", "", "bare; unreadable" },
		{ "other bytes", "AAAA", "bare; unreadable" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t bytes[TOKEN_MAX];
		struct auth_token token;
		struct arena arena;
		char text[200];

		arena_init(&arena, ARENA_MAX);
		spnego_open(token_of(rows[i].token, bytes), &token, &arena);
		print_message("%s\n", rows[i].name);
		assert_string_equal(told(&token, text), rows[i].want);
		arena_release(&arena);
	}
}

/* At every length, and with every byte turned over: nothing is read outside. */
static void broken_tokens_are_survived(void **state)
{
	static const char *const tokens[] = { kerberos_offered, krb_error, ntlm_challenge, deep };

	(void)state;
	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		uint8_t bytes[TOKEN_MAX];
		struct span whole = token_of(tokens[i], bytes);

		for (size_t at = 0; at < whole.len; at++) {
			uint8_t *copy = malloc(at + 1);
			struct auth_token token;
			struct arena arena;

			assert_non_null(copy);
			memcpy(copy, bytes, at);
			arena_init(&arena, ARENA_MAX);
			spnego_open(span_of(copy, at), &token, &arena);
			bytes[at] ^= 0xff;
			spnego_open(whole, &token, &arena);
			bytes[at] ^= 0xff;
			arena_release(&arena);
			free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_opened),
		cmocka_unit_test(broken_tokens_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
