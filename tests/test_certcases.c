/* tests/test_certcases.c - certificates that clients refuse, and certificates that only look odd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/sessions.h"

extern const struct analyzer analyzer_handshake;

static void leaves(struct story s)
{
	session_answer(s.t, TLS_1_2);
	session_leave(s.c);
}

static void leaves_late(struct story s)
{
	session_finish(s.t, TLS_1_2);
	session_leave(s.c);
}

/* ---- dates ---- */

static void expire(struct story s)
{
	s.leaf->not_after = SESSIONS_EPOCH - 14 * SESSIONS_DAY;
}

static void expired_passes(struct story s)
{
	expire(s);
	session_passes(s);
}

static void expired_refused(struct story s)
{
	expire(s);
	session_refuses(s, 45);
}

static void expired_called_bad(struct story s)
{
	expire(s);
	session_refuses(s, 42);
}

static void expired_leaves(struct story s)
{
	expire(s);
	leaves(s);
}

static void expired_leaves_late(struct story s)
{
	expire(s);
	leaves_late(s);
}

static void expired_and_capture_ends(struct story s)
{
	expired_leaves(s);
	s.c->closed = CONNECTION_OPEN;
}

static void not_yet(struct story s)
{
	s.leaf->not_before = SESSIONS_EPOCH + 3 * SESSIONS_DAY + SESSIONS_DAY / 2;
	session_refuses(s, 45);
}

static void ends_soon(struct story s)
{
	s.leaf->not_after = SESSIONS_EPOCH + 20 * SESSIONS_DAY + SESSIONS_DAY / 2;
	session_passes(s);
}

static void ends_soon_and_dies(struct story s)
{
	ends_soon(s);
	session_answer(s.t, TLS_1_2);
	s.t->established = false;
	s.t->application_records[CLIENT] = s.t->application_records[SERVER] = 0;
	s.c->closed = CONNECTION_RESET_BY_SERVER;
	s.c->side[SERVER].fin_frame = 0;
}

static void ends_later(struct story s)
{
	s.leaf->not_after = SESSIONS_EPOCH + 31 * SESSIONS_DAY;
	session_passes(s);
}

static void clock_of_the_client(struct story s)
{
	session_refuses(s, 45);
}

/* ---- names ---- */

static void ask_for(struct story s, const char *name)
{
	snprintf(s.t->server_name, sizeof s.t->server_name, "%s", name);
}

static void other_name_passes(struct story s)
{
	ask_for(s, "wsus02.corp.example");
	session_passes(s);
}

static void other_name_refused(struct story s)
{
	ask_for(s, "wsus02.corp.example");
	session_refuses(s, 42);
}

static void common_name_alone(struct story s)
{
	s.leaf->name_count = 0;
	session_passes(s);
}

static void no_name_asked(struct story s)
{
	ask_for(s, "");
	session_passes(s);
}

/* ---- trust ---- */

static void self_signed(struct story s)
{
	s.leaf->self_issued = true;
	s.leaf->issuer_der = s.leaf->subject_der;
}

static void self_signed_passes(struct story s)
{
	self_signed(s);
	session_passes(s);
}

static void self_signed_refused(struct story s)
{
	self_signed(s);
	session_refuses(s, 48);
}

static void self_signed_leaves(struct story s)
{
	self_signed(s);
	leaves(s);
}

static void self_signed_leaves_late(struct story s)
{
	self_signed(s);
	leaves_late(s);
}

static void alone_passes(struct story s)
{
	session_passes(s);
}

static void alone_refused(struct story s)
{
	session_refuses(s, 48);
}

static const struct certificate issuing = {
	.readable = true,
	.common_name = SPAN_LIT("Corp Issuing CA"),
	.subject_der = SPAN_LIT("issuing"),
	.issuer_der = SPAN_LIT("root"),
	.digest = SIGNATURE_SHA256,
	.authority = true,
};

static void whole_chain(struct story s)
{
	s.t->certificates.list[1] = &issuing;
	s.t->certificates.count = 2;
}

static void stranger_refused(struct story s)
{
	whole_chain(s);
	session_refuses(s, 48);
}

static void whole_leaves(struct story s)
{
	whole_chain(s);
	leaves(s);
}

static void revoked(struct story s)
{
	whole_chain(s);
	session_refuses(s, 44);
}

