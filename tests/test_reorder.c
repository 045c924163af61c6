/* tests/test_reorder.c - segments by offset, whatever their order and overlap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "decoders/reorder.h"

/* A push of `text` at `offset` (one that starts with '-' is skipped: only its length counts). */
struct push {
	uint64_t offset;
	const char *text;
};

static const struct row {
	const char *name;
	struct push pushes[6];
	const char *want;               /* what comes out: text, gaps as <n>, skipped as {n} */
	uint64_t fresh;
	unsigned conflicts;
} rows[] = {
	{ "backwards", { { 4, "ef" }, { 2, "cd" }, { 0, "ab" } }, "abcdef", 6, 0 },
	{ "twice", { { 2, "cd" }, { 2, "cd" } }, "<2>cd", 2, 0 },
	{ "inside", { { 2, "cdefg" }, { 3, "de" } }, "<2>cdefg", 5, 0 },
	{ "around", { { 3, "d" }, { 5, "f" }, { 1, "bcdefgh" } }, "<1>bcdefgh", 7, 0 },
	{ "the first copy stays", { { 3, "d" }, { 1, "bcXe" } }, "<1>bcde", 4, 1 },
	{ "overlap at the front", { { 2, "cde" }, { 4, "efg" } }, "<2>cdefg", 5, 0 },
	{ "overlap at the back", { { 4, "efg" }, { 2, "cde" } }, "<2>cdefg", 5, 0 },
	{ "gaps stay", { { 1, "b" }, { 3, "d" }, { 5, "f" } }, "<1>b<1>d<1>f", 3, 0 },
	{ "skipped ranges grow together", { { 2, "--" }, { 4, "--" }, { 6, "gh" } }, "<2>{4}gh", 6, 0 },
	{ "skipped bytes never disagree", { { 2, "--" }, { 2, "XY" } }, "<2>{2}", 2, 0 },
};

static struct segment segment_of(const struct push *push)
{
	struct span bytes = span_text(push->text);

	return (struct segment){ push->offset, bytes.len, bytes, *push->text == '-', { 1, 1 } };
}

static void drain(struct reorder *r, struct budget *budget, char *out, size_t room)
{
	size_t at = 0;

	while (r->count) {
		struct piece *piece = reorder_take(r, budget);

		if (!piece) {
			at += (size_t)snprintf(out + at, room - at, "<%d>", (int)reorder_gap(r));
			r->front += reorder_gap(r);
			continue;
		}
		if (piece->skipped)
			at += (size_t)snprintf(out + at, room - at, "{%d}", (int)piece->len);
		else
			at += (size_t)snprintf(out + at, room - at, "%.*s", (int)piece->captured,
			                       (const char *)piece->bytes);
		piece_free(piece);
	}
}

static void comes_out_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct budget budget = { .ceiling = 4096 };
		struct reorder r = { 0 };
		uint64_t fresh = 0;
		unsigned conflicts = 0;
		char out[128] = "";

		for (const struct push *push = rows[i].pushes; push->text; push++) {
			struct segment s = segment_of(push);
			struct reorder_result result = reorder_push(&r, &budget, &s);

			fresh += result.fresh;
			conflicts += result.conflict;
			assert_false(result.full);
		}
		drain(&r, &budget, out, sizeof out);
		assert_string_equal(out, rows[i].want);
		assert_int_equal(fresh, rows[i].fresh);
		assert_int_equal(conflicts, rows[i].conflicts);
		assert_int_equal(budget.used, 0);
		assert_int_equal(r.size, 0);
	}
}

/* A sequence that is the same everywhere. */
static uint32_t next_random(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(*seed >> 33) % below;
}

enum { STREAM = 400, PUSHES = 300, LONGEST = 12 };

struct model {                          /* the same, a byte at a time */
	char bytes[STREAM + LONGEST];   /* 0: not there yet */
	uint64_t front;
};

static uint64_t model_push(struct model *m, const struct segment *s)
{
	uint64_t fresh = 0;

	for (uint64_t i = 0; i < s->len; i++) {
		char *at = &m->bytes[s->offset + i];

		if (*at || s->offset + i < m->front)
			continue;
		*at = (char)s->bytes.at[i];
		fresh++;
	}
	return fresh;
}

static void take_both(struct reorder *r, struct budget *budget, struct model *m)
{
	struct piece *piece;

	while ((piece = reorder_take(r, budget))) {
		assert_memory_equal(piece->bytes, m->bytes + m->front, piece->len);
		m->front += piece->len;
		piece_free(piece);
	}
	assert_int_equal(m->bytes[m->front], 0);
	assert_int_equal(r->front, m->front);
}

