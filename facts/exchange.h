/* facts/exchange.h - one HTTP request with its response.
 *
 * Either half may be absent (joined mid-connection, one direction only, no
 * answer).  Everything a span points to lives in the exchange's own arena:
 * valid while the fact is lent, dead afterwards.
 */
#ifndef FACTS_EXCHANGE_H
#define FACTS_EXCHANGE_H

#include "base/tongue.h"
#include "facts/answerer.h"
#include "facts/connection.h"
#include "facts/credentials.h"

struct location_message;
struct soap_call;
struct tls_session;

enum { EXCHANGE_BODY_KEPT = 8192 };     /* of each decoded body's beginning */

struct http_header {
	struct span name, value;        /* value without white space around; folds joined by a space */
};

/* X(symbol, name in outputs): what is odd about a message; none is an error of ours. */
#define HTTP_ANOMALIES(X)                                                       \
	X(BARE_LF,            "lines end in LF alone")                          \
	X(FOLDED,             "a header is folded over lines")                  \
	X(HEAD_TOO_LONG,      "the head is longer than is kept")                \
	X(TOO_MANY_HEADERS,   "more headers than are kept")                     \
	X(BAD_HEADER,         "a header line without a colon or name")          \
	X(LENGTH_CONFLICT,    "Content-Length told twice, differently")         \
	X(LENGTH_AND_CHUNKED, "both Content-Length and Transfer-Encoding")      \
	X(BAD_LENGTH,         "Content-Length is no number")                    \
	X(BAD_CHUNK,          "a chunk size is no number")                      \
	X(UNKNOWN_CODING,     "a transfer or content coding nobody knows")      \
	X(BAD_CODING,         "the content coding does not decode")             \
	X(BOMB,               "the body expands beyond all measure")            \
	X(BAD_START_LINE,     "the first line is no request or status line")    \
	X(VERSION_ODD,        "an HTTP version other than 1.0 and 1.1")

#define X(symbol, text) HTTP_##symbol,
enum http_anomaly { HTTP_ANOMALIES(X) HTTP_ANOMALY_COUNT };
#undef X

const char *http_anomaly_text(enum http_anomaly a);

/* What all of a file hashes to, of which this body brought the last that was missing. */
enum body_digest {
	BODY_DIGEST_UNKNOWN,            /* not all of it passed by in order, or nobody looked */
	BODY_DIGEST_EQUAL,              /* to the SHA-1 that its address is made of */
	BODY_DIGEST_OTHER,
};

struct http_body {
	uint64_t wire_bytes;            /* with chunk framing */
	uint64_t entity_bytes;          /* without it, before decompression */
	uint64_t decoded_bytes;         /* after decompression; 0 when nobody decoded it */
	uint64_t declared;              /* by Content-Length, when has_length */
	uint64_t lost_bytes;            /* fell into holes */
	bool has_length, chunked;
	bool skipped;                   /* its bytes were not looked at */
	bool complete;                  /* its end was reached */
	bool decoded;                   /* every content coding was undone, to the end */
	enum body_digest digest;        /* of answers with update files */
	struct span start;              /* first EXCHANGE_BODY_KEPT decoded bytes; empty when skipped */
};

struct http_message {
	bool present;
	uint64_t first_frame, last_frame;       /* of its first and last byte */
	int64_t first_time, last_time;
	int64_t end_time;               /* when its last byte came: MOMENT_NONE while incomplete */
	uint8_t version;                /* 9 (no head), 10, 11 */
	bool head_complete;
	const struct http_header *headers;
	size_t header_count;
	struct http_body body;
	unsigned anomalies;             /* bits 1u << enum http_anomaly */
};

/* How it ended.  X(symbol, name) */
#define EXCHANGE_ENDS(X) \
	X(COMPLETE,        "complete") \
	X(OPEN,            N_("still open when the capture ends")) \
	X(LOST,            N_("bytes of it are missing from the capture")) \
	X(FIN_BY_SERVER,   N_("the server's side closed the connection")) \
	X(FIN_BY_CLIENT,   N_("the client closed the connection")) \
	X(RESET,           N_("the connection was reset")) \
	X(SILENCE,         N_("the connection went silent")) \
	X(REPLACED,        N_("the other side spoke another protocol"))

#define X(symbol, name) EXCHANGE_##symbol,
enum exchange_end { EXCHANGE_ENDS(X) };
#undef X

const char *exchange_end_text(enum exchange_end e);

