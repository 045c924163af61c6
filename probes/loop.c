/* probes/loop.c - curl_multi_poll waits for everybody; then each is told what is his. */
#include "probes/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MAX = 60 * 1000 };          /* ms; longer waits are several */

struct transfer {
	struct transfer *next;
	CURL *easy;
	void (*done)(void *self, CURLcode code);
	void *self;
};

struct loop {
	CURLM *multi;
	struct loop_watch *watches;
	struct loop_timer *timers;      /* by time, then in the order in which they were set */
	struct transfer *transfers;
	int64_t offset;                 /* from the monotonic clock to the calendar's */
	int64_t now;
	int wake;                       /* an eventfd: writing to it is all that a signal's handler may do */
	volatile sig_atomic_t ended;
	/* What is waited for in a turn: the wake at place 0, then the watches. */
	size_t watched, room;
	size_t asked;                   /* places in use */
	struct curl_waitfd *waits;
	struct pollfd *polls;
	struct loop_watch **askers;     /* NULL: unwatched since */
};

static int64_t clock_now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * MOMENT_S + t.tv_nsec;
}

/* Room for one more than is watched. */
static bool reserve(struct loop *l)
{
	size_t const room = l->room ? l->room * 2 : 64;
	struct curl_waitfd *waits;
	struct pollfd *polls;
	struct loop_watch **askers;

	if (l->watched + 2 <= l->room)
		return true;
	waits = realloc(l->waits, room * sizeof *waits);
	if (waits)
		l->waits = waits;
	polls = realloc(l->polls, room * sizeof *polls);
	if (polls)
		l->polls = polls;
	askers = realloc(l->askers, room * sizeof *askers);
	if (askers)
		l->askers = askers;
	if (!waits || !polls || !askers)
		return false;
	l->room = room;
	return true;
}

struct loop *loop_new(void)
{
	struct loop *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(l);
		return NULL;
	}
	l->multi = curl_multi_init();
	l->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	l->offset = clock_now(CLOCK_REALTIME) - clock_now(CLOCK_MONOTONIC);
	loop_clock(l);
	if (l->multi && l->wake >= 0 && reserve(l))
		return l;
	loop_free(l);
	return NULL;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	curl_multi_cleanup(l->multi);
	if (l->wake >= 0)
		close(l->wake);
	free(l->waits);
	free(l->polls);
	free(l->askers);
	free(l);
	curl_global_cleanup();
}

/* The link that leads to `w`, or the last one. */
static struct loop_watch **watch_link(struct loop *l, const struct loop_watch *w)
{
	struct loop_watch **link = &l->watches;

	while (*link && *link != w)
		link = &(*link)->next;
	return link;
}

/* One that finds no memory is never ready: whoever waits has a timer, too. */
void loop_watch(struct loop *l, struct loop_watch *w)
{
	struct loop_watch **link = watch_link(l, w);

	if (*link || !reserve(l))
		return;
	w->next = NULL;
	*link = w;
	l->watched++;
}

void loop_unwatch(struct loop *l, struct loop_watch *w)
{
	struct loop_watch **link = watch_link(l, w);

	if (!*link)
		return;
	*link = w->next;
	w->next = NULL;
	l->watched--;
	for (size_t i = 0; i < l->asked; i++)
		if (l->askers[i] == w)
			l->askers[i] = NULL;
}

/* What is past is due now, behind what is due already: so nobody keeps the others from their turn. */
void loop_set(struct loop *l, struct loop_timer *t, int64_t at)
{
	struct loop_timer **link = &l->timers;

	loop_clear(l, t);
	t->at = at > l->now ? at : l->now;
	t->set = true;
	while (*link && (*link)->at <= t->at)
		link = &(*link)->next;
	t->next = *link;
	*link = t;
}

void loop_clear(struct loop *l, struct loop_timer *t)
{
	struct loop_timer **link = &l->timers;

	if (!t->set)
		return;
	while (*link && *link != t)
		link = &(*link)->next;
	if (*link)
		*link = t->next;
	t->next = NULL;
	t->set = false;
}

static struct transfer **transfer_link(struct loop *l, const CURL *easy)
{
	struct transfer **link = &l->transfers;

	while (*link && (*link)->easy != easy)
		link = &(*link)->next;
	return link;
}

bool loop_curl(struct loop *l, CURL *easy, void (*done)(void *self, CURLcode code), void *self)
{
	struct transfer *t = malloc(sizeof *t);

	if (!t)
		return false;
	if (curl_multi_add_handle(l->multi, easy) != CURLM_OK) {
		free(t);
		return false;
	}
	*t = (struct transfer){ l->transfers, easy, done, self };
	l->transfers = t;
	return true;
}

