/* probes/fetchtls.c - callbacks in curl's SSL_CTX. */
#include "probes/fetchtls.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "facts/tls.h"

static struct fetchtls_shake *shake_of(const SSL *ssl)
{
	return SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
}

static void log_key(const SSL *ssl, const char *line)
{
	tape_secret(shake_of(ssl)->of->tape, span_text(line));
}

/* The spans are set when the chain is whole: the buffer may move. */
static void keep_chain(struct fetchtls *t, X509_STORE_CTX *store)
{
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(store);
	size_t ends[FETCH_CHAIN_MAX], from = 0;
	unsigned count = 0;

	if (t->result->chain_count)
		return;
	buf_clear(&t->chain);
	for (int i = 0; i < sk_X509_num(sent) && count < FETCH_CHAIN_MAX; i++) {
		int const len = i2d_X509(sk_X509_value(sent, i), NULL);
		uint8_t *to = len > 0 ? buf_reserve(&t->chain, (size_t)len) : NULL;

		if (!to)
			break;
		i2d_X509(sk_X509_value(sent, i), &to);
		t->chain.len += (size_t)len;
		ends[count++] = t->chain.len;
	}
	t->result->chain_count = count;
	for (unsigned i = 0; i < count; i++) {
		t->result->chain[i] = span_of(t->chain.at + from, ends[i] - from);
		from = ends[i];
	}
}

/* Told of every certificate that is fine, and of every error.  An address is a name as well. */
static int verify(int good, X509_STORE_CTX *store)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct fetchtls *t = shake_of(ssl)->of;
	struct fetch_result *r = t->result;
	int error = X509_STORE_CTX_get_error(store);

	keep_chain(t, store);
	if (good) {
		if (r->verify < 0)
			r->verify = X509_V_OK;
		return 1;
	}
	if (error == X509_V_ERR_IP_ADDRESS_MISMATCH)
		error = X509_V_ERR_HOSTNAME_MISMATCH;
	if (r->verify <= 0) {
		r->verify = error;
		r->verify_at = X509_STORE_CTX_get_error_depth(store);
	}
	if (!t->insecure)
		return 0;
	/* curl asks libssl for the result once more. */
	X509_STORE_CTX_set_error(store, X509_V_OK);
	return 1;
}

/* libssl wants to know what we show: in answer to the server's CertificateRequest alone. */
static int asked_for_ours(SSL *ssl, void *self)
{
	struct fetchtls *t = self;

	(void)ssl;
	t->result->certificate_asked = true;
	return 1;
}

static void agreed(struct fetchtls_shake *s, const SSL *ssl)
{
	struct fetch_result *r = s->of->result;
	const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);

	if (cipher) {
		r->tls_version = (uint16_t)SSL_version(ssl);
		r->cipher = SSL_CIPHER_get_name(cipher);
	}
}

static void secured(struct fetchtls_shake *s, const SSL *ssl)
{
	agreed(s, ssl);
	if (s->done)
		return;
	s->done = true;
	s->of->result->secured = loop_clock(s->of->loop);
}

static void heard_alert(struct fetchtls *t, int value)
{
	enum { FATAL = 2 };

	if (value >> 8 == FATAL)
		t->result->alert = value & 0xff;
}

static void inform(const SSL *ssl, int where, int value)
{
	struct fetchtls_shake *s = shake_of(ssl);

	if (where & SSL_CB_HANDSHAKE_DONE)
		secured(s, ssl);
	else if (where & SSL_CB_HANDSHAKE_START)
		/* libssl tells none of TLS 1.3's messages after the handshake so. */
		s->of->result->asked_again |= s->done;
	else if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT)
		heard_alert(s->of, value);
	else if (where & SSL_CB_LOOP && !s->done)
		agreed(s, ssl);
}

/* What libssl itself would not do any more is asked for to see whether the other side does. */
static bool weakens(const struct fetchtls *t)
{
	return t->ciphers[0] || (t->min && t->min < TLS_1_2) || (t->max && t->max < TLS_1_2);
}

static bool bound(const struct fetchtls *t, SSL_CTX *ctx)
{
	if (weakens(t)) {
		SSL_CTX_set_security_level(ctx, 0);
		if (!SSL_CTX_set_min_proto_version(ctx, t->min))
			return false;
	}
	if (t->min && !SSL_CTX_set_min_proto_version(ctx, t->min))
		return false;
	if (t->max && !SSL_CTX_set_max_proto_version(ctx, t->max))
		return false;
	return !t->ciphers[0] || SSL_CTX_set_cipher_list(ctx, t->ciphers);
}

