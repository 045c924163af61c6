/* cli/service.c - datagrams to a service manager, by one socket that is connected while that is allowed.
 *
 * sd_notify(3) opens a socket for each message, which a sealed process may not.  The protocol (its "Notes":
 * lines of NAME=VALUE, one datagram) is stable, and others may speak it:
 * systemd.io/PORTABILITY_AND_STABILITY.
 */
#include "cli/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/moment.h"

enum { STATUS_MAX = SERVICE_STATUS, STATE_MAX = STATUS_MAX + 80 };

#define STATUS_EVERY (1 * MOMENT_S)     /* counts that change with each packet are no news */

struct service {
	int fd;                         /* -1: nobody listens */
	int64_t watchdog;               /* ns between two pings; 0: none are wanted */
	int64_t pinged, told;           /* when, last; MOMENT_NONE: never */
	char status[STATUS_MAX];        /* as it was told */
	char owed[STATE_MAX];           /* a state that found the manager's queue full; "": none */
};

/* "@NAME" is a name of Linux' own that no file bears (unix(7), abstract). */
static socklen_t read_address(const char *where, struct sockaddr_un *address)
{
	size_t len = strlen(where);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if ((where[0] != '/' && where[0] != '@') || len < 2 || len >= sizeof address->sun_path)
		return 0;
	memcpy(address->sun_path, where, len);
	if (where[0] == '@')
		address->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (where[0] == '/'));
}

static int connect_to(const char *where)
{
	struct sockaddr_un address;
	socklen_t len = where ? read_address(where, &address) : 0;
	int fd;

	if (!len)
		return -1;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, len) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

struct service *service_open(void)
{
	struct service *s = calloc(1, sizeof *s);
	uint64_t usec = 0;

	if (!s)
		return NULL;
	s->fd = connect_to(getenv("NOTIFY_SOCKET"));
	s->pinged = s->told = MOMENT_NONE;
	/* Half of the time, as sd_watchdog_enabled(3) advises; it knows whether this process is meant. */
	if (s->fd >= 0 && sd_watchdog_enabled(0, &usec) > 0 && usec < INT64_MAX / 1000)
		s->watchdog = (int64_t)usec * 1000 / 2;
	return s;
}

void service_close(struct service *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

static bool say(const struct service *s, const char *state)
{
	return s->fd < 0 || send(s->fd, state, strlen(state), MSG_NOSIGNAL) >= 0;
}

/* A state is said until it was heard; a later one takes its place. */
static void say_surely(struct service *s, const char *state)
{
	s->owed[0] = '\0';
	if (!say(s, state))
		snprintf(s->owed, sizeof s->owed, "%s", state);
}

/* One line of it.  True: it is other than what was told last. */
static bool take_status(struct service *s, const char *status)
{
	char line[STATUS_MAX];

	snprintf(line, sizeof line, "%s", status ? status : "");
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	if (!strcmp(line, s->status))
		return false;
	memcpy(s->status, line, sizeof line);
	return true;
}

void service_ready(struct service *s, const char *status)
{
	char state[STATE_MAX];

	take_status(s, status);
	snprintf(state, sizeof state, "READY=1\nSTATUS=%s", s->status);
	say_surely(s, state);
}

void service_reloading(struct service *s)
{
	char state[STATE_MAX];

	/* systemd 253 and later (Type=notify-reload) wants the time, older ones pass over it. */
	snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld",
	         (long long)(clock_monotonic() / 1000));
	say_surely(s, state);
}

void service_stopping(struct service *s)
{
	say_surely(s, "STOPPING=1\nSTATUS=Writing the report");
}

static void tell_status(struct service *s, int64_t now, const char *status)
{
	char state[STATE_MAX];

	if (s->told != MOMENT_NONE && now - s->told < STATUS_EVERY)
		return;
	if (!take_status(s, status))
		return;
	s->told = now;
	snprintf(state, sizeof state, "STATUS=%s", s->status);
	if (!say(s, state))
		s->status[0] = '\0';    /* again with the next one */
}

void service_turn(struct service *s, int64_t now, const char *status)
{
	if (s->fd < 0)
		return;
	if (s->owed[0] && say(s, s->owed))
		s->owed[0] = '\0';
	if (s->watchdog && (s->pinged == MOMENT_NONE || now - s->pinged >= s->watchdog) &&
	    say(s, "WATCHDOG=1"))
		s->pinged = now;
	tell_status(s, now, status);
}

const char *service_status(char text[static SERVICE_STATUS], const struct service_news *n)
{
	char clients[80] = "", findings[60] = "", lost[60] = "", away[60] = "";

	if (n->judged && n->clients)
		snprintf(clients, sizeof clients, "; %zu of %zu clients stopped", n->stopped, n->clients);
	else if (n->judged)
		snprintf(clients, sizeof clients, "; no clients seen");
	if (n->open)
		snprintf(findings, sizeof findings, "; %zu finding%s", n->open, n->open == 1 ? "" : "s");
	if (n->lost)
		snprintf(lost, sizeof lost, "; %llu packet%s lost", (unsigned long long)n->lost,
		         n->lost == 1 ? "" : "s");
	if (n->away)
		snprintf(away, sizeof away, "; %zu interface%s away", n->away, n->away == 1 ? "" : "s");
	snprintf(text, SERVICE_STATUS, "%.100s%s%s%s%s", n->doing, clients, findings, away, lost);
	return text;
}
