/* decoders/tlsopen12.c - SSL 3.0 to TLS 1.2: one master secret a handshake, from a log, by a server's private
 * key, or from the session that is taken up again; its keys count from each side's ChangeCipherSpec. */
#include "decoders/tlsopenstate.h"

#include <openssl/crypto.h>

#include "base/reader.h"

enum { DIGEST_MAX = 64 };

void tlsopen12_client_hello(struct tlsopen *o, struct span session_ticket)
{
	const struct tlskeys *keys = o->env->context->keys;

	buf_add(&o->offered_ticket, session_ticket);
	buf_release(&o->transcript);
	o->transcript_cut = false;
	/* Only a master secret that is computed here needs to know what was said before. */
	o->transcribing = !tlskeys_secret(keys, TLS_SECRET_MASTER, o->randoms.client).len;
}

/* ---- the master secret */

/* What the premaster secret makes: with RFC 7627 by the whole handshake up to the client's keys, too. */
static bool from_premaster(struct tlsopen *o, struct span premaster)
{
	uint8_t hash[DIGEST_MAX];
	struct span session_hash = { hash, 0 };

	if (o->extended_master && (o->transcript_cut ||
	    !tlskdf_hash(o->lib, o->version, o->suite, buf_span(&o->transcript), hash, &session_hash.len)))
		return false;
	return tlskdf_master(o->lib, o->version, o->suite, premaster, &o->randoms, session_hash, o->master);
}

/* The client's encrypted premaster secret; in SSL 3.0 without its length (RFC 6101 section 5.6.7.1). */
static struct span encrypted_premaster(const struct tlsopen *o)
{
	struct reader r = reader_on(buf_span(&o->client_key));

	return o->version == SSL_3_0 ? r.left : reader_bytes(&r, reader_be16(&r));
}

static bool by_rsa(struct tlsopen *o)
{
	const struct tlskeys *keys = o->env->context->keys;
	struct span encrypted = encrypted_premaster(o), known = tlskeys_premaster(keys, encrypted);
	uint8_t premaster[TLS_MASTER];
	bool done = false;

	if (known.len)
		return from_premaster(o, known);
	if (o->private_key == SIZE_MAX)
		return false;
	if (tlskeys_private_open(keys, o->private_key, encrypted, premaster))
		done = from_premaster(o, span_of(premaster, sizeof premaster));
	OPENSSL_cleanse(premaster, sizeof premaster);
	return done;
}

/* Who resumes says by which ticket, or by the id that the server repeats (RFC 5077 section 3.4). */
static bool by_session(struct tlsopen *o)
{
	struct tlskeys *keys = o->env->context->keys;

	return (o->offered_ticket.len && tlskeys_recall(keys, buf_span(&o->offered_ticket), o->master)) ||
	       (o->id_len && tlskeys_recall(keys, span_of(o->id, o->id_len), o->master));
}

static void note_forward_secret(struct tlsopen *o)
{
	enum tls_key_exchange exchange = o->suite->exchange;

	if (o->forward_secret || o->private_key == SIZE_MAX || exchange == KX_RSA || exchange == KX_NONE)
		return;
	o->forward_secret = true;
	limit_add(o->env->context->limits, LIMIT_FORWARD_SECRET, 1);
}

static bool find_master(struct tlsopen *o)
{
	const struct tlskeys *keys = o->env->context->keys;
	struct span secret = tlskeys_secret(keys, TLS_SECRET_MASTER, o->randoms.client);

	if (secret.len == TLS_MASTER) {
		memcpy(o->master, secret.at, TLS_MASTER);
		return true;
	}
	if (!o->has_client_key)                 /* it was lost, or nothing new is agreed on */
		return !o->full && by_session(o);
	secret = tlskeys_secret(keys, TLS_SECRET_PREMASTER, o->randoms.client);
	if (secret.len)
		return from_premaster(o, secret);
	if (o->suite->exchange == KX_RSA)
		return by_rsa(o);
	note_forward_secret(o);
	return false;
}

/* ---- keys */

