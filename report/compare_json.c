/* report/compare_json.c - a comparison as one JSON document, schema wsuscope-compare/1. */
#include <json-c/json.h>

#include "base/tongue.h"
#include "report/compare.h"
#include "report/json_util.h"

static void write_value(FILE *out, struct json_object *value)
{
	json_write(out, value, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);
}

static void put_side(FILE *out, const char *key, const struct compare_side *side)
{
	struct json_object *o = json_object_new_object();

	json_put_text(o, "file", side->name);
	json_put_count(o, "frames", side->frames);
	json_put_text(o, "quality", side->quality);
	json_put_count(o, "clients", side->client_count);
	json_put_count(o, "findings", side->finding_count);
	fprintf(out, ",\n  \"%s\": ", key);
	write_value(out, o);
}

static void put_known(struct json_object *to, const char *key, const char *text)
{
	if (text[0])
		json_put_text(to, key, text);
	else
		json_put_null(to, key);
}

static void put_rung(struct json_object *to, const char *key, int rung)
{
	put_known(to, key, rung >= 0 ? rung_text((enum rung_name)rung) : "");
}

static void put_client(struct json_object *to, const char *key, const struct compare_client *c)
{
	struct json_object *o;

	if (!c) {
		json_put_null(to, key);
		return;
	}
	o = json_put_object(to, key);
	json_put_text(o, "ip", c->addr);
	put_known(o, "name", c->name);
	json_put_text(o, "server", c->server);
	json_put_bool(o, "failed", c->failed);
	json_put_bool(o, "served", c->served);
	put_rung(o, "reached", c->reached);
	put_rung(o, "stopped", c->stopped);
	json_put_text(o, "verdict", c->verdict);
}

static void put_finding(struct json_object *to, const char *key, const struct compare_finding *n)
{
	struct json_object *o;

	if (!n) {
		json_put_null(to, key);
		return;
	}
	o = json_put_object(to, key);
	json_put_text(o, "severity", severity_name(n->severity));
	json_put_count(o, "count", n->count);
	put_known(o, "client", n->client);
	put_known(o, "server", n->server);
	put_known(o, "via", n->via);
	json_put_text(o, "cause", n->cause);
}

static void put_summary(FILE *out, const struct comparison *c)
{
	struct json_object *o = json_object_new_object(), *part = json_put_object(o, "clients");

	for (int i = 0; i < COMPARE_FATE_COUNT; i++)
		json_put_count(part, compare_fate_name((enum compare_fate)i), c->of_fate[i]);
	part = json_put_object(o, "findings");
	for (int i = 0; i < COMPARE_CHANGE_COUNT; i++)
		json_put_count(part, compare_change_name((enum compare_change)i), c->of_change[i]);
	fputs(",\n  \"summary\": ", out);
	write_value(out, o);
}

static void put_clients(FILE *out, const struct comparison *c)
{
	fputs(",\n  \"clients\": [", out);
	for (size_t i = 0; i < c->client_count; i++) {
		struct json_object *o = json_object_new_object();

		json_put_text(o, "change", compare_fate_name(c->clients[i].fate));
		put_client(o, "before", c->clients[i].before);
		put_client(o, "after", c->clients[i].after);
		fputs(i ? ",\n    " : "\n    ", out);
		write_value(out, o);
	}
	fputs(c->client_count ? "\n  ]" : "]", out);
}

static void put_findings(FILE *out, const struct comparison *c, enum severity from)
{
	bool any = false;

	fputs(",\n  \"findings\": [", out);
	for (size_t i = 0; i < c->finding_count; i++) {
		const struct compared_finding *f = &c->findings[i];
		const struct compare_finding *n = f->after ? f->after : f->before;
		struct json_object *o;

		if (n->severity < from)
			continue;
		o = json_object_new_object();
		json_put_text(o, "change", compare_change_name(f->change));
		json_put_text(o, "kind", n->kind);
		json_put_text(o, "title", n->title);
		put_finding(o, "before", f->before);
		put_finding(o, "after", f->after);
		fputs(any ? ",\n    " : "\n    ", out);
		any = true;
		write_value(out, o);
	}
	fputs(any ? "\n  ]" : "]", out);
}

bool compare_json(FILE *out, const struct comparison *c, const struct report_style *style)
{
	char verdict[COMPARE_VERDICT];

	fprintf(out, "{\n  \"schema\": \"wsuscope-compare/1\",\n  \"lang\": \"%s\"", tongue_code());
	fputs(",\n  \"verdict\": ", out);
	compare_verdict(c, verdict);
	write_value(out, json_bytes(span_text(verdict)));
	put_side(out, "before", c->before);
	put_side(out, "after", c->after);
	put_summary(out, c);
	put_clients(out, c);
	put_findings(out, c, style->from);
	fputs("\n}\n", out);
	return !ferror(out);
}
