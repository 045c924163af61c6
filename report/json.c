/* report/json.c - the whole result as one JSON document, schema wsuscope/1. */
#include <json-c/json.h>

#include "base/tongue.h"
#include "report/json_check.h"
#include "report/json_client.h"
#include "report/json_finding.h"
#include "report/json_update.h"
#include "report/json_util.h"
#include "report/report.h"

static struct json_object *input_object(const struct report_input *in)
{
	struct json_object *o = json_object_new_object();

	json_put_text(o, "file", in->name);
	json_put_text(o, "format", in->format);
	json_put_count(o, "frames", in->frames);
	json_put_count(o, "bytes", in->bytes);
	json_put_time(o, "first", in->first);
	json_put_time(o, "last", in->last);
	json_put_bool(o, "cut", in->cut);
	return o;
}

static struct json_object *quality_object(const struct report *r)
{
	struct json_object *quality = json_object_new_object();
	struct json_object *limits;

	json_put_text(quality, "verdict", quality_name(limits_quality(r->limits, r->counts.frames)));
	limits = json_put_array(quality, "limits");
	for (int i = 0; i < LIMIT_COUNT; i++) {
		struct json_object *o;

		if (!r->limits->count[i])
			continue;
		o = json_object_new_object();
		json_put_text(o, "kind", limit_kind((enum limit)i));
		json_put_text(o, "text", limit_text((enum limit)i, r->limits->count[i]));
		json_put_count(o, "count", r->limits->count[i]);
		json_object_array_add(limits, o);
	}
	return quality;
}

static struct json_object *summary_object(const struct report *r)
{
	struct json_object *summary = json_object_new_object();
	uint64_t by_severity[SEVERITY_COUNT] = { 0 };
	struct json_object *findings;

	json_put_count(summary, "frames", r->counts.frames);
	json_put_count(summary, "connections", r->counts.connections);
	json_put_count(summary, "exchanges", r->counts.exchanges);
	json_put_count(summary, "tls_sessions", r->counts.tls_sessions);
	json_put_count(summary, "lookups", r->counts.lookups);
	json_put_count(summary, "soap_calls", r->counts.soap_calls);
	json_put_count(summary, "clients", ladders_clients(r->ladders));
	json_put_count(summary, "servers", servers_count(r->ladders));
	for (size_t i = 0; i < findings_count(r->findings); i++)
		by_severity[findings_at(r->findings, i)->severity]++;
	findings = json_put_object(summary, "findings");
	for (int s = SEVERITY_COUNT - 1; s >= 0; s--)
		json_put_count(findings, severity_name((enum severity)s), by_severity[s]);
	return summary;
}

static struct json_object *server_object(const struct server_seen *s)
{
	struct json_object *o = json_object_new_object();
	char ip[ADDR_TEXT];

	json_put_text(o, "ip", addr_text(&s->endpoint.addr, ip));
	json_put_count(o, "port", s->endpoint.port);
	if (s->name[0])
		json_put_text(o, "name", s->name);
	else
		json_put_null(o, "name");
	json_put_text(o, "role", server_role_text(s->role));
	json_put_text(o, "product", s->product);
	json_put_text(o, "version", s->version);
	return o;
}

/* ---- the document, an element at a time: a hundred thousand clients never stand in memory as JSON ---- */

static void write_value(FILE *out, struct json_object *value)
{
	json_write(out, value, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);
}

/* Elements of an array: commas between, a line each. */
struct elements {
	FILE *out;
	bool any;
};

static struct elements begin_array(FILE *out, const char *key)
{
	fprintf(out, ",\n  \"%s\": [", key);
	return (struct elements){ out, false };
}

static void next_element(struct elements *e)
{
	fputs(e->any ? ",\n    " : "\n    ", e->out);
	e->any = true;
}

static void add_element(struct elements *e, struct json_object *value)
{
	next_element(e);
	write_value(e->out, value);
}

static void end_array(const struct elements *e)
{
	fputs(e->any ? "\n  ]" : "]", e->out);
}

static void write_clients(FILE *out, const struct report *r)
{
	struct elements e = begin_array(out, "clients");
	struct json_text row;

	json_text_init(&row);
	for (size_t i = 0; i < ladders_count(r->ladders); i++) {
		json_text_clear(&row);
		json_client(&row, ladders_at(r->ladders, i));
		next_element(&e);
		json_write_text(out, buf_span(&row.to));
	}
	end_array(&e);
	json_text_release(&row);
}

static void write_parties(FILE *out, const struct report *r)
{
	struct elements e;

	write_clients(out, r);
	e = begin_array(out, "servers");
	for (size_t i = 0; i < servers_count(r->ladders); i++)
		add_element(&e, server_object(servers_at(r->ladders, i)));
	end_array(&e);
	e = begin_array(out, "updates");
	for (size_t i = 0; i < updates_count(r->updates); i++)
		add_element(&e, json_update(updates_at(r->updates, i)));
	end_array(&e);
}

/* Of a probe alone: a capture's document has none. */
static struct json_object *past_object(const struct report_past *past)
{
	const struct finding *n = past->finding;
	struct json_object *o = json_object_new_object();
	char client[ADDR_TEXT], server[ENDPOINT_TEXT];

	json_put_text(o, "kind", finding_row(n->kind)->kind);
	if (n->has_client)
		json_put_text(o, "client", addr_text(&n->client, client));
	if (n->has_server)
		json_put_text(o, "server", endpoint_text(&n->server, server));
	json_put_time(o, "first", past->since);
	json_put_time(o, "last", past->until);
	json_put_count(o, "count", past->count);
	return o;
}

static void write_checks(FILE *out, const struct report *r)
{
	struct elements e;

	if (!r->checks)
		return;
	e = begin_array(out, "checks");
	for (size_t i = 0; i < r->check_count; i++)
		add_element(&e, json_check(&r->checks[i]));
	end_array(&e);
}

static void write_past(FILE *out, const struct report *r)
{
	struct elements e;

	if (!r->past_count)
		return;
	e = begin_array(out, "past");
	for (size_t i = 0; i < r->past_count; i++)
		add_element(&e, past_object(&r->past[i]));
	end_array(&e);
}

/* What decoded the packets had given up its rights. */
static void write_sandbox(FILE *out, const struct report *r)
{
	struct json_object *o;

	if (!r->sandbox)
		return;
	o = json_object_new_object();
	json_put_text(o, "state", r->sandbox);
	json_put_text(o, "lacking", r->lacking ? r->lacking : "");
	fputs(",\n  \"sandbox\": ", out);
	write_value(out, o);
}

bool report_json(FILE *out, const struct report *r, const struct report_style *style)
{
	struct elements e;

	fputs("{\n  \"schema\": \"wsuscope/1\"", out);
	fprintf(out, ",\n  \"lang\": \"%s\"", tongue_code());
	e = begin_array(out, "input");
	for (size_t i = 0; i < r->input_count; i++)
		add_element(&e, input_object(&r->inputs[i]));
	end_array(&e);
	fputs(",\n  \"quality\": ", out);
	write_value(out, quality_object(r));
	fputs(",\n  \"summary\": ", out);
	write_value(out, summary_object(r));
	write_sandbox(out, r);
	write_parties(out, r);
	write_checks(out, r);
	e = begin_array(out, "findings");
	for (size_t i = 0; i < findings_count(r->findings); i++)
		if (findings_at(r->findings, i)->severity >= style->from)
			add_element(&e, json_finding(findings_at(r->findings, i), style));
	end_array(&e);
	write_past(out, r);
	fputs("\n}\n", out);
	return !ferror(out);
}
