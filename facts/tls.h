/* facts/tls.h - one TLS session: what its records tell in the clear, and with keys what was inside.
 *
 * Lent with all that it points to.  A session that a client's certificate, or a whole new handshake, is asked
 * for within is one session: see struct tls_again.
 */
#ifndef FACTS_TLS_H
#define FACTS_TLS_H

#include "facts/certificate.h"
#include "facts/connection.h"

struct exchange;

enum { TLS_ALERTS_KEPT = 16, TLS_NAME_MAX = 256, TLS_SUITES_KEPT = 64, TLS_CHAIN_KEPT = 8 };
enum { TLS_ALPN_MAX = 48, TLS_AUTHORITIES_KEPT = 8, JA3_TEXT = 33 };

struct tls_alert {
	enum side by;
	uint64_t frame;
	bool encrypted;                 /* then level and description are unknown */
	uint8_t level, description;
};

/* X(symbol, wire value, name) */
#define TLS_VERSIONS(X)                                         \
	X(SSL_2_0, 0x0002, "SSL 2.0")                           \
	X(SSL_3_0, 0x0300, "SSL 3.0")                           \
	X(TLS_1_0, 0x0301, "TLS 1.0")                           \
	X(TLS_1_1, 0x0302, "TLS 1.1")                           \
	X(TLS_1_2, 0x0303, "TLS 1.2")                           \
	X(TLS_1_3, 0x0304, "TLS 1.3")

#define X(symbol, value, name) symbol = value,
enum tls_version { TLS_VERSIONS(X) };
#undef X

/* The last handshake message of a side, for "who stopped after what".  X(symbol, wire value, name) */
#define TLS_MESSAGES(X)                                         \
	X(HELLO_REQUEST, 0, "HelloRequest")                     \
	X(CLIENT_HELLO, 1, "ClientHello")                       \
	X(SERVER_HELLO, 2, "ServerHello")                       \
	X(NEW_SESSION_TICKET, 4, "NewSessionTicket")            \
	X(END_OF_EARLY_DATA, 5, "EndOfEarlyData")               \
	X(ENCRYPTED_EXTENSIONS, 8, "EncryptedExtensions")       \
	X(CERTIFICATE, 11, "Certificate")                       \
	X(SERVER_KEY_EXCHANGE, 12, "ServerKeyExchange")         \
	X(CERTIFICATE_REQUEST, 13, "CertificateRequest")        \
	X(SERVER_HELLO_DONE, 14, "ServerHelloDone")             \
	X(CERTIFICATE_VERIFY, 15, "CertificateVerify")          \
	X(CLIENT_KEY_EXCHANGE, 16, "ClientKeyExchange")         \
	X(FINISHED, 20, "Finished")                             \
	X(CERTIFICATE_STATUS, 22, "CertificateStatus")          \
	X(KEY_UPDATE, 24, "KeyUpdate")

#define X(symbol, value, name) TLS_MESSAGE_##symbol = value,
enum tls_message { TLS_MESSAGES(X) };
#undef X

/* How much of what it encrypts could be read.  X(symbol, name in outputs) */
#define TLS_READINGS(X)                                                                                  \
	X(NO_KEYS, "no-keys")                                                                            \
	X(READ, "read")                                                                                  \
	X(PARTLY, "partly")                     /* until bytes were missing, or a key was */             \
	X(WRONG_KEY, "wrong-key")               /* the key given for it does not fit */                  \
	X(FORWARD_SECRET, "forward-secret")     /* (EC)DHE: the server's private key cannot open it */   \
	X(UNKNOWN_SUITE, "unknown-suite")

#define X(symbol, name) TLS_##symbol,
enum tls_reading { TLS_READINGS(X) TLS_READING_COUNT };
#undef X

