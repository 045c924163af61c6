/* tests/test_tlssession.c - what messages and alerts of a session leave in its fact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "decoders/certs.h"
#include "decoders/tlsrec.h"
#include "decoders/tlssession.h"
#include "tests/tls_bytes.h"

struct message {                        /* the n-th is frame n */
	enum side from;
	uint8_t type;
	struct span body;
	bool opened;
};

static void say(struct tlssession *s, const struct message *m, uint64_t frame)
{
	struct mark mark = { frame, 0 };
	struct tlssession_record r = {
		.type = TLSREC_HANDSHAKE, .length = 4 + m->body.len, .opened = m->opened, .mark = mark,
	};
	struct tlsmsg_event ev = { .type = m->type, .length = m->body.len, .body = m->body };

	if (tlssession_record(s, m->from, &r))
		tlssession_message(s, m->from, &ev, mark);
}

static void begin(struct tlssession *s, struct stack_context *context)
{
	static const struct connection conn;
	struct layer_env env = { .context = context, .place = { .conn = &conn } };

	tlssession_init(s, &env);
}

#define C(type, text) { CLIENT, type, SPAN_LIT(text), false }
#define S(type, text) { SERVER, type, SPAN_LIT(text), false }
#define SERVER12(suite) "\3\3" RANDOM "\0" suite "\0"
#define ONE_CERTIFICATE "\0\0\x0d\0\0\x0a" "xxxxxxxxxx"
#define REQUEST "\1\1\0\0\0\x11\0\x0f" "\x30\x0d\x31\x0b\x30\x09\6\3\x55\4\3\x0c\2" "CA"

static const struct message demanded[] = {
	C(1, HELLO_BODY), S(2, SERVER12("\xc0\x2f")), S(11, ONE_CERTIFICATE), S(12, "\3\0\x1d\1k"),
	S(13, REQUEST), S(14, ""), C(11, ONE_CERTIFICATE), C(16, "k"), C(15, "k"),
};

static void certificates_of_both_sides(void **state)
{
	struct budget budget = { .ceiling = 1 << 20 };
	struct stack_context context = { .budget = &budget, .certs = certs_new(&budget) };
	struct tlssession s;
	const struct tls_session *t = &s.fact;

	(void)state;
	begin(&s, &context);
	for (size_t i = 0; i < sizeof demanded / sizeof *demanded; i++)
		say(&s, &demanded[i], i + 1);
	tlssession_end(&s);
	assert_int_equal(t->certificate_frame, 3);
	assert_int_equal(t->certificates.count, 1);
	assert_false(t->certificates.list[0]->readable || t->certificates.cut || t->certificates.decrypted);
	assert_int_equal(t->group, 29);
	assert_int_equal(t->certificate_request_frame, 5);
	assert_false(t->certificate_request_decrypted);
	assert_int_equal(t->authority_count, 1);
	assert_true(span_eq(t->authorities[0], SPAN("CN=CA")));
	assert_true(t->client_certificate_message && !t->client_certificate_empty);
	assert_int_equal(t->client_certificate_frame, 7);
	assert_ptr_equal(t->client_certificates.list[0], t->certificates.list[0]);
	assert_int_equal(t->last_message[CLIENT], 15);
	assert_int_equal(t->last_message[SERVER], 14);
	tlssession_release(&s);
	certs_free(context.certs);
	assert_int_equal(budget.used, 0);
}

static void nobody_parses_certificates(void **state)
{
	struct stack_context context = { 0 };
	struct tlssession s;

	(void)state;
	begin(&s, &context);
	for (size_t i = 0; i < sizeof demanded / sizeof *demanded; i++)
		say(&s, &demanded[i], i + 1);
	assert_int_equal(s.fact.certificate_frame, 3);
	assert_int_equal(s.fact.certificates.count, 0);
	assert_false(s.fact.client_certificate_empty);
	tlssession_release(&s);
}

