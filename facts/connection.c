/* facts/connection.c - who closed, and names of outcomes, ends and reasons. */
#include "facts/connection.h"

bool connection_closed_by(const struct connection *c, enum side by)
{
	uint64_t fin = c->side[by].fin_frame, other = c->side[side_other(by)].fin_frame;
	bool reset = by == SERVER ? c->closed == CONNECTION_RESET_BY_SERVER ||
	                                    c->closed == CONNECTION_RESET_BY_MIDDLEBOX
	                          : c->closed == CONNECTION_RESET_BY_CLIENT;

	if (reset && !other)
		return true;
	if (c->side[by].fin_unseen || c->side[side_other(by)].fin_unseen)
		return c->side[by].fin_unseen;
	return fin && (!other || fin < other);
}

bool connection_failed(const struct connection *c)
{
	switch (c->outcome) {
	case CONNECTION_REFUSED:
	case CONNECTION_REJECTED:
		return true;
	case CONNECTION_UNANSWERED:
		return !c->one_sided && c->syn_count > 1;
	case CONNECTION_ESTABLISHED:
	case CONNECTION_MIDSTREAM:
		break;
	}
	return false;
}

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
