/* decoders/rc4.h - the stream cipher RC4, as RFC 6229's vectors know it.
 *
 * libcrypto has it in its legacy provider only, which many machines lack; and a state that is
 * copied by value lets a record that does not open be undone.
 */
#ifndef DECODERS_RC4_H
#define DECODERS_RC4_H

#include "base/span.h"

struct rc4 {
	uint8_t i, j, box[256];
};

void rc4_init(struct rc4 *r, struct span key);          /* of 1 to 256 bytes */
void rc4_apply(struct rc4 *r, uint8_t *bytes, size_t len);

#endif
