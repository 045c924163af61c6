/* decoders/tlsmsg.h - handshake messages out of the fragments of handshake records (RFC 8446 section 4).
 *
 * Messages span records and records hold several.  Bodies that somebody reads are held, each up to
 * the ceiling of its type; of any other message the type and the length are told and the body passes by.
 */
#ifndef DECODERS_TLSMSG_H
#define DECODERS_TLSMSG_H

#include "base/buf.h"

struct tlsmsg {
	uint8_t head[4];
	size_t have;            /* bytes of head[] that are in */
	size_t left;            /* bytes of the body still to come */
	struct buf body;
	bool full;              /* what follows of the body is not held */
	bool guessed;           /* begun after a loss: a type nobody knows ends the guess */
	bool lost;              /* until tlsmsg_record */
	bool every;             /* all bodies are held, to be set by the owner: keys are looked for */
};

struct tlsmsg_event {
	uint8_t type;
	size_t length;          /* as announced */
	struct span body;       /* of a type that is held; lent until the next call, or as `in` was */
	bool cut;               /* of such a type: the body is not all there */
};

void tlsmsg_init(struct tlsmsg *m, struct budget *budget);
void tlsmsg_release(struct tlsmsg *m);

/* A handshake record begins: where messages were lost, they are taken up again here. */
void tlsmsg_record(struct tlsmsg *m);

/* Consumes the front of *in up to the end of a message, told in *ev; false when *in ran out first. */
bool tlsmsg_next(struct tlsmsg *m, struct span *in, struct tlsmsg_event *ev);

/* Inside a message: one that ChangeCipherSpec or application data interrupts is lost (RFC 5246 section
 * 6.2.1), by tlsmsg_hole. */
static inline bool tlsmsg_inside(const struct tlsmsg *m)
{
	return m->have > 0;
}

/* `len` bytes never come (SIZE_MAX: nothing more does).  True: that ended a message, or cut one of a type
 * that is held, told in *ev. */
bool tlsmsg_hole(struct tlsmsg *m, size_t len, struct tlsmsg_event *ev);

#endif
