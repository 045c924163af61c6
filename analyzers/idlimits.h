/* analyzers/idlimits.h - the lists of update ids that a server takes only so many of (KB4096317). */
#ifndef ANALYZERS_IDLIMITS_H
#define ANALYZERS_IDLIMITS_H

#include "facts/wsuscall.h"

/* X(symbol, parameter that InvalidParameters names, setting in web.config, its default, field) */
#define ID_LISTS(X)                                                                             \
	X(INSTALLED, "InstalledNonLeafUpdateIDs", "maxInstalledPrerequisites", 400, INSTALLED_IDS) \
	X(CACHED,    "OtherCachedUpdateIDs",      "maxCachedUpdates",        22000, CACHED_IDS)

#define X(symbol, ...) ID_LIST_##symbol,
enum id_list { ID_LISTS(X) ID_LIST_COUNT };
#undef X

/* The list that a fault's message names; ID_LIST_COUNT: none. */
enum id_list id_list_named(struct span message);

#endif
