/* live/usage.c - asking the system, without opening a file once packets are decoded. */
#include "live/usage.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/moment.h"

enum { LOOKED_AT = 4096 };              /* descriptors beyond these are nobody's here */

void usage_open(struct usage *u)
{
	*u = (struct usage){ .status = open("/proc/self/statm", O_RDONLY | O_CLOEXEC),
		             .page = sysconf(_SC_PAGESIZE) };
}

void usage_close(struct usage *u)
{
	if (u->status >= 0)
		close(u->status);
	u->status = -1;
}

/* "SIZE RESIDENT SHARED ..." in pages (proc(5)). */
void usage_memory(struct usage *u)
{
	char text[128], *end;
	ssize_t len = u->status < 0 ? -1 : pread(u->status, text, sizeof text - 1, 0);

	if (len <= 0)
		return;
	text[len] = '\0';
	u->memory = strtoull(text, &end, 10) * (uint64_t)u->page;
	u->resident = strtoull(end, &end, 10) * (uint64_t)u->page;
	u->private = u->resident - strtoull(end, NULL, 10) * (uint64_t)u->page;
}

static int64_t time_of(struct timeval t)
{
	return t.tv_sec * MOMENT_S + t.tv_usec * (MOMENT_MS / 1000);
}

static void read_processor(struct usage *u)
{
	static const int whose[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
	struct rusage used;

	u->processor = 0;
	for (size_t i = 0; i < sizeof whose / sizeof *whose; i++)
		if (!getrusage(whose[i], &used))
			u->processor += time_of(used.ru_utime) + time_of(used.ru_stime);
}

/* poll(2) tells of each whether it is open; it takes no more than may be open. */
static void read_descriptors(struct usage *u)
{
	struct pollfd fds[LOOKED_AT];
	struct rlimit limit;
	nfds_t count;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	u->descriptors_max = limit.rlim_cur;
	count = limit.rlim_cur < LOOKED_AT ? (nfds_t)limit.rlim_cur : LOOKED_AT;
	for (nfds_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){ .fd = (int)i };
	u->descriptors = 0;
	if (poll(fds, count, 0) < 0)
		return;
	for (nfds_t i = 0; i < count; i++)
		u->descriptors += !(fds[i].revents & POLLNVAL);
}

void usage_read(struct usage *u)
{
	usage_memory(u);
	read_processor(u);
	read_descriptors(u);
}
