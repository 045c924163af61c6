/* report/compare_read.c - a report of ours read back, or whatever else was given for one. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/tongue.h"
#include "base/utf8.h"
#include "report/compare.h"

enum { DEPTH_MAX = 32, CLIENTS_MAX = 1 << 20 };

struct intake {
	struct compare_side *side;
	const char *wrong;              /* key of a value that is not what it should be; NULL */
};

/* ---- values ---- */

static struct json_object *take(struct intake *r, struct json_object *from, const char *key, json_type type)
{
	struct json_object *value = NULL;

	if (!json_object_is_type(from, json_type_object)) {
		r->wrong = key;
		return NULL;
	}
	json_object_object_get_ex(from, key, &value);
	if (value && !json_object_is_type(value, type))
		r->wrong = key;
	return value && json_object_is_type(value, type) ? value : NULL;
}

/* What must be there. */
static struct json_object *need(struct intake *r, struct json_object *from, const char *key, json_type type)
{
	struct json_object *value = take(r, from, key, type);

	if (!value)
		r->wrong = key;
	return value;
}

/* Null is "". */
static const char *take_text(struct intake *r, struct json_object *from, const char *key)
{
	struct json_object *value = take(r, from, key, json_type_string);
	struct span text = SPAN("");
	const char *kept;

	if (value)
		text = span_of(json_object_get_string(value), (size_t)json_object_get_string_len(value));
	if (text.len > COMPARE_TEXT_MAX)
		text = utf8_whole(span_of(text.at, COMPARE_TEXT_MAX));
	kept = arena_text(&r->side->arena, text);
	return kept ? kept : "";
}

static uint64_t take_count(struct intake *r, struct json_object *from, const char *key)
{
	struct json_object *value = take(r, from, key, json_type_int);

	return value ? json_object_get_uint64(value) : 0;
}

static bool take_bool(struct intake *r, struct json_object *from, const char *key)
{
	return json_object_get_boolean(need(r, from, key, json_type_boolean));
}

/* ---- clients ---- */

static int rung_named(const char *name)
{
	for (int i = 0; i < RUNG_COUNT; i++)
		if (!strcmp(rung_text((enum rung_name)i), name))
			return i;
	return -1;
}

static void read_rungs(struct intake *r, struct json_object *row, struct compare_client *c)
{
	struct json_object *ladder = need(r, row, "ladder", json_type_array);
	size_t count = ladder ? json_object_array_length(ladder) : 0;

	for (size_t i = 0; i < count && !r->wrong; i++) {
		struct json_object *rung = json_object_array_get_idx(ladder, i);
		int at = rung_named(take_text(r, rung, "rung"));
		const char *state = take_text(r, rung, "state");

		if (at > c->reached && !strcmp(state, rung_state_text(RUNG_OK)))
			c->reached = at;
		if (at > c->stopped && c->failed && !strcmp(state, rung_state_text(RUNG_FAILED)))
			c->stopped = at;
	}
}

static struct compare_client read_client(struct intake *r, struct json_object *row)
{
	struct compare_client c = { .reached = -1, .stopped = -1 };

	c.addr = take_text(r, row, "ip");
	c.name = take_text(r, row, "name");
	c.server = take_text(r, row, "server");
	c.verdict = take_text(r, row, "verdict");
	c.failed = take_bool(r, row, "failed");
	c.served = take_bool(r, row, "served");
	read_rungs(r, row, &c);
	if (!c.addr[0])
		r->wrong = "ip";
	return c;
}

/* One more row of a machine that is there: what fails is what is told of it. */
static void merge(struct compare_client *into, const struct compare_client *row)
{
	struct compare_client told = row->failed && !into->failed ? *row : *into;

	told.failed = into->failed || row->failed;
	told.served = into->served || row->served;
	told.name = into->name[0] ? into->name : row->name;
	told.reached = into->reached > row->reached ? into->reached : row->reached;
	told.stopped = into->stopped > row->stopped ? into->stopped : row->stopped;
	*into = told;
}

static char to_small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

