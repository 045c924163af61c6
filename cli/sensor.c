/* cli/sensor.c - the loop of a live run, from the first packet that is decoded to the last word. */
#include "cli/sensor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/sensorstate.h"
#include "cli/signals.h"

enum {
	FRAMES_A_LOOK = 256,            /* between looks at the clock */
	TURN_MS = 100,
	METRICS_MS = 1000,
	NAP_MS = 20,                    /* of a replay that is ahead of its time */
};

/* Frames come so much later than their time, at most: kernels hand them on in blocks, and rings wait for each
 * other. */
static const int64_t FRAMES_LATE = MOMENT_S;

static void tell_fault(struct sensor *s, const struct fault *f)
{
	run_fault(&s->run, f);
}

int64_t sensor_until(const struct sensor *s)
{
	return s->options->read ? run_ended(&s->run) : clock_now() - FRAMES_LATE;
}

int64_t sensor_now(const struct sensor *s)
{
	int64_t frames = engine_now(s->run.engine), now = s->options->read ? 0 : clock_now();

	return frames > now ? frames : now;
}

/* ---- what is over ---- */

static bool is_over(const struct sensor *s, int64_t now)
{
	const struct recording_limits *stop = &s->options->stop;
	uint64_t frames = options_frames(s->options);

	return s->over || (frames && s->frames >= frames) ||
	       (stop->duration && now - s->started >= stop->duration) ||
	       (s->evidence && evidence_is_over(s->evidence));
}

/* ---- judgements ---- */

static bool shows(const struct sensor *s, const struct finding *n)
{
	return report_text_shows(&s->run.outputs.style, n);
}

/* Packets of what was found are kept, whether or not it is told one by one. */
static void keep_evidence(struct sensor *s, const struct finding *at, size_t count)
{
	struct fault f;

	if (!s->evidence)
		return;
	for (size_t i = 0; i < count; i++)
		if (shows(s, &at[i]))
			evidence_finding(s->evidence, &at[i]);
	if (!evidence_take(s->evidence, &f))
		tell_fault(s, &f);
}

static void take_view(struct sensor *s)
{
	const struct view *v = judge_view(s->judge);

	journal_take(s->journal, v);
	keep_evidence(s, v->findings, v->finding_count);
	if (v->report)
		outputs_say(&s->run.outputs, v->report);
}

/* Nothing is told then, as where nothing fails. */
static void mind_blindness(struct sensor *s)
{
	bool was = s->blind;

	s->blind = judge_is_blind(s->judge);
	if (s->blind != was && !s->options->quiet)
		fputs(s->blind ? "wsuscope: findings cannot be told as they arise: judging takes too long, "
		                 "or there is no memory or process for it; the report at the end lacks "
		                 "nothing\n"
		               : "wsuscope: findings are told again as they arise\n", stderr);
}

/* ---- a turn ---- */

static void mind_signals(struct sensor *s)
{
	struct fault f;

	if (signals_summary())
		judge_ask_report(s->judge);
	if (!signals_reopen())
		return;
	service_reloading(s->service);
	if (!outputs_reopen(&s->run.outputs, &f))
		tell_fault(s, &f);
	if (s->evidence && !evidence_reopen(s->evidence, &f))
		tell_fault(s, &f);
	service_ready(s->service, s->status);
}

static void tell_manager(struct sensor *s, int64_t now)
{
	const struct view *v = judge_view(s->judge);
	struct service_news news = { .doing = s->status, .judged = v, .open = journal_open(s->journal) };
	char text[SERVICE_STATUS];

	if (v) {
		news.clients = v->climbers;
		news.stopped = v->failed;
	}
	for (size_t i = 0; i < source_count(s->run.source); i++) {
		const struct source_info *in = source_info(s->run.source, i);

		news.lost += in->dropped;
		news.away += in->away;
	}
	service_turn(s->service, now, service_status(text, &news));
}

static void turn(struct sensor *s, int64_t now)
{
	int64_t capture_now = sensor_now(s);
	struct fault f;

	s->next_turn = now + TURN_MS * MOMENT_MS;
	run_hold(&s->run);
	mind_signals(s);
	if (judge_turn(s->judge, now))
		take_view(s);
	mind_blindness(s);
	if (s->evidence && !evidence_turn(s->evidence, sensor_until(s), &f))
		tell_fault(s, &f);
	if (now >= s->next_metrics) {
		s->next_metrics = now + METRICS_MS * MOMENT_MS;
		sensor_publish(s);
	}
	outputs_flush(&s->run.outputs);
	tell_manager(s, now);
	if (s->hooks->turn && !s->hooks->turn(s->hooks->self, judge_view(s->judge), s->tally, capture_now))
		s->over = true;
}

/* ---- packets ---- */

