/* tests/segments.h - TCP conversations written as text, one packet a line or between semicolons.
 *
 *   > S 0                    client to server, SYN; numbers are relative to each side's first
 *   < SA 0 1 ttl=57 mss=1460
 *   > A 1 1 "GET /"          payload; *1460 is as many bytes of a pattern that depends on their place
 *   > A 6 1 *1460 cap=20     of which 20 were captured
 *   +200ms                   time passes: s, ms, us
 *   icmp 3 13                a router rejects what the client sends; mtu=1400, wire=N
 *
 * Other settings: win=N, wire=N, port=N (the client's), at=N (frame number).
 */
#ifndef TESTS_SEGMENTS_H
#define TESTS_SEGMENTS_H

#include "decoders/packet.h"
#include "facts/icmp.h"

enum { SEGMENT_PAYLOAD_MAX = 65536, SEGMENT_ROUTER_TTL = 250 };

struct segments {
	const char *script;             /* what is left of it */
	uint32_t first[2];              /* each side's initial sequence number */
	struct endpoint ends[2];
	uint64_t frame;                 /* of the last packet */
	int64_t time;
	uint8_t payload[SEGMENT_PAYLOAD_MAX];
};

enum segment_kind { SEGMENT_TCP, SEGMENT_ICMP, SEGMENTS_OVER };

/* Servers at 192.0.2.1:8530, clients at 198.51.100.7:50000; time from 1000 s. */
void segments_init(struct segments *s, const char *script);

/* The next packet; its payload lives until the next call. */
enum segment_kind segments_next(struct segments *s, struct packet *packet, struct icmp_error *error);

/* The byte that a pattern has at a stream offset (0: the first behind the SYN). */
uint8_t segments_pattern(uint64_t offset);

#endif
