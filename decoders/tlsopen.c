/* decoders/tlsopen.c - hellos, stages, and what all versions share; tlsopen12.c and tlsopen13.c find keys. */
#include "decoders/tlsopenstate.h"

#include <openssl/crypto.h>

#include "decoders/tlshello.h"
#include "decoders/tlsrec.h"

enum { TICKET_MAX = 16 * 1024, CLIENT_KEY_MAX = 4096, TRANSCRIPT_MAX = 128 * 1024 };
enum { CRYPT_SIZE = 4096 };      /* with what libcrypto holds for it */

/* Records that may stay shut before a side counts as unreadable: where early data was refused, they are
 * skipped by trial (RFC 8446 section 4.2.10); where keys of the handshake are missing, its flights are. */
enum { FAILURES_EARLY = 1024, FAILURES_FLIGHT = 16, FAILURES_LATER = 8 };

struct tlsopen *tlsopen_new(const struct layer_env *env, struct tls_session *fact)
{
	struct budget *budget = env->context->budget;
	const struct tlslib *lib = tlskeys_lib(env->context->keys);
	struct tlsopen *o = lib ? budget_alloc(budget, sizeof *o) : NULL;

	if (!o)
		return NULL;
	o->env = env;
	o->lib = lib;
	o->fact = fact;
	o->private_key = SIZE_MAX;
	buf_init_on(&o->offered_ticket, TICKET_MAX, budget);
	buf_init_on(&o->new_ticket, TICKET_MAX, budget);
	buf_init_on(&o->client_key, CLIENT_KEY_MAX, budget);
	buf_init_on(&o->transcript, TRANSCRIPT_MAX, budget);
	buf_init_on(&o->copy, TLSREC_LENGTH_MAX, budget);
	return o;
}

/* ---- keys of a direction */

struct tlscrypt *tlsopen_crypt(const struct tlsopen *o, const struct tls_suite *suite,
                               const struct tls_keys *keys)
{
	struct budget *budget = o->env->context->budget;
	struct tlscrypt *crypt = NULL;

	if (budget_take(budget, CRYPT_SIZE)) {
		crypt = tlscrypt_new(&(struct tlscrypt_spec){
			.lib = o->lib, .version = o->version ? o->version : TLS_1_3, .suite = suite,
			.encrypt_then_mac = o->encrypt_then_mac, .keys = keys,
		});
		if (!crypt)
			budget_give(budget, CRYPT_SIZE);
	}
	return crypt;
}

void tlsopen_discard(const struct tlsopen *o, struct tlscrypt *crypt)
{
	if (crypt)
		budget_give(o->env->context->budget, CRYPT_SIZE);
	tlscrypt_free(crypt);
}

void tlsopen_drop(struct tlsopen *o, enum side from, enum tlsopen_stage stage)
{
	struct tlsopen_side *side = &o->side[from];

	if (side->searches[stage])
		budget_give(o->env->context->budget, TLSREC_LENGTH_MAX);
	side->searches[stage] = false;
	tlsopen_discard(o, side->crypt[stage]);
	side->crypt[stage] = NULL;
}

bool tlsopen_search(struct tlsopen *o, enum side from, enum tlsopen_stage stage)
{
	struct tlsopen_side *side = &o->side[from];

	if (!side->crypt[stage])
		return false;
	if (!side->searches[stage] && !budget_take(o->env->context->budget, TLSREC_LENGTH_MAX))
		return false;
	side->searches[stage] = true;
	return tlscrypt_lost(side->crypt[stage]);
}

static void drop_all(struct tlsopen *o, enum side from)
{
	for (enum tlsopen_stage stage = TLSOPEN_CLEAR; stage < TLSOPEN_SHUT; stage++)
		tlsopen_drop(o, from, stage);
}

void tlsopen_free(struct tlsopen *o)
{
	struct budget *budget;

	if (!o)
		return;
	budget = o->env->context->budget;
	drop_all(o, CLIENT);
	drop_all(o, SERVER);
	buf_release(&o->offered_ticket);
	buf_release(&o->new_ticket);
	buf_release(&o->client_key);
	buf_release(&o->transcript);
	buf_release(&o->copy);
	OPENSSL_cleanse(o, sizeof *o);
	budget_free(budget, o, sizeof *o);
}

