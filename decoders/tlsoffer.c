/* decoders/tlsoffer.c - suites, signals, ALPN and JA3 out of a hello. */
#include "decoders/tlsoffer.h"

#include <openssl/evp.h>

#include "base/reader.h"

/* Suites that are none but say something (RFC 5746 section 3.3, RFC 7507). */
enum { RENEGOTIATION_SIGNAL = 0x00ff, FALLBACK_SIGNAL = 0x5600 };

static void add_suite(struct tls_offer *offer, uint16_t suite)
{
	if (suite == RENEGOTIATION_SIGNAL) {
		offer->renegotiation_info = true;
	} else if (suite == FALLBACK_SIGNAL) {
		offer->fallback = true;
	} else if (!tls_is_grease(suite)) {
		if (offer->suite_count < TLS_SUITES_KEPT)
			offer->suites[offer->suite_count] = suite;
		offer->suite_count++;
	}
}

void tls_alpn_text(struct span names, char to[static TLS_ALPN_MAX])
{
	struct reader r = reader_on(names);
	size_t have = 0;

	while (r.left.len) {
		struct span name = reader_bytes(&r, reader_u8(&r));

		if (!r.ok || have + name.len + 2 > TLS_ALPN_MAX)
			break;
		if (name.len == 2 && tls_is_grease((unsigned)(name.at[0] << 8 | name.at[1])))
			continue;
		if (have)
			to[have++] = ',';
		for (size_t i = 0; i < name.len; i++)
			to[have++] = name.at[i] > ' ' && name.at[i] < 0x7f ? (char)name.at[i] : '?';
	}
	to[have] = 0;
}

/* JA3 (https://github.com/salesforce/ja3): "version,suites,extensions,groups,formats" in decimal, joined by
 * '-', without GREASE; its MD5.  Written to the digest in pieces, as a hello may name thousands. */
struct ja3 {
	EVP_MD_CTX *md5;
	char text[256];
	size_t len;
	bool first;                     /* of a field */
};

static void ja3_flush(struct ja3 *j)
{
	EVP_DigestUpdate(j->md5, j->text, j->len);
	j->len = 0;
}

static void ja3_number(struct ja3 *j, unsigned value)
{
	char digits[8];
	size_t count = 0;

	if (j->len + sizeof digits >= sizeof j->text)
		ja3_flush(j);
	if (!j->first)
		j->text[j->len++] = '-';
	j->first = false;
	do
		digits[count++] = (char)('0' + value % 10);
	while (value /= 10);
	while (count)
		j->text[j->len++] = digits[--count];
}

static void ja3_field(struct ja3 *j)
{
	if (j->len + 1 >= sizeof j->text)
		ja3_flush(j);
	j->text[j->len++] = ',';
	j->first = true;
}

static void ja3_list(struct ja3 *j, struct span values, size_t width)
{
	struct reader r = reader_on(values);

	ja3_field(j);
	while (r.left.len >= width) {
		unsigned value = (unsigned)reader_be(&r, width);

		if (width == 1 || !tls_is_grease(value))
			ja3_number(j, value);
	}
}

static void ja3_extensions(struct ja3 *j, struct span extensions)
{
	struct reader r = reader_on(extensions), body;
	unsigned type;

	ja3_field(j);
	while (tls_extension_next(&r, &type, &body))
		if (!tls_is_grease(type))
			ja3_number(j, type);
}

static void ja3_read(const struct tls_client_hello *hello, const EVP_MD *md5, char to[static JA3_TEXT])
{
	static const char hex[] = "0123456789abcdef";
	struct ja3 j = { .md5 = EVP_MD_CTX_new(), .first = true };
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (j.md5 && EVP_DigestInit_ex(j.md5, md5, NULL)) {
		ja3_number(&j, hello->legacy);
		ja3_list(&j, hello->suites, 2);
		ja3_extensions(&j, hello->extensions);
		ja3_list(&j, hello->groups, 2);
		ja3_list(&j, hello->formats, 1);
		ja3_flush(&j);
		EVP_DigestFinal_ex(j.md5, digest, &len);
	}
	EVP_MD_CTX_free(j.md5);
	for (unsigned i = 0; i < len && 2 * i + 2 < JA3_TEXT; i++) {
		to[2 * i] = hex[digest[i] >> 4];
		to[2 * i + 1] = hex[digest[i] & 15];
	}
	to[2 * len < JA3_TEXT ? 2 * len : JA3_TEXT - 1] = 0;
}

void tls_offer_read(const struct tls_client_hello *hello, const EVP_MD *md5, struct tls_offer *offer)
{
	struct reader r = reader_on(hello->suites);

	*offer = (struct tls_offer){
		.post_handshake_auth = hello->post_handshake_auth,
		.early_data = hello->early_data,
		.psk = hello->psk,
		.session_ticket = hello->session_ticket,
		.extended_master = hello->extended_master,
		.encrypt_then_mac = hello->encrypt_then_mac,
		.renegotiation_info = hello->renegotiation_info,
	};
	while (r.left.len >= 2)
		add_suite(offer, reader_be16(&r));
	tls_alpn_text(hello->alpn, offer->alpn);
	if (hello->whole && md5)
		ja3_read(hello, md5, offer->ja3);
}

void tls_offer_read_sslv2(const struct sslv2_rest *hello, struct tls_offer *offer)
{
	struct reader r = reader_on(hello->specs);

	*offer = (struct tls_offer){ 0 };
	while (r.left.len >= 3) {
		uint32_t spec = reader_be24(&r);

		if (spec <= 0xffff)
			add_suite(offer, (uint16_t)spec);
	}
}
