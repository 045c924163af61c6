/* analyzers/calls.c - questions about update calls. */
#include "analyzers/calls.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/tongue.h"

enum wsus_method call_method(const struct analyzer_env *env, const struct exchange *x)
{
	return relevance_exchange(env->relevance, x) ? wsus_exchange_method(x) : METHOD_UNKNOWN;
}

bool call_succeeded(const struct exchange *x)
{
	return web_served(x) && !(x->soap && x->soap->fault.present);
}

const struct soap_fault *call_fault(const struct exchange *x)
{
	const struct soap_fault *fault = x->soap ? &x->soap->fault : NULL;

	return fault && fault->present && fault->error_code.len ? fault : NULL;
}

enum soap_error call_error(const struct exchange *x)
{
	const struct soap_fault *fault = call_fault(x);

	return fault ? soap_error_of(fault) : SOAP_ERROR_NONE;
}

const char *call_error_name(enum soap_error e)
{
	static const char *const names[] = {
#define X(symbol, text, heals) [SOAP_ERROR_##symbol] = text,
		SOAP_ERRORS(X)
#undef X
	};

	return e < SOAP_ERROR_OTHER ? names[e] : "";
}

bool call_error_restarts(enum soap_error e)
{
	return e == SOAP_ERROR_CONFIG_CHANGED || e == SOAP_ERROR_COOKIE_EXPIRED ||
	       e == SOAP_ERROR_INVALID_COOKIE || e == SOAP_ERROR_SERVER_CHANGED ||
	       e == SOAP_ERROR_INVALID_AUTHORIZATION_COOKIE;
}

const struct wsus_call *call_values(const struct exchange *x)
{
	return x->soap ? x->soap->values : NULL;
}

bool call_is_between_servers(enum wsus_method m)
{
	return (m >= METHOD_GET_ROLLUP_CONFIGURATION && m <= METHOD_ROLLUP_COMPUTER_STATUS) ||
	       (m >= METHOD_DSS_GET_AUTH_CONFIG && m <= METHOD_DSS_GET_AUTHORIZATION_COOKIE);
}

struct call_key call_key(const struct exchange *x)
{
	struct endpoint_key server = endpoint_key(&x->conn->server);
	uint64_t name = hash_bytes(0, x->host.len ? x->host : ENDPOINT_SPAN(server));
	struct call_key k;

	memcpy(k.bytes, x->conn->client.addr.bytes, 16);
	memcpy(k.bytes + 16, &name, sizeof name);
	return k;
}

int64_t call_time(const struct exchange *x)
{
	return x->request.present ? x->request.first_time : x->response.first_time;
}

int64_t call_apart(int64_t a, int64_t b)
{
	int64_t apart;

	if (__builtin_sub_overflow(a, b, &apart))
		return a > b ? INT64_MAX : -INT64_MAX;
	return apart == INT64_MIN ? -INT64_MAX : apart;
}

const char *call_spell(int64_t ns, char text[static SPELL_TEXT])
{
	uint64_t minute = 60 * (uint64_t)MOMENT_S;
	uint64_t minutes = ((uint64_t)(ns < 0 ? -(ns + 1) : ns) + minute / 2) / minute;
	uint64_t hours = minutes / 60, days = hours / 24;

	if (days)
		snprintf(text, SPELL_TEXT, "%llu d %llu h", (unsigned long long)days,
		         (unsigned long long)(hours % 24));
	else if (hours)
		tongue_say(text, SPELL_TEXT, "%llu h %llu min", (unsigned long long)hours,
		         (unsigned long long)(minutes % 60));
	else
		tongue_say(text, SPELL_TEXT, "%llu min", (unsigned long long)minutes);
	return text;
}
