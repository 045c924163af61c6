/* probes/fetchtls.h - what a fetch asks of libssl, and what libssl shows of its handshakes.
 *
 * Verifying is done by libssl alone, the host's name included, so that a server hears the alert that is due,
 * and the first error is known also where it stops nothing.
 */
#ifndef PROBES_FETCHTLS_H
#define PROBES_FETCHTLS_H

#include "base/buf.h"
#include "probes/fetch.h"

enum { FETCHTLS_HOST_MAX = 256, FETCHTLS_CIPHERS_MAX = 512, FETCHTLS_CHAIN_BYTES = 1 << 17 };

struct fetchtls;

/* One of a connection: with an HTTPS proxy, or with the server. */
struct fetchtls_shake {
	struct fetchtls *of;
	char host[FETCHTLS_HOST_MAX];   /* that the certificate should be for; an address without brackets */
	bool done;
};

struct fetchtls {
	struct loop *loop;
	struct tape *tape;
	struct fetch_result *result;    /* what is learned goes here */
	uint16_t min, max;
	char ciphers[FETCHTLS_CIPHERS_MAX];
	bool insecure;
	struct fetchtls_shake shakes[2];        /* in the order in which they happen */
	unsigned expected, begun;
	struct buf chain;               /* DER, one behind the other */
};

/* Hosts in the order of the handshakes; NULL: there is none.  False: curl or memory refuses. */
bool fetchtls_init(struct fetchtls *t, CURL *easy, const struct fetch_tls *wanted, const char *proxy,
                   const char *server);
void fetchtls_release(struct fetchtls *t);

/* A new connection: its handshakes are yet to come. */
void fetchtls_begin(struct fetchtls *t);

/* All handshakes that a request needs are done; those that a tunnel's CONNECT needs. */
bool fetchtls_secured(const struct fetchtls *t);

#endif
