/* decoders/certname.c - RFC 5280 section 4.1.2.4 as templates; a string is read as what its type says.
 *
 * Not by X509_NAME: that refuses the whole name, and with it the certificate, for one character that is none.
 */
#include "decoders/certname.h"

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "base/utf8.h"

enum { REPLACEMENT = 0xfffd, OID_TEXT = 80 };

static const ASN1_ITEM *certname_set_it(void)
{
	static const ASN1_TEMPLATE part =
		ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SET_OF, 0, attributes, X509_NAME_ENTRY);
	static const ASN1_ITEM item = { ASN1_ITYPE_PRIMITIVE, -1, &part, 0, NULL, 0, "certname_set" };

	return &item;
}

static const ASN1_ITEM *certname_it(void)
{
	static const ASN1_TEMPLATE part = ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SEQUENCE_OF, 0, sets, certname_set);
	static const ASN1_ITEM item = { ASN1_ITYPE_PRIMITIVE, -1, &part, 0, NULL, 0, "certname" };

	return &item;
}

bool certname_read(struct certname *name, struct span der)
{
	const unsigned char *at = der.at;

	name->sets = NULL;
	if (der.len)
		name->sets = (void *)ASN1_item_d2i(NULL, &at, (long)der.len, ASN1_ITEM_rptr(certname));
	ERR_clear_error();
	return name->sets;
}

void certname_release(struct certname *name)
{
	ASN1_item_free((void *)name->sets, ASN1_ITEM_rptr(certname));
}

struct text {
	uint8_t at[CERTNAME_MAX];
	size_t len;
	bool full;
};

static void put(struct text *t, struct span bytes)
{
	t->full = t->full || bytes.len > sizeof t->at - t->len;
	if (t->full || !bytes.len)
		return;
	memcpy(t->at + t->len, bytes.at, bytes.len);
	t->len += bytes.len;
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

	if (type == V_ASN1_BMPSTRING)           /* it has no pairs, but is written so */
		code = utf16_take(in, UTF16_BE);
	else if (type == V_ASN1_UNIVERSALSTRING)
		code = reader_be32(in);
	else
		code = take_utf8(in);
	if (code >= ' ' && code < 0x7f)
		return code;
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

/* Most of what is ever written is letters, digits, dots and hyphens, which need no look of their own. */
static size_t simple_run(struct span s)
{
	size_t len = 0;

	while (len < s.len && ((uint8_t)((s.at[len] | 0x20) - 'a') < 26 || (uint8_t)(s.at[len] - '-') < 13))
		len++;
	return len;
}

static void put_string(struct text *t, const ASN1_STRING *string, bool escape)
{
	int type = ASN1_STRING_type(string);
	bool wide = type == V_ASN1_BMPSTRING || type == V_ASN1_UNIVERSALSTRING;
	struct span value = span_of(ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string));
	struct reader in = reader_on(value);

	if (!wide)
		put(t, reader_bytes(&in, simple_run(value)));
	for (bool first = in.left.len == value.len; in.left.len && !t->full; first = false) {
		uint32_t code = take_code(&in, type);
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

static void put_set(struct text *t, const OPENSSL_STACK *set)
{
	for (int i = OPENSSL_sk_num(set); i-- > 0 && !t->full;) {
		put_entry(t, OPENSSL_sk_value(set, i));
		if (i)
			put(t, SPAN(" + "));
	}
}

struct span certname_text(const struct certname *name, struct arena *arena)
{
	struct text t;

	t.len = 0;
	t.full = false;
	for (int i = OPENSSL_sk_num(name->sets); i-- > 0 && !t.full;) {
		put_set(&t, OPENSSL_sk_value(name->sets, i));
		if (i)
			put(&t, SPAN(", "));
	}
	return arena_copy(arena, span_of(t.at, t.len));
}

static const X509_NAME_ENTRY *last_of(const OPENSSL_STACK *set, int nid)
{
	for (int i = OPENSSL_sk_num(set); i-- > 0;) {
		const X509_NAME_ENTRY *entry = OPENSSL_sk_value(set, i);

		if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) == nid)
			return entry;
	}
	return NULL;
}

struct span certname_last(const struct certname *name, int nid, struct arena *arena)
{
	for (int i = OPENSSL_sk_num(name->sets); i-- > 0;) {
		const X509_NAME_ENTRY *entry = last_of(OPENSSL_sk_value(name->sets, i), nid);

		if (entry)
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
