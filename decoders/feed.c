/* decoders/feed.c - in order, in place where possible; gaps are told, never guessed. */
#include "decoders/feed.h"

/* A host that captures with several queues drains each in batches of up to 64 frames (NAPI's
 * weight), so an acknowledgment may overtake its data by some packets; by time, 200 ms is far above
 * any batch. */
enum { PATIENCE_PACKETS = 32 };
static const int64_t PATIENCE = 200 * MOMENT_MS;

/* A stack is made for the first bytes, so a connection without any costs none; a FIN may have come
 * before. */
static bool stack_there(const struct life_env *env, struct life *life, struct mark mark)
{
	if (life->stack || life->stackless)
		return life->stack;
	life->stack = stack_new(env->context, &(struct stack_place){ .conn = &life->conn });
	if (!life->stack) {
		life->stackless = true;
		limit_add(env->context->limits, LIMIT_MEMORY, 1);
		return false;
	}
	for (enum side s = CLIENT; s <= SERVER; s++)
		if (life->half[s].closed)
			stack_close(life->stack, s, mark);
	return true;
}

static void note_first(struct connection_side *side, struct span bytes)
{
	struct span first = span_take(&bytes, sizeof side->first - side->first_len);

	if (first.len)
		memcpy(side->first + side->first_len, first.at, first.len);
	side->first_len = (uint8_t)(side->first_len + first.len);
}

/* To the stack; of bytes that nobody needs only the number. */
static void tell_stack(struct stack *stack, enum side from, struct span bytes, uint64_t len,
                       struct mark mark)
{
	while (len) {
		uint64_t some = stack_skippable(stack, from);

		if (some) {
			some = some < len ? some : len;
			stack_skip(stack, from, some, mark);
			span_take(&bytes, (size_t)some);
		} else if (bytes.len) {
			some = bytes.len;
			stack_bytes(stack, from, bytes, mark);
			bytes.len = 0;
		} else {
			some = len;
			stack_hole(stack, from, len, mark);
		}
		len -= some;
	}
}

/* What was in front is `bytes`, and the front is behind it. */
static void tell(const struct life_env *env, struct life *life, enum side from, struct span bytes,
                 uint64_t len, struct mark mark)
{
	const struct stack_tap *tap = env->context->tap;

	if (!stack_there(env, life, mark))
		return;
	if (tap)
		tap->bytes(tap->self, &life->conn, from, life->half[from].queue.front - len, bytes, len);
	else
		tell_stack(life->stack, from, bytes, len, mark);
}

void feed_here(const struct life_env *env, struct life *life, enum side from, struct span bytes,
               uint64_t len,
               struct mark mark)
{
	struct connection_side *side = &life->conn.side[from];

	life->half[from].queue.front += len;
	side->bytes += len;
	if (side->first_len < sizeof side->first)
		note_first(side, bytes);
	tell(env, life, from, bytes, len, mark);
}

static void hole(const struct life_env *env, struct life *life, enum side from, uint64_t len,
                       struct mark mark)
{
	struct connection_side *side = &life->conn.side[from];

	life->half[from].queue.front += len;
	side->holes++;
	if (!side->loss_frame)
		side->loss_frame = mark.frame;
	side->lost_bytes += len;
	limit_add(env->context->limits, LIMIT_HOLES, 1);
	if (stack_there(env, life, mark))
		stack_hole(life->stack, from, len, mark);
}

void feed_pump(const struct life_env *env, struct life *life, enum side from, struct mark mark)
{
	struct half *h = &life->half[from];
	struct piece *piece;

	while ((piece = reorder_take(&h->queue, env->waiting))) {
		struct connection_side *side = &life->conn.side[from];
		struct span bytes = { piece->bytes, piece->captured };

		side->bytes += piece->len;
		if (side->first_len < sizeof side->first)
			note_first(side, bytes);
		tell(env, life, from, bytes, piece->len, piece->mark);
		piece_free(piece);
	}
	if (h->fin && !h->closed && h->queue.front >= h->fin_offset) {
		h->closed = true;
		if (life->stack)
			stack_close(life->stack, from, mark);
	}
}

