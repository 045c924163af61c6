/* decoders/httptunnel.c - a stack in a stack. */
#include "decoders/httptunnel.h"

enum { HELD_MAX = 64 * 1024, ARENA_MAX = 256 * 1024 };

struct piece_head {                     /* stands before a piece's bytes, not aligned */
	size_t len;
	struct mark mark;
};

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
	t->handed = 0;
	buf_clear(&t->held);
}

bool httptunnel_hold(struct httptunnel *t, struct span bytes, struct mark mark)
{
	struct piece_head head = { 0, mark };

	if (t->held.len)
		memcpy(&head, t->held.at + t->last, sizeof head);
	if (!t->held.len || head.mark.frame != mark.frame) {
		t->last = t->held.len;
		head = (struct piece_head){ 0, mark };
		if (!buf_add(&t->held, span_of(&head, sizeof head)))
			return false;
	}
	if (!buf_add(&t->held, bytes))
		return false;
	head.len += bytes.len;
	memcpy(t->held.at + t->last, &head, sizeof head);
	return true;
}

bool httptunnel_piece(struct span *held, int64_t until, struct span *bytes, struct mark *mark)
{
	struct piece_head head;

	if (!held->len)
		return false;
	memcpy(&head, held->at, sizeof head);
	if (head.mark.time > until)
		return false;
	span_take(held, sizeof head);
	*bytes = span_take(held, head.len);
	*mark = head.mark;
	return true;
}

static void hand_on(struct httptunnel *t, int64_t until)
{
	struct span held = span_skip(buf_span(&t->held), t->handed), bytes;
	struct mark mark;

	if (!held.len)
		return;
	while (httptunnel_piece(&held, until, &bytes, &mark))
		if (t->inner)
			stack_bytes(t->inner, CLIENT, bytes, mark);
	t->handed = t->held.len - held.len;
	if (!held.len)
		buf_release(&t->held);
}

/* What the client sent comes before whatever is told of it next, and before what the server sent later. */
static void take_turns(struct httptunnel *t, enum side from, struct mark mark)
{
	hand_on(t, from == CLIENT ? INT64_MAX : mark.time);
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

void httptunnel_bytes(struct httptunnel *t, enum side from, struct span bytes, struct mark mark)
{
	take_turns(t, from, mark);
	if (t->inner && bytes.len)
		stack_bytes(t->inner, from, bytes, mark);
}

void httptunnel_hole(struct httptunnel *t, enum side from, uint64_t len, struct mark mark)
{
	take_turns(t, from, mark);
	if (t->inner)
		stack_hole(t->inner, from, len, mark);
}

uint64_t httptunnel_skippable(const struct httptunnel *t, enum side from)
{
	if (from == CLIENT && t->held.len)
		return 0;
	return t->inner ? stack_skippable(t->inner, from) : UINT64_MAX;
}

void httptunnel_skip(struct httptunnel *t, enum side from, uint64_t len, struct mark mark)
{
	take_turns(t, from, mark);
	if (t->inner)
		stack_skip(t->inner, from, len, mark);
}

void httptunnel_close(struct httptunnel *t, enum side from, struct mark mark)
{
	take_turns(t, from, mark);
	if (t->inner)
		stack_close(t->inner, from, mark);
}

void httptunnel_end(struct httptunnel *t, enum stack_end how, struct mark mark)
{
	hand_on(t, INT64_MAX);
	if (t->inner)
		stack_end(t->inner, how, mark);
}
