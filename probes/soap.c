/* probes/soap.c - the calls that begin a client's scan, one a step, each with what the one before gave.
 *
 * GetConfig asks for nothing and changes nothing; cookies are asked for in a probe's own name.  Only
 * RegisterComputer and SyncUpdates leave something behind, and are made when registering is allowed.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/tongue.h"
#include "probes/request.h"
#include "probes/soapcalls.h"
#include "probes/soapread.h"
#include "probes/steps.h"
#include "probes/xpresshook.h"

enum { ANSWER_MAX = 16 << 20, WIRE_MAX = 8 << 20, MACHINE_MAX = 256, VERDICT_TEXT = 256, WORD_MAX = 120 };

#define CLIENT_PROTOCOL "2.90"          /* of Windows 11's agents */
#define TOLERATED (5 * 60 * MOMENT_S)   /* what Kerberos tolerates, and cookies */

struct verdict {
	enum check_state state;
	bool unjudged;
	char text[VERDICT_TEXT];
};

struct call {
	struct request request;
	struct buf body;
	char action[SOAP_ACTION_MAX];
	const char *headers[7];
};

struct row {
	const char *name, *path;
	enum soap_request request;
	bool registers, upstream;
	void (*judge)(struct way *way, const struct fetch_result *result, const struct soap_answer *a,
	              struct verdict *v);
	/* where others find the step, and what it needs: places in struct way; 0: none */
	size_t known_as, needs;
};

static void say(struct verdict *v, enum check_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct verdict *v, enum check_state state, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	tongue_vsay(v->text, sizeof v->text, format, arguments);
	va_end(arguments);
	v->state = state;
}

/* Of an answer, for a line of a report. */
static const char *word(const struct soap_answer *a, enum soap_value value, char text[static WORD_MAX])
{
	struct span s = soap_value(a, value);

	snprintf(text, WORD_MAX, "%.*s", s.len < WORD_MAX ? (int)s.len : WORD_MAX - 1,
	         s.len ? (const char *)s.at : "");
	return text;
}

/* ---- what answers say ---- */

static void keep_text(char *to, size_t size, struct span text)
{
	snprintf(to, size, "%.*s", text.len < size ? (int)text.len : (int)size - 1,
	         text.len ? (const char *)text.at : "");
}

static bool keep_bytes(struct buf **to, struct span first, struct span second)
{
	if (!*to) {
		*to = calloc(1, sizeof **to);
		if (!*to)
			return false;
		buf_init(*to, SOAP_TEXT_MAX);
	}
	buf_clear(*to);
	return buf_add(*to, first) && buf_add(*to, second);
}

/* "WSUS 2.0 tells none, 3.2 is WSUS 3.0 SP2 and every one since" (MS-WUSP 3.1.5.3). */
static bool is_old_protocol(struct span protocol)
{
	uint64_t major, minor;

	if (!span_decimal(span_split(&protocol, '.'), &major) || !span_decimal(protocol, &minor))
		return true;
	return major < 3 || (major == 3 && minor < 2);
}

/* ns that the server's clock is ahead of ours; 0: it tells none. */
static int64_t ahead(const struct fetch_result *result)
{
	int64_t date = moment_read_http(fetch_header(result, SPAN("Date")));

	return date == MOMENT_NONE || result->ended == MOMENT_NONE ? 0 : date - result->ended;
}

static void judge_config(struct way *way, const struct fetch_result *result, const struct soap_answer *a,
                         struct verdict *v)
{
	struct span protocol = soap_value(a, VALUE_PROTOCOL), change = soap_value(a, VALUE_LAST_CHANGE);
	bool registers = span_ieq(soap_value(a, VALUE_REGISTRATION), SPAN("true")) ||
	                 span_eq(soap_value(a, VALUE_REGISTRATION), SPAN("1"));
	bool usual = span_eq(soap_value(a, VALUE_PLUGIN), SPAN("SimpleTargeting"));
	int64_t skew = ahead(result), apart = skew < 0 ? -skew : skew;
	char plugin[WORD_MAX], clock[120] = "";

