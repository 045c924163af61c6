/* tests/rewrite_frame.h - inside the rewriter: where a frame's headers lie, chance, one family a
 * file. */
#ifndef TESTS_REWRITE_FRAME_H
#define TESTS_REWRITE_FRAME_H

#include "decoders/packet.h"
#include "tests/rewrite.h"

enum { LOOK_AHEAD = 64 };       /* frames within which the next of a connection is looked for */

enum link_type { LINK_ETHERNET = 1, LINK_RAW = 101, LINK_SLL = 113, LINK_SLL2 = 276 };
enum protocol { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMP6 = 58 };
enum ethertype { ETHERTYPE_IP4 = 0x0800, ETHERTYPE_IP6 = 0x86dd };

struct shape {                          /* offsets into a frame's bytes; all of it was captured */
	size_t network, transport, payload, end;
	bool v6;
	uint8_t protocol;
	uint32_t seq, ack;              /* TCP */
	uint8_t flags;
};

/* Where the network header begins and what it is; false: not understood. */
bool network_of(const struct frame *f, size_t *at, uint16_t *ethertype);

/* False: no whole TCP, UDP or ICMP packet without fragments and options of IPv6. */
bool shape_of(const struct frame *f, struct shape *s);

static inline size_t shape_len(const struct shape *s)
{
	return s->end - s->payload;
}

/* Both are TCP segments between the same endpoints on the same wire; reversed: the other way. */
bool same_way(const struct frame *a, const struct shape *as, const struct frame *b,
	      const struct shape *bs);
bool same_way_reversed(const struct frame *a, const struct shape *as, const struct frame *b,
		       const struct shape *bs);

/* Sets lengths and checksums of an IP packet without options of IPv6, `len` bytes in all. */
void seal(uint8_t *packet, size_t len);

void set_16(uint8_t *at, size_t value);
void set_32(uint8_t *at, uint32_t value);

/* Numbers below `limit` (SplitMix64; Steele, Lea, Flood, OOPSLA 2014). */
uint64_t chance(uint64_t *seed, uint64_t limit);

/* rewrite_cut.c */
void rewrite_cut(const struct reel *from, struct reel *to, size_t size, bool vary);
void rewrite_join(const struct reel *from, struct reel *to);

/* rewrite_order.c */
void rewrite_reorder(const struct reel *from, struct reel *to);
void rewrite_mirror(const struct reel *from, struct reel *to);
void rewrite_retransmit(const struct reel *from, struct reel *to);

/* rewrite_wrap.c; NULL, or why it cannot be done */
const char *rewrite_tag(const struct reel *from, struct reel *to, struct span tags);
const char *rewrite_tag_half(const struct reel *from, struct reel *to, struct span tags);
const char *rewrite_vxlan(const struct reel *from, struct reel *to);

/* rewrite_ipv6.c; as above */
const char *rewrite_ipv6(const struct reel *from, struct reel *to);

#endif
