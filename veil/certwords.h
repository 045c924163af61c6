/* veil/certwords.h - text of certificates: "Contoso Issuing CA 2", "DigiCert Inc". */
#ifndef VEIL_CERTWORDS_H
#define VEIL_CERTWORDS_H

#include "veil/names.h"

/* Words become pseudonyms but for those that tell what is certified, that name authorities of the public,
 * or a product that inspects; hosts, addresses and users in between become what they become elsewhere.
 * Writes as many bytes. */
void certwords_put(struct names *n, struct span text, uint8_t *to);

#endif
