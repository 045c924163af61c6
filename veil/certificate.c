/* veil/certificate.c - DER walked element by element; what nobody knows is looked at by its tag. */
#include "veil/certificate.h"

#include "base/host.h"
#include "decoders/der.h"
#include "veil/certwords.h"
#include "veil/utf16.h"

enum { DEPTH_MAX = 12, CONSTRUCTED = 0x20, CONTEXT = 0x80 };
enum { UTF8_STRING = 0x0c, BMP_STRING = 0x1e, UNIVERSAL_STRING = 0x1c };
enum { VERSION = DER_CONTEXT, EXTENSIONS = DER_CONTEXT | 3, SERIAL_TELLING = 4, SERIAL_MAX = 64 };

typedef void put_fn(const struct rewrite *w, struct span body, unsigned depth);

static void put_any(const struct rewrite *w, struct span in, unsigned depth);

/* The front element of *in; its tag and length stay.  False: nothing more makes sense, and is hidden. */
static bool next(const struct rewrite *w, struct span *in, struct der *e)
{
	struct span was = *in;

	if (!in->len)
		return false;
	if (!der_next(in, e) || e->cut) {
		rewrite_bytes(w, was);
		in->len = 0;
		return false;
	}
	rewrite_keep(w, span_of(was.at, (size_t)(e->body.at - was.at)));
	return true;
}

static bool is_string(uint8_t tag)
{
	return tag == UTF8_STRING || (tag >= 0x12 && tag <= 0x16) || (tag >= 0x1a && tag <= BMP_STRING);
}

/* ---- texts ---- */

typedef void text_fn(struct names *n, struct span text, uint8_t *to);

struct through {
	struct names *names;
	text_fn *put;
};

static void put_utf8(void *self, uint8_t *utf8, size_t len)
{
	const struct through *t = self;

	t->put(t->names, span_of(utf8, len), utf8);
}

static void swap_bytes(uint8_t *at, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2) {
		uint8_t byte = at[i];

		at[i] = at[i + 1];
		at[i + 1] = byte;
	}
}

/* BMPString is UTF-16BE (X.690 section 8.23.8). */
static void put_text(const struct rewrite *w, const struct der *e, text_fn *put)
{
	uint8_t *to = rewrite_at(w, e->body);
	struct through through = { w->names, put };

	if (e->tag == UNIVERSAL_STRING) {
		rewrite_bytes(w, e->body);
	} else if (e->tag != BMP_STRING) {
		put(w->names, e->body, to);
	} else if (e->body.len) {
		memcpy(to, e->body.at, e->body.len);
		swap_bytes(to, e->body.len);
		utf16_through(span_of(to, e->body.len), to, put_utf8, &through);
		swap_bytes(to, e->body.len);
	}
}

static void put_kept(struct names *n, struct span text, uint8_t *to)
{
	(void)n;
	if (text.len)
		memmove(to, text.at, text.len);
}

static void put_token(struct names *n, struct span text, uint8_t *to)
{
	names_put(n, NAME_TOKEN, text, to);
}

static void put_url(struct names *n, struct span text, uint8_t *to)
{
	size_t path = text.len, slash;

	names_url(n, text, to);
	slash = span_find(text, SPAN("://"));
	if (slash == SIZE_MAX)
		return;
	for (size_t i = slash + 3; i < text.len && path == text.len; i++)
		if (text.at[i] == '/')
			path = i;
	if (!names_public_host(host_name(url_host(text))))
		certwords_put(n, span_skip(text, path), to + path);
}

/* ---- names (RFC 5280 section 4.1.2.4) ---- */

struct attribute {
	struct span oid;
	text_fn *put;
};

static text_fn *text_of(struct span oid)
{
	static const struct attribute rows[] = {
		{ SPAN_LIT("\x55\x04\x06"), put_kept },                                  /* country */
		{ SPAN_LIT("\x55\x04\x05"), put_token },                                 /* serialNumber */
		{ SPAN_LIT("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"), names_host },    /* domainComponent */
		{ SPAN_LIT("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01"), names_user },    /* userid */
		{ SPAN_LIT("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"), names_user },        /* emailAddress */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (span_eq(oid, rows[i].oid))
			return rows[i].put;
	return certwords_put;
}

static void put_attribute(const struct rewrite *w, struct span in)
{
	struct der type, value;

	if (!next(w, &in, &type))
		return;
	rewrite_keep(w, type.body);
	while (next(w, &in, &value)) {
		if (is_string(value.tag))
			put_text(w, &value, text_of(type.body));
		else
			rewrite_bytes(w, value.body);
	}
}

static void put_rdns(const struct rewrite *w, struct span in, unsigned depth)
{
	struct der set, one;

	(void)depth;
	while (next(w, &in, &set))
		while (next(w, &set.body, &one))
			put_attribute(w, one.body);
}

void certificate_name_put(const struct rewrite *w, struct span der)
{
	struct der name;

	while (next(w, &der, &name))
		put_rdns(w, name.body, 0);
}

/* ---- numbers and keys ---- */

/* The magnitude as hexadecimal is what reports show.  Its first byte stays: so it has as many bytes, and a
 * sign.  A number of few digits counts certificates, and tells nobody's. */
static void put_serial(const struct rewrite *w, struct span body)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t text[2 * SERIAL_MAX], *to = rewrite_at(w, body);
	struct span number = body;

	rewrite_keep(w, body);
	while (number.len && !number.at[0])
		number = span_skip(number, 1);
	if (number.len < SERIAL_TELLING || number.len > SERIAL_MAX)
		return;
	for (size_t i = 0; i < number.len; i++) {
		text[2 * i] = (uint8_t)digits[number.at[i] >> 4];
		text[2 * i + 1] = (uint8_t)digits[number.at[i] & 15];
	}
	names_put(w->names, NAME_HEX, span_of(text, 2 * number.len), text);
	to += body.len - number.len;
	for (size_t i = 1; i < number.len; i++) {
		uint64_t value = 0;

		(void)span_hex(span_of(text + 2 * i, 2), &value);
		to[i] = (uint8_t)value;
	}
}

