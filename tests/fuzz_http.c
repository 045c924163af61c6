/* tests/fuzz_http.c - the HTTP layer on any bytes of two sides: no crash, no growth, every fact
 * sound.
 *
 * Input: a byte of switches, then turns: a byte that says what and whose, a byte of length, the
 * bytes.
 */
#include <stdlib.h>

#include "decoders/contenthash.h"
#include "decoders/http.h"
#include "decoders/layer.h"
#include "tests/touch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void touch_message(const struct http_message *m)
{
	for (size_t i = 0; i < m->header_count; i++) {
		touch(m->headers[i].name);
		touch(m->headers[i].value);
	}
	if (m->body.start.len > EXCHANGE_BODY_KEPT)
		abort();
	touch(m->body.start);
}

static void take_fact(void *self, const struct fact *fact)
{
	const struct exchange *x = fact->exchange;
	uint64_t *facts = self;

	++*facts;
	if (fact->kind != FACT_EXCHANGE)
		return;
	if (!x->request.present && !x->response.present)
		abort();
	touch(x->method);
	touch(x->target);
	touch(x->host);
	touch(x->path);
	touch(x->reason);
	touch(x->server_auth.user);
	touch(x->proxy_auth.user);
	touch_message(&x->request);
	touch_message(&x->response);
	if (x->tunnel)
		touch(x->tunnel->host);
}

static void turn(void *layer, struct span *in, struct mark mark)
{
	uint8_t what = span_take(in, 1).at[0];
	uint8_t len = in->len ? span_take(in, 1).at[0] : 0;
	enum side from = what & 1 ? SERVER : CLIENT;
	uint64_t room;

	switch (what >> 1 & 7) {
	case 5:
		layer_http.hole(layer, from, (uint64_t)len + 1, mark);
		break;
	case 6:
		room = layer_http.skippable(layer, from);
		if (room)
			layer_http.skip(layer, from, room < len ? room : len, mark);
		break;
	case 7:
		layer_http.close(layer, from, mark);
		break;
	default:
		layer_http.bytes(layer, from, span_take(in, len), mark);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);
	uint8_t switches = size ? data[0] : 0;
	uint64_t facts = 0;
	struct fact_sink sink = { &facts, take_fact };
	struct limits limits = { { 0 } };
	struct connection conn = { .joined = switches & 1, .one_sided = switches & 2 };
	struct http_pool *pool = switches & 4 ? http_pool_new() : NULL;
	struct contenthash *hashes = contenthash_new(&limits, NULL);
	struct stack_context context = {
		.sink = &sink, .limits = &limits, .all = switches & 8, .exchanges = pool, .hashes = hashes,
	};
	struct layer_env env = { .context = &context, .place = { .conn = &conn }, .joined = conn.joined };
	struct mark mark = { 1, 0 };
	void *layer = layer_http.create(&env);

	if (!layer)
		return 0;
	in = span_skip(in, 1);
	while (in.len) {
		turn(layer, &in, mark);
		mark.frame++;
		mark.time += 10 * MOMENT_MS;
	}
	layer_http.end(layer, (enum stack_end)(switches >> 4 & 3), mark);
	layer_http.destroy(layer);
	http_pool_free(pool);
	contenthash_free(hashes);
	if (facts > size)
		abort();
	return 0;
}
