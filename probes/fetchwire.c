/* probes/fetchwire.c - a relay of one piece each way: who is slow makes the other wait. */
#include "probes/fetchwire.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PIECE = 16384 };

struct piece {
	size_t from, to;                /* what is still to be handed on */
	uint8_t bytes[PIECE];
};

struct wire {
	struct wire *next;
	struct wires *of;
	int curls, ours;                /* the two ends here; ours is -1 until curl's is taken */
	int listener;                   /* where curl's comes to; -1: it has come */
	char folder[24];                /* that the listener's name is in; "": it has none */
	int net;                        /* -1: not connected, or no more */
	struct dial *dial;              /* under way; NULL */
	struct tape_talk talk;
	struct loop_watch inner, outer;
	struct piece out, in;
	bool mute;                      /* curl sends no more */
	bool silent;                    /* they send no more */
	bool deaf;                      /* they take no more */
	int error;                      /* that the socket told, and will not tell again; 0: none */
};

static bool is_newest(const struct wire *w)
{
	return w->of->first == w;
}

static void rewatch(struct loop *l, struct loop_watch *watch, int fd, int events)
{
	if (watch->events == events && watch->fd == fd)
		return;
	loop_unwatch(l, watch);
	watch->fd = fd;
	watch->events = (short)events;
	if (fd >= 0 && events)
		loop_watch(l, watch);
}

/* Of each direction either the one end can be read, or the other can be written to. */
static void settle(struct wire *w)
{
	bool const out = w->out.from < w->out.to, in = w->in.from < w->in.to;

	rewatch(w->of->loop, &w->inner, w->ours, (out || w->mute ? 0 : POLLIN) | (in ? POLLOUT : 0));
	rewatch(w->of->loop, &w->outer, w->net, (in || w->silent ? 0 : POLLIN) | (out ? POLLOUT : 0));
}

/* They are gone, in whatever way: curl reads to the end of what came, and what it writes is dropped. */
static void hush(struct wire *w, int error)
{
	int64_t const now = loop_clock(w->of->loop);
	bool const reset = error == ECONNRESET || error == EPIPE;

	w->silent = true;
	if (w->in.from == w->in.to)
		shutdown(w->ours, SHUT_WR);
	if (w->net < 0)
		return;
	if (!error)
		tape_end(w->of->tape, &w->talk, TAPE_THEM, now);
	else if (reset)
		tape_reset(w->of->tape, &w->talk, TAPE_THEM, now);
	if (is_newest(w)) {
		w->of->ended = !error;
		w->of->reset = reset;
	}
}

