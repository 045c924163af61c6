/* tests/sessions.h - TLS sessions and certificates made by hand, for what judges them. */
#ifndef TESTS_SESSIONS_H
#define TESTS_SESSIONS_H

#include "facts/tls.h"
#include "tests/trial.h"

/* A connection to 198.51.100.10:8531, closed by the server, so many seconds after SESSIONS_EPOCH. */
struct connection session_connection(const char *client, int64_t at);

/* 2026-03-01T00:00:00Z */
#define SESSIONS_EPOCH (INT64_C(1772323200) * MOMENT_S)
#define SESSIONS_DAY   (INT64_C(86400) * MOMENT_S)

/* A hello up to TLS 1.3 for wsus01.corp.example that nobody answered. */
struct tls_session session_hello(const struct connection *c);

/* The server answered as far as its Certificate. */
void session_answer(struct tls_session *t, uint16_t version);

/* The handshake is done. */
void session_finish(struct tls_session *t, uint16_t version);

/* Requests and answers went through. */
void session_talk(struct tls_session *t, uint16_t version);

/* One of these ends. */
void session_leave(struct connection *c);       /* the client hangs up */
void session_alert(struct tls_session *t, enum side by, uint8_t description);

/* RSA 2048, SHA-256, for wsus01.corp.example, by "Corp Issuing CA", a year around the epoch each way. */
struct certificate session_certificate(void);

/* What a row of a table changes; `leaf` is shown only where session_tell_certificate() tells it. */
struct story {
	struct connection *c;
	struct tls_session *t;
	struct certificate *leaf;
};

/* Tells a changed hello on a connection of that client, and the same with a certificate. */
void session_tell(struct trial *t, void (*change)(struct story s), const char *client, int64_t at);
void session_tell_certificate(struct trial *t, void (*change)(struct story s), const char *client,
                              int64_t at);

/* Changes: all goes well with TLS 1.2; the client refuses what it was answered. */
void session_passes(struct story s);
void session_refuses(struct story s, uint8_t alert);

#endif
