/* decoders/tlsfacts.c - hellos, certificates and keys as facts.  The first handshake of a session is what is
 * told; of a later one what it agreed on, and the request for a certificate that the client answers.
 */
#include "decoders/tlsfacts.h"

#include "base/reader.h"
#include "decoders/tlscert.h"
#include "decoders/tlssuite.h"

enum { EMPTY_LIST = 3, NAMED_CURVE = 3 };

/* Names come from strangers and end up in a C string: what is no visible ASCII becomes '?'. */
static void keep_name(char to[static TLS_NAME_MAX], struct span name)
{
	size_t len = name.len < TLS_NAME_MAX - 1 ? name.len : TLS_NAME_MAX - 1;

	for (size_t i = 0; i < len; i++)
		to[i] = name.at[i] > ' ' && name.at[i] < 0x7f ? (char)name.at[i] : '?';
	to[len] = 0;
}

static void keep_session_id(struct tlssession *s, struct span id)
{
	if (id.len > sizeof s->session_id)
		return;
	if (id.len)
		memcpy(s->session_id, id.at, id.len);
	s->session_id_len = (uint8_t)id.len;
}

/* After a HelloRetryRequest the hello comes again; the first one counts. */
static void client_hello(struct tlssession *s, const struct tlsmsg_event *m, struct mark mark)
{
	struct tls_session *fact = &s->fact;
	struct tls_client_hello hello;

	fact->client_hellos++;
	if (fact->client_hello)
		return;
	fact->client_hello = true;
	fact->client_hello_frame = mark.frame;
	fact->client_hello_time = mark.time;
	if (!tls_client_hello_read(m->body, &hello)) {
		fact->hello_cut = true;
		return;
	}
	fact->hello_cut = m->cut || !hello.whole;
	fact->offered_legacy = hello.legacy;
	fact->offered_max = hello.max ? hello.max : hello.legacy;
	fact->offered_min = hello.min;
	keep_name(fact->server_name, hello.server_name);
	keep_session_id(s, hello.session_id);
	tls_offer_read(&hello, s->md5, &fact->offer);
}

/* Up to TLS 1.2 a server that repeats the session id that was offered takes that session up (RFC 5246
 * section 7.4.1.3); so it does when it takes a ticket that came with one (RFC 5077 section 3.4). */
static bool is_resumed(const struct tlssession *s, const struct tls_server_hello *hello)
{
	if (tls_is_13(hello->version))
		return hello->psk;
	return hello->session_id.len && s->session_id_len &&
	       span_eq(hello->session_id, span_of(s->session_id, s->session_id_len));
}

/* What holds from now on, for records as well. */
static void agree(struct tls_session *fact, const struct tls_server_hello *hello)
{
	fact->version = hello->version;
	fact->cipher = hello->cipher;
	fact->extended_master = hello->extended_master;
	fact->encrypt_then_mac = hello->encrypt_then_mac;
	fact->group = hello->group;
}

/* A hello that renegotiates: TLS 1.3 has no such. */
static void agree_again(struct tls_session *fact, const struct tlsmsg_event *m)
{
	struct tls_server_hello hello;

	if (!m->cut && tls_server_hello_read(m->body, &hello) && hello.whole && !tls_is_13(hello.version) &&
	    !tls_is_13(fact->version))
		agree(fact, &hello);
}

static void server_hello(struct tlssession *s, const struct tlsmsg_event *m, uint64_t frame)
{
	struct tls_session *fact = &s->fact;
	struct tls_server_hello hello;

	if (fact->server_hello && !fact->hello_retry) {
		agree_again(fact, m);
		return;
	}
	fact->server_hello = true;
	fact->server_hello_frame = frame;
	if (!tls_server_hello_read(m->body, &hello))
		return;
	agree(fact, &hello);
	fact->hello_retry |= hello.retry;
	fact->resumed = is_resumed(s, &hello);
	fact->downgrade = hello.speaks_more && fact->offered_max > hello.version;
	tls_alpn_text(hello.alpn, fact->alpn);
}