/* ---- what came of it */

void tlsopen_note(struct tlsopen *o)
{
	struct tls_session *fact = o->fact;

	if (o->opened)
		fact->reading = o->gaps ? TLS_PARTLY : TLS_READ;
	else if (o->wrong)
		fact->reading = TLS_WRONG_KEY;
	else if (o->forward_secret)
		fact->reading = TLS_FORWARD_SECRET;
	else if (o->unknown_suite)
		fact->reading = TLS_UNKNOWN_SUITE;
	else if (o->logged && (o->side[CLIENT].lost || o->side[SERVER].lost))
		fact->reading = TLS_PARTLY;
}

/* Keys that do not open what they should are told once a session. */
static void note_wrong(struct tlsopen *o)
{
	if (o->wrong)
		return;
	o->wrong = true;
	limit_add(o->env->context->limits, LIMIT_WRONG_KEY, 1);
}

void tlsopen_shut(struct tlsopen *o, enum side from)
{
	drop_all(o, from);
	o->side[from].stage = TLSOPEN_SHUT;
}

void tlsopen_enter(struct tlsopen *o, enum side from, enum tlsopen_stage stage)
{
	struct tlsopen_side *side = &o->side[from];

	for (enum tlsopen_stage s = TLSOPEN_CLEAR; s < stage && s < TLSOPEN_SHUT; s++)
		tlsopen_drop(o, from, s);
	side->stage = stage;
	side->proven = false;
	side->failures = 0;
}

/* ---- hellos */

static void forget_handshake(struct tlsopen *o)
{
	o->client_hello = o->server_hello = false;
	o->has_master = o->has_keys = o->remembered = false;
	o->has_client_key = o->full = false;
	o->extended_master = false;
	o->private_key = SIZE_MAX;
	o->early = TLSOPEN_EARLY_UNKNOWN;
	o->early_offered = false;
	buf_release(&o->offered_ticket);
	buf_release(&o->new_ticket);
	buf_release(&o->client_key);
}

static bool is_logged(const struct tlsopen *o)
{
	for (enum tls_secret which = 0; which < TLS_SECRET_COUNT; which++)
		if (tlskeys_secret(o->env->context->keys, which, o->randoms.client).len)
			return true;
	return false;
}

static void client_hello(struct tlsopen *o, const struct tlsmsg_event *m)
{
	struct tls_client_hello hello;

	if (tls_is_13(o->version) && o->server_hello)
		return;
	forget_handshake(o);
	if (m->cut || !tls_client_hello_read(m->body, &hello) || hello.random.len != TLS_RANDOM)
		return;
	o->client_hello = true;
	memcpy(o->randoms.client, hello.random.at, TLS_RANDOM);
	o->logged = is_logged(o);
	tlsopen12_client_hello(o, hello.ticket);
	tlsopen13_client_hello(o, &hello);
}

static void server_hello(struct tlsopen *o, const struct tlsmsg_event *m)
{
	struct tls_server_hello hello;

	if (!o->client_hello || (tls_is_13(o->version) && o->server_hello) || m->cut ||
	    !tls_server_hello_read(m->body, &hello) || hello.random.len != TLS_RANDOM)
		return;
	o->version = tls_is_13(hello.selected) ? hello.selected : hello.version;
	o->suite = tls_suite(hello.cipher);
	o->id_len = hello.session_id.len <= sizeof o->id ? hello.session_id.len : 0;
	if (o->id_len)
		memcpy(o->id, hello.session_id.at, o->id_len);
	memcpy(o->randoms.server, hello.random.at, TLS_RANDOM);
	o->extended_master = hello.extended_master;
	o->encrypt_then_mac = hello.encrypt_then_mac;
	o->server_hello = !hello.retry;
	if (tls_is_13(o->version) && !hello.retry)
		tlsopen13_server_hello(o);
	else if (o->early_offered)
		tlsopen13_early_refused(o);
}

