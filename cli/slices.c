/* cli/slices.c - files of packets, what is said in them, and of them. */
#include "cli/slices.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/tongue.h"
#include "capture/copier.h"
#include "cli/chosen.h"
#include "report/evidence.h"

enum { REASONS_MAX = 12, HEAD_MAX = 4, FILES_AT_ONCE = 64 };

/* A file that is written in one reading. */
struct slice {
	struct copier *copier;
	const struct finding *only;     /* --per-finding; NULL: of all */
	bool all;                       /* frames that no finding needs, too */
};

struct slices {
	const struct options *options;
	struct again *again;
	struct keeper *keeper;
	int series;                     /* the keeper's number */
	int files[OUTPUTS_MAX];         /* opened, by the options' outputs; -1: none */
	struct chosen chosen;
	struct slice slices[OUTPUTS_MAX + FILES_AT_ONCE];
	size_t slice_count;             /* of this reading */
	struct fault fault;             /* the first */
};

static bool is_packets(enum output_format format)
{
	return format == OUTPUT_EVIDENCE || format == OUTPUT_ANNOTATED;
}

bool slices_wanted(const struct options *o)
{
	bool wanted = o->per_finding;

	for (size_t i = 0; i < o->output_count; i++)
		wanted |= is_packets(o->outputs[i].format);
	return wanted;
}

static void remember(struct slices *s, const struct fault *f)
{
	if (s->fault.kind == FAULT_NONE)
		s->fault = *f;
}

/* ---- opening ---- */

static bool is_standard(const struct output *want)
{
	return !want->path || !strcmp(want->path, "-");
}

static const char *name_of(const struct output *want)
{
	return is_standard(want) ? "standard output" : want->path;
}

static bool open_named(struct slices *s, size_t i, struct fault *f)
{
	const char *path = s->options->outputs[i].path;
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	s->files[i] = fd;
	if (fd >= 0 && (!ftruncate(fd, 0) || errno == EINVAL))
		return true;
	return fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
}

static bool open_one(struct slices *s, size_t i, struct fault *f)
{
	const struct output *want = &s->options->outputs[i];

	if (!is_packets(want->format))
		return true;
	if (!is_standard(want))
		return open_named(s, i, f);
	if (isatty(STDOUT_FILENO))
		return fault_set(f, FAULT_USAGE, "packets are not for a terminal: name a file, -o %s=FILE",
		                 want->format == OUTPUT_EVIDENCE ? "evidence" : "annotated");
	s->files[i] = STDOUT_FILENO;
	return true;
}

/* Files are named after findings, and made when these are known. */
static bool open_folder(struct slices *s, struct fault *f)
{
	const char *folder = s->options->per_finding;
	char path[4096];

	if (!folder)
		return true;
	if (mkdir(folder, 0777) && errno != EEXIST)
		return fault_set(f, FAULT_OUTPUT, "%s: cannot be made: %s", folder, strerror(errno));
	if (snprintf(path, sizeof path, "%s/.pcapng", folder) >= (int)sizeof path)
		return fault_set(f, FAULT_USAGE, "%s: too long a name", folder);
	s->series = keeper_allow(s->keeper, KEEPER_FOLDER, path, false);
	return s->series >= 0 || fault_set(f, FAULT_MEMORY, "out of memory");
}

struct slices *slices_open(const struct options *o, struct again *again, struct keeper *keeper,
                           struct fault *f)
{
	struct slices *s = calloc(1, sizeof *s);
	bool good = true;

	if (!s) {
		fault_set(f, FAULT_MEMORY, "out of memory");
		return NULL;
	}
	s->options = o;
	s->again = again;
	s->keeper = keeper;
	for (size_t i = 0; i < OUTPUTS_MAX; i++)
		s->files[i] = -1;
	for (size_t i = 0; good && i < o->output_count; i++)
		good = open_one(s, i, f);
	if (good && open_folder(s, f))
		return s;
	slices_free(s);
	return NULL;
}

void slices_free(struct slices *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < OUTPUTS_MAX; i++)
		if (s->files[i] >= 0 && s->files[i] != STDOUT_FILENO)
			close(s->files[i]);
	chosen_release(&s->chosen);
	free(s);
}

/* ---- what a file says of itself ---- */

struct head {
	char texts[HEAD_MAX][EVIDENCE_COMMENT];
	struct span lines[HEAD_MAX];
	size_t count;
};

static void head_add(struct head *h, const char *text)
{
	if (h->count == HEAD_MAX)
		return;
	snprintf(h->texts[h->count], EVIDENCE_COMMENT, "%s", text);
	h->lines[h->count] = span_text(h->texts[h->count]);
	h->count++;
}