/* A number of which nobody reads more than how long it is: odd where it was, and the first byte its own. */
static void put_number(const struct rewrite *w, struct span body)
{
	size_t front = body.len > 1 && !body.at[0] ? 2 : 1;

	rewrite_bytes(w, body);
	if (body.len < SERIAL_TELLING)
		front = body.len;
	rewrite_keep(w, span_of(body.at, front));
	if (body.len)
		rewrite_at(w, body)[body.len - 1] |= body.at[body.len - 1] & 1;
}

/* RSA's two numbers, or a point, whose first byte tells its form (SEC 1 section 2.3.3). */
static void put_key_bits(const struct rewrite *w, struct span body)
{
	struct span bits = span_skip(body, 1);
	struct der sequence, number;

	rewrite_bytes(w, body);
	rewrite_keep(w, span_of(body.at, body.len < 2 ? body.len : 2));
	if (!bits.len || bits.at[0] != DER_SEQUENCE || !next(w, &bits, &sequence))
		return;
	while (next(w, &sequence.body, &number))
		put_number(w, number.body);
}

static void put_bits(const struct rewrite *w, struct span body)
{
	rewrite_bytes(w, body);
	rewrite_keep(w, span_of(body.at, body.len > 0));
}

static void put_public_key(const struct rewrite *w, struct span in, unsigned depth)
{
	struct der algorithm, bits;

	(void)depth;
	if (!next(w, &in, &algorithm))
		return;
	rewrite_keep(w, algorithm.body);
	while (next(w, &in, &bits))
		put_key_bits(w, bits.body);
}

/* ---- extensions (section 4.2) ---- */

static void put_address(const struct rewrite *w, struct span body)
{
	uint8_t *to = rewrite_at(w, body);

	if (body.len == 4 || body.len == 8)
		names_v4(w->names, body.at, to);
	else if (body.len == 16 || body.len == 32)
		names_v6(w->names, body.at, to);
	else
		rewrite_bytes(w, body);
	if (body.len == 8 || body.len == 32)            /* with a mask, in constraints */
		rewrite_keep(w, span_skip(body, body.len / 2));
}

static bool is_text(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < ' ')
			return false;
	return true;
}

/* A GeneralName by the number of its tag (section 4.2.1.6). */
static void put_general(const struct rewrite *w, const struct der *e, unsigned depth)
{
	static text_fn *const texts[] = { [1] = names_user, [2] = names_host, [6] = put_url };
	unsigned number = e->tag & 0x1f;

	if (e->tag & CONSTRUCTED)
		put_any(w, e->body, depth);
	else if (number == 7)
		put_address(w, e->body);
	else if (number < sizeof texts / sizeof *texts && texts[number] && is_text(e->body))
		put_text(w, e, texts[number]);
	else
		rewrite_bytes(w, e->body);
}

/* AuthorityKeyIdentifier: an identifier, a name and a serial number with tags of their own. */
static void put_authority(const struct rewrite *w, struct span in, unsigned depth)
{
	struct der sequence, part;

	if (!next(w, &in, &sequence))
		return;
	while (next(w, &sequence.body, &part)) {
		if (part.tag == (CONTEXT | 2))
			put_serial(w, part.body);
		else if (part.tag & CONSTRUCTED)
			put_any(w, part.body, depth);
		else
			rewrite_bytes(w, part.body);
	}
}

static void put_same(const struct rewrite *w, struct span in, unsigned depth)
{
	(void)depth;
	rewrite_keep(w, in);
}

