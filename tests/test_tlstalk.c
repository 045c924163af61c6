/* tests/test_tlstalk.c - TLS conversations that are opened, whole and at every cut: what is read of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/talk.h"

#define START13 "Chello Shello Sext Sfin Cccs Cfin "
#define START12 "Chello Shello Ckey Cccs Cfin Sccs Sfin "
#define ALL "mehHtT"

static const struct row {
	const char *name;
	struct talk talk;
	const char *want;
	unsigned encrypted, wrong;      /* limits */
} rows[] = {
	{ "TLS 1.3",
	  { START13 "Cget=a Sok=abc Cbye", true, ALL, false, NULL }, "GET /a 7 200 8; read 2/0", 0, 0 },
	{ "TLS 1.2",
	  { START12 "Cget=a Sok=abc Cbye", false, "m", false, NULL }, "GET /a 8 200 9; read 2/0", 0, 0 },
	{ "an answer until close_notify",
	  { START13 "Cget=a Sraw=HTTP/1.0_200_OK\n\nabc Sbye", true, ALL, false, NULL },
	  "GET /a 7 200 9; read 2/0", 0, 0 },
	{ "no keys", { START13 "Cget=a Sok=abc", true, "", false, NULL }, "no-keys 0/5", 5, 0 },
	{ "wrong keys of TLS 1.3",
	  { START13 "Cget=a Sok=abc", true, ALL, true, NULL }, "wrong-key 0/5", 5, 1 },
	{ "wrong keys of TLS 1.2",
	  { START12 "Cget=a Sok=abc", false, "m", true, NULL }, "wrong-key 0/2", 2, 1 },
	{ "traffic secrets alone", { START13 "Cget=a Sok=abc", true, "tT", false, NULL },
	  "GET /a 7 200 8; partly 2/3", 3, 0 },
	{ "handshake secrets alone",
	  { START13 "Cget=a Sok=abc", true, "hH", false, NULL }, "partly 0/2", 2, 0 },
	{ "the client's secrets alone",
	  { START13 "Cget=a Sok=abc Cget=b Sok=def", true, "ht", false, NULL },
	  "GET /a 7 0 0 cut; GET /b 9 0 0 cut; partly 2/4", 4, 0 },
	{ "the server's secrets alone", { START13 "Cget=a Sok=abc", true, "HT", false, NULL },
	  "  0 200 8; partly 1/2", 2, 0 },
	{ "key updates",
	  { START13 "Cget=a Cupdate Sok=abc Supdate Cget=b Sok=def", true, ALL, false, NULL },
	  "GET /a 7 200 9; GET /b 11 200 12; read 4/0", 0, 0 },
	{ "HelloRetryRequest",
	  { "Chello Shello=r Chello Shello Sext Sfin Cfin Cget=a Sok=abc", true, ALL, false, NULL },
	  "GET /a 8 200 9; read 2/0", 0, 0 },
	{ "early data, taken",
	  { "Chello=e Cearly Cget=a Shello Sext=e Sfin Sok=abc Cend Cfin Cget=b Sok=def",
	    true, ALL, false, NULL },
	  "GET /a 3 200 7; GET /b 10 200 11; read 4/0", 0, 0 },
	{ "early data, refused",
	  { "Chello=e Cearly Cget=a Shello Sext Sfin Clate Cfin Cget=a Sok=abc",
	    true, ALL, false, NULL },
	  "GET /a 9 200 10; read 3/0", 0, 0 },
	{ "early data that go on while they are refused",
	  { "Chello=e Cearly Cget=a Shello Sext Cget=b Sfin Clate Cfin Cget=a Sok=abc",
	    true, ALL, false, NULL },
	  "GET /a 10 200 11; read 3/0", 0, 0 },
	{ "a record of early data around their refusal",
	  { "Chello=e Cearly Cget=a Cget=b~ Shello Sext Crest Sfin Clate Cfin Cget=a Sok=abc", true, ALL,
	    false, NULL }, "GET /a 11 200 12; read 3/0", 0, 0 },
	{ "a record of early data around the hello of an older server",
	  { "Chello=e Cearly Cget=a~ Shello=o Crest Cget=b", true, ALL, false, NULL },
	  "no-keys 0/0", 0, 0 },
	{ "a record of early data around HelloRetryRequest",
	  { "Chello=e Cccs Cearly Cget=a~ Shello=r Crest Cget=b", true, ALL, false, NULL },
	  "no-keys 0/0", 0, 0 },
	{ "HelloRetryRequest after a ChangeCipherSpec and early data",
	  { "Chello=e Cccs Cearly Cget=a Shello=r Chello Shello Sext Sfin Cfin Cget=a Sok=abc", true, ALL,
	    false, NULL }, "GET /a 11 200 12; read 3/0", 0, 0 },
	{ "early data without their key",
	  { "Chello=e Cearly Cget=a Shello Sext=e Sfin Cget=b Cend Cfin Cget=c Sok=abc", true, "hHtT",
	    false, NULL },
	  "GET /c 10 200 11; partly 2/3", 3, 0 },
	{ "early data after HelloRetryRequest",
	  { "Chello=e Cearly Cget=a Shello=r", true, ALL, false, NULL }, "read 1/0", 0, 0 },
	{ "renegotiated by the client",
	  { START12 "Cget=a Sok=abc Chello Shello Ckey Cccs Cfin Sccs Sfin Cget=b Sok=def", false, "m",
	    false, NULL },
	  "GET /a 8 200 9; GET /b 17 200 18; read 4/0", 0, 0 },
	{ "a record lost, TLS 1.2", { START12 "Cget=a Slost Cget=b Sok=def", false, "m", false, NULL },
	  "GET /a 8 0 0 cut; GET /b 10 200 11; partly 3/0", 0, 0 },
	{ "a record lost, TLS 1.3", { START13 "Cget=a Slost Cget=b Sok=def", true, ALL, false, NULL },
	  "GET /a 7 0 0 cut; GET /b 9 200 10; partly 3/0", 0, 0 },
	{ "all of a record but its header lost, within a body of known length",
	  { START13 "Cget=a Sraw=HTTP/1.1_200_OK\nContent-Length:_9\n\nabc Scut=def Sraw=ghi Cget=b Sok=abc",
	    true, ALL, false, NULL }, "GET /a 7 200 10; GET /b 11 200 12; partly 5/1", 1, 0 },
	{ "secrets that are logged after the server's hello",
	  { "Chello Shello Sext Clog=hH Sfin Cfin Clog=tT Cget=a Sok=abc", true, "", false, NULL },
	  "GET /a 8 200 9; partly 2/1", 1, 0 },
	{ "secrets of data that are logged late",
	  { START13 "Cget=a Sok=abc Clog=tT Cget=b Sok=def", true, "hH", false, NULL },
	  "GET /b 10 200 11; partly 2/2", 2, 0 },
	{ "secrets that are never logged", { START13 "Cget=a Sok=abc Clog", true, "", false, NULL },
	  "no-keys 0/5", 5, 0 },
	{ "a proxy that speaks TLS",
	  { START13 "Craw=CONNECT_h:80_HTTP/1.1\n\n Sraw=HTTP/1.1_200_OK\n\n Cget=a Sok=abc", true, ALL,
	    false, NULL }, "CONNECT h:80 7 200 8; GET /a 9 200 10; read 4/0", 0, 0 },
	{ "the client's secret of the handshake is wrong",
	  { START13 "Cget=a Sok=abc", true, ALL, false, "h" }, "GET /a 7 200 8; partly 2/1", 1, 1 },
	{ "the server's secret of the handshake is wrong",
	  { START13 "Cget=a Sok=abc", true, ALL, false, "H" }, "GET /a 7 200 8; partly 2/2", 2, 1 },
	{ "the client's secret of data is wrong",
	  { START13 "Cget=a Sok=abc Cget=b", true, ALL, false, "t" }, "  0 200 8; partly 1/2", 2, 1 },
	{ "the server's secret of data is wrong",
	  { START13 "Cget=a Sok=abc Sok=def", true, ALL, false, "T" }, "GET /a 7 0 0 cut; partly 1/2", 2, 1 },
	{ "no HTTP inside",
	  { START13 "Craw=EHLO_me Sraw=250_ok", true, ALL, false, NULL }, "read 2/0", 0, 0 },
};

