/* tests/test_tlsshape.c - renegotiation and the flights of TLS 1.3, by records that nobody can read and by
 * those that somebody opened.  Lengths are arithmetic of RFC 5246 section 6.2.3 and RFC 8446 section 5.2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/tls_script.h"

/* AES-GCM: Finished 40, HelloRequest 28, alert 26, ChangeCipherSpec 25. */
#define HELLOS12 "Cm1 Sm2 Sm11 Sm12 Sm14 Cm16 Cc1 Ch40 "        /* 1 to 8 */
#define OPEN12 HELLOS12 "Sc1 Sh40 "                             /* 9 and 10 */
#define RESUMED12 "Cm1s Sm2s Sc1 Sh40 Cc1 Ch40 "                /* 1 to 6 */
#define HELLOS13 "Cm1 Sm2 Sc1 Sd50 Sd900 Sd281 Sd53 "           /* 1 to 7 */

struct row {
	const char *name;
	struct tls_script script;
	const char *want;
};

static const struct row renegotiations[] = {
	{ "none", { .words = OPEN12 "Cd200 Sd900 Ca26" },
	  "alert client 13 hidden; client sent 200 in 11..11; server sent 900 in 12..12; "
	  "last Finished 8, Finished 10; established" },
	{ "asked, answered without a certificate, done",
	  { .words = OPEN12 "Cd200 Sh28 Ch200 Sh3000 Ch31 Ch90 Cc25 Ch40 Sc25 Sh40 Sd1500" },
	  "again server 12 fits requests 1 hello 13 flight 14 keys 15 done after 1500; "
	  "client sent 200 in 11..11; server sent 1500 in 21..21; last Finished 18, Finished 20; "
	  "established" },
	{ "asked, and the client closes", { .words = OPEN12 "Cd200 Sh28 Ca26" },
	  "again server 12 fits requests 1 alert 13 after 0; alert client 13 hidden; "
	  "client sent 200 in 11..11; last Finished 8, Finished 12; established" },
	{ "asked, and the client leaves after the flight", { .words = OPEN12 "Cd200 Sh28 Ch200 Sh3000" },
	  "again server 12 fits requests 1 hello 13 flight 14 after 0; client sent 200 in 11..11; "
	  "last Finished 13, Finished 14; established" },
	{ "refused, and served anyway", { .words = OPEN12 "Cd200 Sh28 Ca26 Sd900" },
	  "again server 12 fits requests 1 alert 13 after 900; alert client 13 hidden; "
	  "client sent 200 in 11..11; server sent 900 in 14..14; last Finished 8, Finished 12; established" },
	{ "asked while a long request is sent", { .words = OPEN12 "Cd900 Cd900 Sh28 Cd900 Ch200 Sh3000" },
	  "again server 13 fits requests 2 hello 15 flight 16 after 0; client sent 2700 in 11..14; "
	  "last Finished 15, Finished 16; established" },
	{ "asked after answers", { .words = OPEN12 "Cd200 Sd900 Cd210 Sh28" },
	  "again server 14 fits requests 1 after 0; client sent 410 in 11..13; server sent 900 in 12..12; "
	  "last Finished 8, Finished 14; established" },
	{ "asked after a false start", { .words = HELLOS12 "Cd200 Sm4 Sc1 Sh40 Sh28" },
	  "again server 13 fits requests 1 after 0; client sent 200 in 9..9; "
	  "last Finished 8, Finished 13; established" },
	{ "asked in a resumed session",
	  { .words = RESUMED12 "Cd200 Sh28 Ch200 Sh120 Sc25 Sh40 Cc25 Ch40 Sd9" },
	  "resumed; again server 8 fits requests 1 hello 9 flight 10 done after 9; client sent 200 in 7..7; "
	  "server sent 9 in 15..15; last Finished 14, Finished 12; established" },
	{ "asked twice", { .words = OPEN12 "Cd200 Sh28 Ch200 Sh3000 Ch31 Cc25 Ch40 Sc25 Sh40 Sd99 "
	                            "Cd200 Sh28 Ch200 Sh3000 Ch31 Cc25 Ch40 Sc25 Sh40 Sd77" },
	  "again server 12 fits requests 1 hello 13 flight 14 keys 15 count 2 done after 77; "
	  "client sent 400 in 11..21; server sent 176 in 20..30; last Finished 27, Finished 29; "
	  "established" },
	{ "the client began", { .words = OPEN12 "Cd200 Sd900 Ch200 Sh3000 Ch90 Cc25 Ch40 Sc25 Sh40 Sd1" },
	  "again client 13 hello 13 flight 14 keys 15 done after 1; client sent 200 in 11..11; "
	  "server sent 901 in 12..20; last Finished 17, Finished 19; established" },
	{ "the client began, later the server asks",
	  { .words = OPEN12 "Ch200 Sh3000 Ch90 Cc25 Ch40 Sc25 Sh40 Cd200 Sh28" },
	  "again server 19 fits requests 1 count 2 after 0; client sent 200 in 18..18; "
	  "last Finished 15, Finished 19; established" },
	{ "a length that does not fit, but nothing else it could be", { .words = OPEN12 "Cd200 Sh99" },
	  "again server 12 requests 1 after 0; client sent 200 in 11..11; "
	  "last Finished 8, Finished 12; established" },
};

