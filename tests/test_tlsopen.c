/* tests/test_tlsopen.c - what was inside of TLS sessions, against what tshark read with the same keys.
 *
 * The public captures lie beside the repository, where they do; those of the lab are in pcaps/.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include <cmocka.h>
#undef skip                             /* a layer has one, too */

#include "decoders/tlsopen.h"
#include "tests/opened.h"
#include "tests/tls_bytes.h"

#define PUBLIC "../shared/captures/public/"

static const struct row {
	const char *capture;
	const char *keys;               /* NULL: they lie inside the capture */
	bool log;
	const char *oracle;
	const char *sessions;
} rows[] = {
	{ PUBLIC "zeek-tls12-decryption.pcap", PUBLIC "zeek-tls12-decryption.pcap.keys", true,
	  PUBLIC "zeek-tls12-decryption.pcap.oracle-keys.tsv", "heise.de read, 2 read, 0 not\n" },
	{ PUBLIC "wireshark-tls13-rfc8446.pcap", PUBLIC "wireshark-tls13-rfc8446.pcap.keys", true,
	  PUBLIC "wireshark-tls13-rfc8446.pcap.oracle-keys.tsv",
	  "- read, 2 read, 0 not\n- read, 4 read, 0 not\n" },
	{ PUBLIC "wireshark-rsasnakeoil2.pcap", PUBLIC "wireshark-rsasnakeoil2.pcap.rsakey.der", false,
	  PUBLIC "wireshark-rsasnakeoil2.pcap.oracle-keys.tsv",
	  "- read, 15 read, 0 not\n- read, 18 read, 0 not\n" },
	{ PUBLIC "wireshark-challenge01_ooo_stream.pcapng", NULL, true,
	  PUBLIC "wireshark-challenge01_ooo_stream.pcapng.oracle.tsv", NULL },
};

/* The rows of an oracle as opened_read writes ours. */
static char *told_by(const char *oracle)
{
	enum { COLUMNS = 7 };
	size_t len, size;
	char *text = opened_file(oracle, &len), *rest = text, *rows_text = NULL, *sorted;
	FILE *out = open_memstream(&rows_text, &size);

	assert_non_null(text);
	for (char *line; (line = strsep(&rest, "\n"));) {
		char *column[COLUMNS] = { 0 };

		for (size_t i = 0; i < COLUMNS; i++)
			column[i] = strsep(&line, "\t");
		if (column[6] && !strcmp(column[0], "REQ"))
			fprintf(out, "REQ %s %s %s %s\n", column[2], column[4], column[5], column[6]);
		else if (column[6] && !strcmp(column[0], "RSP"))
			fprintf(out, "RSP %s %s\n", column[2], column[4]);
	}
	fclose(out);
	sorted = opened_sorted(rows_text);
	free(rows_text);
	free(text);
	return sorted;
}

static bool is_there(const char *file)
{
	FILE *in = fopen(file, "rb");

	if (!in)
		print_message("skipped: " PUBLIC " is not there\n");
	else
		fclose(in);
	return in;
}

static void exchanges_are_those_that_tshark_reads(void **state)
{
	(void)state;
	if (!is_there(rows[0].capture))
		return;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct tlskeys *keys = row->keys ? opened_keys(row->keys, row->log) : tlskeys_new(NULL);
		struct opened seen;
		char *want = told_by(row->oracle);

		opened_read(&seen, row->capture, keys);
		if (strcmp(seen.exchanges, want))
			fail_msg("%s:\n%s\n%s", row->capture, seen.exchanges, want);
		if (row->sessions && strcmp(seen.sessions, row->sessions))
			fail_msg("%s:\n%s", row->capture, seen.sessions);
		free(want);
		opened_free(&seen);
		tlskeys_free(keys);
	}
}

