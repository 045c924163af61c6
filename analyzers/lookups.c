/* analyzers/lookups.c - names of the update path that do not resolve, and name servers that keep silent.
 *
 * Judged at the end, by whole stories (namestory.h): what another suffix, record type, server or try healed,
 * and names that the client reached all the same, are no matter. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "analyzers/addrnames.h"
#include "base/map.h"
#include "base/tongue.h"
#include "facts/wsus.h"

enum { CLIENTS_MAX = 10000, ADDRESSES = 8, PORT_DNS = 53 };
enum { RCODE_NOERROR = 0, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3, RCODE_REFUSED = 5 };

/* A name that was gone for so long, and came back, is worth a word. */
#define LONG_OUTAGE (60 * MOMENT_S)

struct lookups {
	struct analyzer_env env;
	struct map no_tcp;              /* clients that got no connection to port 53 */
};

/* Why a name matters, and how sure that is. */
struct concern {
	const char *what;               /* NULL: it does not */
	enum confidence confidence;
	enum severity severity;
};

static void *create(const struct analyzer_env *env)
{
	struct lookups *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	a->env = *env;
	map_init(&a->no_tcp, CLIENTS_MAX);
	return a;
}

static void destroy(void *self)
{
	struct lookups *a = self;

	map_release(&a->no_tcp);
	free(a);
}

static void fact(void *self, const struct fact *f)
{
	struct lookups *a = self;
	const struct connection *c = f->connection;

	if (f->kind == FACT_CONNECTION && c->server.port == PORT_DNS && connection_failed(c))
		map_put(&a->no_tcp, span_of(c->client.addr.bytes, 16));
}

/* ---- does it matter? ---- */

static bool is_proxys(const struct lookups *a, struct span name)
{
	struct addr addrs[ADDRESSES];
	size_t count = addrnames_addresses(a->env.names, name, addrs, ADDRESSES);

	for (size_t i = 0; i < count && i < ADDRESSES; i++)
		if (relevance_is_proxy_machine(a->env.relevance, &addrs[i]))
			return true;
	return false;
}

/* Hosts that only a synchronising server asks for. */
static bool is_upstreams(struct span name)
{
	return span_istarts(name, SPAN("sws")) && span_iends(name, SPAN(".update.microsoft.com"));
}

static struct concern concern_of(const struct lookups *a, const struct name_story *s)
{
	const struct relevance *r = a->env.relevance;
	struct span name = span_text(s->name), rest = name, label = span_split(&rest, '.');
	bool machine = relevance_is_update_machine(r, &s->client);

	/* A name server that asks others on behalf of its clients: its answer to them tells. */
	if ((name_stories_answers(addrnames_stories(a->env.names), &s->client) && !machine) ||
	    span_eq(label, SPAN("wpad")))
		return (struct concern){ NULL, CONFIDENCE_POSSIBLE, SEVERITY_OF_KIND };
	if (wsus_microsoft_host(name)) {
		bool sure = machine || is_upstreams(name) || relevance_is_probe(r);

		return (struct concern){ sure ? _("Microsoft's server") : NULL,
			                 machine ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE,
			                 SEVERITY_OF_KIND };
	}
	/* It asks for what the user named, or for what it was sent to. */
	if (relevance_is_probe(r))
		return (struct concern){ _("which this probe was to reach"), CONFIDENCE_CERTAIN,
			                 SEVERITY_OF_KIND };
	switch (relevance_name(r, name)) {
	case RELEVANCE_NAME_KNOWN:
		return (struct concern){ _("the update point"), CONFIDENCE_CERTAIN, SEVERITY_OF_KIND };
	case RELEVANCE_NAME_LIKELY:
		return (struct concern){ _("what looks like an update point"),
			                 span_ifind(name, SPAN("wsus")) != SIZE_MAX ? CONFIDENCE_PROBABLE
			                                                            : CONFIDENCE_POSSIBLE,
			                 SEVERITY_OF_KIND };
	case RELEVANCE_NAME_OTHER:
		break;
	}
	if (is_proxys(a, name))
		return (struct concern){ _("the proxy"), CONFIDENCE_CERTAIN, SEVERITY_OF_KIND };
	if (span_ifind(label, SPAN("proxy")) != SIZE_MAX && !span_starts(label, SPAN("isatap")))
		return (struct concern){ _("what looks like a proxy"), CONFIDENCE_POSSIBLE,
			SEVERITY_WARNING };
	return (struct concern){ NULL, CONFIDENCE_POSSIBLE, SEVERITY_OF_KIND };
}