static const char *file_name(const struct slices *s, size_t i)
{
	const char *name = source_info(s->chosen.source, i)->name, *slash = strrchr(name, '/');

	if (!strcmp(name, "-"))
		return _("standard input");
	return slash ? slash + 1 : name;
}

/* What people and programs wrote about packets is not under a veil, nor are their secrets. */
static bool is_veiled(const struct slices *s)
{
	return s->again->veil.pass != NULL;
}

/* Secrets came with the capture, and are not in the copy. */
static bool lacks_secrets(const struct slices *s)
{
	const struct source *source = s->chosen.run->source;
	uint64_t secrets = 0;

	for (size_t i = 0; i < source_count(source); i++)
		secrets += source_info(source, i)->secrets;
	return secrets && !s->again->secrets.len && (!s->options->reveal || is_veiled(s));
}

static void fill_head(const struct slices *s, const struct slice *slice, struct head *h)
{
	char text[EVIDENCE_COMMENT];

	h->count = 0;
	if (slice->only) {
		evidence_named(slice->only, 0, s->options->reveal, text);
		head_add(h, text);
	} else if (!slice->all) {
		/* TRANSLATORS: the numbers of findings and of packets */
		tongue_say(text, sizeof text,
		           "evidence: findings: %zu, packets: %" PRIu64 "; comments say why each is there",
		           findings_count(s->chosen.report->findings),
		           selection_frames(s->chosen.selection));
		head_add(h, text);
	}
	if (lacks_secrets(s))
		head_add(h, _("TLS secrets of the capture are left out: what was read by them cannot be seen "
		              "here (--reveal keeps them)"));
	if (!slice->all && selection_missing(s->chosen.selection)) {
		tongue_say(text, sizeof text, "by themselves these packets do not give all findings again; "
		           "missing: %zu", selection_missing(s->chosen.selection));
		head_add(h, text);
	}
}

/* ---- what a packet says ---- */

struct comments {
	char texts[REASONS_MAX + 1][EVIDENCE_COMMENT];
	struct span lines[REASONS_MAX + 1];
	size_t count;
};

static const char *why(enum selection_reason reason)
{
	static const char *const texts[] = {
		[SELECTED_NAMED] = NULL,
		[SELECTED_LOOKUP] = N_("the lookup of its server"),
		[SELECTED_FRAGMENT] = N_("a fragment of its packet"),
		[SELECTED_CONNECTION] = N_("of its connection"),
		[SELECTED_AROUND] = N_("around it: without this packet it could not be told"),
	};

	return tongue(texts[reason]);
}

static void comment(struct comments *c, const struct selected *reason, const struct frame *frame, bool reveal)
{
	char *text = c->texts[c->count];
	size_t len = reason->reason == SELECTED_NAMED
	                     ? evidence_named(reason->finding, frame->number, reveal, text)
	                     : evidence_around(reason->finding, why(reason->reason), text);

	c->lines[c->count++] = span_of(text, len);
}

static void add_text(struct comments *c, const char *text)
{
	snprintf(c->texts[c->count], EVIDENCE_COMMENT, "%s", text);
	c->lines[c->count] = span_text(c->texts[c->count]);
	c->count++;
}

/* For one file: only its finding's reasons, and of a whole capture only what findings name. */
static bool fill_comments(const struct slices *s, const struct slice *slice, const struct frame *frame,
                          const struct selected *reasons, size_t count, struct comments *c)
{
	bool wanted = slice->all || (!slice->only && selection_has(s->chosen.selection, frame->number));
	size_t in_file = source_info(s->chosen.source, frame->file)->frames, len;

	c->count = 0;
	for (size_t i = 0; i < count; i++) {
		if ((slice->only && reasons[i].finding != slice->only) ||
		    (slice->all && reasons[i].reason != SELECTED_NAMED))
			continue;
		comment(c, &reasons[i], frame, s->options->reveal);
		wanted = true;
	}
	if (!wanted || slice->all)
		return wanted;
	/* It shows that all went well there, where a finding would be told otherwise. */
	if (!c->count)
		add_text(c, _("no finding names it: without it others would be told"));
	len = evidence_origin(in_file, file_name(s, frame->file), c->texts[c->count]);
	c->lines[c->count] = span_of(c->texts[c->count], len);
	c->count++;
	return true;
}

/* ---- writing ---- */

