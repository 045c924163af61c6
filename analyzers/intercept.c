/* analyzers/intercept.c - issuers that are inspection products, and names with two issuers. */
#include "analyzers/intercept.h"

#include <stdio.h>

#include "analyzers/certtext.h"
#include "analyzers/crowd.h"
#include "analyzers/kept.h"
#include "analyzers/tlsstory.h"
#include "base/tongue.h"
#include "facts/inspectors.h"
#include "facts/wsus.h"

enum { CASES_MAX = 1000, NAMES_MAX = 1000, ISSUER_KEY = 200, WHERE_TEXT = 96, SHORT_NAME = 64 };
enum { NAME_KEY = TLS_NAME_MAX + 2 };

struct intercept_case {
	struct peer_key server;
	struct crowd crowd;
	enum confidence confidence;
	bool aborted;                   /* a client left */
	char cause[CAUSE_TEXT];
};

struct issuer_seen {                    /* of one name */
	char issuer[ISSUER_KEY];
	bool tunnelled;
	struct addr client;
	struct endpoint server;
	uint64_t frame;
};

void intercepts_init(struct intercepts *n)
{
	map_init(&n->cases, CASES_MAX);
	map_init(&n->names, NAMES_MAX);
	map_init(&n->issuers, NAMES_MAX);
}

void intercepts_release(struct intercepts *n)
{
	map_release_values(&n->cases);
	map_release_values(&n->names);
	map_release(&n->issuers);
}

/* Not in the whole name: places are called Palo Alto, too. */
static bool names_product(struct span common_name, struct span organization, struct span words)
{
	return span_ifind(common_name, words) != SIZE_MAX || span_ifind(organization, words) != SIZE_MAX;
}

/* A maker's own site, or its device's own page, is signed by its own authority.  Issuers come again, and few
 * are products: one that is none is looked through once. */
static const char *product_of(struct intercepts *n, const struct certificate *c)
{
	struct map_entry *issuer = map_put(&n->issuers, c->issuer);
	bool named = false;

	if (issuer && issuer->value)
		return NULL;
	for (size_t i = 0; i < inspector_count; i++) {
		if (!names_product(c->issuer_name, c->issuer_organization, inspectors[i].words))
			continue;
		named = true;
		if (!names_product(c->common_name, c->organization, inspectors[i].words))
			return inspectors[i].product;
	}
	if (issuer && !named)
		issuer->value = n;
	return NULL;
}

static void add(struct intercepts *n, const struct analyzer_env *env, const struct tls_session *t,
                enum confidence sure, const char *cause, const struct evidence *evidence, size_t count)
{
	struct peer_key server = peer_key(t);
	uint8_t key[PEER_KEY + CAUSE_TEXT];
	struct intercept_case *one;
	struct span words = span_text(cause);

	memcpy(key, server.bytes, server.len);
	memcpy(key + server.len, words.at, words.len);
	one = kept_value(&n->cases, span_of(key, server.len + words.len), sizeof *one, env->limits);
	if (!one)
		return;
	one->server = server;
	one->confidence = sure;
	one->aborted |= tls_client_left(t);
	snprintf(one->cause, sizeof one->cause, "%s", cause);
	crowd_add(&one->crowd, t->conn, t->tunnel != NULL, t->first_time, evidence, count);
}

static uint64_t certificate_frame(const struct tls_session *t)
{
	return t->certificate_frame ? t->certificate_frame : t->server_hello_frame;
}

static bool by_product(struct intercepts *n, const struct analyzer_env *env, const struct tls_session *t,
                       const struct certificate *leaf)
{
	const char *product = product_of(n, leaf);
	char asked[CERT_NAME_TEXT], name[CERT_NAME_TEXT], issuer[CERT_NAME_TEXT], cause[CAUSE_TEXT];
	struct span by = tls_name_asked(t);
	struct evidence evidence;

	if (!product || leaf->self_issued)
		return false;
	tongue_say(cause, sizeof cause,
	         "The certificate that the client gets for %s is issued by %s: %s opens the TLS connection "
	         "on its way.",
	         by.len ? cert_text(by, asked, sizeof asked) : cert_name(leaf, name),
	         cert_issuer(leaf, issuer), _(product));
	evidence = evidence_at(certificate_frame(t), "certificate of %.60s, issued by %.100s",
	                       cert_name(leaf, name), cert_text(leaf->issuer, issuer, sizeof issuer));
	add(n, env, t, CONFIDENCE_CERTAIN, cause, &evidence, 1);
	return true;
}

/* ---- one name, two issuers ---- */