/* ---- saying it ---- */

static const char *meaning(uint16_t rcode)
{
	switch (rcode) {
	case RCODE_NOERROR: return _("it knows the name, but no address for it");
	case RCODE_SERVFAIL: return _("it cannot find out, as its forwarders or the zone's servers fail it");
	case RCODE_NXDOMAIN: return _("no such name exists there");
	case RCODE_REFUSED: return _("it does not answer this client, or not for this zone");
	default: return _("it gives no address");
	}
}

static const char *shouting(const struct name_story *s)
{
	return s->shouted == MOMENT_NONE ? "" : _(" LLMNR and NetBIOS, tried next, do not find it either.");
}

static void raise_refused(struct lookups *a, const struct name_story *s, const struct concern *c)
{
	static const char upstream[] =
		N_("On the WSUS server: nslookup NAME; its name servers must resolve Internet names, or "
		"forward\n"
		"Where servers reach the Internet by a proxy only: enter it in the WSUS options, or in the "
		"software update point's properties; the proxy then resolves the name\n"
		"Look for UssCommunicationError (6703) in wsyncmgr.log and SoftwareDistribution.log");
	char cause[CAUSE_TEXT], server[ADDR_TEXT], text[32], type[16];
	const char *code = name_story_refusal(s, text);
	struct evidence evidence[2];
	size_t count = 0;

	addr_text(&s->by.addr, server);
	tongue_say(cause, sizeof cause,
	         "The name server %s answers %s for %.100s, %s: %s. No connection follows.%s", server, code,
	         s->name, c->what, meaning(s->rcode), shouting(s));
	if (s->ask_frame)
		evidence[count++] = evidence_at(s->ask_frame, "asks for %.100s (%s)", s->name,
		                                lookup_type_text(s->type, type));
	evidence[count++] = evidence_at(s->refusal_frame, "%s", code);
	finding_raise(a->env.findings, &(struct raise){
		.kind = FINDING_NAME_NOT_RESOLVED,
		.severity = c->severity,
		.confidence = c->confidence,
		.client = &s->client,
		.server = &s->by,
		.remedy = wsus_microsoft_host(span_text(s->name)) ? upstream : NULL,
		.answered_by = server,
		.cause = cause,
		.time = s->failing,
		.until = s->last_failure,
		.count = s->refusals,
		.evidence = evidence,
		.evidence_count = count,
	});
}

static size_t silent_servers(const struct name_story *s, char text[static CAUSE_TEXT])
{
	size_t len = 0;

	for (unsigned i = 0; i < s->server_count && i < STORY_SERVERS; i++) {
		char server[ADDR_TEXT];

		len += (size_t)snprintf(text + len, CAUSE_TEXT - len, "%s%s", i ? ", " : "",
		                        addr_text(&s->servers[i], server));
	}
	return len;
}

/* Who answers nobody in this capture may be answered on another way. */
static enum confidence sureness(const struct lookups *a, const struct name_story *s, enum confidence most)
{
	bool answers = name_stories_answers(addrnames_stories(a->env.names), &s->by.addr);

	return !answers && most > CONFIDENCE_PROBABLE ? CONFIDENCE_PROBABLE : most;
}

/* Cause and evidence, time and count are the caller's. */
static void raise_unanswered(struct lookups *a, const struct name_story *s, const struct concern *c,
                             struct raise r)
{
	r.kind = FINDING_NAME_UNANSWERED;
	r.severity = c->severity;
	r.confidence = sureness(a, s, c->confidence);
	r.client = &s->client;
	r.server = &s->by;
	r.evidence_count = 1;
	finding_raise(a->env.findings, &r);
}