static void write_frame(void *self, const struct frame *frame)
{
	struct slices *s = self;
	struct selected reasons[REASONS_MAX];
	struct comments comments;
	size_t count = selection_explain(s->chosen.selection, frame, reasons, REASONS_MAX);
	struct fault f;

	for (size_t i = 0; i < s->slice_count; i++) {
		struct slice *slice = &s->slices[i];

		if (fill_comments(s, slice, frame, reasons, count, &comments) &&
		    !copier_frame(slice->copier, source_info(s->chosen.source, frame->file), frame,
		                  comments.lines, comments.count, &f))
			remember(s, &f);
	}
}

static void hear_block(void *self, const struct source_block *b)
{
	struct slices *s = self;

	for (size_t i = 0; i < s->slice_count; i++)
		copier_block(s->slices[i].copier, b);
}

static bool keep_all(void *self, struct span line)
{
	(void)self;
	(void)line;
	return true;
}

static bool keep_chosen(void *self, struct span line)
{
	return hellos_have(&((struct slices *)self)->chosen.hellos, line);
}

static void begin_slice(struct slices *s, int fd, const char *path, const struct finding *only, bool all)
{
	struct slice *slice = &s->slices[s->slice_count];
	struct copier_options options = {
		.texts = !is_veiled(s), .names = all, .secrets = s->again->secrets, .self = s,
	};
	struct head head;
	struct fault f;

	*slice = (struct slice){ .only = only, .all = all };
	fill_head(s, slice, &head);
	options.comments = head.lines;
	options.comment_count = head.count;
	if (s->options->reveal && !is_veiled(s))
		options.keeps = all ? keep_all : keep_chosen;
	slice->copier = copier_begin(fd, path, &options, &f);
	if (slice->copier)
		s->slice_count++;
	else
		remember(s, &f);
}

/* One reading for all that was begun. */
static void write_begun(struct slices *s)
{
	struct fault f;

	if (!s->slice_count)
		return;
	selection_rewind(s->chosen.selection);
	if (!chosen_read(&s->chosen, write_frame, s, (struct source_listener){ s, hear_block }, &f))
		remember(s, &f);
	for (size_t i = 0; i < s->slice_count; i++)
		if (!copier_end(s->slices[i].copier, s->slices[i].all ? MOMENT_NONE : s->chosen.until, &f))
			remember(s, &f);
	s->slice_count = 0;
}

static void begin_outputs(struct slices *s)
{
	for (size_t i = 0; i < s->options->output_count; i++) {
		const struct output *want = &s->options->outputs[i];
		int fd = s->files[i];

		s->files[i] = -1;
		if (fd >= 0)
			begin_slice(s, fd, name_of(want), NULL, want->format == OUTPUT_ANNOTATED);
	}
}

static void write_each(struct slices *s)
{
	const struct findings *findings = s->chosen.report->findings;
	char name[EVIDENCE_NAME];
	struct fault f;

	for (size_t i = 0; i < findings_count(findings); i++) {
		const struct finding *n = findings_at(findings, i);
		int fd;

		if (n->severity < s->options->show_from)
			continue;
		evidence_name(n, name);
		fd = keeper_open(s->keeper, s->series, name, &f);
		if (fd >= 0)
			begin_slice(s, fd, name, n, false);
		else
			remember(s, &f);
		if (s->slice_count == FILES_AT_ONCE)
			write_begun(s);
	}
	write_begun(s);
}

static void tell_missing(const struct slices *s)
{
	const struct selection *chosen = s->chosen.selection;
	const struct findings *findings = s->chosen.report->findings;

	if (s->options->quiet)
		return;
	for (size_t i = 0; selection_missing(chosen) && i < findings_count(findings); i++) {
		const struct finding *n = findings_at(findings, i);

		if (n->severity >= s->options->show_from && !selection_gives(chosen, n))
			fprintf(stderr, "wsuscope: finding %u %s cannot be told from the evidence's packets "
			        "alone\n", n->id, finding_row(n->kind)->kind);
	}
	if (selection_extra(chosen))
		fprintf(stderr, "wsuscope: the evidence alone would give other findings, too (%zu)\n",
		        selection_extra(chosen));
}

bool slices_write(struct slices *s, struct run *r, const struct report *report, struct fault *f)
{
	bool chooses = s->options->per_finding;

	for (size_t i = 0; i < s->options->output_count; i++)
		chooses |= s->options->outputs[i].format == OUTPUT_EVIDENCE;
	chosen_init(&s->chosen, r, s->again, report);
	if (!chosen_fill(&s->chosen, !chooses, f))
		return false;
	if (chooses)
		tell_missing(s);
	begin_outputs(s);
	write_begun(s);
	if (s->options->per_finding)
		write_each(s);
	*f = s->fault;
	return s->fault.kind == FAULT_NONE;
}
