/* report/community.c - SHA-1 over the ordered endpoints, in Base64. */
#include "report/community.h"

#include <openssl/evp.h>

enum { SHA1_LEN = 20, PROTOCOL_TCP = 6 };

struct ordered {
	uint8_t bytes[40];
	size_t len;
};

static void add(struct ordered *o, const void *at, size_t len)
{
	memcpy(o->bytes + o->len, at, len);
	o->len += len;
}

static void add_port(struct ordered *o, uint16_t port)
{
	uint8_t bytes[2] = { (uint8_t)(port >> 8), (uint8_t)port };

	add(o, bytes, 2);
}

static void add_addr(struct ordered *o, const struct addr *a)
{
	size_t skip = addr_is_v4(a) ? 12 : 0;

	add(o, a->bytes + skip, 16 - skip);
}

/* The smaller address (then port) comes first, so that both directions agree. */
static bool in_order(const struct endpoint *a, const struct endpoint *b)
{
	int d = memcmp(a->addr.bytes, b->addr.bytes, 16);

	return d < 0 || (!d && a->port < b->port);
}

const char *community_tcp(const struct endpoint *a, const struct endpoint *b,
                          char text[static COMMUNITY_TEXT])
{
	static const uint8_t seed[2], protocol[2] = { PROTOCOL_TCP, 0 };
	const struct endpoint *first = in_order(a, b) ? a : b, *second = first == a ? b : a;
	uint8_t digest[EVP_MAX_MD_SIZE];
	struct ordered o = { .len = 0 };

	add(&o, seed, 2);
	add_addr(&o, &first->addr);
	add_addr(&o, &second->addr);
	add(&o, protocol, 2);
	add_port(&o, first->port);
	add_port(&o, second->port);
	memcpy(text, "1:", 3);
	if (EVP_Digest(o.bytes, o.len, digest, NULL, EVP_sha1(), NULL))
		EVP_EncodeBlock((unsigned char *)text + 2, digest, SHA1_LEN);
	return text;
}