static void raise_silent(struct lookups *a, const struct name_story *s, const struct concern *c)
{
	char cause[CAUSE_TEXT], servers[CAUSE_TEXT] = "";
	struct evidence first = evidence_at(s->ask_frame, "asks for %.100s, and hears nothing", s->name);

	silent_servers(s, servers);
	tongue_say(cause, sizeof cause,
		   tongue_many("%u question for %.100s, %s, to %.150s stays without any answer, and no "
			       "connection "
			       "follows: the name server is down, or something on the way drops DNS.%s",
			       "%u questions for %.100s, %s, to %.150s stay without any answer, and no "
			       "connection "
			       "follows: the name server is down, or something on the way drops DNS.%s",
			       s->silent_tries),
		   s->silent_tries, s->name, c->what, servers, shouting(s));
	raise_unanswered(a, s, c, (struct raise){
		.cause = cause,
		.time = s->failing,
		.until = s->last_failure,
		.count = s->silences,
		.evidence = &first,
	});
}

/* RFC 7766 section 5: after TC the question goes over TCP; firewalls that know DNS as UDP only stop it. */
static void raise_truncated(struct lookups *a, const struct name_story *s, const struct concern *c)
{
	char cause[CAUSE_TEXT], server[ADDR_TEXT];
	struct evidence first = evidence_at(s->truncated_frame, "truncated answer (TC)");

	tongue_say(cause, sizeof cause,
	         "The answer of %s for %.100s, %s, is too long for UDP, and the question never gets an "
	         "answer over TCP: a firewall stops TCP 53, or the server does not serve it.",
	         addr_text(&s->by.addr, server), s->name, c->what);
	raise_unanswered(a, s, c, (struct raise){
		.cause = cause,
		.time = s->truncated,
		.evidence = &first,
	});
}

static void raise_healed(struct lookups *a, const struct name_story *s, const struct concern *c)
{
	char cause[CAUSE_TEXT];
	struct evidence last = evidence_at(s->resolved_frame, "resolved again");

	tongue_say(cause, sizeof cause,
	         "%.100s, %s, did not resolve for %lld s, and then did again: its name servers were at fault "
	         "for that time.",
	         s->name, c->what, (long long)(s->outage / MOMENT_S));
	finding_raise(a->env.findings, &(struct raise){
		.kind = FINDING_NAME_NOT_RESOLVED,
		.severity = SEVERITY_WARNING,
		.confidence = c->confidence,
		.client = &s->client,
		.cause = cause,
		.time = s->resolved - s->outage,
		.until = s->resolved,
		.count = s->healed,
		.evidence = &last,
		.evidence_count = 1,
	});
}

static void judge(struct lookups *a, const struct name_story *s, int64_t now)
{
	enum name_outcome outcome = name_story_outcome(s);
	bool healed = outcome == NAME_RESOLVED && s->outage >= LONG_OUTAGE;
	struct concern c;

	if (outcome == NAME_UNASKED || (outcome == NAME_RESOLVED && !healed))
		return;
	/* Over TCP it takes a moment. */
	if (outcome == NAME_TRUNCATED && now - s->truncated < 5 * MOMENT_S &&
	    !map_find(&a->no_tcp, span_of(s->client.bytes, 16)))
		return;
	c = concern_of(a, s);
	if (!c.what)
		return;
	if (outcome == NAME_REFUSED)
		raise_refused(a, s, &c);
	else if (outcome == NAME_SILENT)
		raise_silent(a, s, &c);
	else if (outcome == NAME_TRUNCATED)
		raise_truncated(a, s, &c);
	else
		raise_healed(a, s, &c);
}

static void end(void *self, int64_t now)
{
	struct lookups *a = self;
	const struct name_stories *stories = a->env.names ? addrnames_stories(a->env.names) : NULL;

	for (size_t i = 0; stories && i < name_stories_count(stories); i++)
		if (name_stories_at(stories, i))
			judge(a, name_stories_at(stories, i), now);
}

const struct analyzer analyzer_lookups = {
	.name = "lookups",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
