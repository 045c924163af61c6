/* analyzers/faults.c - faults of WSUS that the protocol does not heal by itself, and those that it should
 * have healed and that come again.
 *
 * What makes clients start over (ConfigChanged, InvalidCookie and their like) is judged in loops.c and
 * changed.c, lists that are too long in idlimits.c, calls between servers in syncs.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/idlimits.h"
#include "analyzers/kept.h"
#include "analyzers/story.h"
#include "base/hash.h"
#include "base/tongue.h"

enum {
	PLACES_MAX = 4000,
	GROUPS_MAX = 8,                 /* different faults of one method of one server */
	REPEATS = 3,                    /* so often in a row heals nothing */
	CODE_TEXT = 48,
	MESSAGE_TEXT = 72,
	ID_TEXT = 40,
};

struct group {                          /* one ErrorCode of one method, and of InvalidParameters one field */
	struct story story;
	enum soap_error error;
	char code[CODE_TEXT], message[MESSAGE_TEXT], id[ID_TEXT];
};

struct place {                          /* a method of a server */
	enum wsus_method method;
	char name[40];
	struct group *groups[GROUPS_MAX];
	unsigned group_count;
};

struct faults {
	struct analyzer_env env;
	struct map places;              /* server_key and method -> struct place */
};

static void *create(const struct analyzer_env *env)
{
	struct faults *f = calloc(1, sizeof *f);

	if (f) {
		f->env = *env;
		map_init(&f->places, PLACES_MAX);
	}
	return f;
}

static void destroy(void *self)
{
	struct faults *f = self;

	for (size_t i = 0; i < f->places.count; i++) {
		struct place *p = f->places.entries[i].value;

		for (unsigned g = 0; p && g < p->group_count; g++)
			free(p->groups[g]);
	}
	map_release_values(&f->places);
	free(f);
}

/* ---- gathering ---- */

/* Server, method, and the name of one of the hundreds for administration. */
struct place_key {
	uint8_t bytes[sizeof(struct server_key) + 1 + sizeof(uint64_t)];
};

static struct span key_of(const struct exchange *x, enum wsus_method method, struct place_key *key)
{
	struct server_key server = web_server_key(x);
	uint64_t name = method == METHOD_API_CALL && x->soap ? hash_bytes(0, x->soap->name) : 0;

	memcpy(key->bytes, server.bytes, server.len);
	key->bytes[server.len] = (uint8_t)method;
	memcpy(key->bytes + server.len + 1, &name, sizeof name);
	return span_of(key->bytes, server.len + 1 + sizeof name);
}

static struct group *group_of(struct faults *f, struct place *p, const struct soap_fault *fault)
{
	char code[CODE_TEXT], message[MESSAGE_TEXT];
	struct group *g;

	web_printable(fault->error_code, code, sizeof code);
	web_printable(fault->message, message, sizeof message);
	for (unsigned i = 0; i < p->group_count; i++)
		if (!strcmp(p->groups[i]->code, code) && !strcmp(p->groups[i]->message, message))
			return p->groups[i];
	g = p->group_count < GROUPS_MAX ? calloc(1, sizeof *g) : NULL;
	if (!g) {
		limit_add(f->env.limits, LIMIT_FINDING_CEILING, 1);
		return NULL;
	}
	g->error = soap_error_of(fault);
	memcpy(g->code, code, sizeof code);
	memcpy(g->message, message, sizeof message);
	web_printable(fault->id, g->id, sizeof g->id);
	p->groups[p->group_count++] = g;
	return g;
}

/* Clients that start over are another story; reports that never get through are this one. */
static bool is_of_handshake(enum soap_error error, enum wsus_method method)
{
	return error == SOAP_ERROR_INVALID_COOKIE || error == SOAP_ERROR_SERVER_CHANGED ||
	       (call_error_restarts(error) && method != METHOD_REPORT_EVENT_BATCH &&
	        method != METHOD_REPORT_EVENT_BATCH2);
}

static bool is_ours(const struct exchange *x, enum wsus_method method)
{
	enum soap_error error = call_error(x);

	if (error == SOAP_ERROR_NONE || is_of_handshake(error, method))
		return false;
	return !(method == METHOD_SYNC_UPDATES && (error == SOAP_ERROR_INVALID_PARAMETERS ||
	                                           error == SOAP_ERROR_INVALID_PARAMETER) &&
	         id_list_named(call_fault(x)->message) != ID_LIST_COUNT);
}

static void take_fault(struct faults *f, const struct exchange *x, enum wsus_method method, struct span key)
{
	struct place *p = kept_value(&f->places, key, sizeof *p, f->env.limits);
	struct group *g = p ? group_of(f, p, call_fault(x)) : NULL;

	if (!g)
		return;
	p->method = method;
	web_printable(x->soap->name.len ? x->soap->name : span_text(wsus_method_name(method)), p->name,
	              sizeof p->name);
	story_add(&g->story, x, call_time(x));
	story_show(&g->story, x->request.first_frame, "%s", p->name);
	story_show(&g->story, x->response.first_frame, "%u, ErrorCode %s%s%s", x->status, g->code,
	           g->message[0] ? ": " : "", g->message);
}

static void take_success(struct faults *f, const struct exchange *x, struct span key)
{
	const struct map_entry *e = map_find(&f->places, key);
	struct place *p = e ? e->value : NULL;

	for (unsigned g = 0; p && g < p->group_count; g++)
		story_over(&p->groups[g]->story, &x->conn->client.addr, call_time(x));
}