/* In lower case, with the port: other sites of one machine have certificates of their own. */
static struct span name_key(const struct tls_session *t, char text[static NAME_KEY])
{
	struct span name = tls_name_asked(t);
	size_t len = name.len < TLS_NAME_MAX ? name.len : TLS_NAME_MAX - 1;
	uint16_t port = tls_port_asked(t);

	for (size_t i = 0; i < len; i++)
		text[i] = (char)(name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] | 0x20 : name.at[i]);
	memcpy(text + len, &port, sizeof port);
	return span_of(text, len + sizeof port);
}

static struct span issuer_of(const struct certificate *c)
{
	return c->issuer_name.len ? c->issuer_name : c->issuer;
}

static const char *where(bool tunnelled, const struct endpoint *server, char text[static WHERE_TEXT])
{
	char endpoint[ENDPOINT_TEXT];

	tongue_say(text, WHERE_TEXT, tunnelled ? N_("through the proxy %s") : N_("at %s"),
		   endpoint_text(server, endpoint));
	return text;
}

static void raise_two(struct intercepts *n, const struct analyzer_env *env, const struct tls_session *t,
                      const struct certificate *leaf, const struct issuer_seen *first)
{
	char name[SHORT_NAME], here[WHERE_TEXT], there[WHERE_TEXT], issuer[SHORT_NAME], other[SHORT_NAME];
	char cause[CAUSE_TEXT];
	struct evidence evidence[2];

	/* TRANSLATORS: a name; an issuer and where ("at ..."), and another. */
	tongue_say(cause, sizeof cause,
	         "The certificate for %s is issued by %s %s, and by %s %s: something on one of the two "
	         "ways opens TLS, or the server was given another certificate meanwhile.",
	         cert_text(tls_name_asked(t), name, sizeof name),
	         cert_text(issuer_of(leaf), issuer, sizeof issuer),
	         where(t->tunnel != NULL, &t->conn->server, here),
	         cert_text(span_text(first->issuer), other, sizeof other),
	         where(first->tunnelled, &first->server, there));
	evidence[0] = evidence_at(certificate_frame(t), "issued by %s", issuer);
	evidence[1] = evidence_at(first->frame, "issued by %s", other);
	add(n, env, t, CONFIDENCE_POSSIBLE, cause, evidence, 2);
}

/* Only of update points: names of the Internet have many issuers behind them. */
static void compare(struct intercepts *n, const struct analyzer_env *env, const struct tls_session *t,
                    const struct certificate *leaf)
{
	char key[NAME_KEY], issuer[ISSUER_KEY];
	struct span name = tls_name_asked(t);
	struct issuer_seen *seen;
	bool known = wsus_port(t->conn->server.port) || wsus_likely_name(name) ||
	             relevance_is_update_point(env->relevance, &t->conn->server);

	if (!name.len || !known || wsus_microsoft_host(name))
		return;
	seen = kept_value(&n->names, name_key(t, key), sizeof *seen, env->limits);
	if (!seen)
		return;
	cert_text(issuer_of(leaf), issuer, sizeof issuer);
	if (!seen->issuer[0]) {
		memcpy(seen->issuer, issuer, sizeof issuer);
		seen->tunnelled = t->tunnel != NULL;
		seen->client = t->conn->client.addr;
		seen->server = t->conn->server;
		seen->frame = certificate_frame(t);
		return;
	}
	/* The same client on the same way sees a certificate that was renewed. */
	if (strcmp(seen->issuer, issuer) != 0 &&
	    (seen->tunnelled != (t->tunnel != NULL) || !addr_eq(&seen->client, &t->conn->client.addr) ||
	     !endpoint_eq(&seen->server, &t->conn->server)))
		raise_two(n, env, t, leaf, seen);
}

bool intercepts_session(struct intercepts *n, const struct analyzer_env *env, const struct tls_session *t)
{
	const struct certificate *leaf = t->certificates.count ? t->certificates.list[0] : NULL;

	if (!leaf || !leaf->readable)
		return false;
	if (by_product(n, env, t, leaf))
		return true;
	compare(n, env, t, leaf);
	return false;
}

/* An error where a client left over it and never got on. */
static enum severity severity_of(const struct intercept_case *one, const struct tls_peers *peers)
{
	return one->aborted && !peers_all_overcame(peers, &one->server, &one->crowd) ? SEVERITY_ERROR
	                                                                             : SEVERITY_WARNING;
}

void intercepts_end(const struct intercepts *n, const struct analyzer_env *env, const struct tls_peers *peers)
{
	for (size_t i = 0; i < n->cases.count; i++) {
		const struct intercept_case *one = n->cases.entries[i].value;

		crowd_raise(&one->crowd, env->findings, (struct raise){
			.kind = FINDING_TLS_INTERCEPTED,
			.severity = severity_of(one, peers),
			.confidence = one->confidence,
			.cause = one->cause,
		});
	}
}
