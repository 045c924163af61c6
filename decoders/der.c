/* decoders/der.c - tag, length, body. */
#include "decoders/der.h"

#include "base/reader.h"

enum { LONG_TAG = 0x1f, LONG_LENGTH = 0x80, LENGTH_BYTES_MAX = 4 };

/* X.690 section 8.1.3: one byte, or how many bytes follow that are the length. */
static bool read_length(struct reader *r, uint64_t *len)
{
	uint8_t first = reader_u8(r);

	*len = first;
	if (first < LONG_LENGTH)
		return r->ok;
	first &= (uint8_t)~LONG_LENGTH;
	if (!first || first > LENGTH_BYTES_MAX)
		return false;
	*len = reader_be(r, first);
	return r->ok;
}

bool der_next(struct span *in, struct der *element)
{
	struct reader r = reader_on(*in);
	uint64_t len;

	element->tag = reader_u8(&r);
	if ((element->tag & LONG_TAG) == LONG_TAG || !read_length(&r, &len)) {
		in->len = 0;
		return false;
	}
	element->cut = len > r.left.len;
	element->body = reader_bytes(&r, element->cut ? r.left.len : (size_t)len);
	*in = r.left;
	return true;
}

struct span der_find(struct span in, uint8_t tag)
{
	struct der element;

	while (in.len && der_next(&in, &element))
		if (element.tag == tag)
			return element.body;
	return (struct span){ NULL, 0 };
}

struct span der_enter(struct span in, uint8_t tag)
{
	struct der element;

	if (in.len && der_next(&in, &element) && element.tag == tag)
		return element.body;
	return (struct span){ NULL, 0 };
}

bool der_number(struct span sequence, uint8_t number, uint8_t tag, int64_t *value)
{
	struct span bytes = der_enter(der_find(sequence, DER_CONTEXT + number), tag);
	uint64_t bits;

	if (!bytes.len || bytes.len > sizeof bits)
		return false;
	bits = bytes.at[0] & 0x80 ? UINT64_MAX : 0;     /* two's complement, X.690 section 8.3 */
	for (size_t i = 0; i < bytes.len; i++)
		bits = bits << 8 | bytes.at[i];
	memcpy(value, &bits, sizeof bits);
	return true;
}
