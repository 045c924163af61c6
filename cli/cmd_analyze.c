/* cli/cmd_analyze.c - wsuscope analyze FILE... */
#include <signal.h>
#include <string.h>

#include "cli/run.h"
#include "cli/slices.h"
#include "cli/veiled.h"
#include "guard/guard.h"

/* Sections of pcapng may bring secrets along. */
static bool may_hold_keys(const struct source *s)
{
	for (size_t i = 0; i < source_count(s); i++)
		if (!strncmp(source_info(s, i)->format, "pcapng", strlen("pcapng")))
			return true;
	return false;
}

/* What is read more than once, and what is written then. */
struct later {
	bool wanted;
	struct again again;
	struct keeper *keeper;          /* NULL: no file is still without a name */
	struct slices *slices;          /* NULL: none */
	struct veiled *veiled;          /* NULL: no pseudonyms */
};

static bool open_later(struct later *l, struct run *r, struct fault *f)
{
	const struct options *o = r->options;

	l->wanted = slices_wanted(o) || o->pseudonyms;
	if (!l->wanted)
		return true;
	signal(SIGXFSZ, SIG_IGN);       /* a file may be no larger (ulimit -f): writing tells it */
	if (o->per_finding && !(l->keeper = keeper_new()))
		return fault_set(f, FAULT_MEMORY, "out of memory");
	if (!again_open(&l->again, o, f))
		return false;
	if (slices_wanted(o) && !(l->slices = slices_open(o, &l->again, l->keeper, f)))
		return false;
	if (o->pseudonyms)
		l->veiled = veiled_open(r, &l->again, f);
	return l->veiled || !o->pseudonyms;
}

static void close_later(struct later *l)
{
	slices_free(l->slices);
	veiled_free(l->veiled);
	keeper_free(l->keeper);
	if (l->wanted)
		again_close(&l->again);
}

static void write_later(struct later *l, struct run *r, const struct report *report)
{
	struct fault f;

	if (l->slices && !slices_write(l->slices, r, report, &f))
		run_fault(r, &f);
	if (l->veiled)
		veiled_tell(l->veiled, r);
}

/* All is open: what reads packets needs no file, no network and no program.  Of many files some are opened
 * again. */
static bool lock_in(struct run *r, struct keeper *keeper)
{
	const struct options *o = r->options;
	const struct guard_options guard = {
		.stays = true, .reads = o->files, .read_count = source_reopens(r->source) ? o->file_count : 0,
		.keeps = keeper != NULL,
	};
	struct fault f;

	if (!o->no_sandbox) {
		tlskeys_prepare(engine_keys(r->engine), may_hold_keys(r->source));
		if ((keeper && !keeper_start(keeper, &f)) || !guard_drop(&guard, &f) ||
		    !guard_seal(&guard, r->lacking, &f)) {
			run_fault(r, &f);
			return false;
		}
	}
	run_sealed(r);
	return true;
}

static struct source *open_files(struct later *l, const struct options *o, struct fault *f)
{
	return l->wanted ? again_source(&l->again, f) : source_open(o->files, o->file_count, o->filter, f);
}

/* False: the fault has been told. */
static bool read_through(struct later *l, struct run *r)
{
	struct fault f;

	run_read(r);
	if (!l->veiled)
		return true;
	if (!veiled_learned(l->veiled, r, &f)) {
		run_fault(r, &f);
		return false;
	}
	run_read(r);
	return true;
}

int cmd_analyze(const struct options *o)
{
	struct later later = { .wanted = false };
	struct fault f = { 0 };
	struct report report;
	struct run r;
	int status;

	if (!o->file_count) {
		fault_set(&f, FAULT_USAGE, "analyze: name one capture file or more, or - for standard input");
		return command_fault(&f);
	}
	if (!run_open(&r, o, NULL))
		return run_close(&r);
	if (!open_later(&later, &r, &f)) {
		run_fault(&r, &f);
	} else if (run_files(&r, open_files(&later, o, &f), &f) && lock_in(&r, later.keeper)) {
		if (read_through(&later, &r) && run_end(&r, run_ended(&r), &report)) {
			run_write(&r, &report);
			write_later(&later, &r, &report);
		}
	}
	status = run_close(&r);
	close_later(&later);
	return status;
}
