/* probes/ask.c - a question by c-ares, which calls here for its sockets: so all that it says is heard.
 *
 * c-ares may be taken down from no callback of its own: what it tells is noted, and told on when it has
 * returned.
 */
#include "probes/ask.h"

#include <ares.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "probes/answer.h"

enum { LINES_MAX = 4, CLASS_IN = 1, TRIES = 2, TRY_MIN = 100 };

/* One socket of c-ares. */
struct line {
	struct ask *ask;
	struct loop_watch watch;
	bool used, tcp;
	struct tape_talk talk;          /* of UDP only its ends */
};

struct ask {
	struct loop *loop;
	struct tape *tape;
	ares_channel channel;
	struct line lines[LINES_MAX];
	struct loop_timer timer;
	int64_t deadline;               /* ns */
	struct lookup result;
	unsigned owner;
	bool over;                      /* c-ares has said its last word */
	void (*done)(void *self, const struct lookup *result);
	void *self;
};

static struct endpoint of_socket(const struct sockaddr *from)
{
	struct endpoint e = { .port = 0 };
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;
	uint8_t bytes[16];

	if (from->sa_family == AF_INET) {
		memcpy(&v4, from, sizeof v4);
		memcpy(bytes, &v4.sin_addr, 4);
		e.addr = addr_v4(bytes);
		e.port = ntohs(v4.sin_port);
	} else if (from->sa_family == AF_INET6) {
		memcpy(&v6, from, sizeof v6);
		memcpy(bytes, &v6.sin6_addr, 16);
		e.addr = addr_v6(bytes);
		e.port = ntohs(v6.sin6_port);
	}
	return e;
}

/* ---- what c-ares does with its sockets ---- */

static struct line *line_of(struct ask *a, int fd)
{
	for (unsigned i = 0; i < LINES_MAX; i++)
		if (a->lines[i].used && a->lines[i].watch.fd == fd)
			return &a->lines[i];
	return NULL;
}

static void line_ready(void *self, short events);

static ares_socket_t open_line(int family, int type, int protocol, void *self)
{
	struct ask *a = self;
	struct line *line = a->lines;
	int fd;

	while (line < a->lines + LINES_MAX && line->used)
		line++;
	if (line == a->lines + LINES_MAX) {
		errno = EMFILE;
		return ARES_SOCKET_BAD;
	}
	fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (fd >= 0)
		*line = (struct line){
			.ask = a,
			.watch = { .fd = fd, .ready = line_ready, .self = line },
			.used = true,
			.tcp = type == SOCK_STREAM,
		};
	return fd;
}

static int close_line(ares_socket_t fd, void *self)
{
	struct ask *a = self;
	struct line *line = line_of(a, fd);

	if (line) {
		loop_unwatch(a->loop, &line->watch);
		if (line->tcp && line->talk.open)
			tape_end(a->tape, &line->talk, TAPE_US, loop_clock(a->loop));
		line->used = false;
	}
	return close(fd);
}

static int connect_line(ares_socket_t fd, const struct sockaddr *to, ares_socklen_t size, void *self)
{
	struct ask *a = self;
	struct line *line = line_of(a, fd);
	int status = connect(fd, to, size), error = errno;
	struct sockaddr_storage us = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof us;

	if (!line || (status && error != EINPROGRESS)) {
		errno = error;
		return status;
	}
	getsockname(fd, (struct sockaddr *)&us, &len);
	line->talk = (struct tape_talk){
		.us = of_socket((struct sockaddr *)&us),
		.them = of_socket(to),
		.owner = a->owner,
	};
	a->result.client = line->talk.us.addr;
	if (line->tcp) {
		/* The answer over UDP sent us here: what counts begins anew. */
		a->result.over_tcp = true;
		a->result.tries = 0;
		tape_syn(a->tape, &line->talk, loop_clock(a->loop));
	}
	errno = error;
	return status;
}