/* An enterprise's own templates and policies are numbers of its forest: seven bits a byte (X.690 8.19). */
static void put_oid(const struct rewrite *w, struct span body)
{
	static const struct span enterprise = SPAN_LIT("\x2b\x06\x01\x04\x01\x82\x37\x15\x08");
	uint8_t *to = rewrite_at(w, body);
	struct span own = span_skip(body, enterprise.len);

	rewrite_keep(w, body);
	if (!span_starts(body, enterprise))
		return;
	to += enterprise.len;
	names_bytes(w->names, own, to);
	for (size_t i = 0; i < own.len; i++) {
		to[i] = (uint8_t)((own.at[i] & 0x80) | (to[i] & 0x7f));
		if (to[i] == 0x80)              /* no number begins so */
			to[i]++;
	}
}

/* A SID in an extension of its own (MS-WCCE section 2.2.2.7.7.4), else what nobody reads. */
static void put_octets(const struct rewrite *w, struct span body, unsigned depth)
{
	if (span_istarts(body, SPAN("S-1-")))
		names_put(w->names, NAME_SID, body, rewrite_at(w, body));
	else if (body.len > 2 && (body.at[0] == DER_OCTETS || body.at[0] == DER_SEQUENCE) &&
	         der_enter(body, body.at[0]).len + 2 == body.len)
		put_any(w, body, depth);
	else
		rewrite_bytes(w, body);
}

static void put_element(const struct rewrite *w, const struct der *e, unsigned depth)
{
	if ((e->tag & 0xc0) == CONTEXT)
		put_general(w, e, depth);
	else if (e->tag == DER_SEQUENCE && der_enter(e->body, 0x31).at)
		put_rdns(w, e->body, depth);
	else if (e->tag & CONSTRUCTED)
		put_any(w, e->body, depth);
	else if (is_string(e->tag))
		put_text(w, e, span_find(e->body, SPAN("://")) != SIZE_MAX ? put_url : certwords_put);
	else if (e->tag == DER_OID)
		put_oid(w, e->body);
	else if (e->tag == DER_OCTETS)
		put_octets(w, e->body, depth);
	else if (e->tag == DER_BITS && e->body.len > SERIAL_TELLING)
		put_bits(w, e->body);
	else if (e->tag == DER_INTEGER)
		put_number(w, e->body);
	else
		rewrite_keep(w, e->body);       /* times, flags, nothing */
}

static void put_any(const struct rewrite *w, struct span in, unsigned depth)
{
	struct der e;

	if (depth >= DEPTH_MAX) {
		rewrite_bytes(w, in);
		return;
	}
	while (next(w, &in, &e))
		put_element(w, &e, depth + 1);
}

static put_fn *extension_of(struct span oid)
{
	static const struct {
		struct span oid;
		put_fn *put;
	} rows[] = {
		{ SPAN_LIT("\x55\x1d\x23"), put_authority },
		{ SPAN_LIT("\x55\x1d\x13"), put_same },         /* basicConstraints */
		{ SPAN_LIT("\x55\x1d\x0f"), put_same },         /* keyUsage */
		{ SPAN_LIT("\x55\x1d\x25"), put_same },         /* extKeyUsage */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (span_eq(oid, rows[i].oid))
			return rows[i].put;
	return put_any;
}

static void put_extension(const struct rewrite *w, struct span in, unsigned depth)
{
	struct der oid, e;

	if (!next(w, &in, &oid))
		return;
	put_oid(w, oid.body);
	while (next(w, &in, &e)) {
		if (e.tag == DER_OCTETS)
			extension_of(oid.body)(w, e.body, depth);
		else
			rewrite_keep(w, e.body);        /* critical */
	}
}

static void put_extensions(const struct rewrite *w, struct span in, unsigned depth)
{
	struct der list, one;

	while (next(w, &in, &list))
		while (next(w, &list.body, &one))
			put_extension(w, one.body, depth + 1);
}

/* ---- the whole (section 4.1) ---- */

static void put_tbs(const struct rewrite *w, struct span in)
{
	static put_fn *const parts[] = { put_same, put_rdns, put_same, put_rdns, put_public_key };
	size_t part = 0;
	struct der e;

	while (next(w, &in, &e)) {
		if (e.tag == VERSION)
			rewrite_keep(w, e.body);
		else if (e.tag == DER_INTEGER && !part)
			put_serial(w, e.body);
		else if (e.tag == EXTENSIONS)
			put_extensions(w, e.body, 0);
		else if (e.tag == DER_SEQUENCE && part < sizeof parts / sizeof *parts)
			parts[part++](w, e.body, 0);
		else
			put_bits(w, e.body);
	}
}

void certificate_put(const struct rewrite *w, struct span der)
{
	struct der whole, tbs, algorithm, signature;

	if (!next(w, &der, &whole) || !next(w, &whole.body, &tbs))
		return;
	put_tbs(w, tbs.body);
	if (!next(w, &whole.body, &algorithm))
		return;
	rewrite_keep(w, algorithm.body);
	while (next(w, &whole.body, &signature))
		put_bits(w, signature.body);
	rewrite_bytes(w, der);
}