/* What looks like it and is not. */
static const struct row others[] = {
	{ "a ticket before the Finished", { .words = HELLOS12 "Sm4 Sc1 Sh40 Cd200 Sd900" },
	  "client sent 200 in 12..12; server sent 900 in 13..13; last Finished 8, Finished 11; established" },
	{ "a ticket when a session is resumed", { .words = "Cm1s Sm2s Sm4 Sc1 Sh40 Cc1 Ch40 Cd200 Sd900" },
	  "resumed; client sent 200 in 8..8; server sent 900 in 9..9; last Finished 7, Finished 5; "
	  "established" },
	{ "resumed by a ticket, without a session id", { .words = "Cm1 Sm2 Sm4 Sc1 Sh40 Cc1 Ch40 Cd200" },
	  "resumed; client sent 200 in 8..8; last Finished 7, Finished 5; established" },
	{ "a Finished in two records", { .words = HELLOS12 "Sc1 Sh32 Sh32 Cd200 Sd900" },
	  "client sent 200 in 12..12; server sent 900 in 13..13; last Finished 8, Finished 11; established" },
	{ "a Finished in two records after a false start",
	  { .words = HELLOS12 "Cd200 Sm4 Sc1 Sh32 Sh32 Sd900" },
	  "client sent 200 in 9..9; server sent 900 in 14..14; last Finished 8, Finished 13; established" },
	{ "NextProtocol before the client's Finished",
	  { .words = "Cm1s Sm2s Sc1 Sh40 Cc1 Ch60 Ch40 Cd200 Sd900" },
	  "resumed; client sent 200 in 8..8; server sent 900 in 9..9; last Finished 7, Finished 4; "
	  "established" },
	{ "the same in a whole handshake",
	  { .words = "Cm1 Sm2 Sm11 Sm12 Sm14 Cm16 Cc1 Ch60 Ch40 Sm4 Sc1 Sh40 Cd200 Sd900" },
	  "client sent 200 in 13..13; server sent 900 in 14..14; last Finished 9, Finished 12; established" },
	{ "both say goodbye", { .words = OPEN12 "Cd200 Sd900 Sa26 Ca26" },
	  "alert server 13 hidden; alert client 14 hidden; client sent 200 in 11..11; "
	  "server sent 900 in 12..12; last Finished 8, Finished 10; established" },
	{ "joined within a false start", { .words = "Cd200 Sm4 Sc1 Sh40 Cd200 Sd900", .joined = true },
	  "client sent 400 in 1..5; server sent 900 in 6..6; last nothing 0, Finished 4; established" },
	{ "bytes are missing, and a length that does not fit", { .words = OPEN12 "S! Cd200 Sh99 Sd900" },
	  "client sent 200 in 12..12; server sent 900 in 14..14; last Finished 8, Finished 13; established" },
	{ "TLS 1.3, of whose keys one is new", { .words = HELLOS13 "Cd53 Cd200 Sd22 Cd22 Sd900",
	  .version = 0x0304,
	                                         .suite = 0x1301 },
	  "flight finished 8; client sent 222 in 9..11; server sent 922 in 10..12; "
	  "last Finished 8, Finished 7; established" },
};

