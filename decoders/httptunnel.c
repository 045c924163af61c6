/* decoders/httptunnel.c - a stack in a stack. */
#include "decoders/httptunnel.h"

enum { HELD_MAX = 64 * 1024, ARENA_MAX = 256 * 1024 };

void httptunnel_init(struct httptunnel *t, struct budget *budget)
{
	*t = (struct httptunnel){ .state = TUNNEL_NONE };
	buf_init_on(&t->held, HELD_MAX, budget);
	arena_init_on(&t->arena, ARENA_MAX, budget);
}

void httptunnel_release(struct httptunnel *t)
{
	stack_free(t->inner);
	buf_release(&t->held);
	arena_release(&t->arena);
}

void httptunnel_ask(struct httptunnel *t)
{
	t->state = TUNNEL_ASKED;
	buf_clear(&t->held);
}

bool httptunnel_hold(struct httptunnel *t, struct span bytes, struct mark mark)
{
	if (!t->held.len)
		t->held_mark = mark;
	return buf_add(&t->held, bytes);
}

void httptunnel_open(struct httptunnel *t, const struct layer_env *env,
                     const struct exchange *connect)
{
	struct stack_place place = { env->place.conn, env->place.tunnel, NULL, env->place.depth + 1 };

	if (connect) {
		t->outside = (struct exchange){
			.conn = place.conn, .tunnel = place.tunnel, .tls = env->place.tls,
		};
		t->outside.via_proxy = true;
		t->outside.number = connect->number;
		t->outside.method = arena_copy(&t->arena, connect->method);
		t->outside.target = arena_copy(&t->arena, connect->target);
		t->outside.host = t->outside.target;
		place.tunnel = &t->outside;
	}
	t->state = TUNNEL_OPEN;
	t->inner = stack_new(env->context, &place);
}

void httptunnel_start(struct httptunnel *t)
{
	if (t->inner && t->held.len)
		stack_bytes(t->inner, CLIENT, buf_span(&t->held), t->held_mark);
	buf_release(&t->held);
}

void httptunnel_bytes(struct httptunnel *t, enum side from, struct span bytes, struct mark mark)
{
	httptunnel_start(t);
	if (t->inner && bytes.len)
		stack_bytes(t->inner, from, bytes, mark);
}

void httptunnel_hole(struct httptunnel *t, enum side from, uint64_t len, struct mark mark)
{
	if (t->inner)
		stack_hole(t->inner, from, len, mark);
}

uint64_t httptunnel_skippable(const struct httptunnel *t, enum side from)
{
	return t->inner ? stack_skippable(t->inner, from) : UINT64_MAX;
}

void httptunnel_skip(struct httptunnel *t, enum side from, uint64_t len, struct mark mark)
{
	if (t->inner)
		stack_skip(t->inner, from, len, mark);
}

void httptunnel_close(struct httptunnel *t, enum side from, struct mark mark)
{
	if (t->inner)
		stack_close(t->inner, from, mark);
}

void httptunnel_end(struct httptunnel *t, enum stack_end how, struct mark mark)
{
	if (t->inner)
		stack_end(t->inner, how, mark);
}
