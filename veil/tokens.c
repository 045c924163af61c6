/* veil/tokens.c - NTLM messages, and DER with names and sealed parts in it. */
#include "veil/logins.h"

#include "base/reader.h"
#include "decoders/ntlm.h"

/* ---- NTLM: MS-NLMP section 2.2 ---- */

enum { TYPE_AT = 8, CHALLENGE_AT = 24, CHALLENGE_LEN = 8, MIC_AT = 72, MIC_LEN = 16 };

/* What a field of eight bytes points to. */
enum field_what { FIELD_HOST, FIELD_USER, FIELD_PAIRS, FIELD_PROOF, FIELD_PROOF2 };

static const struct field {
	uint8_t type, at;
	bool oem;                       /* whatever the flags say */
	enum field_what what;
} fields[] = {
	{ 1, 16, true, FIELD_HOST }, { 1, 24, true, FIELD_HOST },
	{ 2, 12, false, FIELD_HOST }, { 2, 40, false, FIELD_PAIRS },
	{ 3, 12, false, FIELD_PROOF }, { 3, 20, false, FIELD_PROOF2 },
	{ 3, 28, false, FIELD_HOST }, { 3, 36, false, FIELD_USER }, { 3, 44, false, FIELD_HOST },
	{ 3, 52, false, FIELD_PROOF },
};

/* Zeros tell that there is nothing: no proof, no bindings. */
static void hide(const struct names *n, uint8_t *at, size_t len)
{
	bool any = false;

	for (size_t i = 0; i < len; i++)
		any |= at[i] > 1;
	if (any)
		names_bytes(n, span_of(at, len), at);
}

static void put_wide(struct names *n, void (*put)(struct names *, struct span, uint8_t *), uint8_t *at,
                     size_t len)
{
	names_utf16(n, put, span_of(at, len), at);
}

/* AV_PAIRs (section 2.2.2.1): flags and times stay. */
static void put_pairs(struct names *n, uint8_t *at, size_t len)
{
	enum { END, NB_COMPUTER, NB_DOMAIN, DNS_COMPUTER, DNS_DOMAIN, DNS_TREE, FLAGS, TIME, SINGLE_HOST,
	       TARGET, BINDINGS };
	struct reader r = reader_on(span_of(at, len));

	while (r.left.len >= 4) {
		unsigned id = reader_le16(&r);
		struct span value = reader_bytes(&r, reader_le16(&r));
		uint8_t *to = at + (value.at - at);

		if (!r.ok || id == END)
			return;
		switch (id) {
		case NB_COMPUTER:
		case NB_DOMAIN:
		case DNS_COMPUTER:
		case DNS_DOMAIN:
		case DNS_TREE:
			put_wide(n, names_host, to, value.len);
			break;
		case TARGET:
			put_wide(n, names_user, to, value.len);
			break;
		case FLAGS:
		case TIME:
			break;
		default:
			hide(n, to, value.len);
			break;
		}
	}
}

/* Section 2.2.2.8: of NTLM 2 a proof, then versions, a time, a challenge and names; of NTLM 1 a proof. */
static void put_proof2(struct names *n, uint8_t *at, size_t len)
{
	enum { PROOF = 16, CHALLENGE = 32, NAMES = 44 };

	if (len < NAMES) {
		hide(n, at, len);
		return;
	}
	hide(n, at, PROOF);
	hide(n, at + CHALLENGE, CHALLENGE_LEN);
	put_pairs(n, at + NAMES, len - NAMES);
}

static void put_name(struct names *n, const struct field *f, bool unicode, uint8_t *at, size_t len)
{
	void (*put)(struct names *, struct span, uint8_t *) = f->what == FIELD_USER ? names_user : names_host;

	if (unicode && !f->oem)
		put_wide(n, put, at, len);
	else
		put(n, span_of(at, len), at);
}

static void put_field(struct names *n, const struct field *f, bool unicode, uint8_t *at, size_t len)
{
	switch (f->what) {
	case FIELD_HOST:
	case FIELD_USER:
		put_name(n, f, unicode, at, len);
		break;
	case FIELD_PAIRS:
		put_pairs(n, at, len);
		break;
	case FIELD_PROOF:
		hide(n, at, len);
		break;
	case FIELD_PROOF2:
		put_proof2(n, at, len);
		break;
	}
}

static bool is_unicode(struct span message, unsigned type)
{
	static const uint8_t flags_at[] = { 0, 12, 20, 60 };
	struct reader r = reader_on(span_skip(message, flags_at[type]));

	return reader_le32(&r) & 1;
}

