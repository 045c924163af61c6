/* guard/calls.c - which system calls are left, as tables.
 *
 * What the tables do not name fails with EPERM: libraries ask for much that they
 * can do without.  What only an intruder asks for ends the process.
 */
#include "guard/calls.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL(name) SCMP_SYS(name)

enum { LIST_END = -999999 };            /* no system call, nor a pseudo number of libseccomp's */

/* Reading, writing, memory, time, signals: for all. */
static const int basic[] = {
	CALL(read), CALL(readv), CALL(pread64), CALL(preadv), CALL(write), CALL(writev), CALL(pwrite64),
	CALL(lseek), CALL(close), CALL(fsync), CALL(fdatasync), CALL(ftruncate), CALL(fadvise64),
	/* fstat(3) is newfstatat(2) of an empty name, which a filter cannot tell from others: of names may be
	 * asked, and none opened. */
	CALL(fstat), CALL(newfstatat), CALL(stat), CALL(lstat), CALL(statx),
	CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise),
	CALL(futex), CALL(rseq), CALL(set_robust_list), CALL(sched_yield), CALL(sched_getaffinity),
	CALL(clock_gettime), CALL(clock_getres), CALL(clock_nanosleep), CALL(nanosleep), CALL(gettimeofday),
	CALL(time), CALL(times), CALL(getrusage), CALL(sysinfo), CALL(uname), CALL(getrlimit),
	CALL(getrandom),
	CALL(getpid), CALL(gettid), CALL(getppid), CALL(getuid), CALL(geteuid), CALL(getgid), CALL(getegid),
	CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(rt_sigpending), CALL(sigaltstack),
	CALL(restart_syscall), CALL(poll), CALL(ppoll), CALL(select), CALL(pselect6), CALL(exit),
	CALL(exit_group), LIST_END,
};

/* A live run: its keeper, its children, its spools, sockets that were opened before. */
static const int live[] = {
	CALL(recvfrom), CALL(recvmsg), CALL(getsockopt), CALL(getsockname), CALL(shutdown), CALL(wait4),
	CALL(alarm), CALL(setitimer), LIST_END,
};

static const int serving[] = {
	CALL(accept), CALL(accept4), CALL(getpeername), CALL(sendmsg), CALL(epoll_wait), CALL(epoll_pwait),
	CALL(epoll_ctl), CALL(epoll_create1), CALL(eventfd2), LIST_END,
};

static const int drawing[] = {
	CALL(getpgrp), CALL(getpgid), CALL(pipe2), CALL(dup), CALL(dup2), CALL(dup3), LIST_END,
};

static const int keeping[] = {
	CALL(read), CALL(write), CALL(close), CALL(recvfrom), CALL(sendmsg), CALL(poll), CALL(openat),
	CALL(fstat), CALL(newfstatat), CALL(unlink), CALL(unlinkat), CALL(rename), CALL(renameat),
	CALL(renameat2), CALL(connect), CALL(fcntl), CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise),
	CALL(futex), CALL(clock_gettime), CALL(clock_nanosleep), CALL(getpid), CALL(getppid), CALL(gettid),
	CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(sigaltstack),
	CALL(restart_syscall), CALL(exit), CALL(exit_group), LIST_END,
};

/* Nothing here asks for these by mistake. */
static const int deadly[] = {
	CALL(execve), CALL(execveat), CALL(ptrace), CALL(process_vm_readv), CALL(process_vm_writev),
	CALL(kexec_load), CALL(kexec_file_load), CALL(init_module), CALL(finit_module), LIST_END,
};

/* Calls that are right only with some arguments: ((argument & mask) == value), of up to two. */
struct argument {
	unsigned at;
	uint64_t mask, value;
};

struct ruled {
	int call;
	unsigned count;
	struct argument arguments[2];
};

enum { RULES_END = 0 };                 /* as .count */

/* The kernel looks at 32 bits of what is an int; the rest is whatever the caller left there. */
#define WORD 0xffffffffu
#define ALL  UINT64_MAX

#define ASKS(what)           { CALL(ioctl), 1, { { 1, WORD, (what) } } }
#define CONTROLS(what)       { CALL(fcntl), 1, { { 1, WORD, (what) } } }
#define SETS_PROCESS(what)   { CALL(prctl), 1, { { 0, WORD, (what) } } }
#define SETS(level, what)    { CALL(setsockopt), 2, { { 1, WORD, (level) }, { 2, WORD, (what) } } }

static const struct ruled basic_ruled[] = {
	/* No code but what was loaded. */
	{ CALL(mmap), 1, { { 2, PROT_EXEC, 0 } } },
	{ CALL(mprotect), 1, { { 2, PROT_EXEC, 0 } } },
	{ CALL(prlimit64), 2, { { 0, WORD, 0 }, { 2, ALL, 0 } } },      /* of oneself, to look */
	/* By the second of these names newer libraries' tcgetattr(3) asks (glibc 2.42). */
	ASKS(TCGETS), ASKS(TCGETS2), ASKS(TIOCGWINSZ), ASKS(FIONREAD),
	CONTROLS(F_GETFD), CONTROLS(F_SETFD), CONTROLS(F_GETFL), CONTROLS(F_SETFL), CONTROLS(F_DUPFD_CLOEXEC),
	SETS_PROCESS(PR_SET_NAME), SETS_PROCESS(PR_GET_SECCOMP),
	{ .count = RULES_END },
};

