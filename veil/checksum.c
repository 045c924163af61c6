/* veil/checksum.c - HC' = ~(~HC + ~m + m') (RFC 1624 section 3). */
#include "veil/checksum.h"

static uint32_t word(const uint8_t *at, size_t len)
{
	return (uint32_t)at[0] << 8 | (len > 1 ? at[1] : 0u);
}

void change_add(struct change *c, const uint8_t *old, const uint8_t *new, size_t len)
{
	for (size_t i = 0; i < len; i += 2) {
		uint32_t m = word(old + i, len - i), next = word(new + i, len - i);

		if (m == next)
			continue;
		c->sum += (~m & 0xffff) + next;
		c->any = true;
	}
}

void change_apply(const struct change *c, uint8_t *checksum, bool zero_is_none)
{
	uint64_t sum = word(checksum, 2);

	if (!c->any || (zero_is_none && !sum))
		return;
	sum = (~sum & 0xffff) + c->sum;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum & 0xffff;
	if (zero_is_none && !sum)
		sum = 0xffff;
	checksum[0] = (uint8_t)(sum >> 8);
	checksum[1] = (uint8_t)sum;
}
