/* probes/fetchwords.c - the surest cause first; curl's own words only where there are no better ones. */
#include "probes/fetchwords.h"

#include <openssl/x509.h>
#include <stdio.h>

#include "base/tongue.h"
#include "facts/tls.h"

/* What libssl says when it cannot go on, as curl cites it: the last part of its error. */
static const struct {
	const char *reason, *words;
} reasons[] = {
	{ "wrong version number", N_("what it answers is not TLS") },
	{ "packet length too long", N_("what it answers is not TLS") },
	{ "unexpected message", N_("its handshake makes no sense") },
	{ "unsupported protocol", N_("it has none of the TLS versions that were offered") },
	{ "no protocols available", N_("none of the TLS versions asked for can be offered here") },
	{ "dh key too small", N_("its Diffie-Hellman group is too small") },
	{ "ee key too small", N_("the key of its certificate is too small") },
	{ "ca md too weak", N_("its certificate is signed with a hash that is too weak") },
};

static const char not_http[] = N_("the answer is not HTTP");

/* Codes that say enough by themselves.  X509 and alerts are asked before. */
static const struct {
	CURLcode code;
	const char *words;
} codes[] = {
	{ CURLE_OUT_OF_MEMORY, N_("out of memory") },
	{ CURLE_SSL_CERTPROBLEM, N_("the client certificate or its key cannot be used") },
	{ CURLE_SSL_CACERT_BADFILE, N_("the file of trusted authorities cannot be read") },
	{ CURLE_SSL_CIPHER, N_("none of the ciphers or versions asked for can be offered here") },
	{ CURLE_UNSUPPORTED_PROTOCOL, not_http },
	{ CURLE_WEIRD_SERVER_REPLY, N_("the answer is not HTTP, or contradicts itself") },
	{ CURLE_RECV_ERROR, N_("what it sends contradicts itself") },
	{ CURLE_BAD_CONTENT_ENCODING, N_("the transfer coding of the answer is not understood") },
	{ CURLE_BAD_FUNCTION_ARGUMENT, N_("what follows the chunks of the answer has no end") },
	{ CURLE_LOGIN_DENIED, N_("the login was refused") },
	{ CURLE_AUTH_ERROR, N_("no login could be made: there is no ticket, or it is not for this host") },
};

static const char *who(const struct fetch_result *r, const struct fetchwords *w)
{
	if (!w->proxied)
		return _("the server");
	return r->stage == FETCH_TUNNEL || !w->tls ? _("the proxy") : _("the other side");
}

static const char *what(enum fetch_stage stage)
{
	static const char *const missing[] = {
		[FETCH_CONNECT] = N_("the connection was made"), [FETCH_TUNNEL] = N_("it answered CONNECT"),
		[FETCH_TLS] = N_("the handshake was done"),      [FETCH_ANSWER] = N_("it answered"),
		[FETCH_BODY] = N_("all was sent"),               [FETCH_DONE] = "",
	};

	return _(missing[stage]);
}

static bool say_refused(struct fetch_result *r)
{
	if (r->stage != FETCH_TUNNEL || !r->connect_status)
		return false;
	tongue_say(r->error, sizeof r->error, "the proxy answered CONNECT with %u", r->connect_status);
	return true;
}

static bool say_certificate(struct fetch_result *r)
{
	if (r->stage != FETCH_TLS || r->verify <= X509_V_OK || r->code != CURLE_PEER_FAILED_VERIFICATION)
		return false;
	tongue_say(r->error, sizeof r->error, "the certificate is not trusted: %s",
	         X509_verify_cert_error_string(r->verify));
	return true;
}

static bool say_alert(struct fetch_result *r, const struct fetchwords *w)
{
	if (r->alert < 0)
		return false;
	tongue_say(r->error, sizeof r->error, "%s sent the alert %s", who(r, w),
	         tls_alert_name((unsigned)r->alert));
	return true;
}

static bool say_head(struct fetch_result *r, const struct fetchwords *w)
{
	/* A line without an end is more than curl takes, which it calls so. */
	bool const line = r->code == CURLE_OUT_OF_MEMORY && w->heard >= CURL_MAX_HTTP_HEADER;

	if (!w->head_full && !line && !w->garbled)
		return false;
	snprintf(r->error, sizeof r->error, "%s",
	         w->garbled ? _(not_http) : _("the headers of the answer have no end"));
	return true;
}

static bool say_reason(struct fetch_result *r, const struct fetchwords *w)
{
	struct span const said = span_text(w->curl_said);
	size_t const at = span_find(said, SPAN("::"));
	struct span reason = span_skip(said, at == SIZE_MAX ? said.len : at + 2);

	if (r->code != CURLE_SSL_CONNECT_ERROR || !reason.len)
		return false;
	while (reason.len && reason.at[0] == ':')
		span_take(&reason, 1);
	/* Of DER that is none libssl tells by many words. */
	if (span_find(said, SPAN("asn1 encoding routines")) != SIZE_MAX) {
		tongue_say(r->error, sizeof r->error, "its certificate cannot be read");
		return true;
	}
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (span_ieq(reason, span_text(reasons[i].reason))) {
			snprintf(r->error, sizeof r->error, "%s", _(reasons[i].words));
			return true;
		}
	/* "unexpected eof while reading" is told by who ended. */
	if (w->ended || w->reset)
		return false;
	snprintf(r->error, sizeof r->error, "%.*s", (int)reason.len, (const char *)reason.at);
	return true;
}

static bool say_end(struct fetch_result *r, const struct fetchwords *w)
{
	if (!w->reset && !w->ended)
		return false;
	tongue_say(r->error, sizeof r->error,
		   w->reset ? N_("%s reset the connection before %s") : N_("%s closed the connection "
									   "before %s"),
		   who(r, w), what(r->stage));
	return true;
}

static bool say_late(struct fetch_result *r, const struct fetchwords *w)
{
	if (r->code != CURLE_OPERATION_TIMEDOUT)
		return false;
	tongue_say(r->error, sizeof r->error, "%.1f s went by before %s%s",
	         (double)w->timeout / (double)MOMENT_S, what(r->stage),
	         w->head_begun && r->stage == FETCH_ANSWER ? _(" to the end") : "");
	return true;
}

static bool say_code(struct fetch_result *r)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].code == r->code) {
			snprintf(r->error, sizeof r->error, "%s", _(codes[i].words));
			return true;
		}
	return false;
}

/* Codes of curl that stand for a broken connection say less than how it broke. */
static bool is_vague(CURLcode code)
{
	return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
	       code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE || code == CURLE_COULDNT_CONNECT ||
	       code == CURLE_OK;
}

void fetchwords_explain(struct fetch_result *r, const struct fetchwords *w)
{
	r->error[0] = '\0';
	if (r->stage == FETCH_DONE)
		return;
	if (r->stage == FETCH_CONNECT && r->code == CURLE_COULDNT_CONNECT) {
		dial_text(&r->dial, r->error);
		return;
	}
	if (say_refused(r) || say_certificate(r) || say_alert(r, w) || say_head(r, w) || say_reason(r, w))
		return;
	if ((is_vague(r->code) && say_end(r, w)) || say_late(r, w) || say_code(r))
		return;
	snprintf(r->error, sizeof r->error, "%s", curl_easy_strerror(r->code));
}
