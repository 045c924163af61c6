/* cli/veiled.c - readings of a run under a veil, and what is said of them. */
#include "cli/veiled.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/leaks.h"
#include "cli/sameness.h"
#include "cli/veilkey.h"
#include "veil/veil.h"

enum { VALUE_MAX = 1024, NAME_LEN = 32 };

struct veiled {
	struct again *again;            /* borrowed */
	struct veil *veil;
	struct engine *first;           /* that owns the run's keys */
	struct options *options;        /* the user's, under the veil; texts of it: */
	char *sups[SUPS_MAX];
	char (*names)[NAME_LEN];        /* of the files */
	const char **files;
	struct sameness same;
	size_t memory;                  /* of the check at the end */
	struct leaks *leaks;            /* NULL until the copy is read, and once it was */
	bool reads_copy;                /* for the first time */
	bool torn;                      /* out of memory between readings */
};

static void pass(void *self, struct frame *frame)
{
	struct veiled *v = self;

	if (v->torn)
		frame->bytes = frame->options = frame->comment = (struct span){ NULL, 0 };
	else
		veil_pass(v->veil, frame);
	if (v->reads_copy)
		leaks_frame(v->leaks, frame);
}

/* Whoever reads once more begins a reading of the veil; without memory nothing is shown. */
static void begins(void *self)
{
	struct veiled *v = self;

	v->reads_copy = false;
	v->torn = !veil_turn(v->veil);
}

/* Files are not to be called after whom they are of. */
static bool name_files(struct veiled *v, size_t count)
{
	v->names = calloc(count + 1, sizeof *v->names);
	v->files = calloc(count + 1, sizeof *v->files);
	for (size_t i = 0; v->names && v->files && i < count; i++) {
		snprintf(v->names[i], NAME_LEN, "capture-%zu", i + 1);
		v->files[i] = v->names[i];
	}
	return v->names && v->files;
}

/* An engine for the reading at hand in the place of the run's. */
static bool change_engine(struct run *r, struct engine *keeps, struct fact_sink listener)
{
	struct engine *next;

	if (r->engine != keeps) {
		engine_free(r->engine);
		r->engine = keeps;
	}
	next = run_engine(r, listener);
	if (next)
		r->engine = next;
	return next;
}

struct veiled *veiled_open(struct run *r, struct again *again, struct fault *f)
{
	struct veiled *v = calloc(1, sizeof *v);
	struct veil_options o = { .memory = r->shares.engine / 2, .keys = engine_keys(r->engine) };

	if (!v) {
		fault_set(f, FAULT_MEMORY, "out of memory");
		return NULL;
	}
	v->again = again;
	v->first = r->engine;
	o.steady = r->options->pseudonym_key;
	if (!veilkey_read(r->options->pseudonym_key, o.key, f)) {
		veiled_free(v);
		return NULL;
	}
	r->shares.engine -= o.memory;
	v->memory = o.memory / 4;
	o.memory -= v->memory;
	v->veil = veil_new(&o);
	veilkey_wipe(o.key);
	if (v->veil && name_files(v, r->options->file_count) &&
	    change_engine(r, v->first, veil_listener(v->veil))) {
		again->veil = (struct source_veil){ v, pass };
		return v;
	}
	fault_set(f, FAULT_MEMORY, "out of memory");
	veiled_free(v);
	return NULL;
}

void veiled_free(struct veiled *v)
{
	if (!v)
		return;
	leaks_free(v->leaks);
	veil_free(v->veil);
	for (size_t i = 0; i < SUPS_MAX; i++)
		free(v->sups[i]);
	free(v->names);
	free(v->files);
	free(v->options);
	sameness_release(&v->same);
	if (v->again) {
		v->again->veil = (struct source_veil){ NULL, NULL };
		v->again->names = NULL;
		v->again->secrets = span_of(NULL, 0);
		v->again->begins = NULL;
	}
	free(v);
}

/* ---- what the user said ---- */

static void put_sup(struct names *n, const char *sup, char *to)
{
	struct span text = span_text(sup);

	if (span_find(text, SPAN("://")) != SIZE_MAX)
		names_url(n, text, (uint8_t *)to);
	else
		names_host(n, text, (uint8_t *)to);
}

/* Update points that the user names are among what is learned. */
static bool learn_sups(struct veiled *v, const struct options *o)
{
	for (size_t i = 0; i < o->sup_count; i++) {
		v->sups[i] = strdup(o->sups[i]);
		if (!v->sups[i])
			return false;
		put_sup(veil_names(v->veil), o->sups[i], v->sups[i]);
	}
	return true;
}

