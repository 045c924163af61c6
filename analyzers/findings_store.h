/* analyzers/findings_store.h - inside a store of findings: for finding.c and settle.c alone. */
#ifndef ANALYZERS_FINDINGS_STORE_H
#define ANALYZERS_FINDINGS_STORE_H

#include "analyzers/findings_rest.h"

struct findings {
	struct limits *limits;
	struct map by_key;              /* key bytes -> the finding */
	/* kind, client and server -> the newest finding of them, then along `alike` */
	struct map by_parties;
	struct rest rest;               /* beyond what is kept apart */
	struct finding **all;           /* as raised, sums too; after settling, as shown */
	size_t count, room;
	size_t of_kind[FINDING_KIND_COUNT];
};

/* The newest finding of that kind and those parties (NULL: none), others along `alike`; NULL when
 * there is none. */
struct finding *findings_alike(const struct findings *f, enum finding_kind kind, const struct addr *client,
                               const struct endpoint *server);

#endif