static void take_frame(struct sensor *s, const struct frame *frame)
{
	struct fault f;

	s->frames++;
	s->bytes += frame->bytes.len;
	run_frame(&s->run, frame);
	if (s->evidence && !evidence_frame(s->evidence, frame, engine_stream(s->run.engine), &f))
		tell_fault(s, &f);
}

/* A replay keeps the pace of its capture; somebody may be looking on meanwhile. */
static void keep_pace(struct sensor *s, int64_t frame_time)
{
	int64_t now = clock_monotonic(), due = pace_due(&s->pace, frame_time, now);

	while (now < due && !is_over(s, now) && !signals_stopped()) {
		int64_t left = due - now < NAP_MS * MOMENT_MS ? due - now : NAP_MS * MOMENT_MS;

		nanosleep(&(struct timespec){ .tv_nsec = left }, NULL);
		now = clock_monotonic();
		if (now >= s->next_turn)
			turn(s, now);
	}
}

/* What was replayed stays to be looked at, until whoever looks on has seen enough. */
static void linger(struct sensor *s)
{
	while (s->options->read && s->hooks->turn && !s->over && !signals_stopped()) {
		nanosleep(&(struct timespec){ .tv_nsec = NAP_MS * MOMENT_MS }, NULL);
		turn(s, clock_monotonic());
	}
}

static void read_packets(struct sensor *s)
{
	struct fault f = { 0 };
	struct frame frame;
	unsigned untimed = 0;

	for (;;) {
		enum source_next next = source_next(s->run.source, &frame, &f);
		int64_t now;

		if (next == SOURCE_END)
			break;
		if (next == SOURCE_FRAME && s->options->read)
			keep_pace(s, frame.time);
		if (next == SOURCE_FRAME)
			take_frame(s, &frame);
		if (next == SOURCE_FAULT)
			tell_fault(s, &f);
		if (next == SOURCE_FRAME && ++untimed < FRAMES_A_LOOK && !options_frames(s->options))
			continue;
		untimed = 0;
		now = clock_monotonic();
		if (now >= s->next_turn)
			turn(s, now);
		if (is_over(s, now))
			return;
	}
	linger(s);
}

/* ---- the end ---- */

/* What is over, and what the report's own findings no longer tell of. */
static bool is_past(const struct report *report, const struct finding *n)
{
	for (size_t i = 0; i < findings_count(report->findings); i++) {
		const struct finding *other = findings_at(report->findings, i);

		if (other->kind == n->kind && other->has_client == n->has_client &&
		    other->has_server == n->has_server &&
		    (!n->has_client || addr_eq(&other->client, &n->client)) &&
		    (!n->has_server || endpoint_eq(&other->server, &n->server)))
			return false;
	}
	return true;
}

static void add_past(struct sensor *s, struct report *report)
{
	for (size_t i = 0; i < journal_past_count(s->journal); i++) {
		const struct journal_entry *e = journal_past_at(s->journal, i);

		if (report->past_count < PAST_MAX && is_past(report, e->finding))
			s->past[report->past_count++] = (struct report_past){ e->finding, e->since, e->until,
				                                              e->count };
	}
	report->past = s->past;
}

/* The last view is that of the report itself. */
static void end_journal(struct sensor *s, const struct report *report)
{
	size_t size = s->run.shares.each[SHARE_VIEW];
	int64_t now = sensor_now(s);
	void *room = malloc(size);
	const struct view *v = room ? view_take(room, size, report, now) : NULL;

	s->run.outputs.ending = true;
	if (v) {
		journal_take(s->journal, v);
		keep_evidence(s, v->findings, v->finding_count);
	}
	journal_end(s->journal, now);
	free(room);
}

static void finish(struct sensor *s)
{
	int64_t until = sensor_until(s);
	struct report report;
	struct fault f;

	service_stopping(s->service);
	sensor_publish(s);
	if (s->hooks->end)
		s->hooks->end(s->hooks->self);
	s->looked_on = false;
	/* Its views make room for the last one. */
	judge_free(s->judge);
	s->judge = NULL;
	if (run_end(&s->run, until, &report)) {
		end_journal(s, &report);
		add_past(s, &report);
		run_write(&s->run, &report);
	}
	/* Who reads the file knows until when was captured, too. */
	if (s->evidence && !evidence_turn(s->evidence, until, &f))
		tell_fault(s, &f);
	if (!evidence_close(s->evidence, &f))
		tell_fault(s, &f);
	s->evidence = NULL;
}

int sensor_run(const struct options *o, const struct sensor_hooks *hooks)
{
	struct sensor s;

	if (sensor_open(&s, o, hooks)) {
		s.started = clock_monotonic();
		read_packets(&s);
		signals_release();
		finish(&s);
	}
	return sensor_close(&s);
}
