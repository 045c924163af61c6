/* decoders/tlsinner.c - a stack in a stack, as httptunnel.c is. */
#include "decoders/tlsinner.h"

enum { EARLY_MAX = 64 * 1024 };

void tlsinner_init(struct tlsinner *t, const struct layer_env *env, const struct tls_session *session)
{
	*t = (struct tlsinner){ .env = *env };
	t->env.place.tls = session;
	t->env.place.depth = env->place.depth + 1;
	buf_init_on(&t->early, EARLY_MAX, env->context->budget);
}

void tlsinner_release(struct tlsinner *t)
{
	stack_free(t->stack);
	buf_release(&t->early);
}

static bool stack_there(struct tlsinner *t, struct mark mark)
{
	if (t->stack || t->refused)
		return t->stack;
	t->stack = stack_new(t->env.context, &t->env.place);
	t->refused = !t->stack;
	for (enum side side = CLIENT; t->stack && side <= SERVER; side++) {
		if (t->lost[side])
			stack_hole(t->stack, side, STACK_UNKNOWN, mark);
		if (t->closed[side])
			stack_close(t->stack, side, mark);
	}
	return t->stack;
}

void tlsinner_bytes(struct tlsinner *t, enum side from, struct span bytes, struct mark mark)
{
	if (bytes.len && stack_there(t, mark))
		stack_bytes(t->stack, from, bytes, mark);
}

void tlsinner_hole(struct tlsinner *t, enum side from, size_t len, struct mark mark)
{
	t->lost[from] |= !t->stack;
	if (t->stack && len)
		stack_hole(t->stack, from, len == SIZE_MAX ? STACK_UNKNOWN : len, mark);
}

/* When all pieces are taken, the last one grows. */
void tlsinner_hold(struct tlsinner *t, struct span bytes, struct mark mark)
{
	if (!buf_add(&t->early, bytes)) {
		tlsinner_refuse(t);
		t->lost[CLIENT] = true;
		return;
	}
	if (t->piece_count == TLSINNER_EARLY_PIECES)
		t->piece_count--;
	else
		t->pieces[t->piece_count].len = 0;
	t->pieces[t->piece_count].len += bytes.len;
	t->pieces[t->piece_count++].mark = mark;
}

void tlsinner_take(struct tlsinner *t)
{
	struct span early = buf_span(&t->early);

	for (size_t i = 0; i < t->piece_count; i++)
		tlsinner_bytes(t, CLIENT, span_take(&early, t->pieces[i].len), t->pieces[i].mark);
	tlsinner_refuse(t);
}

void tlsinner_refuse(struct tlsinner *t)
{
	buf_release(&t->early);
	t->piece_count = 0;
}

void tlsinner_close(struct tlsinner *t, enum side from, struct mark mark)
{
	if (t->closed[from])
		return;
	t->closed[from] = true;
	if (t->stack)
		stack_close(t->stack, from, mark);
}

void tlsinner_end(struct tlsinner *t, enum stack_end how, struct mark mark)
{
	tlsinner_take(t);               /* nobody said what became of them */
	if (t->stack)
		stack_end(t->stack, how, mark);
}
