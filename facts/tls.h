/* facts/tls.h - one TLS session, as far as its records tell in the clear. */
#ifndef FACTS_TLS_H
#define FACTS_TLS_H

#include "facts/connection.h"

struct exchange;

enum { TLS_ALERTS_KEPT = 16, TLS_NAME_MAX = 256 };

struct tls_alert {
	enum side by;
	uint64_t frame;
	bool encrypted;                 /* then level and description are unknown */
	uint8_t level, description;
};

/* The last handshake message of a side, for "who stopped after what".  X(symbol, wire value, name) */
#define TLS_MESSAGES(X)                                         \
	X(HELLO_REQUEST, 0, "HelloRequest")                     \
	X(CLIENT_HELLO, 1, "ClientHello")                       \
	X(SERVER_HELLO, 2, "ServerHello")                       \
	X(NEW_SESSION_TICKET, 4, "NewSessionTicket")            \
	X(ENCRYPTED_EXTENSIONS, 8, "EncryptedExtensions")       \
	X(CERTIFICATE, 11, "Certificate")                       \
	X(SERVER_KEY_EXCHANGE, 12, "ServerKeyExchange")         \
	X(CERTIFICATE_REQUEST, 13, "CertificateRequest")        \
	X(SERVER_HELLO_DONE, 14, "ServerHelloDone")             \
	X(CERTIFICATE_VERIFY, 15, "CertificateVerify")          \
	X(CLIENT_KEY_EXCHANGE, 16, "ClientKeyExchange")         \
	X(FINISHED, 20, "Finished")                             \
	X(CERTIFICATE_STATUS, 22, "CertificateStatus")

struct tls_session {
	const struct connection *conn;
	const struct exchange *tunnel;  /* the CONNECT it ran through, or NULL */
	int64_t first_time, last_time;
	/* hello of the client */
	bool client_hello;
	uint64_t client_hello_frame;
	int64_t client_hello_time;
	bool sslv2_hello;
	uint16_t offered_legacy;        /* legacy_version */
	uint16_t offered_max;           /* highest of supported_versions, GREASE aside; else offered_legacy */
	uint16_t offered_min;           /* lowest of supported_versions; 0: not told */
	char server_name[TLS_NAME_MAX]; /* "" : no SNI */
	bool hello_cut;                 /* not all captured: SNI and the rest are unknown, not absent */
	/* hello of the server */
	bool server_hello;
	uint64_t server_hello_frame;
	uint16_t version;               /* negotiated */
	uint16_t cipher;
	bool hello_retry;
	bool resumed;                   /* by the shape of the handshake */
	/* after the hellos */
	uint64_t certificate_frame;             /* server's Certificate; 0: none in the clear */
	uint64_t certificate_request_frame;     /* 0: none in the clear */
	bool client_certificate_message;
	bool client_certificate_empty;
	uint64_t client_certificate_frame;
	bool established;               /* both sides sent application data, or both finished */
	uint64_t application_records[2], application_bytes[2];
	int last_message[2];            /* of TLS_MESSAGES; -1 none; 20: Finished, or any encrypted one */
	uint64_t last_frame[2];
	struct tls_alert alerts[TLS_ALERTS_KEPT];
	unsigned alert_count;           /* may exceed what is kept */
	/* what a side sent in place of TLS: its first bytes */
	bool not_tls[2];
	uint8_t other_bytes[2][64];
	uint8_t other_len[2];
	uint64_t other_frame[2];
	unsigned lost;                  /* holes inside */
};

/* The client left soon after its hello, before any answer and without an alert: it lost interest (a race of
 * two addresses, a connection made in advance), and nothing is wrong with the server. */
bool tls_left_early(const struct tls_session *t);

const char *tls_message_name(int type);         /* "?" when unknown; "nothing" for -1 */
const char *tls_alert_name(unsigned description);       /* "unknown" when unknown */
const char *tls_version_name(unsigned version);         /* "TLS 1.2"; "unknown" */

#endif
