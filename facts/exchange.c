/* facts/exchange.c - the words of exchanges, and looking a header up. */
#include "facts/exchange.h"

const char *http_anomaly_text(enum http_anomaly a)
{
#define X(symbol, text) [HTTP_##symbol] = text,
	static const char *const texts[] = { HTTP_ANOMALIES(X) };
#undef X
	return texts[a];
}

const char *exchange_end_text(enum exchange_end e)
{
#define X(symbol, text) [EXCHANGE_##symbol] = text,
	static const char *const texts[] = { EXCHANGE_ENDS(X) };
#undef X
	return texts[e];
}

const char *auth_scheme_name(enum auth_scheme s)
{
#define X(symbol, name) [AUTH_##symbol] = name,
	static const char *const names[] = { AUTH_SCHEMES(X) };
#undef X
	return names[s];
}

const char *auth_step_name(enum auth_step s)
{
#define X(symbol, name) [AUTH_STEP_##symbol] = name,
	static const char *const names[] = { AUTH_STEPS(X) };
#undef X
	return names[s];
}

bool auth_step_goes_on(enum auth_step s)
{
	switch (s) {
	case AUTH_STEP_NTLM_CHALLENGE:
	case AUTH_STEP_SPNEGO_TOKEN:
	case AUTH_STEP_KERBEROS:
		return true;
	case AUTH_STEP_NONE:
	case AUTH_STEP_CREDENTIALS:
	case AUTH_STEP_NTLM_NEGOTIATE:
	case AUTH_STEP_NTLM_AUTHENTICATE:
	case AUTH_STEP_KERBEROS_ERROR:
	case AUTH_STEP_COMPLETED:
	case AUTH_STEP_REJECTED:
	case AUTH_STEP_COUNT:
		return false;
	}
	return false;
}

struct span http_header(const struct http_message *m, struct span name)
{
	for (size_t i = 0; i < m->header_count; i++) {
		if (span_ieq(m->headers[i].name, name))
			return m->headers[i].value;
	}
	return (struct span){ NULL, 0 };
}

bool http_range_is_done(const struct exchange *x)
{
	struct span asked, told;
	uint64_t from, size;

	if (x->status != 416)
		return false;
	asked = http_header(&x->request, SPAN("Range"));
	told = http_header(&x->response, SPAN("Content-Range"));
	if (!span_istarts(asked, SPAN("bytes=")) || !span_iends(asked, SPAN("-")) ||
	    !span_istarts(told, SPAN("bytes */")))
		return false;
	span_take(&asked, SPAN("bytes=").len);
	asked.len--;
	span_take(&told, SPAN("bytes */").len);
	return span_decimal(asked, &from) && span_decimal(span_trim(told), &size) && from == size;
}
