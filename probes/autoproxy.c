/* probes/autoproxy.c - asking a proxy script for each site (--pac, --wpad).
 *
 * Children cost memory: few run at a time, and a script that has not ended once is not asked again.
 */
#include "probes/autoproxy.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHILDREN_MAX = 4 };

struct work {
	struct auto_proxy *of;
	struct pac *pac;                /* NULL: it waits for its turn */
	struct step *next;              /* that waits, too */
};

static struct auto_proxy *owner(const struct step *s)
{
	struct auto_proxy *a = s->plan->auto_proxy;

	while (a && a->load != s->needs[0])
		a = a->next;
	return a;
}

/* ---- what it says ---- */

static void take_choice(struct step *s, const struct pac_result *r, const struct pac_choice *c)
{
	struct proxy *proxy = s->proxy;
	bool first = c == r->choices;

	proxy->direct = c->kind == PAC_DIRECT;
	if (!proxy->direct)
		proxy->target = c->proxy;
	if (first)
		step_end(s, CHECK_OK, "%s", r->text);
	else
		step_end(s, CHECK_WARNING, "%s: a Windows client cannot use the first", r->text);
}

static void take_result(struct step *s, const struct pac_result *r)
{
	if (r->error[0]) {
		step_trouble(s, CHECK_PAC_BROKEN);
		step_end(s, CHECK_FAILED, "the script does not run: %s", r->error);
		return;
	}
	for (unsigned i = 0; i < r->count; i++)
		if (pac_usable(r->choices[i].kind)) {
			take_choice(s, r, &r->choices[i]);
			return;
		}
	step_trouble(s, CHECK_PAC_BROKEN);
	step_end(s, CHECK_FAILED, "%s: nothing that a Windows client can use", r->text);
}

/* ---- taking turns ---- */

static void run(struct step *s);

static void next_turn(struct auto_proxy *a)
{
	while (a->first && a->running < CHILDREN_MAX) {
		struct step *s = a->first;
		struct work *w = s->work;

		a->first = w->next;
		w->next = NULL;
		run(s);
	}
}

static void wait_turn(struct auto_proxy *a, struct step *s)
{
	if (a->first)
		((struct work *)a->last->work)->next = s;
	else
		a->first = s;
	a->last = s;
}

static void leave_queue(struct auto_proxy *a, struct step *s)
{
	struct step *before = NULL;

	for (struct step *at = a->first; at; at = ((struct work *)at->work)->next) {
		struct work *w = at->work;

		if (at == s && before)
			((struct work *)before->work)->next = w->next;
		else if (at == s)
			a->first = w->next;
		if (at == s && a->last == s)
			a->last = before;
		before = at;
	}
}

static void done(void *self, const struct pac_result *r)
{
	struct step *s = self;
	struct auto_proxy *a = ((struct work *)s->work)->of;

	a->running--;
	if (r->unending)
		memcpy(a->broken, r->error, sizeof a->broken);
	step_forget(s);
	take_result(s, r);
	next_turn(a);
}

static void run(struct step *s)
{
	struct work *w = s->work;
	struct auto_proxy *a = w->of;
	char url[TARGET_TEXT + 2];
	struct pac_result broken = { .count = 0 };
	struct pac_options o = {
		.script = buf_span(&a->script),
		.url = url,
		.ours = a->ours,
		.timeout = step_timeout(s),
	};

	target_text(&s->site->target, url);
	memcpy(url + strlen(url), "/", 2);
	o.host = s->site->target.host;
	memcpy(broken.error, a->broken, sizeof broken.error);
	if (!a->broken[0])
		w->pac = pac_start(s->plan->loop, &o, done, s);
	if (w->pac) {
		a->running++;
		return;
	}
	step_forget(s);
	if (broken.error[0])
		take_result(s, &broken);
	else
		step_end(s, CHECK_FAILED, "no memory or process for the script");
}

static void start(struct step *s)
{
	struct auto_proxy *a = owner(s);
	struct work *w = calloc(1, sizeof *w);

	if (!w) {
		step_end(s, CHECK_FAILED, "out of memory");
		return;
	}
	w->of = a;
	s->work = w;
	wait_turn(a, s);
	next_turn(a);
	if (s->work == w && !w->pac)
		step_rests(s);
}

static void stop(struct step *s)
{
	struct work *w = s->work;
	struct auto_proxy *a = w->of;

	if (w->pac) {
		pac_stop(w->pac);
		a->running--;
	} else {
		leave_queue(a, s);
	}
	step_forget(s);
	if (!s->plan->stopping)
		next_turn(a);
}

/* ---- the plan ---- */

static const struct step_kind ask_kind = { CHECK_PROXY, start, stop, 1, false };

static bool add_proxy(struct plan *p, struct auto_proxy *a, struct site *site, struct proxy **end)
{
	struct proxy *proxy = calloc(1, sizeof *proxy);

	if (!proxy)
		return false;
	*end = proxy;
	proxy->site = site;
	proxy->http = !site->target.https;
	proxy->https = site->target.https;
	snprintf(proxy->origin, sizeof proxy->origin, "%s", a->name);
	proxy->script = plan_add(p, &ask_kind, NULL, site, proxy, a->name);
	if (!proxy->script)
		return false;
	step_needs(proxy->script, a->load);
	step_sends(proxy->script, "nothing: asks the script for %.100s", site->target.host);
	return true;
}

static struct auto_proxy *add_script(struct plan *p, const char *name)
{
	struct auto_proxy *a = calloc(1, sizeof *a), **end = &p->auto_proxy;

	if (!a)
		return NULL;
	a->name = name;
	buf_init(&a->script, PAC_SCRIPT_MAX);
	while (*end)
		end = &(*end)->next;
	*end = a;
	return a;
}

/* A URL is what has the scheme of one; all else is a file. */
static void read_source(struct auto_proxy *a, const char *pac)
{
	struct span text = span_text(pac);
	struct fault fault;

	if (span_istarts(text, SPAN("file://"))) {
		a->path = pac + strlen("file://");
	} else if (!span_istarts(text, SPAN("http://")) && !span_istarts(text, SPAN("https://"))) {
		a->path = pac;
	} else if (!target_parse(text, &a->source, &fault)) {
		snprintf(a->wrong, sizeof a->wrong, "%.*s", (int)sizeof a->wrong - 1, fault.text);
	} else if (!a->source.path[0]) {
		a->source.path[0] = '/';
	}
}

static bool plan_script(struct plan *p, struct auto_proxy *a)
{
	struct proxy **end = &p->proxies;

	if (!autoload_plan(p, a))
		return false;
	while (*end)
		end = &(*end)->next;
	for (struct site *site = p->sites; site; site = site->next, end = &(*end)->next)
		if (!add_proxy(p, a, site, end))
			return false;
	return true;
}

bool auto_proxy_plan(struct plan *p)
{
	struct auto_proxy *a;

	if (p->options->pac) {
		a = add_script(p, "--pac");
		if (!a)
			return false;
		read_source(a, p->options->pac);
		if (!plan_script(p, a))
			return false;
	}
	if (p->options->wpad) {
		a = add_script(p, "wpad.dat");
		if (!a)
			return false;
		a->source = (struct target){ .has_scheme = true, .host = "wpad", .path = "/wpad.dat" };
		if (!plan_script(p, a))
			return false;
	}
	return true;
}

void auto_proxy_free(struct auto_proxy *a)
{
	while (a) {
		struct auto_proxy *next = a->next;

		buf_release(&a->script);
		explicit_bzero(a->source.user, sizeof a->source.user);
		free(a);
		a = next;
	}
}
