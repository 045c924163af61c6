/* decoders/xpress.c - plain LZ77, [MS-XCA] section 2.4.4. */
#include "decoders/xpress.h"

#include "base/reader.h"

enum { FLAGS = 32, LENGTH_MIN = 3, LENGTH_IN_TOKEN = 7, LENGTH_IN_NIBBLE = 15, LENGTH_IN_BYTE = 255 };

struct decoder {
	struct reader in;
	uint8_t *out;
	size_t len, done;       /* bytes due, bytes there */
	uint8_t nibbles;        /* the byte whose high nibble waits ... */
	bool nibble_waits;      /* ... for the next long match */
};

static unsigned next_nibble(struct decoder *d)
{
	d->nibble_waits = !d->nibble_waits;
	if (!d->nibble_waits)
		return d->nibbles >> 4;
	d->nibbles = reader_u8(&d->in);
	return d->nibbles & 15;
}

/* Each field that is full says that the next one continues it; the 16 and 32 bit ones replace. */
static size_t match_length(struct decoder *d, unsigned token)
{
	size_t length = token & LENGTH_IN_TOKEN;
	unsigned more;

	if (length < LENGTH_IN_TOKEN)
		return length + LENGTH_MIN;
	more = next_nibble(d);
	length += more;
	if (more < LENGTH_IN_NIBBLE)
		return length + LENGTH_MIN;
	more = reader_u8(&d->in);
	length += more;
	if (more < LENGTH_IN_BYTE)
		return length + LENGTH_MIN;
	length = reader_le16(&d->in);
	if (!length)
		length = reader_le32(&d->in);
	return length + LENGTH_MIN;
}

static bool copy_match(struct decoder *d)
{
	unsigned token = reader_le16(&d->in);
	size_t distance = (token >> 3) + 1;
	size_t length = match_length(d, token);
	uint8_t *to = d->out + d->done;
	const uint8_t *from;

	if (!d->in.ok || distance > d->done || length > d->len - d->done)
		return false;
	d->done += length;
	from = to - distance;
	if (distance >= length) {
		memcpy(to, from, length);
		return true;
	}
	for (size_t i = 0; i < length; i++)     /* it may overlap what it copies: a run */
		to[i] = from[i];
	return true;
}

bool xpress_block(struct span data, uint8_t *out, size_t len)
{
	struct decoder d = { .in = reader_on(data), .out = out, .len = len };
	uint32_t flags = 0;
	unsigned left = 0;

	while (d.done < len) {
		if (!left) {
			flags = reader_le32(&d.in);
			left = FLAGS;
		}
		if (!d.in.left.len)
			return false;
		if (!(flags >> 31))
			out[d.done++] = reader_u8(&d.in);
		else if (!copy_match(&d))
			return false;
		flags <<= 1;
		left--;
	}
	return d.in.ok;
}
