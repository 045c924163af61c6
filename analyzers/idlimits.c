/* analyzers/idlimits.c - clients that send as many update ids as the server takes, or nearly. */
#include "analyzers/idlimits.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/kept.h"
#include "analyzers/story.h"
#include "base/tongue.h"

enum { PAIRS_MAX = 20000, NEAR_PERCENT = 80 };

static const struct row {
	struct span parameter;
	const char *setting;
	int64_t limit;
	enum wsus_field field;
} rows[] = {
#define X(symbol, parameter, setting, limit, field) { SPAN_LIT(parameter), setting, limit, FIELD_##field },
	ID_LISTS(X)
#undef X
};

struct idlist {                         /* one list, one server */
	struct story refused, near;
	int64_t most;                   /* ids in one request, of those that were near or beyond */
	int64_t most_taken;             /* ids that the server took */
};

struct idlimits {
	struct analyzer_env env;
	struct map lists;               /* server_key and enum id_list -> struct idlist */
};

enum id_list id_list_named(struct span message)
{
	for (unsigned l = 0; l < ID_LIST_COUNT; l++)
		if (span_ifind(message, rows[l].parameter) != SIZE_MAX)
			return (enum id_list)l;
	return ID_LIST_COUNT;
}

static void *create(const struct analyzer_env *env)
{
	struct idlimits *d = calloc(1, sizeof *d);

	if (d) {
		d->env = *env;
		map_init(&d->lists, PAIRS_MAX);
	}
	return d;
}

static void destroy(void *self)
{
	struct idlimits *d = self;

	map_release_values(&d->lists);
	free(d);
}

static struct idlist *list_of(struct idlimits *d, const struct exchange *x, enum id_list list)
{
	struct server_key key = web_server_key(x);
	uint8_t bytes[sizeof key.bytes + 1];

	memcpy(bytes, key.bytes, key.len);
	bytes[key.len] = (uint8_t)list;
	return kept_value(&d->lists, span_of(bytes, key.len + 1), sizeof(struct idlist), d->env.limits);
}

static void note_most(struct idlist *list, int64_t count)
{
	list->most = count > list->most ? count : list->most;
}

static void take_refusal(struct idlimits *d, const struct exchange *x, enum id_list which, int64_t count)
{
	struct idlist *list = list_of(d, x, which);

	if (!list)
		return;
	story_add(&list->refused, x, call_time(x));
	story_show(&list->refused, x->request.first_frame, "SyncUpdates with %lld %s", (long long)count,
	           (const char *)rows[which].parameter.at);
	story_show(&list->refused, x->response.first_frame, "InvalidParameters: %s",
	           (const char *)rows[which].parameter.at);
	note_most(list, count);
}

static void take_count(struct idlimits *d, const struct exchange *x, enum id_list which, int64_t count)
{
	struct idlist *list;

	if (count * 100 < rows[which].limit * NEAR_PERCENT)
		return;
	list = list_of(d, x, which);
	if (!list)
		return;
	note_most(list, count);
	if (call_succeeded(x) && count > list->most_taken)
		list->most_taken = count;
	story_add(&list->near, x, call_time(x));
	story_show(&list->near, x->request.first_frame, "SyncUpdates with %lld %s", (long long)count,
	           (const char *)rows[which].parameter.at);
}

static void fact(void *self, const struct fact *f)
{
	struct idlimits *d = self;
	const struct exchange *x = f->exchange;
	enum id_list named = ID_LIST_COUNT;
	enum soap_error error;

	if (f->kind != FACT_EXCHANGE || call_method(&d->env, x) != METHOD_SYNC_UPDATES)
		return;
	error = call_error(x);
	if (error == SOAP_ERROR_INVALID_PARAMETERS || error == SOAP_ERROR_INVALID_PARAMETER)
		named = id_list_named(call_fault(x)->message);
	for (unsigned l = 0; l < ID_LIST_COUNT; l++) {
		int64_t count = wsus_number(call_values(x), rows[l].field, 0);

		if (l == named)
			take_refusal(d, x, (enum id_list)l, count);
		else
			take_count(d, x, (enum id_list)l, count);
	}
}

static void raise_refused(struct idlimits *d, const struct idlist *list, const struct row *row)
{
	char cause[CAUSE_TEXT], who[STORY_WHO_TEXT], count[96];

	tongue_say(count, sizeof count, "more ids than it takes");
	if (list->most)
		tongue_say(count, sizeof count, "%lld ids", (long long)list->most);
	tongue_say(cause, sizeof cause,
	         "The server refuses %s in %s with InvalidParameters, from %s. Its limit %s is %lld "
	         "unless web.config raises it; the client repairs nothing by itself and stops with "
	         "0x80244007.",
	         count, (const char *)row->parameter.at, story_who(&list->refused, who), row->setting,
	         (long long)row->limit);
	story_raise(&list->refused, d->env.findings,
	            (struct raise){ .kind = FINDING_ID_LIMIT, .severity = SEVERITY_OF_KIND,
	                            .confidence = CONFIDENCE_CERTAIN, .cause = cause });
}

static void raise_near(struct idlimits *d, const struct idlist *list, const struct row *row)
{
	bool at_limit = list->most >= row->limit;
	char cause[CAUSE_TEXT], who[STORY_WHO_TEXT];

	tongue_say(cause, sizeof cause,
	         "SyncUpdates of %s carries %lld ids in %s, and the server takes %lld unless web.config "
	         "raises %s: %s.",
	         story_who(&list->near, who), (long long)list->most, (const char *)row->parameter.at,
	         (long long)row->limit, row->setting,
	         at_limit ? _("the limit is reached, one more update ends every scan")
	                  : _("scans work until a few more updates are there"));
	story_raise(&list->near, d->env.findings, (struct raise){
		.kind = FINDING_ID_LIMIT,
		.severity = at_limit ? SEVERITY_OF_KIND : SEVERITY_WARNING,
		.confidence = CONFIDENCE_CERTAIN,
		.title = at_limit ? NULL : N_("The client sends nearly as many update ids as WSUS takes"),
		.cause = cause,
	});
}

static void end(void *self, int64_t now)
{
	struct idlimits *d = self;

	(void)now;
	for (size_t i = 0; i < d->lists.count; i++) {
		const struct map_entry *e = &d->lists.entries[i];
		const struct idlist *list = e->value;
		const struct row *row = &rows[e->key.at[e->key.len - 1]];

		if (!list)
			continue;
		if (list->refused.count)
			raise_refused(d, list, row);
		else if (list->near.count && list->most_taken <= row->limit) /* else it was raised */
			raise_near(d, list, row);
	}
}

const struct analyzer analyzer_idlimits = {
	.name = "idlimits",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
