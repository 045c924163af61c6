/* probes/plan.c - steps: what each is about, what it needs, and what it has learned. */
#include "probes/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/tongue.h"
#include "base/utf8.h"
#include "probes/schedule.h"
#include "probes/steps.h"

#define CONNECT_TIMEOUT (5 * MOMENT_S)
#define CHECK_TIMEOUT   (15 * MOMENT_S)

enum { BODY_KEEP = 1 << 16, BODY_MOST = 1 << 20 };

static bool grow(struct plan *p)
{
	size_t room = p->step_room ? 2 * p->step_room : 64;
	struct step **steps;

	if (p->step_count < p->step_room)
		return true;
	steps = realloc(p->steps, room * sizeof *steps);
	if (!steps)
		return false;
	p->steps = steps;
	p->step_room = room;
	return true;
}

/* What it is about; a step of a proxy as a whole has the proxy for its target. */
static void name_ends(struct step *s)
{
	struct check *told = &s->told;

	if (s->site)
		target_text(&s->site->target, told->target);
	else if (s->proxy && s->proxy->target.host[0])
		target_text(&s->proxy->target, told->target);
	else if (s->proxy)
		snprintf(told->target, sizeof told->target, "%s", s->proxy->origin);
	if (s->way && s->proxy && s->proxy->target.host[0])
		target_host_port(&s->proxy->target, told->proxy);
	else if (s->way && s->proxy)
		snprintf(told->proxy, sizeof told->proxy, "%s", s->proxy->origin);
}

struct step *plan_add(struct plan *p, const struct step_kind *kind, struct way *way, struct site *site,
                      struct proxy *proxy, const char *name)
{
	struct step *s = grow(p) ? calloc(1, sizeof *s) : NULL;

	if (!s)
		return NULL;
	s->kind = kind;
	s->plan = p;
	s->way = way;
	s->site = way ? way->site : site;
	s->proxy = way ? way->proxy : proxy;
	s->told = (struct check){
		.number = (unsigned)p->step_count,
		.rung = kind->rung,
		.state = CHECK_SKIPPED,
		.began = MOMENT_NONE,
		.ended = MOMENT_NONE,
		.lookup = -1,
		.connect = -1,
		.tls = -1,
		.first_byte = -1,
	};
	snprintf(s->told.name, sizeof s->told.name, "%s", name);
	name_ends(s);
	p->steps[p->step_count++] = s;
	if (s->proxy)
		step_needs(s, s->proxy->script);
	return s;
}

void step_needs(struct step *s, struct step *other)
{
	if (!other || other == s)
		return;
	for (unsigned i = 0; i < s->need_count; i++)
		if (s->needs[i] == other)
			return;
	if (s->need_count < STEP_NEEDS_MAX)
		s->needs[s->need_count++] = other;
}

void step_sends(struct step *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tongue_vsay(s->sends, sizeof s->sends, format, args);
	va_end(args);
}

/* One line of whole characters, whoever wrote what is in it. */
static void tidy(char *text, size_t size)
{
	size_t len = strlen(text);

	if (len + 1 == size)
		text[utf8_whole(span_of(text, len)).len] = '\0';
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
}

void step_end(struct step *s, enum check_state state, const char *format, ...)
{
	struct plan *p = s->plan;
	va_list args;

	if (s->ended)
		return;
	va_start(args, format);
	tongue_vsay(s->told.detail, sizeof s->told.detail, format, args);
	va_end(args);
	tidy(s->told.detail, sizeof s->told.detail);
	s->told.state = state;
	if (s->told.began != MOMENT_NONE)
		s->told.ended = loop_clock(p->loop);
	name_ends(s);
	s->ended = true;
	p->done++;
	if (p->schedule)
		schedule_step_ended(p->schedule, s);
}

void step_forget(struct step *s)
{
	free(s->work);
	s->work = NULL;
}

bool step_well(const struct step *s)
{
	return s->ended && (s->told.state == CHECK_OK || s->told.state == CHECK_WARNING);
}

/* The reason is the first that went wrong, not the chain of those that it took with it. */
void step_skip(struct step *s, const struct step *need)
{
	s->told.began = MOMENT_NONE;
	if (need->told.state == CHECK_SKIPPED && need->told.began == MOMENT_NONE)
		step_end(s, CHECK_SKIPPED, "%s", need->told.detail);
	else
		step_end(s, CHECK_SKIPPED, "needs %s %s: %s", check_rung_name(need->told.rung),
		         need->told.name, need->told.detail);
}

