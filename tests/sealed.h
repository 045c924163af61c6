/* tests/sealed.h - children that give up their rights, and how they end. */
#ifndef TESTS_SEALED_H
#define TESTS_SEALED_H

#include <stdbool.h>
#include <sys/types.h>

#include "guard/guard.h"

/* Ways of a child to end; a program that it became ends otherwise. */
enum { SEALED_DENIED = 40, SEALED_DONE, SEALED_OTHERWISE, SEALED_NOT };

/* In the child, as the commands do it. */
void sealed_enter(const struct guard_options *o);

/* What errno (0: none) means. */
int sealed_way(int error);

/* In the parent: how it ended. */
int sealed_await(pid_t child);

/* The value of a line of /proc/PID/status. */
const char *sealed_status(pid_t of, const char *name, char value[static 100]);

#endif
