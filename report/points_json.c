/* report/points_json.c - two captures at once, as JSON: docs/schema/same-time.schema.json. */
#include "report/json_util.h"
#include "report/points.h"

static void put_capture(struct json_object *list, const struct points_report *r, enum place at)
{
	const struct point *s = &r->t->at[at];
	const struct blind *b = &r->blind[at];
	struct json_object *o = json_object_new_object();

	json_put_text(o, "file", b->name);
	json_put_text(o, "side", at == NEAR ? "client" : "server");
	json_put_count(o, "packets", s->packets);
	json_put_time(o, "first", s->first);
	json_put_time(o, "last", s->last);
	json_put_count(o, "dropped", b->dropped);
	json_put_count(o, "missed", b->missed);
	json_put_count(o, "truncated", b->truncated);
	json_put_count(o, "left_out", b->left_out);
	json_put_bool(o, "cut", b->cut);
	json_object_array_add(list, o);
}

static void put_clocks(struct json_object *to, const struct clocks *c)
{
	struct json_object *o;

	if (!c->known) {
		json_put_null(to, "clocks");
		return;
	}
	o = json_put_object(to, "clocks");
	json_put_ms(o, "offset_ms", (int64_t)c->offset);
	if (!c->one_way)
		json_put_ms(o, "uncertainty_ms", (int64_t)c->uncertainty);
	json_put(o, "drift_ppm", json_object_new_double(c->drift * 1e6));
	json_put_bool(o, "one_way", c->one_way);
	json_put_bool(o, "jumped", c->jumped);
}

static void put_delays(struct json_object *to, const char *key, const struct delays *d)
{
	struct json_object *o = json_put_object(to, key);

	json_put_count(o, "packets", d->count);
	json_put_ms(o, "min_ms", d->min);
	json_put_ms(o, "median_ms", d->median);
	json_put_ms(o, "max_ms", d->max);
}

static void put_frames(struct json_object *to, const char *key, const struct trouble *n, enum place at)
{
	struct json_object *list = json_put_array(to, key);

	for (unsigned i = 0; i < n->frame_count[at]; i++)
		json_object_array_add(list, json_object_new_int64((int64_t)n->frames[at][i]));
}

static void put_trouble(struct json_object *list, const struct trouble *n)
{
	struct json_object *o = json_object_new_object(), *clients, *remedies;
	char text[ENDPOINT_TEXT];

	json_put_text(o, "kind", trouble_name(n->kind));
	json_put_text(o, "severity", severity_name(n->severity));
	json_put_text(o, "confidence", confidence_name(n->confidence));
	json_put_text(o, "title", trouble_title(n->kind));
	json_put_text(o, "server", endpoint_text(&n->server, text));
	clients = json_put_array(o, "clients");
	for (unsigned i = 0; i < n->client_count && i < TROUBLE_CLIENTS; i++)
		json_object_array_add(clients, json_object_new_string(addr_text(&n->clients[i], text)));
	json_put_count(o, "client_count", n->client_count);
	json_put_count(o, "count", n->count);
	json_put_bytes(o, "cause", span_text(n->text));
	json_put_text(o, "would_change", n->would_change);
	remedies = json_put_array(o, "remedy");
	for (unsigned i = 0; i < REMEDIES; i++)
		if (trouble_remedy(n->kind, i)[0])
			json_object_array_add(remedies, json_object_new_string(trouble_remedy(n->kind, i)));
	put_frames(o, "client_side_frames", n, NEAR);
	put_frames(o, "server_side_frames", n, FAR);
	json_object_array_add(list, o);
}

bool points_json(FILE *out, const struct points_report *r, const struct report_style *style)
{
	struct json_object *o = json_object_new_object(), *list;
	char verdict[VERDICT_TEXT];

	json_put_text(o, "schema", "wsuscope-same-time/1");
	json_put_text(o, "lang", tongue_code());
	json_put_bytes(o, "verdict", span_text(troubles_verdict(r->troubles, r->t, r->blind, verdict)));
	json_put_bool(o, "swapped", r->t->swapped);
	list = json_put_array(o, "input");
	put_capture(list, r, NEAR);
	put_capture(list, r, FAR);
	put_clocks(o, &r->t->clocks);
	put_delays(o, "there", &r->t->delays[0]);
	put_delays(o, "back", &r->t->delays[1]);
	json_put_count(o, "packets_on_both", r->t->mates);
	json_put_count(o, "conversations_on_both", r->t->pairs);
	json_put_count(o, "conversations_relayed", r->t->relays);
	list = json_put_array(o, "findings");
	for (size_t i = 0; i < r->troubles->count; i++)
		if (r->troubles->list[i].severity >= style->from)
			put_trouble(list, &r->troubles->list[i]);
	json_write(out, o, JSON_C_TO_STRING_PRETTY);
	fputc('\n', out);
	return !ferror(out);
}
