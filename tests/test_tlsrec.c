/* tests/test_tlsrec.c - records as transcripts: input, expected events, at every cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "decoders/tlsrec.h"

static struct row {
	const char *name;
	struct span wire;
	const char *want;
} rows[] = {
	{ "records follow each other", SPAN_LIT("\x16\3\1\0\3abc\x15\3\3\0\0"),
	  "[0 handshake 0301 3]abc[8 alert 0303 0]" },
	{ "plain HTTP", SPAN_LIT("POST /Simple"), "[0 ! no TLS record starts here]" },
	{ "version 2", SPAN_LIT("\x16\2\0\0\1a"), "[0 ! no TLS record starts here]" },
	{ "unknown type", SPAN_LIT("\x19\3\3\0\1a"), "[0 ! no TLS record starts here]" },
	{ "heartbeat", SPAN_LIT("\x18\3\3\0\1a"), "[0 heartbeat 0303 1]a" },
	{ "too long", SPAN_LIT("\x17\3\3\xff\xff!"), "[0 ! record longer than 2^14 + 2048]" },
	{ "one too long", SPAN_LIT("\x17\3\3\x48\x01!"), "[0 ! record longer than 2^14 + 2048]" },
	{ "as long as may be", SPAN_LIT("\x17\3\3\x48\0!"),
	  "[0 application_data 0303 18432]![6 ! stream ended inside a record]" },
	{ "lost after a good one", SPAN_LIT("\x14\3\3\0\1\1HTTP/1.1 400"),
	  "[0 change_cipher_spec 0303 1]\1[6 ! no TLS record starts here]" },
	{ "cut header", SPAN_LIT("\x16\3"), "[2 ! stream ended inside a record]" },
	{ "cut record", SPAN_LIT("\x17\3\3\0\4ab"),
	  "[0 application_data 0303 4]ab[7 ! stream ended inside a record]" },
	{ "nothing", SPAN_LIT(""), "" },
};

static void tell(FILE *out, const struct tlsrec_event *ev)
{
	switch (ev->kind) {
	case TLSREC_HEADER:
		fprintf(out, "[%d %s %04x %d]", (int)ev->offset, tlsrec_type_name(ev->header.type),
		        (unsigned)ev->header.version, ev->header.length);
		break;
	case TLSREC_FRAGMENT:
		fprintf(out, "%.*s", (int)ev->fragment.len, (const char *)ev->fragment.at);
		break;
	case TLSREC_ANOMALY:
		fprintf(out, "[%d ! %s]", (int)ev->offset, tlsrec_anomaly_text(ev->anomaly));
		break;
	}
}

static void feed(struct tlsrec *dec, struct span wire, size_t step, FILE *out)
{
	struct tlsrec_event ev;

	while (wire.len) {
		struct span piece = span_take(&wire, step);

		while (tlsrec_next(dec, &piece, &ev))
			tell(out, &ev);
		assert_int_equal(piece.len, 0);
	}
}

static void every_cut_tells_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t step = 1; step <= rows[i].wire.len + 1; step++) {
			char told[256] = "";
			FILE *out = fmemopen(told, sizeof told, "w");
			struct tlsrec *dec = tlsrec_new();
			struct tlsrec_event ev;

			feed(dec, rows[i].wire, step, out);
			if (tlsrec_end(dec, &ev))
				tell(out, &ev);
			assert_false(tlsrec_end(dec, &ev));
			fclose(out);
			tlsrec_free(dec);
			assert_string_equal(told, rows[i].want);
		}
	}
}

/* What comes after a hole of `len` bytes, in one piece a row of `after`. */
static const struct gap {
	const char *name;
	struct span before;
	uint64_t len;
	struct span after[3];
	const char *want;
} gaps[] = {
	{ "inside a record", SPAN_LIT("\x17\3\3\0\x0a" "abc"), 4, { SPAN_LIT("xyz\x15\3\3\0\1!") },
	  "[0 application_data 0303 10]abcxyz[15 alert 0303 1]!" },
	{ "to the end of a record", SPAN_LIT("\x17\3\3\0\5ab"), 3, { SPAN_LIT("\x15\3\3\0\1!") },
	  "[0 application_data 0303 5]ab[10 alert 0303 1]!" },
	{ "beyond a record", SPAN_LIT("\x17\3\3\0\5ab"), 9,
	  { SPAN_LIT("middle of something"), SPAN_LIT("\x17\3\3\0\2ok"), SPAN_LIT("\x15\3\3\0\1!") },
	  "[0 application_data 0303 5]ab[35 application_data 0303 2]ok[42 alert 0303 1]!" },
	{ "in a header", SPAN_LIT("\x17\3\3"), 2, { SPAN_LIT("ab"), SPAN_LIT("\x16\3\3\0\1m") },
	  "[7 handshake 0303 1]m" },
	{ "a wrong guess is only a guess", SPAN_LIT("\x17\3"), 1,
	  { SPAN_LIT("\x17\3\3\0\1awrong"), SPAN_LIT("\x17\3\3\0\1b") },
	  "[3 application_data 0303 1]a[14 application_data 0303 1]b" },
	{ "a header in pieces", SPAN_LIT("\x17\3"), 1,
	  { SPAN_LIT("\x17\3\3\0"), SPAN_LIT("\1a"), SPAN_LIT("\x17\3\3\0\1b") },
	  "[3 application_data 0303 1]a[9 application_data 0303 1]b" },
	{ "what waits to become a header is none", SPAN_LIT("\x17\3"), 1,
	  { SPAN_LIT("\x17\3"), SPAN_LIT("\x16\3\3\0\1m") },
	  "[5 handshake 0303 1]m" },
};

static void after_a_hole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
		char told[256] = "";
		FILE *out = fmemopen(told, sizeof told, "w");
		struct tlsrec *dec = tlsrec_new();

		feed(dec, gaps[i].before, SIZE_MAX, out);
		tlsrec_hole(dec, gaps[i].len);
		for (size_t n = 0; n < 3; n++)
			feed(dec, gaps[i].after[n], SIZE_MAX, out);
		fclose(out);
		tlsrec_free(dec);
		assert_string_equal(told, gaps[i].want);
	}
}

static void what_is_left(void **state)
{
	struct tlsrec *dec = tlsrec_new();
	FILE *out = fopen("/dev/null", "w");

	(void)state;
	assert_int_equal(tlsrec_left(dec), 0);
	feed(dec, SPAN("\x17\3\3\0\x0a" "abc"), SIZE_MAX, out);
	assert_int_equal(tlsrec_left(dec), 7);
	tlsrec_hole(dec, 7);
	assert_int_equal(tlsrec_left(dec), 0);
	feed(dec, SPAN("GET / HTTP"), SIZE_MAX, out);
	assert_true(tlsrec_left(dec) == SIZE_MAX);
	tlsrec_hole(dec, 7);
	assert_true(tlsrec_left(dec) == SIZE_MAX);
	fclose(out);
	tlsrec_free(dec);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut_tells_the_same),
		cmocka_unit_test(after_a_hole),
		cmocka_unit_test(what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
