/* decoders/certparse.c - RFC 5280 section 4.1 as templates of libcrypto's, and what its parts say. */
#include "decoders/certparse.h"

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "decoders/certname.h"

enum { SERIAL_MAX = 64 };

struct x509_key {
	X509_ALGOR *algorithm;
	ASN1_BIT_STRING *bits;
};

struct x509_tbs {
	ASN1_INTEGER *version;
	ASN1_INTEGER *serial;
	X509_ALGOR *signature;
	ASN1_STRING *issuer;            /* whole DER, as of every SEQUENCE here that is a string */
	X509_VAL *validity;
	ASN1_STRING *subject;
	struct x509_key *key;
	ASN1_BIT_STRING *issuer_id, *subject_id;
	X509_EXTENSIONS *extensions;
};

struct x509_whole {
	struct x509_tbs *tbs;
	X509_ALGOR *signature;
	ASN1_BIT_STRING *bits;
};

/* What libcrypto's own macros for this would say, in C that reads as such. */
#define SEQUENCE(type, parts)                                                                   \
	{ ASN1_ITYPE_SEQUENCE, V_ASN1_SEQUENCE, parts, sizeof parts / sizeof *parts, NULL,      \
	  sizeof(struct type), #type }

static const ASN1_TEMPLATE x509_key_parts[] = {
	ASN1_SIMPLE(struct x509_key, algorithm, X509_ALGOR),
	ASN1_SIMPLE(struct x509_key, bits, ASN1_BIT_STRING),
};

static const ASN1_ITEM *x509_key_it(void)
{
	static const ASN1_ITEM item = SEQUENCE(x509_key, x509_key_parts);

	return &item;
}

static const ASN1_TEMPLATE x509_tbs_parts[] = {
	ASN1_EXP_OPT(struct x509_tbs, version, ASN1_INTEGER, 0),
	ASN1_SIMPLE(struct x509_tbs, serial, ASN1_INTEGER),
	ASN1_SIMPLE(struct x509_tbs, signature, X509_ALGOR),
	ASN1_SIMPLE(struct x509_tbs, issuer, ASN1_SEQUENCE),
	ASN1_SIMPLE(struct x509_tbs, validity, X509_VAL),
	ASN1_SIMPLE(struct x509_tbs, subject, ASN1_SEQUENCE),
	ASN1_SIMPLE(struct x509_tbs, key, x509_key),
	ASN1_IMP_OPT(struct x509_tbs, issuer_id, ASN1_BIT_STRING, 1),
	ASN1_IMP_OPT(struct x509_tbs, subject_id, ASN1_BIT_STRING, 2),
	ASN1_EXP_SEQUENCE_OF_OPT(struct x509_tbs, extensions, X509_EXTENSION, 3),
};

static const ASN1_ITEM *x509_tbs_it(void)
{
	static const ASN1_ITEM item = SEQUENCE(x509_tbs, x509_tbs_parts);

	return &item;
}

static const ASN1_TEMPLATE x509_whole_parts[] = {
	ASN1_SIMPLE(struct x509_whole, tbs, x509_tbs),
	ASN1_SIMPLE(struct x509_whole, signature, X509_ALGOR),
	ASN1_SIMPLE(struct x509_whole, bits, ASN1_BIT_STRING),
};

static const ASN1_ITEM *x509_whole_it(void)
{
	static const ASN1_ITEM item = SEQUENCE(x509_whole, x509_whole_parts);

	return &item;
}

static struct span string_span(const ASN1_STRING *s)
{
	return span_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
}

static int64_t moment_of_time(const ASN1_TIME *time)
{
	struct tm utc;

	return ASN1_TIME_to_tm(time, &utc) ? moment_of(&utc) : MOMENT_NONE;
}

/* A name as texts. */
struct name_texts {
	struct span *whole, *common, *organization;
};

/* False: no room.  What is no name has no texts. */
static bool read_name(struct name_texts to, struct span der, struct arena *arena)
{
	struct certname name;

	if (!certname_read(&name, der))
		return true;
	*to.whole = certname_text(&name, arena);
	*to.common = certname_last(&name, NID_commonName, arena);
	*to.organization = certname_last(&name, NID_organizationName, arena);
	certname_release(&name);
	return to.whole->at && to.common->at && to.organization->at;
}

static bool read_names(struct certificate *c, const struct x509_tbs *tbs, struct arena *arena)
{
	const struct name_texts subject = { &c->subject, &c->common_name, &c->organization };
	const struct name_texts issuer = { &c->issuer, &c->issuer_name, &c->issuer_organization };

	c->subject_der = arena_copy(arena, string_span(tbs->subject));
	c->issuer_der = arena_copy(arena, string_span(tbs->issuer));
	if (!c->subject_der.at || !c->issuer_der.at)
		return false;
	c->self_issued = span_eq(c->subject_der, c->issuer_der);
	return read_name(subject, c->subject_der, arena) && read_name(issuer, c->issuer_der, arena);
}

/* A negative serial, which RFC 5280 forbids, keeps its sign, as openssl writes it. */
static bool read_serial(struct certificate *c, const ASN1_INTEGER *serial, struct arena *arena)
{
	static const char digits[] = "0123456789abcdef";
	struct span bytes = string_span(serial);
	char text[1 + 2 * SERIAL_MAX];
	size_t len = 0;

	if (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
		text[len++] = '-';
	for (size_t i = 0; i < bytes.len && i < SERIAL_MAX; i++) {
		text[len++] = digits[bytes.at[i] >> 4];
		text[len++] = digits[bytes.at[i] & 15];
	}
	c->serial = arena_copy(arena, span_of(text, len));
	return c->serial.at;
}

/* Bits of the INTEGER that a SEQUENCE begins with: the modulus of RSA (RFC 8017 appendix A.1.1), p of DSA
 * (RFC 3279 section 2.3.2).  0: there is none. */
static unsigned first_integer_bits(struct span der)
{
	const unsigned char *at = der.at;
	ASN1_INTEGER *number;
	struct span bytes;
	unsigned bits = 0;
	int tag, class;
	long len;

	if (ASN1_get_object(&at, &len, &tag, &class, (long)der.len) & 0x80 || tag != V_ASN1_SEQUENCE)
		return 0;
	number = d2i_ASN1_INTEGER(NULL, &at, len);
	if (!number)
		return 0;
	bytes = string_span(number);
	while (bytes.len && !bytes.at[0])
		span_take(&bytes, 1);
	if (bytes.len) {
		bits = (unsigned)(bytes.len - 1) * 8;
		for (unsigned top = bytes.at[0]; top; top >>= 1)
			bits++;
	}
	ASN1_INTEGER_free(number);
	return bits;
}

/* Named curves (RFC 5480 section 2.1.1.1) by the length of a point's coordinate (SEC 1 section 2.3.3): all in
 * use have whole bytes but P-521. */
static unsigned curve_bits(struct span point)
{
	size_t bytes = 0;

	if (point.len > 1 && point.at[0] == 4)
		bytes = (point.len - 1) / 2;
	else if (point.len > 1 && (point.at[0] == 2 || point.at[0] == 3))
		bytes = point.len - 1;
	return bytes == 66 ? 521 : (unsigned)bytes * 8;
}

static void read_key(struct certificate *c, const struct x509_key *key)
{
	const ASN1_OBJECT *kind;
	const void *parameter;
	int type;

	X509_ALGOR_get0(&kind, &type, &parameter, key->algorithm);
	switch (OBJ_obj2nid(kind)) {
	case NID_rsaEncryption:
	case NID_rsa:
	case NID_rsassaPss:
		c->key = KEY_RSA;
		c->key_bits = first_integer_bits(string_span(key->bits));
		break;
	case NID_X9_62_id_ecPublicKey:
		c->key = KEY_EC;
		c->key_bits = curve_bits(string_span(key->bits));
		break;
	case NID_ED25519:
		c->key = KEY_ED25519;
		c->key_bits = 256;
		break;
	case NID_dsa:
		c->key = KEY_DSA;
		c->key_bits = type == V_ASN1_SEQUENCE ? first_integer_bits(string_span(parameter)) : 0;
		break;
	}
}

/* RSASSA-PSS names its digest in its parameters, SHA-1 unless told (RFC 4055 section 3.1). */
static int pss_digest(const X509_ALGOR *algorithm)
{
	RSA_PSS_PARAMS *pss;
	int type, digest = NID_sha1;
	const void *value;

	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	if (type != V_ASN1_SEQUENCE)
		return NID_undef;
	pss = ASN1_item_unpack(value, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
	if (!pss)
		return NID_undef;
	if (pss->hashAlgorithm)
		digest = OBJ_obj2nid(pss->hashAlgorithm->algorithm);
	RSA_PSS_PARAMS_free(pss);
	return digest;
}

static enum signature_digest digest_of(const X509_ALGOR *algorithm)
{
	static const struct {
		int nid;
		enum signature_digest digest;
	} rows[] = {
		{ NID_md2, SIGNATURE_MD2 },       { NID_md5, SIGNATURE_MD5 },
		{ NID_sha1, SIGNATURE_SHA1 },     { NID_sha256, SIGNATURE_SHA256 },
		{ NID_sha384, SIGNATURE_SHA384 }, { NID_sha512, SIGNATURE_SHA512 },
	};
	int nid = OBJ_obj2nid(algorithm->algorithm), digest = NID_undef;

	if (nid == NID_rsassaPss)
		digest = pss_digest(algorithm);
	else if (!OBJ_find_sigid_algs(nid, &digest, NULL))
		digest = NID_undef;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].nid == digest)
			return rows[i].digest;
	return SIGNATURE_OTHER;
}

/* Server Gated Crypto counted as serverAuth once, and old chains still say it. */
static enum certificate_usage usage_of(const X509_EXTENSIONS *extensions)
{
	EXTENDED_KEY_USAGE *list = X509V3_get_d2i(extensions, NID_ext_key_usage, NULL, NULL);
	enum certificate_usage usage = list ? USAGE_OTHER : USAGE_NOT_TOLD;

	for (int i = 0; i < sk_ASN1_OBJECT_num(list); i++) {
		int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(list, i));

		if (nid == NID_server_auth || nid == NID_anyExtendedKeyUsage || nid == NID_ms_sgc ||
		    nid == NID_ns_sgc)
			usage = USAGE_SERVER;
	}
	EXTENDED_KEY_USAGE_free(list);
	return usage;
}

