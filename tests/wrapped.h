/* tests/wrapped.h - frames made of layers that are named, outermost first: "eth q ip4 gre ip6 tcp8530".
 *
 * Lengths and the numbers of what follows are right; checksums are 0.  Layers:
 *
 *   eth sll sll2 radiotap wifi                   q ad q9100 q9200 (tags)
 *   vntag pbb label mpls pppoe snap llc
 *   ip4 ip4later (a later fragment) ip6          hop route destination fragment ah (headers between)
 *   gre erspan (with the Ethernet frame below it) etherip   vxlan geneve gtp tzsp (above UDP)
 *   tcpPORT udpPORT icmp icmp6 arp
 */
#ifndef TESTS_WRAPPED_H
#define TESTS_WRAPPED_H

#include "base/span.h"

enum { WRAPPED_MAX = 512 };

struct wrapped {
	uint8_t room[WRAPPED_MAX];
	size_t at;                      /* where the frame begins */
	unsigned ether_type, protocol;  /* of the layer that was put before it last */
};

/* Fails the test when a layer has no such name. */
void wrapped_make(struct wrapped *w, const char *layers);
struct span wrapped_bytes(const struct wrapped *w);

#endif
