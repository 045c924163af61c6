/* analyzers/reported.c - failures that clients report themselves (ReportEventBatch), with the update's name
 * and the request that failed, where the capture has them.
 *
 * An event is known by its instance and counted once, however often a batch is sent.  One code of one update
 * is one finding a server, with its clients.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/clientevents.h"
#include "analyzers/kept.h"
#include "analyzers/story.h"
#include "analyzers/updates.h"
#include "base/tongue.h"
#include "facts/codes.h"
#include "facts/updatefile.h"

enum {
	GROUPS_MAX = 4000,
	SEEN_MAX = 100000,              /* instances of events */
	FAILED_MAX = 50000,             /* clients with a request that failed */
	PATH_TEXT = 96,
	MEANING_TEXT = 300,
};

#define LATE     (3600 * MOMENT_S)      /* told so long after it happened, that is said */
#define ABSURD   (10 * 365 * 86400 * MOMENT_S)
#define CLOSE_BY (3600 * MOMENT_S)      /* a request that failed so long before is the same matter */

struct failed {                         /* the last request of a client that failed, of a kind */
	uint16_t status;
	uint64_t frame;
	int64_t time;
	char path[PATH_TEXT];
	bool has_update;
	struct wsus_guid update;        /* whose file it was */
};

struct client {
	struct failed call, content;
};

struct group {
	struct story story;
	const struct client_event *event;
	uint32_t hresult;               /* 0: none told */
	struct wsus_guid update;
	char title[UPDATE_TITLE];       /* as the client tells it */
	int64_t late;
	struct failed failed;           /* status 0: none that fits */
	struct group *next;             /* of the same task and update */
};

struct reported {
	struct analyzer_env env;
	struct map groups;              /* server_key, event, code and update -> struct group */
	struct map tasks;               /* task and update -> its groups, borrowed */
	struct map seen;                /* instances */
	struct map clients;             /* address -> struct client */
};

static void *create(const struct analyzer_env *env)
{
	struct reported *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->env = *env;
	map_init(&r->groups, GROUPS_MAX);
	map_init(&r->tasks, GROUPS_MAX);
	map_init_on(&r->seen, SEEN_MAX, env->budget);
	map_init_on(&r->clients, FAILED_MAX, env->budget);
	return r;
}

static void destroy(void *self)
{
	struct reported *r = self;

	map_release_values(&r->groups);
	map_release(&r->tasks);
	map_release(&r->seen);
	map_release_values(&r->clients);
	free(r);
}

/* ---- requests that failed ---- */

static void note_failure(struct reported *r, const struct exchange *x)
{
	bool content = wsus_exchange_place(x) == WSUS_CONTENT;
	const struct update_file *file = NULL;
	struct client *c;
	struct failed *f;
	uint8_t sha1[SHA1_BYTES];

	if (!content && !wsus_place_is_soap(wsus_exchange_place(x)))
		return;
	c = kept_value(&r->clients, span_of(x->conn->client.addr.bytes, 16), sizeof *c, r->env.limits);
	if (!c)
		return;
	f = content ? &c->content : &c->call;
	*f = (struct failed){ .status = x->status, .frame = x->response.first_frame, .time = call_time(x) };
	web_printable(x->path, f->path, sizeof f->path);
	if (content && updatefile_read(x->path, sha1) != UPDATEFILE_OTHER)
		file = updates_file(r->env.updates, sha1);
	f->has_update = file && file->update && !wsus_guid_is_zero(&file->update->id);
	if (f->has_update)
		f->update = file->update->id;
}

/* The HTTP status that a code is about (WU_E_PT_HTTP_STATUS_*, HTTP_E_STATUS_*); 0: none. */
static uint16_t status_of(uint32_t hresult)
{
	static const uint16_t of_agent[] = { 400, 401, 403, 404, 405, 407, 408, 409,
	                                     410, 500, 501, 502, 503, 504, 505 };
	uint32_t agent = hresult - 0x80244016;

	if (hresult >> 16 == 0x8019)
		return (uint16_t)hresult;
	return agent < sizeof of_agent / sizeof *of_agent ? of_agent[agent] : 0;
}

static bool fits(const struct failed *f, const struct group *g, int64_t told)
{
	int64_t before = call_apart(told, f->time);

	if (!f->status || before < 0 || before > CLOSE_BY)
		return false;
	if (f->has_update && !wsus_guid_is_zero(&g->update))
		return !memcmp(f->update.bytes, g->update.bytes, sizeof g->update.bytes);
	return f->status == status_of(g->hresult);
}

