/* cli/run.c - the beginning and the end that every run shares. */
#include "cli/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/heap.h"
#include "cli/inputs.h"
#include "cli/progress.h"

enum { FRAMES_A_LOOK = 8192 };          /* between looks at the clock, and at memory */

struct run_input {
	uint64_t secrets;               /* blocks of them seen */
	size_t taken;                   /* bytes of their text */
};

/* Before anything large is taken, so that what is shared is the program and its libraries. */
static void share_memory(struct run *r, const struct run_live *live)
{
	const struct options *o = r->options;

	heap_settle();
	usage_open(&r->usage);
	usage_memory(&r->usage);
	if (live)
		r->shares = live->shares;
	else
		shares_of_files(&r->shares, o->memory, o->file_count, r->usage.resident - r->usage.private);
}

void run_hold(struct run *r)
{
	usage_memory(&r->usage);
	engine_hold(r->engine, r->usage.private, r->shares.private);
}

/* What all engines of a run have in common, beside what is given. */
static struct engine *new_engine(const struct run *r, struct engine_options with)
{
	const struct options *o = r->options;

	with.relevance = (struct relevance_options){
		.sups = o->sups, .sup_count = o->sup_count, .all = o->all,
		.clients = r->clients.at, .client_count = r->clients.count,
	};
	with.memory = r->shares.engine;
	return engine_new(&with);
}

struct engine *run_engine(const struct run *r, struct fact_sink listener)
{
	return new_engine(r, (struct engine_options){ .keys = engine_keys(r->engine), .listener = listener,
		                                      .missed = engine_misses(r->engine) });
}

bool run_open(struct run *r, const struct options *o, const struct run_live *live)
{
	struct outputs_live outputs = { live ? live->keeper : NULL,
		                        live ? live->shares.each[SHARE_SPOOL] : 0 };
	struct fault f = { 0 };

	*r = (struct run){ .options = o, .outputs = { .options = o } };
	share_memory(r, live);
	if (!clients_read(&r->clients, o, &f) || !outputs_open(&r->outputs, o, live ? &outputs : NULL, &f)) {
		run_fault(r, &f);
		return false;
	}
	r->engine = new_engine(r, (struct engine_options){
		.listener = live ? live->listener : outputs_listener(&r->outputs),
		.renew = live ? live->renew : 0,
	});
	if (!r->engine)
		fault_set(&f, FAULT_MEMORY, "out of memory");
	else if (keys_open(&r->keys, o, engine_keys(r->engine), live ? live->keeper : NULL, &f))
		return true;
	run_fault(r, &f);
	return false;
}

bool run_files(struct run *r, struct source *s, const struct fault *f)
{
	struct fault no_memory;

	r->source = s;
	if (!s) {
		run_fault(r, f);
		return false;
	}
	r->inputs = calloc(source_count(s) + 1, sizeof *r->inputs);
	if (r->inputs)
		return true;
	fault_set(&no_memory, FAULT_MEMORY, "out of memory");
	run_fault(r, &no_memory);
	return false;
}

void run_sealed(struct run *r)
{
	const struct options *o = r->options;

	r->sandbox = o->no_sandbox ? "off" : r->lacking[0] ? "partial" : "full";
	if (o->no_sandbox && !o->quiet)
		fputs("wsuscope: without a sandbox (--no-sandbox): what decodes packets keeps all rights\n",
		      stderr);
	else if (r->lacking[0] && !o->quiet)
		fprintf(stderr, "wsuscope: the sandbox is not whole: this kernel has no %s\n", r->lacking);
}

/* Decryption secrets stand before the frames that they are for
 * (draft-ietf-opsawg-pcapng section 4.7). */
static void take_secrets(struct run *r, size_t i)
{
	uint64_t secrets = source_info(r->source, i)->secrets;
	struct run_input *in = &r->inputs[i];
	struct span text;

	if (secrets == in->secrets)
		return;
	text = source_secrets(r->source, i);
	in->secrets = secrets;
	/* An input that is opened a second time begins anew. */
	if (text.len <= in->taken)
		return;
	tlskeys_log(engine_keys(r->engine), span_skip(text, in->taken));
	tlskeys_log_end(engine_keys(r->engine));
	in->taken = text.len;
}

static void take_losses(struct run *r, size_t i)
{
	struct source_loss loss;

	if (source_lost(r->source, i, &loss))
		engine_missed(r->engine, &(struct missed_span){ loss.from, loss.until, loss.packets,
		                                                loss.frames });
}

void run_frame(struct run *r, const struct frame *frame)
{
	/* Whatever has been read ahead may be for any input. */
	if (frame->number == 1)
		for (size_t i = 0; i < source_count(r->source); i++)
			take_secrets(r, i);
	take_secrets(r, frame->file);
	take_losses(r, frame->file);
	engine_frame(r->engine, frame);
}

