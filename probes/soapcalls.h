/* probes/soapcalls.h - envelopes of the calls that a probe makes. */
#ifndef PROBES_SOAPCALLS_H
#define PROBES_SOAPCALLS_H

#include "base/buf.h"

#define CALL(symbol, name, ns, body) SOAP_##symbol,
enum soap_request {
#include "probes/soapcalls.def"
	SOAP_REQUEST_COUNT
};
#undef CALL

/* What is filled in.  X(symbol) */
#define SOAP_SLOTS(X)                                                           \
	X(CLIENT_PROTOCOL)      /* what current agents speak */                 \
	X(CLIENT_ID)                                                            \
	X(MACHINE)                                                              \
	X(PLUGIN)                                                               \
	X(COOKIE_DATA)                                                          \
	X(LAST_CHANGE)                                                          \
	X(NOW)                                                                  \
	X(EXPIRATION)                                                           \
	X(ENCRYPTED)

#define X(symbol) SLOT_##symbol,
enum soap_slot { SOAP_SLOTS(X) SOAP_SLOT_COUNT };
#undef X

enum { SOAP_ACTION_MAX = 128, CLIENT_ID_TEXT = 37 };

const char *soap_request_name(enum soap_request request);

/* The header as it is sent: `SOAPAction: "http://..."`. */
const char *soap_request_action(enum soap_request request, char text[static SOAP_ACTION_MAX]);

/* Appends the envelope.  False: it does not fit. */
bool soap_request_write(enum soap_request request, const struct span slots[static SOAP_SLOT_COUNT],
                        struct buf *out);

/* An identifier for a probe of that machine: the same every time, so that a server which keeps it keeps one;
 * it begins with "probe" in ASCII, 70726f62-65, by which it can be told from a client's. */
const char *soap_client_id(struct span machine, char text[static CLIENT_ID_TEXT]);

#endif