void loop_curl_stop(struct loop *l, CURL *easy)
{
	struct transfer **link = transfer_link(l, easy), *t = *link;

	if (!t)
		return;
	*link = t->next;
	curl_multi_remove_handle(l->multi, easy);
	free(t);
}

int64_t loop_now(const struct loop *l)
{
	return l->now;
}

int64_t loop_clock(struct loop *l)
{
	l->now = l->offset + clock_now(CLOCK_MONOTONIC);
	return l->now;
}

void loop_end(struct loop *l)
{
	static const uint64_t one = 1;
	int const error = errno;
	ssize_t written;

	l->ended = 1;
	written = write(l->wake, &one, sizeof one);
	(void)written;          /* full, it wakes as well */
	errno = error;
}

static void ask(struct loop *l, size_t place, int fd, short events, struct loop_watch *asker)
{
	static const struct {
		short poll, curl;
	} pairs[] = {
		{ POLLIN, CURL_WAIT_POLLIN }, { POLLPRI, CURL_WAIT_POLLPRI }, { POLLOUT, CURL_WAIT_POLLOUT },
	};

	l->polls[place] = (struct pollfd){ .fd = fd, .events = events };
	l->waits[place] = (struct curl_waitfd){ .fd = fd };
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (events & pairs[i].poll)
			l->waits[place].events = (short)(l->waits[place].events | pairs[i].curl);
	l->askers[place] = asker;
}

/* Milliseconds until the next timer, rounded up: a wait that ends early would only be one more. */
static int patience(struct loop *l)
{
	int64_t left;

	if (l->ended)
		return 0;
	if (!l->timers)
		return WAIT_MAX;
	left = l->timers->at - loop_clock(l);
	if (left <= 0)
		return 0;
	left = (left + MOMENT_MS - 1) / MOMENT_MS;
	return left < WAIT_MAX ? (int)left : WAIT_MAX;
}

/* curl waits, but it tells events of ours without their errors, so these are asked for anew. */
static void await(struct loop *l)
{
	uint64_t wakes;
	ssize_t taken;

	l->asked = 0;
	ask(l, l->asked++, l->wake, POLLIN, NULL);
	for (struct loop_watch *w = l->watches; w; w = w->next)
		ask(l, l->asked++, w->fd, w->events, w);
	curl_multi_poll(l->multi, l->waits, (unsigned)l->asked, patience(l), NULL);
	if (poll(l->polls, (nfds_t)l->asked, 0) < 0)
		for (size_t i = 0; i < l->asked; i++)
			l->polls[i].revents = 0;
	if (l->polls[0].revents) {
		taken = read(l->wake, &wakes, sizeof wakes);
		(void)taken;    /* it only has to be empty */
	}
	loop_clock(l);
}

static void tell_watches(struct loop *l)
{
	for (size_t i = 1; i < l->asked && !l->ended; i++)
		if (l->askers[i] && l->polls[i].revents)
			l->askers[i]->ready(l->askers[i]->self, l->polls[i].revents);
	l->asked = 0;
}

static void tell_transfers(struct loop *l)
{
	const CURLMsg *message;
	int left;

	while (!l->ended && (message = curl_multi_info_read(l->multi, &left))) {
		CURLcode const code = message->data.result;
		const struct transfer *t = *transfer_link(l, message->easy_handle);
		struct transfer told;

		if (message->msg != CURLMSG_DONE || !t)
			continue;
		told = *t;
		loop_curl_stop(l, told.easy);
		told.done(told.self, code);
	}
}

/* Those that are due now; what their callbacks set has its turn later. */
static void tell_timers(struct loop *l)
{
	int64_t const now = l->now;
	size_t due = 0;

	for (const struct loop_timer *t = l->timers; t && t->at <= now; t = t->next)
		due++;
	while (due-- && l->timers && l->timers->at <= now && !l->ended) {
		struct loop_timer *t = l->timers;

		loop_clear(l, t);
		t->fired(t->self);
	}
}

void loop_run(struct loop *l)
{
	int running;

	while (!l->ended && (l->watches || l->timers || l->transfers)) {
		await(l);
		if (l->transfers)
			curl_multi_perform(l->multi, &running);
		tell_watches(l);
		tell_transfers(l);
		tell_timers(l);
	}
	l->ended = 0;
}
