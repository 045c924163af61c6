/* base/reader.h - a checked cursor over a span.
 *
 * Reading past the end yields zeros and empty spans and turns `ok` false for
 * good, so a parser reads a whole structure and asks once.  A length inside
 * the data makes a sub-reader, which cannot see beyond its own end.
 */
#ifndef BASE_READER_H
#define BASE_READER_H

#include "base/span.h"

struct reader {
	struct span left;
	bool ok;
};

static inline struct reader reader_on(struct span bytes)
{
	return (struct reader){ bytes, true };
}

static inline struct span reader_bytes(struct reader *r, size_t len)
{
	if (r->left.len < len) {
		r->ok = false;
		r->left.len = 0;
		return (struct span){ r->left.at, 0 };
	}
	return span_take(&r->left, len);
}

static inline void reader_skip(struct reader *r, size_t len)
{
	(void)reader_bytes(r, len);
}

static inline struct reader reader_sub(struct reader *r, size_t len)
{
	struct span part = reader_bytes(r, len);

	return (struct reader){ part, r->ok };
}

/* Unsigned integers, most significant byte first (be) or last (le). */
static inline uint64_t reader_be(struct reader *r, size_t width)
{
	struct span b = reader_bytes(r, width);
	uint64_t value = 0;

	for (size_t i = 0; i < b.len; i++)
		value = value << 8 | b.at[i];
	return value;
}

static inline uint64_t reader_le(struct reader *r, size_t width)
{
	struct span b = reader_bytes(r, width);
	uint64_t value = 0;

	for (size_t i = b.len; i > 0; i--)
		value = value << 8 | b.at[i - 1];
	return value;
}

static inline uint8_t reader_u8(struct reader *r)     { return (uint8_t)reader_be(r, 1); }
static inline uint16_t reader_be16(struct reader *r)  { return (uint16_t)reader_be(r, 2); }
static inline uint32_t reader_be24(struct reader *r)  { return (uint32_t)reader_be(r, 3); }
static inline uint32_t reader_be32(struct reader *r)  { return (uint32_t)reader_be(r, 4); }
static inline uint64_t reader_be64(struct reader *r)  { return reader_be(r, 8); }
static inline uint16_t reader_le16(struct reader *r)  { return (uint16_t)reader_le(r, 2); }
static inline uint32_t reader_le32(struct reader *r)  { return (uint32_t)reader_le(r, 4); }
static inline uint64_t reader_le64(struct reader *r)  { return reader_le(r, 8); }

#endif
