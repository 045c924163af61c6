/* tests/attempts.c - each a system call, as the kernel sees it: no library comes between. */
#include "tests/attempts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int said(long result)
{
	return result < 0 ? errno : 0;
}

/* ---- files ---- */

static int read_file(const struct at_hand *h)
{
	return said(open(h->file, O_RDONLY | O_CLOEXEC));
}

static int write_file(const struct at_hand *h)
{
	return said(open(h->file, O_WRONLY | O_TRUNC | O_CLOEXEC));
}

static int make_file(const struct at_hand *h)
{
	char name[200];

	snprintf(name, sizeof name, "%s.made", h->file);
	return said(creat(name, 0600));
}

static int open_path(const struct at_hand *h)
{
	return said(open(h->file, O_PATH | O_CLOEXEC));
}

static int open_unnamed(const struct at_hand *h)
{
	(void)h;
	return said(open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600));
}

static int open_passwords(const struct at_hand *h)
{
	(void)h;
	return said(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int open_how(const struct at_hand *h)
{
	const struct {
		uint64_t flags, mode, resolve;
	} how = { O_RDWR, 0, 0 };

	return said(syscall(SYS_openat2, AT_FDCWD, h->file, &how, sizeof how));
}

static int open_memory(const struct at_hand *h)
{
	(void)h;
	return said(open("/proc/self/mem", O_RDWR | O_CLOEXEC));
}

static int list_directory(const struct at_hand *h)
{
	(void)h;
	return said(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static int remove_file(const struct at_hand *h)
{
	return said(unlink(h->file));
}

static int rename_file(const struct at_hand *h)
{
	char name[200];

	snprintf(name, sizeof name, "%s.moved", h->file);
	return said(rename(h->file, name));
}

static int link_file(const struct at_hand *h)
{
	char name[200];

	snprintf(name, sizeof name, "%s.linked", h->file);
	return said(link(h->file, name)) && said(symlink(h->file, name)) ? EPERM : 0;
}

static int change_mode(const struct at_hand *h)
{
	return said(chmod(h->file, 04777));
}

static int change_owner(const struct at_hand *h)
{
	return said(chown(h->file, getuid(), getgid()));
}

static int cut_file(const struct at_hand *h)
{
	return said(truncate(h->file, 0));
}

static int make_directory(const struct at_hand *h)
{
	char name[200];

	snprintf(name, sizeof name, "%s.d", h->file);
	return said(mkdir(name, 0700));
}

static int mount_over(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_mount, "none", "/mnt", "tmpfs", 0UL, NULL));
}

static int change_root(const struct at_hand *h)
{
	(void)h;
	return said(chroot("/tmp"));
}

static int open_handle(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_open_by_handle_at, -1, NULL, O_RDONLY));
}

/* ---- network ---- */

static int make_socket(const struct at_hand *h)
{
	(void)h;
	return said(socket(AF_INET, SOCK_STREAM, 0));
}

static int make_datagram_socket(const struct at_hand *h)
{
	(void)h;
	return said(socket(AF_INET6, SOCK_DGRAM, 0));
}