/* The table of lengths: HelloRequest, Finished of each suite. */
static const struct row suites[] = {
	{ "CHACHA20", { .words = "Cm1 Sm2 Sm11 Sm14 Cm16 Cc1 Ch32 Sc1 Sh32 Cd9 Sh20", .suite = 0xcca8 },
	  "again server 11 fits requests 1 after 0; client sent 9 in 10..10; "
	  "last Finished 7, Finished 11; established" },
	{ "AES-CBC-SHA", { .words = "Cm1 Sm2 Sm11 Sm14 Cm16 Cc1 Ch64 Sc1 Sh64 Cd9 Sh48", .suite = 0xc013 },
	  "again server 11 fits requests 1 after 0; client sent 9 in 10..10; "
	  "last Finished 7, Finished 11; established" },
	{ "AES-CBC-SHA, encrypt-then-MAC",
	  { .words = "Cm1 Sm2 Sm11 Sm14 Cm16 Cc1 Ch68 Sc1 Sh68 Cd9 Sh52", .suite = 0xc013,
	  .encrypt_then_mac = true },
	  "again server 11 fits requests 1 after 0; client sent 9 in 10..10; "
	  "last Finished 7, Finished 11; established" },
	{ "AES-CBC-SHA256", { .words = "Cm1 Sm2 Sm11 Sm14 Cm16 Cc1 Ch80 Sc1 Sh80 Cd9 Sh64", .suite = 0xc027 },
	  "again server 11 fits requests 1 after 0; client sent 9 in 10..10; "
	  "last Finished 7, Finished 11; established" },
	{ "AES-CBC-SHA384", { .words = "Cm1 Sm2 Sm11 Sm14 Cm16 Cc1 Ch96 Sc1 Sh96 Cd9 Sh80", .suite = 0xc028 },
	  "again server 11 fits requests 1 after 0; client sent 9 in 10..10; "
	  "last Finished 7, Finished 11; established" },
	{ "TLS 1.0", { .words = "Cm1 Sm2 Sm11 Sm14 Cm16 Cc1 Ch48 Sc1 Sh48 Cd9 Sh32", .version = 0x0301,
	               .suite = 0x002f },
	  "again server 11 fits requests 1 after 0; client sent 9 in 10..10; "
	  "last Finished 7, Finished 11; established" },
	{ "no suite that is known", { .words = "Cm1 Sm2 Sm11 Sm14 Cm16 Cc1 Ch48 Sc1 Sh48 Cd9 Sh32",
	  .suite = 0xfefe },
	  "again server 11 requests 1 after 0; client sent 9 in 10..10; "
	  "last Finished 7, Finished 11; established" },
	{ "joined, so none is known", { .words = "Cd9 Sd9 Cd9 Sh28 Ch200 Sh900", .joined = true },
	  "again server 4 requests 1 hello 5 flight 6 after 0; client sent 18 in 1..3; "
	  "server sent 9 in 2..2; "
	  "last Finished 5, Finished 6; established" },
	{ "joined before the server sent anything", { .words = "Cd9 Sh28", .joined = true },
	  "again server 2 requests 1 after 0; client sent 9 in 1..1; last nothing 0, Finished 2; "
	  "established" },
};

