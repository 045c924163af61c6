/* decoders/icmp.h - ICMP (RFC 792) and ICMPv6 (RFC 4443) errors and the packet they quote. */
#ifndef DECODERS_ICMP_H
#define DECODERS_ICMP_H

#include "decoders/packet.h"
#include "facts/icmp.h"

/* False: no error message, or too short to tell what it quotes. */
bool icmp_decode(const struct packet *packet, struct icmp_error *error);

#endif
