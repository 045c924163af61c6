/* live/tellsocket.c - connecting to logs, and sending without waiting. */
#include "live/tellsocket.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "live/tell.h"

enum { REST_MAX = 64 << 10, SEND_BUFFER = 1 << 20, HOST_MAX = 256 };

static const int64_t ASK_EVERY = 10 * MOMENT_S;
static const char PORT[] = "514";       /* RFC 5426 section 3.3 */

/* ---- connecting ---- */

const char *tell_path(enum tell_form form, const char *target)
{
	if (form != TELL_SYSLOG && form != TELL_JOURNALD)
		return NULL;
	if (!target)
		return form == TELL_SYSLOG ? TELL_SYSLOG_PATH : TELL_JOURNALD_PATH;
	return form == TELL_SYSLOG && span_starts(span_text(target), SPAN("udp:")) ? NULL : target;
}

static int connect_to(int family, int type, const struct sockaddr *to, socklen_t len)
{
	static const int room = SEND_BUFFER;
	int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error;

	if (fd < 0)
		return -1;
	/* A log that is slow for a moment costs nothing yet; less room than asked for is no fault. */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	if (!connect(fd, to, len))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static int connect_local(const char *path, struct fault *f)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof to.sun_path) {
		fault_set(f, FAULT_USAGE, "%s: too long for the path of a socket", path);
		return -1;
	}
	memcpy(to.sun_path, path, strlen(path));
	fd = connect_to(AF_UNIX, SOCK_DGRAM, (const struct sockaddr *)&to, sizeof to);
	if (fd < 0 && errno == EPROTOTYPE)
		fd = connect_to(AF_UNIX, SOCK_STREAM, (const struct sockaddr *)&to, sizeof to);
	if (fd < 0)
		fault_set(f, FAULT_OUTPUT, "%s: no log takes messages there: %s; is it running?", path,
		          strerror(errno));
	return fd;
}

/* "HOST:PORT", "[v6]:PORT", or a host alone.  False: too long, or nothing. */
static bool split_host(const char *target, char host[static HOST_MAX], const char **port)
{
	bool bracket = target[0] == '[';
	const char *from = target + bracket, *end = bracket ? strchr(from, ']') : strrchr(from, ':');
	size_t len = end ? (size_t)(end - from) : strlen(from);

	if (!len || len >= HOST_MAX || (bracket && !end))
		return false;
	memcpy(host, from, len);
	host[len] = '\0';
	*port = PORT;
	end = end && bracket ? end + 1 : end;
	if (end && *end == ':' && end[1])
		*port = end + 1;
	return !end || !*end || *end == ':';
}

/* getaddrinfo(3) takes numbers modulo 65536.  Names of services are its own business. */
static bool is_port(const char *port)
{
	uint64_t number;

	return !span_decimal(span_text(port), &number) || (number && number <= UINT16_MAX);
}

static int connect_udp(const char *target, struct fault *f)
{
	static const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	char host[HOST_MAX];
	struct addrinfo *all = NULL;
	const char *port;
	int error, fd = -1;

	if (!split_host(target, host, &port)) {
		fault_set(f, FAULT_USAGE, "syslog=udp:%s: no host; it is udp:HOST or udp:HOST:PORT",
		          target);
		return -1;
	}
	if (!is_port(port)) {
		fault_set(f, FAULT_USAGE, "syslog=udp:%s: there is no port %s", target, port);
		return -1;
	}
	error = getaddrinfo(host, port, &hints, &all);
	if (error) {
		fault_set(f, FAULT_OUTPUT, "udp:%s: %s", target, gai_strerror(error));
		return -1;
	}
	for (const struct addrinfo *a = all; a && fd < 0; a = a->ai_next)
		fd = connect_to(a->ai_family, SOCK_DGRAM, a->ai_addr, a->ai_addrlen);
	if (fd < 0)
		fault_set(f, FAULT_OUTPUT, "udp:%s: %s", target, strerror(errno));
	freeaddrinfo(all);
	return fd;
}

int tell_connect(enum tell_form form, const char *target, struct fault *f)
{
	const char *path = tell_path(form, target);

	return path ? connect_local(path, f) : connect_udp(target + strlen("udp:"), f);
}

/* ---- sending ---- */

static void take_fd(struct tell_socket *s, int fd)
{
	socklen_t len = sizeof(int);
	int type = SOCK_DGRAM;

	s->fd = fd;
	if (fd >= 0)
		getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len);
	s->stream = type == SOCK_STREAM;
}

void tell_socket_init(struct tell_socket *s, int fd, int (*again)(void *self), void *self)
{
	*s = (struct tell_socket){ .again = again, .self = self, .asked = INT64_MIN };
	buf_init(&s->rest, REST_MAX);
	take_fd(s, fd);
}

void tell_socket_release(struct tell_socket *s)
{
	if (s->fd >= 0)
		close(s->fd);
	buf_release(&s->rest);
}

/* The log is gone; not merely slow, or one message too long for it. */
static bool is_broken(int error)
{
	static const int slow[] = { EAGAIN, EWOULDBLOCK, ENOBUFS, ENOMEM, EMSGSIZE, EINTR };

	for (size_t i = 0; i < sizeof slow / sizeof *slow; i++)
		if (error == slow[i])
			return false;
	return true;
}

/* As long as there is no other, the old one stays: a network that is back takes datagrams again. */
static bool ask_again(struct tell_socket *s)
{
	int64_t now = clock_monotonic();
	int fd;

	if (!s->again || (s->asked != INT64_MIN && now - s->asked < ASK_EVERY))
		return false;
	s->asked = now;
	fd = s->again(s->self);
	if (fd < 0)
		return false;
	if (s->fd >= 0)
		close(s->fd);
	buf_clear(&s->rest);            /* half a message is none to whoever comes next */
	take_fd(s, fd);
	return true;
}

static ssize_t send_now(const struct tell_socket *s, struct span bytes)
{
	return s->fd < 0 ? -1 : send(s->fd, bytes.at, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* What a stream took in part stays whole: its rest goes first. */
static bool send_rest(struct tell_socket *s)
{
	ssize_t sent;

	if (!s->rest.len)
		return true;
	sent = send_now(s, buf_span(&s->rest));
	if (sent > 0) {
		buf_drop_front(&s->rest, (size_t)sent);
		errno = EAGAIN;         /* if there is more */
	}
	return !s->rest.len;
}

static bool try_send(struct tell_socket *s, struct span message)
{
	ssize_t sent;

	errno = ENOTCONN;
	if (!send_rest(s))
		return false;
	errno = ENOTCONN;
	sent = send_now(s, message);
	if (sent >= 0 && (size_t)sent < message.len && s->stream)
		buf_add(&s->rest, span_skip(message, (size_t)sent));
	return sent >= 0;
}

void tell_socket_send(struct tell_socket *s, struct span message)
{
	if (try_send(s, message))
		return;
	/* On UDP an error may be the answer to the message before (RFC 1122 section 4.1.3.3). */
	if (errno == ECONNREFUSED && try_send(s, message))
		return;
	if (!is_broken(errno) || !ask_again(s) || !try_send(s, message))
		s->lost++;
}
