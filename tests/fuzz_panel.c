/* tests/fuzz_panel.c - whatever exchanges a stranger stages, the panel judges them and ends.
 *
 * Input: lines as in tests/exchanges.h, one exchange each.
 */
#include "analyzers/analyzer.h"
#include "tests/exchanges.h"

enum { ARENA_MAX = 1 << 22 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void state_line(struct panel *panel, struct arena *arena, struct span line, size_t number)
{
	const char *text = arena_text(arena, line);
	struct fact fact = { .kind = FACT_EXCHANGE, .time = (int64_t)number * MOMENT_S };

	fact.exchange = text ? exchange_of(arena, text, number, fact.time) : NULL;
	if (fact.exchange)
		panel_fact(panel, &fact);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct relevance_options options = { .all = true };
	struct limits limits = { { 0 } };
	struct panel *panel = panel_new(&options, &limits, NULL);
	struct span script = span_of(bytes, len);
	struct arena arena;
	size_t number = 1;

	arena_init(&arena, ARENA_MAX);
	for (; panel && script.len && number < 200; number++)
		state_line(panel, &arena, span_split(&script, '\n'), number);
	if (panel)
		panel_end(panel, (int64_t)number * MOMENT_S, false, NULL);
	panel_free(panel);
	arena_release(&arena);
	return 0;
}