struct span compare_label(char key[static COMPARE_TEXT_MAX + 1], const char *name)
{
	size_t len = 0;

	for (; name[len] && name[len] != '.' && len < COMPARE_TEXT_MAX; len++)
		key[len] = to_small(name[len]);
	return span_of(key, len);
}

static void add_client(struct compare_side *side, const struct compare_client *row)
{
	struct map_entry *e = map_put(&side->by_addr, span_text(row->addr));

	if (!e)
		return;
	if (e->value) {
		merge(e->value, row);
		return;
	}
	side->clients[side->client_count] = *row;
	e->value = &side->clients[side->client_count++];
}

/* Two machines of one name are told apart by nothing but their addresses. */
static void add_names(struct compare_side *side)
{
	char key[COMPARE_TEXT_MAX + 1];

	for (size_t i = 0; i < side->client_count; i++) {
		const char *name = side->clients[i].name;
		size_t known = side->by_name.count;
		struct map_entry *e;

		if (!name || !name[0])
			continue;
		e = map_put(&side->by_name, compare_label(key, name));
		if (e)
			e->value = side->by_name.count > known ? &side->clients[i] : NULL;
	}
}

static void read_clients(struct intake *r, struct json_object *doc)
{
	struct json_object *rows = need(r, doc, "clients", json_type_array);
	size_t count = rows ? json_object_array_length(rows) : 0;

	r->side->clients = calloc(count + 1, sizeof *r->side->clients);
	for (size_t i = 0; i < count && r->side->clients && !r->wrong; i++) {
		struct compare_client row = read_client(r, json_object_array_get_idx(rows, i));

		add_client(r->side, &row);
	}
	if (r->side->clients)
		add_names(r->side);
}

/* ---- servers and findings ---- */

/* "192.0.2.10:8530" to "wsus01.corp.example:8530". */
static void read_servers(struct intake *r, struct json_object *doc)
{
	struct json_object *rows = need(r, doc, "servers", json_type_array);
	size_t count = rows ? json_object_array_length(rows) : 0;

	for (size_t i = 0; i < count && !r->wrong; i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		const char *ip = take_text(r, row, "ip"), *name = take_text(r, row, "name");
		unsigned port = (unsigned)take_count(r, row, "port") & 0xffff;
		char endpoint[COMPARE_TEXT_MAX + 16], called[COMPARE_TEXT_MAX + 16];
		struct map_entry *e, *named;

		snprintf(endpoint, sizeof endpoint, strchr(ip, ':') ? "[%s]:%u" : "%s:%u", ip, port);
		e = map_put(&r->side->servers, span_text(endpoint));
		if (!e || !name[0])
			continue;
		snprintf(called, sizeof called, "%s:%u", name, port);
		for (char *at = called; *at; at++)
			*at = to_small(*at);
		named = map_put(&r->side->named, span_text(called));
		e->value = (void *)arena_text(&r->side->arena, span_text(called));
		if (named)
			named->value = e->value;
	}
}

static struct compare_finding read_finding(struct intake *r, struct json_object *row)
{
	struct compare_finding n = { 0 };

	n.kind = take_text(r, row, "kind");
	n.title = take_text(r, row, "title");
	n.cause = take_text(r, row, "cause");
	n.client = take_text(r, row, "client");
	n.server = take_text(r, row, "server");
	n.via = take_text(r, row, "via");
	n.count = take_count(r, row, "count");
	n.clients = take_count(r, row, "clients");
	if (!severity_parse(span_text(take_text(r, row, "severity")), &n.severity))
		r->wrong = "severity";
	return n;
}

static void read_findings(struct intake *r, struct json_object *doc)
{
	struct json_object *rows = need(r, doc, "findings", json_type_array);
	size_t count = rows ? json_object_array_length(rows) : 0;

	r->side->findings = calloc(count + 1, sizeof *r->side->findings);
	for (size_t i = 0; i < count && r->side->findings && !r->wrong; i++)
		r->side->findings[r->side->finding_count++] =
			read_finding(r, json_object_array_get_idx(rows, i));
}

/* ---- the document ---- */

