/* bench/tlsbytes.c - records, messages and certificates, written from the inside out. */
#include "bench/tlsbytes.h"

enum { KEY_LEN = 256, SERIAL_LEN = 16, KEY_ID_LEN = 20 };

size_t tls_open(struct buf *b, unsigned width)
{
	buf_add(b, span_of("\0\0\0", width));
	return b->len;
}

void tls_shut(struct buf *b, size_t start, unsigned width)
{
	size_t len = b->len - start;

	for (unsigned i = 0; i < width; i++)
		b->at[start - 1 - i] = (uint8_t)(len >> 8 * i);
}

void tls_noise(struct buf *b, struct rng *r, size_t len)
{
	while (len) {
		uint64_t word = rng_next(r);
		size_t step = len < sizeof word ? len : sizeof word;

		buf_add(b, span_of(&word, step));
		len -= step;
	}
}

size_t tls_record(struct buf *b, unsigned type)
{
	buf_add_byte(b, (uint8_t)type);
	buf_add(b, SPAN("\3\3"));
	return tls_open(b, 2);
}

size_t tls_message(struct buf *b, unsigned type)
{
	buf_add_byte(b, (uint8_t)type);
	return tls_open(b, 3);
}

/* ---- certificates (RFC 5280 section 4.1) ---- */

/* Room for the longest length; shut_der takes back what is too much (X.690 section 10.1). */
static size_t der(struct buf *b, unsigned tag)
{
	buf_add_byte(b, (uint8_t)tag);
	return tls_open(b, 3);
}

static void shut_der(struct buf *b, size_t start)
{
	size_t len = b->len - start, spare = len < 0x80 ? 2 : len < 0x100 ? 1 : 0;
	uint8_t *at = b->at + start - 3;

	if (spare < 2)
		*at++ = (uint8_t)(0x82 - spare);
	if (!spare)
		*at++ = (uint8_t)(len >> 8);
	*at++ = (uint8_t)len;
	memmove(at, b->at + start, len);
	b->len -= spare;
}

static void attribute(struct buf *b, struct span oid, struct span text)
{
	size_t set = der(b, 0x31), pair = der(b, 0x30), value;

	buf_add(b, oid);
	value = der(b, 0x0c);
	buf_add(b, text);
	shut_der(b, value);
	shut_der(b, pair);
	shut_der(b, set);
}

static void name(struct buf *b, struct span common)
{
	size_t whole = der(b, 0x30);

	attribute(b, SPAN("\6\3\x55\4\x0a"), SPAN("Corp Example"));     /* organizationName */
	attribute(b, SPAN("\6\3\x55\4\3"), common);
	shut_der(b, whole);
}

static const struct span sha256_with_rsa = SPAN_LIT("\x30\xd\6\x9\x2a\x86\x48\x86\xf7\xd\1\1\xb\5\0");
static const struct span rsa = SPAN_LIT("\x30\xd\6\x9\x2a\x86\x48\x86\xf7\xd\1\1\1\5\0");

static void key(struct buf *b, struct rng *r)
{
	size_t info = der(b, 0x30), bits, pair, modulus;

	buf_add(b, rsa);
	bits = der(b, 3);
	buf_add_byte(b, 0);
	pair = der(b, 0x30);
	modulus = der(b, 2);
	buf_add(b, SPAN("\0\xc3"));
	tls_noise(b, r, KEY_LEN - 1);
	shut_der(b, modulus);
	buf_add(b, SPAN("\2\3\1\0\1"));
	shut_der(b, pair);
	shut_der(b, bits);
	shut_der(b, info);
}

