/* bench/kinds.h - the kinds of captures that the generator writes. */
#ifndef BENCH_KINDS_H
#define BENCH_KINDS_H

#include <stdio.h>

#include "bench/bodies.h"
#include "bench/talk.h"

/* What all conversations of one capture share. */
struct stage {
	struct bodies bodies;
	struct buf noise;       /* random bytes, to cut downloads from */
	struct buf scratch;     /* for whoever writes a message */
	FILE *keys;             /* the key log; NULL: of a kind without */
};

struct kind {
	const char *name;
	uint64_t talks;         /* conversations at scale 1 */
	uint32_t gap_us;        /* between the starts of two */
	bool keyed;             /* a key log FILE.pcap.keys goes with it */

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
void clients_start(struct talk *t, struct stage *stage);        /* each of another client */
void steady_start(struct talk *t, struct stage *stage);         /* few clients, for weeks */
bool scan_more(struct talk *t, struct stage *stage);

/* TLS 1.2 sessions: hello, certificate, records that nobody can read. */
void tls_start(struct talk *t, struct stage *stage);
bool tls_more(struct talk *t, struct stage *stage);

/* Nothing but such handshakes: with certificates that come again, and with new ones. */
void handshakes_start(struct talk *t, struct stage *stage);
void newcerts_start(struct talk *t, struct stage *stage);

/* Downloads within TLS that is truly encrypted, with the key log: one kind a cipher suite. */
void gcm128_start(struct talk *t, struct stage *stage);
void gcm256_start(struct talk *t, struct stage *stage);
void chacha_start(struct talk *t, struct stage *stage);
void gcm12_start(struct talk *t, struct stage *stage);
void cbc_start(struct talk *t, struct stage *stage);
bool opened_more(struct talk *t, struct stage *stage);

/* Connection attempts that nobody answers, one in ten of them with retransmissions. */
void syns_start(struct talk *t, struct stage *stage);
bool syns_more(struct talk *t, struct stage *stage);

/* Client `number` of 10.0.0.0/8 and server `number` of 198.51.100.0/24; the client's port is drawn. */
void hosts_set(struct talk *t, uint32_t client, uint32_t server, uint16_t port);

#endif
