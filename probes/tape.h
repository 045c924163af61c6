/* probes/tape.h - what a probe said and heard, written down as the packets that carried it.
 *
 * Sockets show bytes, times and errors, not packets; from these the packets are made up again: IP and TCP or
 * UDP headers that say what is known (addresses, ports, order, sizes no larger than the maximum segment) and
 * zeros for what is not.  So decoders and analyzers read a probe as they read a capture, and both tell the
 * same findings.  A tape has a ceiling: behind it only heads of packets are kept, as a short snapshot length
 * would.
 */
#ifndef PROBES_TAPE_H
#define PROBES_TAPE_H

#include "base/addr.h"
#include "base/frame.h"

struct tape;

/* An owner is the number of a check, and above it that of the check's request, from 0. */
enum { TAPE_OWNER_BITS = 24, TAPE_TURNS = 32 };

static inline unsigned tape_owner(unsigned check, unsigned turn)
{
	return check | (turn < TAPE_TURNS ? turn : TAPE_TURNS - 1) << TAPE_OWNER_BITS;
}

static inline unsigned tape_owner_check(unsigned owner)
{
	return owner & ((1u << TAPE_OWNER_BITS) - 1);
}

static inline unsigned tape_owner_turn(unsigned owner)
{
	return owner >> TAPE_OWNER_BITS;
}

enum tape_side { TAPE_US, TAPE_THEM };

/* One TCP connection on the tape; all zeros but for its ends before it is opened. */
struct tape_talk {
	struct endpoint us, them;
	unsigned owner;                 /* whom it is made for */
	uint32_t sent[2];               /* sequence numbers: the next byte of each side */
	uint16_t mss[2];                /* of each side's SYN; 0: not known */
	uint8_t hop_limit;              /* of what we send; 0: 64 */
	bool open;                      /* answered, and neither ended nor reset */
	bool ended[2];
};

struct tape *tape_new(size_t ceiling);          /* bytes of packets; NULL: out of memory */
void tape_free(struct tape *t);                 /* NULL is fine */

/* Times are ns since 1970 and should not go back.  A packet that finds no memory is counted as lost.
 * What cannot follow from what came before (bytes before an answer or after an end) is left out; so a side's
 * end may be told twice.  On a NULL tape nothing is written. */
void tape_syn(struct tape *t, struct tape_talk *k, int64_t time);
void tape_answered(struct tape *t, struct tape_talk *k, int64_t time);  /* SYN-ACK and our ACK */
void tape_refused(struct tape *t, struct tape_talk *k, int64_t time);   /* a reset in answer to the SYN */
void tape_bytes(struct tape *t, struct tape_talk *k, enum tape_side from, int64_t time, struct span bytes);
void tape_end(struct tape *t, struct tape_talk *k, enum tape_side from, int64_t time);
void tape_reset(struct tape *t, struct tape_talk *k, enum tape_side from, int64_t time);

/* An ICMP or ICMPv6 error (types and codes of the talk's own family) that quotes our SYN. */
void tape_icmp(struct tape *t, const struct tape_talk *k, const struct addr *from, uint8_t type, uint8_t code,
               int64_t time);

void tape_datagram(struct tape *t, unsigned owner, const struct endpoint *from, const struct endpoint *to,
                   int64_t time, struct span bytes);

/* A line of a TLS key log, for the sessions on the tape. */
void tape_secret(struct tape *t, struct span line);
struct span tape_secrets(const struct tape *t);

/* The packet behind place *at, which begins as 0, in the order of their times; its owner.  False: no more. */
bool tape_next(const struct tape *t, size_t *at, struct frame *frame, unsigned *owner);
uint64_t tape_lost(const struct tape *t);       /* packets that are missing, or kept without their bytes */

#endif