	keep_text(way->last_change, sizeof way->last_change, change);
	keep_text(way->protocol, sizeof way->protocol, protocol);
	if (!change.len) {
		say(v, CHECK_FAILED, "the answer tells no LastChange");
		return;
	}
	if (apart > TOLERATED)
		tongue_say(clock, sizeof clock,
			   skew < 0 ? N_("; the server's clock is %lld min behind")
				    : N_("; the server's clock is %lld min ahead"),
			   (long long)(apart / MOMENT_S / 60));
	say(v, clock[0] || !usual || is_old_protocol(protocol) ? CHECK_WARNING : CHECK_OK,
	    "protocol %s%s, %s, %s%s", way->protocol[0] ? way->protocol : _("of WSUS 2.0"),
	    is_old_protocol(protocol) ? _(" (old: it is 3.2 since WSUS 3.0 SP2)") : "",
	    word(a, VALUE_PLUGIN, plugin)[0] ? plugin : _("no plug-in"),
	    registers ? _("clients register") : _("no registration"), clock);
}

/* The plug-in's name and the cookie go to GetCookie together: a line each. */
static void judge_authorization(struct way *way, const struct fetch_result *result,
                                const struct soap_answer *a, struct verdict *v)
{
	struct span data = soap_value(a, VALUE_COOKIE_DATA);
	char plugin[WORD_MAX], line[WORD_MAX + 1];

	(void)result;
	snprintf(line, sizeof line, "%s\n", word(a, VALUE_COOKIE_PLUGIN, plugin));
	if (!data.len)
		say(v, CHECK_FAILED, "the answer holds no cookie");
	else if (!keep_bytes(&way->authorization_cookie, span_text(line), data))
		say(v, CHECK_FAILED, "out of memory");
	else
		say(v, CHECK_OK, "a cookie of %s", plugin[0] ? plugin : _("no plug-in"));
}

static void judge_cookie(struct way *way, const struct fetch_result *result, const struct soap_answer *a,
                         struct verdict *v)
{
	struct span data = soap_value(a, VALUE_ENCRYPTED), until = soap_value(a, VALUE_EXPIRATION);
	int64_t expires = moment_read(until);
	int64_t left = expires == MOMENT_NONE || result->ended == MOMENT_NONE ? 0 : expires - result->ended;
	char text[WORD_MAX];

	keep_text(way->cookie_expiration, sizeof way->cookie_expiration, until);
	word(a, VALUE_EXPIRATION, text);
	if (!data.len || !until.len)
		say(v, CHECK_FAILED, "the answer holds no cookie");
	else if (!keep_bytes(&way->cookie_data, data, SPAN("")))
		say(v, CHECK_FAILED, "out of memory");
	else if (left <= 0)
		say(v, CHECK_WARNING, "the cookie has expired by our clock: %s", text);
	else
		say(v, CHECK_OK, "a cookie for %lld min", (long long)(left / MOMENT_S / 60));
}

static void judge_registration(struct way *way, const struct fetch_result *result,
                               const struct soap_answer *a, struct verdict *v)
{
	(void)way, (void)result, (void)a;
	say(v, CHECK_OK, "registered");
}

static void judge_updates(struct way *way, const struct fetch_result *result, const struct soap_answer *a,
                          struct verdict *v)
{
	bool more = span_ieq(soap_value(a, VALUE_TRUNCATED), SPAN("true"));

	(void)way, (void)result;
	say(v, CHECK_OK, "%u updates on the first page, %s", a->updates,
		more ? _("more follow") : _("no more"));
}

static void judge_ping(struct way *way, const struct fetch_result *result, const struct soap_answer *a,
                       struct verdict *v)
{
	char machine[WORD_MAX], time[WORD_MAX];

	(void)way, (void)result;
	word(a, VALUE_PING_MACHINE, machine);
	word(a, VALUE_PING_TIME, time);
	say(v, CHECK_OK, "%s%s%s", machine[0] ? machine : _("it lives"),
		time[0] ? _(", its time ") : "", time);
}

static void judge_upstream(struct way *way, const struct fetch_result *result, const struct soap_answer *a,
                           struct verdict *v)
{
	bool usual = span_eq(soap_value(a, VALUE_PLUGIN), SPAN("DssTargeting"));
	char plugin[WORD_MAX];

	(void)way, (void)result;
	word(a, VALUE_PLUGIN, plugin);
	say(v, usual ? CHECK_OK : CHECK_WARNING, "%s", plugin[0] ? plugin : _("no plug-in"));
}

#define CLIENT "/ClientWebService/client.asmx"
#define WAY(member) offsetof(struct way, member)

