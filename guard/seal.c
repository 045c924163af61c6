/* guard/seal.c - fences and filters put up, in the order that lets each be put up. */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "guard/calls.h"
#include "guard/fence.h"
#include "guard/guard.h"

#ifdef __has_feature
#define CLANG_ASAN __has_feature(address_sanitizer)
#else
#define CLANG_ASAN 0
#endif

#if defined(__SANITIZE_ADDRESS__) || CLANG_ASAN
/* At the end LeakSanitizer traces the process, which a seal takes for an attack: leaks are looked for in runs
 * without one.  It asks by this name (sanitizer/lsan_interface.h). */
static volatile sig_atomic_t sealed;

int __lsan_is_turned_off(void);

int __lsan_is_turned_off(void)
{
	return sealed;
}

static void tell_sanitizer(void)
{
	sealed = 1;
}
#else
static void tell_sanitizer(void)
{
}
#endif

/* A file of them that is gone by now is missed when it is read. */
static bool fence_in(const struct guard_options *o)
{
	int fence = fence_new();

	for (size_t i = 0; fence >= 0 && i < o->read_count; i++)
		fence_allow(fence, o->reads[i], FENCE_READ);
	return fence >= 0 && fence_shut(fence);
}

bool guard_seal(const struct guard_options *o, char lacking[static 200], struct fault *f)
{
	bool filters = calls_can(), fenced;
	struct senders senders;

	if (filters && !senders_find(&senders, f))
		return false;
	tzset();                        /* localtime(3) reads a file when it is first asked */
	fenced = fence_in(o);
	snprintf(lacking, 200, "%s%s%s", filters ? "" : "seccomp", filters || fenced ? "" : " or ",
	         fenced ? "" : "Landlock");
	tell_sanitizer();
	return !filters || calls_only(o, &senders, f);
}