#define TLS13(text) .script = { .words = HELLOS13 text, .version = 0x0304, .suite = 0x1301 }
#define TLS13_384(text) .script = { .words = HELLOS13 text, .version = 0x0304, .suite = 0x1302 }

static const struct row flights[] = {
	{ "Finished alone", TLS13("Cd53 Cd200 Sd900"),
	  "flight finished 8; client sent 200 in 9..9; server sent 900 in 10..10; "
	  "last Finished 8, Finished 7; established" },
	{ "the same by SHA-384", TLS13_384("Cd69 Cd200 Sd900"),
	  "flight finished 8; client sent 200 in 9..9; server sent 900 in 10..10; "
	  "last Finished 8, Finished 7; established" },
	{ "no certificate", TLS13("Cc1 Cd25 Cd53 Cd200 Sd900"),
	  "flight empty certificate 9; client sent 200 in 11..11; server sent 900 in 12..12; "
	  "last Finished 10, Finished 7; established" },
	{ "no certificate, in one record", TLS13("Cd61 Cd200 Sd900"),
	  "flight empty certificate 8; client sent 200 in 9..9; server sent 900 in 10..10; "
	  "last Finished 8, Finished 7; established" },
	{ "no certificate, SHA-384, in one record", TLS13_384("Cd77 Cd200 Sd900"),
	  "flight empty certificate 8; client sent 200 in 9..9; server sent 900 in 10..10; "
	  "last Finished 8, Finished 7; established" },
	{ "a certificate", TLS13("Cd1100 Cd281 Cd53 Cd200 Sd900"),
	  "flight certificate 8; client sent 200 in 11..11; server sent 900 in 12..12; "
	  "last Finished 10, Finished 7; established" },
	{ "something else before the Finished", TLS13("Cd40 Cd53 Cd200 Sd900"),
	  "flight unknown 8; client sent 200 in 10..10; server sent 900 in 11..11; "
	  "last Finished 9, Finished 7; established" },
	{ "certificate and all in one record", TLS13("Cd1400 Cd200 Sd900"),
	  "server sent 900 in 10..10; last Finished 9, Finished 7; established" },
	{ "no certificate, and the server wants one", TLS13("Cd25 Cd53 Cd200 Sd19"),
	  "flight empty certificate 8; alert server 11 hidden; client sent 200 in 10..10; "
	  "last Finished 9, Finished 7" },
	{ "the client wants no more", TLS13("Cd19"), "alert client 8 hidden; "
	  "last ClientHello 1, Finished 7" },
	{ "early data that is taken",
	  .script = { .words = "Cm1e Cd300 Cd53 Sm2p Cd300 Sc1 Sd50 Sd53 Cd300 Cd21 Cd53 Sd900",
	  .version = 0x0304,
	              .suite = 0x1301 },
	  "resumed; flight finished 11; client sent 953 in 2..9; server sent 900 in 12..12; "
	  "last Finished 11, Finished 8; established" },
	{ "early data that is not",
	  .script = { .words = "Cm1e Cd300 Cd25 Sm2 Sc1 Cd300 Sd50 Sd900 Sd53 Cd53 Cd99 Sd900",
	  .version = 0x0304,
	              .suite = 0x1301 },
	  "flight finished 10; client sent 724 in 2..11; server sent 900 in 12..12; "
	  "last Finished 10, Finished 9; established" },
	{ "a retry",
	  .script = { .words = "Cm1 Sm2r Sc1 Cc1 Cm1 Sm2 Sd50 Sd900 Sd53 Cd25 Cd53 Sd900", .version = 0x0304,
	              .suite = 0x1301 },
	  "2 hellos; flight empty certificate 10; server sent 900 in 12..12; "
	  "last Finished 11, Finished 9; established" },
	{ "a retry after ChangeCipherSpec and early data",
	  .script = { .words = "Cm1e Cc1 Cd300 Sm2r Sc1 Cm1 Sm2 Sd50 Sd900 Sd53 Cd53 Cd99 Sd900",
	              .version = 0x0304, .suite = 0x1301 },
	  "2 hellos; flight finished 11; client sent 399 in 3..12; server sent 900 in 13..13; "
	  "last Finished 11, Finished 10; established" },
	{ "a short tag", .script = { .words = HELLOS13 "Cd17 Cd45 Cd9 Sd9 Sd11", .version = 0x0304,
	  .suite = 0x1305 },
	  "flight empty certificate 8; alert server 12 hidden; client sent 9 in 10..10; "
	  "server sent 9 in 11..11; "
	  "last Finished 9, Finished 7; established" },
};

