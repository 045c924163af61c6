/* tests/calls.c - calls of the update services from text. */
#include "tests/calls.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "facts/soap.h"
#include "facts/wsus.h"
#include "facts/wsuscall.h"

enum { VALUES_MAX = 64, ITEMS_MAX = 32, ACTION_TEXT = 160 };

struct call_text {
	struct exchange *x;
	struct span action;
	struct soap_call soap;
	struct wsus_call said;
	struct wsus_value values[VALUES_MAX];
	struct wsus_update updates[ITEMS_MAX];
	struct wsus_file files[ITEMS_MAX], locations[ITEMS_MAX];
	struct wsus_event events[ITEMS_MAX];
	bool unread;
};

/* ---- tables ---- */

static const struct method {
	const char *name;
	enum wsus_place place;
} methods[] = {
#define X(symbol, place, name) { name, WSUS_##place },
	WSUS_METHODS(X)
#undef X
};

static const struct field {
	const char *name;
	enum wsus_method method;
	enum side from;
	enum wsus_type type;
} fields[] = {
#define FIELD(symbol, method, side, path, type, name) { name, METHOD_##method, side, WSUS_##type },
#include "facts/wsusfields.def"
#undef FIELD
};

static const struct service {
	const char *name, *path, *space;
} services[] = {
	[WSUS_CLIENT] = { "Client", "/ClientWebService/client.asmx", "/Server/ClientWebService" },
	[WSUS_SIMPLE_AUTH] = { "SimpleAuth", "/SimpleAuthWebService/SimpleAuth.asmx",
	                       "/Server/SimpleAuthWebService" },
	[WSUS_REPORTING] = { "Reporting", "/ReportingWebService/ReportingWebService.asmx", "" },
	[WSUS_SERVER_SYNC] = { "ServerSync", "/ServerSyncWebService/ServerSyncWebService.asmx", "" },
	[WSUS_DSS_AUTH] = { "DssAuth", "/DssAuthWebService/DssAuthWebService.asmx",
	                    "/Server/DssAuthWebService" },
	[WSUS_API] = { "Api", "/ApiRemoting30/WebService.asmx", "/Server/ApiRemotingWebService" },
};

static enum wsus_method method_named(struct span name, struct span service)
{
	for (unsigned m = 0; m < METHOD_COUNT; m++) {
		enum wsus_place place = methods[m].place;

		if (place == WSUS_NOWHERE)
			continue;
		if (service.len && !span_eq(service, span_text(services[place].name)))
			continue;
		if (place == WSUS_API ? service.len > 0 : span_eq(name, span_text(methods[m].name)))
			return (enum wsus_method)m;
	}
	return METHOD_UNKNOWN;
}

struct call_text *call_begin(struct arena *arena, struct exchange *x, struct span name)
{
	struct call_text *c = arena_alloc(arena, sizeof *c);
	char text[ACTION_TEXT];
	struct span service = name;
	const struct service *at;

	service = span_split(&service, '/');
	if (service.len == name.len)
		service = SPAN("");
	else
		name = span_skip(name, service.len + 1);
	c->x = x;
	c->soap.method = method_named(name, service);
	if (c->soap.method == METHOD_UNKNOWN)
		return NULL;
	at = &services[methods[c->soap.method].place];
	snprintf(text, sizeof text, "\"http://www.microsoft.com/SoftwareDistribution%s/%.*s\"", at->space,
	         (int)name.len, (const char *)name.at);
	c->action = arena_copy(arena, span_text(text));
	x->method = SPAN("POST");
	x->target = span_text(at->path);
	c->soap.name = name;
	c->soap.side[CLIENT] = (struct soap_side){ .version = SOAP_11, .complete = true };
	return c;
}

struct http_header call_action(const struct call_text *c)
{
	return (struct http_header){ SPAN("SOAPAction"), c->action };
}

/* ---- words ---- */

static struct span next_word(struct span *line)
{
	bool quoted = false;
	size_t len = 0;

	*line = span_trim(*line);
	while (len < line->len && (quoted || line->at[len] != ' '))
		quoted ^= line->at[len++] == '"';
	return span_take(line, len);
}

/* "name=value": what stands before the first '=', its value without quotes. */
static struct span next_pair(struct span *line, struct span *value)
{
	struct span name;

	*value = next_word(line);
	name = span_split(value, '=');
	if (value->len >= 2 && value->at[0] == '"' && value->at[value->len - 1] == '"')
		*value = span_of(value->at + 1, value->len - 2);
	return name;
}

