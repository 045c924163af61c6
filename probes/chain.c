/* probes/chain.c - reads a chain by libcrypto, and tells what is wrong with it (RFC 5280). */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "base/tongue.h"
#include "base/utf8.h"
#include "probes/chain.h"

enum { SOON_DAYS = 30, RSA_LEAST = 2048, EC_LEAST = 224 };

/* ---- reading ---- */

/* Adds printable UTF-8, cut between characters: a certificate is a stranger's text. */
static void add_text(char *to, size_t size, struct span from)
{
	size_t used = strlen(to);

	while (from.len) {
		size_t len = utf8_len(from);
		bool fine = len && !utf8_is_harmful(utf8_code(from.at, len));
		struct span next = span_take(&from, len ? len : 1);

		if (used + (fine ? next.len : 1) >= size)
			break;
		memcpy(to + used, fine ? next.at : (const uint8_t *)"?", fine ? next.len : 1);
		used += fine ? next.len : 1;
		to[used] = '\0';
	}
}

static void add_string(char *to, size_t size, const ASN1_STRING *string)
{
	unsigned char *utf8 = NULL;
	int len = string ? ASN1_STRING_to_UTF8(&utf8, string) : -1;

	if (len > 0)
		add_text(to, size, span_of(utf8, (size_t)len));
	if (len >= 0)
		OPENSSL_free(utf8);
}

/* The last common name; a name without one is given as a whole. */
static void name_words(const X509_NAME *name, char to[static CHAIN_NAME])
{
	int at = -1, last = -1;
	int count = name ? X509_NAME_entry_count(name) : 0;

	to[0] = '\0';
	while ((at = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0)
		last = at;
	for (at = last < 0 ? 0 : last; at < (last < 0 ? count : last + 1); at++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, at);

		if (to[0])
			add_text(to, CHAIN_NAME, SPAN(", "));
		add_string(to, CHAIN_NAME, X509_NAME_ENTRY_get_data(entry));
	}
	if (!to[0])
		add_text(to, CHAIN_NAME, SPAN("a nameless one"));
}

static int64_t read_time(const ASN1_TIME *time)
{
	struct tm utc;

	if (!time || !ASN1_TIME_to_tm(time, &utc))
		return MOMENT_NONE;
	/* 9999-12-31 says that there is no end (RFC 5280 section 4.1.2.5). */
	return utc.tm_year > 2261 - 1900 ? INT64_MAX : moment_of(&utc);
}

static void read_key(struct chain_link *l, const X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	int bits = key ? EVP_PKEY_get_bits(key) : 0;
	int kind = key ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;

	if (kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS) {
		snprintf(l->key, sizeof l->key, "RSA %d", bits);
		l->short_key = bits < RSA_LEAST;
	} else if (kind == EVP_PKEY_EC) {
		snprintf(l->key, sizeof l->key, "EC %d", bits);
		l->short_key = bits < EC_LEAST;
	} else {
		snprintf(l->key, sizeof l->key, "%s",
			 kind == EVP_PKEY_NONE ? _("unknown key") : OBJ_nid2sn(kind));
		l->short_key = kind == EVP_PKEY_DSA;
	}
}

static void read_link(struct chain_link *l, const X509 *x)
{
	int digest = NID_undef;

	l->readable = true;
	name_words(X509_get_subject_name(x), l->subject);
	name_words(X509_get_issuer_name(x), l->issuer);
	l->not_before = read_time(X509_get0_notBefore(x));
	l->not_after = read_time(X509_get0_notAfter(x));
	l->self_issued = !X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x));
	read_key(l, x);
	X509_get_signature_info((X509 *)x, &digest, NULL, NULL, NULL);
	if (digest == NID_undef)
		return;
	snprintf(l->signature, sizeof l->signature, "%s", OBJ_nid2sn(digest));
	/* The signature of a root by itself proves nothing, however old it is. */
	l->old_signature = !l->self_issued && (digest == NID_sha1 || digest == NID_md5 || digest == NID_md2);
}

static void add_name(struct chain *c, const GENERAL_NAME *name)
{
	char text[ADDR_TEXT] = "";
	struct addr addr;

	if (name->type != GEN_DNS && name->type != GEN_IPADD)
		return;
	if (c->names[0])
		add_text(c->names, sizeof c->names, SPAN(", "));
	if (name->type == GEN_DNS) {
		add_string(c->names, sizeof c->names, name->d.dNSName);
		return;
	}
	if (ASN1_STRING_length(name->d.iPAddress) == 4)
		addr = addr_v4(ASN1_STRING_get0_data(name->d.iPAddress));
	else if (ASN1_STRING_length(name->d.iPAddress) == 16)
		addr = addr_v6(ASN1_STRING_get0_data(name->d.iPAddress));
	else
		return;
	add_text(c->names, sizeof c->names, span_text(addr_text(&addr, text)));
}

