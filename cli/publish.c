/* cli/publish.c - metrics to a file, and a very small HTTP server (RFC 9112) on a loopback address. */
#include "cli/publish.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "report/metrics.h"

enum { REQUEST_MAX = 4096, REQUEST_MS = 1000, BACKLOG = 16 };

struct publish {
	const char *file;               /* NULL: a port */
	int listener, wake[2];
	pthread_t thread;
	pthread_mutex_t lock;
	char *text;                     /* that is served; with `len`, under the lock */
	size_t len;
};

/* "ADDR:PORT" of this machine alone. */
static bool read_port(const char *where, struct endpoint *at)
{
	struct span text = span_text(where), port = text;
	uint64_t number;
	size_t colon;

	while ((colon = span_byte(port, ':')) != SIZE_MAX)
		span_take(&port, colon + 1);
	if (port.len == text.len || !span_decimal(port, &number) || !number || number > UINT16_MAX)
		return false;
	at->port = (uint16_t)number;
	return addr_parse(span_of(text.at, text.len - port.len - 1), &at->addr);
}

bool publish_is_port(const char *where)
{
	struct endpoint at;

	return read_port(where, &at);
}

/* ---- the server ---- */

static bool send_all(int fd, const char *at, size_t len)
{
	while (len) {
		ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		at += sent;
		len -= (size_t)sent;
	}
	return true;
}

/* All that is asked for is answered alike, once the request's head is over. */
static bool hear_request(int fd)
{
	char request[REQUEST_MAX];
	size_t len = 0;

	while (len < sizeof request) {
		ssize_t got = recv(fd, request + len, sizeof request - len, 0);

		if (got <= 0)
			return false;
		len += (size_t)got;
		if (span_find(span_of(request, len), SPAN("\r\n\r\n")) != SIZE_MAX)
			return len > 4 && !memcmp(request, "GET ", 4);
	}
	return false;
}

static void answer(struct publish *p, int fd)
{
	static const struct timeval limit = { REQUEST_MS / 1000, REQUEST_MS % 1000 * 1000 };
	char head[160], *text = NULL;
	size_t len = 0;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	if (!hear_request(fd))
		return;
	pthread_mutex_lock(&p->lock);
	if (p->len && (text = malloc(p->len)) != NULL) {
		len = p->len;
		memcpy(text, p->text, len);
	}
	pthread_mutex_unlock(&p->lock);
	snprintf(head, sizeof head,
	         "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
	         "Content-Length: %zu\r\nConnection: close\r\n\r\n", len);
	if (send_all(fd, head, strlen(head)))
		send_all(fd, text, len);
	free(text);
}

static void *serve(void *self)
{
	struct publish *p = self;
	struct pollfd fds[] = { { .fd = p->wake[0], .events = POLLIN },
		                { .fd = p->listener, .events = POLLIN } };

	for (;;) {
		int fd;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (fds[0].revents)
			return NULL;
		fd = fds[1].revents ? accept(p->listener, NULL, NULL) : -1;
		if (fd < 0)
			continue;
		answer(p, fd);
		close(fd);
	}
}

static int listen_at(const struct endpoint *at)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(at->port) };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(at->port) };
	bool is_v4 = addr_is_v4(&at->addr);
	int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
	int bound;

	memcpy(&v4.sin_addr, at->addr.bytes + 12, 4);
	memcpy(&v6.sin6_addr, at->addr.bytes, 16);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	bound = is_v4 ? bind(fd, (const struct sockaddr *)&v4, sizeof v4)
	              : bind(fd, (const struct sockaddr *)&v6, sizeof v6);
	if (!bound && !listen(fd, BACKLOG))
		return fd;
	close(fd);
	return -1;
}

/* Signals are for the thread that probes. */
static bool start_thread(struct publish *p)
{
	sigset_t all, before;
	bool good;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	good = !pthread_create(&p->thread, NULL, serve, p);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return good;
}

static bool is_loopback(const struct addr *a)
{
	static const struct prefix loopbacks[] = {
		{ { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127 } }, 104 },
		{ { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } }, 128 },
	};

	return prefix_holds(&loopbacks[0], a) || prefix_holds(&loopbacks[1], a);
}

static bool open_port(struct publish *p, const char *where, const struct endpoint *at, struct fault *f)
{
	if (!is_loopback(&at->addr))
		return fault_set(f, FAULT_USAGE,
		                 "--metrics %s: an address of this machine's own loopback is wanted, such as "
		                 "127.0.0.1", where);
	p->listener = listen_at(at);
	if (p->listener < 0)
		return fault_set(f, FAULT_OUTPUT, "--metrics %s: %s", where, strerror(errno));
	if (!pipe(p->wake)) {
		pthread_mutex_init(&p->lock, NULL);
		if (start_thread(p))
			return true;
		pthread_mutex_destroy(&p->lock);
		close(p->wake[0]);
		close(p->wake[1]);
	}
	close(p->listener);
	return fault_set(f, FAULT_OUTPUT, "--metrics %s: no thread to serve them", where);
}

struct publish *publish_open(const char *where, struct fault *f)
{
	struct publish *p = calloc(1, sizeof *p);
	struct endpoint at;

	if (!p) {
		fault_set(f, FAULT_MEMORY, "out of memory");
		return NULL;
	}
	if (!read_port(where, &at)) {
		p->file = where;
		return p;
	}
	if (open_port(p, where, &at, f))
		return p;
	free(p);
	return NULL;
}

void publish_close(struct publish *p)
{
	if (p && !p->file) {
		close(p->wake[1]);
		pthread_join(p->thread, NULL);
		close(p->wake[0]);
		close(p->listener);
		pthread_mutex_destroy(&p->lock);
		free(p->text);
	}
	free(p);
}

/* ---- what is published ---- */

/* Who reads the file while it is replaced reads the old one, whole. */
static bool replace_file(const struct publish *p, const char *text, size_t len, struct fault *f)
{
	char next[4096];
	FILE *out;
	bool good;

	if ((size_t)snprintf(next, sizeof next, "%s.new", p->file) >= sizeof next)
		return fault_set(f, FAULT_OUTPUT, "--metrics: too long a name");
	out = fopen(next, "w");
	good = out && fwrite(text, 1, len, out) == len;
	good = out && !fclose(out) && good && !rename(next, p->file);
	return good || fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", p->file, strerror(errno));
}

bool publish_report(struct publish *p, const struct report *r, uint64_t rounds, struct fault *f)
{
	char *text = NULL, *before;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	bool good = out && report_metrics(out, r, rounds);

	good = out && !fclose(out) && good;
	if (!good) {
		free(text);
		return fault_set(f, FAULT_MEMORY, "out of memory");
	}
	if (p->file) {
		good = replace_file(p, text, len, f);
		free(text);
		return good;
	}
	pthread_mutex_lock(&p->lock);
	before = p->text;
	p->text = text;
	p->len = len;
	pthread_mutex_unlock(&p->lock);
	free(before);
	return true;
}
