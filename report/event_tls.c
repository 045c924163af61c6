/* report/event_tls.c - tls.* and wsuscope.tls.*. */
#include "report/event_tls.h"

#include <json-c/json.h>
#include <stdio.h>

#include "facts/exchange.h"
#include "report/json_util.h"

static void put_alerts(struct json_object *to, const struct tls_session *t)
{
	struct json_object *all = json_put_array(to, "alerts");

	for (unsigned i = 0; i < t->alert_count && i < TLS_ALERTS_KEPT; i++) {
		const struct tls_alert *a = &t->alerts[i];
		struct json_object *o = json_object_new_object();

		if (!a->encrypted) {
			json_put_count(o, "level", a->level);
			json_put_count(o, "description", a->description);
			json_put_text(o, "name", tls_alert_name(a->description));
		}
		json_put_bool(o, "encrypted", a->encrypted);
		json_put_text(o, "by", a->by == CLIENT ? "client" : "server");
		json_put_count(o, "frame", a->frame);
		json_object_array_add(all, o);
	}
}

static void put_negotiated(struct json_object *tls, const struct tls_session *t)
{
	char cipher[8];

	if (t->client_hello)
		json_put_text(json_put_object(tls, "client"), "server_name", t->server_name);
	if (t->server_hello) {
		json_put_text(tls, "version", tls_version_name(t->version));
		snprintf(cipher, sizeof cipher, "0x%04x", t->cipher);
		json_put_text(tls, "cipher", cipher);
		json_put_bool(tls, "resumed", t->resumed);
	}
	json_put_bool(tls, "established", t->established);
}

void event_tls(struct json_object *line, const struct tls_session *t)
{
	struct json_object *own, *certificate;

	put_negotiated(json_put_object(line, "tls"), t);
	own = json_put_object(json_put_object(line, "wsuscope"), "tls");
	if (t->client_hello) {
		json_put_text(own, "offered_version", tls_version_name(t->offered_max));
		json_put_count(own, "client_hello_frame", t->client_hello_frame);
	}
	if (t->server_hello)
		json_put_count(own, "server_hello_frame", t->server_hello_frame);
	certificate = json_put_object(own, "client_certificate");
	json_put_bool(certificate, "requested", t->certificate_request_frame != 0);
	json_put_bool(certificate, "sent", t->client_certificate_message && !t->client_certificate_empty);
	put_alerts(own, t);
	json_put_text(own, "last_client_message", tls_message_name(t->last_message[CLIENT]));
	json_put_text(own, "last_server_message", tls_message_name(t->last_message[SERVER]));
	if (t->tunnel)
		json_put_bytes(own, "tunnel", t->tunnel->target);
	json_put_bool(own, "decrypted", false);
}