#define GCM(text) .script = { .words = text }

static const struct row opened[] = {
	{ "asked, answered without a certificate, done",
	  GCM("Cm1 Sm2 Sm11 Sm12 Sm14 Cm16 Cc1 CM20 Sc1 SM20 CD200 SM0 CM1 SM2 SM11 SM13 SM14 CM11 CM16 "
	  "CK CM20 SK SM20 "
	      "SD1500"),
	  "2 hellos; request 16 opened; client certificate 18 empty; "
	  "again server 12 fits requests 1 hello 13 flight 14 keys 18 done after 1500; "
	  "client sent 200 in 11..11; server sent 1500 in 24..24; last Finished 21, Finished 23; "
	  "established" },
	{ "asked in both handshakes, and answered in both",
	  GCM("Cm1 Sm2 Sm11 Sm12 Sm13 Sm14 Cm11 Cm16 Cc1 CM20 Sc1 SM20 CD200 SM0 CM1 SM2 SM11 SM13 SM14 "
	      "CM11x CM16 CK CM20 SK SM20 SD1500"),
	  "2 hellos; request 18 opened; client certificate 20; "
	  "again server 14 fits requests 1 hello 15 flight 16 keys 20 done after 1500; "
	  "client sent 200 in 13..13; server sent 1500 in 26..26; last Finished 23, Finished 25; "
	  "established" },
	{ "asked in both handshakes, and answered in the first",
	  GCM("Cm1 Sm2 Sm11 Sm12 Sm13 Sm14 Cm11 Cm16 Cc1 CM20 Sc1 SM20 CD200 SM0 CM1 SM2 SM11 SM13 SM14"),
	  "2 hellos; request 5; client certificate 7 empty; "
	  "again server 14 fits requests 1 hello 15 flight 16 after 0; client sent 200 in 13..13; "
	  "last ClientHello 15, ServerHelloDone 19; established" },
	{ "refused by an alert that says so", GCM(HELLOS12 "Sc1 SM20 CD200 SM0 CA100 SD9"),
	  "again server 12 fits requests 1 alert 13 after 9; alert client 13 no_renegotiation; "
	  "client sent 200 in 11..11; server sent 9 in 14..14; last Finished 8, HelloRequest 12; "
	  "established" },
	{ "the client says goodbye instead", GCM(HELLOS12 "Sc1 SM20 CD200 SM0 CA0"),
	  "again server 12 fits requests 1 after 0; alert client 13 close_notify; "
	  "client sent 200 in 11..11; last Finished 8, HelloRequest 12; established" },
	{ "the client began", GCM(HELLOS12 "Sc1 SM20 CM1 SM2 SM11 SM14 CM16 CK CM20 SK SM20"),
	  "2 hellos; again client 11 hello 11 flight 12 keys 15 done after 0; "
	  "last Finished 17, Finished 19; established" },
	{ "TLS 1.3, no certificate",
	  .script = { .words = "Cm1 Sm2 SM8 SM13 SM11x SM15 SM20 CM11 CM20 SM4 CD9 SD9", .version = 0x0304,
	              .suite = 0x1302 },
	  "request 4 opened; client certificate 8 empty; flight empty certificate 8; "
	  "client sent 9 in 11..11; "
	  "server sent 9 in 12..12; last Finished 9, NewSessionTicket 10; established" },
	{ "TLS 1.3, a certificate",
	  .script = { .words = "Cm1 Sm2 SM8 SM13 SM11x SM15 SM20 CM11x CM15 CM20 SA42", .version = 0x0304,
	              .suite = 0x1302 },
	  "request 4 opened; client certificate 8; flight certificate 8; alert server 11 bad_certificate; "
	  "last Finished 10, Finished 7" },
	{ "TLS 1.3, asked after the handshake",
	  .script = { .words = "Cm1 Sm2 SM8 SM11x SM15 SM20 CM20 SM4 CD9 SM13 CM11 CM20 SD9",
	  .version = 0x0304,
	              .suite = 0x1302 },
	  "request 10 opened; client certificate 11 empty; "
	  "again server 10 fits requests 1 keys 11 done after 9; flight finished 7; "
	  "client sent 9 in 9..9; server sent 9 in 13..13; last Finished 12, CertificateRequest 10; "
	  "established" },
	{ "TLS 1.3, new keys, and early data",
	  .script = { .words = "Cm1e CD9 Sm2p SM8 SM20 CM5 CM20 CM24 CD9 SM24 SD9", .version = 0x0304,
	              .suite = 0x1301 },
	  "resumed; flight finished 7; client sent 18 in 2..9; server sent 9 in 11..11; "
	  "last KeyUpdate 8, KeyUpdate 10; established" },
	{ "keys for the server's half", .script = { .words = "Cm1 Sm2 SM8 SM13 SM11x SM15 SM20 Cd25 Cd53 SD9",
	                                            .version = 0x0304, .suite = 0x1301 },
	  "request 4 opened; flight empty certificate 8; server sent 9 in 10..10; "
	  "last Finished 9, Finished 7; established" },
};

