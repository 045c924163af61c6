/* tests/fuzz_auth.c - any bytes as a login token, bare and in the headers of both sides. */
#include <stdlib.h>

#include "decoders/auth.h"
#include "decoders/spnego.h"
#include "tests/touch.h"

enum { ARENA_MAX = 64 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_header header = { SPAN_LIT("A"), { data, size } };
	struct http_message message = { .headers = &header, .header_count = 1 };
	struct auth auth = { .sent = false };
	struct auth_token token;
	struct arena arena;

	arena_init(&arena, ARENA_MAX);
	spnego_open(span_of(data, size), &token, &arena);
	touch(token.ntlm.user);
	touch(token.ntlm.service);
	touch(token.kerberos.service);
	auth_read_request(&auth, &message, SPAN("A"), &arena);
	auth_read_response(&auth, &message, SPAN("A"), &arena);
	touch(auth.user);
	touch(auth.domain);
	touch(auth.workstation);
	if (auth_step_name(auth.sent_step)[0] == '\0' || auth_step_name(auth.answer_step)[0] == '\0')
		abort();
	arena_release(&arena);
	return 0;
}
