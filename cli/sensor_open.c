/* cli/sensor_open.c - what needs rights is opened, rights are given up, what runs without them starts. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/host.h"
#include "capture/wanted.h"
#include "cli/sensorstate.h"
#include "cli/signals.h"
#include "guard/guard.h"

/* Bytes beside what --memory is shared for: frames that were taken out of a ring, connections that are
 * recorded. */
enum { RING = 512 << 10, THREADED_RING = 5 << 19, FOLLOWING = 6 << 20, VIEWS = 2 };
static const int64_t JUDGE_EVERY = 2 * MOMENT_S;
static const int64_t RENEW_EVERY = 24 * 3600 * MOMENT_S;

/* ---- what is asked for ---- */

/* Each frame would come twice. */
static bool names_one_twice(const struct options *o)
{
	for (size_t i = 0; i < o->interface_count; i++)
		for (size_t k = 0; k < i; k++)
			if (!strcmp(o->interfaces[i], o->interfaces[k]) || !strcmp(o->interfaces[i], "any") ||
			    !strcmp(o->interfaces[k], "any"))
				return true;
	return false;
}

bool sensor_share(const struct options *o, struct shares *s, struct fault *f)
{
	size_t rings = o->read ? 0 : o->interface_count * (o->parallel > 1 ? (size_t)o->parallel : 1);
	struct shares_wanted w = {
		.memory = o->memory,
		.count = { [SHARE_RING] = rings, [SHARE_SPOOL] = outputs_spooled(o), [SHARE_VIEW] = VIEWS,
		           [SHARE_PRETRIGGER] = o->only_findings, [SHARE_RECENT] = o->command == FOR_WATCH },
		.asked = { [SHARE_RING] = o->buffer_kib > 0 ? (size_t)o->buffer_kib * 1024 : 0,
		           [SHARE_PRETRIGGER] = o->pretrigger },
		.beside = rings * (o->parallel > 1 ? THREADED_RING : RING) + o->only_findings * FOLLOWING,
	};

	return shares_divide(s, &w, f);
}

bool sensor_is_sensible(const struct options *o, struct fault *f)
{
	struct shares unused;

	if (names_one_twice(o))
		return fault_set(f, FAULT_USAGE, "-i names an interface twice (any is all of them)");
	if (o->filter && o->only_filter)
		return fault_set(f, FAULT_USAGE,
		                 "-f widens the usual filter, --only-filter replaces it: give one");
	return sensor_share(o, &unused, f);
}

/* ---- the source ---- */

/* "wsus01:8530", "https://wsus01:8531/": its port; 0: none is named. */
static uint16_t sup_port(const char *sup)
{
	struct span rest = span_text(sup), host = url_host(rest);
	struct addr bare;
	uint64_t port;

	if (!host.len)
		host = span_split(&rest, '/');
	if (addr_parse(host, &bare))
		return 0;
	rest = span_skip(host, host_name(host).len);
	if (rest.len < 2 || !span_decimal(span_skip(rest, 1), &port) || port > UINT16_MAX)
		return 0;
	return (uint16_t)port;
}

/* Ports of the update points that were named. */
static size_t named_ports(const struct options *o, uint16_t ports[static SUPS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < o->sup_count; i++) {
		uint16_t port = sup_port(o->sups[i]);

		if (port)
			ports[count++] = port;
	}
	return count;
}

/* What is captured by default, or exactly what was asked for. */
static bool make_filters(struct sensor *s, struct fault *f)
{
	const struct options *o = s->options;
	const struct filter_text {
		char *text;
		bool vlans;
	} texts[] = { { s->filter, true }, { s->untagged, false } };
	uint16_t ports[SUPS_MAX];
	size_t count = named_ports(o, ports);

	for (size_t i = 0; i < sizeof texts / sizeof *texts && !o->only_filter && !o->all; i++)
		if (!wanted_filter(texts[i].text, ports, count, o->filter, texts[i].vlans, f))
			return false;
	return true;
}

static struct source *open_live(struct sensor *s, struct fault *f)
{
	const struct options *o = s->options;

	if (!make_filters(s, f))
		return NULL;
	return source_live(&(struct source_live_options){
		.devices = o->interfaces, .device_count = o->interface_count,
		.filter = o->only_filter ? o->only_filter : s->filter,
		.untagged = o->only_filter ? NULL : s->untagged,
		.snaplen = o->snaplen, .promiscuous = !o->not_promiscuous,
		.buffer_kib = (int)(s->run.shares.each[SHARE_RING] / 1024),
		.rings = (unsigned)o->parallel,
	}, f);
}

static bool open_source(struct sensor *s, struct fault *f)
{
	const struct options *o = s->options;

	if (o->read)
		return run_files(&s->run, source_open(&o->read, 1, o->only_filter, f), f);
	s->run.source = open_live(s, f);
	if (s->run.source)
		return run_files(&s->run, s->run.source, f);
	run_fault(&s->run, f);
	return false;
}

/* ---- facts and what is told of them ---- */

static void take_fact(void *self, const struct fact *fact)
{
	struct sensor *s = self;

	if (s->supposes)
		return;
	tally_fact(s->tally, fact);
	if (s->events.take)
		fact_state(&s->events, fact);
	if (s->hooks->fact)
		s->hooks->fact(s->hooks->self, fact);
}

static void take_entry(void *self, const struct journal_entry *e)
{
	struct sensor *s = self;

	outputs_tell(&s->run.outputs, e);
	if (s->hooks->told)
		s->hooks->told(s->hooks->self, e);
}

