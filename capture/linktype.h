/* capture/linktype.h - LINKTYPE_ numbers of files and DLT_ numbers of this system (pcap-linktype(7)).
 *
 * libpcap holds the table and does not show it; but it translates when it
 * opens a capture file and when it writes one.
 */
#ifndef CAPTURE_LINKTYPE_H
#define CAPTURE_LINKTYPE_H

#include <pcap.h>
#include <stdbool.h>
#include <stdint.h>

/* An open handle of that LINKTYPE_, to compile filters for; NULL: libpcap refuses. */
pcap_t *linktype_handle(uint16_t link_type);

/* The LINKTYPE_ of what the handle captures; false: it has none. */
bool linktype_of(pcap_t *handle, uint16_t *link_type);

#endif
