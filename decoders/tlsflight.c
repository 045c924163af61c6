/* decoders/tlsflight.c - the flights of TLS 1.3. */
#include "decoders/tlsflight.h"

#include "decoders/tlssuite.h"

/* Contents in bytes (RFC 8446 sections 4.4, 4.5 and 6).  A certificate and a proof of its key are longer than
 * MUTUAL_LEN: the smallest of them is 200 bytes of X.509 and 64 of an EC signature. */
enum {
	ALERT_LEN = 2,
	END_OF_EARLY_DATA_LEN = 4,
	EMPTY_CERTIFICATE_LEN = 4 + 1 + 3,
	FINISHED_SHA256_LEN = 4 + 32,
	FINISHED_SHA384_LEN = 4 + 48,
	MUTUAL_LEN = 300,
	USUAL_EXTRA = 1 + 16,           /* type and tag, of every suite but CCM_8 */
};

static size_t record_length(const struct tls_session *t, size_t content)
{
	size_t length = tls_record_length(tls_suite(t->cipher), t->version, false, content);

	return length ? length : content + USUAL_EXTRA;
}

size_t tlsflight_alert_length(const struct tls_session *t)
{
	return record_length(t, ALERT_LEN);
}

/* As long as a Finished after `before` bytes; of either digest when the suite is not known. */
static bool is_finished(const struct tls_session *t, size_t before, size_t length)
{
	const struct tls_suite *suite = tls_suite(t->cipher);

	return (length == record_length(t, before + FINISHED_SHA256_LEN) &&
	        (!suite || suite->prf == TLS_SHA256)) ||
	       (length == record_length(t, before + FINISHED_SHA384_LEN) &&
	        (!suite || suite->prf == TLS_SHA384));
}

static void note(struct tlsflight *f, struct tls_session *t, enum side from, uint64_t frame)
{
	if (f->records[from] < UINT32_MAX)
		f->records[from]++;
	f->frame[from] = frame;
	t->last_message[from] = TLS_MESSAGE_FINISHED;
	t->last_frame[from] = frame;
}

/* What the client's flight was, once its Finished is there.  A server that resumes asks for nothing (RFC 8446
 * section 4.3.2), and behind early data without its end nobody knows where the flight begins. */
static enum tls_flight13 judge(const struct tlsflight *f, const struct tls_session *t, bool coalesced)
{
	bool vague = t->offer.early_data && !f->end_of_early_data;

	if (!f->first && !coalesced)
		return FLIGHT13_FINISHED;
	if (t->resumed || vague)
		return FLIGHT13_UNKNOWN;
	if (coalesced || (f->first == record_length(t, EMPTY_CERTIFICATE_LEN) && f->total == f->first))
		return FLIGHT13_EMPTY_CERTIFICATE;
	return f->first > record_length(t, EMPTY_CERTIFICATE_LEN) && f->total >= MUTUAL_LEN ?
	       FLIGHT13_CERTIFICATE : FLIGHT13_UNKNOWN;
}

static void client_finished(struct tlsflight *f, struct tls_session *t, bool coalesced, uint64_t frame)
{
	f->finished[CLIENT] = true;
	t->flight13 = judge(f, t, coalesced);
	t->flight13_frame = f->first_frame ? f->first_frame : frame;
}

/* Early data ends by a record of its own when the server takes it, and by the Finished when it does not. */
static bool is_early(struct tlsflight *f, const struct tls_session *t, size_t length)
{
	if (!t->offer.early_data || f->end_of_early_data)
		return false;
	f->end_of_early_data = length == record_length(t, END_OF_EARLY_DATA_LEN);
	return !f->end_of_early_data && !(f->records[SERVER] && is_finished(t, 0, length));
}

static enum tlsflight_kind client_record(struct tlsflight *f, struct tls_session *t, size_t length,
                                         uint64_t frame)
{
	bool ended = f->end_of_early_data;

	if (is_early(f, t, length))
		return TLSFLIGHT_DATA;
	note(f, t, CLIENT, frame);
	if (ended != f->end_of_early_data)
		return TLSFLIGHT_HANDSHAKE;
	if (is_finished(t, 0, length)) {
		client_finished(f, t, false, frame);
	} else if (!f->first && !t->resumed && is_finished(t, EMPTY_CERTIFICATE_LEN, length)) {
		client_finished(f, t, true, frame);
	} else {
		if (!f->first) {
			f->first = length;
			f->first_frame = frame;
		}
		f->total += length;
	}
	return TLSFLIGHT_HANDSHAKE;
}

/* The server's flight lasts until the client answers; when it speaks after that, it took the answer. */
static void server_goes_on(struct tlsflight *f)
{
	if (f->records[CLIENT] || f->finished[CLIENT])
		f->finished[CLIENT] = f->finished[SERVER] = true;
}

enum tlsflight_kind tlsflight_record(struct tlsflight *f, struct tls_session *t, enum side from,
                                     size_t length, uint64_t frame, uint64_t *before)
{
	*before = 0;
	if (f->maybe_alert[from] && f->finished[from])  /* nothing follows an alert, so it was none */
		*before = f->maybe_alert[from];
	f->maybe_alert[from] = length == tlsflight_alert_length(t) ? frame : 0;
	if (f->maybe_alert[from])
		return TLSFLIGHT_HELD;
	if (from == SERVER)
		server_goes_on(f);
	if (f->finished[from])
		return TLSFLIGHT_DATA;
	if (from == CLIENT)
		return client_record(f, t, length, frame);
	note(f, t, SERVER, frame);
	return TLSFLIGHT_HANDSHAKE;
}

void tlsflight_message(struct tlsflight *f, struct tls_session *t, enum side from, int type, bool empty,
                       uint64_t frame)
{
	if (from == SERVER) {
		server_goes_on(f);      /* a ticket, a request, new keys */
		f->records[SERVER] += !f->records[SERVER];
		return;
	}
	if (f->finished[CLIENT])                /* an answer to a request after the handshake */
		return;
	if (type == TLS_MESSAGE_CERTIFICATE) {
		t->flight13 = empty ? FLIGHT13_EMPTY_CERTIFICATE : FLIGHT13_CERTIFICATE;
		t->flight13_frame = frame;
	} else if (type == TLS_MESSAGE_FINISHED) {
		if (!t->flight13_frame) {
			t->flight13 = FLIGHT13_FINISHED;
			t->flight13_frame = frame;
		}
		f->finished[CLIENT] = true;
	}
}

void tlsflight_data(struct tlsflight *f, enum side from)
{
	if (from == SERVER)
		server_goes_on(f);
}