static void nothing_is_read_without_keys(void **state)
{
	(void)state;
	if (!is_there(rows[0].capture))
		return;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct opened seen;

		opened_read(&seen, rows[i].capture, NULL);
		assert_string_equal(seen.exchanges, "");
		for (const char *line = seen.sessions; *line; line = strchr(line, '\n') + 1)
			assert_ptr_equal(strstr(line, " read, "), strstr(line, ", 0 read, ") + strlen(", 0"));
		opened_free(&seen);
	}
}

/* ---- captures of the lab */

/* Each exchange as "METHOD host target status", without the port that tells how it was carried. */
static char *asked_and_answered(const char *capture, const char *log)
{
	struct tlskeys *keys = log ? opened_keys(log, true) : NULL;
	struct opened seen;
	char *text, *sorted;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	opened_read(&seen, capture, keys);
	for (char *rest = seen.pairs, *line; (line = strsep(&rest, "\n"));) {
		char *port = strstr(line, ":85");
		size_t host = port ? (size_t)(port - line) : 0;

		line[strcspn(line, ",")] = 0;
		if (port)
			fprintf(out, "%.*s%s\n", (int)host, line, port + strlen(":8530"));
	}
	fclose(out);
	sorted = opened_sorted(text);
	free(text);
	opened_free(&seen);
	tlskeys_free(keys);
	return sorted;
}

static void a_scan_is_the_same_however_it_is_carried(void **state)
{
	static const char *const captures[][2] = {
		{ "pcaps/healthy-scan-tls12.pcapng", "pcaps/healthy-scan-tls12.keys" },
		{ "pcaps/healthy-scan-tls.pcapng", "pcaps/healthy-scan-tls.keys" },
	};
	char *clear = asked_and_answered("pcaps/healthy-scan.pcapng", NULL);

	(void)state;
	assert_non_null(strstr(clear, "SimpleAuth"));
	for (size_t i = 0; i < sizeof captures / sizeof *captures; i++) {
		char *carried = asked_and_answered(captures[i][0], captures[i][1]);

		assert_string_equal(carried, clear);
		free(carried);
	}
	free(clear);
}

static void a_private_key_reads_what_a_log_reads(void **state)
{
	static const char capture[] = "pcaps/healthy-tls12-rsa-key-exchange.pcapng";
	struct tlskeys *log = opened_keys("pcaps/healthy-tls12-rsa-key-exchange.keys", true);
	struct tlskeys *key = opened_keys("pcaps/healthy-tls12-rsa-key-exchange.server-key.pem", false);
	struct opened by_log, by_key;

	(void)state;
	opened_read(&by_log, capture, log);
	opened_read(&by_key, capture, key);
	assert_non_null(strstr(by_log.exchanges, "SimpleAuth"));
	assert_string_equal(by_log.exchanges, by_key.exchanges);
	assert_string_equal(by_log.sessions, by_key.sessions);
	opened_free(&by_log);
	opened_free(&by_key);
	tlskeys_free(log);
	tlskeys_free(key);
}

/* ---- a private key and (EC)DHE */

/* A Certificate message's body with one certificate, self-signed by that key. */
static void certificate_of(const char *file, struct buf *body)
{
	BIO *in = BIO_new_file(file, "r");
	EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
	X509 *x509 = X509_new();
	uint8_t *der = NULL;
	int len;

	assert_non_null(key);
	X509_gmtime_adj(X509_getm_notBefore(x509), 0);
	X509_gmtime_adj(X509_getm_notAfter(x509), 1000);
	assert_true(X509_set_pubkey(x509, key) && X509_sign(x509, key, EVP_sha256()));
	len = i2d_X509(x509, &der);
	for (int list = 3; list >= 0; list -= 3) {
		buf_add_byte(body, 0);
		buf_add_byte(body, (uint8_t)((len + list) >> 8));
		buf_add_byte(body, (uint8_t)(len + list));
	}
	buf_add(body, span_of(der, (size_t)len));
	OPENSSL_free(der);
	X509_free(x509);
	EVP_PKEY_free(key);
	BIO_free(in);
}

static void tell(struct tlsopen *o, enum side from, uint8_t type, struct span body)
{
	tlsopen_message(o, from, &(struct tlsmsg_event){ .type = type, .length = body.len, .body = body });
}

