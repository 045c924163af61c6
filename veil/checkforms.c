/* veil/checkforms.c - a value written in every way. */
#include "veil/checkforms.h"

#include <stdio.h>

enum { VALUE = 96, TEXT = 4 * VALUE };  /* of longer ones the beginning is looked for */

static const char digits[] = "0123456789abcdef";

static void tell(const struct checkforms_heard *to, enum check_form form, bool folded, const void *at,
                 size_t len)
{
	to->form(to->self, form, folded, span_of(at, len));
}

static size_t hex_of(struct span value, uint8_t *to)
{
	for (size_t i = 0; i < value.len; i++) {
		to[2 * i] = (uint8_t)digits[value.at[i] >> 4];
		to[2 * i + 1] = (uint8_t)digits[value.at[i] & 15];
	}
	return 2 * value.len;
}

static size_t wide_of(struct span value, bool big, uint8_t *to)
{
	for (size_t i = 0; i < value.len; i++) {
		to[2 * i + big] = value.at[i];
		to[2 * i + !big] = 0;
	}
	return 2 * value.len;
}

/* RFC 4648 section 4, of bytes that begin `shift` bytes into a group of three: the letters that depend on
 * them alone. */
static size_t base64_of(struct span value, unsigned shift, uint8_t *to)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	static const unsigned skipped[] = { 0, 2, 3 };
	size_t bits = 8 * (shift + value.len), len = 0;

	for (size_t bit = 6 * (size_t)skipped[shift]; bit + 6 <= bits; bit += 6) {
		unsigned letter = 0;

		for (size_t b = bit; b < bit + 6; b++) {
			size_t byte = b / 8 - shift;

			letter = letter << 1 | (value.at[byte] >> (7 - b % 8) & 1);
		}
		to[len++] = (uint8_t)letters[letter];
	}
	return len;
}

static void tell_base64(struct span value, const struct checkforms_heard *to)
{
	uint8_t text[TEXT];

	for (unsigned shift = 0; shift < 3; shift++)
		tell(to, CHECK_BASE64, false, text, base64_of(value, shift, text));
}

static bool is_plain(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || strchr("-._~", c);
}

static size_t percent_of(struct span value, uint8_t *to)
{
	size_t len = 0;

	for (size_t i = 0; i < value.len; i++) {
		if (is_plain(value.at[i])) {
			to[len++] = value.at[i];
			continue;
		}
		to[len++] = '%';
		len += hex_of(span_of(value.at + i, 1), to + len);
	}
	return len;
}

static size_t entities_of(struct span value, uint8_t *to)
{
	static const struct {
		uint8_t byte;
		struct span entity;
	} rows[] = {
		{ '&', SPAN_LIT("&amp;") }, { '<', SPAN_LIT("&lt;") }, { '>', SPAN_LIT("&gt;") },
		{ '"', SPAN_LIT("&quot;") }, { '\'', SPAN_LIT("&#39;") },
	};
	size_t len = 0;

	for (size_t i = 0; i < value.len && len + 8 < TEXT; i++) {
		struct span piece = span_of(value.at + i, 1);

		for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
			if (rows[k].byte == value.at[i])
				piece = rows[k].entity;
		memcpy(to + len, piece.at, piece.len);
		len += piece.len;
	}
	return len;
}

/* RFC 1001 section 14.1: halves of a byte as letters, of names in upper case. */
static size_t netbios_of(struct span upper, uint8_t *to)
{
	for (size_t i = 0; i < upper.len; i++) {
		to[2 * i] = (uint8_t)('a' + (upper.at[i] >> 4));
		to[2 * i + 1] = (uint8_t)('a' + (upper.at[i] & 15));
	}
	return 2 * upper.len;
}

