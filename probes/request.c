/* probes/request.c - from a step to libcurl and back. */
#include "probes/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/host.h"
#include "base/tongue.h"
#include "facts/exchange.h"

enum { HTTP_PORT = 80, HTTPS_PORT = 443, MAKER_SURE = 40 };

void *request_new(struct step *s, size_t size,
                  void (*heard)(struct request *r, const struct fetch_result *result))
{
	struct request *r = calloc(1, size);

	s->work = r;
	if (!r) {
		step_end(s, CHECK_FAILED, "out of memory");
		return NULL;
	}
	r->step = s;
	r->heard = heard;
	return r;
}

struct fetch_options request_options(struct request *r, const char *method, const char *path)
{
	struct fetch_options o = step_fetch(r->step, method, path, r->url);
	int64_t left = r->step->told.began + step_timeout(r->step) - loop_clock(r->step->plan->loop);

	o.keep = REQUEST_KEPT;
	if (left < o.timeout)
		o.timeout = left > MOMENT_MS ? left : MOMENT_MS;
	return o;
}

struct fetch_options request_elsewhere(struct request *r, const char *method, bool https, uint16_t port,
                                       const char *path)
{
	struct fetch_options o = request_options(r, method, path);
	struct target other = r->step->way->site->target;
	char place[TARGET_TEXT];

	other.https = https;
	other.port = port;
	other.has_scheme = other.has_port = true;
	snprintf(r->url, sizeof r->url, "%s%s", target_text(&other, place), path);
	o.url = r->url;
	if (!https)
		o.tunnel = false;
	return o;
}

static void done(void *self, const struct fetch_result *result)
{
	struct request *r = self;

	r->fetch = NULL;
	step_fetched(r->step, result);
	r->turn++;
	r->heard(r, result);
}

void request_send(struct request *r, const struct fetch_options *o)
{
	struct fetch_options own = *o;

	if (own.owner == r->step->told.number)  /* else it is made for another step */
		own.owner = tape_owner(own.owner, r->turn);
	r->fetch = fetch_start(r->step->plan->loop, r->step->plan->tape, &own, done, r);
	if (!r->fetch)
		request_over(r, CHECK_FAILED, "the request could not be made");
}

void request_aside(struct request *r)
{
	if (r->turn && r->turn <= TAPE_TURNS)
		r->step->told.aside |= 1u << (r->turn - 1);
}

void request_over(struct request *r, enum check_state state, const char *format, ...)
{
	struct step *s = r->step;
	char text[CHECK_DETAIL_MAX];
	va_list arguments;

	va_start(arguments, format);
	tongue_vsay(text, sizeof text, format, arguments);
	va_end(arguments);
	step_forget(s);
	step_end(s, state, "%s", text);
}

void request_stop(struct step *s)
{
	struct request *r = s->work;

	if (r && r->fetch)
		fetch_stop(r->fetch);
	step_forget(s);
}

struct answerer request_maker(const struct fetch_result *result)
{
	struct http_header headers[FETCH_HEADERS_MAX];
	struct exchange x = { .status = (uint16_t)result->status };

	for (unsigned i = 0; i < result->header_count; i++)
		headers[i] = (struct http_header){ result->headers[i].name, result->headers[i].value };
	x.response.present = true;
	x.response.headers = headers;
	x.response.header_count = result->header_count;
	x.response.body.start = result->body;
	return answerer_of(&x);
}

static const char *stage_text(enum fetch_stage stage)
{
#define X(symbol, text) [FETCH_##symbol] = text,
	static const char *const texts[] = { FETCH_STAGES(X) };
#undef X
	return texts[stage];
}

/* "IIS 10.0"; what cannot be named is nobody. */
static void name_maker(const struct fetch_result *result, char text[static REQUEST_TEXT / 2])
{
	struct answerer a = request_maker(result);
	const char *who = a.product ? a.product : answerer_role_text(a.role);
	int version = a.version.len < 24 ? (int)a.version.len : 24;

	text[0] = '\0';
	if (a.role != ANSWERER_UNKNOWN && a.confidence >= MAKER_SURE)
		snprintf(text, REQUEST_TEXT / 2, " from %s%s%.*s", who, version ? " " : "", version,
		         version ? (const char *)a.version.at : "");
}

/* " to portal.corp.example"; "": it leads nowhere else. */
static void name_destination(const struct fetch_result *result, char text[static REQUEST_TEXT / 2])
{
	struct span host = url_host(fetch_header(result, SPAN("Location")));

	text[0] = '\0';
	while (span_byte(host, '@') != SIZE_MAX)        /* no logins in reports */
		span_split(&host, '@');
	if (result->status >= 300 && result->status < 400 && host.len && host.len < REQUEST_TEXT / 4)
		snprintf(text, REQUEST_TEXT / 2, " to %.*s", (int)host.len, (const char *)host.at);
}

const char *request_said(const struct fetch_result *result, char text[static REQUEST_TEXT])
{
	char to[REQUEST_TEXT / 2] = "", more[REQUEST_TEXT / 2] = "", dial[160];

	if (result->stage == FETCH_CONNECT) {
		bool open = result->dial.outcome == DIAL_OPEN;

		snprintf(text, REQUEST_TEXT, "%s: %.200s", stage_text(result->stage),
		         open ? result->error : dial_text(&result->dial, dial));
		return text;
	}
	if (result->status) {
		name_maker(result, more);
		name_destination(result, to);
	}
	if (result->stage == FETCH_DONE)
		snprintf(text, REQUEST_TEXT, "%u%.100s%.100s", result->status, more, to);
	else if (result->stage == FETCH_TUNNEL && result->connect_status)
		snprintf(text, REQUEST_TEXT, "%s: %u%s", stage_text(result->stage), result->connect_status,
		         more);
	else if (result->error[0])
		snprintf(text, REQUEST_TEXT, "%s: %.160s", stage_text(result->stage), result->error);
	else
		snprintf(text, REQUEST_TEXT, "%s", stage_text(result->stage));
	return text;
}

const char *request_needs(const struct step *need, char text[static CHECK_DETAIL_MAX])
{
	const struct check *told = &need->told;

	if (told->state == CHECK_SKIPPED && told->began == MOMENT_NONE)
		snprintf(text, CHECK_DETAIL_MAX, "%s", told->detail);
	else
		snprintf(text, CHECK_DETAIL_MAX, "needs %s %s: %.240s", check_rung_name(told->rung),
		         told->name, told->detail);
	return text;
}

uint16_t request_plain_port(const struct site *site)
{
	const struct target *t = &site->target;

	if (!t->https)
		return t->port;
	if (t->port == HTTPS_PORT)
		return HTTP_PORT;
	return t->port > 1 ? (uint16_t)(t->port - 1) : t->port;
}