static void join(const struct reported *r, struct group *g, const struct exchange *x)
{
	const struct map_entry *e = map_find(&r->clients, span_of(x->conn->client.addr.bytes, 16));
	const struct client *c = e ? e->value : NULL;
	const struct failed *f;

	if (!c || g->failed.status)
		return;
	f = g->event->task == TASK_DOWNLOAD ? &c->content : &c->call;
	if (g->event->task > TASK_DOWNLOAD || !fits(f, g, call_time(x)))
		return;
	g->failed = *f;
	story_show(&g->story, f->frame, "%s is answered %u", f->path, f->status);
}

/* ---- events ---- */

static bool is_new(struct reported *r, const struct wsus_event *e)
{
	struct map_entry *slot;
	size_t before = r->seen.count;

	if (wsus_guid_is_zero(&e->instance))
		return true;
	slot = map_put(&r->seen, span_of(e->instance.bytes, sizeof e->instance.bytes));
	if (!slot)
		limit_add(r->env.limits, LIMIT_FINDING_CEILING, 1);
	return !slot || r->seen.count > before;
}

/* The code, or where that is zero the one that the texts begin with ("0x80244022"). */
static uint32_t code_of(const struct wsus_event *e)
{
	uint64_t value;

	if (e->hresult || !span_istarts(e->text[0], SPAN("0x")))
		return e->hresult;
	return span_hex(span_skip(e->text[0], 2), &value) && value <= UINT32_MAX ? (uint32_t)value : 0;
}

static bool is_failure(const struct client_event *row, uint32_t hresult)
{
	if (client_code_is_error(hresult))
		return row->result != RESULT_DONE;
	return row->result == RESULT_FAILED && !hresult;
}

static struct span key_of_task(const struct client_event *row, const struct wsus_event *e,
                               uint8_t key[static 17])
{
	key[0] = (uint8_t)row->task;
	memcpy(key + 1, e->update.bytes, 16);
	return span_of(key, 17);
}

static struct group *group_of(struct reported *r, const struct exchange *x, const struct client_event *row,
                              const struct wsus_event *e, uint32_t hresult)
{
	struct server_key server = web_server_key(x);
	uint8_t key[sizeof server.bytes + 4 + 4 + 16], task[17];
	size_t len = server.len;
	struct map_entry *slot;
	struct group *g;

	memcpy(key, server.bytes, len);
	memcpy(key + len, &row->id, sizeof row->id);
	memcpy(key + len + 4, &hresult, sizeof hresult);
	memcpy(key + len + 8, e->update.bytes, 16);
	g = kept_value(&r->groups, span_of(key, len + 24), sizeof *g, r->env.limits);
	if (!g || g->event)
		return g;
	g->event = row;
	g->hresult = hresult;
	g->update = e->update;
	slot = map_put(&r->tasks, key_of_task(row, e, task));
	if (slot) {
		g->next = slot->value;
		slot->value = g;
	}
	return g;
}

/* Of the texts the one that is a name: no code, no number. */
static void note_title(struct group *g, const struct wsus_event *e)
{
	uint64_t number;

	for (size_t i = 0; i < 2 && !g->title[0]; i++)
		if (!span_istarts(e->text[i], SPAN("0x")) && !span_decimal(e->text[i], &number))
			web_printable(e->text[i], g->title, sizeof g->title);
}

static void take_failure(struct reported *r, const struct exchange *x, const struct client_event *row,
                         const struct wsus_event *e, int64_t told)
{
	struct group *g = group_of(r, x, row, e, code_of(e));
	int64_t late;

	if (!g)
		return;
	if (!g->story.count || g->story.evidence_count < FINDING_EVIDENCE)
		story_show(&g->story, x->request.first_frame, "event %d: %s", row->id, _(row->text));
	story_add(&g->story, x, call_time(x));
	note_title(g, e);
	join(r, g, x);
	late = e->time == MOMENT_NONE ? 0 : call_apart(told, e->time);
	if (late > g->late && late < ABSURD)
		g->late = late;
}

static void take_success(struct reported *r, const struct exchange *x, const struct client_event *row,
                         const struct wsus_event *e)
{
	uint8_t key[17];
	const struct map_entry *slot = map_find(&r->tasks, key_of_task(row, e, key));

	for (struct group *g = slot ? slot->value : NULL; g; g = g->next)
		story_over(&g->story, &x->conn->client.addr, call_time(x));
}

