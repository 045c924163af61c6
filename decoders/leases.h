/* decoders/leases.h - DHCP answers to the requests before them, as facts.
 *
 * Keeps the last requests, by transaction and hardware address: an answer alone does not tell what was asked
 * for, nor what the client calls itself.
 */
#ifndef DECODERS_LEASES_H
#define DECODERS_LEASES_H

#include "decoders/packet.h"
#include "facts/fact.h"

struct leases;

struct leases *leases_new(const struct fact_sink *sink);        /* borrowed; NULL: out of memory */
void leases_free(struct leases *l);

/* A UDP packet; one that is no DHCP by its ports is no matter. */
void leases_packet(struct leases *l, const struct packet *packet);

#endif
