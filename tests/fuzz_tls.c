/* tests/fuzz_tls.c - any bytes on both sides of a TLS session: cut, skipped and lost as the input says. */
#include "base/reader.h"
#include "decoders/layer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *self, const struct fact *fact)
{
	(void)self;
	if (fact->kind != FACT_TLS || strlen(fact->tls->server_name) >= TLS_NAME_MAX)
		__builtin_trap();
}

/* One step: its first byte tells side, kind and how long. */
static void step(void *self, struct reader *in, struct mark mark)
{
	unsigned order = reader_u8(in);
	enum side from = order & 1 ? SERVER : CLIENT;
	size_t len = (order >> 3) * (order & 4 ? 13 : 1);
	uint64_t free = layer_tls.skippable(self, from);

	if ((order & 6) == 2)
		layer_tls.hole(self, from, len, mark);
	else if ((order & 6) == 4 && free)
		layer_tls.skip(self, from, free < len ? free : len, mark);
	else
		layer_tls.bytes(self, from, span_take(&in->left, len), mark);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct connection conn;
	struct limits limits = { 0 };
	struct fact_sink sink = { NULL, take };
	struct stack_context context = { .sink = &sink, .limits = &limits };
	struct layer_env env = { .context = &context, .place = { .conn = &conn }, .joined = size & 1 };
	struct reader in = reader_on(span_of(data, size));
	struct mark mark = { 0, 0 };
	void *self = layer_tls.create(&env);

	while (self && in.left.len) {
		mark.frame++;
		mark.time++;
		step(self, &in, mark);
	}
	if (self) {
		layer_tls.end(self, STACK_END_CAPTURE, mark);
		layer_tls.destroy(self);
	}
	return 0;
}
