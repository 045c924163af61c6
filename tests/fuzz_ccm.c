/* tests/fuzz_ccm.c - any bytes as the body of a CCM_POST and of its answer. */
#include <stdlib.h>

#include "decoders/ccm.h"
#include "tests/touch.h"

enum { ARENA_MAX = 256 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One byte says how long the Content-Type is that follows; then comes the body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(data, size);
	struct span length = span_take(&rest, 1);
	struct span type = span_take(&rest, length.len ? length.at[0] : 0);
	struct http_header header = { SPAN_LIT("Content-Type"), type };
	struct exchange x = { .path = SPAN_LIT("/ccm_system/request") };
	struct update_url url;
	struct arena arena;

	arena_init(&arena, ARENA_MAX);
	x.request = x.response = (struct http_message){ .headers = &header, .header_count = 1 };
	(void)ccm_read(&x, &x.request, rest, &arena);
	(void)ccm_read(&x, &x.response, rest, &arena);
	for (unsigned i = 0; x.location && i < x.location->count && i < LOCATIONS_KEPT; i++) {
		touch(x.location->locations[i].url);
		touch(x.location->locations[i].version);
		if (update_url_read(x.location->locations[i].url, &url))
			touch(url.host);
	}
	if (x.location)
		touch(x.location->sender);
	touch(update_service_url(rest));
	arena_release(&arena);
	return 0;
}