static void text_forms(struct span value, const struct checkforms_heard *to)
{
	uint8_t text[TEXT], upper[VALUE], wide[2 * VALUE];
	size_t len;

	for (size_t i = 0; i < value.len; i++)
		upper[i] = value.at[i] >= 'a' && value.at[i] <= 'z' ? value.at[i] & 0xdf : value.at[i];
	tell(to, CHECK_PLAIN, true, value.at, value.len);
	tell(to, CHECK_WIDE, true, text, wide_of(value, false, text));
	tell(to, CHECK_WIDE_BE, true, text, wide_of(value, true, text));
	for (unsigned i = 0; i < 2; i++) {
		struct span written = i ? span_of(upper, value.len) : value;

		tell(to, CHECK_HEX, true, text, hex_of(written, text));
		tell_base64(written, to);
		len = wide_of(written, false, wide);
		tell_base64(span_of(wide, len), to);
	}
	len = percent_of(value, text);
	if (len != value.len)
		tell(to, CHECK_PERCENT, true, text, len);
	len = entities_of(value, text);
	if (len != value.len)
		tell(to, CHECK_ENTITY, true, text, len);
	if (value.len < 16)
		tell(to, CHECK_NETBIOS, true, text, netbios_of(span_of(upper, value.len), text));
}

/* As Windows lays it out: three numbers with their last byte first. */
static void guid_forms(struct span value, const struct checkforms_heard *to)
{
	static const uint8_t order[] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	uint8_t number[16] = { 0 }, bytes[16];
	size_t have = 0;

	for (size_t i = 0; i < value.len && have < 32; i++) {
		uint64_t nibble;

		if (!span_hex(span_of(value.at + i, 1), &nibble))
			continue;
		number[have / 2] = (uint8_t)((unsigned)number[have / 2] << 4 | (unsigned)nibble);
		have++;
	}
	for (size_t i = 0; i < sizeof order; i++)
		bytes[i] = number[order[i]];
	if (have == 32)
		tell(to, CHECK_BYTES, false, bytes, sizeof bytes);
}

/* "02:00:00:00:00:01" stands in any header: numbers are mostly zeros. */
static bool is_sparse(struct span mac)
{
	enum { ZEROS = 3 };
	unsigned zeros = 0;

	for (size_t i = 0; i < mac.len; i++)
		zeros += !mac.at[i];
	return zeros >= ZEROS;
}

static void mac_forms(struct span mac, const struct checkforms_heard *to)
{
	static const char between[] = { ':', '-' };
	char text[18];

	if (!is_sparse(mac))
		tell(to, CHECK_BYTES, false, mac.at, mac.len);
	for (size_t i = 0; i < sizeof between; i++) {
		char c = between[i];

		snprintf(text, sizeof text, "%02x%c%02x%c%02x%c%02x%c%02x%c%02x", mac.at[0], c, mac.at[1], c,
		         mac.at[2], c, mac.at[3], c, mac.at[4], c, mac.at[5]);
		tell(to, CHECK_PLAIN, true, text, sizeof text - 1);
	}
}

static void address_forms(struct span bytes, const struct checkforms_heard *to)
{
	char text[ADDR_TEXT];
	struct addr a;
	struct span written;
	uint8_t wide[2 * ADDR_TEXT];

	memcpy(a.bytes, bytes.at, sizeof a.bytes);
	written = span_text(addr_text(&a, text));
	tell(to, CHECK_PLAIN, true, written.at, written.len);
	tell(to, CHECK_WIDE, true, wide, wide_of(written, false, wide));
	if (span_byte(written, ':') != SIZE_MAX)
		tell(to, CHECK_BYTES, false, bytes.at, bytes.len);
}

void checkforms_of(const struct name *name, const struct checkforms_heard *to)
{
	struct span value = name->value;

	if (value.len > VALUE)
		value.len = VALUE;
	if (name->kind == NAME_ADDRESS && value.len == sizeof(struct addr)) {
		address_forms(value, to);
	} else if (name->kind == NAME_MAC && value.len == 6) {
		mac_forms(value, to);
	} else if (name->kind != NAME_ADDRESS && name->kind != NAME_MAC) {
		text_forms(value, to);
		if (name->kind == NAME_GUID)
			guid_forms(value, to);
	}
}
