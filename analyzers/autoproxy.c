/* analyzers/autoproxy.c - the search for a proxy script: DHCP's option 252, the name wpad, GET wpad.dat.
 *
 * That nothing is found is normal where nothing is meant, and told once, as information.  What is there but
 * does not work (a script's host that does not resolve or answer, a web page in its place) delays every scan
 * of the client, or leads it astray. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/kept.h"
#include "analyzers/addrnames.h"
#include "analyzers/web.h"
#include "base/host.h"
#include "base/tongue.h"

enum { CLIENTS_MAX = 20000, HOSTS_MAX = 1000, URL_TEXT = 160, HTTP_PORT = 80 };

/* What the client logs: 12180, 12167, 12166 of WinHTTP. */
#define CODE_NOTHING_FOUND "0x80072F94"
#define CODE_NOT_LOADED    "0x80072F87"
#define CODE_BAD_SCRIPT    "0x80072F86"

enum trouble { TROUBLE_NONE, TROUBLE_UNREACHABLE, TROUBLE_REFUSED, TROUBLE_PAGE };

struct search {                         /* one client's */
	struct addr client;
	char url[URL_TEXT];             /* that DHCP told; "" none */
	struct addr told_by;
	uint64_t told_frame;
	int64_t told;
	bool loaded;                    /* a script came */
	enum trouble trouble;           /* the last one */
	struct endpoint server;
	uint16_t status;
	uint64_t frame, count;
	int64_t first, last;
};

struct autoproxy {
	struct analyzer_env env;
	struct map searches;            /* client -> struct search */
	struct map hosts;               /* addresses that a script is looked for at */
};

static void *create(const struct analyzer_env *env)
{
	struct autoproxy *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	a->env = *env;
	map_init(&a->searches, CLIENTS_MAX);
	map_init(&a->hosts, HOSTS_MAX);
	return a;
}

static void destroy(void *self)
{
	struct autoproxy *a = self;

	map_release_values(&a->searches);
	map_release(&a->hosts);
	free(a);
}

static struct search *search_of(struct autoproxy *a, const struct addr *client)
{
	struct search *s = kept_value(&a->searches, span_of(client->bytes, 16), sizeof *s, a->env.limits);

	if (s)
		s->client = *client;
	return s;
}

/* "http://wpad.corp.example:81/wpad.dat", or the same without its scheme: its host. */
static struct span script_host(struct span url)
{
	struct span host = url_host(url);

	return host_name(host.len ? host : span_split(&url, '/'));
}

static bool is_wpad(struct span name)
{
	struct span host = host_name(name);

	return span_ieq(span_split(&host, '.'), SPAN("wpad"));
}

/* ---- what is seen ---- */

static void take_lease(struct autoproxy *a, const struct lease *l)
{
	struct search *s = l->proxy_script.len ? search_of(a, &l->client) : NULL;
	struct addr literal;

	if (!s)
		return;
	web_printable(l->proxy_script, s->url, sizeof s->url);
	s->told_by = l->server;
	s->told_frame = l->frame;
	s->told = l->time;
	if (addr_parse(script_host(l->proxy_script), &literal))
		map_put(&a->hosts, span_of(literal.bytes, 16));
}

static void take_lookup(struct autoproxy *a, const struct lookup *l)
{
	const struct map_entry *e = map_find(&a->searches, span_of(l->client.bytes, 16));
	const struct search *s = e ? e->value : NULL;

	if (!is_wpad(span_text(l->name)) &&
	    !(s && span_ieq(script_host(span_text(s->url)), span_text(l->name))))
		return;
	for (unsigned i = 0; i < l->answer_count && i < LOOKUP_ANSWERS; i++)
		map_put(&a->hosts, span_of(l->answers[i].bytes, 16));
}

static void note(struct search *s, enum trouble trouble, const struct connection *c, uint64_t frame,
                 int64_t when)
{
	s->trouble = trouble;
	s->server = c->server;
	s->frame = frame;
	if (!s->count++)
		s->first = when;
	s->last = when;
}

