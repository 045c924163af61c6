/* tests/authority.c - certificates by libcrypto. */
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/authority.h"

enum { DAY = 86400, SOME_DAYS = 182 };

static void name_it(X509_NAME *name, const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;

	assert_true(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes, -1, -1, 0));
}

void authority_extend(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = value ? X509V3_EXT_conf_nid(NULL, NULL, nid, value) : NULL;

	if (!value)
		return;
	assert_non_null(e);
	assert_true(X509_add_ext(x, e, -1));
	X509_EXTENSION_free(e);
}

struct identity identity_make(const struct identity_wish *wish)
{
	const char *constraints = wish->authority ? "critical,CA:TRUE" : NULL;
	struct identity made;
	const struct identity *issuer = wish->issuer ? wish->issuer : &made;
	int from = wish->from || wish->until ? wish->from : -SOME_DAYS;
	int until = wish->from || wish->until ? wish->until : SOME_DAYS;
	uint64_t serial = 0;

	made.key = wish->rsa_bits ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)wish->rsa_bits)
				  : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	made.certificate = X509_new();
	assert_true(X509_set_version(made.certificate, X509_VERSION_3));
	assert_true(RAND_bytes((unsigned char *)&serial, sizeof serial - 1));
	assert_true(ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.certificate), serial));
	assert_non_null(X509_time_adj_ex(X509_getm_notBefore(made.certificate), from, 0, NULL));
	assert_non_null(X509_time_adj_ex(X509_getm_notAfter(made.certificate), until, 0, NULL));
	name_it(X509_get_subject_name(made.certificate), wish->name);
	assert_true(X509_set_issuer_name(made.certificate, X509_get_subject_name(issuer->certificate)));
	assert_true(X509_set_pubkey(made.certificate, made.key));
	authority_extend(made.certificate, NID_subject_alt_name, wish->names);
	authority_extend(made.certificate, NID_ext_key_usage, wish->usage);
	authority_extend(made.certificate, NID_basic_constraints, constraints);
	assert_true(X509_sign(made.certificate, issuer->key, EVP_sha256()));
	return made;
}

void identity_free(struct identity *i)
{
	X509_free(i->certificate);
	EVP_PKEY_free(i->key);
	*i = (struct identity){ NULL, NULL };
}

void identity_write(const struct identity *i, char path[static 32])
{
	FILE *out;
	int fd;

	memcpy(path, "/tmp/wsuscope-test-XXXXXX", sizeof "/tmp/wsuscope-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	out = fdopen(fd, "w");
	assert_non_null(out);
	assert_true(PEM_write_X509(out, i->certificate));
	assert_true(PEM_write_PrivateKey(out, i->key, NULL, NULL, 0, NULL, NULL));
	assert_int_equal(fclose(out), 0);
}

size_t identity_der(const struct identity *i, uint8_t *to, size_t room)
{
	int len = i2d_X509(i->certificate, NULL);

	assert_true(len > 0 && (size_t)len <= room);
	i2d_X509(i->certificate, &to);
	return (size_t)len;
}
