/* cli/cmd_probe.c - wsuscope probe URL|HOST... */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/bodies.h"
#include "cli/command.h"
#include "cli/outputs.h"
#include "cli/probed.h"
#include "cli/publish.h"
#include "cli/rounds.h"
#include "report/check_words.h"
#include "report/nagios.h"
#include "report/page.h"

struct session {
	const struct options *options;
	struct probe_options wants;
	char proxy_user[LOGIN_MAX], server_user[LOGIN_MAX];     /* out of files */
	struct outputs outputs;
	struct publish *publish;
	struct rounds changes;
	uint64_t rounds;
	bool shows_progress;
	size_t ended, planned;
	int status;
};

/* A handler has no arguments: the one probe that a signal stops, and that one came. */
static struct probe *volatile probing;
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
	if (probing)
		probe_stop(probing);
}

static const int stop_signals[] = { SIGINT, SIGTERM };

static void stop_on_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	for (size_t i = 0; i < sizeof stop_signals / sizeof *stop_signals; i++)
		sigaction(stop_signals[i], &action, NULL);
}

static bool session_fault(struct session *s, const struct fault *f)
{
	int status = command_fault(f);

	s->status = s->options->nagios ? (int)NAGIOS_UNKNOWN : status;
	return false;
}

/* ---- what is wanted ---- */

/* A file whose name has a colon is given with its directory. */
static bool is_no_place(const char *where)
{
	return strchr(where, ':') && !strchr(where, '/') && !publish_is_port(where);
}

/* Later rounds are told by what changed; exchanges are heard from packets. */
static bool outputs_fit(const struct options *o, struct fault *f)
{
	for (size_t i = 0; i < o->output_count; i++) {
		enum output_format format = o->outputs[i].format;

		if (o->every && format != OUTPUT_TEXT && format != OUTPUT_EVENTS)
			return fault_set(f, FAULT_USAGE,
			                 "probe: a document is of one round; -o text and events are for "
			                 "more");
		if (!o->write && (format == OUTPUT_HAR || format == OUTPUT_CSV_EXCHANGES))
			return fault_set(f, FAULT_USAGE,
			                 "probe: -o har and csv-exchanges are of packets: record them "
			                 "(--capture FILE)");
	}
	return true;
}

static bool is_sensible(const struct options *o, struct fault *f)
{
	const struct rule {
		bool broken;
		const char *says;
	} rules[] = {
		{ !o->file_count, "name an update point by its URL or host, such as http://wsus01:8530" },
		{ o->probe.only_v4 && o->probe.only_v6, "-4 and -6 exclude each other" },
		{ o->interface_count && !o->write, "-i says where --capture FILE records" },
		{ o->rounds && !o->every, "--count goes with --every" },
		{ o->every && o->write, "--capture records one round: it does not go with --every" },
		{ o->every && o->nagios, "--nagios is one answer: it does not go with --every" },
		{ o->metrics && publish_is_port(o->metrics) && !o->every,
		  "metrics on a port go with --every; without it name a file" },
		{ o->metrics && is_no_place(o->metrics),
		  "--metrics: an address and a port such as 127.0.0.1:9817, or a file, is wanted" },
		{ o->proxy_user[0] && o->proxy_user_file, "-U and --proxy-user-file exclude each other" },
		{ o->server_user[0] && o->server_user_file, "-u and --user-file exclude each other" },
		{ !o->probe.certificate && o->probe.key, "--key goes with --cert" },
	};

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].broken)
			return fault_set(f, FAULT_USAGE, "probe: %s", rules[i].says);
	return outputs_fit(o, f);
}

/* The first line of a file, so that no list of processes shows it. */
static bool read_login(const char *path, char login[static LOGIN_MAX], struct fault *f)
{
	FILE *in = fopen(path, "r");
	char *line = in ? fgets(login, LOGIN_MAX, in) : NULL;

	if (!in)
		return fault_set(f, FAULT_INPUT, "%s: cannot be read: %s", path, strerror(errno));
	fclose(in);
	if (line)
		login[strcspn(login, "\r\n")] = '\0';
	return (line && strchr(login, ':')) ||
	       fault_set(f, FAULT_INPUT, "%s: its first line is no USER:PASSWORD", path);
}

