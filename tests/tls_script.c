/* tests/tls_script.c - words into records, as RFC 5246 section 6.2 and RFC 8446 section 5 lay them out. */
#include "tests/tls_script.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "decoders/tlsrec.h"
#include "decoders/tlssession.h"

enum { BODY_MAX = 1024, DEFAULT_VERSION = 0x0303, DEFAULT_SUITE = 0xc02f };

struct word {
	enum side from;
	char kind;
	unsigned number;
	const char *letters;
	size_t letters_len;
};

static bool next_word(const char **at, struct word *w)
{
	char *end;

	while (**at == ' ')
		++*at;
	if (!**at)
		return false;
	w->from = **at == 'C' ? CLIENT : SERVER;
	w->kind = (*at)[1];
	w->number = (unsigned)strtoul(*at + 2, &end, 10);
	w->letters = end;
	w->letters_len = strcspn(end, " ");
	*at = end + w->letters_len;
	return true;
}

static bool has(const struct word *w, char letter)
{
	return memchr(w->letters, letter, w->letters_len);
}

static void add(struct buf *b, const char *bytes, size_t len)
{
	buf_add(b, span_of(bytes, len));
}

#define ADD(b, text) add(b, text, sizeof(text) - 1)

static void client_hello(struct buf *b, const struct word *w)
{
	ADD(b, "\3\3" "cccccccccccccccccccccccccccccccc");
	if (has(w, 's'))
		ADD(b, "\4same");
	else
		ADD(b, "\0");
	ADD(b, "\0\2\xc0\x2f\1\0");
	if (has(w, 'e'))
		ADD(b, "\0\x0b\0\x2b\0\3\2\3\4\0\x2a\0\0");
	else
		ADD(b, "\0\7\0\x2b\0\3\2\3\4");
}

static void server_hello(struct buf *b, const struct word *w, const struct tls_script *s)
{
	bool tls13 = s->version == 0x0304;
	uint16_t version = tls13 || !s->version ? DEFAULT_VERSION : s->version;
	uint16_t suite = s->suite ? s->suite : DEFAULT_SUITE;

	buf_add_byte(b, (uint8_t)(version >> 8));
	buf_add_byte(b, (uint8_t)version);
	if (has(w, 'r'))
		ADD(b, "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"
		       "\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c");
	else if (has(w, 'd'))
		ADD(b, "ssssssssssssssssssssssssDOWNGRD\1");
	else
		ADD(b, "ssssssssssssssssssssssssssssssss");
	if (has(w, 's'))
		ADD(b, "\4same");
	else
		ADD(b, "\0");
	buf_add_byte(b, (uint8_t)(suite >> 8));
	buf_add_byte(b, (uint8_t)suite);
	ADD(b, "\0\0");
	buf_add_byte(b, (uint8_t)((tls13 ? 6 : 0) + (has(w, 'p') ? 6 : 0) + (s->encrypt_then_mac ? 4 : 0)));
	if (tls13)
		ADD(b, "\0\x2b\0\2\3\4");
	if (has(w, 'p'))
		ADD(b, "\0\x29\0\2\0\0");
	if (s->encrypt_then_mac)
		ADD(b, "\0\x16\0\0");
}

static void certificate(struct buf *b, const struct word *w, const struct tls_script *s)
{
	if (s->version == 0x0304)
		ADD(b, "\0");
	if (has(w, 'x'))
		ADD(b, "\0\0\x0d\0\0\x0a" "xxxxxxxxxx");
	else
		ADD(b, "\0\0\0");
	if (has(w, 'x') && s->version == 0x0304)
		ADD(b, "\0\0");
}

static void message_body(struct buf *b, const struct word *w, const struct tls_script *s)
{
	switch (w->number) {
	case 4:                         /* longer than any HelloRequest, as tickets are */
		ADD(b, "\0\0\1\x2c\0\x64" "tttttttttttttttttttttttttttttttttttttttttttttttttt"
		       "tttttttttttttttttttttttttttttttttttttttttttttttttt");
		break;
	case 0:
	case 5:
	case 14:
		break;
	case 1:
		client_hello(b, w);
		break;
	case 2:
		server_hello(b, w, s);
		break;
	case 11:
		certificate(b, w, s);
		break;
	case 13:
		if (s->version == 0x0304)
			ADD(b, "\0\0\0");
		else
			ADD(b, "\1\1\0\0\0\0");
		break;
	case 20:
		ADD(b, "ffffffffffff");
		break;
	default:
		ADD(b, "kkkk");
		break;
	}
}