/* Facts of the client's hello that matter to a judge. */
struct tls_offer {
	uint16_t suites[TLS_SUITES_KEPT];       /* without GREASE and signals (SCSV), in the client's order */
	unsigned suite_count;                   /* may exceed what is kept */
	char alpn[TLS_ALPN_MAX];                /* "h2,http/1.1"; "": none */
	char ja3[JA3_TEXT];                     /* MD5 of the string that JA3 defines; "": none */
	bool post_handshake_auth;               /* extension 49: may be asked for a certificate in TLS 1.3 */
	bool early_data, psk, session_ticket, extended_master, encrypt_then_mac, renegotiation_info, fallback;
};

/* The server's Certificate, or the client's. */
struct tls_chain {
	const struct certificate *list[TLS_CHAIN_KEPT]; /* the owner's first */
	unsigned count;                 /* may exceed what is kept */
	bool decrypted;                 /* it was seen with keys only */
	bool cut;                       /* too long to be read, or it contradicts its own lengths */
};

/* Handshake records after a handshake that was done: a renegotiation (TLS 1.2 and older), told by the shape
 * of records without keys and by messages with them; in TLS 1.3 with keys, a request after the handshake. */
struct tls_again {
	bool asked;
	enum side by;                   /* who began it */
	uint64_t frame;                 /* HelloRequest, or what began it; 0: none */
	int64_t time;
	size_t length;                  /* of that record */
	bool fits;                      /* as long as a HelloRequest is in this suite, or it was read */
	unsigned requests_before;       /* the client's application records since the server's last */
	uint64_t hello_frame;           /* the client's hello that answers; 0: none */
	uint64_t flight_frame;          /* the server's flight; 0: none */
	uint64_t client_flight_frame;   /* the client's after that: certificate, keys; 0: none */
	uint64_t alert_frame;           /* the client's alert in answer: no_renegotiation, or when it
	                                 * cannot be read maybe close_notify; 0: none */
	bool done;                      /* both sides changed their cipher once more */
	unsigned count;                 /* how often */
	uint64_t bytes_after;           /* the server's application data since it was done, or asked */
};

/* The client's last flight of a TLS 1.3 handshake, by the lengths of its records (RFC 8446 section 4.4). */
enum tls_flight13 { FLIGHT13_UNKNOWN, FLIGHT13_FINISHED, FLIGHT13_EMPTY_CERTIFICATE, FLIGHT13_CERTIFICATE };

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
	struct tls_offer offer;
	unsigned client_hellos;         /* retries and renegotiations counted, as far as they can be read */
	/* hello of the server */
	bool server_hello;
	uint64_t server_hello_frame;
	uint16_t version;               /* negotiated; last, where a renegotiation could be read */
	uint16_t cipher;                /* likewise; so extended_master, encrypt_then_mac and group */
	bool hello_retry;
	bool resumed;                   /* by the shape of the handshake */
	bool downgrade;                 /* its random says that it speaks more (RFC 8446 section 4.1.3) */
	bool extended_master, encrypt_then_mac;
	char alpn[TLS_ALPN_MAX];        /* chosen; "": none, or hidden */
	uint16_t group;                 /* of ServerKeyExchange or key_share; 0: none told */
	/* after the hellos */
	uint64_t certificate_frame;             /* server's Certificate; 0: none in the clear */
	struct tls_chain certificates;
	uint64_t certificate_request_frame;     /* the first, or a later one that the client answered; 0: none
	                                         * in the clear, nor by keys */
	bool certificate_request_decrypted;
	unsigned authority_count;       /* names of CAs in the request */
	struct span authorities[TLS_AUTHORITIES_KEPT];  /* as "CN=..., O=..." */
	bool client_certificate_message;
	bool client_certificate_empty;
	uint64_t client_certificate_frame;
	struct tls_chain client_certificates;
	enum tls_flight13 flight13;
	uint64_t flight13_frame;
	struct tls_again again;
	bool established;               /* both sides sent application data, or both finished */
	uint64_t application_records[2], application_bytes[2];
	uint64_t application_first[2], application_last[2];     /* frames; 0: none */
	enum tls_reading reading;
	uint64_t records_read, records_unread;  /* of application data */
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
const char *tls_suite_name(unsigned suite);             /* IANA's; NULL when unknown */
const char *tls_reading_name(enum tls_reading r);

#endif
