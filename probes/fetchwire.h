/* probes/fetchwire.h - the connections of one fetch: curl's bytes to the network and back, past the tape.
 *
 * For each connection that curl wants it gets a local one, to here.  What it writes there goes out over one
 * that dial makes, and the reverse; so what is on the tape is what was on the wire, whatever the layer above
 * made of it, and errors of the connection are ours to see.
 */
#ifndef PROBES_FETCHWIRE_H
#define PROBES_FETCHWIRE_H

#include "probes/dial.h"

enum { WIRES_MAX = 8 };         /* a login takes up to three; more are of one that has no end */

struct wire;

struct wires {
	struct loop *loop;
	struct tape *tape;
	struct addr at;                 /* where all of them lead; the port is curl's to say */
	unsigned owner;
	uint16_t mss;
	int64_t timeout;                /* ns, to connect */
	bool idle;                      /* nothing that curl says goes out */
	bool lasting;                   /* curl may come back to a connection, for a login's next step */
	void (*dialed)(void *self);     /* the outcome stands in `last` */
	void *self;
	struct wire *first;             /* newest first: those that curl has not closed */
	unsigned count;                 /* of all that were opened: whoever opens them stops at WIRES_MAX */
	/* of the last connection */
	struct dial_result last;
	bool ended, reset;              /* by them */
	uint64_t heard;                 /* bytes */
};

/* For CURLOPT_OPENSOCKETFUNCTION: a socket, and in *address, which names the port to dial, the local one
 * that curl is to connect it to.  CURL_SOCKET_BAD: no memory, no descriptor, too many. */
curl_socket_t wires_open(struct wires *all, struct curl_sockaddr *address);

/* For CURLOPT_CLOSESOCKETFUNCTION. */
int wires_close(struct wires *all, curl_socket_t fd);

/* Ends what goes on in the network; what curl still holds leads nowhere from now on. */
void wires_stop(struct wires *all);

#endif
