/* veil/addresses.h - addresses in the place of addresses: alike for as many bits as theirs were alike.
 *
 * Crypto-PAn's construction (Xu, Fan, Ammar, Moon, "Prefix-preserving IP address anonymization",
 * 2002): each bit is flipped or not by a keyed function of the bits before it, so networks stay
 * networks.  Some bits never flip:
 *   - that would lead into or out of a network with a meaning (private, link-local, multicast ...);
 *   - that would change how many digits the address takes as text, for it stands in texts whose length
 *     must stay: of an IPv4 byte in 0-9, 10-99 or 100-255, of IPv6 the highest bit of each group.
 * Which tells the magnitude of each byte; that is the price.  The last bit of what is usually one network
 * always flips, so no IPv4 address stays what it is.  255 at the end stays: broadcasts are told by it.
 */
#ifndef VEIL_ADDRESSES_H
#define VEIL_ADDRESSES_H

#include "base/addr.h"
#include "veil/draw.h"

/* An address that says nothing about who has it: unspecified, loopback, multicast, broadcast. */
bool address_is_common(const struct addr *a);

/* `attempt` chooses another mapping as a whole.  IPv6 addresses that hold an IPv4 address (mapped,
 * 6to4, Teredo, ISATAP, RFC 6052) hold what becomes of that. */
struct addr address_draw(const uint8_t key[static DRAW_KEY], uint32_t attempt, const struct addr *a);

/* Broadcast, and the groups that protocols have. */
bool mac_is_common(const uint8_t mac[static 6]);

/* A vendor for a vendor, a device for a device. */
void mac_draw(const uint8_t key[static DRAW_KEY], uint32_t attempt, const uint8_t mac[static 6], uint8_t *to);

/* The last three bytes of an IPv6 address, as its solicited-node group and that group's MAC address
 * tell them. */
void solicited_draw(const uint8_t key[static DRAW_KEY], const uint8_t from[static 3], uint8_t *to);

#endif