static const struct row rows[] = {
	{ "GetConfig", CLIENT, SOAP_GET_CONFIG, false, false, judge_config, WAY(config), WAY(http) },
	{ "Ping", "/ServerSyncWebService/ServerSyncWebService.asmx", SOAP_PING, false, false, judge_ping, 0,
	  WAY(http) },
	{ "GetAuthorizationCookie", "/SimpleAuthWebService/SimpleAuth.asmx", SOAP_GET_AUTHORIZATION_COOKIE,
	  false, false, judge_authorization, WAY(authorization), WAY(config) },
	{ "GetCookie", CLIENT, SOAP_GET_COOKIE, false, false, judge_cookie, WAY(cookie), WAY(authorization) },
	{ "RegisterComputer", CLIENT, SOAP_REGISTER_COMPUTER, true, false, judge_registration, 0,
	  WAY(cookie) },
	{ "SyncUpdates", CLIENT, SOAP_SYNC_UPDATES, true, false, judge_updates, 0, WAY(cookie) },
	{ "GetAuthConfig", "/ServerSyncWebService/ServerSyncWebService.asmx", SOAP_GET_AUTH_CONFIG, false,
	  true, judge_upstream, 0, WAY(http) },
};

/* ---- reading them ---- */

/* As it was before it was encoded; false: nobody can tell. */
static bool decode(const struct plan *p, const struct fetch_result *result, struct buf *plain,
                   struct span *xml)
{
	struct span coding = fetch_header(result, SPAN("Content-Encoding"));
	const struct body_decoder *d = p->options->decoder;

	*xml = result->body;
	if (!coding.len || span_ieq(coding, SPAN("identity")))
		return true;
	if (!d || !d->decode(d->self, result->body, coding, plain))
		return false;
	*xml = buf_span(plain);
	return true;
}

static void judge_fault(const struct row *row, const struct soap_answer *a, struct verdict *v)
{
	char code[WORD_MAX], message[WORD_MAX], id[WORD_MAX];
	struct span error = soap_value(a, VALUE_ERROR_CODE);

	word(a, error.len ? VALUE_ERROR_CODE : VALUE_FAULT_CODE, code);
	word(a, soap_value(a, VALUE_ERROR_MESSAGE).len ? VALUE_ERROR_MESSAGE : VALUE_FAULT_TEXT, message);
	word(a, VALUE_ERROR_ID, id);
	if (row->request == SOAP_REGISTER_COMPUTER && span_eq(error, SPAN("RegistrationNotRequired"))) {
		say(v, CHECK_OK, "the server wants no registration");
		v->unjudged = true;
		return;
	}
	say(v, CHECK_FAILED, "fault %.60s: %.90s%s%.40s", code, message, id[0] ? "; ID " : "", id);
}

static bool answers(const struct soap_answer *a, enum soap_request request)
{
	char due[SOAP_METHOD_MAX];

	snprintf(due, sizeof due, "%sResponse", soap_request_name(request));
	return !strcmp(a->method, due);
}

static void judge(const struct row *row, struct way *way, const struct fetch_result *result,
                  struct verdict *v)
{
	struct soap_answer a = { 0 };
	char said[REQUEST_TEXT];
	struct buf plain;
	struct span xml;

	buf_init(&plain, ANSWER_MAX);
	request_said(result, said);
	if (result->stage != FETCH_DONE || result->cut)
		say(v, CHECK_FAILED, "%.150s%s", said, result->cut ? _(", without an end") : "");
	else if (!decode(way->plan, result, &plain, &xml))
		say(v, CHECK_FAILED, "%.150s, in a coding that cannot be undone", said);
	else if (!soap_read(xml, &a))
		say(v, CHECK_FAILED, "%.150s%s", said,
		    result->status == 200 ? _(", and no whole SOAP answer") : "");
	else if (a.is_fault)
		judge_fault(row, &a, v);
	else if (!answers(&a, row->request))
		say(v, CHECK_FAILED, "the answer is a %.60s", a.method);
	else
		row->judge(way, result, &a, v);
	soap_release(&a);
	buf_release(&plain);
}

static void heard(struct request *r, const struct fetch_result *result)
{
	struct call *c = (struct call *)r;
	const struct row *row = &rows[r->step->variant];
	struct verdict v = { .state = CHECK_FAILED };

	judge(row, r->step->way, result, &v);
	/* Not every service can be asked whether it lives. */
	if (row->request == SOAP_PING && v.state == CHECK_FAILED) {
		char said[REQUEST_TEXT];

		say(&v, CHECK_OK, "not served here: %.200s", request_said(result, said));
		v.unjudged = true;
	}
	r->step->told.unjudged = v.unjudged;
	buf_release(&c->body);
	request_over(r, v.state, "%s", v.text);
}