static void read_names(struct chain *c, X509 *x, const char *host, const struct addr *addr)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		add_name(c, sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
	if (!c->names[0])
		snprintf(c->names, sizeof c->names, "%s", c->links[0].subject);
	if (addr && addr_is_v4(addr))
		c->covers = X509_check_ip(x, addr->bytes + 12, 4, 0) == 1;
	else if (addr)
		c->covers = X509_check_ip(x, addr->bytes, 16, 0) == 1;
	else
		c->covers = X509_check_host(x, host, strlen(host), 0, NULL) == 1;
	c->serves = !(X509_get_extension_flags(x) & EXFLAG_XKUSAGE) ||
		    (X509_get_extended_key_usage(x) & (XKU_SSL_SERVER | XKU_ANYEKU));
}

static bool issued_by(const X509 *x, const X509 *issuer)
{
	return !X509_NAME_cmp(X509_get_issuer_name(x), X509_get_subject_name(issuer));
}

void chain_read(struct chain *c, const struct span *der, unsigned count, const char *host,
                const struct addr *addr)
{
	X509 *before = NULL;

	memset(c, 0, sizeof *c);
	for (unsigned i = 0; i < count && i < CHAIN_LINKS; i++) {
		const unsigned char *at = der[i].at;
		X509 *x = der[i].len && der[i].len <= LONG_MAX ? d2i_X509(NULL, &at, (long)der[i].len) : NULL;

		if (i == 0)
			EVP_Digest(der[i].at, der[i].len, c->leaf, NULL, EVP_sha256(), NULL);
		if (x) {
			read_link(&c->links[i], x);
			if (before)
				c->links[i - 1].signed_by_next = issued_by(before, x);
		}
		if (x && i == 0)
			read_names(c, x, host, addr);
		X509_free(before);
		before = x;
		c->count++;
	}
	X509_free(before);
}

const char *chain_own_name(const char *file, char text[static CHAIN_NAME])
{
	BIO *in = BIO_new_file(file, "r");
	X509 *x = in ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;

	text[0] = '\0';
	if (x)
		name_words(X509_get_subject_name(x), text);
	X509_free(x);
	BIO_free(in);
	return text;
}

/* ---- judging ---- */

static const struct {
	long verify;
	enum chain_fault fault;
} faults[] = {
	{ X509_V_OK, CHAIN_TRUSTED },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, CHAIN_SELF_SIGNED },
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, CHAIN_UNKNOWN_ROOT },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, CHAIN_INCOMPLETE },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, CHAIN_INCOMPLETE },
	{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, CHAIN_INCOMPLETE },
	{ X509_V_ERR_CERT_HAS_EXPIRED, CHAIN_EXPIRED },
	{ X509_V_ERR_CERT_NOT_YET_VALID, CHAIN_NOT_YET },
	{ X509_V_ERR_HOSTNAME_MISMATCH, CHAIN_OTHER_NAME },
	{ X509_V_ERR_IP_ADDRESS_MISMATCH, CHAIN_OTHER_NAME },
	{ X509_V_ERR_INVALID_PURPOSE, CHAIN_OTHER_USAGE },
	{ X509_V_ERR_EE_KEY_TOO_SMALL, CHAIN_WEAK },
	{ X509_V_ERR_CA_KEY_TOO_SMALL, CHAIN_WEAK },
	{ X509_V_ERR_CA_MD_TOO_WEAK, CHAIN_WEAK },
};

/* The last certificate that hangs together with the first. */
static const struct chain_link *top_of(const struct chain *c)
{
	unsigned i = 0;

	while (i + 1 < c->count && c->links[i].signed_by_next)
		i++;
	return &c->links[i];
}

enum chain_fault chain_fault(const struct chain *c, long verify, int at)
{
	enum chain_fault fault = CHAIN_OTHER;

	if (!c->count || verify < 0)
		return CHAIN_UNSEEN;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (faults[i].verify == verify)
			fault = faults[i].fault;
	if (fault == CHAIN_TRUSTED && !c->covers)
		return CHAIN_OTHER_NAME;
	if ((fault == CHAIN_EXPIRED || fault == CHAIN_NOT_YET) && at > 0)
		return CHAIN_ISSUER_EXPIRED;
	/* A chain that goes up from the server's own lacks its root alone, which servers need not send. */
	if (fault == CHAIN_INCOMPLETE && top_of(c) != c->links)
		return CHAIN_UNKNOWN_ROOT;
	return fault;
}

bool chain_untold(enum chain_fault fault)
{
	static const bool untold[] = {
#define X(symbol, untold) [CHAIN_##symbol] = untold,
		CHAIN_FAULTS(X)
#undef X
	};

	return untold[fault];
}

static const char *day(int64_t ns, char text[static MOMENT_TEXT])
{
	moment_text(ns, text);
	text[strcspn(text, "T")] = '\0';
	return text[0] ? text : _("an unreadable day");
}

/* The certificate that libssl means: roots that it added itself stand behind those that were sent. */
static const char *meant(const struct chain *c, int at)
{
	const struct chain_link *top = top_of(c);

	if (at < 0 || (unsigned)at > c->count || !top->readable)
		return _("a certificate of the chain");
	return (unsigned)at < c->count ? c->links[at].subject : top->issuer;
}

