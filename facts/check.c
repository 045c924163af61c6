/* facts/check.c - names of rungs, states and troubles. */
#include "facts/check.h"

const char *check_rung_name(enum check_rung rung)
{
	static const char *const names[] = {
#define X(symbol, name) [CHECK_##symbol] = name,
		CHECK_RUNGS(X)
#undef X
	};

	return names[rung];
}

const char *check_state_name(enum check_state state)
{
	static const char *const names[] = {
#define X(symbol, name) [CHECK_##symbol] = name,
		CHECK_STATES(X)
#undef X
	};

	return names[state];
}

const char *check_trouble_text(enum check_trouble trouble)
{
	static const char *const texts[] = {
#define X(symbol, text) [CHECK_##symbol] = text,
		CHECK_TROUBLES(X)
#undef X
	};

	return texts[trouble];
}