/* Key identifiers, usage, where the authority is: as an enterprise's authority writes them. */
static void extensions(struct buf *b, struct rng *r, bool authority)
{
	size_t tagged = der(b, 0xa3), list = der(b, 0x30);

	buf_add(b, SPAN("\x30\x1d\6\3\x55\x1d\x0e\4\x16\4\x14"));
	tls_noise(b, r, KEY_ID_LEN);
	buf_add(b, SPAN("\x30\x1f\6\3\x55\x1d\x23\4\x18\x30\x16\x80\x14"));
	tls_noise(b, r, KEY_ID_LEN);
	if (authority) {
		buf_add(b, SPAN("\x30\xf\6\3\x55\x1d\x13\1\1\xff\4\5\x30\3\1\1\xff"));
		buf_add(b, SPAN("\x30\xe\6\3\x55\x1d\xf\1\1\xff\4\4\3\2\1\6"));
	} else {
		buf_add(b, SPAN("\x30\xe\6\3\x55\x1d\xf\1\1\xff\4\4\3\2\5\xa0"));
		buf_add(b, SPAN("\x30\x13\6\3\x55\x1d\x25\4\xc\x30\xa\6\x8\x2b\6\1\5\5\7\3\1"));
		buf_add(b, SPAN("\x30\x26\6\3\x55\x1d\x11\4\x1f\x30\x1d\x82\x13wsus01.corp.example"
		                "\x82\6wsus01"));
		buf_add(b, SPAN("\x30\x34\6\3\x55\x1d\x1f\4\x2d\x30\x2b\x30\x29\xa0\x27\xa0\x25\x86\x23"
		                "http://pki.corp.example/issuing.crl"));
	}
	shut_der(b, list);
	shut_der(b, tagged);
}

static void certificate(struct buf *b, struct rng *r, bool authority)
{
	static const struct span root = SPAN_LIT("Corp Example Root CA"),
	                         issuing = SPAN_LIT("Corp Example Issuing CA"),
	                         host = SPAN_LIT("wsus01.corp.example");
	size_t whole = der(b, 0x30), signed_part = der(b, 0x30), signature;

	buf_add(b, SPAN("\xa0\3\2\1\2\2\x11\x49"));     /* version 3, serial number */
	tls_noise(b, r, SERIAL_LEN);
	buf_add(b, sha256_with_rsa);
	name(b, authority ? root : issuing);
	buf_add(b, SPAN("\x30\x1e\x17\xd" "250101000000Z\x17\xd" "270101000000Z"));
	name(b, authority ? issuing : host);
	key(b, r);
	extensions(b, r, authority);
	shut_der(b, signed_part);
	buf_add(b, sha256_with_rsa);
	signature = der(b, 3);
	buf_add_byte(b, 0);
	tls_noise(b, r, KEY_LEN);
	shut_der(b, signature);
	shut_der(b, whole);
}

static void entry(struct buf *b, struct rng *r, bool authority, bool tls13)
{
	size_t one = tls_open(b, 3);

	certificate(b, r, authority);
	tls_shut(b, one, 3);
	if (tls13)
		buf_add(b, SPAN("\0\0"));       /* no extensions */
}

void tls_certificate(struct buf *b, struct rng *leaf, struct rng *issuer, bool tls13)
{
	size_t msg = tls_message(b, CERTIFICATE), list;

	if (tls13)
		buf_add_byte(b, 0);             /* no context */
	list = tls_open(b, 3);
	entry(b, leaf, false, tls13);
	entry(b, issuer, true, tls13);
	tls_shut(b, list, 3);
	tls_shut(b, msg, 3);
}

/* ---- hellos ---- */

static void key_share(struct buf *b, struct rng *r, struct span head)
{
	buf_add(b, head);
	tls_noise(b, r, 32);
}

