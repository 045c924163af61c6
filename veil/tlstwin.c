/* veil/tlstwin.c - twins of master secrets, and of TLS 1.3's secrets with their updates. */
#include "veil/tlstwin.h"

#include <openssl/crypto.h>

#include "decoders/tlskeys.h"
#include "decoders/tlsopenstate.h"
#include "decoders/tlsrec.h"
#include "veil/tlsmessages.h"

enum { UPDATES_MAX = 64, KEY_SIZE = TLSREC_LENGTH_MAX + 4096 };

#define X(symbol, label) label,
static const char *const labels[TLS_SECRET_COUNT] = { TLS_SECRETS(X) };
#undef X

void tlstwin_release(struct tlstwin_key *k)
{
	if (!k || --k->uses)
		return;
	tlsseal_free(k->seal);
	budget_give(k->budget, KEY_SIZE);
	budget_free(k->budget, k, sizeof *k);
}

static void drop(struct tlstwin *t, enum side from)
{
	tlstwin_release(t->side[from].key);
	t->side[from].key = NULL;
}

void tlstwin_end(struct tlstwin *t)
{
	drop(t, CLIENT);
	drop(t, SERVER);
	OPENSSL_cleanse(t->side, sizeof t->side);
}

/* ---- the copy's key log ---- */

static void put_hex(struct buf *to, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		(void)buf_printf(to, "%02x", bytes.at[i]);
}

static void put_line(struct tlstwin *t, enum tls_secret which, const uint8_t random[static TLS_RANDOM],
                     struct span twin)
{
	struct buf *to = t->shared->secrets;
	uint8_t drawn[TLS_RANDOM];

	if (!t->shared->finder || !to)  /* still learning */
		return;
	tlsmessages_random(t->shared->names, random, false, drawn);
	(void)buf_printf(to, "%s ", labels[which]);
	put_hex(to, span_of(drawn, sizeof drawn));
	(void)buf_add_byte(to, ' ');
	put_hex(to, twin);
	(void)buf_add_byte(to, '\n');
}

/* Premaster secrets are the master's beginning only: that is logged when it opened something. */
void tlstwin_hello(struct tlstwin *t, const uint8_t random[static TLS_RANDOM])
{
	t->logged_master = false;
	for (enum tls_secret which = 0; which < TLS_SECRET_COUNT; which++) {
		struct span secret = tlskeys_secret(t->shared->keys, which, random);
		uint8_t twin[TLS_SECRET_MAX];

		if (!secret.len || secret.len > sizeof twin || which == TLS_SECRET_PREMASTER)
			continue;
		names_bytes(t->shared->names, secret, twin);
		put_line(t, which, random, span_of(twin, secret.len));
		t->logged_master |= which == TLS_SECRET_MASTER;
		OPENSSL_cleanse(twin, sizeof twin);
	}
}

void tlstwin_change_cipher(struct tlstwin *t, enum side from)
{
	drop(t, from);
}

/* ---- keys ---- */

static bool make(struct tlstwin *t, const struct tlsopen *o, enum side from, const struct tls_suite *suite,
                 const struct tls_keys *keys)
{
	struct budget *budget = t->shared->budget;
	struct tlstwin_key *k = budget_alloc(budget, sizeof *k);

	if (!k)
		return false;
	k->uses = 1;
	k->budget = budget;
	if (budget_take(budget, KEY_SIZE)) {
		k->seal = tlsseal_new(&(struct tlscrypt_spec){
			.lib = o->lib, .version = o->version ? o->version : TLS_1_3, .suite = suite,
			.encrypt_then_mac = o->encrypt_then_mac, .keys = keys,
		});
		if (!k->seal)
			budget_give(budget, KEY_SIZE);
	}
	if (!k->seal) {
		budget_free(budget, k, sizeof *k);
		return false;
	}
	drop(t, from);
	t->side[from].key = k;
	t->side[from].stage = o->side[from].stage;
	return true;
}

