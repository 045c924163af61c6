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

struct update_url {                     /* of an update point, as policies and replies write it */
	bool tls;
	struct span host;               /* name or address, "[v6]" too, without port; lies in the URL */
	uint16_t port;                  /* 80 and 443 where none is told */
};

/* False: it is no http or https URL with a host. */
bool update_url_read(struct span url, struct update_url *u);

/* The update point that a client's policy names, as its DeviceAttributes tell
 * ("...;UpdateServiceUrl=http://..;"); empty: they do not. */
struct span update_service_url(struct span device_attributes);

#endif
