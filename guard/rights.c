/* guard/rights.c - capabilities through libcap-ng. */
#include "guard/rights.h"

#include <cap-ng.h>
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

bool rights_fault(const char *what, int why, struct fault *f)
{
	return fault_set(f, FAULT_INPUT, "rights cannot be given up: %s: %s (--no-sandbox keeps them)", what,
	                 strerror(why));
}

/* It takes CAP_SETPCAP; without it no_new_privs closes the same ways. */
bool rights_close(struct fault *f)
{
	capng_get_caps_process();
	if (!capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP))
		return true;
	capng_clear(CAPNG_SELECT_BOUNDS);
	if (capng_apply(CAPNG_SELECT_BOUNDS))
		return rights_fault("the bounding set of capabilities", errno, f);
	return !capng_lock() || rights_fault("securebits", errno, f);
}

bool rights_only(int capability, struct fault *f)
{
	bool kept;

	capng_get_caps_process();
	kept = capability != RIGHTS_NONE && capng_have_capability(CAPNG_EFFECTIVE, (unsigned)capability);
	capng_clear(CAPNG_SELECT_ALL);
	if (kept)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, (unsigned)capability);
	if (capng_apply(CAPNG_SELECT_CAPS) || capng_apply(CAPNG_SELECT_AMBIENT))
		return rights_fault("capabilities", errno, f);
	capng_get_caps_process();
	return kept || capng_have_capabilities(CAPNG_SELECT_CAPS) == CAPNG_NONE ||
	       fault_set(f, FAULT_INPUT, "rights cannot be given up: capabilities are still there");
}

bool rights_hide(struct fault *f)
{
	const struct rlimit none = { 0, 0 };

	/* Memory holds other people's traffic, and secrets. */
	if (setrlimit(RLIMIT_CORE, &none) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return rights_fault("core dumps", errno, f);
	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || rights_fault("new privileges", errno, f);
}