/* In the child that judges.  Nobody tells there of what it ends: the threads that write are not in it, and
 * one of them may have held its lock while the process was copied. */
static void judged(void *self, struct report *report)
{
	struct sensor *s = self;

	s->supposes = true;
	if (!run_judge(&s->run, sensor_until(s), report))
		*report = (struct report){ 0 };
	report->now = sensor_now(s);
}

static bool make_parts(struct sensor *s, struct fault *f)
{
	const struct options *o = s->options;

	s->events = outputs_listener(&s->run.outputs);
	s->judge = judge_new(&(struct judge_options){
		.end = judged, .self = s, .style = s->run.outputs.style,
		.every = o->every ? o->every : JUDGE_EVERY, .room = s->run.shares.each[SHARE_VIEW],
	});
	s->journal = journal_new(&(struct journal_options){
		.from = o->show_from, .tell = take_entry, .self = s,
	});
	return (s->judge && s->journal) || fault_set(f, FAULT_MEMORY, "out of memory");
}

/* All that needs the user's rights, but for the interfaces. */
static bool open_rest(struct sensor *s, struct fault *f)
{
	s->service = service_open();
	if (!s->service)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	if (!make_parts(s, f) || !sensor_open_metrics(s, f))
		return false;
	s->evidence = evidence_open(s->options, s->keeper, s->run.source, s->filter,
	                            s->run.shares.each[SHARE_PRETRIGGER], f);
	return s->evidence || f->kind == FAULT_NONE;
}

/* ---- rights ---- */

static bool start_parts(struct sensor *s, struct fault *f)
{
	if (!outputs_start(&s->run.outputs, f) || (s->publish && !publish_start(s->publish, f)))
		return false;
	s->looked_on = s->hooks->start != NULL;
	return !s->hooks->start || s->hooks->start(s->hooks->self, s->run.source, f);
}

/* Files of root are then still root's to read and to write, for who gets out of the seal. */
static void tell_root(const struct guard_options *guard, const struct options *o)
{
	if (!o->quiet && guard_is_root(guard))
		fputs("wsuscope: still root, though without capabilities, as there is no user " GUARD_USER
		      ": make it (systemd-sysusers, with sysusers.d/wsuscope.conf), or name another: "
		      "-Z USER\n", stderr);
}

static bool give_up_rights(struct sensor *s, struct fault *f)
{
	const struct options *o = s->options;
	const struct guard_options guard = {
		.user = o->user, .serves = s->publish && publish_is_port(o->metrics), .judges = true,
		.draws = s->hooks->turn != NULL, .threads = o->parallel > 1,
	};
	bool good;

	if (o->no_sandbox) {
		good = start_parts(s, f);
	} else {
		tlskeys_prepare(engine_keys(s->run.engine), o->read != NULL);
		good = keeper_start(s->keeper, f) && guard_drop(&guard, f) && start_parts(s, f) &&
		       guard_seal(&guard, s->run.lacking, f);
		if (good)
			tell_root(&guard, o);
	}
	if (good)
		run_sealed(&s->run);
	return good;
}

static void say_hello(struct sensor *s)
{
	const struct options *o = s->options;
	size_t len = 0;

	snprintf(s->status, sizeof s->status, "%s", o->read ? "Replaying" : "Capturing on");
	for (size_t i = 0; i < o->interface_count && !o->read; i++) {
		len = strlen(s->status);
		snprintf(s->status + len, sizeof s->status - len, "%s %s", i ? "," : "", o->interfaces[i]);
	}
	if (!o->quiet && !s->hooks->turn)
		fprintf(stderr, "wsuscope: %s; Ctrl-C ends it and prints the report\n", s->status);
	service_ready(s->service, s->status);
}

static bool prepare(struct sensor *s, struct run_live *live, struct fault *f)
{
	if (!sensor_share(s->options, &live->shares, f))
		return false;
	live->keeper = s->keeper = keeper_new();
	s->tally = tally_new();
	return (s->keeper && s->tally) || fault_set(f, FAULT_MEMORY, "out of memory");
}

bool sensor_open(struct sensor *s, const struct options *o, const struct sensor_hooks *hooks)
{
	struct fault f = { 0 };
	struct run_live live = { .listener = { s, take_fact }, .renew = o->renew ? o->renew : RENEW_EVERY };

	*s = (struct sensor){ .options = o, .hooks = hooks, .pace = { .factor = o->pace > 0 ? o->pace : 1 },
		              .metrics_file = -1, .began = clock_now(), .run = { .options = o } };
	if (prepare(s, &live, &f)) {
		if (!run_open(&s->run, o, &live) || !open_source(s, &f))
			return false;
		if (open_rest(s, &f) && give_up_rights(s, &f)) {
			signals_catch(s->run.source);
			say_hello(s);
			return true;
		}
	}
	run_fault(&s->run, &f);
	return false;
}

int sensor_close(struct sensor *s)
{
	struct fault f;
	int status;

	if (s->looked_on && s->hooks->end)
		s->hooks->end(s->hooks->self);
	judge_free(s->judge);
	if (!evidence_close(s->evidence, &f))
		run_fault(&s->run, &f);
	status = run_close(&s->run);
	journal_free(s->journal);
	tally_free(s->tally);
	publish_close(s->publish);
	service_close(s->service);
	keeper_free(s->keeper);
	return status;
}