static void told_as_it_was_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct tlskeys *keys = talk_keys(&row->talk);

		/* libcrypto starts slowly, so a log is kept that does not change. */
		for (size_t step = 1; step <= 100; step += step < 40 ? 1 : 7) {
			size_t piece = step < 100 ? step : SIZE_MAX;
			struct limits limits = { 0 };
			char text[TALK_TEXT];

			if (talk_log_grows(&row->talk)) {
				tlskeys_free(keys);
				keys = talk_keys(&row->talk);
			}
			talk_told(&row->talk, keys, piece, text, &limits);
			if (strcmp(text, row->want))
				fail_msg("%s, %zu:\n%s\n%s", row->name, step, text, row->want);
			assert_int_equal(limits.count[LIMIT_ENCRYPTED], row->encrypted);
			assert_int_equal(limits.count[LIMIT_WRONG_KEY], row->wrong);
		}
		tlskeys_free(keys);
	}
}

/* Looking for a key's place after a loss has a price, and early data may spend it all: the next stage's keys
 * are still to come. */
static void keys_of_a_later_stage_are_waited_for(void **state)
{
	enum { SPENT = 7, LONG = 6000 };
	char words[SPENT * (LONG + 8) + 256], text[TALK_TEXT];
	struct talk talk = { .words = words, .tls13 = true, .known = ALL };
	struct tlskeys *keys = talk_keys(&talk);
	struct limits limits = { 0 };
	size_t at = (size_t)snprintf(words, sizeof words, "Chello=e Cearly Cget=a Clost Clate");

	(void)state;
	for (size_t i = 0; i < SPENT; i++)
		at += (size_t)snprintf(words + at, sizeof words - at, " Craw=%0*d", LONG, 0);
	snprintf(words + at, sizeof words - at, " Clost Shello Sext Sfin Cfin Cget=b Sok=abc");
	talk_told(&talk, keys, SIZE_MAX, text, &limits);
	assert_string_equal(text, "GET /b 18 200 19; partly 3/7");
	tlskeys_free(keys);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_as_it_was_said),
		cmocka_unit_test(keys_of_a_later_stage_are_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
