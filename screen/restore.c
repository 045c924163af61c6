/* screen/restore.c - handlers of what ends the process. */
#include "screen/restore.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { TEXT = 256 };

static const struct ending {
	int number;
	bool is_fault;                  /* nobody takes it but to tell of it */
} endings[] = {
	{ SIGSEGV, true }, { SIGBUS, true }, { SIGFPE, true }, { SIGILL, true }, { SIGABRT, true },
	{ SIGQUIT, false }, { SIGHUP, false }, { SIGTERM, false }, { SIGINT, false },
};
enum { ENDING_COUNT = sizeof endings / sizeof *endings };

static struct {
	volatile sig_atomic_t watching;
	int fd;
	pid_t owner;
	struct termios modes;
	char text[TEXT];
	size_t len;
	struct sigaction before[ENDING_COUNT];
	bool taken[ENDING_COUNT];
} restore;

static void on_ending(int number)
{
	int error = errno;

	if (restore.watching && getpid() == restore.owner) {
		ssize_t ignored = write(restore.fd, restore.text, restore.len);

		(void)ignored;
		tcsetattr(restore.fd, TCSANOW, &restore.modes);
	}
	restore.watching = 0;
	/* Whoever had it before, or the system, has it now. */
	for (size_t i = 0; i < ENDING_COUNT; i++)
		if (endings[i].number == number)
			sigaction(number, &restore.before[i], NULL);
	raise(number);
	errno = error;
}

/* Signals that others take end the run, and that ends the screen. */
static bool is_free(const struct ending *e)
{
	struct sigaction now;

	return !sigaction(e->number, NULL, &now) &&
	       (e->is_fault || (!(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL));
}

void restore_watch(int fd, const struct termios *modes, const char *text)
{
	struct sigaction action = { .sa_handler = on_ending };

	restore.fd = fd;
	restore.owner = getpid();
	restore.modes = *modes;
	restore.len = (size_t)snprintf(restore.text, sizeof restore.text, "%s", text);
	for (size_t i = 0; i < ENDING_COUNT; i++)
		restore.taken[i] = is_free(&endings[i]) &&
		                   !sigaction(endings[i].number, &action, &restore.before[i]);
	restore.watching = 1;
}

void restore_leave(void)
{
	restore.watching = 0;
	for (size_t i = 0; i < ENDING_COUNT; i++) {
		struct sigaction now;

		/* Who took it since keeps it. */
		if (restore.taken[i] && !sigaction(endings[i].number, NULL, &now) &&
		    !(now.sa_flags & SA_SIGINFO) && now.sa_handler == on_ending)
			sigaction(endings[i].number, &restore.before[i], NULL);
		restore.taken[i] = false;
	}
}