static bool is_authority(const X509_EXTENSIONS *extensions)
{
	BASIC_CONSTRAINTS *basic = X509V3_get_d2i(extensions, NID_basic_constraints, NULL, NULL);
	bool authority = basic && basic->ca;

	BASIC_CONSTRAINTS_free(basic);
	return authority;
}

/* A dNSName or an iPAddress; what is empty, or neither 4 nor 16 bytes, is no name. */
static bool is_kept(const GENERAL_NAME *name)
{
	int len;

	if (name->type == GEN_DNS)
		return ASN1_STRING_length(name->d.dNSName) > 0;
	if (name->type != GEN_IPADD)
		return false;
	len = ASN1_STRING_length(name->d.iPAddress);
	return len == 4 || len == 16;
}

static bool read_alternative(struct certificate_name *n, const GENERAL_NAME *from, struct arena *arena)
{
	const uint8_t *bytes;

	if (from->type == GEN_DNS) {
		n->text = certname_string(from->d.dNSName, arena);
		return n->text.at;
	}
	bytes = ASN1_STRING_get0_data(from->d.iPAddress);
	n->addr = ASN1_STRING_length(from->d.iPAddress) == 4 ? addr_v4(bytes) : addr_v6(bytes);
	return true;
}

static bool read_list(struct certificate *c, const GENERAL_NAMES *list, struct arena *arena)
{
	struct certificate_name *names;
	int count = sk_GENERAL_NAME_num(list);
	size_t kept = 0;

	for (int i = 0; i < count; i++)
		kept += is_kept(sk_GENERAL_NAME_value(list, i));
	c->names_cut = kept > CERTIFICATE_NAMES_MAX;
	if (c->names_cut)
		kept = CERTIFICATE_NAMES_MAX;
	names = arena_alloc(arena, kept * sizeof *names);
	if (!names)
		return false;
	c->names = names;
	for (int i = 0; c->name_count < kept; i++) {
		const GENERAL_NAME *from = sk_GENERAL_NAME_value(list, i);

		if (is_kept(from) && !read_alternative(&names[c->name_count++], from, arena))
			return false;
	}
	return true;
}

