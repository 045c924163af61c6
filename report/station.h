/* report/station.h - where on the way from a client to the update service a finding lies. */
#ifndef REPORT_STATION_H
#define REPORT_STATION_H

#include "report/report.h"

/* In the order of the way.  X(symbol, name) */
#define STATIONS(X)                             \
	X(CLIENT,   N_("Client"))               \
	X(NAMES,    N_("DNS"))                  \
	X(FIREWALL, N_("Firewall"))             \
	X(PROXY,    N_("Proxy"))                \
	X(TLS,      N_("TLS"))                  \
	X(IIS,      N_("IIS"))                  \
	X(WSUS,     N_("WSUS"))

#define X(symbol, name) STATION_##symbol,
enum station { STATIONS(X) STATION_COUNT };
#undef X

/* What is known of one, the worst last. */
enum station_state { STATION_UNSEEN, STATION_PASSED, STATION_TROUBLED, STATION_BROKEN };

struct station_seen {
	enum station_state state;
	const struct finding *worst;    /* from a warning on; NULL: no finding tells of it */
	unsigned troubles;              /* findings from a warning on, equal ones of several clients once */
};

const char *station_name(enum station s);

/* Where that trouble lies: by its kind, and at the proxy where one was on the way. */
enum station station_of(const struct finding *n);

/* Where a client that gets no further than that rung is stopped. */
enum station station_of_rung(enum rung_name rung);

/* Fills all; one of them at most is broken: the gravest finding's, else where the first client stopped. */
void stations_read(struct station_seen seen[static STATION_COUNT], const struct report *r);

#endif