/* The least offset of a payload: what lies before it and behind the fields is the version and the MIC. */
static size_t put_fields(struct names *n, uint8_t *message, size_t len, unsigned type, bool unicode)
{
	size_t first = len;

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const struct field *f = &fields[i];
		struct reader r = reader_on(span_skip(span_of(message, len), f->at));
		size_t size = reader_le16(&r), offset;

		reader_skip(&r, 2);
		offset = reader_le32(&r);
		if (f->type != type || !r.ok || offset > len || size > len - offset || offset < f->at + 8u)
			continue;
		if (size && offset < first)
			first = offset;
		if (size)
			put_field(n, f, unicode, message + offset, size);
	}
	return first;
}

void ntlm_put(struct names *n, uint8_t *message, size_t len)
{
	struct span all = span_of(message, len);
	struct reader r = reader_on(span_skip(all, TYPE_AT));
	uint32_t type = reader_le32(&r);
	size_t first;

	if (!ntlm_is(all) || !type || type > 3) {
		hide(n, message, len);
		return;
	}
	first = put_fields(n, message, len, type, is_unicode(all, type));
	if (type == 2 && len >= CHALLENGE_AT + CHALLENGE_LEN)
		hide(n, message + CHALLENGE_AT, CHALLENGE_LEN);
	if (type == 3 && first >= MIC_AT + MIC_LEN && len >= MIC_AT + MIC_LEN)
		hide(n, message + MIC_AT, MIC_LEN);
}

/* ---- DER ---- */

enum {
	INTEGER = 0x02, OCTETS = 0x04, OID = 0x06, CONSTRUCTED = 0x20, CLASS = 0xc0,
	DEPTH_MAX = 16, SECRET = 8,     /* octets from which on they are no flags */
};

/* The next element's tag, in *value its contents; false: none that is whole. */
static bool next_element(struct span *from, uint8_t *tag, struct span *value)
{
	struct reader r = reader_on(*from);
	size_t len;

	*tag = reader_u8(&r);
	len = reader_u8(&r);
	if (len & 0x80)
		len = (len & 0x7f) > 4 || len == 0x80 ? SIZE_MAX : (size_t)reader_be(&r, len & 0x7f);
	if (!r.ok || len > r.left.len)
		return false;
	*value = span_take(&r.left, len);
	*from = r.left;
	return true;
}

static void put_der(struct names *n, uint8_t *at, size_t len, unsigned depth);

/* DER, NTLM, or sealed. */
static void put_octets(struct names *n, uint8_t *at, size_t len, unsigned depth)
{
	struct span rest = span_of(at, len), value;
	uint8_t tag;

	if (ntlm_is(rest))
		ntlm_put(n, at, len);
	else if (len && (at[0] & CONSTRUCTED) && next_element(&rest, &tag, &value) && !rest.len)
		put_der(n, at, len, depth + 1);
	else if (len >= SECRET)
		hide(n, at, len);
}

static bool is_text(uint8_t tag)
{
	static const uint8_t texts[] = { 0x0c, 0x13, 0x16, 0x1b };      /* UTF8, Printable, IA5, General */

	return memchr(texts, tag, sizeof texts) != NULL;
}

/* Realms and machines; "service/host@REALM" where a name is told in one piece. */
static void put_text(struct names *n, uint8_t *at, size_t len)
{
	struct span text = span_of(at, len);

	if (span_byte(text, '@') == SIZE_MAX && span_byte(text, '/') == SIZE_MAX)
		names_host(n, text, at);
	else
		names_user(n, text, at);
}

static void put_primitive(struct names *n, uint8_t tag, uint8_t *at, size_t len, unsigned depth)
{
	bool time = tag == 0x17 || tag == 0x18;

	if (is_text(tag))
		put_text(n, at, len);
	else if (tag == OCTETS || (tag & CLASS))
		put_octets(n, at, len, depth);
	else if (tag != OID && !time && len > SECRET)
		hide(n, at, len);
}

static void put_der(struct names *n, uint8_t *at, size_t len, unsigned depth)
{
	struct span rest = span_of(at, len), value;
	uint8_t tag;

	while (rest.len && next_element(&rest, &tag, &value)) {
		uint8_t *to = at + (value.at - at);

		if (!(tag & CONSTRUCTED))
			put_primitive(n, tag, to, value.len, depth);
		else if (depth < DEPTH_MAX)
			put_der(n, to, value.len, depth + 1);
		else
			hide(n, to, value.len);
	}
	if (rest.len)
		hide(n, at + (rest.at - at), rest.len);
}

void token_put(struct names *n, uint8_t *token, size_t len)
{
	if (ntlm_is(span_of(token, len)))
		ntlm_put(n, token, len);
	else if (len && (token[0] & CONSTRUCTED))
		put_der(n, token, len, 0);
	else
		hide(n, token, len);
}
