/* decoders/ipfrag.h - IP fragments back into datagrams (RFC 791 section 3.2, RFC 8200 section 4.5).
 *
 * Owns copies of the fragments that wait.  Their number, bytes and time are bounded; fragments of
 * datagrams that are not whole are counted as LIMIT_FRAGMENTS for as long as that is so.
 */
#ifndef DECODERS_IPFRAG_H
#define DECODERS_IPFRAG_H

#include "base/addr.h"
#include "facts/limits.h"

struct ipfrag_key {
	struct addr source, target;
	uint32_t wire, id;
	uint32_t protocol;      /* IPv4 only */
};

enum { IPFRAG_FRAMES = 48 };            /* of one datagram that are told: 64 KiB over Ethernet */

struct ipfrag_piece {
	struct ipfrag_key key;
	uint64_t frame;
	int64_t time;
	uint32_t offset;        /* a multiple of 8 */
	uint32_t len;           /* on the wire */
	struct span bytes;      /* captured: bytes.len <= len */
	bool more;
	uint8_t next;           /* protocol of the payload; out: as the first fragment says */
};

enum ipfrag_result {
	IPFRAG_WAITS,           /* kept, or given up at once */
	IPFRAG_WHOLE,           /* *bytes and *len are the datagram, piece->next its protocol */
	IPFRAG_COPY,            /* seen just before */
	IPFRAG_MALFORMED,
};

struct ipfrag;

struct ipfrag *ipfrag_new(struct limits *limits);       /* NULL: out of memory; limits is borrowed */
void ipfrag_free(struct ipfrag *f);

/* Frames of the datagram that was whole last, as they came, its last one among them; how many.  Lent until
 * the next ipfrag_add. */
size_t ipfrag_frames(const struct ipfrag *f, const uint64_t **frames);

/* The datagram is lent until the next call; it is captured as far as its fragments were. */
enum ipfrag_result ipfrag_add(struct ipfrag *f, struct ipfrag_piece *piece,
			      struct span *bytes, uint32_t *len);

#endif
