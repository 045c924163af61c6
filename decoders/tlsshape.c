/* decoders/tlsshape.c - what records after a handshake mean for `again`. */
#include "decoders/tlsshape.h"

#include "decoders/tlssuite.h"

/* Contents in bytes; the longest record that holds a HelloRequest in suites of IIS (AES-CBC-SHA384). */
enum { HELLO_REQUEST_LEN = 4, FINISHED_LEN = 4 + 12, FINISHED_SSL3_LEN = 4 + 36, REQUEST_MAX = 80 };

/* 0: unknown. */
static size_t record_length(const struct tls_session *t, size_t content)
{
	return tls_record_length(tls_suite(t->cipher), t->version, t->encrypt_then_mac, content);
}

static bool is_finished_long(const struct tls_session *t, size_t length)
{
	size_t content = t->version == SSL_3_0 ? FINISHED_SSL3_LEN : FINISHED_LEN;

	return length && length == record_length(t, content);
}

/* Whether a server's record may be a HelloRequest.  A client may have sent its request before the server's
 * Finished (false start, RFC 7918); then that must have been whole. */
static bool is_request(const struct tlsshape *p, const struct tls_session *t,
                       const struct tlsshape_record *r, bool *fits)
{
	size_t want = record_length(t, HELLO_REQUEST_LEN);

	*fits = want && r->length == want;
	if (*fits)
		return p->spoke || is_finished_long(t, p->last_length);
	if (!want)
		return p->spoke && r->length <= REQUEST_MAX;
	return p->spoke && !r->blind;
}

/* The first one is told, but rather one that the server asked for. */
static void begin(struct tlsshape *p, struct tls_session *t, enum side by, bool fits,
                  const struct tlsshape_record *r)
{
	unsigned count = t->again.count + 1;

	p->recorded = count == 1 || (by == SERVER && t->again.by == CLIENT);
	p->changed[CLIENT] = p->changed[SERVER] = false;
	p->finished[CLIENT] = p->finished[SERVER] = false;
	p->state = SHAPE_ASKED;
	if (p->recorded)
		t->again = (struct tls_again){
			.asked = true, .by = by, .frame = r->mark.frame, .time = r->mark.time,
			.length = r->length, .fits = fits, .requests_before = p->requests,
		};
	t->again.count = count;
}

static void hello(struct tlsshape *p, struct tls_session *t, uint64_t frame)
{
	if (p->recorded)
		t->again.hello_frame = frame;
	p->state = SHAPE_HELLO;
}

static void flight(struct tlsshape *p, struct tls_session *t, uint64_t frame)
{
	if (p->recorded)
		t->again.flight_frame = frame;
	p->state = SHAPE_FLIGHT;
}

static void client_flight(const struct tlsshape *p, struct tls_session *t, uint64_t frame)
{
	if (p->recorded && !t->again.client_flight_frame)
		t->again.client_flight_frame = frame;
}

static void finished(struct tlsshape *p, enum side from)
{
	p->finished[from] = true;
	if (!p->finished[CLIENT] || !p->finished[SERVER])
		return;
	p->state = SHAPE_OPEN;
	p->spoke = false;
}

static void client_handshake(struct tlsshape *p, struct tls_session *t, const struct tlsshape_record *r)
{
	bool between = p->between;

	p->between = false;
	switch (p->state) {
	case SHAPE_FIRST:
		finished(p, CLIENT);
		break;
	case SHAPE_OPEN:
		if (!between || (r->blind && !p->spoke))
			break;
		begin(p, t, CLIENT, false, r);
		hello(p, t, r->mark.frame);
		break;
	case SHAPE_ASKED:
		hello(p, t, r->mark.frame);
		break;
	case SHAPE_HELLO:
		if (p->changed[CLIENT])
			finished(p, CLIENT);
		break;
	case SHAPE_FLIGHT:
		if (p->changed[CLIENT])
			finished(p, CLIENT);
		else
			client_flight(p, t, r->mark.frame);
		break;
	}
}

static void server_handshake(struct tlsshape *p, struct tls_session *t, const struct tlsshape_record *r)
{
	bool fits;

	p->between = true;
	switch (p->state) {
	case SHAPE_FIRST:
		finished(p, SERVER);
		break;
	case SHAPE_OPEN:
		if (is_request(p, t, r, &fits))
			begin(p, t, SERVER, fits, r);
		break;
	case SHAPE_ASKED:               /* asked once more */
		break;
	case SHAPE_HELLO:
		flight(p, t, r->mark.frame);
		break;
	case SHAPE_FLIGHT:
		if (p->changed[SERVER])
			finished(p, SERVER);
		break;
	}
	p->last_length = r->length;
}

