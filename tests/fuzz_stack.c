/* tests/fuzz_stack.c - any bytes on both sides of a conversation: cut, skipped and lost as the input says. */
#include "base/reader.h"
#include "decoders/stack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *self, const struct fact *fact)
{
	(void)self;
	if (fact->kind != FACT_TLS && fact->kind != FACT_EXCHANGE)
		__builtin_trap();
}

/* One step: its first byte tells side, kind and how long. */
static void step(struct stack *s, struct reader *in, struct mark mark)
{
	unsigned order = reader_u8(in);
	enum side from = order & 1 ? SERVER : CLIENT;
	size_t len = (order >> 3) * (order & 4 ? 13 : 1);
	uint64_t free = stack_skippable(s, from);

	if ((order & 6) == 6 && len > 400)
		stack_close(s, from, mark);
	else if ((order & 6) == 2)
		stack_hole(s, from, len, mark);
	else if ((order & 6) == 4 && free)
		stack_skip(s, from, free < len ? free : len, mark);
	else
		stack_bytes(s, from, span_take(&in->left, len), mark);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t ports[] = { 80, 443, 8530, 8531, 3128, 1080 };
	struct reader in = reader_on(span_of(data, size));
	unsigned setting = reader_u8(&in);
	struct connection conn = { .server.port = ports[setting % 6], .joined = setting & 0x80 };
	struct limits limits = { 0 };
	struct fact_sink sink = { NULL, take };
	struct stack_context context = { .sink = &sink, .limits = &limits, .all = setting & 0x40 };
	struct mark mark = { 0, 0 };
	struct stack *s = stack_new(&context, &(struct stack_place){ .conn = &conn });

	while (s && in.left.len) {
		mark.frame++;
		mark.time++;
		step(s, &in, mark);
	}
	if (s)
		stack_end(s, STACK_END_CAPTURE, mark);
	stack_free(s);
	return 0;
}
