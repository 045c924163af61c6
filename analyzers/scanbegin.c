/* analyzers/scanbegin.c - where one scan ends and the next begins.
 *
 * What joins calls, the surest first: the base of MS-CV, which all calls of one operation share (clients send
 * it to client.asmx, not with logins and reports); the cookie, which each answer replaces; the connection.
 * What parts them: a gap; another base where the order of MS-WUSP 3.1.5 does not simply go on; without
 * bases a call that stands at the beginning of that order behind one that stands at its end.
 */
#include "analyzers/rungs.h"
#include "analyzers/scanlive.h"
#include "base/hash.h"
#include "facts/wsus.h"

#define CLIENT_GAP (300 * MOMENT_S)
#define SERVER_GAP (1800 * MOMENT_S)
#define BESIDE_GAP (60 * MOMENT_S)

int64_t scan_gap(enum climber c)
{
	return c == CLIMBER_CLIENT ? CLIENT_GAP : SERVER_GAP;
}

static uint64_t vector_of(const struct exchange *x)
{
	struct span vector = http_header(&x->request, SPAN("MS-CV"));
	struct span base = span_split(&vector, '.');

	return base.len ? hash_bytes(hash_key(), base) | 1 : 0;
}

/* The cookie that the request carries. */
static uint64_t cookie_of(const struct wsus_call *said)
{
	static const enum wsus_field fields[] = {
		FIELD_SYNC_COOKIE, FIELD_EXTENDED_COOKIE, FIELD_REFRESH_COOKIE, FIELD_REGISTER_COOKIE,
		FIELD_REPORT_COOKIE, FIELD_COOKIE_OLD,
	};

	for (size_t i = 0; said && i < sizeof fields / sizeof *fields; i++) {
		const struct wsus_value *v = wsus_value(said, fields[i]);

		if (v && v->number > 0)
			return v->hash | 1;
	}
	return 0;
}

struct call_marks call_marks_of(const struct exchange *x)
{
	const struct wsus_call *said = x->soap ? x->soap->values : NULL;
	struct call_marks m = { .method = wsus_exchange_method(x), .rung = rung_of_exchange(x),
		                .time = x->request.first_time, .stream = x->conn->id };

	m.vector = vector_of(x);
	m.cookie = cookie_of(said);
	m.drivers_told = said && wsus_value(said, FIELD_SKIP_SOFTWARE);
	m.drivers = wsus_number(said, FIELD_SKIP_SOFTWARE, 0) != 0;
	return m;
}

bool scan_is_followed_by(const struct call_marks *m)
{
	if (m->method == METHOD_REPORT_EVENT_BATCH || m->method == METHOD_REPORT_EVENT_BATCH2)
		return true;
	return m->rung == RUNG_CONTENT && m->method == METHOD_UNKNOWN;
}

/* A step further up: such a call continues, whoever counts the vectors. */
static bool climbs_on(const struct live *l, const struct call_marks *m)
{
	if (l->last == METHOD_UNKNOWN || m->method == METHOD_UNKNOWN)
		return true;
	return m->rung > rung_of_method(l->last) ||
	       (m->method == METHOD_SYNC_UPDATES &&
	        (l->last == METHOD_START_CATEGORY_SCAN || l->last == METHOD_REFRESH_CACHE));
}

/* By the order of calls alone. */
static bool starts_over(const struct live *l, const struct call_marks *m)
{
	bool synced = l->last != METHOD_UNKNOWN && rung_of_method(l->last) >= RUNG_SYNC;

	if (m->rung == RUNG_SELFUPDATE)
		return l->last != METHOD_UNKNOWN;
	if (!l->last_worked || !synced || l->last == METHOD_REFRESH_CACHE)
		return false;
	if (m->method == METHOD_SYNC_UPDATES)
		return rung_of_method(l->last) == RUNG_DETAILS ||
		       (l->drivers_asked && m->drivers_told && !m->drivers);
	if (m->method == METHOD_START_CATEGORY_SCAN)
		return l->last != METHOD_START_CATEGORY_SCAN;
	return m->rung <= RUNG_COOKIE;
}

bool scan_begins_anew(const struct live *l, const struct call_marks *m)
{
	if (m->time - l->scan.last > scan_gap(l->scan.climber))
		return true;
	if (l->scan.climber == CLIMBER_CONSOLE)
		return false;
	/* GetConfigData follows the cookie. */
	if (l->scan.climber == CLIMBER_DOWNSTREAM)
		return m->method == METHOD_DSS_GET_AUTH_CONFIG && starts_over(l, m);
	if (m->vector && l->vector)
		return m->vector != l->vector && m->rung < RUNG_DETAILS && !climbs_on(l, m);
	return starts_over(l, m);
}

bool scan_goes_on_beside(const struct live *l, const struct call_marks *m)
{
	return l->scan.stream != m->stream && l->scan.due != RUNG_COUNT &&
	       m->time - l->scan.last < BESIDE_GAP;
}