static int make_local_socket(const struct at_hand *h)
{
	(void)h;
	return said(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int make_packet_socket(const struct at_hand *h)
{
	(void)h;
	return said(socket(AF_PACKET, SOCK_RAW, 0));
}

static struct sockaddr_in nearby(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return to;
}

static int connect_inherited(const struct at_hand *h)
{
	struct sockaddr_in to = nearby();

	return said(connect(h->udp, (struct sockaddr *)&to, sizeof to));
}

static int send_elsewhere(const struct at_hand *h)
{
	struct sockaddr_in to = nearby();

	return said(sendto(h->udp, "x", 1, 0, (struct sockaddr *)&to, sizeof to));
}

static int send_message_elsewhere(const struct at_hand *h)
{
	struct sockaddr_in to = nearby();
	struct iovec text = { &to, 1 };
	struct msghdr message = {
		.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &text, .msg_iovlen = 1,
	};
	int copy = dup(h->udp);

	return copy >= 0 ? 0 : said(sendmsg(h->udp, &message, 0));
}

static int bind_inherited(const struct at_hand *h)
{
	struct sockaddr_in to = nearby();

	to.sin_port = 0;
	return said(bind(h->tcp, (struct sockaddr *)&to, sizeof to));
}

static int listen_inherited(const struct at_hand *h)
{
	return said(listen(h->tcp, 1));
}

static int send_frame(const struct at_hand *h)
{
	static const uint8_t frame[60] = { 0 };

	return h->packets < 0 ? EPERM : said(write(h->packets, frame, sizeof frame));
}

static int send_frame_as_message(const struct at_hand *h)
{
	static const uint8_t frame[60] = { 0 };
	struct iovec text = { (void *)(uintptr_t)frame, sizeof frame };
	struct msghdr message = { .msg_iov = &text, .msg_iovlen = 1 };

	return h->packets < 0 ? EPERM : said(sendmsg(h->packets, &message, 0));
}

static int copy_packet_socket(const struct at_hand *h)
{
	if (h->packets < 0)
		return EPERM;
	return said(dup(h->packets)) && said(dup2(h->packets, 200)) && said(fcntl(h->packets, F_DUPFD, 0)) ?
	               said(fcntl(h->packets, F_DUPFD_CLOEXEC, 0)) : 0;
}

static int see_all_frames(const struct at_hand *h)
{
	int fd = h->packets < 0 ? h->udp : h->packets;

	return said(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &fd, sizeof fd));
}

/* ---- programs and processes ---- */

static int run_program(const struct at_hand *h)
{
	char name[] = "true", *const argv[] = { name, NULL };

	(void)h;
	return said(execve("/bin/true", argv, NULL));
}

static int run_from_memory(const struct at_hand *h)
{
	char name[] = "true", *const argv[] = { name, NULL };
	int fd = (int)syscall(SYS_memfd_create, "x", 0);

	(void)h;
	return said(syscall(SYS_execveat, fd < 0 ? 0 : fd, "", argv, NULL, AT_EMPTY_PATH));
}

static int new_namespaces(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWNET | SIGCHLD, NULL, NULL, NULL, 0));
}

static int leave_namespaces(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_unshare, CLONE_NEWUSER)) && said(syscall(SYS_setns, 0, 0)) ? EPERM : 0;
}

static int share_memory_with_child(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL, NULL, NULL, 0));
}

static int kill_parent(const struct at_hand *h)
{
	return said(kill(h->parent, 0));
}

static int kill_all(const struct at_hand *h)
{
	(void)h;
	return said(kill(-1, 0));
}

static int kill_parents_thread(const struct at_hand *h)
{
	return said(syscall(SYS_tgkill, h->parent, h->parent, 0));
}

static int queue_to_parent(const struct at_hand *h)
{
	siginfo_t info = { .si_signo = 0, .si_code = SI_QUEUE };

	return said(syscall(SYS_rt_sigqueueinfo, h->parent, 0, &info));
}

static int signal_by_descriptor(const struct at_hand *h)
{
	return said(fcntl(h->udp, F_SETOWN, h->parent));
}

static int open_process(const struct at_hand *h)
{
	return said(syscall(SYS_pidfd_open, h->parent, 0));
}

static int trace_parent(const struct at_hand *h)
{
	return said(ptrace(PTRACE_ATTACH, h->parent, NULL, NULL));
}

static int read_parent(const struct at_hand *h)
{
	char to;
	struct iovec here = { &to, 1 }, there = { &to, 1 };

	return said(process_vm_readv(h->parent, &here, 1, &there, 1, 0));
}

static int make_code(const struct at_hand *h)
{
	(void)h;
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	                       MAP_FAILED ? errno : 0;
}

static int turn_into_code(const struct at_hand *h)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)h;
	return page == MAP_FAILED ? EPERM : said(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int become_root(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_setresuid, 0, 0, 0)) && said(syscall(SYS_capset, NULL, NULL)) ? EPERM : 0;
}

