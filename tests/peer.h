/* tests/peer.h - servers and proxies of a test, each a thread that answers one connection after the other. */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/authority.h"

enum { PEER_HEAD = 8192 };

struct peer {
	void (*serve)(struct peer *p, int fd);  /* a connection; leaves closing to its caller */
	const void *script;             /* what `serve` reads */
	uint16_t port;                  /* of 127.0.0.1, once it has started */
	int listener;
	pthread_t thread;
};

void peer_start(struct peer *p, void (*serve)(struct peer *p, int fd), const void *script);
/* False: the port is taken. */
bool peer_start_at(struct peer *p, void (*serve)(struct peer *p, int fd), const void *script, uint16_t port);
void peer_stop(struct peer *p);

/* A TLS server that answers every request. */
struct tls_script {
	const struct identity *own;     /* NULL: it closes after the client's hello */
	const struct identity *besides; /* sent with it; NULL */
	const struct identity *trusted; /* of clients' certificates */
	int min, max;                   /* TLS1_2_VERSION ...; 0: any */
	bool asks;                      /* for a certificate, in the handshake */
	bool demands;                   /* ... and refuses who has none */
	const char *asks_later;         /* for paths with these words, by a second handshake; NULL */
	bool resets_later;              /* for those, without asking: as HTTP.sys with TLS 1.3 */
	const char *answer;             /* all of it; NULL: 200 without a body */
};

void tls_serve(struct peer *p, int fd);

/* A proxy. */
struct proxy_script {
	const char *wants;              /* in the head of a request, else it is answered by `refusal`; NULL */
	const char *refusal;
	uint16_t to;                    /* where all tunnels lead; 0: no tunnel, all are refused */
	const char *blocks;             /* "CONNECT wsus01:443": is answered by `blocked`; NULL */
	const char *blocked;
	const char *passed;             /* the answer to plain requests; NULL: 200 without a body */
	const struct tls_script *opens; /* tunnels end here: an inspecting one; NULL */
};

void proxy_serve(struct peer *p, int fd);

#endif