/* A client that offers no more than was agreed on is told nothing by that signature. */
static void hellos_compared(void **state)
{
	static const struct {
		struct message said[4];
		bool downgrade, resumed;
		uint16_t version, group;
		const char *alpn;
	} rows[] = {
		{ { C(1, HELLO_BODY), S(2, "\3\3rrrrrrrrrrrrrrrrrrrrrrrrDOWNGRD\1\0\xc0\x2f\0") },
		  true, false, 0x0303, 0, "" },
		{ { C(1, "\3\3" RANDOM "\0\0\2\xc0\x2f\1\0"),
		    S(2, "\3\3rrrrrrrrrrrrrrrrrrrrrrrrDOWNGRD\1\0\xc0\x2f\0") },
		  false, false, 0x0303, 0, "" },
		{ { C(1, "\3\3" RANDOM "\2id\0\2\xc0\x2f\1\0"), S(2, "\3\3" RANDOM "\2id\xc0\x2f\0") },
		  false, true, 0x0303, 0, "" },
		{ { C(1, "\3\3" RANDOM "\2id\0\2\xc0\x2f\1\0"), S(2, "\3\3" RANDOM "\2no\xc0\x2f\0") },
		  false, false, 0x0303, 0, "" },
		{ { C(1, "\3\3" RANDOM "\2id\0\2\x13\1\1\0"),
		    S(2, "\3\3" RANDOM "\2id\x13\1\0\0\x0e\0\x2b\0\2\3\4\0\x33\0\4\0\x17\0\0") },
		  false, false, 0x0304, 23, "" },
		{ { C(1, HELLO_BODY), S(2, "\3\3" RANDOM "\0\xc0\x2f\0\0\x09\0\x10\0\5\0\3\2h2") },
		  false, false, 0x0303, 0, "h2" },
		{ { C(1, HELLO_BODY), S(2, SERVER13_BODY(RANDOM)),
		    { SERVER, 8, SPAN_LIT("\0\x09\0\x10\0\5\0\3\2h2"), true } },
		  false, false, 0x0304, 0, "h2" },
		{ { C(1, HELLO_BODY), S(2, SERVER12("\0\x9f")), S(12, "\3\0\x17") },
		  false, false, 0x0303, 0, "" },
		{ { C(1, HELLO_BODY), S(2, SERVER12("\xc0\x30")), S(12, "\3\0") },
		  false, false, 0x0303, 0, "" },
	};
	struct stack_context context = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tlssession s;

		begin(&s, &context);
		for (size_t m = 0; m < 4 && rows[i].said[m].type; m++)
			say(&s, &rows[i].said[m], m + 1);
		assert_true(s.fact.downgrade == rows[i].downgrade);
		assert_true(s.fact.resumed == rows[i].resumed);
		assert_int_equal(s.fact.version, rows[i].version);
		assert_int_equal(s.fact.group, rows[i].group);
		assert_string_equal(s.fact.alpn, rows[i].alpn);
		tlssession_release(&s);
	}
}

/* What a renegotiation agrees on holds; where the first hello was stays. */
static void agreed_anew(void **state)
{
	static const struct {
		struct message said[3];
		uint16_t version, cipher;
		bool extended_master;
	} rows[] = {
		{ { C(1, HELLO_BODY), S(2, SERVER12("\xc0\x2f")),
		    { SERVER, 2, SPAN_LIT("\3\1" RANDOM "\0\0\x0a\0\0\4\0\x17\0\0"), true } },
		  0x0301, 0x000a, true },
		{ { C(1, HELLO_BODY), S(2, SERVER12("\xc0\x2f")),
		    { SERVER, 2, SPAN_LIT("\3\1" RANDOM), true } }, 0x0303, 0xc02f, false },
		{ { C(1, HELLO_BODY), S(2, SERVER12("\xc0\x2f")),
		    { SERVER, 2, SPAN_LIT(SERVER13_BODY(RANDOM)), true } }, 0x0303, 0xc02f, false },
		{ { C(1, HELLO_BODY), S(2, SERVER13_BODY(RANDOM)),
		    { SERVER, 2, SPAN_LIT(SERVER12("\0\x0a")), true } }, 0x0304, 0x1301, false },
	};
	struct stack_context context = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tlssession s;

		begin(&s, &context);
		for (size_t m = 0; m < 3; m++)
			say(&s, &rows[i].said[m], m + 1);
		assert_int_equal(s.fact.version, rows[i].version);
		assert_int_equal(s.fact.cipher, rows[i].cipher);
		assert_true(s.fact.extended_master == rows[i].extended_master);
		assert_int_equal(s.fact.server_hello_frame, 2);
		tlssession_release(&s);
	}
}

