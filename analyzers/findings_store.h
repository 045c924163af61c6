/* analyzers/findings_store.h - inside a store of findings: for finding.c and settle.c alone. */
#ifndef ANALYZERS_FINDINGS_STORE_H
#define ANALYZERS_FINDINGS_STORE_H

#include "analyzers/finding.h"
#include "base/map.h"

struct findings {
	struct limits *limits;
	struct map by_key;              /* key bytes -> index + 1 as a pointer-sized number */
	struct finding **all;           /* as raised; after settling, as shown */
	size_t count, room;
	size_t of_kind[FINDING_KIND_COUNT];
	void (*raised)(void *self, const struct finding *finding);
	void *watcher;
};

#endif
