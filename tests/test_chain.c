/* tests/test_chain.c - real chains with one fault each, judged by libcrypto and told in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <openssl/x509_vfy.h>
#include <time.h>

#include "probes/chain.h"
#include "tests/authority.h"

enum { DER_ROOM = 4096, MEMBERS = 3 };

#define HOST "wsus01.corp.example"

struct family {
	struct identity root, middle, other, leaf;
};

static struct family family_of(const struct identity_wish *leaf, int middle_until)
{
	struct family f;
	struct identity_wish wish = *leaf;

	f.root = identity_make(&(struct identity_wish){ .name = "Corp Root", .authority = true });
	f.other = identity_make(&(struct identity_wish){ .name = "Other Root", .authority = true });
	f.middle = identity_make(&(struct identity_wish){ .name = "Corp Issuing", .authority = true,
		                                          .issuer = &f.root, .from = -100,
		                                          .until = middle_until });
	wish.issuer = &f.middle;
	f.leaf = identity_make(&wish);
	return f;
}

static void family_free(struct family *f)
{
	identity_free(&f->root);
	identity_free(&f->middle);
	identity_free(&f->other);
	identity_free(&f->leaf);
}

/* What libcrypto says to the certificates as they are sent, and about which. */
static long verify(const struct identity *const *sent, const struct identity *trusted, const char *host,
                   int *at)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *besides = sk_X509_new_null();
	long error;

	if (trusted)
		X509_STORE_add_cert(store, trusted->certificate);
	for (size_t i = 1; i < MEMBERS && sent[i]; i++)
		sk_X509_push(besides, sent[i]->certificate);
	X509_STORE_CTX_init(ctx, store, sent[0]->certificate, besides);
	X509_STORE_CTX_set_default(ctx, "ssl_server");
	X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(ctx), host, 0);
	X509_verify_cert(ctx);
	error = X509_STORE_CTX_get_error(ctx);
	*at = X509_STORE_CTX_get_error_depth(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_free(besides);
	return error;
}

static void read_sent(struct chain *c, const struct identity *const *sent, const char *host)
{
	uint8_t der[MEMBERS][DER_ROOM];
	struct span spans[MEMBERS];
	unsigned count = 0;

	for (; count < MEMBERS && sent[count]; count++)
		spans[count] = span_of(der[count], identity_der(sent[count], der[count], DER_ROOM));
	chain_read(c, spans, count, host, NULL);
}

static void expect(const char *what, const struct identity *const *sent, const struct identity *trusted,
                   const char *host, enum chain_fault fault, const char *says)
{
	struct chain c;
	char words[CHECK_DETAIL_MAX];
	int at = 0;
	long error = verify(sent, trusted, host, &at);

	read_sent(&c, sent, host);
	if (chain_fault(&c, error, at) != fault)
		fail_msg("%s: fault %d (libcrypto: %s at %d)", what, chain_fault(&c, error, at),
		         X509_verify_cert_error_string(error), at);
	chain_fault_words(&c, fault, error, at, host, words);
	if (!strstr(words, says))
		fail_msg("%s: %s", what, words);
}

static void test_faults(void **state)
{
	const struct identity_wish plain = { .name = HOST, .names = "DNS:" HOST ",DNS:wsus01" };
	struct family f = family_of(&plain, 300);
	struct family late = family_of(&plain, -10);
	struct identity_wish own = plain;
	struct identity alone = identity_make(&own);
	const struct identity *whole[MEMBERS] = { &f.leaf, &f.middle, NULL };
	const struct identity *rooted[MEMBERS] = { &f.leaf, &f.middle, &f.root };
	const struct identity *leaf_only[MEMBERS] = { &f.leaf, NULL, NULL };
	const struct identity *wrong[MEMBERS] = { &f.leaf, &f.other, NULL };
	const struct identity *by_itself[MEMBERS] = { &alone, NULL, NULL };
	const struct identity *aged[MEMBERS] = { &late.leaf, &late.middle, NULL };

	(void)state;
	expect("good", whole, &f.root, HOST, CHAIN_TRUSTED, "");
	expect("good, short name", whole, &f.root, "wsus01", CHAIN_TRUSTED, "");
	expect("other name", whole, &f.root, "wsus02", CHAIN_OTHER_NAME, HOST ", wsus01, not for wsus02");
	expect("unknown root", whole, &f.other, HOST, CHAIN_UNKNOWN_ROOT, "\"Corp Root\"");
	expect("unknown root, sent", rooted, &f.other, HOST, CHAIN_UNKNOWN_ROOT, "\"Corp Root\"");
	expect("nothing trusted", rooted, NULL, HOST, CHAIN_UNKNOWN_ROOT, "not trusted here");
	expect("alone", leaf_only, &f.root, HOST, CHAIN_INCOMPLETE, "\"Corp Issuing\" is unknown here");
	expect("another's intermediate", wrong, &f.root, HOST, CHAIN_INCOMPLETE, "does not fit");
	expect("self-signed", by_itself, NULL, HOST, CHAIN_SELF_SIGNED, "signed by itself");
	expect("old issuer", aged, &late.root, HOST, CHAIN_ISSUER_EXPIRED, "\"Corp Issuing\", which signed");
	identity_free(&alone);
	family_free(&f);
	family_free(&late);
}

