/* facts/location.h - ConfigMgr's word on update points: a client's WSUSLocationRequest to its management
 * point and the WSUSLocationReply.
 *
 * Hangs on the exchange that carried it (exchange.location) and lives as long.
 */
#ifndef FACTS_LOCATION_H
#define FACTS_LOCATION_H

#include "base/span.h"

enum { LOCATIONS_KEPT = 16 };

struct update_location {
	struct span url;                /* "http://sup01.corp.example:8530" */
	struct span version;            /* of the update point's catalogue; empty */
};

struct location_message {
	bool asks, answers;             /* a WSUSLocationRequest, a WSUSLocationReply is in it */
	struct span content_id;         /* {GUID} of the update source; empty */
	struct span sender;             /* the client's machine name, from the message's header; empty */
	unsigned count;                 /* locations in the reply; may exceed what is kept */
	struct update_location locations[LOCATIONS_KEPT];
	bool broken;                    /* multipart, zlib or XML could be read in part only */
};

#endif
