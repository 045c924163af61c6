/* decoders/tlssession.c - the handshake as both sides' records show it; its messages are tlsfacts.c's. */
#include "decoders/tlssession.h"

#include "decoders/tlscert.h"
#include "decoders/tlskeys.h"
#include "decoders/tlslib.h"
#include "decoders/tlsrec.h"
#include "decoders/tlsfacts.h"
#include "decoders/tlssuite.h"

/* The shortest encrypted alert has a tag or MAC of 16 bytes, or a nonce and a tag of 8 each. */
enum { ALERT_LEN = 2, HIDDEN_ALERT_MIN = ALERT_LEN + 16, NO_RENEGOTIATION = 100, TEXTS_MAX = 16 * 1024 };

static const EVP_MD *md5_of(struct tlskeys *keys)
{
	const struct tlslib *lib = keys ? tlskeys_lib(keys) : NULL;

	return lib ? lib->digests[TLS_MD5] : NULL;
}

void tlssession_init(struct tlssession *s, const struct layer_env *env)
{
	*s = (struct tlssession){
		.blind = env->joined, .certs = env->context->certs, .md5 = md5_of(env->context->keys),
	};
	s->fact.conn = env->place.conn;
	s->fact.tunnel = env->place.tunnel;
	s->fact.first_time = s->fact.last_time = MOMENT_NONE;
	s->fact.client_hello_time = MOMENT_NONE;
	s->fact.last_message[CLIENT] = s->fact.last_message[SERVER] = -1;
	arena_init_on(&s->arena, TEXTS_MAX, env->context->budget);
}

void tlssession_release(struct tlssession *s)
{
	if (s->certs) {
		tls_chain_drop(s->certs, &s->fact.certificates);
		tls_chain_drop(s->certs, &s->fact.client_certificates);
	}
	arena_release(&s->arena);
}

static bool is_13(const struct tlssession *s)
{
	return tls_is_13(s->fact.version);
}

static void note_message(struct tlssession *s, enum side from, int type, uint64_t frame)
{
	s->fact.last_message[from] = type;
	s->fact.last_frame[from] = frame;
}

static struct tlsshape_record shape_of(const struct tlssession *s, size_t length, struct mark mark)
{
	return (struct tlsshape_record){ .length = length, .mark = mark, .blind = s->blind };
}

/* Keeps them in order of frames: those of TLS 1.3 are told late. */
static void add_alert(struct tlssession *s, struct tls_alert alert)
{
	unsigned at = s->fact.alert_count++;

	if (at >= TLS_ALERTS_KEPT)
		return;
	for (; at && s->fact.alerts[at - 1].frame > alert.frame; at--)
		s->fact.alerts[at] = s->fact.alerts[at - 1];
	s->fact.alerts[at] = alert;
}

static void add_encrypted_alert(struct tlssession *s, enum side from, uint64_t frame)
{
	add_alert(s, (struct tls_alert){ .by = from, .frame = frame, .encrypted = true });
}

/* A server that changes its cipher without having shown a certificate, and before the client did,
 * took up an old session (RFC 5246 section 7.3, figure 2). */
static void change_cipher(struct tlssession *s, enum side from, const struct tlssession_record *r)
{
	struct tlssession_half *half = &s->half[from];

	if (is_13(s))                           /* there it means nothing (RFC 8446 section 5) */
		return;
	if (half->encrypted && !r->opened && r->length == 1) {
		half->finished = false;
		tlsshape_restart(&s->shape, &s->fact, from);
	} else if (half->encrypted) {
		tlsshape_change(&s->shape, &s->fact, from);
	}
	if (from == SERVER && s->fact.server_hello && !s->fact.certificate_frame && !s->blind &&
	    !s->half[CLIENT].encrypted && s->fact.last_message[CLIENT] == TLS_MESSAGE_CLIENT_HELLO)
		s->fact.resumed = true;
	half->encrypted = true;
}

static void count_application(struct tlssession *s, enum side from, size_t length, uint64_t frame)
{
	struct tls_session *fact = &s->fact;

	fact->application_records[from]++;
	fact->application_bytes[from] += length;
	if (!fact->application_first[from])
		fact->application_first[from] = frame;
	fact->application_last[from] = frame;
}

/* Data of a session whose hellos were not seen says that both sides' ciphers were changed before; that of
 * a client that waits for an answer to its hello is early data, and says nothing of the kind. */
static void application12(struct tlssession *s, enum side from, size_t length)
{
	bool joined = s->blind && !s->fact.client_hello && !s->fact.server_hello;

	if (s->fact.client_hello && !s->fact.server_hello && s->fact.offer.early_data)
		return;
	for (enum side side = CLIENT; side <= SERVER; side++)
		if (side == from || joined)
			s->half[side].encrypted = s->half[side].finished = true;
	tlsshape_application(&s->shape, &s->fact, from, length, joined);
}

static void application13(struct tlssession *s, enum side from, const struct tlssession_record *r)
{
	uint64_t before, frame = r->mark.frame;
	enum tlsflight_kind kind = tlsflight_record(&s->flight, &s->fact, from, r->length, frame, &before);

	if (before)
		count_application(s, from, tlsflight_alert_length(&s->fact), before);
	if (kind == TLSFLIGHT_DATA)
		count_application(s, from, r->length, frame);
}

