/* cli/service.h - what a service manager wants to hear (sd_notify(3)); without one, nothing happens. */
#ifndef CLI_SERVICE_H
#define CLI_SERVICE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct service;

/* Before rights are dropped: connects to the manager's socket.  NULL: out of memory. */
struct service *service_open(void);
void service_ready(struct service *s, const char *status);      /* "Capturing on eth0" */
void service_reloading(struct service *s);              /* with a monotonic time, then service_ready */
void service_stopping(struct service *s);

/* Between packets: pings the watchdog when half of its time is over, tells a status line when it changed. */
void service_turn(struct service *s, int64_t now, const char *status);
void service_close(struct service *s);

/* How a run is, in one line: what systemctl status shows. */
enum { SERVICE_STATUS = 400 };

struct service_news {
	const char *doing;              /* "Capturing on eth0" */
	bool judged;                    /* what follows is known */
	size_t clients, stopped;        /* seen, and those of them that something stops */
	size_t open;                    /* findings that go on */
	uint64_t lost;                  /* packets */
	size_t away;                    /* interfaces */
};

const char *service_status(char text[static SERVICE_STATUS], const struct service_news *n);

#endif
