/* tests/test_tlskeys.c - key logs of every kind of line, cut everywhere; sessions that are resumed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "decoders/tlskeys.h"

/* Hexadecimal of bytes that are all alike, and such bytes. */
#define HEX8(pair)  pair pair pair pair pair pair pair pair
#define HEX16(pair) HEX8(pair) HEX8(pair)
#define HEX32(pair) HEX16(pair) HEX16(pair)
#define HEX48(pair) HEX32(pair) HEX16(pair)

static const uint8_t *all(uint8_t byte)
{
	static uint8_t bytes[256][48];

	return memset(bytes[byte], byte, 48);
}

/* ---- key logs ---- */

enum finder { BY_RANDOM, BY_ENCRYPTED, BY_SESSION };

static const struct row {
	const char *name, *log;
	enum finder by;
	enum tls_secret which;
	uint8_t key, secret;            /* their bytes; secret 0: not known */
	size_t secret_len;
	unsigned secrets, unread, other, first_unread;
} rows[] = {
	{ "a master secret", "CLIENT_RANDOM " HEX32("a1") " " HEX48("b2") "\n", BY_RANDOM, TLS_SECRET_MASTER,
	  0xa1, 0xb2, 48, 1, 0, 0, 0 },
	{ "upper case and CRLF", "CLIENT_RANDOM " HEX32("A1") " " HEX48("B2") "\r\n", BY_RANDOM,
	  TLS_SECRET_MASTER, 0xa1, 0xb2, 48, 1, 0, 0, 0 },
	{ "a last line without an end", "CLIENT_RANDOM " HEX32("aA") " " HEX48("Bb"), BY_RANDOM,
	  TLS_SECRET_MASTER, 0xaa, 0xbb, 48, 1, 0, 0, 0 },
	{ "comments and blanks",
	  "# made by a browser\n\n \t\r\nCLIENT_RANDOM " HEX32("01") " " HEX48("02") " \n#", BY_RANDOM,
	  TLS_SECRET_MASTER, 1, 2, 48, 1, 0, 0, 0 },
	{ "a byte order mark", "\xef\xbb\xbf" "CLIENT_RANDOM " HEX32("01") " " HEX48("02") "\n", BY_RANDOM,
	  TLS_SECRET_MASTER, 1, 2, 48, 1, 0, 0, 0 },
	{ "early data", "CLIENT_EARLY_TRAFFIC_SECRET " HEX32("01") " " HEX32("02") "\n", BY_RANDOM,
	  TLS_SECRET_CLIENT_EARLY, 1, 2, 32, 1, 0, 0, 0 },
	{ "TLS 1.3, several of one hello",
	  "CLIENT_HANDSHAKE_TRAFFIC_SECRET " HEX32("01") " " HEX48("02") "\n"
	  "SERVER_HANDSHAKE_TRAFFIC_SECRET " HEX32("01") " " HEX48("03") "\n"
	  "EXPORTER_SECRET " HEX32("01") " " HEX48("04") "\n"
	  "CLIENT_TRAFFIC_SECRET_0 " HEX32("01") " " HEX48("05") "\n"
	  "SERVER_TRAFFIC_SECRET_0 " HEX32("01") " " HEX48("06") "\n"
	  "CLIENT_TRAFFIC_SECRET_1 " HEX32("01") " " HEX48("07") "\n",
	  BY_RANDOM, TLS_SECRET_CLIENT_TRAFFIC, 1, 5, 48, 4, 0, 2, 0 },
	{ "a server's traffic", "SERVER_TRAFFIC_SECRET_0 " HEX32("01") " " HEX32("02") "\n", BY_RANDOM,
	  TLS_SECRET_SERVER_TRAFFIC, 1, 2, 32, 1, 0, 0, 0 },
	{ "a premaster secret", "PMS_CLIENT_RANDOM " HEX32("01") " " HEX32("02") "\n", BY_RANDOM,
	  TLS_SECRET_PREMASTER, 1, 2, 32, 1, 0, 0, 0 },
	{ "another kind of the same hello", "CLIENT_RANDOM " HEX32("01") " " HEX48("02") "\n", BY_RANDOM,
	  TLS_SECRET_SERVER_TRAFFIC, 1, 0, 0, 1, 0, 0, 0 },
	{ "another hello", "CLIENT_RANDOM " HEX32("01") " " HEX48("02") "\n", BY_RANDOM,
	  TLS_SECRET_MASTER, 3, 0, 0, 1, 0, 0, 0 },
	{ "the later of two",
	  "CLIENT_RANDOM " HEX32("01") " " HEX48("02") "\nCLIENT_RANDOM " HEX32("01") " " HEX48("03") "\n",
	  BY_RANDOM, TLS_SECRET_MASTER, 1, 3, 48, 1, 0, 0, 0 },
	{ "the later and longer of two",
	  "SERVER_TRAFFIC_SECRET_0 " HEX32("01") " " HEX32("02") "\n"
	  "SERVER_TRAFFIC_SECRET_0 " HEX32("01") " " HEX48("03") "\n",
	  BY_RANDOM, TLS_SECRET_SERVER_TRAFFIC, 1, 3, 48, 1, 0, 0, 0 },
	{ "the later and shorter of two",
	  "SERVER_TRAFFIC_SECRET_0 " HEX32("01") " " HEX48("02") "\n"
	  "SERVER_TRAFFIC_SECRET_0 " HEX32("01") " " HEX32("03") "\n",
	  BY_RANDOM, TLS_SECRET_SERVER_TRAFFIC, 1, 3, 32, 1, 0, 0, 0 },
	{ "by the encrypted premaster", "RSA " HEX8("0a") " " HEX48("0b") "\n", BY_ENCRYPTED,
	  TLS_SECRET_PREMASTER, 10, 11, 48, 1, 0, 0, 0 },
	{ "by a session id",
	  "RSA Session-ID:" HEX32("0a") " Master-Key:" HEX48("0B") "\r\n", BY_SESSION,
	  TLS_SECRET_MASTER, 10, 11, 48, 1, 0, 0, 0 },
	{ "a session id is no random",
	  "RSA Session-ID:" HEX32("0a") " Master-Key:" HEX48("0b") "\n", BY_RANDOM,
	  TLS_SECRET_MASTER, 10, 0, 0, 1, 0, 0, 0 },
	{ "a random is no session id", "CLIENT_RANDOM " HEX32("0a") " " HEX48("0b") "\n", BY_SESSION,
	  TLS_SECRET_MASTER, 10, 0, 0, 1, 0, 0, 0 },
	{ "labels of other protocols",
	  "QUIC_CLIENT_TRAFFIC_SECRET_0 " HEX32("01") " " HEX32("02") "\nECH_SECRET " HEX32("01") " 00\n",
	  BY_RANDOM, TLS_SECRET_CLIENT_TRAFFIC, 1, 0, 0, 0, 0, 2, 0 },
	{ "no hexadecimal",
	  "#\nCLIENT_RANDOM " HEX32("01") " " HEX32("02") HEX8("xx") HEX8("03") "\n"
	  "CLIENT_RANDOM " HEX32("0@") " " HEX48("02") "\n",
	  BY_RANDOM, TLS_SECRET_MASTER, 1, 0, 0, 0, 2, 0, 2 },
	{ "wrong lengths",
	  "CLIENT_RANDOM " HEX32("01") " " HEX32("02") "\n"
	  "CLIENT_RANDOM " HEX16("01") " " HEX48("02") "\n"
	  "CLIENT_RANDOM " HEX32("01") " " HEX48("02") "0\n"
	  "CLIENT_RANDOM " HEX32("01") "0 " HEX48("02") "\n"
	  "SERVER_TRAFFIC_SECRET_0 " HEX32("01") " " HEX32("02") "02\n"
	  "CLIENT_RANDOM " HEX32("01") " \n"
	  "CLIENT_RANDOM\n"
	  "RSA " HEX8("01") "01 " HEX48("02") "\n"
	  "RSA Session-ID: Master-Key:" HEX48("02") "\n"
	  "CLIENT_RANDOM " HEX32("01") " " HEX48("02") " 03\n",
	  BY_RANDOM, TLS_SECRET_MASTER, 1, 0, 0, 0, 10, 0, 1 },
	{ "another text", "This is no key log.\nNot at all.\n", BY_RANDOM, TLS_SECRET_MASTER, 1, 0, 0, 0,
	  2, 0, 1 },
	{ "nothing", "", BY_RANDOM, TLS_SECRET_MASTER, 1, 0, 0, 0, 0, 0, 0 },
};

