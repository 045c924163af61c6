/* report/json_finding.c - FINDING of the interface, field by field. */
#include "report/json_finding.h"

#include <json-c/json.h>

#include "base/tongue.h"
#include "report/json_util.h"
#include "report/mask.h"

enum { FILTER_TEXT = 640 };

static void put_endpoint(struct json_object *to, const char *key, bool has, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT];

	if (has)
		json_put_text(to, key, endpoint_text(e, text));
	else
		json_put_null(to, key);
}

/* One string of pieces to an array of strings. */
static void put_pieces(struct json_object *to, const char *key, const char *text, uint8_t separator)
{
	struct json_object *all = json_put_array(to, key);
	struct span left = span_text(text);

	while (left.len) {
		struct span piece = span_split(&left, separator);

		if (piece.len)
			json_object_array_add(all, json_bytes(piece));
	}
}

static void put_words(struct json_object *to, const char *key, const char *words, bool reveal)
{
	char shown[SHOWN_TEXT];

	json_put_text(to, key, mask_text(words, reveal, shown));
}

static void put_evidence(struct json_object *to, const struct finding *n, const struct report_style *style)
{
	struct json_object *frames = json_put_array(to, "frames"), *evidence;
	char filter[FILTER_TEXT] = "";

	for (unsigned i = 0; !style->frameless && i < n->frame_count; i++)
		json_object_array_add(frames, json_object_new_uint64(n->frames[i]));
	if (!style->frameless)
		finding_filter(n, filter, sizeof filter);
	json_put_text(to, "filter", filter);
	evidence = json_put_array(to, "evidence");
	for (unsigned i = 0; i < n->evidence_count; i++) {
		struct json_object *o = json_object_new_object();

		if (style->frameless)
			json_put_null(o, "frame");
		else
			json_put_count(o, "frame", n->evidence[i].frame);
		put_words(o, "text", n->evidence[i].text, style->reveal);
		json_object_array_add(evidence, o);
	}
}

struct json_object *json_finding(const struct finding *n, const struct report_style *style)
{
	const struct finding_row *row = finding_row(n->kind);
	struct json_object *o = json_object_new_object();
	char client[ADDR_TEXT];

	json_put_count(o, "id", n->id);
	json_put_text(o, "kind", row->kind);
	json_put_text(o, "severity", severity_name(n->severity));
	json_put_text(o, "confidence", confidence_name(n->confidence));
	json_put_text(o, "title", n->title);
	if (n->has_client)
		json_put_text(o, "client", addr_text(&n->client, client));
	else
		json_put_null(o, "client");
	if (n->clients) {
		json_put_count(o, "clients", n->clients);
		json_put_bool(o, "clients_at_least", n->more_clients);
	}
	put_endpoint(o, "server", n->has_server, &n->server);
	put_endpoint(o, "via", n->has_via, &n->via);
	if (n->answered_by[0])
		json_put_text(o, "answered_by", n->answered_by);
	else
		json_put_null(o, "answered_by");
	json_put_count(o, "count", n->count);
	json_put_time(o, "first", n->first);
	json_put_time(o, "last", n->last);
	put_pieces(o, "codes", n->codes, ' ');
	put_words(o, "cause", n->cause, style->reveal);
	put_pieces(o, "remedy", n->remedy, '\n');
	json_put_text(o, "would_change", _(row->would_change));
	put_evidence(o, n, style);
	return o;
}
