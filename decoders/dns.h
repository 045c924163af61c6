/* decoders/dns.h - one DNS message: its question, and the addresses that answer it (RFC 1035, RFC 6891).
 *
 * LLMNR has the same form (RFC 4795 section 2.1).  Nothing is allocated and nothing is lent: a message is a
 * copy of what was read.
 */
#ifndef DECODERS_DNS_H
#define DECODERS_DNS_H

#include "facts/lookup.h"
#include "base/span.h"

struct dns_message {
	uint16_t id;
	bool response;
	bool truncated;                 /* TC */
	bool malformed;                 /* what follows the question could be read in part only */
	unsigned opcode;                /* 0 a query */
	uint16_t rcode;                 /* with the upper bits of EDNS */
	uint16_t question_count;
	/* of the first question; an LLMNR or DNS answer repeats it */
	char name[LOOKUP_NAME];
	uint16_t type;
	char canonical[LOOKUP_NAME];    /* where CNAMEs lead; "" none */
	struct addr answers[LOOKUP_ANSWERS];
	unsigned answer_count;          /* addresses of the type asked for; may exceed what is kept */
};

/* False: no message with a question that can be read. */
bool dns_read(struct span bytes, struct dns_message *m);

/* A name of a message, at *at, which moves behind it: lower case, no final dot, what is no letter, digit,
 * hyphen or underscore as RFC 1035 section 5.1 escapes it.  Compression pointers lead backwards only, and a
 * name has 255 bytes at most (sections 2.3.4, 4.1.4).  False: no name, or its text has no room. */
bool dns_name(struct span message, size_t *at, char text[static LOOKUP_NAME]);

#endif
