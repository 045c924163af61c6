/* guard/rights.h - capabilities and what else a process gives up for good.  Before its threads start. */
#ifndef GUARD_RIGHTS_H
#define GUARD_RIGHTS_H

#include "base/fault.h"

enum { RIGHTS_NONE = -1 };

/* The bounding set, and root's ways to new capabilities. */
bool rights_close(struct fault *f);

/* All capabilities but that one (linux/capability.h), where there is one; RIGHTS_NONE: all. */
bool rights_only(int capability, struct fault *f);

/* Core dumps, being looked into by others, and new privileges by exec. */
bool rights_hide(struct fault *f);

/* Always false: says what cannot be given up, and why (errno). */
bool rights_fault(const char *what, int why, struct fault *f);

#endif
