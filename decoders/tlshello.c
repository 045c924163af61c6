/* decoders/tlshello.c - the two hellos; a reader that runs dry marks them as cut. */
#include "decoders/tlshello.h"

#include "base/reader.h"

enum { RANDOM_LEN = 32, EXT_SERVER_NAME = 0, EXT_PRE_SHARED_KEY = 41, EXT_SUPPORTED_VERSIONS = 43 };
enum { SSL3 = 0x0300, TLS13 = 0x0304, DRAFTS = 0x7f, HOST_NAME = 0 };

/* GREASE (RFC 8701) and experiments: 0.  Drafts of TLS 1.3 were 0x7f00 and more. */
static uint16_t known_version(uint16_t version)
{
	if (version >> 8 == DRAFTS)
		return TLS13;
	return version >= SSL3 && version <= TLS13 ? version : 0;
}

/* What is there of a part that announces more than is left: the part is read to where it is cut. */
static struct reader part(struct reader *r, size_t len)
{
	struct reader inner = reader_on(span_of(r->left.at, len < r->left.len ? len : r->left.len));

	reader_skip(r, len);
	return inner;
}

static void read_server_name(struct reader r, struct tls_client_hello *hello)
{
	struct reader list = part(&r, reader_be16(&r));

	while (list.ok && list.left.len) {
		unsigned type = reader_u8(&list);
		struct span name = reader_bytes(&list, reader_be16(&list));

		if (type == HOST_NAME && list.ok && !hello->server_name.len)
			hello->server_name = name;
	}
}

static void read_offered(struct reader r, struct tls_client_hello *hello)
{
	struct reader list = part(&r, reader_u8(&r));

	while (list.ok && list.left.len) {
		uint16_t version = known_version(reader_be16(&list));

		if (!version || !list.ok)
			continue;
		if (version > hello->max)
			hello->max = version;
		if (version < hello->min || !hello->min)
			hello->min = version;
	}
}

/* The next extension; false: there is none, or the hello is cut before its length. */
static bool next_extension(struct reader *list, unsigned *type, struct reader *body)
{
	size_t len;

	if (!list->ok || !list->left.len)
		return false;
	*type = reader_be16(list);
	len = reader_be16(list);
	if (!list->ok)
		return false;
	*body = part(list, len);
	return true;
}

bool tls_client_hello_read(struct span body, struct tls_client_hello *hello)
{
	struct reader r = reader_on(body), extensions, extension;
	unsigned type;

	*hello = (struct tls_client_hello){ .legacy = reader_be16(&r) };
	if (!r.ok)
		return false;
	reader_skip(&r, RANDOM_LEN);
	hello->session_id = reader_bytes(&r, reader_u8(&r));
	reader_skip(&r, reader_be16(&r));               /* cipher suites */
	reader_skip(&r, reader_u8(&r));                 /* compression methods */
	if (r.ok && !r.left.len) {                      /* extensions may be absent */
		hello->whole = true;
		return true;
	}
	extensions = part(&r, reader_be16(&r));
	while (next_extension(&extensions, &type, &extension)) {
		if (type == EXT_SERVER_NAME)
			read_server_name(extension, hello);
		else if (type == EXT_SUPPORTED_VERSIONS)
			read_offered(extension, hello);
	}
	hello->whole = r.ok && extensions.ok;
	return true;
}

bool tls_server_hello_read(struct span body, struct tls_server_hello *hello)
{
	/* SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3) */
	static const struct span retry = SPAN_LIT(
		"\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"
		"\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c");
	struct reader r = reader_on(body), extensions, extension;
	uint16_t selected = 0;
	unsigned type;

	*hello = (struct tls_server_hello){ .version = reader_be16(&r) };
	if (!r.ok)
		return false;
	hello->retry = span_eq(reader_bytes(&r, RANDOM_LEN), retry);
	hello->session_id = reader_bytes(&r, reader_u8(&r));
	hello->cipher = reader_be16(&r);
	reader_skip(&r, 1);                             /* compression method */
	if (r.ok && !r.left.len) {
		hello->whole = true;
		return true;
	}
	extensions = part(&r, reader_be16(&r));
	while (next_extension(&extensions, &type, &extension)) {
		if (type == EXT_PRE_SHARED_KEY)
			hello->psk = true;
		if (type == EXT_SUPPORTED_VERSIONS)
			selected = known_version(reader_be16(&extension));
	}
	if (selected)
		hello->version = selected;
	hello->whole = r.ok && extensions.ok;
	return true;
}

bool sslv2_hello_read(struct span start, size_t *rest, uint16_t *version)
{
	enum { LONGEST = 512, SHORTEST = 9 };
	struct reader r = reader_on(start);
	size_t length = reader_be16(&r);

	if (!(length & 0x8000) || reader_u8(&r) != 1)
		return false;
	length &= 0x7fff;
	*version = reader_be16(&r);
	*rest = length - 3;
	return r.ok && length >= SHORTEST && length <= LONGEST &&
	       (*version == 2 || (*version >= SSL3 && *version <= TLS13));
}
