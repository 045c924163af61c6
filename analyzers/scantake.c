/* analyzers/scantake.c - what one call adds to its scan. */
#include <stdlib.h>

#include "analyzers/rungs.h"
#include "analyzers/scanlive.h"
#include "analyzers/web.h"

/* ---- words ---- */

/* "Windows-Update-Agent/1507.2601.30012.0 Client-Protocol/2.90": what stands behind a name and '/'. */
static struct span version_after(struct span agent, struct span name)
{
	size_t at = span_ifind(agent, name);

	if (at == SIZE_MAX)
		return span_of(NULL, 0);
	agent = span_skip(agent, at + name.len);
	return span_split(&agent, ' ');
}

/* Nearly each call says what the one before it said: then nothing is looked up. */
static void keep_text(const char **to, struct words *words, struct span text)
{
	if (text.len && !span_eq(span_text(*to), text))
		*to = words_keep(words, text);
}

static void take_agent(struct scan *s, const struct exchange *x, struct words *words)
{
	struct span agent = http_header(&x->request, SPAN("User-Agent"));

	keep_text(&s->agent, words, version_after(agent, SPAN("Windows-Update-Agent/")));
	keep_text(&s->protocol, words, version_after(agent, SPAN("Client-Protocol/")));
	if (!s->agent[0])
		keep_text(&s->agent, words, version_after(agent, SPAN("MS Web Services Client Protocol ")));
	/* ".NET: 4.0.30319.42000)" */
	if (s->climber != CLIMBER_CLIENT && s->agent[0])
		s->agent = words_keep(words, span_of(s->agent, strcspn(s->agent, ")")));
}

static void take_caller(struct scan *s, const struct wsus_call *said, struct words *words)
{
	struct span attributes = wsus_text(said, FIELD_CALLER_ATTRIBUTES);
	struct span device = wsus_text(said, FIELD_DEVICE_ATTRIBUTES);
	struct span os = wsus_attribute(device, "OSVersion");
	uint64_t build;

	keep_text(&s->caller, words, wsus_attribute(attributes, "Id"));
	s->interactive |= span_eq(wsus_attribute(attributes, "Interactive"), SPAN("1"));
	/* "10.0.26200.1742" */
	span_split(&os, '.');
	span_split(&os, '.');
	if (span_decimal(span_split(&os, '.'), &build) && build <= UINT32_MAX)
		s->os_build = (uint32_t)build;
}

/* ---- values ---- */

static void take_build(struct scan *s, int64_t build)
{
	if (build > 0 && build <= UINT32_MAX)
		s->os_build = (uint32_t)build;
}