void tlsshape_handshake(struct tlsshape *p, struct tls_session *t, enum side from,
                        const struct tlsshape_record *r)
{
	if (from == CLIENT)
		client_handshake(p, t, r);
	else
		server_handshake(p, t, r);
}

/* TLS 1.3: a request after the handshake, answered by Certificate to Finished (RFC 8446 section 4.6.2). */
static void message13(struct tlsshape *p, struct tls_session *t, enum side from, unsigned type,
                      const struct tlsshape_record *r)
{
	if (type == TLS_MESSAGE_CERTIFICATE_REQUEST && from == SERVER && p->state == SHAPE_OPEN)
		begin(p, t, SERVER, true, r);
	if (p->state == SHAPE_ASKED && from == CLIENT && type == TLS_MESSAGE_CERTIFICATE)
		client_flight(p, t, r->mark.frame);
	if (p->state == SHAPE_ASKED && from == CLIENT && type == TLS_MESSAGE_FINISHED) {
		t->again.done |= p->recorded;
		p->state = SHAPE_OPEN;
		t->again.bytes_after = 0;
	}
	if (p->state == SHAPE_FIRST && type == TLS_MESSAGE_FINISHED)
		finished(p, from);
}

static void message12(struct tlsshape *p, struct tls_session *t, enum side from, unsigned type,
                      const struct tlsshape_record *r)
{
	switch (type) {
	case TLS_MESSAGE_HELLO_REQUEST:
		if (from == SERVER && p->state == SHAPE_OPEN)
			begin(p, t, SERVER, true, r);
		break;
	case TLS_MESSAGE_CLIENT_HELLO:
		if (p->state == SHAPE_OPEN)
			begin(p, t, CLIENT, false, r);
		if (p->state == SHAPE_ASKED)
			hello(p, t, r->mark.frame);
		break;
	case TLS_MESSAGE_SERVER_HELLO:
		if (p->state == SHAPE_HELLO)
			flight(p, t, r->mark.frame);
		break;
	case TLS_MESSAGE_CERTIFICATE:
	case TLS_MESSAGE_CLIENT_KEY_EXCHANGE:
		if (from == CLIENT && p->state == SHAPE_FLIGHT)
			client_flight(p, t, r->mark.frame);
		break;
	case TLS_MESSAGE_FINISHED:
		if (p->state != SHAPE_OPEN)
			finished(p, from);
		break;
	default:
		break;
	}
}

void tlsshape_message(struct tlsshape *p, struct tls_session *t, enum side from, unsigned type,
                      const struct tlsshape_record *r)
{
	p->between = from == SERVER;
	if (tls_is_13(t->version))
		message13(p, t, from, type, r);
	else
		message12(p, t, from, type, r);
}

void tlsshape_change(struct tlsshape *p, struct tls_session *t, enum side from)
{
	if (p->state != SHAPE_HELLO && p->state != SHAPE_FLIGHT)
		return;
	p->changed[from] = true;
	if (!p->changed[side_other(from)])
		return;
	if (p->recorded)
		t->again.done = true;
	t->again.bytes_after = 0;
}

void tlsshape_restart(struct tlsshape *p, struct tls_session *t, enum side from)
{
	bool other = p->state != SHAPE_FIRST || p->finished[side_other(from)];

	if (p->state != SHAPE_FIRST && p->state != SHAPE_OPEN)
		t->again = (struct tls_again){ 0 };
	*p = (struct tlsshape){ .requests = p->requests };
	p->finished[side_other(from)] = other;
}

void tlsshape_alert(struct tlsshape *p, struct tls_session *t, enum side from, uint64_t frame)
{
	if (p->state == SHAPE_ASKED && p->recorded && from == CLIENT && !t->again.alert_frame)
		t->again.alert_frame = frame;
}

void tlsshape_application(struct tlsshape *p, struct tls_session *t, enum side from, size_t length,
                          bool joined)
{
	if (p->state == SHAPE_FIRST && joined)
		finished(p, side_other(from));
	if (p->state == SHAPE_FIRST)            /* a side that sends data has finished */
		finished(p, from);
	p->between = true;
	if (from == CLIENT) {
		p->requests++;
		p->spoke |= p->state == SHAPE_OPEN;
		return;
	}
	p->requests = 0;
	if (t->again.asked)
		t->again.bytes_after += length;
}
