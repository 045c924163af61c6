/* facts/lookup.h - one question for a name, to one server, with its answer.
 *
 * Stated when it is answered, or given up by time; retries to the same server are one lookup.  DNS
 * (RFC 1035), its form over TCP (RFC 7766), LLMNR (RFC 4795) and NetBIOS (RFC 1002).
 */
#ifndef FACTS_LOOKUP_H
#define FACTS_LOOKUP_H

#include "base/addr.h"
#include "base/moment.h"

/* X(symbol, name in outputs) */
#define LOOKUP_PROTOCOLS(X) X(DNS, "dns") X(LLMNR, "llmnr") X(NBNS, "nbns")

#define X(symbol, name) LOOKUP_##symbol,
enum lookup_protocol { LOOKUP_PROTOCOLS(X) };
#undef X

enum { LOOKUP_NAME = 256, LOOKUP_ANSWERS = 16 };

struct lookup {
	enum lookup_protocol protocol;
	struct addr client;
	struct endpoint server;         /* asked; of LLMNR and NBNS the group's or broadcast address */
	bool over_tcp;
	char name[LOOKUP_NAME];         /* lower case, no final dot; odd bytes as \DDD (RFC 1035) */
	uint16_t type;                  /* 1 A, 28 AAAA, 33 SRV, ... */
	unsigned tries;                 /* questions sent */
	bool answered;
	bool asked_seen;                /* the question itself was captured */
	bool truncated;                 /* TC: the client should ask again over TCP */
	bool malformed;                 /* the answer could be read in part only */
	uint16_t rcode;                 /* of the answer */
	char canonical[LOOKUP_NAME];    /* where CNAMEs lead; "" none */
	struct addr answers[LOOKUP_ANSWERS];
	unsigned answer_count;          /* addresses in it; may exceed what is kept */
	int64_t ask_time, answer_time;  /* of the first question; MOMENT_NONE */
	uint64_t ask_frame, answer_frame;       /* 0: none */
};

/* "NXDOMAIN", "SERVFAIL", "REFUSED"; "RCODE 11" for unknown ones goes into `text`. */
const char *lookup_rcode_text(uint16_t rcode, char text[static 16]);
const char *lookup_type_text(uint16_t type, char text[static 16]);
const char *lookup_protocol_name(enum lookup_protocol p);

bool lookup_asks_address(const struct lookup *l);       /* A, AAAA, NB, ANY */

/* An answer that gives no address where one was asked for: an error code, or none of the kind. */
bool lookup_failed(const struct lookup *l);

#endif
