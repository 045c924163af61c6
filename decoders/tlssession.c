/* decoders/tlssession.c - the handshake as both sides' records show it. */
#include "decoders/tlssession.h"

#include "decoders/tlshello.h"
#include "decoders/tlsrec.h"

enum { TLS13 = 0x0304, ALERT_LEN = 2, EMPTY_CERTIFICATE = 3 };

/* Lengths of TLS 1.3 records that hold an alert, and a Finished with SHA-256 or SHA-384: the content,
 * a byte of type, 16 of tag (RFC 8446 sections 4.4.4 and 5.2; every suite's tag but CCM_8's). */
enum { ALERT13 = 2 + 17, FINISHED13_SHA256 = 4 + 32 + 17, FINISHED13_SHA384 = 4 + 48 + 17 };

#define X(symbol, value, name) MESSAGE_##symbol = value,
enum message { TLS_MESSAGES(X) };
#undef X

void tlssession_init(struct tlssession *s, const struct layer_env *env)
{
	*s = (struct tlssession){ .blind = env->joined };
	s->fact.conn = env->place.conn;
	s->fact.tunnel = env->place.tunnel;
	s->fact.first_time = s->fact.last_time = MOMENT_NONE;
	s->fact.client_hello_time = MOMENT_NONE;
	s->fact.last_message[CLIENT] = s->fact.last_message[SERVER] = -1;
}

void tlssession_release(struct tlssession *s)
{
	(void)s;
}

