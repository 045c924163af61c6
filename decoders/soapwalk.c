/* decoders/soapwalk.c - elements by their depth: 1 Envelope, 2 Body, 3 the method or Fault. */
#include "decoders/soapwalk.h"

#include <stddef.h>

#include "base/utf8.h"
#include "facts/wsus.h"

enum { ENVELOPE_DEPTH = 1, BODY_DEPTH = 2, METHOD_DEPTH = 3 };

static const char *local_name(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

static bool is(const char *name, const char *word)
{
	return !strcmp(name, word);
}

static bool is_fold(const char *name, const char *word)
{
	return span_ieq(span_text(name), span_text(word));
}

/* ---- the envelope ---- */

/* The namespace that the element's own prefix stands for: an envelope declares it itself. */
static const char *namespace_of(const char *name, const char *const *attributes)
{
	const char *colon = strchr(name, ':');
	size_t len = colon ? (size_t)(colon - name) : 0;

	for (; attributes[0]; attributes += 2) {
		const char *key = attributes[0];

		if (strncmp(key, "xmlns", 5) != 0)
			continue;
		key += 5;
		if (len ? *key == ':' && strlen(key + 1) == len && !memcmp(key + 1, name, len) : !*key)
			return attributes[1];
	}
	return "";
}

static void open_root(struct soap_walk *w, const char *name, const char *const *attributes)
{
	struct soap_side *side = &w->talk->call.side[w->from];
	const char *space = namespace_of(name, attributes);

	w->root = true;
	if (is(local_name(name), "Envelope") && is(space, "http://schemas.xmlsoap.org/soap/envelope/"))
		side->version = SOAP_11;
	else if (is(local_name(name), "Envelope") && is(space, "http://www.w3.org/2003/05/soap-envelope"))
		side->version = SOAP_12;
	if (side->version != SOAP_NONE)
		return;
	soapwalk_note(w, is_fold(name, "html") ? SOAP_HTML : SOAP_NOT_SOAP);
	w->stop = true;
}

void soapwalk_doctype(struct soap_walk *w, const char *name)
{
	soapwalk_note(w, is_fold(name, "html") ? SOAP_HTML : SOAP_DOCTYPE);
	w->stop = true;
}

/* What lies below this element is passed over. */
static void look_away(struct soap_walk *w)
{
	w->place = SOAP_ELSEWHERE;
	w->outside = w->depth;
}

static void open_part(struct soap_walk *w, const char *name)
{
	if (is(name, "Body") && !w->body) {
		w->body = true;
		return;
	}
	if (is(name, "Header"))
		soapwalk_note(w, SOAP_HEADER);
	look_away(w);
}

/* ---- the method ---- */

/* RefreshCacheResult's own elements apart, an answer's element is the method's name and "Response"
 * (MS-WUSP section 2.2.2.2). */
static struct span method_of(const struct soap_walk *w, const char *name)
{
	struct span method = span_text(name), tail = SPAN("Response");

	if (w->from == SERVER && method.len > tail.len &&
	    span_eq(span_skip(method, method.len - tail.len), tail))
		method.len -= tail.len;
	if (method.len > SOAP_NAME_MAX)
		method.len = SOAP_NAME_MAX;
	return method;
}

/* What the body calls, against what the header or the request called. */
static enum wsus_method name_call(struct soap_walk *w, struct span name)
{
	struct soap_talk *t = w->talk;
	enum wsus_method method = wsus_method_of(t->path, name);
	struct span due = t->named ? t->call.name : t->action, copy;

	if (due.len && !span_eq(name, due))
		soapwalk_note(w, SOAP_OTHER_ACTION);
	if (t->named || (copy = arena_copy(t->arena, name), !copy.at))
		return method;
	t->named = true;
	t->call.name = copy;
	t->call.method = method;
	return method;
}

static void end_values(struct soap_talk *t)
{
	t->telling = false;
	if (!soapvalues_end(t->values))
		t->call.side[t->teller].anomalies |= 1u << SOAP_VALUES_DROPPED;
	t->call.values = soapvalues_call(t->values);
}

/* One side tells at a time: where an answer comes before its request is whole, the request tells no more. */
static void begin_values(struct soap_walk *w, enum wsus_method method)
{
	struct soap_talk *t = w->talk;

	if (method == METHOD_UNKNOWN || method == METHOD_API_CALL)
		return;
	if (!t->values)
		t->values = soapvalues_get(t->gatherers, t->arena);
	if (!t->values) {
		soapwalk_note(w, SOAP_VALUES_DROPPED);
		return;
	}
	if (t->telling)
		end_values(t);
	t->telling = true;
	t->teller = w->from;
	soapvalues_begin(t->values, w->from, method);
}

static void open_method(struct soap_walk *w, const char *name)
{
	if (w->from == SERVER && is(name, "Fault")) {
		w->place = SOAP_IN_FAULT;
		w->talk->call.fault.present = true;
	} else {
		w->place = SOAP_IN_METHOD;
		begin_values(w, name_call(w, method_of(w, name)));
	}
}

/* ---- a fault ---- */

enum part { PART_NONE, PART_FAULT, PART_CODE, PART_REASON, PART_DETAIL };

/* SOAP 1.1 and 1.2 do not share a name.  The update services' children of detail have no namespace, in SOAP
 * 1.2 nor has Detail itself (MS-WSUSSS section 2.2.9). */
static const struct fault_row {
	enum part within;
	const char *name;
	size_t field;
	size_t room;
} fault_rows[] = {
	{ PART_FAULT, "faultcode", offsetof(struct soap_fault, code), SOAP_CODE_MAX },
	{ PART_FAULT, "faultstring", offsetof(struct soap_fault, text), SOAP_TEXT_MAX },
	{ PART_CODE, "Value", offsetof(struct soap_fault, code), SOAP_CODE_MAX },
	{ PART_REASON, "Text", offsetof(struct soap_fault, text), SOAP_TEXT_MAX },
	{ PART_DETAIL, "ErrorCode", offsetof(struct soap_fault, error_code), SOAP_CODE_MAX },
	{ PART_DETAIL, "Message", offsetof(struct soap_fault, message), SOAP_TEXT_MAX },
	{ PART_DETAIL, "ID", offsetof(struct soap_fault, id), SOAP_CODE_MAX },
	{ PART_DETAIL, "Method", offsetof(struct soap_fault, method), SOAP_TEXT_MAX },
};

static enum part part_of(const char *name)
{
	if (is(name, "Code"))
		return PART_CODE;
	if (is(name, "Reason"))
		return PART_REASON;
	return is_fold(name, "detail") ? PART_DETAIL : PART_NONE;
}

/* The first of a kind counts: a Reason has a Text for every language. */
static void begin_field(struct soap_walk *w, enum part within, const char *name)
{
	for (size_t i = 0; i < sizeof fault_rows / sizeof *fault_rows; i++) {
		const struct fault_row *row = &fault_rows[i];
		struct span *field = (struct span *)((char *)&w->talk->call.fault + row->field);

		if (row->within != within || !is(name, row->name) || field->at)
			continue;
		w->field = field;
		w->room = row->room;
		w->len = 0;
		return;
	}
}

static void open_in_fault(struct soap_walk *w, const char *name)
{
	w->field = NULL;                /* a text is no element's parent */
	if (w->depth == METHOD_DEPTH + 1) {
		w->part = part_of(name);
		begin_field(w, PART_FAULT, name);
	} else if (w->depth == METHOD_DEPTH + 2) {
		begin_field(w, (enum part)w->part, name);
	}
}

static void end_field(struct soap_walk *w)
{
	struct span text = span_trim(utf8_whole(span_of(w->text, w->len)));

	if (w->field == &w->talk->call.fault.method)
		text = wsus_action_method(text);
	if (text.len)
		*w->field = arena_copy(w->talk->arena, text);
	w->field = NULL;
}

/* ---- the walk ---- */

void soapwalk_open(struct soap_walk *w, const char *name, const char *const *attributes)
{
	if (++w->depth > SOAP_DEPTH_MAX) {
		soapwalk_note(w, SOAP_TOO_DEEP);
		w->stop = true;
		return;
	}
	switch (w->place) {
	case SOAP_AROUND:
		break;
	case SOAP_IN_METHOD:
		if (soapwalk_values(w))
			soapvalues_open(w->talk->values, local_name(name), attributes);
		return;
	case SOAP_IN_FAULT:
		open_in_fault(w, local_name(name));
		return;
	case SOAP_ELSEWHERE:
		return;
	}
	if (w->depth == ENVELOPE_DEPTH)
		open_root(w, name, attributes);
	else if (w->depth == BODY_DEPTH)
		open_part(w, local_name(name));
	else
		open_method(w, local_name(name));
}

void soapwalk_text(struct soap_walk *w, struct span text)
{
	if (w->place == SOAP_IN_METHOD && soapwalk_values(w) && w->depth > METHOD_DEPTH) {
		soapvalues_text(w->talk->values, text);
	} else if (w->field) {
		text = span_take(&text, w->room - w->len);
		memcpy(w->text + w->len, text.at, text.len);
		w->len += text.len;
	}
}

/* What was open is closed: the call's element, or the way to what is not read. */
static void leave(struct soap_walk *w, unsigned depth)
{
	if (depth == METHOD_DEPTH && w->place != SOAP_ELSEWHERE) {
		soapwalk_end(w);
		w->place = SOAP_ELSEWHERE;      /* Body has one child (MS-WUSP section 2.2) */
		w->outside = BODY_DEPTH;
	} else if (depth == w->outside && w->place == SOAP_ELSEWHERE) {
		w->place = SOAP_AROUND;
	}
}

void soapwalk_close(struct soap_walk *w)
{
	unsigned depth = w->depth--;

	if (w->field)
		end_field(w);
	if (w->place == SOAP_IN_METHOD && depth > METHOD_DEPTH) {
		if (soapwalk_values(w))
			soapvalues_close(w->talk->values);
		return;
	}
	leave(w, depth);
	if (depth == ENVELOPE_DEPTH)
		w->talk->call.side[w->from].complete = true;
}

void soapwalk_end(struct soap_walk *w)
{
	if (soapwalk_values(w))
		end_values(w->talk);
}