static uint32_t most(uint32_t so_far, int64_t count)
{
	if (count < so_far)
		return so_far;
	return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

static void take_identity(struct scan *s, const struct wsus_call *said, struct words *words)
{
	keep_text(&s->server_protocol, words, wsus_text(said, FIELD_SERVER_PROTOCOL));
	keep_text(&s->server_protocol, words, wsus_text(said, FIELD_UPSTREAM_PROTOCOL));
	keep_text(&s->protocol, words, wsus_text(said, FIELD_CONFIG_CLIENT_PROTOCOL));
	keep_text(&s->protocol, words, wsus_text(said, FIELD_COOKIE_CLIENT_PROTOCOL));
	keep_text(&s->protocol, words, wsus_text(said, FIELD_DSS_PROTOCOL));
	keep_text(&s->name, words, wsus_text(said, FIELD_CLIENT_NAME));
	keep_text(&s->name, words, wsus_text(said, FIELD_DNS_NAME));
	keep_text(&s->name, words, wsus_text(said, FIELD_DSS_ACCOUNT));
	keep_text(&s->name, words, wsus_text(said, FIELD_DSS_MACHINE));
	take_build(s, wsus_number(said, FIELD_OS_BUILD, 0));
	if (said && said->event_count)
		take_build(s, said->events[0].build);
}

static void take_counts(struct scan *s, const struct wsus_call *said)
{
	static const enum wsus_field told[] = { FIELD_NEW_UPDATES, FIELD_NEW_REVISIONS,
		                                FIELD_DRIVER_REVISIONS };

	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		s->revisions = most(s->revisions, s->revisions + wsus_number(said, told[i], 0));
	s->installed_ids = most(s->installed_ids, wsus_number(said, FIELD_INSTALLED_IDS, 0));
	s->cached_ids = most(s->cached_ids, wsus_number(said, FIELD_CACHED_IDS, 0));
}

/* The cookie that the next call should carry: the one that was given, else the one in use. */
static void take_cookie(struct live *l, const struct wsus_call *said, uint64_t sent)
{
	static const enum wsus_field given[] = { FIELD_COOKIE_DATA, FIELD_NEW_COOKIE, FIELD_DSS_COOKIE };

	if (sent)
		l->cookie = sent;
	for (size_t i = 0; said && i < sizeof given / sizeof *given; i++) {
		const struct wsus_value *v = wsus_value(said, given[i]);

		if (v && v->number > 0)
			l->cookie = v->hash | 1;
	}
}

static void take_fault(struct scan *s, const struct exchange *x, enum wsus_method method)
{
	if (!x->soap || !x->soap->fault.present)
		return;
	if (!s->faults)
		s->faults = calloc(SCAN_FAULTS_KEPT, sizeof *s->faults);
	if (s->faults && s->fault_count < SCAN_FAULTS_KEPT)
		s->faults[s->fault_count] = (struct scan_fault){ soap_error_of(&x->soap->fault), method,
			                                         x->response.first_frame,
			                                         x->response.first_time };
	s->fault_count += s->faults != NULL;
}

/* ---- order ---- */

/* MS-WUSP 3.2.5.7: while pages are truncated, or new updates are no leaves, there is one more to ask for. */
static bool has_more_pages(const struct wsus_call *said)
{
	return wsus_number(said, FIELD_NEW_UPDATES, 0) > 0 &&
	       (wsus_number(said, FIELD_TRUNCATED, 0) || wsus_number(said, FIELD_NON_LEAVES, 0) > 0);
}

/* What a client must ask for after that answer; RUNG_COUNT: it may be content. */
static enum rung_name rung_due(enum wsus_method method, const struct wsus_call *said)
{
	switch (method) {
	case METHOD_GET_CONFIG:
	case METHOD_DSS_GET_AUTH_CONFIG:
		return RUNG_AUTHORIZATION;
	case METHOD_GET_AUTHORIZATION_COOKIE:
	case METHOD_DSS_GET_AUTHORIZATION_COOKIE:
		return RUNG_COOKIE;
	case METHOD_GET_COOKIE:
	case METHOD_REGISTER_COMPUTER:
	case METHOD_START_CATEGORY_SCAN:
	case METHOD_REFRESH_CACHE:
		return RUNG_SYNC;
	case METHOD_SYNC_UPDATES:
		return has_more_pages(said) ? RUNG_SYNC : RUNG_COUNT;
	default:
		return RUNG_COUNT;
	}
}

/* After a fault that heals, the client goes back to where the protocol says (MS-WUSP 2.2.2.4). */
static enum rung_name rung_after_fault(const struct exchange *x)
{
	enum soap_error e = x->soap ? soap_error_of(&x->soap->fault) : SOAP_ERROR_NONE;

	if (!x->soap || !x->soap->fault.present || !soap_error_heals(e))
		return RUNG_COUNT;
	if (e == SOAP_ERROR_REGISTRATION_REQUIRED)
		return RUNG_REGISTRATION;
	return e == SOAP_ERROR_COOKIE_EXPIRED ? RUNG_AUTHORIZATION : RUNG_CONFIG;
}

static void name_kind(struct live *l, const struct exchange *x, const struct call_marks *m)
{
	const struct wsus_call *said = x->soap ? x->soap->values : NULL;
	struct scan *s = &l->scan;
	int64_t ids = wsus_number(said, FIELD_INSTALLED_IDS, -1) + wsus_number(said, FIELD_CACHED_IDS, 0);

	if (s->kind == SCAN_CATEGORY || s->kind == SCAN_PRINTER)
		return;
	if (m->method == METHOD_START_CATEGORY_SCAN || wsus_number(said, FIELD_FILTER_CATEGORIES, 0) > 0)
		s->kind = SCAN_CATEGORY;
	else if (m->method == METHOD_SYNC_PRINTER_CATALOG)
		s->kind = SCAN_PRINTER;
	else if (m->method != METHOD_SYNC_UPDATES || s->pages > 1)
		return;
	else if (m->drivers)
		s->kind = SCAN_DRIVER;
	else if (ids == 0)
		s->kind = SCAN_INITIAL;
	else if (!s->joined && (ids > 0 || s->rungs[RUNG_COOKIE].state == RUNG_UNSEEN))
		s->kind = SCAN_DELTA;   /* a cookie and ids at hand */
}

/* ---- one call ---- */

static void count(uint16_t *counter)
{
	if (*counter < UINT16_MAX)
		++*counter;
}

static void take_call(struct live *l, const struct exchange *x, const struct call_marks *m,
                      struct words *words)
{
	const struct wsus_call *said = x->soap ? x->soap->values : NULL;
	enum rung_state state = rung_state_of(x, m->rung);
	bool good = state == RUNG_OK && !(x->soap && x->soap->fault.present);
	struct scan *s = &l->scan;

	s->calls++;
	count(&s->asked[m->method]);
	if (good)
		count(&s->answered[m->method]);
	s->failures += !good && state == RUNG_FAILED;
	s->pages += m->method == METHOD_SYNC_UPDATES;
	s->driver_pages += m->method == METHOD_SYNC_UPDATES && m->drivers;
	l->drivers_asked |= m->drivers;
	if (m->method == METHOD_SYNC_UPDATES)   /* the longest: it has fields of its own */
		take_caller(s, said, words);
	else
		take_identity(s, said, words);
	take_counts(s, said);
	take_cookie(l, said, m->cookie);
	take_fault(s, x, m->method);
	if (s->climber == CLIMBER_CLIENT)
		name_kind(l, x, m);
	if (scan_is_followed_by(m)) {
		s->due = RUNG_COUNT;    /* who reports has no more to ask */
		return;
	}
	l->last = m->method;
	l->last_worked = good;
	s->due = good ? rung_due(m->method, said) : rung_after_fault(x);
}

void scan_begin(struct live *l, const struct exchange *x, const struct call_marks *m, bool from_start)
{
	struct scan *s = &l->scan;

	s->client = x->conn->client.addr;
	s->server = x->conn->server;
	if (x->via_proxy)
		s->via = x->conn->server;
	s->climber = climber_of(x);
	s->kind = s->climber == CLIMBER_DOWNSTREAM ? SCAN_SYNCHRONISATION
	          : s->climber == CLIMBER_CONSOLE  ? SCAN_ADMINISTRATION
	                                           : SCAN_UNKNOWN;
	s->first = m->time;
	s->first_frame = x->request.first_frame;
	s->due = RUNG_COUNT;
#define X(member) s->member = "";
	SCAN_TEXTS(X)
#undef X
	s->joined = !from_start && m->rung > RUNG_CONFIG && m->method != METHOD_GET_AUTHORIZATION_COOKIE &&
	            m->method != METHOD_DSS_GET_AUTHORIZATION_COOKIE && s->climber != CLIMBER_CONSOLE;
	l->last = METHOD_UNKNOWN;
	rungs_clear(s->rungs);
}

void scan_take(struct live *l, const struct exchange *x, const struct call_marks *m, struct words *words)
{
	struct scan *s = &l->scan;
	int64_t end = x->response.present ? x->response.last_time : x->request.last_time;

	s->last = end > s->last || s->calls == 0 ? end : s->last;
	s->last_frame = x->response.present ? x->response.last_frame : x->request.last_frame;
	s->stream = m->stream;
	s->replaced = false;
	if (m->vector)
		l->vector = m->vector;
	s->bytes[CLIENT] += x->request.body.entity_bytes;
	s->bytes[SERVER] += x->response.body.entity_bytes;
	s->lossy |= x->end == EXCHANGE_LOST || x->conn->one_sided || x->conn->side[CLIENT].lost_bytes ||
	            x->conn->side[SERVER].lost_bytes;
	rungs_take(s->rungs, x, words);
	if (m->method != METHOD_UNKNOWN) {
		take_agent(s, x, words);
		take_call(l, x, m, words);
	} else if (m->rung == RUNG_CONTENT) {
		s->due = RUNG_COUNT;
	}
}

/* The first rungs are climbed once, and their result is kept: who does not ask has a cookie still. */
void scan_close(struct live *l)
{
	struct scan *s = &l->scan;
	enum rung_name top = RUNG_CONFIG;

	for (int i = RUNG_CONFIG; i <= RUNG_DETAILS; i++)
		if (s->rungs[i].state != RUNG_UNSEEN)
			top = (enum rung_name)i;
	for (int i = RUNG_CONFIG; i < (int)top && !s->joined && s->climber != CLIMBER_CONSOLE; i++)
		if (s->rungs[i].state == RUNG_UNSEEN)
			s->rungs[i].state = RUNG_SKIPPED;
	s->over = s->due == RUNG_COUNT && (s->climber != CLIMBER_CLIENT || l->last_worked);
}
