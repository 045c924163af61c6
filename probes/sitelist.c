/* probes/sitelist.c - what the user names becomes sites, proxies and ways. */
#include "probes/sitelist.h"

#include <stdio.h>
#include <stdlib.h>

enum { PROXY_PORT = 1080, HTTP_PORT = 80, HTTPS_PORT = 443, WSUS_HTTPS_PORT = 8531 };

static const struct {
	uint16_t port;
	bool https;
} usual[] = { { 8531, true }, { 8530, false }, { 443, true }, { 80, false } };

static const char environment_word[] = "environment";

static bool no_memory(struct fault *f)
{
	return fault_set(f, FAULT_MEMORY, "there is no memory for the plan of the probe");
}

/* ---- sites ---- */

static struct site *find_site(const struct plan *p, const struct target *t)
{
	for (struct site *site = p->sites; site; site = site->next)
		if (site->target.port == t->port && site->target.https == t->https &&
		    !strcmp(site->target.host, t->host))
			return site;
	return NULL;
}

/* Behind the others of its host, so that a host stays together. */
static void insert_site(struct plan *p, struct site *site)
{
	struct site **link = &p->sites, **at = NULL;

	for (; *link; link = &(*link)->next)
		if (!strcmp((*link)->target.host, site->target.host))
			at = &(*link)->next;
	if (!at)
		at = link;
	site->next = *at;
	*at = site;
}

static bool add_way(struct plan *p, struct site *site, struct proxy *proxy)
{
	struct way **link = &site->ways, *way;

	for (; *link; link = &(*link)->next)
		if ((*link)->proxy == proxy)
			return true;
	way = calloc(1, sizeof *way);
	if (!way)
		return false;
	way->plan = p;
	way->site = site;
	way->proxy = proxy;
	*link = way;
	return true;
}

static bool add_site(struct plan *p, const struct target *t, bool asked_for)
{
	struct site *site = find_site(p, t);

	if (!site) {
		site = calloc(1, sizeof *site);
		if (!site)
			return false;
		site->target = *t;
		insert_site(p, site);
		if (!add_way(p, site, NULL))
			return false;
	}
	site->asked_for = site->asked_for || asked_for;
	if (t->user[0])
		memcpy(site->target.user, t->user, sizeof t->user);
	if (t->path[0])
		memcpy(site->target.path, t->path, sizeof t->path);
	return true;
}

/* A scheme names its port, and a port its scheme. */
static void complete(struct target *t)
{
	if (!t->has_scheme)
		t->https = t->port == HTTPS_PORT || t->port == WSUS_HTTPS_PORT;
	if (!t->has_port)
		t->port = t->https ? HTTPS_PORT : HTTP_PORT;
	t->has_scheme = t->has_port = true;
}

static bool add_target(struct plan *p, struct target *t)
{
	if (t->has_scheme || t->has_port) {
		complete(t);
		return add_site(p, t, true);
	}
	t->has_scheme = t->has_port = true;
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		t->port = usual[i].port;
		t->https = usual[i].https;
		if (!add_site(p, t, false))
			return false;
	}
	return true;
}

bool sitelist_targets(struct plan *p, struct fault *f)
{
	const struct probe_options *o = p->options;
	struct target t;
	bool good = true;

	if (!o->target_count)
		return fault_set(f, FAULT_USAGE, "nothing to probe: name an update point by its URL or host");
	for (size_t i = 0; i < o->target_count && good; i++) {
		if (!target_parse(span_text(o->targets[i]), &t, f))
			return false;
		good = add_target(p, &t);
		explicit_bzero(t.user, sizeof t.user);
	}
	return good || no_memory(f);
}

/* ---- proxies ---- */

static struct proxy *find_proxy(const struct plan *p, const struct target *t)
{
	for (struct proxy *proxy = p->proxies; proxy; proxy = proxy->next)
		if (!proxy->script && proxy->target.port == t->port && proxy->target.https == t->https &&
		    !strcmp(proxy->target.host, t->host))
			return proxy;
	return NULL;
}

/* curl(1) on -x: http unless a scheme says otherwise, and port 1080, or 443 of an https proxy. */
static struct proxy *add_proxy(struct plan *p, const char *text, const char *origin, struct fault *f)
{
	struct proxy **link = &p->proxies, *proxy;
	struct target t;

	if (!target_parse(span_text(text), &t, f))
		return NULL;
	if (!t.has_port)
		t.port = t.https ? HTTPS_PORT : PROXY_PORT;
	t.has_scheme = t.has_port = true;
	t.path[0] = '\0';
	proxy = find_proxy(p, &t);
	if (!proxy) {
		proxy = calloc(1, sizeof *proxy);
		if (!proxy) {
			no_memory(f);
			return NULL;
		}
		while (*link)
			link = &(*link)->next;
		*link = proxy;
		proxy->target = t;
		snprintf(proxy->origin, sizeof proxy->origin, "%s", origin);
	}
	explicit_bzero(t.user, sizeof t.user);
	return proxy;
}

static bool lead(struct plan *p, struct site *site, struct proxy *proxy, struct fault *f)
{
	proxy->http = proxy->http || !site->target.https;
	proxy->https = proxy->https || site->target.https;
	return add_way(p, site, proxy) || no_memory(f);
}

static const char *variable(const struct environment *e, const char *text)
{
	if (text == e->http_proxy)
		return "http_proxy";
	return text == e->https_proxy ? "https_proxy" : "all_proxy";
}

/* What the environment names depends on the site. */
static bool lead_by_environment(struct plan *p, const struct environment *e, struct fault *f)
{
	for (struct site *site = p->sites; site; site = site->next) {
		const char *text = environment_proxy(e, &site->target);
		struct proxy *proxy;

		if (!text)
			continue;
		proxy = add_proxy(p, text, variable(e, text), f);
		if (!proxy || !lead(p, site, proxy, f))
			return false;
	}
	return true;
}

static bool lead_all(struct plan *p, const char *text, struct fault *f)
{
	struct proxy *proxy = add_proxy(p, text, "-x", f);

	for (struct site *site = p->sites; proxy && site; site = site->next)
		if (!lead(p, site, proxy, f))
			return false;
	return proxy;
}

bool sitelist_proxies(struct plan *p, const struct environment *e, struct fault *f)
{
	const struct probe_options *o = p->options;

	for (size_t i = 0; i < o->proxy_count; i++) {
		bool named = strcmp(o->proxies[i], environment_word) != 0;

		if (!(named ? lead_all(p, o->proxies[i], f) : lead_by_environment(p, e, f)))
			return false;
	}
	return true;
}

bool sitelist_scripts(struct plan *p)
{
	for (struct proxy *proxy = p->proxies; proxy; proxy = proxy->next)
		if (proxy->script && proxy->site && !add_way(p, proxy->site, proxy))
			return false;
	return true;
}