static bool name(SSL_CTX *ctx, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);
	struct addr address;

	if (addr_parse(span_text(host), &address))
		return X509_VERIFY_PARAM_set1_ip_asc(param, host);
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(param, host, 0);
}

/* What was agreed with the proxy is not what was agreed with the server; but its error stays. */
static void forget(struct fetch_result *r)
{
	r->alert = -1;
	r->chain_count = 0;
	r->tls_version = 0;
	r->cipher = NULL;
	if (r->verify == X509_V_OK)
		r->verify = -1;
}

static CURLcode context(CURL *easy, void *ssl_ctx, void *self)
{
	struct fetchtls *t = self;
	SSL_CTX *ctx = ssl_ctx;
	struct fetchtls_shake *s;

	(void)easy;
	if (t->begun >= t->expected)
		return CURLE_SSL_CONNECT_ERROR;
	s = &t->shakes[t->begun++];
	forget(t->result);
	SSL_CTX_set_app_data(ctx, s);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, verify);
	SSL_CTX_set_info_callback(ctx, inform);
	SSL_CTX_set_keylog_callback(ctx, log_key);
	SSL_CTX_set_cert_cb(ctx, asked_for_ours, t);
	/* As Windows does: servers that never heard of RFC 5746 are talked to as well. */
	SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
	if (!name(ctx, s->host))
		return CURLE_OUT_OF_MEMORY;
	return bound(t, ctx) ? CURLE_OK : CURLE_SSL_CIPHER;
}

static void expect(struct fetchtls *t, const char *host)
{
	struct fetchtls_shake *s;

	if (!host)
		return;
	s = &t->shakes[t->expected++];
	s->of = t;
	snprintf(s->host, sizeof s->host, "%s", host);
}

/* curl is not to judge by itself what libssl has judged; but it must have it judged. */
static bool set_judge(CURL *easy)
{
	static const struct {
		CURLoption option;
		long value;
	} rows[] = {
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_PROXY_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 0 },
		{ CURLOPT_PROXY_SSL_VERIFYHOST, 0 },
		{ CURLOPT_SSL_ENABLE_ALPN, 0 },
		{ CURLOPT_SSL_SESSIONID_CACHE, 0 },
	};
	bool good = true;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		good = !curl_easy_setopt(easy, rows[i].option, rows[i].value) && good;
	return good;
}

/* A key that has a password is refused: nobody is to be asked for it on the terminal. */
static bool set_files(CURL *easy, const struct fetch_tls *wanted)
{
	const struct {
		CURLoption option;
		const char *file;
	} rows[] = {
		{ CURLOPT_CAINFO, wanted->authorities },
		{ CURLOPT_PROXY_CAINFO, wanted->authorities },
		{ CURLOPT_SSLCERT, wanted->certificate },
		{ CURLOPT_SSLKEY, wanted->key },
		{ CURLOPT_KEYPASSWD, wanted->certificate ? "" : NULL },
	};
	bool good = true;

	/* Beside a file of authorities, a directory would add some, and keep curl from reading the file only
	 * once for all. */
	if (wanted->authorities || curl_version_info(CURLVERSION_NOW)->cainfo)
		good = !curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) &&
		       !curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].file)
			good = !curl_easy_setopt(easy, rows[i].option, rows[i].file) && good;
	return good;
}

bool fetchtls_init(struct fetchtls *t, CURL *easy, const struct fetch_tls *wanted, const char *proxy,
                   const char *server)
{
	int const len = snprintf(t->ciphers, sizeof t->ciphers, "%s", wanted->ciphers ? wanted->ciphers : "");

	t->min = wanted->min;
	t->max = wanted->max;
	t->insecure = wanted->insecure;
	buf_init(&t->chain, FETCHTLS_CHAIN_BYTES);
	expect(t, proxy);
	expect(t, server);
	return (size_t)len < sizeof t->ciphers && set_judge(easy) && set_files(easy, wanted) &&
	       !curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, context) &&
	       !curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, t);
}

void fetchtls_release(struct fetchtls *t)
{
	buf_release(&t->chain);
}

void fetchtls_begin(struct fetchtls *t)
{
	struct fetch_result *r = t->result;

	t->begun = 0;
	for (unsigned i = 0; i < t->expected; i++)
		t->shakes[i].done = false;
	r->verify = X509_V_OK;
	r->verify_at = 0;
	forget(r);
	r->secured = MOMENT_NONE;
}

bool fetchtls_secured(const struct fetchtls *t)
{
	unsigned done = 0;

	for (unsigned i = 0; i < t->expected; i++)
		done += t->shakes[i].done;
	return done == t->expected;
}
