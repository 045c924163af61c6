/* decoders/tlskeys_private.c - key files in all their wrappings; the old encryption of some (Windows exports
 * 3DES and RC2) is undone by the legacy provider of the context that is lent. */
#include "decoders/tlskeys_private.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "decoders/der.h"

/* Bytes. */
enum { FILE_MAX = 1 << 20, MODULUS_MAX = 2048, PREMASTER = TLSKEYS_PREMASTER };

struct private_key {
	EVP_PKEY *key;
	struct span public;             /* RSAPublicKey in DER (RFC 8017 appendix A.1.1), owned */
};

struct tlskeys_private {
	const struct tlslib *lib;
	struct private_key keys[TLSKEYS_PRIVATE_MAX];
	size_t count;
};

struct tlskeys_private *tlskeys_private_new(const struct tlslib *lib)
{
	struct tlskeys_private *p = calloc(1, sizeof *p);

	if (p)
		p->lib = lib;
	return p;
}

void tlskeys_private_free(struct tlskeys_private *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->count; i++) {
		EVP_PKEY_free(p->keys[i].key);
		OPENSSL_free((void *)(uintptr_t)p->keys[i].public.at);
	}
	free(p);
}

size_t tlskeys_private_count(const struct tlskeys_private *p)
{
	return p->count;
}

/* ---- key files ---- */

struct reading {
	OSSL_LIB_CTX *library;
	struct span file;
	const char *password;           /* NULL: none given */
	bool locked;                    /* it is encrypted, and no pass phrase that fits was given */
};

/* Without this, libcrypto would ask the terminal. */
static int give_password(char *to, int room, int writing, void *self)
{
	struct reading *r = self;
	size_t len = r->password ? strlen(r->password) : 0;

	(void)writing;
	r->locked = true;
	if (!r->password || len > (size_t)room)
		return -1;
	memcpy(to, r->password, len);
	return (int)len;
}

static EVP_PKEY *read_pem(struct reading *r)
{
	BIO *in = BIO_new_mem_buf(r->file.at, (int)r->file.len);
	EVP_PKEY *key = NULL;

	if (in)
		key = PEM_read_bio_PrivateKey_ex(in, NULL, give_password, r, r->library, NULL);

	BIO_free(in);
	return key;
}

static EVP_PKEY *read_der(struct reading *r)
{
	const uint8_t *at = r->file.at;

	return d2i_AutoPrivateKey_ex(NULL, &at, (long)r->file.len, r->library, NULL);
}

/* PKCS#8 encrypted, without PEM around it. */
static EVP_PKEY *read_encrypted_der(struct reading *r)
{
	const uint8_t *at = r->file.at;
	X509_SIG *box = d2i_X509_SIG(NULL, &at, (long)r->file.len);
	PKCS8_PRIV_KEY_INFO *open = NULL;
	EVP_PKEY *key = NULL;

	if (!box)
		return NULL;
	if (r->password)
		open = PKCS8_decrypt_ex(box, r->password, (int)strlen(r->password), r->library, NULL);
	r->locked = !open;
	if (open)
		key = EVP_PKCS82PKEY_ex(open, r->library, NULL);
	PKCS8_PRIV_KEY_INFO_free(open);
	X509_SIG_free(box);
	return key;
}

/* Windows exports with an empty pass phrase where none is wanted. */
static const char *pkcs12_password(PKCS12 *box, const char *given)
{
	const char *const tries[] = { given, "" };

	if (!PKCS12_mac_present(box))
		return given;
	for (size_t i = 0; i < 2; i++)
		if (tries[i] && PKCS12_verify_mac(box, tries[i], (int)strlen(tries[i])))
			return tries[i];
	return NULL;
}

/* Its ciphers are fetched from the default context, whatever it was made for: for so long, that is ours. */
static EVP_PKEY *read_pkcs12(struct reading *r)
{
	const uint8_t *at = r->file.at;
	OSSL_LIB_CTX *usual;
	PKCS12 *box = d2i_PKCS12(NULL, &at, (long)r->file.len);
	const char *password = NULL;
	EVP_PKEY *key = NULL;
	X509 *unused = NULL;

	if (!box)
		return NULL;
	usual = OSSL_LIB_CTX_set0_default(r->library);
	password = pkcs12_password(box, r->password);
	r->locked = !PKCS12_parse(box, password, &key, &unused, NULL);
	OSSL_LIB_CTX_set0_default(usual);
	X509_free(unused);
	PKCS12_free(box);
	return key;
}

static EVP_PKEY *read_key(struct reading *r)
{
	static EVP_PKEY *(*const ways[])(struct reading *) = {
		read_pem, read_der, read_encrypted_der, read_pkcs12,
	};
	EVP_PKEY *key = NULL;

	for (size_t i = 0; !key && i < sizeof ways / sizeof *ways; i++)
		key = ways[i](r);
	ERR_clear_error();
	return key;
}

