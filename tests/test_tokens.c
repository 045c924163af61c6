/* tests/test_tokens.c - login tokens under the veil: readers find the same message, with other names in it
 * and nothing left to be cracked.
 *
 * Layouts: MS-NLMP section 2.2.1 (messages), 2.2.2.1 (AV_PAIR), 2.2.2.7 (NTLMv2); RFC 4121 section 4.1 and
 * RFC 4120 section 5.5.1 (AP-REQ).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "decoders/kerberos.h"
#include "decoders/ntlm.h"
#include "veil/logins.h"

enum { TOKEN_MAX = 1024 };

struct token {
	uint8_t bytes[TOKEN_MAX];
	size_t len;
};

static void add(struct token *t, const void *bytes, size_t len)
{
	assert_true(t->len + len <= TOKEN_MAX);
	memcpy(t->bytes + t->len, bytes, len);
	t->len += len;
}

static void add_le(struct token *t, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		add(t, &(uint8_t){ (uint8_t)(value >> (8 * i)) }, 1);
}

static void add_wide(struct token *t, const char *text)
{
	for (; *text; text++)
		add_le(t, (uint8_t)*text, 2);
}

/* The field of eight bytes at `at` points to what is added next, `len` bytes of it. */
static void point(struct token *t, size_t at, size_t len)
{
	struct token field = { .len = 0 };

	add_le(&field, len, 2);
	add_le(&field, len, 2);
	add_le(&field, t->len, 4);
	memcpy(t->bytes + at, field.bytes, field.len);
}

static void point_wide(struct token *t, size_t at, const char *text)
{
	point(t, at, 2 * strlen(text));
	add_wide(t, text);
}

static void begin(struct token *t, unsigned type, size_t len)
{
	*t = (struct token){ .len = 0 };
	add(t, "NTLMSSP", 8);
	add_le(t, type, 4);
	t->len = len;
}

static void add_pair(struct token *t, unsigned id, const char *text)
{
	add_le(t, id, 2);
	add_le(t, 2 * strlen(text), 2);
	add_wide(t, text);
}

static void add_pairs(struct token *t)
{
	add_pair(t, 2, "SECRETDOM");
	add_pair(t, 1, "SECRETPC");
	add_pair(t, 4, "secret.example");
	add_pair(t, 3, "pc.secret.example");
	add_le(t, 7, 2);
	add_le(t, 8, 2);
	add_le(t, UINT64_C(0x01dc000000000000), 8);
	add_pair(t, 9, "HTTP/pc.secret.example");
	add_le(t, 0, 4);
}

static void veiled(struct token *t)
{
	static const uint8_t key[NAMES_KEY] = { 7 };
	struct names *n = names_new(key, true, NULL);
	struct token learned = *t;

	assert_non_null(n);
	token_put(n, learned.bytes, learned.len);
	names_seal(n);
	token_put(n, t->bytes, t->len);
	names_free(n);
}

/* In ASCII or UTF-16, in any case. */
static void assert_gone(const struct token *t, const char *word)
{
	struct token wide = { .len = 0 }, plain = { .len = 0 };

	add_wide(&wide, word);
	add(&plain, word, strlen(word));
	assert_int_equal(span_ifind(span_of(t->bytes, t->len), span_of(plain.bytes, plain.len)), SIZE_MAX);
	assert_int_equal(span_ifind(span_of(t->bytes, t->len), span_of(wide.bytes, wide.len)), SIZE_MAX);
}

static void assert_other(struct span now, const char *was)
{
	assert_int_equal(now.len, strlen(was));
	assert_false(span_ieq(now, span_text(was)));
}