static struct span find(struct tlskeys *k, const struct row *r, uint8_t room[static 48])
{
	switch (r->by) {
	case BY_RANDOM:
		return tlskeys_secret(k, r->which, all(r->key));
	case BY_ENCRYPTED:
		return tlskeys_premaster(k, span_of(all(r->key), 48));
	case BY_SESSION:
		return span_of(room, tlskeys_recall(k, span_of(all(r->key), 32), room) ? 48 : 0);
	}
	return span_of(NULL, 0);
}

static void hold_to(struct tlskeys *k, const struct row *r)
{
	struct tlskeys_counts counts = tlskeys_counts(k);
	uint8_t room[48];
	struct span found = find(k, r, room);

	if (counts.secrets != r->secrets || counts.lines_unread != r->unread ||
	    counts.lines_other != r->other || counts.first_unread != r->first_unread || counts.refused ||
	    found.len != r->secret_len ||
	    (found.len && memcmp(found.at, all(r->secret), found.len)))
		fail_msg("%s: %zu bytes, %d secrets, %d unread, %d other", r->name, found.len,
		         (int)counts.secrets, (int)counts.lines_unread, (int)counts.lines_other);
	assert_int_equal(tlskeys_any(k), r->secrets > 0);
}

static void every_line_is_taken_whole_and_at_every_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span log = span_text(rows[i].log);

		for (size_t cut = 0; cut <= log.len; cut++) {
			struct tlskeys *k = tlskeys_new(NULL);

			tlskeys_log(k, span_of(log.at, cut));
			tlskeys_log(k, span_skip(log, cut));
			tlskeys_log_end(k);
			hold_to(k, &rows[i]);
			tlskeys_free(k);
		}
	}
}

