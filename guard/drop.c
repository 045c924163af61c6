/* guard/drop.c - user, groups and capabilities, given up for good. */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "guard/guard.h"
#include "guard/rights.h"

enum { NAMES_ROOM = 16 * 1024, PROCESSES_MAX = 512 };

struct identity {
	uid_t uid;
	gid_t gid;
};

/* NULL: no such user. */
static const struct identity *look_up(const char *name, struct identity *to)
{
	char names[NAMES_ROOM];
	struct passwd user, *found = NULL;

	if (getpwnam_r(name, &user, names, sizeof names, &found) || !found)
		return NULL;
	*to = (struct identity){ found->pw_uid, found->pw_gid };
	return to;
}

/* Whom to become; *who NULL: nobody else.  False: the one who was asked for cannot be. */
static bool choose(const struct guard_options *o, struct identity *room, const struct identity **who,
                   struct fault *f)
{
	bool root = geteuid() == 0;

	*who = NULL;
	if (!o->user && (!root || o->stays))
		return true;
	*who = look_up(o->user ? o->user : GUARD_USER, room);
	if (!*who)
		return !o->user || fault_set(f, FAULT_USAGE, "-Z %s: there is no such user", o->user);
	if (!root && room->uid == geteuid())
		*who = NULL;
	return root || !*who ||
	       fault_set(f, FAULT_USAGE, "-Z %s: only root can become another user", o->user);
}

/* Where identities are few (user_namespaces(7)), there may be nobody else to become. */
static bool is_needed(const struct guard_options *o, int why)
{
	return o->user || (why != EINVAL && why != EPERM);
}

static bool become(const struct guard_options *o, const struct identity *who, struct fault *f)
{
	const struct rlimit processes = { PROCESSES_MAX, PROCESSES_MAX };
	bool own = !o->user || !strcmp(o->user, GUARD_USER);

	if (setgroups(0, NULL) || setresgid(who->gid, who->gid, who->gid) ||
	    setresuid(who->uid, who->uid, who->uid))
		return !is_needed(o, errno) || rights_fault(o->user ? o->user : GUARD_USER, errno, f);
	/* A user of its own has no other processes; anybody else may have many. */
	return !own || !setrlimit(RLIMIT_NPROC, &processes) || rights_fault("processes", errno, f);
}

/* Once capabilities are gone, so is the way back. */
static bool is_final(struct fault *f)
{
	return geteuid() == 0 || (setresuid((uid_t)-1, 0, (uid_t)-1) && setuid(0) && geteuid()) ||
	       fault_set(f, FAULT_INPUT, "rights cannot be given up: root can be had back");
}

bool guard_drop(const struct guard_options *o, struct fault *f)
{
	struct identity room;
	const struct identity *who;

	/* Root may have been given other users' files to read: they could be opened once. */
	int kept = o->read_count ? CAP_DAC_READ_SEARCH : RIGHTS_NONE;

	return choose(o, &room, &who, f) && rights_close(f) && (!who || become(o, who, f)) &&
	       rights_only(kept, f) && is_final(f) && rights_hide(f);
}

bool guard_is_root(const struct guard_options *o)
{
	return !o->user && !o->stays && geteuid() == 0;
}
