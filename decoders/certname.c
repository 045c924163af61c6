/* decoders/certname.c - code point by code point: a string is read as what its type says. */
#include "decoders/certname.h"

#include <openssl/err.h>

#include "base/reader.h"
#include "base/utf8.h"

enum { REPLACEMENT = 0xfffd, OID_TEXT = 80 };

struct text {
	uint8_t at[CERTNAME_MAX];
	size_t len;
	bool full;
};

static void put(struct text *t, struct span bytes)
{
	t->full = t->full || bytes.len > sizeof t->at - t->len;
	if (t->full)
		return;
	memcpy(t->at + t->len, bytes.at, bytes.len);
	t->len += bytes.len;
}

/* UTF-16, in pairs too: BMPString has none, but is written so. */
static uint32_t take_utf16(struct reader *in)
{
	uint32_t high = reader_be16(in), low;
	struct reader ahead = *in;

	if (high < 0xd800 || high > 0xdbff)
		return high;
	low = reader_be16(&ahead);
	if (!ahead.ok || low < 0xdc00 || low > 0xdfff)
		return REPLACEMENT;
	*in = ahead;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* T61String holds Latin-1 in practice, and whatever is not UTF-8 is taken for that too. */
static uint32_t take_utf8(struct reader *in)
{
	size_t len = utf8_len(in->left);

	return len ? utf8_code(reader_bytes(in, len).at, len) : reader_u8(in);
}

static uint32_t take_code(struct reader *in, int type)
{
	uint32_t code;

	if (type == V_ASN1_BMPSTRING)
		code = take_utf16(in);
	else if (type == V_ASN1_UNIVERSALSTRING)
		code = reader_be32(in);
	else
		code = take_utf8(in);
	return !in->ok || utf8_is_harmful(code) ? REPLACEMENT : code;
}

/* What RFC 4514 section 2.4 has escaped: separators, and blanks and `#` where they would be lost. */
static bool is_escaped(uint32_t code, bool first, bool last)
{
	if (code == ' ')
		return first || last;
	if (code == '#')
		return first;
	return code < 0x80 && span_byte(SPAN(",+\"\\<>;"), (uint8_t)code) != SIZE_MAX;
}

static void put_string(struct text *t, const ASN1_STRING *string, bool escape)
{
	struct span value = span_of(ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string));
	struct reader in = reader_on(value);

	for (bool first = true; in.left.len && !t->full; first = false) {
		uint32_t code = take_code(&in, ASN1_STRING_type(string));
		uint8_t bytes[5] = { '\\' };
		size_t len = utf8_put(code, bytes + 1);
		bool plain = !escape || !is_escaped(code, first, !in.left.len);

		put(t, span_of(bytes + plain, len + !plain));
	}
}

static void put_entry(struct text *t, const X509_NAME_ENTRY *entry)
{
	const ASN1_OBJECT *kind = X509_NAME_ENTRY_get_object(entry);
	int nid = OBJ_obj2nid(kind);
	char oid[OID_TEXT];

	if (nid != NID_undef)
		put(t, span_text(OBJ_nid2sn(nid)));
	else if (OBJ_obj2txt(oid, sizeof oid, kind, 1) > 0)
		put(t, span_text(oid));
	put(t, SPAN("="));
	put_string(t, X509_NAME_ENTRY_get_data(entry), true);
}

struct span certname_text(const X509_NAME *name, struct arena *arena)
{
	struct text t;
	int set = -1;

	t.len = 0;
	t.full = false;
	for (int i = X509_NAME_entry_count(name); i-- > 0 && !t.full;) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);

		if (set != -1)
			put(&t, X509_NAME_ENTRY_set(entry) == set ? SPAN(" + ") : SPAN(", "));
		set = X509_NAME_ENTRY_set(entry);
		put_entry(&t, entry);
	}
	return arena_copy(arena, span_of(t.at, t.len));
}

struct span certname_text_of(struct span der, struct arena *arena)
{
	const unsigned char *at = der.at;
	X509_NAME *name = der.len ? d2i_X509_NAME(NULL, &at, (long)der.len) : NULL;
	struct span text = { NULL, 0 };

	if (name)
		text = certname_text(name, arena);
	X509_NAME_free(name);
	ERR_clear_error();
	return text;
}

struct span certname_last(const X509_NAME *name, int nid, struct arena *arena)
{
	for (int i = X509_NAME_entry_count(name); i-- > 0;) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);

		if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) == nid)
			return certname_string(X509_NAME_ENTRY_get_data(entry), arena);
	}
	return arena_copy(arena, SPAN(""));
}

struct span certname_string(const ASN1_STRING *string, struct arena *arena)
{
	struct text t;

	t.len = 0;
	t.full = false;
	put_string(&t, string, false);
	return arena_copy(arena, span_of(t.at, t.len));
}