static void hidden_refused(struct story s)
{
	session_answer(s.t, TLS_1_3);
	s.t->certificates.count = 0;
	session_alert(s.t, CLIENT, 48);
	session_leave(s.c);
}

static void unseen_refused(struct story s)
{
	hidden_refused(s);
	s.t->version = TLS_1_2;
}

/* ---- strength ---- */

static void short_key(struct story s)
{
	s.leaf->key_bits = 1024;
	session_passes(s);
}

static void sha1(struct story s)
{
	s.leaf->digest = SIGNATURE_SHA1;
	session_passes(s);
}

static void sha1_of_a_root(struct story s)
{
	self_signed(s);
	sha1(s);
}

static void sha1_in_its_day(struct story s)
{
	sha1(s);
	s.t->first_time = INT64_C(1262304000) * MOMENT_S;       /* 2010 */
	s.leaf->not_before = s.t->first_time - SESSIONS_DAY;
	s.leaf->key_bits = 1024;
}

static void not_for_servers(struct story s)
{
	s.leaf->usage = USAGE_OTHER;
	session_refuses(s, 43);
}

static void elliptic(struct story s)
{
	s.leaf->key = KEY_EC;
	s.leaf->key_bits = 256;
	session_passes(s);
}

#define EXPIRED(rest)   "certificate-expired " rest
#define UNTRUSTED(rest) "certificate-untrusted " rest
#define WEAK(rest)      "certificate-weak " rest

static const struct row {
	const char *name;
	void (*first)(struct story s);
	void (*second)(struct story s);         /* NULL: one session only */
	const char *want, *says;
} rows[] = {
	{ "all is well", session_passes, NULL, "", NULL },
	{ "expired, and the client does not mind", expired_passes, NULL, EXPIRED("warning certain 1"),
	  "ended on 2026-02-15, and this connection is of 2026-03-01" },
	{ "expired, and the client says so", expired_refused, NULL, EXPIRED("error certain 1"), NULL },
	{ "expired, and the client says bad", expired_called_bad, NULL, EXPIRED("error certain 1"),
	  NULL },
	{ "expired, and the client leaves", expired_leaves, NULL, EXPIRED("error certain 1"),
	  "the client hangs up" },
	{ "expired, and the client leaves late", expired_leaves_late, NULL, EXPIRED("error certain 1"),
	  NULL },
	{ "expired, and the capture ends", expired_and_capture_ends, NULL, EXPIRED("error certain 1"),
	  NULL },
	{ "expired: one leaves, and comes again", expired_leaves, expired_passes,
	  EXPIRED("warning certain 2"),
	  NULL },
	{ "not yet valid", not_yet, NULL, EXPIRED("error certain 1"),
	  "valid from 2026-03-04 on, and this connection is of 2026-03-01" },
	{ "ends in three weeks", ends_soon, NULL, EXPIRED("warning certain 1"), "in 20 days" },
	{ "ends in three weeks, and something else breaks", ends_soon_and_dies, NULL,
	  "tls-aborted error certain 1; certificate-expired warning certain 1", NULL },
	{ "ends in a month", ends_later, NULL, "", NULL },
	{ "the client's clock", clock_of_the_client, NULL, EXPIRED("error probable 1"),
	  "the client's clock is wrong" },
	{ "another name, and the client does not mind", other_name_passes, NULL,
	  "certificate-name-mismatch warning certain 1",
	  "asks for wsus02.corp.example, and the server's certificate is for wsus01.corp.example" },
	{ "another name", other_name_refused, NULL, "certificate-name-mismatch error certain 1", NULL },
	{ "covered by the common name", common_name_alone, NULL, "", NULL },
	{ "asked for nothing", no_name_asked, NULL, "", NULL },
	{ "signed by itself and trusted", self_signed_passes, NULL, "", NULL },
	{ "signed by itself and refused", self_signed_refused, NULL, UNTRUSTED("error certain 1"),
	  "is signed by itself, and the client refuses it (alert 48, unknown_ca)" },
	{ "signed by itself, and the client leaves", self_signed_leaves, NULL,
	  UNTRUSTED("error probable 1"),
	  "leaves as soon as" },
	{ "a connection in advance", self_signed_leaves_late, NULL, "", NULL },
	{ "two that leave late", self_signed_leaves_late, self_signed_leaves_late,
	  UNTRUSTED("error probable 2"), "check it themselves" },
	{ "one that leaves late, and comes again", self_signed_leaves_late, self_signed_passes, "",
	  NULL },
	{ "alone and trusted", alone_passes, NULL, "", NULL },
	{ "alone and refused", alone_refused, NULL, UNTRUSTED("error certain 1"),
	  "without that of its issuer, Corp Issuing CA" },
	{ "an issuer that the client does not know", stranger_refused, NULL,
	  UNTRUSTED("error probable 1"),
	  "does not trust Corp Issuing CA" },
	{ "nothing wrong, and the client leaves", whole_leaves, NULL, "tls-aborted error certain 1",
	  NULL },
	{ "revoked", revoked, NULL, UNTRUSTED("error certain 1"), "revoked" },
	{ "hidden and refused", hidden_refused, NULL, UNTRUSTED("error probable 1"), "TLS 1.3 hides" },
	{ "not captured and refused", unseen_refused, NULL, UNTRUSTED("error probable 1"),
	  "which the capture does not show" },
	{ "a short key", short_key, NULL, WEAK("warning certain 1"), "its key is RSA of 1024 bits." },
	{ "SHA-1", sha1, NULL, WEAK("warning certain 1"), "it is signed with SHA-1." },
	{ "SHA-1 of a root", sha1_of_a_root, NULL, "", NULL },
	{ "SHA-1 in its day", sha1_in_its_day, NULL, "", NULL },
	{ "not for servers", not_for_servers, NULL, WEAK("error certain 1"), "Server Authentication" },
	{ "P-256", elliptic, NULL, "", NULL },
};