static bool passing(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static void send_out(struct wire *w)
{
	struct piece *p = &w->out;
	ssize_t sent;

	while (p->from < p->to && !w->deaf) {
		sent = send(w->net, p->bytes + p->from, p->to - p->from, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && passing(errno))
			return;
		if (sent < 0) {
			/* What they said before can still be read, and then the error is no more. */
			w->error = errno;
			w->deaf = true;
			break;
		}
		tape_bytes(w->of->tape, &w->talk, TAPE_US, loop_clock(w->of->loop),
		           span_of(p->bytes + p->from, (size_t)sent));
		p->from += (size_t)sent;
	}
	if (w->deaf)
		p->from = p->to;
}

/* False: there is nothing, for now or for ever. */
static bool take_out(struct wire *w)
{
	ssize_t const taken = recv(w->ours, w->out.bytes, sizeof w->out.bytes, MSG_DONTWAIT);

	if (!taken)
		w->mute = true;
	if (taken <= 0)
		return false;
	w->out.from = 0;
	w->out.to = (size_t)taken;
	send_out(w);
	return true;
}

static void send_in(struct wire *w)
{
	struct piece *p = &w->in;
	size_t const len = p->to - p->from;
	ssize_t const sent = send(w->ours, p->bytes + p->from, len, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent > 0)
		p->from += (size_t)sent;
	else if (!passing(errno))
		p->from = p->to;        /* curl is about to close its end */
	if (p->from == p->to && w->silent)
		shutdown(w->ours, SHUT_WR);
}

static void take_in(struct wire *w)
{
	ssize_t const taken = recv(w->net, w->in.bytes, sizeof w->in.bytes, MSG_DONTWAIT);

	if (taken < 0 && passing(errno))
		return;
	if (taken <= 0) {
		hush(w, taken ? errno : w->error);
		return;
	}
	w->in.from = 0;
	w->in.to = (size_t)taken;
	if (is_newest(w))
		w->of->heard += (size_t)taken;
	tape_bytes(w->of->tape, &w->talk, TAPE_THEM, loop_clock(w->of->loop),
	           span_of(w->in.bytes, w->in.to));
	send_in(w);
}

static void inner_ready(void *self, short events)
{
	struct wire *w = self;

	if (w->in.from < w->in.to && events & (POLLOUT | POLLERR | POLLHUP))
		send_in(w);
	if (w->out.from == w->out.to && events & (POLLIN | POLLERR | POLLHUP))
		take_out(w);
	settle(w);
}

static void outer_ready(void *self, short events)
{
	struct wire *w = self;

	if (w->out.from < w->out.to && events & (POLLOUT | POLLERR | POLLHUP))
		send_out(w);
	if (w->in.from == w->in.to && !w->silent && events & (POLLIN | POLLERR | POLLHUP))
		take_in(w);
	settle(w);
}

static void forget_name(struct wire *w)
{
	char path[32];

	if (w->listener >= 0)
		close(w->listener);
	w->listener = -1;
	if (!w->folder[0])
		return;
	snprintf(path, sizeof path, "%s/s", w->folder);
	unlink(path);
	rmdir(w->folder);
	w->folder[0] = '\0';
}

/* Connecting a local socket does not wait, so curl's is there already; anybody else's is nothing to us. */
static void take_curl(struct wire *w)
{
	struct ucred who;
	socklen_t len = sizeof who;

	while (w->ours < 0) {
		int const fd = accept4(w->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0)
			break;
		if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) && who.pid == getpid())
			w->ours = fd;
		else
			close(fd);
	}
	forget_name(w);
}

static void dialed(void *self, const struct dial_result *result)
{
	struct wire *w = self;

	w->dial = NULL;
	w->talk = result->talk;
	if (is_newest(w)) {
		w->of->last = *result;
		w->of->last.fd = -1;
	}
	if (result->outcome == DIAL_OPEN) {
		w->net = result->fd;
		w->error = result->error;
		if (!w->of->idle)
			take_curl(w);
		settle(w);
	} else {
		w->deaf = true;
		hush(w, result->error);
	}
	if (is_newest(w))
		w->of->dialed(w->of->self);
}

/* curl takes a connection whose other end has no name for one that is not made yet, and does not come back
 * to it.  Without a place for one the login alone suffers. */
static void choose_name(struct wire *w, struct sockaddr_un *name, socklen_t *len)
{
	char folder[] = "/tmp/wsuscope.XXXXXX";

	if (!w->of->lasting || !mkdtemp(folder))
		return;
	snprintf(w->folder, sizeof w->folder, "%s", folder);
	*len += (socklen_t)snprintf(name->sun_path, sizeof name->sun_path, "%s/s", folder) + 1;
}

/* Mostly a name of the kernel's choice, which is of no file (unix(7), autobind).  curl has room for an
 * address of IPv6 at least. */
static bool offer(struct wire *w, struct curl_sockaddr *address)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t len = sizeof name.sun_family;
	void *to = &address->addr;

	choose_name(w, &name, &len);

	w->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	w->curls = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (w->listener < 0 || w->curls < 0 || bind(w->listener, (const struct sockaddr *)&name, len) ||
	    listen(w->listener, 1))
		return false;
	len = sizeof name;
	if (getsockname(w->listener, (struct sockaddr *)&name, &len) || len > sizeof(struct sockaddr_in6))
		return false;
	address->family = AF_UNIX;
	address->protocol = 0;
	address->addrlen = len;
	memcpy(to, &name, len);
	return true;
}

