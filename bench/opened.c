/* bench/opened.c - downloads within TLS, and the key log that opens them. */
#include <stdlib.h>

#include "bench/kinds.h"
#include "bench/seal.h"
#include "bench/tlsbytes.h"

enum { CLIENTS = 200, SERVER_KEY = 7, DOWNLOADS = 4, DOWNLOAD = 8 << 20, PART = 256 << 10 };
enum { SIGNATURE_LEN = 256, VERIFY_LEN = 12 };

struct opened {
	const struct seal_suite *suite;
	unsigned id;
	uint8_t random[2][TLS_RANDOM];
	struct sealer by[2];
};

static void start(struct talk *t, unsigned suite)
{
	struct opened *o = calloc(1, sizeof *o);

	if (!o)
		exit(1);
	o->suite = seal_suite(suite);
	o->id = suite;
	t->own = o;
	t->steps = DOWNLOADS;
	hosts_set(t, rng_below(&t->rng, CLIENTS), 1, TLS_PORT);
	talk_open(t);
}

#define STARTS(X) X(gcm128, 0x1301) X(gcm256, 0x1302) X(chacha, 0x1303) X(gcm12, 0xc02f) X(cbc, 0xc013)
#define X(name, suite)                                          \
	void name##_start(struct talk *t, struct stage *stage)  \
	{                                                       \
		(void)stage;                                    \
		start(t, suite);                                \
	}
STARTS(X)
#undef X

static void say(struct talk *t, struct stage *stage, unsigned from)
{
	talk_pause(t, rng_range(&t->rng, 300, 3000));
	talk_say(t, from, buf_span(&stage->scratch), false);
	buf_clear(&stage->scratch);
}

static void put_hex(FILE *to, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		fprintf(to, "%02x", at[i]);
}

/* Draws a secret and writes its line into the key log. */
static void draw(struct talk *t, struct stage *stage, const char *label,
                 uint8_t secret[static SEAL_SECRET_MAX])
{
	const struct opened *o = t->own;
	size_t len = seal_secret_len(o->suite);

	rng_fill(&t->rng, secret, len);
	fprintf(stage->keys, "%s ", label);
	put_hex(stage->keys, o->random[CLIENT], TLS_RANDOM);
	fputc(' ', stage->keys);
	put_hex(stage->keys, secret, len);
	fputc('\n', stage->keys);
}

/* ---- handshakes ---- */

static void add_finished(struct buf *b, struct rng *r, size_t len)
{
	size_t msg = tls_message(b, FINISHED);

	tls_noise(b, r, len);
	tls_shut(b, msg, 3);
}

static void seal_handshake(struct opened *o, struct buf *b, unsigned from, struct buf *messages)
{
	seal(&o->by[from], b, RECORD_HANDSHAKE, buf_span(messages));
	buf_release(messages);
}

static void server_flight13(struct talk *t, struct buf *b)
{
	struct opened *o = t->own;
	struct rng issuer = rng_of(SERVER_KEY, 0), leaf = rng_of(SERVER_KEY, 1);
	struct buf inner;
	size_t msg;

	tls_server_hello(b, &t->rng, o->random[SERVER], o->id, true);
	tls_change_cipher(b);
	buf_init(&inner, TLS_RECORD_MAX);
	msg = tls_message(&inner, ENCRYPTED_EXTENSIONS);
	buf_add(&inner, SPAN("\0\0"));
	tls_shut(&inner, msg, 3);
	tls_certificate(&inner, &leaf, &issuer, true);
	msg = tls_message(&inner, CERTIFICATE_VERIFY);
	buf_add(&inner, SPAN("\x8\4\1\0"));
	tls_noise(&inner, &t->rng, SIGNATURE_LEN);
	tls_shut(&inner, msg, 3);
	add_finished(&inner, &t->rng, seal_secret_len(o->suite));
	seal_handshake(o, b, SERVER, &inner);
}

