/* cli/sametime.c - reads two captures of the same traffic and tells what lies between. */
#include "cli/sametime.h"

#include <stdio.h>
#include <stdlib.h>

#include "capture/source.h"
#include "cli/command.h"
#include "cli/engine.h"
#include "cli/outputs.h"
#include "cli/progress.h"
#include "decoders/peel.h"
#include "guard/guard.h"
#include "report/points.h"

enum { FRAMES_A_LOOK = 8192, SHARES_OF_POINT = 3, SHARES_OF_ENGINE = 8 };

struct reading {                        /* of one of the captures */
	struct source *source;
	struct engine *engine;
	struct peel *peel;
	struct limits limits;
};

struct comparison {
	const struct options *options;
	struct outputs outputs;
	struct reading readings[2];
	struct twopoint t;
	struct blind blind[2];
	struct troubles troubles;
	int status;
};

static void take_fact(void *self, const struct fact *fact)
{
	point_fact(self, fact);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static bool open_reading(struct comparison *c, enum place at, struct fault *f)
{
	const struct options *o = c->options;
	struct reading *r = &c->readings[at];

	point_init(&c->t.at[at], o->memory / SHARES_OF_POINT);
	r->source = source_open(&o->files[at], 1, o->filter, f);
	if (!r->source)
		return false;
	r->peel = peel_new(&r->limits);
	r->engine = engine_new(&(struct engine_options){
		.relevance.all = true, .memory = o->memory / SHARES_OF_ENGINE,
		.listener = { &c->t.at[at], take_fact },
	});
	if (!r->peel || !r->engine)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	tlskeys_prepare(engine_keys(r->engine), false);
	return true;
}

static void close_reading(struct reading *r)
{
	engine_free(r->engine);
	peel_free(r->peel);
	source_close(r->source);
}

static bool lock_in(const struct comparison *c, struct fault *f)
{
	const struct guard_options guard = { .stays = true };
	char lacking[200];

	return c->options->no_sandbox || (guard_drop(&guard, f) && guard_seal(&guard, lacking, f));
}

static void note_fault(struct comparison *c, const struct fault *f)
{
	int status = command_fault(f);

	if (status > c->status)
		c->status = status;
}

static void take_frame(struct reading *r, struct point *point, const struct frame *frame)
{
	struct packet packet;

	if (peel_frame(r->peel, frame, &packet))
		point_packet(point, &packet);
	engine_frame(r->engine, frame);
}

static void read_all(struct comparison *c, enum place at)
{
	struct progress progress = progress_start(c->options);
	struct reading *r = &c->readings[at];
	struct frame frame;
	struct fault f;
	uint64_t frames = 0;

	for (;;) {
		switch (source_next(r->source, &frame, &f)) {
		case SOURCE_FRAME:
			take_frame(r, &c->t.at[at], &frame);
			if (++frames % FRAMES_A_LOOK == 0)
				progress_show(&progress, r->source, frames);
			break;
		case SOURCE_FAULT:
			progress_end(&progress);
			note_fault(c, &f);
			break;
		case SOURCE_IDLE:
			break;
		case SOURCE_END:
			progress_end(&progress);
			engine_end(r->engine);
			return;
		}
	}
}

/* What each capture could not see; after the join, which may have found them the other way round. */
static void tell_blind(struct comparison *c)
{
	for (unsigned at = NEAR; at <= FAR; at++) {
		unsigned given = c->t.swapped ? FAR - at : at;
		const struct source_info *info = source_info(c->readings[given].source, 0);

		c->blind[at] = (struct blind){
			.name = last_part(c->options->files[given]), .dropped = info->dropped,
			.truncated = info->truncated, .left_out = c->t.at[at].left_out, .cut = info->cut,
			.ended = info->ended,
		};
	}
	if (!strcmp(c->blind[NEAR].name, c->blind[FAR].name))
		for (unsigned at = NEAR; at <= FAR; at++)
			c->blind[at].name = c->options->files[c->t.swapped ? FAR - at : at];
}

/* They tell nothing together.  False: the fault says why. */
static bool belong_together(const struct comparison *c, struct fault *f)
{
	const char *const *names = c->options->files;
	const struct point *near = &c->t.at[NEAR], *far = &c->t.at[FAR];

	for (unsigned at = NEAR; at <= FAR; at++)
		if (!c->t.at[at].packets)
			return fault_set(f, FAULT_INPUT, "%s: no TCP or UDP packet in it: nothing can be "
			                 "compared", names[at]);
	if (c->t.pairs)
		return true;
	if (near->last < far->first || far->last < near->first)
		return fault_set(f, FAULT_INPUT, "%s and %s were not recorded at the same time, and share "
		                 "no packet: for two different times it is compare BEFORE AFTER",
		                 names[NEAR], names[FAR]);
	if (c->t.relays)
		return true;
	return fault_set(f, FAULT_INPUT, "%s and %s share no packet and no request. If both were recorded "
	                 "without a filter, then nothing of what one shows comes to the other: check that "
	                 "the way leads past both", names[NEAR], names[FAR]);
}

static void write_reports(struct comparison *c)
{
	const struct points_report r = { &c->t, &c->troubles, c->blind };
	const struct options *o = c->options;

	for (size_t i = 0; i < o->output_count; i++) {
		FILE *out = c->outputs.outlets[i].stream;

		if (o->outputs[i].format == OUTPUT_JSON)
			points_json(out, &r, &c->outputs.style);
		else if (o->outputs[i].format == OUTPUT_MARKDOWN)
			points_markdown(out, &r, &c->outputs.style);
		else
			points_text(out, &r, &c->outputs.style);
	}
}

static int verdict_status(const struct comparison *c)
{
	if (c->t.at[NEAR].left_out || c->t.at[FAR].left_out)
		return STATUS_PARTIAL;
	for (size_t i = 0; i < c->troubles.count; i++)
		if (c->troubles.list[i].severity >= c->options->fail_on)
			return STATUS_FINDINGS;
	return STATUS_GOOD;
}

static bool compare(struct comparison *c, struct fault *f)
{
	int status;

	read_all(c, NEAR);
	read_all(c, FAR);
	if (!twopoint_join(&c->t))
		return fault_set(f, FAULT_MEMORY, "out of memory");
	if (!belong_together(c, f))
		return false;
	tell_blind(c);
	if (c->t.swapped && !c->options->quiet)
		fprintf(stderr, "wsuscope: packets go the other way: %s is taken as the clients' side\n",
		        c->blind[NEAR].name);
	if (!troubles_find(&c->troubles, &c->t, c->blind))
		return fault_set(f, FAULT_MEMORY, "out of memory");
	write_reports(c);
	status = verdict_status(c);
	if (status > c->status)
		c->status = status;
	return true;
}

static bool is_asked_well(const struct options *o, struct fault *f)
{
	if (o->file_count != 2)
		return fault_set(f, FAULT_USAGE, "compare --same-time: name two captures, the clients' "
		                 "side first");
	if (o->key_log_count || o->server_key_count)
		return fault_set(f, FAULT_USAGE,
		                 "compare --same-time opens no TLS: analyze each with its keys");
	for (size_t i = 0; i < o->output_count; i++)
		switch (o->outputs[i].format) {
		case OUTPUT_TEXT:
		case OUTPUT_JSON:
		case OUTPUT_MARKDOWN:
			break;
		default:
			return fault_set(f, FAULT_USAGE, "compare --same-time writes text, json and "
			                 "markdown");
		}
	return true;
}

int compare_same_time(const struct options *o)
{
	struct comparison *c = calloc(1, sizeof *c);
	struct fault f = { 0 };
	int status;

	if (!c)
		return STATUS_PARTIAL;
	c->options = o;
	c->outputs.options = o;
	if (!is_asked_well(o, &f) || !outputs_open(&c->outputs, o, NULL, &f) || !open_reading(c, NEAR, &f) ||
	    !open_reading(c, FAR, &f) || !lock_in(c, &f) || !compare(c, &f))
		note_fault(c, &f);
	f.kind = FAULT_NONE;
	if (!outputs_close(&c->outputs, &f) && f.kind)
		note_fault(c, &f);
	for (unsigned at = NEAR; at <= FAR; at++) {
		close_reading(&c->readings[at]);
		point_release(&c->t.at[at]);
	}
	status = c->status;
	free(c);
	return status;
}
