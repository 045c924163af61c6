/* guard/senders.c - asking each descriptor what it is, which is surer than being told. */
#include "guard/senders.h"

#include <dirent.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/span.h"

enum { UNLISTED_MAX = 1 << 16 };        /* descriptors that are asked where there is no list */

/* -1: not a socket. */
static int ask_socket(int fd, int what)
{
	int value = -1;
	socklen_t len = sizeof value;

	return getsockopt(fd, SOL_SOCKET, what, &value, &len) ? -1 : value;
}

static void note(struct sockets *s, int fd)
{
	if (s->count < SENDERS_MAX)
		s->at[s->count] = fd;
	s->count++;
}

static void ask(struct senders *s, int fd)
{
	if (ask_socket(fd, SO_DOMAIN) == AF_PACKET)
		note(&s->packets, fd);
	else if (ask_socket(fd, SO_TYPE) == SOCK_DGRAM)
		note(&s->datagrams, fd);
}

/* A process may always list its own, also once it is another user's (proc_fd_permission in Linux'
 * fs/proc/fd.c).  False: there is no such list here. */
static bool ask_listed(struct senders *s)
{
	DIR *list = opendir("/proc/self/fd");
	const struct dirent *entry;
	uint64_t fd;

	while (list && (entry = readdir(list)))
		if (span_decimal(span_text(entry->d_name), &fd) && fd <= INT32_MAX)
			ask(s, (int)fd);
	return list && !closedir(list);
}

/* What was opened before the limit was lowered would be beyond. */
static void ask_up_to_the_limit(struct senders *s)
{
	struct rlimit most;

	if (getrlimit(RLIMIT_NOFILE, &most) || most.rlim_cur > UNLISTED_MAX)
		most.rlim_cur = UNLISTED_MAX;
	for (int fd = 0; fd < (int)most.rlim_cur; fd++)
		ask(s, fd);
}

bool senders_find(struct senders *s, struct fault *f)
{
	*s = (struct senders){ .packets.count = 0 };
	if (!ask_listed(s))
		ask_up_to_the_limit(s);
	return (s->packets.count <= SENDERS_MAX && s->datagrams.count <= SENDERS_MAX) ||
	       fault_set(f, FAULT_USAGE, "more than %d sockets cannot be kept from sending: fewer interfaces "
	                 "(-i) or threads (-j), or --no-sandbox", SENDERS_MAX);
}
