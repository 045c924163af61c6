/* probes/probe.c - the whole of a probe: what it is about, who plans it, how it runs. */
#include "probes/probe.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "probes/schedule.h"
#include "probes/sitelist.h"
#include "probes/steps.h"

enum { TAPE_CEILING = 24 << 20 };

/* What current agents say (wuaueng.dll of Windows 10 and 11). */
static const char agent_of_windows[] = "Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.50";

struct probe {
	struct probe_options options;
	struct plan plan;
	volatile sig_atomic_t stopped;
};

static void say_who(struct plan *p)
{
	const struct probe_options *o = p->options;

	if (o->as_agent)
		snprintf(p->agent, sizeof p->agent, "%s", agent_of_windows);
	else
		snprintf(p->agent, sizeof p->agent, "wsuscope%s%s (+probe)", o->version ? "/" : "",
		         o->version ? o->version : "");
}

/* A way through a proxy is reached when the proxy passes something on; a direct one by its port. */
static bool plan_way(struct plan *p, struct way *way)
{
	if (!way->proxy)
		way->reach = way->site->port;
	return proxies_plan(p, way) && sizes_plan(p, way) && tls_plan(p, way) && demands_plan(p, way) &&
	       directories_plan(p, way) && soap_plan(p, way) && content_plan(p, way);
}

static bool plan_names(struct plan *p)
{
	for (struct site *site = p->sites; site; site = site->next)
		if (!names_plan(p, site))
			return false;
	if (!auto_proxy_plan(p) || !sitelist_scripts(p))
		return false;
	for (struct proxy *proxy = p->proxies; proxy; proxy = proxy->next)
		if (!proxy_names_plan(p, proxy) || !proxy_ports_plan(p, proxy))
			return false;
	return true;
}

static bool plan_sites(struct plan *p)
{
	for (struct site *site = p->sites; site; site = site->next)
		if (!ports_plan(p, site))
			return false;
	for (struct site *site = p->sites; site; site = site->next) {
		if (!paths_plan(p, site))
			return false;
		for (struct way *way = site->ways; way; way = way->next)
			if (!plan_way(p, way))
				return false;
	}
	return true;
}

static bool plan_all(struct probe *probe, struct fault *f)
{
	struct plan *p = &probe->plan;
	struct environment e = environment_read();

	if (!sitelist_targets(p, f) || !sitelist_proxies(p, &e, f))
		return false;
	p->loop = loop_new();
	if (p->options->keeps_tape)
		p->tape = tape_new(TAPE_CEILING);
	ask_system_read(&p->system);
	if (!p->loop || (p->options->keeps_tape && !p->tape) || !plan_names(p) || !plan_sites(p) ||
	    !upstream_plan(p))
		return fault_set(f, FAULT_MEMORY, "there is no memory for the plan of the probe");
	return true;
}

struct probe *probe_new(const struct probe_options *o, struct fault *f)
{
	struct probe *p = calloc(1, sizeof *p);

	if (!p) {
		fault_set(f, FAULT_MEMORY, "there is no memory for a probe");
		return NULL;
	}
	p->options = *o;
	p->plan.options = &p->options;
	say_who(&p->plan);
	if (plan_all(p, f))
		return p;
	probe_free(p);
	return NULL;
}

void probe_free(struct probe *p)
{
	if (!p)
		return;
	plan_release(&p->plan);
	loop_free(p->plan.loop);
	tape_free(p->plan.tape);
	free(p);
}

size_t probe_count(const struct probe *p)
{
	return p->plan.step_count;
}

const struct check *probe_check(const struct probe *p, size_t i)
{
	return &p->plan.steps[i]->told;
}

const char *probe_sends(const struct probe *p, size_t i)
{
	return p->plan.steps[i]->sends;
}

void probe_run(struct probe *p, void (*ended)(void *self, const struct check *check), void *self)
{
	schedule_run(&p->plan, &p->stopped, ended, self);
}

void probe_stop(struct probe *p)
{
	p->stopped = 1;
	loop_end(p->plan.loop);
}

const struct tape *probe_tape(const struct probe *p)
{
	return p->plan.tape;
}

size_t probe_peers(const struct probe *p, struct endpoint *to, size_t max)
{
	size_t count = 0;

	for (const struct site *site = p->plan.sites; site; site = site->next)
		for (unsigned i = 0; i < site->address_count && count < max; i++)
			to[count++] = (struct endpoint){ site->addresses[i], site->target.port };
	return count;
}