static void shut(struct wire *w)
{
	int const all[] = { w->curls, w->ours, w->net };

	forget_name(w);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i] >= 0)
			close(all[i]);
	free(w);
}

static struct wire *new_wire(struct wires *all, struct curl_sockaddr *address,
                             const struct endpoint *to)
{
	struct wire *w = calloc(1, sizeof *w);
	int error;
	struct dial_options const options = {
		.to = *to,
		.owner = all->owner,
		.timeout = all->timeout,
		.mss = all->mss,
	};

	if (!w)
		return NULL;
	w->of = all;
	w->listener = w->curls = w->ours = w->net = w->inner.fd = w->outer.fd = -1;
	w->inner.ready = inner_ready;
	w->outer.ready = outer_ready;
	w->inner.self = w->outer.self = w;
	if (offer(w, address))
		w->dial = dial_start(all->loop, all->tape, &options, dialed, w);
	if (w->dial)
		return w;
	error = errno;
	shut(w);
	errno = error;
	return NULL;
}

curl_socket_t wires_open(struct wires *all, struct curl_sockaddr *address)
{
	/* Both families have their port at the same place (RFC 3493 section 3.3). */
	const struct sockaddr_in *in = (const void *)&address->addr;
	struct endpoint const to = { all->at, ntohs(in->sin_port) };
	struct wire *w = new_wire(all, address, &to);
	int const error = w ? 0 : errno;
	int64_t const now = loop_clock(all->loop);

	all->last = (struct dial_result){
		.outcome = w ? DIAL_UNANSWERED : DIAL_IMPOSSIBLE,
		.error = error,
		.fd = -1,
		.began = now,
		.ended = now,
		.tries = w ? 1 : 0,
		.talk = { .them = to, .owner = all->owner },
	};
	if (!w)
		return CURL_SOCKET_BAD;
	all->count++;
	all->ended = all->reset = false;
	all->heard = 0;
	w->next = all->first;
	all->first = w;
	return w->curls;
}

/* Hands on what curl said last (close_notify), and looks for what they said meanwhile. */
static void hang_up(struct wire *w)
{
	struct wires *all = w->of;

	loop_unwatch(all->loop, &w->inner);
	loop_unwatch(all->loop, &w->outer);
	if (w->dial) {
		dial_stop(w->dial);
		if (is_newest(w))
			all->last.ended = loop_clock(all->loop);
	}
	w->dial = NULL;
	if (w->net < 0)
		return;
	dial_ending(w->net, all->tape, &w->talk, loop_clock(all->loop));
	/* What they say to our last words comes later than anybody looks. */
	send_out(w);
	while (!w->deaf && w->out.from == w->out.to && take_out(w))
		;
	/* Their end comes when nobody looks any more; without it the connection would pass for open. */
	tape_end(all->tape, &w->talk, TAPE_US, loop_clock(all->loop));
	tape_end(all->tape, &w->talk, TAPE_THEM, loop_clock(all->loop));
	if (is_newest(w))
		all->last.talk = w->talk;
	close(w->net);
	w->net = -1;
}

int wires_close(struct wires *all, curl_socket_t fd)
{
	struct wire **link = &all->first, *w;

	while (*link && (*link)->curls != fd)
		link = &(*link)->next;
	w = *link;
	if (!w)
		return close(fd);
	hang_up(w);
	*link = w->next;
	shut(w);
	return 0;
}

void wires_stop(struct wires *all)
{
	for (struct wire *w = all->first; w; w = w->next) {
		hang_up(w);
		shutdown(w->ours, SHUT_WR);
	}
}
