/* bench/kinds.h - the kinds of captures that the generator writes. */
#ifndef BENCH_KINDS_H
#define BENCH_KINDS_H

#include "bench/bodies.h"
#include "bench/talk.h"

/* What all conversations of one capture share. */
struct stage {
	struct bodies bodies;
	struct buf noise;       /* random bytes, to cut downloads from */
	struct buf scratch;     /* for whoever writes a message */
};

struct kind {
	const char *name;
	uint64_t talks;         /* conversations at scale 1 */
	uint32_t gap_us;        /* between the starts of two */

	/* Sets hosts and script, and plans the first packets. */
	void (*start)(struct talk *t, struct stage *stage);

	/* Plans what comes next.  False: the conversation is over. */
	bool (*more)(struct talk *t, struct stage *stage);
};

/* Downloads: large files, whole or in ranges, in full frames of random bytes. */
void content_start(struct talk *t, struct stage *stage);
bool content_more(struct talk *t, struct stage *stage);

/* Scans: many small SOAP exchanges on kept connections, straight and through a proxy. */
void scan_start(struct talk *t, struct stage *stage);
void mess_start(struct talk *t, struct stage *stage);   /* the same, disturbed */
bool scan_more(struct talk *t, struct stage *stage);

/* TLS 1.2 sessions: hello, certificate, records that nobody can read. */
void tls_start(struct talk *t, struct stage *stage);
bool tls_more(struct talk *t, struct stage *stage);

/* Connection attempts that nobody answers, one in ten of them with retransmissions. */
void syns_start(struct talk *t, struct stage *stage);
bool syns_more(struct talk *t, struct stage *stage);

/* Client `number` of 10.0.0.0/8 and server `number` of 198.51.100.0/24; the client's port is drawn. */
void hosts_set(struct talk *t, uint32_t client, uint32_t server, uint16_t port);

#endif