void tlsopen_message(struct tlsopen *o, enum side from, const struct tlsmsg_event *m)
{
	if (m->type == TLS_MESSAGE_CLIENT_HELLO && from == CLIENT)
		client_hello(o, m);
	else if (m->type == TLS_MESSAGE_SERVER_HELLO && from == SERVER)
		server_hello(o, m);
	if (o->server_hello && tls_is_13(o->version))
		tlsopen13_message(o, from, m);
	else
		tlsopen12_message(o, from, m);
	tlsopen_note(o);
}

void tlsopen_sslv2(struct tlsopen *o, struct span rest)
{
	struct sslv2_rest hello;

	sslv2_rest_read(rest, &hello);
	if (!hello.whole)
		return;
	forget_handshake(o);
	o->client_hello = true;
	memcpy(o->randoms.client, hello.random, TLS_RANDOM);
}

/* ---- records */

void tlsopen_change_cipher(struct tlsopen *o, enum side from)
{
	/* In TLS 1.3 it means nothing (RFC 8446 section 5), nor before the server's hello (early data). */
	if (!o->server_hello || tls_is_13(o->version) || o->side[from].stage == TLSOPEN_SHUT)
		return;
	tlsopen12_change_cipher(o, from);
	tlsopen_note(o);
}

/* In TLS 1.3 what else comes is in the clear (RFC 8446 section 5.1). */
static bool is_protected(const struct tlsopen *o, enum side from, unsigned type)
{
	const struct tlsopen_side *side = &o->side[from];

	if (side->stage == TLSOPEN_CLEAR)
		return false;
	return type == TLSREC_APPLICATION_DATA ||
	       (side->stage >= TLSOPEN_TRAFFIC && !tls_is_13(o->version));
}

bool tlsopen_wants(struct tlsopen *o, enum side from, unsigned type)
{
	const struct tlsopen_side *side = &o->side[from];
	bool hidden;

	/* Its ChangeCipherSpec was lost: data never travels in the clear. */
	if (side->stage == TLSOPEN_CLEAR && side->lost && type == TLSREC_APPLICATION_DATA) {
		tlsopen_change_cipher(o, from);
		tlsopen_lost(o, from);
	}
	hidden = is_protected(o, from, type);
	if (hidden && side->stage == TLSOPEN_SHUT) {
		o->gaps = true;
		tlsopen_note(o);
		return false;
	}
	return hidden;
}

static unsigned failures_allowed(const struct tlsopen *o, enum side from)
{
	const struct tlsopen_side *side = &o->side[from];

	if (from == CLIENT && o->early_offered && !side->proven)
		return FAILURES_EARLY;
	if (side->proven)
		return FAILURES_LATER;
	/* Where the keys of the handshake are wrong, those of the data may be right. */
	if (side->stage == TLSOPEN_HANDSHAKE && side->crypt[TLSOPEN_TRAFFIC])
		return FAILURES_FLIGHT;
	return side->missing || side->lost || tlsopen13_may_find(o, from) ? FAILURES_FLIGHT : 0;
}

static bool has_key(const struct tlsopen_side *side)
{
	return side->stage == TLSOPEN_EARLY || side->crypt[TLSOPEN_HANDSHAKE] || side->crypt[TLSOPEN_TRAFFIC];
}

/* In TLS 1.3 each stage and side has a secret of its own.  Data before the handshake's end may be refused. */
static bool ought_to_open(const struct tlsopen *o, enum side from)
{
	const struct tlsopen_side *side = &o->side[from];

	return tls_is_13(o->version) && !side->proven && !side->lost && !side->missing &&
	       !(from == CLIENT && o->early_offered);
}

/* What stays shut tells of a wrong key. */
static bool is_wrong(const struct tlsopen *o, enum side from)
{
	const struct tlsopen_side *side = &o->side[from];

	if (!side->failures || !has_key(side))
		return false;
	return !o->opened || ought_to_open(o, from);
}

