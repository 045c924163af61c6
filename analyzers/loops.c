/* analyzers/loops.c - clients that ask for configuration, authorization and cookie again and again, and never
 * get a scan through.
 *
 * A round is one more GetAuthorizationCookie or GetCookie since a call with a cookie last succeeded.  Rounds
 * that end in failures which others explain (HTTP errors, faults that do not heal) are not counted.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/kept.h"
#include "analyzers/story.h"
#include "base/hash.h"
#include "base/tongue.h"

enum {
	CLIENTS_MAX = 200000,
	GROUPS_MAX = 2000,
	ROUNDS = 3,                     /* so many, and a fault drives them */
	ROUNDS_WITHOUT_FAULT = 5,       /* so many, and nothing on the wire does */
	IDS = 4,                        /* machines behind one address that are told apart */
};

#define PAUSE (30 * 60 * MOMENT_S)      /* scans of their own, where no fault joins the rounds */

struct row {                            /* one client, since a call with a cookie last succeeded */
	uint32_t authorized, cookies;   /* calls, answered with success or fault */
	uint32_t ids[IDS];              /* hashes of client ids */
	uint8_t id_count;
	uint8_t error, method;          /* the last healing fault, and of which method */
	uint8_t changes;                /* of GetConfig's LastChange */
	bool failed;                    /* something else went wrong: not this story */
	uint32_t errors;                /* healing faults */
	int64_t last_change;
	int64_t last;                   /* when the last round began */
	uint64_t first_frame, error_frame;
};

struct group {                          /* one server, one fault that drives */
	struct story story;
	enum soap_error error;
	enum wsus_method method;
	uint32_t rounds;                /* the most that a client made */
	unsigned changes;               /* the most that a client was told */
};

struct loops {
	struct analyzer_env env;
	struct map rows;                /* call_key -> struct row */
	struct map groups;              /* server_key and fault -> struct group */
};

static void *create(const struct analyzer_env *env)
{
	struct loops *l = calloc(1, sizeof *l);

	if (l) {
		l->env = *env;
		map_init_on(&l->rows, CLIENTS_MAX, env->budget);
		map_init(&l->groups, GROUPS_MAX);
	}
	return l;
}

static void destroy(void *self)
{
	struct loops *l = self;

	map_release_values(&l->rows);
	map_release_values(&l->groups);
	free(l);
}

/* Calls that a valid cookie is for: one that succeeds ends the story. */
static bool uses_cookie(enum wsus_method m)
{
	switch (m) {
	case METHOD_SYNC_UPDATES:
	case METHOD_SYNC_PRINTER_CATALOG:
	case METHOD_GET_EXTENDED_UPDATE_INFO:
	case METHOD_GET_EXTENDED_UPDATE_INFO2:
	case METHOD_GET_FILE_LOCATIONS:
	case METHOD_REPORT_EVENT_BATCH:
	case METHOD_REPORT_EVENT_BATCH2:
		return true;
	default:
		return false;
	}
}

static bool is_handshake(enum wsus_method m)
{
	return m == METHOD_GET_CONFIG || m == METHOD_GET_AUTHORIZATION_COOKIE || m == METHOD_GET_COOKIE ||
	       m == METHOD_REGISTER_COMPUTER || m == METHOD_REFRESH_CACHE || m == METHOD_START_CATEGORY_SCAN;
}

static void note_id(struct row *r, const struct exchange *x)
{
	struct span id = wsus_text(call_values(x), FIELD_CLIENT_ID);
	uint32_t hash = (uint32_t)hash_bytes(0, id);

	for (unsigned i = 0; i < r->id_count; i++)
		if (r->ids[i] == hash)
			return;
	if (id.len && r->id_count < IDS)
		r->ids[r->id_count++] = hash;
}

static void note_config(struct row *r, const struct exchange *x)
{
	int64_t change = wsus_number(call_values(x), FIELD_CONFIG_LAST_CHANGE, MOMENT_NONE);

	if (change == MOMENT_NONE)
		return;
	if (r->last_change && r->last_change != change && r->changes < UINT8_MAX)
		r->changes++;
	r->last_change = change;
}

static void note_step(struct row *r, const struct exchange *x, enum wsus_method m)
{
	enum soap_error error = call_error(x);

	if (call_error_restarts(error)) {
		r->error = (uint8_t)error;
		r->method = (uint8_t)m;
		r->error_frame = x->response.first_frame;
		r->errors++;
	} else if (!call_succeeded(x)) {
		r->failed = true;
		return;
	}
	if (!r->first_frame)
		r->first_frame = x->request.first_frame;
	if (m == METHOD_GET_CONFIG)
		note_config(r, x);
	if (m == METHOD_GET_AUTHORIZATION_COOKIE) {
		r->authorized++;
		note_id(r, x);
	}
	r->cookies += m == METHOD_GET_COOKIE;
}

/* Several machines behind one address go their rounds each. */
static uint32_t rounds_of(const struct row *r)
{
	uint32_t rounds = r->authorized > r->cookies ? r->authorized : r->cookies;

	return r->id_count > 1 ? rounds / r->id_count : rounds;
}

static bool is_loop(const struct row *r)
{
	uint32_t rounds = rounds_of(r);

	if (r->failed || r->id_count == IDS)
		return false;
	return rounds >= ROUNDS_WITHOUT_FAULT || (rounds >= ROUNDS && r->errors + 1 >= rounds);
}

