/* report/json_client.c - a client, its ladder and its scans, in the JSON document's words. */
#include "report/json_client.h"

#include <stdio.h>

#include "analyzers/scan.h"
#include "report/json_util.h"

enum { LADDER_TEXT_MAX = RUNG_COUNT * 8192 };   /* the longest details take a seventh */

static void add_rung(struct buf *to, const struct rung *rung, enum rung_name at)
{
	char ms[24] = "null";

	if (rung->took >= 0)
		snprintf(ms, sizeof ms, "%d.%03d", rung->took / 1000, rung->took % 1000);
	buf_add(to, SPAN("{ \"rung\": "));
	json_add_string(to, span_text(rung_text(at)));
	buf_add(to, SPAN(", \"state\": "));
	json_add_string(to, span_text(rung_state_text((enum rung_state)rung->state)));
	buf_add(to, SPAN(", \"detail\": "));
	json_add_string(to, span_text(rung->detail));
	buf_add(to, SPAN(", \"ms\": "));
	buf_add(to, span_text(ms));
	buf_add(to, SPAN(" }"));
}

/* A client's row has every rung; a scan, of which a row has several, those that it shows. */
static void put_rungs(struct json_object *to, const struct rung rungs[static RUNG_COUNT], bool every)
{
	struct buf list;
	bool any = false;

	buf_init(&list, LADDER_TEXT_MAX);
	buf_add(&list, SPAN("["));
	for (int i = 0; i < RUNG_COUNT; i++) {
		if (!every && rungs[i].state == RUNG_UNSEEN)
			continue;
		buf_add(&list, any ? SPAN(", ") : SPAN(" "));
		add_rung(&list, &rungs[i], (enum rung_name)i);
		any = true;
	}
	buf_add(&list, SPAN(" ]"));
	json_put(to, "ladder", json_ready(buf_span(&list)));
	buf_release(&list);
}

static void put_known(struct json_object *to, const char *key, const char *text)
{
	if (text[0])
		json_put_text(to, key, text);
	else
		json_put_null(to, key);
}

/* What it asked for, in numbers. */
static void put_counts(struct json_object *o, const struct scan *s)
{
	json_put_count(o, "calls", s->calls);
	json_put_count(o, "failed_calls", s->failures);
	json_put_count(o, "faults", s->fault_count);
	json_put_count(o, "trips", s->pages);
	json_put_count(o, "driver_trips", s->driver_pages);
	json_put_count(o, "revisions", s->revisions);
	json_put_count(o, "installed_ids", s->installed_ids);
	json_put_count(o, "cached_ids", s->cached_ids);
	json_put_count(o, "request_bytes", s->bytes[CLIENT]);
	json_put_count(o, "response_bytes", s->bytes[SERVER]);
}

static struct json_object *scan_object(const struct scan *s)
{
	struct json_object *o = json_object_new_object();

	json_put_text(o, "kind", scan_kind_name(s->kind));
	json_put_time(o, "first", s->first);
	json_put_time(o, "last", s->last);
	put_counts(o, s);
	put_known(o, "name", s->name);
	put_known(o, "caller", s->caller);
	json_put_bool(o, "interactive", s->interactive);
	put_known(o, "agent", s->agent);
	put_known(o, "protocol", s->protocol);
	put_known(o, "server_protocol", s->server_protocol);
	if (s->os_build)
		json_put_count(o, "os_build", s->os_build);
	else
		json_put_null(o, "os_build");
	json_put_bool(o, "joined", s->joined);
	json_put_bool(o, "complete", s->over);
	put_rungs(o, s->rungs, false);
	return o;
}

struct json_object *json_client(const struct ladder *l)
{
	struct json_object *o = json_object_new_object();
	struct json_object *scans;
	char client[ADDR_TEXT], server[ENDPOINT_TEXT];

	json_put_text(o, "ip", addr_text(&l->client, client));
	put_known(o, "name", l->name);
	json_put_text(o, "climber", climber_name(l->climber));
	endpoint_text(&l->server, server);
	json_put_text(o, "server", l->host[0] ? l->host : server);
	put_known(o, "via", l->via_proxy ? server : "");
	put_rungs(o, l->rungs, true);
	json_put_text(o, "verdict", l->verdict);
	json_put_count(o, "scan_count", l->scan_count);
	scans = json_put_array(o, "scans");
	for (const struct scan *s = l->scans; s; s = s->older)
		json_object_array_add(scans, scan_object(s));
	return o;
}
