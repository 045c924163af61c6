/* tests/fuzz_tlshello.c - hellos of both sides, whole and cut: whatever they announce, nothing is told from
 * beyond the bytes that are there, and a hello that is cut tells no more than the whole. */
#include <openssl/evp.h>
#include <string.h>

#include "decoders/tlsoffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct span body, struct span part)
{
	if (part.len && (part.at < body.at || part.at + part.len > body.at + body.len))
		__builtin_trap();
}

static void client(struct span body)
{
	struct tls_client_hello hello;
	struct tls_offer offer;

	if (!tls_client_hello_read(body, &hello))
		return;
	inside(body, hello.random);
	inside(body, hello.session_id);
	inside(body, hello.suites);
	inside(body, hello.extensions);
	inside(body, hello.server_name);
	inside(body, hello.alpn);
	inside(body, hello.groups);
	inside(body, hello.formats);
	inside(body, hello.ticket);
	tls_offer_read(&hello, EVP_md5(), &offer);
	if (strlen(offer.alpn) >= sizeof offer.alpn || (*offer.ja3 != 0) != hello.whole ||
	    (*offer.ja3 && strlen(offer.ja3) != JA3_TEXT - 1) || offer.suite_count > body.len / 2)
		__builtin_trap();
}

static void server(struct span body)
{
	struct tls_server_hello hello;
	char alpn[TLS_ALPN_MAX];

	if (!tls_server_hello_read(body, &hello))
		return;
	inside(body, hello.random);
	inside(body, hello.session_id);
	inside(body, hello.alpn);
	tls_alpn_text(hello.alpn, alpn);
	if (strlen(alpn) >= sizeof alpn)
		__builtin_trap();
}

static void sslv2(struct span bytes)
{
	struct sslv2_rest rest;
	struct tls_offer offer;
	uint16_t version;
	size_t left;

	if (sslv2_hello_read(bytes, &left, &version) && left > 512)
		__builtin_trap();
	sslv2_rest_read(bytes, &rest);
	inside(bytes, rest.specs);
	tls_offer_read_sslv2(&rest, &offer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_of(data, size), cut = span_of(data, size / 2);

	client(bytes);
	client(cut);
	server(bytes);
	server(cut);
	inside(bytes, tls_encrypted_extensions_alpn(bytes));
	sslv2(bytes);
	return 0;
}
