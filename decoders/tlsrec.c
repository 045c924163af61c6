/* decoders/tlsrec.c - five bytes of header, then a fragment, and again. */
#include "decoders/tlsrec.h"

#include <stdlib.h>

enum { HEADER_LEN = 5 };

struct tlsrec {
	enum { IN_HEADER, IN_FRAGMENT, SEEKING, LOST } state;
	bool guessed;                   /* in step by a guess: a bad header only ends the guess */
	uint64_t offset;                /* of the next byte */
	size_t have;                    /* bytes of header[] that are in */
	size_t left;                    /* bytes of the fragment still to come */
	uint8_t header[HEADER_LEN];
};

struct tlsrec *tlsrec_new(void)
{
	return calloc(1, sizeof(struct tlsrec));
}

void tlsrec_free(struct tlsrec *dec)
{
	free(dec);
}

const char *tlsrec_type_name(unsigned type)
{
#define X(symbol, value, name) case value: return name;
	switch (type) {
		TLSREC_TYPES(X)
	default: return NULL;
	}
#undef X
}

const char *tlsrec_anomaly_text(enum tlsrec_anomaly what)
{
#define X(symbol, text) [TLSREC_##symbol] = text,
	static const char *const texts[] = { TLSREC_ANOMALIES(X) };
#undef X
	return texts[what];
}

static struct span take(struct tlsrec *dec, struct span *in, size_t len)
{
	struct span taken = span_take(in, len);

	dec->offset += taken.len;
	return taken;
}

static bool lose(struct tlsrec *dec, enum tlsrec_anomaly what, struct tlsrec_event *ev)
{
	if (dec->guessed) {
		tlsrec_seek(dec);
		return false;
	}
	dec->state = LOST;
	ev->kind = TLSREC_ANOMALY;
	ev->anomaly = what;
	return true;
}

static bool in_header(struct tlsrec *dec, struct span *in, struct tlsrec_event *ev)
{
	const uint8_t *h = dec->header;
	struct span got = take(dec, in, HEADER_LEN - dec->have);

	memcpy(dec->header + dec->have, got.at, got.len);
	dec->have += got.len;
	if (dec->have < HEADER_LEN)
		return false;

	dec->have = 0;
	dec->left = (size_t)(h[3] << 8 | h[4]);
	ev->offset = dec->offset - HEADER_LEN;
	if (!tlsrec_type_name(h[0]) || h[1] != 3)
		return lose(dec, TLSREC_NOT_TLS, ev);
	if (dec->left > TLSREC_LENGTH_MAX)
		return lose(dec, TLSREC_TOO_LONG, ev);

	ev->kind = TLSREC_HEADER;
	ev->header.type = h[0];
	ev->header.version = (uint16_t)(h[1] << 8 | h[2]);
	ev->header.length = (uint16_t)dec->left;
	dec->state = dec->left ? IN_FRAGMENT : IN_HEADER;
	return true;
}

static bool in_fragment(struct tlsrec *dec, struct span *in, struct tlsrec_event *ev)
{
	ev->kind = TLSREC_FRAGMENT;
	ev->offset = dec->offset;
	ev->fragment = take(dec, in, dec->left);
	dec->left -= ev->fragment.len;
	if (!dec->left)
		dec->state = IN_HEADER;
	return true;
}

/* A header, or its beginning; a middle of ciphertext would show a whole one once in three million
 * times. */
static bool may_begin_record(struct span header)
{
	const uint8_t *h = header.at;
	size_t length;

	if (!tlsrec_type_name(h[0]) || (header.len > 1 && h[1] != 3) || (header.len > 2 && h[2] > 4))
		return false;
	if (header.len < HEADER_LEN)
		return true;
	length = (size_t)(h[3] << 8 | h[4]);
	return length > 0 && length <= TLSREC_LENGTH_MAX;
}

/* A sender writes a record at a time, so one begins where a piece of the stream does; a piece that is
 * shorter than a header waits for the next. */
static bool seek(struct tlsrec *dec, struct span *in, struct tlsrec_event *ev)
{
	for (;;) {
		struct span left = *in, more = span_take(&left, HEADER_LEN - dec->have);
		size_t have = dec->have + more.len;

		memcpy(dec->header + dec->have, more.at, more.len);
		if (may_begin_record(span_of(dec->header, have))) {
			if (have == HEADER_LEN)
				dec->state = IN_HEADER;
			return in_header(dec, in, ev);
		}
		if (!dec->have)
			return false;
		dec->have = 0;          /* what waited was none; this piece may be one by itself */
	}
}

bool tlsrec_next(struct tlsrec *dec, struct span *in, struct tlsrec_event *ev)
{
	if (!in->len)
		return false;
	switch (dec->state) {
	case IN_FRAGMENT: return in_fragment(dec, in, ev);
	case IN_HEADER:
		if (in_header(dec, in, ev))
			return true;
		break;
	case SEEKING:
		if (seek(dec, in, ev))
			return true;
		break;
	case LOST: break;
	}
	take(dec, in, in->len);
	return false;
}

bool tlsrec_end(struct tlsrec *dec, struct tlsrec_event *ev)
{
	bool inside = dec->state == IN_FRAGMENT || (dec->state == IN_HEADER && dec->have);

	if (!inside)
		return false;
	dec->state = LOST;
	ev->kind = TLSREC_ANOMALY;
	ev->offset = dec->offset;
	ev->anomaly = TLSREC_CUT_SHORT;
	return true;
}

size_t tlsrec_left(const struct tlsrec *dec)
{
	switch (dec->state) {
	case IN_FRAGMENT: return dec->left;
	case LOST:        return SIZE_MAX;
	case IN_HEADER:
	case SEEKING:     break;
	}
	return 0;
}

void tlsrec_seek(struct tlsrec *dec)
{
	dec->state = SEEKING;
	dec->guessed = true;
	dec->have = 0;
	dec->left = 0;
}

void tlsrec_hole(struct tlsrec *dec, uint64_t len)
{
	dec->offset += len;
	if (dec->state == LOST)
		return;
	if (dec->state != IN_FRAGMENT || len > dec->left) {
		tlsrec_seek(dec);
		return;
	}
	dec->left -= (size_t)len;
	if (!dec->left)
		dec->state = IN_HEADER;
}