static int64_t number_of(struct span text)
{
	bool negative = text.len && text.at[0] == '-';
	uint64_t n = 0;

	if (!span_decimal(span_skip(text, negative), &n))
		abort();
	return negative ? -(int64_t)n : (int64_t)n;
}

static uint8_t hex_byte(struct span text, size_t at)
{
	uint64_t n = 0;

	if (at + 2 > text.len || !span_hex(span_of(text.at + at, 2), &n))
		abort();
	return (uint8_t)n;
}

static struct wsus_guid guid_of(struct span text)
{
	struct wsus_guid id = { { 0 } };
	size_t at = 0;

	for (size_t i = 0; i < sizeof id.bytes; i++) {
		at += at < text.len && text.at[at] == '-';
		id.bytes[i] = hex_byte(text, at);
		at += 2;
	}
	return id;
}

/* ---- values ---- */

static void set_value(struct wsus_value *v, enum wsus_type type, struct span text)
{
	switch (type) {
	case WSUS_TEXT:
	case WSUS_PRIVATE:
		v->text = text;
		break;
	case WSUS_NUMBER:
	case WSUS_COUNT:
		v->number = number_of(text);
		break;
	case WSUS_FLAG:
		v->number = span_eq(text, SPAN("true"));
		break;
	case WSUS_TIME:
		v->number = number_of(text) * MOMENT_S;
		break;
	case WSUS_SECRET:
		v->number = (int64_t)text.len;
		v->hash = hash_bytes(hash_key(), text);
		break;
	}
}

static void read_values(struct call_text *c, enum side from, struct span words)
{
	while (span_trim(words).len) {
		struct span value, name = next_pair(&words, &value);
		unsigned f = 0;

		while (f < WSUS_FIELD_COUNT &&
		       !(fields[f].method == c->soap.method && fields[f].from == from &&
		         span_eq(name, span_text(fields[f].name))))
			f++;
		if (f == WSUS_FIELD_COUNT || c->said.value_count == VALUES_MAX)
			abort();        /* a typing error in a test's table */
		c->values[c->said.value_count].field = (enum wsus_field)f;
		set_value(&c->values[c->said.value_count++], fields[f].type, value);
	}
}

/* ---- what comes in lists ---- */

/* The first pairs of each table are texts, of the others code knows. */
struct text_slot {
	const char *name;
	struct span *text;
};

static bool set_text(const struct text_slot *slots, size_t count, struct span name, struct span value)
{
	for (size_t i = 0; i < count; i++)
		if (span_eq(name, span_text(slots[i].name))) {
			*slots[i].text = value;
			return true;
		}
	return false;
}

#define SET_TEXT(slots, name, value) set_text(slots, sizeof(slots) / sizeof *(slots), name, value)

static void read_update(struct wsus_update *u, struct span words)
{
	const struct text_slot slots[] = {
		{ "title", &u->title },     { "kb", &u->kb },         { "severity", &u->severity },
		{ "type", &u->type },       { "action", &u->action }, { "handler", &u->handler },
		{ "arguments", &u->arguments }, { "bulletin", &u->bulletin },
	};

	while (span_trim(words).len) {
		struct span value, name = next_pair(&words, &value);

		if (SET_TEXT(slots, name, value))
			continue;
		if (span_eq(name, SPAN("id")))
			u->id = guid_of(value);
		else if (span_eq(name, SPAN("leaf")))
			u->is_leaf = span_eq(value, SPAN("true"));
		else if (span_eq(name, SPAN("revision")))
			u->revision = (uint32_t)number_of(value);
		else if (span_eq(name, SPAN("revision_id")))
			u->revision_id = number_of(value);
		else
			abort();
	}
}

static void read_file(struct wsus_file *f, struct span words)
{
	const struct text_slot slots[] = { { "name", &f->name }, { "url", &f->url } };

	f->size = -1;
	while (span_trim(words).len) {
		struct span value, name = next_pair(&words, &value);

		if (SET_TEXT(slots, name, value))
			continue;
		if (span_eq(name, SPAN("size")))
			f->size = number_of(value);
		else if (span_eq(name, SPAN("revision_id")))
			f->revision_id = number_of(value);
		else if (span_eq(name, SPAN("sha1")) && (f->has_sha1 = value.len == 40))
			for (size_t i = 0; i < sizeof f->sha1; i++)
				f->sha1[i] = hex_byte(value, 2 * i);
		else
			abort();
	}
}