static void shake_hands13(struct talk *t, struct stage *stage)
{
	struct opened *o = t->own;
	struct buf *b = &stage->scratch, inner;
	uint8_t secret[SEAL_SECRET_MAX];

	tls_client_hello(b, &t->rng, o->random[CLIENT], true);
	say(t, stage, CLIENT);
	draw(t, stage, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", secret);
	seal_keys13(&o->by[CLIENT], o->suite, secret);
	draw(t, stage, "SERVER_HANDSHAKE_TRAFFIC_SECRET", secret);
	seal_keys13(&o->by[SERVER], o->suite, secret);
	server_flight13(t, b);
	say(t, stage, SERVER);
	tls_change_cipher(b);
	buf_init(&inner, TLS_RECORD_MAX);
	add_finished(&inner, &t->rng, seal_secret_len(o->suite));
	seal_handshake(o, b, CLIENT, &inner);
	say(t, stage, CLIENT);
	draw(t, stage, "CLIENT_TRAFFIC_SECRET_0", secret);
	seal_keys13(&o->by[CLIENT], o->suite, secret);
	draw(t, stage, "SERVER_TRAFFIC_SECRET_0", secret);
	seal_keys13(&o->by[SERVER], o->suite, secret);
}

static void finish12(struct talk *t, struct stage *stage, unsigned from)
{
	struct buf inner;

	tls_change_cipher(&stage->scratch);
	buf_init(&inner, TLS_RECORD_MAX);
	add_finished(&inner, &t->rng, VERIFY_LEN);
	seal_handshake(t->own, &stage->scratch, from, &inner);
	say(t, stage, from);
}

static void shake_hands12(struct talk *t, struct stage *stage)
{
	struct opened *o = t->own;
	struct rng issuer = rng_of(SERVER_KEY, 0), leaf = rng_of(SERVER_KEY, 1);
	uint8_t master[SEAL_SECRET_MAX];

	tls_client_hello(&stage->scratch, &t->rng, o->random[CLIENT], false);
	say(t, stage, CLIENT);
	tls_server_flight(&stage->scratch, &t->rng, o->random[SERVER], o->id, &leaf, &issuer);
	say(t, stage, SERVER);
	draw(t, stage, "CLIENT_RANDOM", master);
	seal_keys12(o->by, o->suite, master, o->random[CLIENT], o->random[SERVER]);
	tls_client_key(&stage->scratch, &t->rng);
	finish12(t, stage, CLIENT);
	finish12(t, stage, SERVER);
}

static void shake_hands(struct talk *t, struct stage *stage)
{
	struct opened *o = t->own;

	for (int i = 0; i < 2; i++)
		rng_fill(&t->rng, o->random[i], TLS_RANDOM);
	if (seal_is13(o->suite))
		shake_hands13(t, stage);
	else
		shake_hands12(t, stage);
	t->truth->tls_sessions++;
}

/* ---- downloads ---- */

static void seal_text(struct talk *t, struct stage *stage, unsigned from, struct span text)
{
	struct opened *o = t->own;

	seal(&o->by[from], &stage->scratch, RECORD_DATA, text);
	say(t, stage, from);
}

static void ask(struct talk *t, struct stage *stage)
{
	seal_text(t, stage, CLIENT,
	          SPAN("GET /Content/4A/5D1C4C4C6A0F3C6E7B8D9A0B1C2D3E4F5A6B7C8D.cab HTTP/1.1\r\n"
	               "Connection: Keep-Alive\r\nAccept: */*\r\nHost: wsus01.corp.example:8531\r\n"
	               "User-Agent: Microsoft-Delivery-Optimization/10.0\r\n\r\n"));
	seal_text(t, stage, SERVER,
	          SPAN("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ms-cab-compressed\r\n"
	               "Server: Microsoft-IIS/10.0\r\nContent-Length: 8388608\r\n\r\n"));
	t->truth->requests++;
	t->truth->responses++;
	t->left = DOWNLOAD;
}

static void pour(struct talk *t, struct stage *stage)
{
	struct opened *o = t->own;
	size_t at = rng_below(&t->rng, (uint32_t)(stage->noise.len - PART));

	for (size_t done = 0; done < PART; done += TLS_RECORD_MAX)
		seal(&o->by[SERVER], &stage->scratch, RECORD_DATA,
		     span_of(stage->noise.at + at + done, TLS_RECORD_MAX));
	talk_say(t, SERVER, buf_span(&stage->scratch), false);
	buf_clear(&stage->scratch);
	t->left -= PART;
}

bool opened_more(struct talk *t, struct stage *stage)
{
	unsigned step = t->step;

	if (t->left) {
		pour(t, stage);
		return true;
	}
	t->step++;
	if (step == 0)
		shake_hands(t, stage);
	else if (step <= t->steps)
		ask(t, stage);
	else if (step == t->steps + 1)
		talk_fin(t, CLIENT);
	return step <= t->steps + 1;
}