static int type_for_user(const struct at_hand *h)
{
	(void)h;
	return said(ioctl(0, TIOCSTI, "x"));
}

static int be_looked_into(const struct at_hand *h)
{
	(void)h;
	return said(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

/* ---- the kernel ---- */

static int ask_keyring(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_keyctl, 0, -3, 0));
}

static int load_bpf(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_bpf, 0, NULL, 0));
}

static int count_events(const struct at_hand *h)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE, .size = sizeof attr };

	(void)h;
	return said(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}

static int make_ring(const struct at_hand *h)
{
	uint64_t room[32] = { 0 };

	(void)h;
	return said(syscall(SYS_io_uring_setup, 4, room));
}

static int catch_faults(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_userfaultfd, 0));
}

static int change_clock(const struct at_hand *h)
{
	const struct timespec then = { 1, 0 };

	(void)h;
	return said(syscall(SYS_clock_settime, 11, &then));
}

static int change_personality(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_personality, 0x0040000));
}

static int share_segment(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_shmget, 0, 4096, 0600 | 01000));
}

static int watch_files(const struct at_hand *h)
{
	(void)h;
	return said(syscall(SYS_inotify_init1, 0));
}

const struct attempt attempts[] = {
	{ "read a file", read_file },
	{ "write a file", write_file },
	{ "make a file", make_file },
	{ "open a file by O_PATH", open_path },
	{ "make a file without a name", open_unnamed },
	{ "read /etc/passwd", open_passwords },
	{ "openat2(2)", open_how },
	{ "open /proc/self/mem", open_memory },
	{ "list a directory", list_directory },
	{ "remove a file", remove_file },
	{ "rename a file", rename_file },
	{ "link a file", link_file },
	{ "change a file's mode", change_mode },
	{ "change a file's owner", change_owner },
	{ "cut a file", cut_file },
	{ "make a directory", make_directory },
	{ "mount", mount_over },
	{ "chroot", change_root },
	{ "open a file by handle", open_handle },
	{ "make a TCP socket", make_socket },
	{ "make a UDP socket", make_datagram_socket },
	{ "make a local socket", make_local_socket },
	{ "make a packet socket", make_packet_socket },
	{ "connect a socket that is open", connect_inherited },
	{ "send from it to an address", send_elsewhere },
	{ "send a message from it to an address", send_message_elsewhere },
	{ "bind a socket that is open", bind_inherited },
	{ "listen on it", listen_inherited },
	{ "send a frame", send_frame },
	{ "send a frame by sendmsg", send_frame_as_message },
	{ "copy a packet socket", copy_packet_socket },
	{ "take its filter away", see_all_frames },
	{ "run a program", run_program },
	{ "run a program from memory", run_from_memory },
	{ "make namespaces", new_namespaces },
	{ "enter namespaces", leave_namespaces },
	{ "share memory with a child", share_memory_with_child },
	{ "send a signal to the parent", kill_parent },
	{ "send a signal to all", kill_all },
	{ "send a signal to the parent's thread", kill_parents_thread },
	{ "queue a signal to the parent", queue_to_parent },
	{ "let a descriptor send signals", signal_by_descriptor },
	{ "open a process", open_process },
	{ "trace the parent", trace_parent },
	{ "read the parent's memory", read_parent },
	{ "map memory that can be run", make_code },
	{ "make memory so that it can be run", turn_into_code },
	{ "become root", become_root },
	{ "type for the user", type_for_user },
	{ "allow to be looked into", be_looked_into },
	{ "ask for keys", ask_keyring },
	{ "load BPF", load_bpf },
	{ "perf_event_open", count_events },
	{ "io_uring", make_ring },
	{ "userfaultfd", catch_faults },
	{ "change the clock", change_clock },
	{ "personality", change_personality },
	{ "shared memory", share_segment },
	{ "inotify", watch_files },
};

const size_t attempt_count = sizeof attempts / sizeof *attempts;