static void stayed_shut(struct tlsopen *o, enum side from)
{
	struct tlsopen_side *side = &o->side[from];

	o->gaps |= !tlsopen_is_refused(o, from);
	if (++side->failures > failures_allowed(o, from)) {
		if (is_wrong(o, from))
			note_wrong(o);
		tlsopen_shut(o, from);
	} else if (side->proven && !tlsopen_search(o, from, side->stage) && !tlsopen13_may_find(o, from)) {
		tlsopen_shut(o, from);
	}
	tlsopen_note(o);
}

bool tlsopen_record(struct tlsopen *o, enum side from, const struct tlsopen_record *sealed,
                    struct tlscrypt_record *content)
{
	struct tlsopen_side *side = &o->side[from];
	bool wrong = side->stage == TLSOPEN_HANDSHAKE && is_wrong(o, from), open;

	if (side->stage == TLSOPEN_EARLY || tls_is_13(o->version))
		open = tlsopen13_record(o, from, sealed, content);
	else            /* without keys, where the other side changed what a record is that was begun */
		open = side->crypt[TLSOPEN_TRAFFIC] &&
		       tlsopen_by(side->crypt[TLSOPEN_TRAFFIC], sealed, content);
	if (!open) {
		stayed_shut(o, from);
		return false;
	}
	if (wrong && side->stage == TLSOPEN_TRAFFIC && ought_to_open(o, from))
		note_wrong(o);
	o->opened = true;
	if (!side->proven && !tls_is_13(o->version))
		tlsopen12_opened(o);
	side->proven = true;
	side->failures = 0;
	tlsopen_note(o);
	return true;
}

void tlsopen_lost(struct tlsopen *o, enum side from)
{
	struct tlsopen_side *side = &o->side[from];
	bool alive = false, any = false;

	side->lost = true;
	o->transcript_cut = true;
	if (side->stage == TLSOPEN_CLEAR || side->stage == TLSOPEN_SHUT)
		return;
	o->gaps = true;
	for (enum tlsopen_stage stage = TLSOPEN_EARLY; stage < TLSOPEN_SHUT; stage++) {
		any |= side->crypt[stage] != NULL;
		alive |= tlsopen_search(o, from, stage);
	}
	if (any && !alive && !tlsopen13_may_find(o, from))
		tlsopen_shut(o, from);
	tlsopen_note(o);
}

void tlsopen_end(struct tlsopen *o)
{
	for (enum side side = CLIENT; side <= SERVER; side++)
		if (is_wrong(o, side) && !o->side[side].missing && !o->side[side].lost)
			note_wrong(o);
	tlsopen_note(o);
}

size_t tlsopen_content(const struct tlsopen *o, size_t length)
{
	const struct tls_cipher_shape *shape = o->suite ? tls_cipher_shape(o->suite->cipher) : NULL;
	size_t empty;

	if (!shape || shape->block)                     /* padding hides it */
		return SIZE_MAX;
	empty = tls_record_length(o->suite, o->version, false, 0);
	return empty && length >= empty ? length - empty : SIZE_MAX;
}

enum tlsopen_early tlsopen_early(const struct tlsopen *o)
{
	return o->early;
}

bool tlsopen_is_clear(const struct tlsopen *o, enum side from)
{
	return o->side[from].stage == TLSOPEN_CLEAR;
}

/* Where the keys of the handshake are missing, its end cannot be told from early data. */
bool tlsopen_is_refused(const struct tlsopen *o, enum side from)
{
	const struct tlsopen_side *side = &o->side[from];

	return from == CLIENT && o->early == TLSOPEN_EARLY_REFUSED && !side->proven && !side->missing &&
	       (side->stage == TLSOPEN_CLEAR || side->stage == TLSOPEN_HANDSHAKE);
}

bool tlsopen_is_early(const struct tlsopen *o)
{
	return o->side[CLIENT].stage == TLSOPEN_EARLY;
}

bool tlsopen_over(const struct tlsopen *o)
{
	return o->side[CLIENT].stage == TLSOPEN_SHUT && o->side[SERVER].stage == TLSOPEN_SHUT;
}
