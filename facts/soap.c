/* facts/soap.c - the words of calls, and what faults mean. */
#include "facts/soap.h"

static const struct error_row {
	struct span text;
	bool heals;
} errors[] = {
#define X(symbol, text, heals) [SOAP_ERROR_##symbol] = { SPAN_LIT(text), heals },
	SOAP_ERRORS(X)
#undef X
};

enum soap_error soap_error_of(const struct soap_fault *fault)
{
	if (!fault->error_code.len)
		return SOAP_ERROR_NONE;
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (span_eq(errors[i].text, fault->error_code))
			return (enum soap_error)i;
	return SOAP_ERROR_OTHER;
}

bool soap_error_heals(enum soap_error e)
{
	return e < SOAP_ERROR_OTHER && errors[e].heals;
}

const char *soap_anomaly_text(enum soap_anomaly a)
{
	static const char *const texts[] = {
#define X(symbol, text) [SOAP_##symbol] = text,
		SOAP_ANOMALIES(X)
#undef X
	};

	return texts[a];
}
