/* analyzers/tlsstory.h - what the judges of TLS ask about one session: who ended it, when, for which name.
 *
 * All is pure: the session alone answers.
 */
#ifndef ANALYZERS_TLSSTORY_H
#define ANALYZERS_TLSSTORY_H

#include "facts/exchange.h"
#include "facts/tls.h"

/* Descriptions of RFC 8446 section 6 that tell causes apart. */
enum tls_alert_number {
	ALERT_CLOSE_NOTIFY = 0,
	ALERT_HANDSHAKE_FAILURE = 40,
	ALERT_BAD_CERTIFICATE = 42,
	ALERT_UNSUPPORTED_CERTIFICATE = 43,
	ALERT_CERTIFICATE_REVOKED = 44,
	ALERT_CERTIFICATE_EXPIRED = 45,
	ALERT_CERTIFICATE_UNKNOWN = 46,
	ALERT_ILLEGAL_PARAMETER = 47,
	ALERT_UNKNOWN_CA = 48,
	ALERT_PROTOCOL_VERSION = 70,
	ALERT_INSUFFICIENT_SECURITY = 71,
	ALERT_INAPPROPRIATE_FALLBACK = 86,
	ALERT_CERTIFICATE_REQUIRED = 116,
};

enum { TLS_TROUBLE_TEXT = 96 };

/* The alert by which a side ended the session, as far as it is readable; NULL: none. */
const struct tls_alert *tls_fatal_alert(const struct tls_session *t, enum side by);

/* A client's alert that is about the server's certificate. */
bool tls_alert_blames_certificate(const struct tls_alert *alert);

/* A capture that ends, or misses packets, proves nothing about a handshake that stops. */
bool tls_is_whole(const struct tls_session *t);

/* The handshake began, was seen whole, and never got done.  Not all of the client's hello may be readable,
 * where an alert speaks for itself. */
bool tls_stopped(const struct tls_session *t);

/* The client asked for something inside and got an answer of any kind. */
bool tls_answered(const struct tls_session *t);

/* Answered, and not by as little as a page that refuses a client without a certificate. */
bool tls_got_through(const struct tls_session *t);
bool tls_looks_refused(const struct tls_session *t);

/* The client hung up, by an alert or without a word, after the server's side of the handshake and before it
 * asked for anything: what a client does that does not like the server's certificate. */
bool tls_client_left(const struct tls_session *t);

/* The same, after the handshake was done: a client that checks the certificate by itself (WinHTTP, .NET), or
 * one that made a connection in advance and never needed it. */
bool tls_client_left_late(const struct tls_session *t);

/* The server asked for a client certificate after the client's request: a renegotiation of that shape. */
bool tls_asked_again(const struct tls_session *t);

/* The name that the client asks for: SNI, else the tunnel's; without port.  Empty: not told. */
struct span tls_name_asked(const struct tls_session *t);
struct span tls_without_port(struct span host);

/* The server's port; through a tunnel the one that the client wants beyond it. */
uint16_t tls_port_asked(const struct tls_session *t);

/* A session whose handshake was done, and that nevertheless came to nothing: the server asks for a client
 * certificate and the client does not get on, or the client leaves over a certificate that is out of date. */
bool tls_trouble_later(const struct tls_session *t);

/* A few words on why a session that failed did: "asks for a client certificate".  Returns `text`. */
const char *tls_trouble(const struct tls_session *t, char text[static TLS_TROUBLE_TEXT]);

#endif
