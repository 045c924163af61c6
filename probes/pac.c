/* probes/pac.c - a proxy script in a child that may take so much and no more.
 *
 * The child writes errors of the script as they come, each behind a byte ERROR, and at the end its answer
 * behind a byte ANSWER.  Whatever it leaves out, the parent ends it by time.
 */
#include "probes/pac.h"

#include <errno.h>
#include <fcntl.h>
#include <pacparser.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/tongue.h"

enum {
	ANSWER_MAX = 64 * 1024,
	CPU_SECONDS = 2, FILES_MAX = 64,
	PIPE_END = 3,                   /* the child's */
	ERROR = 1, ANSWER = 2,
};

#define MEMORY_MAX (256UL << 20)        /* bytes, beside what a child has already */
#define WALL_TIME  (5 * MOMENT_S)

struct pac {
	struct loop *loop;
	pid_t child;
	struct loop_watch watch;
	struct loop_timer end;
	int64_t timeout;
	struct buf heard;
	bool late, too_much;
	void (*done)(void *self, const struct pac_result *result);
	void *self;
};

/* ---- the child ---- */

static void limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
	struct rlimit l = { soft, hard };

	setrlimit(what, &l);
}

/* Bytes of address space that are taken already: the limit counts from there. */
static rlim_t taken(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	char text[64] = "";
	struct span words = { NULL, 0 };
	uint64_t pages = 0;

	if (file) {
		words = span_of(text, fread(text, 1, sizeof text, file));
		fclose(file);
	}
	span_decimal(span_split(&words, ' '), &pages);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void confine(void)
{
	rlim_t memory = taken() + MEMORY_MAX;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	limit(RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 1);
	limit(RLIMIT_AS, memory, memory);
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_FSIZE, 0, 0);
	limit(RLIMIT_NOFILE, FILES_MAX, FILES_MAX);
}

static void say(uint8_t mark, struct span words)
{
	ssize_t written = write(PIPE_END, &mark, 1);

	while (words.len && written > 0) {
		written = write(PIPE_END, words.at, words.len);
		if (written > 0)
			words = span_skip(words, (size_t)written);
	}
}

static int say_error(const char *format, va_list args)
{
	char text[PAC_ERROR_MAX];
	int len = vsnprintf(text, sizeof text, format, args);

	if (span_starts(span_text(text), SPAN("DEBUG:")) || span_starts(span_text(text), SPAN("WARNING:")))
		return len;
	say(ERROR, span_text(text));
	return len;
}

/* Signals end it as they end any program; nothing of ours is open in it but the pipe. */
static void become_child(int pipe_end)
{
	static const int handled[] = { SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGPIPE, SIGALRM };
	int null = open("/dev/null", O_RDWR);

	for (size_t i = 0; i < sizeof handled / sizeof *handled; i++)
		signal(handled[i], SIG_DFL);
	for (int fd = 0; fd < PIPE_END && null >= 0; fd++)
		if (fd != pipe_end)
			dup2(null, fd);
	dup2(pipe_end, PIPE_END);
	close_range(PIPE_END + 1, ~0U, 0);
}

static void run_child(const char *script, const struct pac_options *o)
{
	const char *answer = NULL;

	pacparser_set_error_printer(say_error);
	if (o->ours && *o->ours)
		pacparser_setmyip(o->ours);
	if (pacparser_init() && pacparser_parse_pac_string(script))
		answer = pacparser_find_proxy(o->url, o->host);
	if (answer)
		say(ANSWER, span_text(answer));
}

/* ---- the answer ---- */

static const struct {
	const char *word;
	bool usable;
} kinds[] = {
#define X(symbol, word, usable) [PAC_##symbol] = { word, usable },
	PAC_KINDS(X)
#undef X
};

bool pac_usable(enum pac_kind kind)
{
	return kinds[kind].usable;
}

static enum pac_kind kind_of(struct span word)
{
	for (unsigned i = 0; i < PAC_UNREADABLE; i++)
		if (span_ieq(word, span_text(kinds[i].word)))
			return (enum pac_kind)i;
	return PAC_UNREADABLE;
}

/* Ports where the script names none, as browsers and WinHTTP take them. */
static uint16_t usual_port(enum pac_kind kind)
{
	switch (kind) {
	case PAC_HTTPS:
		return 443;
	case PAC_SOCKS:
	case PAC_SOCKS4:
	case PAC_SOCKS5:
		return 1080;
	case PAC_DIRECT:
	case PAC_PROXY:
	case PAC_HTTP:
	case PAC_UNREADABLE:
		break;
	}
	return 80;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct pac_choice read_choice(struct span text)
{
	struct pac_choice c = { .kind = PAC_UNREADABLE };
	struct fault fault;
	size_t len = 0;

	while (len < text.len && !is_blank(text.at[len]))
		len++;
	c.kind = kind_of(span_take(&text, len));
	if (c.kind == PAC_DIRECT || c.kind == PAC_UNREADABLE)
		return c;
	/* A host with a scheme, a login or a path is what WinHTTP cannot read. */
	if (!target_parse(span_trim(text), &c.proxy, &fault) || c.proxy.has_scheme || c.proxy.user[0] ||
	    c.proxy.path[0])
		return (struct pac_choice){ .kind = PAC_UNREADABLE };
	c.proxy.https = c.kind == PAC_HTTPS;
	c.proxy.has_scheme = true;
	if (!c.proxy.port)
		c.proxy.port = usual_port(c.kind);
	return c;
}

/* Bytes of the word at the front up to its last '@': a name and a password, where there are some. */
static size_t login_len(struct span text)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len && !is_blank(text.at[i]) && text.at[i] != ';'; i++)
		if (text.at[i] == '@')
			len = i;
	return len;
}