/* What a session's reading becomes when only the server's private key is known. */
static enum tls_reading read_by_key(const char *suite, struct limits *limits)
{
	static const char file[] = "pcaps/healthy-tls12-rsa-key-exchange.server-key.pem";
	static const struct connection conn;
	struct stack_context context = { .limits = limits, .keys = opened_keys(file, false) };
	struct layer_env env = { .context = &context, .place = { .conn = &conn } };
	struct tls_session fact = { .conn = &conn };
	struct tlsopen *o = tlsopen_new(&env, &fact);
	uint8_t hello[] = "\3\3" RANDOM "\0" "??" "\0";
	struct buf certificate;

	buf_init(&certificate, 65536);
	certificate_of(file, &certificate);
	memcpy(hello + 2 + 32 + 1, suite, 2);
	tell(o, CLIENT, 1, SPAN(HELLO_BODY));
	tell(o, SERVER, 2, span_of(hello, sizeof hello - 1));
	tell(o, SERVER, 11, buf_span(&certificate));
	tell(o, CLIENT, 16, SPAN("\0\2kk"));
	tlsopen_change_cipher(o, CLIENT);
	tlsopen_change_cipher(o, SERVER);
	assert_true(tlsopen_over(o));
	tlsopen_free(o);
	buf_release(&certificate);
	tlskeys_free(context.keys);
	return fact.reading;
}

static void a_private_key_says_when_it_cannot_serve(void **state)
{
	struct limits limits = { 0 };

	(void)state;
	assert_int_equal(read_by_key("\xc0\x2f", &limits), TLS_FORWARD_SECRET);       /* ECDHE */
	assert_int_equal(limits.count[LIMIT_FORWARD_SECRET], 1);
	assert_int_equal(read_by_key("\0\x9e", &limits), TLS_FORWARD_SECRET);          /* DHE */
	assert_int_equal(limits.count[LIMIT_FORWARD_SECRET], 2);
	assert_int_equal(read_by_key("\0\x9c", &limits), TLS_NO_KEYS);                 /* RSA */
	assert_int_equal(limits.count[LIMIT_FORWARD_SECRET], 2);
}

/* A server that repeats a session's id takes it up, unless it shows a certificate: then the client's keys
 * were lost, and those of the old session are not the ones. */
static void a_lost_key_exchange_is_no_resumption(void **state)
{
	static const struct connection conn;
	static const uint8_t master[TLS_MASTER], full_by[] = { 0, 11, 14 };
	struct tlskeys *keys = tlskeys_new(NULL);
	struct limits limits = { 0 };
	struct stack_context context = { .limits = &limits, .keys = keys };
	struct layer_env env = { .context = &context, .place = { .conn = &conn } };

	(void)state;
	tlskeys_remember(keys, SPAN("id"), master);
	for (size_t i = 0; i < sizeof full_by; i++) {
		struct tls_session fact = { .conn = &conn };
		struct tlsopen *o = tlsopen_new(&env, &fact);

		tell(o, CLIENT, 1, SPAN(HELLO_BODY));
		tell(o, SERVER, 2, SPAN("\3\3" RANDOM "\2id" "\xc0\x2f" "\0"));
		if (full_by[i])
			tell(o, SERVER, full_by[i], SPAN(""));
		tlsopen_change_cipher(o, CLIENT);
		tlsopen_change_cipher(o, SERVER);
		assert_int_equal(tlsopen_over(o), full_by[i] != 0);
		tlsopen_free(o);
	}
	tlskeys_free(keys);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(exchanges_are_those_that_tshark_reads),
		cmocka_unit_test(nothing_is_read_without_keys),
		cmocka_unit_test(a_scan_is_the_same_however_it_is_carried),
		cmocka_unit_test(a_private_key_reads_what_a_log_reads),
		cmocka_unit_test(a_private_key_says_when_it_cannot_serve),
		cmocka_unit_test(a_lost_key_exchange_is_no_resumption),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