static void read_chain(struct tlssession *s, enum side from, const struct tlsmsg_event *m,
                       struct tls_chain *chain)
{
	if (s->certs)
		tls_chain_drop(s->certs, chain);
	*chain = (struct tls_chain){ 0 };
	if (s->certs)
		tls_certificate_read(m->body, tls_is_13(s->fact.version), s->certs, chain);
	chain->cut |= m->cut;
	chain->decrypted = s->half[from].opened;
}

/* No certificate: a list of length 0, behind a context in TLS 1.3; told by the message's length, so that one
 * which is cut can be told too. */
static bool is_empty(const struct tlssession *s, const struct tlsmsg_event *m)
{
	size_t context = tls_is_13(s->fact.version) && m->body.len ? 1u + m->body.at[0] : 0;

	return m->length <= context + EMPTY_LIST;
}

static void tell_request(struct tls_session *fact, const struct tlssession_request *r)
{
	fact->certificate_request_frame = r->frame;
	fact->certificate_request_decrypted = r->decrypted;
	fact->authority_count = r->authority_count;
	memcpy(fact->authorities, r->authorities, sizeof fact->authorities);
}

/* A request and the client's answer belong together: a later one is told once it is answered. */
static void certificate_request(struct tlssession *s, const struct tlsmsg_event *m, uint64_t frame)
{
	struct tlssession_request r = { .frame = frame, .decrypted = s->half[SERVER].opened };

	r.authority_count = tls_certificate_request_read(m->body, s->fact.version, &s->arena, r.authorities);
	if (!s->fact.certificate_request_frame) {
		tell_request(&s->fact, &r);
		return;
	}
	if (!s->later)
		s->later = arena_alloc(&s->arena, sizeof *s->later);
	if (s->later)
		*s->later = r;
}

static void settle_request(struct tlssession *s)
{
	if (s->later && s->later->frame)
		tell_request(&s->fact, s->later);
	if (s->later)
		s->later->frame = 0;
}

static void certificate(struct tlssession *s, enum side from, const struct tlsmsg_event *m, uint64_t frame)
{
	struct tls_session *fact = &s->fact;

	if (from == SERVER && fact->certificate_frame)
		return;
	if (from == SERVER) {
		fact->certificate_frame = frame;
		read_chain(s, SERVER, m, &fact->certificates);
		return;
	}
	settle_request(s);
	fact->client_certificate_message = true;
	fact->client_certificate_empty = is_empty(s, m);
	fact->client_certificate_frame = frame;
	read_chain(s, CLIENT, m, &fact->client_certificates);
}

/* RFC 8422 section 5.4.  Finite fields of DHE have no number here (RFC 5246 section 7.4.3). */
static void server_key_exchange(struct tlssession *s, const struct tlsmsg_event *m)
{
	const struct tls_suite *suite = tls_suite(s->fact.cipher);
	struct reader r = reader_on(m->body);
	uint8_t type = reader_u8(&r);
	uint16_t curve = reader_be16(&r);

	if (suite && suite->exchange == KX_ECDHE && type == NAMED_CURVE && r.ok && !s->fact.group)
		s->fact.group = curve;
}

static void server_message(struct tlssession *s, const struct tlsmsg_event *m, uint64_t frame)
{
	struct span alpn;

	switch (m->type) {
	case TLS_MESSAGE_SERVER_HELLO:
		server_hello(s, m, frame);
		break;
	case TLS_MESSAGE_SERVER_KEY_EXCHANGE:
		server_key_exchange(s, m);
		break;
	case TLS_MESSAGE_CERTIFICATE_REQUEST:
		certificate_request(s, m, frame);
		break;
	case TLS_MESSAGE_ENCRYPTED_EXTENSIONS:
		alpn = tls_encrypted_extensions_alpn(m->body);
		tls_alpn_text(alpn, s->fact.alpn);
		break;
	default:
		break;
	}
}

void tlsfacts_message(struct tlssession *s, enum side from, const struct tlsmsg_event *m, struct mark mark)
{
	if (m->type == TLS_MESSAGE_CERTIFICATE)
		certificate(s, from, m, mark.frame);
	else if (from == SERVER)
		server_message(s, m, mark.frame);
	else if (m->type == TLS_MESSAGE_CLIENT_HELLO)
		client_hello(s, m, mark);
}
