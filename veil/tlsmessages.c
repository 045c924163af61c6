/* veil/tlsmessages.c - RFC 5246 section 7.4, RFC 8446 section 4: what stays is what somebody reads. */
#include "veil/tlsmessages.h"

#include "base/reader.h"
#include "decoders/tlshello.h"
#include "decoders/tlssuite.h"
#include "veil/certificate.h"

enum { RANDOM = 32, SENTINEL = 8, NAMED_CURVE = 3 };

/* Extensions (IANA's registry) whose bodies are not left as they are, nor hidden. */
enum { SERVER_NAME = 0, PRE_SHARED_KEY = 41, AUTHORITIES = 47, KEY_SHARE = 51, RENEGOTIATION = 0xff01 };

struct field {                          /* where a message is read, and rewritten */
	const struct rewrite *w;
	struct reader *r;
};

static void keep(struct field f, size_t len)
{
	rewrite_keep(f.w, reader_bytes(f.r, len));
}

static void hide(struct field f, size_t len)
{
	rewrite_bytes(f.w, reader_bytes(f.r, len));
}

/* A length of so many bytes, which stays. */
static size_t length(struct field f, size_t width)
{
	struct reader at = *f.r;

	keep(f, width);
	return (size_t)reader_be(&at, width);
}

static void hide_counted(struct field f, size_t width)
{
	hide(f, length(f, width));
}

static void keep_counted(struct field f, size_t width)
{
	keep(f, length(f, width));
}

/* ---- randoms ---- */

static bool is_retry(const uint8_t random[static RANDOM])
{
	/* SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3) */
	static const uint8_t retry[] = {
		0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
		0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
		0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
	};

	return !memcmp(random, retry, sizeof retry);
}

static bool speaks_more(const uint8_t random[static RANDOM])
{
	struct span end = { random + RANDOM - SENTINEL, SENTINEL - 1 };

	return span_eq(end, SPAN("DOWNGRD"));
}

void tlsmessages_random(const struct names *names, const uint8_t random[static 32], bool server,
                        uint8_t to[static 32])
{
	uint8_t was[RANDOM];

	memcpy(was, random, sizeof was);
	names_bytes(names, span_of(was, sizeof was), to);
	if (server && is_retry(was))
		memcpy(to, was, sizeof was);
	else if (server && speaks_more(was))
		memcpy(to + RANDOM - SENTINEL, was + RANDOM - SENTINEL, SENTINEL);
}

static void put_random(struct field f, bool server)
{
	struct span random = reader_bytes(f.r, RANDOM);

	if (random.len)
		tlsmessages_random(f.w->names, random.at, server, rewrite_at(f.w, random));
}

/* ---- extensions ---- */

/* RFC 6066 section 3: a list of names, of which there is one kind. */
static void put_server_name(struct field f)
{
	length(f, 2);
	while (f.r->left.len && f.r->ok) {
		struct span name;

		keep(f, 1);
		name = reader_bytes(f.r, length(f, 2));
		if (name.len)
			names_host(f.w->names, name, rewrite_at(f.w, name));
	}
}

/* RFC 8446 section 4.2.11: tickets with their ages, then proofs; a server's is a number. */
static void put_pre_shared(struct field f)
{
	struct reader list;
	struct field in = { f.w, &list };

	if (f.r->left.len == 2) {
		keep(f, 2);
		return;
	}
	list = reader_sub(f.r, length(f, 2));
	while (list.left.len && list.ok) {
		hide_counted(in, 2);
		keep(in, 4);
	}
	list = reader_sub(f.r, length(f, 2));
	while (list.left.len && list.ok)
		hide_counted(in, 1);
}

/* A client's is a list, a server's one share, a retry's a group alone. */
static void put_shares(struct field f, bool server)
{
	if (!server)
		length(f, 2);
	while (f.r->left.len && f.r->ok) {
		keep(f, 2);
		if (f.r->left.len)
			hide_counted(f, 2);
	}
}

static void put_authorities(struct field f)
{
	struct reader list = reader_sub(f.r, length(f, 2));
	struct field in = { f.w, &list };

	while (list.left.len && list.ok) {
		struct span name = reader_bytes(&list, length(in, 2));

		if (name.len)
			certificate_name_put(f.w, name);
	}
}

/* What is offered or chosen among things that have numbers: versions, groups, signatures, ALPN ... */
static bool is_public(unsigned type)
{
	static const uint16_t types[] = {
		1, 10, 11, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 27, 28, 42, 43, 45, 49, 50, 17513,
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i] == type)
			return true;
	return tls_is_grease(type);
}

static void put_extension(struct field f, unsigned type, bool server)
{
	if (type == SERVER_NAME)
		put_server_name(f);
	else if (type == PRE_SHARED_KEY)
		put_pre_shared(f);
	else if (type == KEY_SHARE)
		put_shares(f, server);
	else if (type == AUTHORITIES)
		put_authorities(f);
	else if (type == RENEGOTIATION)
		hide_counted(f, 1);
	else if (is_public(type))
		keep(f, f.r->left.len);
	else
		hide(f, f.r->left.len);
}