static void any_pushes_give_what_a_model_gives(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct budget budget = { .ceiling = SIZE_MAX };
		struct reorder r = { 0 };
		struct model m = { 0 };

		for (unsigned i = 0; i < PUSHES; i++) {
			uint8_t text[LONGEST];
			struct segment s = {
				.offset = next_random(&seed, STREAM),
				.len = 1 + next_random(&seed, LONGEST),
			};

			s.bytes = span_of(text, s.len);
			memset(text, 'a' + (int)(i % 26), sizeof text);
			assert_int_equal(reorder_push(&r, &budget, &s).fresh, model_push(&m, &s));
			if (!next_random(&seed, 20))
				take_both(&r, &budget, &m);
		}
		take_both(&r, &budget, &m);
		reorder_release(&r, &budget);
		assert_int_equal(budget.used, 0);
		assert_int_equal(r.size, 0);
	}
}

static void below_the_front_is_dropped(void **state)
{
	struct budget budget = { .ceiling = 4096 };
	struct reorder r = { .front = 3 };
	struct segment s = segment_of(&(struct push){ 1, "bcde" });
	char out[16] = "";

	(void)state;
	assert_int_equal(reorder_push(&r, &budget, &s).fresh, 2);
	drain(&r, &budget, out, sizeof out);
	assert_string_equal(out, "de");
}

static void a_cut_segment_keeps_its_length(void **state)
{
	struct budget budget = { .ceiling = 4096 };
	struct reorder r = { 0 };
	struct segment s = { 0, 10, SPAN("abc"), false, { 1, 1 } };
	struct piece *piece;

	(void)state;
	reorder_push(&r, &budget, &s);
	piece = reorder_take(&r, &budget);
	assert_non_null(piece);
	assert_int_equal(piece->len, 10);
	assert_int_equal(piece->captured, 3);
	assert_int_equal(r.front, 10);
	piece_free(piece);
}

static void ceilings_hold(void **state)
{
	struct segment const far = { 100000, 1, SPAN_LIT("x"), false, { 1, 1 } };
	struct budget budget = { .ceiling = SIZE_MAX };
	struct reorder r = { 0 };

	(void)state;
	for (uint64_t i = 0; i < REORDER_PIECES_MAX; i++) {
		struct segment s = { 1 + 2 * i, 1, SPAN("x"), false, { 1, 1 } };

		assert_false(reorder_push(&r, &budget, &s).full);
	}
	assert_true(reorder_push(&r, &budget, &far).full);
	assert_int_equal(r.count, REORDER_PIECES_MAX);
	reorder_release(&r, &budget);
	assert_int_equal(budget.used, 0);
	budget.ceiling = 10;
	assert_true(reorder_push(&r, &budget, &far).full);
	assert_null(r.slots);
}

/* Three times as many as are kept apart, of a byte each. */
static void small_ones_that_touch_are_joined(void **state)
{
	enum { BYTES = 3 * REORDER_PIECES_MAX };
	struct budget budget = { .ceiling = SIZE_MAX };
	struct reorder r = { 0 };
	struct piece *piece;
	uint64_t last = 0;

	(void)state;
	for (uint64_t i = 1; i <= BYTES; i++) {
		struct segment s = { i, 1, span_of(&(uint8_t){ (uint8_t)(i % 251) }, 1), false, { i, 1 } };

		assert_false(reorder_push(&r, &budget, &s).full);
		assert_int_equal(reorder_push(&r, &budget, &s).fresh, 0);
	}
	assert_in_range(r.count, 1, REORDER_PIECES_MAX - 1);
	r.front = 1;
	while ((piece = reorder_take(&r, &budget))) {
		assert_int_equal(piece->captured, piece->len);
		for (uint64_t i = 0; i < piece->len; i++)
			assert_int_equal(piece->bytes[i], (last + 1 + i) % 251);
		last += piece->len;
		assert_int_equal(piece->mark.frame, last);
		piece_free(piece);
	}
	assert_int_equal(last, BYTES);
	assert_int_equal(budget.used, 0);
}

static void a_cut_drops_what_is_behind(void **state)
{
	struct budget budget = { .ceiling = 4096 };
	struct reorder r = { 0 };
	char out[16] = "";

	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		struct segment s = { 1 + 2 * i, 1, SPAN("x"), false, { 1, 1 } };

		reorder_push(&r, &budget, &s);
	}
	reorder_cut(&r, &budget, 3);
	drain(&r, &budget, out, sizeof out);
	assert_string_equal(out, "<1>x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_out_in_order),
		cmocka_unit_test(any_pushes_give_what_a_model_gives),
		cmocka_unit_test(below_the_front_is_dropped),
		cmocka_unit_test(a_cut_segment_keeps_its_length),
		cmocka_unit_test(ceilings_hold),
		cmocka_unit_test(small_ones_that_touch_are_joined),
		cmocka_unit_test(a_cut_drops_what_is_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