void tls_client_hello(struct buf *b, struct rng *r, const uint8_t random[static TLS_RANDOM], bool tls13)
{
	size_t rec = tls_record(b, RECORD_HANDSHAKE), msg = tls_message(b, CLIENT_HELLO), list;

	buf_add(b, SPAN("\3\3"));
	buf_add(b, span_of(random, TLS_RANDOM));
	buf_add_byte(b, 0);
	list = tls_open(b, 2);
	if (tls13)
		buf_add(b, SPAN("\x13\1\x13\2\x13\3"));
	buf_add(b, SPAN("\xc0\x30\xc0\x2f\xc0\x28\xc0\x27\xc0\x14\xc0\x13\0\x9d"));
	tls_shut(b, list, 2);
	buf_add(b, SPAN("\1\0"));               /* no compression */
	list = tls_open(b, 2);
	buf_add(b, SPAN("\0\0\0\x18\0\x16\0\0\x13wsus01.corp.example"));
	buf_add(b, SPAN("\0\xa\0\6\0\4\0\x1d\0\x17\0\xb\0\2\1\0"));     /* groups, point formats */
	buf_add(b, SPAN("\0\xd\0\x8\0\6\x8\4\4\1\2\1\0\x17\0\0\xff\1\0\1\0"));
	if (tls13) {
		buf_add(b, SPAN("\0\x2b\0\5\4\3\4\3\3"));
		key_share(b, r, SPAN("\0\x33\0\x26\0\x24\0\x1d\0\x20"));
	}
	tls_shut(b, list, 2);
	tls_shut(b, msg, 3);
	tls_shut(b, rec, 2);
}

void tls_server_hello(struct buf *b, struct rng *r, const uint8_t random[static TLS_RANDOM], unsigned suite,
                      bool tls13)
{
	size_t rec = tls_record(b, RECORD_HANDSHAKE), msg = tls_message(b, SERVER_HELLO), list;

	buf_add(b, SPAN("\3\3"));
	buf_add(b, span_of(random, TLS_RANDOM));
	buf_add_byte(b, tls13 ? 0 : 32);
	if (!tls13)
		tls_noise(b, r, 32);
	buf_add_byte(b, (uint8_t)(suite >> 8));
	buf_add_byte(b, (uint8_t)suite);
	buf_add_byte(b, 0);
	list = tls_open(b, 2);
	if (tls13) {
		buf_add(b, SPAN("\0\x2b\0\2\3\4"));
		key_share(b, r, SPAN("\0\x33\0\x24\0\x1d\0\x20"));
	} else {
		/* renegotiation_info, extended_master_secret */
		buf_add(b, SPAN("\xff\1\0\1\0\0\x17\0\0"));
	}
	tls_shut(b, list, 2);
	tls_shut(b, msg, 3);
	tls_shut(b, rec, 2);
}

/* ---- the rest of a handshake of TLS 1.2 ---- */

void tls_server_flight(struct buf *b, struct rng *r, const uint8_t random[static TLS_RANDOM],
                       unsigned suite, struct rng *leaf, struct rng *issuer)
{
	size_t rec, msg;

	tls_server_hello(b, r, random, suite, false);
	rec = tls_record(b, RECORD_HANDSHAKE);
	tls_certificate(b, leaf, issuer, false);
	msg = tls_message(b, SERVER_KEY_EXCHANGE);
	buf_add(b, SPAN("\3\0\x1d\x20"));
	tls_noise(b, r, 32);
	buf_add(b, SPAN("\x8\4\1\0"));
	tls_noise(b, r, KEY_LEN);
	tls_shut(b, msg, 3);
	tls_shut(b, tls_message(b, SERVER_DONE), 3);
	tls_shut(b, rec, 2);
}

void tls_client_key(struct buf *b, struct rng *r)
{
	size_t rec = tls_record(b, RECORD_HANDSHAKE), msg = tls_message(b, CLIENT_KEY_EXCHANGE);

	buf_add_byte(b, 32);
	tls_noise(b, r, 32);
	tls_shut(b, msg, 3);
	tls_shut(b, rec, 2);
}

void tls_change_cipher(struct buf *b)
{
	size_t rec = tls_record(b, RECORD_CHANGE_CIPHER_SPEC);

	buf_add_byte(b, 1);
	tls_shut(b, rec, 2);
}
