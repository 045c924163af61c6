/* probes/dial.c - connecting without waiting, and asking the socket afterwards what the network said. */
#include "probes/dial.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/tongue.h"
#include "facts/icmp.h"

enum {
	QUEUE_MAX = 16, LINK_TRIES = 3,
	UNREACHABLE = 3, HOST_UNREACHABLE = 1, V6_UNREACHABLE = 1, V6_ADDRESS = 3,
};

struct dial {
	struct loop *loop;
	struct tape *tape;
	struct loop_watch watch;
	struct loop_timer timer;        /* gives up; at once where connecting has ended at once */
	bool over, reset;
	int error;
	struct dial_result result;
	void (*done)(void *self, const struct dial_result *result);
	void *self;
};

static socklen_t sockaddr_of(const struct endpoint *e, struct sockaddr_storage *s)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(e->port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(e->port) };

	*s = (struct sockaddr_storage){ 0 };
	if (addr_is_v4(&e->addr)) {
		memcpy(&v4.sin_addr, e->addr.bytes + 12, 4);
		memcpy(s, &v4, sizeof v4);
		return sizeof v4;
	}
	memcpy(&v6.sin6_addr, e->addr.bytes, 16);
	memcpy(s, &v6, sizeof v6);
	return sizeof v6;
}

/* False: neither IPv4 nor IPv6. */
static bool endpoint_of(const void *at, struct endpoint *e)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	sa_family_t family;

	memcpy(&family, (const char *)at + offsetof(struct sockaddr, sa_family), sizeof family);
	if (family == AF_INET) {
		memcpy(&v4, at, sizeof v4);
		e->addr = addr_v4((const uint8_t *)&v4.sin_addr);
		e->port = ntohs(v4.sin_port);
		return true;
	}
	if (family != AF_INET6)
		return false;
	memcpy(&v6, at, sizeof v6);
	e->addr = addr_v6((const uint8_t *)&v6.sin6_addr);
	e->port = ntohs(v6.sin6_port);
	return true;
}

/* ---- what the socket knows ---- */

static void read_ends(int fd, struct tape_talk *k)
{
	struct sockaddr_storage s = { 0 };
	socklen_t len = sizeof s;
	struct tcp_info info = { 0 };

	if (!getsockname(fd, (struct sockaddr *)&s, &len))
		endpoint_of(&s, &k->us);
	len = sizeof info;
	if (!getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) && info.tcpi_advmss < UINT16_MAX)
		k->mss[TAPE_US] = (uint16_t)info.tcpi_advmss;
}

/* The kernel counts what it sent again; of a connection that has carried nothing, that is SYNs. */
static unsigned read_tries(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof info;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return 1;
	return 1 + info.tcpi_total_retrans;
}

/* An ICMP error of the queue: its sender stands behind it (ip(7), IP_RECVERR). */
static void take_error(const struct cmsghdr *c, struct dial_result *r)
{
	struct sock_extended_err e;
	struct endpoint from;
	bool const v6 = c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR;
	size_t const size = sizeof e + (v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));

	if ((!v6 && (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR)) ||
	    c->cmsg_len < CMSG_LEN(size))
		return;
	memcpy(&e, CMSG_DATA(c), sizeof e);
	if (e.ee_origin != (v6 ? SO_EE_ORIGIN_ICMP6 : SO_EE_ORIGIN_ICMP) || r->has_icmp ||
	    !endpoint_of(CMSG_DATA(c) + sizeof e, &from))
		return;
	r->has_icmp = true;
	r->icmp_from = from.addr;
	r->icmp_type = e.ee_type;
	r->icmp_code = e.ee_code;
}

static void read_queue(int fd, struct dial_result *r)
{
	union {
		struct cmsghdr header;
		char bytes[512];
	} control;
	char quoted[128];
	struct iovec part = { quoted, sizeof quoted };

	for (unsigned i = 0; i < QUEUE_MAX; i++) {
		struct msghdr m = {
			.msg_iov = &part,
			.msg_iovlen = 1,
			.msg_control = control.bytes,
			.msg_controllen = sizeof control.bytes,
		};

		if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
			take_error(c, r);
	}
}

/* This machine says so itself when nobody on the link has the address: it asked LINK_TRIES times (ARP,
 * neighbour discovery; mcast_solicit of arp(7)), and the SYN waited. */
static bool is_nobody(const struct dial_result *r)
{
	bool const v6 = !addr_is_v4(&r->icmp_from);

	return r->has_icmp && addr_eq(&r->icmp_from, &r->talk.us.addr) &&
	       !addr_eq(&r->icmp_from, &r->talk.them.addr) &&
	       r->icmp_type == (v6 ? V6_UNREACHABLE : UNREACHABLE) &&
	       r->icmp_code == (v6 ? V6_ADDRESS : HOST_UNREACHABLE);
}

