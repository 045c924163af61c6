/* cli/cmd_compare.c - wsuscope compare BEFORE AFTER: two captures, or JSON reports of them. */
#include <stdlib.h>

#include "capture/bytes.h"
#include "cli/run.h"
#include "cli/sametime.h"
#include "guard/guard.h"
#include "report/compare.h"

enum { FIRST_BYTES = 64 };

struct given {                           /* of two */
	const char *name;
	struct options options;         /* the command's, for this file alone, and without an output */
	struct run run;
	bool is_report;
	struct buf json;                /* the report, given or made */
	struct compare_side read;
};

/* ---- a report that is given ---- */

/* Reads on through gzip and Zstandard.  False: the fault tells. */
static bool unpack(struct bytes *b, struct fault *f)
{
	if (!bytes_need(b, 4))
		return true;
	if (span_starts(b->left, SPAN("\x1f\x8b")))
		return bytes_gunzip(b, f);
	return !span_starts(b->left, SPAN("\x28\xb5\x2f\xfd")) || bytes_unzstd(b, f);
}

/* No capture begins with a brace. */
static bool begins_as_json(struct bytes *b)
{
	struct span start;

	bytes_need(b, FIRST_BYTES);
	start = b->left;
	if (span_starts(start, SPAN("\xef\xbb\xbf")))
		span_take(&start, 3);
	start = span_trim(start);
	return start.len && start.at[0] == '{';
}

static bool read_json(struct given *s, struct bytes *b, struct fault *f)
{
	if (span_starts(b->left, SPAN("\xef\xbb\xbf")))
		bytes_eat(b, 3);
	while (bytes_need(b, 1))
		if (!buf_add(&s->json, bytes_eat(b, b->left.len)))
			return fault_set(f, FAULT_INPUT, "%s: a report of more than %d MB is not read",
			                 s->name, COMPARE_JSON_MAX >> 20);
	if (b->fault.kind != FAULT_NONE)
		*f = b->fault;
	return b->fault.kind == FAULT_NONE;
}

/* Looks what it is, and reads it where it is a report.  What stands on standard input is a capture. */
static bool look(struct given *s, struct fault *f)
{
	struct bytes b;
	uint64_t size;
	bool good;

	if (!strcmp(s->name, "-"))
		return true;
	if (!bytes_open(&b, s->name, &size, f))
		return false;
	good = unpack(&b, f);
	s->is_report = good && begins_as_json(&b);
	if (s->is_report)
		good = read_json(s, &b, f);
	bytes_close(&b);
	return good;
}

/* ---- a capture ---- */

/* False: the run has said why. */
static bool open_capture(struct given *s)
{
	struct fault f = { 0 };

	return run_open(&s->run, &s->options, NULL) &&
	       run_files(&s->run, source_open(s->options.files, 1, s->options.filter, &f), &f);
}

/* What both sides are read from is a report, so there is one way to read. */
static bool make_json(struct given *s, struct fault *f)
{
	const struct report_style style = { .reveal = s->options.reveal };
	struct report report;
	char *text = NULL;
	size_t len = 0;
	FILE *out;
	bool good;

	run_read(&s->run);
	if (!run_end(&s->run, run_ended(&s->run), &report))
		return false;
	out = open_memstream(&text, &len);
	good = out && report_json(out, &report, &style);
	if (out)
		fclose(out);
	good = good && buf_add(&s->json, span_of(text, len));
	free(text);
	return good || fault_set(f, FAULT_MEMORY, "%s: out of memory", s->name);
}

static bool read_side(struct given *s, struct fault *f)
{
	bool good = (s->is_report || make_json(s, f)) &&
	            compare_read(&s->read, s->name, buf_span(&s->json), f);

	buf_release(&s->json);
	return good;
}

/* ---- both ---- */

static void begin(struct given *s, const struct options *o, size_t i)
{
	s->name = o->files[i];
	s->options = *o;
	s->options.files = &o->files[i];
	s->options.file_count = 1;
	s->options.output_count = 0;
	s->options.memory = o->memory / 2;
	buf_init(&s->json, COMPARE_JSON_MAX);
}