/* A file that libssl cannot use would be told as the server's fault. */
static bool holds(const char *path, const char *what, struct fault *f)
{
	FILE *in = path ? fopen(path, "r") : NULL;
	char line[256];
	bool found = !path;

	if (path && !in)
		return fault_set(f, FAULT_INPUT, "%s: cannot be read: %s", path, strerror(errno));
	while (in && !found && fgets(line, sizeof line, in))
		found = !strncmp(line, "-----BEGIN ", 11) && strstr(line, what);
	if (in)
		fclose(in);
	return found || fault_set(f, FAULT_INPUT, "%s: there is no %s in it (PEM)", path, what);
}

static bool has_files(const struct probe_options *o, struct fault *f)
{
	const char *key = o->key ? o->key : o->certificate;

	return holds(o->authorities, "CERTIFICATE", f) && holds(o->certificate, "CERTIFICATE", f) &&
	       holds(key, "PRIVATE KEY", f);
}

static const char *given(const char *typed, const char *read)
{
	return typed[0] ? typed : read[0] ? read : NULL;
}

static bool want(struct session *s, struct fault *f)
{
	const struct options *o = s->options;

	if ((o->proxy_user_file && !read_login(o->proxy_user_file, s->proxy_user, f)) ||
	    (o->server_user_file && !read_login(o->server_user_file, s->server_user, f)) ||
	    !has_files(&o->probe, f))
		return false;
	s->wants = o->probe;
	s->wants.targets = o->files;
	s->wants.target_count = o->file_count;
	s->wants.proxies = o->proxies;
	s->wants.proxy_count = o->proxy_count;
	s->wants.resolve = o->resolves;
	s->wants.resolve_count = o->resolve_count;
	s->wants.proxy_user = given(o->proxy_user, s->proxy_user);
	s->wants.server_user = given(o->server_user, s->server_user);
	s->wants.parallel = (unsigned)o->parallel;
	s->wants.version = VERSION;
	s->wants.keeps_tape = true;     /* of a capture its secrets are read */
	s->wants.decoder = &bodies_decoder;
	return true;
}

/* ---- the plan ---- */

static void print_plan(const struct probe *probe)
{
	static const struct report_style style = { .width = 100 };
	struct page p = { stdout, &style, 0 };
	char label[CHECK_LABEL], way[CHECK_WAY], last[CHECK_WAY] = "";

	for (size_t i = 0; i < probe_count(probe); i++) {
		const struct check *c = probe_check(probe, i);

		if (strcmp(check_way(c, way), last) != 0) {
			page_put(&p, INK_PLAIN, way);
			page_line(&p);
			memcpy(last, way, sizeof last);
		}
		page_putf(&p, INK_PLAIN, "  %s", check_label(c, label));
		page_tab(&p, 34);
		page_wrap(&p, 34, probe_sends(probe, i));
	}
}

/* ---- rounds ---- */

static void progress(void *self, const struct check *check)
{
	struct session *s = self;

	(void)check;
	s->ended++;
	if (s->shows_progress)
		fprintf(stderr, "\r%zu of %zu checks\033[K", s->ended, s->planned);
}

static bool wants_progress(const struct options *o)
{
	if (o->progress == WHEN_AUTO)
		return !o->quiet && !o->nagios && !o->every && isatty(STDERR_FILENO);
	return o->progress == WHEN_ALWAYS;
}

static struct probed_options round_options(struct session *s)
{
	const struct options *o = s->options;
	struct probed_options wants = { .probe = &s->wants, .capture = o->write };

	wants.ended = progress;
	wants.self = s;
	wants.device = o->interface_count ? o->interfaces[0] : "any";
	if (o->write)
		wants.listener = outputs_listener(&s->outputs);
	return wants;
}

static int status_of(const struct session *s, const struct probed *p)
{
	if (s->options->nagios)
		return (int)nagios_status(&p->report);
	if (p->report.interrupted || checks_cut(&p->report))
		return STATUS_PARTIAL;
	return probed_fails(p, s->options->fail_on) ? STATUS_FINDINGS : STATUS_GOOD;
}

