/* decoders/tlscert.c - lists of opaque bytes, each with its length. */
#include "decoders/tlscert.h"

#include "base/reader.h"
#include "decoders/certname.h"

enum { CERTIFICATE_AUTHORITIES = 47 };

/* A vector of opaque bytes, as much of it as is there; !r->ok: it is cut. */
static struct reader vector(struct reader *r, size_t width)
{
	size_t len = (size_t)reader_be(r, width), there = r->left.len;
	struct reader v = reader_sub(r, len < there ? len : there);

	r->ok = r->ok && len <= there;
	return v;
}

/* False: it is no certificate, or cannot be held. */
static bool add(struct tls_chain *chain, struct certs *certs, struct span der)
{
	if (!der.len)
		return false;
	if (chain->count < TLS_CHAIN_KEPT) {
		chain->list[chain->count] = certs_hold(certs, der);
		if (!chain->list[chain->count])
			return false;
	}
	chain->count++;
	return true;
}

void tls_certificate_read(struct span body, bool tls13, struct certs *certs, struct tls_chain *chain)
{
	struct reader r = reader_on(body), list;
	bool whole = true;

	tls_chain_drop(certs, chain);
	if (tls13)
		vector(&r, 1);                  /* certificate_request_context */
	list = vector(&r, 3);
	while (whole && list.left.len) {
		struct reader der = vector(&list, 3);

		whole = list.ok && add(chain, certs, der.left);
		if (whole && tls13)
			vector(&list, 2);       /* extensions */
	}
	chain->cut = !whole || !r.ok || !list.ok || r.left.len;
}

void tls_chain_drop(struct certs *certs, struct tls_chain *chain)
{
	for (unsigned i = 0; i < chain->count && i < TLS_CHAIN_KEPT; i++) {
		certs_drop(certs, chain->list[i]);
		chain->list[i] = NULL;
	}
	chain->count = 0;
	chain->cut = false;
}

/* The list of names in a TLS 1.3 request: in an extension of its own. */
static struct reader authorities13(struct reader *r)
{
	struct reader extensions;

	vector(r, 1);                           /* certificate_request_context */
	extensions = vector(r, 2);
	while (extensions.left.len) {
		unsigned type = reader_be16(&extensions);
		struct reader data = vector(&extensions, 2);

		if (type == CERTIFICATE_AUTHORITIES)
			return vector(&data, 2);
	}
	return reader_on(span_of(NULL, 0));
}

static struct reader authorities(struct span body, unsigned version)
{
	struct reader r = reader_on(body);

	if (version >= TLS_1_3)
		return authorities13(&r);
	vector(&r, 1);                          /* certificate_types */
	if (version == TLS_1_2)
		vector(&r, 2);                  /* supported_signature_algorithms */
	return vector(&r, 2);
}

static struct span text_of(struct span der, struct arena *arena)
{
	struct span text = { NULL, 0 };
	struct certname name;

	if (!certname_read(&name, der))
		return text;
	text = certname_text(&name, arena);
	certname_release(&name);
	return text;
}

unsigned tls_certificate_request_read(struct span body, unsigned version, struct arena *arena,
                                      struct span names[static TLS_AUTHORITIES_KEPT])
{
	struct reader list = authorities(body, version);
	unsigned count = 0;

	while (list.left.len) {
		struct reader name = vector(&list, 2);

		if (!list.ok)
			break;
		if (count < TLS_AUTHORITIES_KEPT)
			names[count] = text_of(name.left, arena);
		count++;
	}
	return count;
}