void run_read(struct run *r)
{
	struct progress progress = progress_start(r->options);
	struct fault f = { 0 };
	struct frame frame;
	uint64_t frames = 0;

	for (;;) {
		switch (source_next(r->source, &frame, &f)) {
		case SOURCE_FRAME:
			run_frame(r, &frame);
			if (++frames % FRAMES_A_LOOK)
				break;
			run_hold(r);
			progress_show(&progress, r->source, frames);
			break;
		case SOURCE_FAULT:
			progress_end(&progress);
			run_fault(r, &f);
			break;
		case SOURCE_IDLE:
			break;
		case SOURCE_END:
			progress_end(&progress);
			return;
		}
	}
}

void run_fault(struct run *r, const struct fault *f)
{
	int status = command_fault(f);

	if (status > r->status)
		r->status = status;
}

/* A private key that is for no certificate is another host's; with its own, it may still open nothing. */
static void tell_private(const struct run *r, const struct tlskeys_counts *counts)
{
	uint64_t closed = engine_sessions(r->engine, TLS_FORWARD_SECRET);

	if (!counts->certificates_owned)
		fprintf(stderr,
		        "wsuscope: the private key given is for none of the certificates seen (sessions: "
		        "%" PRIu64 "; in TLS 1.3 they are hidden)\n",
		        counts->certificates);
	if (closed)
		fprintf(stderr,
		        "wsuscope: the private key given belongs to a certificate seen, but sessions with "
		        "it stay closed (%" PRIu64 "), because they agreed on keys by (EC)DHE; a key log "
		        "opens them (--keys)\n",
		        closed);
}

/* Keys that the user gave and that open nothing here are for another capture, or another host.  Of secrets
 * that do not fit the report tells. */
static void tell_keys(const struct run *r)
{
	struct tlskeys_counts counts = tlskeys_counts(engine_keys(r->engine));
	const struct engine *e = r->engine;
	bool used = engine_sessions(e, TLS_READ) || engine_sessions(e, TLS_PARTLY) ||
	            engine_sessions(e, TLS_WRONG_KEY);

	if (r->options->quiet)
		return;
	if (r->options->key_log_count && counts.secrets && !used)
		fprintf(stderr,
		        "wsuscope: none of the secrets given (%" PRIu64
		        ") opened a TLS session of this capture\n",
		        counts.secrets);
	if (counts.private_keys)
		tell_private(r, &counts);
}

static void tell_losses(const struct run *r)
{
	for (size_t i = 0; i < source_count(r->source) && !r->options->quiet; i++) {
		const struct source_info *info = source_info(r->source, i);

		if (info->dropped)
			fprintf(stderr, "wsuscope: %s: %" PRIu64 " packets were dropped while capturing\n",
			        info->name, info->dropped);
		if (info->secrets_lost)
			fprintf(stderr,
			        "wsuscope: %s: %" PRIu64
			        " blocks of secrets passed over: too long, or not of TLS\n",
			        info->name, info->secrets_lost);
	}
}

static bool fails(const struct run *r)
{
	const struct findings *findings = engine_findings(r->engine);

	/* Most severe first. */
	return findings_count(findings) && findings_at(findings, 0)->severity >= r->options->fail_on;
}

int64_t run_ended(const struct run *r)
{
	int64_t ended = MOMENT_NONE;

	for (size_t i = 0; i < source_count(r->source); i++)
		if (source_info(r->source, i)->ended > ended)
			ended = source_info(r->source, i)->ended;
	return ended;
}

bool run_judge(struct run *r, int64_t until, struct report *report)
{
	*report = (struct report){ 0 };
	if (!inputs_fill(report, r->source, &r->told))
		return false;
	/* What the report says of lost frames it must know before it judges. */
	for (size_t i = 0; i < source_count(r->source); i++) {
		engine_limit(r->engine, LIMIT_DROPPED, source_info(r->source, i)->dropped);
		take_losses(r, i);
	}
	engine_pass(r->engine, until);
	engine_end(r->engine);
	engine_report(r->engine, report);
	report->sandbox = r->sandbox;
	report->lacking = r->lacking;
	return true;
}

bool run_end(struct run *r, int64_t until, struct report *report)
{
	struct fault f;

	keys_close(&r->keys);
	tell_losses(r);
	if (run_judge(r, until, report)) {
		tell_keys(r);
		return true;
	}
	fault_set(&f, FAULT_MEMORY, "out of memory");
	run_fault(r, &f);
	return false;
}

void run_write(struct run *r, const struct report *report)
{
	outputs_write(&r->outputs, report);
	if (r->status == STATUS_GOOD && fails(r))
		r->status = STATUS_FINDINGS;
}

int run_close(struct run *r)
{
	struct fault f = { 0 };

	if (!outputs_close(&r->outputs, &f))
		run_fault(r, &f);
	keys_close(&r->keys);
	engine_free(r->engine);
	clients_release(&r->clients);
	free(r->inputs);
	free(r->told);
	source_close(r->source);
	usage_close(&r->usage);
	return r->status;
}
