/* decoders/tlscrypt.h - opens protected records of one direction, SSL 3.0 to TLS 1.3, by libcrypto.
 *
 * Every record is checked by its MAC or tag before anybody sees it.
 */
#ifndef DECODERS_TLSCRYPT_H
#define DECODERS_TLSCRYPT_H

#include "decoders/tlskdf.h"

struct tlscrypt;

struct tlscrypt_spec {
	const struct tlslib *lib;       /* lent for as long as the tlscrypt lives */
	unsigned version;               /* negotiated */
	const struct tls_suite *suite;
	bool encrypt_then_mac;
	const struct tls_keys *keys;    /* copied */
};

struct tlscrypt_record {
	uint8_t type;                   /* of the content; of the inner one in TLS 1.3 */
	struct span content;            /* inside the fragment that was given */
	uint64_t sequence;              /* its number among those of its keys, from 0 */
};

/* Whether that version has such a suite, and it can be read here. */
bool tlscrypt_reads(const struct tlscrypt_spec *spec);

/* NULL: a suite that is not read, or out of memory. */
struct tlscrypt *tlscrypt_new(const struct tlscrypt_spec *spec);
void tlscrypt_free(struct tlscrypt *c);         /* wipes the keys; NULL is fine */

/* Opens the next record in place; its header's type and version, as sent.  False: the keys do not
 * fit it, or it is no such record; `fragment` is then undefined, and the same record, or another,
 * may be tried as if this had not been. */
bool tlscrypt_open(struct tlscrypt *c, uint8_t type, uint16_t record_version,
                   uint8_t *fragment, size_t len, struct tlscrypt_record *record);

const struct tls_suite *tlscrypt_suite(const struct tlscrypt *c);

/* Records may be missing before the next one.  True: the next records that open again set it in step (an
 * explicit nonce or IV; up to some thousands missing); false: nothing after this can be read. */
bool tlscrypt_lost(struct tlscrypt *c);

#endif
