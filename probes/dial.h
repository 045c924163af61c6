/* probes/dial.h - one attempt at a TCP connection, and what became of it.
 *
 * Errors come from the socket's error queue, which needs no privilege: it names the device that rejected us
 * and why (IP_RECVERR, IPV6_RECVERR; RFC 792, RFC 4443).
 */
#ifndef PROBES_DIAL_H
#define PROBES_DIAL_H

#include "base/tongue.h"
#include "probes/loop.h"
#include "probes/tape.h"

/* X(symbol, name) */
#define DIAL_OUTCOMES(X)                                                        \
	X(OPEN, N_("open"))                                                         \
	X(REFUSED, N_("refused"))           /* a reset */                           \
	X(UNANSWERED, N_("unanswered"))                                             \
	X(REJECTED, N_("rejected"))     /* an ICMP error */                     \
	X(IMPOSSIBLE, N_("impossible"))     /* no packet left this machine */

#define X(symbol, name) DIAL_##symbol,
enum dial_outcome { DIAL_OUTCOMES(X) };
#undef X

struct dial_options {
	struct endpoint to;
	unsigned owner;                 /* of its packets on the tape */
	int64_t timeout;                /* ns */
	uint8_t hop_limit;              /* 0: as usual */
	uint16_t mss;                   /* at most so large segments, both ways; 0: as usual */
};

struct dial_result {
	enum dial_outcome outcome;
	int error;                      /* errno; 0: none; of an OPEN one: it was reset at once */
	int fd;                         /* OPEN: connected, and the callee's to close; else -1 */
	int64_t began, ended;           /* ns */
	unsigned tries;                 /* SYNs that were sent */
	bool has_icmp;
	struct addr icmp_from;
	uint8_t icmp_type, icmp_code;
	struct tape_talk talk;          /* to go on with, on the tape */
};

struct dial;

/* `done` is told once, never before this returns, unless dial_stop came first.  NULL: out of memory. */
struct dial *dial_start(struct loop *l, struct tape *t, const struct dial_options *o,
                        void (*done)(void *self, const struct dial_result *result), void *self);
void dial_stop(struct dial *d);

/* Why connecting `fd` failed with `error`: fills outcome, error and ICMP, and empties the error queue. */
void dial_explain(int fd, int error, struct dial_result *result);

/* How a connection ended, at a descriptor that is about to be closed: their end, their reset, or neither. */
void dial_ending(int fd, struct tape *t, struct tape_talk *k, int64_t now);

/* Closes an OPEN one to which nothing was said. */
void dial_hang_up(struct dial_result *r, struct tape *t, int64_t now);

/* "refused", "unanswered (4 tries in 5.0 s)", "rejected by 10.0.0.254: communication administratively
 * prohibited" */
const char *dial_text(const struct dial_result *r, char text[static 160]);

#endif
