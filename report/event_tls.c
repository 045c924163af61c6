/* report/event_tls.c - tls.* and wsuscope.tls.*. */
#include "report/event_tls.h"

#include <json-c/json.h>
#include <stdio.h>

#include "facts/exchange.h"
#include "report/event_certs.h"
#include "report/json_util.h"

enum { HEX_TEXT = 8 };

static const char *side_name(enum side s)
{
	return s == CLIENT ? "client" : "server";
}

/* A frame that there is. */
static void put_frame(struct json_object *to, const char *key, uint64_t frame)
{
	if (frame)
		json_put_count(to, key, frame);
}

/* ---- what the Elastic Common Schema has a name for ---- */

static const char *hex(unsigned number, char text[static HEX_TEXT])
{
	snprintf(text, HEX_TEXT, "0x%04x", number & 0xffff);
	return text;
}

/* IANA's name, or the number of one that has none. */
static struct json_object *suite_text(unsigned suite)
{
	const char *name = tls_suite_name(suite);
	char number[HEX_TEXT];

	return json_object_new_string(name ? name : hex(suite, number));
}

static void put_client(struct json_object *tls, const struct tls_session *t)
{
	struct json_object *client, *suites;

	/* Of a server's hello alone the client is there, and nothing is known of it. */
	if (!t->client_hello && !t->server_hello && !t->client_certificates.count)
		return;
	client = json_put_object(tls, "client");
	event_certs_owner(client, &t->client_certificates);
	if (!t->client_hello)
		return;
	json_put_text(client, "server_name", t->server_name);
	if (t->offer.ja3[0])
		json_put_text(client, "ja3", t->offer.ja3);
	suites = json_put_array(client, "supported_ciphers");
	for (unsigned i = 0; i < t->offer.suite_count && i < TLS_SUITES_KEPT; i++)
		json_object_array_add(suites, suite_text(t->offer.suites[i]));
}

/* NamedGroup and its older name NamedCurve (RFC 8446 section 4.2.7, RFC 8422 section 5.1.1). */
static void put_group(struct json_object *tls, unsigned group)
{
	static const struct {
		uint16_t group;
		const char *name;
	} groups[] = {
		{ 23, "secp256r1" }, { 24, "secp384r1" },  { 25, "secp521r1" },  { 29, "x25519" },
		{ 30, "x448" },      { 256, "ffdhe2048" }, { 257, "ffdhe3072" }, { 258, "ffdhe4096" },
	};
	char number[HEX_TEXT];

	if (!group)
		return;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (groups[i].group == group) {
			json_put_text(tls, "curve", groups[i].name);
			return;
		}
	json_put_text(tls, "curve", hex(group, number));
}

static void put_negotiated(struct json_object *tls, const struct tls_session *t)
{
	put_client(tls, t);
	if (t->certificates.count)
		event_certs_owner(json_put_object(tls, "server"), &t->certificates);
	if (t->server_hello) {
		json_put_text(tls, "version", tls_version_name(t->version));
		json_put(tls, "cipher", suite_text(t->cipher));
		put_group(tls, t->group);
		if (t->alpn[0])
			json_put_text(tls, "next_protocol", t->alpn);
		json_put_bool(tls, "resumed", t->resumed);
	}
	json_put_bool(tls, "established", t->established);
}

/* ---- our own ---- */

static void put_hex(struct json_object *to, const char *key, unsigned number)
{
	char text[HEX_TEXT];

	json_put_text(to, key, hex(number, text));
}

static void put_client_hello(struct json_object *own, const struct tls_session *t)
{
	struct json_object *hello;

	if (!t->client_hello)
		return;
	json_put_text(own, "offered_version", tls_version_name(t->offered_max));
	json_put_count(own, "client_hello_frame", t->client_hello_frame);
	hello = json_put_object(own, "client_hello");
	put_hex(hello, "legacy_version", t->offered_legacy);
	if (t->offered_min)
		json_put_text(hello, "lowest_version", tls_version_name(t->offered_min));
	json_put_count(hello, "count", t->client_hellos);
	if (t->offer.alpn[0])
		json_put_text(hello, "alpn", t->offer.alpn);
	json_put_bool(hello, "sslv2", t->sslv2_hello);
	json_put_bool(hello, "cut", t->hello_cut);
	json_put_bool(hello, "post_handshake_auth", t->offer.post_handshake_auth);
	json_put_bool(hello, "early_data", t->offer.early_data);
	json_put_bool(hello, "psk", t->offer.psk);
	json_put_bool(hello, "session_ticket", t->offer.session_ticket);
	json_put_bool(hello, "extended_master_secret", t->offer.extended_master);
	json_put_bool(hello, "encrypt_then_mac", t->offer.encrypt_then_mac);
	json_put_bool(hello, "renegotiation_info", t->offer.renegotiation_info);
	json_put_bool(hello, "fallback", t->offer.fallback);
}