static unsigned record_type(char kind)
{
	switch (kind) {
	case 'm':
	case 'M':
	case 'h': return TLSREC_HANDSHAKE;
	case 'c':
	case 'K': return TLSREC_CHANGE_CIPHER_SPEC;
	case 'a':
	case 'A': return TLSREC_ALERT;
	default:  return TLSREC_APPLICATION_DATA;
	}
}

static bool is_opened(char kind)
{
	return kind == 'M' || kind == 'A' || kind == 'D' || kind == 'K';
}

static size_t record_length(const struct word *w, const struct buf *body)
{
	switch (w->kind) {
	case 'm':
	case 'M': return 4 + body->len;
	case 'A': return 2;
	case 'K': return 1;
	default:  return w->number;
	}
}

static void tell_again(FILE *out, const struct tls_again *a)
{
	if (!a->asked)
		return;
	fprintf(out, "again %s %d%s", a->by == CLIENT ? "client" : "server", (int)a->frame,
	        a->fits ? " fits" : "");
	if (a->requests_before)
		fprintf(out, " requests %u", a->requests_before);
	if (a->hello_frame)
		fprintf(out, " hello %d", (int)a->hello_frame);
	if (a->flight_frame)
		fprintf(out, " flight %d", (int)a->flight_frame);
	if (a->client_flight_frame)
		fprintf(out, " keys %d", (int)a->client_flight_frame);
	if (a->alert_frame)
		fprintf(out, " alert %d", (int)a->alert_frame);
	if (a->count > 1)
		fprintf(out, " count %u", a->count);
	fprintf(out, "%s after %d; ", a->done ? " done" : "", (int)a->bytes_after);
}

static void tell_flight(FILE *out, const struct tls_session *t)
{
	static const char *const names[] = {
		[FLIGHT13_UNKNOWN] = "unknown", [FLIGHT13_FINISHED] = "finished",
		[FLIGHT13_EMPTY_CERTIFICATE] = "empty certificate", [FLIGHT13_CERTIFICATE] = "certificate",
	};

	if (t->flight13 || t->flight13_frame)
		fprintf(out, "flight %s %d; ", names[t->flight13], (int)t->flight13_frame);
}

static void tell_alerts(FILE *out, const struct tls_session *t)
{
	for (unsigned i = 0; i < t->alert_count && i < TLS_ALERTS_KEPT; i++)
		fprintf(out, "alert %s %d %s; ", t->alerts[i].by == CLIENT ? "client" : "server",
		        (int)t->alerts[i].frame,
		        t->alerts[i].encrypted ? "hidden" : tls_alert_name(t->alerts[i].description));
}

static void tell_certificates(FILE *out, const struct tls_session *t)
{
	if (t->certificate_request_frame)
		fprintf(out, "request %d%s; ", (int)t->certificate_request_frame,
		        t->certificate_request_decrypted ? " opened" : "");
	if (t->client_certificate_message)
		fprintf(out, "client certificate %d%s; ", (int)t->client_certificate_frame,
		        t->client_certificate_empty ? " empty" : "");
}

static void tell(FILE *out, const struct tls_session *t)
{
	if (t->resumed)
		fprintf(out, "resumed; ");
	if (t->downgrade)
		fprintf(out, "downgrade; ");
	if (t->client_hellos > 1)
		fprintf(out, "%u hellos; ", t->client_hellos);
	tell_certificates(out, t);
	tell_again(out, &t->again);
	tell_flight(out, t);
	tell_alerts(out, t);
	for (enum side side = CLIENT; side <= SERVER; side++)
		if (t->application_records[side])
			fprintf(out, "%s sent %d in %d..%d; ", side == CLIENT ? "client" : "server",
			        (int)t->application_bytes[side], (int)t->application_first[side],
			        (int)t->application_last[side]);
	fprintf(out, "last %s %d, %s %d%s", tls_message_name(t->last_message[CLIENT]),
	        (int)t->last_frame[CLIENT], tls_message_name(t->last_message[SERVER]),
	        (int)t->last_frame[SERVER], t->established ? "; established" : "");
}