static bool asks_script(const struct autoproxy *a, const struct exchange *x)
{
	return span_ieq(x->path, SPAN("/wpad.dat")) || is_wpad(x->host) ||
	       span_istarts(http_header(&x->request, SPAN("User-Agent")), SPAN("WinHttp-Autoproxy")) ||
	       (span_iends(x->path, SPAN(".pac")) &&
	        map_find(&a->hosts, span_of(x->conn->server.addr.bytes, 16)));
}

static bool is_page(const struct exchange *x)
{
	struct span start = span_trim(x->response.body.start);

	return span_istarts(http_header(&x->response, SPAN("Content-Type")), SPAN("text/html")) ||
	       span_istarts(start, SPAN("<!doctype html")) || span_istarts(start, SPAN("<html"));
}

static void take_exchange(struct autoproxy *a, const struct exchange *x)
{
	struct search *s;

	if (!x->request.present || !x->response.present || x->via_proxy || !asks_script(a, x))
		return;
	s = search_of(a, &x->conn->client.addr);
	if (!s)
		return;
	s->status = x->status;
	if (x->status >= 400)
		note(s, TROUBLE_REFUSED, x->conn, x->response.first_frame, x->request.first_time);
	else if (x->status == 200 && is_page(x))
		note(s, TROUBLE_PAGE, x->conn, x->response.first_frame, x->request.first_time);
	else if (x->status == 200)
		s->loaded = true;
}

static void take_connection(struct autoproxy *a, const struct connection *c)
{
	struct search *s;

	if (!connection_failed(c) || c->one_sided || c->server.port != HTTP_PORT ||
	    !map_find(&a->hosts, span_of(c->server.addr.bytes, 16)))
		return;
	s = search_of(a, &c->client.addr);
	if (s)
		note(s, TROUBLE_UNREACHABLE, c, c->first_frame, c->first_time);
}

static void fact(void *self, const struct fact *f)
{
	struct autoproxy *a = self;

	switch (f->kind) {
	case FACT_LEASE:
		take_lease(a, f->lease);
		break;
	case FACT_LOOKUP:
		take_lookup(a, f->lookup);
		break;
	case FACT_EXCHANGE:
		take_exchange(a, f->exchange);
		break;
	case FACT_CONNECTION:
		take_connection(a, f->connection);
		break;
	case FACT_TLS:
	case FACT_ICMP:
		break;
	}
}

/* ---- what it means ---- */

static void describe(const struct search *s, char cause[static CAUSE_TEXT])
{
	char server[ENDPOINT_TEXT];

	endpoint_text(&s->server, server);
	switch (s->trouble) {
	case TROUBLE_UNREACHABLE:
		tongue_say(cause, CAUSE_TEXT,
		         "The client looks for a proxy script at %s and gets no connection: each of its "
		         "scans waits for that first.",
		         server);
		break;
	case TROUBLE_REFUSED:
		tongue_say(cause, CAUSE_TEXT, "The client asks %s for the proxy script and is answered %u.",
		         server, s->status);
		break;
	case TROUBLE_PAGE:
		tongue_say(cause, CAUSE_TEXT,
		         "The client asks %s for the proxy script and gets a web page (HTML) in its place.",
		         server);
		break;
	case TROUBLE_NONE:
		break;
	}
}

static void raise_trouble(struct autoproxy *a, const struct search *s)
{
	char cause[CAUSE_TEXT];
	struct evidence evidence[2];
	size_t count = 0;

	describe(s, cause);
	if (s->url[0])
		evidence[count++] = evidence_at(s->told_frame, "DHCP tells %.140s", s->url);
	evidence[count++] = evidence_at(s->frame, s->trouble == TROUBLE_UNREACHABLE ? N_("first SYN")
									      : N_("the answer"));
	finding_raise(a->env.findings, &(struct raise){
		.kind = FINDING_AUTO_PROXY_FAILED,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.client = &s->client,
		.server = &s->server,
		.cause = cause,
		.codes = s->trouble == TROUBLE_PAGE ? CODE_BAD_SCRIPT : CODE_NOT_LOADED,
		.time = s->first,
		.until = s->last,
		.count = s->count,
		.evidence = evidence,
		.evidence_count = count,
	});
}

