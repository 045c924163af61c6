/* cli/signals.c - handlers that do no more than leave a note (signal-safety(7)). */
#include "cli/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "base/clock.h"

/* A handler has no argument: the one source that a signal may stop, and what was asked for. */
static struct source *volatile stoppable;
static volatile sig_atomic_t stopped, summaries_asked, summaries_told, reopens_asked, reopens_told;

/* When Ctrl-C came first, by the steady clock; 0: it did not. */
static volatile _Atomic int64_t interrupted;
static const int64_t ONE_WISH = 200 * MOMENT_MS;

/* Counts far below the least that sig_atomic_t holds (C17, 7.20.3: 127), so that none overflows. */
enum { COUNT_MASK = 63 };

static void stop(int number)
{
	struct source *s = stoppable;
	int error = errno;      /* of whoever was interrupted */

	(void)number;
	stopped = 1;
	if (s)
		source_stop(s);
	errno = error;
}

/* timeout(1) tells the process and then its group: one wish that comes twice.  Who presses again later does
 * not want to wait, and the system ends it. */
static void interrupt(int number)
{
	int64_t now = clock_monotonic();

	if (!interrupted)
		interrupted = now;
	if (now - interrupted <= ONE_WISH) {
		stop(number);
		return;
	}
	signal(number, SIG_DFL);
	raise(number);
}

static void ask_summary(int number)
{
	(void)number;
	summaries_asked = (summaries_asked + 1) & COUNT_MASK;
}

static void ask_reopen(int number)
{
	(void)number;
	reopens_asked = (reopens_asked + 1) & COUNT_MASK;
}

/* What stops must also end a read of standard input, so that is not begun again; what merely asks must not
 * cut a line that is being written. */
static const struct caught {
	int number, flags;
	void (*handler)(int number);
} caught[] = {
	{ SIGINT, 0, interrupt },
	{ SIGTERM, 0, stop },
	{ SIGUSR1, SA_RESTART, ask_summary },
	{ SIGHUP, SA_RESTART, ask_reopen },
	{ SIGPIPE, SA_RESTART, SIG_IGN },
	{ SIGXFSZ, SA_RESTART, SIG_IGN },       /* a file may be no larger (ulimit -f): writing tells it */
};

void signals_catch(struct source *s)
{
	stoppable = s;
	stopped = 0;
	interrupted = 0;
	for (size_t i = 0; i < sizeof caught / sizeof *caught; i++) {
		struct sigaction action = { .sa_handler = caught[i].handler, .sa_flags = caught[i].flags };

		sigemptyset(&action.sa_mask);
		sigaction(caught[i].number, &action, NULL);
	}
}

void signals_release(void)
{
	struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };

	/* The report that follows is not to be cut by a manager that asks twice. */
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	stoppable = NULL;
}

bool signals_stopped(void)
{
	return stopped;
}

static bool was_asked(const volatile sig_atomic_t *asked, volatile sig_atomic_t *told)
{
	if (*asked == *told)
		return false;
	*told = (*told + 1) & COUNT_MASK;
	return true;
}

bool signals_summary(void)
{
	return was_asked(&summaries_asked, &summaries_told);
}

bool signals_reopen(void)
{
	return was_asked(&reopens_asked, &reopens_told);
}