struct table {
	const struct row *rows;
	size_t count;
};

static void rows_are_told(void **state)
{
	static const size_t steps[] = { 1, 2, 3, 7, 64, SIZE_MAX };
	const struct table *table = *state;
	char told[SCRIPT_TEXT];

	for (size_t i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];

		tls_script_told(&row->script, told);
		if (strcmp(told, row->want))
			fail_msg("%s:\n%s\n%s", row->name, told, row->want);
		for (size_t s = 0; s < sizeof steps / sizeof *steps; s++)
			if (tls_script_told_bytes(&row->script, steps[s], told) && strcmp(told, row->want))
				fail_msg("%s, in pieces of %zu:\n%s\n%s", row->name, steps[s], told,
				         row->want);
	}
}

/* However early the capture ends, what looks like a renegotiation is none, and one is told from its request
 * on. */
static void cut_at_every_record(void **state)
{
	char told[SCRIPT_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		for (size_t count = 0; count < 20; count++) {
			tls_script_told_start(&others[i].script, count, told);
			if (strstr(told, "again"))
				fail_msg("%s, %zu: %s", others[i].name, count, told);
		}
	}
	for (size_t count = 0; count < 20; count++) {
		tls_script_told_start(&renegotiations[1].script, count, told);
		assert_int_equal(strstr(told, "again server 12 fits") != NULL, count >= 12);
		assert_int_equal(strstr(told, "flight 14") != NULL, count >= 14);
		assert_int_equal(strstr(told, "done") != NULL, count >= 19);
	}
}

#define TABLE(name, rows)                                                               \
	{ name, rows_are_told, NULL, NULL, &(struct table) { rows, sizeof(rows) / sizeof *(rows) } }

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE("renegotiations are told", renegotiations),
		TABLE("others are not taken for it", others),
		TABLE("suites give lengths", suites),
		TABLE("flights are told", flights),
		TABLE("what was opened is told", opened),
		cmocka_unit_test(cut_at_every_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