static void fact(void *self, const struct fact *what)
{
	struct faults *f = self;
	const struct exchange *x = what->exchange;
	struct place_key key;
	enum wsus_method method;

	if (what->kind != FACT_EXCHANGE)
		return;
	method = call_method(&f->env, x);
	if (method == METHOD_UNKNOWN || call_is_between_servers(method))
		return;
	if (is_ours(x, method))
		take_fault(f, x, method, key_of(x, method, &key));
	else if (f->places.count && call_succeeded(x))
		take_success(f, x, key_of(x, method, &key));
}

/* ---- verdicts ---- */

/* What an ErrorCode means here and what the client does next (MS-WUSP 2.2.2.4), and what to do about it. */
static const struct words {
	enum soap_error error;
	const char *says, *remedy;
} words[] = {
	{ SOAP_ERROR_INVALID_PARAMETERS,
	  N_("The server takes a value of the call for wrong; the client stops with 0x80244007 and "
	  "repairs nothing by itself"),
	  N_("Is it one client? net stop wuauserv, rename %windir%\\SoftwareDistribution, net start "
	     "wuauserv\n"
	  "Is it all? Something on the way may alter requests; compare with a capture on the client\n"
	  "The field's name and the fault's ID stand in C:\\Program Files\\Update "
	  "Services\\LogFiles\\SoftwareDistribution.log") },
	{ SOAP_ERROR_INTERNAL_SERVER_ERROR,
	  N_("WSUS fails inside, most often at its database; the client gives up and comes again hours "
	     "later"),
	  N_("Is the database up and fast? Get-Service MSSQL*; for the internal one: sc query "
	  "MSSQL$MICROSOFT##WID\n"
	  "Search the fault's ID in C:\\Program Files\\Update Services\\LogFiles\\SoftwareDistribution.log\n"
	  "Reindex SUSDB and run the cleanup wizard when it times out") },
	{ SOAP_ERROR_SERVER_BUSY,
	  N_("WSUS sends clients away because it has too much to do; they come again later"),
	  N_("IIS Manager > Application Pools > WsusPool: private memory limit 0 or 8 GB, queue length 2000\n"
	  "Decline superseded updates and reindex SUSDB: scans get shorter") },
	{ SOAP_ERROR_REGISTRATION_REQUIRED,
	  N_("The client registers each time and is told again to register: what it registers is not kept"),
	  N_("Can WSUS write to its database? SoftwareDistribution.log at the time of RegisterComputer\n"
	  "Several servers behind one name: they need one database") },
	{ SOAP_ERROR_REGISTRATION_NOT_REQUIRED,
	  N_("The client registers though the server said that it need not"),
	  N_("Reset the client: net stop wuauserv, rename %windir%\\SoftwareDistribution, net start "
	     "wuauserv") },
	{ SOAP_ERROR_FILE_LOCATION_CHANGED,
	  N_("The server says that files lie elsewhere now, again and again"),
	  N_("wsusutil reset on the server; was the content moved (wsusutil movecontent)?") },
	{ SOAP_ERROR_FILE_LOCATIONS_CHANGED,
	  N_("The server says that files lie elsewhere now, again and again"),
	  N_("wsusutil reset on the server; was the content moved (wsusutil movecontent)?") },
	{ SOAP_ERROR_CONFIG_CHANGED,
	  N_("The client fetches the configuration anew each time, and it does not help"),
	  N_("Several servers behind one name: they need one database and the same configuration") },
	{ SOAP_ERROR_COOKIE_EXPIRED,
	  N_("The client fetches a new cookie each time, and it is over at once"),
	  N_("Compare the clocks of the servers behind this name: w32tm /query /status") },
	{ SOAP_ERROR_INVALID_AUTHORIZATION_COOKIE,
	  N_("The client authorizes itself anew each time, and it does not help"),
	  N_("Several servers behind one name: they need one database") },
};

static const struct words *words_of(enum soap_error error)
{
	static const struct words other = { SOAP_ERROR_OTHER,
		N_("It does not heal by itself: the client stops, and tries again at its next scan"), NULL };

	if (error == SOAP_ERROR_INVALID_PARAMETER)
		error = SOAP_ERROR_INVALID_PARAMETERS;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].error == error)
			return &words[i];
	return &other;
}

static void judge(struct faults *f, const struct place *p, const struct group *g)
{
	const struct words *w = words_of(g->error);
	bool over = story_all_over(&g->story);
	char cause[CAUSE_TEXT], who[STORY_WHO_TEXT];

	if (soap_error_heals(g->error) && (over || story_longest(&g->story) < REPEATS))
		return;
	/* TRANSLATORS: a call, its clients, an error code,
		its message in brackets or nothing; a sentence; what
	 * came of it; the ID in the log. */
	tongue_say(cause, sizeof cause, "%s of %s is answered with %s%s%s%s. %s.%s%s%s", p->name,
	         story_who(&g->story, who), g->code, g->message[0] ? " (" : "", g->message,
	         g->message[0] ? ")" : "", _(w->says), over ? _(" Later such calls got through.") : "",
	         g->id[0] ? _(" ID of the first in the server's log: ") : "", g->id);
	story_raise(&g->story, f->env.findings, (struct raise){
		.kind = g->error == SOAP_ERROR_SERVER_BUSY ? FINDING_SERVER_BUSY : FINDING_SOAP_FAULT,
		.severity = over ? SEVERITY_WARNING : SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.answered_by = "WSUS",
		.remedy = w->remedy,
		.cause = cause,
		.codes = "0x80244007",
	});
}

static void end(void *self, int64_t now)
{
	struct faults *f = self;

	(void)now;
	for (size_t i = 0; i < f->places.count; i++) {
		const struct place *p = f->places.entries[i].value;

		for (unsigned g = 0; p && g < p->group_count; g++)
			judge(f, p, p->groups[g]);
	}
}

const struct analyzer analyzer_faults = {
	.name = "faults",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
