/* guard/guard.h - giving up every right that reading packets does not need.
 *
 * Order: interfaces, files and sockets are opened; guard_drop; threads start;
 * guard_seal; only then is the first packet decoded.
 */
#ifndef GUARD_GUARD_H
#define GUARD_GUARD_H

#include <stddef.h>

#include "base/fault.h"

struct guard_options {
	const char *user;               /* -Z: become that one; NULL: when root, GUARD_USER if there is */
	bool stays;                     /* nobody else: files are still to be opened (`reads`) */
	bool serves;                    /* a listening socket goes on being served */
	bool keeps;                     /* a keeper is asked for files */
	bool judges;                    /* children are forked (they inherit the seal) */
	bool draws;                     /* a terminal is drawn on */
	bool threads;                   /* threads may still start after the seal */
	/* Files that may be opened after the seal, to be read; without Landlock that means all. */
	const char *const *reads;
	size_t read_count;
};

#define GUARD_USER "wsuscope"

/* User, groups, capabilities (libcap-ng), no new privileges, no core dumps.  Before any thread starts:
 * capabilities are a thread's.  Root stays root where GUARD_USER is no user here, but without one capability.
 * False: the fault says what could not be given up, and nothing may be decoded. */
bool guard_drop(const struct guard_options *o, struct fault *f);

/* After guard_drop: it was to become GUARD_USER, and there is none, or nobody else can be here. */
bool guard_is_root(const struct guard_options *o);

/* Landlock (no file, no network, no signal to others, as far as the kernel has it), then seccomp for all
 * threads: no open, no socket, no connect, no exec, no ptrace; what is refused fails with EPERM (execve
 * kills).  Packet sockets, which could send any frame, are only read from, and bound to an interface that
 * came back.  *lacking: what this kernel has not, in words for the user; "": nothing. */
bool guard_seal(const struct guard_options *o, char lacking[static 200], struct fault *f);

#endif