static struct group *group_of(struct loops *l, const struct exchange *x, const struct row *r)
{
	struct server_key key = web_server_key(x);
	uint8_t bytes[sizeof key.bytes + 1];
	struct group *g;

	memcpy(bytes, key.bytes, key.len);
	bytes[key.len] = r->errors ? r->error : SOAP_ERROR_NONE;
	g = kept_value(&l->groups, span_of(bytes, key.len + 1), sizeof *g, l->env.limits);
	if (g)
		g->error = (enum soap_error)bytes[key.len];
	return g;
}

static void tell(struct loops *l, const struct exchange *x, const struct row *r)
{
	struct group *g = group_of(l, x, r);
	uint32_t rounds = rounds_of(r);

	if (!g)
		return;
	story_add(&g->story, x, call_time(x));
	story_show(&g->story, r->first_frame, "the first of these rounds");
	if (r->error_frame)
		story_show(&g->story, r->error_frame, "%s answered with a fault",
		           wsus_method_name((enum wsus_method)r->method));
	story_show(&g->story, x->request.first_frame, "GetCookie, round %u", rounds);
	g->method = (enum wsus_method)r->method;
	g->rounds = rounds > g->rounds ? rounds : g->rounds;
	g->changes = r->changes > g->changes ? r->changes : g->changes;
}

static void get_through(struct loops *l, const struct exchange *x, struct row *r)
{
	int64_t change = r->last_change;

	for (size_t i = 0; is_loop(r) && i < l->groups.count; i++) {
		struct group *g = l->groups.entries[i].value;

		if (g && endpoint_eq(&g->story.conn.server, &x->conn->server))
			story_over(&g->story, &x->conn->client.addr, call_time(x));
	}
	*r = (struct row){ .last_change = change };
}

static void fact(void *self, const struct fact *f)
{
	struct loops *l = self;
	const struct exchange *x = f->exchange;
	enum wsus_method m;
	struct call_key key;
	struct row *r;

	if (f->kind != FACT_EXCHANGE)
		return;
	m = call_method(&l->env, x);
	if (!is_handshake(m) && !uses_cookie(m))
		return;
	key = call_key(x);
	r = kept_value(&l->rows, span_of(key.bytes, sizeof key.bytes), sizeof *r, l->env.limits);
	if (!r)
		return;
	if (uses_cookie(m) && call_succeeded(x)) {
		get_through(l, x, r);
		return;
	}
	if (uses_cookie(m) && m != METHOD_SYNC_UPDATES)
		return;
	if (!r->errors && r->last && call_time(x) - r->last > PAUSE)
		*r = (struct row){ .last_change = r->last_change };
	r->last = call_time(x);
	note_step(r, x, m);
	if (m == METHOD_GET_COOKIE && is_loop(r))
		tell(l, x, r);
}

/* ---- verdicts ---- */

static const struct reason {
	enum soap_error error;
	const char *why;
} reasons[] = {
	{ SOAP_ERROR_COOKIE_EXPIRED,
	  N_("New cookies are over at once: the clocks of the servers behind this name differ") },
	{ SOAP_ERROR_INVALID_AUTHORIZATION_COOKIE,
	  N_("What one service gives the other does not take: they run on servers with different keys") },
	{ SOAP_ERROR_INVALID_COOKIE,
	  N_("Cookies of one server are unknown to the next: several share a name and no database") },
	{ SOAP_ERROR_SERVER_CHANGED,
	  N_("Cookies of one server are unknown to the next: several share a name and no database") },
	{ SOAP_ERROR_NONE, N_("All of it is answered well: the reason is on the client, or in answers "
			      "that it "
	                   "cannot use (WindowsUpdate.log)") },
};

static const char *why(const struct group *g)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].error == g->error)
			return _(reasons[i].why);
	/* ConfigChanged */
	return g->changes ? _("GetConfig tells another LastChange now and then: servers behind this name "
	                    "disagree about the configuration")
	                  : _("GetConfig tells the same LastChange all the while: a cache on the way keeps "
	                    "an old answer, or servers behind this name disagree");
}

static void judge(struct loops *l, const struct group *g)
{
	bool over = story_all_over(&g->story);
	char cause[CAUSE_TEXT], who[STORY_WHO_TEXT], fault[240] = "";

	if (g->error != SOAP_ERROR_NONE)
		tongue_say(fault, sizeof fault, " %s is answered with %s.", wsus_method_name(g->method),
		         call_error_name(g->error));
	tongue_say(cause, sizeof cause,
		   over ? N_("%s: up to %u rounds of authorization and cookie, and no scan that gets "
			     "through until "
			     "much later.%s %s.")
			: N_("%s: up to %u rounds of authorization and cookie, and no scan that gets "
			     "through.%s "
			     "%s."),
		   story_who(&g->story, who), g->rounds, fault, why(g));
	story_raise(&g->story, l->env.findings, (struct raise){
		.kind = FINDING_HANDSHAKE_LOOP,
		.severity = over ? SEVERITY_WARNING : SEVERITY_OF_KIND,
		.confidence = g->error == SOAP_ERROR_NONE ? CONFIDENCE_PROBABLE : CONFIDENCE_CERTAIN,
		.cause = cause,
	});
}

static void end(void *self, int64_t now)
{
	struct loops *l = self;

	(void)now;
	for (size_t i = 0; i < l->groups.count; i++)
		if (l->groups.entries[i].value)
			judge(l, l->groups.entries[i].value);
}

const struct analyzer analyzer_loops = {
	.name = "loops",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