/* Nobody needs the bytes of `s`: all lie within what the stack would skip, counted from the
 * front. */
static bool unneeded(const struct life *life, enum side from, const struct segment *s)
{
	uint64_t end = s->offset + s->len - life->half[from].queue.front;

	return life->stack && stack_skippable(life->stack, from) >= end;
}

uint64_t feed_later(const struct life_env *env, struct life *life, enum side from,
                    const struct segment *s)
{
	struct half *h = &life->half[from];
	uint64_t fresh;
	struct segment segment = *s;
	struct reorder_result result;

	segment.skip = unneeded(life, from, s);
	result = reorder_push(&h->queue, env->waiting, &segment);
	fresh = result.fresh;
	while (result.full && h->queue.count) {
		limit_add(env->context->limits, LIMIT_REORDER_CEILING, 1);
		hole(env, life, from, reorder_gap(&h->queue), s->mark);
		feed_pump(env, life, from, s->mark);
		result = reorder_push(&h->queue, env->waiting, &segment);
		fresh += result.fresh;
	}
	if (result.full && s->offset >= h->queue.front) {
		limit_add(env->context->limits, LIMIT_REORDER_CEILING, 1);
		if (s->offset > h->queue.front)
			hole(env, life, from, s->offset - h->queue.front, s->mark);
		feed_here(env, life, from, s->bytes, s->len, s->mark);
		fresh += s->len;
	}
	if (result.conflict) {
		life->conn.side[from].conflicts++;
		limit_add(env->context->limits, LIMIT_CONFLICTS, 1);
	}
	return fresh;
}

/* Of a side that was never seen nothing is on its way; unless the capture has only just begun. */
static bool unseen(const struct life *life, enum side from)
{
	const struct connection *conn = &life->conn;

	return !conn->side[from].packets &&
	       (conn->client_by_syn || conn->side[side_other(from)].packets > PATIENCE_PACKETS);
}

void feed_patience(const struct life_env *env, struct life *life, enum side from, struct mark mark)
{
	struct half *h = &life->half[from];
	uint64_t gap = h->acked - h->queue.front;

	/* One number more than bytes, and nothing behind: most likely the FIN, not captured. */
	if (gap == 1 && !h->queue.count)
		return;
	if (h->gap_front != h->queue.front) {
		h->gap_front = h->queue.front;
		h->gap_time = mark.time;
		h->gap_packets = 0;
	}
	if (!unseen(life, from) && h->gap_packets++ < PATIENCE_PACKETS &&
	    life_since(h->gap_time, mark.time) < PATIENCE)
		return;
	if (h->queue.count && reorder_gap(&h->queue) < gap)
		gap = reorder_gap(&h->queue);
	if (gap)
		hole(env, life, from, gap, mark);
	feed_pump(env, life, from, mark);
}

void feed_flush(const struct life_env *env, struct life *life, enum side from, struct mark mark)
{
	struct half *h = &life->half[from];
	uint64_t end;

	feed_pump(env, life, from, mark);
	while (h->queue.count) {
		hole(env, life, from, reorder_gap(&h->queue), mark);
		feed_pump(env, life, from, mark);
	}
	end = h->fin ? h->fin_offset : h->acked;
	if (end > h->queue.front && (h->fin || end - h->queue.front > 1))
		hole(env, life, from, end - h->queue.front, mark);
	feed_pump(env, life, from, mark);
}

void feed_jump(const struct life_env *env, struct life *life, enum side from, uint64_t offset,
               struct mark mark)
{
	struct half *h = &life->half[from];

	feed_flush(env, life, from, mark);
	if (offset > h->queue.front)
		hole(env, life, from, offset - h->queue.front, mark);
	h->acked = h->high = h->queue.front;
}