/* Keys of a value and of all within it. */
static uint64_t keys_within(struct json_object *value)
{
	uint64_t keys = 0;

	if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			keys += keys_within(json_object_array_get_idx(value, i));
	} else if (json_object_is_type(value, json_type_object)) {
		struct json_object_iterator end = json_object_iter_end(value);

		for (struct json_object_iterator i = json_object_iter_begin(value);
		     !json_object_iter_equal(&i, &end); json_object_iter_next(&i))
			keys += 1 + keys_within(json_object_iter_peek_value(&i));
	}
	return keys;
}

/* Keys as they are written: each has its colon, outside of strings. */
static uint64_t keys_written(struct span text)
{
	uint64_t keys = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		if (quoted && text.at[i] == '\\')
			i++;
		else if (text.at[i] == '"')
			quoted = !quoted;
		else
			keys += text.at[i] == ':' && !quoted;
	}
	return keys;
}

static struct json_object *parse(const char *name, struct span text, struct fault *f)
{
	struct json_tokener *t = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *doc;
	enum json_tokener_error error;

	if (!t) {
		fault_set(f, FAULT_MEMORY, "out of memory");
		return NULL;
	}
	json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	doc = json_tokener_parse_ex(t, (const char *)text.at, (int)text.len);
	error = json_tokener_get_error(t);
	if (!doc)
		fault_set(f, FAULT_INPUT, "%s: cannot be read as JSON at byte %zu: %s", name,
		          json_tokener_get_parse_end(t),
		          error == json_tokener_continue ? _("it breaks off")
		                                         : json_tokener_error_desc(error));
	json_tokener_free(t);
	return doc;
}

static bool read_document(struct intake *r, struct json_object *doc, struct fault *f)
{
	struct compare_side *side = r->side;
	const char *schema = take_text(r, doc, "schema");
	struct json_object *part;

	if (strcmp(schema, "wsuscope/1") != 0)
		return fault_set(f, FAULT_INPUT,
		                 "%s: no report of wsuscope (schema \"wsuscope/1\"): analyze -o json makes "
		                 "one",
		                 side->name);
	part = need(r, doc, "quality", json_type_object);
	side->quality = part ? take_text(r, part, "verdict") : "";
	part = need(r, doc, "summary", json_type_object);
	side->frames = part ? take_count(r, part, "frames") : 0;
	read_clients(r, doc);
	read_servers(r, doc);
	read_findings(r, doc);
	if (r->wrong)
		return fault_set(f, FAULT_INPUT,
		                 "%s: not a whole report of this version: \"%s\" is missing, or not what it "
		                 "should be; analyze the capture again",
		                 side->name, r->wrong);
	if (!side->clients || !side->findings)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	return true;
}

bool compare_read(struct compare_side *side, const char *name, struct span text, struct fault *f)
{
	struct intake r = { .side = side };
	struct json_object *doc;
	bool good;

	*side = (struct compare_side){ .name = name, .quality = "" };
	arena_init(&side->arena, COMPARE_JSON_MAX);
	map_init(&side->by_addr, CLIENTS_MAX);
	map_init(&side->by_name, CLIENTS_MAX);
	map_init(&side->servers, CLIENTS_MAX);
	map_init(&side->named, CLIENTS_MAX);
	if (text.len > COMPARE_JSON_MAX)
		return fault_set(f, FAULT_INPUT, "%s: a report of more than %d MB is not read", name,
		                 COMPARE_JSON_MAX >> 20);
	doc = parse(name, text, f);
	if (!doc)
		return false;
	if (keys_within(doc) != keys_written(text))
		good = fault_set(f, FAULT_INPUT, "%s: a key stands twice in an object: which is meant?",
		                 name);
	else
		good = read_document(&r, doc, f);
	json_object_put(doc);
	return good;
}

void compare_release(struct compare_side *side)
{
	free(side->clients);
	free(side->findings);
	map_release(&side->by_addr);
	map_release(&side->by_name);
	map_release(&side->servers);
	map_release(&side->named);
	arena_release(&side->arena);
	*side = (struct compare_side){ 0 };
}