static int close_side(struct given *s)
{
	int status = s->run.options ? run_close(&s->run) : STATUS_GOOD;

	buf_release(&s->json);
	compare_release(&s->read);
	return status;
}

/* All is open: what reads packets and documents needs no file, no network and no program. */
static bool lock_in(struct given sides[static 2], struct fault *f)
{
	const struct guard_options guard = { .stays = true };
	char lacking[sizeof sides->run.lacking];

	for (size_t i = 0; i < 2; i++)
		if (!sides[i].is_report)
			tlskeys_prepare(engine_keys(sides[i].run.engine), true);
	if (sides[0].options.no_sandbox)
		return true;
	if (!guard_drop(&guard, f) || !guard_seal(&guard, lacking, f))
		return false;
	if (lacking[0] && !sides[0].options.quiet)
		fprintf(stderr, "wsuscope: the sandbox is not whole: this kernel has no %s\n", lacking);
	return true;
}

static bool write_comparison(struct outputs *out, struct given sides[static 2], const struct options *o,
                             bool *fails, struct fault *f)
{
	struct comparison c;

	if (!compare_make(&c, &sides[0].read, &sides[1].read)) {
		compare_end(&c);
		return fault_set(f, FAULT_MEMORY, "out of memory");
	}
	for (size_t i = 0; i < o->output_count; i++) {
		FILE *to = out->outlets[i].stream;

		if (o->outputs[i].format == OUTPUT_JSON)
			compare_json(to, &c, &out->style);
		else if (o->outputs[i].format == OUTPUT_MARKDOWN)
			compare_markdown(to, &c, &out->style);
		else
			compare_text(to, &c, &out->style);
	}
	*fails = compare_fails(&c, o->fail_on);
	compare_end(&c);
	return true;
}

static bool fits(const struct options *o, struct fault *f)
{
	if (o->file_count != 2)
		return fault_set(f, FAULT_USAGE,
		                 "compare: name two captures or JSON reports, BEFORE and AFTER");
	for (size_t i = 0; i < o->output_count; i++)
		if (o->outputs[i].format != OUTPUT_TEXT && o->outputs[i].format != OUTPUT_JSON &&
		    o->outputs[i].format != OUTPUT_MARKDOWN)
			return fault_set(f, FAULT_USAGE, "compare -o: there are text, json and markdown");
	return true;
}

static bool compare(struct given sides[static 2], const struct options *o, bool *fails, struct fault *f)
{
	struct outputs out;
	bool good;

	for (size_t i = 0; i < 2; i++) {
		begin(&sides[i], o, i);
		if (!look(&sides[i], f) || (!sides[i].is_report && !open_capture(&sides[i])))
			return false;
	}
	good = outputs_open(&out, o, NULL, f) && lock_in(sides, f) && read_side(&sides[0], f) &&
	       read_side(&sides[1], f) && write_comparison(&out, sides, o, fails, f);
	return outputs_close(&out, f) && good;
}

int cmd_compare(const struct options *o)
{
	struct fault f = { 0 };
	struct given *sides;
	int status = STATUS_GOOD;
	bool fails = false;

	if (o->same_time)
		return compare_same_time(o);
	if (!fits(o, &f))
		return command_fault(&f);
	sides = calloc(2, sizeof *sides);
	if (!sides) {
		fault_set(&f, FAULT_MEMORY, "out of memory");
		return command_fault(&f);
	}
	/* What a run could not do, it has said itself. */
	if (!compare(sides, o, &fails, &f) && f.kind != FAULT_NONE)
		status = command_fault(&f);
	for (size_t i = 0; i < 2; i++) {
		int own = close_side(&sides[i]);

		status = own > status ? own : status;
	}
	free(sides);
	return status == STATUS_GOOD && fails ? STATUS_FINDINGS : status;
}
