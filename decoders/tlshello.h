/* decoders/tlshello.h - ClientHello and ServerHello (RFC 8446 section 4.1, RFC 5246 section 7.4.1).
 *
 * Both read a message body that may be cut short: what stands before the cut is told.  Spans point
 * into the body.
 */
#ifndef DECODERS_TLSHELLO_H
#define DECODERS_TLSHELLO_H

#include "base/span.h"

struct tls_client_hello {
	bool whole;                     /* false: cut short or contradicting its own lengths */
	uint16_t legacy;                /* legacy_version */
	uint16_t max, min;              /* of supported_versions without GREASE; 0: not told */
	struct span server_name;        /* SNI host_name; empty: none */
	struct span session_id;
};

struct tls_server_hello {
	bool whole;
	uint16_t version;               /* by supported_versions when there is one */
	uint16_t cipher;
	bool retry;                     /* a HelloRetryRequest */
	bool psk;                       /* pre_shared_key: TLS 1.3 resumes */
	struct span session_id;
};

/* False: not even a version could be read. */
bool tls_client_hello_read(struct span body, struct tls_client_hello *hello);
bool tls_server_hello_read(struct span body, struct tls_server_hello *hello);

/* A hello in SSL 2.0's clothes (RFC 5246 appendix E.2), told by its first SSLV2_HELLO_LEN bytes:
 * its length behind them and the version it offers. */
enum { SSLV2_HELLO_LEN = 5 };
bool sslv2_hello_read(struct span start, size_t *rest, uint16_t *version);

#endif
