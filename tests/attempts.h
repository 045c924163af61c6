/* tests/attempts.h - what somebody would try who has taken over a decoder. */
#ifndef TESTS_ATTEMPTS_H
#define TESTS_ATTEMPTS_H

#include <stddef.h>
#include <sys/types.h>

/* What a process has at hand, opened before it gave up its rights. */
struct at_hand {
	pid_t parent;
	int udp, tcp, packets;          /* sockets; -1: none */
	const char *file;               /* a file that is there, and may be written by its rights */
};

struct attempt {
	const char *name;
	/* 0, or errno of what was refused. */
	int (*make)(const struct at_hand *h);
};

extern const struct attempt attempts[];
extern const size_t attempt_count;

#endif