static void play(struct tlssession *session, const struct tls_script *script, const struct word *w,
                 struct mark mark)
{
	struct buf body;
	struct tlssession_record r = {
		.type = record_type(w->kind), .opened = is_opened(w->kind), .mark = mark,
	};
	uint8_t alert[2] = { 1, (uint8_t)w->number };

	if (w->kind == '!') {
		session->blind = true;
		return;
	}
	buf_init(&body, BODY_MAX);
	if (w->kind == 'm' || w->kind == 'M')
		message_body(&body, w, script);
	r.length = record_length(w, &body);
	if (tlssession_record(session, w->from, &r) && r.type == TLSREC_HANDSHAKE) {
		struct tlsmsg_event ev = { (uint8_t)w->number, body.len, buf_span(&body), false };

		tlssession_message(session, w->from, &ev, mark);
	} else if (r.type == TLSREC_ALERT && (w->kind == 'A' || r.length == 2)) {
		tlssession_alert(session, w->from, alert, mark.frame);
	}
	buf_release(&body);
}

void tls_script_told_start(const struct tls_script *script, size_t count, char text[static SCRIPT_TEXT])
{
	static const struct connection conn;
	struct stack_context context = { 0 };
	struct layer_env env = { .context = &context, .place = { .conn = &conn }, .joined = script->joined };
	struct tlssession session;
	struct mark mark = { 0, 0 };
	const char *at = script->words;
	FILE *out = fmemopen(text, SCRIPT_TEXT, "w");
	struct word w;

	tlssession_init(&session, &env);
	while (mark.frame < count && next_word(&at, &w)) {
		mark.frame++;
		play(&session, script, &w, mark);
	}
	tlssession_end(&session);
	tell(out, &session.fact);
	tlssession_release(&session);
	fclose(out);
}

void tls_script_told(const struct tls_script *script, char text[static SCRIPT_TEXT])
{
	tls_script_told_start(script, SIZE_MAX, text);
}

static void take(void *self, const struct fact *fact)
{
	tell(self, fact->tls);
}

/* One record as bytes. */
static void render(struct buf *b, const struct tls_script *script, const struct word *w)
{
	struct buf body;
	size_t length;

	buf_init(&body, BODY_MAX);
	if (w->kind == 'm')
		message_body(&body, w, script);
	length = record_length(w, &body);
	buf_add_byte(b, (uint8_t)record_type(w->kind));
	ADD(b, "\3\3");
	buf_add_byte(b, (uint8_t)(length >> 8));
	buf_add_byte(b, (uint8_t)length);
	if (w->kind == 'm') {
		buf_add_byte(b, (uint8_t)w->number);
		buf_add_byte(b, 0);
		buf_add_byte(b, (uint8_t)(body.len >> 8));
		buf_add_byte(b, (uint8_t)body.len);
		buf_add(b, buf_span(&body));
	} else {
		for (size_t i = 0; i < length; i++)
			buf_add_byte(b, 1);
	}
	buf_release(&body);
}

bool tls_script_told_bytes(const struct tls_script *script, size_t step, char text[static SCRIPT_TEXT])
{
	static const struct connection conn;
	struct limits limits = { 0 };
	FILE *out = fmemopen(text, SCRIPT_TEXT, "w");
	struct fact_sink sink = { out, take };
	struct stack_context context = { .sink = &sink, .limits = &limits };
	struct layer_env env = { .context = &context, .place = { .conn = &conn }, .joined = script->joined };
	struct mark mark = { 0, 0 };
	const char *at = script->words;
	void *layer = layer_tls.create(&env);
	bool said = true;
	struct word w;

	while (next_word(&at, &w) && said) {
		struct buf bytes;
		struct span left;

		said = !is_opened(w.kind) && w.kind != '!';
		mark.frame++;
		buf_init(&bytes, 8192);
		render(&bytes, script, &w);
		for (left = buf_span(&bytes); left.len && said;)
			layer_tls.bytes(layer, w.from, span_take(&left, step), mark);
		buf_release(&bytes);
	}
	layer_tls.end(layer, STACK_END_CAPTURE, mark);
	layer_tls.destroy(layer);
	fclose(out);
	return said;
}
