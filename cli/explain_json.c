/* cli/explain_json.c - explanations as one JSON document. */
#include <json-c/json.h>
#include <stdio.h>

#include "cli/explain.h"
#include "report/json_util.h"

/* Lines become strings of an array; none is an empty one. */
static void put_lines(struct json_object *to, const char *key, const char *lines)
{
	struct json_object *array = json_put_array(to, key);
	struct span left = span_text(lines);

	while (left.len)
		json_object_array_add(array, json_bytes(span_split(&left, '\n')));
}

static void put_relatives(struct json_object *to, const char *key, const struct explanation *e,
                          enum explained_what what)
{
	struct json_object *array = json_put_array(to, key);
	char id[EXPLAINED_ID];

	for (size_t i = 0; i < e->count; i++) {
		if (e->found[i].what != what)
			continue;
		explained_id(&e->found[i], id);
		json_object_array_add(array, json_bytes(span_text(id)));
	}
}

static void put_code(struct json_object *to, const struct code *c)
{
	json_put_text(to, "family", code_family_name(c->family));
	json_put_count(to, "value", c->family == CODE_HTTP ? c->value / 1000 : c->value);
	json_put_text(to, "name", c->name);
	json_put_text(to, "meaning", c->meaning);
	put_lines(to, "wire", c->wire);
	put_lines(to, "remedy", c->advice);
	json_put_text(to, "log", code_log(c));
}

static void put_kind(struct json_object *to, const struct finding_row *row)
{
	json_put_text(to, "title", row->title);
	json_put_text(to, "severity", severity_name(row->severity));
	json_put_text(to, "from", row->from);
	json_put_text(to, "meaning", row->cause);
	put_lines(to, "remedy", row->remedy);
	json_put_text(to, "would_change", row->would_change);
}

static void put_case(struct json_object *to, const struct trouble *t)
{
	json_put_text(to, "title", t->title);
	json_put_text(to, "meaning", t->meaning);
	json_put_text(to, "seen", case_seen_text(t->seen));
	put_lines(to, "remedy", t->remedy);
	json_put_text(to, "log", t->log);
}

static void put_range(struct json_object *to, uint32_t value)
{
	char few[200];

	json_put_count(to, "value", value);
	json_put_text(to, "meaning", code_hresult_text(value, few, sizeof few));
	json_put_text(to, "log", code_owner_of(value)->log);
}

static struct json_object *one_json(const struct explained *one)
{
	static const char *const names[] = { [EXPLAINED_KIND] = "finding", [EXPLAINED_CASE] = "case",
		                             [EXPLAINED_CODE] = "code", [EXPLAINED_RANGE] = "unlisted" };
	struct json_object *o = json_object_new_object();
	struct explanation relatives;
	char id[EXPLAINED_ID];

	explained_id(one, id);
	explained_relatives(one, &relatives);
	json_put_text(o, "what", names[one->what]);
	json_put_text(o, "id", id);
	switch (one->what) {
	case EXPLAINED_KIND:
		put_kind(o, finding_row(one->kind));
		break;
	case EXPLAINED_CASE:
		put_case(o, one->trouble);
		break;
	case EXPLAINED_CODE:
		put_code(o, one->code);
		break;
	case EXPLAINED_RANGE:
		put_range(o, one->value);
		break;
	}
	put_relatives(o, "kinds", &relatives, EXPLAINED_KIND);
	put_relatives(o, "codes", &relatives, EXPLAINED_CODE);
	put_relatives(o, "cases", &relatives, EXPLAINED_CASE);
	return o;
}

static void write_found(FILE *out, struct json_object *found, uint64_t left_off)
{
	struct json_object *document = json_object_new_object();

	json_put_text(document, "schema", "wsuscope-explain/1");
	json_put(document, "found", found);
	json_put_count(document, "left_off", left_off);
	json_write(out, document, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);
	fputc('\n', out);
}

void explain_json(FILE *out, const struct explanation *e)
{
	struct json_object *found = json_object_new_array();

	for (size_t i = 0; i < e->count; i++)
		json_object_array_add(found, one_json(&e->found[i]));
	write_found(out, found, e->dropped);
}

static void add_row(void *self, struct explained one)
{
	json_object_array_add(self, one_json(&one));
}

void explain_list_json(FILE *out)
{
	struct json_object *found = json_object_new_array();

	explained_all(found, add_row);
	write_found(out, found, 0);
}
