/* probes/sites.c - which of a host's ports serve updates, and whether its name is as good as its address. */
#include "probes/sites.h"

#include <stdio.h>

#include "base/tongue.h"
#include "probes/request.h"

#define PAGE "/ClientWebService/client.asmx"

static bool is_good(const struct step *s)
{
	return s->told.state == CHECK_OK || s->told.state == CHECK_WARNING;
}

/* Somebody there spoke HTTP. */
static bool is_answered(const struct step *s)
{
	return s->told.began != MOMENT_NONE && s->told.first_byte >= 0;
}

static bool is_by_driver(const struct fetch_result *result)
{
	return (result->status == 400 || result->status == 404) &&
	       request_maker(result).role == ANSWERER_HTTP_SYS;
}

/* ---- of all ports that were looked for, at least one ---- */

struct summary {
	struct request request;
	char found[CHECK_DETAIL_MAX - 80];
};

static void heard_refusal(struct request *r, const struct fetch_result *result)
{
	struct summary *m = (struct summary *)r;
	char found[sizeof m->found];

	(void)result;                   /* it is for the judges */
	memcpy(found, m->found, sizeof found);
	request_over(r, CHECK_FAILED, "%s", found);
}

static void note(char *text, size_t size, const char *format, unsigned port, const char *words)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, format, port, words);
}

/* It is told of the port that it turns out to be about. */
static void move_home(struct step *s, const struct step *to)
{
	if (!to)
		return;
	s->way = to->way;
	s->site = to->site;
}

/* That none serves is to be heard of: the request is made again, where somebody answers. */
static void sum_up(struct step *s)
{
	struct summary *m = request_new(s, sizeof *m, heard_refusal);
	struct step *serves = NULL, *answers = NULL;
	struct fetch_options o;
	char ports[64] = "";

	if (!m)
		return;
	tongue_say(m->found, sizeof m->found, "no port serves updates");
	for (unsigned i = 0; i < s->need_count; i++) {
		struct step *need = s->needs[i];

		if (!need->way || need->kind->rung != CHECK_HTTP)
			continue;
		if (is_good(need)) {
			note(ports, sizeof ports, ports[0] ? ", %u%s" : "%u%s", need->site->target.port, "");
			serves = serves ? serves : need;
		} else if (is_answered(need)) {
			note(m->found, sizeof m->found, "; %u: %.60s", need->site->target.port,
			     need->told.detail);
			answers = answers ? answers : need;
		}
	}
	move_home(s, serves ? serves : answers);
	if (serves) {
		request_over(&m->request, CHECK_OK, "served on %s", ports);
	} else if (!answers) {
		s->told.unjudged = true;
		request_over(&m->request, CHECK_SKIPPED, "no port answers");
	} else {
		o = request_options(&m->request, "GET", PAGE);
		request_send(&m->request, &o);
	}
}

static const struct step_kind any_site = {
	.rung = CHECK_HTTP, .start = sum_up, .stop = request_stop,
};

static bool is_sibling(const struct site *a, const struct site *b)
{
	return !a->asked_for && !b->asked_for && !strcmp(a->target.host, b->target.host);
}

static bool is_last(const struct site *site)
{
	for (const struct site *s = site->next; s; s = s->next)
		if (is_sibling(s, site))
			return false;
	return !site->asked_for;
}

static bool plan_summary(struct plan *p, struct way *way)
{
	struct step *s = plan_add(p, &any_site, way, NULL, NULL, "any update point");

	if (!s)
		return false;
	s->lenient = true;
	step_sends(s, "nothing, unless no port serves updates: then GET %s once more", PAGE);
	for (const struct site *site = p->sites; site; site = site->next) {
		if (!is_sibling(site, way->site))
			continue;
		for (const struct way *w = site->ways; w; w = w->next)
			if (w->proxy == way->proxy)
				step_needs(s, w->http);
	}
	return true;
}

/* ---- the name against the address ---- */

enum { HOST_MAX = 80 };

struct comparison {
	struct request request;
	char host[HOST_MAX];            /* "Host: 192.0.2.1:8530" */
	const char *headers[2];
	char said[REQUEST_TEXT];
};

static const char *address_of(const struct step *s, char text[static ENDPOINT_TEXT])
{
	const struct target *t = &s->way->site->target;
	const struct endpoint e = { s->way->site->addresses[0], t->port };
	bool usual = t->port == (t->https ? 443 : 80);

	endpoint_text(&e, text);
	if (usual)
		*strrchr(text, ':') = '\0';
	return text;
}

static void skip(struct request *r, const char *why)
{
	r->step->told.unjudged = true;
	request_over(r, CHECK_SKIPPED, "%s", why);
}

static void hear_by_name(struct request *r, const struct fetch_result *result)
{
	struct comparison *c = (struct comparison *)r;
	char address[ENDPOINT_TEXT], said[REQUEST_TEXT], by_address[REQUEST_TEXT];

	memcpy(by_address, c->said, sizeof by_address);
	address_of(r->step, address);
	request_said(result, said);
	if (result->stage >= FETCH_BODY && is_by_driver(result))
		request_over(r, CHECK_FAILED, "answers to %s (%.100s), not to %.80s (%.60s): its binding has "
		             "another host name", address, by_address, r->step->way->site->target.host, said);
	else
		skip(r, _("its name is refused for another reason"));
}

static void hear_by_address(struct request *r, const struct fetch_result *result)
{
	struct comparison *c = (struct comparison *)r;
	struct fetch_options o;
	bool good = is_good(r->step->needs[0]);
	char address[ENDPOINT_TEXT];

	request_said(result, c->said);
	address_of(r->step, address);
	if (result->stage < FETCH_BODY || !result->status) {
		skip(r, _("no answer by its address"));
	} else if (is_by_driver(result) && good) {
		r->step->told.unjudged = true;
		request_over(r, CHECK_OK, "answers to its name, not to %s (%u): its binding has a host name",
		             address, result->status);
	} else if (is_by_driver(result)) {
		skip(r, _("refused by its address, too"));
	} else if (good) {
		request_over(r, CHECK_OK, "answers to %s as to its name", address);
	} else {
		r->heard = hear_by_name;
		o = request_options(r, "GET", PAGE);
		request_send(r, &o);
	}
}

static void compare(struct step *s)
{
	const struct step *front = s->needs[0];
	struct comparison *c = request_new(s, sizeof *c, hear_by_address);
	char address[ENDPOINT_TEXT], why[CHECK_DETAIL_MAX];
	struct fetch_options o;

	if (!c)
		return;
	if (!is_good(front) && !is_answered(front)) {
		skip(&c->request, request_needs(front, why));
		return;
	}
	snprintf(c->host, sizeof c->host, "Host: %s", address_of(s, address));
	c->headers[0] = c->host;
	o = request_options(&c->request, "GET", PAGE);
	o.headers = c->headers;
	request_send(&c->request, &o);
}

static const struct step_kind host_names = {
	.rung = CHECK_HTTP, .start = compare, .stop = request_stop,
};

static bool plan_comparison(struct plan *p, struct way *way)
{
	struct step *s = plan_add(p, &host_names, way, NULL, NULL, "host name");

	if (!s)
		return false;
	s->lenient = way->site->asked_for;
	step_needs(s, way->http);
	step_sends(s, "GET %s with the address for its host name", PAGE);
	return true;
}

bool sites_plan(struct plan *p, struct way *way)
{
	bool scripted = way->proxy && way->proxy->site;

	if (!way->proxy && !way->site->target.is_addr && !plan_comparison(p, way))
		return false;
	return !is_last(way->site) || scripted || plan_summary(p, way);
}