static void set_event(struct wsus_event *e, struct span name, struct span value)
{
	uint64_t code = 0;

	if (span_eq(name, SPAN("time")))
		e->time = number_of(value) * MOMENT_S;
	else if (span_eq(name, SPAN("source")))
		e->source = (int32_t)number_of(value);
	else if (span_eq(name, SPAN("id")))
		e->update = guid_of(value);
	else if (span_eq(name, SPAN("instance")))
		e->instance = guid_of(value);
	else if (span_eq(name, SPAN("revision")))
		e->revision = (uint32_t)number_of(value);
	else if (span_eq(name, SPAN("build")))
		e->build = (uint32_t)number_of(value);
	else if (span_eq(name, SPAN("ubr")))
		e->ubr = (uint32_t)number_of(value);
	else if (span_eq(name, SPAN("hresult")) && span_hex(value, &code))
		e->hresult = (uint32_t)code;
	else
		abort();
}

static void read_event(struct wsus_event *e, struct span words)
{
	const struct text_slot slots[] = {
		{ "target", &e->target }, { "app", &e->app },
		{ "text", &e->text[0] },  { "more", &e->text[1] },
	};

	e->event = (int32_t)number_of(next_word(&words));
	e->source = 101;
	e->time = MOMENT_NONE;
	while (span_trim(words).len) {
		struct span value, name = next_pair(&words, &value);

		if (!SET_TEXT(slots, name, value))
			set_event(e, name, value);
	}
}

static void read_fault(struct call_text *c, struct span words)
{
	struct soap_fault *f = &c->soap.fault;
	const struct text_slot slots[] = {
		{ "message", &f->message }, { "text", &f->text }, { "id", &f->id }, { "code", &f->code },
	};
	struct span error = next_word(&words);

	f->present = true;
	f->code = SPAN("soap:Client");
	f->method = c->soap.name;
	if (!span_eq(error, SPAN("-")))
		f->error_code = error;
	while (span_trim(words).len) {
		struct span value, name = next_pair(&words, &value);

		if (!SET_TEXT(slots, name, value))
			abort();
	}
}

static void read_oddity(struct soap_side *s, struct span name)
{
#define X(symbol, text) SPAN_LIT(#symbol),
	static const struct span names[] = { SOAP_ANOMALIES(X) };
#undef X

	for (unsigned i = 0; i < SOAP_ANOMALY_COUNT; i++)
		if (span_eq(names[i], name))
			s->anomalies |= 1u << i;
	if (!s->anomalies)
		abort();
	s->complete = false;
}

/* ---- fields ---- */

bool call_field(struct call_text *c, enum side from, struct span words)
{
	struct span what = next_word(&words);
	struct wsus_call *said = &c->said;

	if (said->update_count == ITEMS_MAX || said->file_count == ITEMS_MAX ||
	    said->location_count == ITEMS_MAX || said->event_count == ITEMS_MAX)
		abort();
	if (span_eq(what, SPAN("values")))
		read_values(c, from, words);
	else if (span_eq(what, SPAN("fault")))
		read_fault(c, words);
	else if (span_eq(what, SPAN("update")))
		read_update(&c->updates[said->update_count++], words);
	else if (span_eq(what, SPAN("file")))
		read_file(&c->files[said->file_count++], words);
	else if (span_eq(what, SPAN("location")))
		read_file(&c->locations[said->location_count++], words);
	else if (span_eq(what, SPAN("event")))
		read_event(&c->events[said->event_count++], words);
	else if (span_eq(what, SPAN("odd")))
		read_oddity(&c->soap.side[from], span_trim(words));
	else if (span_eq(what, SPAN("unread")))
		c->unread = true;
	else
		return false;
	return true;
}

void call_end(struct call_text *c)
{
	struct soap_side *answer = &c->soap.side[SERVER];

	c->x->response.end_time = c->x->status ? c->x->response.last_time : MOMENT_NONE;
	if ((c->x->status == 200 || c->soap.fault.present) && !answer->anomalies)
		*answer = (struct soap_side){ .version = SOAP_11, .complete = true };
	c->said.values = c->values;
	c->said.updates = c->updates;
	c->said.files = c->files;
	c->said.locations = c->locations;
	c->said.events = c->events;
	c->soap.values = &c->said;
	if (!c->unread)
		c->x->soap = &c->soap;
}
