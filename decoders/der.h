/* decoders/der.h - ASN.1 in DER, element by element (ITU-T X.690 sections 8 and 10).
 *
 * For login tokens, of which a capture often holds the beginning alone: an element that is longer than
 * what is there is given as far as it goes.  Spans point into what was read.
 */
#ifndef DECODERS_DER_H
#define DECODERS_DER_H

#include "base/span.h"

enum der_tag {
	DER_INTEGER = 0x02, DER_BITS = 0x03, DER_OCTETS = 0x04, DER_OID = 0x06, DER_ENUMERATED = 0x0a,
	DER_TIME = 0x18,                /* GeneralizedTime */
	DER_STRING = 0x1b,              /* GeneralString */
	DER_SEQUENCE = 0x30,
	DER_APPLICATION = 0x60,         /* constructed, with the tag's number in the lower five bits */
	DER_CONTEXT = 0xa0,
};

struct der {
	uint8_t tag;
	bool cut;                       /* its end is not here */
	struct span body;
};

/* The element at the front of *in, which then begins behind it.  False: there is none, its length is
 * indefinite or beyond 4 GiB, or its tag takes more than one byte. */
bool der_next(struct span *in, struct der *element);

/* The body of the element with that tag, the first in `in`; { NULL, 0 }: none. */
struct span der_find(struct span in, uint8_t tag);

/* The body of the element at the front, when it has that tag; else { NULL, 0 }. */
struct span der_enter(struct span in, uint8_t tag);

/* The value of [number] EXPLICIT INTEGER or ENUMERATED (`tag`) in the body of a SEQUENCE.  False: none, or it
 * does not fit. */
bool der_number(struct span sequence, uint8_t number, uint8_t tag, int64_t *value);

#endif
