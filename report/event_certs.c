/* report/event_certs.c - certificates, as they were shown. */
#include "report/event_certs.h"

#include <json-c/json.h>
#include <stdio.h>

#include "report/json_util.h"

enum { THUMBPRINT_TEXT = 2 * THUMBPRINT_LEN + 1 };

static unsigned kept(const struct tls_chain *chain)
{
	return chain->count < TLS_CHAIN_KEPT ? chain->count : TLS_CHAIN_KEPT;
}

/* As Windows and the Elastic Common Schema write it. */
static void put_thumbprint(struct json_object *to, const char *key, const struct certificate *c)
{
	char text[THUMBPRINT_TEXT];

	for (size_t i = 0; i < THUMBPRINT_LEN; i++)
		snprintf(text + 2 * i, 3, "%02X", c->thumbprint[i]);
	json_put_text(to, key, text);
}

static void put_dates(struct json_object *to, const struct certificate *c)
{
	if (c->not_before != MOMENT_NONE)
		json_put_time(to, "not_before", c->not_before);
	if (c->not_after != MOMENT_NONE)
		json_put_time(to, "not_after", c->not_after);
}

static struct json_object *names_of(const struct certificate *c)
{
	struct json_object *list = json_object_new_array();
	char text[ADDR_TEXT];

	for (size_t i = 0; i < c->name_count; i++) {
		const struct certificate_name *n = &c->names[i];

		json_object_array_add(list, json_bytes(n->text.len ? n->text
		                                                   : span_text(addr_text(&n->addr, text))));
	}
	return list;
}

void event_certs_owner(struct json_object *to, const struct tls_chain *chain)
{
	const struct certificate *c = chain->count ? chain->list[0] : NULL;

	if (!c)
		return;
	if (c->readable) {
		json_put_bytes(to, "subject", c->subject);
		json_put_bytes(to, "issuer", c->issuer);
		put_dates(to, c);
	}
	put_thumbprint(json_put_object(to, "hash"), "sha1", c);
}

void event_certs_names(struct json_object *to, const char *key, const struct tls_chain *chain)
{
	const struct certificate *c = chain->count ? chain->list[0] : NULL;
	struct json_object *names;

	if (!c || !c->readable)
		return;
	names = names_of(c);
	if (!c->name_count && c->common_name.len)
		json_object_array_add(names, json_bytes(c->common_name));
	json_put(to, key, names);
}

static void put_key(struct json_object *to, const struct certificate *c)
{
	struct json_object *key = json_put_object(to, "key");

	json_put_text(key, "type", key_type_name(c->key));
	json_put_count(key, "bits", c->key_bits);
}

static void put_readable(struct json_object *to, const struct certificate *c)
{
	json_put_present(to, "subject", c->subject);
	json_put_present(to, "issuer", c->issuer);
	json_put_present(to, "common_name", c->common_name);
	json_put_present(to, "issuer_common_name", c->issuer_name);
	json_put_present(to, "serial", c->serial);
	json_put(to, "names", names_of(c));
	if (c->names_cut)
		json_put_bool(to, "names_cut", true);
	put_dates(to, c);
	put_key(to, c);
	json_put_text(to, "signature", signature_digest_name(c->digest));
	json_put_bool(to, "authority", c->authority);
	json_put_bool(to, "self_issued", c->self_issued);
}

static void put_chain(struct json_object *list, const struct tls_chain *chain, enum side by, uint64_t frame)
{
	for (unsigned i = 0; i < kept(chain); i++) {
		const struct certificate *c = chain->list[i];
		struct json_object *o = json_object_new_object();

		json_put_count(o, "frame", frame);
		json_put_text(o, "by", by == CLIENT ? "client" : "server");
		json_put_count(o, "index", i);
		put_thumbprint(o, "thumbprint", c);
		json_put_bool(o, "readable", c->readable);
		if (c->readable)
			put_readable(o, c);
		json_object_array_add(list, o);
	}
}

void event_certs_all(struct json_object *to, const char *key, const struct tls_session *t)
{
	struct json_object *list;

	if (!t->certificates.count && !t->client_certificates.count)
		return;
	list = json_put_array(to, key);
	put_chain(list, &t->certificates, SERVER, t->certificate_frame);
	put_chain(list, &t->client_certificates, CLIENT, t->client_certificate_frame);
}
