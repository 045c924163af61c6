/* probes/loop.h - the one event loop of a probe: descriptors, timers and curl's transfers.
 *
 * It waits in curl_multi_poll for whatever comes first.  Watches and timers are the callers' own memory and
 * are linked in while they are set; a callback may set and clear any of them, its own too.  One thread.
 */
#ifndef PROBES_LOOP_H
#define PROBES_LOOP_H

#include <curl/curl.h>

#include "base/moment.h"

struct loop;

struct loop_watch {
	struct loop_watch *next;        /* the loop's own */
	int fd;
	short events;                   /* POLLIN, POLLOUT, POLLPRI; errors are always told */
	void (*ready)(void *self, short events);
	void *self;
};

struct loop_timer {
	struct loop_timer *next;        /* the loop's own */
	bool set;
	int64_t at;                     /* ns, as loop_now */
	void (*fired)(void *self);
	void *self;
};

/* NULL: out of memory, or curl cannot start. */
struct loop *loop_new(void);
void loop_free(struct loop *l);         /* when nothing is set any more; NULL is fine */

void loop_watch(struct loop *l, struct loop_watch *w);
void loop_unwatch(struct loop *l, struct loop_watch *w);        /* not watched is fine */

void loop_set(struct loop *l, struct loop_timer *t, int64_t at);        /* set already: moved */
void loop_clear(struct loop *l, struct loop_timer *t);          /* not set is fine */

/* `done` is told once, with curl's code, unless loop_curl_stop came first.  False: curl refused. */
bool loop_curl(struct loop *l, CURL *easy, void (*done)(void *self, CURLcode code), void *self);
void loop_curl_stop(struct loop *l, CURL *easy);

/* ns since 1970, never going back: read once a turn, and anew by loop_clock. */
int64_t loop_now(const struct loop *l);
int64_t loop_clock(struct loop *l);

/* Turns until nothing is set, or loop_end was called: from a callback, or from a signal's handler. */
void loop_run(struct loop *l);
void loop_end(struct loop *l);

#endif
