/* bench/tls.c - TLS 1.2 sessions (RFC 5246 section 7.3): true in form, random in every key and signature. */
#include "bench/kinds.h"

enum { TLS_PORT = 8531, CLIENTS = 4000, CHANGE_CIPHER_SPEC = 20, HANDSHAKE = 22, DATA = 23 };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, CERTIFICATE = 11, SERVER_KEY_EXCHANGE = 12, SERVER_DONE = 14 };
enum { CLIENT_KEY_EXCHANGE = 16, KEY_LEN = 256, RECORD_MAX = 16384 };

/* Lengths come before what they count: open() leaves room for one, shut() fills it in. */
static size_t open(struct buf *b, unsigned width)
{
	buf_add(b, span_of("\0\0\0", width));
	return b->len;
}

static void shut(struct buf *b, size_t start, unsigned width)
{
	size_t len = b->len - start;

	for (unsigned i = 0; i < width; i++)
		b->at[start - 1 - i] = (uint8_t)(len >> 8 * i);
}

static void noise(struct buf *b, struct rng *r, size_t len)
{
	while (len) {
		uint64_t word = rng_next(r);
		size_t step = len < sizeof word ? len : sizeof word;

		buf_add(b, span_of(&word, step));
		len -= step;
	}
}

static size_t record(struct buf *b, unsigned type)
{
	buf_add_byte(b, (uint8_t)type);
	buf_add(b, SPAN("\3\3"));
	return open(b, 2);
}

static size_t message(struct buf *b, unsigned type)
{
	buf_add_byte(b, (uint8_t)type);
	return open(b, 3);
}

/* DER with lengths of two bytes, which readers accept (X.690 section 8.1.3.5). */
static size_t der(struct buf *b, unsigned tag)
{
	buf_add_byte(b, (uint8_t)tag);
	buf_add_byte(b, 0x82);
	return open(b, 2);
}

static void der_name(struct buf *b, struct span common)
{
	size_t name = der(b, 0x30), set = der(b, 0x31), pair = der(b, 0x30), value;

	buf_add(b, SPAN("\6\3\x55\4\3"));       /* commonName */
	value = der(b, 0x0c);
	buf_add(b, common);
	shut(b, value, 2);
	shut(b, pair, 2);
	shut(b, set, 2);
	shut(b, name, 2);
}

static const struct span sha256_with_rsa = SPAN_LIT("\x30\xd\6\x9\x2a\x86\x48\x86\xf7\xd\1\1\xb\5\0");
static const struct span rsa = SPAN_LIT("\x30\xd\6\x9\x2a\x86\x48\x86\xf7\xd\1\1\1\5\0");

static void der_key(struct buf *b, struct rng *r)
{
	size_t info = der(b, 0x30), bits, pair, modulus;

	buf_add(b, rsa);
	bits = der(b, 3);
	buf_add_byte(b, 0);
	pair = der(b, 0x30);
	modulus = der(b, 2);
	buf_add(b, SPAN("\0\xc3"));
	noise(b, r, KEY_LEN - 1);
	shut(b, modulus, 2);
	buf_add(b, SPAN("\2\3\1\0\1"));
	shut(b, pair, 2);
	shut(b, bits, 2);
	shut(b, info, 2);
}

static void certificate(struct buf *b, struct rng *r)
{
	size_t whole = der(b, 0x30), signed_part = der(b, 0x30), names, signature;

	buf_add(b, SPAN("\xa0\3\2\1\2\2\4\x11\x22\x33\x44"));   /* version 3, serial number */
	buf_add(b, sha256_with_rsa);
	der_name(b, SPAN("Corp Example Issuing CA"));
	buf_add(b, SPAN("\x30\x1e\x17\xd" "250101000000Z\x17\xd" "270101000000Z"));
	der_name(b, SPAN("wsus01.corp.example"));
	der_key(b, r);
	names = der(b, 0xa3);
	buf_add(b, SPAN("\x30\x20\x30\x1e\6\3\x55\x1d\x11\4\x17\x30\x15\x82\x13wsus01.corp.example"));
	shut(b, names, 2);
	shut(b, signed_part, 2);
	buf_add(b, sha256_with_rsa);
	signature = der(b, 3);
	buf_add_byte(b, 0);
	noise(b, r, KEY_LEN);
	shut(b, signature, 2);
	shut(b, whole, 2);
}

