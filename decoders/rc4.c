/* decoders/rc4.c - key schedule and key stream. */
#include "decoders/rc4.h"

static void swap(uint8_t *a, uint8_t *b)
{
	uint8_t was = *a;

	*a = *b;
	*b = was;
}

void rc4_init(struct rc4 *r, struct span key)
{
	uint8_t j = 0;

	r->i = r->j = 0;
	for (size_t i = 0; i < sizeof r->box; i++)
		r->box[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof r->box; i++) {
		j = (uint8_t)(j + r->box[i] + key.at[i % key.len]);
		swap(&r->box[i], &r->box[j]);
	}
}

void rc4_apply(struct rc4 *r, uint8_t *bytes, size_t len)
{
	uint8_t i = r->i, j = r->j;

	for (size_t at = 0; at < len; at++) {
		j = (uint8_t)(j + r->box[++i]);
		swap(&r->box[i], &r->box[j]);
		bytes[at] ^= r->box[(uint8_t)(r->box[i] + r->box[j])];
	}
	r->i = i;
	r->j = j;
}