/* Names that are sealed give the same words to options as to packets. */
static bool veil_options(struct veiled *v, struct run *r)
{
	struct names *n = veil_names(v->veil);

	v->options = malloc(sizeof *v->options);
	if (!v->options)
		return false;
	memcpy(v->options, r->options, sizeof *v->options);
	for (size_t i = 0; i < v->options->sup_count; i++) {
		put_sup(n, r->options->sups[i], v->sups[i]);
		v->options->sups[i] = v->sups[i];
	}
	for (size_t i = 0; i < r->clients.count; i++)
		r->clients.at[i].addr = names_addr(n, &r->clients.at[i].addr);
	v->options->files = v->files;
	r->options = v->options;
	return true;
}

/* ---- readings ---- */

static bool read_again(struct veiled *v, struct run *r, struct fault *f)
{
	source_close(r->source);
	r->source = again_source(v->again, f);
	return r->source;
}

/* What was wrong with the files has been told by the first reading. */
static void decide(struct run *r)
{
	struct frame frame;
	struct fault f;

	while (source_next(r->source, &frame, &f) != SOURCE_END)
		continue;
}

/* What the findings of the capture itself were; nothing of it is reported. */
static bool judge_first(struct veiled *v, struct run *r)
{
	struct report report;
	bool good = run_judge(r, run_ended(r), &report) && sameness_keep(&v->same, report.findings);

	free(r->told);
	r->told = NULL;
	return good;
}

static bool prepare(struct veiled *v, struct run *r)
{
	if (!judge_first(v, r) || !learn_sups(v, r->options) || !veil_turn(v->veil))
		return false;
	sameness_veil(&v->same, veil_names(v->veil));
	return true;
}

static bool change(struct veiled *v, struct run *r)
{
	struct span secrets = veil_secrets(v->veil);

	if (!veil_turn(v->veil) || !veil_options(v, r))
		return false;
	if (!change_engine(r, v->first, outputs_listener(&r->outputs)))
		return false;
	v->leaks = leaks_new(v->veil, &r->outputs, engine_keys(r->engine), v->memory);
	v->reads_copy = v->leaks;
	if (!v->leaks)
		return false;
	if (secrets.len) {
		tlskeys_log(engine_keys(r->engine), secrets);
		tlskeys_log_end(engine_keys(r->engine));
	}
	return true;
}

bool veiled_learned(struct veiled *v, struct run *r, struct fault *f)
{
	if (!prepare(v, r))
		return fault_set(f, FAULT_MEMORY, "out of memory: the capture gets no pseudonyms");
	if (!read_again(v, r, f))
		return false;
	decide(r);
	if (!change(v, r))
		return fault_set(f, FAULT_MEMORY, "out of memory: the capture gets no pseudonyms");
	v->again->names = v->files;
	v->again->secrets = veil_secrets(v->veil);
	if (!read_again(v, r, f))
		return false;
	v->again->begins = begins;
	return true;
}

/* ---- words ---- */

static void tell_replaced(const struct veiled *v)
{
	static const char *const words[NAME_KIND_COUNT][2] = {
#define X(symbol, one, many) { one, many },
		NAME_KINDS(X)
#undef X
	};
	struct names *n = veil_names(v->veil);
	bool any = false;

	for (enum name_kind i = 0; i < NAME_KIND_COUNT; i++) {
		uint64_t count = names_of_kind(n, i);

		if (!count)
			continue;
		fprintf(stderr, "%s%" PRIu64 " %s", any ? ", " : "wsuscope: pseudonyms stand for ", count,
		        words[i][count != 1]);
		any = true;
	}
	fputs(any ? "\n" : "wsuscope: nothing was found that needs a pseudonym\n", stderr);
}

static void partial(struct run *r)
{
	if (r->status < STATUS_PARTIAL)
		r->status = STATUS_PARTIAL;
}

void veiled_tell(struct veiled *v, struct run *r)
{
	uint64_t blanked = veil_blanked(v->veil);

	if (!r->options->quiet)
		tell_replaced(v);
	if (v->torn) {
		fputs("wsuscope: out of memory: what was written of packets is empty in part\n", stderr);
		partial(r);
	}
	if (blanked && !r->options->quiet)
		fprintf(stderr,
		        "wsuscope: %" PRIu64 " parts of streams could not be rewritten, and were blanked\n",
		        blanked);
	if (!sameness_tell(&v->same, engine_findings(r->engine)))
		partial(r);
	if (!leaks_tell(v->leaks, r->options->reveal))
		partial(r);
}