static void client_hello(struct buf *b, struct rng *r)
{
	size_t rec = record(b, HANDSHAKE), msg = message(b, CLIENT_HELLO), extensions;

	buf_add(b, SPAN("\3\3"));
	noise(b, r, 32);
	buf_add_byte(b, 0);
	buf_add(b, SPAN("\0\xa\xc0\x30\xc0\x2f\xc0\x28\xc0\x27\0\x9d\1\0"));    /* ciphers, no compression */
	extensions = open(b, 2);
	buf_add(b, SPAN("\0\0\0\x18\0\x16\0\0\x13wsus01.corp.example"));
	buf_add(b, SPAN("\0\xa\0\6\0\4\0\x1d\0\x17\0\xb\0\2\1\0"));             /* groups, point formats */
	buf_add(b, SPAN("\0\xd\0\x8\0\6\x8\4\4\1\2\1\0\x17\0\0\xff\1\0\1\0"));
	shut(b, extensions, 2);
	shut(b, msg, 3);
	shut(b, rec, 2);
}

static void server_flight(struct buf *b, struct rng *r)
{
	size_t rec = record(b, HANDSHAKE), msg = message(b, SERVER_HELLO), list, one;

	buf_add(b, SPAN("\3\3"));
	noise(b, r, 32);
	buf_add_byte(b, 32);
	noise(b, r, 32);
	buf_add(b, SPAN("\xc0\x30\0\0\5\xff\1\0\1\0"));
	shut(b, msg, 3);
	msg = message(b, CERTIFICATE);
	list = open(b, 3);
	one = open(b, 3);
	certificate(b, r);
	shut(b, one, 3);
	shut(b, list, 3);
	shut(b, msg, 3);
	msg = message(b, SERVER_KEY_EXCHANGE);
	buf_add(b, SPAN("\3\0\x1d\x20"));
	noise(b, r, 32);
	buf_add(b, SPAN("\x8\4\1\0"));
	noise(b, r, KEY_LEN);
	shut(b, msg, 3);
	shut(b, message(b, SERVER_DONE), 3);
	shut(b, rec, 2);
}

static void cipher_change(struct buf *b, struct rng *r)
{
	size_t rec = record(b, CHANGE_CIPHER_SPEC);

	buf_add_byte(b, 1);
	shut(b, rec, 2);
	rec = record(b, HANDSHAKE);
	noise(b, r, 40);
	shut(b, rec, 2);
}

static void say(struct talk *t, struct stage *stage, unsigned from)
{
	talk_pause(t, rng_range(&t->rng, 300, 3000));
	talk_say(t, from, buf_span(&stage->scratch), false);
	buf_clear(&stage->scratch);
}

static void shake_hands(struct talk *t, struct stage *stage)
{
	struct buf *b = &stage->scratch;
	size_t rec, msg;

	client_hello(b, &t->rng);
	say(t, stage, CLIENT);
	server_flight(b, &t->rng);
	say(t, stage, SERVER);
	rec = record(b, HANDSHAKE);
	msg = message(b, CLIENT_KEY_EXCHANGE);
	buf_add_byte(b, 32);
	noise(b, &t->rng, 32);
	shut(b, msg, 3);
	shut(b, rec, 2);
	cipher_change(b, &t->rng);
	say(t, stage, CLIENT);
	cipher_change(b, &t->rng);
	say(t, stage, SERVER);
	t->truth->tls_sessions++;
}

static void exchange(struct talk *t, struct stage *stage, unsigned from, size_t len)
{
	struct buf *b = &stage->scratch;

	while (len) {
		size_t part = len < RECORD_MAX ? len : RECORD_MAX;
		size_t rec = record(b, DATA);

		noise(b, &t->rng, part);
		shut(b, rec, 2);
		len -= part;
	}
	say(t, stage, from);
}

void tls_start(struct talk *t, struct stage *stage)
{
	(void)stage;
	t->steps = rng_range(&t->rng, 2, 8);
	hosts_set(t, rng_below(&t->rng, CLIENTS), 1, TLS_PORT);
	talk_open(t);
}

bool tls_more(struct talk *t, struct stage *stage)
{
	unsigned step = t->step++;

	if (step > t->steps)
		return false;
	if (step == 0) {
		shake_hands(t, stage);
	} else if (step == t->steps) {
		talk_fin(t, CLIENT);
	} else {
		exchange(t, stage, CLIENT, rng_range(&t->rng, 700, 4000));
		exchange(t, stage, SERVER, rng_range(&t->rng, 700, 24000));
	}
	return true;
}
