/* tests/test_dnsstream.c - DNS over TCP: whole, byte by byte, cut everywhere, with holes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "decoders/layer.h"
#include "decoders/lookups.h"
#include "tests/frame_text.h"
#include "tests/trial.h"
#undef skip                             /* a layer has one, too */

#define QUESTION "0018 0001 0100 0001 0000 0000 0000 06777375733031 00 0001 0001"
#define ANSWER                                                             \
	"0028 0001 8180 0001 0001 0000 0000 06777375733031 00 0001 0001"   \
	"c00c 0001 0001 0000003c 0004 c633640a"

struct talk {
	struct budget budget;
	struct limits limits;
	struct fact_sink sink;
	struct lookups *lookups;
	struct stack_context context;
	struct connection conn;
	struct stack *stack;
	unsigned answered, unanswered;
};

static const struct mark mark = { 7, 1000 * MOMENT_S };

static void take(void *self, const struct fact *fact)
{
	struct talk *t = self;

	assert_int_equal(fact->kind, FACT_LOOKUP);
	assert_true(fact->lookup->over_tcp);
	assert_string_equal(fact->lookup->name, "wsus01");
	if (fact->lookup->answered)
		assert_int_equal(fact->lookup->answer_count, 1);
	t->answered += fact->lookup->answered;
	t->unanswered += !fact->lookup->answered;
}

static void begin(struct talk *t)
{
	*t = (struct talk){ .budget = { .ceiling = 1 << 20 }, .sink = { t, take } };
	t->conn = connection_at("192.0.2.50", "192.0.2.254:53", 10);
	t->lookups = lookups_new(&t->sink, &t->limits, &t->budget);
	t->context = (struct stack_context){ .sink = &t->sink, .limits = &t->limits, .budget = &t->budget,
		                             .lookups = t->lookups };
	t->stack = stack_new(&t->context, &(struct stack_place){ .conn = &t->conn });
}

/* Ends it: so many lookups must have been answered, and so many not. */
static void over(struct talk *t, unsigned answered, unsigned unanswered)
{
	stack_end(t->stack, STACK_END_FIN, mark);
	stack_free(t->stack);
	lookups_end(t->lookups);
	lookups_free(t->lookups);
	assert_int_equal(t->answered, answered);
	assert_int_equal(t->unanswered, unanswered);
	assert_int_equal(t->budget.used, 0);
}

static void say(struct talk *t, enum side from, const char *hex, size_t piece)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct span all = span_of(bytes, frame_bytes(hex, bytes));

	while (all.len)
		stack_bytes(t->stack, from, span_take(&all, piece), mark);
}

static void reads_messages_in_any_pieces(void **unused)
{
	(void)unused;
	for (size_t piece = 1; piece < 50; piece++) {
		struct talk t;

		begin(&t);
		say(&t, CLIENT, QUESTION, piece);
		say(&t, SERVER, ANSWER, piece);
		over(&t, 1, 0);
	}
}

static void reads_several(void **unused)
{
	struct talk t;

	(void)unused;
	begin(&t);
	say(&t, CLIENT, QUESTION QUESTION, SIZE_MAX);
	say(&t, SERVER, ANSWER ANSWER, SIZE_MAX);
	say(&t, CLIENT, "0000" QUESTION, SIZE_MAX);
	over(&t, 1, 1);
}

static void leaves_a_side_with_a_hole(void **unused)
{
	struct talk t;

	(void)unused;
	begin(&t);
	say(&t, CLIENT, QUESTION, SIZE_MAX);
	stack_hole(t.stack, SERVER, 10, mark);
	say(&t, SERVER, ANSWER, SIZE_MAX);
	assert_int_equal(stack_skippable(t.stack, SERVER), UINT64_MAX);
	over(&t, 0, 1);
}

static void waits_for_long_messages(void **unused)
{
	uint8_t zeros[4096] = { 0 };
	struct talk t;

	(void)unused;
	begin(&t);
	say(&t, CLIENT, "ffff", SIZE_MAX);
	for (size_t i = 0; i < 15; i++)
		stack_bytes(t.stack, CLIENT, span_of(zeros, sizeof zeros), mark);
	assert_true(t.budget.used > 15 * sizeof zeros);
	stack_bytes(t.stack, CLIENT, span_of(zeros, 4095), mark);
	say(&t, CLIENT, QUESTION, SIZE_MAX);
	over(&t, 0, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_messages_in_any_pieces),
		cmocka_unit_test(reads_several),
		cmocka_unit_test(leaves_a_side_with_a_hole),
		cmocka_unit_test(waits_for_long_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
