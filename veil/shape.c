/* veil/shape.c - letters for letters, digits for digits, and what a form demands. */
#include "veil/shape.h"

#include "veil/addresses.h"
#include "veil/words.h"

bool shape_folds(enum name_kind kind)
{
	return kind == NAME_WORD || kind == NAME_HEX || kind == NAME_GUID || kind == NAME_SID;
}

static bool is_upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Words for roles stay inside a label: "wsus01" is some other "wsus01". */
static void draw_word(struct draw *d, struct span value, uint8_t *to)
{
	bool begins = true;

	while (value.len) {
		size_t role = begins ? words_role(value) : 0;

		begins = !is_letter(value.at[0]);
		if (role) {
			memcpy(to, value.at, role);
			value = span_skip(value, role);
		} else {
			role = draw_character(d, &value, to);
		}
		to += role;
	}
}

static void draw_token(struct draw *d, struct span value, uint8_t *to)
{
	while (value.len)
		to += draw_character(d, &value, to);
}

/* What is digits alone stays so: many a serial number is read as a decimal one. */
static void draw_hex(struct draw *d, struct span value, uint8_t *to)
{
	bool letters = false;

	for (size_t i = 0; i < value.len; i++)
		letters |= is_letter(value.at[i]);
	for (size_t i = 0; i < value.len; i++)
		if (letters)
			to[i] = draw_nibble(d, value.at[i]);
		else
			to[i] = is_digit(value.at[i]) ? (uint8_t)('0' + draw_below(d, 10)) : value.at[i];
}

/* Version and variant (RFC 9562 section 4) stand in fixed places of a GUID's text. */
static void draw_guid(struct draw *d, struct span value, uint8_t *to)
{
	enum { VERSION_AT = 14, VARIANT_AT = 19 };
	size_t brace = value.len && value.at[0] == '{';

	for (size_t i = 0; i < value.len; i++) {
		to[i] = draw_nibble(d, value.at[i]);
		if (i == brace + VERSION_AT || i == brace + VARIANT_AT)
			to[i] = value.at[i];
	}
}

/* "S-1-5-21-A-B-C-RID": A, B and C name the domain; a RID below 1000 is everybody's (MS-DTYP section
 * 2.4.2.4). Numbers have 32 bits, so of ten digits the first stays. */
static void draw_sid(struct draw *d, struct span value, uint8_t *to)
{
	enum { FIRST = 4, LAST = 7, LONG = 10 };
	unsigned part = 0;
	size_t i = 0;

	while (i < value.len) {
		size_t len = 0;

		while (i + len < value.len && value.at[i + len] != '-')
			len++;
		for (size_t k = 0; k < len; k++) {
			uint8_t c = value.at[i + k];
			bool stays = part < FIRST || (part >= LAST && len < 4) || !is_digit(c);

			if (!stays && !(len == LONG && !k))
				c = (uint8_t)(k ? '0' + draw_below(d, 10) : '1' + draw_below(d, 9));
			to[i + k] = c;
		}
		i += len;
		if (i < value.len)
			to[i++] = '-';
		part++;
	}
}

static void draw_address(const uint8_t key[static DRAW_KEY], struct span value, uint32_t attempt, uint8_t *to)
{
	struct addr a;

	memcpy(a.bytes, value.at, sizeof a.bytes);
	a = address_draw(key, attempt, &a);
	memcpy(to, a.bytes, sizeof a.bytes);
}

void shape_draw(const uint8_t key[static DRAW_KEY], enum name_kind kind, struct span value, uint32_t attempt,
                uint8_t *to)
{
	static const enum draw_purpose purposes[NAME_KIND_COUNT] = {
		[NAME_WORD] = DRAW_WORD, [NAME_TOKEN] = DRAW_TOKEN, [NAME_HEX] = DRAW_HEX,
		[NAME_GUID] = DRAW_GUID, [NAME_SID] = DRAW_SID,
	};
	struct draw d;

	if (kind != NAME_ADDRESS && kind != NAME_MAC)
		draw_begin(&d, key, purposes[kind], attempt, value);
	switch (kind) {
	case NAME_WORD:    draw_word(&d, value, to); break;
	case NAME_TOKEN:   draw_token(&d, value, to); break;
	case NAME_HEX:     draw_hex(&d, value, to); break;
	case NAME_GUID:    draw_guid(&d, value, to); break;
	case NAME_SID:     draw_sid(&d, value, to); break;
	case NAME_ADDRESS: draw_address(key, value, attempt, to); break;
	case NAME_MAC:     mac_draw(key, attempt, value.at, to); break;
	case NAME_KIND_COUNT: break;
	}
}

/* A hash is in upper case when it has letters, and all are. */
static bool is_all_upper(struct span value)
{
	bool upper = false;

	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] >= 'a' && value.at[i] <= 'z')
			return false;
		upper |= is_upper(value.at[i]);
	}
	return upper;
}

void shape_case(enum name_kind kind, struct span value, struct span pseudonym, uint8_t *to)
{
	bool all = kind != NAME_WORD && is_all_upper(value);

	for (size_t i = 0; i < value.len; i++) {
		uint8_t c = pseudonym.at[i];
		bool upper = shape_folds(kind) && (all || (kind == NAME_WORD && is_upper(value.at[i])));

		to[i] = upper && c >= 'a' && c <= 'z' ? (uint8_t)(c & ~0x20) : c;
	}
}
