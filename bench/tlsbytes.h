/* bench/tlsbytes.h - handshakes of TLS (RFC 5246 section 7.3, RFC 8446 section 4), true in form: random in
 * every key and signature. */
#ifndef BENCH_TLSBYTES_H
#define BENCH_TLSBYTES_H

#include "base/buf.h"
#include "bench/random.h"

enum { TLS_PORT = 8531, TLS_RANDOM = 32, TLS_RECORD_MAX = 16384 };
enum { RECORD_CHANGE_CIPHER_SPEC = 20, RECORD_HANDSHAKE = 22, RECORD_DATA = 23 };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, ENCRYPTED_EXTENSIONS = 8, CERTIFICATE = 11 };
enum { SERVER_KEY_EXCHANGE = 12, SERVER_DONE = 14, CERTIFICATE_VERIFY = 15 };
enum { CLIENT_KEY_EXCHANGE = 16, FINISHED = 20 };

/* Lengths come before what they count: tls_open leaves room for one, tls_shut fills it in. */
size_t tls_open(struct buf *b, unsigned width);
void tls_shut(struct buf *b, size_t start, unsigned width);

size_t tls_record(struct buf *b, unsigned type);        /* shut with width 2 */
size_t tls_message(struct buf *b, unsigned type);       /* with width 3 */
void tls_noise(struct buf *b, struct rng *r, size_t len);

/* Whole records. */
void tls_client_hello(struct buf *b, struct rng *r, const uint8_t random[static TLS_RANDOM], bool tls13);
void tls_server_hello(struct buf *b, struct rng *r, const uint8_t random[static TLS_RANDOM], unsigned suite,
                      bool tls13);

/* A Certificate message: the server's own, whose key, serial number and signature come from `leaf`, and the
 * authority that issued it, from `issuer`. */
void tls_certificate(struct buf *b, struct rng *leaf, struct rng *issuer, bool tls13);

/* What the server of TLS 1.2 says, hello to ServerHelloDone; and the client's ClientKeyExchange. */
void tls_server_flight(struct buf *b, struct rng *r, const uint8_t random[static TLS_RANDOM],
                       unsigned suite, struct rng *leaf, struct rng *issuer);
void tls_client_key(struct buf *b, struct rng *r);
void tls_change_cipher(struct buf *b);

#endif
