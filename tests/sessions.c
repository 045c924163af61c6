/* tests/sessions.c - sessions in the states that judges tell apart. */
#include "tests/sessions.h"

#include <stdio.h>

enum { CLIENT_HELLO = 1, SERVER_HELLO_DONE = 14, FINISHED = 20, FATAL = 2 };

struct connection session_connection(const char *client, int64_t at)
{
	struct connection c = connection_at(client, "198.51.100.10:8531", SESSIONS_EPOCH / MOMENT_S + at);

	c.side[SERVER].bytes = 0;
	c.side[SERVER].fin_frame = 8;
	return c;
}

struct tls_session session_hello(const struct connection *c)
{
	struct tls_session t = {
		.conn = c,
		.first_time = c->first_time,
		.last_time = c->last_time,
		.client_hello = true,
		.client_hello_frame = 4,
		.client_hello_time = c->first_time,
		.offered_legacy = 0x0303,
		.offered_max = TLS_1_3,
		.offered_min = 0x0303,
		.last_message = { CLIENT_HELLO, -1 },
	};

	snprintf(t.server_name, sizeof t.server_name, "wsus01.corp.example");
	return t;
}

void session_answer(struct tls_session *t, uint16_t version)
{
	t->server_hello = true;
	t->server_hello_frame = 5;
	t->version = version;
	t->cipher = version == TLS_1_3 ? 0x1301 : 0xc02f;
	t->certificate_frame = version == TLS_1_3 ? 0 : 5;
	t->last_message[SERVER] = version == TLS_1_3 ? FINISHED : SERVER_HELLO_DONE;
	t->last_frame[SERVER] = 5;
}

void session_finish(struct tls_session *t, uint16_t version)
{
	session_answer(t, version);
	t->established = true;
	t->last_message[CLIENT] = t->last_message[SERVER] = FINISHED;
}

void session_talk(struct tls_session *t, uint16_t version)
{
	session_finish(t, version);
	t->application_records[CLIENT] = t->application_records[SERVER] = 5;
	t->application_bytes[CLIENT] = 3000;
	t->application_bytes[SERVER] = 20000;
	t->application_first[CLIENT] = 6;
	t->application_first[SERVER] = t->application_last[CLIENT] = 7;
	t->application_last[SERVER] = 8;
}

void session_leave(struct connection *c)
{
	c->side[CLIENT].fin_frame = 7;
	c->side[SERVER].fin_frame = 9;
	c->side[SERVER].bytes = 3000;
}

void session_alert(struct tls_session *t, enum side by, uint8_t description)
{
	t->alerts[t->alert_count++] =
		(struct tls_alert){ .by = by, .frame = 6, .level = FATAL, .description = description };
}

struct certificate session_certificate(void)
{
	static const struct certificate_name names[] = { { .text = SPAN_LIT("wsus01.corp.example") } };

	return (struct certificate){
		.readable = true,
		.subject = SPAN("CN=wsus01.corp.example"),
		.issuer = SPAN("CN=Corp Issuing CA, O=Corp"),
		.common_name = SPAN("wsus01.corp.example"),
		.issuer_name = SPAN("Corp Issuing CA"),
		.subject_der = SPAN("leaf"),
		.issuer_der = SPAN("issuing"),
		.names = names,
		.name_count = 1,
		.not_before = SESSIONS_EPOCH - 365 * SESSIONS_DAY,
		.not_after = SESSIONS_EPOCH + 365 * SESSIONS_DAY,
		.key = KEY_RSA,
		.key_bits = 2048,
		.digest = SIGNATURE_SHA256,
		.usage = USAGE_SERVER,
		.thumbprint = { 0xab, 0xcd },
	};
}

static void tell(struct trial *t, void (*change)(struct story s), const char *client, int64_t at,
                 unsigned certificates)
{
	struct connection c = session_connection(client, at);
	struct tls_session s = session_hello(&c);
	struct certificate leaf = session_certificate();

	s.certificates.list[0] = &leaf;
	s.certificates.count = certificates;
	change((struct story){ &c, &s, &leaf });
	trial_tls(t, &s);
}

void session_tell(struct trial *t, void (*change)(struct story s), const char *client, int64_t at)
{
	tell(t, change, client, at, 0);
}

void session_tell_certificate(struct trial *t, void (*change)(struct story s), const char *client,
                              int64_t at)
{
	tell(t, change, client, at, 1);
}

void session_passes(struct story s)
{
	session_talk(s.t, TLS_1_2);
}

void session_refuses(struct story s, uint8_t alert)
{
	session_answer(s.t, TLS_1_2);
	session_alert(s.t, CLIENT, alert);
	session_leave(s.c);
}