/* ---- making them ---- */

static const char *machine_of(const struct plan *p, char text[static MACHINE_MAX])
{
	if (p->options->machine)
		snprintf(text, MACHINE_MAX, "%s", p->options->machine);
	else if (gethostname(text, MACHINE_MAX))
		text[0] = '\0';
	text[MACHINE_MAX - 1] = '\0';
	return text;
}

static bool write_call(struct step *s, struct call *c)
{
	const struct way *way = s->way;
	char machine[MACHINE_MAX], id[CLIENT_ID_TEXT], now[MOMENT_TEXT];
	struct span slots[SOAP_SLOT_COUNT] = { 0 }, cookie = { NULL, 0 };

	if (way->authorization_cookie)
		cookie = buf_span(way->authorization_cookie);
	machine_of(s->plan, machine);
	slots[SLOT_CLIENT_PROTOCOL] = SPAN(CLIENT_PROTOCOL);
	slots[SLOT_CLIENT_ID] = span_text(soap_client_id(span_text(machine), id));
	slots[SLOT_MACHINE] = span_text(machine);
	slots[SLOT_PLUGIN] = span_split(&cookie, '\n');
	slots[SLOT_COOKIE_DATA] = cookie;
	slots[SLOT_LAST_CHANGE] = span_text(way->last_change);
	slots[SLOT_NOW] = span_text(moment_text(loop_clock(s->plan->loop), now));
	slots[SLOT_EXPIRATION] = span_text(way->cookie_expiration);
	if (way->cookie_data)
		slots[SLOT_ENCRYPTED] = buf_span(way->cookie_data);
	buf_init(&c->body, 2 * SOAP_TEXT_MAX);
	return soap_request_write(rows[s->variant].request, slots, &c->body);
}

/* As the agent does: no Accept, nothing from a cache. */
static void set_headers(struct call *c, enum soap_request request, bool xpress)
{
	size_t n = 0;

	c->headers[n++] = "Content-Type: text/xml; charset=utf-8";
	c->headers[n++] = soap_request_action(request, c->action);
	c->headers[n++] = "Cache-Control: no-cache";
	c->headers[n++] = "Pragma: no-cache";
	c->headers[n++] = "Accept:";
	if (xpress)
		c->headers[n++] = "Accept-Encoding: xpress";
}

static void start(struct step *s)
{
	const struct row *row = &rows[s->variant];
	struct call *c = request_new(s, sizeof *c, heard);
	struct fetch_options o;

	if (!c)
		return;
	if (!write_call(s, c)) {
		buf_release(&c->body);
		request_over(&c->request, CHECK_FAILED, "the call does not fit");
		return;
	}
	set_headers(c, row->request, s->plan->options->decoder);
	o = request_options(&c->request, "POST", row->path);
	o.headers = c->headers;
	o.body = buf_span(&c->body);
	o.keep = o.most = WIRE_MAX;
	request_send(&c->request, &o);
}

static void stop(struct step *s)
{
	struct call *c = s->work;

	if (c)
		buf_release(&c->body);
	request_stop(s);
}

static const struct step_kind call_kind = { .rung = CHECK_SOAP, .start = start, .stop = stop };

static struct step **place_in(struct way *way, size_t offset)
{
	return (struct step **)(void *)((char *)way + offset);
}

bool soap_plan(struct plan *p, struct way *way)
{
	struct step *registered = NULL;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct step *s;

		if (row->registers && !p->options->registers)
			continue;
		if (row->upstream && !(p->options->upstream && way->site->asked_for))
			continue;
		s = plan_add(p, &call_kind, way, NULL, NULL, row->name);
		if (!s)
			return false;
		s->variant = (unsigned)i;
		step_sends(s, "POST %s %s%s", row->path, row->name,
		           row->registers ? _(" (the server will know this machine)") : "");
		step_needs(s, *place_in(way, row->needs));
		if (row->known_as)
			*place_in(way, row->known_as) = s;
		if (row->request == SOAP_SYNC_UPDATES)
			step_needs(s, registered);
		if (row->request == SOAP_REGISTER_COMPUTER)
			registered = s;
	}
	return true;
}
