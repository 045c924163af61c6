/* live/judge.c - a child that ends its copy of the run. */
#include "live/judge.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOM_DEFAULT = 64 << 20, REPORT_MAX = 16 << 20, NICER = 5 };
enum { SPARING = 20 };                  /* judging takes one part of so many of the time, at most */

enum { PATIENCE_S = 30, BLIND = 3 };
enum { PAUSE_S = 10, PAUSE_DOUBLINGS = 6 };     /* after failures: 10 s, 20 s, 40 s ... */

struct judge {
	struct judge_options options;
	void *room;                     /* of the latest view; NULL: none */
	const struct view *view;
	/* of the child at work */
	pid_t child;                    /* 0: none */
	void *next;
	bool reports;                   /* it brings a report along */
	int64_t begun;
	int64_t due;                    /* the next one begins */
	bool asked, hurried;            /* for a report; at once */
	struct judge_counts counts;
	unsigned failed;                /* one after the other, up to now */
};

struct judge *judge_new(const struct judge_options *o)
{
	struct judge *j = calloc(1, sizeof *j);

	if (!j)
		return NULL;
	j->options = *o;
	if (!j->options.room)
		j->options.room = ROOM_DEFAULT;
	j->due = INT64_MIN;
	return j;
}

static void give_back(const struct judge *j, void *room)
{
	if (room)
		munmap(room, j->options.room);
}

void judge_free(struct judge *j)
{
	if (!j)
		return;
	/* A sealed run sends no signals: its child then goes when it goes itself. */
	if (j->child > 0 && !kill(j->child, SIGKILL))
		waitpid(j->child, NULL, 0);
	give_back(j, j->next);
	give_back(j, j->room);
	free(j);
}

/* ---- the child ---- */

/* What a terminal or a service manager sends to a whole group is for the run.  A child that hangs is ended by
 * the clock: its parent may send no signal. */
static void be_left_alone(void)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, SIGPIPE };
	struct sigaction action = { .sa_handler = SIG_IGN };
	sigset_t none;

	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		sigaction(ignored[i], &action, NULL);
	action.sa_handler = SIG_DFL;
	sigaction(SIGALRM, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(PATIENCE_S);
}

/* Instead of a report of `len` bytes, of which `most` find room.  Returns as write_report does. */
static size_t write_excuse(size_t len, size_t most, char **text)
{
	int made;

	free(*text);
	made = asprintf(text, "wsuscope: the report of now would have %zu KiB, and a capture that goes on "
	                "shows %zu at most; show less of it (--severity error), or end the run, which writes "
	                "all of it\n", len / 1024 + 1, most / 1024);
	if (made < 0)
		*text = NULL;
	return made < 0 ? 0 : (size_t)made + 1;
}

/* The text stands behind the view's room.  Returns its length with its end; 0: none. */
static size_t write_report(const struct judge *j, const struct report *r, char **text)
{
	size_t len = 0, most = j->options.room / 4 < REPORT_MAX ? j->options.room / 4 : REPORT_MAX;
	FILE *out = open_memstream(text, &len);
	bool good;

	if (!out)
		return 0;
	good = report_text(out, r, &j->options.style);
	good = !fclose(out) && good;
	if (good && len >= most)
		return write_excuse(len, most, text);
	return good ? len + 1 : 0;
}

static bool judge_in_child(const struct judge *j)
{
	struct report r = { 0 };
	char *text = NULL;
	size_t len;
	struct view *v;

	j->options.end(j->options.self, &r);
	if (!r.findings)                /* it could not be ended */
		return false;
	len = j->reports ? write_report(j, &r, &text) : 0;
	if (!view_take(j->next, j->options.room - len, &r, r.now))
		return false;
	v = j->next;
	if (len) {
		char *end = (char *)j->next + j->options.room - len;

		memcpy(end, text, len);
		v->report = end;
	}
	return true;
}

/* In the child: returns never. */
static void work(const struct judge *j, pid_t parent)
{
	be_left_alone();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)        /* it died before */
		_exit(1);
	if (nice(NICER) == -1) {
		/* A child that hurries as much as its parent judges as well. */
	}
	_exit(judge_in_child(j) ? 0 : 1);
}

/* ---- the run ---- */

/* Signals wait until the child has given up the run's handlers. */
static pid_t fork_quietly(const struct judge *j)
{
	pid_t parent = getpid(), child;
	sigset_t all, before;

	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before))
		return -1;
	child = fork();
	if (!child)
		work(j, parent);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return child;
}

static void fail(struct judge *j)
{
	j->counts.failures++;
	j->failed += j->failed < UINT_MAX;
	give_back(j, j->next);
	j->next = NULL;
	j->child = 0;
}

static void begin(struct judge *j, int64_t now)
{
	j->begun = now;
	j->due = now + j->options.every;
	j->reports = j->asked;
	j->hurried = false;
	j->next = mmap(NULL, j->options.room, PROT_READ | PROT_WRITE,
	               MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (j->next == MAP_FAILED)
		j->next = NULL;
	j->child = j->next ? fork_quietly(j) : -1;
	if (j->child < 0)
		fail(j);
}

/* How long after that many failures in a row nothing is tried, at most. */
static int64_t pause_after(unsigned failures)
{
	return PAUSE_S * MOMENT_S << (failures <= PAUSE_DOUBLINGS ? failures - 1 : PAUSE_DOUBLINGS);
}

/* The time after which the next one is due: from its beginning, and never more than a share of all time.
 * One that hung says little of how long the next takes: only many of them are spared as much. */
static void put_off(struct judge *j, int64_t now)
{
	int64_t took = now - j->begun, sparing = took * SPARING;

	j->due = j->begun + (sparing > j->options.every ? sparing : j->options.every);
	if (j->failed && j->due > now + pause_after(j->failed))
		j->due = now + pause_after(j->failed);
}

static void take(struct judge *j, int64_t now)
{
	j->counts.made++;
	j->failed = 0;
	j->counts.latest = now - j->begun;
	j->counts.took += j->counts.latest;
	give_back(j, j->room);
	j->room = j->next;
	j->view = j->room;
	j->next = NULL;
	j->child = 0;
	j->asked = j->asked && !j->reports;
}

/* Looks after the child at work; true: it brought a view. */
static bool look(struct judge *j, int64_t now)
{
	int status = 0;
	pid_t ended = waitpid(j->child, &status, WNOHANG);

	bool good = ended > 0 && WIFEXITED(status) && !WEXITSTATUS(status);

	if (!ended)
		return false;
	if (good)
		take(j, now);
	else
		fail(j);
	put_off(j, now);
	return good;
}

bool judge_turn(struct judge *j, int64_t now)
{
	bool brought = j->child > 0 && look(j, now);

	if (j->child > 0 || brought)
		return brought;
	if (now >= j->due || j->hurried)
		begin(j, now);
	return false;
}

void judge_ask_report(struct judge *j)
{
	j->asked = j->hurried = true;
}

const struct view *judge_view(const struct judge *j)
{
	return j->view;
}

bool judge_is_blind(const struct judge *j)
{
	return j->failed >= BLIND;
}

struct judge_counts judge_counts(const struct judge *j)
{
	return j->counts;
}