static void take_batch(struct reported *r, const struct exchange *x, enum wsus_method m)
{
	const struct wsus_call *values = call_values(x);
	enum wsus_field field = m == METHOD_REPORT_EVENT_BATCH ? FIELD_REPORT_TIME : FIELD_REPORT2_TIME;
	int64_t told = wsus_number(values, field, MOMENT_NONE);

	if (told == MOMENT_NONE)
		told = call_time(x);
	for (size_t i = 0; values && i < values->event_count; i++) {
		const struct wsus_event *e = &values->events[i];
		const struct client_event *row = client_event(e->event);

		if (!row || !is_new(r, e))
			continue;
		if (is_failure(row, code_of(e)))
			take_failure(r, x, row, e, told);
		else if (row->result != RESULT_FAILED)
			take_success(r, x, row, e);
	}
}

static void fact(void *self, const struct fact *f)
{
	struct reported *r = self;
	const struct exchange *x = f->exchange;
	enum wsus_method m;

	if (f->kind != FACT_EXCHANGE || !relevance_exchange(r->env.relevance, x))
		return;
	m = wsus_exchange_method(x);
	if (x->status >= 400 && x->status != 401 && x->status != 407)
		note_failure(r, x);
	if (m == METHOD_REPORT_EVENT_BATCH || m == METHOD_REPORT_EVENT_BATCH2)
		take_batch(r, x, m);
}

/* ---- verdicts ---- */

/* ' of "2026-03 Demo (KB9000001)"', " of KB9000001", or "". */
static void name_update(const struct reported *r, const struct group *g, char *text, size_t size)
{
	const struct update_known *known = updates_of(r->env.updates, &g->update);
	const char *title = known && known->title[0] ? known->title : g->title;
	const char *kb = known ? known->kb : "";
	char name[UPDATE_TEXT], id[37];

	text[0] = '\0';
	if (title[0] || kb[0])
		tongue_say(text, size, " of %s", update_text(title, kb, name));
	else if (!wsus_guid_is_zero(&g->update))
		tongue_say(text, size, " of update %s", wsus_guid_text(&g->update, id));
}

static void name_failure(const struct group *g, char *text, size_t size)
{
	text[0] = '\0';
	if (g->failed.status)
		tongue_say(text, size, " Before that %.60s%s was answered %u (frame %llu).", g->failed.path,
		         strlen(g->failed.path) > 60 ? "..." : "", g->failed.status,
		         (unsigned long long)g->failed.frame);
}

static void judge(struct reported *r, const struct group *g)
{
	char cause[CAUSE_TEXT], who[STORY_WHO_TEXT], update[UPDATE_TITLE + 40], request[200], late[160] = "";
	char code[16] = "", meaning[MEANING_TEXT], spelt[SPELL_TEXT];
	bool over = story_all_over(&g->story);
	size_t len;

	name_update(r, g, update, sizeof update);
	name_failure(g, request, sizeof request);
	tongue_say(meaning, sizeof meaning, "no code told");
	if (g->hresult) {
		snprintf(code, sizeof code, "0x%08X", g->hresult);
		code_hresult_text(g->hresult, meaning, sizeof meaning);
	}
	if (g->late > LATE)
		tongue_say(late, sizeof late, " It happened up to %s before it was told.",
		         call_spell(g->late, spelt));
	len = tongue_say(cause, sizeof cause, "%s: event %d, %s%s: %s%s%s%s", story_who(&g->story, who),
			 g->event->id, _(g->event->text), update, code, code[0] ? ", " : "", meaning,
	                       span_iends(span_text(meaning), SPAN(".")) ? "" : ".");
	tongue_say(cause + len, sizeof cause - len, "%s%s%s", request, late,
		   over ? _(" It succeeded later.") : "");
	story_raise(&g->story, r->env.findings, (struct raise){
		.kind = FINDING_REPORTED_ERROR,
		.severity = over ? SEVERITY_WARNING : SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.title = client_task_title(g->event->task),
		.cause = cause,
		.codes = code[0] ? code : NULL,
	});
}

static void end(void *self, int64_t now)
{
	struct reported *r = self;

	(void)now;
	for (size_t i = 0; i < r->groups.count; i++)
		if (r->groups.entries[i].value)
			judge(r, r->groups.entries[i].value);
}

const struct analyzer analyzer_reported = {
	.name = "reported",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
