/* decoders/tlshello.h - ClientHello and what a server answers (RFC 8446 section 4.1, RFC 5246 section 7.4.1).
 *
 * All read a message body that may be cut short: what stands before the cut is told.  Spans point
 * into the body.
 */
#ifndef DECODERS_TLSHELLO_H
#define DECODERS_TLSHELLO_H

#include "base/span.h"

enum { HELLO_RANDOM_LEN = 32 };

/* X(field, extension): extensions of a client that say all by being there */
#define CLIENT_HELLO_FLAGS(X)           \
	X(encrypt_then_mac, 22)         \
	X(extended_master, 23)          \
	X(session_ticket, 35)           \
	X(psk, 41)                      \
	X(early_data, 42)               \
	X(post_handshake_auth, 49)      \
	X(renegotiation_info, 0xff01)

struct tls_client_hello {
	bool whole;                     /* false: cut short or contradicting its own lengths */
	uint16_t legacy;                /* legacy_version */
	uint16_t max, min;              /* of supported_versions without GREASE; 0: not told */
	struct span random;             /* HELLO_RANDOM_LEN bytes, or empty */
	struct span session_id;
	struct span suites;             /* two bytes each, GREASE and all */
	struct span extensions;         /* each with its type and length */
	struct span server_name;        /* SNI host_name; empty: none */
	struct span alpn;               /* names, each behind its length */
	struct span groups, formats;    /* two bytes each; one byte each */
	struct span ticket;             /* of session_ticket; empty: none yet */
#define X(field, ...) bool field;
	CLIENT_HELLO_FLAGS(X)
#undef X
};

struct tls_server_hello {
	bool whole;
	uint16_t version;               /* 0x0304 by supported_versions (drafts too), or where they are cut by
	                                 * the suite; else the legacy one */
	uint16_t selected;              /* supported_versions as sent; 0: none */
	uint16_t cipher;
	bool retry;                     /* a HelloRetryRequest */
	bool psk;                       /* pre_shared_key: TLS 1.3 resumes */
	bool extended_master, encrypt_then_mac;
	bool speaks_more;               /* its random says that the server speaks a later version too */
	uint16_t group;                 /* of key_share; 0: none */
	struct span random;             /* HELLO_RANDOM_LEN bytes, or empty */
	struct span session_id;
	struct span alpn;               /* as the client's, with one name */
};

/* False: not even a version could be read. */
bool tls_client_hello_read(struct span body, struct tls_client_hello *hello);
bool tls_server_hello_read(struct span body, struct tls_server_hello *hello);

/* The ALPN of TLS 1.3's EncryptedExtensions; empty: none. */
struct span tls_encrypted_extensions_alpn(struct span body);

/* The next extension of a list; false: there is none, or the list is cut before its length. */
struct reader;
bool tls_extension_next(struct reader *list, unsigned *type, struct reader *body);

/* Of versions, suites, extensions and groups (RFC 8701). */
static inline bool tls_is_grease(unsigned value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

/* A hello in SSL 2.0's clothes (RFC 5246 appendix E.2), told by its first SSLV2_HELLO_LEN bytes:
 * its length behind them and the version it offers. */
enum { SSLV2_HELLO_LEN = 5 };
bool sslv2_hello_read(struct span start, size_t *rest, uint16_t *version);

/* What is behind them. */
struct sslv2_rest {
	bool whole;
	struct span specs;              /* three bytes each; a suite when the first is 0 */
	uint8_t random[HELLO_RANDOM_LEN];       /* the challenge, right-aligned */
};
void sslv2_rest_read(struct span rest, struct sslv2_rest *hello);

#endif