static void put_server_hello(struct json_object *own, const struct tls_session *t)
{
	struct json_object *hello;

	if (!t->server_hello)
		return;
	json_put_count(own, "server_hello_frame", t->server_hello_frame);
	put_hex(own, "cipher_id", t->cipher);
	hello = json_put_object(own, "server_hello");
	put_hex(hello, "version", t->version);
	json_put_bool(hello, "retry", t->hello_retry);
	json_put_bool(hello, "downgrade", t->downgrade);
	json_put_bool(hello, "extended_master_secret", t->extended_master);
	json_put_bool(hello, "encrypt_then_mac", t->encrypt_then_mac);
}

static void put_client_certificate(struct json_object *own, const struct tls_session *t)
{
	struct json_object *o = json_put_object(own, "client_certificate"), *authorities;
	const struct tls_chain *chain = &t->client_certificates;

	json_put_bool(o, "requested", t->certificate_request_frame != 0);
	put_frame(o, "request_frame", t->certificate_request_frame);
	if (t->certificate_request_frame) {
		json_put_bool(o, "request_decrypted", t->certificate_request_decrypted);
		json_put_count(o, "authority_count", t->authority_count);
		authorities = json_put_array(o, "authorities");
		for (unsigned i = 0; i < t->authority_count && i < TLS_AUTHORITIES_KEPT; i++)
			json_object_array_add(authorities, json_bytes(t->authorities[i]));
	}
	json_put_bool(o, "answered", t->client_certificate_message);
	json_put_bool(o, "sent", t->client_certificate_message && !t->client_certificate_empty);
	put_frame(o, "frame", t->client_certificate_frame);
	if (t->client_certificate_message)
		json_put_count(o, "count", chain->count);
	if (chain->count && chain->list[0]->readable)
		json_put_bytes(o, "subject", chain->list[0]->subject);
}

static void put_renegotiation(struct json_object *own, const struct tls_again *a)
{
	struct json_object *o = json_put_object(own, "renegotiation");

	json_put_bool(o, "asked", a->asked);
	if (!a->asked)
		return;
	json_put_text(o, "by", side_name(a->by));
	put_frame(o, "frame", a->frame);
	json_put_count(o, "record_bytes", a->length);
	json_put_bool(o, "fits", a->fits);
	json_put_count(o, "requests_before", a->requests_before);
	put_frame(o, "client_hello_frame", a->hello_frame);
	put_frame(o, "server_frame", a->flight_frame);
	put_frame(o, "client_frame", a->client_flight_frame);
	put_frame(o, "alert_frame", a->alert_frame);
	json_put_bool(o, "done", a->done);
	json_put_count(o, "count", a->count);
	json_put_count(o, "bytes_after", a->bytes_after);
}

static void put_flight13(struct json_object *own, const struct tls_session *t)
{
	static const char *const names[] = {
		[FLIGHT13_UNKNOWN] = NULL,
		[FLIGHT13_FINISHED] = "finished",
		[FLIGHT13_EMPTY_CERTIFICATE] = "empty-certificate",
		[FLIGHT13_CERTIFICATE] = "certificate",
	};

	if (!names[t->flight13])
		return;
	json_put_text(own, "flight13", names[t->flight13]);
	put_frame(own, "flight13_frame", t->flight13_frame);
}

static void put_alerts(struct json_object *own, const struct tls_session *t)
{
	struct json_object *all = json_put_array(own, "alerts");

	for (unsigned i = 0; i < t->alert_count && i < TLS_ALERTS_KEPT; i++) {
		const struct tls_alert *a = &t->alerts[i];
		struct json_object *o = json_object_new_object();

		if (!a->encrypted) {
			json_put_count(o, "level", a->level);
			json_put_count(o, "description", a->description);
			json_put_text(o, "name", tls_alert_name(a->description));
		}
		json_put_bool(o, "encrypted", a->encrypted);
		json_put_text(o, "by", side_name(a->by));
		json_put_count(o, "frame", a->frame);
		json_object_array_add(all, o);
	}
}

static void put_reading(struct json_object *own, const struct tls_session *t)
{
	json_put_bool(own, "decrypted", t->reading == TLS_READ || t->reading == TLS_PARTLY);
	json_put_text(own, "reading", tls_reading_name(t->reading));
	json_put_count(own, "records_read", t->records_read);
	json_put_count(own, "records_unread", t->records_unread);
}

void event_tls(struct json_object *line, const struct tls_session *t, bool reveal)
{
	struct json_object *own;

	put_negotiated(json_put_object(line, "tls"), t);
	own = json_put_object(json_put_object(line, "wsuscope"), "tls");
	put_client_hello(own, t);
	put_server_hello(own, t);
	event_certs_names(own, "certificate_names", &t->certificates);
	event_certs_all(own, "certificates", t);
	put_client_certificate(own, t);
	put_renegotiation(own, &t->again);
	put_flight13(own, t);
	put_alerts(own, t);
	json_put_text(own, "last_client_message", tls_message_name(t->last_message[CLIENT]));
	json_put_text(own, "last_server_message", tls_message_name(t->last_message[SERVER]));
	if (t->tunnel)
		json_put_url(own, "tunnel", t->tunnel->target, reveal);
	put_reading(own, t);
}
