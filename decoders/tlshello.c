/* decoders/tlshello.c - the two hellos; a reader that runs dry marks them as cut. */
#include "decoders/tlshello.h"

#include "base/reader.h"
#include "decoders/tlssuite.h"

/* X(symbol, number): IANA's TLS ExtensionType values that are more than flags */
#define EXTENSIONS(X)                   \
	X(SERVER_NAME, 0)               \
	X(GROUPS, 10)                   \
	X(FORMATS, 11)                  \
	X(ALPN, 16)                     \
	X(ENCRYPT_THEN_MAC, 22)         \
	X(EXTENDED_MASTER, 23)          \
	X(SESSION_TICKET, 35)           \
	X(PRE_SHARED_KEY, 41)           \
	X(SUPPORTED_VERSIONS, 43)       \
	X(KEY_SHARE, 51)

#define X(symbol, number) EXT_##symbol = number,
enum extension { EXTENSIONS(X) };
#undef X

enum { DRAFTS = 0x7f, HOST_NAME = 0 };

/* GREASE (RFC 8701) and experiments: 0.  Drafts of TLS 1.3 were 0x7f00 and more. */
static uint16_t known_version(uint16_t version)
{
	if (version >> 8 == DRAFTS)
		return TLS_1_3;
	return version >= SSL_3_0 && version <= TLS_1_3 ? version : 0;
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

bool tls_extension_next(struct reader *list, unsigned *type, struct reader *body)
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

/* The bytes of a list behind its length of `width` bytes, as far as they are there. */
static struct span list_of(struct reader r, size_t width)
{
	return part(&r, (size_t)reader_be(&r, width)).left;
}

static void read_client_extension(unsigned type, struct reader body, struct tls_client_hello *hello)
{
	switch (type) {
	case EXT_SERVER_NAME:
		read_server_name(body, hello);
		break;
	case EXT_SUPPORTED_VERSIONS:
		read_offered(body, hello);
		break;
	case EXT_GROUPS:
		hello->groups = list_of(body, 2);
		break;
	case EXT_FORMATS:
		hello->formats = list_of(body, 1);
		break;
	case EXT_ALPN:
		hello->alpn = list_of(body, 2);
		break;
	case EXT_SESSION_TICKET:
		hello->ticket = body.left;
		break;
	default:
		break;
	}
#define X(field, number) hello->field |= type == (number);
	CLIENT_HELLO_FLAGS(X)
#undef X
}

bool tls_client_hello_read(struct span body, struct tls_client_hello *hello)
{
	struct reader r = reader_on(body), extensions, extension;
	unsigned type;

	*hello = (struct tls_client_hello){ .legacy = reader_be16(&r) };
	if (!r.ok)
		return false;
	hello->random = reader_bytes(&r, HELLO_RANDOM_LEN);
	hello->session_id = reader_bytes(&r, reader_u8(&r));
	hello->suites = part(&r, reader_be16(&r)).left;
	reader_skip(&r, reader_u8(&r));                 /* compression methods */
	if (r.ok && !r.left.len) {                      /* extensions may be absent */
		hello->whole = true;
		return true;
	}
	extensions = part(&r, reader_be16(&r));
	hello->extensions = extensions.left;
	while (tls_extension_next(&extensions, &type, &extension))
		read_client_extension(type, extension, hello);
	hello->whole = r.ok && extensions.ok;
	return true;
}

static void read_server_extension(unsigned type, struct reader body, struct tls_server_hello *hello)
{
	uint16_t version;

	switch (type) {
	case EXT_PRE_SHARED_KEY:
		hello->psk = true;
		break;
	case EXT_EXTENDED_MASTER:
		hello->extended_master = true;
		break;
	case EXT_ENCRYPT_THEN_MAC:
		hello->encrypt_then_mac = true;
		break;
	case EXT_SUPPORTED_VERSIONS:
		hello->selected = reader_be16(&body);
		version = known_version(hello->selected);
		if (version)
			hello->version = version;
		break;
	case EXT_KEY_SHARE:
		hello->group = reader_be16(&body);
		break;
	case EXT_ALPN:
		hello->alpn = list_of(body, 2);
		break;
	default:
		break;
	}
}

/* Where supported_versions is cut off the suite tells: those of TLS 1.3 are of no other version (RFC 8446
 * appendix B.4). */
static uint16_t version_by_suite(const struct tls_server_hello *hello)
{
	const struct tls_suite *suite = tls_suite(hello->cipher);

	return suite && suite->exchange == KX_ANY ? TLS_1_3 : hello->version;
}

/* The last bytes of the random of a server that agreed on less than it speaks (RFC 8446 section 4.1.3). */
static bool says_more(struct span random)
{
	struct span end = span_skip(random, HELLO_RANDOM_LEN - 8);

	return span_eq(end, SPAN("DOWNGRD\x01")) || span_eq(end, SPAN("DOWNGRD\x00"));
}

bool tls_server_hello_read(struct span body, struct tls_server_hello *hello)
{
	/* SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3) */
	static const struct span retry = SPAN_LIT(
		"\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"
		"\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c");
	struct reader r = reader_on(body), extensions, extension;
	unsigned type;

	*hello = (struct tls_server_hello){ .version = reader_be16(&r) };
	if (!r.ok)
		return false;
	hello->random = reader_bytes(&r, HELLO_RANDOM_LEN);
	hello->retry = span_eq(hello->random, retry);
	hello->speaks_more = says_more(hello->random);
	hello->session_id = reader_bytes(&r, reader_u8(&r));
	hello->cipher = reader_be16(&r);
	reader_skip(&r, 1);                             /* compression method */
	if (r.ok && !r.left.len) {
		hello->whole = true;
		return true;
	}
	extensions = part(&r, reader_be16(&r));
	while (tls_extension_next(&extensions, &type, &extension))
		read_server_extension(type, extension, hello);
	hello->whole = r.ok && extensions.ok;
	if (!hello->whole && !hello->selected)
		hello->version = version_by_suite(hello);
	return true;
}

struct span tls_encrypted_extensions_alpn(struct span body)
{
	struct reader r = reader_on(body), extensions = part(&r, reader_be16(&r)), extension;
	struct span alpn = { NULL, 0 };
	unsigned type;

	while (tls_extension_next(&extensions, &type, &extension))
		if (type == EXT_ALPN)
			alpn = list_of(extension, 2);
	return alpn;
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
	       (*version == 2 || (*version >= SSL_3_0 && *version <= TLS_1_3));
}

void sslv2_rest_read(struct span rest, struct sslv2_rest *hello)
{
	struct reader r = reader_on(rest);
	size_t specs = reader_be16(&r), session_id = reader_be16(&r), challenge = reader_be16(&r);
	struct span random;

	*hello = (struct sslv2_rest){ .specs = part(&r, specs).left };
	reader_skip(&r, session_id);
	random = reader_bytes(&r, challenge);
	if (!r.ok)
		return;
	if (random.len > HELLO_RANDOM_LEN)              /* RFC 6101 appendix E.1 */
		random = span_skip(random, random.len - HELLO_RANDOM_LEN);
	if (random.len)
		memcpy(hello->random + HELLO_RANDOM_LEN - random.len, random.at, random.len);
	hello->whole = true;
}