static void alert(struct tlssession *s, size_t length, bool opened, uint64_t frame)
{
	static const uint8_t bytes[2] = { 2, 40 };
	struct tlssession_record r = {
		.type = TLSREC_ALERT, .length = length, .opened = opened, .mark = { frame, 0 },
	};

	if (tlssession_record(s, SERVER, &r))
		tlssession_alert(s, SERVER, bytes, frame);
}

/* An alert after each step of a handshake: readable by its length, until the server changes its cipher. */
static void alerts_in_every_state(void **state)
{
	static const struct tlssession_record change = { .type = TLSREC_CHANGE_CIPHER_SPEC, .length = 1 };
	static const struct {
		size_t length;
		bool opened;
		const char *clear, *changed;            /* "-": none told */
	} rows[] = {
		{ 2, false, "handshake_failure", "handshake_failure" },
		{ 4, false, "handshake_failure", "hidden" },
		{ 26, false, "hidden", "hidden" },
		{ 1, false, "-", "hidden" },
		{ 0, false, "-", "hidden" },
		{ 2, true, "handshake_failure", "handshake_failure" },
	};
	enum { STEPS = sizeof demanded / sizeof *demanded };
	struct stack_context context = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows * (STEPS + 2); i++) {
		size_t row = i / (STEPS + 2), steps = i % (STEPS + 2);
		const char *want = steps > STEPS ? rows[row].changed : rows[row].clear;
		struct tlssession s;

		begin(&s, &context);
		for (size_t m = 0; m < steps && m < STEPS; m++)
			say(&s, &demanded[m], m + 1);
		if (steps > STEPS)
			tlssession_record(&s, SERVER, &change);
		alert(&s, rows[row].length, rows[row].opened, 77);
		assert_int_equal(s.fact.alert_count, *want != '-');
		if (*want != '-') {
			assert_int_equal(s.fact.alerts[0].frame, 77);
			assert_string_equal(s.fact.alerts[0].encrypted ? "hidden" : tls_alert_name(
			                    s.fact.alerts[0].description), want);
		}
		tlssession_release(&s);
	}
}

static void more_alerts_than_are_kept(void **state)
{
	struct stack_context context = { 0 };
	struct tlssession s;

	(void)state;
	begin(&s, &context);
	for (uint64_t frame = 1; frame <= 100; frame++)
		alert(&s, 2, false, frame);
	tlssession_end(&s);
	assert_int_equal(s.fact.alert_count, 100);
	assert_int_equal(s.fact.alerts[TLS_ALERTS_KEPT - 1].frame, TLS_ALERTS_KEPT);
	tlssession_release(&s);
}

static void an_ssl2_hello_is_cut_until_its_rest_is_there(void **state)
{
	struct stack_context context = { 0 };
	struct tlssession s;

	(void)state;
	begin(&s, &context);
	tlssession_sslv2(&s, 0x0301, (struct mark){ 1, 0 });
	assert_true(s.fact.sslv2_hello && s.fact.hello_cut);
	tlssession_sslv2_rest(&s, SPAN("\0\3\0\0\0\2" "\0\0\x35" "ch"));
	assert_false(s.fact.hello_cut);
	assert_int_equal(s.fact.offer.suite_count, 1);
	assert_int_equal(s.fact.client_hellos, 1);
	tlssession_release(&s);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(tls_reading_name(TLS_NO_KEYS), "no-keys");
	assert_string_equal(tls_reading_name(TLS_UNKNOWN_SUITE), "unknown-suite");
	assert_string_equal(tls_message_name(5), "EndOfEarlyData");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_of_both_sides),
		cmocka_unit_test(nobody_parses_certificates),
		cmocka_unit_test(hellos_compared),
		cmocka_unit_test(agreed_anew),
		cmocka_unit_test(alerts_in_every_state),
		cmocka_unit_test(more_alerts_than_are_kept),
		cmocka_unit_test(an_ssl2_hello_is_cut_until_its_rest_is_there),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