static void test_challenge(void **state)
{
	enum { FLAGS = 20,
	       CHALLENGE = 24,
	       INFO = 40,
	       HEAD = 56 };
	struct ntlm_message m;
	struct arena arena;
	struct token t, was;
	size_t at;

	(void)state;
	begin(&t, 2, HEAD);
	t.bytes[FLAGS] = 1;
	memcpy(t.bytes + CHALLENGE, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
	point_wide(&t, 12, "SECRETDOM");
	at = t.len;
	add_pairs(&t);
	was = t;
	was.len = at;
	point(&was, INFO, t.len - at);
	memcpy(t.bytes, was.bytes, HEAD);
	was = t;
	veiled(&t);
	arena_init(&arena, SIZE_MAX / 2);
	assert_true(ntlm_read(span_of(t.bytes, t.len), &m, &arena));
	assert_int_equal(m.type, 2);
	assert_false(m.cut);
	assert_other(m.target, "SECRETDOM");
	assert_other(m.netbios_domain, "SECRETDOM");
	assert_true(span_eq(m.target, m.netbios_domain));
	assert_other(m.computer, "SECRETPC");
	assert_other(m.dns_computer, "pc.secret.example");
	assert_true(span_iends(m.dns_computer, m.dns_domain));
	assert_true(m.timestamp != MOMENT_NONE);
	assert_memory_not_equal(t.bytes + CHALLENGE, was.bytes + CHALLENGE, 8);
	assert_gone(&t, "secret");
	arena_release(&arena);
}

static void test_authenticate(void **state)
{
	enum { FLAGS = 60,
	       MIC = 72,
	       HEAD = 88,
	       PROOF = 16,
	       BLOB = 28 };
	static const uint8_t secret[] = "\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf\xb0";
	struct ntlm_message m;
	struct arena arena;
	struct token t, blob = { .len = 0 };

	(void)state;
	begin(&t, 3, HEAD);
	t.bytes[FLAGS] = 1;
	memcpy(t.bytes + MIC, secret, 16);
	add(&blob, secret, PROOF);
	add(&blob, "\1\1\0\0\0\0\0\0", 8);
	add_le(&blob, UINT64_C(0x01dc000000000000), 8);
	add(&blob, secret + 4, 8);
	add_le(&blob, 0, 4);
	add_pairs(&blob);
	point_wide(&t, 28, "SECRETDOM");
	point_wide(&t, 36, "planted");
	point_wide(&t, 44, "SECRETPC");
	point(&t, 20, blob.len);
	add(&t, blob.bytes, blob.len);
	point(&t, 12, 24);
	add(&t, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
	point(&t, 52, 16);
	add(&t, secret, 16);
	veiled(&t);
	arena_init(&arena, SIZE_MAX / 2);
	assert_true(ntlm_read(span_of(t.bytes, t.len), &m, &arena));
	assert_int_equal(m.type, 3);
	assert_false(m.cut);
	assert_true(m.v2 && m.mic && !m.anonymous && !m.channel_binding);
	assert_other(m.user, "planted");
	assert_other(m.domain, "SECRETDOM");
	assert_other(m.workstation, "SECRETPC");
	assert_other(m.service, "HTTP/pc.secret.example");
	assert_true(span_starts(m.service, SPAN("HTTP/")));
	assert_gone(&t, "secret");
	assert_gone(&t, "planted");
	/* Proof, client's challenge, session key, MIC. */
	assert_int_equal(span_find(span_of(t.bytes, t.len), span_of(secret + 4, 8)), SIZE_MAX);
	arena_release(&arena);
}

/* ---- Kerberos ---- */

/* One element around what stands behind `from`. */
static void wrap(struct token *t, size_t from, uint8_t tag)
{
	size_t len = t->len - from, head = len < 128 ? 2 : 3;

	assert_true(len < 256 && t->len + head <= TOKEN_MAX);
	memmove(t->bytes + from + head, t->bytes + from, len);
	t->bytes[from] = tag;
	t->bytes[from + 1] = head == 3 ? 0x81 : (uint8_t)len;
	if (head == 3)
		t->bytes[from + 2] = (uint8_t)len;
	t->len += head;
}

static void add_text(struct token *t, const char *text)
{
	size_t from = t->len;

	add(t, text, strlen(text));
	wrap(t, from, 0x1b);
}

static void add_sealed(struct token *t, const void *cipher, size_t len, uint8_t tag)
{
	size_t from = t->len, inner = from;

	add(t, "\xa0\3\2\1\x12", 5);
	inner = t->len;
	add(t, cipher, len);
	wrap(t, inner, 0x04);
	wrap(t, inner, 0xa2);
	wrap(t, from, 0x30);
	wrap(t, from, tag);
}

static const uint8_t cipher[] = "\x51\x52\x53\x54\x55\x56\x57\x58\x59\x5a\x5b\x5c\x5d\x5e\x5f\x60";

static void add_ticket(struct token *t)
{
	size_t from = t->len, name, names;

	add(t, "\xa0\3\2\1\5", 5);
	name = t->len;
	add_text(t, "SECRET.EXAMPLE");
	wrap(t, name, 0xa1);
	name = t->len;
	add(t, "\xa0\3\2\1\2", 5);
	names = t->len;
	add_text(t, "HTTP");
	add_text(t, "wsus01.secret.example");
	wrap(t, names, 0x30);
	wrap(t, names, 0xa1);
	wrap(t, name, 0x30);
	wrap(t, name, 0xa2);
	add_sealed(t, cipher, 16, 0xa3);
	wrap(t, from, 0x30);
	wrap(t, from, 0x61);
	wrap(t, from, 0xa3);
}

static void test_kerberos(void **state)
{
	struct kerberos_message m, now;
	struct arena arena;
	struct token t = { .len = 0 };
	size_t request;

	(void)state;
	add(&t, "\6\11\x2a\x86\x48\x86\xf7\x12\1\2\2\1\0", 13);
	request = t.len;
	add(&t, "\xa0\3\2\1\5\xa1\3\2\1\16\xa2\7\3\5\0\0\0\0\0", 19);
	add_ticket(&t);
	add_sealed(&t, cipher, 16, 0xa4);
	wrap(&t, request, 0x30);
	wrap(&t, request, 0x6e);
	wrap(&t, 0, 0x60);
	assert_int_equal(t.bytes[1], 0x81);
	request += 3;
	arena_init(&arena, SIZE_MAX / 2);
	assert_true(kerberos_read(span_skip(span_of(t.bytes, t.len), request), &m, &arena));
	veiled(&t);
	assert_true(kerberos_read(span_skip(span_of(t.bytes, t.len), request), &now, &arena));
	assert_int_equal(now.kind, m.kind);
	assert_int_equal(now.ticket_etype, 18);
	assert_int_equal(now.authenticator_etype, 18);
	assert_int_equal(now.service.len, m.service.len);
	assert_true(span_starts(now.service, SPAN("HTTP/wsus")));
	assert_false(span_eq(now.service, m.service));
	assert_other(now.realm, "SECRET.EXAMPLE");
	assert_gone(&t, "secret");
	assert_int_equal(span_find(span_of(t.bytes, t.len), span_of(cipher, 8)), SIZE_MAX);
	arena_release(&arena);
}

/* What is neither is hidden whole; what is cut anywhere is read by nobody beyond its end. */
static void test_others(void **state)
{
	struct token t = { .len = 0 }, was;

	(void)state;
	add(&t, "some token of nobody's", 22);
	was = t;
	veiled(&t);
	assert_memory_not_equal(t.bytes, was.bytes, t.len);
	begin(&was, 3, 88);
	point_wide(&was, 36, "planted");
	for (size_t len = 0; len <= was.len; len++) {
		uint8_t *copy = malloc(len + 1);

		assert_non_null(copy);
		memcpy(copy, was.bytes, len);
		t = (struct token){ .len = len };
		memcpy(t.bytes, copy, len);
		veiled(&t);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_challenge),
		cmocka_unit_test(test_authenticate),
		cmocka_unit_test(test_kerberos),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