static enum dial_outcome outcome_of(const struct dial_result *r)
{
	if (!r->error)
		return DIAL_OPEN;
	if (r->has_icmp)
		return DIAL_REJECTED;
	if (!r->tries)
		return DIAL_IMPOSSIBLE;
	switch (r->error) {
	case ECONNREFUSED:
		return DIAL_REFUSED;
	case ETIMEDOUT:
	case EHOSTUNREACH:
	case ENETUNREACH:
		return DIAL_UNANSWERED;
	}
	return DIAL_IMPOSSIBLE;
}

void dial_explain(int fd, int error, struct dial_result *r)
{
	r->error = error;
	r->has_icmp = false;
	if (!r->talk.us.port)
		read_ends(fd, &r->talk);
	r->tries = r->talk.us.port ? read_tries(fd) : 0;        /* no port, no route: nothing was sent */
	read_queue(fd, r);
	if (is_nobody(r)) {
		r->has_icmp = false;
		r->icmp_from = (struct addr){ { 0 } };
		r->icmp_type = r->icmp_code = 0;
		r->tries = r->tries < LINK_TRIES ? LINK_TRIES : r->tries;
	}
	r->outcome = outcome_of(r);
}

/* ---- what goes to the tape ---- */

/* When the kernel sends SYNs again, in seconds.  Since Linux 6.5 the first five come one a second
 * (tcp_syn_linear_timeouts); before, each waited twice as long as the one before it (RFC 6298). */
static int64_t syn_time(const struct dial_result *r, unsigned again)
{
	static const uint8_t doubled[] = { 1, 3, 7, 15, 31, 63 };
	static const uint8_t even[] = { 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 };
	unsigned const last = r->tries - 1;
	bool const fits = last <= sizeof doubled &&
	                  r->began + doubled[last - 1] * MOMENT_S <= r->ended;
	int64_t time = r->ended;

	if (fits)
		time = r->began + doubled[again - 1] * MOMENT_S;
	else if (again <= sizeof even)
		time = r->began + even[again - 1] * MOMENT_S;
	return time < r->ended ? time : r->ended;
}

static void tell(struct tape *t, struct dial_result *r)
{
	for (unsigned i = 1; i < r->tries; i++)
		tape_syn(t, &r->talk, syn_time(r, i));
	switch (r->outcome) {
	case DIAL_OPEN:
		tape_answered(t, &r->talk, r->ended);
		break;
	case DIAL_REFUSED:
		tape_refused(t, &r->talk, r->ended);
		break;
	case DIAL_REJECTED:
		tape_icmp(t, &r->talk, &r->icmp_from, r->icmp_type, r->icmp_code, r->ended);
		break;
	case DIAL_UNANSWERED:
	case DIAL_IMPOSSIBLE:
		break;
	}
}

void dial_ending(int fd, struct tape *t, struct tape_talk *k, int64_t now)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof info;
	uint8_t byte;
	ssize_t const left = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	int const error = left < 0 ? errno : 0;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return;
	/* Whoever read before may have taken the error; then the state alone tells a reset from an end. */
	if (error == ECONNRESET || (!error && info.tcpi_state == TCP_CLOSE))
		tape_reset(t, k, TAPE_THEM, now);
	else if (info.tcpi_state == TCP_CLOSE_WAIT)
		tape_end(t, k, TAPE_THEM, now);
}

void dial_hang_up(struct dial_result *r, struct tape *t, int64_t now)
{
	if (r->fd < 0)
		return;
	dial_ending(r->fd, t, &r->talk, now);
	/* Theirs follows, when nobody looks any more. */
	tape_end(t, &r->talk, TAPE_US, now);
	tape_end(t, &r->talk, TAPE_THEM, now);
	close(r->fd);
	r->fd = -1;
}

/* ---- an attempt ---- */

static void let_go(struct dial *d)
{
	loop_unwatch(d->loop, &d->watch);
	loop_clear(d->loop, &d->timer);
	if (d->result.fd >= 0)
		close(d->result.fd);
	free(d);
}

/* The kernel measured the round trip; our own clock saw its end when the loop came round. */
static int64_t end_of(const struct dial *d, int fd)
{
	int64_t const now = loop_clock(d->loop);
	struct tcp_info info = { 0 };
	socklen_t len = sizeof info;
	int64_t at;

	if (d->error || d->result.tries != 1 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) ||
	    !info.tcpi_rtt)
		return now;
	at = d->result.began + (int64_t)info.tcpi_rtt * 1000;
	return at < now ? at : now;
}

static void want_errors(int fd, const struct addr *to, int on)
{
	bool const v4 = addr_is_v4(to);

	setsockopt(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_RECVERR : IPV6_RECVERR, &on, sizeof on);
}

static void finish(struct dial *d)
{
	void (*done)(void *self, const struct dial_result *result) = d->done;
	void *self = d->self;
	struct dial_result r;

	if (d->result.fd >= 0)
		dial_explain(d->result.fd, d->error, &d->result);
	if (d->reset)
		d->result.error = ECONNRESET;
	d->result.ended = end_of(d, d->result.fd);
	tell(d->tape, &d->result);
	r = d->result;
	if (r.outcome == DIAL_OPEN) {
		/* An open connection gets over what routers say for a while (RFC 1122 section 4.2.3.9). */
		want_errors(r.fd, &r.talk.them.addr, false);
		d->result.fd = -1;
	} else {
		r.fd = -1;
	}
	let_go(d);
	done(self, &r);
}

