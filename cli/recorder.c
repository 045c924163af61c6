/* cli/recorder.c - a child that captures into a file until it is told to stop. */
#include "cli/recorder.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/source.h"
#include "capture/writer.h"

/* ---- the child ---- */

/* A handler has no argument: the one source that a signal may stop. */
static struct source *volatile recording;

static void on_signal(int number)
{
	(void)number;
	if (recording)
		source_stop(recording);
}

/* Ctrl-C is for the probe, which then tells this process; one that is gone does so, too. */
static void mind_signals(struct source *s, pid_t parent)
{
	struct sigaction stop = { .sa_handler = on_signal }, ignore = { .sa_handler = SIG_IGN };

	recording = s;
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGTERM, &stop, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		source_stop(s);
}

static void tell_losses(struct writer *w, const struct source_info *in)
{
	writer_lost(w, 0, &(struct recording_losses){ .kernel = in->dropped_kernel,
	                                             .interface = in->dropped_interface,
	                                             .ours = in->dropped_ours });
}

static bool copy(struct source *s, struct writer *w, struct fault *f)
{
	struct frame frame;

	for (;;) {
		switch (source_next(s, &frame, f)) {
		case SOURCE_FRAME:
			if (!writer_frame(w, &frame, SPAN(""), f))
				return false;
			break;
		case SOURCE_IDLE:
			break;
		case SOURCE_FAULT:
			return false;
		case SOURCE_END:
			tell_losses(w, source_info(s, 0));
			return true;
		}
	}
}

/* A fault is told as it is, readiness as one without a kind. */
static void tell(int words, const struct fault *f)
{
	ssize_t told = write(words, f, sizeof *f);

	(void)told;     /* nobody listens any more */
}

static bool record(const struct source_live_options *options, const char *file, int words, pid_t parent,
                   struct fault *f)
{
	struct source *s = source_live(options, f);
	struct writer *w = s ? writer_open(file, WRITER_PCAPNG, f) : NULL;
	bool good = false;

	if (w) {
		mind_signals(s, parent);
		tell(words, &(struct fault){ 0 });
		good = copy(s, w, f);
		good = writer_close(w, f) && good;
	}
	source_close(s);
	return good;
}

/* ---- the parent ---- */

static bool hear(const struct recorder *r, struct fault *f)
{
	ssize_t len;

	do
		len = read(r->words, f, sizeof *f);
	while (len < 0 && errno == EINTR);
	if (len == (ssize_t)sizeof *f)
		return f->kind == FAULT_NONE;
	return fault_set(f, FAULT_INPUT, "recording packets ended before its time");
}

static void wait_for(struct recorder *r)
{
	while (waitpid(r->process, NULL, 0) < 0 && errno == EINTR)
		;
	close(r->words);
	r->process = 0;
}

bool recorder_start(struct recorder *r, const char *device, const char *filter, const char *file,
                    struct fault *f)
{
	const struct source_live_options options = { .devices = &device, .device_count = 1,
	                                             .filter = filter };
	pid_t parent = getpid();
	int ends[2];

	*r = (struct recorder){ 0 };
	if (pipe(ends) < 0)
		return fault_set(f, FAULT_INPUT, "recording packets: %s", strerror(errno));
	r->process = fork();
	if (!r->process) {
		close(ends[0]);
		if (!record(&options, file, ends[1], parent, f))
			tell(ends[1], f);
		else
			tell(ends[1], &(struct fault){ 0 });
		_exit(0);
	}
	close(ends[1]);
	r->words = ends[0];
	if (r->process < 0) {
		close(ends[0]);
		r->process = 0;
		return fault_set(f, FAULT_INPUT, "recording packets: %s", strerror(errno));
	}
	if (hear(r, f))
		return true;
	wait_for(r);
	return false;
}

bool recorder_stop(struct recorder *r, struct fault *f)
{
	bool good;

	if (!r->process)
		return true;
	kill(r->process, SIGTERM);
	good = hear(r, f);
	wait_for(r);
	return good;
}
