/* decoders/httptunnel.c - a stack in a stack. */
#include "decoders/httptunnel.h"

enum { HELD_MAX = 64 * 1024, ARENA_MAX = 256 * 1024 };

void httptunnel_init(struct httptunnel *t)
{
	*t = (struct httptunnel){ .state = TUNNEL_NONE };
	buf_init(&t->held, HELD_MAX);
	arena_init(&t->arena, ARENA_MAX);
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
	const struct exchange *outside = env->tunnel;

	if (connect) {
		t->outside = (struct exchange){ .conn = env->conn, .tunnel = env->tunnel };
		t->outside.via_proxy = true;
		t->outside.number = connect->number;
		t->outside.method = arena_copy(&t->arena, connect->method);
		t->outside.target = arena_copy(&t->arena, connect->target);
		t->outside.host = t->outside.target;
		outside = &t->outside;
	}
	t->state = TUNNEL_OPEN;
	t->inner = stack_new(env->context, env->conn, outside, env->depth + 1);
}

void httptunnel_start(struct httptunnel *t)
{
	if (t->inner && t->held.len)
		stack_bytes(t->inner, CLIENT, buf_span(&t->held), t->held_mark);
	buf_release(&t->held);
}
