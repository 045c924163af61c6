/* decoders/tlsrec.h - TLS record layer (RFC 8446 section 5.1).
 *
 * One decoder follows one direction of one flow.  Stream bytes go in, cut
 * anywhere; records come out.  Fragments are lent, never copied: whatever
 * length a peer announces, a decoder holds five bytes.
 */
#ifndef DECODERS_TLSREC_H
#define DECODERS_TLSREC_H

#include "base/span.h"

/* X(symbol, value on the wire, name in reports) */
#define TLSREC_TYPES(X)                                  \
	X(CHANGE_CIPHER_SPEC, 20, "change_cipher_spec")  \
	X(ALERT,              21, "alert")               \
	X(HANDSHAKE,          22, "handshake")           \
	X(APPLICATION_DATA,   23, "application_data")    \
	X(HEARTBEAT,          24, "heartbeat")

#define X(symbol, value, name) TLSREC_##symbol = value,
enum tlsrec_type { TLSREC_TYPES(X) };
#undef X

/* Of a fragment, protected (RFC 5246 section 6.2.3). */
enum { TLSREC_LENGTH_MAX = (1 << 14) + 2048 };

/* X(symbol, what a report says of it) */
#define TLSREC_ANOMALIES(X)                              \
	X(NOT_TLS,   "no TLS record starts here")        \
	X(TOO_LONG,  "record longer than 2^14 + 2048")   \
	X(CUT_SHORT, "stream ended inside a record")

#define X(symbol, ...) TLSREC_##symbol,
enum tlsrec_anomaly { TLSREC_ANOMALIES(X) };
#undef X

struct tlsrec_event {
	enum { TLSREC_HEADER, TLSREC_FRAGMENT, TLSREC_ANOMALY } kind;
	uint64_t offset;                /* in the stream, of its first byte */
	union {
		struct {
			uint8_t type;
			uint16_t version, length;
		} header;
		struct span fragment;   /* a piece; lives as long as the input */
		enum tlsrec_anomaly anomaly;
	};
};

struct tlsrec;

struct tlsrec *tlsrec_new(void);            /* NULL: out of memory */
void tlsrec_free(struct tlsrec *dec);       /* NULL is fine */

/* Consumes the front of *in up to the next event, told in *ev.
 * Returns false when *in ran out first; false never means bad input. */
bool tlsrec_next(struct tlsrec *dec, struct span *in, struct tlsrec_event *ev);

/* The stream is over.  Returns true if that is itself an event. */
bool tlsrec_end(struct tlsrec *dec, struct tlsrec_event *ev);

/* How many of the next bytes belong to the current fragment; SIZE_MAX once no record can follow. */
size_t tlsrec_left(const struct tlsrec *dec);

/* `len` bytes never come.  Inside a fragment that is all; beyond it, or with tlsrec_seek, the
 * decoder waits for a piece of input that begins like a record: segments often do. */
void tlsrec_hole(struct tlsrec *dec, uint64_t len);
void tlsrec_seek(struct tlsrec *dec);

const char *tlsrec_type_name(unsigned type);                /* NULL: unknown */
const char *tlsrec_anomaly_text(enum tlsrec_anomaly what);  /* never NULL */

#endif
