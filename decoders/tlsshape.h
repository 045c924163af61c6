/* decoders/tlsshape.h - handshakes within an established session: renegotiation of TLS 1.2 and older, told by
 * types, lengths and order of records that nobody can read, or by their messages where somebody can.
 *
 * After both Finished a handshake record of the server is a HelloRequest, whatever is inside: a session
 * ticket comes before its Finished (RFC 5077 section 3.3), close_notify is an alert, TLS 1.2 has no key
 * update.  A Finished that was sent in pieces is told apart by its length, and by what the client said since.
 */
#ifndef DECODERS_TLSSHAPE_H
#define DECODERS_TLSSHAPE_H

#include "decoders/stack.h"
#include "facts/tls.h"

struct tlsshape {
	enum {
		SHAPE_FIRST,            /* the first handshake, until both Finished */
		SHAPE_OPEN,             /* data flows */
		SHAPE_ASKED,            /* the server asked for another */
		SHAPE_HELLO,            /* the client said its hello */
		SHAPE_FLIGHT,           /* the server answered */
	} state;
	bool finished[2], changed[2];   /* of the handshake at hand */
	bool recorded;                  /* that one is told in `again` */
	bool spoke;                     /* the client sent data since the last handshake */
	bool between;                   /* something came since the client's last handshake record */
	unsigned requests;              /* application records of the client since the server's last */
	size_t last_length;             /* of the server's last handshake record */
};

struct tlsshape_record {
	size_t length;
	struct mark mark;
	bool blind;                     /* bytes were lost: only a length that fits proves anything */
};

/* Application data, but not early data.  `joined`: of the first handshake nothing was seen, and this says
 * that it is over. */
void tlsshape_application(struct tlsshape *p, struct tls_session *t, enum side from, size_t length,
                          bool joined);

/* A handshake record that could not be read. */
void tlsshape_handshake(struct tlsshape *p, struct tls_session *t, enum side from,
                        const struct tlsshape_record *r);

/* A handshake message that could, in the record `r`; of TLS 1.3 too. */
void tlsshape_message(struct tlsshape *p, struct tls_session *t, enum side from, unsigned type,
                      const struct tlsshape_record *r);

/* ChangeCipherSpec of a side that had changed its cipher before. */
void tlsshape_change(struct tlsshape *p, struct tls_session *t, enum side from);

/* That ChangeCipherSpec was in the clear, so the first handshake is still going on. */
void tlsshape_restart(struct tlsshape *p, struct tls_session *t, enum side from);

/* An alert that could not be read, or is a no_renegotiation. */
void tlsshape_alert(struct tlsshape *p, struct tls_session *t, enum side from, uint64_t frame);

#endif
