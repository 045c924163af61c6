/* bench/tls.c - TLS 1.2 sessions that nobody can read. */
#include "bench/kinds.h"
#include "bench/tlsbytes.h"

/* Few clients where handshakes are measured: the report's rows are not the question. */
enum { CLIENTS = 4000, CLIENTS_FEW = 500, SERVERS = 8, SUITE = 0xc030 };

/* What a kind's talks are about (talk.style). */
enum { TALKS = 1, FRESH = 2 };

static void cipher_change(struct buf *b, struct rng *r)
{
	size_t rec;

	tls_change_cipher(b);
	rec = tls_record(b, RECORD_HANDSHAKE);
	tls_noise(b, r, 40);
	tls_shut(b, rec, 2);
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
	struct rng issuer = rng_of(SERVERS, SERVERS), leaf = rng_of(SERVERS, t->id % SERVERS);
	uint8_t random[TLS_RANDOM];

	rng_fill(&t->rng, random, sizeof random);
	tls_client_hello(b, &t->rng, random, false);
	say(t, stage, CLIENT);
	rng_fill(&t->rng, random, sizeof random);
	tls_server_flight(b, &t->rng, random, SUITE, t->style & FRESH ? &t->rng : &leaf, &issuer);
	say(t, stage, SERVER);
	tls_client_key(b, &t->rng);
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
		size_t part = len < TLS_RECORD_MAX ? len : TLS_RECORD_MAX;
		size_t rec = tls_record(b, RECORD_DATA);

		tls_noise(b, &t->rng, part);
		tls_shut(b, rec, 2);
		len -= part;
	}
	say(t, stage, from);
}

static void start(struct talk *t, unsigned style)
{
	t->style = style;
	t->steps = style & TALKS ? rng_range(&t->rng, 2, 8) : 1;
	hosts_set(t, rng_below(&t->rng, style & TALKS ? CLIENTS : CLIENTS_FEW), 1, TLS_PORT);
	talk_open(t);
}

void tls_start(struct talk *t, struct stage *stage)
{
	(void)stage;
	start(t, TALKS);
}

void handshakes_start(struct talk *t, struct stage *stage)
{
	(void)stage;
	start(t, 0);
}

void newcerts_start(struct talk *t, struct stage *stage)
{
	(void)stage;
	start(t, FRESH);
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