static void application(struct tlssession *s, enum side from, const struct tlssession_record *r)
{
	if (is_13(s) && !r->opened) {
		application13(s, from, r);
		return;
	}
	count_application(s, from, r->length, r->mark.frame);
	if (!is_13(s)) {
		application12(s, from, r->length);
		return;
	}
	tlsflight_data(&s->flight, from);
	if (s->flight.finished[from])
		tlsshape_application(&s->shape, &s->fact, from, r->length, false);
}

static bool handshake(struct tlssession *s, enum side from, const struct tlssession_record *r)
{
	struct tlsshape_record shape = shape_of(s, r->length, r->mark);

	if (r->opened || !s->half[from].encrypted)
		return true;
	s->half[from].finished = true;
	note_message(s, from, TLS_MESSAGE_FINISHED, r->mark.frame);
	tlsshape_handshake(&s->shape, &s->fact, from, &shape);
	return false;
}

/* In the clear it is two bytes, or several alerts of two; an encrypted one is never so short. */
static bool alert(struct tlssession *s, enum side from, const struct tlssession_record *r)
{
	bool clear = r->opened || (!s->half[from].encrypted && !s->blind);

	clear = clear && r->length < HIDDEN_ALERT_MIN;
	if (r->length == ALERT_LEN || (clear && r->length > ALERT_LEN))
		return true;
	if (clear) {
		s->fact.lost++;
		return false;
	}
	add_encrypted_alert(s, from, r->mark.frame);
	tlsshape_alert(&s->shape, &s->fact, from, r->mark.frame);
	return false;
}

bool tlssession_record(struct tlssession *s, enum side from, const struct tlssession_record *r)
{
	s->half[from].opened = r->opened;
	s->half[from].length = r->length;
	switch (r->type) {
	case TLSREC_CHANGE_CIPHER_SPEC:
		change_cipher(s, from, r);
		return false;
	case TLSREC_ALERT:
		return alert(s, from, r);
	case TLSREC_HANDSHAKE:
		return handshake(s, from, r);
	case TLSREC_APPLICATION_DATA:
		application(s, from, r);
		return false;
	default:
		return false;
	}
}

void tlssession_message(struct tlssession *s, enum side from, const struct tlsmsg_event *m,
                        struct mark mark)
{
	struct tlsshape_record shape = shape_of(s, s->half[from].length, mark);
	bool opened = s->half[from].opened;

	note_message(s, from, m->type, mark.frame);
	tlsfacts_message(s, from, m, mark);
	/* Until then a ChangeCipherSpec, behind a hello with early data, had seemed to be one. */
	if (m->type == TLS_MESSAGE_SERVER_HELLO && is_13(s))
		s->half[CLIENT].encrypted = s->half[SERVER].encrypted = false;
	if (opened && m->type == TLS_MESSAGE_FINISHED)
		s->half[from].finished = true;
	if (opened && is_13(s))
		tlsflight_message(&s->flight, &s->fact, from, m->type, s->fact.client_certificate_empty,
		                  mark.frame);
	if (opened)
		tlsshape_message(&s->shape, &s->fact, from, m->type, &shape);
}

void tlssession_alert(struct tlssession *s, enum side from, const uint8_t alert_bytes[static 2],
                      uint64_t frame)
{
	struct tls_alert clear = { from, frame, false, alert_bytes[0], alert_bytes[1] };

	add_alert(s, clear);
	if (clear.description == NO_RENEGOTIATION)
		tlsshape_alert(&s->shape, &s->fact, from, frame);
}

void tlssession_sslv2(struct tlssession *s, uint16_t version, struct mark mark)
{
	struct tls_session *fact = &s->fact;

	note_message(s, CLIENT, TLS_MESSAGE_CLIENT_HELLO, mark.frame);
	fact->client_hello = fact->sslv2_hello = true;
	fact->hello_cut = true;                 /* until its rest is there */
	fact->client_hellos++;
	fact->client_hello_frame = mark.frame;
	fact->client_hello_time = mark.time;
	fact->offered_legacy = fact->offered_max = version;
}

void tlssession_sslv2_rest(struct tlssession *s, struct span rest)
{
	struct sslv2_rest hello;

	sslv2_rest_read(rest, &hello);
	s->fact.hello_cut = !hello.whole;
	tls_offer_read_sslv2(&hello, &s->fact.offer);
}

/* In TLS 1.3 a server that speaks on after the client's Finished, and not by an alert, took it. */
void tlssession_end(struct tlssession *s)
{
	struct tls_session *fact = &s->fact;
	bool done = is_13(s) ? s->flight.finished[CLIENT] && s->flight.finished[SERVER] :
	                       s->half[CLIENT].finished && s->half[SERVER].finished;

	for (enum side side = CLIENT; side <= SERVER; side++)
		if (s->flight.maybe_alert[side])
			add_encrypted_alert(s, side, s->flight.maybe_alert[side]);
	fact->established = done || (fact->application_records[CLIENT] && fact->application_records[SERVER]);
}