static void line_failed(struct line *line, int error)
{
	struct ask *a = line->ask;

	if (!line->tcp || error == EAGAIN || error == EINTR)
		return;
	if (line->talk.open)
		tape_reset(a->tape, &line->talk, TAPE_THEM, loop_clock(a->loop));
	else if (error == ECONNREFUSED)
		tape_refused(a->tape, &line->talk, loop_clock(a->loop));
}

static void line_said(struct line *line, enum tape_side from, struct span bytes)
{
	struct ask *a = line->ask;
	const struct endpoint *us = &line->talk.us, *them = &line->talk.them;
	bool ours = from == TAPE_US;
	int64_t now = loop_clock(a->loop);

	if (!line->tcp) {
		tape_datagram(a->tape, a->owner, ours ? us : them, ours ? them : us, now, bytes);
		return;
	}
	if (!line->talk.open && !line->talk.ended[TAPE_THEM])
		tape_answered(a->tape, &line->talk, now);
	tape_bytes(a->tape, &line->talk, from, now, bytes);
}

static ares_ssize_t read_line(ares_socket_t fd, void *to, size_t size, int flags, struct sockaddr *from,
                              ares_socklen_t *len, void *self)
{
	struct ask *a = self;
	struct line *line = line_of(a, fd);
	ssize_t got = recvfrom(fd, to, size, flags, from, len);
	int error = errno;

	if (line && got > 0)
		line_said(line, TAPE_THEM, span_of(to, (size_t)got));
	else if (line && got < 0)
		line_failed(line, error);
	else if (line && line->tcp && line->talk.open)
		tape_end(a->tape, &line->talk, TAPE_THEM, loop_clock(a->loop));
	errno = error;
	return got;
}

static ares_ssize_t write_line(ares_socket_t fd, const struct iovec *parts, int count, void *self)
{
	struct ask *a = self;
	struct line *line = line_of(a, fd);
	struct msghdr message = { .msg_iov = (struct iovec *)(uintptr_t)parts, .msg_iovlen = (size_t)count };
	ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	int error = errno;
	size_t left = sent > 0 ? (size_t)sent : 0;

	if (line && sent < 0)
		line_failed(line, error);
	for (int i = 0; line && i < count && left; i++) {
		size_t len = parts[i].iov_len < left ? parts[i].iov_len : left;

		line_said(line, TAPE_US, span_of(parts[i].iov_base, len));
		left -= len;
	}
	if (sent > 0 && !a->result.tries++)
		a->result.ask_time = loop_now(a->loop);
	errno = error;
	return sent;
}

static const struct ares_socket_functions functions = {
	.asocket = open_line,
	.aclose = close_line,
	.aconnect = connect_line,
	.arecvfrom = read_line,
	.asendv = write_line,
};

static void line_state(void *self, ares_socket_t fd, int readable, int writable)
{
	struct ask *a = self;
	struct line *line = line_of(a, fd);

	if (!line)
		return;
	line->watch.events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
	if (line->watch.events)
		loop_watch(a->loop, &line->watch);
	else
		loop_unwatch(a->loop, &line->watch);
}

/* ---- one question ---- */

void ask_stop(struct ask *a)
{
	if (!a)
		return;
	loop_clear(a->loop, &a->timer);
	if (a->channel)
		ares_destroy(a->channel);
	free(a);
}

/* After each word of c-ares: told on, or waited for. */
static void go_on(struct ask *a)
{
	void (*done)(void *self, const struct lookup *result) = a->done;
	struct lookup result = a->result;
	void *self = a->self;
	struct timeval most = { .tv_sec = 1 }, left;
	const struct timeval *next;
	int64_t at = loop_clock(a->loop);

	if (a->over) {
		ask_stop(a);
		done(self, &result);
		return;
	}
	next = ares_timeout(a->channel, &most, &left);
	at += next->tv_sec * MOMENT_S + (next->tv_usec + 1) * 1000;
	loop_set(a->loop, &a->timer, at < a->deadline ? at : a->deadline);
}

static void line_ready(void *self, short events)
{
	const struct line *line = self;
	struct ask *a = line->ask;
	int fd = line->watch.fd;

	ares_process_fd(a->channel, events & ~POLLOUT ? fd : ARES_SOCKET_BAD,
	                events & ~POLLIN ? fd : ARES_SOCKET_BAD);
	go_on(a);
}

