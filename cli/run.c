/* cli/run.c - the beginning and the end that every run shares. */
#include "cli/run.h"

#include <stdio.h>

bool run_open(struct run *r, const struct options *o)
{
	struct fault f = { 0 };

	*r = (struct run){ .options = o };
	if (!outputs_open(&r->outputs, o, &f)) {
		run_fault(r, &f);
		return false;
	}
	r->engine = engine_new(&(struct engine_options){
		.relevance = { o->sups, o->sup_count, o->all, o->clients, o->client_count },
		.memory = o->memory,
		.listener = outputs_listener(&r->outputs),
	});
	if (r->engine)
		return true;
	fault_set(&f, FAULT_MEMORY, "out of memory");
	run_fault(r, &f);
	return false;
}

void run_fault(struct run *r, const struct fault *f)
{
	int status = command_fault(f);

	if (status > r->status)
		r->status = status;
}

/* What the report says of lost frames it must know before it judges. */
static void tell_losses(struct run *r)
{
	for (size_t i = 0; i < source_count(r->source); i++) {
		const struct source_info *info = source_info(r->source, i);

		if (info->dropped)
			engine_limit(r->engine, LIMIT_DROPPED, info->dropped);
		if (info->dropped && !r->options->quiet)
			fprintf(stderr, "wsuscope: %s: %llu packets were dropped while capturing\n",
			        info->name, (unsigned long long)info->dropped);
	}
}

static bool fails(const struct run *r)
{
	const struct findings *findings = engine_findings(r->engine);

	/* Most severe first. */
	return findings_count(findings) && findings_at(findings, 0)->severity >= r->options->fail_on;
}

int run_close(struct run *r)
{
	struct fault f = { 0 };

	if (r->engine && r->source) {
		tell_losses(r);
		engine_end(r->engine);
		if (!outputs_write(&r->outputs, r->engine, r->source, &f))
			run_fault(r, &f);
		if (r->status == STATUS_GOOD && fails(r))
			r->status = STATUS_FINDINGS;
	}
	if (!outputs_close(&r->outputs, &f))
		run_fault(r, &f);
	engine_free(r->engine);
	source_close(r->source);
	return r->status;
}
