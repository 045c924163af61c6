/* capture/wanted.h - the filter of a live capture: what the analysis needs, and no more.
 *
 * Ports of update points and proxies, names (DNS, LLMNR, NetBIOS, mDNS), DHCP, ICMP, later
 * fragments; the same behind a VLAN tag, and whole what is behind two, and whole tunnels,
 * whose inside BPF cannot see.
 */
#ifndef CAPTURE_WANTED_H
#define CAPTURE_WANTED_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

enum { WANTED_TEXT = 16384 };

/* Ports come beside the usual ones; `also` (BPF, NULL: none) widens it.  The text is BPF for Ethernet and,
 * without what only Ethernet has, for any other link type (`vlans` false).  False: the fault tells what is
 * wrong with `also`. */
bool wanted_filter(char text[static WANTED_TEXT], const uint16_t *ports, size_t port_count, const char *also,
                   bool vlans, struct fault *f);

#endif