/* Authentication as far as its headers tell: scheme and leg.  X(symbol, scheme name) */
#define AUTH_SCHEMES(X)                 \
	X(BASIC,      "Basic")          \
	X(DIGEST,     "Digest")         \
	X(NTLM,       "NTLM")           \
	X(NEGOTIATE,  "Negotiate")      \
	X(KERBEROS,   "Kerberos")       \
	X(BEARER,     "Bearer")         \
	X(OTHER,      "another scheme")

#define X(symbol, name) AUTH_##symbol,
enum auth_scheme { AUTH_SCHEMES(X) AUTH_SCHEME_COUNT };
#undef X

/* Legs of a dance.  X(symbol, name) */
#define AUTH_STEPS(X)                                   \
	X(NONE,          "none")                        \
	X(CREDENTIALS,   "credentials")  /* Basic, Digest, Bearer */ \
	X(NTLM_NEGOTIATE, "negotiate")   /* NTLM message 1 */        \
	X(NTLM_CHALLENGE, "challenge")   /* NTLM message 2 */        \
	X(NTLM_AUTHENTICATE, "authenticate") /* NTLM message 3 */    \
	X(SPNEGO_TOKEN,  "token")        /* SPNEGO that goes on; or what nobody can read */ \
	X(KERBEROS,      "kerberos")     /* a ticket, or the proof that answers it */ \
	X(KERBEROS_ERROR, "kerberos-error") \
	X(COMPLETED,     "completed")    /* SPNEGO: the login is accepted, what is asked for need not be */ \
	X(REJECTED,      "rejected")     /* SPNEGO: it is not */

#define X(symbol, name) AUTH_STEP_##symbol,
enum auth_step { AUTH_STEPS(X) AUTH_STEP_COUNT };
#undef X

const char *auth_scheme_name(enum auth_scheme s);
const char *auth_step_name(enum auth_step s);

/* False: behind that token of an answer the client has nothing more to say. */
bool auth_step_goes_on(enum auth_step s);

/* One of two: towards the server (Authorization, WWW-Authenticate), towards the proxy (Proxy-*). */
struct auth {
	unsigned offered;               /* by the response: bits 1u << enum auth_scheme */
	bool sent;                      /* the request carried credentials or a token */
	enum auth_scheme scheme;        /* of what was sent */
	enum auth_step sent_step;
	enum auth_step answer_step;     /* of the response's token; NONE: it has none */
	struct span user;               /* Basic, Digest, NTLM; never the password */
	struct span domain, workstation;        /* NTLM; "DOMAIN\\user" elsewhere; a Digest's realm */
	const struct auth_token *sent_token;    /* of NTLM, Negotiate, Kerberos; NULL: none */
	const struct auth_token *answer_token;
};

enum { INTERIMS_KEPT = 4 };

/* An answer before the final one: 100, 103 (RFC 9110 section 15.2). */
struct interim {
	uint16_t status;
	uint64_t frame;
	int64_t time;
};

struct exchange {
	const struct connection *conn;
	/* the CONNECT it ran through, or NULL; lent, only method, target, host set */
	const struct exchange *tunnel;
	/* the TLS session it was read out of, as far as that has come, or NULL */
	const struct tls_session *tls;
	const struct soap_call *soap;   /* what its bodies say, where they are SOAP; else NULL */
	const struct location_message *location;        /* ... where they are ConfigMgr's; else NULL */
	uint64_t number;                /* in its connection, from 0 */
	struct http_message request, response;
	struct span method;
	struct span target;             /* as sent */
	/* of an absolute target, else of the Host header; as sent, with port */
	struct span host;
	/* of the target, from '/', without query; empty for CONNECT and "*" */
	struct span path;
	uint8_t place;                  /* 1 + enum wsus_place of the path; 0: not looked up yet */
	uint16_t status;                /* 0: no response */
	struct span reason;
	unsigned interim_count;         /* may exceed what is kept */
	struct interim interims[INTERIMS_KEPT];
	enum exchange_end end;
	/* ns from the request's last byte to the response's first; -1 unknown */
	int64_t ttfb;
	/* ns the connection was silent before the request; -1 first of its connection */
	int64_t idle_before;
	bool via_proxy;                 /* absolute-form, CONNECT, inside a tunnel, or Proxy-* headers */
	struct auth server_auth, proxy_auth;
	struct answerer answered_by;    /* who made the response, with reasons; see answerer.h */
};

/* Value of the first header of that name (any case), or an empty span with at == NULL. */
struct span http_header(const struct http_message *m, struct span name);

/* A 416 that says: all of it is there already.  Who goes on with a file that is whole asks for the bytes from
 * its end on (RFC 9110 section 15.5.17). */
bool http_range_is_done(const struct exchange *x);

#endif
