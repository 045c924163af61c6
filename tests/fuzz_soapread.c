/* tests/fuzz_soapread.c - answers to calls of a probe, and the file with the version of a server, as any
 * server may send them. */
#include <assert.h>

#include "probes/serverversion.h"
#include "probes/soapread.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char version[SERVER_VERSION_MAX];
	struct soap_answer a;
	bool old;

	assert(soap_read(span_of(data, size), &a) == a.whole);
	assert(a.text.len <= SOAP_TEXT_MAX && strlen(a.method) < SOAP_METHOD_MAX);
	for (size_t i = 0; i < SOAP_VALUE_COUNT; i++) {
		struct span s = soap_value(&a, (enum soap_value)i);

		assert(!s.len || (s.at >= a.text.at && s.at + s.len <= a.text.at + a.text.len));
	}
	soap_release(&a);
	if (server_version_read(span_of(data, size), version))
		assert(server_version_product(span_text(version), &old));
	return 0;
}
