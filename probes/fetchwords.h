/* probes/fetchwords.h - why a fetch did not end as it should, in plain words. */
#ifndef PROBES_FETCHWORDS_H
#define PROBES_FETCHWORDS_H

#include "probes/fetch.h"

/* What was seen beside the result. */
struct fetchwords {
	bool proxied;                   /* the other end of the connection is a proxy */
	bool tls;                       /* ... and what is not said by it is said inside of TLS */
	bool ended, reset;              /* the connection, by the other side */
	bool head_full;                 /* more header bytes than are read */
	bool head_begun;                /* of the answer that is missing */
	bool garbled;                   /* it began with what begins no answer */
	uint64_t heard;                 /* bytes on the connection */
	int64_t timeout;                /* ns, of all */
	const char *curl_said;          /* its error buffer */
};

/* Fills result->error by stage, code and what was seen; "" when it is DONE. */
void fetchwords_explain(struct fetch_result *r, const struct fetchwords *w);

#endif