/* Up to TLS 1.2 one master secret makes both directions' keys. */
static bool find_12(struct tlstwin *t, const struct tlsopen *o, enum side from)
{
	const struct names *names = t->shared->names;
	struct tls_randoms randoms;
	struct tls_keys keys[2];
	uint8_t master[TLS_MASTER];
	bool done;

	if (t->side[from].key)
		return true;
	if (!o->has_master || !o->suite)
		return false;
	names_bytes(names, span_of(o->master, sizeof o->master), master);
	tlsmessages_random(names, o->randoms.client, false, randoms.client);
	tlsmessages_random(names, o->randoms.server, true, randoms.server);
	done = tlskdf_keys(o->lib, o->version, o->suite, master, &randoms, keys) &&
	       make(t, o, from, o->suite, &keys[from]);
	if (done && !t->logged_master)
		put_line(t, TLS_SECRET_MASTER, o->randoms.client, span_of(master, sizeof master));
	t->logged_master |= done;
	OPENSSL_cleanse(master, sizeof master);
	OPENSSL_cleanse(keys, sizeof keys);
	return done;
}

static struct span first_secret(const struct tlstwin *t, const struct tlsopen *o, enum side from)
{
	static const enum tls_secret which[TLSOPEN_SHUT][2] = {
		[TLSOPEN_EARLY] = { TLS_SECRET_CLIENT_EARLY, TLS_SECRET_CLIENT_EARLY },
		[TLSOPEN_HANDSHAKE] = { TLS_SECRET_CLIENT_HANDSHAKE, TLS_SECRET_SERVER_HANDSHAKE },
		[TLSOPEN_TRAFFIC] = { TLS_SECRET_CLIENT_TRAFFIC, TLS_SECRET_SERVER_TRAFFIC },
	};

	return tlskeys_secret(t->shared->keys, which[o->side[from].stage][from], o->randoms.client);
}

/* How a secret became what it is now, its twin becomes, too. */
static bool follow(struct tlstwin_side *s, const struct tlsopen *o, const struct tls_suite *suite,
                   struct span now)
{
	for (unsigned i = 0; i <= UPDATES_MAX && s->secret_len == now.len; i++) {
		if (!memcmp(s->secret, now.at, now.len))
			return true;
		if (!tlskdf_update13(o->lib, suite, s->secret, s->secret_len) ||
		    !tlskdf_update13(o->lib, suite, s->twin, s->secret_len))
			break;
	}
	return false;
}

static bool find_13(struct tlstwin *t, const struct tlsopen *o, enum side from)
{
	const struct tlsopen_side *side = &o->side[from];
	const struct tlscrypt *crypt = side->crypt[side->stage];
	struct span first = first_secret(t, o, from);
	bool updated = side->stage == TLSOPEN_TRAFFIC;
	struct span now = updated ? span_of(side->secret, side->secret_len) : first;
	struct tlstwin_side *s = &t->side[from];
	struct tls_keys keys;
	bool done;

	if (s->key && s->stage == side->stage && span_eq(now, span_of(s->secret, s->secret_len)))
		return true;
	if (!crypt || !first.len || first.len > sizeof s->secret)
		return false;
	if (!s->key || s->stage != side->stage) {
		memcpy(s->secret, first.at, first.len);
		names_bytes(t->shared->names, first, s->twin);
		s->secret_len = first.len;
	}
	done = follow(s, o, tlscrypt_suite(crypt), now) &&
	       tlskdf_keys13(o->lib, tlscrypt_suite(crypt), span_of(s->twin, s->secret_len), &keys) &&
	       make(t, o, from, tlscrypt_suite(crypt), &keys);
	OPENSSL_cleanse(&keys, sizeof keys);
	return done;
}

struct tlstwin_key *tlstwin_key(struct tlstwin *t, const struct tlsopen *o, enum side from)
{
	enum tlsopen_stage stage = o->side[from].stage;
	bool is_13 = stage == TLSOPEN_EARLY || tls_is_13(o->version);
	struct tlstwin_side *s = &t->side[from];

	if (stage <= TLSOPEN_CLEAR || stage >= TLSOPEN_SHUT)
		return NULL;
	if (!(is_13 ? find_13(t, o, from) : find_12(t, o, from))) {
		drop(t, from);
		return NULL;
	}
	s->key->uses++;
	return s->key;
}
