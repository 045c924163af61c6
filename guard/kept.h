/* guard/kept.h - one of the names that a keeper knows, and what may be done with it.
 *
 * The same for the keeper's process and for one that needs none.
 */
#ifndef GUARD_KEPT_H
#define GUARD_KEPT_H

#include <limits.h>

#include "guard/keeper.h"

enum kept_task { KEPT_OPEN, KEPT_REMOVE, KEPT_OPEN_NEXT, KEPT_REPLACE };

struct kept {
	enum keeper_kind kind;
	bool append;
	char *path;                     /* owned */
	/* Parts of a series that were opened and not removed, the oldest first. */
	char **parts;
	size_t part_first, part_end, part_room;
};

void kept_release(struct kept *k);

/* What stands before its ending; "": nothing.  False: no part of a series can be like that. */
bool kept_is_part(const char *part);

/* 0, or errno.  *fd: what was opened, -1 where nothing was. */
int kept_do(struct kept *k, enum kept_task task, const char *part, int *fd);

/* Which file that is, for messages.  Returns `name`. */
const char *kept_name(const struct kept *k, enum kept_task task, const char *part,
                      char name[static PATH_MAX]);

#endif