static void timer_fired(void *self)
{
	struct ask *a = self;

	if (loop_clock(a->loop) >= a->deadline && !a->over)
		ares_cancel(a->channel);
	else if (!a->over)
		ares_process_fd(a->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	go_on(a);
}

static void answered(void *self, int status, int timeouts, unsigned char *message, int len)
{
	struct ask *a = self;

	(void)timeouts;                 /* c-ares' own count: sends are counted here */
	a->over = true;
	if (!message || len <= 0 || status == ARES_EDESTRUCTION)
		return;
	a->result.answer_time = loop_now(a->loop);
	answer_read(span_of(message, (size_t)len), &a->result);
}

/* Nothing of the system's own settings: what they say is the caller's to know. */
#define OPTIONS                                                                 \
	(ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_RESOLVCONF | \
	 ARES_OPT_SOCK_STATE_CB | ARES_OPT_DOMAINS)

static bool open_channel(struct ask *a, const struct ask_options *o)
{
	char lookups[] = "b", nowhere[] = "/dev/null";
	int64_t first = o->timeout / MOMENT_MS / 3;     /* the second try waits twice as long */
	struct ares_options options = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP,
		.timeout = (int)(first > TRY_MIN ? first : TRY_MIN),
		.tries = TRIES,
		.lookups = lookups,
		.resolvconf_path = nowhere,
		.sock_state_cb = line_state,
		.sock_state_cb_data = a,
	};
	struct ares_addr_port_node server = {
		.family = addr_is_v4(&o->server.addr) ? AF_INET : AF_INET6,
		.udp_port = o->server.port,
		.tcp_port = o->server.port,
	};
	struct addr to = o->server.addr;

	if (ares_init_options(&a->channel, &options, OPTIONS) != ARES_SUCCESS) {
		a->channel = NULL;
		return false;
	}
	if (server.family == AF_INET)
		memcpy(&server.addr.addr4, to.bytes + 12, 4);
	else
		memcpy(&server.addr.addr6, to.bytes, 16);
	ares_set_socket_functions(a->channel, &functions, a);
	return ares_set_servers_ports(a->channel, &server) == ARES_SUCCESS;
}

static bool send_question(struct ask *a, const struct ask_options *o)
{
	unsigned char *question = NULL;
	uint16_t id;
	int len, status;

	/* Unguessable, so that nobody answers in the server's place. */
	if (getrandom(&id, sizeof id, 0) != sizeof id)
		return false;
	status = ares_create_query(o->name, CLASS_IN, o->type, id, 1, &question, &len, 0);
	if (status == ARES_SUCCESS) {
		ares_send(a->channel, question, len, answered, a);
		ares_free_string(question);
	} else {
		a->over = true;         /* no name that can be asked for */
	}
	return status != ARES_ENOMEM;
}

struct ask *ask_start(struct loop *l, struct tape *t, const struct ask_options *o,
                      void (*done)(void *self, const struct lookup *result), void *self)
{
	struct ask *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	*a = (struct ask){
		.loop = l,
		.tape = t,
		.timer = { .fired = timer_fired, .self = a },
		.deadline = loop_clock(l) + o->timeout,
		.owner = o->owner,
		.done = done,
		.self = self,
		.result = { .protocol = LOOKUP_DNS, .server = o->server, .type = o->type, .asked_seen = true,
		            .ask_time = MOMENT_NONE, .answer_time = MOMENT_NONE },
	};
	for (size_t i = 0; o->name[i] && i + 1 < sizeof a->result.name; i++)
		a->result.name[i] = (char)(o->name[i] >= 'A' && o->name[i] <= 'Z' ? o->name[i] | 0x20
		                                                                   : o->name[i]);
	if (!open_channel(a, o) || !send_question(a, o)) {
		ask_stop(a);
		return NULL;
	}
	loop_set(l, &a->timer, a->over ? loop_now(l) : loop_now(l) + MOMENT_MS);
	return a;
}