/* DHCP names a script on a host that the client cannot find. */
static void raise_unresolved(struct autoproxy *a, const struct search *s, const struct name_story *name)
{
	char cause[CAUSE_TEXT], server[ADDR_TEXT], text[32];
	const struct evidence evidence[] = {
		evidence_at(s->told_frame, "DHCP tells %.140s", s->url),
		evidence_at(name->refusals ? name->refusal_frame : name->ask_frame, "%.100s", name->name),
	};

	tongue_say(cause, sizeof cause,
	         "DHCP server %s tells the client the proxy script %.150s (option 252), and its host does "
	         "not resolve: %s.",
	         addr_text(&s->told_by, server), s->url,
	         name->refusals ? name_story_refusal(name, text) : _("no answer"));
	finding_raise(a->env.findings, &(struct raise){
		.kind = FINDING_AUTO_PROXY_FAILED,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.client = &s->client,
		.server = &name->by,
		.cause = cause,
		.codes = CODE_NOT_LOADED,
		.time = name->failing,
		.until = name->last_failure,
		.evidence = evidence,
		.evidence_count = 2,
	});
}

static bool has_failed(const struct name_story *s)
{
	enum name_outcome outcome = s ? name_story_outcome(s) : NAME_UNASKED;

	return outcome == NAME_REFUSED || outcome == NAME_SILENT;
}

static void judge(struct autoproxy *a, const struct search *s)
{
	const struct name_story *name = NULL;

	if (s->loaded)
		return;
	if (a->env.names && s->url[0])
		name = name_stories_of(addrnames_stories(a->env.names), &s->client,
		                       script_host(span_text(s->url)));
	if (s->trouble != TROUBLE_NONE)
		raise_trouble(a, s);
	else if (has_failed(name))
		raise_unresolved(a, s, name);
}

/* Nobody finds the name wpad: one piece of information for all. */
static void tell_nothing_found(struct autoproxy *a)
{
	const struct name_stories *stories = addrnames_stories(a->env.names);
	struct evidence evidence = { 0 };
	struct raise what = {
		.kind = FINDING_AUTO_PROXY_FAILED,
		.severity = SEVERITY_INFO,
		.confidence = CONFIDENCE_CERTAIN,
		.for_all_clients = true,
		.cause = _("Clients look for a proxy by the name wpad, and there is none. Where no proxy is "
			 "meant to be found so, that is normal; it costs each search a moment."),
		.codes = CODE_NOTHING_FOUND,
		.evidence = &evidence,
		.evidence_count = 1,
	};

	for (size_t i = 0; i < name_stories_count(stories); i++) {
		const struct name_story *s = name_stories_at(stories, i);
		const struct map_entry *e;
		const struct search *search;

		if (!s || !is_wpad(span_text(s->name)) || !has_failed(s))
			continue;
		/* What DHCP tells about it is a finding of its own. */
		e = map_find(&a->searches, span_of(s->client.bytes, 16));
		search = e ? e->value : NULL;
		if (search && search->url[0])
			continue;
		if (!what.count++) {
			what.time = s->failing;
			evidence = evidence_at(s->refusals ? s->refusal_frame : s->ask_frame, "%.100s",
			                       s->name);
		}
		what.until = s->last_failure > what.until ? s->last_failure : what.until;
	}
	if (what.count)
		finding_raise(a->env.findings, &what);
}

static void end(void *self, int64_t now)
{
	struct autoproxy *a = self;

	(void)now;
	for (size_t i = 0; i < a->searches.count; i++)
		if (a->searches.entries[i].value)
			judge(a, a->searches.entries[i].value);
	if (a->env.names)
		tell_nothing_found(a);
}

const struct analyzer analyzer_autoproxy = {
	.name = "autoproxy",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