static void is_ready(void *self, short events)
{
	struct dial *d = self;
	socklen_t len = sizeof d->error;

	(void)events;
	if (getsockopt(d->result.fd, SOL_SOCKET, SO_ERROR, &d->error, &len))
		d->error = errno;
	/* Where there is no connection yet a reset is ECONNREFUSED: this one came behind the handshake. */
	d->reset = d->error == ECONNRESET;
	if (d->reset)
		d->error = 0;
	finish(d);
}

/* Connecting took too long, or was over at once. */
static void is_due(void *self)
{
	struct dial *d = self;

	if (!d->over)
		d->error = ETIMEDOUT;
	finish(d);
}

/* What cannot be set is no reason to stay: the outcome is told with less detail. */
static void set_options(int fd, const struct dial_options *o)
{
	bool const v4 = addr_is_v4(&o->to.addr);
	int const level = v4 ? IPPROTO_IP : IPPROTO_IPV6, on = 1, hops = o->hop_limit, mss = o->mss;

	want_errors(fd, &o->to.addr, true);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (hops)
		setsockopt(fd, level, v4 ? IP_TTL : IPV6_UNICAST_HOPS, &hops, sizeof hops);
	if (mss)
		setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof mss);
}

/* True: connecting is under way. */
static bool begin(struct dial *d, const struct dial_options *o)
{
	struct sockaddr_storage to;
	socklen_t const len = sockaddr_of(&o->to, &to);
	int fd;

	d->result.fd = fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		d->error = d->result.error = errno;
		return false;
	}
	set_options(fd, o);
	d->error = connect(fd, (struct sockaddr *)&to, len) ? errno : 0;
	read_ends(fd, &d->result.talk);
	if (d->result.talk.us.port)
		tape_syn(d->tape, &d->result.talk, d->result.began);
	return d->error == EINPROGRESS;
}

struct dial *dial_start(struct loop *l, struct tape *t, const struct dial_options *o,
                        void (*done)(void *self, const struct dial_result *result), void *self)
{
	struct dial *d = malloc(sizeof *d);

	if (!d)
		return NULL;
	*d = (struct dial){
		.loop = l,
		.tape = t,
		.result = {
			.outcome = DIAL_IMPOSSIBLE,
			.fd = -1,
			.began = loop_clock(l),
			.talk = { .them = o->to, .owner = o->owner, .hop_limit = o->hop_limit },
		},
		.done = done,
		.self = self,
	};
	d->over = !begin(d, o);
	d->watch = (struct loop_watch){ .fd = d->result.fd, .events = POLLOUT, .ready = is_ready, .self = d };
	d->timer = (struct loop_timer){ .fired = is_due, .self = d };
	if (!d->over)
		loop_watch(l, &d->watch);
	loop_set(l, &d->timer, d->over ? d->result.began : d->result.began + o->timeout);
	return d;
}

/* What was sent until now stays sent. */
void dial_stop(struct dial *d)
{
	if (!d)
		return;
	if (!d->over) {
		d->result.outcome = DIAL_UNANSWERED;
		d->result.tries = read_tries(d->result.fd);
		d->result.ended = loop_clock(d->loop);
		tell(d->tape, &d->result);
	}
	let_go(d);
}

/* ---- in words ---- */

static const char *outcome_name(enum dial_outcome o)
{
#define X(symbol, name) [DIAL_##symbol] = name,
	static const char *const names[] = { DIAL_OUTCOMES(X) };
#undef X
	return _(names[o]);
}

const char *dial_text(const struct dial_result *r, char text[static 160])
{
	double const seconds = (double)(r->ended - r->began) / (double)MOMENT_S;
	char from[ADDR_TEXT], why[64];

	switch (r->outcome) {
	case DIAL_OPEN:
		tongue_say(text, 160, "open (%.1f ms)", seconds * 1000);
		break;
	case DIAL_REFUSED:
		snprintf(text, 160, "%s", outcome_name(r->outcome));
		break;
	case DIAL_UNANSWERED:
		tongue_say(text, 160, tongue_many("%s (%u try in %.1f s)%s", "%s (%u tries in %.1f "
									     "s)%s", r->tries),
			   outcome_name(r->outcome), r->tries, seconds,
		         r->error == EHOSTUNREACH ? _(": nobody on this link has that address") : "");
		break;
	case DIAL_REJECTED:
		tongue_say(text, 160, "rejected by %s: %s", addr_text(&r->icmp_from, from),
		         _(icmp_text(!addr_is_v4(&r->icmp_from), r->icmp_type, r->icmp_code)));
		break;
	case DIAL_IMPOSSIBLE:
		snprintf(text, 160, "%s: %s", outcome_name(r->outcome),
		         strerror_r(r->error, why, sizeof why));
		break;
	}
	return text;
}
