/* decoders/nbns.h - one message of NetBIOS's name service (RFC 1002 section 4.2): who has that name? */
#ifndef DECODERS_NBNS_H
#define DECODERS_NBNS_H

#include "decoders/dns.h"

enum { NBNS_TYPE_NB = 32 };

/* Queries for names and their answers, as a DNS message tells them: "wsus01", type NBNS_TYPE_NB.  False:
 * something else (registrations, status requests), or no message. */
bool nbns_read(struct span bytes, struct dns_message *m);

#endif