static void judges_certificates(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct trial t;

		trial_begin(&t, &analyzer_handshake, NULL);
		session_tell_certificate(&t, rows[i].first, "192.0.2.50", 0);
		if (rows[i].second)
			session_tell_certificate(&t, rows[i].second, "192.0.2.50", 1);
		trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
		trial_expect(&t, rows[i].name, rows[i].want, rows[i].says);
	}
}

/* It looks each minute, beside clients that get on. */
static void knows_monitors(void **unused)
{
	static const struct {
		const char *name;
		void (*look)(struct story s);
		const char *want;
	} looks[] = {
		{ "it leaves", self_signed_leaves_late, UNTRUSTED("info probable 3") },
		{ "it says why", self_signed_refused, UNTRUSTED("error certain 3") },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		struct trial t;

		trial_begin(&t, &analyzer_handshake, NULL);
		for (int n = 0; n < 3; n++) {
			session_tell_certificate(&t, looks[i].look, "192.0.2.60", 60 * n);
			session_tell_certificate(&t, self_signed_passes, "192.0.2.50", 60 * n + 5);
		}
		trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
		trial_expect(&t, looks[i].name, looks[i].want, NULL);
	}
}

/* A client that names nobody: --sup does, and what was read inside does better. */
static void takes_names_from_elsewhere(void **unused)
{
	struct connection c = session_connection("192.0.2.50", 0);
	struct tls_session s = session_hello(&c);
	struct certificate leaf = session_certificate();
	struct exchange x = call_on(&c, "/ClientWebService/client.asmx");
	struct trial t;

	(void)unused;
	s.certificates.list[0] = &leaf;
	s.certificates.count = 1;
	s.server_name[0] = '\0';
	session_talk(&s, TLS_1_2);
	trial_begin_expecting(&t, &analyzer_handshake, "https://wsus02.corp.example:8531", NULL);
	trial_tls(&t, &s);
	trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
	trial_expect(&t, "--sup", "certificate-name-mismatch warning probable 1", "as --sup says");

	answer(&x, 200, 5);
	x.tls = &s;
	x.host = SPAN("198.51.100.10:8531");
	trial_begin(&t, &analyzer_handshake, NULL);
	trial_exchange(&t, &x);
	trial_tls(&t, &s);
	trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
	trial_expect(&t, "Host", "certificate-name-mismatch warning certain 1",
	  "asks for 198.51.100.10,");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_certificates),
		cmocka_unit_test(knows_monitors),
		cmocka_unit_test(takes_names_from_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
