/* report/json_client.c - a client, its ladder and its scans, in the JSON document's words. */
#include "report/json_client.h"

#include "analyzers/scan.h"

static void put_rung(struct json_text *to, const struct rung *rung, enum rung_name at)
{
	json_text_open(to, NULL, '{');
	json_text_string(to, "rung", rung_text(at));
	json_text_string(to, "state", rung_state_text((enum rung_state)rung->state));
	json_text_string(to, "detail", rung->detail);
	if (rung->took >= 0)
		json_text_ms(to, "ms", rung->took);
	else
		json_text_null(to, "ms");
	json_text_close(to, '}');
}

/* A client's row has every rung; a scan, of which a row has several, those that it shows. */
static void put_rungs(struct json_text *to, const struct rung rungs[static RUNG_COUNT], bool every)
{
	json_text_open(to, "ladder", '[');
	for (int i = 0; i < RUNG_COUNT; i++)
		if (every || rungs[i].state != RUNG_UNSEEN)
			put_rung(to, &rungs[i], (enum rung_name)i);
	json_text_close(to, ']');
}

/* What it asked for, in numbers. */
static void put_counts(struct json_text *to, const struct scan *s)
{
	json_text_count(to, "calls", s->calls);
	json_text_count(to, "failed_calls", s->failures);
	json_text_count(to, "faults", s->fault_count);
	json_text_count(to, "trips", s->pages);
	json_text_count(to, "driver_trips", s->driver_pages);
	json_text_count(to, "revisions", s->revisions);
	json_text_count(to, "installed_ids", s->installed_ids);
	json_text_count(to, "cached_ids", s->cached_ids);
	json_text_count(to, "request_bytes", s->bytes[CLIENT]);
	json_text_count(to, "response_bytes", s->bytes[SERVER]);
}

static void put_scan(struct json_text *to, const struct scan *s)
{
	json_text_open(to, NULL, '{');
	json_text_string(to, "kind", scan_kind_name(s->kind));
	json_text_time(to, "first", s->first);
	json_text_time(to, "last", s->last);
	put_counts(to, s);
	json_text_known(to, "name", s->name);
	json_text_known(to, "caller", s->caller);
	json_text_bool(to, "interactive", s->interactive);
	json_text_known(to, "agent", s->agent);
	json_text_known(to, "protocol", s->protocol);
	json_text_known(to, "server_protocol", s->server_protocol);
	if (s->os_build)
		json_text_count(to, "os_build", s->os_build);
	else
		json_text_null(to, "os_build");
	json_text_bool(to, "joined", s->joined);
	json_text_bool(to, "complete", s->over);
	put_rungs(to, s->rungs, false);
	json_text_close(to, '}');
}

void json_client(struct json_text *to, const struct ladder *l)
{
	char client[ADDR_TEXT], server[ENDPOINT_TEXT];

	endpoint_text(&l->server, server);
	json_text_open(to, NULL, '{');
	json_text_string(to, "ip", addr_text(&l->client, client));
	json_text_known(to, "name", l->name);
	json_text_string(to, "climber", climber_name(l->climber));
	json_text_string(to, "server", l->host[0] ? l->host : server);
	json_text_known(to, "via", l->via_proxy ? server : "");
	put_rungs(to, l->rungs, true);
	json_text_string(to, "verdict", l->verdict);
	json_text_bool(to, "failed", l->failed);
	json_text_bool(to, "served", l->served);
	json_text_count(to, "scan_count", l->scan_count);
	json_text_open(to, "scans", '[');
	for (const struct scan *s = l->scans; s; s = s->older)
		put_scan(to, s);
	json_text_close(to, ']');
	json_text_close(to, '}');
}