static void put_extensions(struct field f, bool server)
{
	struct reader list, body;
	struct field in = { f.w, &list };

	if (!f.r->left.len)
		return;
	list = reader_sub(f.r, length(f, 2));
	while (list.left.len && list.ok) {
		unsigned type = (unsigned)length(in, 2);

		body = reader_sub(&list, length(in, 2));
		put_extension((struct field){ f.w, &body }, type, server);
	}
}

/* ---- messages ---- */

static void put_client_hello(struct field f)
{
	keep(f, 2);
	put_random(f, false);
	hide_counted(f, 1);
	keep_counted(f, 2);
	keep_counted(f, 1);
	put_extensions(f, false);
}

static void put_server_hello(struct field f)
{
	keep(f, 2);
	put_random(f, true);
	hide_counted(f, 1);
	keep(f, 3);                     /* suite, compression */
	put_extensions(f, true);
}

static void put_certificate(struct field f, bool is_13)
{
	struct reader list;
	struct field in = { f.w, &list };

	if (is_13)
		hide_counted(f, 1);
	list = reader_sub(f.r, length(f, 3));
	while (list.left.len && list.ok) {
		struct span der = reader_bytes(&list, length(in, 3));

		if (der.len)
			certificate_put(f.w, der);
		if (is_13)
			put_extensions(in, true);
	}
}

static void put_request(struct field f, unsigned version)
{
	if (tls_is_13(version)) {
		hide_counted(f, 1);
		put_extensions(f, true);
		return;
	}
	keep_counted(f, 1);
	if (version >= TLS_1_2)
		keep_counted(f, 2);
	put_authorities(f);
}

/* RFC 5077 section 3.3; RFC 8446 section 4.6.1, where a nonce and the ticket's age come before it. */
static void put_ticket(struct field f, bool is_13)
{
	keep(f, 4);
	if (is_13) {
		keep(f, 4);
		hide_counted(f, 1);
	}
	hide_counted(f, 2);
	if (is_13)
		put_extensions(f, true);
}

static void put_signature(struct field f, unsigned version)
{
	if (version >= TLS_1_2)
		keep(f, 2);
	hide_counted(f, 2);
	hide(f, f.r->left.len);
}

/* RFC 8422 section 5.4; else a prime and its generator, which many share, and a key (RFC 5246, 7.4.3). */
static void put_server_key(struct field f, unsigned version)
{
	bool curve = f.r->left.len && f.r->left.at[0] == NAMED_CURVE;

	if (curve) {
		keep(f, 3);
		hide_counted(f, 1);
	} else {
		keep_counted(f, 2);
		keep_counted(f, 2);
		hide_counted(f, 2);
	}
	if (f.r->left.len)
		put_signature(f, version);
}

/* A point, or a number of several bytes behind its length; in SSL 3.0 without one. */
static void put_client_key(struct field f)
{
	struct span body = f.r->left;

	if (body.len > 1 && body.at[0] + (size_t)1 == body.len)
		hide_counted(f, 1);
	else if (body.len > 2 && ((size_t)body.at[0] << 8 | body.at[1]) + 2 == body.len)
		hide_counted(f, 2);
	else
		hide(f, body.len);
}

static void note_version(struct tlsmessages *t, const struct tlsmsg_event *m)
{
	struct tls_server_hello hello;

	if (tls_server_hello_read(m->body, &hello))
		t->version = tls_is_13(hello.selected) ? hello.selected : hello.version;
}

static void put_any(struct tlsmessages *t, const struct tlsmsg_event *m, struct field f)
{
	bool is_13 = tls_is_13(t->version);

	switch (m->type) {
	case TLS_MESSAGE_CLIENT_HELLO:
		put_client_hello(f);
		break;
	case TLS_MESSAGE_SERVER_HELLO:
		note_version(t, m);
		put_server_hello(f);
		break;
	case TLS_MESSAGE_ENCRYPTED_EXTENSIONS:
		put_extensions(f, true);
		break;
	case TLS_MESSAGE_CERTIFICATE:
		put_certificate(f, is_13);
		break;
	case TLS_MESSAGE_CERTIFICATE_REQUEST:
		put_request(f, t->version);
		break;
	case TLS_MESSAGE_NEW_SESSION_TICKET:
		put_ticket(f, is_13);
		break;
	case TLS_MESSAGE_SERVER_KEY_EXCHANGE:
		put_server_key(f, t->version);
		break;
	case TLS_MESSAGE_CLIENT_KEY_EXCHANGE:
		put_client_key(f);
		break;
	case TLS_MESSAGE_CERTIFICATE_VERIFY:
		put_signature(f, t->version);
		break;
	case TLS_MESSAGE_KEY_UPDATE:
		keep(f, 1);
		break;
	default:
		hide(f, f.r->left.len);
		break;
	}
}

void tlsmessages_put(struct tlsmessages *t, const struct tlsmsg_event *m, uint8_t *to)
{
	struct rewrite w = { t->names, m->body.at, to };
	struct reader r = reader_on(m->body);

	if (!m->body.len)
		return;
	memset(to, 0, m->body.len);
	put_any(t, m, (struct field){ &w, &r });
}
