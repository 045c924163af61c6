/* facts/connection.c - names of outcomes, ends and reasons. */
#include "facts/connection.h"

const char *connection_outcome_name(enum connection_outcome o)
{
#define X(symbol, name) [CONNECTION_##symbol] = name,
	static const char *const names[] = { CONNECTION_OUTCOMES(X) };
#undef X
	return names[o];
}

const char *connection_closed_name(enum connection_closed c)
{
#define X(symbol, name) [CONNECTION_##symbol] = name,
	static const char *const names[] = { CONNECTION_ENDS(X) };
#undef X
	return names[c];
}

const char *reset_reason_text(enum reset_reason r)
{
#define X(symbol, points, text) [RESET_##symbol] = text,
	static const char *const texts[] = { RESET_REASONS(X) };
#undef X
	return texts[r];
}