static void gap_words(const struct chain *c, char *text, size_t size)
{
	if (c->count > 1)
		tongue_say(text, size, "the intermediate \"%s\" is missing: what the server sends does "
				       "not fit",
			 c->links[0].issuer);
	else
		tongue_say(text, size,
			 "the server sends its own certificate alone, and its issuer \"%s\" is unknown here: "
			 "an intermediate is missing, or an authority (see --cacert)",
			 c->links[0].issuer);
}

const char *chain_fault_words(const struct chain *c, enum chain_fault fault, long verify, int at,
                              const char *host, char text[static CHECK_DETAIL_MAX])
{
	char when[MOMENT_TEXT];
	const struct chain_link *own = &c->links[0];
	size_t size = CHECK_DETAIL_MAX;

	switch (fault) {
	case CHAIN_TRUSTED: snprintf(text, size, "trusted"); break;
	case CHAIN_UNSEEN: tongue_say(text, size, "no certificate was seen"); break;
	case CHAIN_SELF_SIGNED:
		tongue_say(text, size, "\"%s\" is signed by itself and not trusted here", own->subject);
		break;
	case CHAIN_UNKNOWN_ROOT:
		tongue_say(text, size, "authority \"%s\" of \"%s\" is not trusted here (see --cacert)",
			 top_of(c)->issuer, own->subject);
		break;
	case CHAIN_INCOMPLETE: gap_words(c, text, size); break;
	case CHAIN_EXPIRED:
		tongue_say(text, size, "\"%s\" expired on %s", own->subject, day(own->not_after, when));
		break;
	case CHAIN_NOT_YET:
		tongue_say(text, size, "\"%s\" is valid from %s on", own->subject,
			 day(own->not_before, when));
		break;
	case CHAIN_ISSUER_EXPIRED:
		tongue_say(text, size, "\"%s\", which signed for \"%s\", is not valid now", meant(c, at),
			 own->subject);
		break;
	case CHAIN_OTHER_NAME: tongue_say(text, size, "it is for %s, not for %s", c->names, host); break;
	case CHAIN_OTHER_USAGE:
		tongue_say(text, size, "\"%s\" is not meant for a server", meant(c, at));
		break;
	case CHAIN_WEAK:
	case CHAIN_OTHER:
		snprintf(text, size, "\"%s\": %s", meant(c, at), X509_verify_cert_error_string(verify));
		break;
	}
	return text;
}

/* ---- the certificate by itself ---- */

static void add(char text[static CHECK_DETAIL_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void add(char text[static CHECK_DETAIL_MAX], const char *format, ...)
{
	size_t used = strlen(text);
	va_list list;

	va_start(list, format);
	tongue_vsay(text + used, CHECK_DETAIL_MAX - used, format, list);
	va_end(list);
}

static enum check_state worse(enum check_state a, enum check_state b)
{
	return a > b ? a : b;
}

static enum check_state date_words(const struct chain_link *l, int64_t now,
                                   char text[static CHECK_DETAIL_MAX])
{
	char when[MOMENT_TEXT];
	const int64_t one_day = 86400 * MOMENT_S;

	if (l->not_after < now) {
		add(text, _("expired on %s; "), day(l->not_after, when));
		return CHECK_FAILED;
	}
	if (l->not_before > now) {
		add(text, _("valid from %s on; "), day(l->not_before, when));
		return CHECK_FAILED;
	}
	if ((l->not_after - now) / one_day >= SOON_DAYS)
		return CHECK_OK;
	add(text, _("expires in %d days; "), (int)((l->not_after - now) / one_day));
	return CHECK_WARNING;
}

/* Of the server's own certificate and those above it: what is weak. */
static enum check_state strength_words(const struct chain *c, char text[static CHECK_DETAIL_MAX])
{
	enum check_state state = CHECK_OK;

	for (unsigned i = 0; i < c->count; i++) {
		const struct chain_link *l = &c->links[i];

		if (!l->short_key && !l->old_signature)
			continue;
		add(text, _("weak: %s%s of \"%s\"; "), l->short_key ? l->key : l->signature,
		    l->short_key && l->old_signature ? _(" with an old signature") : "", l->subject);
		state = CHECK_WARNING;
	}
	return state;
}

enum check_state chain_words(const struct chain *c, const char *host, int64_t now,
                             char text[static CHECK_DETAIL_MAX])
{
	const struct chain_link *l = &c->links[0];
	enum check_state state;
	char when[MOMENT_TEXT];

	text[0] = '\0';
	if (!l->readable) {
		add(text, _("it cannot be parsed"));
		return CHECK_FAILED;
	}
	state = date_words(l, now, text);
	if (!c->covers) {
		add(text, _("not for %s; "), host);
		state = CHECK_FAILED;
	}
	if (!c->serves) {
		add(text, _("not meant for a server; "));
		state = CHECK_FAILED;
	}
	state = worse(state, strength_words(c, text));
	add(text, _("for %s, by \"%s\", until %s, %s%s%s, chain of %u"), c->names, l->issuer,
	    day(l->not_after, when), l->key, l->signature[0] ? ", " : "", l->signature, c->count);
	return state;
}
