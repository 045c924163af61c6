/* report/event_soap.c - wsuscope.soap.*. */
#include "report/event_soap.h"

#include <json-c/json.h>

#include "facts/soap.h"
#include "facts/wsus.h"
#include "facts/wsuscall.h"
#include "report/json_util.h"

bool event_soap_is_due(const struct exchange *x)
{
	const struct soap_side *client = x->soap ? &x->soap->side[CLIENT] : NULL;
	const struct soap_side *server = x->soap ? &x->soap->side[SERVER] : NULL;

	/* What stands in an envelope's place is told, too. */
	return x->soap && (client->version || server->version || client->anomalies || server->anomalies);
}

static const char *version_text(enum soap_version version)
{
	switch (version) {
	case SOAP_NONE: return NULL;
	case SOAP_11:   return "1.1";
	case SOAP_12:   return "1.2";
	}
	return NULL;
}

static void put_side(struct json_object *soap, const char *key, const struct http_message *message,
                     const struct soap_side *side)
{
	struct json_object *o, *anomalies;

	if (!message->present)
		return;
	o = json_put_object(soap, key);
	if (side->version)
		json_put_text(o, "envelope", version_text(side->version));
	json_put_count(o, "frame", message->first_frame);
	json_put_bool(o, "complete", side->complete);
	if (!side->anomalies)
		return;
	anomalies = json_put_array(o, "anomalies");
	for (enum soap_anomaly i = 0; i < SOAP_ANOMALY_COUNT; i++)
		if (side->anomalies & 1u << i)
			json_object_array_add(anomalies, json_object_new_string(soap_anomaly_text(i)));
}

static void put_fault(struct json_object *soap, const struct soap_fault *f)
{
	struct json_object *fault;

	if (!f->present)
		return;
	fault = json_put_object(soap, "fault");
	json_put_present(fault, "code", f->code);
	json_put_present(fault, "text", f->text);
	json_put_present(fault, "error_code", f->error_code);
	json_put_present(fault, "message", f->message);
	json_put_present(fault, "id", f->id);
	json_put_present(fault, "method", f->method);
}

static void put_secret(struct json_object *values, const char *name, const struct wsus_value *v)
{
	struct json_object *secret = json_put_object(values, name);
	char hash[24];

	snprintf(hash, sizeof hash, "%016llx", (unsigned long long)v->hash);
	json_put_count(secret, "length", (uint64_t)v->number);
	json_put_text(secret, "hash", hash);
}

static void put_value(struct json_object *values, const struct wsus_value *v, bool reveal)
{
	const char *name = wsus_field_name(v->field);

	switch (wsus_field_type(v->field)) {
	case WSUS_TEXT:
		json_put_bytes(values, name, v->text);
		break;
	case WSUS_PRIVATE:
		json_put_user(values, name, v->text, reveal);
		break;
	case WSUS_NUMBER:
	case WSUS_COUNT:
		json_put(values, name, json_object_new_int64(v->number));
		break;
	case WSUS_FLAG:
		json_put_bool(values, name, v->number);
		break;
	case WSUS_TIME:
		json_put_time(values, name, v->number);
		break;
	case WSUS_SECRET:
		put_secret(values, name, v);
		break;
	}
}

void event_soap(struct json_object *line, const struct exchange *x, bool reveal)
{
	const struct soap_call *call = x->soap;
	enum wsus_place place = wsus_place(x->path);
	struct json_object *soap = json_put_object(json_put_object(line, "wsuscope"), "soap"), *values;

	if (wsus_place_is_soap(place))
		json_put_text(soap, "service", wsus_place_prefix(place) + 1);
	json_put_present(soap, "method", call->name);
	put_side(soap, "request", &x->request, &call->side[CLIENT]);
	put_side(soap, "response", &x->response, &call->side[SERVER]);
	put_fault(soap, &call->fault);
	values = json_put_object(soap, "values");
	for (size_t i = 0; call->values && i < call->values->value_count; i++)
		put_value(values, &call->values->values[i], reveal);
}
