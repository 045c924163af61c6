/* probes/fetch.h - one HTTP request by libcurl, with all that it shows on the way.
 *
 * curl's connections are made and watched here, so that errors tell who rejected us; what is sent and
 * received goes to the tape as it was on the wire: plain HTTP as it stands, TLS as its records, with its
 * secrets.
 * Nothing is followed, retried or cached: one connection, unless a login needs another.  Every size and time
 * has a ceiling.
 */
#ifndef PROBES_FETCH_H
#define PROBES_FETCH_H

#include "probes/dial.h"

enum { FETCH_URL_MAX = 2048, FETCH_HEADERS_MAX = 64, FETCH_ERROR_MAX = 256, FETCH_CHAIN_MAX = 8 };
enum { FETCH_SOCKETS = 3 };     /* that it holds at once: one to the network, two between curl and that one */

/* How far it came.  X(symbol, words for a report) */
#define FETCH_STAGES(X)                                                         \
	X(CONNECT, "no connection")                                             \
	X(TUNNEL, "the proxy opened no tunnel")                                 \
	X(TLS, "the TLS handshake failed")                                      \
	X(ANSWER, "no answer")                                                  \
	X(BODY, "the answer broke off")                                         \
	X(DONE, "answered")

#define X(symbol, text) FETCH_##symbol,
enum fetch_stage { FETCH_STAGES(X) };
#undef X

enum fetch_login { FETCH_NO_LOGIN, FETCH_BASIC, FETCH_NTLM, FETCH_NEGOTIATE, FETCH_ANY };

/* TLS as wanted; all zeros: whatever libssl offers. */
struct fetch_tls {
	uint16_t min, max;              /* TLS_1_0 ... TLS_1_3 of facts/tls.h; 0: no bound */
	const char *ciphers;            /* libssl's list; NULL: its own */
	const char *authorities;        /* --cacert; NULL: the system's */
	const char *certificate, *key;  /* --cert, --key: PEM; NULL: none is sent */
	bool insecure;                  /* goes on with what is not trusted; `verify` tells */
};

struct fetch_options {
	const char *method, *url;       /* "http://HOST:PORT/path" */
	struct addr at;                 /* of the host, or of the proxy: curl looks no name up */
	const char *proxy;              /* "http://proxy01:3128"; NULL: direct */
	bool tunnel;                    /* CONNECT, for plain HTTP too */
	bool connect_only;              /* sends no request: DONE with the connection, or with the tunnel */
	enum fetch_login proxy_login, server_login;
	const char *proxy_user, *server_user;   /* "USER:PASSWORD", ":": one's own ticket; NULL: none */
	const char *agent;
	const char *const *headers;     /* "Name: value"; NULL at the end */
	struct span body;               /* sent; lent until done */
	const char *range;              /* "0-99"; NULL: none */
	struct fetch_tls tls;
	uint16_t mss;                   /* at most so large segments, both ways; 0: as usual */
	unsigned owner;                 /* of its packets on the tape */
	int64_t connect_timeout, timeout;       /* ns */
	size_t keep;                    /* bytes of the body that are kept, as they are sent (xpress) */
	uint64_t most;                  /* and that are read before it is cut off; 0: no end but the time's */
	bool hash;                      /* all of the body */
};

struct fetch_header {
	struct span name, value;
};

struct fetch_result {
	enum fetch_stage stage;
	CURLcode code;
	char error[FETCH_ERROR_MAX];    /* in words, without credentials; "" */
	struct dial_result dial;        /* of its last connection; its fd is not given */
	/* of the final answer of the server, or the proxy's refusal of a tunnel */
	unsigned status;                /* 0: none */
	unsigned connect_status;        /* of CONNECT; 0: none */
	struct fetch_header headers[FETCH_HEADERS_MAX];
	unsigned header_count;
	struct span body;               /* its first bytes */
	uint64_t body_bytes;
	int64_t length;                 /* Content-Length; -1: none */
	bool cut;                       /* by `most` */
	bool has_digest;
	uint8_t sha1[20];
	long verify;                    /* X509_V_ERR_...: 0 the chain is trusted; -1 no chain was seen */
	int verify_at;                  /* which certificate: 0 the server's, 1 its issuer's ... */
	struct span chain[FETCH_CHAIN_MAX];     /* DER, as the server sent them; trusted or not; lent */
	unsigned chain_count;
	uint16_t tls_version;           /* of facts/tls.h, once the server's hello was heard; else 0 */
	const char *cipher;             /* libssl's name; NULL: none was agreed on */
	int alert;                      /* the server's last fatal one (RFC 8446 section 6); -1: none */
	bool certificate_asked;         /* the server asked for one of ours in a handshake ... */
	bool asked_again;               /* ... or at least began a second one on the same connection */
	int64_t began, lookup, connected, secured, first_byte, ended;   /* ns; MOMENT_NONE: not reached */
};

struct fetch;

/* `done` is told once, never before this returns, unless fetch_stop came first; the result is
 * lent.  NULL: out of memory, or curl refuses the options. */
struct fetch *fetch_start(struct loop *l, struct tape *t, const struct fetch_options *o,
                          void (*done)(void *self, const struct fetch_result *result), void *self);
void fetch_stop(struct fetch *f);

/* The first header of that name, in any case; at == NULL: none. */
struct span fetch_header(const struct fetch_result *r, struct span name);

/* This libcurl can: NTLM comes and goes with versions and with how it was built. */
bool fetch_can(enum fetch_login login);

#endif
