/* live/tellsocket.h - a connected socket to a log, which is never waited for. */
#ifndef LIVE_TELLSOCKET_H
#define LIVE_TELLSOCKET_H

#include "base/buf.h"

struct tell_socket {
	int fd;                         /* -1: none */
	bool stream;
	struct buf rest;                /* of a message that a stream took in part */
	uint64_t lost;
	int64_t asked;                  /* when another socket was asked for, CLOCK_MONOTONIC's ns */
	int (*again)(void *self);       /* another, connected, or -1; NULL: there is none */
	void *self;
};

void tell_socket_init(struct tell_socket *s, int fd, int (*again)(void *self), void *self);
void tell_socket_release(struct tell_socket *s);

/* A message, with the frame that a stream needs.  What cannot be sent now is lost, and counted. */
void tell_socket_send(struct tell_socket *s, struct span message);

#endif