static void every_line_is_taken_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tlskeys *k = tlskeys_new(NULL);

		for (const char *at = rows[i].log; *at; at++)
			tlskeys_log(k, span_of(at, 1));
		tlskeys_log_end(k);
		hold_to(k, &rows[i]);
		tlskeys_free(k);
	}
}

static void a_line_without_end_is_passed_over(void **state)
{
	struct tlskeys *k = tlskeys_new(NULL);

	(void)state;
	tlskeys_log(k, SPAN("#\nCLIENT_RANDOM "));
	for (int i = 0; i < 1000; i++)
		tlskeys_log(k, SPAN(HEX32("01")));
	tlskeys_log(k, SPAN("\nCLIENT_RANDOM " HEX32("01") " " HEX48("02")));
	tlskeys_log_end(k);
	assert_int_equal(tlskeys_counts(k).lines_unread, 1);
	assert_int_equal(tlskeys_counts(k).first_unread, 2);
	assert_int_equal(tlskeys_counts(k).log_lines, 3);
	assert_int_equal(tlskeys_secret(k, TLS_SECRET_MASTER, all(1)).len, 48);
	/* Another log is counted anew. */
	tlskeys_log(k, SPAN("?"));
	tlskeys_log_end(k);
	assert_int_equal(tlskeys_counts(k).first_unread, 1);
	tlskeys_free(k);
}

/* A random of its own for each number. */
static void random_of(uint32_t number, uint8_t random[static 32])
{
	for (int i = 0; i < 8; i++)
		memcpy(random + 4 * i, &number, 4);
}

static void write_line(uint32_t number, struct buf *line)
{
	uint8_t random[32];

	random_of(number, random);
	buf_clear(line);
	buf_printf(line, "CLIENT_RANDOM ");
	for (int i = 0; i < 32; i++)
		buf_printf(line, "%02x", random[i]);
	buf_add_byte(line, ' ');
	for (int i = 0; i < 48; i++)
		buf_printf(line, "%02x", random[i % 32]);
	buf_add_byte(line, '\n');
}

static size_t log_many(struct tlskeys *k, uint32_t count)
{
	struct buf line;
	size_t len = 0;

	buf_init(&line, 256);
	for (uint32_t i = 0; i < count; i++) {
		write_line(i, &line);
		len += line.len;
		tlskeys_log(k, buf_span(&line));
	}
	buf_release(&line);
	tlskeys_log_end(k);
	return len;
}

static void many_secrets_are_found_and_packed(void **state)
{
	struct budget budget = { .ceiling = SIZE_MAX / 2 };
	struct tlskeys *k = tlskeys_new(&budget);
	size_t len = log_many(k, 20000);

	(void)state;
	assert_int_equal(tlskeys_counts(k).secrets, 20000);
	assert_true(budget.used < len * 3 / 5);
	for (uint32_t i = 0; i < 20001; i++) {
		uint8_t random[32];
		struct span found;

		random_of(i, random);
		found = tlskeys_secret(k, TLS_SECRET_MASTER, random);
		assert_int_equal(found.len, i < 20000 ? 48 : 0);
		assert_true(!found.len || !memcmp(found.at, random, 32));
	}
	tlskeys_free(k);
	assert_int_equal(budget.used, 0);
}