static void note_message(struct tlssession *s, enum side from, int type, uint64_t frame)
{
	s->fact.last_message[from] = type;
	s->fact.last_frame[from] = frame;
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
static void change_cipher(struct tlssession *s, enum side from)
{
	if (s->fact.version == TLS13)           /* there it means nothing (RFC 8446 section 5) */
		return;
	if (from == SERVER && s->fact.server_hello && !s->fact.certificate_frame && !s->blind &&
	    !s->half[CLIENT].encrypted && s->fact.last_message[CLIENT] == MESSAGE_CLIENT_HELLO)
		s->fact.resumed = true;
	s->half[from].encrypted = true;
}

static void count_application(struct tlssession *s, enum side from, size_t length)
{
	s->fact.application_records[from]++;
	s->fact.application_bytes[from] += length;
}

/* TLS 1.3 hides the rest of the handshake in application records.  The server's flight lasts until
 * the client answers, the client's until its Finished, told by its length, or until the server goes on. */
static void application13(struct tlssession *s, enum side from, size_t length, uint64_t frame)
{
	struct tlssession_half *mine = &s->half[from], *other = &s->half[side_other(from)];

	if (mine->maybe_alert && mine->finished)        /* nothing follows an alert, so it was none */
		count_application(s, from, ALERT13);
	mine->maybe_alert = length == ALERT13 ? frame : 0;
	if (mine->maybe_alert)
		return;
	if (from == SERVER && other->flight)
		other->finished = mine->finished = true;
	if (mine->finished) {
		count_application(s, from, length);
		return;
	}
	mine->flight++;
	mine->finished = from == CLIENT && (length == FINISHED13_SHA256 || length == FINISHED13_SHA384);
	if (mine->finished || from == SERVER)
		note_message(s, from, MESSAGE_FINISHED, frame);
}

bool tlssession_record(struct tlssession *s, enum side from, const struct tlssession_record *r)
{
	size_t length = r->length;
	uint64_t frame = r->mark.frame;

	switch (r->type) {
	case TLSREC_CHANGE_CIPHER_SPEC:
		change_cipher(s, from);
		return false;
	case TLSREC_ALERT:
		if (length == ALERT_LEN)
			return true;
		add_encrypted_alert(s, from, frame);
		return false;
	case TLSREC_HANDSHAKE:
		if (!s->half[from].encrypted)
			return true;
		s->half[from].finished = true;
		note_message(s, from, MESSAGE_FINISHED, frame);
		return false;
	case TLSREC_APPLICATION_DATA:
		if (s->fact.version == TLS13)
			application13(s, from, length, frame);
		else
			count_application(s, from, length);
		return false;
	default:
		return false;
	}
}

/* Names come from strangers and end up in a C string: what is no visible ASCII becomes '?'. */
static void keep_name(char to[static TLS_NAME_MAX], struct span name)
{
	size_t len = name.len < TLS_NAME_MAX - 1 ? name.len : TLS_NAME_MAX - 1;

	for (size_t i = 0; i < len; i++)
		to[i] = name.at[i] > ' ' && name.at[i] < 0x7f ? (char)name.at[i] : '?';
	to[len] = 0;
}

/* After a HelloRetryRequest the hello comes again; the first one counts. */
static void client_hello(struct tlssession *s, const struct tlsmsg_event *m, struct mark mark)
{
	struct tls_session *fact = &s->fact;
	struct tls_client_hello hello;

	if (fact->client_hello)
		return;
	fact->client_hello = true;
	fact->client_hello_frame = mark.frame;
	fact->client_hello_time = mark.time;
	if (!tls_client_hello_read(m->body, &hello)) {
		fact->hello_cut = true;
		return;
	}
	fact->hello_cut = m->cut || !hello.whole;
	fact->offered_legacy = hello.legacy;
	fact->offered_max = hello.max ? hello.max : hello.legacy;
	fact->offered_min = hello.min;
	keep_name(fact->server_name, hello.server_name);
}

static void server_hello(struct tlssession *s, const struct tlsmsg_event *m, uint64_t frame)
{
	struct tls_session *fact = &s->fact;
	struct tls_server_hello hello;

	fact->server_hello = true;
	fact->server_hello_frame = frame;
	if (!tls_server_hello_read(m->body, &hello))
		return;
	fact->version = hello.version;
	fact->cipher = hello.cipher;
	fact->hello_retry |= hello.retry;
	fact->resumed = hello.psk;
}

static void certificate(struct tlssession *s, enum side from, size_t length, uint64_t frame)
{
	if (from == SERVER) {
		s->fact.certificate_frame = frame;
		return;
	}
	s->fact.client_certificate_message = true;
	s->fact.client_certificate_empty = length <= EMPTY_CERTIFICATE;
	s->fact.client_certificate_frame = frame;
}

void tlssession_message(struct tlssession *s, enum side from, const struct tlsmsg_event *m,
                        struct mark mark)
{
	note_message(s, from, m->type, mark.frame);
	switch (m->type) {
	case MESSAGE_CLIENT_HELLO:
		client_hello(s, m, mark);
		break;
	case MESSAGE_SERVER_HELLO:
		server_hello(s, m, mark.frame);
		break;
	case MESSAGE_CERTIFICATE:
		certificate(s, from, m->length, mark.frame);
		break;
	case MESSAGE_CERTIFICATE_REQUEST:
		if (from == SERVER)
			s->fact.certificate_request_frame = mark.frame;
		break;
	default:
		break;
	}
}

void tlssession_alert(struct tlssession *s, enum side from, const uint8_t alert[static 2],
                      uint64_t frame)
{
	struct tls_alert clear = { from, frame, false, alert[0], alert[1] };

	add_alert(s, clear);
}

void tlssession_sslv2(struct tlssession *s, uint16_t version, struct mark mark)
{
	struct tls_session *fact = &s->fact;

	note_message(s, CLIENT, MESSAGE_CLIENT_HELLO, mark.frame);
	fact->client_hello = fact->sslv2_hello = true;
	fact->client_hello_frame = mark.frame;
	fact->client_hello_time = mark.time;
	fact->offered_legacy = fact->offered_max = version;
}

/* In TLS 1.3 a server that speaks on after the client's Finished, and not by an alert, took it. */
void tlssession_end(struct tlssession *s)
{
	struct tls_session *fact = &s->fact;

	for (enum side side = CLIENT; side <= SERVER; side++)
		if (s->half[side].maybe_alert)
			add_encrypted_alert(s, side, s->half[side].maybe_alert);
	fact->established = (s->half[CLIENT].finished && s->half[SERVER].finished) ||
	                    (fact->application_records[CLIENT] && fact->application_records[SERVER]);
}