/* A line of what a stranger wrote, for a report. */
static void quote(struct span text, char *to, size_t room)
{
	bool starts = true;
	size_t len = 0;

	while (text.len && len + 1 < room) {
		uint8_t const c = text.at[0];
		size_t const login = starts ? login_len(text) : 0;

		text = span_skip(text, login ? login : 1);
		if (login)
			len += (size_t)snprintf(to + len, room - len, "...");
		else
			to[len++] = c >= ' ' && c < 0x7f ? (char)c : ' ';
		starts = is_blank(c) || c == ';';
	}
	to[len < room ? len : room - 1] = '\0';
}

void pac_read(struct span answer, struct pac_result *result)
{
	result->count = 0;
	result->left_out = 0;
	quote(span_trim(answer), result->text, sizeof result->text);
	while (answer.len) {
		struct span part = span_trim(span_split(&answer, ';'));

		if (!part.len)
			continue;
		if (result->count < PAC_CHOICES_MAX)
			result->choices[result->count++] = read_choice(part);
		else
			result->left_out++;
	}
}

/* ---- the parent ---- */

static const char *reason(const struct pac *p, int status)
{
	if (p->too_much)
		return _("its answer is longer than 64 KiB");
	if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
		return _("it did not end in 2 s of computing");
	if (WIFSIGNALED(status) || WEXITSTATUS(status))
		return _("the interpreter broke off: it wants more than 256 MiB, or is broken");
	return _("it gives no answer");
}

static struct pac_result result_of(const struct pac *p, int status)
{
	struct pac_result r = { .count = 0 };
	struct span heard = buf_span(&p->heard), words;
	size_t answer = span_byte(heard, ANSWER);

	if (!p->too_much && !p->late && answer != SIZE_MAX) {
		pac_read(span_skip(heard, answer + 1), &r);
		if (!r.count)
			tongue_say(r.error, sizeof r.error, "its answer is empty");
		return r;
	}
	r.unending = p->late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU);
	heard = span_skip(heard, heard.len && heard.at[0] == ERROR);
	words = span_trim(span_split(&heard, ERROR));
	if (p->late)
		tongue_say(r.error, sizeof r.error, "it did not end in %.3g s",
			(double)p->timeout / MOMENT_S);
	else if (words.len && !p->too_much)
		quote(words, r.error, sizeof r.error);
	else
		snprintf(r.error, sizeof r.error, "%s", reason(p, status));
	return r;
}

/* The child is killed, if it has not ended, and gone. */
static int reap(struct pac *p)
{
	int status = 0;

	loop_unwatch(p->loop, &p->watch);
	loop_clear(p->loop, &p->end);
	close(p->watch.fd);
	kill(p->child, SIGKILL);
	while (waitpid(p->child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

void pac_stop(struct pac *p)
{
	if (!p)
		return;
	reap(p);
	buf_release(&p->heard);
	free(p);
}

static void finish(struct pac *p)
{
	void (*done)(void *self, const struct pac_result *result) = p->done;
	struct pac_result result = result_of(p, reap(p));
	void *self = p->self;

	buf_release(&p->heard);
	free(p);
	done(self, &result);
}

static void child_said(void *self, short events)
{
	struct pac *p = self;
	uint8_t bytes[4096];
	ssize_t got = read(p->watch.fd, bytes, sizeof bytes);

	(void)events;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got > 0)
		p->too_much = !buf_add(&p->heard, span_of(bytes, (size_t)got));
	if (got <= 0 || p->too_much)
		finish(p);
}

static void time_is_up(void *self)
{
	struct pac *p = self;

	p->late = true;
	finish(p);
}

/* Forks; false: it cannot. */
static bool start_child(struct pac *p, const char *script, const struct pac_options *o)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	p->child = fork();
	if (!p->child) {
		become_child(ends[1]);
		confine();
		run_child(script, o);
		_exit(0);
	}
	close(ends[1]);
	p->watch.fd = ends[0];
	if (p->child > 0 && !fcntl(ends[0], F_SETFL, O_NONBLOCK))
		return true;
	if (p->child > 0)
		reap(p);
	else
		close(ends[0]);
	return false;
}

struct pac *pac_start(struct loop *l, const struct pac_options *o,
                      void (*done)(void *self, const struct pac_result *result), void *self)
{
	struct pac *p = calloc(1, sizeof *p);
	char *script = malloc(o->script.len + 1);
	bool started = false;

	if (p && script) {
		if (o->script.len)
			memcpy(script, o->script.at, o->script.len);
		script[o->script.len] = '\0';
		p->loop = l;
		p->timeout = o->timeout > 0 && o->timeout < WALL_TIME ? o->timeout : WALL_TIME;
		p->done = done;
		p->self = self;
		p->watch = (struct loop_watch){ .events = POLLIN, .ready = child_said, .self = p };
		p->end = (struct loop_timer){ .fired = time_is_up, .self = p };
		buf_init(&p->heard, ANSWER_MAX);
		started = start_child(p, script, o);
	}
	free(script);
	if (!started) {
		free(p);
		return NULL;
	}
	loop_watch(l, &p->watch);
	loop_set(l, &p->end, loop_clock(l) + p->timeout);
	return p;
}