static void test_dates(void **state)
{
	const struct identity_wish past = { .name = HOST, .names = "DNS:" HOST, .from = -90, .until = -3 };
	const struct identity_wish future = { .name = HOST, .names = "DNS:" HOST, .from = 5, .until = 90 };
	struct family old = family_of(&past, 300), new = family_of(&future, 300);
	const struct identity *expired[MEMBERS] = { &old.leaf, &old.middle, NULL };
	const struct identity *early[MEMBERS] = { &new.leaf, &new.middle, NULL };

	(void)state;
	expect("expired", expired, &old.root, HOST, CHAIN_EXPIRED, "\"" HOST "\" expired on 20");
	expect("not yet", early, &new.root, HOST, CHAIN_NOT_YET, "is valid from 20");
	family_free(&old);
	family_free(&new);
}

/* What the certificate by itself is called, and whether that is good. */
static void test_words(void **state)
{
	static const struct {
		struct identity_wish wish;
		const char *host;
		enum check_state state;
		const char *says;
	} rows[] = {
		{ { .name = HOST, .names = "DNS:" HOST ",IP:192.0.2.1" }, HOST, CHECK_OK,
		  "for " HOST ", 192.0.2.1, by \"Corp Issuing\", until 20" },
		{ { .name = HOST, .names = "DNS:*.corp.example" }, HOST, CHECK_OK,
		  "EC 256, SHA256, chain of 2" },
		{ { .name = HOST }, HOST, CHECK_OK, "for " HOST },
		{ { .name = HOST, .names = "DNS:other.example" }, HOST, CHECK_FAILED, "not for " HOST },
		{ { .name = HOST, .from = -9, .until = -2 }, HOST, CHECK_FAILED, "expired on" },
		{ { .name = HOST, .from = 2, .until = 90 }, HOST, CHECK_FAILED, "valid from" },
		{ { .name = HOST, .from = -9, .until = 12 }, HOST, CHECK_WARNING,
		  "expires in 1" },
		{ { .name = HOST, .names = "DNS:" HOST, .rsa_bits = 1024 }, HOST, CHECK_WARNING,
		  "weak: RSA 1024 of \"" HOST "\"" },
		{ { .name = HOST, .names = "DNS:" HOST, .usage = "clientAuth" }, HOST, CHECK_FAILED,
		  "not meant for a server" },
		{ { .name = HOST, .usage = "serverAuth,clientAuth" }, HOST, CHECK_OK, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct family f = family_of(&rows[i].wish, 300);
		const struct identity *sent[MEMBERS] = { &f.leaf, &f.middle, NULL };
		char words[CHECK_DETAIL_MAX];
		enum check_state got;
		struct chain c;

		read_sent(&c, sent, rows[i].host);
		got = chain_words(&c, rows[i].host, (int64_t)time(NULL) * MOMENT_S, words);
		if (got != rows[i].state || !strstr(words, rows[i].says))
			fail_msg("row %zu: %s: %s", i, check_state_name(got), words);
		family_free(&f);
	}
}

static void test_address(void **state)
{
	const struct identity_wish wish = { .name = HOST, .names = "IP:192.0.2.1,IP:2001:db8::1" };
	struct family f = family_of(&wish, 300);
	struct addr covered = addr_v4((const uint8_t[]){ 192, 0, 2, 1 });
	struct addr other = addr_v4((const uint8_t[]){ 192, 0, 2, 2 });
	uint8_t der[DER_ROOM];
	struct span sent = span_of(der, identity_der(&f.leaf, der, sizeof der));
	struct chain c;

	(void)state;
	chain_read(&c, &sent, 1, "192.0.2.1", &covered);
	assert_true(c.covers);
	assert_string_equal(c.names, "192.0.2.1, 2001:db8::1");
	chain_read(&c, &sent, 1, "192.0.2.2", &other);
	assert_false(c.covers);
	family_free(&f);
}

/* Names are a stranger's text, and bytes may be no certificate at all. */
static void test_hostile(void **state)
{
	static const uint8_t junk[] = { 0x30, 0x82, 0xff, 0xff, 0x02 };
	struct span sent[12] = { SPAN_LIT("") };
	struct family f = family_of(&(struct identity_wish){ .name = "a\033[31m\xe2\x80\xae" "b" }, 300);
	uint8_t der[DER_ROOM];
	char words[CHECK_DETAIL_MAX];
	struct chain c;

	(void)state;
	sent[0] = span_of(der, identity_der(&f.leaf, der, sizeof der));
	chain_read(&c, sent, 1, HOST, NULL);
	assert_string_equal(c.links[0].subject, "a?[31m?b");
	for (size_t i = 0; i < 12; i++)
		sent[i] = span_of(junk, sizeof junk);
	chain_read(&c, sent, 12, HOST, NULL);
	assert_int_equal(c.count, CHAIN_LINKS);
	assert_int_equal(chain_words(&c, HOST, 0, words), CHECK_FAILED);
	chain_fault_words(&c, chain_fault(&c, X509_V_ERR_CERT_CHAIN_TOO_LONG, 9), 22, 9, HOST, words);
	chain_read(&c, sent, 0, HOST, NULL);
	assert_int_equal(chain_fault(&c, 0, 0), CHAIN_UNSEEN);
	family_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults), cmocka_unit_test(test_dates),   cmocka_unit_test(test_words),
		cmocka_unit_test(test_address), cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