static bool tell_unread(const struct reading *r, bool legacy, const char *name, struct fault *f)
{
	if (!r->locked)
		return fault_set(f, FAULT_INPUT,
		                 "%s: no private key in it (PEM, DER or PKCS#12 is wanted; "
		                 "a certificate alone opens nothing)",
		                 name);
	if (!r->password)
		return fault_set(f, FAULT_INPUT,
		                 "%s: is encrypted; name a file with its pass phrase by --key-pass", name);
	return fault_set(f, FAULT_INPUT, "%s: the pass phrase does not open it%s", name,
	                 legacy ? "" : ", or it is encrypted in an old way that OpenSSL's legacy "
	                                  "provider, not installed here, would read");
}

static bool tell_unfit(const char *name, const char *kind, struct fault *f)
{
	return fault_set(f, FAULT_USAGE,
	                 "%s: %s private key never opens a capture, because it only signs: "
	                 "record a key log at the client and give it by --keys",
	                 name, kind);
}

/* Takes the key over. */
static bool keep(struct tlskeys_private *p, EVP_PKEY *key, const char *name, struct fault *f)
{
	uint8_t *public = NULL;
	int len = i2d_PublicKey(key, &public);

	ERR_clear_error();
	if (len <= 0) {
		EVP_PKEY_free(key);
		return fault_set(f, FAULT_MEMORY, "%s: its public key cannot be told", name);
	}
	p->keys[p->count++] = (struct private_key){ key, span_of(public, (size_t)len) };
	return true;
}

bool tlskeys_private_add(struct tlskeys_private *p, const char *name, struct span file, const char *password,
                         struct fault *f)
{
	struct reading r = { p->lib->context, file, password, false };
	EVP_PKEY *key;

	if (p->count == TLSKEYS_PRIVATE_MAX)
		return fault_set(f, FAULT_USAGE, "%s: at most %d private keys are kept", name,
		                 TLSKEYS_PRIVATE_MAX);
	if (file.len > FILE_MAX)
		return fault_set(f, FAULT_INPUT, "%s: too large for a private key", name);
	key = read_key(&r);
	if (!key)
		return tell_unread(&r, p->lib->legacy, name, f);
	if (EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_size(key) <= MODULUS_MAX)
		return keep(p, key, name, f);
	tell_unfit(name, EVP_PKEY_is_a(key, "EC") ? "an EC" : "this kind of", f);
	EVP_PKEY_free(key);
	return false;
}

/* ---- their use ---- */

/* The public key as its BIT STRING holds it.  SubjectPublicKeyInfo is the fifth SEQUENCE of what is signed
 * (RFC 5280 section 4.1).  { NULL, 0 }: none. */
static struct span public_key(struct span certificate)
{
	struct span signed_part = der_enter(der_enter(certificate, DER_SEQUENCE), DER_SEQUENCE), bits;
	struct der part;
	unsigned sequences = 0;

	while (sequences < 5 && der_next(&signed_part, &part))
		sequences += part.tag == DER_SEQUENCE;
	if (sequences < 5)
		return span_of(NULL, 0);
	bits = der_find(part.body, DER_BITS);
	span_take(&bits, 1);            /* how many of the last byte's bits are unused: none */
	return bits;
}

/* By bytes: every full handshake asks, and libcrypto would load a stranger's key for each. */
size_t tlskeys_private_match(const struct tlskeys_private *p, struct span certificate)
{
	struct span public = public_key(certificate);

	for (size_t i = 0; i < p->count; i++)
		if (span_eq(p->keys[i].public, public))
			return i;
	return SIZE_MAX;
}

/* RFC 8017 section 7.2.2: 00 02, eight bytes or more that are not zero, 00, the message. */
static bool unpad(const uint8_t *block, size_t len, uint8_t premaster[static PREMASTER])
{
	size_t start = len - PREMASTER;

	if (len < 11 + PREMASTER || block[0] || block[1] != 2 || block[start - 1])
		return false;
	if (memchr(block + 2, 0, start - 3))
		return false;
	memcpy(premaster, block + start, PREMASTER);
	return true;
}

/* The padding is looked at here: libcrypto, by its version, answers a wrong one with random bytes. */
bool tlskeys_private_decrypt(const struct tlskeys_private *p, size_t which, struct span encrypted,
                             uint8_t premaster[static PREMASTER])
{
	uint8_t block[MODULUS_MAX];
	size_t len = sizeof block;
	EVP_PKEY_CTX *context;
	bool good = false;

	if (which >= p->count || encrypted.len != (size_t)EVP_PKEY_get_size(p->keys[which].key))
		return false;
	context = EVP_PKEY_CTX_new_from_pkey(p->lib->context, p->keys[which].key, NULL);
	if (context && EVP_PKEY_decrypt_init(context) > 0 &&
	    EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) > 0 &&
	    EVP_PKEY_decrypt(context, block, &len, encrypted.at, encrypted.len) > 0)
		good = unpad(block, len, premaster);
	EVP_PKEY_CTX_free(context);
	OPENSSL_cleanse(block, sizeof block);
	ERR_clear_error();
	return good;
}