void step_trouble(struct step *s, enum check_trouble trouble)
{
	s->told.trouble = trouble;
}

void step_rests(struct step *s)
{
	if (s->plan->schedule)
		schedule_step_rests(s->plan->schedule, s);
}

static int64_t between(int64_t from, int64_t to)
{
	return from == MOMENT_NONE || to == MOMENT_NONE || to < from ? -1 : to - from;
}

void step_talk(struct step *s, const struct dial_result *dial)
{
	struct check *told = &s->told;

	if (!dial->talk.us.port)        /* nothing has left this machine */
		return;
	if (told->talk_count == CHECK_TALKS) {
		memmove(told->talks, told->talks + 1, sizeof told->talks - sizeof *told->talks);
		told->talk_count--;
	}
	told->talks[told->talk_count++] = (struct check_talk){
		dial->talk.us, dial->talk.them, tape_owner_turn(dial->talk.owner),
	};
	if (dial->outcome == DIAL_OPEN)
		told->connect = between(dial->began, dial->ended);
}

void step_fetched(struct step *s, const struct fetch_result *r)
{
	struct check *told = &s->told;
	int64_t ready = r->secured == MOMENT_NONE ? r->connected : r->secured;

	step_talk(s, &r->dial);
	told->connect = between(r->lookup == MOMENT_NONE ? r->began : r->lookup, r->connected);
	told->tls = between(r->connected, r->secured);
	told->first_byte = between(ready, r->first_byte);
}

static const char *login_of(const char *option, const char *of_url)
{
	return of_url[0] ? of_url : option;
}

struct fetch_options step_fetch(const struct step *s, const char *method, const char *path,
                                char url[static FETCH_URL_MAX])
{
	const struct probe_options *o = s->plan->options;
	const struct site *site = s->site;
	struct proxy *proxy = s->proxy;
	struct fetch_options f = {
		.method = method,
		.url = url,
		.at = proxy ? proxy->addresses[0] : site->addresses[0],
		.agent = s->plan->agent,
		.tls = { .authorities = o->authorities, .certificate = o->certificate, .key = o->key,
		         .insecure = o->insecure },
		.owner = s->told.number,
		.connect_timeout = step_connect_timeout(s),
		.timeout = step_timeout(s),
		.keep = BODY_KEEP,
		.most = BODY_MOST,
	};
	char origin[TARGET_TEXT];

	snprintf(url, FETCH_URL_MAX, "%s%s", target_text(&site->target, origin), path);
	if (proxy) {
		f.proxy = target_text(&proxy->target, proxy->url);
		f.proxy_user = login_of(o->proxy_user, proxy->target.user);
		f.proxy_login = f.proxy_user ? FETCH_ANY : FETCH_NO_LOGIN;
	}
	f.server_user = login_of(o->server_user, site->target.user);
	f.server_login = f.server_user ? FETCH_ANY : FETCH_NO_LOGIN;
	return f;
}

int64_t step_timeout(const struct step *s)
{
	int64_t given = s->plan->options->check_timeout;

	return given ? given : CHECK_TIMEOUT;
}

int64_t step_connect_timeout(const struct step *s)
{
	int64_t given = s->plan->options->connect_timeout, wanted = given ? given : CONNECT_TIMEOUT;

	return wanted < step_timeout(s) ? wanted : step_timeout(s);
}

static void free_buf(struct buf *b)
{
	if (b)
		buf_release(b);
	free(b);
}

static void free_site(struct site *site)
{
	while (site->ways) {
		struct way *way = site->ways;

		site->ways = way->next;
		free_buf(way->authorization_cookie);
		free_buf(way->cookie_data);
		free(way);
	}
	explicit_bzero(site->target.user, sizeof site->target.user);
	free(site);
}

static void free_sites(struct site **sites)
{
	while (*sites) {
		struct site *site = *sites;

		*sites = site->next;
		free_site(site);
	}
}

void plan_release(struct plan *p)
{
	for (size_t i = 0; i < p->step_count; i++)
		free(p->steps[i]);
	free(p->steps);
	p->steps = NULL;
	p->step_count = p->step_room = 0;
	auto_proxy_free(p->auto_proxy);
	p->auto_proxy = NULL;
	free_sites(&p->sites);
	free_sites(&p->upstream);
	while (p->proxies) {
		struct proxy *proxy = p->proxies;

		p->proxies = proxy->next;
		explicit_bzero(proxy->target.user, sizeof proxy->target.user);
		free(proxy);
	}
}