/* Names that are there and cannot be read, the subject's too, are names that are not kept. */
static bool read_alternatives(struct certificate *c, const X509_EXTENSIONS *extensions,
                              struct arena *arena)
{
	int critical;
	GENERAL_NAMES *list = X509V3_get_d2i(extensions, NID_subject_alt_name, &critical, NULL);
	bool ok = true;

	if (list)
		ok = read_list(c, list, arena);
	else
		c->names_cut = critical != -1 || !c->subject.at;
	GENERAL_NAMES_free(list);
	return ok;
}

static bool read_parts(struct certificate *c, const struct x509_whole *x, struct arena *arena)
{
	const struct x509_tbs *tbs = x->tbs;

	c->readable = true;
	c->not_before = moment_of_time(tbs->validity->notBefore);
	c->not_after = moment_of_time(tbs->validity->notAfter);
	c->digest = digest_of(x->signature);
	read_key(c, tbs->key);
	c->usage = usage_of(tbs->extensions);
	c->authority = is_authority(tbs->extensions);
	return read_names(c, tbs, arena) && read_serial(c, tbs->serial, arena) &&
	       read_alternatives(c, tbs->extensions, arena);
}

bool certparse(struct certificate *c, struct arena *arena)
{
	const unsigned char *at = c->der.at;
	struct x509_whole *x = NULL;
	bool ok = true;

	c->not_before = c->not_after = MOMENT_NONE;
	SHA1(c->der.at, c->der.len, c->thumbprint);
	if (c->der.len)
		x = (void *)ASN1_item_d2i(NULL, &at, (long)c->der.len, ASN1_ITEM_rptr(x509_whole));
	if (x)
		ok = read_parts(c, x, arena);
	ASN1_item_free((void *)x, ASN1_ITEM_rptr(x509_whole));
	ERR_clear_error();
	return ok;
}
