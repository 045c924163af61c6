/* guard/keeper.c - the process that keeps files, and the one that asks it. */
#include "guard/keeper.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard/calls.h"
#include "guard/fence.h"
#include "guard/kept.h"
#include "guard/rights.h"

enum { ANSWER_S = 5, GOODBYE_MS = 1000, GOODBYE_STEP_MS = 5 };

struct keeper {
	struct kept entries[KEEPER_ENTRIES];
	int count;
	pid_t process;                  /* 0: none, the caller does it all itself */
	pid_t parent;                   /* its children share the line, and would take each other's answers */
	int line;                       /* to the other process */
	uint32_t asked;                 /* questions so far */
	bool late;                      /* the last of them was waited for in vain */
};

struct question {
	uint32_t id;                    /* of its answer, too: one may come too late */
	uint32_t task, number;
	char part[KEEPER_PART + 1];
};

struct answer {
	uint32_t id;
	int32_t error;                  /* 0: done */
	struct fault fault;             /* of the beginning alone, which has the id 0 */
};

/* A message's room for one descriptor. */
union passing {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

/* ---- the keeper's process ---- */

static void answer(int line, const struct answer *a, int fd)
{
	struct iovec text = { (void *)(uintptr_t)a, sizeof *a };
	union passing passing = { .room = { 0 } };
	struct msghdr message = { .msg_iov = &text, .msg_iovlen = 1 };

	if (fd >= 0) {
		message.msg_control = &passing;
		message.msg_controllen = sizeof passing;
		passing.head = (struct cmsghdr){ CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS };
		memcpy(CMSG_DATA(&passing.head), &fd, sizeof fd);
	}
	/* Somebody who does not listen gets none. */
	sendmsg(line, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (fd >= 0)
		close(fd);
}

static void serve_one(struct keeper *k, struct question *q, size_t len)
{
	struct answer a = { .error = EINVAL };
	int fd = -1;

	if (len == sizeof *q) {
		a.id = q->id;
		q->part[KEEPER_PART] = '\0';
		if (q->number < (uint32_t)k->count && q->task <= KEPT_REPLACE)
			a.error = kept_do(&k->entries[q->number], (enum kept_task)q->task, q->part, &fd);
	}
	answer(k->line, &a, fd);
}

/* Until nobody is left to ask. */
static void serve(struct keeper *k)
{
	struct question q;
	ssize_t len;

	while ((len = recv(k->line, &q, sizeof q, 0)) != 0) {
		if (len > 0)
			serve_one(k, &q, (size_t)len);
		else if (errno != EINTR)
			return;
	}
}

/* The directory of a name, and that of what a link of that name leads to. */
static void fence_around(int fence, const char *path, enum fence_right right)
{
	char name[PATH_MAX], real[PATH_MAX];

	if (strlen(path) >= sizeof name)
		return;
	memcpy(name, path, strlen(path) + 1);
	fence_allow(fence, dirname(name), right);
	if (realpath(path, real))
		fence_allow(fence, dirname(real), right);
}

static bool fence_in(const struct keeper *k, struct fault *f)
{
	int fence = fence_new();

	if (fence < 0)
		return true;            /* the filter of system calls holds */
	for (int i = 0; i < k->count; i++)
		if (k->entries[i].kind != KEEPER_SOCKET)
			fence_around(fence, k->entries[i].path,
			             k->entries[i].kind == KEEPER_INPUT ? FENCE_READ : FENCE_MAKE);
	return fence_shut(fence) || rights_fault("other files", errno, f);
}

/* Root's files stay root's: it may have named some in other users' directories. */
static bool give_up(const struct keeper *k, struct fault *f)
{
	return rights_close(f) && rights_only(CAP_DAC_OVERRIDE, f) && rights_hide(f) && fence_in(k, f);
}

/* What a terminal or a service manager sends to all is for the parent, who needs files up to its end. */
static void mind_parent(pid_t parent)
{
	static const int theirs[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++)
		sigaction(theirs[i], &ignore, NULL);
	prctl(PR_SET_NAME, "wsuscope-keeper", 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(0);
}

static void run(struct keeper *k)
{
	struct answer begin = { .error = 0 };

	/* Standard descriptors may be files by name (/dev/fd/1); nothing else of the parent's is of use. */
	close_range(STDERR_FILENO + 1, (unsigned)k->line - 1, 0);
	close_range((unsigned)k->line + 1, UINT_MAX, 0);
	begin.error = give_up(k, &begin.fault) ? 0 : EPERM;
	/* Giving up rights may take back the signal of the parent's death (prctl(2)). */
	mind_parent(k->parent);
	if (!begin.error && calls_can() && !calls_only_keeper(&begin.fault))
		begin.error = EPERM;
	answer(k->line, &begin, -1);
	if (!begin.error)
		serve(k);
	_exit(0);
}

/* ---- the parent ---- */

struct keeper *keeper_new(void)
{
	struct keeper *k = calloc(1, sizeof *k);

	if (k)
		k->line = -1;
	return k;
}

int keeper_allow(struct keeper *k, enum keeper_kind kind, const char *path, bool append)
{
	struct kept entry = { .kind = kind, .append = append };

	if (k->count == KEEPER_ENTRIES || k->process || !(entry.path = strdup(path)))
		return -1;
	k->entries[k->count] = entry;
	return k->count++;
}

/* The answer with that id; what comes too late for its question is thrown away.  False: errno says why. */
static bool hear(struct keeper *k, uint32_t id, int flags, struct answer *a, int *fd)
{
	for (;;) {
		struct iovec text = { a, sizeof *a };
		union passing passing;
		struct msghdr message = {
			.msg_iov = &text, .msg_iovlen = 1,
			.msg_control = &passing, .msg_controllen = sizeof passing,
		};
		ssize_t len = recvmsg(k->line, &message, MSG_CMSG_CLOEXEC | flags);
		const struct cmsghdr *head = len > 0 ? CMSG_FIRSTHDR(&message) : NULL;

		*fd = -1;
		if (head && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof *fd))
			memcpy(fd, CMSG_DATA(head), sizeof *fd);
		if (len == sizeof *a && a->id == id)
			return true;
		if (*fd >= 0)
			close(*fd);
		if (len > 0 || (len < 0 && errno == EINTR))
			continue;
		errno = !len ? EPIPE : errno == EAGAIN ? ETIMEDOUT : errno;
		return false;
	}
}

static bool has_begun(struct keeper *k, struct fault *f)
{
	struct answer a;
	int fd;

	if (!hear(k, 0, 0, &a, &fd))
		return fault_set(f, FAULT_INPUT, "the process that keeps files does not begin: %s",
		                 strerror(errno));
	if (a.error)
		*f = a.fault;
	return !a.error;
}

static bool cannot_start(struct fault *f)
{
	return fault_set(f, FAULT_INPUT, "a process that keeps files cannot be started: %s", strerror(errno));
}

bool keeper_start(struct keeper *k, struct fault *f)
{
	const struct timeval patience = { .tv_sec = ANSWER_S };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return cannot_start(f);
	setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	k->parent = getpid();
	k->process = fork();
	if (!k->process) {
		k->line = ends[1];
		run(k);
	}
	close(ends[1]);
	k->line = ends[0];
	if (k->process > 0)
		return has_begun(k, f);
	k->process = 0;
	return cannot_start(f);
}

/* One that hangs over a dead file system is waited for once: until that answer has come, nothing more is
 * asked, and who asks is not held up.  False: errno says why. */
static bool has_caught_up(struct keeper *k)
{
	struct answer a;
	int fd;

	if (!k->late)
		return true;
	if (!hear(k, k->asked, MSG_DONTWAIT, &a, &fd))
		return false;
	if (fd >= 0)
		close(fd);
	k->late = false;
	return true;
}

/* 0 or errno, as kept_do says. */
static int ask(struct keeper *k, enum kept_task task, uint32_t number, const char *part, int *fd)
{
	struct question q = { .task = task, .number = number };
	struct answer a;

	if (k->process && getpid() != k->parent)
		return EPERM;
	if (!k->process)
		return kept_do(&k->entries[number], task, part, fd);
	if (!has_caught_up(k))
		return errno;
	q.id = ++k->asked;
	memcpy(q.part, part, strlen(part));
	if (send(k->line, &q, sizeof q, MSG_NOSIGNAL) != sizeof q)
		return errno == EAGAIN ? ETIMEDOUT : errno;
	if (hear(k, q.id, 0, &a, fd))
		return a.error;
	k->late = errno == ETIMEDOUT;
	return errno;
}

static const char *words_for(int error)
{
	static const struct row {
		int error;
		const char *words;
	} rows[] = {
		{ EEXIST, "it exists already, and is not written over" },
		{ ENXIO, "nobody reads from that pipe" },
		{ ETIMEDOUT, "the process that keeps files does not answer" },
		{ EPIPE, "the process that keeps files is gone" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].error == error)
			return rows[i].words;
	return strerror(error);
}

static bool tell(const struct kept *entry, enum kept_task task, const char *part, int error, struct fault *f)
{
	static const char *const failed[] = {
		[KEEPER_FILE] = "cannot be written",
		[KEEPER_SERIES] = "cannot be written",
		[KEEPER_FOLDER] = "cannot be written",
		[KEEPER_SOCKET] = "cannot be connected to",
		[KEEPER_INPUT] = "cannot be read",
	};
	const char *what = task == KEPT_REMOVE ? "cannot be removed" : failed[entry->kind];
	char name[PATH_MAX];

	return fault_set(f, entry->kind == KEEPER_INPUT ? FAULT_INPUT : FAULT_OUTPUT, "%.400s: %s: %s",
	                 kept_name(entry, task, part, name), what, words_for(error));
}

/* -1: the fault tells; otherwise a descriptor, or 0 where none is asked for. */
static int want(struct keeper *k, enum kept_task task, int number, const char *part, struct fault *f)
{
	const char *told = part ? part : "";
	int error, fd = -1;

	if (number < 0 || number >= k->count || !kept_is_part(told)) {
		fault_set(f, FAULT_OUTPUT, "a file was asked for that nobody keeps");
		return -1;
	}
	error = ask(k, task, (uint32_t)number, told, &fd);
	if (!error)
		return fd >= 0 ? fd : 0;
	tell(&k->entries[number], task, told, error, f);
	return -1;
}

int keeper_open(struct keeper *k, int number, const char *part, struct fault *f)
{
	return want(k, KEPT_OPEN, number, part, f);
}

bool keeper_remove(struct keeper *k, int number, const char *part, struct fault *f)
{
	return want(k, KEPT_REMOVE, number, part, f) >= 0;
}

int keeper_open_next(struct keeper *k, int number, struct fault *f)
{
	return want(k, KEPT_OPEN_NEXT, number, NULL, f);
}

bool keeper_replace(struct keeper *k, int number, struct fault *f)
{
	return want(k, KEPT_REPLACE, number, NULL, f) >= 0;
}

/* It ends when the line does; one that hangs over a dead file system is left to its signal. */
static void say_goodbye(struct keeper *k)
{
	/* Whoever else holds this end, too, does not hold it up. */
	shutdown(k->line, SHUT_RDWR);
	for (int waited = 0; waited < GOODBYE_MS; waited += GOODBYE_STEP_MS) {
		if (waitpid(k->process, NULL, WNOHANG) != 0)
			return;
		poll(NULL, 0, GOODBYE_STEP_MS);
	}
}

void keeper_free(struct keeper *k)
{
	if (!k)
		return;
	if (k->process)
		say_goodbye(k);
	if (k->line >= 0)
		close(k->line);
	for (int i = 0; i < k->count; i++)
		kept_release(&k->entries[i]);
	free(k);
}