static void a_budget_that_is_out_refuses_and_keeps_what_there_is(void **state)
{
	(void)state;
	for (size_t ceiling = 0; ceiling < 400000; ceiling += 24989) {
		struct budget budget = { .ceiling = ceiling };
		struct tlskeys *k = tlskeys_new(&budget);
		struct tlskeys_counts counts;
		uint8_t random[32];

		log_many(k, 5000);
		counts = tlskeys_counts(k);
		assert_true(counts.refused);
		assert_int_equal(counts.refused + counts.secrets, 5000);
		random_of(0, random);
		assert_int_equal(tlskeys_secret(k, TLS_SECRET_MASTER, random).len, counts.secrets ? 48 : 0);
		assert_true(budget.used <= ceiling);
		tlskeys_remember(k, SPAN("id"), all(1));
		tlskeys_free(k);
		assert_int_equal(budget.used, 0);
	}
}

struct writer {
	struct tlskeys *keys;
	const char *next;               /* what will have been appended */
	int looks;
};

static void look(void *self)
{
	struct writer *w = self;

	w->looks++;
	tlskeys_log(w->keys, span_text(w->next));
	tlskeys_log_end(w->keys);
	w->next = "";
}

static void a_log_that_grows_is_looked_at_before_a_secret_is_unknown(void **state)
{
	struct tlskeys *k = tlskeys_new(NULL);
	struct writer w = { k, "CLIENT_RANDOM " HEX32("01") " " HEX48("02") "\n", 0 };

	(void)state;
	assert_false(tlskeys_any(k));
	tlskeys_follow(k, (struct tlskeys_growth){ &w, look });
	assert_true(tlskeys_any(k));
	assert_int_equal(tlskeys_secret(k, TLS_SECRET_MASTER, all(1)).len, 48);
	assert_int_equal(tlskeys_secret(k, TLS_SECRET_MASTER, all(1)).len, 48);
	assert_int_equal(w.looks, 1);
	assert_int_equal(tlskeys_secret(k, TLS_SECRET_MASTER, all(3)).len, 0);
	assert_int_equal(w.looks, 2);
	tlskeys_follow(k, (struct tlskeys_growth){ 0 });
	assert_int_equal(tlskeys_secret(k, TLS_SECRET_MASTER, all(3)).len, 0);
	assert_int_equal(w.looks, 2);
	tlskeys_free(k);
}

/* ---- sessions that may be resumed ---- */

static void sessions_are_remembered_until_newer_ones_need_the_room(void **state)
{
	struct budget budget = { .ceiling = SIZE_MAX / 2 };
	struct tlskeys *k = tlskeys_new(&budget);
	uint8_t master[48];

	(void)state;
	assert_false(tlskeys_recall(k, SPAN("id"), master));
	for (uint32_t i = 0; i < 65536 + 1000; i++) {
		if (i % 250 == 0)
			tlskeys_remember(k, span_of(&i, sizeof i), all((uint8_t)i));
		tlskeys_remember(k, span_of(&i, sizeof i), all((uint8_t)(i + 1)));
	}
	for (uint32_t i = 0; i < 65536 + 1000; i += 250) {
		assert_int_equal(tlskeys_recall(k, span_of(&i, sizeof i), master), i >= 1000);
		assert_true(i < 1000 || !memcmp(master, all((uint8_t)(i + 1)), 48));
	}
	assert_true(budget.used < 65536 * 100);
	tlskeys_remember(k, SPAN(""), all(1));
	assert_false(tlskeys_recall(k, SPAN(""), master));
	tlskeys_free(k);
	assert_int_equal(budget.used, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_taken_whole_and_at_every_cut),
		cmocka_unit_test(every_line_is_taken_byte_by_byte),
		cmocka_unit_test(a_line_without_end_is_passed_over),
		cmocka_unit_test(many_secrets_are_found_and_packed),
		cmocka_unit_test(a_budget_that_is_out_refuses_and_keeps_what_there_is),
		cmocka_unit_test(a_log_that_grows_is_looked_at_before_a_secret_is_unknown),
		cmocka_unit_test(sessions_are_remembered_until_newer_ones_need_the_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
