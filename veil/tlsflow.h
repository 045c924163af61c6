/* veil/tlsflow.h - handshake messages of one side out of pieces of records, and back into them. */
#ifndef VEIL_TLSFLOW_H
#define VEIL_TLSFLOW_H

#include "veil/tlsmessages.h"
#include "veil/tlsrecords.h"

struct tlsflow {
	struct tlsrecords *records;     /* borrowed, as all */
	struct tlsmessages *messages;
	struct tlsmsg decoder;
	struct buf places;              /* of the message under way */
};

void tlsflow_init(struct tlsflow *f, struct tlsrecords *records, struct tlsmessages *messages,
                  struct budget *budget);
void tlsflow_release(struct tlsflow *f);

/* A record of handshake messages begins. */
void tlsflow_record(struct tlsflow *f);

/* A piece whose record r has as many bytes, all undecided: tells each message that ends in it, decided. */
struct tlsflow_heard {
	void *self;
	void (*message)(void *self, enum side from, const struct tlsmsg_event *m);
};
void tlsflow_piece(struct tlsflow *f, struct tlsrecord *r, struct span piece, const struct tlsflow_heard *to);

/* So many bytes never come, or what comes is nothing of the message under way. */
void tlsflow_hole(struct tlsflow *f, size_t len, const struct tlsflow_heard *to);

#endif
