/* bench/pcapout.h - TCP over IPv4 over Ethernet into a pcap file, with true checksums. */
#ifndef BENCH_PCAPOUT_H
#define BENCH_PCAPOUT_H

#include <stdio.h>

#include "base/span.h"

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16 };

struct host {
	uint8_t mac[6];
	uint8_t ip[4];
	uint16_t port;
	uint8_t ttl;
	uint16_t ip_id;         /* of the next packet */
};

struct pcapout {
	FILE *file;
	uint64_t packets, bytes;        /* bytes: captured, without the file's own headers */
};

struct tcp_packet {
	int64_t us;             /* since 1970 */
	uint32_t seq, ack;
	uint8_t flags;
	struct span payload;
};

/* False: the file cannot be made; errno says why. */
bool pcapout_open(struct pcapout *p, const char *path);
bool pcapout_close(struct pcapout *p);  /* false: something was not written */

/* Writes one packet.  A SYN carries the options that Windows sends. */
void pcapout_tcp(struct pcapout *p, struct host *from, const struct host *to,
                 const struct tcp_packet *packet);

#endif
