/* decoders/link_wifi.c - IEEE 802.11 data frames, and the headers that monitoring cards put before them. */
#include "decoders/peel_walk.h"

enum {
	TYPE_DATA = 0x08, TYPE_MASK = 0x0c,     /* first byte of frame control */
	SUBTYPE_QOS = 0x80, SUBTYPE_NO_DATA = 0x40,
	TO_DS = 0x01, FROM_DS = 0x02, PROTECTED = 0x40, HTC = 0x80,     /* second byte */
	RADIOTAP_PAD = 0x20,
	AMSDU = 0x80,                           /* first byte of QoS control */
};

static unsigned le16(const uint8_t *at)
{
	return (unsigned)at[1] << 8 | at[0];
}

static uint32_t le32(const uint8_t *at)
{
	return (uint32_t)le16(at + 2) << 16 | le16(at);
}

static bool is_snap(struct span bytes)
{
	return span_starts(bytes, SPAN("\xaa\xaa\x03"));
}

static size_t header_len(const uint8_t *control)
{
	size_t len = 24;

	if ((control[1] & (TO_DS | FROM_DS)) == (TO_DS | FROM_DS))
		len += 6;                       /* address 4 */
	if (control[0] & SUBTYPE_QOS)
		len += control[1] & HTC ? 6 : 2;
	return len;
}

/* Section 9.2 of IEEE 802.11-2020.  `padded`: the card aligned the header to four bytes. */
static enum walk_step data_frame(struct walk *w, bool padded)
{
	const uint8_t *h = w->left.at;
	size_t len;
	bool several;

	if (w->left.len < 24)
		return walk_short(w);
	if ((h[0] & TYPE_MASK) != TYPE_DATA || h[0] & SUBTYPE_NO_DATA)
		return WALK_OTHER;
	if (h[22] & 15)                         /* a later fragment of a frame: no header of ours */
		return WALK_OTHER;
	len = header_len(h);
	h = walk_take(w, padded ? (len + 3) / 4 * 4 : len);
	if (!h)
		return walk_short(w);
	several = h[0] & SUBTYPE_QOS && h[header_len(h) - (h[1] & HTC ? 6 : 2)] & AMSDU;
	/* The bit outlives the encryption when a driver decrypts, so the payload decides. */
	if (h[1] & PROTECTED && !is_snap(w->left) && !(several && is_snap(span_skip(w->left, 14))))
		return WALK_PROTECTED;
	if (!several)
		return WALK_LLC;
	h = walk_take(w, 14);                   /* the first of an A-MSDU: addresses, length */
	if (!h)
		return walk_short(w);
	if (be16(h + 12) < w->len)
		walk_limit(w, be16(h + 12));
	return WALK_LLC;
}

enum walk_step link_wifi(struct walk *w)
{
	return data_frame(w, false);
}

/* Fields follow in the order of the presence bits, aligned to their size: of bits 0 (a 64-bit clock)
 * and 1 (flags) only the second matters. https://www.radiotap.org/ */
static bool radiotap_pads(const uint8_t *h, size_t len)
{
	size_t at = 4;
	uint32_t present = le32(h + 4);

	do
		at += 4;
	while (at + 4 <= len && le32(h + at - 4) >> 31);
	if (present & 1)
		at = (at + 7) / 8 * 8 + 8;
	return present & 2 && at < len && h[at] & RADIOTAP_PAD;
}

enum walk_step link_radiotap(struct walk *w)
{
	const uint8_t *h = w->left.at;
	size_t len;

	if (w->left.len < 8)
		return walk_short(w);
	len = le16(h + 2);
	if (h[0] != 0 || len < 8)
		return WALK_MALFORMED;
	if (!walk_take(w, len))
		return walk_short(w);
	return data_frame(w, radiotap_pads(h, len));
}

/* Its length is in the byte order of the card's host; some drivers write AVS under this link type. */
enum walk_step link_prism(struct walk *w)
{
	const uint8_t *h = w->left.at;
	uint32_t len;

	if (w->left.len < 8)
		return walk_short(w);
	if (be24(h) == 0x802110)
		return WALK_AVS;
	len = be16(h + 4) ? le32(h + 4) : be32(h + 4);
	if (len < 8 || len > w->len)
		return WALK_MALFORMED;
	return walk_take(w, len) ? WALK_WIFI : walk_short(w);
}

enum walk_step link_avs(struct walk *w)
{
	const uint8_t *h = w->left.at;
	uint32_t len;

	if (w->left.len < 8)
		return walk_short(w);
	len = be32(h + 4);
	if (be24(h) != 0x802110 || len < 8 || len > w->len)
		return WALK_MALFORMED;
	return walk_take(w, len) ? WALK_WIFI : walk_short(w);
}

/* Per-Packet Information: a length and the link type of what follows. */
enum walk_step link_ppi(struct walk *w)
{
	const uint8_t *h = w->left.at;
	uint32_t type;
	size_t len;

	if (w->left.len < 8)
		return walk_short(w);
	len = le16(h + 2);
	type = le32(h + 4);
	if (h[0] != 0 || len < 8)
		return WALK_MALFORMED;
	if (!walk_take(w, len))
		return walk_short(w);
	return type <= UINT16_MAX ? link_first((uint16_t)type) : WALK_UNKNOWN_LINK;
}
