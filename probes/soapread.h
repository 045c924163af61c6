/* probes/soapread.h - answers to a probe's calls, read whole by expat.
 *
 * Element names count without their namespaces' prefixes.  A document type ends the reading, so there are no
 * entities; depth, and what is kept, have ceilings.
 */
#ifndef PROBES_SOAPREAD_H
#define PROBES_SOAPREAD_H

#include "base/buf.h"

/* What is kept of an answer; where it stands is in soapread.c.  X(symbol) */
#define SOAP_VALUES(X)                                                          \
	X(FAULT_CODE) X(FAULT_TEXT) X(ERROR_CODE) X(ERROR_MESSAGE) X(ERROR_ID) X(ERROR_METHOD)  \
	X(LAST_CHANGE) X(REGISTRATION) X(PLUGIN) X(PROTOCOL)                    \
	X(COOKIE_PLUGIN) X(COOKIE_DATA)                                         \
	X(EXPIRATION) X(ENCRYPTED) X(TRUNCATED)                                 \
	X(PING_SUCCESS) X(PING_TIME) X(PING_MACHINE)

#define X(symbol) VALUE_##symbol,
enum soap_value { SOAP_VALUES(X) SOAP_VALUE_COUNT };
#undef X

enum { SOAP_METHOD_MAX = 64, SOAP_TEXT_MAX = 64 * 1024 };

struct soap_answer {
	bool whole;                     /* well-formed to its end, and an envelope */
	bool is_fault;
	char method[SOAP_METHOD_MAX];   /* of the element in the body: "GetConfigResponse", "Fault"; "" */
	unsigned updates;               /* UpdateInfo among NewUpdates */
	struct buf text;                /* owned: of the values */
	struct {
		size_t at, len;
		bool there;
	} values[SOAP_VALUE_COUNT];
};

/* Reads `xml` whole; false: not an envelope, or broken: what came before is kept.  Release it either way. */
bool soap_read(struct span xml, struct soap_answer *a);
void soap_release(struct soap_answer *a);

/* Without white space around; at == NULL: it is not there. */
struct span soap_value(const struct soap_answer *a, enum soap_value value);

#endif