/* The first round is told whole, later ones by what changed. */
static bool tell(struct session *s, struct probed *p, struct fault *f)
{
	bool good = true;

	if (!s->rounds++)
		outputs_write(&s->outputs, &p->report);
	if (!rounds_tell(&s->changes, &p->report, &s->outputs))
		good = fault_set(f, FAULT_MEMORY, "out of memory");
	if (s->options->nagios)
		report_nagios(stdout, &p->report);
	outputs_flush(&s->outputs);
	if (s->publish && !publish_report(s->publish, &p->report, s->rounds, f))
		good = false;
	return good;
}

static bool run_round(struct session *s, struct probed *p, struct fault *f)
{
	bool good;

	s->ended = 0;
	s->planned = probe_count(p->probe);
	probing = p->probe;
	if (stopped)
		probe_stop(p->probe);
	good = probed_run(p, f);
	probing = NULL;
	if (s->shows_progress)
		fputs("\r\033[K", stderr);
	return good;
}

static bool one_round(struct session *s)
{
	struct probed_options wants = round_options(s);
	struct fault f = { 0 };
	struct probed p;
	bool good = probed_open(&p, &wants, &f);

	if (good && s->options->plan) {
		print_plan(p.probe);
		probed_close(&p);
		return true;
	}
	good = good && run_round(s, &p, &f);
	/* Of a later round that is cut short nothing is news. */
	if (good && stopped && s->rounds) {
		probed_close(&p);
		return true;
	}
	if (good) {
		p.report.interrupted = stopped != 0;
		good = probed_judge(&p, &f);
	}
	if (good || f.kind == FAULT_CUT) {
		s->status = status_of(s, &p);
		if (f.kind == FAULT_CUT)
			session_fault(s, &f);
		good = tell(s, &p, &f);
	}
	probed_close(&p);
	return good || session_fault(s, &f);
}

/* Signals wait while nobody does, so that none comes between a look at `stopped` and the sleep. */
static void wait_until(int64_t due)
{
	sigset_t stops;

	sigemptyset(&stops);
	for (size_t i = 0; i < sizeof stop_signals / sizeof *stop_signals; i++)
		sigaddset(&stops, stop_signals[i]);
	sigprocmask(SIG_BLOCK, &stops, NULL);
	while (!stopped && clock_monotonic() < due) {
		int64_t left = due - clock_monotonic();
		struct timespec wait = { left > 0 ? left / MOMENT_S : 0, left > 0 ? left % MOMENT_S : 0 };

		if (sigtimedwait(&stops, NULL, &wait) > 0)
			stopped = 1;
	}
	sigprocmask(SIG_UNBLOCK, &stops, NULL);
}

static void all_rounds(struct session *s)
{
	const struct options *o = s->options;
	int64_t due = clock_monotonic();

	for (;;) {
		bool good = one_round(s);

		if (!o->every || o->plan || stopped || (o->rounds && s->rounds >= o->rounds))
			return;
		/* What never worked will not begin to; later on it goes on. */
		if (!good && !s->rounds)
			return;
		due = due + o->every > clock_monotonic() ? due + o->every : clock_monotonic();
		wait_until(due);
		if (stopped)
			return;
	}
}

static bool open_metrics(struct session *s, struct fault *f)
{
	s->publish = publish_open(s->options->metrics, f);
	return s->publish && publish_start(s->publish, f);
}

int cmd_probe(const struct options *o)
{
	/* Where a plugin speaks, nothing else is said unless it goes elsewhere. */
	struct options own = *o;
	struct session s = { .options = &own, .shows_progress = wants_progress(o) };
	struct fault f = { 0 };

	if (o->nagios && o->output_count == 1 && !o->outputs[0].path && o->outputs[0].format == OUTPUT_TEXT)
		own.output_count = 0;
	s.outputs.options = &own;
	if (!is_sensible(&own, &f) || !want(&s, &f) ||
	    (!o->plan && !outputs_open(&s.outputs, &own, NULL, &f)) ||
	    (!o->plan && o->metrics && !open_metrics(&s, &f))) {
		session_fault(&s, &f);
	} else {
		stop_on_signals();
		all_rounds(&s);
	}
	publish_close(s.publish);
	rounds_release(&s.changes);
	if (!outputs_close(&s.outputs, &f))
		session_fault(&s, &f);
	explicit_bzero(s.proxy_user, sizeof s.proxy_user);
	explicit_bzero(s.server_user, sizeof s.server_user);
	return s.status;
}
