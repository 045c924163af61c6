/* decoders/tlsoffer.h - what a client's hello offers, as a fact. */
#ifndef DECODERS_TLSOFFER_H
#define DECODERS_TLSOFFER_H

#include <openssl/types.h>

#include "decoders/tlshello.h"
#include "facts/tls.h"

/* `md5` makes JA3; NULL: none is told.  It is lent, because to fetch it for every hello would cost as much as
 * to use it. */
void tls_offer_read(const struct tls_client_hello *hello, const EVP_MD *md5, struct tls_offer *offer);
void tls_offer_read_sslv2(const struct sslv2_rest *hello, struct tls_offer *offer);

/* Names of ALPN, each behind its length, as "h2,http/1.1"; those that do not fit are left out. */
void tls_alpn_text(struct span names, char to[static TLS_ALPN_MAX]);

#endif