static const struct ruled live_ruled[] = {
	{ CALL(sendto), 1, { { 4, ALL, 0 } } },         /* to whom the socket is connected, and nobody else */
	{ CALL(setpriority), 2, { { 0, WORD, PRIO_PROCESS }, { 1, WORD, 0 } } },
	{ CALL(getpriority), 2, { { 0, WORD, PRIO_PROCESS }, { 1, WORD, 0 } } },
	SETS_PROCESS(PR_SET_PDEATHSIG),
	ASKS(FIONBIO), ASKS(SIOCGIFINDEX), ASKS(SIOCGIFNAME), ASKS(SIOCGIFFLAGS), ASKS(SIOCGIFHWADDR),
	ASKS(SIOCGIFMTU),
	{ .count = RULES_END },
};

static const struct ruled serving_ruled[] = {
	SETS(IPPROTO_TCP, TCP_NODELAY), SETS(IPPROTO_TCP, TCP_CORK),
	{ .count = RULES_END },
};

/* TIOCSTI, which types for the user, is not among them. */
static const struct ruled drawing_ruled[] = {
	ASKS(TCSETS), ASKS(TCSETSW), ASKS(TCSETSF), ASKS(TCSETS2), ASKS(TCSETSW2), ASKS(TCSETSF2),
	ASKS(TCFLSH), ASKS(TIOCGPGRP),
	{ .count = RULES_END },
};

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | \
		    CLONE_NEWPID | CLONE_NEWNET)
#define AS_THREAD  (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)

/* clone3 hides its flags in memory: glibc asks for clone where there is none. */
static const struct ruled judging_ruled[] = {
	{ CALL(clone), 1, { { 0, NAMESPACES | CLONE_VM | CLONE_PTRACE | CLONE_PARENT, 0 } } },
	{ .count = RULES_END },
};

static const struct ruled threading_ruled[] = {
	{ CALL(clone), 1, { { 0, NAMESPACES | CLONE_PTRACE | AS_THREAD, AS_THREAD } } },
	{ .count = RULES_END },
};

static const struct ruled reading_ruled[] = {
	{ CALL(openat), 1, { { 2, O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY), O_RDONLY } } },
	{ .count = RULES_END },
};

static const struct ruled keeping_ruled[] = {
	{ CALL(mmap), 1, { { 2, PROT_EXEC, 0 } } },
	{ CALL(socket), 1, { { 0, WORD, AF_UNIX } } },
	{ .count = RULES_END },
};

static int allow(scmp_filter_ctx filter, const int *calls)
{
	int status = 0;

	for (; !status && *calls != LIST_END; calls++)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, *calls, 0);
	return status;
}

static int allow_ruled(scmp_filter_ctx filter, const struct ruled *r)
{
	struct scmp_arg_cmp compare[2];
	int status = 0;

	for (; !status && r->count; r++) {
		for (unsigned i = 0; i < r->count; i++)
			compare[i] = (struct scmp_arg_cmp){ r->arguments[i].at, SCMP_CMP_MASKED_EQ,
				                            r->arguments[i].mask, r->arguments[i].value };
		status = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, r->call, r->count, compare);
	}
	return status;
}

/* To this process alone, as a screen does that is left by Ctrl-Z. */
static int allow_own_signals(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp is_it = SCMP_A0(SCMP_CMP_MASKED_EQ, WORD, (scmp_datum_t)getpid());
	int status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(tgkill), 1, is_it);

	return status ? status : seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(kill), 1, is_it);
}

/* An interface that is back is another one by number: its socket is bound anew, and asks for all frames
 * again. */
static int allow_rebinding(scmp_filter_ctx filter, const struct sockets *s)
{
	static const int memberships[] = { PACKET_ADD_MEMBERSHIP, PACKET_DROP_MEMBERSHIP };
	int status = 0;

	for (size_t i = 0; !status && i < s->count; i++) {
		scmp_datum_t fd = (scmp_datum_t)s->at[i];

		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(bind), 1,
		                          SCMP_A0(SCMP_CMP_MASKED_EQ, WORD, fd));
		for (size_t k = 0; !status && k < sizeof memberships / sizeof *memberships; k++)
			status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(setsockopt), 3,
			                          SCMP_A0(SCMP_CMP_MASKED_EQ, WORD, fd),
			                          SCMP_A1(SCMP_CMP_MASKED_EQ, WORD, SOL_PACKET),
			                          SCMP_A2(SCMP_CMP_MASKED_EQ, WORD,
			                                  (scmp_datum_t)memberships[k]));
	}
	return status;
}