static bool find_keys(struct tlsopen *o)
{
	if (!tlslib_reads(o->lib, o->suite)) {
		o->unknown_suite |= o->logged;
		return false;
	}
	if (!o->has_master)
		o->has_master = find_master(o);
	if (o->has_master && !o->has_keys)
		o->has_keys = tlskdf_keys(o->lib, o->version, o->suite, o->master, &o->randoms, o->keys);
	return o->has_keys;
}

void tlsopen12_change_cipher(struct tlsopen *o, enum side from)
{
	struct tlsopen_side *side = &o->side[from];
	struct tlscrypt *crypt = find_keys(o) ? tlsopen_crypt(o, o->suite, &o->keys[from]) : NULL;

	buf_release(&o->transcript);
	buf_release(&o->client_key);
	o->transcribing = false;
	if (!crypt) {
		tlsopen_shut(o, from);
		return;
	}
	tlsopen_drop(o, from, TLSOPEN_TRAFFIC);
	side->crypt[TLSOPEN_TRAFFIC] = crypt;
	side->lost = false;
	tlsopen_enter(o, from, TLSOPEN_TRAFFIC);
}

static void remember(struct tlsopen *o, struct span id)
{
	if (id.len)
		tlskeys_remember(o->env->context->keys, id, o->master);
}

void tlsopen12_opened(struct tlsopen *o)
{
	if (o->remembered || !o->has_master)
		return;
	o->remembered = true;
	remember(o, span_of(o->id, o->id_len));
	remember(o, buf_span(&o->new_ticket));
	buf_release(&o->new_ticket);
}

/* ---- messages */

static void transcribe(struct tlsopen *o, const struct tlsmsg_event *m)
{
	const uint8_t head[] = {
		m->type, (uint8_t)(m->length >> 16), (uint8_t)(m->length >> 8), (uint8_t)m->length,
	};

	if (o->server_hello && !o->extended_master) {
		o->transcribing = false;
		buf_release(&o->transcript);
		return;
	}
	if (m->type == TLS_MESSAGE_HELLO_REQUEST)           /* no part of it (RFC 5246 section 7.4.1.1) */
		return;
	if (m->cut || !buf_add(&o->transcript, span_of(head, sizeof head)) ||
	    !buf_add(&o->transcript, m->body))
		o->transcript_cut = true;
}

/* A ticket comes before the server's keys are used, and after the client's: whichever is known to fit. */
static void new_ticket(struct tlsopen *o, struct span body)
{
	struct reader r = reader_on(body);
	struct span ticket;

	reader_skip(&r, 4);                             /* lifetime */
	ticket = reader_bytes(&r, reader_be16(&r));
	if (!r.ok)
		return;
	if (o->remembered) {
		remember(o, ticket);
		return;
	}
	buf_clear(&o->new_ticket);
	buf_add(&o->new_ticket, ticket);
}

/* Whose key it is: its first certificate says so. */
static void certificate(struct tlsopen *o, struct span body)
{
	struct reader r = reader_on(body), list = reader_sub(&r, reader_be24(&r));
	struct span first = reader_bytes(&list, reader_be24(&list));

	if (list.ok && first.len)
		o->private_key = tlskeys_private_for(o->env->context->keys, first);
}

void tlsopen12_message(struct tlsopen *o, enum side from, const struct tlsmsg_event *m)
{
	if (o->transcribing && o->client_hello)
		transcribe(o, m);
	/* Who takes up a session shows no certificate (RFC 5246 section 7.3). */
	if (from == SERVER &&
	    (m->type == TLS_MESSAGE_CERTIFICATE || m->type == TLS_MESSAGE_SERVER_HELLO_DONE))
		o->full = true;
	if (m->type == TLS_MESSAGE_CERTIFICATE && from == SERVER && !m->cut)
		certificate(o, m->body);
	if (m->type == TLS_MESSAGE_NEW_SESSION_TICKET && from == SERVER && !m->cut)
		new_ticket(o, m->body);
	if (m->type == TLS_MESSAGE_CLIENT_KEY_EXCHANGE && from == CLIENT && !m->cut) {
		o->has_client_key = buf_add(&o->client_key, m->body);
		o->transcribing = false;
	}
}
