/* cli/probed.c - a probe's packets through the engine: from its tape, or from a capture of them. */
#include "cli/probed.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/inputs.h"
#include "cli/probedframes.h"

enum { SETTLE_MS = 500, FILTER_TEXT = 1024 };

bool probed_open(struct probed *p, const struct probed_options *o, struct fault *f)
{
	*p = (struct probed){ .options = *o };
	joins_init(&p->joins);
	p->probe = probe_new(o->probe, f);
	if (!p->probe)
		return false;
	p->results = calloc(probe_count(p->probe) + 1, sizeof *p->results);
	if (!p->results)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	for (size_t i = 0; i < probe_count(p->probe); i++)
		p->results[i].check = probe_check(p->probe, i);
	p->report.checks = p->results;
	p->report.check_count = probe_count(p->probe);
	return true;
}

/* ---- running ---- */

/* The last answers are still on their way into the file. */
static void let_settle(void)
{
	struct timespec left = { 0, SETTLE_MS * MOMENT_MS };

	while (nanosleep(&left, &left) < 0)
		;
}

bool probed_run(struct probed *p, struct fault *f)
{
	const struct probed_options *o = &p->options;
	char filter[FILTER_TEXT];

	if (o->capture) {
		probed_filter(p, filter, sizeof filter);
		if (!recorder_start(&p->recorder, o->device, filter, o->capture, f))
			return false;
	}
	probe_run(p->probe, o->ended, o->self);
	if (!o->capture)
		return true;
	let_settle();
	return recorder_stop(&p->recorder, f);
}

/* ---- judging ---- */

static void take_fact(void *self, const struct fact *fact)
{
	struct probed *p = self;

	joins_fact(&p->joins, fact);
	if (p->options.listener.take)
		fact_state(&p->options.listener, fact);
}

/* Where checks connected to directly: an update point that nobody tries is none of a probe's troubles, so
 * these are told by address. */
static void name_sups(struct probed *p)
{
	char text[ENDPOINT_TEXT];

	p->sup_count = 0;
	p->sups = calloc(p->report.check_count + 1, sizeof *p->sups);
	for (size_t i = 0; p->sups && i < p->report.check_count; i++) {
		const struct check *c = p->results[i].check;
		size_t k = 0;
		char *copy;

		if (c->unjudged || c->proxy[0] || !c->talk_count || c->rung == CHECK_NAME ||
		    c->rung == CHECK_PROXY || c->rung == CHECK_UPSTREAM)
			continue;
		endpoint_text(&c->talks[c->talk_count - 1].remote, text);
		while (k < p->sup_count && strcmp(p->sups[k], text) != 0)
			k++;
		if (k < p->sup_count || probed_is_proxy(p, c))
			continue;
		copy = strdup(text);
		if (copy)
			p->sups[p->sup_count++] = copy;
	}
}

static bool open_engine(struct probed *p, struct fault *f)
{
	name_sups(p);
	p->engine = engine_new(&(struct engine_options){
		/* Whatever a probe says is said to be judged. */
		.relevance = { .sups = (const char *const *)p->sups, .sup_count = p->sup_count, .all = true,
		               .probe = true },
		.listener = { p, take_fact },
	});
	if (!p->engine)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	tlskeys_log(engine_keys(p->engine), tape_secrets(probe_tape(p->probe)));
	tlskeys_log_end(engine_keys(p->engine));
	return true;
}

static void name_times(struct probed *p)
{
	int64_t last = 0;

	for (size_t i = 0; i < p->report.check_count; i++)
		if (p->results[i].check->ended > last)
			last = p->results[i].check->ended;
	for (size_t i = 0; i < p->report.check_count; i++)
		p->results[i].time = p->results[i].check->ended == MOMENT_NONE ? last
		                                                              : p->results[i].check->ended;
}

bool probed_judge(struct probed *p, struct fault *f)
{
	bool whole;

	if (!open_engine(p, f))
		return false;
	whole = p->options.capture ? probed_feed_capture(p, f) : probed_feed_tape(p);
	if (!whole && f->kind != FAULT_CUT)
		return false;
	for (size_t i = 0; i < p->report.check_count; i++)
		engine_check(p->engine, p->results[i].check);
	engine_end(p->engine);
	name_times(p);
	engine_report(p->engine, &p->report);
	if (!inputs_fill(&p->report, p->source, &p->inputs) ||
	    !joins_make(&p->joins, p->report.findings, p->options.capture != NULL, p->results,
	                p->report.check_count))
		return fault_set(f, FAULT_MEMORY, "out of memory");
	return whole;
}

void probed_close(struct probed *p)
{
	struct fault unheard;

	recorder_stop(&p->recorder, &unheard);
	engine_free(p->engine);
	source_close(p->source);
	joins_release(&p->joins);
	probe_free(p->probe);
	for (size_t i = 0; i < p->sup_count; i++)
		free(p->sups[i]);
	free(p->sups);
	free(p->results);
	free(p->inputs);
	*p = (struct probed){ 0 };
}

bool probed_fails(const struct probed *p, enum severity from)
{
	static const enum severity of_state[] = {
		[CHECK_OK] = SEVERITY_INFO,
		[CHECK_WARNING] = SEVERITY_WARNING,
		[CHECK_FAILED] = SEVERITY_ERROR,
		[CHECK_SKIPPED] = SEVERITY_INFO,
	};
	const struct findings *n = p->report.findings;

	for (size_t i = 0; i < p->report.check_count; i++)
		if (p->results[i].state != CHECK_OK && p->results[i].state != CHECK_SKIPPED &&
		    of_state[p->results[i].state] >= from)
			return true;
	return n && findings_count(n) && findings_at(n, 0)->severity >= from;
}