static int deny(scmp_filter_ctx filter, uint32_t action, const int *calls)
{
	int status = 0;

	for (; !status && *calls != LIST_END; calls++)
		status = seccomp_rule_add(filter, action, *calls, 0);
	return status;
}

static int fill(scmp_filter_ctx filter, const struct guard_options *o, const struct sockets *s)
{
	const bool is_live = o->judges || o->keeps || o->serves || o->draws || o->threads;
	const struct {
		bool wanted;
		const int *plain;
		const struct ruled *ruled;
	} parts[] = {
		{ true, basic, basic_ruled },       { is_live, live, live_ruled },
		{ o->serves, serving, serving_ruled }, { o->draws, drawing, drawing_ruled },
		{ o->judges, NULL, judging_ruled }, { o->threads || o->serves, NULL, threading_ruled },
		{ o->read_count > 0, NULL, reading_ruled },
	};
	int status = 0;

	for (size_t i = 0; !status && i < sizeof parts / sizeof *parts; i++) {
		if (parts[i].wanted && parts[i].plain)
			status = allow(filter, parts[i].plain);
		if (parts[i].wanted && !status)
			status = allow_ruled(filter, parts[i].ruled);
	}
	if (!status)
		status = allow_own_signals(filter);
	return status || !is_live ? status : allow_rebinding(filter, s);
}

/* Everything but EPERM by default: a call that is missing here is a library's wish, not an attack. */
static bool load(scmp_filter_ctx filter, int status, struct fault *f)
{
	static const int absent[] = { CALL(clone3), LIST_END };

	if (!status)
		status = deny(filter, SCMP_ACT_KILL_PROCESS, deadly);
	if (!status)
		status = deny(filter, SCMP_ACT_ERRNO(ENOSYS), absent);
	if (!status)
		status = seccomp_load(filter);
	seccomp_release(filter);
	return !status ||
	       fault_set(f, FAULT_INPUT, "system calls cannot be filtered: %s (--no-sandbox goes without)",
	                 strerror(-status));
}

/* NULL: out of memory. */
static scmp_filter_ctx begin(uint32_t otherwise, struct fault *f)
{
	scmp_filter_ctx filter = seccomp_init(otherwise);

	if (filter && !seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1))
		return filter;
	seccomp_release(filter);
	fault_set(f, FAULT_MEMORY, "out of memory");
	return NULL;
}

static int deny_each(scmp_filter_ctx filter, const struct sockets *s, const int *calls)
{
	int status = 0;

	for (size_t i = 0; !status && i < s->count; i++) {
		struct scmp_arg_cmp is_it = SCMP_A0(SCMP_CMP_MASKED_EQ, WORD, (scmp_datum_t)s->at[i]);

		for (size_t k = 0; !status && calls[k] != LIST_END; k++)
			status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[k], 1, is_it);
		if (!status)
			status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), CALL(fcntl), 2, is_it,
			                          SCMP_A1(SCMP_CMP_MASKED_EQ, WORD, F_DUPFD_CLOEXEC));
	}
	return status;
}

/* A packet socket could send whatever frame it is given, a datagram socket to whom it is told in a message:
 * nothing is sent like that, and they get no second number under which it might be.  A filter of its own,
 * because one rule of an argument is all that a filter takes, and the stricter one of two counts. */
static bool mute(const struct senders *s, struct fault *f)
{
	static const int frames[] = {
		CALL(write), CALL(writev), CALL(pwrite64), CALL(sendto), CALL(sendmsg), CALL(dup), CALL(dup2),
		CALL(dup3), LIST_END,
	};
	static const int messages[] = { CALL(sendmsg), CALL(dup), CALL(dup2), CALL(dup3), LIST_END };
	scmp_filter_ctx filter;
	int status;

	if (!s->packets.count && !s->datagrams.count)
		return true;
	filter = begin(SCMP_ACT_ALLOW, f);
	if (!filter)
		return false;
	status = deny_each(filter, &s->packets, frames);
	if (!status)
		status = deny_each(filter, &s->datagrams, messages);
	return load(filter, status, f);
}

bool calls_can(void)
{
	/* With no program: EFAULT where a filter could be had, for all threads at once (seccomp(2)). */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, NULL) < 0 &&
	       errno == EFAULT;
}

bool calls_only(const struct guard_options *o, const struct senders *s, struct fault *f)
{
	scmp_filter_ctx filter;

	if (!mute(s, f))
		return false;
	filter = begin(SCMP_ACT_ERRNO(EPERM), f);
	return filter && load(filter, fill(filter, o, &s->packets), f);
}

bool calls_only_keeper(struct fault *f)
{
	scmp_filter_ctx filter = begin(SCMP_ACT_ERRNO(EPERM), f);
	int status = filter ? allow(filter, keeping) : 0;

	if (filter && !status)
		status = allow_ruled(filter, keeping_ruled);
	return filter && load(filter, status, f);
}
